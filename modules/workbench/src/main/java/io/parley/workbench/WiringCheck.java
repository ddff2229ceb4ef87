package io.parley.workbench;

import io.parley.engine.flow.AddTwimlRedirect;
import io.parley.engine.flow.KnownWidget;
import io.parley.engine.flow.MakeHttpRequest;
import io.parley.engine.flow.Parameter;
import io.parley.engine.flow.RandomSplit;
import io.parley.engine.flow.RunFunction;
import io.parley.engine.flow.RunSubflow;
import io.parley.engine.flow.SendAndWaitForReply;
import io.parley.engine.flow.SendMessage;
import io.parley.engine.flow.SendToFlex;
import io.parley.engine.flow.SetVariables;
import io.parley.engine.flow.SplitBasedOn;
import io.parley.engine.flow.Transition;
import io.parley.engine.flow.Trigger;
import io.parley.engine.flow.Wait;
import io.parley.engine.flow.WaitForEvent;
import io.parley.engine.flow.Widget;
import io.parley.workbench.FlowMap.Way;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// Where the widgets of a flow lead, where they do not, and where they lead round and round.
final class WiringCheck {

  /// Source: Studio FAQ, lifetime of an execution.
  private static final Duration LIFE = Duration.ofDays(30);

  private final FlowMap map;
  private final Notebook notes;
  private final Set<String> reached;

  private WiringCheck(FlowMap map, Notebook notes) {
    this.map = map;
    this.notes = notes;
    this.reached = map.reached();
  }

  static void check(FlowMap map, Notebook notes) {
    WiringCheck check = new WiringCheck(map, notes);
    map.flow().widgets().values().forEach(check::checkWidget);
    check.checkCycles();
    check.checkHuman();
  }

  private void checkWidget(Widget widget) {
    if (!reached.contains(widget.name())) {
      notes.add(
          Rule.UNREACHABLE_WIDGET,
          map.pointer(widget) + "/name",
          "widget %s is never reached".formatted(widget.name()));
    }
    switch (widget) {
      case Trigger trigger -> checkTrigger(trigger);
      case SendAndWaitForReply question -> checkQuestion(question);
      case SendMessage message -> checkMessage(message);
      case SplitBasedOn split ->
          checkWired(
              split,
              "noMatch",
              Rule.UNWIRED_NO_MATCH,
              "widget %s leads nowhere when nothing matches, and the conversation ends");
      case KnownWidget known ->
          notes.add(
              Rule.UNSUPPORTED_WIDGET,
              map.pointer(known) + "/type",
              "widget %s is of type %s, which ends the execution here"
                  .formatted(known.name(), known.type()));
      default -> {}
    }
  }

  private void checkTrigger(Trigger trigger) {
    boolean starts =
        trigger.next(Trigger.INCOMING_MESSAGE).isPresent()
            || trigger.next(Trigger.INCOMING_REQUEST).isPresent()
            || trigger.next(Trigger.INCOMING_CONVERSATION_MESSAGE).isPresent()
            || trigger.next(Trigger.INCOMING_PARENT).isPresent();
    if (!starts) {
      notes.add(
          Rule.NO_MESSAGING_TRIGGER,
          map.pointer(trigger) + "/transitions",
          "widget %s leads nowhere by incomingMessage, incomingRequest, incomingConversationMessage"
                  .formatted(trigger.name())
              + " and incomingParent, which is how executions begin here");
    }
  }

  private void checkQuestion(SendAndWaitForReply question) {
    checkWired(
        question,
        "timeout",
        Rule.UNWIRED_TIMEOUT,
        "widget %s leads nowhere at timeout: who does not answer is left without a word");
    checkWired(
        question,
        "deliveryFailure",
        Rule.UNWIRED_DELIVERY_FAILURE,
        "widget %s leads nowhere at deliveryFailure: who cannot be asked is lost without a word");
    if (question.timeout().compareTo(LIFE) >= 0) {
      notes.add(
          Rule.TIMEOUT_BEYOND_LIFE,
          map.pointer(question) + "/properties/timeout",
          "widget %s waits %d days, and the execution lives 30"
              .formatted(question.name(), question.timeout().toDays()));
    }
  }

  private void checkMessage(SendMessage message) {
    if (message.next("sent").isPresent()) {
      checkWired(
          message,
          "failed",
          Rule.UNWIRED_SEND_FAILURE,
          "widget %s leads on at sent, and nowhere at failed");
    }
  }

