package io.parley.verticles;

import io.parley.verticles.DestinationsFile.Reading;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;

/// `parley destinations check`: who else is told what came of conversations, tried out on files.
@Command(
    name = "destinations",
    description = "Check the file of destinations.",
    mixinStandardHelpOptions = true)
final class DestinationsCommand {

  private final Map<String, String> environment;
  private final FlowTerminal terminal;

  DestinationsCommand() {
    this(System.getenv(), System.out, System.err);
  }

  DestinationsCommand(Map<String, String> environment, PrintStream out, PrintStream err) {
    this.environment = environment;
    this.terminal = new FlowTerminal(InputStream.nullInputStream(), out, err);
  }

  @Command(
      description = {
        "Find what is wrong with a file of destinations. Status 1 where something is.",
        "Says of each destination whether reports go there, by the secrets that are set here."
      },
      mixinStandardHelpOptions = true)
  int check(@Parameters(paramLabel = "FILE", arity = "1..*") List<Path> files) {
    return terminal.withTexts(files, texts -> check(files, texts));
  }

  private int check(List<Path> files, List<String> texts) {
    Map<String, String> secrets = Settings.destinationSecrets(new SettingsReader(environment));
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      DestinationsFile file = new DestinationsFile(files.get(i), true);
      switch (file.read(texts.get(i), secrets, InstantSource.system())) {
        case Reading.Valid(var destinations) ->
            destinations.forEach(
                it -> terminal.print("%s: %s, %s\n".formatted(it.name(), it.type(), it.state())));
        case Reading.Invalid(var found) -> problems.addAll(found);
      }
    }
    problems.forEach(problem -> terminal.print(problem + "\n"));
    terminal.print(problems.size() + " problems\n");
    return problems.isEmpty() ? ExitCode.OK : FlowTerminal.FOUND;
  }
}
