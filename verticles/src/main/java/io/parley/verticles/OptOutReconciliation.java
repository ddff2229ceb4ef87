package io.parley.verticles;

import io.parley.customerio.AppApi;
import io.parley.customerio.AppApi.OptedOut;
import io.parley.customerio.AppApi.Page;
import io.parley.customerio.AppApi.Request;
import io.parley.engine.policy.Consent;
import io.parley.engine.policy.ConsentChannel;
import io.parley.store.ConsentHistory;
import io.parley.store.Contacts;
import io.parley.store.OptOutBook;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Compares who has opted out in Parley and in Customer.io, and mends where one of them does not
/// know. An opt-out anywhere is honoured; none is ever taken back here. Confined to its context.
final class OptOutReconciliation {

  /// What a consent that the list has told of gives as its source.
  static final String SOURCE = "customerio-optouts";

  private static final int TRIES = 5;
  private static final int BATCH = 1_000;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final Vertx vertx;
  private final Pool pool;
  private final AppApi api;
  private final SinkCourier.Pace pace;
  private final SlidingLimit limit;
  private final Clock clock;
  private final WebClient client;

  /// @param limit what others share: each request is counted, and waits for none of them
  OptOutReconciliation(
      Vertx vertx, Pool pool, AppApi api, SinkCourier.Pace pace, SlidingLimit limit, Clock clock) {
    this.vertx = vertx;
    this.pool = pool;
    this.api = api;
    this.pace = pace;
    this.limit = limit;
    this.clock = clock;
    this.client = WebClient.create(vertx);
  }

  void close() {
    client.close();
  }

  // ---- comparing

  Future<OptOutDrift> compare() {
    OptOutBook book = new OptOutBook(pool);
    return pages(Optional.empty(), new ArrayList<>())
        .compose(
            list ->
                book.of(list.stream().map(OptedOut::customer).toList())
                    .compose(
                        known ->
                            book.revokedBy(SOURCE)
                                .compose(
                                    recorded ->
                                        book.optedOut()
                                            .map(
                                                optedOut ->
                                                    OptOutDrift.between(
                                                        optedOut, known, recorded, list)))));
  }

  private Future<List<OptedOut>> pages(Optional<String> start, List<OptedOut> list) {
    return ask(api.page(start), 1)
        .compose(
            response -> {
              Optional<Page> page =
                  response.statusCode() == 200
                      ? AppApi.readPage(String.valueOf(response.bodyAsString()))
                      : Optional.empty();
              if (page.isEmpty()) {
                return Future.failedFuture(
                    "Customer.io answers %d where its list of opt-outs was asked for"
                        .formatted(response.statusCode()));
              }
              list.addAll(page.get().people());
              return page.get().next().isEmpty() || page.get().next().equals(start)
                  ? Future.succeededFuture(list)
                  : pages(page.get().next(), list);
            });
  }

  // ---- mending

  /// What was mended.
  ///
  /// @param failed opt-outs that Customer.io did not take, with its answer
  record Mended(int here, int there, List<String> failed) {
    Mended {
      failed = List.copyOf(failed);
    }
  }

  /// @param there whether what Customer.io lacks is put on its list
  Future<Mended> mend(OptOutDrift drift, boolean there) {
    return here(drift)
        .compose(
            here ->
                (there
                        ? putAll(drift.missingThere(), new ArrayList<>())
                        : Future.succeededFuture(List.<String>of()))
                    .map(
                        failed ->
                            new Mended(
                                here,
                                there ? drift.missingThere().size() - failed.size() : 0,
                                failed)));
  }

