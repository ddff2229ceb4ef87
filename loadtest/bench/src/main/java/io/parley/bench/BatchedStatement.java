package io.parley.bench;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// 256 turns a statement, as arrays, by 8 clients: the most that plain SQL gives.
record BatchedStatement() implements SqlForm {

  private static final String SQL =
      """
      with given as (
        select * from unnest($1::uuid[], $2::int[], $3::text[], $4::timestamptz[], $5::text[], $6::text[],
                             $7::text[], $8::text[], $9::text[])
          as t(conversation, number, source_id, at, kind, event, effects, path, state)
      ), written as (
        insert into turn (conversation, number, source, source_id, at, kind, format, event, effects, path,
                          state)
        select conversation, number, $10, source_id, at, kind, $11, event, effects, path, state from given
        on conflict do nothing
        returning conversation, number
      ), outgoing as (
        insert into outbox (conversation, turn, index, destination, sender, contact, epoch, format, effect,
                            due_at, not_before, created_at, purpose)
        select o.conversation, o.turn, o.index, o.destination, o.sender, o.contact, 0, $11, o.effect, now(),
               now(), o.at, 'FLOW'
          from unnest($12::uuid[], $13::int[], $14::int[], $15::text[], $16::text[], $17::text[],
                      $18::text[], $19::timestamptz[])
            as o(conversation, turn, index, destination, sender, contact, effect, at)
          join written on written.conversation = o.conversation and written.number = o.turn
      ), timed as (
        insert into timer (conversation, turn, index, ours, theirs, purpose, due_at)
        select m.conversation, m.turn, m.index, $25, $26, m.purpose, m.due_at
          from unnest($20::uuid[], $21::int[], $22::int[], $23::text[], $24::timestamptz[])
            as m(conversation, turn, index, purpose, due_at)
          join written on written.conversation = m.conversation and written.number = m.turn
      ), untimed as (
        delete from timer
         using unnest($20::uuid[], $21::int[], $22::int[]) as m(conversation, turn, index), written
         where written.conversation = m.conversation and written.number = m.turn
           and timer.conversation = m.conversation and timer.turn = m.turn - 1 and timer.index = m.index
      )
      select conversation from written
      """;

  @Override
  public int clients() {
    return 8;
  }

  @Override
  public int batch() {
    return 256;
  }

  @Override
  public Future<?> write(PgConnection connection, List<Row> rows) {
    List<Left> left = new ArrayList<>();
    List<Timed> timed = new ArrayList<>();
    for (Row row : rows) {
      row.turn().outgoing().forEach(it -> left.add(new Left(row, it)));
      row.turn().timers().forEach(it -> timed.add(new Timed(row, it)));
    }
    return connection
        .preparedQuery(SQL)
        .execute(
            Tuple.from(
                new Object[] {
                  rows.stream().map(Row::conversation).toArray(UUID[]::new),
                  rows.stream().map(Row::number).toArray(Integer[]::new),
                  rows.stream().map(Row::sourceId).toArray(String[]::new),
                  rows.stream().map(Row::at).toArray(OffsetDateTime[]::new),
                  rows.stream().map(row -> row.turn().kind()).toArray(String[]::new),
                  rows.stream().map(row -> row.turn().event()).toArray(String[]::new),
                  rows.stream().map(row -> row.turn().effects()).toArray(String[]::new),
                  rows.stream().map(row -> row.turn().path()).toArray(String[]::new),
                  rows.stream().map(row -> row.turn().state()).toArray(String[]::new),
                  Row.SOURCE,
                  rows.getFirst().turn().format(),
                  left.stream().map(it -> it.row().conversation()).toArray(UUID[]::new),
                  left.stream().map(it -> it.row().number()).toArray(Integer[]::new),
                  left.stream().map(it -> it.sample().index()).toArray(Integer[]::new),
                  left.stream().map(it -> it.sample().destination()).toArray(String[]::new),
                  left.stream().map(it -> it.sample().sender()).toArray(String[]::new),
                  left.stream().map(it -> it.sample().contact()).toArray(String[]::new),
                  left.stream().map(it -> it.sample().effect()).toArray(String[]::new),
                  left.stream().map(it -> it.row().at()).toArray(OffsetDateTime[]::new),
                  timed.stream().map(it -> it.row().conversation()).toArray(UUID[]::new),
                  timed.stream().map(it -> it.row().number()).toArray(Integer[]::new),
                  timed.stream().map(it -> it.sample().index()).toArray(Integer[]::new),
                  timed.stream().map(it -> it.sample().purpose()).toArray(String[]::new),
                  timed.stream()
                      .map(it -> it.row().at().plusHours(1))
                      .toArray(OffsetDateTime[]::new),
                  Replies.OURS.value(),
                  Replies.theirs(0)
                }));
  }

  private record Left(Row row, Samples.Outgoing sample) {}

  private record Timed(Row row, Samples.Timer sample) {}
}
