package io.parley.store;

import io.parley.engine.ConversationId;
import io.parley.engine.EffectId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What is on record beside a conversation, for whoever answers its contact: offers, consents,
/// flows. Read for people: not for use in a turn.
public final class DeskFacts {

  private static final int MOST = 30;

  private final SqlClient client;

  public DeskFacts(SqlClient client) {
    this.client = client;
  }

  /// An offer that was asked for.
  ///
  /// @param worth as it is stored: `15%`
  public record Offered(
      String offer,
      String worth,
      Optional<String> code,
      String state,
      Instant at,
      Instant expiresAt) {}

  /// What holds of a channel and programme.
  public record Consented(
      String channel, String programme, boolean granted, Instant at, String source) {}

  /// A run of a flow.
  ///
  /// @param result empty while it is alive
  public record Ran(
      String flow,
      int revision,
      int firstTurn,
      Optional<Integer> lastTurn,
      Instant startedAt,
      Optional<Instant> endedAt,
      Optional<String> result) {}

  /// Of a conversation, the latest first.
  public Future<List<Offered>> offers(ConversationId conversation) {
    return list(
        """
        select offer, worth, code, state, granted_at, expires_at from offer_grant
         where conversation = $1 and state <> 'REFUSED' order by granted_at desc limit $2
        """,
        Tuple.of(conversation.value(), MOST),
        row ->
            new Offered(
                row.getString("offer"),
                row.getString("worth"),
                Optional.ofNullable(row.getString("code")),
                row.getString("state"),
                at(row, "granted_at").orElseThrow(),
                at(row, "expires_at").orElseThrow()));
  }

  /// Of a person, the newest of each channel and programme.
  ///
  /// @param number without a channel's prefix
  public Future<List<Consented>> consents(String number, Optional<String> externalId) {
    return list(
        """
        select distinct on (channel, programme) channel, programme, state, at, source from consent
         where address = $1 or (external_id <> '' and external_id = $2)
         order by channel, programme, at desc
        """,
        Tuple.tuple().addString(number).addValue(externalId.orElse(null)),
        row ->
            new Consented(
                row.getString("channel").toLowerCase(java.util.Locale.ROOT),
                row.getString("programme"),
                row.getString("state").equalsIgnoreCase("granted"),
                at(row, "at").orElseThrow(),
                row.getString("source")));
  }

  /// The flows that ran in a conversation, the latest first.
  public Future<List<Ran>> flows(ConversationId conversation) {
    return list(
        """
        select coalesce(f.name, x.flow) as flow, x.revision, x.first_turn, x.last_turn, x.started_at,
               x.ended_at, x.result
          from execution x left join flow f on f.sid = x.flow
         where x.conversation = $1 and x.deleted_at is null order by x.first_turn desc limit $2
        """,
        Tuple.of(conversation.value(), MOST),
        row ->
            new Ran(
                row.getString("flow"),
                row.getInteger("revision"),
                row.getInteger("first_turn"),
                Optional.ofNullable(row.getInteger("last_turn")),
                at(row, "started_at").orElseThrow(),
                at(row, "ended_at"),
                Optional.ofNullable(row.getString("result"))));
  }

  /// A flow and how much goes on in it.
  ///
  /// @param revision the one that is published, else the latest
  /// @param began executions that began since a moment
  public record Flowing(String name, int revision, long began, long live) {}

  public Future<List<Flowing>> flows(Instant since) {
    return list(
        """
        select f.name, coalesce(f.published, f.latest) as revision,
               (select count(*) from execution x where x.flow = f.sid and x.started_at >= $1) as began,
               (select count(*) from execution x where x.flow = f.sid and x.ended_at is null) as live
          from flow f where f.deleted_at is null order by f.name
        """,
        Tuple.of(TurnStatement.utc(since)),
        row ->
            new Flowing(
                row.getString("name"),
                row.getInteger("revision"),
                row.getLong("began"),
                row.getLong("live")));
  }

  /// When a handoff was answered first.
  public Future<Optional<Instant>> firstReply(EffectId handoff) {
    return list(
            "select first_reply_at from handoff where conversation = $1 and turn = $2 and index = $3",
            Tuple.of(handoff.conversation().value(), handoff.turn(), handoff.index()),
            row -> at(row, "first_reply_at"))
        .map(found -> found.stream().findFirst().flatMap(it -> it));
  }

  /// What was known when it was handed over, as JSON; empty where the queue has not looked yet.
  public Future<Optional<String>> handedOver(EffectId handoff) {
    return list(
            "select context from handoff_queue where conversation = $1 and turn = $2 and index = $3",
            Tuple.of(handoff.conversation().value(), handoff.turn(), handoff.index()),
            row -> Optional.ofNullable(row.getString("context")))
        .map(found -> found.stream().findFirst().flatMap(it -> it));
  }

