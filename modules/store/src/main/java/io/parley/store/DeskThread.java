package io.parley.store;

import io.parley.codec.Codec;
import io.parley.engine.ConversationId;
import io.parley.engine.EffectId;
import io.parley.engine.Reason;
import io.parley.store.Chronicle.Turn;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// What was said and what happened in a conversation, in pages of turns: the journal with what
/// became of our messages since. Read for people: not for use in a turn.
public final class DeskThread {

  /// Turns that tell how far an earlier turn's messages got.
  private static final String REPORTS = "('SendAccepted', 'SendFailed', 'DeliveryReported')";

  /// Turns that have something to show of their own.
  private static final String SPEAKING =
      """
      (kind not in ('SendAccepted', 'SendFailed', 'DeliveryReported', 'TimerFired', 'CallAnswered',
                    'CallFailed', 'SuppressionElapsed')
       or effects like '%"type":"Send"%' or effects like '%"type":"OpenHandoff"%'
       or effects like '%"type":"CloseHandoff"%' or effects like '%"twilio_message_refused"%')
      """;

  private static final String COLUMNS =
      "number, at, source, source_id, kind, format, event, effects, refusal";

  private final SqlClient client;

  public DeskThread(SqlClient client) {
    this.client = client;
  }

  /// A part of a conversation.
  ///
  /// @param spoken turns with something to show, oldest first
  /// @param reports turns that tell how far messages got, oldest first
  /// @param withdrawn our messages that were taken back, and when
  /// @param last the number of the latest turn that was looked at
  /// @param more whether there is more in the direction of reading
  public record Page(
      List<Turn> spoken,
      List<Turn> reports,
      Map<EffectId, Instant> withdrawn,
      int last,
      boolean more) {

    public Page {
      spoken = List.copyOf(spoken);
      reports = List.copyOf(reports);
      withdrawn = Map.copyOf(withdrawn);
    }
  }

  /// The latest turns that show something.
  public Future<Page> latest(ConversationId conversation, int turns) {
    return before(conversation, Integer.MAX_VALUE, turns);
  }

  /// The latest turns that show something, of those before one.
  public Future<Page> before(ConversationId conversation, int turn, int turns) {
    return client
        .preparedQuery(
            """
            select %s, (select max(number) from turn where conversation = $1) as last from turn
             where conversation = $1 and number < $2 and event <> '' and %s
             order by number desc limit $3
            """
                .formatted(COLUMNS, SPEAKING))
        .execute(Tuple.of(conversation.value(), turn, turns + 1))
        .compose(
            rows -> {
              List<Row> newestFirst = new ArrayList<>(rows.size());
              rows.forEach(newestFirst::add);
              boolean more = newestFirst.size() > turns;
              List<Turn> spoken =
                  newestFirst.stream()
                      .limit(turns)
                      .map(DeskThread::turn)
                      .sorted(Comparator.comparingInt(Turn::number))
                      .toList();
              int last = newestFirst.isEmpty() ? 0 : newestFirst.getFirst().getInteger("last");
              return spoken.isEmpty()
                  ? Future.succeededFuture(
                      new Page(List.of(), List.of(), Map.of(), Math.max(0, last), false))
                  : withFates(conversation, spoken, last, more);
            });
  }

  /// Everything of the turns after one, in order, with the earlier turns whose messages they tell
  /// of.
  public Future<Page> after(ConversationId conversation, int turn, int turns) {
    return client
        .preparedQuery(
            """
            select %s from turn where conversation = $1 and number > $2
             order by number limit $3
            """
                .formatted(COLUMNS))
        .execute(Tuple.of(conversation.value(), turn, turns + 1))
        .compose(
            rows -> {
              boolean more = rows.size() > turns;
              List<Turn> read =
                  rows.stream()
                      .limit(turns)
                      .filter(row -> !row.getString("event").isEmpty())
                      .map(DeskThread::turn)
                      .toList();
              int last =
                  rows.stream()
                      .limit(turns)
                      .reduce((_, latest) -> latest)
                      .map(row -> row.getInteger("number"))
                      .orElse(turn);
              return read.isEmpty()
                  ? Future.succeededFuture(new Page(List.of(), List.of(), Map.of(), last, more))
                  : withFates(conversation, read, last, more);
            });
  }

