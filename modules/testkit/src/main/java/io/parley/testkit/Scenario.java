package io.parley.testkit;

import io.parley.engine.Address;
import io.parley.engine.After;
import io.parley.engine.Block;
import io.parley.engine.Conversation;
import io.parley.engine.Digest;
import io.parley.engine.Effect;
import io.parley.engine.Effect.ScheduleTimer;
import io.parley.engine.EffectId;
import io.parley.engine.Engine;
import io.parley.engine.Event;
import io.parley.engine.FlowRef;
import io.parley.engine.FlowSid;
import io.parley.engine.FrequencyCap;
import io.parley.engine.Hop;
import io.parley.engine.MessageSid;
import io.parley.engine.MessageStatus;
import io.parley.engine.Moment;
import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.Person;
import io.parley.engine.Reason;
import io.parley.engine.ShortLinks;
import io.parley.engine.Step;
import io.parley.engine.Tag;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.engine.Warning;
import io.parley.engine.flow.Flow;
import io.parley.engine.offers.Grant;
import io.parley.engine.offers.Withholding;
import io.parley.engine.offers.Worth;
import io.parley.engine.policy.PersonFacts;
import io.parley.engine.policy.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// One conversation and the world around it, without I/O: the engine's effects are carried out,
/// what the contact and Twilio do is told in one line each. Sends are answered at once with made-up
/// sids unless [#holdSends] or [#failNextSend] says otherwise. The conversation is stepped twice,
/// once from memory and once from its JSON, and both must come to the same; see [Laws] for what
/// else is checked in every step. Confined to one thread.
public final class Scenario {

  public static final Address OURS = new Address("+15005550006");
  public static final Address THEIRS = new Address("+14155550100");
  public static final Address CHAT_SERVICE = new Address("IS" + "0".repeat(31) + "1");
  public static final Address ROOM = new Address("CH" + "0".repeat(31) + "1");
  public static final Person JANE = new Person(Optional.of("42"), Values.of("first_name", "Jane"));
  public static final ShortLinks LINKS = new ShortLinks("https://go.example", "of the scenario");
  private static final Instant BEGINNING = Instant.parse("2026-03-01T18:00:00Z");

  /// Sees what a reply means.
  public interface Tagger {
    List<Tag> tag(Values parameters, ContactFacts contact);
  }

  /// A message that Twilio has taken.
  ///
  /// @param heardAt when the contact had last written
  public record Departed(Effect.Send send, Instant at, Optional<Instant> heardAt) {}

  /// What was reported: `twilio_reply` and its properties.
  public record Outcome(String name, Values properties) {}

  /// An event that was taken, and what it came to.
  public record Taken(Event event, Instant at, Step step) {}

  private final FlowRef ref;
  private final Shelf shelf = new Shelf();
  private final Tagger tagger;

  private Conversation remembered;
  private Conversation reloaded;
  private Policy policy = Policy.DEFAULT;
  private ContactFacts contact = ContactFacts.NOTHING_KNOWN;
  private Instant now = BEGINNING;
  private Optional<FlowRef> bound = Optional.empty();
  private Optional<Instant> begunElsewhere = Optional.empty();
  private Supplier<PersonFacts> person = () -> PersonFacts.NOTHING_KNOWN;
  private boolean holding;
  private Optional<Event.SendFailed> nextFailure = Optional.empty();
  private int replies;

  private final List<Effect.ReserveOffer> wishes = new ArrayList<>();
  private final List<Effect.Send> waiting = new ArrayList<>();
  private final List<Effect.Send> sent = new ArrayList<>();
  private final List<Departed> departed = new ArrayList<>();
  private final Map<EffectId, ScheduleTimer> timers = new LinkedHashMap<>();
  private final Map<FrequencyCap, Instant> counted = new LinkedHashMap<>();
  private final List<Effect> effects = new ArrayList<>();
  private final List<Taken> taken = new ArrayList<>();

