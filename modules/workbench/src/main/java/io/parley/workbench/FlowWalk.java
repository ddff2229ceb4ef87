package io.parley.workbench;

import io.parley.engine.Effect;
import io.parley.engine.Event;
import io.parley.engine.FlowRef;
import io.parley.engine.FlowSid;
import io.parley.engine.Hop;
import io.parley.engine.Outcomes;
import io.parley.engine.Step;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.KnownWidget;
import io.parley.engine.flow.SetVariables;
import io.parley.engine.flow.Transition;
import io.parley.engine.flow.Trigger;
import io.parley.engine.flow.Widget;
import io.parley.workbench.Walked.Crash;
import io.parley.workbench.Walked.TakenExit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Holds random conversations with a flow, on the engine that runs it in earnest: replies in the
/// flow's own words and in others, silence, messages that do not arrive, reports that come late,
/// twice or out of order, stops and purchases. The same seed gives the same conversations.
///
/// A flow whose trigger leads on by other events than a message or a request (a call, a
/// conversation, a parent flow) is walked from there, too. Confined to one walk.
public final class FlowWalk {

  private static final int MAX_MOVES = 150;
  private static final int MAX_CRASHES = 10;

  /// What becomes of a conversation that reaches a widget which Parley reads but does not run.
  public enum Unsupported {
    /// It ends there, as it does in earnest.
    ENDS,
    /// It goes on by one of the widget's exits, drawn anew for each conversation, so that the flow
    /// behind the widget is walked, too. The widget writes what conditions ask of it.
    PASSES
  }

  /// A way into the flow: the event that it is counted by, and the flow with no other.
  private record Entry(String event, Flow flow) {}

  private final String name;
  private final Flow flow;
  private final FlowRef ref;
  private final Vocabulary vocabulary;
  private final Unsupported unsupported;

  private final Map<Hop, Long> exits = new LinkedHashMap<>();
  private final Map<String, Long> ends = new TreeMap<>();
  private final List<Crash> crashes = new ArrayList<>();
  private long events;
  private long hops;
  private long refusals;

  private final Consumer<Given> listener;

  /// @param listener told of each step that was taken
  private FlowWalk(String name, Flow flow, Unsupported unsupported, Consumer<Given> listener) {
    this.name = name;
    this.unsupported = unsupported;
    this.listener = listener;
    this.flow = flow;
    this.ref = new FlowRef(FlowSid.named(name), name, 1);
    this.vocabulary = new Vocabulary(flow);
    for (Widget widget : flow.widgets().values()) {
      for (Transition transition : widget.transitions()) {
        exits.put(new Hop(widget.name(), transition.event(), transition.next().orElse("")), 0L);
      }
    }
  }

  /// What a walk is to be.
  ///
  /// @param runs conversations
  public record Plan(int runs, long seed, Unsupported unsupported) {}

  /// @param name the name that the flow is known by in what comes of it
  public static Walked walk(String name, Flow flow, Plan plan) {
    FlowWalk walk = new FlowWalk(name, flow, plan.unsupported(), _ -> {});
    walk.run(plan);
    return walk.walked(plan.runs(), plan.seed());
  }

  /// What the engine was given in a walk, in order, for others to give it again. Each holds the
  /// conversation as it was.
  public static List<Given> given(String name, Flow flow, Plan plan) {
    List<Given> given = new ArrayList<>();
    new FlowWalk(name, flow, plan.unsupported(), given::add).run(plan);
    return List.copyOf(given);
  }

  private void run(Plan plan) {
    List<Entry> entries = entries();
    for (int run = 0; run < plan.runs(); run++) {
      run(run, entries, Dice.ofRun(plan.seed(), run));
    }
  }

