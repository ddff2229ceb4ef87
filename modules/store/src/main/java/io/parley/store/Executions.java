package io.parley.store;

import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.ExecutionId;
import io.parley.engine.FlowRef;
import io.parley.engine.FlowSid;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The runs of flows. Rows are begun and ended by the commits of turns; here they are read, and
/// hidden where somebody deletes them. What a run did is in the [Journal].
public final class Executions {

  private static final String COLUMNS =
      "e.sid, e.flow, e.revision, e.conversation, e.first_turn, e.last_turn, e.contact,"
          + " e.initiated_by, e.started_at, e.ended_at, f.name";
  private static final String TABLE = " from execution e left join flow f on f.sid = e.flow";

  private final SqlClient client;

  public Executions(SqlClient client) {
    this.client = client;
  }

  /// @param lastTurn the turn that ended it; empty while it is active
  /// @param initiatedBy the name of the event that began it, at its source
  public record Stored(
      ExecutionId id,
      FlowRef flow,
      ConversationId conversation,
      int firstTurn,
      Optional<Integer> lastTurn,
      Address contact,
      String initiatedBy,
      Instant startedAt,
      Optional<Instant> endedAt) {}

  /// Which executions of a flow are asked for.
  ///
  /// @param active empty for all
  /// @param from the earliest start
  /// @param before the start that is too late
  public record Filter(
      FlowSid flow, Optional<Boolean> active, Optional<Instant> from, Optional<Instant> before) {}

  /// Where an execution stands in the list.
  public record Key(Instant startedAt, String sid) {}

  /// An execution that is not deleted.
  public Future<Optional<Stored>> find(ExecutionId id) {
    return client
        .preparedQuery("select " + COLUMNS + TABLE + " where e.sid = $1 and e.deleted_at is null")
        .execute(Tuple.of(id.value()))
        .map(rows -> rows.stream().findFirst().map(Executions::stored));
  }

  /// The executions of a flow, newest first.
  public Future<List<Stored>> list(Filter filter, Slice<Key> slice) {
    return client
        .preparedQuery(
            "select "
                + COLUMNS
                + TABLE
                + """
                   where e.flow = $1 and e.deleted_at is null
                     and ($2::boolean is null or (e.ended_at is null) = $2)
                     and ($3::timestamptz is null or e.started_at >= $3)
                     and ($4::timestamptz is null or e.started_at < $4)
                     and ($5::timestamptz is null or (e.started_at, e.sid) %1$s ($5, $6::text))
                   order by e.started_at %2$s, e.sid %2$s limit $7 offset $8
                  """
                    .formatted(slice.comparison(), slice.order()))
        .execute(
            Tuple.of(filter.flow().value())
                .addValue(filter.active().orElse(null))
                .addValue(filter.from().map(TurnStatement::utc).orElse(null))
                .addValue(filter.before().map(TurnStatement::utc).orElse(null))
                .addValue(slice.beyond().map(Key::startedAt).map(TurnStatement::utc).orElse(null))
                .addValue(slice.beyond().map(Key::sid).orElse(null))
                .addValue(slice.limit())
                .addValue(slice.skip()))
        .map(rows -> slice.shown(rows.stream().map(Executions::stored).toList()));
  }

  /// Hides an execution; whether there was one to hide.
  public Future<Boolean> delete(ExecutionId id, Instant at) {
    return client
        .preparedQuery("update execution set deleted_at = $2 where sid = $1 and deleted_at is null")
        .execute(Tuple.of(id.value(), TurnStatement.utc(at)))
        .map(rows -> rows.rowCount() == 1);
  }

  private static Stored stored(Row row) {
    String name = row.getString("name");
    return new Stored(
        new ExecutionId(row.getString("sid")),
        new FlowRef(
            new FlowSid(row.getString("flow")),
            name == null ? "" : name,
            row.getInteger("revision")),
        new ConversationId(row.getUUID("conversation")),
        row.getInteger("first_turn"),
        Optional.ofNullable(row.getInteger("last_turn")),
        new Address(row.getString("contact")),
        row.getString("initiated_by"),
        row.getOffsetDateTime("started_at").toInstant(),
        Optional.ofNullable(row.getOffsetDateTime("ended_at")).map(at -> at.toInstant()));
  }
}
