package io.parley.verticles;

import io.parley.engine.FlowSid;
import io.parley.engine.flow.FlowProblem;
import io.parley.engine.rules.Rule;
import io.parley.engine.rules.Rules;
import io.parley.engine.rules.Rules.Reading;
import io.parley.workbench.SidBook;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `parley rules check`: the rules by which calls about persons start flows, tried out on files.
/// Needs no database and no settings.
@Command(
    name = "rules",
    description = "Check the file of the rules by which events and traits start flows.",
    mixinStandardHelpOptions = true)
final class RulesCommand {

  private final FlowTerminal terminal;

  RulesCommand() {
    this(System.out, System.err);
  }

  RulesCommand(PrintStream out, PrintStream err) {
    this.terminal = new FlowTerminal(InputStream.nullInputStream(), out, err);
  }

  @Command(
      description = "Find what is wrong with rules. Status 1 where something is.",
      mixinStandardHelpOptions = true)
  int check(
      @Parameters(paramLabel = "FILE", arity = "1..*") List<Path> files,
      @Option(
              names = "--flows",
              paramLabel = "DIR",
              description = "folder of the flow files: each flow that a rule starts must be there")
          @Nullable Path flows) {
    return terminal.withTexts(
        files,
        texts -> {
          try {
            return check(files, texts, flows == null ? Optional.empty() : flows(flows));
          } catch (FlowSets.Unusable unusable) {
            terminal.complain(String.valueOf(unusable.getMessage()));
            return ExitCode.USAGE;
          }
        });
  }

  private int check(List<Path> files, List<String> texts, Optional<Set<String>> flows) {
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      List<FlowProblem> found =
          switch (RulesFile.read(texts.get(i))) {
            case Reading.Valid(var rules) ->
                flows.map(known -> unknown(rules, known)).orElse(List.of());
            case Reading.Invalid(var wrong) -> wrong;
          };
      problems.addAll(Phrases.lines(files.get(i), found));
    }
    return terminal.conclude(problems);
  }

  private static List<FlowProblem> unknown(Rules rules, Set<String> known) {
    List<FlowProblem> problems = new ArrayList<>();
    for (int i = 0; i < rules.rules().size(); i++) {
      Rule rule = rules.rules().get(i);
      if (!known.contains(rule.start().flow())) {
        problems.add(
            new FlowProblem(
                "#/rules/" + i + "/start/flow",
                "names %s, and no flow has this name; there are %s"
                    .formatted(
                        rule.start().flow(),
                        known.stream().filter(it -> !it.matches("FW[0-9a-f]{32}")).toList())));
      }
    }
    return problems;
  }

  /// The names and the sids of the flows in a folder.
  private static Optional<Set<String>> flows(Path folder) throws FlowSets.Unusable {
    Set<String> known = new TreeSet<>();
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(file -> file.toString().endsWith(".json"))
          .map(FlowTerminal::name)
          .forEach(
              name -> {
                known.add(name);
                known.add(FlowSid.named(name).value());
              });
    } catch (IOException e) {
      throw new FlowSets.Unusable("cannot read " + folder + ": " + Phrases.why(e));
    }
    Path sids = folder.resolve("sids.yaml");
    if (Files.exists(sids)
        && SidBook.read(FlowSets.text(sids)) instanceof SidBook.Reading.Read(var book)) {
      book.sids().forEach((name, its) -> its.values().forEach(known::add));
    }
    return Optional.of(known);
  }
}
