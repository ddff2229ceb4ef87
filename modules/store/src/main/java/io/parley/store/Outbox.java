package io.parley.store;

import io.parley.codec.Codec;
import io.parley.engine.Address;
import io.parley.engine.Conversation;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.MessageSid;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is to leave: leased by couriers, oldest first per conversation, until it is delivered or
/// dead.
///
/// A lease is a `due_at` in the future; when its holder dies, the row is simply due again. A turn
/// may lease what it sends for a courier that is handed it after the commit, so that nobody has to
/// look for it. What waits for its time has that as its `not_before`, by which it stands in the
/// queue, and is not so much as looked at until then. What is due is found in a materialized part
/// of the statement: joined as a subquery it might be run once for each row of the other side, and
/// take more than its limit.
public final class Outbox {

  /// The destination of messages.
  public static final String TWILIO = "twilio";

  /// The destination of calls to other systems.
  public static final String CALLS = "calls";

  /// The destination of what is to be done about offers' codes.
  public static final String OFFERS = "offers";

  /// How long a send is leased that a turn hands to a courier.
  static final Duration HANDED = Duration.ofSeconds(5);

  private static final Set<String> OURS = Set.of(TWILIO, CALLS, OFFERS);

  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

  private final Pool client;
  private final Marks marks;
  private final Seal seal;

  /// Whether what waits for a destination is no report: it has a courier of its own.
  public static boolean isOurs(String destination) {
    return OURS.contains(destination);
  }

  /// @param planned a [PlannedPool] to look once more over, which each send waits for
  /// @param seal keeps the bodies of dead letters
  public Outbox(Pool client, Pool planned, Seal seal) {
    this.client = client;
    this.marks = new Marks(planned);
    this.seal = seal;
  }

  /// For those who send little.
  ///
  /// @param seal keeps the bodies of dead letters
  public Outbox(Pool client, Seal seal) {
    this(client, client, seal);
  }

  /// With dead letters whose bodies are kept as they are.
  public Outbox(Pool client) {
    this(client, Seal.NONE);
  }

  /// Who is paced by a message: its sender, or the conversation of Twilio Conversations that it is
  /// said in.
  public static Address sender(Effect.Send send) {
    return send.to().isConversation() ? send.to() : send.from();
  }

  static Address contact(Effect.Send send, Conversation by) {
    return send.to().isConversation() ? by.contact() : send.to();
  }

  /// A leased row.
  ///
  /// @param attempts how often it has been tried, this time included; a lease that is given back
  ///     is no try, nor is a look-up
  /// @param inDoubtSince when its request left, where no answer was stored
  /// @param inDoubtFor how long ago that is, by the database's clock alone
  public record Leased(
      EffectId id,
      String destination,
      String sender,
      String contact,
      Effect.Outgoing effect,
      int attempts,
      Instant createdAt,
      Optional<Instant> inDoubtSince,
      Duration inDoubtFor) {

    /// A send as its turn hands it over: see [TurnRecord#handed].
    ///
    /// @param by what the conversation is after that turn
    public static Leased handed(Effect.Send send, Conversation by, Instant at) {
      return new Leased(
          send.id(),
          TWILIO,
          Outbox.sender(send).value(),
          Outbox.contact(send, by).value(),
          send,
          1,
          at,
          Optional.empty(),
          Duration.ZERO);
    }
  }

  /// How much waits at a destination.
  ///
  /// @param oldest the age of the oldest row
  public record Depth(String destination, long rows, long inDoubt, Duration oldest) {}

  private static final String LEASED_COLUMNS =
      """
      o.conversation, o.turn, o.index, o.destination, o.sender, o.contact, o.format, o.effect, o.attempts,
      o.created_at, o.in_doubt_since, o.seq,
      extract(epoch from now() - o.in_doubt_since)::float8 as in_doubt_for
      """;

