package io.parley.store;

import io.parley.codec.Codec;
import io.parley.engine.Address;
import io.parley.engine.Block;
import io.parley.engine.Conversation;
import io.parley.engine.Effect;
import io.parley.engine.Effect.Request.Conversation.Operation;
import io.parley.engine.EffectId;
import io.parley.engine.Engagement;
import io.parley.engine.Event;
import io.parley.engine.Hop;
import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.Owner;
import io.parley.engine.Step;
import io.parley.engine.ThreadId;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Many turns of many conversations as one statement, and so one commit: the journal rows and all
/// that belongs to them. A turn that conflicts (a repeat, a fence) writes nothing of its own and
/// keeps no other back. At most one turn a conversation in a batch.
///
/// Every part sees the tables as they were before the statement, and a row can be changed by one
/// part only: what a turn settles it does not withdraw, and what it sends and withdraws is never
/// written. Rows that two writers may both touch (event names, contacts) are taken in one order, so
/// that the writers wait for each other and never in a circle. Of two blocks the weightier holds:
/// an opt-out, then an open question whether it is one, then an address that takes nothing, which
/// is the order of their names. What lifts a block is held against the contact's row as it is at
/// the commit: it lifts the block that it names, and none that is younger. `offset 0` keeps a
/// look-up by name a look-up by name: as a join it might be planned over the whole table.
///
/// What a step took for granted of its contact is held against the record at the commit, in place
/// of being read anew before each step: the turn is not written where another thread has changed
/// it.
///
/// A flow that has not cooled off for a person breaks a constraint, and so the whole statement: the
/// turn and its claim come to be together or not at all, whatever another writer does meanwhile. So
/// does a trigger whose person is being spoken to in another thread, or of whom more is known by
/// then than it knew, and a stop that a flow has overtaken which it would have to reach.
///
/// A batch takes a statement of no more parts than it has rows for; see [TurnPart].
///
/// What is said in a conversation of Twilio Conversations is paced by that conversation, which is
/// its sender here, and it is the thread's contact who may have said stop: in this thread or by an
/// address of their own.
final class TurnStatement {

  /// Between the ids of orders.
  private static final String UNIT_SEPARATOR = String.valueOf((char) 31);

  private final TurnRows rows = new TurnRows();
  private final HandoffRows handoffs = new HandoffRows(rows);
  private final ExecutionRows executions = new ExecutionRows(rows);
  private final PersonRows person = new PersonRows(rows);

  /// Whether a conversation begins, or an event has a second name.
  private boolean begins;

  /// The effects of the turn that is added, encoded, and which of them may leave.
  private final List<String> texts = new ArrayList<>();

  private final Map<EffectId, String> leaving = new HashMap<>();

  /// The statement for a batch.
  static TurnStatement of(List<TurnRecord> batch, List<Subscription> sinks) {
    TurnStatement statement = new TurnStatement();
    for (TurnRecord record : batch) {
      statement.add(record, sinks);
    }
    return statement;
  }

  /// Its text.
  String sql() {
    return statement().sql();
  }

  /// The parameters of [#sql].
  Tuple parameters() {
    Tuple tuple = Tuple.tuple();
    statement().tables().forEach(table -> table.appendTo(tuple, rows.of(table)));
    return tuple;
  }

  private TurnPart.Statement statement() {
    return TurnPart.statement(TurnPart.of(rows, begins));
  }

