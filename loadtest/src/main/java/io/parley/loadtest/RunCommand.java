package io.parley.loadtest;

import io.parley.loadtest.drive.LoadRun;
import io.parley.loadtest.measure.RunResult;
import io.parley.loadtest.profile.Problem;
import io.parley.loadtest.profile.Profile;
import io.parley.loadtest.profile.ProfileFile;
import io.parley.loadtest.profile.ProfileFile.Reading;
import io.parley.loadtest.profile.Target;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `run`: a load test by its profile.
@Command(
    name = "run",
    description = {
      "Plays the customers and agents of a profile, judges what Parley made of them, and writes a"
          + " report.",
      "",
      "Ends with 0 where every promise and threshold was kept, 1 where one was broken, 2 where the"
          + " profile or the arguments are wrong, 3 where the harness itself was the limit, so that"
          + " the figures say nothing.",
      ""
    },
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

  private static final int WRONG = 2;
  private static final DateTimeFormatter AT = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  @Parameters(paramLabel = "PROFILE", description = "such as loadtest/profiles/short.yaml")
  private Path file = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "where report and figures go (default: load-NAME-TIME here)")
  private Optional<Path> folder = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "PLACE=VALUE",
      description = "in place of what the profile says, such as customers.arrivals[0].rate=50/s")
  private List<String> sets = List.of();

  @Option(names = "--check", description = "only say what is wrong with the profile")
  private boolean check;

  @Override
  public Integer call() throws Exception {
    return switch (ProfileFile.read(file, sets, name -> Optional.ofNullable(System.getenv(name)))) {
      case Reading.Wrong(List<Problem> problems) -> {
        problems.forEach(problem -> System.err.println(file + ": " + problem));
        System.err.printf(
            "%d problem%s; nothing was started%n",
            problems.size(), problems.size() == 1 ? "" : "s");
        yield WRONG;
      }
      case Reading.Read(Profile profile) -> run(profile);
    };
  }

  private int run(Profile profile) throws Exception {
    if (profile.target() instanceof Target.Embedded(Path jar, _, _) && !Files.exists(jar)) {
      System.err.printf(
          "%s: Parley is not built: there is no %s. Run mvn -q package -DskipTests, or name another"
              + " target.embedded.jar%n",
          file, jar.toAbsolutePath().normalize());
      return WRONG;
    }
    if (check) {
      System.out.println(file + ": no problems");
      return 0;
    }
    Path out =
        folder.orElseGet(
            () ->
                Path.of(
                    "load-"
                        + profile.name()
                        + "-"
                        + LocalDateTime.now(ZoneId.systemDefault()).format(AT)));
    Files.createDirectories(out);
    return status(() -> LoadRun.run(profile, out, System.out), System.err);
  }

  /// The exit status of a run.
  ///
  /// @param complaints is told in a line why a run could not be made
  static int status(Callable<RunResult> run, PrintStream complaints) throws Exception {
    try {
      return run.call().verdict().exitStatus();
    } catch (IOException | IllegalStateException | SQLException e) {
      complaints.println("the run could not be made: " + e.getMessage());
    } catch (TimeoutException _) {
      // It carries no message of its own.
      complaints.println("the run could not be made: what it stands on did not start in time");
    }
    return WRONG;
  }
}
