package io.parley.store;

import io.parley.engine.ConversationId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Who did what at the desk, and who looked at what. Rows are added and never changed; none holds
/// what was said in a conversation.
public final class AuditTrail {

  private final SqlClient client;

  public AuditTrail(SqlClient client) {
    this.client = client;
  }

  /// Something that was done.
  ///
  /// @param user who did it; empty where that is nobody who is known
  /// @param name what the user was called then, or what somebody unknown said to be
  /// @param action a word such as `take` or `sign_in_failed`
  /// @param detail a flat object
  public record Deed(
      Instant at,
      Optional<UUID> user,
      String name,
      String action,
      Optional<ConversationId> conversation,
      JsonObject detail) {}

  /// A deed with its place in the order of all.
  public record Entry(long seq, Deed deed) {}

  /// Which deeds are asked for; what is empty does not narrow it.
  ///
  /// @param before those with a smaller place alone
  /// @param from not before that time
  /// @param until before that time
  public record Filter(
      Optional<ConversationId> conversation,
      Optional<UUID> user,
      Optional<String> action,
      Optional<Instant> from,
      Optional<Instant> until,
      Optional<Long> before) {}

  public Future<Void> add(Deed deed) {
    return client
        .preparedQuery(
            """
            insert into desk_audit (at, user_id, user_name, action, conversation, detail)
            values ($1, $2, $3, $4, $5, $6)
            """)
        .execute(
            Tuple.of(TurnStatement.utc(deed.at()))
                .addValue(deed.user().orElse(null))
                .addString(deed.name())
                .addString(deed.action())
                .addValue(deed.conversation().map(ConversationId::value).orElse(null))
                .addString(deed.detail().encode()))
        .mapEmpty();
  }

  /// The latest first.
  public Future<List<Entry>> list(Filter filter, int limit) {
    StringBuilder where = new StringBuilder();
    Tuple values = Tuple.of(limit);
    narrow(where, values, "conversation =", filter.conversation().map(ConversationId::value));
    narrow(where, values, "user_id =", filter.user());
    narrow(where, values, "action =", filter.action());
    narrow(where, values, "at >=", filter.from().map(TurnStatement::utc));
    narrow(where, values, "at <", filter.until().map(TurnStatement::utc));
    narrow(where, values, "seq <", filter.before());
    return client
        .preparedQuery(
            "select seq, at, user_id, user_name, action, conversation, detail from desk_audit"
                + where
                + " order by seq desc limit $1")
        .execute(values)
        .map(
            rows -> {
              List<Entry> entries = new ArrayList<>(rows.size());
              rows.forEach(row -> entries.add(entry(row)));
              return entries;
            });
  }

  private static void narrow(
      StringBuilder where, Tuple values, String condition, Optional<?> value) {
    value.ifPresent(
        it -> {
          values.addValue(it);
          where
              .append(where.isEmpty() ? " where " : " and ")
              .append(condition)
              .append(" $")
              .append(values.size());
        });
  }

  private static Entry entry(Row row) {
    return new Entry(
        row.getLong("seq"),
        new Deed(
            row.getOffsetDateTime("at").toInstant(),
            Optional.ofNullable(row.getUUID("user_id")),
            row.getString("user_name"),
            row.getString("action"),
            Optional.ofNullable(row.getUUID("conversation")).map(ConversationId::new),
            new JsonObject(row.getString("detail"))));
  }
}
