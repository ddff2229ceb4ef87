package io.parley.scenarios;

import io.parley.engine.After;
import io.parley.engine.Block;
import io.parley.engine.Effect;
import io.parley.engine.Effect.ScheduleTimer;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Handoff;
import io.parley.engine.MessageStatus;
import io.parley.engine.Values;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.KnownWidget;
import io.parley.engine.flow.SetVariables;
import io.parley.engine.flow.SplitBasedOn;
import io.parley.engine.flow.Transition;
import io.parley.engine.flow.Trigger;
import io.parley.engine.flow.Widget;
import io.parley.engine.policy.Policy;
import io.parley.testkit.Scenario;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/// A random walk through a flow: what happens is drawn, what must hold is checked in every step by
/// [Scenario].
///
/// @param entry which widget the trigger leads to, so that the far end of a long flow is
///     walked, too
/// @param held whether sends are answered by moves only
record Walk(int entry, boolean held, List<Move> moves) {

  private static final int LONGEST = 60;

  static Arbitrary<Walk> any() {
    return Arbitraries.integers()
        .between(0, 200)
        .flatMap(
            entry ->
                Arbitraries.of(true, false)
                    .flatMap(held -> anyMoves().map(moves -> new Walk(entry, held, moves))));
  }

  private static Arbitrary<List<Move>> anyMoves() {
    Arbitrary<Integer> pick = Arbitraries.integers().between(0, 30);
    Arbitrary<Boolean> either = Arbitraries.of(true, false);
    Arbitrary<Move> move =
        Arbitraries.frequencyOf(
            Tuple.of(4, words().flatMap(word -> rarely().map(no -> new Move.Trigger(word, no)))),
            Tuple.of(8, pick.map(Move.Understood::new)),
            Tuple.of(6, words().map(Move.Reply::new)),
            Tuple.of(1, Arbitraries.of(new Move.Purchase())),
            Tuple.of(1, Arbitraries.integers().between(0, 900).map(Move.Hours::new)),
            Tuple.of(2, Arbitraries.of(new Move.Timer())),
            Tuple.of(1, pick.map(Move.AnyTimer::new)),
            Tuple.of(8, pick.map(Move.Taken::new)),
            Tuple.of(
                1,
                pick.flatMap(
                    at ->
                        Arbitraries.of(Move.Verdict.class)
                            .map(verdict -> new Move.GivenUp(at, verdict)))),
            Tuple.of(
                6,
                pick.flatMap(
                    at ->
                        Arbitraries.of(MessageStatus.class)
                            .flatMap(
                                status ->
                                    either.map(named -> new Move.Status(at, status, named))))),
            Tuple.of(4, pick.map(Move.Person::new)),
            Tuple.of(2, pick.map(Move.Again::new)));
    return move.list().ofMinSize(1).ofMaxSize(LONGEST);
  }

  private static Arbitrary<Boolean> rarely() {
    return Arbitraries.frequency(Tuple.of(9, false), Tuple.of(1, true));
  }

  private static Arbitrary<String> words() {
    return Arbitraries.frequencyOf(
        Tuple.of(
            12,
            Arbitraries.of(
                "yes",
                "no",
                "1",
                "5",
                "one",
                "",
                "   ",
                "👍",
                "👩‍👩‍👧‍👦",
                "STOPP",
                "{{ flow.sid }}",
                "{%",
                "\"}",
                "a,b",
                "-1e400",
                "\u0000",
                "\uD83D",
                "12:30",
                "2026-02-30",
                "x".repeat(1_700))),
        Tuple.of(1, Arbitraries.of("STOP", "stop.", "UNSUBSCRIBE")),
        Tuple.of(1, Arbitraries.of("START", "unstop", "HELP")),
        Tuple.of(1, Arbitraries.of("y".repeat(20_000))),
        Tuple.of(3, Arbitraries.strings().ofMaxLength(20)));
  }

  /// Walks, and answers where that led.
  Scenario through(String name, Flow flow) {
    return through(Flows.scenario(name, entering(flow)), flow);
  }

  /// Walks at a time of day and by rules, with Twilio taking each message when it leaves.
  Scenario through(String name, Flow flow, Instant beginning, Policy policy) {
    List<Move> timely = moves.stream().filter(it -> !(it instanceof Move.Taken)).toList();
    return new Walk(entry, false, timely)
        .through(Flows.scenario(name, entering(flow)).at(beginning).by(policy), flow);
  }

  private Scenario through(Scenario at, Flow flow) {
    Scenario scenario = at.bound();
    if (held) {
      scenario.holdSends();
    }
    List<Event> told = new ArrayList<>();
    for (Move move : moves) {
      event(move, scenario, flow, told).ifPresent(told::add);
    }
    return scenario;
  }

  /// The flow, its trigger leading to the widget of [#entry] whatever set it off. What is not run
  /// is stepped over: most public flows would end there.
  private Flow entering(Flow flow) {
    Map<String, Widget> widgets = new LinkedHashMap<>();
    flow.widgets().forEach((name, widget) -> widgets.put(name, steppedOver(widget)));
    List<String> names =
        widgets.keySet().stream().filter(it -> !it.equals(flow.initialState())).toList();
    Optional<String> next =
        names.isEmpty() ? Optional.empty() : Optional.of(names.get(entry % names.size()));
    widgets.put(
        flow.initialState(),
        new Trigger(
            flow.initialState(),
            List.of(
                new Transition(Trigger.INCOMING_MESSAGE, next, List.of()),
                new Transition(Trigger.INCOMING_REQUEST, next, List.of()))));
    return new Flow(flow.definition(), flow.initialState(), widgets);
  }