  /// What no flow says overtakes what flows say: the oldest rows of a sender that are notices, or
  /// what a person says. What a person says that waits for its time keeps nothing back that comes
  /// after it: the contact may be answered meanwhile.
  private static final String NOTICES =
      """
      (select h.conversation, h.turn, h.index, h.not_before, h.seq, 0 as rank from outbox h
        where h.destination = 'twilio' and h.purpose <> 'FLOW' and h.sender = s.sender
          and h.due_at <= now() and h.in_doubt_since is null
          and not exists (select from outbox p
                           where p.conversation = h.conversation
                             and p.destination = 'twilio' and p.purpose <> 'FLOW'
                             and (p.turn, p.index) < (h.turn, h.index) and p.not_before <= now()
                          offset 0)
        order by h.seq limit $4)
      union all
      """;

  private static final String LEASE_OF_SENDS = leaseOfHeads(TWILIO, NOTICES);
  private static final String LEASE_OF_CALLS = leaseOfHeads(CALLS, "");

  /// How many rows a lease takes at most.
  ///
  /// @param perSender as many as one sender can pace until the next lease
  public record Share(int total, int perSender) {}

  /// Leases messages that may be sent now: the head of each conversation's queue, never one in
  /// doubt, oldest first, and before them what no flow says, which waits for no flow's message.
  ///
  /// Goes from sender to sender and looks at each one's oldest rows only, so that the backlog of
  /// one costs the others nothing.
  ///
  /// @param busy senders that have as much in hand as they can pace
  public Future<List<Leased>> leaseSends(Share share, Duration lease, Collection<String> busy) {
    return leaseHeads(LEASE_OF_SENDS, share, lease, busy);
  }

  /// Leases calls that may be made now, as [#leaseSends] does messages. What paces them is the host
  /// that is called, which stands where a message has its sender.
  ///
  /// @param busy hosts that have as many calls under way as they may
  public Future<List<Leased>> leaseCalls(Share share, Duration lease, Collection<String> busy) {
    return leaseHeads(LEASE_OF_CALLS, share, lease, busy);
  }

  private Future<List<Leased>> leaseHeads(
      String sql, Share share, Duration lease, Collection<String> busy) {
    return client
        .preparedQuery(sql)
        .execute(
            Tuple.of(
                lease.toMillis(), share.total(), busy.toArray(String[]::new), share.perSender()))
        .map(Outbox::leased);
  }

  /// The destination stands in the text where heads are looked for, since a partial index is used
  /// for a literal only. It does not where rows are taken by their key: where a million reports
  /// wait and few messages, the partial index looks so small that it would be read whole for each
  /// row.
  private static String leaseOfHeads(String destination, String first) {
    return """
    with recursive senders as (
      (select sender from outbox where destination = '%1$s' order by sender limit 1)
      union all
      select (select n.sender from outbox n
               where n.destination = '%1$s' and n.sender > s.sender
               order by n.sender limit 1)
        from senders s where s.sender is not null
    ), due as materialized (
      select h.conversation, h.turn, h.index, '%1$s'::text as destination
        from senders s
        cross join lateral (
          %3$s
          (select h.conversation, h.turn, h.index, h.not_before, h.seq, 1 as rank from outbox h
           where h.destination = '%1$s' and h.sender = s.sender and h.not_before <= now()
             and h.due_at <= now() and h.in_doubt_since is null and h.purpose = 'FLOW'
             and not exists (select from outbox p
                              where p.conversation = h.conversation
                                and p.destination = '%1$s'
                                and (p.turn, p.index) < (h.turn, h.index)
                                and (p.purpose <> 'AGENT' or p.not_before <= now())
                             offset 0)
           order by h.not_before, h.seq limit $4)) h
       where s.sender <> all($3::text[])
       order by h.rank, h.not_before, h.seq limit $2
    ), locked as materialized (
      select o.conversation, o.turn, o.index, o.destination
        from due
        cross join lateral (
          select o.conversation, o.turn, o.index, o.destination from outbox o
           where o.conversation = due.conversation and o.turn = due.turn and o.index = due.index
             and o.destination = due.destination and o.due_at <= now() and o.in_doubt_since is null
             for update skip locked) o
    )
    update outbox o set due_at = now() + $1 * interval '1 millisecond'
      from locked
     where o.conversation = locked.conversation and o.turn = locked.turn
       and o.index = locked.index and o.destination = locked.destination
    returning %2$s
    """
        .formatted(destination, LEASED_COLUMNS, first);
  }