  private List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    flow.widget(flow.initialState()).stream()
        .flatMap(trigger -> trigger.transitions().stream())
        .filter(transition -> transition.next().isPresent())
        .forEach(it -> entries.add(new Entry(it.event(), entering(it.next()))));
    return entries.isEmpty() ? List.of(new Entry(Trigger.INCOMING_REQUEST, flow)) : entries;
  }

  private Flow entering(Optional<String> first) {
    Map<String, Widget> widgets = new LinkedHashMap<>(flow.widgets());
    widgets.put(
        flow.initialState(),
        new Trigger(
            flow.initialState(),
            List.of(
                new Transition(Trigger.INCOMING_MESSAGE, first, List.of()),
                new Transition(Trigger.INCOMING_REQUEST, first, List.of()))));
    return new Flow(flow.definition(), flow.initialState(), widgets);
  }

  private void run(int run, List<Entry> entries, Dice dice) {
    Entry entry = dice.pick(entries);
    Map<String, Transition> passed = passed(dice);
    World world =
        new World(
            ref,
            passing(entry.flow(), passed, dice),
            vocabulary,
            dice,
            (taken, step) -> {
              listener.accept(taken);
              count(step, entry.event(), passed);
            });
    try {
      if (entry.event().equals(Trigger.INCOMING_REQUEST)) {
        world.request();
      } else {
        world.write();
      }
      for (int i = 0; i < MAX_MOVES && world.isAlive(); i++) {
        world.move();
      }
      if (world.isAlive()) {
        ends.merge("alive", 1L, Long::sum);
      }
      for (int late = dice.below(4); late > 0; late--) {
        world.move();
      }
    } catch (RuntimeException | StackOverflowError e) {
      // The engine is never to throw, whatever happens; that it did is what a walk is for.
      if (crashes.size() < MAX_CRASHES) {
        String event = world.event().map(Event::toString).orElse("");
        crashes.add(new Crash(run, event, e.toString()));
      }
    }
  }

  /// The exit of each widget that is passed.
  private Map<String, Transition> passed(Dice dice) {
    Map<String, Transition> passed = new LinkedHashMap<>();
    if (unsupported == Unsupported.PASSES) {
      for (Widget widget : flow.widgets().values()) {
        if (widget instanceof KnownWidget && !widget.transitions().isEmpty()) {
          passed.put(widget.name(), dice.pick(widget.transitions()));
        }
      }
    }
    return passed;
  }

  /// The flow, with one that sets variables in the place of each widget that is passed.
  private Flow passing(Flow entered, Map<String, Transition> passed, Dice dice) {
    Map<String, Widget> widgets = new LinkedHashMap<>(entered.widgets());
    passed.forEach(
        (widget, exit) -> {
          Transition next = new Transition("next", exit.next(), List.of());
          widgets.put(
              widget,
              new SetVariables(widget, List.of(next), WalkShelf.outputs(widget, vocabulary, dice)));
        });
    return new Flow(entered.definition(), entered.initialState(), widgets);
  }

  private void count(Step step, String entry, Map<String, Transition> passed) {
    events++;
    switch (step) {
      case Step.Refused _ -> refusals++;
      case Step.Turn turn -> {
        for (Hop hop : turn.path()) {
          hops++;
          if (hop.subflow().isEmpty()) {
            Hop exit = new Hop(hop.widget(), event(hop, entry, passed), hop.next());
            exits.merge(exit, 1L, Long::sum);
          }
        }
      }
    }
    for (Effect effect : step.effects()) {
      if (effect instanceof Effect.ReportOutcome outcome
          && outcome.name().equals(Outcomes.CONVERSATION_ENDED)) {
        ends.merge(outcome.properties().text("result").orElse(""), 1L, Long::sum);
      }
    }
  }

  /// What the file calls the way that was taken.
  private String event(Hop hop, String entry, Map<String, Transition> passed) {
    if (hop.widget().equals(flow.initialState())) {
      return entry;
    }
    Transition exit = passed.get(hop.widget());
    return exit == null ? hop.event() : exit.event();
  }

  private Walked walked(int runs, long seed) {
    List<TakenExit> taken =
        exits.entrySet().stream()
            .map(
                it ->
                    new TakenExit(
                        it.getKey().widget(),
                        it.getKey().event(),
                        it.getKey().next(),
                        it.getValue()))
            .toList();
    return new Walked(name, runs, seed, events, hops, refusals, ends, taken, crashes);
  }
}
