package io.parley.store;

import io.parley.codec.Codec;
import io.parley.engine.Address;
import io.parley.engine.Conversation;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.ExecutionId;
import io.parley.engine.FlowRef;
import io.parley.engine.FlowSid;
import io.parley.engine.Hop;
import io.parley.engine.Reason;
import io.parley.engine.ThreadId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Everything that happened to one conversation, in order: the journal's turns with what became of
/// each thing that they wanted done. Read at leisure: not for use in a turn.
///
/// @param now the conversation after its last turn
/// @param epoch the oldest whose sends may still leave
/// @param names other names that the thread is written to under
/// @param contact what the contact book says of the other end, where it says anything
/// @param earlier how many turns are left out before the first one here
/// @param turns oldest first
/// @param fates what became of what was to leave, by the effect that asked for it
/// @param offers grants and refusals, by the effect that asked
/// @param timers what is to wake the conversation, the next one first
/// @param window the suppression window that it opened last
/// @param inbox events that could not become a turn yet
public record Chronicle(
    Conversation now,
    Instant begun,
    int epoch,
    List<Address> names,
    Optional<Contacts.Entry> contact,
    int earlier,
    List<Turn> turns,
    List<Executed> executions,
    Map<EffectId, List<Fate>> fates,
    Map<EffectId, Offered> offers,
    List<Handed> handoffs,
    List<Timed> timers,
    Optional<Windowed> window,
    List<Inbox.Parked> inbox) {

  public Chronicle {
    names = List.copyOf(names);
    turns = List.copyOf(turns);
    executions = List.copyOf(executions);
    fates = Map.copyOf(fates);
    offers = Map.copyOf(offers);
    handoffs = List.copyOf(handoffs);
    timers = List.copyOf(timers);
    inbox = List.copyOf(inbox);
  }

  /// A turn.
  ///
  /// @param source who told of the event, and `sourceId` its name there
  /// @param event empty where the turn was erased
  /// @param refusal why it changed nothing, if it was refused
  public record Turn(
      int number,
      Instant at,
      String source,
      String sourceId,
      Optional<Event> event,
      Optional<Reason> refusal,
      List<Hop> path,
      List<Effect> effects) {
    public Turn {
      path = List.copyOf(path);
      effects = List.copyOf(effects);
    }
  }

  /// A run of a flow.
  ///
  /// @param result empty while it is alive
  public record Executed(
      ExecutionId id,
      FlowRef flow,
      int firstTurn,
      Optional<Integer> lastTurn,
      Instant startedAt,
      Optional<Instant> endedAt,
      Optional<String> result) {}

  /// What became of something that was to leave, at one destination.
  public sealed interface Fate {
    String destination();

    /// It has left, or was taken back: `accepted`, `delivered`, `withdrawn`, a refusal.
    ///
    /// @param providerId the name by which the destination knows it
    record Settled(String destination, String outcome, Optional<String> providerId, Instant at)
        implements Fate {}

    /// It is still to leave.
    ///
    /// @param due whether that is now, or has been
    /// @param behind an earlier one of the same conversation that must leave first
    /// @param lastError what came of the last try
    record Waiting(
        String destination,
        Instant dueAt,
        boolean due,
        int attempts,
        Optional<Instant> inDoubtSince,
        Optional<EffectId> behind,
        Optional<String> lastError)
        implements Fate {}

    /// No destination would take it.
    record Dead(String destination, String reason, int attempts, Instant at) implements Fate {}
  }

  /// An offer that was asked for.
  ///
  /// @param state `RESERVED`, `SENT`, `USED`, `RETURNED`, `EXPIRED` or `REFUSED`
  /// @param reason of a refusal
  /// @param order the order that used it
  public record Offered(
      String offer,
      Optional<String> code,
      Offers.State state,
      Optional<String> reason,
      Instant expiresAt,
      Instant changedAt,
      Optional<String> order) {}

  /// A handoff to a person.
  public record Handed(
      EffectId id,
      String state,
      Instant openedAt,
      Optional<Instant> closedAt,
      Optional<String> disposition,
      Optional<String> why) {}

  /// A timer that waits.
  public record Timed(EffectId id, String purpose, Instant dueAt) {}

  /// A suppression window.
  ///
  /// @param endedReason empty while it is open
  public record Windowed(
      String reason, Instant from, Instant until, Optional<String> endedReason) {}

  // ---- which conversation

  private static final Pattern CONVERSATION =
      Pattern.compile("(\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12})(?::\\d+){0,2}");
  private static final Pattern EXECUTION = Pattern.compile("FN\\p{XDigit}{32}");
  private static final Pattern MESSAGE = Pattern.compile("(SM|MM|IM)\\p{XDigit}{32}");
  private static final Pattern ROOM = Pattern.compile("CH\\p{XDigit}{32}");

  /// The conversations that somebody means by a name, oldest first: the id of a conversation or of
  /// something in it (`conversation:turn:index`), the sid of an execution or of a message, a
  /// conversation of Twilio Conversations, an address, or a person's id in Customer.io.
  public static Future<List<ConversationId>> named(SqlClient client, String name) {
    var conversation = CONVERSATION.matcher(name);
    if (conversation.matches()) {
      return ids(
          client,
          "select id from conversation where id = $1::uuid",
          ConversationId.parse(conversation.group(1)).value());
    }
    if (EXECUTION.matcher(name).matches()) {
      return ids(client, "select conversation from execution where sid = $1", name);
    }
    if (ROOM.matcher(name).matches()) {
      return ids(
          client,
          """
          select id from conversation
           where theirs = $1 or id in (select conversation from thread_name where name = $1)
           order by created_at
          """,
          name);
    }
    return MESSAGE.matcher(name).matches()
        ? ofMessage(client, name)
        : Dossier.of(client, Who.named(name))
            .map(dossier -> dossier.conversations().stream().map(Dossier.Held::id).toList());
  }

  /// A message of theirs has its sid for its event's name; one of ours has it in its reports'.
  private static Future<List<ConversationId>> ofMessage(SqlClient client, String sid) {
    return ids(
        client,
        """
        select distinct conversation from turn
         where (source = 'twilio_message' and source_id = $1)
            or (source = 'twilio_status'
                and source_id = any(array(
                      select $1 || ':' || status
                        from unnest(array['queued', 'sending', 'sent', 'delivered', 'undelivered',
                                          'failed', 'canceled', 'read']) as s(status))))
        """,
        sid);
  }

  private static Future<List<ConversationId>> ids(SqlClient client, String sql, Object name) {
    return client
        .preparedQuery(sql)
        .execute(Tuple.of(name))
        .map(rows -> rows.stream().map(row -> new ConversationId(row.getUUID(0))).toList());
  }

  // ---- reading

  /// All of it; empty where there has been no such conversation.
  ///
  /// @param mostTurns the latest ones that are read
  public static Future<Optional<Chronicle>> of(
      SqlClient client, ConversationId conversation, int mostTurns) {
    return client
        .preparedQuery("select ours, theirs, epoch, created_at from conversation where id = $1")
        .execute(Tuple.of(conversation.value()))
        .compose(
            rows ->
                rows.size() == 0
                    ? Future.succeededFuture(Optional.empty())
                    : new Reading(client, conversation, rows.iterator().next())
                        .read(mostTurns)
                        .map(Optional::of));
  }

  /// One reading of a conversation.
  private record Reading(SqlClient client, ConversationId id, Row head) {

    Future<Chronicle> read(int mostTurns) {
      Future<Conversation> now = now();
      Future<RowSet<Row>> turns =
          rows(
              """
              select number, at, source, source_id, format, event, refusal, path, effects from turn
               where conversation = $1
                 and number > (select max(number) from turn where conversation = $1) - %d
               order by number
              """
                  .formatted(mostTurns));
      Future<RowSet<Row>> names =
          rows("select name from thread_name where conversation = $1 order by at, name");
      Future<RowSet<Row>> contact =
          client
              .preparedQuery(
                  """
                  select address, external_id, block, block_evidence, block_at, updated_at from contact
                   where address = $1
                  """)
              .execute(Tuple.of(head.getString("theirs")));
      Future<RowSet<Row>> executions =
          rows(
              """
              select e.sid, e.flow, f.name, e.revision, e.first_turn, e.last_turn, e.started_at, e.ended_at,
                     e.result
                from execution e left join flow f on f.sid = e.flow
               where e.conversation = $1 order by e.first_turn
              """);
      Future<RowSet<Row>> settled =
          rows(
              """
              select conversation, turn, index, destination, outcome, provider_id, at from delivery
               where conversation = $1 order by turn, index, destination
              """);
      Future<RowSet<Row>> waiting =
          rows(
              """
              select o.conversation, o.turn, o.index, o.destination, o.due_at, o.due_at <= now() as due, o.attempts,
                     o.in_doubt_since, o.last_error, p.turn as behind_turn, p.index as behind_index
                from outbox o
                left join lateral (select turn, index from outbox e
                                    where e.conversation = o.conversation
                                      and e.destination = o.destination
                                      and (e.turn, e.index) < (o.turn, o.index)
                                      and o.purpose = 'FLOW' and o.destination in ('twilio', 'calls')
                                    order by e.turn, e.index limit 1) p on true
               where o.conversation = $1 order by o.turn, o.index, o.destination
              """);
      Future<RowSet<Row>> dead =
          rows(
              """
              select conversation, turn, index, destination, reason, attempts, died_at from dead_letter
               where conversation = $1 order by turn, index, destination
              """);
      Future<RowSet<Row>> offers =
          rows(
              """
              select conversation, turn, index, offer, code, state, reason, expires_at, changed_at, order_id
                from offer_grant where conversation = $1
              """);
      Future<RowSet<Row>> handoffs =
          rows(
              """
              select conversation, turn, index, state, opened_at, closed_at, disposition, why from handoff
               where conversation = $1 order by turn, index
              """);
      Future<RowSet<Row>> timers =
          rows(
              """
              select conversation, turn, index, purpose, due_at from timer
               where conversation = $1 order by due_at, turn, index
              """);
      Future<RowSet<Row>> window =
          rows(
              """
              select reason, started_at, until, case when ended_at is not null then ended_reason end as ended
                from suppression where conversation = $1
              """);
      Future<List<Inbox.Parked>> inbox = new Inbox(client).of(thread());
      return Future.all(
              List.of(
                  now,
                  turns,
                  names,
                  contact,
                  executions,
                  settled,
                  waiting,
                  dead,
                  offers,
                  handoffs,
                  timers,
                  window,
                  inbox))
          .map(
              _ ->
                  new Chronicle(
                      now.result(),
                      instant(head, "created_at"),
                      head.getInteger("epoch"),
                      list(names, row -> new Address(row.getString("name"))),
                      contact.result().stream().findFirst().map(Contacts::entry),
                      Math.max(0, now.result().turn() - turns.result().size()),
                      list(turns, Chronicle::turn),
                      list(executions, Chronicle::executed),
                      fates(settled.result(), waiting.result(), dead.result()),
                      offers(offers.result()),
                      list(handoffs, Chronicle::handed),
                      list(timers, Chronicle::timed),
                      window.result().stream().findFirst().map(Chronicle::windowed),
                      inbox.result()));
    }

    private ThreadId thread() {
      return new ThreadId(
          new Address(head.getString("ours")), new Address(head.getString("theirs")));
    }

    private Future<Conversation> now() {
      return rows("select number, format, state from turn where conversation = $1 order by number desc limit 1")
          .map(
              rows ->
                  rows.stream()
                      .findFirst()
                      .map(
                          row ->
                              Erased.conversation(
                                  thread(),
                                  row.getInteger("number"),
                                  row.getShort("format"),
                                  row.getString("state")))
                      .orElseGet(() -> Conversation.fresh(thread())));
    }

    private Future<RowSet<Row>> rows(String sql) {
      return client.preparedQuery(sql).execute(Tuple.of(id.value()));
    }
  }

  private static <T> List<T> list(Future<RowSet<Row>> rows, Function<Row, T> read) {
    return rows.result().stream().map(read).toList();
  }

  private static Turn turn(Row row) {
    int format = row.getShort("format");
    String event = row.getString("event");
    return new Turn(
        row.getInteger("number"),
        instant(row, "at"),
        row.getString("source"),
        row.getString("source_id"),
        event.equals(Erased.NOTHING)
            ? Optional.empty()
            : Optional.of(Codec.decodeEvent(format, event)),
        text(row, "refusal").map(word -> Reason.valueOf(word.toUpperCase(Locale.ROOT))),
        Codec.decodePath(format, row.getString("path")),
        Codec.decodeEffects(format, row.getString("effects")));
  }

  private static Executed executed(Row row) {
    return new Executed(
        new ExecutionId(row.getString("sid")),
        new FlowRef(
            new FlowSid(row.getString("flow")),
            text(row, "name").orElse(""),
            row.getInteger("revision")),
        row.getInteger("first_turn"),
        Optional.ofNullable(row.getInteger("last_turn")),
        instant(row, "started_at"),
        at(row, "ended_at"),
        text(row, "result"));
  }

  private static Map<EffectId, List<Fate>> fates(
      RowSet<Row> settled, RowSet<Row> waiting, RowSet<Row> dead) {
    Map<EffectId, List<Fate>> fates = new HashMap<>();
    gather(
        fates,
        settled,
        row ->
            new Fate.Settled(
                row.getString("destination"),
                row.getString("outcome"),
                text(row, "provider_id"),
                instant(row, "at")));
    gather(
        fates,
        waiting,
        row ->
            new Fate.Waiting(
                row.getString("destination"),
                instant(row, "due_at"),
                row.getBoolean("due"),
                row.getInteger("attempts"),
                at(row, "in_doubt_since"),
                behind(row),
                text(row, "last_error")));
    gather(
        fates,
        dead,
        row ->
            new Fate.Dead(
                row.getString("destination"),
                row.getString("reason"),
                row.getInteger("attempts"),
                instant(row, "died_at")));
    return fates;
  }

  private static Optional<EffectId> behind(Row row) {
    return Optional.ofNullable(row.getInteger("behind_turn"))
        .map(
            turn ->
                new EffectId(
                    new ConversationId(row.getUUID("conversation")),
                    turn,
                    row.getInteger("behind_index")));
  }

  private static void gather(
      Map<EffectId, List<Fate>> fates, RowSet<Row> rows, Function<Row, Fate> read) {
    for (Row row : rows) {
      fates.computeIfAbsent(Outbox.id(row), _ -> new ArrayList<>()).add(read.apply(row));
    }
  }

  private static Map<EffectId, Offered> offers(RowSet<Row> rows) {
    Map<EffectId, Offered> offers = new HashMap<>();
    for (Row row : rows) {
      offers.put(
          Outbox.id(row),
          new Offered(
              row.getString("offer"),
              text(row, "code"),
              Offers.State.valueOf(row.getString("state")),
              text(row, "reason"),
              instant(row, "expires_at"),
              instant(row, "changed_at"),
              text(row, "order_id")));
    }
    return offers;
  }

  private static Handed handed(Row row) {
    return new Handed(
        Outbox.id(row),
        row.getString("state"),
        instant(row, "opened_at"),
        at(row, "closed_at"),
        text(row, "disposition"),
        text(row, "why"));
  }

  private static Timed timed(Row row) {
    return new Timed(Outbox.id(row), row.getString("purpose"), instant(row, "due_at"));
  }

  private static Windowed windowed(Row row) {
    return new Windowed(
        row.getString("reason"),
        instant(row, "started_at"),
        instant(row, "until"),
        text(row, "ended"));
  }

  private static Optional<String> text(Row row, String column) {
    return Optional.ofNullable(row.getString(column));
  }

  private static Instant instant(Row row, String column) {
    return row.getOffsetDateTime(column).toInstant();
  }

  private static Optional<Instant> at(Row row, String column) {
    return Optional.ofNullable(row.getOffsetDateTime(column)).map(OffsetDateTime::toInstant);
  }
}
