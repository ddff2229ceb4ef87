package io.parley.store;

import io.parley.engine.Address;
import io.parley.engine.Block;
import io.parley.store.Outbox.Leased;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The last look and the mark, in one statement for all that are to leave at the same time: a send
/// that a stop has overtaken is not marked, and one that was withdrawn while it was in doubt, and
/// turned out not to have left, is taken out. So is one whose contact has bought what makes moot
/// what it says, where its thread did not know when it was queued: the order comes to the thread
/// through the inbox. A call is none of the contact's business: only its withdrawal holds it back.
/// What a flow says that began before the person was handed over in another thread waits; one that
/// has begun since was let in on purpose, or by the contact. It waits, too, for what its
/// conversation says before it, which who was handed it by its turn did not look for. A notice
/// leaves whatever is on record, and the question whether to stop only while it is open: else it
/// counts as withdrawn. Who has lost the row to another, who has tried it meanwhile, does not go.
final class Marks {

  /// Rows are locked in whatever order; so none is waited for that another transaction holds, which
  /// withdraws it, marks it or puts it off.
  static final String SQL =
      """
      with held as materialized (
        select g.n, g.conversation, g.turn, g.index, g.destination, g.contact, g.room,
               o.epoch, o.purpose, o.unless_bought_since, o.orders_heard,
               g.destination = 'twilio'
               and exists (select from outbox p
                            where p.conversation = g.conversation and p.destination = 'twilio'
                              and (p.turn, p.index) < (g.turn, g.index)
                              and (p.purpose <> 'AGENT' or p.not_before <= now())
                           offset 0) as behind
          from unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::text[], $6::text[], $7::int[])
                 with ordinality
            as g(conversation, turn, index, destination, contact, room, attempt, n)
         cross join lateral
           (select epoch, purpose, unless_bought_since, orders_heard from outbox
             where conversation = g.conversation and turn = g.turn and index = g.index
               and destination = g.destination and in_doubt_since is null and attempts = g.attempt - 1
               for update skip locked) o
      ), looked as materialized (
        select held.n, held.conversation, held.turn, held.index, held.destination, found.*
          from held
         cross join lateral (
          with own as materialized (
            select k.address, c.external_id,
                   case when o.at is not null then 'OPTED_OUT' else c.block end as block
              from (values (held.contact), (held.room)) as k(address)
              left join lateral (select address, external_id, block from contact
                                  where contact.address = k.address offset 0) c on true
              %s
             where k.address is not null
          ), standing as materialized (
            select min(block) as block, bool_or(block = 'UNCLEAR') as unclear from own
          ), bought as materialized (
            select p.order_id, p.format, p.event
              from (select p.* from own
                     cross join lateral
                       (select order_id, at, format, event from purchase
                         where number = regexp_replace(own.address, '^whatsapp:', '') and number <> ''
                           and at >= held.unless_bought_since
                           and order_id <> all(held.orders_heard) offset 0) p
                    union all
                    select p.* from own
                     cross join lateral
                       (select order_id, at, format, event from purchase
                         where external_id = own.external_id and external_id <> ''
                           and at >= held.unless_bought_since
                           and order_id <> all(held.orders_heard) offset 0) p) p
             where held.unless_bought_since is not null
             order by p.at, p.order_id limit 1
          ), handed as materialized (
            select from
              (select h.opened_at from own
                cross join lateral
                  (select opened_at from handoff
                    where theirs in (regexp_replace(own.address, '^whatsapp:', ''),
                                     'whatsapp:' || regexp_replace(own.address, '^whatsapp:', ''))
                      and closed_at is null and conversation <> held.conversation offset 0) h
               union all
               select h.opened_at from own
                cross join lateral
                  (select opened_at from handoff
                    where external_id = own.external_id and external_id <> ''
                      and closed_at is null and conversation <> held.conversation offset 0) h) h
             where exists (select from execution x
                            where x.conversation = held.conversation and x.started_at < h.opened_at
                              and (x.ended_at is null or x.last_turn = held.turn) offset 0)
               and not exists (select from handoff o
                                where o.conversation = held.conversation and o.closed_at is null offset 0)
          )
          select standing.block, bought.order_id, bought.format, bought.event,
                 case held.purpose
                   when 'FLOW' then
                     case when held.epoch < (select c.epoch from conversation c
                                              where c.id = held.conversation)
                               or bought.order_id is not null then 'WITHDRAWN'
                          when held.behind then 'BEHIND'
                          when standing.block is not null then 'BLOCKED'
                          when exists (select from handed) then 'HANDED_OFF'
                          else 'GO' end
                   when 'AGENT' then case when standing.block is null then 'GO' else 'BLOCKED' end
                   when 'QUESTION' then case when standing.unclear then 'GO' else 'WITHDRAWN' end
                   else 'GO' end as verdict
            from standing left join bought on held.purpose = 'FLOW'
        ) found
      ), withdrawn as (
        delete from outbox o using looked l
         where o.conversation = l.conversation and o.turn = l.turn and o.index = l.index
           and o.destination = l.destination and l.verdict = 'WITHDRAWN'
        returning o.conversation, o.turn, o.index, o.destination
      ), told as (
        insert into inbox (source, source_id, ours, theirs, format, event, received_at, due_at, error)
        select 'purchase', 'order:' || l.order_id || ':' || c.id, c.ours, c.theirs, l.format, l.event,
               now(), now(), ''
          from looked l join conversation c on c.id = l.conversation
         where l.verdict = 'WITHDRAWN' and l.event <> ''
        on conflict do nothing
      ), recalled as (
        insert into delivery (conversation, turn, index, destination, outcome, at)
        select conversation, turn, index, destination, 'withdrawn', now() from withdrawn
        on conflict do nothing
      ), marked as (
        update outbox o set in_doubt_since = now(), attempts = attempts + 1
          from looked l
         where o.conversation = l.conversation and o.turn = l.turn and o.index = l.index
           and o.destination = l.destination and l.verdict = 'GO'
        returning l.n
      )
      select n, 'GO' as verdict, null as block from marked
      union all
      select n, verdict, block from looked where verdict in ('BEHIND', 'BLOCKED', 'HANDED_OFF')
      """
          .formatted(Contacts.KEPT);

