package io.parley.loadtest.drive;

import io.parley.loadtest.measure.Recorder;
import io.parley.loadtest.measure.Stretch;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/// Tells Parley of events by HTTP, as Customer.io and a shop do: what is not answered with 2xx is
/// told again with the same key, later each time, until it is or nobody would try any longer.
///
/// A request waits for no other. Safe for any thread; who asked hears on the agenda's thread.
final class Wire implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final WebClient client;
  private final URI parley;
  private final String bearer;
  private final int connections;
  private final Agenda agenda;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger onConnections = new AtomicInteger();
  private final LongAdder held = new LongAdder();
  private final LongAdder left = new LongAdder();
  private volatile boolean closed;

  /// @param connections that may be open at once
  Wire(URI parley, String bearer, int connections, Agenda agenda) {
    this.parley = parley;
    this.bearer = bearer;
    this.connections = connections;
    this.agenda = agenda;
    this.client =
        WebClient.create(
            vertx,
            new WebClientOptions()
                .setConnectTimeout(Math.toIntExact(TIMEOUT.toMillis()))
                .setFollowRedirects(false),
            new PoolOptions().setHttp1MaxSize(connections));
  }

  /// Something to tell.
  ///
  /// @param what in a word, for what is counted
  /// @param due when it was meant to leave
  record Telling(String what, String path, JsonObject body, long due, Recorder recorder) {}

  /// @param taken hears the answer's body, once it is 2xx; an empty object where it is no JSON
  void tell(Telling telling, Consumer<JsonObject> taken) {
    underWay.incrementAndGet();
    context.runOnContext(
        _ -> {
          long now = System.nanoTime();
          telling.recorder.record(Stretch.GENERATOR_LAG, telling.due, now);
          left.increment();
          send(new Attempt(telling, telling.body.toBuffer(), taken, now));
        });
  }

  /// How many tellings are not answered yet.
  int underWay() {
    return underWay.get();
  }

  /// How many requests found every connection in use.
  long held() {
    return held.sum();
  }

  /// How many tellings have left.
  long left() {
    return left.sum();
  }

  /// What is tried again and again.
  private static final class Attempt {
    private final Telling telling;
    private final Buffer body;
    private final Consumer<JsonObject> taken;
    private final long until;
    private Duration pause = FIRST_PAUSE;

    private Attempt(Telling telling, Buffer body, Consumer<JsonObject> taken, long begun) {
      this.telling = telling;
      this.body = body;
      this.taken = taken;
      this.until = begun + PATIENCE.toNanos();
    }
  }

  private void send(Attempt attempt) {
    if (onConnections.incrementAndGet() > connections) {
      held.increment();
    }
    client
        .postAbs(parley + attempt.telling.path)
        .timeout(TIMEOUT.toMillis())
        .putHeader("Authorization", "Bearer " + bearer)
        .putHeader("Content-Type", "application/json")
        .sendBuffer(attempt.body)
        .onComplete(
            answer -> {
              onConnections.decrementAndGet();
              if (answer.failed()) {
                again(attempt, "no answer");
              } else {
                answered(attempt, answer.result());
              }
            });
  }

  private void answered(Attempt attempt, HttpResponse<Buffer> response) {
    int status = response.statusCode();
    if (status / 100 == 2) {
      JsonObject body = json(response.body());
      agenda.now(
          () -> {
            try {
              attempt.taken.accept(body);
            } finally {
              underWay.decrementAndGet();
            }
          });
    } else if (status / 100 == 4 && status != 429) {
      attempt.telling.recorder.error(attempt.telling.what + " " + status);
      underWay.decrementAndGet();
    } else {
      again(attempt, Integer.toString(status));
    }
  }

  private static JsonObject json(Buffer body) {
    try {
      return body == null ? new JsonObject() : new JsonObject(body);
    } catch (DecodeException _) {
      return new JsonObject();
    }
  }

  private void again(Attempt attempt, String why) {
    if (closed || System.nanoTime() - attempt.until > 0) {
      attempt.telling.recorder.error(attempt.telling.what + " given up: " + why);
      underWay.decrementAndGet();
      return;
    }
    attempt.telling.recorder.count(attempt.telling.what + " again: " + why);
    vertx.setTimer(attempt.pause.toMillis(), _ -> send(attempt));
    Duration longer = attempt.pause.multipliedBy(2);
    attempt.pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
  }

  @Override
  public void close() {
    closed = true;
    vertx.close().await();
  }
}