  /// Leases messages whose request left at least `grace` ago without an answer on record.
  public Future<List<Leased>> leaseInDoubt(int limit, Duration lease, Duration grace) {
    return leaseInDoubt(TWILIO, limit, lease, grace);
  }

  /// Leases what left for a destination at least `grace` ago without an answer on record.
  public Future<List<Leased>> leaseInDoubt(
      String destination, int limit, Duration lease, Duration grace) {
    return client
        .preparedQuery(
            """
            with due as materialized (
              select conversation, turn, index from outbox
               where destination = $4 and due_at <= now()
                 and in_doubt_since <= now() - $3 * interval '1 millisecond'
               order by in_doubt_since limit $2 for update skip locked
            )
            update outbox o set due_at = now() + $1 * interval '1 millisecond'
              from due
             where o.conversation = due.conversation and o.turn = due.turn and o.index = due.index
               and o.destination = $4
            returning %s
            """
                .formatted(LEASED_COLUMNS))
        .execute(Tuple.of(lease.toMillis(), limit, grace.toMillis(), destination))
        .map(Outbox::leased);
  }

  /// Has sinks told of what came of no turn, once.
  public Future<Void> tell(Effect.ReportOutcome report, List<Subscription> subscriptions) {
    String[] destinations = Subscription.of(subscriptions, report).toArray(String[]::new);
    return destinations.length == 0
        ? Future.succeededFuture()
        : client
            .preparedQuery(
                """
                insert into outbox (conversation, turn, index, destination, sender, contact, epoch, format,
                                    effect, due_at, created_at)
                select $1, $2, $3, d.name, '', $5, 0, $6, $7, now(), $8
                  from unnest($4::text[]) as d(name)
                 where not exists (select from delivery v
                                    where v.conversation = $1 and v.turn = $2 and v.index = $3
                                      and v.destination = d.name)
                on conflict do nothing
                """)
            .execute(
                Tuple.tuple()
                    .addValue(report.id().conversation().value())
                    .addValue(report.id().turn())
                    .addValue(report.id().index())
                    .addValue(destinations)
                    .addValue(report.contact().value())
                    .addValue((short) Codec.FORMAT)
                    .addValue(Codec.encodeEffect(report))
                    .addValue(TurnStatement.utc(report.at())))
            .mapEmpty();
  }

  /// Leases the oldest reports for a sink, oldest first. Only one node at a time leases for a sink
  /// (an advisory lock), and none past a row of the same conversation that is leased elsewhere, so
  /// each person's reports keep order.
  ///
  /// The lock is taken by a statement of its own: the lease's statement must see what the holder
  /// before it has committed, and a statement sees the tables as they were when it began.
  public Future<List<Leased>> leaseReports(String sink, int limit, Duration lease) {
    return client.withTransaction(
        connection ->
            connection
                .preparedQuery(
                    "select pg_try_advisory_xact_lock(hashtext('parley.outbox.' || $1::text))")
                .execute(Tuple.of(sink))
                .map(rows -> rows.iterator().next().getBoolean(0))
                .compose(
                    held ->
                        held
                            ? leaseReports(connection, sink, limit, lease)
                            : Future.succeededFuture(List.<Leased>of())));
  }

  private static Future<List<Leased>> leaseReports(
      SqlClient connection, String sink, int limit, Duration lease) {
    return connection
        .preparedQuery(
            """
            with due as materialized (
              select conversation, turn, index from outbox h
               where destination = $3 and destination <> 'twilio' and due_at <= now()
                 and not exists (select from outbox p
                                  where p.conversation = h.conversation and p.destination = $3
                                    and (p.turn, p.index) < (h.turn, h.index)
                                    and p.due_at > now()
                                 offset 0)
               order by seq limit $2 for update skip locked
            )
            update outbox o set due_at = now() + $1 * interval '1 millisecond'
              from due
             where o.conversation = due.conversation and o.turn = due.turn and o.index = due.index
               and o.destination = $3
            returning %s
            """
                .formatted(LEASED_COLUMNS))
        .execute(Tuple.of(lease.toMillis(), limit, sink))
        .map(Outbox::leased);
  }

