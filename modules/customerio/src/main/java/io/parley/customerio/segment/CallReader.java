package io.parley.customerio.segment;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.customerio.Problem;
import io.parley.customerio.StrictJson;
import io.parley.customerio.segment.SegmentCall.Identity;
import io.parley.engine.Event;
import io.parley.engine.Values;
import io.parley.engine.WrittenTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads one call, and notes every problem with it. Confined to one reading.
final class CallReader {

  private static final int MAX_ID_CHARACTERS = 200;
  private static final String TOO_LONG =
      "is longer than %d characters; shorten it".formatted(MAX_ID_CHARACTERS);

  /// More than these seconds (the year 5138) are milliseconds.
  private static final double MAX_UNIX_SECONDS = 99_999_999_999.0;

  /// Before this no client's call happened, whatever its clock says.
  private static final Instant EARLIEST = Instant.EPOCH;

  private static final String TYPES =
      Stream.of(CallType.values()).map(CallType::word).collect(Collectors.joining(", "));

  private final String pointer;
  private final JsonNode node;
  private final Envelope envelope;
  private final List<Problem> problems = new ArrayList<>();

  /// Whether a problem is such that nothing is left of the call.
  private boolean unusable;

  /// What a request says of all its calls.
  ///
  /// @param type what the path says; empty in a batch
  /// @param name stands in for a `messageId`
  record Envelope(
      Optional<CallType> type,
      JsonNode context,
      JsonNode integrations,
      JsonNode sentAt,
      Instant receivedAt,
      String name) {}

  CallReader(String pointer, JsonNode node, Envelope envelope) {
    this.pointer = pointer;
    this.node = node;
    this.envelope = envelope;
  }

  List<Problem> problems() {
    return problems;
  }

