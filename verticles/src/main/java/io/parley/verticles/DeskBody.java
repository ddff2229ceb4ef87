package io.parley.verticles;

import io.parley.engine.Json;
import io.parley.engine.Values;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The JSON object that a request of the desk carries, read as strictly as what else reaches a
/// flow: what it holds may be stored with a conversation. Problems are collected as they are met.
final class DeskBody {

  private final Values values;
  private final List<String> problems = new ArrayList<>();

  private DeskBody(Optional<Values> values) {
    this.values = values.orElse(Values.EMPTY);
    if (values.isEmpty()) {
      problems.add("the body is no JSON object");
    }
  }

  /// Of a request whose body [RawBody] has read; nothing at all is an empty object.
  static DeskBody of(RoutingContext context) {
    String text = new String(RawBody.of(context), StandardCharsets.UTF_8);
    return new DeskBody(
        text.isBlank() ? Optional.of(Values.EMPTY) : Json.parse(text).flatMap(DeskBody::object));
  }

  private static Optional<Values> object(Object json) {
    if (!(json instanceof Map<?, ?> map)) {
      return Optional.empty();
    }
    Map<String, Object> entries = new LinkedHashMap<>();
    map.forEach((name, value) -> entries.put(String.valueOf(name), value));
    return Optional.of(new Values(entries));
  }

  boolean has(String name) {
    return values.entries().get(name) != null;
  }

  boolean flag(String name) {
    return values.flag(name);
  }

  /// A text that must be there.
  ///
  /// @param what it is, as in "says what came of it"
  String text(String name, int longest, String what) {
    String text = optional(name, longest).orElse("");
    if (text.isBlank()) {
      problems.add("/%s %s".formatted(name, what));
    }
    return text;
  }

  Optional<String> optional(String name, int longest) {
    Object value = values.entries().get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof String text) || text.indexOf('\0') >= 0) {
      problems.add("/%s is a text".formatted(name));
      return Optional.empty();
    }
    if (text.length() > longest) {
      problems.add("/%s has at most %d characters".formatted(name, longest));
      return Optional.empty();
    }
    return Optional.of(text).filter(it -> !it.isBlank());
  }

  Optional<Instant> time(String name) {
    Optional<String> text = optional(name, 60);
    try {
      return text.map(Instant::parse);
    } catch (DateTimeException _) {
      problems.add("/%s is a time such as 2026-11-23T09:00:00Z".formatted(name));
      return Optional.empty();
    }
  }

  List<String> texts(String name, int most, int longest) {
    Object value = values.entries().get(name);
    if (value == null) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    if (value instanceof List<?> list && list.size() <= most) {
      for (Object each : list) {
        if (each instanceof String text && !text.isBlank() && text.length() <= longest) {
          texts.add(text);
        }
      }
      if (texts.size() == list.size()) {
        return texts;
      }
    }
    problems.add("/%s is a list of at most %d texts".formatted(name, most));
    return List.of();
  }

  /// Empty where there is none.
  Values object(String name) {
    Object value = values.entries().get(name);
    Optional<Values> object =
        value == null ? Optional.of(Values.EMPTY) : Optional.of(value).flatMap(DeskBody::object);
    if (object.isEmpty()) {
      problems.add("/%s is an object".formatted(name));
    }
    return object.orElse(Values.EMPTY);
  }

  Optional<Boolean> optionalFlag(String name) {
    Object value = values.entries().get(name);
    if (value != null && !(value instanceof Boolean)) {
      problems.add("/%s is true or false".formatted(name));
    }
    return value instanceof Boolean flag ? Optional.of(flag) : Optional.empty();
  }

  void problem(String sentence) {
    problems.add(sentence);
  }

  /// All that is wrong with it, in one line; empty where nothing is.
  Optional<String> problems() {
    return problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems));
  }

  /// Refuses the request where something is wrong with its body.
  boolean isRefused(RoutingContext context) {
    if (problems.isEmpty()) {
      return false;
    }
    DeskAnswer.refuse(context, 400, "malformed", String.join("; ", problems));
    return true;
  }
}
