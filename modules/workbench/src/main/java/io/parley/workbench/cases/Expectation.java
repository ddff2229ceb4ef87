package io.parley.workbench.cases;

import io.parley.engine.Block;
import io.parley.engine.Effect;
import io.parley.engine.Hop;
import io.parley.engine.Json;
import io.parley.engine.Reason;
import io.parley.engine.Result;
import io.parley.engine.Warning;
import io.parley.workbench.Nearest;
import io.parley.workbench.cases.Matching.Item;
import io.parley.workbench.cases.Matching.Wording;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/// What an author expects of a step, or of a whole case. What is not said is not expected.
final class Expectation {

  private static final List<String> WAITS =
      List.of("reply", "answer", "agent", "return", "time", "event");

  /// One key of an expectation.
  private interface Demand {
    Optional<Mismatch> unmet(Heard heard);
  }

  private final List<Demand> demands = new ArrayList<>();

  private Expectation() {}

  static Expectation ofStep(Written at) {
    Expectation expectation = new Expectation();
    expectation.read(
        at.only(
            "messages",
            "path",
            "variables",
            "widgets",
            "requests",
            "outcomes",
            "warnings",
            "standing",
            "waiting",
            "ended",
            "blocked",
            "tags",
            "refused"));
    return expectation;
  }

  static Expectation ofCase(Written at) {
    Expectation expectation = new Expectation();
    expectation.read(
        at.only(
            "messages",
            "path",
            "variables",
            "widgets",
            "requests",
            "outcomes",
            "warnings",
            "standing",
            "waiting",
            "ended",
            "blocked"));
    return expectation;
  }

  List<Mismatch> compare(Heard heard) {
    return demands.stream().flatMap(demand -> demand.unmet(heard).stream()).toList();
  }

  private void read(Map<String, Written> entries) {
    entries.forEach(
        (key, at) -> {
          switch (key) {
            case "messages" -> messages(at);
            case "path" -> path(at);
            case "variables" -> {
              at.entries();
              demands.add(heard -> Matching.entries(key, at, heard.after().variables().entries()));
            }
            case "widgets" -> {
              at.entries();
              demands.add(heard -> Matching.entries(key, at, heard.after().widgets().entries()));
            }
            case "requests" -> requests(at);
            case "outcomes" -> outcomes(at);
            case "warnings" -> warnings(at);
            case "tags" -> tags(at);
            case "standing" -> {
              String widget = at.text();
              demands.add(
                  heard ->
                      Matching.word(
                          key,
                          at,
                          widget,
                          heard.after().widget().orElse(heard.after().sentence())));
            }
            case "waiting" -> word(key, at, WAITS, heard -> Optional.of(heard.after().waiting()));
            case "ended" -> ended(at);
            case "blocked" ->
                word(
                    key,
                    at,
                    Arrays.stream(Block.values()).map(Block::word).toList(),
                    heard -> heard.after().block().map(Block::word));
            case "refused" ->
                word(
                    key,
                    at,
                    Arrays.stream(Reason.values()).map(Reason::word).toList(),
                    heard -> heard.refusal().map(Reason::word));
            default -> {} // noted as unknown
          }
        });
  }

  // ---- one word

  private interface Reading {
    Optional<String> of(Heard heard);
  }

  /// A known word, or `false` for none.
  private void word(String key, Written at, List<String> known, Reading reading) {
    String word = at.text();
    if (!word.equals("false") && !known.contains(word)) {
      at.problem(
          Nearest.unknown(
              "word", word, Stream.concat(known.stream(), Stream.of("false")).toList()));
    }
    demands.add(
        heard ->
            Matching.word(
                key, at, word, reading.of(heard).filter(it -> !it.isEmpty()).orElse("false")));
  }

  private void ended(Written at) {
    String word = at.text();
    List<String> results = Arrays.stream(Result.values()).map(Result::word).toList();
    List<String> known = Stream.concat(Stream.of("true", "false"), results.stream()).toList();
    if (!known.contains(word)) {
      at.problem(Nearest.unknown("result", word, known));
    }
    demands.add(
        heard -> {
          Optional<String> result = heard.after().result();
          boolean met = word.equals("true") && result.isPresent();
          String got = result.orElse("false");
          Optional<Mismatch> mismatch =
              met ? Optional.empty() : Matching.word("ended", at, word, got);
          return mismatch.map(
              it ->
                  result.isPresent()
                      ? it
                      : new Mismatch(
                          it.key(),
                          it.line(),
                          List.of("expected: " + word, "got:      " + heard.after().sentence()),
                          it.edits()));
        });
  }

