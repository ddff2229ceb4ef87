package io.parley.customerio;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.customerio.ReportReading.Beside;
import io.parley.customerio.ReportReading.SubscriptionChanged;
import io.parley.customerio.ReportReading.Unusable;
import io.parley.engine.policy.Consent;
import io.parley.engine.policy.Consent.State;
import io.parley.engine.policy.ConsentChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads the body of a reporting webhook: one event a request.
///
/// ```
/// {"metric": "unsubscribed", "event_id": "01E4C4CT6YDC7Y5M7FE1GWWPQJ", "object_type": "customer",
///  "timestamp": 1772360100, "data": {"identifiers": {"id": "42", "email": "jane@example.com"}}}
/// {"metric": "cio_subscription_preferences_changed", "event_id": "01E4C4...", "timestamp":
/// 1772360100,
///  "data": {"identifiers": {"id": "42"}, "content": "{\"topics\":{\"topic_7\":false}}"}}
/// ```
///
/// - `unsubscribed` and `subscribed` are the attribute of that name: of the person, whichever
///   channel and programme, and whatever set it off
/// - a channel of the preferences is that channel in every programme
/// - a topic of the preferences is a programme on every channel
///
/// Source: Customer.io's reporting webhooks specification.
public final class ReportPayload {

  /// What a consent that is read here gives as its source.
  public static final String SOURCE = "customerio";

  /// Later than this (the year 5138) a number is no time in seconds.
  private static final long MAX_UNIX_SECONDS = 99_999_999_999L;

  /// What Customer.io names an event by is a ULID; a name of any length is no name.
  private static final int MAX_ID_LENGTH = 200;

  private static final String TOPIC = "topic_";

  private final JsonNode root;
  private final Map<String, String> topics;
  private final Instant at;

  private ReportPayload(JsonNode root, Map<String, String> topics, Instant receivedAt) {
    this.root = root;
    this.topics = topics;
    this.at = at(receivedAt);
  }

  /// @param topics the programmes that topics are about, by the topic's number; a topic that is not
  ///     among them is the programme `topic_7`
  public static ReportReading read(String body, Map<String, String> topics, Instant receivedAt) {
    return switch (StrictJson.parse(body)) {
      case StrictJson.Parsed.Failed(Problem problem) ->
          new Unusable("not_json", "the report " + problem.message());
      case StrictJson.Parsed.Tree(JsonNode root) ->
          StrictJson.blemishes(root).isEmpty()
              ? new ReportPayload(root, topics, receivedAt).read()
              : new Unusable("not_json", "the report holds characters that no database stores");
    };
  }

  private ReportReading read() {
    String metric = text("/metric").orElse("");
    return switch (metric) {
      case "unsubscribed" -> changed(said(Consent.EVERY_PROGRAMME, State.REVOKED), metric);
      case "subscribed" -> changed(said(Consent.EVERY_PROGRAMME, State.GRANTED), metric);
      case "cio_subscription_preferences_changed" -> preferences(metric);
      default -> new Beside(text("/object_type").map(type -> type + "_").orElse("") + metric);
    };
  }

  /// What was said of a channel and a programme.
  private record Said(ConsentChannel channel, String programme, State state) {}

  /// Of every channel.
  private static List<Said> said(String programme, State state) {
    return Stream.of(ConsentChannel.values())
        .map(channel -> new Said(channel, programme, state))
        .toList();
  }

  /// The changed preferences come as an object, or as the text of one.
  private ReportReading preferences(String metric) {
    JsonNode content = root.at("/data/content");
    if (content.isTextual()
        && StrictJson.parse(content.textValue())
            instanceof StrictJson.Parsed.Tree(JsonNode parsed)) {
      content = parsed;
    }
    if (!content.isObject()) {
      return new Unusable(
          "no_content",
          "the report does not say which preferences changed; let the reporting webhook include"
              + " the content of what it tells");
    }
    List<Said> said = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : content.path("channels").properties()) {
      ConsentChannel.parse(entry.getKey())
          .flatMap(
              channel ->
                  state(entry.getValue())
                      .map(state -> new Said(channel, Consent.EVERY_PROGRAMME, state)))
          .ifPresent(said::add);
    }
    for (Map.Entry<String, JsonNode> entry : content.path("topics").properties()) {
      String programme = programme(entry.getKey());
      state(entry.getValue()).ifPresent(state -> said.addAll(said(programme, state)));
    }
    return said.isEmpty() ? new Beside(metric) : changed(said, metric);
  }

  private static Optional<State> state(JsonNode value) {
    return switch (value.asText("")) {
      case "true" -> Optional.of(State.GRANTED);
      case "false" -> Optional.of(State.REVOKED);
      default -> Optional.empty();
    };
  }

  private String programme(String key) {
    String number = key.startsWith(TOPIC) ? key.substring(TOPIC.length()) : key;
    return topics.getOrDefault(number, TOPIC + number);
  }

  private ReportReading changed(List<Said> said, String metric) {
    Optional<String> id = text("/event_id").filter(it -> it.length() <= MAX_ID_LENGTH);
    if (id.isEmpty()) {
      return new Unusable("nameless", "the report has no event_id, so that a repeat is not known");
    }
    List<String> people = people();
    if (people.isEmpty()) {
      return new Unusable("nobody", "the report names nobody: the person has been deleted");
    }
    List<Consent> consents = new ArrayList<>();
    for (String person : people) {
      for (Said one : said) {
        consents.add(
            new Consent(
                Optional.empty(),
                Optional.of(person),
                one.channel(),
                one.programme(),
                one.state(),
                Consent.Method.SUBSCRIPTION,
                SOURCE,
                metric + " " + id.get(),
                at));
      }
    }
    return new SubscriptionChanged(id.get(), people, consents);
  }

  private List<String> people() {
    return text("/data/identifiers/id")
        .or(() -> text("/data/customer_id"))
        .map(List::of)
        .orElseGet(
            () ->
                Stream.of(text("/data/identifiers/email"), text("/data/identifiers/cio_id"))
                    .flatMap(Optional::stream)
                    .toList());
  }

  private Optional<String> text(String pointer) {
    JsonNode node = root.at(pointer);
    return node.isTextual() || node.isIntegralNumber()
        ? Optional.of(node.asText().strip()).filter(it -> !it.isEmpty())
        : Optional.empty();
  }

  /// When it happened: never later than it was told, by whichever clock.
  private Instant at(Instant receivedAt) {
    long seconds = root.at("/timestamp").asLong(-1);
    if (seconds < 0 || seconds > MAX_UNIX_SECONDS) {
      return receivedAt;
    }
    Instant told = Instant.ofEpochSecond(seconds);
    return told.isAfter(receivedAt) ? receivedAt : told;
  }
}
