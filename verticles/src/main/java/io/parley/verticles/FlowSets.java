package io.parley.verticles;

import io.parley.codec.FlowFiles;
import io.parley.engine.FlowSid;
import io.parley.engine.Json;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.FlowReading;
import io.parley.workbench.cases.FlowSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads flow files with the flows that they run. A subflow is found by its sid: given with
/// `--flow SID=FILE`, named by a case, or in `sids.json` beside the flow file
/// (`{"FW0123...": "child.json"}`, paths from that folder).
final class FlowSets {

  /// A file that cannot be used; the message is for people.
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1;

    Unusable(String message) {
      super(message);
    }
  }

  private FlowSets() {}

  /// The flow in a file with all others that are given.
  ///
  /// @param given what stands after `--flow`: `SID=FILE`, or a file, which is known by its name's
  ///     own sid
  /// @param named files by sid, as a case names them
  static FlowSet read(Path file, List<String> given, Map<String, Path> named) throws Unusable {
    FlowSet flows = FlowSet.of(FlowTerminal.name(file), flow(file));
    Map<String, Path> others = new LinkedHashMap<>(besides(file));
    for (String each : given) {
      int equals = each.indexOf('=');
      Path other = Path.of(each.substring(equals + 1));
      String sid =
          equals < 0 ? FlowSid.named(FlowTerminal.name(other)).value() : each.substring(0, equals);
      others.put(sid, other);
    }
    others.putAll(named);
    for (Map.Entry<String, Path> other : others.entrySet()) {
      flows =
          flows.with(
              new FlowSid(other.getKey()),
              new FlowSet.Named(FlowTerminal.name(other.getValue()), flow(other.getValue())));
    }
    return flows;
  }

  static Flow flow(Path file) throws Unusable {
    return switch (FlowFiles.read(text(file))) {
      case FlowReading.Valid(var flow, var _) -> flow;
      case FlowReading.Invalid(var problems) ->
          throw new Unusable(
              String.join(
                  "\n",
                  problems.stream()
                      .map(it -> file + ": " + it.propertyPath() + " " + it.message())
                      .toList()));
    };
  }

  static String text(Path file) throws Unusable {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new Unusable("cannot read " + file + ": " + e);
    }
  }

  /// What `sids.json` beside a flow file says.
  private static Map<String, Path> besides(Path file) throws Unusable {
    Path sids = file.resolveSibling("sids.json");
    if (!Files.exists(sids)) {
      return Map.of();
    }
    Optional<Object> json = Json.parse(text(sids));
    if (!(json.orElse("") instanceof Map<?, ?> map)
        || !map.values().stream().allMatch(String.class::isInstance)) {
      throw new Unusable(
          sids + ": must be a JSON object of flow files by sid: {\"FW...\": \"child.json\"}");
    }
    Map<String, Path> files = new LinkedHashMap<>();
    map.forEach(
        (sid, name) -> files.put(String.valueOf(sid), file.resolveSibling(String.valueOf(name))));
    return files;
  }
}
