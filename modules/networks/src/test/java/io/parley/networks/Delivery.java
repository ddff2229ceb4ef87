package io.parley.networks;

import io.parley.edge.OutcomeSink;
import io.parley.edge.OutcomeSink.Composed;
import io.parley.edge.OutcomeSink.Response;
import io.parley.edge.OutcomeSink.Verdict;
import io.parley.engine.Effect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Works a queue off as the courier does: one request at a time, halves where a sink blames the
/// whole, a pause where it asks for one.
final class Delivery {

  private static final int MAX_REQUESTS = 1_000;

  final List<Effect.Outgoing> delivered = new ArrayList<>();
  final Map<Effect.Outgoing, String> deadLetters = new LinkedHashMap<>();
  final List<String> troubles = new ArrayList<>();
  int requests;

  private final OutcomeSink sink;
  private final VirtualClock clock;

  Delivery(OutcomeSink sink, VirtualClock clock) {
    this.sink = sink;
    this.clock = clock;
  }

  Delivery of(List<Effect.Outgoing> effects, Function<Composed, Response> network) {
    List<Effect.Outgoing> queue = new ArrayList<>(effects);
    int limit = sink.maxBatchSize();
    while (!queue.isEmpty()) {
      Composed composed = sink.compose(queue.subList(0, Math.min(limit, queue.size())));
      deadLetters.putAll(composed.undeliverable());
      queue.removeAll(composed.undeliverable().keySet());
      if (!composed.effects().isEmpty()) {
        limit = settle(composed, request(composed, network), queue);
      }
    }
    return this;
  }

  private Response request(Composed composed, Function<Composed, Response> network) {
    requests++;
    if (requests > MAX_REQUESTS) {
      throw new AssertionError("the queue is never worked off: " + troubles);
    }
    return network.apply(composed);
  }

  /// Answers with the next request's limit.
  private int settle(Composed composed, Response response, List<Effect.Outgoing> queue) {
    List<Verdict> verdicts = sink.read(composed, response);
    Duration pause = Duration.ZERO;
    boolean retried = false;
    for (int i = 0; i < verdicts.size(); i++) {
      Effect.Outgoing effect = composed.effects().get(i);
      switch (verdicts.get(i)) {
        case Verdict.Delivered() -> {
          delivered.add(effect);
          queue.remove(effect);
        }
        case Verdict.Refused(String why) -> {
          deadLetters.put(effect, why);
          queue.remove(effect);
        }
        case Verdict.Retry(String why, var after) -> {
          troubles.add(why);
          pause = after.orElse(Duration.ofSeconds(1));
          retried = true;
        }
      }
    }
    if (retried && sink.blamesTheWhole(composed, response)) {
      return Math.max(1, composed.effects().size() / 2);
    }
    clock.advance(pause);
    return sink.maxBatchSize();
  }
}
