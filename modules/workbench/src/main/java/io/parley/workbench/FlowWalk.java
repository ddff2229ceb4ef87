package io.parley.workbench;

import io.parley.engine.Effect;
import io.parley.engine.Event;
import io.parley.engine.FlowRef;
import io.parley.engine.FlowSid;
import io.parley.engine.Hop;
import io.parley.engine.Outcomes;
import io.parley.engine.Step;
import io.parley.engine.flow.Flow;
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

/// Holds random conversations with a flow, on the engine that runs it in earnest: replies in the
/// flow's own words and in others, silence, messages that do not arrive, reports that come late,
/// twice or out of order, stops and purchases. The same seed gives the same conversations.
///
/// A flow whose trigger leads on by other events than a message or a request (a call, a
/// conversation, a parent flow) is walked from there, too. Confined to one walk.
public final class FlowWalk {

  private static final int MAX_MOVES = 150;
  private static final int MAX_CRASHES = 10;

  /// A way into the flow: the event that it is counted by, and the flow with no other.
  private record Entry(String event, Flow flow) {}

  private final String name;
  private final Flow flow;
  private final FlowRef ref;
  private final Vocabulary vocabulary;

  private final Map<Hop, Long> exits = new LinkedHashMap<>();
  private final Map<String, Long> ends = new TreeMap<>();
  private final List<Crash> crashes = new ArrayList<>();
  private long events;
  private long hops;
  private long refusals;

  private FlowWalk(String name, Flow flow) {
    this.name = name;
    this.flow = flow;
    this.ref = new FlowRef(FlowSid.named(name), name, 1);
    this.vocabulary = new Vocabulary(flow);
    for (Widget widget : flow.widgets().values()) {
      for (Transition transition : widget.transitions()) {
        exits.put(new Hop(widget.name(), transition.event(), transition.next().orElse("")), 0L);
      }
    }
  }

  /// @param name the name that the flow is known by in what comes of it
  public static Walked walk(String name, Flow flow, int runs, long seed) {
    FlowWalk walk = new FlowWalk(name, flow);
    List<Entry> entries = walk.entries();
    for (int run = 0; run < runs; run++) {
      walk.run(run, entries, Dice.ofRun(seed, run));
    }
    return walk.walked(runs, seed);
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
    World world =
        new World(ref, entry.flow(), vocabulary, dice, (_, step) -> count(step, entry.event()));
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

  private void count(Step step, String entry) {
    events++;
    switch (step) {
      case Step.Refused _ -> refusals++;
      case Step.Turn turn -> {
        for (Hop hop : turn.path()) {
          hops++;
          Hop exit =
              hop.widget().equals(flow.initialState())
                  ? new Hop(hop.widget(), entry, hop.next())
                  : hop;
          exits.merge(exit, 1L, Long::sum);
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
