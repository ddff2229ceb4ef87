package io.parley.verticles;

import io.parley.engine.Block;
import io.parley.engine.Channel;
import io.parley.engine.Conversation;
import io.parley.engine.Execution;
import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.Values;
import io.parley.engine.hours.Clues;
import io.parley.engine.hours.Occasion;
import io.parley.engine.hours.Verdict;
import io.parley.engine.limits.SessionWindow;
import io.parley.engine.policy.Policy;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/// Whether a contact may be written to now, as the desk's composer shows it: the gates that the
/// engine asks once more when something is written.
final class DeskGates {

  /// Source: error 21617.
  private static final int LONGEST_TEXT = 1_600;

  private DeskGates() {}

  /// ```json
  /// {"channel": "whatsapp", "may_write": false, "template_only": true, "max_length": 1600,
  ///  "window_ends_at": null,
  ///  "blocks": [{"reason": "quiet_hours", "message": "...", "until": "2026-11-23T13:00:00Z"}]}
  /// ```
  static JsonObject of(
      Conversation conversation, ContactFacts contact, Policy policy, Instant now) {
    JsonArray blocks = new JsonArray();
    contact.block().map(DeskGates::block).ifPresent(blocks::add);
    quiet(conversation, policy, now).ifPresent(blocks::add);
    SessionWindow window = conversation.traffic().window();
    boolean isWhatsApp = conversation.thread().theirs().channel() == Channel.WHATSAPP;
    boolean isShut = isWhatsApp && !window.isOpen(now);
    return new JsonObject()
        .put("channel", conversation.thread().theirs().channel().word())
        .put("may_write", blocks.isEmpty())
        .put("blocks", blocks)
        .put("window_ends_at", isWhatsApp && !isShut ? DeskRows.text(window.until()) : null)
        .put("template_only", isShut)
        .put("max_length", LONGEST_TEXT);
  }

  /// Until when a reason of theirs holds.
  static Optional<Instant> until(JsonObject gates, String reason) {
    return gates.getJsonArray("blocks").stream()
        .map(JsonObject.class::cast)
        .filter(block -> reason.equals(block.getString("reason")))
        .flatMap(block -> Optional.ofNullable(block.getString("until")).stream())
        .map(Instant::parse)
        .findFirst();
  }

  private static JsonObject block(Block block) {
    return block(block.word(), DeskWords.error(0, block.word(), ""), Optional.empty());
  }

  private static JsonObject block(String reason, String message, Optional<Instant> until) {
    return new JsonObject()
        .put("reason", reason)
        .put("message", message)
        .put("until", DeskRows.text(until));
  }

  /// Of an answer to what the contact wrote last, or of the first word where that is long ago.
  private static Optional<JsonObject> quiet(Conversation conversation, Policy policy, Instant now) {
    Optional<Clues> clues = clues(conversation);
    if (clues.isEmpty()) {
      return Optional.empty();
    }
    Optional<Instant> heardAt = conversation.traffic().window().lastInboundAt();
    return switch (policy.hours().decide(Occasion.ANSWER, heardAt, now, clues.get())) {
      case Verdict.Go _, Verdict.GoExempt _ -> Optional.empty();
      case Verdict.Wait(var until, var _) ->
          Optional.of(
              block("quiet_hours", DeskWords.error(0, "quiet_hours", ""), Optional.of(until)));
      case Verdict.Never(var _) ->
          Optional.of(
              block("quiet_hours", DeskWords.error(0, "quiet_hours_never", ""), Optional.empty()));
    };
  }

  /// Where the contact may be; empty in a conversation of Twilio Conversations whose contact is a
  /// name, for whom no hours hold.
  static Optional<Clues> clues(Conversation conversation) {
    boolean chats =
        conversation.thread().theirs().isConversation() && !conversation.contact().isPersons();
    Values known =
        conversation
            .execution()
            .map(Execution::data)
            .orElse(Values.EMPTY)
            .with(conversation.person().attributes());
    return chats ? Optional.empty() : Optional.of(Clues.of(known, conversation.contact()));
  }
}
