package io.parley.calls;

import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Values;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An answer as it came over the wire.
///
/// @param headers by lower-case name
/// @param body text in ISO 8859-1, one character a byte
public record CallAnswer(int status, Map<String, String> headers, String body) {

  /// Source: Studio's documentation, limits of make-http-request: 64 kB.
  public static final int MAX_BODY_BYTES = 64 * 1024;

  private static final int MAX_HEADERS = 32;
  private static final int MAX_HEADER_LENGTH = 1_000;

  /// Those that a flow can do something with. Cookies are for nobody to keep.
  private static final Pattern USEFUL =
      Pattern.compile("x-.+|location|retry-after|etag|last-modified|content-language|link");

  private static final Pattern CHARSET =
      Pattern.compile("charset\\s*=\\s*\"?([^\\s;\"]+)", Pattern.CASE_INSENSITIVE);

  public CallAnswer {
    headers = Map.copyOf(headers);
  }

  /// Whether the host works, whatever it thinks of the request.
  public boolean tellsOfHealth() {
    return status < 500 || status == 501;
  }

  public Event.CallAnswered to(EffectId call) {
    String contentType = headers.getOrDefault("content-type", "");
    byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
    return new Event.CallAnswered(
        call, status, contentType, new String(bytes, charset(contentType)), useful());
  }

  private Values useful() {
    Values useful = Values.EMPTY;
    for (String name :
        headers.keySet().stream()
            .filter(it -> USEFUL.matcher(it.toLowerCase(Locale.ROOT)).matches())
            .sorted()
            .limit(MAX_HEADERS)
            .toList()) {
      String value = headers.getOrDefault(name, "");
      useful = useful.with(name, value.substring(0, Math.min(value.length(), MAX_HEADER_LENGTH)));
    }
    return useful;
  }

  /// UTF-8 where the type names none, or one that nobody knows.
  private static Charset charset(String contentType) {
    Matcher matcher = CHARSET.matcher(contentType);
    try {
      return matcher.find() ? Charset.forName(matcher.group(1)) : StandardCharsets.UTF_8;
    } catch (IllegalArgumentException _) {
      return StandardCharsets.UTF_8;
    }
  }
}
