package io.parley.customerio;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.parley.engine.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The `attributes` of an item: an event's data or what is true of a person. What is too long for
/// Customer.io is cut, and says so: a text by [Cut#MARK] at its end, a list of attributes by the
/// attribute `parley_cut`.
final class TrackAttributes {

  /// The specification says 32kb, and either unit may be meant; this fits both.
  static final int MAX_ITEM_BYTES = 32_000;

  static final int MAX_NAME_BYTES = 150;
  static final int MAX_PERSON_VALUE_BYTES = 1_000;
  static final int MAX_PERSON_ATTRIBUTES = 300;

  /// Tells how many attributes were left out.
  static final String CUT_ATTRIBUTE = "parley_cut";

  /// In an event's data, these redirect the e-mails that a campaign sends on it.
  private static final Set<String> RESERVED_IN_EVENTS =
      Set.of("recipient", "from_address", "reply_to");

  /// How long texts may be, from attempt to attempt, until an item fits.
  private static final List<Integer> TEXT_BYTES =
      List.of(Integer.MAX_VALUE, 8_000, 4_000, 2_000, 1_000, 500, 200, 100);

  private static final int SHORTEST_TEXT_BYTES = TEXT_BYTES.getLast();

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
                putUnderFreeName(entries, name, shortened(value, MAX_PERSON_VALUE_BYTES)));
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

  /// A list or object that is too long becomes the beginning of its JSON text.
  private static Object shortened(Object value, int maxBytes) {
    if (value instanceof String text) {
      return Cut.text(text, maxBytes);
    }
    String json = json(value);
    return Cut.bytes(json) <= maxBytes ? value : Cut.text(json, maxBytes);
  }

  /// The item as JSON with these attributes, no longer than [#MAX_ITEM_BYTES].
  String carriedBy(Map<String, Object> item) {
    for (int textBytes : TEXT_BYTES) {
      String json = json(item, bounded(Cut.texts(attributes, textBytes)));
      if (Cut.bytes(json) <= MAX_ITEM_BYTES) {
        return json;
      }
    }
    return shortestCarriedBy(item);
  }

  private Values bounded(Values values) {
    return values.entries().size() <= maxCount ? values : leading(values, maxCount - 1);
  }

  /// With every value as short as it gets, all of them or as many leading ones as fit.
  private String shortestCarriedBy(Map<String, Object> item) {
    Map<String, Object> entries = new LinkedHashMap<>();
    attributes
        .entries()
        .forEach((name, value) -> entries.put(name, shortened(value, SHORTEST_TEXT_BYTES)));
    Values shortest = new Values(entries);
    String whole = json(item, bounded(shortest));
    return Cut.bytes(whole) <= MAX_ITEM_BYTES ? whole : longestPrefix(item, shortest);
  }

  private String longestPrefix(Map<String, Object> item, Values shortest) {
    int fits = 0;
    int tooMany = Math.min(shortest.entries().size(), maxCount);
    while (tooMany - fits > 1) {
      int middle = (fits + tooMany) >>> 1;
      if (Cut.bytes(json(item, leading(shortest, middle))) <= MAX_ITEM_BYTES) {
        fits = middle;
      } else {
        tooMany = middle;
      }
    }
    return json(item, leading(shortest, fits));
  }

  /// The first attributes, and one that says how many were left out.
  private static Values leading(Values attributes, int count) {
    int all = attributes.entries().size();
    Map<String, Object> kept = new LinkedHashMap<>();
    attributes.entries().entrySet().stream()
        .limit(count)
        .forEach(entry -> kept.put(entry.getKey(), entry.getValue()));
    kept.put(CUT_ATTRIBUTE, "%s %d of %d attributes".formatted(Cut.MARK, all - count, all));
    return new Values(kept);
  }

  private static String json(Map<String, Object> item, Values attributes) {
    Map<String, Object> whole = new LinkedHashMap<>(item);
    whole.put("attributes", attributes.entries());
    return json(whole);
  }

  private static String json(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain values are always JSON", e);
    }
  }
}
