package io.parley.verticles;

import io.parley.workbench.starters.Starter;
import io.parley.workbench.starters.Starters;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `parley flow new`: status 2 where nothing was written, 1 where a file is in the way.
@Command(
    name = "new",
    description = {
      "Write a flow to start from, with its test cases and a page about it.",
      "Without a name: list what there is."
    },
    mixinStandardHelpOptions = true)
final class FlowNewCommand implements Callable<Integer> {

  @ParentCommand private FlowCommand flow;

  @Parameters(paramLabel = "NAME", arity = "0..1")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description =
          "folder to write into, made where it is not there (flows; for policy the"
              + " working folder)")
  private Optional<Path> folder = Optional.empty();

  @Option(names = "--force", description = "write over files that are there")
  private boolean force;

  @Override
  public Integer call() {
    if (name.isEmpty()) {
      list(Starters.all());
      return ExitCode.OK;
    }
    Optional<Starter> starter = Starters.find(name.get());
    if (starter.isEmpty()) {
      flow.terminal().complain(Starters.unknown(name.get()));
      return ExitCode.USAGE;
    }
    return write(starter.get(), folder.orElse(Path.of(starter.get().folder())));
  }

  private void list(List<Starter> starters) {
    int width = starters.stream().mapToInt(it -> it.name().length()).max().orElse(0);
    StringBuilder out = new StringBuilder();
    for (Starter starter : starters) {
      String padding = " ".repeat(width - starter.name().length());
      out.append(starter.name()).append(padding).append("  ").append(starter.sentence());
      out.append('\n');
    }
    flow.terminal().print(out + "\nWrite one with its cases and its page: parley flow new NAME\n");
  }

  /// Writes all of its files, or none where one of them is there.
  private int write(Starter starter, Path into) {
    List<Path> there =
        starter.texts().stream().map(it -> into.resolve(it.file())).filter(Files::exists).toList();
    if (!there.isEmpty() && !force) {
      there.forEach(it -> flow.terminal().complain(it + " is there already"));
      flow.terminal().complain("    Write elsewhere by --to DIR, or over it by --force.");
      return FlowTerminal.FOUND;
    }
    try {
      Files.createDirectories(into);
    } catch (IOException e) {
      flow.terminal().complain("cannot make the folder " + into + ": " + why(e));
      return ExitCode.USAGE;
    }
    for (Starter.Text text : starter.texts()) {
      int status = flow.terminal().write(into.resolve(text.file()), text.content());
      if (status != ExitCode.OK) {
        return status;
      }
      flow.terminal().print("wrote " + into.resolve(text.file()) + "\n");
    }
    flow.terminal().print(guide(starter, into));
    return ExitCode.OK;
  }

  private static String why(IOException e) {
    return e instanceof FileAlreadyExistsException || e instanceof NotDirectoryException
        ? "there is a file of that name"
        : Phrases.why(e);
  }

  private static String guide(Starter starter, Path into) {
    StringBuilder out = new StringBuilder("\nChange first:\n");
    starter.changes().forEach(it -> out.append("  - ").append(it).append('\n'));
    out.append("\nThen:\n");
    Path file = into.resolve(starter.texts().getFirst().file());
    List<String> commands =
        starter.isFlow()
            ? List.of("flow check " + file, "flow run " + file, "flow chat " + file)
            : List.of(starter.name() + " check " + file);
    commands.forEach(it -> out.append("  parley ").append(it).append('\n'));
    return out.toString();
  }
}
