package io.parley.edge;

import io.parley.engine.ConversationId;
import io.parley.engine.Event;
import io.parley.engine.ThreadId;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// An event on its way to its conversation, with the name that tells a repeat from a new one.
///
/// @param source who told us
/// @param sourceId the event's name at its source; (source, sourceId) is taken once
/// @param alias a second name that makes a repeat too (a delivery key beside an idempotency key)
public record Arrival(
    Source source,
    String sourceId,
    Optional<String> alias,
    ThreadId thread,
    Event event,
    Instant receivedAt) {

  public ConversationId conversation() {
    return ConversationId.of(thread);
  }

  /// Where events come from. The names are stored with each turn.
  public enum Source {
    CUSTOMERIO_TRIGGER,
    TWILIO_MESSAGE,
    TWILIO_STATUS,
    TWILIO_ANSWER,
    CALL_ANSWER,
    TWILIO_REDIRECT,
    TIMER,
    PURCHASE,
    STUDIO_REQUEST,
    CLICK,
    EVENT,
    STUDIO_TRIGGER,
    AGENT,
    OFFER,
    SIBLING,
    RULE,
    SWEEP,
    CUSTOMERIO_REPORT,
    /// A trigger that has waited for the end of a handoff.
    WAITED;

    /// The name as it is stored: `twilio_message`.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// The source of a stored name; empty for one that this program does not know.
    public static Optional<Source> parse(String word) {
      return Stream.of(values()).filter(it -> it.word().equals(word)).findFirst();
    }
  }
}
