package io.parley.codec;

import io.parley.engine.Address;
import io.parley.engine.After;
import io.parley.engine.Awaiting;
import io.parley.engine.Block;
import io.parley.engine.Conversation;
import io.parley.engine.Conversation.Run;
import io.parley.engine.Conversation.SentMessage;
import io.parley.engine.ConversationId;
import io.parley.engine.Departure;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Engagement;
import io.parley.engine.Event;
import io.parley.engine.Execution;
import io.parley.engine.ExecutionId;
import io.parley.engine.FailureClass;
import io.parley.engine.FlowRef;
import io.parley.engine.FlowSid;
import io.parley.engine.Handoff;
import io.parley.engine.MessageSid;
import io.parley.engine.MessageStatus;
import io.parley.engine.Owner;
import io.parley.engine.Person;
import io.parley.engine.Tag;
import io.parley.engine.ThreadId;
import io.parley.engine.Traffic;
import io.parley.engine.Values;
import io.parley.engine.hours.Clues;
import io.parley.engine.hours.Occasion;
import io.parley.engine.limits.SessionWindow;
import io.parley.engine.offers.Bargain;
import io.parley.engine.offers.Friction;
import io.parley.engine.offers.Grant;
import io.parley.engine.offers.Withholding;
import io.parley.engine.offers.Worth;
import io.parley.engine.policy.Consent;
import io.parley.engine.policy.ConsentChannel;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One value of each kind that is stored.
final class Samples {

  private static final Address OURS = new Address("+15005550006");
  private static final Address THEIRS = new Address("whatsapp:+14155550100");
  private static final Address ROOM = new Address("CH0123456789abcdef0123456789abcdef");
  private static final ThreadId THREAD = new ThreadId(OURS, THEIRS);
  private static final ConversationId ID = ConversationId.of(THREAD);
  private static final FlowRef FLOW = new FlowRef(FlowSid.named("survey"), "survey", 3);
  private static final FlowRef OUTER = new FlowRef(FlowSid.named("cart"), "cart", 1);
  private static final Instant AT = Instant.parse("2026-03-01T18:00:00.123456Z");
  private static final MessageSid SID = new MessageSid("SM0123456789abcdef0123456789abcdef");
  private static final Person JANE = new Person(Optional.of("42"), Values.of("first_name", "Jane"));
  private static final Values VALUES =
      Values.of("text", "👍 \"so\"")
          .with("whole", 7)
          .with("real", 0.5)
          .with("flag", true)
          .with("list", List.of("a", 1))
          .with("object", Values.of("empty", ""));

  private static final Engagement.Window WINDOW =
      new Engagement.Window(
          Engagement.Window.Reason.CONVERSATION, AT, AT.plusSeconds(3600), effect(2, 1));
  private static final Event.OptedOutElsewhere STOPPED =
      new Event.OptedOutElsewhere(THEIRS, "STOP", AT);
  private static final Grant GRANT =
      new Grant("second-chance", "SKIN-7KXW4MPN", Worth.parse("15%").orElseThrow(), AT);

  private static final Consent TAKEN_BACK =
      new Consent(
          Optional.of("+14155550100"),
          Optional.of("42"),
          ConsentChannel.WHATSAPP,
          "marketing",
          Consent.State.REVOKED,
          Consent.Method.KEYWORD,
          OURS.value(),
          "STOP",
          AT);

  private Samples() {}

  static Conversation state() {
    return state(new Awaiting.Reply(effect(4, 0), effect(5, 1)));
  }

  static List<Conversation> states() {
    return List.of(
        Conversation.fresh(THREAD),
        state(new Awaiting.Nothing()),
        state(new Awaiting.SendAnswer(effect(4, 0), OURS)),
        state(new Awaiting.CallAnswer(effect(4, 0))),
        state(new Awaiting.Closing(effect(4, 0), Optional.of(effect(4, 1)))),
        state(new Awaiting.Closing(effect(4, 0), Optional.empty())),
        state(new Awaiting.Return("https://example.com/app", "POST", effect(4, 1))),
        state(new Awaiting.Time(effect(4, 1))),
        state(new Awaiting.Happening(effect(4, 1))),
        state(new Awaiting.OfferAnswer(effect(4, 0), effect(4, 1))),
        state());
  }