  // ---- lists

  private void messages(Written at) {
    List<Item<Utterance>> expected =
        at.items().stream().map(item -> new Item<>(item, shown(item), message(item))).toList();
    demands.add(
        heard ->
            Matching.each(
                "messages",
                at,
                expected,
                heard.messages(),
                new Wording<>(Utterance::shown, it -> it.written(heard.contact()))));
  }

  private static Predicate<Utterance> message(Written item) {
    if (item.isText()) {
      String text = item.text().stripTrailing();
      return it -> it.template().isEmpty() && it.body().stripTrailing().equals(text);
    }
    Predicate<Utterance> holds = _ -> true;
    for (Map.Entry<String, Written> entry :
        item.only(
                "body",
                "contains",
                "matches",
                "to",
                "from",
                "at",
                "media",
                "template",
                "variables",
                "widget")
            .entrySet()) {
      holds = holds.and(messagePart(entry.getKey(), entry.getValue()));
    }
    return holds;
  }

  private static Predicate<Utterance> messagePart(String key, Written at) {
    return switch (key) {
      case "body" -> {
        String text = at.text().stripTrailing();
        yield it -> it.body().stripTrailing().equals(text);
      }
      case "contains" -> {
        List<String> texts = at.texts();
        yield it -> texts.stream().allMatch(it.body()::contains);
      }
      case "matches" -> {
        Pattern pattern = pattern(at);
        yield it -> pattern.matcher(it.body()).matches();
      }
      case "to" -> {
        String to = at.text();
        yield it -> it.to().equals(to);
      }
      case "from" -> {
        String from = at.text();
        yield it -> it.from().equals(from);
      }
      case "media" -> {
        List<String> media = at.isNull() ? List.of() : at.texts();
        yield it -> it.media().equals(media);
      }
      case "template" -> {
        String template = at.text();
        yield it -> it.template().equals(template);
      }
      case "variables" -> {
        Map<String, Written> variables = at.entries();
        yield it ->
            variables.entrySet().stream()
                .allMatch(
                    each ->
                        each.getValue().isText()
                            && it.variables()
                                .text(each.getKey())
                                .equals(Optional.of(each.getValue().text())));
      }
      case "at" -> {
        Optional<Instant> time = time(at);
        yield it -> time.equals(Optional.of(it.at()));
      }
      case "widget" -> {
        String widget = at.text();
        yield it -> it.widget().equals(widget);
      }
      default -> _ -> true; // noted as unknown
    };
  }

  private static Optional<Instant> time(Written at) {
    try {
      return Optional.of(OffsetDateTime.parse(at.text()).toInstant());
    } catch (DateTimeException _) {
      at.problem("must be a time with its offset, such as 2026-03-02T08:00:00-05:00");
      return Optional.empty();
    }
  }

  /// A whole text is to match; a dot is any character, line breaks too.
  private static Pattern pattern(Written at) {
    try {
      return Pattern.compile(at.text(), Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      at.problem("is no regular expression: " + e.getDescription());
      return Pattern.compile("");
    }
  }

  private void path(Written at) {
    boolean loose = at.isMap();
    Written list = loose ? at.only("includes").getOrDefault("includes", at) : at;
    if (loose && list == at) {
      at.problem("must be a list of widgets, or {includes: [...]}");
      return;
    }
    List<Item<Hop>> expected =
        list.items().stream().map(item -> new Item<>(item, item.text(), hop(item))).toList();
    int words = list.items().stream().mapToInt(it -> words(it.text()).size()).max().orElse(1);
    Wording<Hop> wording = new Wording<>(it -> hop(it, 3), it -> hop(it, words));
    demands.add(
        heard ->
            loose
                ? Matching.inOrder(
                    "path", list, expected, heard.path(), wording, (_, _) -> Optional.empty())
                : Matching.each("path", list, expected, heard.path(), wording));
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.replace("->", " ").trim().split("\\s+", -1)).toList();
  }

  private static Predicate<Hop> hop(Written item) {
    List<String> words = words(item.text());
    if (words.size() > 3) {
      item.problem("must be a widget, or one with its event: WIDGET EVENT -> NEXT");
    }
    return hop ->
        words(hop(hop, 3))
            .subList(0, Math.min(words.size(), words(hop(hop, 3)).size()))
            .equals(words);
  }

  /// @param words 1 for the widget alone, 2 with the event, 3 with the next widget
  static String hop(Hop hop, int words) {
    String widget = (hop.subflow().isEmpty() ? "" : hop.subflow() + "/") + hop.widget();
    return words == 1
        ? widget
        : widget
            + " "
            + hop.event()
            + (words == 2 ? "" : " -> " + (hop.next().isEmpty() ? "end" : hop.next()));
  }

