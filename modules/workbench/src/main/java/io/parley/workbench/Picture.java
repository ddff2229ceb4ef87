package io.parley.workbench;

import io.parley.engine.flow.AddTwimlRedirect;
import io.parley.engine.flow.Condition;
import io.parley.engine.flow.ConditionType;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.GateOffer;
import io.parley.engine.flow.HandOver;
import io.parley.engine.flow.KnownWidget;
import io.parley.engine.flow.MakeHttpRequest;
import io.parley.engine.flow.Message;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;

/// What a drawing of a flow shows: a box for each widget, an arrow from one to another with all
/// that it is taken by. What is not wired is not shown, but for how often executions ended there
/// where that is known.
///
/// @param boxes in the file's order
record Picture(List<Box> boxes, List<Arrow> arrows) {

  private static final int MAX_LABEL = 32;
  private static final Pattern OUTPUT = Pattern.compile("\\{\\{\\s*+([^}]*?)\\s*+}}");

  /// @param detail what it says, asks or does, in few words
  /// @param ends how often executions ended at which of its exits; empty text where that is not
  ///     known, or none did
  record Box(String name, Kind kind, String detail, String ends) {}

  /// @param from a box by its number, like `to`
  /// @param ways what it is taken by; never empty
  record Arrow(int from, int to, List<Taken> ways) {

    Arrow {
      ways = List.copyOf(ways);
    }

    /// All that it is taken by, on one line.
    String label() {
      return String.join(" / ", ways.stream().map(Taken::label).toList());
    }

    /// Whether it is known that nothing ever went this way.
    boolean isUntaken() {
      return ways.stream().allMatch(Taken::isNever);
    }

    /// How often anything went this way, as far as is known.
    long count() {
      return ways.stream().mapToLong(it -> it.count().orElse(0)).sum();
    }
  }

  /// What an arrow is taken by, and how often it was; empty where that is not known.
  record Taken(String when, OptionalLong count) {

    boolean isNever() {
      return count.isPresent() && count.getAsLong() == 0;
    }

    /// `timeout`, `timeout: 12` or `timeout: never`.
    String label() {
      return when + said();
    }

    /// What a label says of the count: nothing, `: 12` or `: never`.
    String said() {
      if (count.isEmpty()) {
        return "";
      }
      return isNever() ? ": never" : ": " + count.getAsLong();
    }
  }

  enum Kind {
    TRIGGER,
    MESSAGE,
    QUESTION,
    SPLIT,
    VARIABLES,
    CALL,
    HUMAN,
    WAIT,
    /// What Parley reads and does not run.
    OTHER
  }

  static Picture of(Flow flow) {
    return of(flow, (_, _) -> OptionalLong.empty());
  }

  static Picture of(Flow flow, Traffic traffic) {
    return of(flow, traffic::count);
  }

  private static Picture of(Flow flow, BiFunction<Widget, Transition, OptionalLong> counts) {
    List<String> names = List.copyOf(flow.widgets().keySet());
    List<Box> boxes = new ArrayList<>();
    List<Arrow> arrows = new ArrayList<>();
    for (Widget widget : flow.widgets().values()) {
      Map<String, List<Taken>> ways = ways(widget, it -> counts.apply(widget, it));
      int from = boxes.size();
      String ends =
          String.join(
              ", ",
              ways.getOrDefault("", List.of()).stream()
                  .filter(it -> it.count().orElse(0) > 0)
                  .map(Taken::label)
                  .toList());
      ways.remove("");
      ways.forEach((to, taken) -> arrows.add(new Arrow(from, names.indexOf(to), taken)));
      boxes.add(box(widget, ends));
    }
    return new Picture(boxes, arrows);
  }

