package io.parley.engine;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An http or https url in a text, as a reader sees it: without the punctuation that ends the
/// sentence, and without a bracket that was opened before it.
///
/// @param end behind its last character
/// @param target the url in ASCII: a host in Punycode, other characters percent-encoded
record FoundUrl(int start, int end, String target) {

  /// Begins behind anything but a letter of its own alphabet; ends at white space, quotes, pictures
  /// and the punctuation of scripts that set no space.
  private static final Pattern CANDIDATE =
      Pattern.compile("(?i)(?<![a-z0-9])https?://[^\\p{Z}\\p{C}\\p{So}<>\"“”„«»`、。，！？；：（）]+");

  private static final String SENTENCE_ENDS = ".,;:!?'’‘*~…|";
  private static final String CLOSING = ")]}";
  private static final String OPENING = "([{";
  private static final Pattern AUTHORITY = Pattern.compile("(?i)(https?://)([^/?#]*)(.*)");

  /// What stands unescaped in a url (RFC 3986, 2.2 and 2.3), without brackets.
  private static final Pattern PLAIN = Pattern.compile("[\\w\\-.~:/?#@!$&'()*+,;=]");

  private static final Pattern ESCAPED = Pattern.compile("%[0-9A-Fa-f]{2}");

  /// The urls of a text that can be followed, in their order.
  static List<FoundUrl> allIn(String text) {
    List<FoundUrl> found = new ArrayList<>();
    Matcher matcher = CANDIDATE.matcher(text);
    while (matcher.find()) {
      int start = matcher.start();
      int end = start + trimmed(matcher.group(), start > 0 && text.charAt(start - 1) == '_');
      target(text.substring(start, end))
          .ifPresent(target -> found.add(new FoundUrl(start, end, target)));
    }
    return found;
  }

  /// How much of a candidate is the url.
  ///
  /// @param emphasised whether it stands between underscores, as WhatsApp marks what is in italics
  private static int trimmed(String candidate, boolean emphasised) {
    int end = candidate.length();
    while (end > 0) {
      char last = candidate.charAt(end - 1);
      boolean outside =
          SENTENCE_ENDS.indexOf(last) >= 0
              || (emphasised && last == '_')
              || closesNothing(candidate.substring(0, end), last);
      if (!outside) {
        return end;
      }
      end--;
    }
    return end;
  }

  private static boolean closesNothing(String candidate, char last) {
    int bracket = CLOSING.indexOf(last);
    return bracket >= 0 && count(candidate, last) > count(candidate, OPENING.charAt(bracket));
  }

  private static long count(String text, char character) {
    return text.chars().filter(c -> c == character).count();
  }

  private static Optional<String> target(String url) {
    Matcher parts = AUTHORITY.matcher(url);
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      String authority = parts.group(2);
      String host = isAscii(authority) ? authority : IDN.toASCII(authority, IDN.ALLOW_UNASSIGNED);
      String target = parts.group(1) + host + escaped(parts.group(3));
      return new URI(target).getHost() == null ? Optional.empty() : Optional.of(target);
    } catch (URISyntaxException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 128);
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            point -> {
              String character = Character.toString(point);
              boolean plain = PLAIN.matcher(character).matches() || point == '%';
              escaped.append(plain ? character : percent(character));
            });
    return lonePercentsEscaped(escaped.toString());
  }

  private static String percent(String character) {
    StringBuilder escaped = new StringBuilder();
    for (byte octet : character.getBytes(StandardCharsets.UTF_8)) {
      escaped.append(String.format("%%%02X", octet & 0xff));
    }
    return escaped.toString();
  }

  private static String lonePercentsEscaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      boolean lone =
          text.charAt(i) == '%'
              && !ESCAPED.matcher(text.substring(i, Math.min(text.length(), i + 3))).matches();
      escaped.append(lone ? "%25" : String.valueOf(text.charAt(i)));
    }
    return escaped.toString();
  }
}
