package io.parley.engine;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Something that happened, told in the past tense. Everything from outside reaches the engine as
/// one.
public sealed interface Event {

  /// Customer.io (or a REST call) asked for a flow to be run with this contact.
  ///
  /// @param flow the revision that a new execution shall run
  /// @param parameters what the flow reads as `flow.data`; the whole payload, unknown fields too
  /// @param occurredAt when the thing happened that set it off, as the caller said
  record Triggered(FlowRef flow, Person person, Values parameters, Instant occurredAt)
      implements Event {}

  /// The contact wrote to us.
  ///
  /// @param parameters every parameter of the webhook, verbatim
  /// @param tags what the reply means, seen before the step so that a turn can be replayed
  /// @param tagger the version of the tagger that saw it
  /// @param startable the flow that our address is bound to, which a reply starts when none runs
  record ReplyReceived(
      MessageSid sid, Values parameters, List<Tag> tags, String tagger, Optional<FlowRef> startable)
      implements Event {

    public ReplyReceived {
      tags = List.copyOf(tags);
    }

    public String body() {
      return parameters.text("Body").orElse("");
    }

    public boolean tagged(String name) {
      return tags.stream().anyMatch(tag -> tag.name().equals(name));
    }
  }

  /// Twilio took a message.
  ///
  /// @param outbound Twilio's answer with Studio's names: `Sid`, `Status`, `Body`, `From`, `To` ...
  record SendAccepted(EffectId effect, MessageSid sid, Values outbound) implements Event {}

  /// A message was given up: refused by Twilio, or by our own last look before it left.
  ///
  /// @param code Twilio's error code, 0 where the refusal is our own
  /// @param refusal in our words: `invalid_recipient`, `opted_out` ...
  /// @param block what the failure says of the recipient for good, if anything
  record SendFailed(
      EffectId effect, int code, String refusal, String message, Optional<Block> block)
      implements Event {

    /// What the flow reads as `outbound`: `Status`, `ErrorCode`, `ErrorMessage`.
    public Values outbound() {
      return Values.of("Status", "failed").with("ErrorCode", code).with("ErrorMessage", message);
    }
  }

  /// Twilio told how far a message got.
  ///
  /// @param effect the effect that the callback URL carried; empty where it carried none
  /// @param errorCode 0 where there is none
  /// @param block what the error says of the recipient for good, if anything
  record DeliveryReported(
      Optional<EffectId> effect,
      MessageSid sid,
      MessageStatus status,
      int errorCode,
      Optional<Block> block,
      Values parameters)
      implements Event {}

  /// A timer that a turn had set ran out.
  record TimerFired(EffectId timer) implements Event {}

  /// The contact bought.
  record PurchaseSeen(String orderId, Values properties, Instant occurredAt) implements Event {}
}
