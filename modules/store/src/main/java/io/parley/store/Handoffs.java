package io.parley.store;

import io.parley.codec.Codec;
import io.parley.engine.Address;
import io.parley.engine.Conversation;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Owner;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Conversations in which a person speaks for us, or shall. Rows come and are closed with turns;
/// see [TurnCommitter].
public final class Handoffs {

  private static final String COLUMNS =
      """
      h.conversation, h.turn, h.index, h.ours, h.theirs, h.external_id, h.flow, h.widget, h.format,
      h.effect, h.state, h.opened_at, h.closed_at, h.disposition, h.why, h.reason, h.holder, h.taken_at,
      h.first_reply_at
      """;

  private final SqlClient client;

  public Handoffs(SqlClient client) {
    this.client = client;
  }

  /// @param externalId the person's id in Customer.io
  /// @param flow the flow that handed over, by name, and the widget in it
  /// @param request what the flow said of it: `workflow`, `channel`, `attributes`, `priority`
  /// @param owner who speaks: `CLOSED` once it is over
  /// @param disposition what came of it, in the words of the person who closed it
  /// @param why what ended it where that was not the person
  /// @param reason why it was opened; see [io.parley.engine.Handoff]
  /// @param holder who speaks, or spoke last: an agent's id, or `target:reference`
  /// @param takenAt when an agent first took it
  /// @param firstReplyAt when a person first said something
  public record Handoff(
      EffectId id,
      ThreadId thread,
      Optional<String> externalId,
      String flow,
      String widget,
      Values request,
      Owner owner,
      Instant openedAt,
      Optional<Instant> closedAt,
      Optional<String> disposition,
      Optional<String> why,
      String reason,
      Optional<String> holder,
      Optional<Instant> takenAt,
      Optional<Instant> firstReplyAt) {}

  /// A handoff with the conversation as it was handed over.
  public record Whole(Handoff handoff, Conversation frozen) {}

  /// Which of them a list shows.
  public enum Which {
    OPEN("where h.closed_at is null order by h.opened_at"),
    CLOSED("where h.closed_at is not null order by h.opened_at desc"),
    ALL("order by h.opened_at desc");

    private final String clause;

    Which(String clause) {
      this.clause = clause;
    }
  }

  /// The open ones oldest first, others newest first.
  public Future<List<Handoff>> list(Which which, int limit) {
    return client
        .preparedQuery("select " + COLUMNS + " from handoff h " + which.clause + " limit $1")
        .execute(Tuple.of(limit))
        .map(
            rows -> {
              List<Handoff> handoffs = new ArrayList<>(rows.size());
              rows.forEach(row -> handoffs.add(handoff(row)));
              return handoffs;
            });
  }

  public Future<Optional<Whole>> find(EffectId id) {
    return client
        .preparedQuery(
            "select "
                + COLUMNS
                + """
                , t.format as state_format, t.state as frozen
                from handoff h join turn t on t.conversation = h.conversation and t.number = h.turn
                where h.conversation = $1 and h.turn = $2 and h.index = $3
                """)
        .execute(Tuple.of(id.conversation().value(), id.turn(), id.index()))
        .map(
            rows -> {
              if (rows.size() == 0) {
                return Optional.empty();
              }
              Row row = rows.iterator().next();
              return Optional.of(
                  new Whole(
                      handoff(row),
                      Codec.decodeState(row.getShort("state_format"), row.getString("frozen"))));
            });
  }

  private static Handoff handoff(Row row) {
    Effect effect = Codec.decodeEffect(row.getShort("format"), row.getString("effect"));
    if (!(effect instanceof Effect.OpenHandoff opened)) {
      throw new IllegalStateException("the row of a handoff holds something else");
    }
    return new Handoff(
        opened.id(),
        new ThreadId(new Address(row.getString("ours")), new Address(row.getString("theirs"))),
        Optional.ofNullable(row.getString("external_id")),
        row.getString("flow"),
        row.getString("widget"),
        opened.request(),
        Owner.valueOf(row.getString("state")),
        row.getOffsetDateTime("opened_at").toInstant(),
        instant(row, "closed_at"),
        Optional.ofNullable(row.getString("disposition")),
        Optional.ofNullable(row.getString("why")),
        row.getString("reason"),
        Optional.ofNullable(row.getString("holder")),
        instant(row, "taken_at"),
        instant(row, "first_reply_at"));
  }

  private static Optional<Instant> instant(Row row, String column) {
    return Optional.ofNullable(row.getOffsetDateTime(column)).map(at -> at.toInstant());
  }
}
