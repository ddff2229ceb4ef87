package io.parley.verticles;

import io.parley.customerio.TrackBatch;
import io.parley.edge.OutcomeTaker;
import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.Place;
import io.parley.engine.outcomes.OutcomeCatalogue;
import io.parley.store.Outbox;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Reads the destinations file, and collects what is wrong with it. What every entry may say is
/// read here, what is a type's own by [DestinationTypes].
final class DestinationsReader {

  static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,62}");

  /// What may be chosen.
  static final Set<String> NAMES = names();

  private static final List<String> OF_EVERY_TYPE =
      List.of("type", "events", "requests_per_second", "timeout", "longest_pause", "dry_run");
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(5);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
  private static final double FASTEST = 10_000;

  private static Set<String> names() {
    Set<String> names = new TreeSet<>();
    names.add(OutcomeTaker.IDENTIFY);
    OutcomeCatalogue.all().forEach(type -> names.add(type.name()));
    return names;
  }

  private final Map<String, String> secrets;
  private final InstantSource clock;
  private final List<FlowProblem> problems = new ArrayList<>();

  DestinationsReader(Map<String, String> secrets, InstantSource clock) {
    this.secrets = Map.copyOf(secrets);
    this.clock = clock;
  }

  List<FlowProblem> problems() {
    return problems;
  }

  /// What there is; to be used only if there are no problems.
  List<Destination> read(Object tree) {
    Place file = Place.root(tree, problems);
    List<Destination> destinations = new ArrayList<>();
    if (!file.holdsOnly("destinations")) {
      return destinations;
    }
    Place entries = file.get("destinations");
    if (!entries.isAbsent() && !entries.isObject()) {
      entries.problem("must be an object with an entry for each destination, by its name");
    }
    for (String name : entries.names()) {
      destination(name, entries.get(name)).ifPresent(destinations::add);
    }
    refuseSharedFolders(entries);
    return destinations;
  }

  /// What is in a folder already tells a destination what it has written.
  private static void refuseSharedFolders(Place entries) {
    Map<Path, String> owners = new HashMap<>();
    for (String name : entries.names()) {
      Place folder = entries.get(name).get("folder");
      if (!folder.text().isBlank()) {
        String owner =
            owners.putIfAbsent(Path.of(folder.text()).toAbsolutePath().normalize(), name);
        if (owner != null) {
          folder.problem("is the folder of " + owner + " already; give each its own");
        }
      }
    }
  }

  private Optional<Destination> destination(String name, Place place) {
    if (!NAME.matcher(name).matches()) {
      place.problem(
          "has no name for a destination; use small letters, digits, hyphens and underscores, a"
              + " letter first, 63 at most");
    }
    if (Outbox.isOurs(name) || name.startsWith(TrackBatch.DESTINATION)) {
      place.problem("has a name that Parley uses itself; give it another");
    }
    DestinationType type = DestinationTypes.ALL.get(place.get("type").text());
    if (type == null) {
      Place at = place.isObject() ? place.get("type") : place;
      at.problem("must be one of: " + String.join(", ", DestinationTypes.ALL.keySet()));
      return Optional.empty();
    }
    DestinationEntry entry = new DestinationEntry(name, place, secrets, clock);
    Optional<OutcomeTaker> made = made(type, entry, place);
    if (made.isPresent()) {
      place.holdsOnly(keys(type, entry));
    }
    boolean isDry = entry.flag("dry_run");
    Optional<Set<String>> events = events(place.get("events"));
    SinkCourier.Pace pace = pace(entry, type);
    return made.map(
        taker ->
            new Destination(
                taker,
                place.get("type").text(),
                events,
                pace,
                isDry,
                isDry ? "" : obstacle(entry),
                entry.redaction(),
                entry.keepsBuyers(),
                entry.tokens()));
  }

  /// What the entry may say: what its type has asked it for, and what all may say.
  private static String[] keys(DestinationType type, DestinationEntry entry) {
    Set<String> keys = new LinkedHashSet<>(OF_EVERY_TYPE);
    if (type.gathers()) {
      keys.add("every");
    }
    keys.addAll(entry.keys());
    return keys.toArray(String[]::new);
  }

  /// What a type finds wrong with values that only it understands is wrong with the entry, unless
  /// it was said of one of them already.
  private Optional<OutcomeTaker> made(DestinationType type, DestinationEntry entry, Place place) {
    int known = problems.size();
    try {
      return Optional.of(type.make().apply(entry));
    } catch (IllegalArgumentException e) {
      if (problems.size() == known) {
        place.problem("cannot be used: " + e.getMessage());
      }
      return Optional.empty();
    }
  }

  private static String obstacle(DestinationEntry entry) {
    return entry.missing().isEmpty()
        ? ""
        : SettingName.DESTINATION_SECRETS.variable()
            + " has no "
            + String.join(" and no ", entry.missing());
  }

  private static SinkCourier.Pace pace(DestinationEntry entry, DestinationType type) {
    return new SinkCourier.Pace(
        entry.number("requests_per_second", type.requestsPerSecond(), FASTEST),
        entry
            .place("timeout")
            .duration(
                TIMEOUT,
                it -> it.isPositive() && it.compareTo(LONGEST_TIMEOUT) <= 0,
                "must be a duration such as 10s, 5m at most"),
        entry
            .place("every")
            .duration(type.gathering(), _ -> true, "must be a duration such as 5s or 1m"),
        entry
            .place("longest_pause")
            .duration(
                SinkCourier.Pace.LONGEST_PAUSE,
                it -> it.isPositive() && it.compareTo(LONGEST_PAUSE) <= 0,
                "must be a duration such as 1m, 1h at most"));
  }

  private static Optional<Set<String>> events(Place place) {
    if (place.isAbsent()) {
      return Optional.empty();
    }
    Set<String> events = new LinkedHashSet<>();
    for (Place item : place.items()) {
      if (!NAMES.contains(item.text())) {
        item.problem("must be one of: " + String.join(", ", NAMES));
      }
      events.add(item.text());
    }
    if (events.isEmpty()) {
      place.problem("must be a list of names of outcomes; leave it out for all of them");
    }
    return Optional.of(events);
  }
}
