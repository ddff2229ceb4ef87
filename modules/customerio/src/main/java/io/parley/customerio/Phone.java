package io.parley.customerio;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.ValidationResult;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;

/// A phone number as people write it, read into E.164.
public sealed interface Phone {

  String WHATSAPP_PREFIX = "whatsapp:";

  /// A number that can be in use.
  record Usable(String e164) implements Phone {}

  /// @param why reads on from the number's place: `has too few digits`; never the number itself
  record Unusable(String why) implements Phone {}

  static String withoutPrefix(String address) {
    return address.startsWith(WHATSAPP_PREFIX)
        ? address.substring(WHATSAPP_PREFIX.length())
        : address;
  }

  /// Whether a text has the form of a number as it is dialled from anywhere.
  static boolean isE164(String number) {
    return number.matches("\\+[1-9][0-9]{1,14}");
  }

  /// Reads a number that may carry a channel's prefix.
  ///
  /// @param region where a number without a country code belongs
  static Phone read(String written, String region) {
    PhoneNumberUtil plans = PhoneNumberUtil.getInstance();
    try {
      return judge(plans, plans.parse(withoutPrefix(written), region), region);
    } catch (NumberParseException e) {
      return new Unusable(
          switch (e.getErrorType()) {
            case INVALID_COUNTRY_CODE -> "has no country code that exists";
            case NOT_A_NUMBER -> "is not a phone number";
            case TOO_SHORT_AFTER_IDD, TOO_SHORT_NSN -> "has too few digits";
            case TOO_LONG -> "has too many digits";
          });
    }
  }

  private static Phone judge(PhoneNumberUtil plans, PhoneNumber number, String region) {
    if (number.hasExtension()) {
      return new Unusable("has an extension, and messages reach none");
    }
    ValidationResult possible = plans.isPossibleNumberWithReason(number);
    return switch (possible) {
      case TOO_SHORT, IS_POSSIBLE_LOCAL_ONLY -> new Unusable("has too few digits");
      case TOO_LONG -> new Unusable("has too many digits");
      case INVALID_COUNTRY_CODE -> new Unusable("has no country code that exists");
      case INVALID_LENGTH -> new Unusable("has a number of digits that its country does not use");
      case IS_POSSIBLE ->
          plans.isValidNumber(number)
              ? new Usable(plans.format(number, PhoneNumberFormat.E164))
              : new Unusable(
                  "is in no range that its country (read as %s) has given out"
                      .formatted(country(plans, number, region)));
    };
  }

  private static String country(PhoneNumberUtil plans, PhoneNumber number, String region) {
    String main = plans.getRegionCodeForCountryCode(number.getCountryCode());
    return plans.getCountryCodeForRegion(region) == number.getCountryCode() ? region : main;
  }
}
