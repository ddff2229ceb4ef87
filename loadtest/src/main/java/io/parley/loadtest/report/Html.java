package io.parley.loadtest.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;

/// A page that stands alone: its one style and its one script are in it and are all that it may
/// run, and it may ask nobody for anything.
final class Html {

  private Html() {}

  /// @param body as HTML
  static String page(String title, String body) {
    String style = resource("report.css");
    String script = resource("report.js");
    return """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
        style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="referrer" content="no-referrer">
        <title>%s</title>
        <link rel="icon" href="data:,">
        <style>%s</style>
        </head>
        <body>
        %s
        <script>%s</script>
        </body>
        </html>
        """
        .formatted(hash(style), hash(script), text(title), style, body, script);
  }

  /// Any text as HTML, in attributes with double quotes too.
  static String text(String any) {
    StringBuilder safe = new StringBuilder(any.length() + 16);
    any.codePoints()
        .forEach(
            point -> {
              switch (point) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                case '\n', '\t' -> safe.appendCodePoint(point);
                default -> safe.appendCodePoint(isShown(point) ? point : 0xFFFD);
              }
            });
    return safe.toString();
  }

  /// No control characters, which HTML forbids, and none that turn the reading direction around.
  private static boolean isShown(int point) {
    boolean turns = (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
    return !Character.isISOControl(point) && !turns && !(point >= 0xD800 && point <= 0xDFFF);
  }

  private static String hash(String inline) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(inline.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = Objects.requireNonNull(Html.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
