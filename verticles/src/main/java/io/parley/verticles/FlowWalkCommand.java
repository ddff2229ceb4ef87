package io.parley.verticles;

import io.parley.engine.flow.Flow;
import io.parley.workbench.FlowWalk;
import io.parley.workbench.FlowWalk.Plan;
import io.parley.workbench.FlowWalk.Unsupported;
import io.parley.workbench.WalkReport;
import io.parley.workbench.Walked;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `parley flow walk`.
@Command(
    name = "walk",
    description = "Hold random conversations with flows, and say which exits they took.",
    mixinStandardHelpOptions = true)
final class FlowWalkCommand implements Callable<Integer> {

  enum Format {
    text,
    json
  }

  @ParentCommand private FlowCommand flow;

  @Parameters(paramLabel = "FILE", arity = "1..*")
  private List<Path> files;

  @Option(
      names = "--runs",
      defaultValue = "1000",
      description = "conversations with each flow (${DEFAULT-VALUE})")
  private int runs;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "the same seed gives the same conversations (${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--pass-unsupported",
      description = "go on behind widgets that Parley does not run, by any of their exits")
  private boolean pass;

  @Option(names = "--format", defaultValue = "text", description = "${COMPLETION-CANDIDATES}")
  private Format format;

  @Override
  public Integer call() {
    return flow.terminal().withFlows(files, this::walk);
  }

  private int walk(List<Flow> flows) {
    Plan plan = new Plan(runs, seed, pass ? Unsupported.PASSES : Unsupported.ENDS);
    List<Walked> walks = new ArrayList<>();
    for (int i = 0; i < flows.size(); i++) {
      walks.add(FlowWalk.walk(FlowTerminal.name(files.get(i)), flows.get(i), plan));
    }
    flow.terminal()
        .print(
            switch (format) {
              case text -> WalkReport.text(walks);
              case json -> WalkReport.json(walks);
            });
    return walks.stream().allMatch(it -> it.crashes().isEmpty()) ? ExitCode.OK : FlowTerminal.FOUND;
  }
}