  private void checkWired(Widget widget, String event, Rule rule, String sentence) {
    if (widget.next(event).isEmpty()) {
      notes.add(rule, map.pointer(widget, event), sentence.formatted(widget.name()));
    }
  }

  private void checkCycles() {
    Predicate<Way> silent = way -> isSilent(way.from());
    Predicate<Way> sending = silent.or(way -> way.from() instanceof SendMessage);
    Predicate<Way> unanswered =
        sending.or(
            way ->
                way.from() instanceof SendAndWaitForReply
                    && !way.event().equals("incomingMessage"));
    Set<String> known = new LinkedHashSet<>();
    report(
        map.cycles(silent),
        known,
        Rule.ENDLESS_CYCLE,
        "%s lead round in a circle without a message or a wait");
    report(
        map.cycles(sending),
        known,
        Rule.MESSAGE_STORM,
        "%s send messages round in a circle without waiting for a reply");
    report(
        map.cycles(unanswered),
        known,
        Rule.NAGGING_CYCLE,
        "%s ask again and again as long as no reply comes");
  }

  /// Reports the cycles that have nothing of an earlier, worse one, and do not count their rounds.
  private void report(List<Set<String>> cycles, Set<String> known, Rule rule, String sentence) {
    for (Set<String> cycle : cycles) {
      String first = cycle.iterator().next();
      if (cycle.stream().noneMatch(known::contains) && reached.contains(first)) {
        known.addAll(cycle);
        if (!isCounted(cycle)) {
          String names = (cycle.size() == 1 ? "widget " : "widgets ") + String.join(", ", cycle);
          String place = map.flow().widget(first).map(map::pointer).orElse("#/states");
          String said = verb(sentence, cycle.size()).formatted(names);
          notes.add(rule, place + "/transitions", said);
        }
      }
    }
  }

  /// Whether a split of a cycle leads out of it by a variable that each round makes another of.
  private boolean isCounted(Set<String> cycle) {
    List<Widget> widgets = cycle.stream().flatMap(it -> map.flow().widget(it).stream()).toList();
    Set<String> counters = new LinkedHashSet<>();
    for (Widget widget : widgets) {
      if (widget instanceof SetVariables set) {
        for (Parameter variable : set.variables()) {
          Set<String> names =
              Set.of(
                  "flow.variables." + variable.key(),
                  "widgets.%s.%s".formatted(set.name(), variable.key()));
          if (reads(variable.value(), names)) {
            counters.addAll(names);
          }
        }
      }
    }
    return widgets.stream()
        .filter(SplitBasedOn.class::isInstance)
        .filter(it -> it.transitions().stream().anyMatch(way -> leaves(way, cycle)))
        .flatMap(it -> it.transitions().stream())
        .flatMap(way -> way.conditions().stream())
        .anyMatch(condition -> reads(condition.subject(), counters));
  }

  private static boolean leaves(Transition way, Set<String> cycle) {
    return way.next().filter(cycle::contains).isEmpty();
  }

  private static boolean reads(String template, Set<String> names) {
    return TemplatePaths.of(template).paths().stream()
        .anyMatch(path -> names.contains(String.join(".", path)));
  }

  private static String verb(String sentence, int widgets) {
    return widgets > 1
        ? sentence
        : sentence
            .replace("%s lead ", "%s leads ")
            .replace("%s send ", "%s sends ")
            .replace("%s ask ", "%s asks ");
  }

  private static boolean isSilent(Widget widget) {
    return switch (widget) {
      case SendMessage _,
          SendAndWaitForReply _,
          SendToFlex _,
          AddTwimlRedirect _,
          Wait _,
          WaitForEvent _,
          KnownWidget _,
          Trigger _ ->
          false;
      case SplitBasedOn _,
          SetVariables _,
          MakeHttpRequest _,
          RunFunction _,
          RunSubflow _,
          RandomSplit _ ->
          true;
    };
  }

  private void checkHuman() {
    List<Widget> seen = reached.stream().flatMap(n -> map.flow().widget(n).stream()).toList();
    boolean asks = seen.stream().anyMatch(SendAndWaitForReply.class::isInstance);
    boolean human = seen.stream().anyMatch(SendToFlex.class::isInstance);
    if (asks && !human) {
      notes.add(Rule.NO_HUMAN, "#/states", "no send-to-flex widget is reached from any question");
    }
  }
}