  /// Empty where nothing can be made of it.
  Optional<SegmentCall> read() {
    if (!node.isObject()) {
      refuse("", "is no object; send a call, such as {\"type\": \"identify\", ...}");
      return Optional.empty();
    }
    int bytes = node.toString().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > SegmentBody.MAX_CALL_BYTES) {
      refuse(
          "",
          "has %,d bytes and may have %,d; send less in it"
              .formatted(bytes, SegmentBody.MAX_CALL_BYTES));
      return Optional.empty();
    }
    StrictJson.blemishes(node).forEach(problem -> refuse(problem.pointer(), problem.message()));
    Optional<CallType> type = type();
    Identity who = who(type);
    String name = name(type);
    Values properties = object("properties");
    Values traits = object("traits");
    Optional<String> groupId = groupId(type);
    Optional<String> previousId = previousId(type);
    Values context = outer(envelope.context()).with(object("context"));
    Values integrations = outer(envelope.integrations()).with(object("integrations"));
    String messageId = id("messageId").orElse(envelope.name());
    Instant timestamp = timestamp();
    if (unusable || type.isEmpty()) {
      return Optional.empty();
    }
    SegmentCall call =
        new SegmentCall(
            type.get(),
            who,
            name,
            properties,
            traits,
            cleared(),
            groupId,
            previousId,
            context,
            integrations,
            messageId,
            timestamp);
    Tidings.problems(call).forEach(problem -> note(problem.pointer(), problem.message()));
    return Optional.of(call);
  }

  private Optional<CallType> type() {
    if (envelope.type().isPresent()) {
      return envelope.type();
    }
    String word = node.path("type").asText("");
    Optional<CallType> type = CallType.parse(word);
    if (type.isEmpty()) {
      refuse(
          "/type",
          (word.isBlank() ? "is missing" : "is none that is known") + "; send one of " + TYPES);
    }
    return type;
  }

  /// An e-mail address among the traits names somebody who has neither id, as Customer.io has it.
  private Identity who(Optional<CallType> type) {
    Optional<String> userId = id("userId");
    Optional<String> anonymousId = id("anonymousId");
    JsonNode trait = node.path("traits").path("email");
    Optional<String> email =
        type.filter(it -> it == CallType.GROUP).isEmpty() && trait.isTextual()
            ? Optional.of(trait.textValue().strip()).filter(it -> !it.isEmpty())
            : Optional.empty();
    boolean hasId = userId.isPresent() || anonymousId.isPresent();
    if (type.filter(it -> it == CallType.ALIAS).isPresent()) {
      if (userId.isEmpty()) {
        refuse("/userId", "is missing; send the id that the person is to be known by");
      }
    } else if (!hasId && email.isEmpty()) {
      refuse("/userId", "is missing, and so is anonymousId; send one of them, for example \"42\"");
    } else if (!hasId && email.get().length() > MAX_ID_CHARACTERS) {
      refuse("/traits/email", TOO_LONG);
    }
    return new Identity(userId, anonymousId, email.filter(it -> it.length() <= MAX_ID_CHARACTERS));
  }

  private String name(Optional<CallType> type) {
    boolean track = type.filter(it -> it == CallType.TRACK).isPresent();
    String field = track ? "event" : "name";
    JsonNode value = node.path(field);
    String name = value.isTextual() ? value.textValue().strip() : "";
    if (track && Event.EventSeen.plain(name).isEmpty()) {
      refuse(
          "/event",
          (name.isEmpty() ? "is missing" : "has neither letters nor digits")
              + "; send the name of what happened, for example \"Checkout Started\"");
    } else if (!track && !value.isTextual() && !isAbsent(value)) {
      refuse("/name", "is no text; send the name as text");
    }
    return name;
  }

  private Optional<String> groupId(Optional<CallType> type) {
    Optional<String> groupId = id("groupId");
    if (groupId.isEmpty() && type.filter(it -> it == CallType.GROUP).isPresent()) {
      refuse("/groupId", "is missing; send the id of the group");
    }
    return groupId;
  }

  private Optional<String> previousId(Optional<CallType> type) {
    Optional<String> previousId = id("previousId");
    if (previousId.isEmpty() && type.filter(it -> it == CallType.ALIAS).isPresent()) {
      refuse("/previousId", "is missing; send the id that the person was known by");
    }
    return previousId;
  }

  /// The text at a place, or a whole number as its digits; blank counts as absent.
  private Optional<String> id(String field) {
    JsonNode value = node.path(field);
    if (isAbsent(value)) {
      return Optional.empty();
    }
    if (!value.isTextual() && !value.isIntegralNumber()) {
      refuse("/" + field, "is no text; send the id as text");
      return Optional.empty();
    }
    String id = value.asText().strip();
    if (id.length() > MAX_ID_CHARACTERS) {
      refuse("/" + field, TOO_LONG);
      return Optional.empty();
    }
    return Optional.of(id).filter(it -> !it.isEmpty());
  }

  private Values object(String field) {
    JsonNode value = node.path(field);
    if (!value.isObject() && !isAbsent(value)) {
      refuse("/" + field, "is no object; send one, for example {}");
    }
    return StrictJson.values(value);
  }

  /// In a single call the envelope is the call itself.
  private Values outer(JsonNode value) {
    return envelope.type().isPresent() || !value.isObject()
        ? Values.EMPTY
        : StrictJson.values(value);
  }

  private List<String> cleared() {
    List<String> names = new ArrayList<>();
    node.path("traits")
        .properties()
        .forEach(
            entry -> {
              if (entry.getValue().isNull()) {
                names.add(entry.getKey());
              }
            });
    return names;
  }

  // ---- times

  /// When it happened, by our clock: as long before we received it as the client said that it was
  /// before it sent it. One that somebody else has received before us, who says when, was
  /// corrected there. A clock that is off by ages corrects nothing. What lies ahead counts as now.
  private Instant timestamp() {
    Optional<Instant> timestamp = time("timestamp");
    Optional<Instant> original = time("originalTimestamp");
    Optional<Instant> sent = time("sentAt");
    if (sent.isEmpty() && envelope.type().isEmpty()) {
      sent = parse(envelope.sentAt());
    }
    Instant received = envelope.receivedAt();
    boolean corrected = timestamp.isPresent() && parse(node.path("receivedAt")).isPresent();
    Optional<Instant> told = corrected ? timestamp : original.or(() -> timestamp);
    if (!corrected && told.isPresent() && sent.isPresent()) {
      Instant byOurClock = received.minus(Duration.between(told.get(), sent.get()));
      told = byOurClock.isBefore(EARLIEST) ? told : Optional.of(byOurClock);
    }
    return told.filter(it -> it.isBefore(received)).orElse(received);
  }

  /// A time that cannot be read is passed over, and told.
  private Optional<Instant> time(String field) {
    JsonNode value = node.path(field);
    Optional<Instant> time = parse(value);
    if (time.isEmpty() && !isAbsent(value)) {
      note("/" + field, "is no time in ISO 8601 with an offset; send one as 2026-03-01T10:15:00Z");
    }
    return time;
  }

  private static Optional<Instant> parse(JsonNode value) {
    if (value.isNumber()) {
      double number = value.doubleValue();
      double millis = number > MAX_UNIX_SECONDS ? number : number * 1000;
      return number < 0 || millis > MAX_UNIX_SECONDS * 1000
          ? Optional.empty()
          : Optional.of(Instant.ofEpochMilli(Math.round(millis)));
    }
    return value.isTextual() ? WrittenTime.parse(value.textValue().strip()) : Optional.empty();
  }

  // ---- problems

  private static boolean isAbsent(JsonNode value) {
    return value.isMissingNode()
        || value.isNull()
        || (value.isTextual() && value.textValue().isBlank());
  }

  private void refuse(String at, String message) {
    unusable = true;
    note(at, message);
  }

  private void note(String at, String message) {
    problems.add(new Problem(pointer + at, message));
  }
}
