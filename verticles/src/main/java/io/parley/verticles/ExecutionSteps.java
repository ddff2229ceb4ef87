package io.parley.verticles;

import io.parley.engine.Digest;
import io.parley.engine.Engine;
import io.parley.engine.Execution;
import io.parley.engine.ExecutionId;
import io.parley.engine.FlowShelf;
import io.parley.engine.Hop;
import io.parley.engine.Moment;
import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.ThreadId;
import io.parley.engine.Trace;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.Trigger;
import io.parley.store.Executions;
import io.parley.store.Journal;
import io.parley.store.Journal.Passage;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the journal tells of an execution: its steps, and what templates could read at each of
/// them. The latter is not stored: the turn is taken once more, which the same state and event
/// bring to the same end.
final class ExecutionSteps {

  private static final Logger LOG = LoggerFactory.getLogger(ExecutionSteps.class);

  private final Journal journal;
  private final FlowLibrary flows;

  ExecutionSteps(Journal journal, FlowLibrary flows) {
    this.journal = journal;
    this.flows = flows;
  }

  /// All steps so far, oldest first. One execution is alive in a thread at a time, so all that its
  /// turns tell of is its own.
  Future<List<NumberedStep>> of(Executions.Stored execution) {
    return journal
        .passages(
            execution.conversation(),
            execution.firstTurn(),
            execution.lastTurn().orElse(Integer.MAX_VALUE))
        .compose(
            passages ->
                flows
                    .use(shelf -> types(execution, shelf))
                    .map(types -> numbered(execution.id(), passages, types)));
  }

  private static Map<String, Map<String, String>> types(
      Executions.Stored execution, FlowShelf shelf) {
    Optional<Flow> flow = shelf.flow(execution.flow());
    return flow.map(it -> new LinkedFlows(it, shelf).types()).orElse(Map.of());
  }

  /// Widgets are numbered as they are entered: one that ran a subflow before the subflow's own,
  /// though it is left after them. The trigger of a subflow is no widget that is entered.
  private static List<NumberedStep> numbered(
      ExecutionId execution, List<Passage> passages, Map<String, Map<String, String>> types) {
    List<NumberedStep> numbered = new ArrayList<>(passages.size());
    Deque<Integer> callers = new ArrayDeque<>();
    int entered = 0;
    boolean returns = false;
    for (Passage passage : passages) {
      Hop hop = passage.hop();
      String sid;
      if (returns) {
        sid = execution.step(callers.pop());
      } else if (!hop.subflow().isEmpty() && hop.event().equals(Trigger.INCOMING_PARENT)) {
        callers.push(entered);
        sid = Digest.sid("FT", execution + ":" + entered + ":trigger");
      } else {
        sid = execution.step(entered);
      }
      Optional<String> parent = Optional.ofNullable(callers.peek()).map(execution::step);
      String type = types.getOrDefault(hop.subflow(), Map.of()).get(hop.widget());
      numbered.add(new NumberedStep(sid, passage, Optional.ofNullable(type), parent));
      returns = hop.next().isEmpty() && !callers.isEmpty();
      entered += hop.next().isEmpty() ? 0 : 1;
    }
    return numbered;
  }

  /// What templates could read after a step.
  Future<Map<String, Object>> contextAfter(Executions.Stored execution, Passage passage) {
    return thread(execution)
        .compose(
            thread ->
                trace(thread, passage.turn())
                    .map(
                        trace ->
                            trace
                                .filter(it -> it.stations().size() > passage.index())
                                .map(it -> it.stations().get(passage.index()).execution())
                                .or(() -> trace.flatMap(Trace::last))
                                .map(it -> it.scope(thread))
                                .orElse(Map.of())));
  }

  /// What templates can read now, or could when the execution ended.
  Future<Map<String, Object>> context(Executions.Stored execution) {
    return thread(execution)
        .compose(
            thread ->
                last(execution, thread)
                    .map(last -> last.map(it -> it.scope(thread)).orElse(Map.of())));
  }

  private Future<Optional<Execution>> last(Executions.Stored execution, ThreadId thread) {
    return execution.lastTurn().isPresent()
        ? trace(thread, execution.lastTurn().get()).map(trace -> trace.flatMap(Trace::last))
        : journal
            .load(thread)
            .map(
                loaded ->
                    loaded.conversation().execution().filter(it -> it.id().equals(execution.id())));
  }

  private Future<ThreadId> thread(Executions.Stored execution) {
    return journal
        .thread(execution.conversation())
        .map(
            thread ->
                thread.orElseThrow(
                    () -> new IllegalStateException("no conversation of " + execution.id())));
  }

  /// How an execution went through a turn; empty where that cannot be told any more.
  Future<Optional<Trace>> trace(ThreadId thread, int turn) {
    return journal
        .turn(thread, turn)
        .compose(
            found ->
                found.isPresent()
                    ? flows.use(shelf -> trace(found.get(), shelf))
                    : Future.succeededFuture(Optional.empty()));
  }

  /// Empty where the turn cannot be taken any more, since a flow cannot be read.
  private static Optional<Trace> trace(Journal.Turn turn, FlowShelf shelf) {
    Moment moment = new Moment(turn.at(), ContactFacts.NOTHING_KNOWN);
    try {
      return Optional.of(Engine.trace(turn.before(), turn.event(), shelf, moment));
    } catch (IllegalStateException unreadable) {
      LOG.atWarn()
          .addKeyValue("conversation", turn.before().id())
          .addKeyValue("turn", turn.before().turn() + 1)
          .addKeyValue("why", unreadable.getMessage())
          .log("a turn cannot be taken once more, so a context is not shown");
      return Optional.empty();
    }
  }
}
