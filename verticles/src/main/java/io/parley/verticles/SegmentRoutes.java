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
import io.vertx.core.buffer.Buffer;
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
    Request request =
        new Request(
            Buffer.buffer(RawBody.of(context)),
            type,
            Optional.ofNullable(context.request().getHeader("Authorization")),
            clock.instant(),
            "unnamed:" + UUID.randomUUID());
    if (request.body().length() <= READ_AT_ONCE_BYTES) {
      look(context, look(request));
      return;
    }
    context
        .vertx()
        .executeBlocking(() -> look(request), false)
        .onComplete(looked -> look(context, looked), context::fail);
  }

  /// What is asked.
  ///
  /// @param name stands in for the names of calls that have none
  private record Request(
      Buffer body,
      Optional<CallType> type,
      Optional<String> authorization,
      Instant receivedAt,
      String name) {}

  /// What came of looking at a request.
  private sealed interface Look {

    record Unreadable(Problem problem) implements Look {}

    record Strange(Unknown sender) implements Look {}

    /// @param entries the calls as they are stored
    record Read(String source, Reading reading, List<Ingested.Entry> entries) implements Look {}
  }

  private Look look(Request request) {
    return switch (SegmentBody.open(request.body().getBytes(), request.type())) {
      case Closed(Problem problem) -> new Look.Unreadable(problem);
      case Opened(SegmentBody body) ->
          switch (keys.decide(request.authorization(), body.writeKey())) {
            case Unknown sender -> new Look.Strange(sender);
            case Known(String source) -> read(request, source, body);
          };
    };
  }

  private static Look.Read read(Request request, String source, SegmentBody body) {
    Reading reading = body.read(request.receivedAt(), request.name());
    return new Look.Read(
        source,
        reading,
        reading.calls().stream().map(call -> entry(request, source, call)).toList());
  }

  private static Ingested.Entry entry(Request request, String source, SegmentCall call) {
    return new Ingested.Entry(
        source, call.messageId(), call.who().subject(), call.json(), request.receivedAt());
  }

  private void look(RoutingContext context, Look look) {
    switch (look) {
      case Look.Unreadable(Problem problem) -> malformed(context, List.of(problem));
      case Look.Strange(Unknown(String reason, String sentence)) ->
          refuse(context, 401, reason, sentence);
      case Look.Read read -> take(context, read);
    }
  }

  private void take(RoutingContext context, Look.Read read) {
    boolean strict = "1".equals(context.request().getHeader("X-Strict-Mode"));
    if (!read.reading().problems().isEmpty()) {
      tell(read.source(), strict, read.reading().problems());
      if (strict) {
        malformed(context, read.reading().problems());
        return;
      }
    }
    ingested
        .add(read.entries())
        .timeout(STORE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .onComplete(
            fresh -> taken(context, read.source(), read.reading(), fresh),
            failure -> {
              LOG.atWarn()
                  .addKeyValue("source", read.source())
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
        failure("the request has " + Phrases.count(problems.size(), "problem"))
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
