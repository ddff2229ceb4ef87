package io.parley.store;

import io.parley.codec.Codec;
import io.parley.engine.Address;
import io.parley.engine.Block;
import io.parley.engine.Conversation;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.ExecutionId;
import io.parley.engine.Hop;
import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.ThreadId;
import io.parley.engine.Traffic;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// Reads the journal. What conversations read as they come to life is gathered; see [Gathering].
public final class Journal {

  /// Turns with a send that are looked at for our last message to the contact: a flow may write to
  /// others, too, but hardly so often between two messages to the contact.
  private static final int MOST_SENDING_TURNS = 5;

  /// The threads that a person has been spoken to in, but for their order.
  private static final String THREADS =
      """
      with own as materialized (
        select address from unnest(array[$1::text, 'whatsapp:' || $1::text]) as a(address)
         where address is not null
      ), ids as materialized (
        select $2::text as id where $2 is not null
        union
        select c.external_id from own join contact c on c.address = own.address
         where $2 is null and c.external_id is not null
      )
      select ours, theirs from conversation
       where theirs = any(array(select address from own)
                          || array(select k.address from ids
                                    cross join lateral (select c.address from contact c
                                                         where c.external_id = ids.id offset 0) k)
                          || array(select twin_address(k.address) from ids
                                    cross join lateral (select c.address from contact c
                                                         where c.external_id = ids.id offset 0) k))
      """;

  private final SqlClient client;
  private final Gathering<ThreadId> loads;
  private final Gathering<Search> lastSends;
  private final Gathering<Address> contacts;

  public Journal(SqlClient client) {
    this.client = client;
    this.loads = loads(client);
    this.lastSends = lastSends(client);
    this.contacts = contacts(client);
  }

  private static Gathering<ThreadId> loads(SqlClient client) {
    return new Gathering<>(
        client,
        """
        select k.n, t.number, t.format, t.state, c.block, c.block_at, o.at as opted_out_at
          from unnest($1::uuid[], $2::text[]) with ordinality as k(conversation, address, n)
          left join lateral (select number, format, state from turn
                              where conversation = k.conversation
                              order by number desc limit 1) t on true
          left join lateral (select address, block, block_at from contact
                              where contact.address = k.address offset 0) c on true
          %s
        """
            .formatted(Contacts.KEPT),
        threads -> Tuple.of(conversations(threads), texts(threads, it -> it.theirs().value())));
  }

  /// A search for our last message in a thread.
  ///
  /// @param since a turn that wrote to the contact, for all that is known; 0 where none is known
  private record Search(ThreadId thread, int since) {}

  private static Gathering<Search> lastSends(SqlClient client) {
    return new Gathering<>(
        client,
        """
        select k.n, t.format, t.effects
          from unnest($1::uuid[], $2::int[]) with ordinality as k(conversation, since, n)
         cross join lateral (select number, format, effects from turn
                              where conversation = k.conversation and number >= k.since
                                and (number = k.since or effects like '%"type":"Send"%')
                              order by number desc limit $3) t
         order by k.n, t.number desc
        """,
        searches ->
            Tuple.of(
                conversations(searches.stream().map(Search::thread).toList()),
                searches.stream().map(Search::since).toArray(Integer[]::new),
                MOST_SENDING_TURNS));
  }

  private static Gathering<Address> contacts(SqlClient client) {
    return new Gathering<>(
        client,
        """
        select k.n, c.block, c.block_at, o.at as opted_out_at
          from unnest($1::text[]) with ordinality as k(address, n)
          left join lateral (select address, block, block_at from contact
                              where contact.address = k.address offset 0) c on true
          %s
        """
            .formatted(Contacts.KEPT),
        addresses -> Tuple.of(texts(addresses, Address::value)));
  }

  private static Object conversations(List<ThreadId> threads) {
    return threads.stream().map(it -> ConversationId.of(it).value()).toArray(UUID[]::new);
  }

  private static <T> Object texts(List<T> many, Function<T, String> text) {
    return many.stream().map(text).toArray(String[]::new);
  }

  /// A conversation with what is on record about its contact.
  public record Loaded(Conversation conversation, ContactFacts contact) {}