  private void add(TurnRecord record, List<Subscription> sinks) {
    Conversation next = record.step().next();
    UUID conversation = next.id().value();
    int number = next.turn();
    OffsetDateTime at = utc(record.at());
    String refusal = record.step() instanceof Step.Refused refused ? refused.reason().word() : null;
    List<Hop> path = record.step() instanceof Step.Turn turn ? turn.path() : List.of();
    encode(record.step().effects());
    begins |= number == 1 || record.alias().isPresent();
    rows.add(
        TurnTable.GIVEN,
        conversation,
        number,
        record.source(),
        record.sourceId(),
        record.alias().orElse(null),
        at,
        record.event().getClass().getSimpleName(),
        Codec.encodeEvent(record.event()),
        Codec.joinEffects(texts),
        Codec.encodePath(path),
        Codec.encodeState(next),
        refusal,
        record.thread().ours().value(),
        record.thread().theirs().value(),
        record.believed().isPresent(),
        record.believed().flatMap(ContactFacts::block).map(Block::name).orElse(null),
        record.believed().flatMap(ContactFacts::since).map(TurnStatement::utc).orElse(null));
    addSettled(record.event(), number, at);
    addCooling(record, number);
    handoffs.add(record);
    executions.add(record);
    person.add(record.step().effects(), conversation, number, at);
    person.addCourses(record, conversation, number);
    Map<Address, Note> notes = new LinkedHashMap<>();
    for (Effect effect : lasting(record.step().effects())) {
      add(effect, record, conversation, number, at, sinks, notes);
    }
    for (Note note : notes.values()) {
      rows.add(
          TurnTable.NOTED,
          conversation,
          number,
          note.address.value(),
          note.externalId,
          note.block,
          note.evidence,
          note.blockAt,
          note.optedInAt,
          note.reachedAt,
          at,
          note.answeredAt);
    }
  }

  /// A conversation is closed whatever is withdrawn later: nobody else would do it.
  private static int epoch(Effect.Call call, TurnRecord record) {
    return call.request() instanceof Effect.Request.Conversation(Operation operation, var _)
            && operation == Operation.CLOSE
        ? Integer.MAX_VALUE
        : record.step().next().epoch();
  }

  /// The effects without those that a later one of the same turn takes back.
  private static List<Effect> lasting(List<Effect> effects) {
    int epoch = Integer.MIN_VALUE;
    Set<EffectId> cancelled = new HashSet<>();
    for (Effect effect : effects) {
      switch (effect) {
        case Effect.WithdrawSends withdraw -> epoch = Math.max(epoch, withdraw.epoch());
        case Effect.CancelTimer cancel -> cancelled.add(cancel.timer());
        default -> {}
      }
    }
    int oldest = epoch;
    return effects.stream()
        .filter(
            effect ->
                !(effect instanceof Effect.Send send
                    && send.purpose() == Effect.Send.Purpose.FLOW
                    && send.epoch() < oldest))
        .filter(
            effect ->
                !(effect instanceof Effect.ScheduleTimer timer && cancelled.contains(timer.id())))
        .toList();
  }

