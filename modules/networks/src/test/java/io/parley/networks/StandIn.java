package io.parley.networks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.parley.edge.OutcomeSink.Composed;
import io.parley.edge.OutcomeSink.Response;
import io.parley.engine.Json;
import io.parley.engine.Values;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// A network as far as its documentation says how it behaves. It counts what it took, so that a
/// test sees what a repeat does, and can be told to be down, to be busy, or to answer and lose the
/// answer.
abstract class StandIn implements Function<Composed, Response> {

  /// What was counted, by the network's own key.
  final Map<String, Values> counted = new LinkedHashMap<>();

  private static final JsonMapper MAPPER = new JsonMapper();

  final VirtualClock clock;
  final Deque<Trouble> troubles = new ArrayDeque<>();

  StandIn(VirtualClock clock) {
    this.clock = clock;
  }

  /// What befalls a request.
  sealed interface Trouble {
    /// It gets this instead of an answer.
    record Answered(Response response) implements Trouble {}

    /// It is worked off, and the answer is lost.
    record AnswerLost() implements Trouble {}
  }

  @Override
  public final Response apply(Composed composed) {
    return switch (troubles.poll()) {
      case Trouble.Answered(Response response) -> response;
      case Trouble.AnswerLost() -> {
        answer(composed);
        yield new Response(0, Map.of(), "the connection was closed");
      }
      case null -> answer(composed);
    };
  }

  abstract Response answer(Composed composed);

  final Values counted(String key) {
    Values event = counted.get(key);
    if (event == null) {
      throw new AssertionError("not counted: " + key + ", but " + counted.keySet());
    }
    return event;
  }

  final Instant now() {
    return clock.instant();
  }

  static Response json(int status, Object body) {
    return new Response(status, Map.of("content-type", "application/json"), Json.print(body));
  }

  static Values body(Composed composed) {
    return body(composed.body());
  }

  static Values body(String json) {
    try {
      return new Values(MAPPER.readValue(json, new TypeReference<Map<String, Object>>() {}));
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON object", e);
    }
  }

  static List<Values> objects(Values parent, String key) {
    return Answer.objects(parent, key);
  }

  /// The first of the fields that a network does not know.
  static Optional<String> unknown(Values object, String... known) {
    return object.entries().keySet().stream()
        .filter(field -> !List.of(known).contains(field))
        .findFirst();
  }

  static boolean isHash(Object value) {
    return value instanceof String text && text.matches("[0-9a-f]{64}");
  }
}