  /// The last look and the mark: see [Marks].
  public Future<LastLook> markInDoubt(Leased send) {
    return marks.mark(send);
  }

  /// The row may be leased again after `delay`, and is in doubt no more: its request surely was not
  /// taken. Nothing where another has tried it since it was leased or marked: it is theirs.
  public Future<Void> postpone(Leased row, Duration delay, String why) {
    return update(row, "in_doubt_since = null, ", delay, why);
  }

  /// Nobody knows what became of the request; it is looked up again after `delay`. Nothing where it
  /// is another's, as with [#postpone].
  public Future<Void> keepInDoubt(Leased row, Duration delay, String why) {
    return update(row, "", delay, why);
  }

  /// Each mark is a try. A row that was leased to be sent counts the one that it was leased for.
  private Future<Void> update(Leased row, String also, Duration delay, String why) {
    return client
        .preparedQuery(
            """
            update outbox set %s due_at = now() + $5 * interval '1 millisecond', last_error = $6
             where conversation = $1 and turn = $2 and index = $3 and destination = $4
               and attempts + case when in_doubt_since is null or $7 then 1 else 0 end = $8
            """
                .formatted(also))
        .execute(
            key(row.id())
                .addValue(row.destination())
                .addValue(delay.toMillis())
                .addValue(why)
                .addValue(row.inDoubtSince().isPresent())
                .addValue(row.attempts()))
        .mapEmpty();
  }

  /// Reports that a sink has taken.
  public Future<Void> delivered(List<Leased> rows) {
    return delivered(rows, "delivered");
  }

  /// Reports that are done with.
  ///
  /// @param outcome what came of them, in a word
  public Future<Void> delivered(List<Leased> rows, String outcome) {
    return client
        .preparedQuery(
            """
            with gone as (
              delete from outbox o
               using unnest($1::uuid[], $2::int[], $3::int[], $4::text[]) as k(conversation, turn, index, destination)
               where o.conversation = k.conversation and o.turn = k.turn and o.index = k.index
                 and o.destination = k.destination
              returning o.conversation, o.turn, o.index, o.destination
            )
            insert into delivery (conversation, turn, index, destination, outcome, at)
            select conversation, turn, index, destination, $5, now() from gone
            on conflict do nothing
            """)
        .execute(keys(rows).addValue(outcome))
        .mapEmpty();
  }

  /// Reports that were tried in vain: due again at once.
  public Future<Void> retry(List<Leased> rows, String why) {
    return client
        .preparedQuery(
            """
            update outbox o set due_at = now(), last_error = $5, attempts = attempts + 1
              from unnest($1::uuid[], $2::int[], $3::int[], $4::text[]) as k(conversation, turn, index, destination)
             where o.conversation = k.conversation and o.turn = k.turn and o.index = k.index
               and o.destination = k.destination
            """)
        .execute(keys(rows).addValue(why))
        .mapEmpty();
  }

  /// Rows that are leased for nothing: due again at once, or after `delay`.
  public Future<Void> giveBack(List<Leased> rows, Duration delay, String why) {
    return client
        .preparedQuery(
            """
            update outbox o set due_at = now() + $5 * interval '1 millisecond', last_error = $6
              from unnest($1::uuid[], $2::int[], $3::int[], $4::text[]) as k(conversation, turn, index, destination)
             where o.conversation = k.conversation and o.turn = k.turn and o.index = k.index
               and o.destination = k.destination
            """)
        .execute(keys(rows).addValue(delay.toMillis()).addValue(why))
        .mapEmpty();
  }

  /// A send that may not leave before `delay` has passed, and so nothing that stands behind it in
  /// its conversation, which need not be looked at until then either.
  public Future<Void> defer(Leased send, Duration delay, String why) {
    return client
        .preparedQuery(
            """
            update outbox o
               set not_before = greatest(o.not_before, now() + $5 * interval '1 millisecond'),
                   due_at = case when (o.turn, o.index) = ($2, $3)
                                 then now() + $5 * interval '1 millisecond' else o.due_at end,
                   last_error = case when (o.turn, o.index) = ($2, $3) then $6 else o.last_error end
             where o.conversation = $1 and (o.turn, o.index) >= ($2, $3) and o.destination = $4
               and o.in_doubt_since is null
               and ((o.turn, o.index) = ($2, $3) or o.purpose = 'FLOW')
            """)
        .execute(
            key(send.id()).addValue(send.destination()).addValue(delay.toMillis()).addValue(why))
        .mapEmpty();
  }

