package io.parley.customerio;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.parley.edge.Cut;
import io.parley.edge.Fitting;
import io.parley.engine.Values;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// The `attributes` of an item: an event's data or what is true of a person. What is too long for
/// Customer.io is cut, and says so; see [Fitting].
final class TrackAttributes {

  /// The specification says 32kb, and either unit may be meant; this fits both.
  static final int MAX_ITEM_BYTES = 32_000;

  static final int MAX_NAME_BYTES = 150;
  static final int MAX_PERSON_VALUE_BYTES = 1_000;
  static final int MAX_PERSON_ATTRIBUTES = 300;

  /// In an event's data, these redirect the e-mails that a campaign sends on it.
  private static final Set<String> RESERVED_IN_EVENTS =
      Set.of("recipient", "from_address", "reply_to");

  private static final JsonMapper MAPPER = new JsonMapper();

  private final Values attributes;
  private final int maxCount;

  private TrackAttributes(Values attributes, int maxCount) {
    this.attributes = attributes;
    this.maxCount = maxCount;
  }

  /// An event's data; a reserved name is told as `data_recipient`.
  static TrackAttributes ofEvent(Values properties) {
    Map<String, Object> entries = new LinkedHashMap<>();
    properties
        .entries()
        .forEach(
            (name, value) ->
                putUnderFreeName(
                    entries, RESERVED_IN_EVENTS.contains(name) ? "data_" + name : name, value));
    return new TrackAttributes(new Values(entries), Integer.MAX_VALUE);
  }

  static TrackAttributes ofPerson(Values attributes) {
    Map<String, Object> entries = new LinkedHashMap<>();
    attributes
        .entries()
        .forEach(
            (name, value) ->
                putUnderFreeName(entries, name, Cut.value(value, MAX_PERSON_VALUE_BYTES)));
    return new TrackAttributes(new Values(entries), MAX_PERSON_ATTRIBUTES);
  }

  /// Two names that are cut to the same keep both values.
  private static void putUnderFreeName(Map<String, Object> entries, String name, Object value) {
    String free = Cut.text(name, MAX_NAME_BYTES);
    for (int n = 2; entries.containsKey(free); n++) {
      String ending = " " + n;
      free = Cut.text(name, MAX_NAME_BYTES - ending.length()) + ending;
    }
    entries.put(free, value);
  }

  /// The item as JSON with these attributes, no longer than [#MAX_ITEM_BYTES].
  String carriedBy(Map<String, Object> item) {
    return new Fitting(MAX_ITEM_BYTES, maxCount).fit(attributes, entries -> json(item, entries));
  }

  private static String json(Map<String, Object> item, Map<String, Object> attributes) {
    Map<String, Object> whole = new LinkedHashMap<>(item);
    whole.put("attributes", attributes);
    try {
      return MAPPER.writeValueAsString(whole);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain values are always JSON", e);
    }
  }
}
