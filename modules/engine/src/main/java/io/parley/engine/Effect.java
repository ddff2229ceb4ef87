package io.parley.engine;

import io.parley.engine.policy.Consent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

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
  /// @param byline how it is signed, where it is said in a conversation of Twilio Conversations
  /// @param leaveBy after which it is dropped and not sent late, if it must be in time
  /// @param departure when what a flow says may leave; a notice has none
  record Send(
      EffectId id,
      Address from,
      Address to,
      Content content,
      int epoch,
      Optional<Byline> byline,
      Send.Purpose purpose,
      Optional<Instant> leaveBy,
      Optional<Departure> departure)
      implements Outgoing {

    /// Why one was given up that could not leave in time.
    public static final String TOO_LATE = "too_late";

    /// What the flow says.
    public Send(
        EffectId id,
        Address from,
        Address to,
        Content content,
        int epoch,
        Optional<Byline> byline) {
      this(id, from, to, content, epoch, byline, Send.Purpose.FLOW, Optional.empty());
    }

    /// Of a purpose, whenever it is asked for.
    public Send(
        EffectId id,
        Address from,
        Address to,
        Content content,
        int epoch,
        Optional<Byline> byline,
        Send.Purpose purpose,
        Optional<Instant> leaveBy) {
      this(id, from, to, content, epoch, byline, purpose, leaveBy, Optional.empty());
    }

    /// From one address to another.
    public Send(EffectId id, Address from, Address to, Content content, int epoch) {
      this(id, from, to, content, epoch, Optional.empty());
    }

    /// The same, leaving as this says.
    public Send leaving(Departure when) {
      return new Send(id, from, to, content, epoch, byline, purpose, leaveBy, Optional.of(when));
    }

    /// The same, to be dropped after this.
    public Send leavingBy(Instant last) {
      return new Send(id, from, to, content, epoch, byline, purpose, Optional.of(last), departure);
    }

    /// When it may leave at the earliest, where that is not at once.
    public Optional<Instant> notBefore() {
      return departure.flatMap(Departure::notBefore);
    }

    /// Why a message is sent, and so whether it may leave although its contact is blocked.
    public enum Purpose {
      /// What the flow says: held by any block, withdrawn by its epoch.
      FLOW,
      /// The question whether to stop: leaves only while its contact has not answered it.
      QUESTION,
      /// What law or carriers ask to be answered: leaves whatever is on record.
      NOTICE,
      /// What a person says who speaks for us: held by any block, and withdrawn by a stop alone. No
      /// end of a handoff and no order takes back what somebody has said.
      AGENT
    }
  }

  /// Under which name something is said in a conversation, and what goes with it unseen.
  ///
  /// @param author empty for Twilio's own `system`
  /// @param attributes a JSON object; empty text for none
  record Byline(String author, String attributes) {}

  /// What a message says: a text with media, or an approved template with its variables.
  sealed interface Content {
    record Text(String body, List<String> mediaUrls) implements Content {
      public Text {
        mediaUrls = List.copyOf(mediaUrls);
      }
    }

    record Template(String contentSid, Values variables) implements Content {}
  }

  /// Let a short link lead to a url, from when the turn is committed: before the message leaves.
  ///
  /// @param send the message that the link stands in
  record KeepLink(String code, String url, EffectId send) implements Effect {}

  /// Call another system. Its answer comes back as an event.
  record Call(EffectId id, Request request) implements Outgoing {}

  /// Take a code for an offer, for a contact who has no live one. Whether there is one comes back
  /// as an event.
  ///
  /// @param offer its name in the policy's catalogue
  /// @param persons the contact's names; see [io.parley.engine.offers.PersonKeys]
  record ReserveOffer(EffectId id, String offer, List<String> persons) implements Outgoing {
    public ReserveOffer {
      persons = List.copyOf(persons);
    }
  }

  /// Give a code back that has reached nobody: the contact may be made another offer.
  ///
  /// @param reservation the effect that took it
  /// @param unless messages that carried it and were withdrawn: where one of them left all the
  ///     same, the code stays
  /// @param why `late`, `message_failed`, `message_withdrawn`, `not_sent`
  record ReturnOffer(EffectId id, EffectId reservation, List<EffectId> unless, String why)
      implements Outgoing {
    public ReturnOffer {
      unless = List.copyOf(unless);
    }
  }

  /// Note that a message with an offer's code has left.
  record KeepOffer(EffectId id, EffectId reservation) implements Outgoing {}

  /// Note that an order has used a code.
  record RedeemOffer(EffectId id, String code, List<String> persons, String orderId, Instant at)
      implements Outgoing {
    public RedeemOffer {
      persons = List.copyOf(persons);
    }
  }

  /// What is asked of another system.
  sealed interface Request {

    /// An HTTP request.
    ///
    /// @param headers beside those that follow from the rest
    /// @param body empty where there is none
    /// @param twilioAuth whether it carries our credentials with Twilio
    record Http(
        String method,
        String url,
        Values headers,
        String contentType,
        String body,
        boolean twilioAuth)
        implements Request {}

    /// A function of Twilio's serverless kind: a signed form by POST, wherever it runs.
    ///
    /// @param url as the flow names it; empty where the sids alone do
    record Function(
        String url, String serviceSid, String environmentSid, String functionSid, Values parameters)
        implements Request {}

    /// Something about a conversation of Twilio Conversations. May be asked twice: what is created
    /// carries the call's id as its unique name.
    ///
    /// - `CREATE`: `service`, `participants` (a list of `address` and `proxy_address`, or
    ///   `identity`), `timers_inactive`, `timers_closed`; the answer is the conversation
    /// - `RESUME`: `service`, `sid`; the answer is the conversation
    /// - `CLOSE`: `service`, `sid`, which may be the unique name
    record Conversation(Operation operation, Values properties) implements Request {
      public enum Operation {
        CREATE,
        RESUME,
        CLOSE
      }

      /// The unique name of what a call creates; fit to stand in a path as it is.
      public static String uniqueName(EffectId call) {
        return "parley-" + call.toString().replace(':', '-');
      }

      /// Closes a conversation.
      ///
      /// @param sid or the unique name
      public static Conversation closing(String sid, String service) {
        return new Conversation(Operation.CLOSE, Values.of("sid", sid).with("service", service));
      }
    }
  }

  /// Let a person speak for us, and no flow.
  ///
  /// @param request what is said of it: `reason` (see [Handoff]), and where a flow hands over
  ///     `workflow`, `channel`, `attributes`, `topic`, `skills`, `priority`
  /// @param epoch from which on the person speaks
  record OpenHandoff(EffectId id, Values request, int epoch) implements Effect {}

  /// The handoff is over by something else than the person who held it.
  record CloseHandoff(EffectId handoff, String why) implements Effect {}

  /// Note what a turn did in a handoff that stays open.
  ///
  /// @param owner who speaks from now on
  /// @param holder an agent's id, or `target:reference`; empty while it waits
  record NoteHandoff(EffectId handoff, Owner owner, Optional<String> holder, NoteHandoff.Deed deed)
      implements Effect {
    /// What was done.
    public enum Deed {
      TAKEN,
      RETURNED,
      PLACED,
      CONTACT_WROTE,
      AGENT_WROTE
    }
  }

  /// Wake the conversation at a time.
  record ScheduleTimer(EffectId id, Instant dueAt, ScheduleTimer.Purpose purpose)
      implements Effect {
    public enum Purpose {
      REPLY_TIMEOUT,
      EXECUTION_EXPIRY,
      HANDOFF_TIMEOUT,
      REDIRECT_TIMEOUT,
      WAIT_OVER,
      EVENT_TIMEOUT,
      OFFER_TIMEOUT,
      SUPPRESSION_OVER
    }
  }

  /// Forget a timer; one that fires all the same is refused.
  record CancelTimer(EffectId timer) implements Effect {}

  /// Drop every send of this conversation that has not left and speaks for an older epoch.
  record WithdrawSends(int epoch) implements Effect {}

  /// Drop everything that an agent said in this conversation, has not left and is of an older
  /// epoch: the contact wants no messages.
  record WithdrawAgentSends(int epoch) implements Effect {}

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

  /// What is written to us under a name belongs to this thread from now on.
  ///
  /// @param name a conversation of Twilio Conversations: `CH...`
  record NameThread(Address name) implements Effect {}

  /// Keep a reply that was not understood, for people to look at.
  ///
  /// @param textSha256 of the text as [Digest#textSha256] has it
  /// @param tags names, the surest first
  /// @param score of the top tag, 0 where there is none
  /// @param tagger the version of the tagger that saw them
  /// @param flow the name of the flow that it was written to; empty text for none
  record KeepReply(
      String text, String textSha256, List<String> tags, double score, String tagger, String flow)
      implements Effect {
    public KeepReply {
      tags = List.copyOf(tags);
    }
  }

  /// Count a trigger against its frequency cap.
  ///
  /// @param key `controls.frequency_cap_key`
  /// @param person by the id in Customer.io, else by the address
  /// @param until when the next one with the key may begin
  record CountTrigger(String key, String person, Instant until) implements Effect {}

  /// Note who an address belongs to.
  record RecordContact(Address contact, String externalId) implements Effect {}

  /// Keep how this conversation's suppression window stands.
  ///
  /// @param endedBy why it is over; empty text while it is open
  record KeepWindow(Engagement.Window window, String endedBy) implements Effect {}

  /// Note by which names a person is being spoken to in this thread, so that no other trigger of
  /// the person runs at the same time.
  ///
  /// @param live false where the execution is over
  record Engage(List<String> names, boolean live) implements Effect {
    public Engage {
      names = List.copyOf(names);
    }
  }

  /// Keep what the person agreed to or took back.
  record RecordConsent(Consent consent) implements Effect {}

  /// Bring a trigger again when no person speaks with the contact any more.
  ///
  /// @param behind the conversations in which one does, or shall
  record KeepTrigger(EffectId id, Event.Triggered trigger, List<ConversationId> behind)
      implements Effect {
    public KeepTrigger {
      behind = List.copyOf(behind);
    }
  }

  /// Bring to another thread of the person that the person has opted out here.
  record TellOptOut(ThreadId thread, Event.OptedOutElsewhere event) implements Effect {}
}
