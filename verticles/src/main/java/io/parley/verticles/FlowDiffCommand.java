package io.parley.verticles;

import io.parley.codec.FlowDocument;
import io.parley.verticles.Asked.Given;
import io.parley.verticles.Asked.Refused;
import io.parley.workbench.Difference;
import io.parley.workbench.FlowDiff;
import io.parley.workbench.SidTranslation.Translated;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `parley flow diff`.
@Command(
    name = "diff",
    description = {
      "Say in words how two flow files differ, or a file and a flow in a Studio API;",
      "status 1 if they do."
    },
    footer = RemoteLogin.FOOTER,
    mixinStandardHelpOptions = true)
final class FlowDiffCommand implements Callable<Integer> {

  @ParentCommand private FlowCommand flow;

  @Mixin private final RemoteOptions options = new RemoteOptions();

  @Parameters(paramLabel = "BEFORE", index = "0")
  private Path before;

  @Parameters(paramLabel = "AFTER", index = "1", arity = "0..1")
  private Optional<Path> after = Optional.empty();

  @Option(
      names = "--with",
      paramLabel = "URL|ENV",
      description = "compare the one file with a flow there: what importing it would change")
  private Optional<String> with = Optional.empty();

  @Option(
      names = "--flow",
      paramLabel = "SID|NAME",
      description = "the flow there, if it is not called as the file is")
  private Optional<String> named = Optional.empty();

  @Option(
      names = "--revision",
      defaultValue = "LatestPublished",
      description = "a number, LatestPublished or LatestRevision (${DEFAULT-VALUE})")
  private String revision;

  @Override
  public Integer call() {
    FlowTerminal terminal = flow.terminal();
    if (after.isPresent() == with.isPresent()) {
      terminal.complain("compare with another file, or with a flow by --with: one of both");
      return ExitCode.USAGE;
    }
    if (after.isPresent()) {
      return terminal.withDocuments(
          List.of(before, after.get()), both -> print(both.getFirst(), both.getLast()));
    }
    return options
        .environment(with.orElseThrow(), flow)
        .map(it -> terminal.withDocuments(List.of(before), files -> compare(it, files.getFirst())))
        .orElse(ExitCode.USAGE);
  }

  private int compare(RemoteEnvironment environment, FlowDocument file) {
    try (environment) {
      Translated here = environment.outgoing(file, environment.book());
      if (!here.problems().isEmpty() && !options.allowUnmapped()) {
        flow.terminal().complain(before, file.lines(), here.problems());
        return FlowTerminal.FOUND;
      }
      String name = named.orElse(FlowTerminal.name(before));
      return switch (environment
          .findOne(name)
          .then(sid -> environment.client().revision(sid, revision))) {
        case Given<RemoteFlow>(var there) -> print(there.definition(), here.document());
        case Refused<RemoteFlow>(var refusal) -> flow.terminal().refuse(refusal);
      };
    }
  }

  private int print(FlowDocument old, FlowDocument now) {
    List<Difference> differences = FlowDiff.between(old, now);
    differences.forEach(it -> flow.terminal().print(it + "\n"));
    return differences.isEmpty() ? ExitCode.OK : FlowTerminal.FOUND;
  }
}
