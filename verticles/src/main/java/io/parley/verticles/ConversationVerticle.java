package io.parley.verticles;

import io.parley.edge.Arrival;
import io.parley.engine.Address;
import io.parley.engine.After;
import io.parley.engine.Awaiting;
import io.parley.engine.Block;
import io.parley.engine.Conversation;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Engine;
import io.parley.engine.Event;
import io.parley.engine.Execution;
import io.parley.engine.ExecutionId;
import io.parley.engine.FlowShelf;
import io.parley.engine.Moment;
import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.Outcomes;
import io.parley.engine.Owner;
import io.parley.engine.Reason;
import io.parley.engine.ShortLinks;
import io.parley.engine.Step;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.engine.policy.Policy;
import io.parley.intents.Hearing;
import io.parley.intents.Reply;
import io.parley.intents.Tags;
import io.parley.store.Journal;
import io.parley.store.Outbox;
import io.parley.store.TurnRecord;
import io.parley.store.Written;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One live conversation: takes one event at a time, in order, steps the engine, and answers when
/// the turn is committed. Its memory is a cache of the journal's last row: forgotten whenever a
/// commit is in doubt. Confined to its context.
final class ConversationVerticle extends VerticleBase {

  /// The failure code that says: nothing is stored, tell again.
  static final int DATABASE_UNAVAILABLE = 1;

  /// The failure code that says: this event broke something, keep it aside.
  static final int POISON = 2;

  static final Duration READ_PATIENCE = Duration.ofSeconds(10);
  private static final Duration COMMIT_PATIENCE = Duration.ofSeconds(20);
  private static final int MAX_FENCED = 5;
  private static final Logger LOG = LoggerFactory.getLogger(ConversationVerticle.class);

  private final ThreadId thread;
  private final ConversationId id;
  private final Shared shared;

  private final Queue<Message<Arrival>> waiting = new ArrayDeque<>(1);
  private boolean atWork;
  private Optional<Journal.Loaded> memory = Optional.empty();

  /// The text of our last message, where it is remembered.
  private Optional<String> said = Optional.empty();

  /// The last of our messages of which no answer has come, where it is remembered.
  private Optional<EffectId> unanswered = Optional.empty();

  /// What all conversations of a service have in common.
  ///
  /// @param lanes of the writers
  /// @param atOnce whether this node's courier would send a message of a sender at once
  record Shared(
      Function<Reply, Future<Tags>> tagger,
      FlowLibrary flows,
      Journal journal,
      Elsewhere elsewhere,
      ShortLinks links,
      Supplier<Policy> policy,
      Clock clock,
      int lanes,
      Predicate<String> atOnce,
      Metrics metrics) {}

  ConversationVerticle(ThreadId thread, Shared shared) {
    this.thread = thread;
    this.id = ConversationId.of(thread);
    this.shared = shared;
  }

  @Override
  public Future<?> start() {
    return vertx
        .eventBus()
        .<Arrival>localConsumer(Bus.conversation(id))
        .handler(
            message -> {
              waiting.add(message);
              work();
            })
        .completion();
  }

  private void work() {
    Message<Arrival> message = atWork ? null : waiting.poll();
    if (message == null) {
      return;
    }
    atWork = true;
    long begun = System.nanoTime();
    take(message.body(), 0)
        .onComplete(
            decision -> {
              atWork = false;
              if (decision.succeeded()) {
                shared
                    .metrics()
                    .turn(message.body().event(), decision.result(), System.nanoTime() - begun);
                Bus.reply(message, decision.result());
              } else {
                forget();
                Bus.fail(message, decision.cause());
              }
              work();
            });
  }

  private Future<Decision> take(Arrival arrival, int fenced) {
    return recall(arrival.event())
        .recover(failure -> unavailable("the journal cannot be read", failure))
        .compose(loaded -> certain(arrival.event(), loaded))
        .compose(loaded -> take(arrival, loaded, fenced));
  }

