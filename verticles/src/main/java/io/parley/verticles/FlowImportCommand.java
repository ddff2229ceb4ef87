package io.parley.verticles;

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

/// `parley flow import`.
@Command(
    name = "import",
    description = {
      "Create or update flows in a Studio API, Twilio's or Parley's.",
      "What changes is printed first; where nothing does, nothing is done.",
      "A flow that others run as a subflow goes before them."
    },
    footer = RemoteLogin.FOOTER,
    mixinStandardHelpOptions = true)
final class FlowImportCommand implements Callable<Integer> {

  @ParentCommand private FlowCommand flow;

  @Mixin private final RemoteOptions options = new RemoteOptions();

  @Parameters(paramLabel = "FILE", arity = "1..*")
  private List<Path> files;

  @Option(
      names = "--to",
      paramLabel = "URL|ENV",
      required = true,
      description = "a Studio API: https://studio.twilio.com, or an environment of the sids file")
  private String to;

  @Option(
      names = "--draft",
      description = "save as drafts, which only test users get (the default)")
  private boolean draft;

  @Option(names = "--publish", description = "publish them, for all")
  private boolean publish;

  @Option(names = "--message", description = "kept with each new revision")
  private Optional<String> message = Optional.empty();

  @Option(names = "--dry-run", description = "only say what would change, and whether it is valid")
  private boolean dryRun;

  @Option(
      names = "--flow",
      paramLabel = "SID|NAME",
      description = "the flow there, if it is not called as the one file is")
  private Optional<String> named = Optional.empty();

  @Override
  public Integer call() {
    FlowTerminal terminal = flow.terminal();
    if (draft && publish) {
      terminal.complain("save as drafts or publish: one of both");
      return ExitCode.USAGE;
    }
    if (named.isPresent() && files.size() > 1) {
      terminal.complain("--flow names the flow of one file, and there are " + files.size());
      return ExitCode.USAGE;
    }
    List<String> names = files.stream().map(it -> named.orElse(FlowTerminal.name(it))).toList();
    if (names.stream().distinct().count() < names.size()) {
      terminal.complain("two of the files are one flow: " + String.join(", ", names));
      return ExitCode.USAGE;
    }
    FlowPush.Wish wish = new FlowPush.Wish(publish, message, dryRun, options.allowUnmapped());
    return options
        .environment(to, flow)
        .map(
            environment -> {
              try (environment) {
                return terminal.withDocuments(
                    files,
                    documents ->
                        new FlowPush(terminal, environment, wish).push(files, names, documents));
              }
            })
        .orElse(ExitCode.USAGE);
  }
}
