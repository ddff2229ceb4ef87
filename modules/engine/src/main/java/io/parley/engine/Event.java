package io.parley.engine;

import io.parley.engine.Conversation.Run;
import io.parley.engine.offers.Grant;
import io.parley.engine.offers.Withholding;
import io.parley.engine.policy.Consent;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Something that happened, told in the past tense. Everything from outside reaches the engine as
/// one.
public sealed interface Event {

  /// Customer.io (or a REST call) asked for a flow to be run with this contact.
  ///
  /// @param flow the revision that a new execution shall run
  /// @param parameters what the flow reads as `flow.data`; the whole payload, unknown fields too
  /// @param occurredAt when the thing happened that set it off, as the caller said
  /// @param coolingOff how long ago the flow must have begun last, in this thread and for this
  ///     person
  /// @param patience how it bears that a person speaks with the contact; empty where it is refused
  ///     then
  record Triggered(
      FlowRef flow,
      Person person,
      Values parameters,
      Instant occurredAt,
      Duration coolingOff,
      Optional<Patience> patience)
      implements Event {

    /// How a trigger waits for the end of a handoff.
    public enum Patience {
      /// It will wait, if it must.
      WAITS,
      /// It has waited, and waits again if it must: what it was sent for may be long ago by now.
      HAS_WAITED
    }

    /// One that is refused while a person speaks.
    public Triggered(
        FlowRef flow, Person person, Values parameters, Instant occurredAt, Duration coolingOff) {
      this(flow, person, parameters, occurredAt, coolingOff, Optional.empty());
    }

    /// With no cooling-off.
    public Triggered(FlowRef flow, Person person, Values parameters, Instant occurredAt) {
      this(flow, person, parameters, occurredAt, Duration.ZERO);
    }

    /// The same, waiting while a person speaks with the contact, unless its
    /// `controls.wait_for_handoff` is false.
    public Triggered patient() {
      return parameters.object("controls").denies("wait_for_handoff")
          ? this
          : bearing(Patience.WAITS);
    }

    /// The same after a wait.
    Triggered waited() {
      return bearing(Patience.HAS_WAITED);
    }

    private Triggered bearing(Patience patience) {
      return new Triggered(flow, person, parameters, occurredAt, coolingOff, Optional.of(patience));
    }

    boolean hasWaited() {
      return patience.equals(Optional.of(Patience.HAS_WAITED));
    }

    /// Whom the flow cools off for in all threads, where it cools off at all: the person by the id
    /// in Customer.io, else by the `anonymousId` of the event that set it off.
    public Optional<String> coolingUser() {
      return coolingOff.isZero()
          ? Optional.empty()
          : person
              .externalId()
              .or(() -> parameters.text("anonymousId").map(id -> "anonymous:" + id));
    }

    /// Until when the flow cools off, by the runs of a thread and by what is known of the person's
    /// other threads; empty where it has not begun.
    public Optional<Instant> coolingOffUntil(List<Run> runs, Optional<Instant> begunElsewhere) {
      Stream<Instant> here =
          runs.stream().filter(run -> run.flow().sid().equals(flow.sid())).map(Run::startedAt);
      return Stream.concat(here, begunElsewhere.stream())
          .max(Comparator.naturalOrder())
          .map(begun -> begun.plus(coolingOff));
    }

    boolean coolsOff(List<Run> runs, Moment moment) {
      return coolingOffUntil(runs, moment.begunElsewhere())
          .filter(moment.now()::isBefore)
          .isPresent();
    }
  }

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

    /// Whether it was written in a conversation of Twilio Conversations.
    public boolean comesOfConversation() {
      return parameters.text("ConversationSid").isPresent();
    }

    /// The conversation that it was written in, where it was one.
    public Optional<Address> room() {
      return parameters.text("ConversationSid").filter(it -> !it.isBlank()).map(Address::new);
    }

    /// The address of who wrote it in a conversation, where that is an address and not a name.
    public Optional<Address> author() {
      return room()
          .flatMap(_ -> parameters.text("Author"))
          .filter(it -> !it.isBlank())
          .map(Address::new)
          .filter(Address::isPersons);
    }

