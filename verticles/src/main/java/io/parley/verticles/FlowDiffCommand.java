package io.parley.verticles;

import io.parley.codec.FlowDocument;
import io.parley.workbench.Difference;
import io.parley.workbench.FlowDiff;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `parley flow diff`.
@Command(
    name = "diff",
    description = "Say in words how two flow files differ; status 1 if they do.",
    mixinStandardHelpOptions = true)
final class FlowDiffCommand implements Callable<Integer> {

  @ParentCommand private FlowCommand flow;

  @Parameters(paramLabel = "BEFORE", index = "0")
  private Path before;

  @Parameters(paramLabel = "AFTER", index = "1")
  private Path after;

  @Override
  public Integer call() {
    return flow.terminal()
        .withDocuments(List.of(before, after), both -> compare(both.getFirst(), both.getLast()));
  }

  private int compare(FlowDocument old, FlowDocument now) {
    List<Difference> differences = FlowDiff.between(old, now);
    differences.forEach(it -> flow.terminal().print(it + "\n"));
    return differences.isEmpty() ? ExitCode.OK : FlowTerminal.FOUND;
  }
}
