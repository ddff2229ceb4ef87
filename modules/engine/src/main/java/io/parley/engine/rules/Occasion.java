package io.parley.engine.rules;

import io.parley.engine.Person;
import io.parley.engine.Values;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A call about a person, as rules look at it.
///
/// @param kind the call's type: `track`, `page`, `screen`, `identify` ...
/// @param name of the event, the page or the screen; empty text where there is none
/// @param source whose key the call came with
/// @param event the call as its specification writes it: `event`, `properties`, `userId`,
///     `context` ...
/// @param traits what is true of the person now, the call's own traits included
/// @param changed what the traits were before that the call has changed, by name
/// @param at when it happened
public record Occasion(
    String kind,
    String name,
    String source,
    Values event,
    Values traits,
    Map<String, Optional<Object>> changed,
    Instant at) {

  /// A person's fields as flows read them (`flow.data.customer`), and by which names they are told.
  private static final Map<String, List<String>> FIELDS =
      Map.of(
          "email", List.of("email"),
          "first_name", List.of("first_name", "firstName"),
          "last_name", List.of("last_name", "lastName"),
          "language", List.of("language", "locale"),
          "time_zone", List.of("time_zone", "timezone"),
          "postal_code", List.of("postal_code", "postalCode"),
          "state", List.of("state"),
          "country", List.of("country"));

  private static final List<String> ORDER =
      List.of(
          "email",
          "first_name",
          "last_name",
          "language",
          "time_zone",
          "postal_code",
          "state",
          "country");

  public Occasion {
    changed = Map.copyOf(changed);
  }

  /// Who it is about: the id in Customer.io, and what the traits tell, those of the call's context
  /// where the person's own do not.
  public Person person() {
    return new Person(event.text("userId"), fields());
  }

  private Values fields() {
    Values told = event.object("context").object("traits");
    List<Values> places = List.of(traits, traits.object("address"), told, told.object("address"));
    Values fields = Values.EMPTY;
    for (String field : ORDER) {
      Optional<String> value = places.stream().flatMap(place -> texts(place, field)).findFirst();
      fields = value.isPresent() ? fields.with(field, value.get()) : fields;
    }
    return fields;
  }

  private static Stream<String> texts(Values place, String field) {
    return FIELDS.getOrDefault(field, List.of()).stream()
        .flatMap(name -> place.text(name).stream())
        .map(String::strip)
        .filter(it -> !it.isEmpty());
  }

  /// What templates read: `event` and `traits`.
  Map<String, Object> scope() {
    return Values.of("event", event).with("traits", traits).entries();
  }
}
