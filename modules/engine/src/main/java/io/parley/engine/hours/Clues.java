package io.parley.engine.hours;

import io.parley.engine.Address;
import io.parley.engine.Values;
import java.util.Locale;
import java.util.stream.Stream;

/// What is known of where somebody is; empty texts where nothing is.
///
/// @param timeZone an IANA name: `America/New_York`
/// @param postalCode with the country in which it is one; without, of the United States if it looks
///     so (`78701`, `78701-1234`) and the number is in +1 or the default country is the US
/// @param state `TX`, `Texas` or `US-TX`
/// @param country ISO 3166: `US`
/// @param number `+15125550100`, or anything else, which says nothing
public record Clues(
    String timeZone, String postalCode, String state, String country, String number) {

  /// What the attributes of a person say, by the names that shops use for them, and their address.
  public static Clues of(Values attributes, Address address) {
    return new Clues(
        first(attributes, "time_zone", "timezone"),
        first(attributes, "postal_code", "zip", "zip_code", "postcode"),
        first(attributes, "state", "province", "region"),
        first(attributes, "country_code", "country").toUpperCase(Locale.ROOT),
        number(address));
  }

  /// Those of an address alone.
  public static Clues of(Address address) {
    return of(Values.EMPTY, address);
  }

  private static String first(Values attributes, String... names) {
    return Stream.of(names)
        .flatMap(name -> attributes.text(name).stream())
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElse("");
  }

  private static String number(Address address) {
    String value = address.value();
    return value.substring(value.indexOf(':') + 1);
  }
}