  private Scenario(String name, Flow flow, Tagger tagger, ThreadId thread) {
    this.ref = new FlowRef(FlowSid.named(name), name, 1);
    this.shelf.put(ref, flow);
    this.tagger = tagger;
    this.remembered = Conversation.fresh(thread);
    this.reloaded = remembered;
  }

  public static Scenario of(String name, Flow flow, Tagger tagger) {
    return of(name, flow, tagger, THEIRS);
  }

  public static Scenario of(String name, Flow flow, Tagger tagger, Address theirs) {
    return new Scenario(name, flow, tagger, new ThreadId(OURS, theirs));
  }

  /// In a conversation of Twilio Conversations.
  public static Scenario inRoom(String name, Flow flow, Tagger tagger) {
    return new Scenario(name, flow, tagger, new ThreadId(CHAT_SERVICE, ROOM));
  }

  // ---- how the world is

  /// Another flow that this one may run.
  public Scenario besides(FlowRef other, Flow flow) {
    shelf.put(other, flow);
    return this;
  }

  /// Our address is bound to the flow: a reply starts it when nothing runs.
  public Scenario bound() {
    bound = Optional.of(ref);
    return this;
  }

  /// From here on sends wait until [#answer].
  public Scenario holdSends() {
    holding = true;
    return this;
  }

  /// The next send will be given up with a code.
  public Scenario failNextSend(int code, String refusal, Optional<Block> block) {
    EffectId nobody = new EffectId(remembered.id(), 0, 0);
    nextFailure = Optional.of(new Event.SendFailed(nobody, code, refusal, "told to fail", block));
    return this;
  }

  /// From here on these are the brand's rules.
  public Scenario by(Policy rules) {
    policy = rules;
    return this;
  }

  public Scenario known(Block block) {
    contact = new ContactFacts(Optional.of(block));
    return this;
  }

  /// The flow of the next triggers began for the person in another thread.
  public Scenario begunElsewhere(Instant begun) {
    begunElsewhere = Optional.of(begun);
    return this;
  }

  /// From here on this is on record of the person beside this thread.
  public Scenario of(Supplier<PersonFacts> facts) {
    person = facts;
    return this;
  }

  /// The contact said stop elsewhere.
  public Scenario optedOut() {
    contact = new ContactFacts(Optional.of(Block.OPTED_OUT), Optional.of(now));
    return this;
  }

  /// The clock is set forward, if it is not there yet.
  public Scenario until(Instant instant) {
    now = now.isAfter(instant) ? now : instant;
    return this;
  }

  /// Time passes; what waits for its time leaves on the way.
  public Scenario later(Duration duration) {
    passTo(now.plus(duration));
    return this;
  }

  /// From here on it is this time.
  public Scenario at(Instant instant) {
    passTo(instant);
    return this;
  }

  private void passTo(Instant target) {
    while (!holding && due(target).isPresent()) {
      now = due(target).get().notBefore().filter(now::isBefore).orElse(now);
      answerAll();
    }
    now = now.isAfter(target) ? now : target;
  }

  /// The message that leaves next, if it may by a time.
  private Optional<Effect.Send> due(Instant time) {
    return waiting.stream()
        .filter(send -> send.notBefore().filter(time::isBefore).isEmpty())
        .findFirst();
  }

  // ---- what happens

  public Step trigger() {
    return trigger(Values.EMPTY);
  }

  /// @param parameters what the flow reads as `flow.data`
  public Step trigger(Values parameters) {
    return take(new Event.Triggered(ref, JANE, parameters, now));
  }

  public Step reply(String body) {
    replies++;
    MessageSid sid = new MessageSid(Digest.sid("SM", "reply " + replies));
    Values parameters =
        Values.of("MessageSid", sid.value())
            .with("From", theirs().value())
            .with("To", OURS.value())
            .with("Body", body)
            .with("NumMedia", "0");
    List<Tag> tags = tagger.tag(parameters, contact);
    return take(new Event.ReplyReceived(sid, parameters, tags, "scenario", bound));
  }

