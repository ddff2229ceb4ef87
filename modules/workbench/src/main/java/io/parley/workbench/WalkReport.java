package io.parley.workbench;

import io.parley.codec.CanonicalJson;
import io.parley.workbench.Walked.TakenExit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What came of walks, as people and programs read it.
public final class WalkReport {

  private WalkReport() {}

  /// Four lines a flow, and one for each exit that was never taken and each error of the engine.
  public static String text(List<Walked> walks) {
    return walks.stream().map(WalkReport::text).collect(Collectors.joining());
  }

  private static String text(Walked walked) {
    StringBuilder out = new StringBuilder();
    int covered = walked.exits().size() - walked.missed().size();
    out.append(
        "%s: %d conversations, seed %d\n".formatted(walked.flow(), walked.runs(), walked.seed()));
    out.append(
        "  %d events, %d steps, %d events refused\n"
            .formatted(walked.events(), walked.hops(), walked.refusals()));
    out.append("  ends: %s\n".formatted(ends(walked)));
    out.append("  exits: %d of %d taken\n".formatted(covered, walked.exits().size()));
    for (TakenExit exit : walked.missed()) {
      out.append(
          "    never: %s %s%s\n"
              .formatted(
                  exit.widget(), exit.event(), exit.next().isEmpty() ? "" : " -> " + exit.next()));
    }
    for (Walked.Crash crash : walked.crashes()) {
      out.append(
          "  ERROR in conversation %d: %s\n    at %s\n"
              .formatted(crash.run(), crash.error(), crash.event()));
    }
    return out.toString();
  }

  private static String ends(Walked walked) {
    return walked.ends().entrySet().stream()
        .map(end -> end.getKey() + " " + end.getValue())
        .collect(Collectors.joining(", "));
  }

  public static String json(List<Walked> walks) {
    return CanonicalJson.printInOrder(walks.stream().map(WalkReport::object).toList());
  }

  private static Map<String, Object> object(Walked walked) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("flow", walked.flow());
    object.put("runs", walked.runs());
    object.put("seed", walked.seed());
    object.put("events", walked.events());
    object.put("steps", walked.hops());
    object.put("refusals", walked.refusals());
    object.put("ends", walked.ends());
    object.put("exits", walked.exits().stream().map(WalkReport::object).toList());
    object.put("errors", walked.crashes().stream().map(WalkReport::object).toList());
    return object;
  }

  private static Map<String, Object> object(TakenExit exit) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("widget", exit.widget());
    object.put("event", exit.event());
    object.put("next", exit.next());
    object.put("count", exit.count());
    return object;
  }

  private static Map<String, Object> object(Walked.Crash crash) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("run", crash.run());
    object.put("event", crash.event());
    object.put("error", crash.error());
    return object;
  }
}
