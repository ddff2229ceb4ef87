package io.parley.engine.offers;

import io.parley.engine.flow.Place;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What counts as friction, how much, and for how long. The reasons for the defaults are in
/// `OFFERS.md`.
///
/// ```yaml
/// friction: signals:
///     shipping: {weight: 1.5, half_life: 2d}
///     restock: 0.5                              # the weight alone; half-life 3d
///     no: 0                                     # not a signal
///   counts_from: 0.25
/// ```
///
/// @param signals by name; a tag's name, or one of the three below
/// @param countsFrom a signal of which less is left is not counted any more
public record FrictionRules(Map<String, Rule> signals, double countsFrom) {

  /// A help step was given, and the next reply neither bought nor thanked.
  public static final String HELP_UNCONVERTED = "help_unconverted";

  /// A help step was given, and no reply came.
  public static final String SILENCE_AFTER_HELP = "silence_after_help";

  /// The contact asked what they had asked before.
  public static final String REPEATED_QUESTION = "repeated_question";

  private static final Duration HALF_LIFE = Duration.ofDays(3);
  private static final double MAX_WEIGHT = 10;

  public static final FrictionRules DEFAULT = new FrictionRules(defaults(), 0.25);

  /// @param weight what a signal adds to the score when it is heard; 0 where it is none
  /// @param halfLife after which half of it is left
  public record Rule(double weight, Duration halfLife) {}

  public FrictionRules {
    signals = Collections.unmodifiableMap(new LinkedHashMap<>(signals));
  }

  private static Map<String, Rule> defaults() {
    Map<String, Rule> rules = new LinkedHashMap<>();
    rules.put("discount", new Rule(1, HALF_LIFE));
    rules.put("shipping", new Rule(1, HALF_LIFE));
    rules.put("complaint", new Rule(1, Duration.ofDays(7)));
    rules.put("product_question", new Rule(0.5, HALF_LIFE));
    rules.put("size_help", new Rule(0.5, HALF_LIFE));
    rules.put("return_refund", new Rule(0.5, HALF_LIFE));
    rules.put("not_interested", new Rule(1, Duration.ofDays(1)));
    rules.put("no", new Rule(0.5, Duration.ofDays(1)));
    rules.put("pause", new Rule(0.5, Duration.ofDays(1)));
    rules.put(HELP_UNCONVERTED, new Rule(1, HALF_LIFE));
    rules.put(SILENCE_AFTER_HELP, new Rule(1, HALF_LIFE));
    rules.put(REPEATED_QUESTION, new Rule(1, Duration.ofDays(1)));
    return rules;
  }

  /// The rule of a signal; empty where its name is none, or its weight is 0.
  public Optional<Rule> rule(String name) {
    return Optional.ofNullable(signals.get(name)).filter(rule -> rule.weight() > 0);
  }

  /// Reads the rules that a policy changes; all others are the defaults.
  public static FrictionRules read(Place place) {
    Reading.object(place, "signals", "counts_from");
    Map<String, Rule> rules = new LinkedHashMap<>(DEFAULT.signals);
    Place signals = place.get("signals");
    Reading.object(signals);
    for (String name : signals.names()) {
      rules.put(name, readRule(name, signals.get(name)));
    }
    return new FrictionRules(
        rules, Reading.number(place.get("counts_from"), 0, MAX_WEIGHT).orElse(DEFAULT.countsFrom));
  }

  private static Rule readRule(String name, Place place) {
    Rule usual = DEFAULT.signals.getOrDefault(name, new Rule(1, HALF_LIFE));
    if (!place.isObject()) {
      return new Rule(
          Reading.number(place, 0, MAX_WEIGHT).orElse(usual.weight()), usual.halfLife());
    }
    Reading.keys(place, List.of("weight", "half_life"));
    return new Rule(
        Reading.number(place.get("weight"), 0, MAX_WEIGHT).orElse(usual.weight()),
        Reading.duration(place.get("half_life")).orElse(usual.halfLife()));
  }
}
