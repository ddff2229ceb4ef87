package io.parley.engine.rules;

import io.parley.engine.Person;
import io.parley.engine.Values;
import io.parley.engine.flow.Place;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// When this happens, and this is so, start that.
public record Rule(String name, When when, Where where, Start start) {

  private static final String NAME = "[a-z][a-z0-9_-]{0,63}";

  static Rule read(Place place) {
    place.holdsOnly("name", "when", "where", "start");
    if (place.isAbsent()) {
      place.problem("is empty; a rule has name, when and start");
    }
    String name = place.get("name").text();
    if (!name.matches(NAME)) {
      place
          .get("name")
          .problem("must be a name of small letters, digits, - and _, such as cart-abandoned");
    }
    return new Rule(
        name,
        When.read(place.get("when")),
        Where.read(place.get("where")),
        Start.read(place.get("start")));
  }

  boolean matches(Occasion occasion) {
    return when.happens(occasion) && where.holds(occasion);
  }

  /// A rule that an occasion has set off.
  ///
  /// @param data what the flow reads as `flow.data`
  /// @param warnings what of it could not be rendered
  public record Match(Rule rule, Occasion occasion, Values data, List<String> warnings) {

    public Match {
      warnings = List.copyOf(warnings);
    }

    public Person person() {
      return occasion.person();
    }

    /// Whether it happened too long ago for the rule: calls may tell of what was long ago.
    public boolean isStale(Instant now) {
      return occasion.at().plus(rule.start().within()).isBefore(now);
    }
  }

  Match match(Occasion occasion) {
    List<String> warnings = new ArrayList<>();
    Map<String, Object> data = new LinkedHashMap<>(occasion.event().entries());
    Values customer = occasion.person().attributes();
    Optional<String> externalId = occasion.person().externalId();
    data.put(
        "customer",
        externalId.isPresent() ? customer.with("external_id", externalId.get()) : customer);
    data.put("traits", occasion.traits());
    data.put("rule", name);
    data.put("controls", controls(occasion, warnings));
    start
        .parameters()
        .forEach(
            (parameter, value) ->
                Template.render(value, occasion, warnings::add)
                    .ifPresent(it -> data.put(parameter, it)));
    return new Match(this, occasion, new Values(data), warnings);
  }

  /// What the engine heeds, by the names that triggers have it under.
  private Values controls(Occasion occasion, List<String> warnings) {
    Map<String, Object> controls = new LinkedHashMap<>();
    start
        .cohort()
        .map(it -> it.text(occasion, warnings::add).strip())
        .filter(it -> !it.isEmpty())
        .ifPresent(it -> controls.put("experiment_cohort", it));
    start.programme().ifPresent(it -> controls.put("programme", it));
    start
        .frequencyCap()
        .map(it -> it.text(occasion, warnings::add).strip())
        .filter(it -> !it.isEmpty())
        .ifPresent(it -> controls.put("frequency_cap_key", it));
    if (!start.purchaseCheck()) {
      controls.put("after_purchase", true);
    }
    return new Values(controls);
  }
}