  private static Conversation state(Awaiting awaiting) {
    return new Conversation(
        ID,
        THREAD,
        5,
        Owner.BOT,
        1,
        JANE,
        Optional.of(
            new Execution(
                ExecutionId.of(ID, 2),
                FLOW,
                AT,
                Values.of("request", Values.of("to", THEIRS.value())),
                VALUES,
                Values.of("score", "5"),
                Values.of("rate", Values.of("inbound", Values.of("Body", "5"))),
                new Execution.Position("rate", awaiting),
                12,
                2,
                effect(2, 0),
                List.of(
                    new Execution.Caller(
                        OUTER, "care", Values.EMPTY, VALUES, Values.EMPTY, Values.EMPTY)),
                List.of(FLOW),
                Optional.of(new Execution.Room(ROOM, "", true)))),
        List.of(new SentMessage(SID, effect(4, 0), MessageStatus.PARTIALLY_DELIVERED)),
        List.of(new Run(1, FLOW, AT, Optional.empty()), new Run(2, FLOW, AT, Optional.of("b"))),
        new Traffic(
            new SessionWindow(Optional.of(AT), Optional.empty()),
            Optional.of(Occasion.ANSWER),
            List.of(
                new Traffic.Sent(
                    effect(4, 0), AT, true, Values.of("segments", 1).with("encoding", "GSM-7")))),
        new Bargain(
            new Friction(
                List.of(new Friction.Signal("shipping", 1, AT, "keyword SHIPPING")),
                Optional.of(AT)),
            Optional.of(
                new Bargain.Held(
                    effect(3, 0), GRANT, AT, Bargain.State.LEAVING, List.of(effect(4, 0)))),
            Optional.of(AT),
            Optional.of(AT)),
        new Engagement(
            Optional.of(WINDOW),
            Optional.of(AT),
            List.of("order-1"),
            List.of("id:42", "number:+14155550100")),
        Optional.of(
            new Handoff(
                effect(4, 2),
                "tag:human_agent",
                AT,
                AT,
                Optional.of("mia"),
                Optional.of(AT),
                List.of("position"),
                List.of(new Event.SendAccepted(effect(4, 0), SID, Values.of("Status", "queued"))))),
        2);
  }

  static List<Event> events() {
    return List.of(
        new Event.Triggered(FLOW, JANE, VALUES, AT),
        new Event.ReplyReceived(
            SID,
            Values.of("Body", "STOP"),
            List.of(new Tag(Tag.OPT_OUT, 1.0, "keyword STOP")),
            "keywords-1",
            Optional.of(FLOW)),
        new Event.SendAccepted(effect(4, 0), SID, Values.of("Status", "queued")),
        new Event.SendFailed(
            effect(4, 0),
            21610,
            "opted_out",
            "unsubscribed",
            Optional.of(Block.OPTED_OUT),
            FailureClass.OPTED_OUT),
        new Event.DeliveryReported(
            Optional.of(effect(4, 0)),
            SID,
            MessageStatus.UNDELIVERED,
            30006,
            "not_mobile",
            Optional.of(Block.UNREACHABLE),
            Optional.of(FailureClass.UNDELIVERABLE),
            Values.of("MessageStatus", "undelivered")),
        new Event.TimerFired(effect(5, 1)),
        new Event.PurchaseSeen("order-1", Values.of("total", 12.5), AT),
        new Event.CallAnswered(
            effect(4, 0), 200, "application/json", "{}", Values.of("x-request-id", "7")),
        new Event.CallFailed(effect(4, 0), "timeout", "no answer within 10 s"),
        new Event.HandoffClosed(
            effect(4, 0), "solved", VALUES, new After.Begins(FLOW, Values.of("care", true))),
        new Event.AgentTook(Optional.of(effect(4, 0)), "mia", true),
        new Event.HandoffReturned(effect(4, 0), "silent", Optional.of("chatwoot:17")),
        new Event.HandoffPlaced(effect(4, 0), "chatwoot", "17"),
        new Event.AgentWrote(
            effect(4, 0),
            "mia",
            "draft-1",
            new Effect.Content.Text("Hello", List.of("https://example.com/a.png")),
            true),
        new Event.QueueSpoke(effect(4, 0), "position", "You are number 3."),
        new Event.HandoffFailed(effect(4, 0), "no_agent"),
        new Event.OfferReserved(effect(4, 0), GRANT),
        new Event.OfferUnavailable(effect(4, 0), Withholding.POOL_EMPTY),
        new Event.RedirectReturned(Values.of("plan", "gold")),
        new Event.LinkClicked(
            effect(4, 0), "https://example.com/cart", Values.of("code", "x7Kq"), AT),
        new Event.EventSeen("Order Shipped", Values.of("total", 12.5), AT),
        new Event.ConsentRevoked(TAKEN_BACK, "Consent Revoked", Values.of("channel", "whatsapp")),
        new Event.ExecutionStopped(ExecutionId.of(ID, 2)),
        STOPPED,
        new Event.SuppressionElapsed(AT));
  }

