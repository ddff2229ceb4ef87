package io.parley.verticles;

import io.parley.codec.FlowDocument;
import io.parley.verticles.Asked.Given;
import io.parley.verticles.Asked.Refused;
import io.parley.workbench.SidTranslation.Translated;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `parley flow export`.
@Command(
    name = "export",
    description = {
      "Print a flow in the one form that diffs well: of a file, or of a Studio API.",
      "An export of before 2020 comes out in today's form."
    },
    footer = RemoteLogin.FOOTER,
    mixinStandardHelpOptions = true)
final class FlowExportCommand implements Callable<Integer> {

  /// `--write` without a file.
  private static final Path ITSELF = Path.of("");

  @ParentCommand private FlowCommand flow;

  @Mixin private final RemoteOptions options = new RemoteOptions();

  @Parameters(paramLabel = "FILE", arity = "0..1")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--write",
      paramLabel = "FILE",
      arity = "0..1",
      fallbackValue = "",
      description = "into a file, which is the one that is read where none is named")
  private Optional<Path> write = Optional.empty();

  @Option(
      names = "--from",
      paramLabel = "URL|ENV",
      description = "a Studio API, Twilio's (https://studio.twilio.com) or Parley's")
  private Optional<String> from = Optional.empty();

  @Option(
      names = "--flow",
      paramLabel = "SID|NAME",
      description = "the flow there; the one that is called as the file to write, if not said")
  private Optional<String> named = Optional.empty();

  @Option(
      names = "--revision",
      defaultValue = "LatestPublished",
      description = "a number, LatestPublished or LatestRevision (${DEFAULT-VALUE})")
  private String revision;

  @Override
  public Integer call() {
    Optional<Path> target = write.filter(it -> !it.equals(ITSELF));
    if (from.isPresent()) {
      return pull(from.get(), target);
    }
    // What follows --write is the file itself where no other is named: --write flows/cart.json.
    Optional<Path> source = file.or(() -> target);
    if (source.isEmpty()) {
      flow.terminal().complain("name a file, or a flow by --from and --flow");
      return ExitCode.USAGE;
    }
    Optional<Path> into = write.map(_ -> target.orElse(source.get()));
    return flow.terminal()
        .withDocuments(source.stream().toList(), files -> print(files.getFirst(), into));
  }

  private int print(FlowDocument document, Optional<Path> into) {
    String canonical = document.upgraded().canonical();
    if (into.isPresent()) {
      return flow.terminal().write(into.get(), canonical);
    }
    flow.terminal().print(canonical);
    return ExitCode.OK;
  }

  private int pull(String place, Optional<Path> into) {
    Optional<String> name = named.or(() -> into.map(FlowTerminal::name));
    if (file.isPresent() || name.isEmpty()) {
      flow.terminal()
          .complain(
              "name the flow by --flow, and the file to write by --write; a file to read has no"
                  + " place beside --from");
      return ExitCode.USAGE;
    }
    return options
        .environment(place, flow)
        .map(it -> pull(it, name.get(), into))
        .orElse(ExitCode.USAGE);
  }

  private int pull(RemoteEnvironment environment, String name, Optional<Path> into) {
    try (environment) {
      return switch (environment
          .findOne(name)
          .then(sid -> environment.client().revision(sid, revision))) {
        case Given<RemoteFlow>(var there) -> {
          Translated here = environment.incoming(there.definition());
          if (!here.problems().isEmpty() && !options.allowUnmapped()) {
            flow.terminal()
                .complain(into.orElse(Path.of(name)), here.document().lines(), here.problems());
            flow.terminal()
                .complain("    Give them names in the sids file, or pass --allow-unmapped.");
            yield FlowTerminal.FOUND;
          }
          yield print(here.document(), into);
        }
        case Refused<RemoteFlow>(var refusal) -> flow.terminal().refuse(refusal);
      };
    }
  }
}