  /// Somebody writes in a conversation of Twilio Conversations.
  ///
  /// @param author an address or a chat identity
  public Step write(Address room, String author, String body) {
    replies++;
    MessageSid sid = new MessageSid(Digest.sid("IM", "reply " + replies));
    Values parameters =
        Values.of("MessageSid", sid.value())
            .with("ConversationSid", room.value())
            .with("ChannelSid", room.value())
            .with("ChatServiceSid", CHAT_SERVICE.value())
            .with("Author", author)
            .with("From", author)
            .with("Body", body);
    List<Tag> tags = tagger.tag(parameters, contact);
    return take(new Event.ReplyReceived(sid, parameters, tags, "scenario", bound));
  }

  /// Waits until the reply timer runs out.
  public Step timeout() {
    return runOut(ScheduleTimer.Purpose.REPLY_TIMEOUT);
  }

  /// Waits until the execution is too old.
  public Step expire() {
    return runOut(ScheduleTimer.Purpose.EXECUTION_EXPIRY);
  }

  /// Waits until the suppression window is over.
  public Step elapse() {
    return runOut(ScheduleTimer.Purpose.SUPPRESSION_OVER);
  }

  /// Waits until the suppression window is over; answers when that is.
  public Instant elapseAt() {
    elapse();
    return now;
  }

  private Step runOut(ScheduleTimer.Purpose purpose) {
    ScheduleTimer timer =
        timers.values().stream().filter(it -> it.purpose() == purpose).findFirst().orElseThrow();
    return fire(timer);
  }

  /// Waits until a timer runs out.
  public Step fire(ScheduleTimer timer) {
    passTo(timer.dueAt());
    timers.remove(timer.id());
    return take(new Event.TimerFired(timer.id()));
  }

  /// Twilio takes the oldest send that is held.
  public Step answer() {
    return answer(waiting.getFirst());
  }

  /// Twilio takes a send, even one that was withdrawn while its request was on its way.
  public Step answer(Effect.Send send) {
    waiting.remove(send);
    sent.add(send);
    departed.add(new Departed(send, now, remembered.traffic().window().lastInboundAt()));
    return take(new Event.SendAccepted(send.id(), sid(send), outbound(send)));
  }

  /// The offers that were asked for and not answered, oldest first.
  public List<Effect.ReserveOffer> wishes() {
    return List.copyOf(wishes);
  }

  /// The oldest wish is granted a code that is good for two days.
  public Step grant(String code, String worth) {
    Effect.ReserveOffer wish = wishes.removeFirst();
    return grant(wish, code, worth);
  }

  public Step grant(Effect.ReserveOffer wish, String code, String worth) {
    Grant grant =
        new Grant(
            wish.offer(), code, Worth.parse(worth).orElseThrow(), now.plus(Duration.ofDays(2)));
    return take(new Event.OfferReserved(wish.id(), grant));
  }

  /// The oldest wish is granted nothing.
  public Step deny(Withholding reason) {
    return take(new Event.OfferUnavailable(wishes.removeFirst().id(), reason));
  }

  /// The oldest send that is held is given up.
  public Step refuse(int code, String refusal, Optional<Block> block) {
    Effect.Send send = waiting.removeFirst();
    return take(new Event.SendFailed(send.id(), code, refusal, "told to fail", block));
  }

  /// Twilio tells how far the latest message got.
  public Step deliver(MessageStatus status) {
    return deliver(sent.getLast(), status);
  }

  public Step deliver(Effect.Send send, MessageStatus status) {
    int code = status.failed() ? 30008 : 0;
    return take(report(send, status, code, Optional.empty()));
  }

