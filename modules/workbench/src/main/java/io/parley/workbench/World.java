package io.parley.workbench;

import io.parley.engine.Address;
import io.parley.engine.Awaiting;
import io.parley.engine.Block;
import io.parley.engine.Conversation;
import io.parley.engine.Digest;
import io.parley.engine.Effect;
import io.parley.engine.Effect.ScheduleTimer;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Execution;
import io.parley.engine.FlowRef;
import io.parley.engine.Json;
import io.parley.engine.MessageSid;
import io.parley.engine.MessageStatus;
import io.parley.engine.Moment;
import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.Person;
import io.parley.engine.ShortLinks;
import io.parley.engine.Step;
import io.parley.engine.Tag;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.engine.flow.Flow;
import io.parley.engine.offers.Withholding;
import io.parley.engine.policy.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One conversation with a flow, and the contact, Twilio and the clock around it, all of them
/// played by dice. Confined to one run.
final class World {

  private static final Instant BEGINNING = Instant.parse("2026-03-01T18:00:00Z");
  private static final ThreadId THREAD =
      new ThreadId(new Address("+15005550006"), new Address("+14155550100"));
  private static final List<MessageStatus> STATUSES = List.of(MessageStatus.values());

  /// Told of every step before the next one.
  interface Listener {
    void heard(Given given, Step step);
  }

  private final FlowRef ref;
  private final WalkShelf flows;
  private final Vocabulary vocabulary;
  private final Dice dice;
  private final Policy policy;
  private final Listener listener;

  private Conversation conversation = Conversation.fresh(THREAD);
  private ContactFacts contact = ContactFacts.NOTHING_KNOWN;
  private Instant now = BEGINNING;
  private int replies;
  private Optional<Event> next = Optional.empty();

  private final List<Effect.Send> unanswered = new ArrayList<>();
  private final List<Effect.Send> taken = new ArrayList<>();
  private final List<Event> past = new ArrayList<>();
  private final List<Effect.Call> calls = new ArrayList<>();
  private final List<Effect.ReserveOffer> wishes = new ArrayList<>();
  private final Map<EffectId, ScheduleTimer> timers = new LinkedHashMap<>();

  World(FlowRef ref, Flow flow, Vocabulary vocabulary, Dice dice, Listener listener) {
    this.ref = ref;
    this.flows = new WalkShelf(ref, flow, vocabulary, dice);
    this.vocabulary = vocabulary;
    this.dice = dice;
    this.policy = WalkedOffers.policy(flow);
    this.listener = listener;
  }

  /// The event that is being taken, or was taken last.
  Optional<Event> event() {
    return next;
  }

  boolean isAlive() {
    return conversation.execution().isPresent();
  }

  /// A caller's request.
  void request() {
    Values parameters =
        vocabulary
            .below("flow.data", dice)
            .with(vocabulary.below("trigger.request.parameters", dice))
            .with("first_name", "Jane");
    take(new Event.Triggered(ref, Person.UNKNOWN, parameters, now));
  }

  /// The contact writes first.
  void write() {
    take(reply(vocabulary.below("trigger.message", dice), Optional.of(ref)));
  }

  /// The next thing that happens, whatever it is.
  void move() {
    now = now.plusSeconds(dice.below(90));
    if (dice.percent(6)) {
      disturb();
    } else if (!unanswered.isEmpty() && dice.percent(90)) {
      answer(unanswered.removeFirst());
    } else if (!calls.isEmpty() && dice.percent(90)) {
      answer(calls.removeFirst());
    } else if (!wishes.isEmpty() && dice.percent(90)) {
      answer(wishes.removeFirst());
    } else if (!taken.isEmpty() && dice.percent(15)) {
      take(report(dice.pick(taken), dice.pick(STATUSES)));
    } else {
      converse();
    }
  }

  private void answer(Effect.Send send) {
    now = send.notBefore().filter(now::isBefore).orElse(now);
    if (dice.percent(92)) {
      taken.add(send);
      take(new Event.SendAccepted(send.id(), sid(send), outbound(send)));
    } else {
      take(new Event.SendFailed(send.id(), 30008, "told_to_fail", "told to fail", block()));
    }
  }

