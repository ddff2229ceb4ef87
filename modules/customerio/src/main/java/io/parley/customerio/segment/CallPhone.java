package io.parley.customerio.segment;

import io.parley.customerio.Phone;
import io.parley.engine.Address;
import io.parley.engine.Values;
import java.util.Optional;
import java.util.stream.Stream;

/// Where the phone number of a call's person is looked for: in the call's own traits, in those of
/// its context, in its properties, and among what is known of the person.
public final class CallPhone {

  private static final String PHONE = "phone";

  private CallPhone() {}

  /// The first number that can be in use, in E.164.
  ///
  /// @param traits what is known of the person
  /// @param region where a number without a country code belongs
  public static Optional<Address> of(SegmentCall call, Values traits, String region) {
    Values own = call.type() == CallType.GROUP ? Values.EMPTY : call.traits();
    return Stream.of(own, call.context().object("traits"), call.properties(), traits)
        .map(place -> place.entries().get(PHONE))
        .flatMap(written -> read(written, region).stream())
        .findFirst()
        .map(Address::new);
  }

  /// A number as people and programs write it, in E.164; empty where it can be nobody's.
  static Optional<String> read(@org.jspecify.annotations.Nullable Object written, String region) {
    return switch (written) {
      case Long digits -> read(digits.toString(), region);
      case String text when !text.isBlank() ->
          Phone.read(text.strip(), region) instanceof Phone.Usable(String e164)
              ? Optional.of(e164)
              : Optional.empty();
      case null, default -> Optional.empty();
    };
  }
}