  /// A flow does not go on after a handoff while nobody knows whether what it said or asked before
  /// has left: it would say it again.
  private Future<Journal.Loaded> certain(Event event, Journal.Loaded loaded) {
    boolean goesOn =
        event instanceof Event.HandoffFailed
            || (event instanceof Event.HandoffClosed closed
                && closed.then() instanceof After.GoesOn);
    Optional<EffectId> awaited = goesOn ? awaited(loaded.conversation()) : Optional.empty();
    if (awaited.isEmpty()) {
      return Future.succeededFuture(loaded);
    }
    return shared
        .journal()
        .isInDoubt(awaited.get())
        .compose(
            inDoubt ->
                inDoubt
                    ? Future.failedFuture(
                        new ReplyException(
                            ReplyFailure.RECIPIENT_FAILURE,
                            DATABASE_UNAVAILABLE,
                            "it is being looked up whether what the flow said before has left"))
                    : Future.succeededFuture(loaded));
  }

  private static Optional<EffectId> awaited(Conversation conversation) {
    return conversation
        .execution()
        .filter(_ -> conversation.handoff().isPresent())
        .flatMap(
            it ->
                switch (it.position().awaiting()) {
                  case Awaiting.SendAnswer(var send, _) -> Optional.of(send);
                  case Awaiting.CallAnswer(var call) -> Optional.of(call);
                  default -> Optional.empty();
                });
  }

  private Future<Decision> take(Arrival arrival, Journal.Loaded loaded, int fenced) {
    return tagged(arrival.event(), loaded)
        .compose(
            event ->
                shared
                    .elsewhere()
                    .ask(event, loaded.conversation())
                    .compose(
                        known ->
                            stepped(arrival, event, loaded, known)
                                .compose(
                                    record ->
                                        commit(
                                            new Attempt(
                                                arrival,
                                                record,
                                                loaded.contact(),
                                                known.begun(),
                                                fenced)))));
  }

  /// One try to make a turn of an arrival.
  ///
  /// @param begunElsewhere when a trigger's flow last began for its person, where that matters
  /// @param fenced how many tries another writer has foiled
  private record Attempt(
      Arrival arrival,
      TurnRecord record,
      ContactFacts contact,
      Optional<Instant> begunElsewhere,
      int fenced) {}