  private void add(
      Effect effect,
      TurnRecord record,
      UUID conversation,
      int number,
      OffsetDateTime at,
      List<Subscription> sinks,
      Map<Address, Note> notes) {
    switch (effect) {
      case Effect.Send send ->
          leave(
              send,
              new Exit(
                  Outbox.TWILIO,
                  Outbox.sender(send).value(),
                  Outbox.contact(send, record.step().next()).value(),
                  send.epoch(),
                  Recovery.of(send, record),
                  record.handed().filter(send.id()::equals).isPresent()),
              at);
      case Effect.KeepLink(var code, var url, var send) ->
          rows.add(TurnTable.LINKED, code, conversation, number, send.turn(), send.index(), url);
      case Effect.Call call ->
          leave(
              call,
              Exit.of(
                  Outbox.CALLS,
                  CalledHost.of(call.request()),
                  record.thread().theirs().value(),
                  epoch(call, record)),
              at);
      case Effect.ReserveOffer _, Effect.ReturnOffer _, Effect.KeepOffer _, Effect.RedeemOffer _ ->
          leave((Effect.Outgoing) effect, Outbox.OFFERS, record, at);
      case Effect.WithdrawAgentSends(var epoch) ->
          rows.add(TurnTable.HUSHED, conversation, number, epoch);
      case Effect.ReportOutcome report ->
          Subscription.of(sinks, report).forEach(sink -> leave(report, sink, record, at));
      case Effect.ReportAttributes report ->
          Subscription.of(sinks, report).forEach(sink -> leave(report, sink, record, at));
      case Effect.WithdrawSends(var epoch) ->
          rows.add(TurnTable.WITHDRAWN, conversation, number, epoch);
      case Effect.ScheduleTimer(var id, var dueAt, var purpose) ->
          rows.add(
              TurnTable.TIMED, conversation, id.turn(), id.index(), purpose.name(), utc(dueAt));
      case Effect.CancelTimer(var timer) -> cancel(timer, number);
      case Effect.BlockContact block -> {
        Note note = notes.computeIfAbsent(block.contact(), Note::new);
        note.block = block.block().name();
        note.evidence = block.evidence();
        note.blockAt = utc(block.at());
      }
      case Effect.UnblockContact unblock -> {
        Note note = notes.computeIfAbsent(unblock.contact(), Note::new);
        note.evidence = unblock.evidence();
        switch (unblock.lifts()) {
          case OPTED_OUT -> note.optedInAt = utc(unblock.at());
          case UNCLEAR -> note.answeredAt = utc(unblock.at());
          case UNREACHABLE -> note.reachedAt = utc(unblock.at());
        }
      }
      case Effect.NameThread(var name) ->
          rows.add(TurnTable.NAMED, conversation, number, name.value(), at);
      case Effect.KeepReply keep ->
          rows.add(
              TurnTable.KEPT,
              conversation,
              number,
              keep.text(),
              keep.textSha256(),
              String.join(",", keep.tags()),
              (float) keep.score(),
              keep.tagger(),
              keep.flow());
      case Effect.CountTrigger(var key, var person, var until) ->
          rows.add(
              TurnTable.COOLING, conversation, number, CoolingOff.cap(key), person, at, utc(until));
      case Effect.RecordContact(var address, var externalId) ->
          notes.computeIfAbsent(address, Note::new).externalId = externalId;
      case Effect.OpenHandoff _,
          Effect.CloseHandoff _,
          Effect.NoteHandoff _,
          Effect.KeepWindow _,
          Effect.Engage _,
          Effect.RecordConsent _,
          Effect.TellOptOut _,
          Effect.KeepTrigger _ -> {}
    }
  }

  /// Which orders of the contact make a message moot, if any do.
  ///
  /// @param since those that were placed from then on, in the database's words. Shops tell whole
  ///     seconds.
  /// @param heard but for these, which the thread knows
  private record Recovery(@Nullable OffsetDateTime since, @Nullable String heard) {

    static final Recovery NONE = new Recovery(null, null);

    static Recovery of(Effect.Send send, TurnRecord record) {
      Engagement engagement = record.step().next().engagement();
      return engagement
          .recoversSince()
          .filter(_ -> send.purpose() == Effect.Send.Purpose.FLOW)
          .filter(_ -> record.step().next().owner() == Owner.BOT)
          .map(
              it ->
                  new Recovery(
                      utc(it.truncatedTo(ChronoUnit.SECONDS)),
                      String.join(UNIT_SEPARATOR, engagement.orders())))
          .orElse(NONE);
    }
  }

  /// A trigger that was taken begins its flow's cooling-off for its person; one that was refused
  /// begins none.
  private void addCooling(TurnRecord record, int number) {
    if (!(record.event() instanceof Event.Triggered triggered)
        || !(record.step() instanceof Step.Turn)
        || triggered.coolingUser().isEmpty()) {
      return;
    }
    rows.add(
        TurnTable.COOLING,
        record.step().next().id().value(),
        number,
        triggered.flow().sid().value(),
        triggered.coolingUser().get(),
        utc(record.at()),
        utc(record.at().plus(triggered.coolingOff())));
  }

  private void leave(
      Effect.Outgoing effect, String destination, TurnRecord record, OffsetDateTime at) {
    ThreadId thread = record.thread();
    leave(effect, Exit.of(destination, thread.ours().value(), thread.theirs().value(), 0), at);
  }

  /// By which way an effect leaves.
  ///
  /// @param handed whether it is handed to a courier, which so need not lease it
  private record Exit(
      String destination,
      String sender,
      String contact,
      int epoch,
      Recovery recovery,
      boolean handed) {

    static Exit of(String destination, String sender, String contact, int epoch) {
      return new Exit(destination, sender, contact, epoch, Recovery.NONE, false);
    }
  }

