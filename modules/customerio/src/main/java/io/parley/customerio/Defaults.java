package io.parley.customerio;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import java.time.Instant;

/// What stands in for what a body leaves out.
///
/// @param region the region that a phone number without a country code belongs to: an ISO 3166 code
///     of two capitals
/// @param receivedAt the time of a body that names none
public record Defaults(String region, Instant receivedAt) {

  public Defaults {
    if (!knows(region)) {
      throw new IllegalArgumentException("no region (ISO 3166, two capitals): " + region);
    }
  }

  /// Whether a region's numbering plan is known; for settings, which are checked at start.
  public static boolean knows(String region) {
    return PhoneNumberUtil.getInstance().getSupportedRegions().contains(region);
  }
}
