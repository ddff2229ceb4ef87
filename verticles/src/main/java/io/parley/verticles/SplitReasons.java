package io.parley.verticles;

import io.parley.engine.Hop;
import io.parley.engine.ThreadId;
import io.parley.engine.Trace;
import io.parley.engine.Trace.Station;
import io.parley.engine.flow.Condition;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.SplitBasedOn;
import io.parley.engine.flow.Transition;
import io.parley.engine.liquid.Templates;
import io.parley.store.Chronicle;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Why splits took the ways that they took: the conditions with both sides as they were. Not
/// stored: the turn is taken once more, and where it would go another way now (its flow cannot be
/// read, or the split asked what only that moment knew), nothing is said.
final class SplitReasons {

  /// The place of a transition.
  ///
  /// @param index its place among the turn's own
  private record Place(int turn, int index) {}

  private final Map<Place, List<String>> reasons;

  private SplitReasons(Map<Place, List<String>> reasons) {
    this.reasons = Map.copyOf(reasons);
  }

  /// Of one transition, a line a condition; none where there is nothing to say.
  List<String> of(int turn, int index) {
    return reasons.getOrDefault(new Place(turn, index), List.of());
  }

  /// Of all turns of a conversation.
  static Future<SplitReasons> of(Chronicle chronicle, ExecutionSteps steps, FlowLibrary flows) {
    Map<Place, List<String>> reasons = new HashMap<>();
    ThreadId thread = chronicle.now().thread();
    Future<Void> done = flows.refresh();
    for (Chronicle.Turn turn : chronicle.turns()) {
      if (!turn.path().isEmpty()) {
        done =
            done.compose(_ -> steps.trace(thread, turn.number()))
                .compose(
                    trace ->
                        trace.isEmpty()
                            ? Future.succeededFuture()
                            : flows.use(
                                shelf -> {
                                  add(
                                      reasons,
                                      turn,
                                      new Retraced(trace.get(), thread),
                                      station -> shelf.flow(station.execution().flow()));
                                  return null;
                                }));
      }
    }
    return done.map(_ -> new SplitReasons(reasons));
  }

  /// A turn that was taken once more.
  private record Retraced(Trace trace, ThreadId thread) {}

  private static void add(
      Map<Place, List<String>> reasons,
      Chronicle.Turn turn,
      Retraced retraced,
      java.util.function.Function<Station, Optional<Flow>> flows) {
    List<Hop> path = turn.path();
    List<Station> stations = retraced.trace().stations();
    for (int i = 0; i < Math.min(path.size(), stations.size()); i++) {
      Station station = stations.get(i);
      if (!station.hop().equals(path.get(i))) {
        return;
      }
      if (flows.apply(station).flatMap(flow -> flow.widget(station.hop().widget())).orElse(null)
          instanceof SplitBasedOn split) {
        reasons.put(
            new Place(turn.number(), i), reasons(split, station, retraced.thread(), turn.at()));
      }
    }
  }

  /// The conditions of the way that was taken, or of all ways where none was.
  private static List<String> reasons(
      SplitBasedOn split, Station station, ThreadId thread, Instant at) {
    Map<String, Object> scope = station.execution().scope(thread);
    List<String> failed = new ArrayList<>();
    for (Transition transition : split.transitions()) {
      List<String> held = new ArrayList<>();
      boolean all = !transition.conditions().isEmpty();
      for (Condition condition : transition.conditions()) {
        String subject = Templates.render(condition.subject(), scope, at).text();
        String value = Templates.render(condition.value(), scope, at).text();
        boolean holds = condition.type().holds(subject, value);
        String line =
            "%s %s %s"
                .formatted(
                    ChronicleWords.quoted(subject),
                    condition.type().word(),
                    ChronicleWords.quoted(value));
        (holds ? held : failed).add(holds ? "since " + line : "not " + line);
        all &= holds;
      }
      if (all) {
        return held;
      }
    }
    return failed;
  }
}
