package io.parley.verticles;

import io.parley.codec.FlowDocument;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `parley flow export`.
@Command(
    name = "export",
    description = {
      "Print a flow file in the one form that diffs well.",
      "An export of before 2020 comes out in today's form."
    },
    mixinStandardHelpOptions = true)
final class FlowExportCommand implements Callable<Integer> {

  @ParentCommand private FlowCommand flow;

  @Parameters(paramLabel = "FILE")
  private Path file;

  @Option(names = "--write", description = "into the file itself")
  private boolean write;

  @Override
  public Integer call() {
    return flow.terminal().withDocuments(List.of(file), files -> export(files.getFirst()));
  }

  private int export(FlowDocument document) {
    String canonical = document.upgraded().canonical();
    if (write) {
      return flow.terminal().write(file, canonical);
    }
    flow.terminal().print(canonical);
    return ExitCode.OK;
  }
}