  /// The ways out of a widget by where they lead. Those of one event that lead to the same widget
  /// are counted together, and so are one where they are counted.
  private static Map<String, List<Taken>> ways(
      Widget widget, Function<Transition, OptionalLong> counts) {
    Map<String, Map<String, Taken>> ways = new LinkedHashMap<>();
    for (Transition transition : widget.transitions()) {
      OptionalLong count = counts.apply(transition);
      String one = count.isPresent() ? transition.event() : label(transition);
      ways.computeIfAbsent(transition.next().orElse(""), _ -> new LinkedHashMap<>())
          .merge(
              one,
              new Taken(label(transition), count),
              (a, b) -> new Taken(a.when() + " / " + b.when(), count));
    }
    Map<String, List<Taken>> taken = new LinkedHashMap<>();
    ways.forEach((next, each) -> taken.put(next, List.copyOf(each.values())));
    return taken;
  }

  private static Box box(Widget widget, String ends) {
    return switch (widget) {
      case Trigger it -> new Box(it.name(), Kind.TRIGGER, "", ends);
      case SendMessage it -> new Box(it.name(), Kind.MESSAGE, said(it.message()), ends);
      case SendAndWaitForReply it -> new Box(it.name(), Kind.QUESTION, said(it.message()), ends);
      case SplitBasedOn it -> new Box(it.name(), Kind.SPLIT, cut(it.input()), ends);
      case SetVariables it ->
          new Box(
              it.name(),
              Kind.VARIABLES,
              cut(String.join(", ", it.variables().stream().map(v -> v.key()).toList())),
              ends);
      case MakeHttpRequest it ->
          new Box(it.name(), Kind.CALL, cut(it.method() + " " + it.url()), ends);
      case RunFunction it ->
          new Box(
              it.name(), Kind.CALL, cut(it.url().isBlank() ? it.functionSid() : it.url()), ends);
      case RunSubflow it -> new Box(it.name(), Kind.CALL, cut("runs " + it.flow()), ends);
      case StartConversation it -> new Box(it.name(), Kind.CALL, "opens a conversation", ends);
      case ResumeConversation it ->
          new Box(it.name(), Kind.CALL, cut("goes on in " + it.conversation()), ends);
      case SendToFlex it ->
          new Box(it.name(), Kind.HUMAN, cut("hands over to " + it.workflow()), ends);
      case HandOver it ->
          new Box(
              it.name(),
              Kind.HUMAN,
              cut("hands over" + (it.topic().isBlank() ? "" : " to " + it.topic())),
              ends);
      case AddTwimlRedirect it ->
          new Box(it.name(), Kind.CALL, cut("redirects to " + it.url()), ends);
      case Wait it ->
          new Box(
              it.name(),
              Kind.WAIT,
              cut(
                  it.hours().isPresent()
                      ? "waits for open hours"
                      : "waits " + it.duration() + it.until()),
              ends);
      case WaitForEvent it -> new Box(it.name(), Kind.WAIT, cut("waits for " + it.event()), ends);
      case RandomSplit it -> new Box(it.name(), Kind.SPLIT, "at random", ends);
      case GateOffer it -> new Box(it.name(), Kind.SPLIT, cut("offers " + it.offer()), ends);
      case KnownWidget it -> new Box(it.name(), Kind.OTHER, it.type(), ends);
    };
  }

  private static String said(Message message) {
    return cut(message.contentSid().isBlank() ? message.body() : message.contentSid());
  }

  private static String label(Transition transition) {
    if (transition.conditions().isEmpty()) {
      return transition.event();
    }
    Condition first = transition.conditions().getFirst();
    boolean asksNothing =
        first.type() == ConditionType.IS_BLANK || first.type() == ConditionType.IS_NOT_BLANK;
    return cut(first.type().word() + (asksNothing ? "" : " " + first.value()));
  }

  /// One line of printable characters, and not a long one.
  static String cut(String text) {
    String line =
        OUTPUT.matcher(text).replaceAll("{$1}").replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    int length = line.codePointCount(0, line.length());
    return length <= MAX_LABEL
        ? line
        : line.substring(0, line.offsetByCodePoints(0, MAX_LABEL - 1)) + "…";
  }
}