  private void answer(Effect.Call call) {
    if (dice.percent(8)) {
      take(new Event.CallFailed(call.id(), "timeout", "told to fail"));
      return;
    }
    if (call.request() instanceof Effect.Request.Conversation) {
      String room = Json.print(Values.of("sid", Digest.sid("CH", call.id().toString())).entries());
      take(new Event.CallAnswered(call.id(), 200, "application/json", room, Values.EMPTY));
      return;
    }
    String widget = conversation.execution().map(World::standsAt).orElse("");
    Values outputs = vocabulary.below("widgets." + widget, dice);
    String body =
        outputs.text("body").orElseGet(() -> Json.print(outputs.object("parsed").entries()));
    int status = dice.pick(List.of(200, 200, 200, 200, 201, 204, 302, 404, 500));
    take(
        new Event.CallAnswered(
            call.id(), status, dice.percent(90) ? "application/json" : "", body, Values.EMPTY));
  }

  private void answer(Effect.ReserveOffer wish) {
    take(
        dice.percent(80)
            ? MadeUpCodes.answer(wish, policy.offers(), now)
            : new Event.OfferUnavailable(wish.id(), Withholding.POOL_EMPTY));
  }

  private Optional<Block> block() {
    return switch (dice.below(10)) {
      case 0 -> Optional.of(Block.OPTED_OUT);
      case 1 -> Optional.of(Block.UNREACHABLE);
      default -> Optional.empty();
    };
  }

  private void converse() {
    Optional<ScheduleTimer> due =
        timers.values().stream().min(Comparator.comparing(ScheduleTimer::dueAt));
    if (due.isPresent() && dice.percent(20)) {
      now = now.isAfter(due.get().dueAt()) ? now : due.get().dueAt();
      timers.remove(due.get().id());
      take(new Event.TimerFired(due.get().id()));
    } else if (awaits() instanceof Awaiting.Reply(var send, _) && dice.percent(8)) {
      unsent(send);
    } else {
      take(awaited().orElseGet(() -> reply(Values.EMPTY, Optional.empty())));
    }
  }

  /// What an execution may wait for beside a reply.
  private Optional<Event> awaited() {
    Values said = Values.of("answer", "yes");
    return switch (awaits()) {
      case Awaiting.Closing(var handoff, _) when dice.percent(60) ->
          Optional.of(
              dice.percent(85)
                  ? new Event.HandoffClosed(handoff, "done", said)
                  : new Event.HandoffFailed(handoff, "no_agent"));
      case Awaiting.Return _ when dice.percent(60) -> Optional.of(new Event.RedirectReturned(said));
      case Awaiting.Happening _ when dice.percent(60) ->
          Optional.of(new Event.EventSeen(vocabulary.event(dice), said.with("total", 60), now));
      default -> Optional.empty();
    };
  }

  private Awaiting awaits() {
    return conversation
        .execution()
        .map(execution -> execution.position().awaiting())
        .orElseGet(Awaiting.Nothing::new);
  }

  /// A question that was taken turns out not to have arrived.
  private void unsent(EffectId id) {
    taken.stream()
        .filter(send -> send.id().equals(id))
        .findFirst()
        .ifPresent(send -> take(report(send, MessageStatus.UNDELIVERED)));
  }

  /// What a flow's author does not think of.
  private void disturb() {
    switch (dice.below(8)) {
      case 0 -> request();
      case 1 -> take(new Event.PurchaseSeen("order", Values.of("total", 12.5), now));
      case 2 -> take(stop());
      case 3 -> take(new Event.TimerFired(new EffectId(conversation.id(), dice.below(9), 0)));
      case 4 -> now = now.plus(Duration.ofHours(dice.below(48)));
      default -> {
        if (!past.isEmpty()) {
          take(dice.pick(past));
        }
      }
    }
  }

