package io.parley.store;

import io.parley.codec.Codec;
import io.parley.engine.EffectId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// Reports that their destination would not take, kept until somebody replays or discards them.
///
/// Nothing is done twice: a row is moved or taken out by one statement, whoever else works on the
/// same ones, and its id is what the destination knows a repeat by.
public final class DeadLetters {

  private static final String COLUMNS =
      """
      conversation, turn, index, destination, attempts, reason, created_at, died_at, edited_at, format, effect,
      key
      """;

  private static final String CHOSEN =
      """
      ($1::uuid is null or (conversation = $1 and turn = $2 and index = $3))
      and ($4::text is null or destination = $4)
      and ($5::text is null or position(lower($5) in lower(reason)) > 0)
      and ($6::timestamptz is null or died_at >= $6)
      """;

  /// Rows that one statement seals anew.
  private static final int BATCH = 500;

  private final Pool pool;
  private final Seal seal;

  public DeadLetters(Pool pool, Seal seal) {
    this.pool = pool;
    this.seal = seal;
  }

  /// With bodies that are kept as they are.
  public DeadLetters(Pool pool) {
    this(pool, Seal.NONE);
  }

  /// @param attempts how often its destination was asked, over all replays
  /// @param createdAt when the turn asked for it
  /// @param body the JSON of the effect, in the format that it was written in
  public record DeadLetter(
      EffectId id,
      String destination,
      int attempts,
      String reason,
      Instant createdAt,
      Instant diedAt,
      Optional<Instant> editedAt,
      int format,
      Seal.Opening body) {}

