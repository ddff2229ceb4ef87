package io.parley.store;

import io.parley.codec.Codec;
import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Json;
import io.parley.engine.Owner;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Handoffs at desks elsewhere: which of them there is something to do for, and what is known of
/// them there. What is to be told is read from the journal.
public final class HandoffTargets {

  private static final String COLUMNS =
      """
      t.conversation, t.turn, t.index, t.target, t.round, t.state, t.reference, t.known, t.told_turn, t.ended_there,
      t.attempts, t.failing_since, t.poll_at <= now() as polls, h.ours, h.theirs, h.state as owner,
      h.closed_at is not null as closed, coalesce(h.disposition, h.why, '') as why, q.topic,
      q.target as wanted
      """;

  private final Pool pool;

  public HandoffTargets(Pool pool) {
    this.pool = pool;
  }

  /// How far a handoff has come at its target.
  public enum State {
    /// It is to be opened there, or is being opened.
    OPENING,
    OPEN,
    /// Nothing is to be done there any more.
    OVER
  }

  /// A handoff at its target.
  ///
  /// @param round how often it has been given to a target, this time included
  /// @param reference what the target names it by; empty while it has no name
  /// @param known what else its answers have told
  /// @param toldTurn the last turn that it has been told of
  /// @param polls whether it is time to ask what has come in
  /// @param failingSince since when nothing goes well
  /// @param handoff how the handoff stands here
  public record Placed(
      EffectId id,
      String target,
      int round,
      State state,
      Optional<String> reference,
      Values known,
      int toldTurn,
      boolean endedThere,
      int attempts,
      Optional<Instant> failingSince,
      boolean polls,
      Standing handoff) {}

  /// @param closed whether it is over here
  /// @param why what came of it, or what ended it; empty where it is open
  /// @param target where the queue has it go by now
  public record Standing(
      ThreadId thread, Owner owner, boolean closed, String why, String topic, String target) {}

  /// A turn as a feed reads it.
  ///
  /// @param refusal the word of the reason where it changed nothing
  public record Happened(
      int number, Instant at, Event event, List<Effect> effects, Optional<String> refusal) {
    public Happened {
      effects = List.copyOf(effects);
    }
  }

  /// Takes on the handoffs that the queue has for a target and that no target has; those, too, that
  /// a target had before and that were moved to one again.
  public Future<Integer> admit() {
    return pool.query(
            """
            insert into handoff_target (conversation, turn, index, target, told_turn)
            select q.conversation, q.turn, q.index, q.target, q.turn
              from handoff_queue q
             where q.state = 'QUEUED' and q.closed_at is null and q.target <> 'desk'
               and not exists (select from handoff_target t
                                where t.conversation = q.conversation and t.turn = q.turn
                                  and t.index = q.index and t.state <> 'OVER')
             order by q.priority desc, q.queued_at limit 500
            on conflict (conversation, turn, index) do update
               set target = excluded.target, state = 'OPENING', round = handoff_target.round + 1,
                   reference = null, ended_there = false, attempts = 0, failing_since = null,
                   error = null, due_at = now(), poll_at = 'infinity',
                   known = '{"round":"' || handoff_target.round + 1 || '"}',
                   told_turn = (select max(number) from turn
                                 where conversation = excluded.conversation)
             where handoff_target.state = 'OVER'
            """)
        .execute()
        .map(RowSet::rowCount);
  }

  /// Leases those for which there is something to do: to open, to tell, to ask, to close.
  public Future<List<Placed>> lease(int limit, Duration lease) {
    return pool.preparedQuery(
            """
            with due as materialized (
              select t.conversation, t.turn, t.index
                from handoff_target t
                join handoff h on h.conversation = t.conversation and h.turn = t.turn and h.index = t.index
               where t.state <> 'OVER' and t.due_at <= now()
                 and (t.state = 'OPENING' or t.ended_there or h.closed_at is not null or h.state <> 'EXTERNAL'
                      or t.poll_at <= now()
                      or exists (select from turn x
                                  where x.conversation = t.conversation and x.number > t.told_turn))
               order by t.due_at limit $1 for update of t skip locked
            ), leased as (
              update handoff_target t set due_at = now() + $2 * interval '1 millisecond'
                from due d
               where t.conversation = d.conversation and t.turn = d.turn and t.index = d.index
              returning t.*
            )
            select %s from leased t
              join handoff h on h.conversation = t.conversation and h.turn = t.turn and h.index = t.index
              join handoff_queue q on q.conversation = t.conversation and q.turn = t.turn and q.index = t.index
            """
                .formatted(COLUMNS))
        .execute(Tuple.of(limit, lease.toMillis()))
        .map(HandoffTargets::placed);
  }