    /// The tag that says best what the reply is about: the surest of those that tell a subject,
    /// else the surest of all. `opt_in` and `choice_N` tell none.
    public Optional<Tag> topTag() {
      return tags.stream()
          .filter(Tag::tellsSubject)
          .findFirst()
          .or(() -> tags.stream().findFirst());
    }

    /// The score of the top tag; 0 where there is none.
    public double score() {
      return topTag().map(Tag::score).orElse(0.0);
    }

    /// What a flow reads of the reply: the parameters of the webhook, and what the reply means.
    ///
    /// - `tags`: `discount,shipping`; empty text where it has none
    /// - `topTag`: `discount`; empty text where it has none
    /// - `score`: of the top tag; 0 where it has none
    /// - `tag`: scores by name
    ///
    /// A parameter of one of these names is found in `given`.
    public Values readable() {
      Values given = Values.EMPTY;
      for (String name : List.of("tags", "topTag", "score", "tag")) {
        Object own = parameters.entries().get(name);
        given = own == null ? given : given.with(name, own);
      }
      Values scores = Values.EMPTY;
      for (Tag tag : tags) {
        scores = scores.with(tag.name(), tag.score());
      }
      Values readable =
          parameters
              .with("tags", tags.stream().map(Tag::name).collect(Collectors.joining(",")))
              .with("topTag", topTag().map(Tag::name).orElse(""))
              .with("score", score())
              .with("tag", scores);
      return given.isEmpty() ? readable : readable.with("given", given);
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
      EffectId effect,
      int code,
      String refusal,
      String message,
      Optional<Block> block,
      FailureClass failureClass)
      implements Event {

    /// Of a class that no channel told.
    public SendFailed(
        EffectId effect, int code, String refusal, String message, Optional<Block> block) {
      this(effect, code, refusal, message, block, FailureClass.untold(code, block));
    }

    /// What the flow reads as `outbound`: `Status`, `ErrorCode`, `ErrorMessage`.
    public Values outbound() {
      return Values.of("Status", "failed").with("ErrorCode", code).with("ErrorMessage", message);
    }
  }

  /// Twilio told how far a message got.
  ///
  /// @param effect the effect that the callback URL carried; empty where it carried none
  /// @param errorCode 0 where there is none
  /// @param refusal what the error means, in one word; empty where there is none
  /// @param block what the error says of the recipient for good, if anything
  /// @param failureClass empty where the message has not failed
  record DeliveryReported(
      Optional<EffectId> effect,
      MessageSid sid,
      MessageStatus status,
      int errorCode,
      String refusal,
      Optional<Block> block,
      Optional<FailureClass> failureClass,
      Values parameters)
      implements Event {

    /// With no word about the class.
    public DeliveryReported(
        Optional<EffectId> effect,
        MessageSid sid,
        MessageStatus status,
        int errorCode,
        String refusal,
        Optional<Block> block,
        Values parameters) {
      this(effect, sid, status, errorCode, refusal, block, Optional.empty(), parameters);
    }

    /// The same, of this send.
    DeliveryReported of(Optional<EffectId> send) {
      return new DeliveryReported(
          send, sid, status, errorCode, refusal, block, failureClass, parameters);
    }
  }

  /// A timer that a turn had set ran out.
  record TimerFired(EffectId timer) implements Event {}

  /// The contact bought.
  record PurchaseSeen(String orderId, Values properties, Instant occurredAt) implements Event {

    /// What the e-commerce platforms and Segment's specification call a purchase.
    private static final Set<String> NAMES =
        Set.of(
            "ordercompleted",
            "orderplaced",
            "placedorder",
            "orderpaid",
            "checkoutcompleted",
            "purchase",
            "purchased",
            "productpurchased");

    /// Whether a name is one that purchases are told by; case, spaces and punctuation do not count.
    public static boolean isNamed(String name) {
      return NAMES.contains(EventSeen.plain(name));
    }
  }

  /// Another system answered a call.
  ///
  /// @param contentType empty where it sent none
  /// @param headers those that a flow can read, by lower-case name
  record CallAnswered(EffectId call, int status, String contentType, String body, Values headers)
      implements Event {}

  /// A call has no answer, and will get none.
  ///
  /// @param reason in our words: `timeout`, `unreachable`, `too_large`, `refused_address` ...
  record CallFailed(EffectId call, String reason, String message) implements Event {}