  /// The turns of these numbers, with how far their messages got.
  public Future<Page> of(ConversationId conversation, List<Integer> numbers) {
    return client
        .preparedQuery(
            """
            select %s from turn where conversation = $1 and number = any($2::int[]) and event <> ''
             order by number
            """
                .formatted(COLUMNS))
        .execute(Tuple.of(conversation.value(), (Object) numbers.toArray(Integer[]::new)))
        .compose(
            rows -> {
              List<Turn> turns = rows.stream().map(DeskThread::turn).toList();
              return turns.isEmpty()
                  ? Future.succeededFuture(new Page(List.of(), List.of(), Map.of(), 0, false))
                  : withFates(conversation, turns, turns.getLast().number(), false);
            });
  }

  /// The number of the turn of an event, by the event's name; empty where it has none.
  public Future<Optional<Integer>> named(String source, String sourceId) {
    return client
        .preparedQuery("select number from turn where source = $1 and source_id = $2")
        .execute(Tuple.of(source, sourceId))
        .map(rows -> rows.stream().findFirst().map(row -> row.getInteger("number")));
  }

  /// The number of the latest turn; 0 where there is none.
  public Future<Integer> last(ConversationId conversation) {
    return client
        .preparedQuery("select coalesce(max(number), 0) as last from turn where conversation = $1")
        .execute(Tuple.of(conversation.value()))
        .map(rows -> rows.iterator().next().getInteger("last"));
  }

  /// The latest turns of conversations; those without one are left out.
  public Future<Map<ConversationId, Integer>> last(List<ConversationId> conversations) {
    return client
        .preparedQuery(
            """
            select c.id, t.number from unnest($1::uuid[]) as c(id)
             cross join lateral (select number from turn where conversation = c.id
                                  order by number desc limit 1) t
            """)
        .execute(
            Tuple.of(
                (Object) conversations.stream().map(ConversationId::value).toArray(UUID[]::new)))
        .map(
            rows -> {
              Map<ConversationId, Integer> last = new HashMap<>();
              rows.forEach(
                  row -> last.put(new ConversationId(row.getUUID(0)), row.getInteger("number")));
              return last;
            });
  }

  private Future<Page> withFates(
      ConversationId conversation, List<Turn> spoken, int last, boolean more) {
    int first = spoken.getFirst().number();
    Future<RowSet<Row>> reports =
        client
            .preparedQuery(
                """
                select %s from turn where conversation = $1 and number >= $2 and kind in %s and event <> ''
                 order by number
                """
                    .formatted(COLUMNS, REPORTS))
            .execute(Tuple.of(conversation.value(), first));
    Future<Map<EffectId, Instant>> withdrawn = withdrawn(conversation);
    return Future.all(reports, withdrawn)
        .map(
            _ ->
                new Page(
                    spoken,
                    reports.result().stream().map(DeskThread::turn).toList(),
                    withdrawn.result(),
                    last,
                    more));
  }

  /// Our messages that were taken back before they left, and when that was.
  public Future<Map<EffectId, Instant>> withdrawn(ConversationId conversation) {
    return client
        .preparedQuery(
            """
            select turn, index, at from delivery
             where conversation = $1 and destination = $2 and outcome = 'withdrawn'
            """)
        .execute(Tuple.of(conversation.value(), Outbox.TWILIO))
        .map(
            rows -> {
              Map<EffectId, Instant> withdrawn = new HashMap<>();
              rows.forEach(
                  row ->
                      withdrawn.put(
                          new EffectId(
                              conversation, row.getInteger("turn"), row.getInteger("index")),
                          row.getOffsetDateTime("at").toInstant()));
              return withdrawn;
            });
  }

  private static Turn turn(Row row) {
    int format = row.getShort("format");
    return new Turn(
        row.getInteger("number"),
        row.getOffsetDateTime("at").toInstant(),
        row.getString("source"),
        row.getString("source_id"),
        Optional.of(Codec.decodeEvent(format, row.getString("event"))),
        reason(row.getString("refusal")),
        List.of(),
        Codec.decodeEffects(format, row.getString("effects")));
  }

  private static Optional<Reason> reason(String word) {
    return Stream.ofNullable(word)
        .map(it -> Reason.valueOf(it.toUpperCase(Locale.ROOT)))
        .findFirst();
  }
}