  private Event stop() {
    Tag tag = new Tag(Tag.OPT_OUT, 1, "keyword STOP");
    return new Event.ReplyReceived(
        sidOfReply(), inbound("STOP"), List.of(tag), "walk", Optional.empty());
  }

  private Event reply(Values more, Optional<FlowRef> startable) {
    String widget = conversation.execution().map(World::standsAt).orElse("");
    String body = more.text("Body").orElseGet(() -> vocabulary.reply(widget, dice));
    MessageSid sid = sidOfReply();
    List<Tag> tags = WalkedOffers.tags(policy, dice);
    return new Event.ReplyReceived(sid, inbound(body).with(more), tags, "walk", startable);
  }

  private static String standsAt(Execution execution) {
    return execution.position().widget();
  }

  private MessageSid sidOfReply() {
    replies++;
    return new MessageSid(Digest.sid("SM", "reply " + replies));
  }

  private static Values inbound(String body) {
    return Values.of("From", THREAD.theirs().value())
        .with("To", THREAD.ours().value())
        .with("Body", body)
        .with("NumMedia", "0");
  }

  private static Event report(Effect.Send send, MessageStatus status) {
    return new Event.DeliveryReported(
        Optional.of(send.id()),
        sid(send),
        status,
        status.failed() ? 30008 : 0,
        status.failed() ? "unknown_error" : "",
        Optional.empty(),
        Values.of("MessageStatus", status.word()).with("To", send.to().value()));
  }

  private static MessageSid sid(Effect.Send send) {
    return new MessageSid(Digest.sid("SM", send.id().toString()));
  }

  private static Values outbound(Effect.Send send) {
    return Values.of("Sid", sid(send).value())
        .with("Status", "queued")
        .with("From", send.from().value())
        .with("To", send.to().value());
  }

  private void take(Event event) {
    next = Optional.of(event);
    Given given = new Given(conversation, event, flows, moment());
    Step step = given.step();
    conversation = step.next();
    past.add(event);
    step.effects().forEach(this::carryOut);
    listener.heard(given, step);
  }

  private Moment moment() {
    return new Moment(now, now, contact, ShortLinks.NONE, Optional.empty(), policy);
  }

  private void carryOut(Effect effect) {
    switch (effect) {
      case Effect.Send send -> unanswered.add(send);
      case Effect.Call call -> calls.add(call);
      case Effect.ReserveOffer wish -> wishes.add(wish);
      case Effect.WithdrawSends(var epoch) ->
          unanswered.removeIf(
              send -> send.purpose() == Effect.Send.Purpose.FLOW && send.epoch() < epoch);
      case Effect.WithdrawAgentSends(var epoch) ->
          unanswered.removeIf(
              send -> send.purpose() == Effect.Send.Purpose.AGENT && send.epoch() < epoch);
      case ScheduleTimer timer -> timers.put(timer.id(), timer);
      case Effect.CancelTimer(var timer) -> timers.remove(timer);
      case Effect.BlockContact block when block.contact().equals(THREAD.theirs()) ->
          contact = new ContactFacts(Optional.of(block.block()));
      case Effect.UnblockContact unblock when unblock.contact().equals(THREAD.theirs()) ->
          contact = contact.lifted(unblock.lifts());
      case Effect.BlockContact _,
          Effect.UnblockContact _,
          Effect.ReportOutcome _,
          Effect.ReportAttributes _,
          Effect.ReturnOffer _,
          Effect.KeepOffer _,
          Effect.RedeemOffer _,
          Effect.OpenHandoff _,
          Effect.NoteHandoff _,
          Effect.CloseHandoff _,
          Effect.KeepLink _,
          Effect.NameThread _,
          Effect.KeepReply _,
          Effect.KeepWindow _,
          Effect.Engage _,
          Effect.RecordConsent _,
          Effect.TellOptOut _,
          Effect.KeepTrigger _,
          Effect.CountTrigger _,
          Effect.RecordContact _ -> {}
    }
  }
}
