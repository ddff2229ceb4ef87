package io.parley.networks;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The normal form of an identifier by each network's own pages, which NETWORKS.md names.
final class NetworkRule {

  private static final Pattern SPACES = Pattern.compile("[\\s\\p{Z}]+");
  private static final Pattern EMAIL = Pattern.compile("[^@\\s\\p{Z}]+@[^@\\s\\p{Z}]+");
  private static final Set<String> GMAIL = Set.of("gmail.com", "googlemail.com");

  /// A country code and the number after it, however it is grouped.
  private static final Pattern INTERNATIONAL =
      Pattern.compile("(?:whatsapp:)?\\s*(?:\\+|00)([0-9\\s\\p{Z}()./-]+)");

  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{6,14}");

  private NetworkRule() {}

  static Optional<String> email(Network network, String written) {
    String lower = written.toLowerCase(Locale.ROOT);
    String normal =
        switch (network) {
          case META_CONVERSIONS, META_AUDIENCES -> lower.strip();
          case TIKTOK_EVENTS -> bare(lower);
          case TIKTOK_AUDIENCES -> withoutTag(bare(lower));
          case GOOGLE -> withoutGmailVariety(bare(lower));
        };
    return Optional.of(normal).filter(it -> EMAIL.matcher(it).matches());
  }

  static Optional<String> phone(Network network, String written) {
    Optional<String> digits = digits(written);
    return switch (network) {
      case META_CONVERSIONS, META_AUDIENCES, TIKTOK_AUDIENCES -> digits;
      case TIKTOK_EVENTS, GOOGLE -> digits.map("+"::concat);
    };
  }

  static Optional<String> externalId(Network network, String written) {
    return switch (network) {
      case META_CONVERSIONS, TIKTOK_EVENTS ->
          Optional.of(written.strip().toLowerCase(Locale.ROOT)).filter(it -> !it.isEmpty());
      case META_AUDIENCES, TIKTOK_AUDIENCES, GOOGLE -> Optional.empty();
    };
  }

  /// Country code and number; empty where there is no country code.
  private static Optional<String> digits(String written) {
    var form = INTERNATIONAL.matcher(written.strip());
    return form.matches()
        ? Optional.of(form.group(1).replaceAll("[^0-9]", ""))
            .filter(it -> NUMBER.matcher(it).matches())
        : Optional.empty();
  }

  private static String bare(String text) {
    return SPACES.matcher(text).replaceAll("");
  }

  private static String withoutTag(String email) {
    int at = email.lastIndexOf('@');
    int plus = email.indexOf('+');
    return plus >= 0 && plus < at ? email.substring(0, plus) + email.substring(at) : email;
  }

  /// Google delivers to one mailbox whatever dots and tags an address of its own has.
  private static String withoutGmailVariety(String email) {
    int at = email.lastIndexOf('@');
    if (at < 0 || !GMAIL.contains(email.substring(at + 1))) {
      return email;
    }
    String untagged = withoutTag(email);
    int end = untagged.lastIndexOf('@');
    return untagged.substring(0, end).replace(".", "") + untagged.substring(end);
  }
}
