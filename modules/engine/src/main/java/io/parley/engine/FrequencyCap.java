package io.parley.engine;

import java.util.Optional;

/// What triggers are counted by, so that one subject is not begun with a person too often.
///
/// @param key `controls.frequency_cap_key`
/// @param person by the id in Customer.io, else by the telephone number
public record FrequencyCap(String key, String person) {

  /// Empty where a trigger names no key.
  public static Optional<FrequencyCap> of(Event.Triggered triggered, Address theirs) {
    Object key = triggered.parameters().object("controls").entries().get("frequency_cap_key");
    String person = triggered.person().externalId().orElseGet(() -> "number:" + theirs.number());
    return Optional.ofNullable(key)
        .map(it -> String.valueOf(it).strip())
        .filter(it -> !it.isEmpty())
        .map(it -> new FrequencyCap(it, person));
  }
}
