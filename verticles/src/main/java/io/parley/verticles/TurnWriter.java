package io.parley.verticles;

import io.parley.engine.ConversationId;
import io.parley.store.Subscription;
import io.parley.store.TurnCommitter;
import io.parley.store.TurnRecord;
import io.parley.store.Written;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Commits the turns of one lane over one connection. While a batch commits, the next gathers, and
/// it leaves when the first returns: no timer, and a batch of one where there is no load. Confined
/// to its context.
final class TurnWriter extends VerticleBase {

  /// How long a connection may take to open, and a batch to commit. A database that hangs shall not
  /// hold the lane for as long as TCP is patient.
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(TurnWriter.class);

  private final int lane;
  private final PgConnectOptions database;
  private final List<Subscription> sinks;
  private final Metrics metrics;
  private final Queue<Message<TurnRecord>> waiting = new ArrayDeque<>();
  private boolean atWork;
  private boolean closing;
  private Optional<PgConnection> connection = Optional.empty();

  TurnWriter(int lane, PgConnectOptions database, List<Subscription> sinks, Metrics metrics) {
    this.lane = lane;
    this.database = database;
    this.sinks = sinks;
    this.metrics = metrics;
  }

  @Override
  public Future<?> start() {
    return connect()
        .compose(
            _ ->
                vertx
                    .eventBus()
                    .<TurnRecord>localConsumer(Bus.writer(lane))
                    .handler(
                        message -> {
                          waiting.add(message);
                          work();
                        })
                    .completion())
        .onFailure(_ -> closing = true);
  }

  @Override
  public Future<?> stop() {
    closing = true;
    return connection.map(PgConnection::close).orElse(Future.succeededFuture());
  }

  private Future<PgConnection> connect() {
    if (connection.isPresent()) {
      return Future.succeededFuture(connection.get());
    }
    return TurnCommitter.connect(vertx, database)
        .onSuccess(
            opened -> {
              if (connection.isPresent() || closing) {
                opened.close(); // so late that it is needed no more
                return;
              }
              connection = Optional.of(opened);
              opened.closeHandler(_ -> forget(opened));
            })
        .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void forget(PgConnection closed) {
    if (connection.filter(closed::equals).isPresent()) {
      connection = Optional.empty();
    }
  }

  private void work() {
    if (atWork || waiting.isEmpty()) {
      return;
    }
    atWork = true;
    List<Message<TurnRecord>> batch = nextBatch();
    List<TurnRecord> records = batch.stream().map(Message::body).toList();
    long begun = System.nanoTime();
    connect()
        .compose(
            opened ->
                new TurnCommitter(opened, sinks)
                    .write(records)
                    .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
        .onComplete(
            written -> {
              atWork = false;
              if (written.succeeded()) {
                metrics.commit(batch.size(), System.nanoTime() - begun);
                count(records, written.result());
                answer(batch, written.result());
              } else {
                fail(batch, written.cause());
              }
              work();
            });
  }

  /// What waits, in order, up to the statement's size and never two turns of one conversation.
  private List<Message<TurnRecord>> nextBatch() {
    List<Message<TurnRecord>> batch = new ArrayList<>();
    Set<ConversationId> seen = new HashSet<>();
    while (batch.size() < TurnCommitter.MAX_BATCH
        && !waiting.isEmpty()
        && seen.add(waiting.peek().body().step().next().id())) {
      batch.add(waiting.remove());
    }
    return batch;
  }

  private void count(List<TurnRecord> records, List<Written> written) {
    for (int i = 0; i < records.size(); i++) {
      if (written.get(i) instanceof Written.Committed) {
        metrics.outcomes(records.get(i).step().effects());
      }
    }
  }

  private static void answer(List<Message<TurnRecord>> batch, List<Written> written) {
    for (int i = 0; i < batch.size(); i++) {
      Bus.reply(batch.get(i), written.get(i));
    }
  }

  /// Whether the batch was committed is unknown: who asked forgets and reads again.
  private void fail(List<Message<TurnRecord>> batch, Throwable cause) {
    LOG.atWarn()
        .addKeyValue("lane", lane)
        .addKeyValue("turns", batch.size())
        .addKeyValue("why", cause.getMessage())
        .log("a batch of turns was not committed");
    connection.ifPresent(PgConnection::close);
    connection = Optional.empty();
    batch.forEach(message -> Bus.fail(message, cause));
  }
}
