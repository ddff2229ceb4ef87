package io.parley.engine;

import io.parley.engine.Execution.Position;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.MakeHttpRequest;
import io.parley.engine.flow.Reached;
import io.parley.engine.flow.RunFunction;
import io.parley.engine.flow.SendAndWaitForReply;
import io.parley.engine.flow.SendMessage;
import io.parley.engine.flow.Trigger;
import io.parley.engine.flow.Widget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The execution that is alive, on its way from widget to widget, into subflows and back. Confined
/// to one step.
final class Course {

  /// Source: Studio FAQ, limits of an execution.
  private static final int MAX_STEPS = 1_000;

  private static final int MAX_STREAK = 10;

  /// The event by which a person leads an execution to a widget.
  private static final String LED = "ledByPerson";

  /// Studio nests one level; a flow that runs itself must end all the same.
  private static final int MAX_DEPTH = 20;

  private final TurnBuilder turn;
  private final FlowShelf flows;
  private final List<Trace.Station> stations = new ArrayList<>();
  private Optional<Execution> execution;
  private Optional<Execution> ended = Optional.empty();

  Course(Optional<Execution> execution, TurnBuilder turn, FlowShelf flows) {
    this.execution = execution;
    this.turn = turn;
    this.flows = flows;
  }

  Optional<Execution> execution() {
    return execution;
  }

  void set(Execution next) {
    execution = Optional.of(next);
  }

  void end() {
    ended = execution;
    execution = Optional.empty();
  }

  Trace trace() {
    return new Trace(stations, execution.or(() -> ended));
  }

  List<Hop> path() {
    return stations.stream().map(Trace.Station::hop).toList();
  }

  /// The widget that the execution stands at; empty where its flow cannot be had any more.
  Optional<Widget> standingAt() {
    return flows.flow(live().flow()).flatMap(flow -> flow.widget(live().position().widget()));
  }

  /// Whether the message that the execution stands at leads to a call where it does not arrive, and
  /// to no other message before.
  boolean failsToCall() {
    Optional<String> next =
        standingAt()
            .flatMap(
                widget ->
                    switch (widget) {
                      case SendAndWaitForReply question -> question.next("deliveryFailure");
                      case SendMessage message -> message.next("failed");
                      default -> Optional.empty();
                    });
    return next.flatMap(name -> flows.flow(live().flow()).flatMap(flow -> flow.widget(name)))
        .filter(widget -> widget instanceof RunFunction || widget instanceof MakeHttpRequest)
        .isPresent();
  }

  /// Whether a flow is at hand.
  boolean knows(FlowRef ref) {
    return flows.flow(ref).isPresent();
  }

  /// Whether the flow that the execution is in has a widget.
  boolean has(String widget) {
    return execution
        .map(Execution::flow)
        .flatMap(flows::flow)
        .flatMap(flow -> flow.widget(widget))
        .isPresent();
  }

  /// Enters the widget that the execution stands at once more.
  void again() {
    turn.changed();
    runFrom(live().position().widget());
  }

  /// Waits anew for what the widget waits for.
  void renew() {
    Position position = live().position();
    Awaiting next = widget(position.widget()).renew(turn, position.awaiting());
    stand(new Position(position.widget(), next));
    turn.changed();
  }

  /// Leaves the widget that the execution stands at for another one, whatever leads there.
  void goTo(String widget) {
    String left = live().position().widget();
    turn.changed();
    stand(new Position(left, new Awaiting.Nothing()));
    hop(left, LED, widget);
    runFrom(widget);
  }

  /// What an event comes to at the widget that the execution stands at.
  Reached reach(Event event) {
    Position position = live().position();
    return widget(position.widget()).resume(turn, position.awaiting(), event);
  }

  /// Leaves the trigger by an event and runs until the flow waits or ends.
  void run(String by) {
    depart(by).ifPresent(this::runFrom);
  }

  /// Leaves the trigger that the execution stands at.
  private Optional<String> depart(String by) {
    Widget trigger = widget(live().position().widget());
    Optional<String> next = trigger.next(by);
    hop(trigger.name(), by, next.orElse(""));
    return next.or(this::finish);
  }

  private void runFrom(String name) {
    Optional<String> next = Optional.of(name);
    while (next.isPresent()) {
      String entered = next.get();
      if (!countStep(entered)) {
        return;
      }
      next = settle(entered, widget(entered).enter(turn));
    }
  }

  void follow(String name, Reached reached) {
    settle(name, reached).ifPresent(this::runFrom);
  }

  /// Applies what a widget reached, and answers the widget to enter next.
  private Optional<String> settle(String name, Reached reached) {
    turn.changed();
    if (turn.isSilenced()) {
      hop(name, Result.OPT_OUT_UNCLEAR.word(), "");
      turn.end(
          Result.OPT_OUT_UNCLEAR, "the contact was asked whether to stop, and has not answered");
      return Optional.empty();
    }
    switch (reached) {
      case Reached.Left(var by, var next, var outputs) -> {
        write(name, outputs);
        stand(new Position(name, new Awaiting.Nothing()));
        hop(name, by, next.orElse(""));
        return next.or(this::finish);
      }
      case Reached.Calls(var subflow, var revision, var parameters) -> {
        stand(new Position(name, new Awaiting.Nothing()));
        return descend(name, subflow, revision, parameters);
      }
      case Reached.Holds(var awaiting, var outputs) -> {
        write(name, outputs);
        stand(new Position(name, awaiting));
      }
      case Reached.Ends(var result, var explanation) -> {
        hop(name, result.word(), "");
        turn.end(result, explanation);
      }
      case Reached.Unmoved(var reason) ->
          throw new IllegalStateException("widget " + name + " refused to be entered: " + reason);
    }
    return Optional.empty();
  }

