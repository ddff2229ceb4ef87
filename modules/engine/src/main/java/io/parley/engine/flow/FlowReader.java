package io.parley.engine.flow;

import static io.parley.engine.flow.Property.flag;
import static io.parley.engine.flow.Property.list;
import static io.parley.engine.flow.Property.object;
import static io.parley.engine.flow.Property.text;

import io.parley.engine.liquid.Templates;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads a flow definition and says everything that is wrong with it at once.
///
/// ```json
/// {"description": "...", "flags": {"allow_concurrent_calls": true}, "initial_state": "Trigger",
///  "states": [{"name": "Trigger", "type": "trigger", "properties": {}, "transitions": [
///    {"event": "incomingRequest", "next": "ask"}]}]}
/// ```
///
/// Source: Studio's flow definition schema (draft/2019-09), widget by widget as far as public flows
/// and documentation show it. Confined to one reading.
public final class FlowReader {

  /// Source: `maxItems` of the schema. The FAQ says 2,000 widgets, subflows included.
  private static final int MAX_STATES = 1_000;

  private static final Pattern WHITE = Pattern.compile("\\s+");
  private static final Pattern NAME = Pattern.compile("\\p{L}[^\\s.]*");

  private static final List<Property> DEFINITION =
      List.of(
          text("description"),
          object("flags"),
          text("initial_state").required(),
          list("states").required());
  private static final List<Property> FLAGS = List.of(flag("allow_concurrent_calls").required());
  private static final List<Property> STATE =
      List.of(
          text("name").required(),
          Property.oneOf("type", WidgetType.words().toArray(String[]::new)).required(),
          object("properties").required(),
          list("transitions").required());

  private static final Set<String> REST_ONLY = Set.of("start-conversation", "resume-conversation");

  private static final Set<String> LEGACY_TYPES =
      Set.of(
          "InitialState",
          "Message",
          "MessagePrompt",
          "Branch",
          "SetVariables",
          "Function",
          "Webhook",
          "SayPlay",
          "Gather",
          "DialV2");

  private final Findings findings = new Findings();
  private final Place definition;
  private final Set<String> names = new HashSet<>();
  private final Set<String> reached = new HashSet<>();
  private final Map<String, Widget> widgets = new LinkedHashMap<>();

  private FlowReader(@Nullable Object tree) {
    this.definition = Place.root(tree, findings);
  }

  /// The flow that a definition describes.
  ///
  /// @param tree the definition as plain Java (see [Values]); nulls may stand in it
  public static FlowReading read(@Nullable Object tree) {
    return new FlowReader(tree).read();
  }

  private FlowReading read() {
    if (isLegacy()) {
      definition
          .get("initial_state")
          .problem(
              "is missing but it is required: this is a console export of before 2020, with types"
                  + " such as InitialState and Branch and the sids of states in `next`; open the"
                  + " flow in Studio and take the JSON of its trigger widget, Show Flow JSON");
    } else if (Property.checkAll(definition, DEFINITION)) {
      readDefinition();
    }
    if (!findings.problems().isEmpty()) {
      return new FlowReading.Invalid(findings.problems());
    }
    Flow flow = new Flow(definition.values(), definition.get("initial_state").text(), widgets);
    return new FlowReading.Valid(flow, findings.warnings());
  }

  private boolean isLegacy() {
    return definition.get("initial_state").isAbsent()
        && definition.get("states").items().stream()
            .anyMatch(state -> LEGACY_TYPES.contains(state.get("type").text()));
  }

  private void readDefinition() {
    Place flags = definition.get("flags");
    if (flags.isObject()) {
      FLAGS.forEach(flag -> flag.check(flags));
    }
    List<Place> states = definition.get("states").items();
    checkCount(states.size());
    reached.add(definition.get("initial_state").text());
    states.forEach(this::learnName);
    states.forEach(this::readState);
    checkInitialState();
    checkRestOnly(states);
    for (Place state : states) {
      checkReached(state);
      state.get("properties").forEachText(this::checkTemplate);
      state.get("transitions").forEachText(this::checkTemplate);
    }
  }

