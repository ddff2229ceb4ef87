package io.parley.store;

import io.parley.engine.Address;
import io.parley.engine.Conversation;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Person;
import io.parley.engine.Step;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.testkit.TestPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A fresh database with a pool and a writer, and turns made by hand.
final class StoreFixture implements AutoCloseable {

  static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");
  static final Address OURS = new Address("+15550001111");
  static final String SINK = "customerio";
  static final Duration LEASE = Duration.ofSeconds(60);

  final Vertx vertx = Vertx.vertx();
  final PgConnectOptions options =
      PgConnectOptions.fromUri(TestPostgres.database()).setCachePreparedStatements(true);
  final Pool pool =
      PgBuilder.pool()
          .with(new PoolOptions().setMaxSize(8))
          .connectingTo(options)
          .using(vertx)
          .build();
  final Pool planned = PlannedPool.open(vertx, options, new PoolOptions().setMaxSize(2));
  final TurnCommitter committer = committer();
  final Outbox outbox = new Outbox(pool, planned, Seal.NONE);
  private int names;

  /// A writer over a connection of its own.
  TurnCommitter committer() {
    return new TurnCommitter(writing(), List.of(Subscription.toAll(SINK)));
  }

  /// A connection for a writer.
  PgConnection writing() {
    return await(TurnCommitter.connect(vertx, options));
  }

  static <T> T await(Future<T> future) {
    try {
      return future.await(30, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("no answer within 30 s", e);
    }
  }

  @Override
  public void close() {
    await(planned.close());
    await(pool.close());
    await(vertx.close());
  }

  // ---- what is stored

  long count(String table) {
    return await(
        pool.query("select count(*) from " + table)
            .execute()
            .map(rows -> rows.iterator().next().getLong(0)));
  }

  /// The first column of every row, as text.
  List<String> texts(String sql) {
    return await(
        pool.query(sql)
            .execute()
            .map(
                rows -> {
                  List<String> texts = new java.util.ArrayList<>();
                  rows.forEach(row -> texts.add(String.valueOf(row.getValue(0))));
                  return texts;
                }));
  }

  void execute(String sql) {
    await(pool.query(sql).execute());
  }

  /// Makes every row of the outbox due, as time would.
  void letLeasesExpire() {
    execute("update outbox set due_at = now() - interval '1 second'");
  }

  // ---- turns

  static ThreadId thread(int contact) {
    return new ThreadId(OURS, new Address("+1555%07d".formatted(contact)));
  }

  static Conversation fresh(int contact) {
    return Conversation.fresh(thread(contact));
  }

  /// The conversation one turn later.
  static Conversation after(Conversation before) {
    return new Conversation(
        before.id(),
        before.thread(),
        before.turn() + 1,
        before.owner(),
        before.epoch(),
        before.person(),
        before.execution(),
        before.messages(),
        before.runs(),
        before.traffic(),
        before.bargain(),
        before.engagement(),
        before.handoff(),
        before.untagged());
  }

  /// A turn after `before` under a name of its own.
  TurnRecord turn(Conversation before, Effect... effects) {
    return turn("event-" + ++names, before, effects);
  }

  TurnRecord turn(String sourceId, Conversation before, Effect... effects) {
    return turn(sourceId, before, new Event.PurchaseSeen("o", Values.EMPTY, NOW), effects);
  }

  TurnRecord turn(String sourceId, Conversation before, Event event, Effect... effects) {
    return new TurnRecord(
        "test",
        sourceId,
        Optional.empty(),
        before.thread(),
        NOW,
        event,
        new Step.Turn(after(before), Arrays.asList(effects), List.of(), List.of()));
  }

  TurnRecord answer(Conversation before, Event event, Effect... effects) {
    return turn("event-" + ++names, before, event, effects);
  }

  static TurnRecord alias(TurnRecord turn, String alias) {
    return new TurnRecord(
        turn.source(),
        turn.sourceId(),
        Optional.of(alias),
        turn.thread(),
        turn.at(),
        turn.event(),
        turn.step());
  }

  static EffectId effect(Conversation before, int index) {
    return new EffectId(before.id(), before.turn() + 1, index);
  }

  static Effect.Send send(Conversation before, int index) {
    return send(before, index, OURS, 0);
  }

  static Effect.Send send(Conversation before, int index, Address from, int epoch) {
    return new Effect.Send(
        effect(before, index),
        from,
        before.thread().theirs(),
        new Effect.Content.Text("Hello", List.of()),
        epoch);
  }

  static Effect.Call call(Conversation before, int index, String url) {
    return new Effect.Call(
        effect(before, index), new Effect.Request.Http("GET", url, Values.EMPTY, "", "", false));
  }

  List<Outbox.Leased> leaseCalls(int limit, String... busy) {
    return await(outbox.leaseCalls(new Outbox.Share(limit, limit), LEASE, List.of(busy)));
  }

  static Effect.ReportOutcome report(Conversation before, int index) {
    return new Effect.ReportOutcome(
        effect(before, index),
        "twilio_reply",
        Person.UNKNOWN,
        before.thread().theirs(),
        Values.EMPTY,
        NOW);
  }

  List<Written> write(TurnRecord... batch) {
    return await(committer.write(Arrays.asList(batch)));
  }

  List<EffectId> leaseSends(int limit) {
    return await(outbox.leaseSends(new Outbox.Share(limit, limit), LEASE, List.of())).stream()
        .map(Outbox.Leased::id)
        .toList();
  }

  Outbox.Leased leaseSend() {
    return await(outbox.leaseSends(new Outbox.Share(1, 1), LEASE, List.of())).getFirst();
  }

  static ConversationId id(int contact) {
    return fresh(contact).id();
  }
}
