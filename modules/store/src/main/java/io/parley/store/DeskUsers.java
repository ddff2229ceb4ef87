package io.parley.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Those who work at the desk. Nobody is ever deleted, so that the audit can name them.
public final class DeskUsers {

  private static final String COLUMNS =
      "u.id as user_id, u.name, u.email, u.role, u.topics, u.active, u.issuer, u.created_at,"
          + " u.signed_in_at";

  private final SqlClient client;

  public DeskUsers(SqlClient client) {
    this.client = client;
  }

  /// Somebody who works at the desk.
  ///
  /// @param topics the topics that they see; empty for all
  /// @param active whether they may sign in
  /// @param issuer who vouches for them; empty for who has a password here
  public record User(
      UUID id,
      String name,
      String email,
      Role role,
      List<String> topics,
      boolean active,
      Optional<String> issuer,
      Instant createdAt,
      Optional<Instant> signedInAt) {
    public User {
      topics = List.copyOf(topics);
    }
  }

  /// A user with the hash of a password. Printed without it.
  public record Local(User user, String hash) {
    @Override
    public String toString() {
      return "Local[user=" + user + "]";
    }
  }

  /// What an identity provider says of somebody.
  ///
  /// @param topics empty where it says nothing of them, and what is on record stays
  public record Vouched(
      String issuer,
      String subject,
      String name,
      String email,
      Role role,
      Optional<List<String>> topics) {
    public Vouched {
      topics = topics.map(List::copyOf);
    }
  }

  /// What is to be changed of a user; what is empty stays.
  public record Change(
      Optional<Role> role, Optional<List<String>> topics, Optional<Boolean> active) {
    public Change {
      topics = topics.map(List::copyOf);
    }
  }

  /// Everybody, those who were first here first.
  public Future<List<User>> list() {
    return client
        .preparedQuery("select " + COLUMNS + " from desk_user u order by u.created_at, u.id")
        .execute()
        .map(
            rows -> {
              List<User> users = new ArrayList<>(rows.size());
              rows.forEach(row -> users.add(user(row)));
              return users;
            });
  }

  public Future<Optional<User>> find(UUID id) {
    return client
        .preparedQuery("select " + COLUMNS + " from desk_user u where u.id = $1")
        .execute(Tuple.of(id))
        .map(DeskUsers::first);
  }

  /// Whether there is anybody who may sign in and say who else may.
  public Future<Boolean> hasAdmin() {
    return client
        .preparedQuery("select exists (select from desk_user where role = 'admin' and active)")
        .execute()
        .map(rows -> rows.iterator().next().getBoolean(0));
  }

  /// Who signs in by password with an e-mail.
  public Future<Optional<Local>> local(String email) {
    return client
        .preparedQuery(
            "select "
                + COLUMNS
                + ", u.password from desk_user u"
                + " where lower(u.email) = lower($1) and u.password is not null")
        .execute(Tuple.of(email))
        .map(
            rows ->
                first(rows)
                    .map(user -> new Local(user, rows.iterator().next().getString("password"))));
  }

  /// The user whom a provider vouches for, as it vouches for them now; made where there is none.
  ///
  /// @param id the id of a new one
  public Future<User> vouched(UUID id, Vouched by, Instant now) {
    return client
        .preparedQuery(
            """
            insert into desk_user as u (id, name, email, role, topics, issuer, subject, created_at)
            values ($1, $2, $3, $4, coalesce($5::text[], '{}'), $6, $7, $8)
            on conflict (issuer, subject) do update
               set name = excluded.name, email = excluded.email, role = excluded.role,
                   topics = coalesce($5::text[], u.topics)
            returning
            """
                + COLUMNS)
        .execute(
            Tuple.of(id, by.name(), by.email(), by.role().word())
                .addValue(by.topics().map(it -> it.toArray(String[]::new)).orElse(null))
                .addString(by.issuer())
                .addString(by.subject())
                .addValue(TurnStatement.utc(now)))
        .map(rows -> user(rows.iterator().next()));
  }

  /// What came of a change.
  public sealed interface Changing {
    record Changed(User before, User after) implements Changing {}

    record Unknown() implements Changing {}

    /// Nobody could say any more who works here.
    record LastAdmin() implements Changing {}
  }

  /// Changes a user, but never so that no active admin is left.
  public Future<Changing> change(UUID id, Change change) {
    return client
        .preparedQuery(
            """
            with admins as materialized (
              select id from desk_user where role = 'admin' and active order by id for update
            ), before as materialized (
              select * from desk_user where id = $1 for update
            ), changed as (
              update desk_user u
                 set role = coalesce($2, u.role), topics = coalesce($3::text[], u.topics),
                     active = coalesce($4, u.active)
                from before b
               where u.id = b.id
                 and (not (b.role = 'admin' and b.active)
                      or (coalesce($2, b.role) = 'admin' and coalesce($4, b.active))
                      or exists (select from admins a where a.id <> b.id))
              returning u.*
            )
            select 0 as place,
            """
                + COLUMNS
                + " from before u union all select 1, "
                + COLUMNS
                + " from changed u order by place")
        .execute(
            Tuple.of(id)
                .addValue(change.role().map(Role::word).orElse(null))
                .addValue(change.topics().map(it -> it.toArray(String[]::new)).orElse(null))
                .addValue(change.active().orElse(null)))
        .map(
            rows -> {
              List<User> users = new ArrayList<>(2);
              rows.forEach(row -> users.add(user(row)));
              return switch (users.size()) {
                case 0 -> new Changing.Unknown();
                case 1 -> new Changing.LastAdmin();
                default -> new Changing.Changed(users.get(0), users.get(1));
              };
            });
  }

  /// Notes that a user has signed in.
  public Future<Void> signedIn(UUID id, Instant now) {
    return client
        .preparedQuery("update desk_user set signed_in_at = $2 where id = $1")
        .execute(Tuple.of(id, TurnStatement.utc(now)))
        .mapEmpty();
  }

  private static Optional<User> first(RowSet<Row> rows) {
    return rows.size() == 0 ? Optional.empty() : Optional.of(user(rows.iterator().next()));
  }

  static User user(Row row) {
    return new User(
        row.getUUID("user_id"),
        row.getString("name"),
        row.getString("email"),
        Role.of(row.getString("role"))
            .orElseThrow(() -> new IllegalStateException("a user has an unknown role")),
        List.of(row.getArrayOfStrings("topics")),
        row.getBoolean("active"),
        Optional.ofNullable(row.getString("issuer")),
        row.getOffsetDateTime("created_at").toInstant(),
        Optional.ofNullable(row.getOffsetDateTime("signed_in_at")).map(at -> at.toInstant()));
  }

  static String columns() {
    return COLUMNS;
  }
}
