package io.parley.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Codes that were loaded for offers, by pool. Who is given one: see [Offers].
public final class CodePools {

  /// Codes that one statement inserts.
  private static final int BATCH = 5_000;

  /// Repeats that an answer names.
  private static final int MAX_NAMED = 20;

  private final Pool pool;

  public CodePools(Pool pool) {
    this.pool = pool;
  }

  /// What loading codes came to.
  ///
  /// @param added how many are in the pool now that were in none
  /// @param repeated how many were left out
  /// @param named the first of those left out, with the pool that has them; empty for a code that
  ///     was generated
  public record Loaded(int added, int repeated, List<Repeat> named) {
    public Loaded {
      named = List.copyOf(named);
    }
  }

  /// A code that was there already, in whichever case.
  public record Repeat(String code, String pool) {}

  /// Adds codes to a pool, all or none of them. A code that any pool has already is left out, since
  /// two contacts would have it. One load waits for another.
  public Future<Loaded> load(String poolName, List<String> codes, Instant now) {
    return pool.withTransaction(
        connection ->
            connection
                .query("select pg_advisory_xact_lock(hashtext('offer_code'))")
                .execute()
                .compose(_ -> load(connection, poolName, codes, now)));
  }

  private static Future<Loaded> load(
      SqlConnection connection, String poolName, List<String> codes, Instant now) {
    Future<Loaded> loaded = Future.succeededFuture(new Loaded(0, 0, List.of()));
    for (int at = 0; at < codes.size(); at += BATCH) {
      List<String> batch = codes.subList(at, Math.min(codes.size(), at + BATCH));
      loaded =
          loaded.compose(
              before -> insert(connection, poolName, batch, now).map(it -> sum(before, it)));
    }
    return loaded;
  }

  private static Loaded sum(Loaded one, Loaded other) {
    List<Repeat> named = new ArrayList<>(one.named());
    named.addAll(other.named());
    return new Loaded(
        one.added() + other.added(),
        one.repeated() + other.repeated(),
        named.subList(0, Math.min(MAX_NAMED, named.size())));
  }

  private static Future<Loaded> insert(
      SqlConnection connection, String poolName, List<String> codes, Instant now) {
    String[] batch = codes.toArray(String[]::new);
    return connection
        .preparedQuery(
            """
            insert into offer_code (code_key, code, pool, loaded_at)
            select upper(code), code, $2, $3
              from unnest($1::text[]) with ordinality as given (code, place) order by place
            on conflict do nothing returning code
            """)
        .execute(Tuple.of(batch, poolName, TurnStatement.utc(now)))
        .compose(
            rows -> {
              Set<String> added = new LinkedHashSet<>();
              rows.forEach(row -> added.add(row.getString(0)));
              List<String> left = leftOut(codes, added);
              return named(connection, left)
                  .map(named -> new Loaded(added.size(), left.size(), named));
            });
  }

  /// The codes that were not added, one that stands there twice among them.
  private static List<String> leftOut(List<String> codes, Set<String> added) {
    Set<String> open = new LinkedHashSet<>(added);
    return codes.stream().filter(code -> !open.remove(code)).toList();
  }

  private static Future<List<Repeat>> named(SqlConnection connection, List<String> codes) {
    if (codes.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    String[] first = codes.stream().limit(MAX_NAMED).toArray(String[]::new);
    return connection
        .preparedQuery(
            """
            select given.code, coalesce(c.pool, '') as pool
              from unnest($1::text[]) with ordinality as given (code, place)
              join offer_code c on c.code_key = upper(given.code)
             order by place
            """)
        .execute(Tuple.of((Object) first))
        .map(
            rows ->
                rows.stream()
                    .map(row -> new Repeat(row.getString("code"), row.getString("pool")))
                    .toList());
  }

  /// How full a pool is.
  ///
  /// @param free codes that nobody was given
  /// @param all codes that were ever loaded
  public record Depth(String pool, long free, long all) {}

  /// All pools by name.
  public Future<List<Depth>> depths() {
    return pool.query(
            """
            select pool, count(*) filter (where conversation is null) as free, count(*) as everything
              from offer_code where pool is not null group by pool order by pool
            """)
        .execute()
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new Depth(
                                row.getString("pool"),
                                row.getLong("free"),
                                row.getLong("everything")))
                    .toList());
  }

  /// How many codes of a pool are free.
  public Future<Long> free(String poolName) {
    return pool.preparedQuery(
            "select count(*) from offer_code where pool = $1 and conversation is null")
        .execute(Tuple.of(poolName))
        .map(rows -> rows.iterator().next().getLong(0));
  }
}