  /// Which of them are meant; what is empty chooses all.
  ///
  /// @param reason a part of it, whatever its case
  /// @param since those that died then or later
  public record Which(
      Optional<EffectId> id,
      Optional<String> destination,
      Optional<String> reason,
      Optional<Instant> since) {

    public static final Which ALL =
        new Which(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public static Which of(EffectId id) {
      return new Which(Optional.of(id), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private Tuple tuple() {
      return Tuple.tuple()
          .addValue(id.map(it -> it.conversation().value()).orElse(null))
          .addValue(id.map(EffectId::turn).orElse(null))
          .addValue(id.map(EffectId::index).orElse(null))
          .addValue(destination.orElse(null))
          .addValue(reason.orElse(null))
          .addValue(since.map(TurnStatement::utc).orElse(null));
    }
  }

  /// The latest, newest first.
  public Future<List<DeadLetter>> list(Which which, int limit) {
    return pool.preparedQuery(
            "select %s from dead_letter where %s order by died_at desc, conversation, turn, index limit $7"
                .formatted(COLUMNS, CHOSEN))
        .execute(which.tuple().addValue(limit))
        .map(rows -> rows.stream().map(this::letter).toList());
  }

  public Future<Long> count() {
    return count(Which.ALL);
  }

  public Future<Long> count(Which which) {
    return pool.preparedQuery("select count(*) from dead_letter where " + CHOSEN)
        .execute(which.tuple())
        .map(rows -> rows.iterator().next().getLong(0));
  }

  /// How many there are, by destination.
  public Future<Map<String, Long>> counts() {
    return pool.query(
            "select destination, count(*) as letters from dead_letter group by destination")
        .execute()
        .map(
            rows -> {
              Map<String, Long> counts = new TreeMap<>();
              rows.forEach(row -> counts.put(row.getString(0), row.getLong("letters")));
              return counts;
            });
  }

  // ---- edit

  /// Puts another body in the place of a letter's; answers whether it still had the one that was
  /// shown.
  ///
  /// @param body in the format of today
  public Future<Boolean> edit(DeadLetter shown, String body) {
    Optional<Seal.Sealed> sealed = seal.seal(body, place(shown.id(), shown.destination()));
    return pool.preparedQuery(
            """
            update dead_letter set effect = $5, key = $6, format = $7, edited_at = now()
             where conversation = $1 and turn = $2 and index = $3 and destination = $4
               and died_at = $8 and edited_at is not distinct from $9
            """)
        .execute(
            Tuple.tuple()
                .addValue(shown.id().conversation().value())
                .addValue(shown.id().turn())
                .addValue(shown.id().index())
                .addValue(shown.destination())
                .addValue(sealed.map(Seal.Sealed::text).orElse(body))
                .addValue(sealed.map(Seal.Sealed::key).orElse(null))
                .addValue((short) Codec.FORMAT)
                .addValue(TurnStatement.utc(shown.diedAt()))
                .addValue(shown.editedAt().map(TurnStatement::utc).orElse(null)))
        .map(rows -> rows.rowCount() == 1);
  }

  // ---- replay

  /// A letter's place among all, oldest first.
  public record Place(Instant createdAt, EffectId id, String destination) {

    private static Place of(DeadLetter letter) {
      return new Place(letter.createdAt(), letter.id(), letter.destination());
    }
  }

  /// How much has been done, letter by letter.
  ///
  /// @param letters with which it went well
  /// @param shut letters that stay, since their bodies cannot be opened
  /// @param why one of them cannot; empty text where all can
  /// @param last the latest one that was looked at
  public record Done(int letters, int shut, String why, Optional<Place> last) {

    /// Nothing has been done yet.
    public static final Done NOTHING = new Done(0, 0, "", Optional.empty());

    private Done and(List<DeadLetter> seen) {
      List<String> reasons =
          seen.stream()
              .map(DeadLetter::body)
              .filter(Seal.Opening.Shut.class::isInstance)
              .map(it -> ((Seal.Opening.Shut) it).why())
              .toList();
      return new Done(
          letters + seen.size() - reasons.size(),
          shut + reasons.size(),
          why.isEmpty() && !reasons.isEmpty() ? reasons.getFirst() : why,
          Optional.of(Place.of(seen.getLast())));
    }
  }

  /// Puts the next ones back in the outbox, oldest first. Ids are deterministic, so a destination
  /// that had taken one after all ignores the repeat; one that is on record as delivered is only
  /// taken out.
  ///
  /// @param sofar what the call before answered
  /// @param limit so many of them
  /// @return the same as `sofar` where there are no more
  public Future<Done> replay(Which which, Done sofar, int limit) {
    return pool.withTransaction(connection -> replay(connection, which, sofar, limit));
  }

  private Future<Done> replay(SqlConnection connection, Which which, Done sofar, int limit) {
    return connection
        .preparedQuery(
            """
            select %s from dead_letter
             where %s
               and ($7::timestamptz is null
                    or (created_at, conversation, turn, index, destination) > ($7, $8, $9, $10, $11))
             order by created_at, conversation, turn, index, destination limit $12
               for update skip locked
            """
                .formatted(COLUMNS, CHOSEN))
        .execute(beyond(which.tuple(), sofar.last()).addValue(limit))
        .compose(
            rows -> {
              List<DeadLetter> letters = rows.stream().map(this::letter).toList();
              return letters.isEmpty()
                  ? Future.succeededFuture(sofar)
                  : raise(connection, letters).map(_ -> sofar.and(letters));
            });
  }

  private static Tuple beyond(Tuple tuple, Optional<Place> place) {
    return tuple
        .addValue(place.map(Place::createdAt).map(TurnStatement::utc).orElse(null))
        .addValue(place.map(it -> it.id().conversation().value()).orElse(null))
        .addValue(place.map(it -> it.id().turn()).orElse(null))
        .addValue(place.map(it -> it.id().index()).orElse(null))
        .addValue(place.map(Place::destination).orElse(null));
  }

  private static Future<RowSet<Row>> raise(SqlConnection connection, List<DeadLetter> letters) {
    List<DeadLetter> open =
        letters.stream().filter(it -> it.body() instanceof Seal.Opening.Open).toList();
    return connection
        .preparedQuery(
            """
            with opened as (
              select * from unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::text[]) with ordinality
                as o(conversation, turn, index, destination, body, place)
            ), risen as (
              delete from dead_letter d using opened o
               where d.conversation = o.conversation and d.turn = o.turn and d.index = o.index
                 and d.destination = o.destination
              returning d.*, o.body, o.place
            )
            insert into outbox (conversation, turn, index, destination, sender, contact, epoch, format,
                                effect, due_at, created_at, attempts)
            select conversation, turn, index, destination, sender, contact, epoch, format, body, now(),
                   created_at, attempts
              from risen r
             where not exists (select from delivery l
                                where l.conversation = r.conversation and l.turn = r.turn
                                  and l.index = r.index and l.destination = r.destination
                                  and l.outcome = 'delivered')
             order by place
            on conflict do nothing
            """)
        .execute(
            keys(open)
                .addValue(
                    open.stream()
                        .map(it -> it.body() instanceof Seal.Opening.Open(var body) ? body : "")
                        .toArray(String[]::new)));
  }

  // ---- discard

  /// Takes letters out for good; answers how many. That they were there, and were discarded, stays
  /// on record.
  public Future<Integer> discard(Which which) {
    return pool.preparedQuery(
            """
            with gone as (
              delete from dead_letter where %s returning conversation, turn, index, destination
            ), noted as (
              insert into delivery (conversation, turn, index, destination, outcome, at)
              select conversation, turn, index, destination, 'discarded', now() from gone
              on conflict do nothing
            )
            select count(*)::int from gone
            """
                .formatted(CHOSEN))
        .execute(which.tuple())
        .map(rows -> rows.iterator().next().getInteger(0));
  }

  // ---- keys

  /// Seals under the key of now what is sealed under another, or not at all. Those that cannot be
  /// opened stay as they are.
  public Future<Done> reseal() {
    return seal.key().isEmpty()
        ? Future.succeededFuture(Done.NOTHING)
        : reseal(seal.key().get(), Done.NOTHING);
  }

  private Future<Done> reseal(String key, Done sofar) {
    return pool.withTransaction(connection -> reseal(connection, key, sofar))
        .compose(next -> next.equals(sofar) ? Future.succeededFuture(sofar) : reseal(key, next));
  }

  private Future<Done> reseal(SqlConnection connection, String key, Done sofar) {
    return connection
        .preparedQuery(
            """
            select %s from dead_letter
             where key is distinct from $1
               and ($2::timestamptz is null
                    or (created_at, conversation, turn, index, destination) > ($2, $3, $4, $5, $6))
             order by created_at, conversation, turn, index, destination limit $7
               for update skip locked
            """
                .formatted(COLUMNS))
        .execute(beyond(Tuple.of(key), sofar.last()).addValue(BATCH))
        .compose(
            rows -> {
              List<DeadLetter> letters = rows.stream().map(this::letter).toList();
              return letters.isEmpty()
                  ? Future.succeededFuture(sofar)
                  : seal(connection, letters).map(_ -> sofar.and(letters));
            });
  }

  private Future<?> seal(SqlConnection connection, List<DeadLetter> letters) {
    List<DeadLetter> open = new ArrayList<>();
    List<Seal.Sealed> sealed = new ArrayList<>();
    for (DeadLetter letter : letters) {
      if (letter.body() instanceof Seal.Opening.Open(var body)) {
        seal.seal(body, place(letter.id(), letter.destination()))
            .ifPresent(
                it -> {
                  open.add(letter);
                  sealed.add(it);
                });
      }
    }
    return connection
        .preparedQuery(
            """
            update dead_letter d set effect = s.text, key = s.key
              from unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::text[], $6::text[])
                as s(conversation, turn, index, destination, text, key)
             where d.conversation = s.conversation and d.turn = s.turn and d.index = s.index
               and d.destination = s.destination
            """)
        .execute(
            keys(open)
                .addValue(sealed.stream().map(Seal.Sealed::text).toArray(String[]::new))
                .addValue(sealed.stream().map(Seal.Sealed::key).toArray(String[]::new)));
  }

  // ---- rows

  private static Tuple keys(List<DeadLetter> letters) {
    return Tuple.tuple()
        .addValue(letters.stream().map(it -> it.id().conversation().value()).toArray(UUID[]::new))
        .addValue(letters.stream().map(it -> it.id().turn()).toArray(Integer[]::new))
        .addValue(letters.stream().map(it -> it.id().index()).toArray(Integer[]::new))
        .addValue(letters.stream().map(DeadLetter::destination).toArray(String[]::new));
  }

  /// Where a sealed body stands: in the place of another letter's it would not open.
  static String place(EffectId id, String destination) {
    return id + " " + destination;
  }

  private DeadLetter letter(Row row) {
    EffectId id = Outbox.id(row);
    String destination = row.getString("destination");
    String text = row.getString("effect");
    Seal.Opening body =
        Optional.ofNullable(row.getString("key"))
            .map(key -> seal.open(new Seal.Sealed(key, text), place(id, destination)))
            .orElseGet(() -> new Seal.Opening.Open(text));
    return new DeadLetter(
        id,
        destination,
        row.getInteger("attempts"),
        row.getString("reason"),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getOffsetDateTime("died_at").toInstant(),
        Optional.ofNullable(row.getOffsetDateTime("edited_at")).map(OffsetDateTime::toInstant),
        row.getShort("format"),
        body);
  }
}
