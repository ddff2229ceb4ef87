package io.parley.verticles;

import io.parley.engine.Values;
import io.parley.engine.desk.DeskRules;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// The desks elsewhere that the desk file names, as it is in force: made anew when it names others.
/// Read from any thread.
final class TargetsInForce implements Supplier<Map<String, Target>> {

  private final Supplier<DeskRules> rules;
  private final TargetsReader reader;
  private volatile Optional<Made> made = Optional.empty();

  private record Made(Map<String, Values> entries, Map<String, Target> targets) {}

  TargetsInForce(Supplier<DeskRules> rules, TargetsReader reader) {
    this.rules = rules;
    this.reader = reader;
  }

  @Override
  public Map<String, Target> get() {
    Map<String, Values> entries = rules.get().targets();
    Optional<Made> known = made.filter(it -> it.entries().equals(entries));
    return known.isPresent() ? known.get().targets() : make(entries);
  }

  private synchronized Map<String, Target> make(Map<String, Values> entries) {
    if (made.filter(it -> it.entries().equals(entries)).isEmpty()) {
      made = Optional.of(new Made(entries, reader.read(entries).targets()));
    }
    return made.orElseThrow().targets();
  }
}