  public static Event.DeliveryReported report(
      Effect.Send send, MessageStatus status, int code, Optional<Block> block) {
    Values parameters =
        Values.of("MessageSid", sid(send).value())
            .with("MessageStatus", status.word())
            .with("From", send.from().value())
            .with("To", send.to().value());
    return new Event.DeliveryReported(
        Optional.of(send.id()),
        sid(send),
        status,
        code,
        status.failed() ? "told_to_fail" : "",
        block,
        parameters);
  }

  public Step purchase() {
    return take(new Event.PurchaseSeen("order-1", Values.of("total", 12.5), now));
  }

  /// Takes any event at all.
  public Step take(Event event) {
    return takeArrived(event, now);
  }

  /// Takes an event that had arrived before.
  public Step takeArrived(Event event, Instant arrivedAt) {
    Optional<Instant> countedAt =
        event instanceof Event.Triggered triggered
            ? FrequencyCap.of(triggered, theirs()).map(counted::get)
            : Optional.empty();
    Moment moment =
        new Moment(now, arrivedAt, contact, LINKS, begunElsewhere, policy, countedAt, person::get);
    Step step = Engine.step(remembered, event, shelf, moment);
    Step again = Engine.step(reloaded, event, shelf, moment);
    if (!again.equals(step)) {
      throw new AssertionError("from memory:\n" + step + "\nfrom its JSON:\n" + again);
    }
    Laws.check(remembered, event, moment, step);
    Laws.checkWindows(outcomeNames(), step);
    remembered = step.next();
    reloaded = Laws.reloaded(again.next());
    taken.add(new Taken(event, now, step));
    step.effects().forEach(this::carryOut);
    if (!holding) {
      answerAll();
    }
    return step;
  }

  private void carryOut(Effect effect) {
    effects.add(effect);
    switch (effect) {
      case Effect.Send send -> waiting.add(send);
      case Effect.ReserveOffer wish -> wishes.add(wish);
      case Effect.WithdrawSends(var epoch) ->
          waiting.removeIf(
              send -> send.purpose() == Effect.Send.Purpose.FLOW && send.epoch() < epoch);
      case Effect.WithdrawAgentSends(var epoch) ->
          waiting.removeIf(
              send -> send.purpose() == Effect.Send.Purpose.AGENT && send.epoch() < epoch);
      case ScheduleTimer timer -> timers.put(timer.id(), timer);
      case Effect.CancelTimer(var timer) -> timers.remove(timer);
      case Effect.CountTrigger(var key, var person, _) ->
          counted.put(new FrequencyCap(key, person), now);
      case Effect.BlockContact block when block.contact().equals(theirs()) ->
          contact = new ContactFacts(Optional.of(block.block()), Optional.of(block.at()));
      case Effect.UnblockContact unblock when unblock.contact().equals(theirs()) ->
          contact = contact.lifted(unblock.lifts());
      default -> {}
    }
  }

  private void answerAll() {
    while (due(now).isPresent()) {
      Optional<Event.SendFailed> failure = nextFailure;
      nextFailure = Optional.empty();
      if (failure.isPresent()) {
        Effect.Send send = due(now).get();
        waiting.remove(send);
        take(
            new Event.SendFailed(
                send.id(),
                failure.get().code(),
                failure.get().refusal(),
                "told to fail",
                failure.get().block()));
      } else {
        answer(due(now).get());
      }
    }
  }

  public static MessageSid sid(Effect.Send send) {
    return new MessageSid(Digest.sid("SM", send.id().toString()));
  }

  private static Values outbound(Effect.Send send) {
    Values outbound =
        Values.of("Sid", sid(send).value())
            .with("Status", "queued")
            .with("From", send.from().value())
            .with("To", send.to().value());
    return send.content() instanceof Effect.Content.Text text
        ? outbound.with("Body", text.body())
        : outbound;
  }

  // ---- what came of it

  public Conversation conversation() {
    return remembered;
  }

  public ContactFacts contact() {
    return contact;
  }

  public Instant now() {
    return now;
  }

