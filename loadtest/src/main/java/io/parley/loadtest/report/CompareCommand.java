package io.parley.loadtest.report;

import io.parley.loadtest.measure.ResultJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `compare`: two runs beside each other.
@Command(
    name = "compare",
    description = "Says what is better, worse or within noise in the second of two runs.",
    mixinStandardHelpOptions = true)
public final class CompareCommand implements Callable<Integer> {

  private static final int WORSE = 1;
  private static final int WRONG = 2;

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "BEFORE",
      description = "the folder of a run, or its result.json")
  private Path before = Path.of("");

  @Parameters(index = "1", paramLabel = "AFTER", description = "the same of another run")
  private Path after = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "compare.html",
      description = "the page with both drawn over each other (default: ${DEFAULT-VALUE})")
  private Path page = Path.of("");

  @Option(names = "--fail-on-worse", description = "end with status 1 where anything is worse")
  private boolean failOnWorse;

  @Override
  public Integer call() {
    try {
      Comparison comparison = Comparison.of(ResultJson.read(before), ResultJson.read(after));
      Files.writeString(page, ComparisonPage.of(comparison));
      spec.commandLine().getOut().print(comparison.table());
      spec.commandLine().getOut().println(page);
      spec.commandLine().getOut().flush();
      return failOnWorse && comparison.hasWorse() ? WORSE : 0;
    } catch (IOException e) {
      spec.commandLine().getErr().println(e.getMessage());
      spec.commandLine().getErr().flush();
      return WRONG;
    }
  }
}
