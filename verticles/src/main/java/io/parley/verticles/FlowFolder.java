package io.parley.verticles;

import io.parley.codec.FlowFiles;
import io.parley.engine.Digest;
import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.FlowReading;
import io.parley.store.Flows;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The folder of flow files: each `NAME.json` is published as the flow NAME when the service
/// starts. A flow whose file is gone stays as it was last published, since executions may still run
/// it.
final class FlowFolder {

  private static final Logger LOG = LoggerFactory.getLogger(FlowFolder.class);

  private final Path folder;
  private final Flows store;

  FlowFolder(Path folder, Flows store) {
    this.folder = folder;
    this.store = store;
  }

  /// Publishes the files and loads every revision that an execution may still run into the library;
  /// fails with everything that is wrong with any file.
  Future<Void> loadInto(FlowLibrary library) {
    Map<String, String> definitions = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (Path file : files()) {
      String definition = read(file);
      if (FlowFiles.read(definition) instanceof FlowReading.Invalid(var found)) {
        problems.add(file + " cannot be run:" + lines(found));
      } else {
        String name = file.getFileName().toString().replaceFirst("\\.json$", "");
        definitions.put(name, definition);
      }
    }
    if (!problems.isEmpty()) {
      return Future.failedFuture(new IllegalStateException(String.join("\n", problems)));
    }
    Future<Void> published = Future.succeededFuture();
    for (Map.Entry<String, String> each : definitions.entrySet()) {
      String hash = HexFormat.of().formatHex(Digest.sha256(each.getValue()));
      published =
          published.compose(_ -> store.publish(each.getKey(), hash, each.getValue())).mapEmpty();
    }
    return published
        .compose(_ -> store.all())
        .onSuccess(all -> all.forEach(stored -> load(stored, library)))
        .mapEmpty();
  }

  private static String lines(List<FlowProblem> problems) {
    StringBuilder lines = new StringBuilder();
    for (FlowProblem problem : problems) {
      lines.append("\n  ").append(problem.propertyPath()).append(' ').append(problem.message());
    }
    return lines.toString();
  }

  private static void load(Flows.Stored stored, FlowLibrary library) {
    switch (FlowFiles.read(stored.definition())) {
      case FlowReading.Valid(var flow, var warnings) -> {
        library.add(stored.ref(), flow);
        if (!warnings.isEmpty()) {
          LOG.atWarn()
              .addKeyValue("flow", stored.ref().name())
              .addKeyValue("revision", stored.ref().revision())
              .addKeyValue("warnings", warnings.size())
              .log("the flow runs, but perhaps not as meant: parley flow check says where");
        }
      }
      case FlowReading.Invalid(var problems) ->
          LOG.atError()
              .addKeyValue("flow", stored.ref().name())
              .addKeyValue("revision", stored.ref().revision())
              .addKeyValue("problems", problems)
              .log("a stored revision cannot be read any more");
    }
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

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("the flow file " + file + " cannot be read", e);
    }
  }
}
