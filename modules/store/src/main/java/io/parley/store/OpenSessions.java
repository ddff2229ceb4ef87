package io.parley.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Who is signed in at the desk. A session is named by the hash of what its browser holds.
public final class OpenSessions {

  private final SqlClient client;
  private final Duration idle;

  /// @param idle after which a session is over if nothing is asked
  public OpenSessions(SqlClient client, Duration idle) {
    this.client = client;
    this.idle = idle;
  }

  /// A session that is not over.
  ///
  /// @param seenAt when something was asked last, to about a minute
  public record Open(String id, DeskUsers.User user, Instant seenAt) {}

  public Future<Void> begin(String id, UUID user, Instant now, Instant end) {
    return client
        .preparedQuery(
            """
            insert into desk_session (id, user_id, created_at, seen_at, ends_at) values ($1, $2, $3, $3, $4)
            """)
        .execute(Tuple.of(id, user, TurnStatement.utc(now), TurnStatement.utc(end)))
        .mapEmpty();
  }

  /// The session of an id; empty where it is over, or its user may not sign in any more.
  public Future<Optional<Open>> find(String id, Instant now) {
    return open(List.of(id), now).map(found -> Optional.ofNullable(found.get(id)));
  }

  /// Those of some sessions that are not over, by id.
  public Future<Map<String, Open>> open(List<String> ids, Instant now) {
    return client
        .preparedQuery(
            "select s.id, s.seen_at, "
                + DeskUsers.columns()
                + " from desk_session s join desk_user u on u.id = s.user_id"
                + " where s.id = any($1) and s.ends_at > $2 and s.seen_at > $3 and u.active")
        .execute(
            Tuple.tuple()
                .addArrayOfString(ids.toArray(String[]::new))
                .addValue(TurnStatement.utc(now))
                .addValue(TurnStatement.utc(now.minus(idle))))
        .map(
            rows -> {
              Map<String, Open> open = new LinkedHashMap<>();
              rows.forEach(
                  row ->
                      open.put(
                          row.getString("id"),
                          new Open(
                              row.getString("id"),
                              DeskUsers.user(row),
                              row.getOffsetDateTime("seen_at").toInstant())));
              return open;
            });
  }

  /// Something was asked.
  public Future<Void> seen(List<String> ids, Instant now) {
    return client
        .preparedQuery("update desk_session set seen_at = $2 where id = any($1) and seen_at < $2")
        .execute(
            Tuple.tuple()
                .addArrayOfString(ids.toArray(String[]::new))
                .addValue(TurnStatement.utc(now)))
        .mapEmpty();
  }

  public Future<Void> end(String id) {
    return client
        .preparedQuery("delete from desk_session where id = $1")
        .execute(Tuple.of(id))
        .mapEmpty();
  }

  /// Signs a user out everywhere; answers how many sessions were open.
  public Future<Integer> endAll(UUID user) {
    return client
        .preparedQuery("delete from desk_session where user_id = $1")
        .execute(Tuple.of(user))
        .map(RowSet::rowCount);
  }

  /// Forgets the sessions that are over.
  public Future<Void> forget(Instant now) {
    return client
        .preparedQuery("delete from desk_session where ends_at <= $1 or seen_at <= $2")
        .execute(Tuple.of(TurnStatement.utc(now), TurnStatement.utc(now.minus(idle))))
        .mapEmpty();
  }
}