  private void requests(Written at) {
    List<Item<Asked>> expected =
        at.items().stream().map(item -> new Item<>(item, shown(item), request(item))).toList();
    demands.add(
        heard ->
            Matching.each(
                "requests",
                at,
                expected,
                heard.requests(),
                new Wording<>(it -> YamlText.inline(it.written()), Asked::written)));
  }

  private static Predicate<Asked> request(Written item) {
    if (item.isText()) {
      String text = item.text();
      return it -> AnswerRule.matches(text, it.method() + " " + it.url());
    }
    Predicate<Asked> holds = _ -> true;
    for (Map.Entry<String, Written> entry :
        item.only("widget", "method", "url", "body", "json", "headers").entrySet()) {
      holds = holds.and(requestPart(entry.getKey(), entry.getValue()));
    }
    return holds;
  }

  private static Predicate<Asked> requestPart(String key, Written at) {
    return switch (key) {
      case "widget" -> {
        String widget = at.text();
        yield it -> it.widget().equals(widget);
      }
      case "method" -> {
        String method = at.text();
        yield it -> it.method().equalsIgnoreCase(method);
      }
      case "url" -> {
        String url = at.text();
        yield it -> AnswerRule.matches(url, it.url());
      }
      case "body" -> {
        String body = at.text().stripTrailing();
        yield it -> it.body().stripTrailing().equals(body);
      }
      case "json" -> {
        Object json = at.value();
        yield it -> Matching.holds(json, it.json());
      }
      case "headers" -> {
        Map<String, Object> headers = at.object();
        yield it -> Matching.holds(headers, it.headers().entries());
      }
      default -> _ -> true; // noted as unknown
    };
  }

  private void outcomes(Written at) {
    List<Item<Effect.ReportOutcome>> expected =
        at.items().stream().map(item -> new Item<>(item, shown(item), outcome(item))).toList();
    demands.add(
        heard ->
            Matching.inOrder(
                "outcomes",
                at,
                expected,
                heard.outcomes(),
                new Wording<>(Effect.ReportOutcome::name, Effect.ReportOutcome::name),
                Expectation::alike));
  }

  /// Of an outcome of the same name, the properties that were named.
  private static Optional<Object> alike(
      Item<Effect.ReportOutcome> expected, Effect.ReportOutcome got) {
    if (!(expected.at().value() instanceof Map<?, ?> map)
        || !(map.get(got.name()) instanceof Map<?, ?> named)) {
      return Optional.empty();
    }
    Map<String, Object> properties = new LinkedHashMap<>(got.properties().entries());
    properties.keySet().retainAll(named.keySet());
    return Optional.of(Map.of(got.name(), properties));
  }

  private static Predicate<Effect.ReportOutcome> outcome(Written item) {
    if (item.isText()) {
      String name = item.text();
      return it -> it.name().equals(name);
    }
    Map<String, Written> entries = item.entries();
    if (entries.size() != 1) {
      item.problem("must be a name, or one name with its properties: {twilio_reply: {body: hi}}");
    }
    return entries.entrySet().stream()
        .<Predicate<Effect.ReportOutcome>>map(
            entry -> {
              Map<String, Object> properties = entry.getValue().object();
              return it ->
                  it.name().equals(entry.getKey())
                      && Matching.holds(properties, it.properties().entries());
            })
        .reduce(_ -> true, Predicate::and);
  }

  private void warnings(Written at) {
    List<Item<Warning>> expected =
        at.items().stream()
            .map(
                item -> {
                  String text = item.text();
                  return new Item<Warning>(
                      item,
                      text,
                      it -> text.equals(String.valueOf(it.code())) || it.message().contains(text));
                })
            .toList();
    demands.add(
        heard ->
            Matching.each(
                "warnings",
                at,
                expected,
                heard.warnings(),
                new Wording<>(
                    it -> it.code() + " " + it.message(),
                    it -> it.code() == 0 ? it.message() : (Object) (long) it.code())));
  }

  private void tags(Written at) {
    List<Item<String>> expected =
        at.items().stream()
            .map(item -> new Item<String>(item, item.text(), item.text()::equals))
            .toList();
    demands.add(
        heard ->
            Matching.each("tags", at, expected, heard.tags(), new Wording<>(it -> it, it -> it)));
  }

  private static String shown(Written item) {
    return item.isText()
        ? item.text()
        : Optional.ofNullable(item.value()).map(YamlText::inline).orElse(Json.print(null));
  }
}