  /// What is known of the conversation. Where a block bears upon the event, another conversation
  /// may have changed what is on record about the contact: the commit holds it against the record,
  /// see [#believed].
  private Future<Journal.Loaded> recall(Event event) {
    return read(event).timeout(READ_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Future<Journal.Loaded> read(Event event) {
    if (memory.isEmpty()) {
      return shared
          .journal()
          .load(thread)
          .onSuccess(loaded -> memory = Optional.of(loaded))
          .compose(loaded -> withPerson(event, loaded));
    }
    Journal.Loaded known = memory.get();
    return thread.theirs().isConversation() && concernsBlocks(event, known.contact())
        ? shared
            .journal()
            .contact(thread.theirs())
            .map(contact -> new Journal.Loaded(known.conversation(), contact))
            .compose(loaded -> withPerson(event, loaded))
        : withPerson(event, known);
  }

  /// What the commit has to find on record of the contact. In a conversation of Twilio
  /// Conversations it is read before each step, since it may be somebody else's.
  private Optional<ContactFacts> believed(Event event, ContactFacts known) {
    return Optional.of(known)
        .filter(_ -> !thread.theirs().isConversation())
        .filter(_ -> concernsBlocks(event, known));
  }

  /// In a conversation of Twilio Conversations the contact is known by an address, too, which may
  /// have said stop elsewhere.
  private Future<Journal.Loaded> withPerson(Event event, Journal.Loaded known) {
    Address person = shared.elsewhere().speaker(event, known.conversation());
    boolean settled = known.contact().block().isPresent() || !tellsOfBlocks(event);
    return person.equals(thread.theirs()) || settled
        ? Future.succeededFuture(known)
        : shared
            .journal()
            .contact(person)
            .map(contact -> new Journal.Loaded(known.conversation(), contact));
  }

  private static boolean tellsOfBlocks(Event event) {
    return concernsBlocks(event, ContactFacts.NOTHING_KNOWN);
  }

  private static boolean concernsBlocks(Event event, ContactFacts known) {
    return switch (event) {
      // A reply to another of our addresses may have opened or answered the question, or stopped
      // all.
      case Event.Triggered _, Event.ReplyReceived _ -> true;
      case Event.SendFailed failed -> failed.block().isPresent();
      case Event.DeliveryReported report -> report.block().isPresent();
      case Event.OptedOutElsewhere _,
          Event.AgentWrote _,
          Event.QueueSpoke _,
          Event.HandoffClosed _ ->
          true;
      case Event.SendAccepted _,
          Event.TimerFired _,
          Event.PurchaseSeen _,
          Event.CallAnswered _,
          Event.CallFailed _,
          Event.OfferReserved _,
          Event.OfferUnavailable _,
          Event.AgentTook _,
          Event.HandoffReturned _,
          Event.HandoffPlaced _,
          Event.HandoffFailed _,
          Event.RedirectReturned _,
          Event.LinkClicked _,
          Event.EventSeen _,
          Event.ConsentRevoked _,
          Event.SuppressionElapsed _,
          Event.ExecutionStopped _ ->
          // Whether to stop may have been answered in another conversation.
          known.is(Block.UNCLEAR);
    };
  }

  /// A step that looks at the person before the person was asked for is worth nothing, and costs
  /// little: it is taken anew with what is on record.
  private Future<TurnRecord> stepped(
      Arrival arrival, Event event, Journal.Loaded loaded, Elsewhere.Known known) {
    PersonLook look = new PersonLook(known.person());
    Moment moment =
        new Moment(
            shared.clock().instant(),
            arrival.receivedAt(),
            loaded.contact(),
            shared.links(),
            known.begun(),
            shared.policy().get(),
            known.counted(),
            look);
    return shared
        .flows()
        .use(shelf -> tried(loaded.conversation(), event, shelf, moment))
        .timeout(READ_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .recover(failure -> unavailable("a flow cannot be read", failure))
        .compose(
            step ->
                look.isMissed()
                    ? shared
                        .elsewhere()
                        .more(event, loaded.conversation(), known)
                        .compose(more -> stepped(arrival, event, loaded, more))
                    : step.recover(bug -> poisonous(event, bug))
                        .map(
                            it ->
                                record(arrival, event, moment, it)
                                    .knowing(known.courses())
                                    .believing(believed(event, loaded.contact()))
                                    .handing(handed(event, it))));
  }

  /// What the turn says first, where nothing stands before it and the courier of this node would
  /// send it at once: it is handed that, in place of being looked for in the outbox.
  private Optional<EffectId> handed(Event event, Step step) {
    if (unanswered.isPresent() && !unanswered.equals(answered(event))) {
      return Optional.empty();
    }
    for (Effect effect : step.effects()) {
      if (effect instanceof Effect.Send send) {
        return Optional.of(send)
            .filter(it -> it.purpose() == Effect.Send.Purpose.FLOW && it.notBefore().isEmpty())
            .filter(it -> shared.atOnce().test(Outbox.sender(it).value()))
            .map(Effect.Send::id);
      }
    }
    return Optional.empty();
  }

  /// The message whose answer an event is.
  private static Optional<EffectId> answered(Event event) {
    return switch (event) {
      case Event.SendAccepted accepted -> Optional.of(accepted.effect());
      case Event.SendFailed failed -> Optional.of(failed.effect());
      default -> Optional.empty();
    };
  }

  private static Future<Step> tried(
      Conversation current, Event event, FlowShelf shelf, Moment moment) {
    try {
      return Future.succeededFuture(Engine.step(current, event, shelf, moment));
    } catch (RuntimeException bug) {
      return Future.failedFuture(bug);
    }
  }

  private Future<Step> poisonous(Event event, Throwable bug) {
    LOG.atError()
        .addKeyValue("conversation", id)
        .addKeyValue("event", event.getClass().getSimpleName())
        .setCause(bug)
        .log("a step failed; the event goes to the inbox");
    return Future.failedFuture(
        new ReplyException(ReplyFailure.RECIPIENT_FAILURE, POISON, bug.toString()));
  }

  private TurnRecord record(Arrival arrival, Event event, Moment moment, Step step) {
    return new TurnRecord(
        Dispatcher.sourceOf(arrival),
        arrival.sourceId(),
        arrival.alias(),
        thread,
        moment.now(),
        event,
        step);
  }

  /// A reply is tagged before the step, and the tags are recorded with it, so that a turn can be
  /// replayed.
  private Future<Event> tagged(Event event, Journal.Loaded loaded) {
    if (!(event instanceof Event.ReplyReceived reply) || !reply.tagger().isEmpty()) {
      return Future.succeededFuture(event);
    }
    return said(loaded.conversation())
        .map(text -> new Hearing(loaded.conversation(), loaded.contact(), text))
        .compose(
            hearing ->
                shared
                    .flows()
                    .use(shelf -> hearing.reply(reply.parameters(), reply.startable(), shelf)))
        .timeout(READ_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .recover(failure -> unavailable("what was asked cannot be read", failure))
        .compose(shared.tagger())
        .map(
            tags ->
                new Event.ReplyReceived(
                    reply.sid(),
                    reply.parameters(),
                    tags.tags(),
                    tags.version(),
                    reply.startable()));
  }

  /// The text of our last message: remembered, else the journal's.
  private Future<String> said(Conversation conversation) {
    return said.isPresent() || conversation.turn() == 0
        ? Future.succeededFuture(said.orElse(""))
        : shared.journal().lastSaid(conversation).onSuccess(text -> said = Optional.of(text));
  }

  /// What is not known to be committed is not known at all.
  private void forget() {
    memory = Optional.empty();
    said = Optional.empty();
    unanswered = Optional.empty();
  }

  private Future<Decision> commit(Attempt attempt) {
    return Bus.on(vertx)
        .<Written>request(
            Bus.writer(Bus.lane(id, shared.lanes())), attempt.record(), COMMIT_PATIENCE)
        .recover(failure -> unavailable("the turn could not be committed", failure))
        .compose(written -> settle(attempt, written));
  }

  private Future<Decision> settle(Attempt attempt, Written written) {
    return switch (written) {
      case Written.Committed() -> {
        Step step = attempt.record().step();
        memory = remembered(step, attempt.contact());
        said = Journal.said(step.effects(), thread.theirs()).or(() -> said);
        announce(attempt.record());
        yield Future.succeededFuture(decided(attempt, step));
      }
      case Written.Repeated(var first) ->
          Future.succeededFuture(
              decided(attempt, first.state(), new Refusal(first.refusal(), first.told()), true));
      case Written.Fenced() -> again(attempt, "another node keeps writing this conversation");
      case Written.CoolingOff() -> again(attempt, "the flow keeps beginning in other threads");
      case Written.Engaged() -> again(attempt, "the person keeps being spoken to elsewhere");
      case Written.Overtaken() -> again(attempt, "more and more becomes known of the person");
      case Written.Unwritable(var why) ->
          Future.failedFuture(new ReplyException(ReplyFailure.RECIPIENT_FAILURE, POISON, why));
    };
  }

  private Future<Decision> again(Attempt attempt, String obstacle) {
    forget();
    return attempt.fenced() < MAX_FENCED
        ? take(attempt.arrival(), attempt.fenced() + 1)
        : unavailable(obstacle, new IllegalStateException());
  }

  /// What is known after a step; nothing where it lifts a block, since only the record of the
  /// contact tells whether a younger block holds.
  private Optional<Journal.Loaded> remembered(Step step, ContactFacts before) {
    ContactFacts facts = before;
    for (Effect effect : step.effects()) {
      if (effect instanceof Effect.UnblockContact) {
        return Optional.empty();
      }
      if (effect instanceof Effect.BlockContact block && block.contact().equals(thread.theirs())) {
        facts = new ContactFacts(Optional.of(block.block()), Optional.of(block.at()));
      }
    }
    return Optional.of(new Journal.Loaded(step.next(), facts));
  }

  /// Tells whom it concerns; a lost message costs latency only.
  private void announce(TurnRecord record) {
    Step step = record.step();
    Optional<EffectId> answered = answered(record.event());
    if (unanswered.equals(answered)) {
      unanswered = Optional.empty();
    }
    Bus bus = Bus.on(vertx);
    bus.publish(
        Bus.TURNED,
        new DeskEvents.Turned(id, step.next().turn(), step.next().owner() != Owner.BOT));
    // What stood behind a message that has its answer may leave now.
    boolean sends = answered.isPresent() && unanswered.isPresent();
    boolean reports = false;
    boolean calls = false;
    boolean offers = false;
    boolean handoff = false;
    boolean over = false;
    for (Effect effect : step.effects()) {
      switch (effect) {
        case Effect.BlockContact block -> bus.publish(Bus.CONTACT_BLOCKED, block.contact().value());
        case Effect.Send send -> {
          unanswered = Optional.of(send.id());
          if (record.handed().equals(unanswered)) {
            bus.publish(Bus.SEND_HANDED, Outbox.Leased.handed(send, step.next(), record.at()));
          } else {
            sends = true;
          }
        }
        case Effect.Call _ -> calls = true;
        case Effect.TellOptOut _ -> bus.publish(Bus.INBOX_WAITS, "");
        case Effect.ReserveOffer _, Effect.ReturnOffer _ -> offers = true;
        case Effect.OpenHandoff _, Effect.NoteHandoff _, Effect.CloseHandoff _ -> handoff = true;
        case Effect.ReportOutcome report -> {
          reports = true;
          over |= report.name().equals(Outcomes.HANDOFF_CLOSED);
        }
        case Effect.ReportAttributes _ -> reports = true;
        default -> {}
      }
    }
    if (sends) {
      bus.publish(Bus.SENDS_WAIT, "");
    }
    if (reports) {
      bus.publish(Bus.REPORTS_WAIT, "");
    }
    if (calls) {
      bus.publish(Bus.CALLS_WAIT, "");
    }
    if (over) {
      bus.publish(Bus.HANDOFF_OVER, "");
    }
    if (handoff || over) {
      bus.publish(Bus.HANDOFF_CHANGED, id.toString());
      bus.publish(Bus.HANDOFFS_MOVED, "");
    }
    if (offers) {
      bus.publish(Bus.OFFERS_WAIT, "");
    }
  }

  private static Decision decided(Attempt attempt, Step step) {
    Refusal refusal =
        step instanceof Step.Refused refused
            ? new Refusal(Optional.of(refused.reason().word()), refused.effects())
            : new Refusal(Optional.empty(), List.of());
    return decided(attempt, step.next(), refusal, false);
  }

  /// Why an event changed nothing, if it did.
  ///
  /// @param told what it did all the same: a report tells more of a message that was refused
  private record Refusal(Optional<String> word, List<Effect> told) {

    Optional<String> sentence() {
      return report()
          .flatMap(it -> it.text("message"))
          .or(() -> word.map(it -> Reason.valueOf(it.toUpperCase(Locale.ROOT)).sentence()));
    }

    /// Whether what was refused is brought again when no person speaks any more.
    boolean waits() {
      return told.stream().anyMatch(Effect.KeepTrigger.class::isInstance);
    }

    Optional<Instant> until() {
      return report().flatMap(it -> it.text("until")).map(Instant::parse);
    }

    private Optional<Values> report() {
      return told.stream()
          .filter(Effect.ReportOutcome.class::isInstance)
          .map(Effect.ReportOutcome.class::cast)
          .filter(it -> it.name().equals(Outcomes.MESSAGE_REFUSED))
          .map(Effect.ReportOutcome::properties)
          .findFirst();
    }
  }

  /// A trigger that was not refused began the execution of its turn, which may have ended in it
  /// too.
  private static Decision decided(
      Attempt attempt, Conversation after, Refusal refused, boolean repeated) {
    Event event = attempt.arrival().event();
    Optional<String> refusal = refused.word();
    boolean began = event instanceof Event.Triggered && refusal.isEmpty();
    Optional<ExecutionId> execution =
        began
            ? Optional.of(ExecutionId.of(after.id(), after.turn()))
            : after.execution().map(Execution::id);
    Optional<Instant> notBefore =
        event instanceof Event.Triggered triggered
                && refusal.equals(Optional.of(Reason.COOLING_OFF.word()))
            ? triggered.coolingOffUntil(after.runs(), attempt.begunElsewhere())
            : refused.until();
    return new Decision.Taken(
        after.id(),
        after.turn(),
        execution,
        refusal,
        refused.sentence(),
        refused.waits(),
        repeated,
        redirect(after),
        notBefore);
  }

  private static Optional<Awaiting.Return> redirect(Conversation after) {
    // While a person speaks, no other application answers the contact.
    return after.execution().filter(_ -> after.handoff().isEmpty()).stream()
        .map(it -> it.position().awaiting())
        .filter(Awaiting.Return.class::isInstance)
        .map(Awaiting.Return.class::cast)
        .findFirst();
  }

  /// A stored row that cannot be read is no outage: the event is set aside.
  static <T> Future<T> unavailable(String what, Throwable failure) {
    int code = failure instanceof IllegalStateException ? POISON : DATABASE_UNAVAILABLE;
    return Future.failedFuture(
        new ReplyException(
            ReplyFailure.RECIPIENT_FAILURE, code, what + ": " + failure.getMessage()));
  }
}
