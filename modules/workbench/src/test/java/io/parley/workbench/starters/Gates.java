package io.parley.workbench.starters;

import io.parley.codec.CanonicalJson;
import io.parley.codec.FlowFiles;
import io.parley.engine.Json;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.FlowReading;
import io.parley.engine.flow.KnownWidget;
import io.parley.workbench.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Stands in for what the bundled flows use and the engine does not run: a gate is a random split
/// of the same two ways. Where the engine runs gates, nothing is stood in for.
final class Gates {

  private static final String GATE = "parley.gate-offer";

  private Gates() {}

  static Flow walkable(String definition) {
    Flow flow = flow(definition);
    boolean run =
        flow.widgets().values().stream()
            .noneMatch(it -> it instanceof KnownWidget known && known.type().equals(GATE));
    return run ? flow : flow(CanonicalJson.print(standIn(Json.parse(definition).orElseThrow())));
  }

  static Flow flow(String definition) {
    return switch (FlowFiles.read(definition)) {
      case FlowReading.Valid(var flow, var _) -> flow;
      case FlowReading.Invalid(var problems) ->
          throw new IllegalStateException(problems.toString());
    };
  }

  /// Whether a finding is of what the engine does not have yet, and not of the flow.
  static boolean isAhead(Finding finding) {
    return switch (finding.rule()) {
      case UNKNOWN_NAME -> finding.sentence().contains(" reads calendars");
      case UNSUPPORTED_WIDGET -> finding.sentence().contains(GATE);
      default -> false;
    };
  }

  private static Object standIn(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, entry) -> copy.put(String.valueOf(key), standIn(entry)));
        if (GATE.equals(copy.get("type"))) {
          copy.put("type", "parley.random-split");
          copy.put("properties", Map.of("branches", List.of(way("granted"), way("withheld"))));
        }
        yield copy;
      }
      case List<?> list -> {
        List<Object> copy = new ArrayList<>();
        list.forEach(item -> copy.add(standIn(item)));
        yield copy;
      }
      default -> value;
    };
  }

  private static Map<String, Object> way(String event) {
    return Map.of("event", event, "weight", 1L);
  }
}