  /// A row that will never be taken: kept as a dead letter.
  public Future<Void> bury(Leased row, String reason) {
    Optional<Seal.Sealed> sealed =
        seal.seal(Codec.encodeEffect(row.effect()), DeadLetters.place(row.id(), row.destination()));
    return client
        .preparedQuery(
            """
            with gone as (
              delete from outbox where conversation = $1 and turn = $2 and index = $3 and destination = $4
              returning *
            )
            insert into dead_letter (conversation, turn, index, destination, sender, contact, epoch, format,
                                     effect, attempts, reason, created_at, died_at, key)
            select conversation, turn, index, destination, sender, contact, epoch,
                   case when $7::text is null then format else $9 end, coalesce($7, effect), $6, $5,
                   created_at, now(), $8
              from gone
            on conflict do nothing
            """)
        .execute(
            key(row.id())
                .addValue(row.destination())
                .addValue(reason)
                .addValue(row.attempts())
                .addValue(sealed.map(Seal.Sealed::text).orElse(null))
                .addValue(sealed.map(Seal.Sealed::key).orElse(null))
                .addValue((short) Codec.FORMAT))
        .mapEmpty();
  }

  /// All that waits for a destination, kept as dead letters; answers how much that is. A row that
  /// cannot be read stays.
  public Future<Integer> buryAll(String destination, String reason) {
    return buryAfter(destination, reason, -1, 0);
  }

  private Future<Integer> buryAfter(String destination, String reason, long seq, int sofar) {
    return client
        .preparedQuery(
            "select %s from outbox o where o.destination = $1 and o.seq > $2 order by o.seq limit 200"
                .formatted(LEASED_COLUMNS))
        .execute(Tuple.of(destination, seq))
        .compose(
            rows -> {
              if (rows.size() == 0) {
                return Future.succeededFuture(sofar);
              }
              long last = seq;
              for (Row row : rows) {
                last = Math.max(last, row.getLong("seq"));
              }
              List<Leased> readable = leased(rows);
              int buried = sofar + readable.size();
              long next = last;
              return Future.all(readable.stream().map(row -> bury(row, reason)).toList())
                  .compose(_ -> buryAfter(destination, reason, next, buried));
            });
  }

  /// The names under which the provider knows what this conversation has sent.
  public Future<Set<MessageSid>> accounted(ConversationId conversation) {
    return client
        .preparedQuery(
            """
            select provider_id from delivery
             where conversation = $1 and destination = 'twilio' and provider_id is not null
            """)
        .execute(Tuple.of(conversation.value()))
        .map(
            rows -> {
              Set<MessageSid> sids = new HashSet<>();
              rows.forEach(row -> sids.add(new MessageSid(row.getString(0))));
              return sids;
            });
  }

  /// What became of messages.
  public enum Departure {
    /// One of them is still to leave, or may have left.
    OPEN,
    /// One of them has left.
    LEFT,
    /// None of them has left, nor will.
    NONE
  }

