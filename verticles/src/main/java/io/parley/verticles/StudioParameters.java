package io.parley.verticles;

import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The parameters of a request, by Twilio's names, and the first thing that is wrong with them.
/// Confined to one request.
final class StudioParameters {

  private static final String KEY = "parley.studio-parameters";

  private final Map<String, List<String>> values;
  private Optional<StudioError> problem = Optional.empty();

  private StudioParameters(Map<String, List<String>> values) {
    this.values = values;
  }

  /// The query's.
  static StudioParameters query(RoutingContext context) {
    MultiMap given = context.queryParams();
    Map<String, List<String>> values = new LinkedHashMap<>();
    given.forEach((name, value) -> values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value));
    return new StudioParameters(values);
  }

  /// The form's, which [#read] has read.
  static StudioParameters form(RoutingContext context) {
    return context.get(KEY);
  }

  /// Reads a form from a body; throws [IllegalArgumentException] where a percent sign is followed
  /// by no two hexadecimal digits.
  static void read(RoutingContext context, byte[] body) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (String pair : new String(body, StandardCharsets.UTF_8).split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
        values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
      }
    }
    context.put(KEY, new StudioParameters(values));
  }

  private static String decode(String encoded) {
    return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
  }

  /// What is wrong, after all that is wanted was asked for.
  Optional<StudioError> problem() {
    return problem;
  }

  private <T> T wrong(StudioError error, T instead) {
    problem = problem.or(() -> Optional.of(error));
    return instead;
  }

  Optional<String> optional(String name) {
    List<String> given = values.getOrDefault(name, List.of());
    if (given.isEmpty()) {
      return Optional.empty();
    }
    // Postgres holds no text with it, and no name or address has it.
    return given.getFirst().indexOf('\0') >= 0
        ? wrong(StudioError.invalid(name, "text without the character NUL"), Optional.empty())
        : Optional.of(given.getFirst());
  }

  String required(String name) {
    Optional<String> value = optional(name).filter(it -> !it.isBlank());
    return value.isPresent() ? value.get() : wrong(StudioError.missing(name), "");
  }

  /// All values of a repeated parameter; blank ones count as none.
  List<String> all(String name) {
    if (!values.containsKey(name)) {
      return wrong(StudioError.missing(name), List.of());
    }
    List<String> given = values.get(name).stream().filter(value -> !value.isBlank()).toList();
    return given.stream().anyMatch(value -> value.indexOf('\0') >= 0)
        ? wrong(StudioError.invalid(name, "text without the character NUL"), List.of())
        : given.stream().distinct().toList();
  }

  /// One of an enum's words: `draft`. The first one where it is none of them.
  <E extends Enum<E>> E requiredWord(String name, Class<E> words) {
    String value = required(name);
    return word(name, value, words).orElse(words.getEnumConstants()[0]);
  }

  <E extends Enum<E>> Optional<E> optionalWord(String name, Class<E> words) {
    return optional(name).flatMap(value -> word(name, value, words));
  }

  private <E extends Enum<E>> Optional<E> word(String name, String value, Class<E> words) {
    Optional<E> word =
        Arrays.stream(words.getEnumConstants())
            .filter(it -> it.name().toLowerCase(Locale.ROOT).equals(value))
            .findFirst();
    if (word.isPresent()) {
      return word;
    }
    String expected =
        Arrays.stream(words.getEnumConstants())
            .map(it -> it.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(" or "));
    return wrong(StudioError.invalid(name, expected), Optional.empty());
  }

  long whole(String name, long least, long most, long fallback) {
    Optional<String> value = optional(name);
    if (value.isEmpty()) {
      return fallback;
    }
    try {
      long number = Long.parseLong(value.get());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // The problem below says so.
    }
    return wrong(
        StudioError.invalid(name, "a whole number from " + least + " to " + most), fallback);
  }

  /// A moment in ISO 8601; UTC where it names no zone, midnight where it names no time.
  Optional<Instant> instant(String name) {
    Optional<String> value = optional(name).filter(it -> !it.isBlank());
    if (value.isEmpty()) {
      return Optional.empty();
    }
    for (Function<String, Instant> form : INSTANTS) {
      try {
        return Optional.of(form.apply(value.get()));
      } catch (DateTimeException _) {
        // The next form may be its.
      }
    }
    return wrong(
        StudioError.invalid(name, "an ISO 8601 date such as 2026-05-04T10:00:00Z"),
        Optional.empty());
  }

  private static final List<Function<String, Instant>> INSTANTS =
      List.of(
          text -> OffsetDateTime.parse(text).toInstant(),
          text -> LocalDateTime.parse(text).toInstant(ZoneOffset.UTC),
          text -> LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC));

  /// Refuses a parameter for a reason that only its reader knows.
  void refuse(String name, String expected) {
    problem = problem.or(() -> Optional.of(StudioError.invalid(name, expected)));
  }
}
