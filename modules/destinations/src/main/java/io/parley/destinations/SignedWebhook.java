package io.parley.destinations;

import io.parley.edge.Cut;
import io.parley.edge.JsonBatch;
import io.parley.edge.OutcomeSink;
import io.parley.edge.WebhookSignature;
import io.parley.engine.Effect;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// Tells a server of the brand's own, by signed POSTs; `DESTINATIONS.md` tells how to verify them.
/// The body is one report as [ReportJson] has it, or `{"version": 1, "events": [...]}`.
///
/// The server is believed about the reports themselves: what it refuses is refused for good. Where
/// it does not speak of them (401, 403, 408, 425, 429, 3xx, 5xx) it is asked again.
public final class SignedWebhook implements OutcomeSink {

  /// How many reports a request may carry.
  public static final int MAX_BATCH = 500;

  /// Servers commonly take bodies of 100 kB without being told to.
  static final int MAX_BODY_BYTES = 99_000;

  private static final int MAX_QUOTED_BYTES = 300;

  private final String destination;
  private final URI url;
  private final WebhookSignature signature;
  private final InstantSource clock;
  private final int maxBatchSize;
  private final JsonBatch batch;

  /// @param secrets one, or two while one takes the place of the other
  /// @param batchSize 1 to send each report by itself
  public record Receiver(URI url, List<String> secrets, int batchSize) {
    public Receiver {
      secrets = List.copyOf(secrets);
      if (batchSize < 1 || batchSize > MAX_BATCH) {
        throw new IllegalArgumentException("a batch has 1 to " + MAX_BATCH + " reports");
      }
    }

    @Override
    public String toString() {
      return "Receiver[url=" + url + ", batchSize=" + batchSize + "]";
    }
  }

  /// @param destination the name of its outbox rows
  /// @param clock tells when a request leaves
  public SignedWebhook(String destination, Receiver receiver, InstantSource clock) {
    this.destination = destination;
    this.url = receiver.url();
    this.signature = new WebhookSignature(receiver.secrets());
    this.clock = clock;
    this.maxBatchSize = receiver.batchSize();
    this.batch =
        maxBatchSize == 1
            ? new JsonBatch("", "", MAX_BODY_BYTES, 1)
            : new JsonBatch("{\"version\":1,\"events\":[", "]}", MAX_BODY_BYTES, maxBatchSize);
  }

  @Override
  public String destination() {
    return destination;
  }

  @Override
  public int maxBatchSize() {
    return maxBatchSize;
  }

  @Override
  public Composed compose(List<Effect.Outgoing> effects) {
    JsonBatch.Packed packed = batch.pack(effects, ReportJson::of);
    Map<String, String> headers =
        Map.of(
            "Content-Type",
            "application/json; charset=utf-8",
            "User-Agent",
            "Parley",
            WebhookSignature.HEADER,
            signature.of(clock.instant(), packed.body()));
    return new Composed(
        "POST", url.toString(), headers, packed.body(), packed.effects(), packed.undeliverable());
  }

  @Override
  public List<Verdict> read(Composed composed, Response response) {
    int count = composed.effects().size();
    return Verdict.forAll(
        count,
        blamesTheWhole(composed, response)
            ? new Verdict.Retry(
                "the receiver refused one of %d reports (%s)".formatted(count, told(response)))
            : verdict(response));
  }

  private static Verdict verdict(Response response) {
    int status = response.status();
    return switch (status) {
      case 401, 403 ->
          new Verdict.Retry(
              "the receiver does not believe us (%d): compare the secret and its clock"
                  .formatted(status));
      case 408, 425 -> new Verdict.Retry("the receiver answered " + status);
      case 410 -> new Verdict.Refused("the receiver is gone for good (410)");
      case 429 ->
          new Verdict.Retry("the receiver asks for fewer requests (429)", response.retryAfter());
      default -> {
        if (response.isTaken()) {
          yield new Verdict.Delivered();
        }
        yield status >= 400 && status < 500
            ? new Verdict.Refused("the receiver refused it (%s)".formatted(told(response)))
            : new Verdict.Retry("the receiver answered " + status, response.retryAfter());
      }
    };
  }

  /// A refusal names none of the reports; one that is gone refuses each of them.
  @Override
  public boolean blamesTheWhole(Composed composed, Response response) {
    return composed.effects().size() > 1
        && response.status() != 410
        && verdict(response) instanceof Verdict.Refused;
  }

  private static String told(Response response) {
    String body = response.body().strip();
    return body.isEmpty()
        ? String.valueOf(response.status())
        : response.status() + ": " + Cut.text(body, MAX_QUOTED_BYTES);
  }
}
