package io.parley.engine;

import java.time.Instant;
import java.util.List;

/// Something to be done, told in the imperative. A turn's effects are stored in the turn's own
/// commit.
public sealed interface Effect {

  /// An effect that leaves through the outbox, with an id of its own.
  sealed interface Outgoing extends Effect {
    EffectId id();
  }

  /// Send a message.
  ///
  /// @param epoch the ownership that it speaks for; an older epoch's send is dropped
  record Send(EffectId id, Address from, Address to, Content content, int epoch)
      implements Outgoing {}

  /// What a message says: a text with media, or an approved template with its variables.
  sealed interface Content {
    record Text(String body, List<String> mediaUrls) implements Content {
      public Text {
        mediaUrls = List.copyOf(mediaUrls);
      }
    }

    record Template(String contentSid, Values variables) implements Content {}
  }

  /// Wake the conversation at a time.
  record ScheduleTimer(EffectId id, Instant dueAt, Purpose purpose) implements Effect {
    public enum Purpose {
      REPLY_TIMEOUT,
      EXECUTION_EXPIRY
    }
  }

  /// Forget a timer; one that fires all the same is refused.
  record CancelTimer(EffectId timer) implements Effect {}

  /// Drop every send of this conversation that has not left and speaks for an older epoch.
  record WithdrawSends(int epoch) implements Effect {}

  /// Tell the outcome sinks what came of something.
  ///
  /// @param name the event's name in Customer.io: `twilio_message_sent` ...
  record ReportOutcome(
      EffectId id, String name, Person person, Address contact, Values properties, Instant at)
      implements Outgoing {}

  /// Tell the outcome sinks what is true of the person now.
  record ReportAttributes(
      EffectId id, Person person, Address contact, Values attributes, Instant at)
      implements Outgoing {}

  /// Send nothing more to an address.
  ///
  /// @param evidence the words, or the code, that said so
  /// @param at when they came
  record BlockContact(Address contact, Block block, String evidence, Instant at)
      implements Effect {}

  /// An address wants, or takes, messages again. Any other block holds, and so does this one where
  /// it is younger than `at`.
  ///
  /// @param lifts the block that no longer holds
  /// @param at when the evidence came
  record UnblockContact(Address contact, Block lifts, String evidence, Instant at)
      implements Effect {}

  /// Note who an address belongs to.
  record RecordContact(Address contact, String externalId) implements Effect {}
}