  private static Widget steppedOver(Widget widget) {
    if (!(widget instanceof KnownWidget known)) {
      return widget;
    }
    Optional<String> next =
        known.transitions().stream().flatMap(way -> way.next().stream()).findFirst();
    return new SetVariables(
        known.name(), List.of(new Transition("next", next, List.of())), List.of());
  }

  /// What somebody does in the handoff that is open, or in one that is not.
  private static Event person(int pick, Scenario scenario, Flow flow) {
    EffectId handoff =
        scenario
            .conversation()
            .handoff()
            .map(Handoff::id)
            .orElseGet(() -> new EffectId(scenario.conversation().id(), 1, 0));
    String agent = pick % 2 == 0 ? "mia" : "ben";
    Effect.Content words = new Effect.Content.Text("Hello " + pick, List.of());
    return switch (pick % 11) {
      case 0, 1, 2 -> new Event.AgentTook(Optional.empty(), agent, pick > 20);
      case 3, 4 -> new Event.AgentWrote(handoff, agent, "d" + pick, words, pick > 15);
      case 5 -> new Event.QueueSpoke(handoff, "key" + pick, "You are number " + pick);
      case 6 ->
          new Event.HandoffReturned(
              handoff, "silent", Optional.of("desk:17").filter(_ -> pick > 10));
      case 7 -> new Event.HandoffPlaced(handoff, "desk", "17");
      case 8 -> new Event.HandoffFailed(handoff, "no_agent");
      default -> new Event.HandoffClosed(handoff, "done", Values.EMPTY, after(pick, flow));
    };
  }

  private static After after(int pick, Flow flow) {
    return switch (pick % 4) {
      case 0 -> new After.Usual();
      case 1 -> new After.GoesOn();
      case 2 -> new After.Ends();
      default -> new After.At(flow.widgets().keySet().stream().toList().getLast());
    };
  }

  /// Makes a move; answers its event where it can be told once more.
  private static Optional<Event> event(Move move, Scenario scenario, Flow flow, List<Event> told) {
    switch (move) {
      case Move.Trigger(var word, var suppressed) ->
          scenario.trigger(
              Flows.controls("suppressed", suppressed)
                  .with("word", word)
                  .with("name", Values.of(word, List.of(word)))
                  .with("loop", word));
      case Move.Reply(var body) -> scenario.reply(body);
      case Move.Understood(var pick) -> pick(understood(flow), pick).ifPresent(scenario::reply);
      case Move.Purchase() -> scenario.purchase();
      case Move.Hours(var hours) -> scenario.later(Duration.ofHours(hours));
      case Move.Timer() ->
          scenario.timers().stream()
              .min(Comparator.comparing(ScheduleTimer::dueAt))
              .ifPresent(scenario::fire);
      case Move.AnyTimer(var pick) ->
          pick(all(scenario, ScheduleTimer.class), pick)
              .ifPresent(timer -> scenario.take(new Event.TimerFired(timer.id())));
      case Move.Person(var pick) -> {
        Event event = person(pick, scenario, flow);
        scenario.take(event);
        return Optional.of(event);
      }
      case Move.Taken(var pick) -> {
        pick(unanswered(scenario), pick).ifPresent(scenario::answer);
      }
      case Move.GivenUp(var pick, var verdict) -> {
        Optional<Event> failed =
            pick(unanswered(scenario), pick).map(send -> failed(send.id(), verdict));
        failed.ifPresent(scenario::take);
        return failed;
      }
      case Move.Status(var pick, var status, var named) -> {
        Optional<Event> report =
            pick(all(scenario, Effect.Send.class), pick).map(send -> report(send, status, named));
        report.ifPresent(scenario::take);
        return report;
      }
      case Move.Again(var pick) -> pick(told, pick).ifPresent(scenario::take);
    }
    return Optional.empty();
  }

  /// The sends that wait; else all that there ever were.
  private static List<Effect.Send> unanswered(Scenario scenario) {
    List<Effect.Send> waiting = scenario.waiting();
    return waiting.isEmpty() ? all(scenario, Effect.Send.class) : waiting;
  }

  private static Event failed(EffectId send, Move.Verdict verdict) {
    Optional<Block> block =
        switch (verdict) {
          case NOTHING -> Optional.empty();
          case UNREACHABLE -> Optional.of(Block.UNREACHABLE);
          case OPTED_OUT -> Optional.of(Block.OPTED_OUT);
        };
    return new Event.SendFailed(send, 21211, "told_to_fail", "", block);
  }

  private static Event report(Effect.Send send, MessageStatus status, boolean named) {
    Event.DeliveryReported report =
        Scenario.report(send, status, status.failed() ? 30008 : 0, Optional.empty());
    return new Event.DeliveryReported(
        named ? report.effect() : Optional.empty(),
        report.sid(),
        status,
        report.errorCode(),
        report.refusal(),
        report.block(),
        report.parameters());
  }

  /// What the flow's conditions wait for.
  private static List<String> understood(Flow flow) {
    return flow.widgets().values().stream()
        .filter(SplitBasedOn.class::isInstance)
        .flatMap(split -> split.transitions().stream())
        .flatMap(transition -> transition.conditions().stream())
        .flatMap(
            condition ->
                Stream.concat(
                    Stream.of(condition.value()), Arrays.stream(condition.value().split(",", -1))))
        .distinct()
        .toList();
  }

  private static <T extends Effect> List<T> all(Scenario scenario, Class<T> type) {
    return scenario.effects().stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static <T> Optional<T> pick(List<T> items, int pick) {
    return items.isEmpty() ? Optional.empty() : Optional.of(items.get(pick % items.size()));
  }
}
