package io.parley.networks;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The normal form of an identifier as the code of Segment's destinations makes it, with its
/// peculiarities: hashes that were sent through Segment are met again only with these.
final class SegmentRule {

  private static final Pattern SPACES = Pattern.compile("\\s+");
  private static final Pattern NO_DIGITS = Pattern.compile("[^0-9]+");
  private static final Pattern LEADING_ZEROS = Pattern.compile("^0+");
  private static final Pattern TAG = Pattern.compile("\\+.*@");
  private static final Pattern DOTS = Pattern.compile("\\.(?=.*@)");
  private static final Pattern GMAIL = Pattern.compile(".*@(gmail|googlemail)\\.com");

  /// The plus sign included, so that a number of 15 digits loses its last.
  private static final int LONGEST_TIKTOK_PHONE = 15;

  private SegmentRule() {}

  static Optional<String> email(Network network, String written) {
    String lower = written.toLowerCase(Locale.ROOT);
    return filled(
        switch (network) {
          case META_CONVERSIONS -> SPACES.matcher(lower).replaceAll("");
          case META_AUDIENCES -> lower.strip();
          case TIKTOK_EVENTS -> lower;
          case TIKTOK_AUDIENCES ->
              DOTS.matcher(TAG.matcher(lower).replaceFirst("@")).replaceAll("");
          case GOOGLE -> withoutTheFirstDot(lower.strip());
        });
  }

  static Optional<String> phone(Network network, String written) {
    String digits = NO_DIGITS.matcher(written).replaceAll("");
    if (digits.isEmpty()) {
      return Optional.empty();
    }
    return filled(
        switch (network) {
          case META_CONVERSIONS -> digits;
          case META_AUDIENCES -> LEADING_ZEROS.matcher(digits).replaceFirst("");
          case TIKTOK_EVENTS -> shortened("+" + digits);
          case TIKTOK_AUDIENCES -> written;
          case GOOGLE -> digits.startsWith("1") ? "+" + digits : "+1" + digits;
        });
  }

  static Optional<String> externalId(Network network, String written) {
    String lower = written.toLowerCase(Locale.ROOT);
    return switch (network) {
      case META_CONVERSIONS -> filled(SPACES.matcher(lower).replaceAll(""));
      case TIKTOK_EVENTS -> filled(lower);
      case META_AUDIENCES, TIKTOK_AUDIENCES, GOOGLE -> Optional.empty();
    };
  }

  private static String withoutTheFirstDot(String email) {
    int dot = email.indexOf('.');
    return GMAIL.matcher(email).matches() && dot < email.indexOf('@')
        ? email.substring(0, dot) + email.substring(dot + 1)
        : email;
  }

  private static String shortened(String phone) {
    return phone.substring(0, Math.min(phone.length(), LONGEST_TIKTOK_PHONE));
  }

  private static Optional<String> filled(String text) {
    return text.isBlank() ? Optional.empty() : Optional.of(text);
  }
}
