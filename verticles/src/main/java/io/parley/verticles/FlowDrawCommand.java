package io.parley.verticles;

import io.parley.engine.flow.Flow;
import io.parley.workbench.FlowDrawing;
import io.parley.workbench.Traffic;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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

  @Option(
      names = "--coverage",
      paramLabel = "FILE",
      description = {
        "how often each exit was taken, as flow walk --format json prints it;",
        "what never was is dotted"
      })
  private Optional<Path> coverage = Optional.empty();

  @Override
  public Integer call() {
    return flow.terminal().withFlows(List.of(file), flows -> draw(flows.getFirst()));
  }

  private int draw(Flow drawn) {
    if (coverage.isPresent()) {
      Path from = coverage.get();
      return flow.terminal().withTexts(List.of(from), texts -> draw(drawn, from, texts.getFirst()));
    }
    flow.terminal()
        .print(
            switch (format) {
              case mermaid -> FlowDrawing.mermaid(drawn);
              case svg -> FlowDrawing.svg(FlowTerminal.name(file), drawn);
            });
    return ExitCode.OK;
  }

  private int draw(Flow drawn, Path from, String text) {
    String name = FlowTerminal.name(file);
    return switch (Traffic.read(name, text)) {
      case Traffic.Reading.Unreadable(var problem) -> {
        flow.terminal().complain(from + " " + problem);
        yield ExitCode.USAGE;
      }
      case Traffic.Reading.Read(var traffic) -> {
        List<String> strangers = traffic.strangers(drawn);
        if (!strangers.isEmpty()) {
          flow.terminal()
              .complain(
                  "%s counts exits that are not in %s, and not drawn: %s"
                      .formatted(from, file, String.join(", ", strangers)));
        }
        flow.terminal()
            .print(
                switch (format) {
                  case mermaid -> FlowDrawing.mermaid(drawn, traffic);
                  case svg -> FlowDrawing.svg(name, drawn, traffic);
                });
        yield ExitCode.OK;
      }
    };
  }
}