  static List<Effect> effects() {
    return List.of(
        new Effect.Send(
            effect(4, 0),
            OURS,
            THEIRS,
            new Effect.Content.Text("Hello", List.of("https://example.com/a.png")),
            1),
        new Effect.ScheduleTimer(effect(4, 1), AT, Effect.ScheduleTimer.Purpose.REPLY_TIMEOUT),
        new Effect.CancelTimer(effect(4, 1)),
        new Effect.KeepLink("4fWq9ZtKbM", "https://example.com/cart", effect(4, 0)),
        new Effect.WithdrawSends(2),
        new Effect.ReportOutcome(effect(4, 2), "twilio_reply", JANE, THEIRS, VALUES, AT),
        new Effect.ReportAttributes(
            effect(4, 3), JANE, THEIRS, Values.of("conversation_in_progress", true), AT),
        new Effect.BlockContact(THEIRS, Block.OPTED_OUT, "STOP", AT),
        new Effect.UnblockContact(THEIRS, Block.OPTED_OUT, "START", AT),
        new Effect.RecordContact(THEIRS, "42"),
        new Effect.NameThread(ROOM),
        new Effect.KeepReply("Hm ok", "9f86d081", List.of("yes", "no"), 0.5, "replies-1", "survey"),
        new Effect.Call(
            effect(4, 4),
            new Effect.Request.Http(
                "POST",
                "https://example.com/hook",
                Values.of("x-key", "7"),
                "application/json",
                "{}",
                false)),
        new Effect.ReserveOffer(effect(4, 5), "second-chance", List.of("id:42", "to:+14155550100")),
        new Effect.ReturnOffer(
            effect(4, 5), effect(3, 0), List.of(effect(4, 0)), "message_withdrawn"),
        new Effect.KeepOffer(effect(4, 5), effect(3, 0)),
        new Effect.RedeemOffer(effect(4, 5), "SKIN-7KXW4MPN", List.of("id:42"), "order-1", AT),
        new Effect.OpenHandoff(effect(4, 5), Values.of("workflow", "care"), 2),
        new Effect.CloseHandoff(effect(4, 5), "the execution ended: stopped"),
        new Effect.NoteHandoff(
            effect(4, 5), Owner.AGENT, Optional.of("mia"), Effect.NoteHandoff.Deed.TAKEN),
        new Effect.WithdrawAgentSends(3),
        new Effect.CountTrigger("recovery", "42", AT),
        new Effect.KeepWindow(WINDOW, "elapsed"),
        new Effect.Engage(List.of("id:42"), true),
        new Effect.RecordConsent(TAKEN_BACK),
        new Effect.TellOptOut(THREAD, STOPPED),
        new Effect.KeepTrigger(
            effect(4, 9),
            new Event.Triggered(FLOW, JANE, VALUES, AT).patient(),
            List.of(effect(4, 9).conversation())));
  }

  /// A send in the other kind of content.
  static Effect template() {
    return new Effect.Send(
        effect(4, 0),
        OURS,
        THEIRS,
        new Effect.Content.Template("HX0123456789abcdef0123456789abcdef", Values.of("1", "Jane")),
        1);
  }

  /// A send of another kind: said in a conversation.
  static Effect said() {
    return new Effect.Send(
        effect(4, 0),
        OURS,
        ROOM,
        new Effect.Content.Text("Hello", List.of()),
        1,
        Optional.of(new Effect.Byline("Bot", "{\"tone\":\"warm\"}")));
  }

  /// A send of another purpose.
  static Effect.Send notice() {
    return new Effect.Send(
        effect(4, 0),
        OURS,
        THEIRS,
        new Effect.Content.Text("You are unsubscribed.", List.of()),
        2,
        Optional.empty(),
        Effect.Send.Purpose.NOTICE,
        Optional.of(AT));
  }

  /// A send that waits for its time.
  static Effect.Send deferred() {
    return ((Effect.Send) effects().getFirst())
        .leaving(
            new Departure(
                Optional.of(AT),
                Occasion.BUSINESS_STARTED,
                Optional.of(AT),
                new Clues("America/New_York", "10001", "NY", "US", "+14155550100")));
  }

  private static EffectId effect(int turn, int index) {
    return new EffectId(ID, turn, index);
  }
}
