package io.parley.verticles;

import io.parley.engine.flow.Flow;
import io.parley.workbench.cases.CaseReader;
import io.parley.workbench.cases.CaseResult;
import io.parley.workbench.cases.CaseRun;
import io.parley.workbench.cases.CaseUpdate;
import io.parley.workbench.cases.Chat;
import io.parley.workbench.cases.Coverage;
import io.parley.workbench.cases.FlowCase;
import io.parley.workbench.cases.FlowSet;
import io.parley.workbench.cases.RunReport;
import io.parley.workbench.cases.Screen;
import io.parley.workbench.cases.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `parley flow run`: status 0 where all cases pass, 1 where one fails, 2 where one cannot be read.
@Command(
    name = "run",
    description = {
      "Play test cases with flows, and say what was not as expected.",
      "Without --case: the cases in NAME.cases.yaml beside each NAME.json."
    },
    mixinStandardHelpOptions = true)
final class FlowRunCommand implements Callable<Integer> {

  enum Format {
    text,
    json,
    junit
  }

  @ParentCommand private FlowCommand flow;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "flow files")
  private List<Path> files;

  @Option(
      names = "--case",
      paramLabel = "CASE",
      arity = "1..*",
      description = "case files (YAML or JSON), or folders of *.yaml, *.yml and *.case.json")
  private List<Path> cases = List.of();

  @Mixin private final FlowChatCommand.Beginning beginning = new FlowChatCommand.Beginning();

  @Option(names = "--format", defaultValue = "text", description = "${COMPLETION-CANDIDATES}")
  private Format format;

  @Option(names = "--output", paramLabel = "FILE", description = "print there")
  private @Nullable Path output;

  @Option(
      names = "--coverage",
      paramLabel = "FILE",
      description = "write which exits were taken, for flow draw --coverage")
  private @Nullable Path coverageFile;

  @Option(
      names = "--fail-under",
      paramLabel = "PERCENT",
      defaultValue = "0",
      description = "status 1 where fewer exits of the flow files are taken")
  private double failUnder;

  @Option(
      names = "--update",
      description = "rewrite what was expected to what happened; the status stays 1")
  private boolean update;

  @Option(
      names = "--record",
      paramLabel = "CASE",
      description = "hold a conversation at the terminal and write it as a case")
  private @Nullable Path recording;

  @Override
  public Integer call() {
    try (ServiceSurroundings surroundings = beginning.surroundings()) {
      return recording != null ? hold(recording, surroundings) : run(surroundings);
    } catch (FlowSets.Unusable e) {
      flow.terminal().complain(String.valueOf(e.getMessage()));
      return ExitCode.USAGE;
    }
  }

  // ---- recording

  private int hold(Path file, ServiceSurroundings surroundings) {
    ChatSession session = new ChatSession(flow.terminal());
    Screen screen = ChatSession.screen();
    Optional<Chat> chat =
        FlowChatCommand.begin(
            flow.terminal(),
            files.getFirst(),
            beginning,
            new FlowChatCommand.Around(surroundings, screen));
    if (chat.isEmpty()) {
      return ExitCode.USAGE;
    }
    int status = session.hold(chat.get(), screen);
    if (!chat.get().hasHappened()) {
      flow.terminal().complain("nothing happened, so there is no case to write");
      return FlowTerminal.FOUND;
    }
    return status == ExitCode.OK
        ? save(session, file, chat.get().asCase(Chat.caseName(file.toString())))
        : status;
  }

  /// Who has held a conversation keeps it, even where its file cannot be written.
  private int save(ChatSession session, Path file, String text) {
    int status = session.save(file, text);
    if (status != ExitCode.OK) {
      flow.terminal().print(text);
    }
    return status;
  }

  // ---- running

  private int run(Surroundings surroundings) throws FlowSets.Unusable {
    Map<String, Path> flowFiles = new LinkedHashMap<>();
    Map<String, Flow> flows = new LinkedHashMap<>();
    for (Path file : files) {
      flowFiles.put(FlowTerminal.name(file), file);
      flows.put(FlowTerminal.name(file), FlowSets.flow(file));
    }
    List<CaseReader.Reading> readings = readings();
    boolean readable = true;
    for (CaseReader.Reading reading : readings) {
      reading.problems().forEach(it -> flow.terminal().complain(it.toString()));
      readable &= reading.problems().isEmpty();
    }
    if (!readable) {
      return ExitCode.USAGE;
    }
    Coverage coverage = new Coverage(flows);
    List<CaseResult> results = new ArrayList<>();
    int status = ExitCode.OK;
    for (CaseReader.Reading reading : readings) {
      List<CaseResult> its = new ArrayList<>();
      for (FlowCase each : reading.cases()) {
        its.add(CaseRun.run(each, flowSet(each, flowFiles), surroundings));
      }
      its.forEach(coverage::count);
      results.addAll(its);
      if (update && !its.stream().allMatch(CaseResult::passed)) {
        status = Math.max(status, update(reading, its));
      }
    }
    status =
        Math.max(status, report(new RunReport(results, List.copyOf(flows.keySet()), coverage)));
    if (coverage.percent() < failUnder) {
      flow.terminal()
          .complain(
              "%.1f %% of the exits were taken, fewer than %s %%"
                  .formatted(coverage.percent(), failUnder));
      status = Math.max(status, FlowTerminal.FOUND);
    }
    boolean passed = results.stream().allMatch(CaseResult::passed);
    return passed ? status : Math.max(status, FlowTerminal.FOUND);
  }

  private int update(CaseReader.Reading reading, List<CaseResult> its) {
    Path file = Path.of(reading.file());
    int status = flow.terminal().write(file, CaseUpdate.update(reading.text(), its));
    flow.terminal().complain("updated " + file + ": look at what has changed, and run it again");
    return status;
  }

  private int report(RunReport report) {
    String text =
        switch (format) {
          case text -> report.text();
          case json -> report.json();
          case junit -> report.junit();
        };
    int status = ExitCode.OK;
    if (coverageFile != null) {
      status = flow.terminal().write(coverageFile, report.coverageJson());
    }
    if (output != null) {
      return Math.max(status, flow.terminal().write(output, text));
    }
    flow.terminal().print(text);
    return status;
  }

  private FlowSet flowSet(FlowCase flowCase, Map<String, Path> flowFiles) throws FlowSets.Unusable {
    String at = flowCase.file() + ":" + flowCase.line() + ": ";
    Optional<String> name =
        flowCase.flow().map(it -> it.replaceFirst("\\.json$", "").replaceFirst(".*/", ""));
    if (name.isEmpty() && flowFiles.size() > 1) {
      String only =
          Path.of(flowCase.file()).getFileName().toString().replaceFirst("\\.cases\\.ya?ml$", "");
      if (!flowFiles.containsKey(only)) {
        throw new FlowSets.Unusable(
            at + "there are several flow files: say which one the case is of, by flow: NAME");
      }
      name = Optional.of(only);
    }
    Path file = flowFiles.get(name.orElseGet(() -> flowFiles.keySet().iterator().next()));
    if (file == null) {
      throw new FlowSets.Unusable(
          at
              + "is of the flow %s, which is not among the flow files: %s"
                  .formatted(name.orElse(""), String.join(", ", flowFiles.keySet())));
    }
    Map<String, Path> named = new LinkedHashMap<>();
    flowCase
        .subflows()
        .forEach((sid, other) -> named.put(sid, Path.of(flowCase.file()).resolveSibling(other)));
    return FlowSets.read(file, beginning.others(), named);
  }

  private List<CaseReader.Reading> readings() throws FlowSets.Unusable {
    List<CaseReader.Reading> readings = new ArrayList<>();
    for (Path file : cases.isEmpty() ? besides() : expanded()) {
      readings.add(CaseReader.read(file.toString(), FlowSets.text(file)));
    }
    return readings;
  }

  private List<Path> besides() throws FlowSets.Unusable {
    List<Path> found = new ArrayList<>();
    for (Path file : files) {
      for (String extension : List.of("yaml", "yml")) {
        Path beside = file.resolveSibling(FlowTerminal.name(file) + ".cases." + extension);
        if (Files.exists(beside)) {
          found.add(beside);
        }
      }
    }
    if (found.isEmpty()) {
      throw new FlowSets.Unusable(
          "no cases: name them with --case, or put them in "
              + files
                  .getFirst()
                  .resolveSibling(FlowTerminal.name(files.getFirst()) + ".cases.yaml"));
    }
    return found;
  }

  private List<Path> expanded() throws FlowSets.Unusable {
    List<Path> found = new ArrayList<>();
    for (Path each : cases) {
      if (!Files.isDirectory(each)) {
        found.add(each);
        continue;
      }
      try (Stream<Path> inside = Files.list(each)) {
        List<Path> its =
            inside
                .filter(it -> it.toString().matches(".*(\\.ya?ml|\\.cases?\\.json)"))
                .sorted()
                .toList();
        if (its.isEmpty()) {
          throw new FlowSets.Unusable(each + " has no case files: *.yaml, *.yml or *.case.json");
        }
        found.addAll(its);
      } catch (IOException e) {
        throw new FlowSets.Unusable("cannot read " + each + ": " + Phrases.why(e));
      }
    }
    return found;
  }
}
