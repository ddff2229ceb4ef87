package io.parley.store;

import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Links that make somebody a user of the desk, each once. An invite is named by the hash of the
/// token in its link.
public final class DeskInvites {

  private static final String UNIQUE_VIOLATION = "23505";
  private static final String COLUMNS = "first, email, role, topics, invited_by, expires_at";

  private final SqlClient client;

  public DeskInvites(SqlClient client) {
    this.client = client;
  }

  /// What who follows a link becomes.
  ///
  /// @param first whether it is the first admin's: such a link is no good once there is an admin
  /// @param email whom it is for; empty for whoever has it
  /// @param topics the topics that the user will see; empty for all
  /// @param invitedBy empty for an invite by the command line or the log
  public record Invite(
      boolean first,
      Optional<String> email,
      Role role,
      List<String> topics,
      Optional<UUID> invitedBy,
      Instant expiresAt) {
    public Invite {
      topics = List.copyOf(topics);
    }
  }

  /// Who takes an invite. Printed without the hash of the password.
  public record Taker(UUID id, String name, String email, String hash) {
    @Override
    public String toString() {
      return "Taker[id=" + id + "]";
    }
  }

  /// What came of taking an invite.
  public sealed interface Taking {
    record Taken(DeskUsers.User user) implements Taking {}

    /// The invite was for the e-mail of somebody who is here: it gave them another password.
    record Renewed(DeskUsers.User user) implements Taking {}

    /// There is none of that name any more.
    record Gone() implements Taking {}

    /// Somebody has a password for this e-mail.
    record EmailTaken() implements Taking {}
  }

  public Future<Void> add(String id, Invite invite, Instant now) {
    return client
        .preparedQuery(
            """
            insert into desk_invite (id, first, email, role, topics, invited_by, created_at, expires_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            """)
        .execute(
            Tuple.of(id, invite.first())
                .addValue(invite.email().orElse(null))
                .addString(invite.role().word())
                .addArrayOfString(invite.topics().toArray(String[]::new))
                .addValue(invite.invitedBy().orElse(null))
                .addValue(TurnStatement.utc(now))
                .addValue(TurnStatement.utc(invite.expiresAt())))
        .mapEmpty();
  }

  /// Empty where it was taken, is over or never was.
  public Future<Optional<Invite>> find(String id, Instant now) {
    return client
        .preparedQuery("select " + COLUMNS + " from desk_invite where id = $1 and expires_at > $2")
        .execute(Tuple.of(id, TurnStatement.utc(now)))
        .map(
            rows ->
                rows.size() == 0 ? Optional.empty() : Optional.of(invite(rows.iterator().next())));
  }

  /// Those that wait to be taken, the latest first.
  public Future<List<Invite>> list(Instant now) {
    return client
        .preparedQuery(
            "select "
                + COLUMNS
                + " from desk_invite where expires_at > $1 and not first order by created_at desc")
        .execute(Tuple.of(TurnStatement.utc(now)))
        .map(
            rows -> {
              List<Invite> invites = new ArrayList<>(rows.size());
              rows.forEach(row -> invites.add(invite(row)));
              return invites;
            });
  }

  /// Makes a user of who has the link; of two at once one is made. Whom the invite was made for, by
  /// e-mail, and who is here already, is given another password.
  public Future<Taking> take(String id, Taker taker, Instant now) {
    return client
        .preparedQuery(
            """
            with taken as (
              delete from desk_invite where id = $1 and expires_at > $6 returning first, email, role, topics
            ), others as (
              delete from desk_invite where first and id <> $1 and exists (select from taken where first)
            ), renewed as (
              update desk_user d set name = $3, password = $5
                from taken
               where lower(d.email) = lower(taken.email) and lower(d.email) = lower($4)
                 and d.password is not null and d.active
              returning d.*
            ), made as (
              insert into desk_user (id, name, email, role, topics, password, created_at)
              select $2, $3, $4, role, topics, $5, $6 from taken where not exists (select from renewed)
              returning *
            ), u as (
              select * from renewed union all select * from made
            )
            select
            """
                + DeskUsers.columns()
                + " from u")
        .execute(
            Tuple.of(id, taker.id(), taker.name(), taker.email())
                .addString(taker.hash())
                .addValue(TurnStatement.utc(now)))
        .map(rows -> taken(rows, taker))
        .recover(
            failure ->
                failure instanceof PgException refused
                        && UNIQUE_VIOLATION.equals(refused.getSqlState())
                    ? Future.succeededFuture(new Taking.EmailTaken())
                    : Future.failedFuture(failure));
  }

  private static Taking taken(RowSet<Row> rows, Taker taker) {
    if (rows.size() == 0) {
      return new Taking.Gone();
    }
    DeskUsers.User user = DeskUsers.user(rows.iterator().next());
    return user.id().equals(taker.id()) ? new Taking.Taken(user) : new Taking.Renewed(user);
  }

  /// Takes back the links that wait for an e-mail; answers how many.
  public Future<Integer> withdraw(String email) {
    return client
        .preparedQuery("delete from desk_invite where lower(email) = lower($1)")
        .execute(Tuple.of(email))
        .map(RowSet::rowCount);
  }

  /// Forgets those that are over.
  public Future<Void> forget(Instant now) {
    return client
        .preparedQuery("delete from desk_invite where expires_at <= $1")
        .execute(Tuple.of(TurnStatement.utc(now)))
        .mapEmpty();
  }

  private static Invite invite(Row row) {
    return new Invite(
        row.getBoolean("first"),
        Optional.ofNullable(row.getString("email")),
        Role.of(row.getString("role"))
            .orElseThrow(() -> new IllegalStateException("an invite has an unknown role")),
        List.of(row.getArrayOfStrings("topics")),
        Optional.ofNullable(row.getUUID("invited_by")),
        row.getOffsetDateTime("expires_at").toInstant());
  }
}
