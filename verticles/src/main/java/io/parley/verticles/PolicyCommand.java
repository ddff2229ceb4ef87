package io.parley.verticles;

import io.parley.engine.policy.Policy.Reading;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `parley policy check`: the brand's rules, tried out on files. Needs no database and no settings.
@Command(
    name = "policy",
    description = "Check the file of the brand's rules.",
    mixinStandardHelpOptions = true)
final class PolicyCommand {

  private final FlowTerminal terminal;

  PolicyCommand() {
    this(System.out, System.err);
  }

  PolicyCommand(PrintStream out, PrintStream err) {
    this.terminal = new FlowTerminal(InputStream.nullInputStream(), out, err);
  }

  @Command(
      description = "Find what is wrong with a policy. Status 1 where something is.",
      mixinStandardHelpOptions = true)
  int check(@Parameters(paramLabel = "FILE", arity = "1..*") List<Path> files) {
    return terminal.withTexts(files, texts -> check(files, texts));
  }

  private int check(List<Path> files, List<String> texts) {
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      if (PolicyFile.read(texts.get(i)) instanceof Reading.Invalid(var found)) {
        problems.addAll(Phrases.lines(files.get(i), found));
      }
    }
    return terminal.conclude(problems);
  }
}
