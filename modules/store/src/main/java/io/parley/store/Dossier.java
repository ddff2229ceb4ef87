package io.parley.store;

import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.Values;
import io.parley.engine.policy.Consent;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/// Everything that is on record of a person, for whoever asks on the person's behalf. Read at
/// leisure: not for use in a turn.
///
/// @param addresses every address of the person, also those of which nothing else is known
/// @param entries what the contact book says
/// @param erased those of the addresses whose opt-out was kept through an erasure
/// @param consents all that was said, oldest first
/// @param audiences those that the person is in
/// @param traits what calls about the person have told
public record Dossier(
    List<Address> addresses,
    List<String> externalIds,
    List<Contacts.Entry> entries,
    List<Address> erased,
    List<Consent> consents,
    List<Bought> purchases,
    List<Held> conversations,
    List<Seat> audiences,
    Values traits) {

  public Dossier {
    addresses = List.copyOf(addresses);
    externalIds = List.copyOf(externalIds);
    entries = List.copyOf(entries);
    erased = List.copyOf(erased);
    consents = List.copyOf(consents);
    purchases = List.copyOf(purchases);
    conversations = List.copyOf(conversations);
    audiences = List.copyOf(audiences);
  }

  /// That the person is in an audience.
  public record Seat(String audience, Instant since) {}

  /// An order.
  public record Bought(String orderId, Instant at) {}

  /// A conversation.
  ///
  /// @param live the flow that runs in it, by name or sid
  /// @param suppressedUntil until when its suppression window is open
  public record Held(
      ConversationId id,
      Address ours,
      Address theirs,
      int turns,
      Instant begun,
      Optional<String> live,
      Optional<Instant> suppressedUntil) {}

  /// Whether nothing at all is known.
  public boolean isEmpty() {
    return entries.isEmpty()
        && erased.isEmpty()
        && consents.isEmpty()
        && purchases.isEmpty()
        && conversations.isEmpty()
        && audiences.isEmpty()
        && traits.isEmpty();
  }

  /// The addresses and external ids of one person: `address`, `id` and which it is.
  private static final String IDENTITIES =
      """
      with own as (
        select address from (values ($1::text), (twin_address($1))) as v(address) where address is not null
      ), ids as (
        select $2::text as external_id where $2 is not null
        union
        select c.external_id from contact c join own using (address) where c.external_id is not null
        union
        select substr(t.person, 4) from trait t
         where t.name = 'phone' and t.value = '"' || regexp_replace($1, '^whatsapp:', '') || '"'
           and t.person like 'id:%'
        union
        select c.external_id from consent c
         where c.address = $1 and $1 like '%@%' and c.external_id <> ''
      ), addresses as (
        select address from own
        union
        select k.address from ids join contact c using (external_id)
         cross join lateral (values (c.address), (twin_address(c.address))) as k(address)
         where k.address is not null
        union
        select k.address from ids join trait t on t.person = 'id:' || ids.external_id and t.name = 'phone'
         cross join lateral (values (t.value::json #>> '{}'),
                                    (twin_address(t.value::json #>> '{}'))) as k(address)
         where k.address like '+%' or k.address like 'whatsapp:+%'
      )
      select 'address' as kind, address as name from addresses
      union all
      select 'id', external_id from ids
      order by kind, name
      """;

  /// The names of one person.
  ///
  /// @param numbers the addresses without a channel's prefix
  record Names(List<String> addresses, List<String> numbers, List<String> externalIds) {

    Names {
      addresses = List.copyOf(addresses);
      numbers = List.copyOf(numbers);
      externalIds = List.copyOf(externalIds);
    }

    /// As a parameter of a statement.
    static String[] array(List<String> names) {
      return names.toArray(String[]::new);
    }

    static Future<Names> of(SqlClient client, Who who) {
      Tuple asked =
          switch (who) {
            case Who.Addressed(var address) ->
                Tuple.tuple().addString(address.value()).addString(null);
            case Who.Known(var externalId) -> Tuple.tuple().addString(null).addString(externalId);
          };
      return client.preparedQuery(IDENTITIES).execute(asked).map(Names::read);
    }

    private static Names read(RowSet<Row> rows) {
      List<String> addresses = names(rows, "address");
      return new Names(
          addresses,
          addresses.stream().map(it -> it.replaceFirst("^whatsapp:", "")).distinct().toList(),
          names(rows, "id"));
    }

    private static List<String> names(RowSet<Row> rows, String kind) {
      return rows.stream()
          .filter(row -> row.getString("kind").equals(kind))
          .map(row -> row.getString("name"))
          .toList();
    }
  }

  /// All of it.
  public static Future<Dossier> of(SqlClient client, Who who) {
    return Names.of(client, who).compose(names -> of(client, names));
  }

  private static Future<Dossier> of(SqlClient client, Names names) {
    Tuple addresses = Tuple.of((Object) Names.array(names.addresses()));
    Tuple identities =
        Tuple.of((Object) Names.array(names.numbers()), (Object) Names.array(names.externalIds()));
    Future<RowSet<Row>> entries =
        client
            .preparedQuery(
                """
                select address, external_id, block, block_evidence, block_at, updated_at from contact
                 where address = any($1::text[]) order by address
                """)
            .execute(addresses);
    Future<RowSet<Row>> erased =
        client
            .preparedQuery(
                """
                select a.address from unnest($1::text[]) as a(address)
                  join kept_opt_out k on k.address_hash = keyed_hash(a.address)
                 order by a.address
                """)
            .execute(addresses);
    Future<RowSet<Row>> consents =
        client
            .preparedQuery(
                """
                select address as one, external_id as two, channel as three, programme as four, state as five,
                       method as six, source || chr(31) || evidence as seven, at
                  from consent
                 where address = any($1::text[]) or (external_id <> '' and external_id = any($2::text[]))
                 order by at, id
                """)
            .execute(identities);
    Future<RowSet<Row>> purchases =
        client
            .preparedQuery(
                """
                select order_id, min(at) as at from purchase
                 where (number <> '' and number = any($1::text[]))
                    or (external_id <> '' and external_id = any($2::text[]))
                 group by order_id order by min(at)
                """)
            .execute(identities);
    Future<RowSet<Row>> conversations =
        client
            .preparedQuery(
                """
                select c.id, c.ours, c.theirs, c.created_at,
                       (select count(*)::int from turn t where t.conversation = c.id and t.kind <> 'Erased') as turns,
                       (select coalesce(f.name, x.flow) from execution x left join flow f on f.sid = x.flow
                         where x.conversation = c.id and x.ended_at is null limit 1) as live,
                       (select s.until from suppression s
                         where s.conversation = c.id and s.ended_at is null) as suppressed_until
                  from conversation c where c.theirs = any($1::text[]) order by c.created_at
                """)
            .execute(addresses);
    Future<RowSet<Row>> audiences =
        client
            .preparedQuery(
                """
                select audience, min(entered_at) as since from audience_member
                 where entered_at is not null
                   and (number <> '' and number = any($1::text[])
                     or external_id <> '' and external_id = any($2::text[]))
                 group by audience order by since desc, audience
                """)
            .execute(identities);
    Future<Values> traits = traits(client, names);
    return Future.all(
            List.of(entries, erased, consents, purchases, conversations, audiences, traits))
        .map(
            _ ->
                new Dossier(
                    names.addresses().stream().map(Address::new).toList(),
                    names.externalIds(),
                    entries.result().stream().map(Contacts::entry).toList(),
                    erased.result().stream().map(row -> new Address(row.getString(0))).toList(),
                    consents.result().stream()
                        .flatMap(row -> ConsentHistory.read(row).stream())
                        .toList(),
                    purchases.result().stream()
                        .map(row -> new Bought(row.getString("order_id"), at(row, "at")))
                        .toList(),
                    conversations.result().stream().map(Dossier::held).toList(),
                    audiences.result().stream()
                        .map(row -> new Seat(row.getString("audience"), at(row, "since")))
                        .toList(),
                    traits.result()));
  }

  /// Of two external ids those of the first are told under their names alone.
  private static Future<Values> traits(SqlClient client, Names names) {
    Traits traits = new Traits(client);
    Future<Values> all = Future.succeededFuture(Values.EMPTY);
    for (String id : names.externalIds().reversed()) {
      all = all.compose(known -> traits.of("id:" + id).map(known::with));
    }
    return all;
  }

  private static Held held(Row row) {
    return new Held(
        new ConversationId(row.getUUID("id")),
        new Address(row.getString("ours")),
        new Address(row.getString("theirs")),
        row.getInteger("turns"),
        at(row, "created_at"),
        Optional.ofNullable(row.getString("live")),
        Optional.ofNullable(row.getOffsetDateTime("suppressed_until"))
            .map(OffsetDateTime::toInstant));
  }

  private static Instant at(Row row, String column) {
    return row.getOffsetDateTime(column).toInstant();
  }
}
