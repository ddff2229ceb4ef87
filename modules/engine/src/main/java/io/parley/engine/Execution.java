package io.parley.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One run of a flow: what its templates can read, and where it stands. While a subflow runs, the
/// namespaces and the position are the subflow's, and `callers` holds what waits for its end.
///
/// @param flow the flow that the position is in: the execution's own, or a subflow
/// @param trigger the namespace `trigger`
/// @param data the namespace `flow.data`
/// @param variables the namespace `flow.variables`
/// @param widgets the namespace `widgets`: outputs by widget name
/// @param steps widgets entered so far, those of subflows among them
/// @param streak how many times in a row the widget it stands at was entered
/// @param expiry the timer that ends it after 30 days
/// @param callers flows that wait for a subflow, the execution's own first
/// @param subflows the revisions of other flows that it has run, which it keeps to
/// @param room the conversation of Twilio Conversations that it is held in, if any
public record Execution(
    ExecutionId id,
    FlowRef flow,
    Instant startedAt,
    Values trigger,
    Values data,
    Values variables,
    Values widgets,
    Position position,
    int steps,
    int streak,
    EffectId expiry,
    List<Caller> callers,
    List<FlowRef> subflows,
    Optional<Room> room) {

  public Execution {
    callers = List.copyOf(callers);
    subflows = List.copyOf(subflows);
  }

  /// Where an execution stands between turns.
  public record Position(String widget, Awaiting awaiting) {}

  /// A conversation of Twilio Conversations.
  ///
  /// @param sid `CH...`
  /// @param service `IS...`; empty text for the account's default
  /// @param closing whether it is closed when the execution ends
  public record Room(Address sid, String service, boolean closing) {}

  /// A flow that waits at its run-subflow widget.
  ///
  /// @param widget where it waits
  public record Caller(
      FlowRef flow, String widget, Values trigger, Values data, Values variables, Values widgets) {}

  /// An execution that is about to leave its trigger.
  static Execution beginning(
      ExecutionId id,
      FlowRef flow,
      Instant startedAt,
      Values trigger,
      Values data,
      Position position,
      EffectId expiry) {
    return new Execution(
        id,
        flow,
        startedAt,
        trigger,
        data,
        Values.EMPTY,
        Values.EMPTY,
        position,
        0,
        0,
        expiry,
        List.of(),
        List.of(),
        Optional.empty());
  }

  /// The flow that the execution is of, whichever subflow it runs now.
  public FlowRef root() {
    return callers.isEmpty() ? flow : callers.getFirst().flow();
  }

  /// What the trigger brought, whichever subflow runs now.
  Values rootData() {
    return callers.isEmpty() ? data : callers.getFirst().data();
  }

  /// The namespaces that a template can read, but for what was offered.
  public Map<String, Object> scope(ThreadId thread) {
    return scope(thread, Values.EMPTY);
  }

  /// The namespaces that a template can read. Source: Studio documentation, Liquid variables.
  ///
  /// @param offer the namespace `flow.offer`: what was granted and stands; nothing where none does
  public Map<String, Object> scope(ThreadId thread, Values offer) {
    Map<String, Object> flowScope = new LinkedHashMap<>();
    flowScope.put("sid", id.value());
    flowScope.put("flow_sid", flow.sid().value());
    flowScope.put("channel", channelScope(thread));
    flowScope.put("data", data.entries());
    flowScope.put("variables", variables.entries());
    flowScope.put("offer", offer.entries());
    Map<String, Object> scope = new LinkedHashMap<>();
    scope.put("flow", flowScope);
    scope.put("trigger", trigger.entries());
    scope.put("contact", Map.of("channel", Map.of("address", thread.theirs().value())));
    scope.put("widgets", widgets.entries());
    return scope;
  }

  private Map<String, Object> channelScope(ThreadId thread) {
    Map<String, Object> channel = new LinkedHashMap<>();
    channel.put("address", thread.ours().value());
    room().ifPresent(room -> channel.put("sid", room.sid().value()));
    return channel;
  }

  Execution at(Position next) {
    return copy(variables, widgets, next, steps, streak);
  }

  Execution counting(int nextSteps, int nextStreak) {
    return copy(variables, widgets, position, nextSteps, nextStreak);
  }

  Execution withVariables(Values next) {
    return copy(next, widgets, position, steps, streak);
  }

  Execution withWidgets(Values next) {
    return copy(variables, next, position, steps, streak);
  }

  /// The same, held in a conversation from here on.
  Execution in(Room next) {
    return new Execution(
        id,
        flow,
        startedAt,
        trigger,
        data,
        variables,
        widgets,
        position,
        steps,
        streak,
        expiry,
        callers,
        subflows,
        Optional.of(next));
  }

  /// The subflow's beginning; this flow waits at its position.
  Execution into(FlowRef subflow, Values itsTrigger, Position next) {
    List<Caller> nextCallers = new ArrayList<>(callers);
    nextCallers.add(new Caller(flow, position.widget(), trigger, data, variables, widgets));
    List<FlowRef> known = new ArrayList<>(subflows);
    if (!known.contains(subflow)) {
      known.add(subflow);
    }
    return new Execution(
        id,
        subflow,
        startedAt,
        itsTrigger,
        data,
        Values.EMPTY,
        Values.EMPTY,
        next,
        steps,
        streak,
        expiry,
        nextCallers,
        known,
        room);
  }

  /// Back in the flow that waited last, at its run-subflow widget.
  Execution back() {
    Caller caller = callers.getLast();
    return new Execution(
        id,
        caller.flow(),
        startedAt,
        caller.trigger(),
        caller.data(),
        caller.variables(),
        caller.widgets(),
        new Position(caller.widget(), new Awaiting.Nothing()),
        steps,
        streak,
        expiry,
        callers.subList(0, callers.size() - 1),
        subflows,
        room);
  }

  private Execution copy(
      Values nextVariables, Values nextWidgets, Position next, int nextSteps, int nextStreak) {
    return new Execution(
        id,
        flow,
        startedAt,
        trigger,
        data,
        nextVariables,
        nextWidgets,
        next,
        nextSteps,
        nextStreak,
        expiry,
        callers,
        subflows,
        room);
  }
}