  private Future<Integer> here(OptOutDrift drift) {
    Instant now = clock.instant();
    List<Contacts.Imported> contacts =
        drift.missingHere().stream()
            .map(
                it ->
                    new Contacts.Imported(
                        it.address(),
                        Optional.of(it.customer()),
                        Optional.of(new Contacts.OptOut(now, evidence(it.of())))))
            .toList();
    List<Consent> consents =
        drift.unknownHere().stream()
            .flatMap(person -> person.senders().stream().map(it -> revoked(person, it, now)))
            .flatMap(Optional::stream)
            .toList();
    Future<Integer> stored = Future.succeededFuture(0);
    for (int from = 0; from < contacts.size(); from += BATCH) {
      List<Contacts.Imported> batch =
          contacts.subList(from, Math.min(contacts.size(), from + BATCH));
      stored =
          stored.compose(sofar -> new Contacts(pool).take(batch, now).map(taken -> sofar + taken));
    }
    return stored.compose(
        sofar -> new ConsentHistory(pool).record(consents, now).map(recorded -> sofar + recorded));
  }

  private static String evidence(AppApi.Sender sender) {
    return "opted out of %s in Customer.io".formatted(sender.from());
  }

  /// Of whom no address is known: it is the person, by whichever address.
  private static Optional<Consent> revoked(OptedOut person, AppApi.Sender sender, Instant now) {
    return ConsentChannel.parse(sender.channel())
        .map(
            channel ->
                new Consent(
                    Optional.empty(),
                    Optional.of(person.customer()),
                    channel,
                    Consent.MARKETING,
                    Consent.State.REVOKED,
                    Consent.Method.KEYWORD,
                    SOURCE,
                    evidence(sender),
                    now));
  }

  private Future<List<String>> putAll(List<OptOutDrift.There> missing, List<String> failed) {
    Future<List<String>> put = Future.succeededFuture(failed);
    for (OptOutDrift.There one : missing) {
      put =
          put.compose(
              sofar ->
                  ask(api.optOut(one.customer(), one.sender(), true), 1)
                      .map(
                          response -> {
                            if (response.statusCode() / 100 != 2) {
                              sofar.add(
                                  one.address().masked() + ": answered " + response.statusCode());
                            }
                            return sofar;
                          }));
    }
    return put;
  }

  // ---- asking

  /// Asks within the pace, and again where Customer.io is short of breath or out of reach: what is
  /// asked may be asked twice.
  private Future<HttpResponse<Buffer>> ask(Request request, int attempt) {
    return vertx
        .timer((long) Math.ceil(1_000 / pace.requestsPerSecond()), TimeUnit.MILLISECONDS)
        .compose(_ -> send(request))
        .transform(
            answer -> {
              Optional<Duration> pause = pause(answer, attempt);
              if (pause.isPresent() && attempt < TRIES) {
                return vertx
                    .timer(pause.get().toMillis(), TimeUnit.MILLISECONDS)
                    .compose(_ -> ask(request, attempt + 1));
              }
              return answer.succeeded()
                  ? Future.succeededFuture(answer.result())
                  : Future.failedFuture(answer.cause());
            });
  }

  private Future<HttpResponse<Buffer>> send(Request request) {
    limit.count();
    HttpRequest<Buffer> composed =
        client
            .requestAbs(HttpMethod.valueOf(request.method()), request.url())
            .timeout(pace.requestTimeout().toMillis());
    request.headers().forEach(composed::putHeader);
    return request.body().isEmpty()
        ? composed.send()
        : composed.sendBuffer(Buffer.buffer(request.body()));
  }

  /// After how long to ask again; empty where what was answered is an answer.
  private static Optional<Duration> pause(AsyncResult<HttpResponse<Buffer>> answer, int attempt) {
    Duration usual = Duration.ofMillis(500L << attempt);
    if (answer.failed()) {
      return Optional.of(usual);
    }
    int status = answer.result().statusCode();
    if (status != 429 && status < 500) {
      return Optional.empty();
    }
    String after = String.valueOf(answer.result().getHeader("Retry-After"));
    Duration asked =
        after.matches("[0-9]{1,4}")
            ? Duration.ofSeconds(Math.max(1, Long.parseLong(after)))
            : usual;
    return Optional.of(asked.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : asked);
  }
}
