package io.parley.workbench;

import io.parley.codec.FlowDocument;
import io.parley.engine.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// In which order flows are pushed: a flow that others run as a subflow comes before them, so that
/// its sid is known when theirs are written. Else the order is the given one, in a circle, too.
public final class PushOrder {

  private final Map<String, Set<String>> uses = new LinkedHashMap<>();
  private final Set<String> ordered = new LinkedHashSet<>();
  private final Set<String> open = new LinkedHashSet<>();

  private PushOrder() {}

  /// @param flows by name
  /// @param book has the sids of these flows in the environment that it calls home
  public static List<String> of(Map<String, FlowDocument> flows, SidBook book) {
    PushOrder order = new PushOrder();
    flows.forEach(
        (name, document) -> {
          String text = Json.print(document.tree());
          Set<String> used = new LinkedHashSet<>();
          for (String other : flows.keySet()) {
            if (!other.equals(name)
                && book.sid(other, book.home()).filter(text::contains).isPresent()) {
              used.add(other);
            }
          }
          order.uses.put(name, used);
        });
    flows.keySet().forEach(order::visit);
    return new ArrayList<>(order.ordered);
  }

  private void visit(String name) {
    if (ordered.contains(name) || !open.add(name)) {
      return;
    }
    uses.getOrDefault(name, Set.of()).forEach(this::visit);
    ordered.add(name);
  }
}