  /// The handoff that a target speaks of by its own name for it, or by the handoff's id.
  public Future<Optional<Placed>> find(String target, String reference) {
    return pool.preparedQuery(
            """
            select %s from handoff_target t
              join handoff h on h.conversation = t.conversation and h.turn = t.turn and h.index = t.index
              join handoff_queue q on q.conversation = t.conversation and q.turn = t.turn and q.index = t.index
             where t.target = $1
               and (t.reference = $2 or (t.conversation = $3 and t.turn = $4 and t.index = $5))
             order by t.created_at desc limit 1
            """
                .formatted(COLUMNS))
        .execute(
            id(reference)
                .map(
                    id ->
                        Tuple.of(
                            target, reference, id.conversation().value(), id.turn(), id.index()))
                .orElseGet(() -> Tuple.of(target, reference, null, null, null)))
        .map(rows -> placed(rows).stream().findFirst());
  }

  private static Optional<EffectId> id(String text) {
    try {
      return Optional.of(EffectId.parse(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// What the queue knows of a handoff, as JSON; empty where it knows nothing yet.
  public Future<Optional<String>> context(EffectId id) {
    return pool.preparedQuery(
            """
            select context from handoff_queue where conversation = $1 and turn = $2 and index = $3
            """)
        .execute(Tuple.of(id.conversation().value(), id.turn(), id.index()))
        .map(
            rows ->
                rows.stream()
                    .findFirst()
                    .flatMap(row -> Optional.ofNullable(row.getString("context"))));
  }

  // ---- what has been done

  /// Keeps what an answer has told, and the lease for as long again.
  public Future<Void> keep(EffectId id, Optional<String> reference, Values known, Duration lease) {
    return change(
        id,
        """
        reference = coalesce($4, reference), known = $5, due_at = now() + $6 * interval '1 millisecond'
        """,
        reference.orElse(null),
        Json.print(known.entries()),
        lease.toMillis());
  }

  /// It is there, and has been told nothing but what was said before.
  public Future<Void> opened(EffectId id) {
    return change(id, "state = 'OPEN'");
  }

  /// The target has been told of all up to a turn. It keeps the lease for as long again.
  public Future<Void> told(EffectId id, int turn, Duration lease) {
    return change(
        id,
        """
        told_turn = greatest(told_turn, $4), attempts = 0, failing_since = null,
        due_at = now() + $5 * interval '1 millisecond'
        """,
        turn,
        lease.toMillis());
  }

  /// What was to be done has been done; there may be more at once.
  ///
  /// @param poll when it is asked next what has come in; empty for never
  public Future<Void> rest(EffectId id, Optional<Duration> poll) {
    return change(
        id,
        """
        due_at = now(), attempts = 0, failing_since = null, error = null,
        poll_at = coalesce(now() + $4 * interval '1 millisecond', 'infinity')
        """,
        poll.map(Duration::toMillis).orElse(null));
  }

  /// It did not go well and is tried again.
  public Future<Void> postpone(EffectId id, Duration pause, String why) {
    return change(
        id,
        """
        attempts = attempts + 1, failing_since = coalesce(failing_since, now()), error = $5,
        due_at = now() + $4 * interval '1 millisecond'
        """,
        pause.toMillis(),
        why);
  }

  /// It was not tried, and may be soon.
  public Future<Void> defer(EffectId id, Duration pause) {
    return change(id, "due_at = now() + $4 * interval '1 millisecond'", pause.toMillis());
  }

  /// The target says that it is over there. A handoff that it has been given again since then goes
  /// on.
  public Future<Void> endedThere(Placed row) {
    return change(row.id(), "ended_there = ended_there or round = $4", row.round());
  }

  /// Nothing is to be done there any more.
  public Future<Void> over(EffectId id, Optional<String> why) {
    return change(id, "state = 'OVER', error = $4", why.orElse(null));
  }

  /// The target does not have it, or gives it back at once: the agents of the built-in desk may
  /// take it. What goes to another target by now stays with that.
  public Future<Void> toDesk(Placed row) {
    EffectId id = row.id();
    return pool.preparedQuery(
            """
            update handoff_queue set target = 'desk', told = told + 1
             where conversation = $1 and turn = $2 and index = $3 and target = $4
            """)
        .execute(Tuple.of(id.conversation().value(), id.turn(), id.index(), row.target()))
        .mapEmpty();
  }

  private Future<Void> change(EffectId id, String what, @Nullable Object... values) {
    Tuple tuple = Tuple.of(id.conversation().value(), id.turn(), id.index());
    for (Object value : values) {
      tuple.addValue(value);
    }
    return pool.preparedQuery(
            "update handoff_target set "
                + what
                + " where conversation = $1 and turn = $2 and index = $3")
        .execute(tuple)
        .mapEmpty();
  }

  // ---- the feed

  /// The turns after one, oldest first.
  public Future<List<Happened>> after(ConversationId conversation, int turn, int limit) {
    return feed(
        """
        select number, at, format, event, effects, refusal from turn
         where conversation = $1 and number > $2 order by number limit $3
        """,
        Tuple.of(conversation.value(), turn, limit));
  }

  /// The latest turns up to one in which something was said, oldest first.
  public Future<List<Happened>> upTo(ConversationId conversation, int turn, int limit) {
    return feed(
            """
            select number, at, format, event, effects, refusal from turn
             where conversation = $1 and number <= $2
               and (kind = 'ReplyReceived' or effects like '%"type":"Send"%')
             order by number desc limit $3
            """,
            Tuple.of(conversation.value(), turn, limit))
        .map(List::reversed);
  }

  /// A turn whose contents have been erased is as one in which nothing was said.
  private Future<List<Happened>> feed(String sql, Tuple values) {
    return pool.preparedQuery(sql)
        .execute(values)
        .map(
            rows -> {
              List<Happened> happened = new ArrayList<>(rows.size());
              for (Row row : rows) {
                int format = row.getShort("format");
                boolean erased = row.getString("event").isEmpty();
                happened.add(
                    new Happened(
                        row.getInteger("number"),
                        row.getOffsetDateTime("at").toInstant(),
                        erased
                            ? new Event.RedirectReturned(Values.EMPTY)
                            : Codec.decodeEvent(format, row.getString("event")),
                        erased ? List.of() : Codec.decodeEffects(format, row.getString("effects")),
                        Optional.ofNullable(row.getString("refusal"))));
              }
              return happened;
            });
  }

  private static List<Placed> placed(RowSet<Row> rows) {
    List<Placed> placed = new ArrayList<>(rows.size());
    for (Row row : rows) {
      placed.add(
          new Placed(
              new EffectId(
                  new ConversationId(row.getUUID("conversation")),
                  row.getInteger("turn"),
                  row.getInteger("index")),
              row.getString("target"),
              row.getInteger("round"),
              State.valueOf(row.getString("state")),
              Optional.ofNullable(row.getString("reference")),
              known(row.getString("known")),
              row.getInteger("told_turn"),
              row.getBoolean("ended_there"),
              row.getInteger("attempts"),
              Optional.ofNullable(row.getOffsetDateTime("failing_since")).map(at -> at.toInstant()),
              row.getBoolean("polls"),
              new Standing(
                  new ThreadId(
                      new Address(row.getString("ours")), new Address(row.getString("theirs"))),
                  Owner.valueOf(row.getString("owner")),
                  row.getBoolean("closed"),
                  row.getString("why"),
                  row.getString("topic"),
                  row.getString("wanted"))));
    }
    return placed;
  }

  private static Values known(String json) {
    Map<String, Object> entries = new LinkedHashMap<>();
    if (Json.parse(json).orElse(Map.of()) instanceof Map<?, ?> map) {
      map.forEach((name, value) -> entries.put(String.valueOf(name), value));
    }
    return new Values(entries);
  }
}
