package io.parley.verticles;

import io.parley.codec.FlowFiles;
import io.parley.engine.Digest;
import io.parley.engine.FlowSid;
import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.FlowReading;
import io.parley.store.Flows;
import io.parley.workbench.SidBook;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The folder of flow files: each `NAME.json` is published as the flow NAME when the service
/// starts. A flow whose file is gone stays as it was last published, since executions may still run
/// it.
///
/// `sids.yaml` names the sids of flows that are known elsewhere by one (see [SidBook]). A flow that
/// it does not name has a sid that is made of its name.
final class FlowFolder {

  private static final String SIDS = "sids.yaml";
  private static final Pattern SID = Pattern.compile("FW[0-9a-fA-F]{32}");
  private static final Logger LOG = LoggerFactory.getLogger(FlowFolder.class);

  private final Path folder;
  private final List<String> problems = new ArrayList<>();
  private final Map<String, String> definitions;
  private final Map<String, FlowSid> sids;

  private FlowFolder(Path folder) {
    this.folder = folder;
    this.definitions = definitions();
    this.sids = sids();
  }

  /// Reads the files, on a thread that may wait; throws everything that is wrong with any of them.
  static FlowFolder read(Path folder) {
    FlowFolder read = new FlowFolder(folder);
    if (!read.problems.isEmpty()) {
      throw new IllegalStateException(String.join("\n", read.problems));
    }
    return read;
  }

  /// Publishes what was read.
  Future<Void> publish(Flows store, Instant at) {
    Future<Void> published = Future.succeededFuture();
    for (Map.Entry<String, String> each : definitions.entrySet()) {
      String name = each.getKey();
      FlowSid sid = sids.getOrDefault(name, FlowSid.named(name));
      String hash = HexFormat.of().formatHex(Digest.sha256(each.getValue()));
      published = published.compose(_ -> store.publishFile(sid, name, hash, each.getValue(), at));
    }
    return published;
  }

  private Map<String, String> definitions() {
    Map<String, String> definitions = new LinkedHashMap<>();
    for (Path file : files()) {
      String definition = text(file);
      if (FlowFiles.read(definition) instanceof FlowReading.Invalid(var found)) {
        problems.add(file + " cannot be run:" + lines(found));
      } else {
        String name = file.getFileName().toString().replaceFirst("\\.json$", "");
        definitions.put(name, definition);
      }
    }
    return definitions;
  }

  /// Those of the environment that the files have the sids of.
  private Map<String, FlowSid> sids() {
    Path file = folder.resolve(SIDS);
    if (!Files.exists(file)) {
      return Map.of();
    }
    return switch (SidBook.read(text(file))) {
      case SidBook.Reading.Unreadable(var found) -> {
        found.forEach(problem -> problems.add(file + " " + problem));
        yield Map.of();
      }
      case SidBook.Reading.Read(var book) -> sids(file, book);
    };
  }

  private Map<String, FlowSid> sids(Path file, SidBook book) {
    Map<String, FlowSid> sids = new LinkedHashMap<>();
    for (String name : book.sids().keySet()) {
      Optional<String> sid = book.sid(name, book.home()).filter(it -> SID.matcher(it).matches());
      if (sid.isPresent() && sids.containsValue(new FlowSid(sid.get()))) {
        problems.add("%s: %s is the sid of two flows".formatted(file, sid.get()));
      }
      sid.ifPresent(it -> sids.put(name, new FlowSid(it)));
    }
    return sids;
  }

  private static String lines(List<FlowProblem> problems) {
    StringBuilder lines = new StringBuilder();
    for (FlowProblem problem : problems) {
      lines.append("\n  ").append(problem.propertyPath()).append(' ').append(problem.message());
    }
    return lines.toString();
  }

  private List<Path> files() {
    if (!Files.isDirectory(folder)) {
      LOG.atWarn()
          .addKeyValue("folder", folder)
          .log("there is no flows folder, so there are no new flows: set PARLEY_FLOWS_DIR");
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the flow file " + file + " cannot be read: " + Phrases.why(e), e);
    }
  }
}
