package io.parley.store;

import io.parley.engine.Conversation;
import io.parley.engine.Effect;
import io.parley.engine.ExecutionId;
import io.parley.engine.FlowRef;
import io.parley.engine.Outcomes;
import io.parley.engine.Step;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Executions that turns begin and end.
final class ExecutionRows {

  private final TurnRows rows;

  ExecutionRows(TurnRows rows) {
    this.rows = rows;
  }

  /// The execution that a turn began or ended, or both, or whose cohort it drew; and the one that
  /// it ended in favour of another.
  void add(TurnRecord record) {
    Conversation next = record.step().next();
    if (next.runs().isEmpty()) {
      return;
    }
    OffsetDateTime at = TurnStatement.utc(record.at());
    Map<String, String> endings = endings(record.step().effects());
    Conversation.Run run = next.runs().getLast();
    String sid = ExecutionId.of(next.id(), run.turn()).value();
    UUID conversation = next.id().value();
    @Nullable String cohort = run.cohort().orElse(null);
    endings.forEach(
        (ended, how) -> {
          if (!ended.equals(sid)) {
            rows.add(TurnTable.FINISHED, ended, conversation, next.turn(), how, at, null);
          }
        });
    @Nullable String result = endings.get(sid);
    if (run.turn() == next.turn()) {
      FlowRef flow = run.flow();
      rows.add(
          TurnTable.STARTED,
          sid,
          flow.sid().value(),
          flow.revision(),
          conversation,
          next.turn(),
          result,
          at,
          next.person().externalId().orElse(null),
          number(next),
          cohort);
    } else if (result != null || isDrawn(run, record.step())) {
      rows.add(TurnTable.FINISHED, sid, conversation, next.turn(), result, at, cohort);
    }
  }

  /// The contact's phone number, where one is known.
  private static @Nullable String number(Conversation next) {
    return next.contact().isPersons() ? next.contact().number() : null;
  }

  /// Whether a turn drew the arm of an experiment: see [io.parley.engine.flow.RandomSplit].
  private static boolean isDrawn(Conversation.Run run, Step step) {
    return step instanceof Step.Turn turn
        && turn.path().stream()
            .map(hop -> Optional.of(hop.widget() + ":" + hop.event()))
            .anyMatch(run.cohort()::equals);
  }

  /// How executions ended in a turn, by their names.
  private static Map<String, String> endings(List<Effect> effects) {
    Map<String, String> endings = new LinkedHashMap<>();
    for (Effect effect : effects) {
      if (effect instanceof Effect.ReportOutcome report
          && report.name().equals(Outcomes.FLOW_COMPLETED)) {
        endings.put(
            report.properties().text("execution_sid").orElse(""),
            report.properties().text("result").orElse(""));
      }
    }
    return endings;
  }
}
