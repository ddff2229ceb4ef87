package io.parley.verticles;

import io.parley.engine.flow.Flow;
import io.parley.workbench.FlowDrawing;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `parley flow draw`.
@Command(name = "draw", description = "Draw a flow.", mixinStandardHelpOptions = true)
final class FlowDrawCommand implements Callable<Integer> {

  enum Format {
    mermaid,
    svg
  }

  @ParentCommand private FlowCommand flow;

  @Parameters(paramLabel = "FILE")
  private Path file;

  @Option(names = "--format", defaultValue = "mermaid", description = "${COMPLETION-CANDIDATES}")
  private Format format;

  @Override
  public Integer call() {
    return flow.terminal().withFlows(List.of(file), flows -> draw(flows.getFirst()));
  }

  private int draw(Flow drawn) {
    flow.terminal()
        .print(
            switch (format) {
              case mermaid -> FlowDrawing.mermaid(drawn);
              case svg -> FlowDrawing.svg(FlowTerminal.name(file), drawn);
            });
    return ExitCode.OK;
  }
}