  void hop(String widget, String by, String next) {
    Execution it = live();
    String subflow = it.callers().isEmpty() ? "" : it.flow().name();
    stations.add(new Trace.Station(new Hop(widget, by, next, subflow), it));
  }

  /// A flow has run to its end: the one that waits for it goes on, else the execution is over. What
  /// the subflow has set is the outputs of the widget that ran it.
  private Optional<String> finish() {
    Execution it = live();
    if (it.callers().isEmpty()) {
      turn.end(Result.COMPLETED, "");
      return Optional.empty();
    }
    execution = Optional.of(it.back());
    return leaveSubflow("completed", it.variables());
  }

  private Optional<String> leaveSubflow(String by, Values outputs) {
    String name = live().position().widget();
    return settle(name, new Reached.Left(by, widget(name).next(by), outputs));
  }

  private Optional<String> descend(String name, FlowSid sid, String revision, Values parameters) {
    Execution it = live();
    Optional<FlowRef> ref = pinned(sid).or(() -> flows.find(sid, revision));
    Optional<Flow> subflow = ref.flatMap(flows::flow);
    if (subflow.isEmpty() || it.callers().size() >= MAX_DEPTH) {
      turn.warn(
          new Warning(
              Warning.SUBFLOW,
              "Subflow Error: widget %s cannot run %s in revision %s: %s"
                  .formatted(
                      name,
                      sid,
                      revision,
                      subflow.isEmpty()
                          ? "there is no such flow"
                          : "flows are nested " + MAX_DEPTH + " deep")));
      return leaveSubflow("failed", Values.EMPTY);
    }
    Values parent =
        Values.of("parameters", parameters)
            .with("execution_sid", it.id().value())
            .with("flow_sid", it.flow().sid().value())
            .with("step_sid", it.id().step(it.steps()))
            .with("trigger_type", triggerType(it.trigger()));
    Position position = new Position(subflow.get().initialState(), new Awaiting.Nothing());
    execution = Optional.of(it.into(ref.get(), it.trigger().with("parent", parent), position));
    return depart(Trigger.INCOMING_PARENT);
  }

  /// An execution keeps to the revision of a flow that it has once run.
  private Optional<FlowRef> pinned(FlowSid sid) {
    Execution it = live();
    return Stream.concat(Stream.of(it.root()), it.subflows().stream())
        .filter(ref -> ref.sid().equals(sid))
        .findFirst();
  }

  private static String triggerType(Values trigger) {
    return Stream.of("message", "conversation", "request")
        .filter(kind -> !trigger.object(kind).isEmpty())
        .findFirst()
        .orElse("");
  }

  /// Counts the entry of a widget; false where a limit of Studio's ended the execution instead.
  private boolean countStep(String name) {
    Execution it = live();
    boolean again = it.steps() > 0 && it.position().widget().equals(name);
    int streak = again ? it.streak() + 1 : 1;
    if (it.steps() >= MAX_STEPS) {
      turn.warn(new Warning(Warning.MAX_STEPS, "the execution made " + MAX_STEPS + " steps"));
      turn.end(Result.STEP_LIMIT, "the execution made " + MAX_STEPS + " steps");
      return false;
    }
    if (streak > MAX_STREAK && !flow(it.flow()).allowsLoops()) {
      String message = "widget " + name + " ran " + MAX_STREAK + " times in a row";
      turn.warn(new Warning(Warning.WIDGET_LOOP, message));
      turn.end(Result.WIDGET_LOOP, message);
      return false;
    }
    Position position = new Position(name, it.position().awaiting());
    execution = Optional.of(it.at(position).counting(it.steps() + 1, streak));
    return true;
  }

  void stand(Position position) {
    execution = Optional.of(live().at(position));
  }

  void write(String widget, Values outputs) {
    if (!outputs.isEmpty()) {
      Execution it = live();
      Values merged = it.widgets().object(widget).with(outputs);
      execution = Optional.of(it.withWidgets(it.widgets().with(widget, merged)));
    }
  }

  Execution live() {
    return execution.orElseThrow(() -> new IllegalStateException("no execution is alive"));
  }

  private Widget widget(String name) {
    FlowRef ref = live().flow();
    return flow(ref)
        .widget(name)
        .orElseThrow(
            () ->
                new IllegalStateException(ref.name() + " has no widget " + name + " to stand at"));
  }

  Flow flow(FlowRef ref) {
    return flows
        .flow(ref)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no flow " + ref.name() + " in revision " + ref.revision() + " is at hand"));
  }
}
