package io.parley.store;

import static io.parley.store.Dossier.Names.array;

import io.parley.engine.offers.PersonKeys;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// Takes a person out of the offers that were made.
///
/// That somebody holds an offer, and how many were made, is kept under keyed hashes of the names,
/// so that an erasure is no way to a second offer. What the offer was told by (conversation, code,
/// order) is not kept. A code that was given away stays so, and is nobody's.
final class OfferErasure {

  private final SqlConnection connection;
  private final String[] persons;
  private final UUID[] conversations;
  private final Instant now;

  OfferErasure(
      SqlConnection connection, Dossier.Names names, Set<UUID> conversations, Instant now) {
    this.connection = connection;
    this.persons = persons(names);
    this.conversations = conversations.toArray(UUID[]::new);
    this.now = now;
  }

  private static String[] persons(Dossier.Names names) {
    List<String> persons = new ArrayList<>();
    names.externalIds().forEach(id -> persons.add(PersonKeys.ofId(id)));
    names.addresses().forEach(address -> persons.add(PersonKeys.ofAddress(address)));
    return array(persons.stream().distinct().sorted().toList());
  }

  Future<Void> erase() {
    return lock()
        .compose(_ -> hideHolds())
        .compose(_ -> dropUnmade())
        .compose(_ -> hideGrants())
        .compose(_ -> hideNames())
        .compose(_ -> hideCodes());
  }

  /// Takes the names as a reservation does. One that is under way is waited for; one that comes
  /// later finds its conversation erased.
  private Future<Void> lock() {
    return done(
        """
        insert into offer_hold (person, until, conversation, turn, index)
        select person, '-infinity', $2, 0, 0 from unnest($1::text[]) as person order by person
        on conflict (person) do update set until = offer_hold.until
        """,
        Tuple.of(persons, Offers.NOBODY));
  }

  private Future<Void> hideHolds() {
    return done(
        """
        with gone as (
          delete from offer_hold where person = any($1::text[]) or conversation = any($2::uuid[])
          returning person, until
        ), hidden as (
          select case when person like 'erased:%' then person else erased_name(person) end as person, until
            from gone where until > $3
        )
        insert into offer_hold as h (person, until, conversation, turn, index)
        select person, max(until), $4, 0, 0 from hidden group by person
        on conflict (person) do update set until = greatest(h.until, excluded.until)
        """,
        Tuple.of(persons, conversations, TurnStatement.utc(now), Offers.NOBODY));
  }

  /// An offer that was not made, or was taken back, counts for nothing.
  private Future<Void> dropUnmade() {
    return done(
        """
        delete from offer_grant where conversation = any($1::uuid[]) and state in ('REFUSED', 'RETURNED')
        """,
        Tuple.of((Object) conversations));
  }

  private Future<Void> hideGrants() {
    return done(
        """
        update offer_grant g
           set conversation = gen_random_uuid(), turn = 0, index = 0, code = null, order_id = null,
               persons = array(select case when p like 'erased:%' then p else erased_name(p) end
                                 from unnest(g.persons) as p order by 1)
         where conversation = any($1::uuid[])
        """,
        Tuple.of((Object) conversations));
  }

  /// A grant of somebody else's conversation may name the person, whose number it had been.
  private Future<Void> hideNames() {
    return done(
        """
        update offer_grant g
           set persons = array(select case when p = any($1::text[]) then erased_name(p) else p end
                                 from unnest(g.persons) as p order by 1)
         where persons && $1::text[]
        """,
        Tuple.of((Object) persons));
  }

  private Future<Void> hideCodes() {
    return done(
        """
        update offer_code set conversation = $2, turn = 0, index = 0 where conversation = any($1::uuid[])
        """,
        Tuple.of(conversations, Offers.NOBODY));
  }

  private Future<Void> done(String sql, Tuple parameters) {
    return connection.preparedQuery(sql).execute(parameters).mapEmpty();
  }
}
