package io.parley.store;

import io.parley.engine.Effect;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Which reports wait in the outbox for a destination. For what it does not take no row is written.
///
/// @param destination the name of the destination's rows
/// @param outcomes whether outcomes of a name are for it
/// @param attributes whether it is told what is true of persons
/// @param reports whether an outcome is for it, of those whose names are
public record Subscription(
    String destination,
    Predicate<String> outcomes,
    boolean attributes,
    Predicate<Effect.ReportOutcome> reports) {

  /// To all outcomes of some names.
  public Subscription(String destination, Predicate<String> outcomes, boolean attributes) {
    this(destination, outcomes, attributes, _ -> true);
  }

  /// To everything.
  public static Subscription toAll(String destination) {
    return new Subscription(destination, _ -> true, true);
  }

  static Stream<String> of(List<Subscription> all, Effect.ReportOutcome report) {
    return all.stream()
        .filter(it -> it.outcomes.test(report.name()) && it.reports.test(report))
        .map(Subscription::destination);
  }

  static Stream<String> of(List<Subscription> all, Effect.ReportAttributes report) {
    return all.stream().filter(Subscription::attributes).map(Subscription::destination);
  }
}
