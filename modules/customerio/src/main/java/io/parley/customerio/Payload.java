package io.parley.customerio;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.customerio.Unreadable.Malformed;
import io.parley.customerio.Unreadable.TooLarge;
import io.parley.engine.Values;
import io.parley.engine.WrittenTime;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A body that is being read, and every problem seen so far: the first at each pointer. Confined to
/// one reading.
///
/// Missing, null and blank are the same here, since Liquid writes an attribute that a person does
/// not have as a blank text.
final class Payload {

  /// More than these seconds (the year 5138) are milliseconds.
  private static final long MAX_UNIX_SECONDS = 99_999_999_999L;

  private static final Set<String> ZONES = Set.copyOf(ZoneId.getAvailableZoneIds());
  private static final Set<String> CURRENCIES =
      Currency.availableCurrencies()
          .map(Currency::getCurrencyCode)
          .collect(Collectors.toUnmodifiableSet());

  private final JsonNode root;
  private final PayloadSchema schema;
  private final SortedMap<String, String> problems = new TreeMap<>();

  private Payload(JsonNode root, PayloadSchema schema) {
    this.root = root;
    this.schema = schema;
  }

  sealed interface Opening {
    record Opened(Payload payload) implements Opening {}

    record Closed(Unreadable why) implements Opening {}
  }

  static Opening open(String body, PayloadSchema schema) {
    int bytes = body.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > TooLarge.MAX_BODY_BYTES) {
      return new Opening.Closed(new TooLarge(bytes));
    }
    return switch (StrictJson.parse(body)) {
      case StrictJson.Parsed.Failed(Problem problem) ->
          new Opening.Closed(new Malformed(List.of(problem)));
      case StrictJson.Parsed.Tree(JsonNode root) -> {
        Payload payload = new Payload(root, schema);
        StrictJson.blemishes(root).forEach(payload::report);
        schema.problems(root).forEach(payload::report);
        yield new Opening.Opened(payload);
      }
    };
  }

  private void report(Problem problem) {
    problems.putIfAbsent(problem.pointer(), problem.message());
  }

  /// Notes what is wrong at a place, with the schema's remedy.
  void refuse(String pointer, String wrong) {
    report(new Problem(pointer, wrong + "; " + schema.remedy(pointer)));
  }

  /// Notes a problem with a remedy of its own.
  void refuse(Problem problem) {
    report(problem);
  }

  /// The text at a place, without the blanks around it; a whole number counts as its digits.
  Optional<String> text(String pointer) {
    JsonNode node = root.at(pointer);
    return node.isTextual() || node.isIntegralNumber()
        ? Optional.of(node.asText().strip()).filter(text -> !text.isEmpty())
        : Optional.empty();
  }

  boolean flag(String pointer) {
    return root.at(pointer).booleanValue();
  }

  List<String> texts(String pointer) {
    List<String> texts = new ArrayList<>();
    root.at(pointer).forEach(item -> texts.add(item.asText().strip()));
    texts.removeIf(String::isEmpty);
    return texts;
  }

  /// The pointers of the objects in a list.
  List<String> items(String pointer) {
    List<String> items = new ArrayList<>();
    JsonNode list = root.at(pointer);
    for (int i = 0; i < list.size() && list.isArray(); i++) {
      if (list.get(i).isObject()) {
        items.add(pointer + "/" + i);
      }
    }
    return items;
  }

  Values values(String pointer) {
    return StrictJson.values(root.at(pointer));
  }

  /// The number at a place, in E.164.
  Optional<String> phone(String pointer, String region) {
    return text(pointer)
        .flatMap(
            written ->
                switch (Phone.read(written, region)) {
                  case Phone.Usable(String e164) -> Optional.of(e164);
                  case Phone.Unusable(String why) -> {
                    refuse(pointer, why);
                    yield Optional.empty();
                  }
                });
  }

  /// The time at a place: ISO 8601 with an offset, or unix seconds as a number or as digits.
  Optional<Instant> instant(String pointer) {
    JsonNode node = root.at(pointer);
    if (node.isNumber()) {
      return seconds(pointer, node.doubleValue());
    }
    return text(pointer)
        .flatMap(
            text ->
                text.matches("[0-9]{1,18}([.][0-9]{1,9})?")
                    ? seconds(pointer, Double.parseDouble(text))
                    : iso(pointer, text));
  }

  private Optional<Instant> seconds(String pointer, double seconds) {
    if (seconds < 0 || seconds > MAX_UNIX_SECONDS) {
      refuse(pointer, "is no time in unix seconds (milliseconds are to be divided by 1000)");
      return Optional.empty();
    }
    return Optional.of(Instant.ofEpochMilli(Math.round(seconds * 1000)));
  }

  private Optional<Instant> iso(String pointer, String text) {
    Optional<Instant> time = WrittenTime.parse(text);
    if (time.isEmpty()) {
      refuse(pointer, "is no time in ISO 8601 with an offset, nor in unix seconds");
    }
    return time;
  }

  void requireZone(String pointer) {
    if (text(pointer).filter(zone -> !ZONES.contains(zone)).isPresent()) {
      refuse(pointer, "is no time zone of the IANA list");
    }
  }

  void requireCurrency(String pointer) {
    if (text(pointer).filter(code -> !CURRENCIES.contains(code)).isPresent()) {
      refuse(pointer, "is no currency code of ISO 4217");
    }
  }

  /// All the problems so far; empty when there is none.
  Optional<Malformed> malformed() {
    if (problems.isEmpty()) {
      return Optional.empty();
    }
    List<Problem> all =
        problems.entrySet().stream()
            .map(entry -> new Problem(entry.getKey(), entry.getValue()))
            .collect(Collectors.toCollection(ArrayList::new));
    if (all.size() > Malformed.MOST) {
      int more = all.size() - Malformed.MOST + 1;
      all.subList(Malformed.MOST - 1, all.size()).clear();
      all.add(new Problem("", "has %d problems more; mend these first".formatted(more)));
    }
    return Optional.of(new Malformed(all));
  }
}