  public FlowRef flow() {
    return ref;
  }

  private Address theirs() {
    return remembered.thread().theirs();
  }

  /// The messages that Twilio has taken, oldest first.
  public List<Effect.Send> sent() {
    return List.copyOf(sent);
  }

  /// The same, with their times.
  public List<Departed> departed() {
    return List.copyOf(departed);
  }

  /// The texts of [#sent] that a flow said.
  public List<String> texts() {
    return texts(Effect.Send.Purpose.FLOW);
  }

  /// The texts of [#sent] that no flow said.
  public List<String> notices() {
    return Stream.of(Effect.Send.Purpose.QUESTION, Effect.Send.Purpose.NOTICE)
        .flatMap(purpose -> texts(purpose).stream())
        .toList();
  }

  /// The texts of [#sent] that a person said.
  public List<String> spoken() {
    return texts(Effect.Send.Purpose.AGENT);
  }

  /// The handoff that is open.
  public EffectId handoff() {
    return conversation().handoff().orElseThrow().id();
  }

  /// An agent takes the conversation.
  public Step agentTakes(String agent) {
    return take(new Event.AgentTook(Optional.empty(), agent, false));
  }

  /// An agent says something, which must leave at once or not at all.
  public Step agentSays(String agent, String text) {
    return take(
        new Event.AgentWrote(
            handoff(), agent, "draft", new Effect.Content.Text(text, List.of()), false));
  }

  /// The person who holds the handoff is done.
  public Step agentCloses(After then) {
    return take(new Event.HandoffClosed(handoff(), "solved", Values.EMPTY, then));
  }

  private List<String> texts(Effect.Send.Purpose purpose) {
    return sent.stream()
        .filter(send -> send.purpose() == purpose)
        .map(send -> send.content() instanceof Effect.Content.Text text ? text.body() : "")
        .toList();
  }

  /// The sends that Twilio has not answered.
  public List<Effect.Send> waiting() {
    return List.copyOf(waiting);
  }

  /// The timers that are set and not a suppression window's.
  public List<ScheduleTimer> timers() {
    return timers.values().stream()
        .filter(it -> it.purpose() != ScheduleTimer.Purpose.SUPPRESSION_OVER)
        .toList();
  }

  /// Every effect of every turn.
  public List<Effect> effects() {
    return List.copyOf(effects);
  }

  public List<Outcome> outcomes() {
    return effects.stream()
        .filter(Effect.ReportOutcome.class::isInstance)
        .map(Effect.ReportOutcome.class::cast)
        .map(report -> new Outcome(report.name(), report.properties()))
        .toList();
  }

  public List<String> outcomeNames() {
    return outcomes().stream().map(Outcome::name).toList();
  }

  /// The latest outcome of a name.
  public Outcome outcome(String name) {
    Predicate<Outcome> named = it -> it.name().equals(name);
    return outcomes().reversed().stream().filter(named).findFirst().orElseThrow();
  }

  public List<Reason> refusals() {
    return steps().stream()
        .filter(Step.Refused.class::isInstance)
        .map(step -> ((Step.Refused) step).reason())
        .toList();
  }

  public List<Hop> path() {
    return turns().stream().flatMap(turn -> turn.path().stream()).toList();
  }

  public List<Warning> warnings() {
    return turns().stream().flatMap(turn -> turn.warnings().stream()).toList();
  }

  /// How the latest execution ended; empty while it is alive.
  public Optional<String> result() {
    return conversation().execution().isPresent()
        ? Optional.empty()
        : outcome("conversation_ended").properties().text("result");
  }

  public List<Step> steps() {
    return taken.stream().map(Taken::step).toList();
  }

  /// All that happened, in order.
  public List<Taken> taken() {
    return List.copyOf(taken);
  }

  private List<Step.Turn> turns() {
    return steps().stream().filter(Step.Turn.class::isInstance).map(Step.Turn.class::cast).toList();
  }
}
