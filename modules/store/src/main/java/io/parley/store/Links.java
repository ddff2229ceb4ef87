package io.parley.store;

import io.parley.engine.Address;
import io.parley.engine.EffectId;
import io.parley.engine.ThreadId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Optional;

/// Short links, which are written with the turn that sends them and never change.
public final class Links {

  private final SqlClient client;

  public Links(SqlClient client) {
    this.client = client;
  }

  /// A short link.
  ///
  /// @param url where it leads
  /// @param send the message that carries it
  /// @param thread the thread of that message
  public record Link(String code, String url, EffectId send, ThreadId thread, Instant createdAt) {}

  /// The link of a code; empty where there is none.
  public Future<Optional<Link>> find(String code) {
    return client
        .preparedQuery(
            """
            select l.code, l.url, l.conversation, l.turn, l.index, l.created_at, c.ours, c.theirs
              from link l join conversation c on c.id = l.conversation
             where l.code = $1
            """)
        .execute(Tuple.of(code))
        .map(
            rows ->
                rows.size() == 0 ? Optional.empty() : Optional.of(link(rows.iterator().next())));
  }

  private static Link link(Row row) {
    return new Link(
        row.getString("code"),
        row.getString("url"),
        Outbox.id(row),
        new ThreadId(new Address(row.getString("ours")), new Address(row.getString("theirs"))),
        row.getOffsetDateTime("created_at").toInstant());
  }

  /// What codes are derived from.
  public Future<String> secret() {
    return client
        .preparedQuery("select secret from link_secret")
        .execute()
        .map(rows -> rows.iterator().next().getString(0));
  }
}
