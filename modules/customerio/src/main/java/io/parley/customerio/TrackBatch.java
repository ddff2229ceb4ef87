package io.parley.customerio;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.parley.edge.Cut;
import io.parley.edge.JsonBatch;
import io.parley.edge.OutcomeSink;
import io.parley.engine.Effect;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Tells Customer.io what came of conversations, by `POST /api/v2/batch` of its Track API.
///
/// Repeats are safe: an event's [Ulid] is the same in every attempt, and attributes carry the time
/// at which they were true. An answer about the request as a whole (400, 413) leaves more than one
/// effect to be retried; the courier then asks again with halves of the effects, see
/// [#blamesTheWhole], until the guilty one stands alone and is refused.
public final class TrackBatch implements OutcomeSink {

  public static final String DESTINATION = "customerio";

  /// The specification says 500kb, and either unit may be meant; this is smaller than both.
  static final int MAX_BODY_BYTES = 499_999;

  /// Bounds what one bad answer puts in doubt. Customer.io itself only limits the bytes.
  private static final int MAX_EFFECTS = 500;

  private static final JsonBatch BATCH =
      new JsonBatch("{\"batch\":[", "]}", MAX_BODY_BYTES, MAX_EFFECTS);

  private static final int MAX_QUOTED_BYTES = 300;
  private static final JsonMapper MAPPER = new JsonMapper();

  private final String url;
  private final TrackKey key;

  public TrackBatch(Region region, TrackKey key) {
    this(URI.create(region.trackUrl()), key);
  }

  /// @param base where the Track API stands: `https://track.customer.io`
  public TrackBatch(URI base, TrackKey key) {
    this.url = base.toString().replaceAll("/+$", "") + "/api/v2/batch";
    this.key = key;
  }

  @Override
  public String destination() {
    return DESTINATION;
  }

  @Override
  public int maxBatchSize() {
    return MAX_EFFECTS;
  }

  /// Customer.io keeps an older event, and starts no campaign by it.
  @Override
  public Optional<Duration> freshFor() {
    return Optional.of(Duration.ofDays(3));
  }

  @Override
  public Composed compose(List<Effect.Outgoing> effects) {
    JsonBatch.Packed packed = BATCH.pack(effects, TrackItem::of);
    return new Composed(
        "POST", url, key.headers(), packed.body(), packed.effects(), packed.undeliverable());
  }

  @Override
  public List<Verdict> read(Composed composed, Response response) {
    int count = composed.effects().size();
    return switch (response.status()) {
      case 207 -> multiStatus(count, errors(response.body()));
      case 400 -> badRequest(count, errors(response.body()), response);
      case 413 -> whole(count, "Customer.io: the request is too large (413)");
      case 401, 403 ->
          Verdict.forAll(
              count,
              new Verdict.Retry(
                  "Customer.io refuses our credentials (%d): compare site id, API key and region"
                      .formatted(response.status())));
      case 429 ->
          Verdict.forAll(
              count,
              new Verdict.Retry(
                  "Customer.io asks for fewer requests (429)", response.retryAfter()));
      default ->
          response.isTaken()
              ? Verdict.forAll(count, new Verdict.Delivered())
              : Verdict.forAll(
                  count, new Verdict.Retry("Customer.io answered " + response.status()));
    };
  }

  @Override
  public boolean blamesTheWhole(Composed composed, Response response) {
    int count = composed.effects().size();
    return count > 1
        && switch (response.status()) {
          case 400 -> !errors(response.body()).namesAny(count);
          case 413 -> true;
          default -> false;
        };
  }

  /// Those named are refused, all others were taken. An error that names none of ours leaves open
  /// which was taken, so the rest goes again.
  private static List<Verdict> multiStatus(int count, Errors errors) {
    Verdict others =
        errors.allNamed(count)
            ? new Verdict.Delivered()
            : new Verdict.Retry("Customer.io refused a part (207) without saying which");
    return named(count, errors, others);
  }

  /// None was taken.
  private static List<Verdict> badRequest(int count, Errors errors, Response response) {
    if (errors.namesAny(count)) {
      return named(
          count,
          errors,
          new Verdict.Retry("Customer.io refused the request for another of its items (400)"));
    }
    String message =
        errors.unnamed().isEmpty() ? cut(response.body()) : String.join("; ", errors.unnamed());
    return whole(count, "Customer.io refused the request (400): " + message);
  }

  private static List<Verdict> whole(int count, String why) {
    return Verdict.forAll(count, count == 1 ? new Verdict.Refused(why) : new Verdict.Retry(why));
  }

  private static List<Verdict> named(int count, Errors errors, Verdict others) {
    List<Verdict> verdicts = new ArrayList<>(Verdict.forAll(count, others));
    errors
        .byIndex()
        .headMap(count)
        .forEach((index, why) -> verdicts.set(index, new Verdict.Refused(why)));
    return verdicts;
  }

  /// What an answer complains of.
  ///
  /// @param byIndex `reason field message` by the item's place in the batch
  /// @param unnamed those that name no item
  private record Errors(TreeMap<Integer, String> byIndex, List<String> unnamed) {

    boolean namesAny(int count) {
      return !byIndex.headMap(count).isEmpty();
    }

    boolean allNamed(int count) {
      return unnamed.isEmpty() && namesAny(count) && byIndex.lastKey() < count;
    }
  }

  /// Reads `{"errors": [{"batch_index": 0, "reason": "", "field": "", "message": ""}]}`; anything
  /// else has no errors.
  private static Errors errors(String body) {
    Errors errors = new Errors(new TreeMap<>(), new ArrayList<>());
    JsonNode answer;
    try {
      answer = MAPPER.readTree(body);
    } catch (JsonProcessingException _) {
      return errors;
    }
    answer
        .path("errors")
        .forEach(
            error -> {
              JsonNode index = error.path("batch_index");
              if (index.isInt() && index.intValue() >= 0) {
                errors.byIndex().merge(index.intValue(), told(error), (a, b) -> a + "; " + b);
              } else {
                errors.unnamed().add(told(error));
              }
            });
    return errors;
  }

  private static String told(JsonNode error) {
    if (!error.isObject()) {
      return cut(error.asText());
    }
    return cut(
        String.join(
            " ",
            Stream.of("reason", "field", "message")
                .map(name -> error.path(name).asText("").strip())
                .filter(text -> !text.isEmpty())
                .toList()));
  }

  private static String cut(String text) {
    return Cut.text(text, MAX_QUOTED_BYTES);
  }
}
