package io.parley.customerio;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.parley.edge.Cut;
import io.parley.edge.JsonBatch;
import io.parley.edge.OutcomeSink;
import io.parley.engine.Effect;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Tells Segment what came of conversations, by `POST /v1/batch` of its tracking API.
///
/// Repeats are safe: Segment drops a message whose id it has seen within a day at least. It answers
/// 400 only where a batch is too large or no JSON, and says not which call is to blame; the courier
/// then asks again with halves, see [#blamesTheWhole].
public final class SegmentBatch implements OutcomeSink {

  /// Segment says 500 KB, and either unit may be meant; this is smaller than both.
  static final int MAX_BODY_BYTES = 499_999;

  /// Segment takes 2,500; more than this rarely fit the bytes.
  static final int MAX_CALLS = 1_000;

  private static final int MAX_QUOTED_BYTES = 300;
  private static final JsonMapper MAPPER = new JsonMapper();

  private final String destination;
  private final String url;
  private final String writeKey;
  private final Function<Effect.Outgoing, JsonBatch.Item> itemOf;
  private final InstantSource clock;

  /// Which source of a workspace calls are for, and whose they are.
  record Source(String destination, URI base, String writeKey) {}

  /// @param destination the name of its outbox rows
  /// @param base where the tracking API stands: `https://api.segment.io`
  /// @param clock tells when a request leaves, by which Segment sets clocks right
  public SegmentBatch(String destination, URI base, String writeKey, InstantSource clock) {
    this(new Source(destination, base, writeKey), SegmentItem::of, clock);
  }

  /// @param itemOf the call that tells of an effect
  SegmentBatch(
      Source source, Function<Effect.Outgoing, JsonBatch.Item> itemOf, InstantSource clock) {
    if (source.writeKey().isBlank() || source.writeKey().contains(":")) {
      throw new IllegalArgumentException("Segment needs a write key, without a colon");
    }
    this.destination = source.destination();
    this.url = source.base().toString().replaceAll("/+$", "") + "/v1/batch";
    this.writeKey = source.writeKey();
    this.itemOf = itemOf;
    this.clock = clock;
  }

  @Override
  public String destination() {
    return destination;
  }

  @Override
  public int maxBatchSize() {
    return MAX_CALLS;
  }

  @Override
  public Composed compose(List<Effect.Outgoing> effects) {
    JsonBatch.Packed packed =
        new JsonBatch(
                "{\"sentAt\":\"%s\",\"context\":{\"library\":{\"name\":\"Parley\"}},\"batch\":["
                    .formatted(clock.instant().truncatedTo(ChronoUnit.MILLIS)),
                "]}",
                MAX_BODY_BYTES,
                MAX_CALLS)
            .pack(effects, itemOf);
    return new Composed(
        "POST", url, headers(), packed.body(), packed.effects(), packed.undeliverable());
  }

  /// Basic, the write key being the user, with an empty password.
  private Map<String, String> headers() {
    byte[] pair = (writeKey + ":").getBytes(StandardCharsets.UTF_8);
    return Map.of(
        "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair),
        "Content-Type", "application/json; charset=utf-8",
        "User-Agent", "Parley");
  }

  @Override
  public List<Verdict> read(Composed composed, Response response) {
    int count = composed.effects().size();
    return Verdict.forAll(
        count,
        switch (response.status()) {
          case 400, 413 -> refused(count, response);
          case 401, 403 ->
              new Verdict.Retry(
                  "Segment refuses our credentials (%d): compare write key and region"
                      .formatted(response.status()));
          case 429 ->
              new Verdict.Retry("Segment asks for fewer requests (429)", response.retryAfter());
          default ->
              response.isTaken()
                  ? new Verdict.Delivered()
                  : new Verdict.Retry("Segment answered " + response.status());
        });
  }

  @Override
  public boolean blamesTheWhole(Composed composed, Response response) {
    return composed.effects().size() > 1 && (response.status() == 400 || response.status() == 413);
  }

  private static Verdict refused(int count, Response response) {
    String why =
        "Segment refused the request (%d): %s".formatted(response.status(), told(response.body()));
    return count == 1 ? new Verdict.Refused(why) : new Verdict.Retry(why);
  }

  /// Segment's `{"success": false, "message": "malformed JSON"}`, or whatever else it said.
  private static String told(String body) {
    String message = "";
    try {
      JsonNode answer = MAPPER.readTree(body);
      message = answer.path("message").asText("");
    } catch (JsonProcessingException _) {
      // What is no JSON is told as it is.
    }
    return Cut.text(message.isBlank() ? body.strip() : message, MAX_QUOTED_BYTES);
  }
}
