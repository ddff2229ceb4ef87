package io.parley.workbench;

import io.parley.engine.FlowSid;
import io.parley.engine.flow.AddTwimlRedirect;
import io.parley.engine.flow.BuiltInFunction;
import io.parley.engine.flow.Condition;
import io.parley.engine.flow.ConditionType;
import io.parley.engine.flow.Durations;
import io.parley.engine.flow.GateOffer;
import io.parley.engine.flow.HandOver;
import io.parley.engine.flow.KnownWidget;
import io.parley.engine.flow.MakeHttpRequest;
import io.parley.engine.flow.Parameter;
import io.parley.engine.flow.RandomSplit;
import io.parley.engine.flow.ResumeConversation;
import io.parley.engine.flow.RunFunction;
import io.parley.engine.flow.RunSubflow;
import io.parley.engine.flow.SendAndWaitForReply;
import io.parley.engine.flow.SendMessage;
import io.parley.engine.flow.SendToFlex;
import io.parley.engine.flow.SetVariables;
import io.parley.engine.flow.SplitBasedOn;
import io.parley.engine.flow.StartConversation;
import io.parley.engine.flow.Transition;
import io.parley.engine.flow.Trigger;
import io.parley.engine.flow.Wait;
import io.parley.engine.flow.WaitForEvent;
import io.parley.engine.flow.Widget;
import io.parley.engine.liquid.Templates;
import io.parley.workbench.FlowMap.Way;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Where the widgets of a flow lead, where they do not, and where they lead round and round.
final class WiringCheck {

  /// Source: Studio FAQ, lifetime of an execution.
  private static final Duration LIFE = Duration.ofDays(30);

  /// Of a condition that holds, the one of the same value that does not.
  private static final Map<ConditionType, ConditionType> OPPOSITES =
      Map.of(
          ConditionType.EQUAL_TO, ConditionType.NOT_EQUAL_TO,
          ConditionType.IS_BLANK, ConditionType.IS_NOT_BLANK,
          ConditionType.CONTAINS, ConditionType.DOES_NOT_CONTAIN,
          ConditionType.STARTS_WITH, ConditionType.DOES_NOT_START_WITH,
          ConditionType.MATCHES_ANY_OF, ConditionType.DOES_NOT_MATCH_ANY_OF);