  /// One read: the last turn of a thread (or a fresh conversation) and its contact.
  public Future<Loaded> load(ThreadId thread) {
    return loads
        .ask(thread)
        .map(
            rows -> {
              Row row = rows.getFirst();
              String state = row.getString("state");
              Conversation conversation =
                  state == null
                      ? Conversation.fresh(thread)
                      : Erased.conversation(
                          thread, row.getInteger("number"), row.getShort("format"), state);
              return new Loaded(conversation, facts(row));
            });
  }

  /// The text of our last message to the contact of a conversation; empty where there was none, or
  /// where it was a template, whose text is not ours.
  ///
  /// The conversation keeps its latest messages in mind, but not what the law alone asks for, and
  /// none that was given up: no earlier message than the last that it knows is the last, and the
  /// turns since are few. Where they have none, it knew of one to another address of the contact,
  /// and all turns are looked through.
  public Future<String> lastSaid(Conversation conversation) {
    int since =
        conversation.traffic().sends().stream()
            .filter(Traffic.Sent::toContact)
            .mapToInt(it -> it.effect().turn())
            .max()
            .orElse(0);
    Search all = new Search(conversation.thread(), 0);
    return lastSaid(new Search(conversation.thread(), since))
        .compose(
            text -> text.isPresent() || since == 0 ? Future.succeededFuture(text) : lastSaid(all))
        .map(text -> text.orElse(""));
  }