  private final Gathering<Leased> marks;

  Marks(Pool client) {
    this.marks = new Gathering<>(client, SQL, Marks::parameters);
  }

  Future<LastLook> mark(Leased send) {
    return marks.ask(send).map(Marks::lastLook);
  }

  private static LastLook lastLook(List<Row> rows) {
    if (rows.isEmpty()) {
      return new LastLook.Gone();
    }
    Row row = rows.getFirst();
    return switch (row.getString("verdict")) {
      case "GO" -> new LastLook.Go();
      case "BEHIND" -> new LastLook.Behind();
      case "BLOCKED" -> new LastLook.Blocked(Block.valueOf(row.getString("block")));
      case "HANDED_OFF" -> new LastLook.HandedOff();
      case String other -> throw new IllegalStateException("a last look that says " + other);
    };
  }

  private static Tuple parameters(List<Leased> sends) {
    return Outbox.keys(sends)
        .addValue(sends.stream().map(Marks::contact).toArray(String[]::new))
        .addValue(sends.stream().map(Marks::room).toArray(String[]::new))
        .addValue(sends.stream().map(Leased::attempts).toArray(Integer[]::new));
  }

  /// Whose stop holds a row back; nobody's does a call.
  private static @Nullable String contact(Leased send) {
    return send.destination().equals(Outbox.TWILIO) ? send.contact() : null;
  }

  /// What is said in a conversation is paced by that conversation, and stop may have been said in
  /// it, or by its contact elsewhere.
  private static @Nullable String room(Leased send) {
    return send.destination().equals(Outbox.TWILIO) && new Address(send.sender()).isConversation()
        ? send.sender()
        : null;
  }
}
