package io.parley.workbench;

import io.parley.engine.flow.AddTwimlRedirect;
import io.parley.engine.flow.Condition;
import io.parley.engine.flow.ConditionType;
import io.parley.engine.flow.Flow;
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
import java.util.regex.Pattern;

/// What a drawing of a flow shows: a box for each widget, an arrow from one to another with all
/// that it is taken by. What is not wired is not shown.
///
/// @param boxes in the file's order
record Picture(List<Box> boxes, List<Arrow> arrows) {

  private static final int MAX_LABEL = 32;
  private static final Pattern OUTPUT = Pattern.compile("\\{\\{\\s*+([^}]*?)\\s*+}}");

  /// @param detail what it says, asks or does, in few words
  record Box(String name, Kind kind, String detail) {}

  /// @param from a box by its number, like `to`
  record Arrow(int from, int to, String label) {}

  enum Kind {
    TRIGGER,
    MESSAGE,
    QUESTION,
    SPLIT,
    VARIABLES,
    OTHER
  }

  static Picture of(Flow flow) {
    List<String> names = List.copyOf(flow.widgets().keySet());
    List<Box> boxes = new ArrayList<>();
    List<Arrow> arrows = new ArrayList<>();
    for (Widget widget : flow.widgets().values()) {
      Map<String, String> labels = new LinkedHashMap<>();
      for (Transition transition : widget.transitions()) {
        transition
            .next()
            .ifPresent(next -> labels.merge(next, label(transition), (a, b) -> a + " / " + b));
      }
      int from = boxes.size();
      labels.forEach((to, label) -> arrows.add(new Arrow(from, names.indexOf(to), label)));
      boxes.add(box(widget));
    }
    return new Picture(boxes, arrows);
  }

  private static Box box(Widget widget) {
    return switch (widget) {
      case Trigger it -> new Box(it.name(), Kind.TRIGGER, "");
      case SendMessage it -> new Box(it.name(), Kind.MESSAGE, said(it.message()));
      case SendAndWaitForReply it -> new Box(it.name(), Kind.QUESTION, said(it.message()));
      case SplitBasedOn it -> new Box(it.name(), Kind.SPLIT, cut(it.input()));
      case SetVariables it ->
          new Box(
              it.name(),
              Kind.VARIABLES,
              cut(String.join(", ", it.variables().stream().map(v -> v.key()).toList())));
      case MakeHttpRequest it -> new Box(it.name(), Kind.OTHER, cut(it.method() + " " + it.url()));
      case RunFunction it ->
          new Box(it.name(), Kind.OTHER, cut(it.url().isBlank() ? it.functionSid() : it.url()));
      case RunSubflow it -> new Box(it.name(), Kind.OTHER, "runs " + it.flow());
      case StartConversation it -> new Box(it.name(), Kind.OTHER, "opens a conversation");
      case ResumeConversation it -> new Box(it.name(), Kind.OTHER, cut("in " + it.conversation()));
      case SendToFlex it -> new Box(it.name(), Kind.OTHER, "hands over to " + cut(it.workflow()));
      case AddTwimlRedirect it -> new Box(it.name(), Kind.OTHER, cut("redirects to " + it.url()));
      case Wait it -> new Box(it.name(), Kind.OTHER, cut("waits " + it.duration() + it.until()));
      case WaitForEvent it -> new Box(it.name(), Kind.OTHER, cut("waits for " + it.event()));
      case RandomSplit it -> new Box(it.name(), Kind.SPLIT, "at random");
      case KnownWidget it -> new Box(it.name(), Kind.OTHER, it.type());
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
