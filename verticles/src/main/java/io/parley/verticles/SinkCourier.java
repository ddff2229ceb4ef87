package io.parley.verticles;

import io.parley.edge.OutcomeSink;
import io.parley.edge.OutcomeSink.Composed;
import io.parley.edge.OutcomeSink.Response;
import io.parley.edge.OutcomeSink.Verdict;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.store.Outbox;
import io.parley.store.Outbox.Leased;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Delivers reports to one sink: leases, lets the sink compose a request, sends it, and does as its
/// verdicts say. One request at a time, so that each person's reports arrive in order; an outage
/// pauses the courier and grows nothing but its own queue. Confined to its context.
final class SinkCourier extends VerticleBase {

  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final Logger LOG = LoggerFactory.getLogger(SinkCourier.class);

  private final OutcomeSink sink;
  private final Outbox outbox;
  private final Pace pace;
  private final Metrics metrics;
  private final Readiness readiness;

  /// The sink does not take reports.
  private final Complaint outage;

  /// Reports cannot be read, or their verdicts not be stored.
  private final Complaint broken;

  private final Optional<Staleness> staleness;

  private WebClient client;
  private boolean atWork;
  private boolean again;
  private boolean closing;
  private final Promise<Void> drained = Promise.promise();
  private long pausedUntil = System.nanoTime();
  private int failures;
  private int batchLimit;

  /// @param requestsPerSecond at most
  /// @param requestTimeout after which a request is given up and will be repeated
  record Pace(double requestsPerSecond, Duration requestTimeout) {}

  @SuppressWarnings("NullAway.Init") // the client is made when the verticle starts
  SinkCourier(OutcomeSink sink, Outbox outbox, Pace pace, Metrics metrics, Readiness readiness) {
    this.sink = sink;
    this.outbox = outbox;
    this.pace = pace;
    this.metrics = metrics;
    this.readiness = readiness;
    this.outage = new Complaint(LOG, "reports to " + sink.destination() + " wait");
    this.broken = new Complaint(LOG, "reports to " + sink.destination() + " cannot be worked off");
    this.staleness =
        sink.freshFor().map(fresh -> new Staleness(sink.destination(), fresh, metrics));
    this.batchLimit = sink.maxBatchSize();
  }

  @Override
  public Future<?> start() {
    client =
        WebClient.create(
            vertx,
            new WebClientOptions()
                .setConnectTimeout((int) Duration.ofSeconds(5).toMillis())
                .setUserAgent("Parley"));
    vertx.setPeriodic(PERIOD.toMillis(), _ -> work());
    return vertx.eventBus().localConsumer(Bus.REPORTS_WAIT).handler(_ -> work()).completion();
  }

  /// Waits for the response of what has left, and for its verdicts to be stored.
  @Override
  public Future<?> stop() {
    closing = true;
    completeDrained();
    return drained.future().onComplete(_ -> client.close());
  }

  private void completeDrained() {
    if (closing && !atWork) {
      drained.tryComplete();
    }
  }

  /// What a courier that died has leased waits for as long, and everything behind it, so a lease is
  /// short: a request and as much again for the database. A repeat is ignored by its id.
  private Duration lease() {
    return pace.requestTimeout.multipliedBy(2);
  }

  private void work() {
    if (atWork) {
      again = true;
      return;
    }
    if (closing || System.nanoTime() - pausedUntil < 0) {
      return;
    }
    atWork = true;
    again = false;
    outbox
        .leaseReports(sink.destination(), batchLimit, lease())
        .compose(this::deliver)
        .onComplete(
            delivered -> {
              atWork = false;
              completeDrained();
              if (delivered.failed()) {
                broken.failed(delivered.cause());
                pause(FIRST_PAUSE);
                return;
              }
              broken.worked();
              if (delivered.result() || again) {
                vertx.runOnContext(_ -> work());
              }
            });
  }

  /// Answers whether more may be waiting.
  private Future<Boolean> deliver(List<Leased> leased) {
    if (leased.isEmpty()) {
      return Future.succeededFuture(false);
    }
    Map<EffectId, Leased> rows = new HashMap<>();
    leased.forEach(row -> rows.put(row.id(), row));
    Composed composed = sink.compose(leased.stream().map(Leased::effect).toList());
    Future<Void> buried = Future.succeededFuture();
    for (Map.Entry<Effect.Outgoing, String> hopeless : composed.undeliverable().entrySet()) {
      buried = buried.compose(_ -> outbox.bury(row(rows, hopeless.getKey()), hopeless.getValue()));
    }
    List<Leased> left = new ArrayList<>(leased);
    left.removeIf(
        row ->
            composed.effects().contains(row.effect())
                || composed.undeliverable().containsKey(row.effect()));
    return buried
        .compose(
            _ ->
                left.isEmpty()
                    ? Future.<Void>succeededFuture()
                    : outbox.giveBack(left, Duration.ZERO, "did not fit the batch"))
        .compose(
            _ ->
                composed.effects().isEmpty()
                    ? Future.succeededFuture(true)
                    : request(composed).compose(response -> settle(composed, response, rows)));
  }

