package io.parley.workbench;

import io.parley.engine.flow.MakeHttpRequest;
import io.parley.engine.flow.Parameter;
import io.parley.engine.flow.RandomSplit;
import io.parley.engine.flow.RunFunction;
import io.parley.engine.flow.SendAndWaitForReply;
import io.parley.engine.flow.SendMessage;
import io.parley.engine.flow.SetVariables;
import io.parley.engine.flow.SplitBasedOn;
import io.parley.engine.flow.Trigger;
import io.parley.engine.flow.Wait;
import io.parley.engine.flow.WaitForEvent;
import io.parley.engine.flow.Widget;
import io.parley.engine.liquid.Templates;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the templates of a flow read, and whether it is ever there.
final class TemplateCheck {

  /// Source: Studio documentation, Liquid variables, and public flows.
  private static final Map<String, Set<String>> MEMBERS =
      Map.of(
          "flow", Set.of("sid", "flow_sid", "channel", "data", "variables", "offer"),
          "trigger", Set.of("message", "request", "conversation", "call", "parent"),
          "contact", Set.of("channel"));

  /// Which there are, the policy says.
  private static final String CALENDARS = "calendars";

  private static final Set<String> LITERALS =
      Set.of("true", "false", "nil", "null", "blank", "empty", "forloop", "tablerowloop");

  private final FlowMap map;
  private final Notebook notes;
  private final Set<String> reached;
  private final Set<String> variables;
  private final Map<String, Set<String>> before = new HashMap<>();

  private TemplateCheck(FlowMap map, Notebook notes) {
    this.map = map;
    this.notes = notes;
    this.reached = map.reached();
    this.variables =
        map.flow().widgets().values().stream()
            .filter(SetVariables.class::isInstance)
            .flatMap(widget -> keys((SetVariables) widget).stream())
            .collect(Collectors.toCollection(TreeSet::new));
    for (String name : map.flow().widgets().keySet()) {
      for (String later : map.after(name, _ -> true)) {
        before.computeIfAbsent(later, _ -> new LinkedHashSet<>()).add(name);
      }
    }
  }

  static void check(FlowMap map, Notebook notes) {
    TemplateCheck check = new TemplateCheck(map, notes);
    if (map.flow().definition().entries().get("states") instanceof List<?> states) {
      for (Object item : states) {
        if (item instanceof Map<?, ?> state && state.get("name") instanceof String name) {
          map.flow().widget(name).ifPresent(widget -> check.checkState(widget, state));
        }
      }
    }
  }

  private void checkState(Widget widget, Map<?, ?> state) {
    String pointer = map.pointer(widget);
    checkTexts(widget, pointer + "/properties", state.get("properties"));
    checkTexts(widget, pointer + "/transitions", state.get("transitions"));
  }

  private void checkTexts(Widget widget, String pointer, @Nullable Object value) {
    switch (value) {
      case String text when !Templates.isPlain(text) -> checkTemplate(widget, pointer, text);
      case Map<?, ?> object ->
          object.forEach((key, entry) -> checkTexts(widget, pointer + "/" + key, entry));
      case List<?> items -> {
        for (int i = 0; i < items.size(); i++) {
          checkTexts(widget, pointer + "/" + i, items.get(i));
        }
      }
      case null, default -> {}
    }
  }

  private void checkTemplate(Widget widget, String pointer, String template) {
    if (widget instanceof SplitBasedOn split
        && pointer.contains("/arguments/")
        && template.equals(split.input())) {
      notes.pass(pointer); // said of the input already
      return;
    }
    Optional<String> broken = Templates.problem(template);
    if (broken.isPresent()) {
      notes.add(
          Rule.BROKEN_LIQUID,
          pointer,
          "widget %s: the template renders as nothing: %s".formatted(widget.name(), broken.get()));
      return;
    }
    TemplatePaths read = TemplatePaths.of(template);
    for (String head : read.heads()) {
      boolean known =
          MEMBERS.containsKey(head)
              || head.equals("widgets")
              || head.equals(CALENDARS)
              || LITERALS.contains(head)
              || read.locals().contains(head);
      if (!known) {
        notes.add(
            Rule.UNKNOWN_NAME,
            pointer,
            "widget %s reads %s, which is always empty".formatted(widget.name(), head));
      }
    }
    new LinkedHashSet<>(read.paths()).forEach(path -> checkPath(widget, pointer, path));
  }

  private void checkPath(Widget reader, String pointer, List<String> path) {
    if (path.size() < 2 || path.getFirst().equals(CALENDARS)) {
      return;
    }
    String reads = "widget %s reads %s, ".formatted(reader.name(), String.join(".", path));
    if (path.getFirst().equals("widgets")) {
      checkWidgetPath(reader, pointer, path, reads);
    } else if (!MEMBERS.getOrDefault(path.getFirst(), Set.of()).contains(path.get(1))) {
      notes.add(Rule.UNKNOWN_NAME, pointer, reads + "which is always empty");
    } else if (path.get(1).equals("variables") && path.size() > 2) {
      if (!variables.contains(path.get(2))) {
        notes.add(Rule.UNSET_VARIABLE, pointer, reads + "which no widget sets");
      }
    }
  }

  private void checkWidgetPath(Widget reader, String pointer, List<String> path, String reads) {
    Optional<Widget> source = map.flow().widget(path.get(1));
    if (source.isEmpty()) {
      notes.add(Rule.UNKNOWN_WIDGET_READ, pointer, reads + "and there is no widget " + path.get(1));
      return;
    }
    boolean earlier = before.getOrDefault(reader.name(), Set.of()).contains(source.get().name());
    if (!earlier && reached.contains(reader.name())) {
      notes.add(
          Rule.READ_BEFORE_RUN,
          pointer,
          reads + "and %s cannot have run by then".formatted(source.get().name()));
      return;
    }
    Optional<Set<String>> outputs = outputs(source.get());
    if (path.size() > 2 && outputs.isPresent() && !outputs.get().contains(path.get(2))) {
      notes.add(
          Rule.UNKNOWN_OUTPUT,
          pointer,
          reads
              + (outputs.get().isEmpty()
                  ? "and %s writes nothing".formatted(source.get().name())
                  : "and %s writes only %s"
                      .formatted(source.get().name(), String.join(", ", outputs.get()))));
    }
  }

  /// What a widget writes, by first name; empty where that is not known.
  private static Optional<Set<String>> outputs(Widget widget) {
    return switch (widget) {
      case SendMessage _ -> Optional.of(new TreeSet<>(Set.of("outbound")));
      case SendAndWaitForReply _ -> Optional.of(new TreeSet<>(Set.of("inbound", "outbound")));
      case SetVariables set -> Optional.of(keys(set));
      case MakeHttpRequest _ ->
          Optional.of(new TreeSet<>(Set.of("body", "content_type", "status_code", "parsed")));
      case RunFunction _ ->
          Optional.of(
              new TreeSet<>(Set.of("body", "content_type", "status_code", "parsed", "headers")));
      case WaitForEvent _ -> Optional.of(new TreeSet<>(Set.of("event")));
      case RandomSplit _ -> Optional.of(new TreeSet<>(Set.of("branch")));
      case SplitBasedOn _, Trigger _, Wait _ -> Optional.of(Set.of());
      default -> Optional.empty();
    };
  }

  private static Set<String> keys(SetVariables widget) {
    return widget.variables().stream()
        .map(Parameter::key)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
