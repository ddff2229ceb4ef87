package io.parley.loadtest;

import io.parley.loadtest.drive.LoadRun;
import io.parley.loadtest.measure.RunResult;
import io.parley.loadtest.profile.Problem;
import io.parley.loadtest.profile.Profile;
import io.parley.loadtest.profile.ProfileFile;
import io.parley.loadtest.report.Progress;
import io.parley.loadtest.report.RunFolder;
import io.parley.loadtest.report.Summary;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `run`: a load test by a profile.
@Command(
    name = "run",
    description =
        "Plays the customers and agents of a profile, proves that every promise was kept, and"
            + " writes a report. Status: 0 all kept, 1 a threshold or a promise broken, 2 a bad"
            + " profile, 3 the harness itself was the limit.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

  private static final int BAD_PROFILE = 2;

  @Parameters(paramLabel = "PROFILE", description = "such as loadtest/profiles/short.yaml")
  private Path file = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "where the report goes (default: loadtest-NAME-TIME)")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "PLACE=VALUE",
      description = "what takes the place of what the profile says: agents.count=5")
  private List<String> sets = List.of();

  @Override
  public Integer call() throws Exception {
    return switch (ProfileFile.read(file, sets, name -> Optional.ofNullable(System.getenv(name)))) {
      case ProfileFile.Reading.Read(Profile profile) -> play(profile);
      case ProfileFile.Reading.Wrong(List<Problem> problems) -> {
        problems.forEach(problem -> System.err.println(file + ":" + problem));
        yield BAD_PROFILE;
      }
    };
  }

  private int play(Profile profile) throws Exception {
    String time =
        LocalDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
    Path folder = out.orElse(Path.of("loadtest-" + profile.name() + "-" + time));
    PrintStream console = System.out;
    console.println(profile.name() + ": starting what is to be driven");
    LoadRun run = LoadRun.open(profile, folder);
    Thread end = new Thread(run::close, "run-end");
    Runtime.getRuntime().addShutdownHook(end);
    RunResult result =
        run.play(
            folder,
            new Progress(console, Progress.Look.ofStandardOutput(), run.planned(), run::faults));
    Path page = RunFolder.write(result, folder);
    console.print(Summary.of(result));
    console.println("report  " + page);
    return result.verdict().exitStatus();
  }
}
