package io.parley.verticles;

import io.parley.codec.FlowFiles;
import io.parley.engine.FlowSid;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.FlowReading;
import io.parley.workbench.SidBook;
import io.parley.workbench.cases.FlowSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads flow files with the flows that they run. A subflow is found by its sid: given with
/// `--flow SID=FILE`, named by a case, or told by `sids.yaml` beside the flow file (see [SidBook]).
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
          throw new Unusable(String.join("\n", Phrases.lines(file, problems)));
    };
  }

  static String text(Path file) throws Unusable {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new Unusable("cannot read " + file + ": " + Phrases.why(e));
    }
  }

  /// The flows in the same folder whose sids `sids.yaml` there tells, of whichever environment.
  private static Map<String, Path> besides(Path file) throws Unusable {
    Path sids = file.resolveSibling("sids.yaml");
    if (!Files.exists(sids)) {
      return Map.of();
    }
    return switch (SidBook.read(text(sids))) {
      case SidBook.Reading.Read(var book) -> {
        Map<String, Path> files = new LinkedHashMap<>();
        book.sids()
            .forEach(
                (name, its) -> {
                  Path other = file.resolveSibling(name + ".json");
                  if (Files.exists(other)) {
                    its.values().forEach(sid -> files.put(sid, other));
                  }
                });
        yield files;
      }
      case SidBook.Reading.Unreadable(var problems) ->
          throw new Unusable(
              String.join("\n", problems.stream().map(it -> sids + " " + it).toList()));
    };
  }
}
