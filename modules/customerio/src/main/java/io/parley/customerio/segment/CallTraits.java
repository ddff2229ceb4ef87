package io.parley.customerio.segment;

import io.parley.edge.Cut;
import io.parley.engine.Json;
import io.parley.engine.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a call says of its person, within Customer.io's limits of a person: a name of 150 bytes, a
/// value of 1,000. A text that is longer is cut with a marker; what cannot be cut is not kept, and
/// what was known under its name is no longer so.
///
/// @param values those to be kept; a phone number that can be read is in E.164
/// @param cleared the names of what is no longer so
/// @param unfit the names of what is not kept
public record CallTraits(Values values, List<String> cleared, List<String> unfit) {

  static final int MAX_NAME_BYTES = 150;
  static final int MAX_VALUE_BYTES = 1_000;

  public CallTraits {
    cleared = List.copyOf(cleared);
    unfit = List.copyOf(unfit);
  }

  /// @param region where a phone number without a country code belongs
  public static CallTraits of(SegmentCall call, String region) {
    if (call.type() != CallType.IDENTIFY) {
      return new CallTraits(Values.EMPTY, List.of(), List.of());
    }
    Map<String, Object> kept = new LinkedHashMap<>();
    List<String> cleared = new ArrayList<>(call.cleared());
    List<String> unfit = new ArrayList<>();
    call.traits()
        .entries()
        .forEach(
            (name, value) -> {
              if (Cut.bytes(name) > MAX_NAME_BYTES || name.isBlank()) {
                unfit.add(Cut.text(name, MAX_NAME_BYTES));
                return;
              }
              Optional<Object> fit = fit(name, value, region);
              fit.ifPresent(it -> kept.put(name, it));
              if (fit.isEmpty()) {
                unfit.add(name);
                cleared.add(name);
              }
            });
    return new CallTraits(new Values(kept), cleared, unfit);
  }

  private static Optional<Object> fit(String name, Object value, String region) {
    if (name.equals("phone")) {
      Optional<String> e164 = CallPhone.read(value, region);
      if (e164.isPresent()) {
        return Optional.of(e164.get());
      }
    }
    if (value instanceof String text) {
      return Optional.of(Cut.text(text, MAX_VALUE_BYTES));
    }
    return Optional.of(value).filter(it -> Cut.bytes(Json.print(it)) <= MAX_VALUE_BYTES);
  }
}