  /// What happened at the desk since a moment.
  ///
  /// @param medianWaitSeconds of those that were taken
  public record Day(
      long opened,
      long closed,
      @Nullable Double medianWaitSeconds,
      @Nullable Double medianFirstReplySeconds) {}

  /// @param topics those that whoever asks may see; empty for all
  public Future<Day> day(Instant since, List<String> topics) {
    return list(
            """
            select count(*) filter (where h.opened_at >= $1) as opened,
                   count(*) filter (where h.closed_at >= $1) as closed,
                   percentile_cont(0.5) within group (
                     order by extract(epoch from h.taken_at - h.opened_at))
                     filter (where h.taken_at >= $1) as waited,
                   percentile_cont(0.5) within group (
                     order by extract(epoch from h.first_reply_at - h.opened_at))
                     filter (where h.first_reply_at >= $1) as replied
              from handoff h join handoff_queue q using (conversation, turn, index)
             where (h.opened_at >= $1 or h.closed_at >= $1 or h.taken_at >= $1 or h.first_reply_at >= $1)
               and (cardinality($2::text[]) = 0 or q.topic = any($2))
            """,
            Tuple.of(TurnStatement.utc(since)).addArrayOfString(topics.toArray(String[]::new)),
            row ->
                new Day(
                    row.getLong("opened"),
                    row.getLong("closed"),
                    row.getDouble("waited"),
                    row.getDouble("replied")))
        .map(List::getFirst);
  }

  /// How a topic stands.
  ///
  /// @param oldestAt since when the first of those that wait does
  public record Standing(
      String topic,
      long waiting,
      Optional<Instant> oldestAt,
      long ok,
      long warned,
      long breached) {}

  /// The topics of what is open.
  public Future<List<Standing>> topics(List<String> topics) {
    return list(
        """
        select topic, count(*) filter (where state = 'QUEUED') as waiting,
               min(queued_at) filter (where state = 'QUEUED') as oldest_at,
               count(*) filter (where sla = 'ok') as ok, count(*) filter (where sla = 'warned') as warned,
               count(*) filter (where sla = 'breached') as breached
          from handoff_queue
         where closed_at is null and (cardinality($1::text[]) = 0 or topic = any($1))
         group by topic order by topic
        """,
        Tuple.tuple().addArrayOfString(topics.toArray(String[]::new)),
        row ->
            new Standing(
                row.getString("topic"),
                row.getLong("waiting"),
                at(row, "oldest_at"),
                row.getLong("ok"),
                row.getLong("warned"),
                row.getLong("breached")));
  }

  /// Conversations that were handed over in a time, the first first.
  ///
  /// @param after the handoff after which the list goes on; empty from the beginning
  public Future<List<EffectId>> handedOver(
      Instant from, Instant until, Optional<EffectId> after, int limit) {
    return list(
        """
        select conversation, turn, index from handoff
         where opened_at >= $1 and opened_at < $2
           and ($3::uuid is null
                or (conversation, turn, index) > ($3::uuid, $4::int, $5::int))
         order by conversation, turn, index limit $6
        """,
        Tuple.of(TurnStatement.utc(from), TurnStatement.utc(until))
            .addValue(after.map(it -> it.conversation().value()).orElse(null))
            .addInteger(after.map(EffectId::turn).orElse(null))
            .addInteger(after.map(EffectId::index).orElse(null))
            .addInteger(limit),
        Outbox::id);
  }

  /// How often a transition was taken by the executions of a revision's flow that began in a time.
  public record Edge(String from, String event, String to, long count) {}

  /// The transitions of a flow.
  ///
  /// @param most executions that are looked at, the latest
  public Future<List<Edge>> edges(String flowSid, Instant since, int most) {
    return list(
        """
        with runs as materialized (
          select conversation, first_turn, coalesce(last_turn, 2147483647) as last_turn from execution
           where flow = $1 and started_at >= $2 and deleted_at is null
           order by started_at desc limit $3
        )
        select h ->> 'widget' as widget, h ->> 'event' as event, coalesce(h ->> 'next', '') as next,
               count(*) as times
          from runs r
          join turn t on t.conversation = r.conversation and t.number between r.first_turn and r.last_turn
                     and t.path <> '[]'
         cross join lateral jsonb_array_elements(stored_json(t.path)) h
         where coalesce(h ->> 'subflow', '') = ''
         group by 1, 2, 3 order by 1, 2, 3
        """,
        Tuple.of(flowSid, TurnStatement.utc(since), most),
        row ->
            new Edge(
                row.getString("widget"),
                row.getString("event"),
                row.getString("next"),
                row.getLong("times")));
  }

  private <T> Future<List<T>> list(String sql, Tuple asked, Function<Row, T> read) {
    return client.preparedQuery(sql).execute(asked).map(rows -> rows.stream().map(read).toList());
  }

  private static Optional<Instant> at(Row row, String column) {
    return Optional.ofNullable(row.getOffsetDateTime(column)).map(OffsetDateTime::toInstant);
  }
}