  /// What became of some messages of one conversation.
  public Future<Departure> departure(Collection<EffectId> sends) {
    return client
        .preparedQuery(
            """
            select exists (select from delivery d join keys k using (conversation, turn, index)
                            where d.destination = 'twilio' and d.outcome = 'accepted') as gone,
                   exists (select from outbox o join keys k using (conversation, turn, index)
                            where o.destination = 'twilio') as waiting
            """
                .replace(
                    "keys k",
                    "unnest($1::uuid[], $2::int[], $3::int[]) as k(conversation, turn, index)"))
        .execute(
            Tuple.of(
                sends.stream().map(id -> id.conversation().value()).toArray(UUID[]::new),
                sends.stream().map(EffectId::turn).toArray(Integer[]::new),
                sends.stream().map(EffectId::index).toArray(Integer[]::new)))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return row.getBoolean("gone")
                  ? Departure.LEFT
                  : row.getBoolean("waiting") ? Departure.OPEN : Departure.NONE;
            });
  }

  /// How much waits where, of each destination that anything waits at.
  ///
  /// After an outage a million reports may wait, so they are counted in the index alone, and the
  /// first in the queue stands for the oldest.
  public Future<List<Depth>> depths() {
    return client
        .preparedQuery(
            """
            with recursive names as (
              (select destination as name from outbox where destination <> 'twilio' order by destination limit 1)
              union all
              select (select n.destination from outbox n
                       where n.destination <> 'twilio' and n.destination > names.name
                       order by n.destination limit 1)
                from names where names.name is not null
            )
            select name as destination,
                   (select count(*) from outbox o where o.destination <> 'twilio' and o.destination = name) as rows,
                   (select count(*) from outbox o
                     where o.in_doubt_since is not null and o.destination = name) as in_doubt,
                   (select extract(epoch from now() - o.created_at)::float8 from outbox o
                     where o.destination <> 'twilio' and o.destination = name
                     order by o.seq limit 1) as oldest
              from names where name is not null
            union all
            select 'twilio', count(*), count(in_doubt_since),
                   extract(epoch from now() - min(created_at))::float8
              from outbox where destination = 'twilio' having count(*) > 0
            """)
        .execute()
        .map(
            rows -> {
              List<Depth> depths = new ArrayList<>();
              rows.forEach(
                  row ->
                      depths.add(
                          new Depth(
                              row.getString("destination"),
                              row.getLong("rows"),
                              row.getLong("in_doubt"),
                              oldest(row))));
              return depths;
            });
  }

  /// None where the queue was emptied while it was counted.
  private static Duration oldest(Row row) {
    Double seconds = row.getDouble("oldest");
    return seconds == null ? Duration.ZERO : Duration.ofMillis((long) (seconds * 1000));
  }

  /// The rows in the order of the queue. One that cannot be read (a newer node wrote it) stays
  /// leased and keeps no other back.
  private static List<Leased> leased(RowSet<Row> rows) {
    List<Row> inOrder = new ArrayList<>(rows.size());
    rows.forEach(inOrder::add);
    inOrder.sort(Comparator.comparing(row -> row.getLong("seq")));
    List<Leased> leased = new ArrayList<>(rows.size());
    for (Row row : inOrder) {
      try {
        leased.add(leased(row));
      } catch (IllegalStateException unreadable) {
        LOG.atError()
            .addKeyValue("effect", id(row))
            .addKeyValue("destination", row.getString("destination"))
            .addKeyValue("why", unreadable.getMessage())
            .log("a row of the outbox cannot be read and waits");
      }
    }
    return leased;
  }

  private static Leased leased(Row row) {
    return new Leased(
        id(row),
        row.getString("destination"),
        row.getString("sender"),
        row.getString("contact"),
        (Effect.Outgoing) Codec.decodeEffect(row.getShort("format"), row.getString("effect")),
        row.getInteger("attempts") + 1,
        row.getOffsetDateTime("created_at").toInstant(),
        Optional.ofNullable(row.getOffsetDateTime("in_doubt_since")).map(OffsetDateTime::toInstant),
        inDoubtFor(row));
  }

  private static Duration inDoubtFor(Row row) {
    Double seconds = row.getDouble("in_doubt_for");
    return seconds == null ? Duration.ZERO : Duration.ofMillis((long) (seconds * 1000));
  }

  static EffectId id(Row row) {
    return new EffectId(
        new ConversationId(row.getUUID("conversation")),
        row.getInteger("turn"),
        row.getInteger("index"));
  }

  private static Tuple key(EffectId id) {
    return Tuple.of(id.conversation().value(), id.turn(), id.index());
  }

  static Tuple keys(List<Leased> rows) {
    return Tuple.of(
        rows.stream().map(row -> row.id().conversation().value()).toArray(UUID[]::new),
        rows.stream().map(row -> row.id().turn()).toArray(Integer[]::new),
        rows.stream().map(row -> row.id().index()).toArray(Integer[]::new),
        rows.stream().map(Leased::destination).toArray(String[]::new));
  }
}
