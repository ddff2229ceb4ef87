package io.parley.verticles;

import io.parley.store.InboundRelay;
import io.parley.store.InboundRelay.Waiting;
import io.parley.twilio.TwilioSignature;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes messages that Twilio posted on to Customer.io, byte for byte, signed as Twilio would have
/// signed them had it posted them there: with our account's token, over Customer.io's URL. Twilio's
/// own signature is over our URL, and proves nothing elsewhere.
///
/// At least once: one whose answer was lost is posted again, with the same `MessageSid` and the
/// same `I-Twilio-Idempotency-Token`. What Customer.io refuses as it stands, and what it has not
/// taken when it would make nothing of it any more, is a dead letter. Confined to its context.
final class RelayCourier extends VerticleBase {

  /// As metrics and readiness name it.
  static final String NAME = "customerio-inbound";

  /// Customer.io attributes no reply to a message that is older.
  static final Duration FRESH_FOR = Duration.ofDays(3);

  /// Longer than Twilio repeats a webhook.
  private static final Duration REMEMBERED = Duration.ofDays(7);

  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final Duration FORGETTING_PERIOD = Duration.ofHours(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /// Beside the request's own time, until a lease may be another's.
  private static final Duration GRACE = Duration.ofSeconds(5);

  private static final int BATCH = 20;
  private static final int MAX_ANSWER_BYTES = 4096;
  private static final String FORM = "application/x-www-form-urlencoded; charset=UTF-8";
  private static final Logger LOG = LoggerFactory.getLogger(RelayCourier.class);

  private final URI url;
  private final Duration timeout;
  private final Optional<String> token;
  private final InboundRelay queue;
  private final Clock clock;
  private final Metrics metrics;
  private final Readiness readiness;
  private final RateLimit limit;
  private final Complaint outage =
      new Complaint(LOG, "messages for Customer.io's inbound URL wait");
  private final Rounds rounds =
      new Rounds(this::round, new Complaint(LOG, "messages to be passed on cannot be read"));
  private final Rounds forgetting =
      new Rounds(this::forget, new Complaint(LOG, "passed-on messages cannot be forgotten"));

  private WebClient client;
  private int failures;
  private long pausedUntil = System.nanoTime();

  /// @param token what messages are signed with; empty where nobody has told one
  @SuppressWarnings("NullAway.Init") // the client is made when the verticle starts
  RelayCourier(
      RelaySettings settings,
      Optional<String> token,
      InboundRelay queue,
      Clock clock,
      Metrics metrics,
      Readiness readiness) {
    this.url = settings.url().orElseThrow();
    this.timeout = settings.timeout();
    this.token = token;
    this.queue = queue;
    this.clock = clock;
    this.metrics = metrics;
    this.readiness = readiness;
    this.limit = new RateLimit(settings.perSecond());
  }

  /// What one try came to.
  private sealed interface Answer {
    record Taken() implements Answer {}

    /// @param after how long Customer.io asks to be left alone, where it does
    record Later(String why, Optional<Duration> after) implements Answer {}

    record Refused(String why) implements Answer {}
  }

  @Override
  public Future<?> start() {
    client =
        WebClient.create(
            vertx,
            new WebClientOptions()
                .setConnectTimeout((int) Math.min(timeout.toMillis(), 5_000))
                .setFollowRedirects(false)
                .setUserAgent("Parley"));
    return rounds
        .every(PERIOD, vertx)
        .compose(_ -> forgetting.every(FORGETTING_PERIOD, vertx))
        .compose(
            _ -> vertx.eventBus().localConsumer(Bus.RELAY_WAITS, _ -> rounds.more()).completion());
  }

  /// Waits for the answers to what has left, and for them to be stored.
  @Override
  public Future<?> stop() {
    return rounds.end().compose(_ -> forgetting.end()).onComplete(_ -> client.close());
  }

  private Future<?> forget() {
    return queue.forget(clock.instant().minus(REMEMBERED));
  }

  private Future<?> round() {
    if (System.nanoTime() - pausedUntil < 0) {
      return Future.succeededFuture();
    }
    return queue
        .lease(BATCH, timeout.plus(GRACE))
        .compose(
            rows -> {
              List<Future<Boolean>> tries = new ArrayList<>();
              List<Long> untried = new ArrayList<>();
              for (Waiting row : rows) {
                if (limit.take()) {
                  tries.add(pass(row));
                } else {
                  untried.add(row.seq());
                }
              }
              return queue
                  .release(untried)
                  .compose(_ -> Future.join(tries).otherwiseEmpty())
                  .map(_ -> tries);
            })
        .onSuccess(this::conclude);
  }

  /// An outage is where nothing was taken: then the rest waits, too.
  private void conclude(List<Future<Boolean>> tries) {
    if (tries.isEmpty()) {
      return;
    }
    if (tries.stream().anyMatch(it -> it.succeeded() && it.result())) {
      failures = 0;
      rounds.more();
      return;
    }
    failures++;
    pause(backoff(failures));
  }

  private void pause(Duration pause) {
    pausedUntil = Math.max(pausedUntil, System.nanoTime() + pause.toNanos());
  }

  private static Duration backoff(int failures) {
    Duration pause = Duration.ofMillis(500L << Math.min(failures - 1, 10));
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  /// Whether Customer.io has answered with anything but an excuse.
  private Future<Boolean> pass(Waiting row) {
    if (row.entry().receivedAt().isBefore(tooOld())) {
      return bury(row, "not taken within " + FRESH_FOR.toHours() + " hours").map(true);
    }
    return post(row)
        .compose(
            answer ->
                switch (answer) {
                  case Answer.Taken() -> {
                    count("delivered");
                    outage.worked();
                    readiness.mended(NAME);
                    yield queue.done(row.seq()).map(true);
                  }
                  case Answer.Refused(var why) -> bury(row, why).map(true);
                  case Answer.Later(var why, var after) -> {
                    count("retried");
                    outage.failed(why);
                    readiness.troubled(NAME, why);
                    after.ifPresent(this::pause);
                    yield queue.postpone(row.seq(), backoff(row.attempts() + 1), why).map(false);
                  }
                });
  }

  private Instant tooOld() {
    return clock.instant().minus(FRESH_FOR);
  }

  private Future<Void> bury(Waiting row, String why) {
    count("refused");
    LOG.atWarn()
        .addKeyValue("message", row.entry().message())
        .addKeyValue("why", why)
        .log("a message is passed on no more; parley relay retry tries it again");
    return queue.bury(row, why);
  }

  private void count(String verdict) {
    metrics.report(NAME, verdict, 1);
  }

  private Future<Answer> post(Waiting row) {
    Buffer body = row.entry().body();
    HttpRequest<String> request =
        client
            .postAbs(url.toString())
            .as(() -> new BoundedBody(MAX_ANSWER_BYTES))
            .putHeader("Content-Type", FORM)
            .timeout(timeout.toMillis());
    if (!row.entry().token().isEmpty()) {
      request.putHeader(Relaying.TOKEN, row.entry().token());
    }
    token.ifPresent(it -> request.putHeader("X-Twilio-Signature", signature(body, it)));
    return request
        .sendBuffer(body)
        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .map(RelayCourier::answer)
        .recover(
            failure ->
                Future.succeededFuture(
                    new Answer.Later(
                        failure instanceof TimeoutException
                            ? "no answer within " + timeout.toMillis() + " ms"
                            : "unreachable: " + failure.getMessage(),
                        Optional.empty())));
  }

  private String signature(Buffer body, String authToken) {
    return TwilioSignature.of(url.toString(), body.toString(StandardCharsets.UTF_8), authToken);
  }

  private static Answer answer(HttpResponse<String> response) {
    int status = response.statusCode();
    if (status >= 200 && status < 300) {
      return new Answer.Taken();
    }
    return switch (status) {
      case 400, 413, 415, 422 -> new Answer.Refused("Customer.io refused it (" + status + ")");
      case 429 -> new Answer.Later("answers 429", retryAfter(response));
      default -> new Answer.Later("answers " + status, Optional.empty());
    };
  }

  private static Optional<Duration> retryAfter(HttpResponse<String> response) {
    return Optional.ofNullable(response.getHeader("Retry-After"))
        .filter(it -> it.matches("[0-9]{1,4}"))
        .map(it -> Duration.ofSeconds(Long.parseLong(it)));
  }
}
