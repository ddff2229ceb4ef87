package io.parley.verticles;

import io.parley.customerio.Problem;
import io.parley.customerio.segment.CallType;
import io.parley.customerio.segment.SegmentBody;
import io.parley.customerio.segment.SegmentBody.Closed;
import io.parley.customerio.segment.SegmentBody.Opened;
import io.parley.customerio.segment.SegmentBody.Reading;
import io.parley.customerio.segment.SegmentCall;
import io.parley.customerio.segment.WriteKeys;
import io.parley.customerio.segment.WriteKeys.Sender.Known;
import io.parley.customerio.segment.WriteKeys.Sender.Unknown;
import io.parley.store.Ingested;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Calls of Segment's specification, as the clients of Customer.io's Data Pipelines and of Segment
/// send them: `POST /v1/identify`, `/v1/track`, `/v1/page`, `/v1/screen`, `/v1/group`, `/v1/alias`,
/// `/v1/batch` and `/v1/import`. A call is acknowledged once it is stored, and worked off after
/// that.
///
/// With the header `X-Strict-Mode: 1` a request with anything wrong in it is refused whole, with
/// 400 and every problem. Without it, it is answered with 200, as these vendors do: what is right
/// is taken, and what is wrong is named in the answer, counted and logged.
final class SegmentRoutes implements Consumer<Router> {

  private static final String EDGE = "segment";

  /// More than a batch may have, so that one which is somewhat too large is told its size.
  private static final int MAX_BODY_BYTES = 2 * SegmentBody.MAX_BATCH_BYTES;

  /// A larger body is read off the event loop.
  private static final int READ_AT_ONCE_BYTES = SegmentBody.MAX_CALL_BYTES;

  private static final Duration STORE_PATIENCE = Duration.ofSeconds(2);
  private static final int MOST_PROBLEMS = 50;
  private static final int MOST_LOGGED = 5;
  private static final Logger LOG = LoggerFactory.getLogger(SegmentRoutes.class);

  private final WriteKeys keys;
  private final Ingested ingested;
  private final Clock clock;
  private final Metrics metrics;

  SegmentRoutes(WriteKeys keys, Ingested ingested, Clock clock, Metrics metrics) {
    this.keys = keys;
    this.ingested = ingested;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public void accept(Router router) {
    RawBody body = new RawBody(EDGE, MAX_BODY_BYTES, metrics);
    for (CallType type : CallType.values()) {
      router
          .post("/v1/" + type.word())
          .handler(body)
          .handler(context -> take(context, Optional.of(type)));
    }
    for (String path : List.of("/v1/batch", "/v1/import")) {
      router.post(path).handler(body).handler(context -> take(context, Optional.empty()));
    }
  }

  private void take(RoutingContext context, Optional<CallType> type) {
    if (keys.isEmpty()) {
      refuse(
          context,
          503,
          "not_configured",
          "No client may tell of persons: set PARLEY_WRITE_KEYS to the names of your sources with"
              + " their write keys, such as shop=KEY.");
      return;
    }
    String encoding = context.request().getHeader("Content-Encoding");
    if (encoding != null && !encoding.toLowerCase(Locale.ROOT).equals("identity")) {
      refuse(
          context,
          415,
          "encoded",
          "The body is compressed (%s); send it as it is.".formatted(encoding));
      return;
    }
    byte[] bytes = RawBody.of(context);
    if (bytes.length <= READ_AT_ONCE_BYTES) {
      opened(context, SegmentBody.open(bytes, type));
      return;
    }
    context
        .vertx()
        .executeBlocking(() -> SegmentBody.open(bytes, type), false)
        .onComplete(opening -> opened(context, opening), context::fail);
  }

  private void opened(RoutingContext context, SegmentBody.Opening opening) {
    switch (opening) {
      case Closed(Problem problem) -> malformed(context, List.of(problem));
      case Opened(SegmentBody body) -> {
        Optional<String> header = Optional.ofNullable(context.request().getHeader("Authorization"));
        switch (keys.decide(header, body.writeKey())) {
          case Unknown(String reason, String sentence) -> refuse(context, 401, reason, sentence);
          case Known(String source) -> read(context, source, body);
        }
      }
    }
  }

  private void read(RoutingContext context, String source, SegmentBody body) {
    Instant now = clock.instant();
    Reading reading = body.read(now, "unnamed:" + UUID.randomUUID());
    boolean strict = "1".equals(context.request().getHeader("X-Strict-Mode"));
    if (!reading.problems().isEmpty()) {
      tell(source, strict, reading.problems());
      if (strict) {
        malformed(context, reading.problems());
        return;
      }
    }
    List<Ingested.Entry> entries =
        reading.calls().stream()
            .map(
                call ->
                    new Ingested.Entry(
                        source, call.messageId(), call.who().subject(), call.json(), now))
            .toList();
    ingested
        .add(entries)
        .timeout(STORE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .onComplete(
            fresh -> taken(context, source, reading, fresh),
            failure -> {
              LOG.atWarn()
                  .addKeyValue("source", source)
                  .addKeyValue("why", failure.getMessage())
                  .log("calls could not be stored");
              refuse(context, 503, "unavailable", "Nothing was stored; send the same again.");
            });
  }

  private void taken(RoutingContext context, String source, Reading reading, int fresh) {
    Bus.on(context.vertx()).publish(Bus.INGESTED_WAITS, "");
    for (SegmentCall call : reading.calls()) {
      metrics.ingestTaken(source, call.type().word());
    }
    metrics.ingestRepeated(source, reading.calls().size() - fresh);
    metrics.ingestLeftOut(source, reading.leftOut());
    JsonObject answer = new JsonObject().put("success", true);
    if (!reading.problems().isEmpty()) {
      answer.put("left_out", reading.leftOut()).put("problems", listed(reading.problems()));
    }
    WebVerticle.answer(context, 200, answer);
  }

  // ---- what is wrong

  /// Problems name places and never what stands there.
  private static void tell(String source, boolean strict, List<Problem> problems) {
    LOG.atWarn()
        .addKeyValue("source", source)
        .addKeyValue("strict", strict)
        .addKeyValue("problems", problems.size())
        .addKeyValue("first", problems.stream().limit(MOST_LOGGED).map(Problem::toString).toList())
        .log("calls about persons have problems");
  }

  private void malformed(RoutingContext context, List<Problem> problems) {
    metrics.edgeRefused(EDGE, "malformed");
    JsonArray words = new JsonArray();
    problems.stream().limit(MOST_PROBLEMS).map(Problem::toString).forEach(words::add);
    WebVerticle.answer(
        context,
        400,
        failure("the request has %d problems".formatted(problems.size()))
            .put("errors", listed(problems))
            .put("meta", new JsonObject().put("errors", words)));
  }

  private void refuse(RoutingContext context, int status, String reason, String sentence) {
    metrics.edgeRefused(EDGE, reason);
    WebVerticle.answer(
        context,
        status,
        failure(sentence)
            .put("reason", reason)
            .put("meta", new JsonObject().put("error", sentence)));
  }

  /// Segment's clients look at `success`, Customer.io's quote what stands in `meta`.
  private static JsonObject failure(String message) {
    return new JsonObject().put("success", false).put("status", "error").put("message", message);
  }

  private static JsonArray listed(List<Problem> problems) {
    JsonArray list = new JsonArray();
    problems.stream()
        .limit(MOST_PROBLEMS)
        .forEach(
            it ->
                list.add(
                    new JsonObject().put("pointer", it.pointer()).put("message", it.message())));
    return list;
  }
}