  /// A code was taken for an offer.
  record OfferReserved(EffectId reservation, Grant grant) implements Event {}

  /// No code can be had for an offer, or the contact may not be made it.
  record OfferUnavailable(EffectId reservation, Withholding reason) implements Event {}

  /// An agent takes the conversation, and the bot stops at once.
  ///
  /// @param handoff the handoff that is taken; empty where the conversation is, whoever speaks in
  ///     it
  /// @param agent the agent's id
  /// @param over whether another agent's conversation is taken, too
  record AgentTook(Optional<EffectId> handoff, String agent, boolean over) implements Event {}

  /// A conversation goes back to the queue: its agent is silent, gave it up, or went away.
  ///
  /// @param by who must still hold it: an agent's id, or `target:reference` of an external desk;
  ///     empty where it goes back whoever holds it
  record HandoffReturned(EffectId handoff, String why, Optional<String> by) implements Event {

    /// Whoever holds it.
    public HandoffReturned(EffectId handoff, String why) {
      this(handoff, why, Optional.empty());
    }
  }

  /// An external desk has a handoff now.
  ///
  /// @param target the desk's name
  /// @param reference what the desk names it by
  record HandoffPlaced(EffectId handoff, String target, String reference) implements Event {}

  /// An agent says something to the contact.
  ///
  /// @param draft the agent's own name for it, the same where it is told again
  /// @param whenOpen whether it may wait for the end of quiet hours, and is not refused in them
  record AgentWrote(
      EffectId handoff, String agent, String draft, Effect.Content content, boolean whenOpen)
      implements Event {}

  /// The queue tells the contact something: how many are before them, that nobody is there.
  ///
  /// @param key what it is; each is said once in a handoff
  record QueueSpoke(EffectId handoff, String key, String text) implements Event {}

  /// The person who held a handoff is done with it.
  ///
  /// @param disposition what came of it, in the person's words
  /// @param outputs what the flow reads of it
  /// @param by who must still hold it: an agent's id, or `target:reference` of an external desk;
  ///     empty where it is over whoever holds it
  record HandoffClosed(
      EffectId handoff, String disposition, Values outputs, After then, Optional<String> by)
      implements Event {

    /// Whoever holds it.
    public HandoffClosed(EffectId handoff, String disposition, Values outputs, After then) {
      this(handoff, disposition, outputs, then, Optional.empty());
    }

    /// With what usually follows.
    public HandoffClosed(EffectId handoff, String disposition, Values outputs) {
      this(handoff, disposition, outputs, new After.Usual());
    }
  }

  /// A handoff could not be queued, or was lost before anybody took it.
  record HandoffFailed(EffectId handoff, String reason) implements Event {}

  /// The application that the contact was redirected to gave the conversation back.
  ///
  /// @param parameters what it gave back with it
  record RedirectReturned(Values parameters) implements Event {}

  /// The contact followed a short link of ours.
  ///
  /// @param send the message that carried it
  /// @param properties what else is known: `code`, `user_agent` ...
  record LinkClicked(EffectId send, String url, Values properties, Instant occurredAt)
      implements Event {}

  /// Something happened that a flow may wait for.
  ///
  /// @param name as its source names it: `Order Shipped`
  record EventSeen(String name, Values properties, Instant occurredAt) implements Event {

    /// A name as names are compared: without case, spaces and punctuation.
    public static String plain(String name) {
      return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
    }
  }

  /// The person took a consent back, and did not say so to us: on a page of preferences, in the
  /// shop. It is on record before any thread hears of it.
  ///
  /// @param name as its source names it: `Consent Revoked`
  record ConsentRevoked(Consent consent, String name, Values properties) implements Event {

    /// What a flow that it does not concern may wait for.
    public EventSeen seen() {
      return new EventSeen(name, properties, consent.at());
    }
  }

  /// A caller ended an execution.
  record ExecutionStopped(ExecutionId execution) implements Event {}

  /// The person has opted out in another thread, and that reaches this one.
  ///
  /// @param address where it was said
  /// @param evidence the words, or the code, that said so
  record OptedOutElsewhere(Address address, String evidence, Instant at) implements Event {}

  /// A suppression window was found that is over and has not been ended.
  record SuppressionElapsed(Instant until) implements Event {}
}