  private static final String URL = "(?i)https?://[^\\s/?#${}]+([/?#]\\S*)?";

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
    check.checkRevisions();
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
      case SplitBasedOn split -> {
        if (!takesAll(split)) {
          checkWired(
              split,
              "noMatch",
              Rule.UNWIRED_NO_MATCH,
              "widget %s leads nowhere when nothing matches, and the conversation ends");
        }
      }
      case MakeHttpRequest request -> {
        checkUrl(request, request.url());
        checkCall(request, "success", "failed", "the request");
      }
      case RunFunction function -> {
        // A path, or none: where the function runs is configuration.
        if (BuiltInFunction.isMeant(function.url().strip())) {
          checkBuiltIn(function);
        } else if (function.functionSid().isBlank() && !function.url().startsWith("/")) {
          checkUrl(function, function.url());
        }
        checkCall(function, "success", "fail", "the function");
      }
      case RunSubflow subflow -> checkCall(subflow, "completed", "failed", "the subflow");
      case StartConversation opening -> checkFails(opening, "failed", "the conversation");
      case ResumeConversation opening -> checkFails(opening, "failed", "the conversation");
      case AddTwimlRedirect redirect -> {
        checkUrl(redirect, redirect.url());
        checkCall(redirect, "return", "fail", "the redirect");
      }
      case SendToFlex handoff -> checkFails(handoff, "failedToEnqueue", "the handoff");
      case HandOver handoff -> checkFails(handoff, "failed", "the handoff");
      case Wait wait -> checkWait(wait);
      case WaitForEvent wait -> checkWait(wait);
      case GateOffer gate -> checkFails(gate, "withheld", "the offer");
      case KnownWidget known ->
          notes.add(
              Rule.UNSUPPORTED_WIDGET,
              map.pointer(known) + "/type",
              "widget %s is of type %s, which ends the execution here"
                  .formatted(known.name(), known.type()));
      case SetVariables _, RandomSplit _ -> {}
    }
  }

  /// Whether two of a split's transitions ask for a thing and for its opposite.
  private static boolean takesAll(SplitBasedOn split) {
    List<Condition> lone =
        split.transitions().stream()
            .filter(it -> it.next().isPresent() && it.conditions().size() == 1)
            .map(it -> it.conditions().getFirst())
            .toList();
    return lone.stream()
        .anyMatch(
            one ->
                lone.stream()
                    .anyMatch(
                        other ->
                            OPPOSITES.get(one.type()) == other.type()
                                && one.subject().equals(other.subject())
                                && one.value().equals(other.value())));
  }

  private void checkUrl(Widget widget, String url) {
    boolean called = url.isBlank() || !Templates.isPlain(url) || url.strip().matches(URL);
    if (!called) {
      notes.add(
          Rule.BROKEN_URL,
          map.pointer(widget) + "/properties/url",
          "widget %s calls %s, which is no URL".formatted(widget.name(), url.strip()));
    }
  }

  private void checkBuiltIn(RunFunction function) {
    String name = function.url().strip();
    Optional<BuiltInFunction> known = BuiltInFunction.parse(name);
    if (known.isEmpty()) {
      notes.add(
          Rule.UNKNOWN_FUNCTION,
          map.pointer(function) + "/properties/url",
          "widget %s runs an %s"
              .formatted(
                  function.name(), Nearest.unknown("function", name, BuiltInFunction.words())));
      return;
    }
    Set<String> given = new LinkedHashSet<>();
    function.parameters().forEach(it -> given.add(it.key()));
    for (String parameter : given) {
      if (!known.get().takes(parameter)) {
        notes.add(
            Rule.FUNCTION_PARAMETERS,
            map.pointer(function) + "/properties/parameters",
            "widget %s gives %s an %s"
                .formatted(
                    function.name(),
                    name,
                    Nearest.unknown("parameter", parameter, known.get().parameters())));
      }
    }
    for (String parameter : known.get().required()) {
      if (!given.contains(parameter)) {
        notes.add(
            Rule.FUNCTION_PARAMETERS,
            map.pointer(function) + "/properties/parameters",
            "widget %s gives %s no %s".formatted(function.name(), name, parameter));
      }
    }
  }

  /// @param what in words
  private void checkCall(Widget widget, String success, String failure, String what) {
    if (widget.next(success).isPresent()) {
      checkFails(widget, failure, what);
    }
  }

  private void checkFails(Widget widget, String failure, String what) {
    checkWired(
        widget,
        failure,
        Rule.UNWIRED_FAILURE,
        "widget %%s leads nowhere at %s: where %s fails, the conversation ends without a word"
            .formatted(failure, what));
  }

  private void checkWait(Wait wait) {
    boolean templated = !Templates.isPlain(wait.duration()) || !Templates.isPlain(wait.until());
    if (templated && wait.next("next").isPresent()) {
      checkFails(wait, "failed", "its template");
    }
    Durations.inFlow(wait.duration().strip())
        .ifPresent(it -> checkLife(wait, it, "/properties/duration"));
  }

  private void checkWait(WaitForEvent wait) {
    if (wait.next("occurred").isPresent()) {
      checkWired(
          wait,
          "timeout",
          Rule.UNWIRED_TIMEOUT,
          "widget %s leads nowhere at timeout: where nothing happens, the conversation ends without a"
              + " word");
    }
    if (wait.timeout().compareTo(LIFE) > 0) {
      checkLife(wait, wait.timeout(), "/properties/timeout");
    }
  }

  private void checkLife(Widget widget, Duration wait, String property) {
    if (wait.compareTo(LIFE) >= 0) {
      notes.add(
          Rule.TIMEOUT_BEYOND_LIFE,
          map.pointer(widget) + property,
          "widget %s waits %d days, and the execution lives 30"
              .formatted(widget.name(), wait.toDays()));
    }
  }

  /// Source: Studio documentation, limits of subflows.
  private void checkRevisions() {
    Map<FlowSid, String> revisions = new HashMap<>();
    for (Widget widget : map.flow().widgets().values()) {
      if (widget instanceof RunSubflow subflow) {
        String other = revisions.putIfAbsent(subflow.flow(), subflow.revision());
        if (other != null && !other.equals(subflow.revision())) {
          notes.add(
              Rule.SUBFLOW_REVISIONS,
              map.pointer(subflow) + "/properties/flow_revision",
              "widget %s runs %s of a flow of which another widget runs %s"
                  .formatted(subflow.name(), subflow.revision(), other));
        }
      }
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
    checkLife(question, question.timeout(), "/properties/timeout");
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
    Predicate<Way> calling = silent.or(way -> isCall(way.from()));
    Predicate<Way> sending = calling.or(way -> way.from() instanceof SendMessage);
    Predicate<Way> unanswered = sending.or(WiringCheck::isUnanswered);
    Set<String> known = new LinkedHashSet<>();
    report(
        map.cycles(silent),
        known,
        Rule.ENDLESS_CYCLE,
        "%s lead round in a circle without a message or a wait");
    report(
        map.cycles(calling),
        known,
        Rule.POLLING_CYCLE,
        "%s make requests round in a circle without a message or a wait");
    report(
        map.cycles(sending),
        known,
        Rule.MESSAGE_STORM,
        "%s send messages round in a circle without waiting for a reply");
    List<Set<String>> waiting = map.cycles(unanswered);
    report(
        having(waiting, SendAndWaitForReply.class),
        known,
        Rule.NAGGING_CYCLE,
        "%s ask again and again as long as no reply comes");
    report(
        having(waiting, SendMessage.class),
        known,
        Rule.NAGGING_CYCLE,
        "%s send messages again and again, whatever the contact does");
    report(
        waiting.stream().filter(it -> !isLeft(it)).toList(),
        known,
        Rule.ENDLESS_WAIT,
        "%s wait again and again, and nothing leads away");
  }

  /// Whether a way is taken after a while, without any word of the contact's.
  private static boolean isUnanswered(Way way) {
    return switch (way.from()) {
      case SendAndWaitForReply _ -> !way.event().equals("incomingMessage");
      case WaitForEvent _ -> way.event().equals("timeout");
      case Wait _ -> true;
      default -> false;
    };
  }

  private List<Set<String>> having(List<Set<String>> cycles, Class<? extends Widget> type) {
    return cycles.stream()
        .filter(
            it ->
                it.stream().flatMap(n -> map.flow().widget(n).stream()).anyMatch(type::isInstance))
        .toList();
  }

  private boolean isLeft(Set<String> cycle) {
    return cycle.stream()
        .flatMap(name -> map.ways(name).stream())
        .anyMatch(way -> !cycle.contains(way.to()));
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
            .replace("%s ask ", "%s asks ")
            .replace("%s make ", "%s makes ")
            .replace("%s wait ", "%s waits ");
  }

  /// Whether a widget neither says, asks nor waits for anything. What a subflow does is not known.
  private static boolean isSilent(Widget widget) {
    return switch (widget) {
      case SplitBasedOn _, SetVariables _, RandomSplit _ -> true;
      case SendMessage _,
          SendAndWaitForReply _,
          SendToFlex _,
          HandOver _,
          AddTwimlRedirect _,
          MakeHttpRequest _,
          RunFunction _,
          RunSubflow _,
          StartConversation _,
          ResumeConversation _,
          Wait _,
          WaitForEvent _,
          GateOffer _,
          KnownWidget _,
          Trigger _ ->
          false;
    };
  }

  private static boolean isCall(Widget widget) {
    return widget instanceof MakeHttpRequest || widget instanceof RunFunction;
  }

  /// Says where questions are asked, and no answer leads to a person. What leaves the flow, for a
  /// subflow or another application, may lead to one.
  private void checkHuman() {
    Set<String> answered = new LinkedHashSet<>();
    for (String name : reached) {
      if (map.flow().widget(name).orElseThrow() instanceof SendAndWaitForReply) {
        answered.add(name);
        answered.addAll(map.after(name, _ -> true));
      }
    }
    boolean human =
        answered.stream()
            .flatMap(name -> map.flow().widget(name).stream())
            .anyMatch(
                it ->
                    it instanceof SendToFlex
                        || it instanceof HandOver
                        || it instanceof RunSubflow
                        || it instanceof AddTwimlRedirect);
    if (!answered.isEmpty() && !human) {
      notes.add(Rule.NO_HUMAN, "#/states", "no send-to-flex widget is reached from any question");
    }
  }
}
