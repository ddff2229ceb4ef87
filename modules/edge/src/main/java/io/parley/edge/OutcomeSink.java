package io.parley.edge;

import io.parley.engine.Effect;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Tells another system what came of conversations. Composes requests and reads answers; a courier
/// does the I/O between the two, so that a sink can be tested with values alone.
public non-sealed interface OutcomeSink extends OutcomeTaker {

  /// One request that delivers the effects, in order. What is too large for the destination is cut
  /// with a marker, never dropped in silence; an effect that cannot be delivered at all is answered
  /// in [Composed#undeliverable].
  Composed compose(List<Effect.Outgoing> effects);

  /// What a response means for each effect of the request, in the request's order.
  List<Verdict> read(Composed composed, Response response);

  /// Whether a response is about the request as a whole though only some of its effects may be to
  /// blame. The same request would get the same response; to be asked again with halves of its
  /// effects, until the one to blame stands alone and is refused.
  default boolean blamesTheWhole(Composed composed, Response response) {
    return false;
  }

  /// By what the destination is told whom an effect is about: `email`, `phone`, `external_id`.
  /// Empty where nobody could be found by it, and where the destination matches no people.
  default List<String> knownBy(Effect.Outgoing effect) {
    return List.of();
  }

  /// How many people the destination says that it has got, where it says so.
  default Optional<Receipt> receipt(Composed composed, Response response) {
    return Optional.empty();
  }

  /// What a destination says of the people in a request that it took. It matches them later.
  ///
  /// @param received how many it got
  /// @param invalid how many of them it could not read
  record Receipt(long received, long invalid) {}

  /// @param effects those that the body carries, in order
  /// @param undeliverable those that no request can carry, with the reason
  record Composed(
      String method,
      String url,
      Map<String, String> headers,
      String body,
      List<Effect.Outgoing> effects,
      Map<Effect.Outgoing, String> undeliverable) {

    public Composed {
      headers = Map.copyOf(headers);
      effects = List.copyOf(effects);
      undeliverable = Map.copyOf(undeliverable);
    }
  }

  /// @param headers by lower-case name
  record Response(int status, Map<String, String> headers, String body) {

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    public Response {
      headers = Map.copyOf(headers);
    }

    /// Whether the destination took the request, or a part of it.
    public boolean isTaken() {
      return status >= 200 && status < 300;
    }

    /// What `Retry-After` asks for, where it does so in seconds.
    public Optional<Duration> retryAfter() {
      String value = headers.getOrDefault("retry-after", "").strip();
      return SECONDS.matcher(value).matches()
          ? Optional.of(Duration.ofSeconds(Long.parseLong(value)))
          : Optional.empty();
    }
  }

  /// What became of one report.
  sealed interface Verdict {

    /// The same for each of so many.
    static List<Verdict> forAll(int count, Verdict verdict) {
      return Collections.nCopies(count, verdict);
    }

    record Delivered() implements Verdict {}

    /// Try again: repeats are safe, since ids are deterministic.
    record Retry(String why, Optional<Duration> after) implements Verdict {

      /// As soon as the courier sees fit.
      public Retry(String why) {
        this(why, Optional.empty());
      }
    }

    /// Never will be taken as it stands: a dead letter.
    record Refused(String why) implements Verdict {}
  }
}
