package io.parley.edge;

import io.parley.engine.Effect;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// A body of several items of JSON, as many as its limits allow.
///
/// @param opening what stands before the items: `{"batch":[`
/// @param closing what stands behind them: `]}`
/// @param maxBytes of the whole body in UTF-8
public record JsonBatch(String opening, String closing, int maxBytes, int maxItems) {

  /// What a report is to a destination.
  public sealed interface Item {
    /// @param json no longer than the destination takes
    record Carried(String json) implements Item {}

    /// @param why as the dead letter says it
    record Undeliverable(String why) implements Item {}
  }

  /// @param effects those that the body carries, in order
  /// @param undeliverable those that no request can carry, with the reason
  public record Packed(
      String body, List<Effect.Outgoing> effects, Map<Effect.Outgoing, String> undeliverable) {

    public Packed {
      effects = List.copyOf(effects);
      undeliverable = Map.copyOf(undeliverable);
    }
  }

  /// Takes effects until the next one does not fit; the rest is in neither list of the answer. When
  /// all that were looked at are undeliverable the body has no items.
  public Packed pack(List<Effect.Outgoing> effects, Function<Effect.Outgoing, Item> itemOf) {
    StringBuilder body = new StringBuilder(opening);
    int bytes = Cut.bytes(opening) + Cut.bytes(closing);
    List<Effect.Outgoing> carried = new ArrayList<>();
    Map<Effect.Outgoing, String> undeliverable = new LinkedHashMap<>();
    for (Effect.Outgoing effect : effects) {
      if (carried.size() == maxItems) {
        break;
      }
      switch (itemOf.apply(effect)) {
        case Item.Undeliverable(String why) -> undeliverable.put(effect, why);
        case Item.Carried(String json) -> {
          bytes += Cut.bytes(json) + 1;
          if (bytes <= maxBytes) {
            body.append(carried.isEmpty() ? "" : ",").append(json);
            carried.add(effect);
          }
        }
      }
      if (bytes > maxBytes) {
        break;
      }
    }
    return new Packed(body.append(closing).toString(), carried, undeliverable);
  }
}