  private void leave(Effect.Outgoing effect, Exit exit, OffsetDateTime at) {
    EffectId id = effect.id();
    rows.add(
        TurnTable.OUTGOING,
        id.conversation().value(),
        id.turn(),
        id.index(),
        exit.destination(),
        exit.sender(),
        exit.contact(),
        exit.epoch(),
        leaving.get(id),
        at,
        purpose(effect).name(),
        notBefore(effect),
        exit.recovery().since(),
        exit.recovery().heard(),
        exit.handed() ? Math.toIntExact(Outbox.HANDED.toMillis()) : 0);
  }

  /// Each is encoded once, for the journal and for however many destinations.
  private void encode(List<Effect> effects) {
    texts.clear();
    leaving.clear();
    for (Effect effect : effects) {
      String text = Codec.encodeEffect(effect);
      texts.add(text);
      if (effect instanceof Effect.Outgoing outgoing) {
        leaving.put(outgoing.id(), text);
      }
    }
  }

  private static Effect.Send.Purpose purpose(Effect.Outgoing effect) {
    return effect instanceof Effect.Send send ? send.purpose() : Effect.Send.Purpose.FLOW;
  }

  /// When it may leave at the earliest; null where that is at once.
  private static @Nullable OffsetDateTime notBefore(Effect.Outgoing effect) {
    return effect instanceof Effect.Send send
        ? send.notBefore().map(TurnStatement::utc).orElse(null)
        : null;
  }

  /// An answer to a send or a call takes it out of the outbox; so does a timer its own row.
  private void addSettled(Event event, int number, OffsetDateTime at) {
    switch (event) {
      case Event.SendAccepted accepted ->
          settle(accepted.effect(), number, "accepted", accepted.sid().value(), at);
      case Event.SendFailed failed -> settle(failed.effect(), number, failed.refusal(), null, at);
      case Event.DeliveryReported report ->
          report
              .effect()
              .ifPresent(effect -> settle(effect, number, "accepted", report.sid().value(), at));
      case Event.TimerFired(var timer) -> cancel(timer, number);
      case Event.CallAnswered answer ->
          settle(answer.call(), number, "answered " + answer.status(), null, at);
      case Event.CallFailed failure -> settle(failure.call(), number, failure.reason(), null, at);
      case Event.OfferReserved reserved ->
          settle(reserved.reservation(), number, "reserved", null, at);
      case Event.OfferUnavailable refused ->
          settle(refused.reservation(), number, refused.reason().word(), null, at);
      case Event.AgentTook _,
          Event.AgentWrote _,
          Event.QueueSpoke _,
          Event.HandoffReturned _,
          Event.HandoffPlaced _,
          Event.HandoffClosed _,
          Event.HandoffFailed _,
          Event.RedirectReturned _,
          Event.LinkClicked _,
          Event.EventSeen _,
          Event.ConsentRevoked _,
          Event.ExecutionStopped _,
          Event.OptedOutElsewhere _,
          Event.SuppressionElapsed _,
          Event.Triggered _,
          Event.ReplyReceived _,
          Event.PurchaseSeen _ -> {}
    }
  }

  private void settle(
      EffectId effect, int byTurn, String outcome, @Nullable String providerId, OffsetDateTime at) {
    rows.add(
        TurnTable.SETTLED,
        effect.conversation().value(),
        byTurn,
        effect.turn(),
        effect.index(),
        outcome,
        providerId,
        at);
  }

  private void cancel(EffectId timer, int byTurn) {
    rows.add(TurnTable.UNTIMED, timer.conversation().value(), byTurn, timer.turn(), timer.index());
  }

  static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  /// What a turn notes of one address, folded, since a statement may touch a row once.
  private static final class Note {
    private final Address address;
    private @Nullable String externalId;
    private @Nullable String block;
    private @Nullable String evidence;
    private @Nullable OffsetDateTime blockAt;
    private @Nullable OffsetDateTime optedInAt;
    private @Nullable OffsetDateTime reachedAt;
    private @Nullable OffsetDateTime answeredAt;

    Note(Address address) {
      this.address = address;
    }
  }
}
