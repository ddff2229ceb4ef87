package io.parley.engine.desk;

import io.parley.engine.Values;
import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.Place;
import io.parley.engine.hours.Calendars;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How a brand's people answer customers. All of it has defaults, so that nothing has to be said:
/// one topic, five conversations an agent, no promises, and a queue that says nothing.
///
/// ```yaml
/// sla: {first: 1h, warn: 0.8}
/// topics: {care: {skills: [care], calendar: support}}
/// routing: [{when: {reason: "tag:complaint"}, topic: care, priority: 10}]
/// agents: {capacity: 5, offer: 45s}
/// texts: {queued: "You are number {{ position }} in line."}
/// dispositions: [solved, no_answer]
/// canned: {hours: "We are there on weekdays from 9 to 17."}
/// ```
///
/// @param topics by name; `general` is always among them
/// @param dispositions what may have come of a conversation; empty for whatever an agent writes
/// @param canned replies by the name that they are called by
/// @param targets systems of others' that take topics, by name, as the file says them
/// @param transcript messages of a conversation that are handed to others
public record DeskRules(
    Map<String, Topic> topics,
    List<Route> routing,
    Staffing agents,
    QueueTexts texts,
    List<String> dispositions,
    Map<String, String> canned,
    List<CannedTemplate> templates,
    Map<String, Values> targets,
    int transcript) {

  /// The target of what is answered at the desk itself.
  public static final String DESK = "desk";

  /// Characters of a canned reply.
  private static final int MAX_CANNED = 10_000;

  private static final int USUAL_TRANSCRIPT = 200;
  private static final int MAX_TRANSCRIPT = 5_000;

  public static final DeskRules DEFAULT =
      new DeskRules(
          Map.of(Topic.GENERAL, Topic.general(Promise.NONE)),
          List.of(),
          Staffing.DEFAULT,
          QueueTexts.SILENT,
          List.of(),
          Map.of(),
          List.of(),
          Map.of(),
          USUAL_TRANSCRIPT);

  public DeskRules {
    topics = Collections.unmodifiableMap(new LinkedHashMap<>(topics));
    routing = List.copyOf(routing);
    dispositions = List.copyOf(dispositions);
    canned = Collections.unmodifiableMap(new LinkedHashMap<>(canned));
    templates = List.copyOf(templates);
    targets = Collections.unmodifiableMap(new LinkedHashMap<>(targets));
  }

  /// What came of reading the file.
  public sealed interface Reading {
    record Valid(DeskRules rules) implements Reading {}

    /// @param problems each with its place, what is wrong there and what would be right
    record Invalid(List<FlowProblem> problems) implements Reading {
      public Invalid {
        problems = List.copyOf(problems);
      }
    }
  }

  /// Reads a tree of maps, lists, texts, numbers and flags.
  public static Reading read(@Nullable Object tree) {
    List<FlowProblem> problems = new ArrayList<>();
    Place root = Place.root(tree, problems);
    root.holdsOnly(
        "sla",
        "topics",
        "routing",
        "agents",
        "texts",
        "dispositions",
        "canned",
        "templates",
        "targets",
        "transcript");
    Map<String, Values> targets = targets(root.get("targets"));
    Map<String, Topic> topics =
        topics(root.get("topics"), Promise.read(root.get("sla"), Promise.NONE), targets.keySet());
    DeskRules rules =
        new DeskRules(
            topics,
            list(root.get("routing"), "routes, each after a dash").stream()
                .map(it -> Route.read(it, topics.keySet()))
                .toList(),
            Staffing.read(root.get("agents")),
            QueueTexts.read(root.get("texts")),
            List.copyOf(Words.read(root.get("dispositions"))),
            canned(root.get("canned")),
            list(root.get("templates"), "templates, each after a dash").stream()
                .flatMap(it -> CannedTemplate.read(it).stream())
                .toList(),
            targets,
            transcript(root.get("transcript")));
    return problems.isEmpty() ? new Reading.Valid(rules) : new Reading.Invalid(problems);
  }

  private static List<Place> list(Place place, String of) {
    if (!place.isAbsent() && !(place.value() instanceof List<?>)) {
      place.problem("must be a list of " + of);
    }
    return place.items();
  }

  private static Map<String, Values> targets(Place place) {
    if (!place.isAbsent() && !place.isObject()) {
      place.problem("must be an object with a target for each name");
    }
    Map<String, Values> targets = new LinkedHashMap<>();
    for (String name : place.names()) {
      if (name.equals(DESK)) {
        place.get(name).problem("is Parley's own desk; choose another name");
      }
      if (!place.get(name).isObject()) {
        place.get(name).problem("must be an object that says what the target is");
      }
      targets.put(name, place.get(name).values());
    }
    return targets;
  }

  private static Map<String, Topic> topics(Place place, Promise usual, Set<String> targets) {
    if (!place.isAbsent() && !place.isObject()) {
      place.problem("must be an object with a topic for each name");
    }
    Map<String, Topic> topics = new LinkedHashMap<>();
    for (String name : place.names()) {
      if (!name.matches("[A-Za-z0-9_-]{1,60}")) {
        place.get(name).problem("must be a name of letters, digits, - and _, at most 60");
      }
      Topic topic = Topic.read(name, place.get(name), usual);
      if (!topic.target().equals(DESK) && !targets.contains(topic.target())) {
        place
            .get(name)
            .get("target")
            .problem(
                targets.isEmpty()
                    ? "is no target; say desk, or describe it under targets"
                    : "is no target; targets are desk, " + String.join(", ", targets));
      }
      topics.put(name, topic);
    }
    topics.putIfAbsent(Topic.GENERAL, Topic.general(usual));
    return topics;
  }

  private static Map<String, String> canned(Place place) {
    if (!place.isAbsent() && !place.isObject()) {
      place.problem("must be an object with a text for each name");
    }
    Map<String, String> canned = new LinkedHashMap<>();
    for (String name : place.names()) {
      String text = place.get(name).text();
      if (text.isBlank() || text.length() > MAX_CANNED) {
        place.get(name).problem("must be a text of at most " + MAX_CANNED + " characters");
      }
      if (!name.matches("[\\p{L}\\p{N}_-]{1,60}")) {
        place.get(name).problem("must be called by letters, digits, - and _, at most 60");
      }
      canned.put(name, text);
    }
    return canned;
  }

  private static int transcript(Place place) {
    if (place.isAbsent() || !place.holdsOnly("messages")) {
      return USUAL_TRANSCRIPT;
    }
    return Whole.read(place.get("messages"), USUAL_TRANSCRIPT, 1, MAX_TRANSCRIPT);
  }

  /// What names a calendar that the policy has not. Such a topic counts as always open.
  public List<FlowProblem> missing(Calendars calendars) {
    return topics.values().stream()
        .filter(it -> it.calendar().filter(name -> calendars.get(name).isEmpty()).isPresent())
        .map(
            it ->
                new FlowProblem(
                    "#/topics/" + it.name() + "/calendar",
                    "names %s, and the policy's calendars are %s; add it there, or mend the name"
                        .formatted(it.calendar().orElseThrow(), calendars.named().keySet())))
        .toList();
  }

  /// The topic of a name, or what whatever is about nothing else is about.
  public Topic topic(String name) {
    Topic known = topics.get(name);
    return known == null ? general() : known;
  }

  private Topic general() {
    Topic general = topics.get(Topic.GENERAL);
    return general == null ? Topic.general(Promise.NONE) : general;
  }

  /// Where a conversation waits: by the first route that matches it, else where it was asked for.
  public Placement place(Request request) {
    Optional<Route> route = routing.stream().filter(it -> it.matches(request)).findFirst();
    Optional<String> asked = request.topic();
    Topic topic = topic(route.flatMap(Route::topic).or(() -> asked).orElse(Topic.GENERAL));
    Set<String> skills = new LinkedHashSet<>(topic.skills());
    route.ifPresent(it -> skills.addAll(it.skills()));
    skills.addAll(request.skills());
    return new Placement(
        topic,
        skills,
        topic.priority() + route.map(Route::priority).orElse(0) + request.priority(),
        asked.filter(it -> !topics.containsKey(it)));
  }
}
