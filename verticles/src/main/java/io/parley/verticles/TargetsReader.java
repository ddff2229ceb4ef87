package io.parley.verticles;

import io.parley.edge.HandoffTarget;
import io.parley.engine.Values;
import io.parley.engine.desk.DeskRules;
import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.Place;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads what the desk file says under `targets`. What every entry may say is read here, what is a
/// type's own by [TargetTypes].
///
/// ```yaml
/// targets:
///   support: {type: chatwoot, url: https://chat.example.com, account: 1, inbox: 3, token:
///   CHATWOOT_TOKEN,
///             url_secret: CHATWOOT_HOOK}
/// ```
final class TargetsReader {

  private static final List<String> OF_EVERY_TYPE =
      List.of("type", "timeout", "give_up_after", "requests_per_second", "otherwise");
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration LONGEST_PATIENCE = Duration.ofDays(1);
  private static final double USUAL_RATE = 10;
  private static final double FASTEST = 1_000;

  private final Map<String, String> secrets;
  private final URI publicUrl;
  private final InstantSource clock;

  /// @param secrets what entries name, by name
  /// @param publicUrl where targets reach us
  TargetsReader(Map<String, String> secrets, URI publicUrl, InstantSource clock) {
    this.secrets = Map.copyOf(secrets);
    this.publicUrl = publicUrl;
    this.clock = clock;
  }

  /// What was read of the desk file, with what is wrong with its targets, too. A secret that nobody
  /// has set is no fault of the file.
  static DeskRules.Reading checked(DeskRules.Reading reading) {
    if (!(reading instanceof DeskRules.Reading.Valid(var rules))) {
      return reading;
    }
    TargetsReader reader =
        new TargetsReader(Map.of(), URI.create("https://localhost"), InstantSource.system());
    List<FlowProblem> problems = reader.read(rules.targets()).problems();
    return problems.isEmpty() ? reading : new DeskRules.Reading.Invalid(problems);
  }

  /// @param targets by name, those that can be used
  /// @param problems each with its place in the desk file
  record Reading(Map<String, Target> targets, List<FlowProblem> problems) {
    Reading {
      targets = Map.copyOf(targets);
      problems = List.copyOf(problems);
    }
  }

  /// @param entries as the file has them, by name
  Reading read(Map<String, Values> entries) {
    List<FlowProblem> problems = new ArrayList<>();
    Map<String, Object> tree = new LinkedHashMap<>();
    entries.forEach((name, entry) -> tree.put(name, entry.entries()));
    Place places = Place.root(Map.of("targets", tree), problems).get("targets");
    Map<String, Target> targets = new LinkedHashMap<>();
    for (String name : places.names()) {
      target(name, places.get(name), problems).ifPresent(target -> targets.put(name, target));
    }
    return new Reading(targets, problems);
  }

  private Optional<Target> target(String name, Place place, List<FlowProblem> problems) {
    if (!DestinationsReader.NAME.matcher(name).matches()) {
      place.problem(
          "has no name for a target; use small letters, digits, hyphens and underscores, a letter"
              + " first, 63 at most");
    }
    String type = place.get("type").text();
    TargetTypes.Type known = TargetTypes.ALL.get(type);
    if (known == null) {
      Place at = place.isObject() ? place.get("type") : place;
      at.problem("must be one of: " + String.join(", ", TargetTypes.ALL.keySet()));
      return Optional.empty();
    }
    DestinationEntry entry =
        new DestinationEntry(name, place, secrets, SettingName.TARGET_SECRETS, clock);
    Optional<HandoffTarget> made = made(known, entry, place, problems);
    if (made.isEmpty()) {
      return Optional.empty();
    }
    Set<String> keys = new LinkedHashSet<>(OF_EVERY_TYPE);
    keys.addAll(entry.keys());
    place.holdsOnly(keys.toArray(String[]::new));
    return Optional.of(
        new Target(
            made.get(), type, pace(entry), failing(entry), obstacle(entry), entry.redaction()));
  }

  /// What a type finds wrong with values that only it understands is wrong with the entry, unless
  /// it was said of one of them already.
  private Optional<HandoffTarget> made(
      TargetTypes.Type type, DestinationEntry entry, Place place, List<FlowProblem> problems) {
    int known = problems.size();
    try {
      return Optional.of(type.make(entry, publicUrl));
    } catch (IllegalArgumentException e) {
      if (problems.size() == known) {
        place.problem("cannot be used: " + e.getMessage());
      }
      return Optional.empty();
    }
  }

  private static Target.Pace pace(DestinationEntry entry) {
    return new Target.Pace(
        entry
            .place("timeout")
            .duration(
                TIMEOUT,
                it -> it.isPositive() && it.compareTo(LONGEST_TIMEOUT) <= 0,
                "must be a duration such as 10s, 1m at most"),
        entry
            .place("give_up_after")
            .duration(
                PATIENCE,
                it -> it.isPositive() && it.compareTo(LONGEST_PATIENCE) <= 0,
                "must be a duration such as 3m, 1d at most"),
        entry.number("requests_per_second", USUAL_RATE, FASTEST));
  }

  private static Target.Failing failing(DestinationEntry entry) {
    return entry
            .text("otherwise", "desk", it -> it.equals("desk") || it.equals("fail"), "desk or fail")
            .equals("fail")
        ? Target.Failing.FAILS
        : Target.Failing.TO_DESK;
  }

  private static String obstacle(DestinationEntry entry) {
    return entry.missing().isEmpty()
        ? ""
        : SettingName.TARGET_SECRETS.variable()
            + " has no "
            + String.join(" and no ", entry.missing());
  }
}
