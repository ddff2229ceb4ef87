package io.parley.edge;

import io.parley.engine.Effect;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tells another system what came of conversations. Composes requests and reads answers; a courier
/// does the I/O between the two, so that a sink can be tested with values alone.
public interface OutcomeSink {

  /// What asks [#takes] about reports of a person's attributes, which have no name of their own.
  String IDENTIFY = "identify";

  /// The name of the sink's outbox rows: `customerio`.
  String destination();

  /// Whether outcomes of this name go to the sink. No outbox row need be written for the others.
  default boolean takes(String outcome) {
    return true;
  }

  /// How many effects fit one request at most.
  int maxBatchSize();

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
    public Response {
      headers = Map.copyOf(headers);
    }
  }

  sealed interface Verdict {
    record Delivered() implements Verdict {}

    /// Try again: repeats are safe, since ids are deterministic.
    record Retry(String why, Optional<Duration> after) implements Verdict {}

    /// Never will be taken as it stands: a dead letter.
    record Refused(String why) implements Verdict {}
  }
}
