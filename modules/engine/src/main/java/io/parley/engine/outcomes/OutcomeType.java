package io.parley.engine.outcomes;

import io.parley.engine.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A kind of outcome.
///
/// @param name as it is reported: `twilio_message_sent`
/// @param meaning one line of text
/// @param open whether it carries further properties, as somebody else named them
/// @param properties its own, beside [OutcomeCatalogue#COMMON]
public record OutcomeType(String name, String meaning, boolean open, List<Property> properties) {

  /// What is put before a name that somebody else chose and that is ours.
  private static final String THEIRS = "data_";

  public OutcomeType {
    properties = List.copyOf(properties);
  }

  OutcomeType opened() {
    return new OutcomeType(name, meaning, true, properties);
  }

  /// A property of it, common ones too.
  public Optional<Property> property(String wanted) {
    return all().stream().filter(it -> it.name().equals(wanted)).findFirst();
  }

  /// Every property that it may have, common ones first.
  public List<Property> all() {
    List<Property> all = new ArrayList<>(OutcomeCatalogue.COMMON);
    all.addAll(properties);
    return all;
  }

  /// What an outcome has that it should not have, and lacks that it should have.
  public List<String> problems(Values told) {
    List<String> problems = new ArrayList<>();
    for (Property property : all()) {
      Object value = told.entries().get(property.name());
      if (value == null && property.required()) {
        problems.add(property.name() + " is missing");
      } else if (value != null) {
        property.problem(value).ifPresent(problems::add);
      }
    }
    if (!open) {
      told.entries().keySet().stream()
          .filter(it -> property(it).isEmpty())
          .forEach(it -> problems.add(it + " is not in the catalogue"));
    }
    return problems;
  }

  /// What we tell, with what somebody else tells beside it: under `data_` and its name, where the
  /// name is one of ours, unless it says the same.
  public Values beside(Values ours, Values theirs) {
    Map<String, Object> all = new LinkedHashMap<>(ours.entries());
    theirs
        .entries()
        .forEach(
            (name, value) -> {
              if (value.equals(ours.entries().get(name))) {
                return;
              }
              String free = name;
              while (property(free).isPresent() || all.containsKey(free)) {
                free = THEIRS + free;
              }
              all.put(free, value);
            });
    return new Values(all);
  }
}