  private void checkCount(int states) {
    Place place = definition.get("states");
    if (states == 0 && place.value() instanceof List<?>) {
      place.problem("must have a minimum of 1 items in the array");
    } else if (states > MAX_STATES) {
      place.problem("must have a maximum of " + MAX_STATES + " items in the array");
    }
  }

  private void learnName(Place state) {
    Place place = state.get("name");
    String name = place.text();
    if (name.isEmpty()) {
      checkNotEmpty(place);
      return;
    }
    if (!NAME.matcher(name).matches()) {
      place.problem("must start with a letter and have no spaces or periods: \"" + name + "\"");
    }
    if (!names.add(name)) {
      place.problem("must be unique: \"" + name + "\" names another state too");
    }
  }

  private void readState(Place state) {
    if (!Property.checkAll(state, STATE)) {
      return;
    }
    Place transitions = state.get("transitions");
    transitions.items().forEach(this::checkNext);
    Optional<WidgetType> type = WidgetType.parse(state.get("type").text());
    if (type.isEmpty() || !state.get("properties").isObject()) {
      return;
    }
    if (!type.get().isRun()) {
      state.get("type").warn("is read but not run: an execution that gets here ends here");
    }
    Widget widget =
        type.get()
            .read(
                state.get("name").text(),
                Transition.readAll(transitions, type.get()),
                state.get("properties"));
    if (widget instanceof SplitBasedOn split) {
      checkArguments(split, transitions);
    }
    widgets.putIfAbsent(widget.name(), widget);
  }

  private void checkNext(Place transition) {
    Place next = transition.get("next");
    reached.add(next.text());
    if (!next.text().isEmpty() && !names.contains(next.text())) {
      next.problem(noState(next.text()));
    }
  }

  /// The editor writes the widget's input into each condition; a widget that was copied keeps the
  /// old one, and that is what is compared.
  private static void checkArguments(SplitBasedOn split, Place transitions) {
    String input = WHITE.matcher(split.input()).replaceAll("");
    for (Place transition : transitions.items()) {
      for (Place condition : transition.get("conditions").items()) {
        Place argument = condition.get("arguments").first();
        if (!WHITE.matcher(argument.text()).replaceAll("").equals(input)) {
          argument.warn(
              "differs from the input of the widget, %s: the argument is what is compared"
                  .formatted(split.input()));
        }
      }
    }
  }

  private void checkInitialState() {
    Place place = definition.get("initial_state");
    String name = place.text();
    if (name.isEmpty()) {
      checkNotEmpty(place);
    } else if (!names.contains(name)) {
      place.problem(noState(name));
    } else if (widgets.containsKey(name) && !(widgets.get(name) instanceof Trigger)) {
      place.problem("must name the trigger widget, where executions begin: \"" + name + "\"");
    }
  }

  /// Conversations are opened where nobody has written yet: a REST call began the flow, or the flow
  /// that runs this one.
  private void checkRestOnly(List<Place> states) {
    boolean callable =
        widgets.values().stream()
            .filter(Trigger.class::isInstance)
            .anyMatch(
                trigger ->
                    trigger.next(Trigger.INCOMING_REQUEST).isPresent()
                        || trigger.next(Trigger.INCOMING_PARENT).isPresent());
    for (Place state : states) {
      Place type = state.get("type");
      if (!callable && REST_ONLY.contains(type.text())) {
        type.problem(type.text() + " can only be used in flows triggered by the REST API");
      }
    }
  }

  private static void checkNotEmpty(Place place) {
    if (place.value() instanceof String) {
      place.problem("must be at least 1 characters long");
    }
  }

  private static String noState(String name) {
    return "must name a state of this flow: there is no \"" + name + "\"";
  }

  private void checkReached(Place state) {
    Place name = state.get("name");
    if (!reached.contains(name.text())) {
      name.warn("is reached by no transition");
    }
  }

  private void checkTemplate(Place place, String template) {
    Templates.problem(template)
        .ifPresent(problem -> place.warn("is no valid Liquid, and renders as nothing: " + problem));
    for (String name : Templates.widgetsRead(template)) {
      if (!names.contains(name)) {
        place.warn(
            "reads widgets.%s, which is no widget of this flow: it is empty".formatted(name));
      }
    }
  }
}
