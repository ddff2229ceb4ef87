package io.parley.networks;

import io.parley.edge.OutcomeSink.Response;
import io.parley.engine.Json;
import io.parley.engine.Values;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A network's response, read leniently: what is not there or is of another kind is empty.
///
/// @param json the body, where it is a JSON object
/// @param isJson whether it is one, and not too long to be read
record Answer(Response response, Values json, boolean isJson) {

  private static final int MAX_QUOTED = 300;

  static Answer of(Response response) {
    Optional<Values> json =
        Json.parse(response.body()).filter(Map.class::isInstance).map(Answer::object);
    return new Answer(response, json.orElse(Values.EMPTY), json.isPresent());
  }

  int status() {
    return response.status();
  }

  boolean isSuccess() {
    return status() >= 200 && status() < 300;
  }

  /// For how long the network asked to be left alone, where it said so in seconds.
  Optional<Duration> retryAfter() {
    String value = response.headers().getOrDefault("retry-after", "").strip();
    return value.matches("[0-9]{1,9}")
        ? Optional.of(Duration.ofSeconds(Long.parseLong(value)))
        : Optional.empty();
  }

  /// The objects of a list.
  static List<Values> objects(Values parent, String key) {
    return parent.entries().get(key) instanceof List<?> items
        ? items.stream().filter(Map.class::isInstance).map(Answer::object).toList()
        : List.of();
  }

  static Optional<Long> number(Values parent, String key) {
    return parent.entries().get(key) instanceof Long number
        ? Optional.of(number)
        : Optional.empty();
  }

  /// As much of a text as belongs into a reason.
  static String quoted(String text) {
    String stripped = text.strip();
    if (stripped.length() <= MAX_QUOTED) {
      return stripped;
    }
    int end = stripped.offsetByCodePoints(0, stripped.codePointCount(0, MAX_QUOTED) - 1);
    return stripped.substring(0, end) + "…[cut]";
  }

  private static Values object(Object map) {
    return Values.of("it", map).object("it");
  }
}
