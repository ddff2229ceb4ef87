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
import io.parley.engine.ExecutionId;
import io.parley.engine.FlowRef;
import io.parley.engine.Handoff;
import io.parley.engine.Hop;
import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.Outcomes;
import io.parley.engine.Owner;
import io.parley.engine.Step;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private final Columns turns = new Columns();
  private final Columns outgoing = new Columns();
  private final Columns settled = new Columns();
  private final Columns withdrawn = new Columns();
  private final Columns timed = new Columns();
  private final Columns untimed = new Columns();
  private final Columns noted = new Columns();
  private final Columns linked = new Columns();
  private final Columns handed = new Columns();
  private final Columns handedBack = new Columns();
  private final Columns cooling = new Columns();
  private final Columns named = new Columns();
  private final Columns started = new Columns();
  private final Columns finished = new Columns();
  private final Columns kept = new Columns();
  private final Columns attended = new Columns();
  private final Columns hushed = new Columns();
  private final PersonParts person = new PersonParts();

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
    return TurnPart.statement(parts());
  }

  private EnumSet<TurnPart> parts() {
    if (hasRare()) {
      return EnumSet.allOf(TurnPart.class);
    }
    EnumSet<TurnPart> parts = EnumSet.of(TurnPart.GIVEN, TurnPart.SWEPT);
    addWhere(begins, TurnPart.BEGUN, parts);
    addWhere(!outgoing.isEmpty(), TurnPart.OUTGOING, parts);
    addWhere(!settled.isEmpty() || !withdrawn.isEmpty(), TurnPart.SETTLED, parts);
    addWhere(!withdrawn.isEmpty(), TurnPart.WITHDRAWN, parts);
    addWhere(!timed.isEmpty() || !untimed.isEmpty(), TurnPart.TIMED, parts);
    addWhere(!started.isEmpty() || !finished.isEmpty(), TurnPart.EXECUTED, parts);
    addWhere(!kept.isEmpty(), TurnPart.KEPT, parts);
    return parts;
  }

  private static void addWhere(boolean needed, TurnPart part, Set<TurnPart> parts) {
    if (needed) {
      parts.add(part);
    }
  }

  private boolean hasRare() {
    return !(noted.isEmpty()
        && linked.isEmpty()
        && handed.isEmpty()
        && handedBack.isEmpty()
        && cooling.isEmpty()
        && named.isEmpty()
        && attended.isEmpty()
        && hushed.isEmpty()
        && person.isEmpty());
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
    turns.row(
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
    if (record.event() instanceof Event.HandoffClosed closed && refusal == null) {
      handBack(closed.handoff(), number, closed.disposition(), null);
    }
    addExecutions(next, path, endings(record.step().effects()), at);
    person.add(record.step().effects(), conversation, number, at);
    person.addCourses(record, conversation, number);
    Map<Address, Note> notes = new LinkedHashMap<>();
    for (Effect effect : lasting(record.step().effects())) {
      add(effect, record, conversation, number, at, sinks, notes);
    }
    for (Note note : notes.values()) {
      noted.row(
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

  /// The execution that a turn began or ended, or both, or whose cohort it drew; and the one that
  /// it ended in favour of another.
  private void addExecutions(
      Conversation next, List<Hop> path, Map<String, String> endings, OffsetDateTime at) {
    if (next.runs().isEmpty()) {
      return;
    }
    Conversation.Run run = next.runs().getLast();
    String sid = ExecutionId.of(next.id(), run.turn()).value();
    UUID conversation = next.id().value();
    @Nullable String cohort = run.cohort().orElse(null);
    endings.forEach(
        (ended, how) -> {
          if (!ended.equals(sid)) {
            finished.row(ended, conversation, next.turn(), how, at, null);
          }
        });
    @Nullable String result = endings.get(sid);
    if (run.turn() == next.turn()) {
      FlowRef flow = run.flow();
      started.row(
          sid,
          flow.sid().value(),
          flow.revision(),
          conversation,
          next.turn(),
          result,
          at,
          next.person().externalId().orElse(null),
          number(next),
          cohort);
    } else if (result != null || isDrawn(run, path)) {
      finished.row(sid, conversation, next.turn(), result, at, cohort);
    }
  }

  /// The contact's phone number, where one is known.
  private static @Nullable String number(Conversation next) {
    return next.contact().isPersons() ? next.contact().number() : null;
  }

  /// Whether a turn drew the arm of an experiment: see [io.parley.engine.flow.RandomSplit].
  private static boolean isDrawn(Conversation.Run run, List<Hop> path) {
    return path.stream()
        .map(hop -> Optional.of(hop.widget() + ":" + hop.event()))
        .anyMatch(run.cohort()::equals);
  }

  /// How executions ended in a turn, by their names.
  private static Map<String, String> endings(List<Effect> effects) {
    Map<String, String> endings = new LinkedHashMap<>();
    for (Effect effect : effects) {
      if (effect instanceof Effect.ReportOutcome report
          && report.name().equals(Outcomes.FLOW_COMPLETED)) {
        endings.put(
            report.properties().text("execution_sid").orElse(""),
            report.properties().text("result").orElse(""));
      }
    }
    return endings;
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
      case Effect.Send send when send.to().isConversation() ->
          leave(
              send,
              Outbox.TWILIO,
              send.to().value(),
              record.step().next().contact().value(),
              send.epoch(),
              at,
              Recovery.of(send, record));
      case Effect.Send send ->
          leave(
              send,
              Outbox.TWILIO,
              send.from().value(),
              send.to().value(),
              send.epoch(),
              at,
              Recovery.of(send, record));
      case Effect.KeepLink(var code, var url, var send) ->
          linked.row(code, conversation, number, send.turn(), send.index(), url);
      case Effect.Call call ->
          leave(
              call,
              Outbox.CALLS,
              CalledHost.of(call.request()),
              record.thread().theirs().value(),
              epoch(call, record),
              at);
      case Effect.ReserveOffer _, Effect.ReturnOffer _, Effect.KeepOffer _, Effect.RedeemOffer _ ->
          leave((Effect.Outgoing) effect, Outbox.OFFERS, record, at);
      case Effect.OpenHandoff open -> handOver(open, record);
      case Effect.CloseHandoff(var handoff, var why) -> {
        if (handoff.turn() != number) {
          handBack(handoff, number, null, why);
        }
      }
      case Effect.NoteHandoff note -> {
        if (note.handoff().turn() != number && !isClosed(note.handoff(), record)) {
          attend(note, number);
        }
      }
      case Effect.WithdrawAgentSends(var epoch) -> hushed.row(conversation, number, epoch);
      case Effect.ReportOutcome report ->
          Subscription.of(sinks, report).forEach(sink -> leave(report, sink, record, at));
      case Effect.ReportAttributes report ->
          Subscription.of(sinks, report).forEach(sink -> leave(report, sink, record, at));
      case Effect.WithdrawSends(var epoch) -> withdrawn.row(conversation, number, epoch);
      case Effect.ScheduleTimer(var id, var dueAt, var purpose) ->
          timed.row(conversation, id.turn(), id.index(), purpose.name(), utc(dueAt));
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
      case Effect.NameThread(var name) -> named.row(conversation, number, name.value(), at);
      case Effect.KeepReply keep ->
          kept.row(
              conversation,
              number,
              keep.text(),
              keep.textSha256(),
              String.join(",", keep.tags()),
              (float) keep.score(),
              keep.tagger(),
              keep.flow());
      case Effect.CountTrigger(var key, var person, var until) ->
          cooling.row(conversation, number, CoolingOff.cap(key), person, at, utc(until));
      case Effect.RecordContact(var address, var externalId) ->
          notes.computeIfAbsent(address, Note::new).externalId = externalId;
      case Effect.KeepWindow _,
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

  /// A handoff that the very turn takes back is never open.
  private void handOver(Effect.OpenHandoff open, TurnRecord record) {
    Conversation next = record.step().next();
    Optional<String> why =
        record.step().effects().stream()
            .filter(Effect.CloseHandoff.class::isInstance)
            .map(Effect.CloseHandoff.class::cast)
            .filter(close -> close.handoff().equals(open.id()))
            .map(Effect.CloseHandoff::why)
            .findFirst();
    Optional<Effect.NoteHandoff> noted =
        record.step().effects().stream()
            .filter(Effect.NoteHandoff.class::isInstance)
            .map(Effect.NoteHandoff.class::cast)
            .filter(note -> note.handoff().equals(open.id()))
            .findFirst();
    Values report = requestReport(open, record.step().effects());
    handed.row(
        open.id().conversation().value(),
        open.id().turn(),
        open.id().index(),
        next.person().externalId().orElse(null),
        report.text("flow").orElse(""),
        report.text("widget").orElse(""),
        open.epoch(),
        Codec.encodeEffect(open),
        why.orElse(null),
        why.isPresent()
            ? Owner.CLOSED.name()
            : noted.map(Effect.NoteHandoff::owner).orElse(Owner.QUEUED).name(),
        open.request().text("reason").orElse(Handoff.BY_WIDGET),
        noted.flatMap(Effect.NoteHandoff::holder).orElse(null));
  }

  /// Whether a turn closes a handoff, whose row it changes once.
  private static boolean isClosed(EffectId handoff, TurnRecord record) {
    boolean told =
        record.event() instanceof Event.HandoffClosed closed && closed.handoff().equals(handoff);
    return told
        || record.step().effects().stream()
            .anyMatch(
                it -> it instanceof Effect.CloseHandoff close && close.handoff().equals(handoff));
  }

  private void attend(Effect.NoteHandoff note, int byTurn) {
    EffectId handoff = note.handoff();
    attended.row(
        handoff.conversation().value(),
        byTurn,
        handoff.turn(),
        handoff.index(),
        note.owner().name(),
        note.holder().orElse(null),
        note.deed().name());
  }

  /// What the turn reports of the handoff, with the flow and the widget that it comes of.
  private static Values requestReport(Effect.OpenHandoff open, List<Effect> effects) {
    return effects.stream()
        .filter(Effect.ReportOutcome.class::isInstance)
        .map(Effect.ReportOutcome.class::cast)
        .filter(report -> report.name().equals(Outcomes.HANDOFF_REQUESTED))
        .map(Effect.ReportOutcome::properties)
        .filter(it -> it.text("handoff").equals(Optional.of(open.id().toString())))
        .findFirst()
        .orElse(Values.EMPTY);
  }

  private void handBack(
      EffectId handoff,
      int byTurn,
      @org.jspecify.annotations.Nullable String disposition,
      @org.jspecify.annotations.Nullable String why) {
    handedBack.row(
        handoff.conversation().value(), byTurn, handoff.turn(), handoff.index(), disposition, why);
  }

  /// A trigger that was taken begins its flow's cooling-off for its person; one that was refused
  /// begins none.
  private void addCooling(TurnRecord record, int number) {
    if (!(record.event() instanceof Event.Triggered triggered)
        || !(record.step() instanceof Step.Turn)
        || triggered.coolingUser().isEmpty()) {
      return;
    }
    cooling.row(
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
    leave(effect, destination, thread.ours().value(), thread.theirs().value(), 0, at);
  }

  private void leave(
      Effect.Outgoing effect,
      String destination,
      String sender,
      String contact,
      int epoch,
      OffsetDateTime at) {
    leave(effect, destination, sender, contact, epoch, at, Recovery.NONE);
  }

  private void leave(
      Effect.Outgoing effect,
      String destination,
      String sender,
      String contact,
      int epoch,
      OffsetDateTime at,
      Recovery recovery) {
    EffectId id = effect.id();
    outgoing.row(
        id.conversation().value(),
        id.turn(),
        id.index(),
        destination,
        sender,
        contact,
        epoch,
        leaving.get(id),
        at,
        purpose(effect).name(),
        notBefore(effect),
        recovery.since(),
        recovery.heard());
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
    settled.row(
        effect.conversation().value(),
        byTurn,
        effect.turn(),
        effect.index(),
        outcome,
        providerId,
        at);
  }

  private void cancel(EffectId timer, int byTurn) {
    untimed.row(timer.conversation().value(), byTurn, timer.turn(), timer.index());
  }

  /// The parameters of [#sql].
  Tuple parameters() {
    Set<TurnPart> parts = parts();
    Tuple tuple = Tuple.tuple();
    turns.appendTo(tuple, COLUMNS_OF_TURN);
    tuple.addValue((short) Codec.FORMAT);
    if (parts.contains(TurnPart.OUTGOING)) {
      outgoing.appendTo(tuple, COLUMNS_OF_OUTGOING);
    }
    if (parts.contains(TurnPart.SETTLED)) {
      settled.appendTo(tuple, COLUMNS_OF_SETTLED);
    }
    if (parts.contains(TurnPart.WITHDRAWN)) {
      withdrawn.appendTo(tuple, COLUMNS_OF_WITHDRAWN);
    }
    if (parts.contains(TurnPart.TIMED)) {
      timed.appendTo(tuple, COLUMNS_OF_TIMED);
      untimed.appendTo(tuple, COLUMNS_OF_UNTIMED);
    }
    if (parts.contains(TurnPart.RARE)) {
      noted.appendTo(tuple, COLUMNS_OF_NOTED);
      linked.appendTo(tuple, COLUMNS_OF_LINKED);
      handed.appendTo(tuple, COLUMNS_OF_HANDED);
      handedBack.appendTo(tuple, COLUMNS_OF_HANDED_BACK);
      cooling.appendTo(tuple, COLUMNS_OF_COOLING);
      named.appendTo(tuple, COLUMNS_OF_NAMED);
    }
    if (parts.contains(TurnPart.EXECUTED)) {
      started.appendTo(tuple, COLUMNS_OF_STARTED);
      finished.appendTo(tuple, COLUMNS_OF_FINISHED);
    }
    if (parts.contains(TurnPart.KEPT)) {
      kept.appendTo(tuple, COLUMNS_OF_KEPT);
    }
    if (parts.contains(TurnPart.RARE)) {
      attended.appendTo(tuple, COLUMNS_OF_ATTENDED);
      hushed.appendTo(tuple, COLUMNS_OF_WITHDRAWN);
      person.appendTo(tuple);
    }
    return tuple;
  }

  private static final Class<?>[] COLUMNS_OF_TURN = {
    UUID.class, Integer.class, String.class, String.class, String.class, OffsetDateTime.class,
    String.class, String.class, String.class, String.class, String.class, String.class,
    String.class, String.class, Boolean.class, String.class, OffsetDateTime.class
  };
  private static final Class<?>[] COLUMNS_OF_OUTGOING = {
    UUID.class,
    Integer.class,
    Integer.class,
    String.class,
    String.class,
    String.class,
    Integer.class,
    String.class,
    OffsetDateTime.class,
    String.class,
    OffsetDateTime.class,
    OffsetDateTime.class,
    String.class
  };
  private static final Class<?>[] COLUMNS_OF_SETTLED = {
    UUID.class,
    Integer.class,
    Integer.class,
    Integer.class,
    String.class,
    String.class,
    OffsetDateTime.class
  };
  private static final Class<?>[] COLUMNS_OF_WITHDRAWN = {UUID.class, Integer.class, Integer.class};
  private static final Class<?>[] COLUMNS_OF_TIMED = {
    UUID.class, Integer.class, Integer.class, String.class, OffsetDateTime.class
  };
  private static final Class<?>[] COLUMNS_OF_UNTIMED = {
    UUID.class, Integer.class, Integer.class, Integer.class
  };
  private static final Class<?>[] COLUMNS_OF_NOTED = {
    UUID.class,
    Integer.class,
    String.class,
    String.class,
    String.class,
    String.class,
    OffsetDateTime.class,
    OffsetDateTime.class,
    OffsetDateTime.class,
    OffsetDateTime.class,
    OffsetDateTime.class
  };

  private static final Class<?>[] COLUMNS_OF_LINKED = {
    String.class, UUID.class, Integer.class, Integer.class, Integer.class, String.class
  };
  private static final Class<?>[] COLUMNS_OF_HANDED = {
    UUID.class,
    Integer.class,
    Integer.class,
    String.class,
    String.class,
    String.class,
    Integer.class,
    String.class,
    String.class,
    String.class,
    String.class,
    String.class
  };
  private static final Class<?>[] COLUMNS_OF_HANDED_BACK = {
    UUID.class, Integer.class, Integer.class, Integer.class, String.class, String.class
  };
  private static final Class<?>[] COLUMNS_OF_COOLING = {
    UUID.class,
    Integer.class,
    String.class,
    String.class,
    OffsetDateTime.class,
    OffsetDateTime.class
  };
  private static final Class<?>[] COLUMNS_OF_NAMED = {
    UUID.class, Integer.class, String.class, OffsetDateTime.class
  };
  private static final Class<?>[] COLUMNS_OF_STARTED = {
    String.class,
    String.class,
    Integer.class,
    UUID.class,
    Integer.class,
    String.class,
    OffsetDateTime.class,
    String.class,
    String.class,
    String.class
  };
  private static final Class<?>[] COLUMNS_OF_FINISHED = {
    String.class, UUID.class, Integer.class, String.class, OffsetDateTime.class, String.class
  };
  private static final Class<?>[] COLUMNS_OF_KEPT = {
    UUID.class,
    Integer.class,
    String.class,
    String.class,
    String.class,
    Float.class,
    String.class,
    String.class
  };

  private static final Class<?>[] COLUMNS_OF_ATTENDED = {
    UUID.class,
    Integer.class,
    Integer.class,
    Integer.class,
    String.class,
    String.class,
    String.class
  };

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

  /// Rows by row, to be handed over as arrays by column.
  static final class Columns {
    private final List<@Nullable Object[]> rows = new ArrayList<>();

    void row(@Nullable Object... cells) {
      rows.add(cells);
    }

    boolean isEmpty() {
      return rows.isEmpty();
    }

    void appendTo(Tuple tuple, Class<?>[] types) {
      for (int column = 0; column < types.length; column++) {
        Object[] cells = (Object[]) java.lang.reflect.Array.newInstance(types[column], rows.size());
        for (int row = 0; row < cells.length; row++) {
          cells[row] = rows.get(row)[column];
        }
        tuple.addValue(cells);
      }
    }
  }
}
