package io.parley.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a run found, for people and for programs.
final class Report {

  private final Scale scale;
  private final Map<String, List<Figure>> figures = new LinkedHashMap<>();
  private final Map<String, JsonObject> machines = new LinkedHashMap<>();
  private final Map<String, String> failures = new LinkedHashMap<>();

  Report(Scale scale) {
    this.scale = scale;
  }

  /// @param machine what it did meanwhile
  void add(String measure, List<Figure> found, JsonObject machine) {
    figures.put(measure, List.copyOf(found));
    machines.put(measure, machine);
  }

  void fail(String measure, Exception why) {
    failures.put(measure, String.valueOf(why));
  }

  boolean isWhole() {
    return failures.isEmpty();
  }

  List<Figure> figures() {
    return figures.values().stream().flatMap(List::stream).toList();
  }

  /// A measure's figures, a line each.
  String text(String measure) {
    List<String> lines = new ArrayList<>();
    if (failures.containsKey(measure)) {
      return "  failed: " + failures.get(measure);
    }
    for (Figure it : figures.getOrDefault(measure, List.of())) {
      String wanted =
          it.target()
              .map(
                  target ->
                      "%s %s, aim %s: %s"
                          .formatted(
                              target.better() == Figure.Better.MORE ? "at least" : "at most",
                              number(target.atLeast()),
                              number(target.aim()),
                              it.verdict()))
              .orElse("");
      lines.add(
          "  %-34s %12s %-8s %-40s %s"
              .formatted(it.name(), number(it.value()), it.unit(), wanted, it.note())
              .stripTrailing());
    }
    JsonObject machine = machines.getOrDefault(measure, new JsonObject());
    lines.add(
        "  meanwhile: load %s, idle %s%%, iowait %s%%, steal %s%%"
            .formatted(
                machine.getString("load"),
                machine.getValue("idle_percent"),
                machine.getValue("iowait_percent"),
                machine.getValue("steal_percent")));
    return String.join("\n", lines);
  }

  private static String number(double value) {
    String format = Math.abs(value) >= 100 ? "%,.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }

  JsonObject json(JsonObject machine, Map<String, String> server) {
    JsonObject measures = new JsonObject();
    figures.forEach(
        (measure, found) -> {
          JsonArray all = new JsonArray();
          found.forEach(it -> all.add(json(it)));
          measures.put(
              measure,
              new JsonObject().put("figures", all).put("meanwhile", machines.get(measure)));
        });
    failures.forEach((measure, why) -> measures.put(measure, new JsonObject().put("failed", why)));
    JsonObject settings = new JsonObject();
    server.forEach(settings::put);
    return new JsonObject()
        .put("machine", machine)
        .put("postgres", settings)
        .put("scale", scale.factor())
        .put("rounds", scale.rounds())
        .put("round_millis", scale.round().toMillis())
        .put("measures", measures);
  }

  private static JsonObject json(Figure it) {
    JsonObject json =
        new JsonObject().put("name", it.name()).put("value", it.value()).put("unit", it.unit());
    it.target()
        .ifPresent(
            target ->
                json.put("better", target.better().name().toLowerCase(Locale.ROOT))
                    .put("at_least", target.atLeast())
                    .put("aim", target.aim())
                    .put("verdict", it.verdict()));
    return it.note().isEmpty() ? json : json.put("note", it.note());
  }
}
