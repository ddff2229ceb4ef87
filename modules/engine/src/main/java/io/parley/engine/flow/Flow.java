package io.parley.engine.flow;

import io.parley.engine.Values;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A flow that can be run.
///
/// @param definition the file as it was read, with what the engine does not use
/// @param widgets by name, in the file's order
public record Flow(Values definition, String initialState, Map<String, Widget> widgets) {

  /// The flag of a definition that lifts the limit of ten runs in a row.
  public static final String ALLOW_LOOPS = "parley.allow_loops";

  /// The flag of a definition whose flow speaks to people who have bought, of what they bought.
  public static final String AFTER_PURCHASE = "parley.after_purchase";

  public Flow {
    widgets = Collections.unmodifiableMap(new LinkedHashMap<>(widgets));
  }

  /// Whether a widget may run more than ten times in a row, which Studio never allows.
  public boolean allowsLoops() {
    return definition.object("flags").flag(ALLOW_LOOPS);
  }

  /// Whether a purchase is no reason to keep silent: the flow is about what was bought.
  public boolean speaksToPurchasers() {
    return definition.object("flags").flag(AFTER_PURCHASE);
  }

  public Optional<Widget> widget(String name) {
    return Optional.ofNullable(widgets.get(name));
  }
}
