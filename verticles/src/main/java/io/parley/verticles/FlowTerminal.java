package io.parley.verticles;

import io.parley.codec.FlowDocument;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.FlowReading;
import io.parley.workbench.CheckedFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.ExitCode;

/// Where the commands for flow files print, and how they read the files they are given. What is
/// printed is UTF-8 whatever the terminal's locale, as files of it are made.
record FlowTerminal(InputStream in, PrintStream out, PrintStream err) {

  /// Status: something is wrong with what was looked at, as opposed to how it was asked for.
  static final int FOUND = 1;

  /// @param text as it is: nothing is added to its end
  void print(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /// A line about what went wrong.
  void complain(String line) {
    err.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
    err.flush();
  }

  /// The name of the flow in a file: `cart` of `flows/cart.json`.
  static String name(Path file) {
    return file.getFileName().toString().replaceFirst("\\.json$", "");
  }

  /// Prints what is wrong with files, and how much that is; answers the command's exit status.
  int conclude(List<String> problems) {
    problems.forEach(problem -> print(problem + "\n"));
    print(Phrases.count(problems.size(), "problem") + "\n");
    return problems.isEmpty() ? ExitCode.OK : FOUND;
  }

  /// Says why a question to a Studio API has no answer, with each problem of a definition by line.
  ///
  /// @param file whose definition it was
  int refuse(Asked.Refusal refusal, Path file, Map<String, Integer> lines) {
    complain(refusal.sentence());
    complain(file, lines, refusal.problems());
    complain("    " + refusal.remedy());
    return FOUND;
  }

  int refuse(Asked.Refusal refusal) {
    return refuse(refusal, Path.of(""), Map.of());
  }

  /// A line for each problem of a flow file: `cart.json:12: #/states/3/name is missing`.
  void complain(Path file, Map<String, Integer> lines, List<FlowProblem> problems) {
    CheckedFile places = new CheckedFile(file.toString(), List.of(), lines);
    for (FlowProblem problem : problems) {
      complain(
          "%s:%d: %s %s"
              .formatted(
                  file,
                  places.line(problem.propertyPath()),
                  problem.propertyPath(),
                  problem.message()));
    }
  }

  int withTexts(List<Path> files, Function<List<String>, Integer> use) {
    List<String> texts = new ArrayList<>();
    for (Path file : files) {
      try {
        texts.add(Files.readString(file));
      } catch (IOException e) {
        complain("cannot read " + file + ": " + Phrases.why(e));
        return ExitCode.USAGE;
      }
    }
    return use.apply(texts);
  }

  int withDocuments(List<Path> files, Function<List<FlowDocument>, Integer> use) {
    return withTexts(
        files,
        texts -> {
          List<FlowDocument> documents = new ArrayList<>();
          for (int i = 0; i < texts.size(); i++) {
            switch (FlowDocument.parse(texts.get(i))) {
              case FlowDocument.Parsing.Parsed(var document) -> documents.add(document);
              case FlowDocument.Parsing.Unreadable(var problem) -> {
                complain(files.get(i) + " " + problem.message());
                return FOUND;
              }
            }
          }
          return use.apply(documents);
        });
  }

  int withFlows(List<Path> files, Function<List<Flow>, Integer> use) {
    return withDocuments(
        files,
        documents -> {
          List<Flow> flows = new ArrayList<>();
          for (int i = 0; i < documents.size(); i++) {
            switch (documents.get(i).reading()) {
              case FlowReading.Valid(var flow, var _) -> flows.add(flow);
              case FlowReading.Invalid(var problems) -> {
                Phrases.lines(files.get(i), problems).forEach(this::complain);
                return FOUND;
              }
            }
          }
          return use.apply(flows);
        });
  }

  /// Writes a text into a file, or says why it cannot.
  int write(Path file, String text) {
    try {
      Files.writeString(file, text);
      return ExitCode.OK;
    } catch (IOException e) {
      complain("cannot write " + file + ": " + Phrases.why(e));
      return ExitCode.USAGE;
    }
  }
}
