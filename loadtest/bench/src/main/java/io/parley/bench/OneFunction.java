package io.parley.bench;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/// A function of Postgres' that writes a turn, called once a turn by 8 clients: a round trip, a
/// transaction.
record OneFunction() implements SqlForm {

  @Override
  public int clients() {
    return 8;
  }

  @Override
  public int batch() {
    return 1;
  }

  @Override
  public String preparation() {
    return """
    create or replace function write_turn(
        conversation uuid, number integer, source text, source_id text, at timestamptz, kind text,
        format smallint, event text, effects text, path text, state text,
        indexes integer[], destinations text[], senders text[], contacts text[], outgoing text[],
        timers integer[], purposes text[], ours text, theirs text, due_at timestamptz)
    returns boolean language plpgsql as $$
    begin
      insert into turn values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing;
      if not found then
        return false;
      end if;
      insert into outbox (conversation, turn, index, destination, sender, contact, epoch, format, effect,
                          due_at, not_before, created_at, purpose)
      select $1, $2, o.index, o.destination, o.sender, o.contact, 0, $7, o.effect, now(), now(), $5, 'FLOW'
        from unnest($12, $13, $14, $15, $16) as o(index, destination, sender, contact, effect);
      insert into timer (conversation, turn, index, ours, theirs, purpose, due_at)
      select $1, $2, t.index, $19, $20, t.purpose, $21 from unnest($17, $18) as t(index, purpose);
      delete from timer t where t.conversation = $1 and t.turn = $2 - 1 and t.index = any ($17);
      return true;
    end $$
    """;
  }

  @Override
  public Future<?> write(PgConnection connection, List<Row> rows) {
    Row row = rows.getFirst();
    Samples.Turn turn = row.turn();
    return connection
        .preparedQuery(
            """
            select write_turn($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                              $19, $20, $21)
            """)
        .execute(
            Tuple.from(
                new Object[] {
                  row.conversation(),
                  row.number(),
                  Row.SOURCE,
                  row.sourceId(),
                  row.at(),
                  turn.kind(),
                  turn.format(),
                  turn.event(),
                  turn.effects(),
                  turn.path(),
                  turn.state(),
                  turn.outgoing().stream().map(Samples.Outgoing::index).toArray(Integer[]::new),
                  texts(turn.outgoing().stream().map(Samples.Outgoing::destination).toList()),
                  texts(turn.outgoing().stream().map(Samples.Outgoing::sender).toList()),
                  texts(turn.outgoing().stream().map(Samples.Outgoing::contact).toList()),
                  texts(turn.outgoing().stream().map(Samples.Outgoing::effect).toList()),
                  turn.timers().stream().map(Samples.Timer::index).toArray(Integer[]::new),
                  texts(turn.timers().stream().map(Samples.Timer::purpose).toList()),
                  Replies.OURS.value(),
                  Replies.theirs(0),
                  row.at().plusHours(1)
                }));
  }

  private static String[] texts(List<String> texts) {
    return texts.toArray(String[]::new);
  }
}
