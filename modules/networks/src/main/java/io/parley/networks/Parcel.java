package io.parley.networks;

import io.parley.edge.OutcomeSink;
import io.parley.engine.Effect;
import io.parley.networks.Conversion.Reading;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// What one request carries: effects in order until it is full, or until one would stand in it
/// twice. The rest is left for the next.
///
/// @param items the content for each that is carried
record Parcel(
    List<Map<String, Object>> items,
    List<Effect.Outgoing> carried,
    Map<Effect.Outgoing, String> undeliverable) {

  /// A conversion as the network takes it.
  sealed interface Item {
    record Fit(Map<String, Object> content) implements Item {}

    record Unfit(String why) implements Item {}
  }

  /// @param most how many the network takes at once
  static Parcel of(
      List<Effect.Outgoing> effects,
      int most,
      ConversionReader reader,
      Function<Conversion, Item> form) {
    List<Map<String, Object>> items = new ArrayList<>();
    List<Effect.Outgoing> carried = new ArrayList<>();
    Map<Effect.Outgoing, String> undeliverable = new LinkedHashMap<>();
    Set<String> keys = new HashSet<>();
    for (Effect.Outgoing effect : effects) {
      Reading reading = reader.read(effect);
      if (carried.size() == most || !keys.add(key(reading, effect))) {
        break;
      }
      switch (item(reading, form)) {
        case Item.Unfit(String why) -> undeliverable.put(effect, why);
        case Item.Fit(Map<String, Object> content) -> {
          items.add(content);
          carried.add(effect);
        }
      }
    }
    return new Parcel(items, carried, undeliverable);
  }

  /// By which the network knows a repeat.
  private static String key(Reading reading, Effect.Outgoing effect) {
    return switch (reading) {
      case Reading.Told(Conversion conversion) -> conversion.event() + " " + conversion.id();
      case Reading.Untold(_) -> effect.id().toString();
    };
  }

  private static Item item(Reading reading, Function<Conversion, Item> form) {
    return switch (reading) {
      case Reading.Told(Conversion conversion) -> form.apply(conversion);
      case Reading.Untold(String why) -> new Item.Unfit(why);
    };
  }

  OutcomeSink.Composed post(String url, Map<String, String> headers, String body) {
    return new OutcomeSink.Composed("POST", url, headers, body, carried, undeliverable);
  }
}