  private static Leased row(Map<EffectId, Leased> rows, Effect.Outgoing effect) {
    Leased row = rows.get(effect.id());
    if (row == null) {
      throw new IllegalStateException("the sink answered for an effect that it was not given");
    }
    return row;
  }

  /// What no response came for is answered as status 0.
  private Future<Response> request(Composed composed) {
    pace();
    HttpRequest<Buffer> request =
        client
            .requestAbs(HttpMethod.valueOf(composed.method()), composed.url())
            .timeout(pace.requestTimeout.toMillis());
    composed.headers().forEach(request::putHeader);
    return request
        .sendBuffer(Buffer.buffer(composed.body()))
        .map(SinkCourier::response)
        .recover(
            failure ->
                Future.succeededFuture(
                    new Response(0, Map.of(), String.valueOf(failure.getMessage()))));
  }

  private static Response response(HttpResponse<Buffer> response) {
    Map<String, String> headers = new HashMap<>();
    response
        .headers()
        .forEach(entry -> headers.put(entry.getKey().toLowerCase(Locale.ROOT), entry.getValue()));
    String body = response.bodyAsString();
    return new Response(response.statusCode(), headers, body == null ? "" : body);
  }

  private Future<Boolean> settle(Composed composed, Response response, Map<EffectId, Leased> rows) {
    List<Verdict> verdicts = sink.read(composed, response);
    List<Leased> delivered = new ArrayList<>();
    List<Leased> retried = new ArrayList<>();
    Future<Void> done = Future.succeededFuture();
    Duration pause = Duration.ZERO;
    String why = "";
    for (int i = 0; i < verdicts.size(); i++) {
      Leased row = row(rows, composed.effects().get(i));
      switch (verdicts.get(i)) {
        case Verdict.Delivered() -> delivered.add(row);
        case Verdict.Retry(var reason, var after) -> {
          retried.add(row);
          // A sink reads statuses; where none came, the response tells why.
          why = unanswered(response) ? "unreachable: " + response.body() : reason;
          pause = after.orElseGet(this::nextPause);
        }
        case Verdict.Refused(var reason) -> {
          metrics.report(sink.destination(), "refused", 1);
          done = done.compose(_ -> outbox.bury(row, reason));
        }
      }
    }
    if (!retried.isEmpty()) {
      postpone(response, composed, why, pause);
      String because = why;
      done = done.compose(_ -> outbox.retry(retried, because));
    } else {
      failures = 0;
      batchLimit = sink.maxBatchSize();
      outage.worked();
      readiness.mended(sink.destination());
    }
    metrics.report(sink.destination(), "delivered", delivered.size());
    staleness.ifPresent(it -> it.look(delivered));
    metrics.report(sink.destination(), "retried", retried.size());
    boolean more = retried.isEmpty();
    return done.compose(
            _ -> delivered.isEmpty() ? Future.<Void>succeededFuture() : outbox.delivered(delivered))
        .map(_ -> more);
  }

  /// A batch that is refused whole without a word about its items is halved until the one at fault
  /// stands alone; anything else is an outage, and pauses the courier.
  private void postpone(Response response, Composed composed, String why, Duration pause) {
    failures++;
    if (sink.blamesTheWhole(composed, response)) {
      batchLimit = Math.max(1, composed.effects().size() / 2);
      again = true;
      return;
    }
    outage.failed(why);
    readiness.troubled(
        sink.destination(), unanswered(response) ? "unreachable" : "answers " + response.status());
    pause(pause);
  }

  private static boolean unanswered(Response response) {
    return response.status() == 0;
  }

  private Duration nextPause() {
    long millis = FIRST_PAUSE.toMillis() << Math.min(failures, 10);
    long bounded = Math.min(millis, LONGEST_PAUSE.toMillis());
    return Duration.ofMillis(bounded / 2 + ThreadLocalRandom.current().nextLong(bounded / 2 + 1));
  }

  private void pace() {
    pause(Duration.ofNanos((long) (1e9 / pace.requestsPerSecond)));
  }

  private void pause(Duration pause) {
    pausedUntil = Math.max(pausedUntil, System.nanoTime() + pause.toNanos());
    vertx.setTimer(Math.max(1, pause.toMillis()), _ -> work());
  }
}