  private Future<Optional<String>> lastSaid(Search search) {
    return lastSends
        .ask(search)
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            Codec.decodeEffects(row.getShort("format"), row.getString("effects")))
                    .flatMap(effects -> said(effects, search.thread().theirs()).stream())
                    .findFirst());
  }

  /// The text of the last message among effects that is to an address, empty for a template;
  /// nothing where none is.
  public static Optional<String> said(List<Effect> effects, Address theirs) {
    return effects.stream()
        .filter(Effect.Send.class::isInstance)
        .map(Effect.Send.class::cast)
        .filter(it -> it.to().equals(theirs))
        .map(it -> it.content() instanceof Effect.Content.Text text ? text.body() : "")
        .reduce((_, last) -> last);
  }

  /// What is on record about an address.
  public Future<ContactFacts> contact(Address address) {
    return contacts.ask(address).map(rows -> facts(rows.getFirst()));
  }

  /// The two ends of a conversation: the supposed ones where its id says that they are, else what
  /// is on record; empty where there has been no such conversation.
  public Future<Optional<ThreadId>> thread(ConversationId id, ThreadId supposed) {
    return ConversationId.of(supposed).equals(id)
        ? Future.succeededFuture(Optional.of(supposed))
        : thread(id);
  }

  /// The two ends of a conversation; empty where there has been none.
  public Future<Optional<ThreadId>> thread(ConversationId id) {
    return client
        .preparedQuery("select ours, theirs from conversation where id = $1")
        .execute(Tuple.of(id.value()))
        .map(Journal::threads)
        .map(threads -> threads.stream().findFirst());
  }

  /// Whether nobody knows yet what became of a request that a turn has asked for.
  public Future<Boolean> isInDoubt(EffectId effect) {
    return client
        .preparedQuery(
            """
            select exists (select from outbox
                            where conversation = $1 and turn = $2 and index = $3
                              and in_doubt_since is not null)
            """)
        .execute(Tuple.of(effect.conversation().value(), effect.turn(), effect.index()))
        .map(rows -> rows.iterator().next().getBoolean(0));
  }

  /// The thread that is written to under a name: the one that took the name, else the latest that
  /// has it for its other end; empty where there is none.
  public Future<Optional<ThreadId>> threadNamed(Address name) {
    return client
        .preparedQuery(
            """
            (select c.ours, c.theirs, 0 as rank, n.at as at
               from thread_name n join conversation c on c.id = n.conversation where n.name = $1)
            union all
            (select ours, theirs, 1, created_at from conversation where theirs = $1)
             order by rank, at desc limit 1
            """)
        .execute(Tuple.of(name.value()))
        .map(Journal::threads)
        .map(threads -> threads.stream().findFirst());
  }

  /// The threads that a person has been spoken to in, by address and by external id: the one told,
  /// else the one that is on record of the address.
  public Future<List<ThreadId>> threadsOf(Optional<Address> address, Optional<String> externalId) {
    return threads(THREADS + " order by created_at", address, externalId);
  }

  /// Those of [#threadsOf] in which a flow runs.
  public Future<List<ThreadId>> liveThreadsOf(
      Optional<Address> address, Optional<String> externalId) {
    return threads(
        THREADS
            + """
             and exists (select from execution x
                          where x.conversation = conversation.id and x.ended_at is null)
             order by created_at
            """,
        address,
        externalId);
  }

  private Future<List<ThreadId>> threads(
      String sql, Optional<Address> address, Optional<String> externalId) {
    return client
        .preparedQuery(sql)
        .execute(Tuple.of(address.map(Address::value).orElse(null), externalId.orElse(null)))
        .map(Journal::threads);
  }

  // ---- what was

  /// A transition that a turn took.
  ///
  /// @param index its place among the turn's own
  public record Passage(Hop hop, int turn, int index, Instant at) {}

  /// A turn as it can be taken once more.
  ///
  /// @param before the conversation before it
  public record Turn(Conversation before, Event event, Instant at) {}

  /// The transitions that a range of turns took, oldest first.
  public Future<List<Passage>> passages(ConversationId conversation, int firstTurn, int lastTurn) {
    return client
        .preparedQuery(
            """
            select number, at, format, path from turn
             where conversation = $1 and number between $2 and $3 and path <> '[]'
             order by number
            """)
        .execute(Tuple.of(conversation.value(), firstTurn, lastTurn))
        .map(
            rows -> {
              List<Passage> passages = new ArrayList<>();
              for (Row row : rows) {
                List<Hop> path = Codec.decodePath(row.getShort("format"), row.getString("path"));
                Instant at = row.getOffsetDateTime("at").toInstant();
                for (int i = 0; i < path.size(); i++) {
                  passages.add(new Passage(path.get(i), row.getInteger("number"), i, at));
                }
              }
              return passages;
            });
  }

  /// A turn of a thread; empty where there is none.
  public Future<Optional<Turn>> turn(ThreadId thread, int number) {
    return client
        .preparedQuery(
            """
            select t.format, t.event, t.at, t.number, b.format as format_before, b.state
              from turn t
              left join turn b on b.conversation = t.conversation and b.number = t.number - 1
             where t.conversation = $1 and t.number = $2 and t.event <> ''
            """)
        .execute(Tuple.of(ConversationId.of(thread).value(), number))
        .map(rows -> rows.stream().findFirst().map(row -> turn(thread, row)));
  }

  private static Turn turn(ThreadId thread, Row row) {
    String before = row.getString("state");
    return new Turn(
        before == null
            ? Conversation.fresh(thread)
            : Erased.conversation(
                thread, row.getInteger("number") - 1, row.getShort("format_before"), before),
        Codec.decodeEvent(row.getShort("format"), row.getString("event")),
        row.getOffsetDateTime("at").toInstant());
  }

  /// The execution that an event began, by the names that the event may have; empty where none of
  /// them began one.
  public Future<Optional<ExecutionId>> begunBy(String source, List<String> sourceIds) {
    return client
        .preparedQuery(
            """
            select conversation, number from turn
             where source = $1 and source_id = any($2::text[]) and refusal is null limit 1
            """)
        .execute(Tuple.of(source, (Object) sourceIds.toArray(String[]::new)))
        .map(
            rows ->
                rows.stream()
                    .findFirst()
                    .map(
                        row ->
                            ExecutionId.of(
                                new ConversationId(row.getUUID("conversation")),
                                row.getInteger("number"))));
  }

  private static List<ThreadId> threads(RowSet<Row> rows) {
    List<ThreadId> threads = new ArrayList<>(rows.size());
    for (Row row : rows) {
      threads.add(
          new ThreadId(new Address(row.getString("ours")), new Address(row.getString("theirs"))));
    }
    return threads;
  }

  /// An opt-out that was kept through an erasure counts like one on record.
  private static ContactFacts facts(Row row) {
    Optional<Instant> kept = at(row, "opted_out_at");
    return kept.isPresent()
        ? new ContactFacts(Optional.of(Block.OPTED_OUT), kept)
        : new ContactFacts(
            Optional.ofNullable(row.getString("block")).map(Block::valueOf), at(row, "block_at"));
  }

  private static Optional<Instant> at(Row row, String column) {
    return Optional.ofNullable(row.getOffsetDateTime(column)).map(OffsetDateTime::toInstant);
  }
}
