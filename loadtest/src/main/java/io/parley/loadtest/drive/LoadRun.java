package io.parley.loadtest.drive;

import io.parley.loadtest.faults.FaultSchedule;
import io.parley.loadtest.faults.Stricken;
import io.parley.loadtest.measure.FaultWindow;
import io.parley.loadtest.measure.Kept;
import io.parley.loadtest.measure.Machine;
import io.parley.loadtest.measure.Measuring;
import io.parley.loadtest.measure.Measuring.Measured;
import io.parley.loadtest.measure.Recorder;
import io.parley.loadtest.measure.RunResult;
import io.parley.loadtest.measure.Validity;
import io.parley.loadtest.measure.Versions;
import io.parley.loadtest.oracle.Evidence;
import io.parley.loadtest.oracle.Judgement;
import io.parley.loadtest.oracle.Ledgers;
import io.parley.loadtest.oracle.Oracle;
import io.parley.loadtest.profile.Arrivals;
import io.parley.loadtest.profile.Customers;
import io.parley.loadtest.profile.Profile;
import io.parley.loadtest.profile.Target;
import io.parley.loadtest.report.Progress;
import io.parley.loadtest.report.RunFolder;
import io.parley.loadtest.report.Summary;
import io.parley.loadtest.report.Threshold;
import io.parley.loadtest.twilio.SentMessage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// A run, from the profile to what came of it. It ends by itself, at the latest when the profile's
/// limit says so, and closes whatever it has started.
public final class LoadRun {

  /// How late the harness may be where the profile says nothing.
  private static final Duration LAG = Duration.ofMillis(50);

  private static final String LAG_THRESHOLD = "generator_lag p99";

  /// How much of all that was to leave must have left.
  private static final double LEAST_LEFT = 0.99;

  /// What ends even a run that cannot end itself, beyond its limit.
  private static final Duration BEYOND_LIMIT = Duration.ofSeconds(90);

  /// The numbers of runs against the same database are apart, most likely.
  private static final int NUMBERS_APART = 40_000_000;

  private final Profile profile;
  private final Path folder;
  private final PrintStream out;
  private final long begun = System.nanoTime();

  private LoadRun(Profile profile, Path folder, PrintStream out) {
    this.profile = profile;
    this.folder = folder;
    this.out = out;
  }

  /// Runs it, writes the report and says on the way what is done.
  ///
  /// @param folder where all that is kept of it goes; made where it is missing
  public static RunResult run(Profile profile, Path folder, PrintStream out)
      throws IOException, InterruptedException, SQLException, TimeoutException {
    LoadRun run = new LoadRun(profile, folder, out);
    Thread end = Thread.ofPlatform().name("run-end").daemon().start(run::endInAnyCase);
    try (Ground ground = run.opened()) {
      Agenda agenda = Agenda.open();
      Wire wire =
          ground.closesFirst(
              new Wire(ground.parley(), ground.bearer(), profile.limits().connections(), agenda));
      return run.on(ground, wire, ground.closesFirst(agenda));
    } finally {
      end.interrupt();
    }
  }

  private void endInAnyCase() {
    try {
      TimeUnit.NANOSECONDS.sleep(profile.limits().run().plus(BEYOND_LIMIT).toNanos());
      System.err.println("the run did not end by its limit, " + profile.limits().run());
      System.exit(3);
    } catch (InterruptedException _) {
      // It has ended.
    }
  }

  private Ground opened() throws IOException, InterruptedException, SQLException, TimeoutException {
    out.println(profile.name() + ": " + inWords());
    Ground ground = Ground.open(profile, folder);
    out.printf(
        Locale.ROOT,
        "Parley %s after %.1f s: %s, stand-in Twilio %s, stand-in Customer.io %s%n",
        profile.target() instanceof Target.Embedded ? "is ready" : "was there",
        (System.nanoTime() - begun) / 1e9,
        ground.parley(),
        ground.twilio().baseUrl(),
        ground.customerIo().baseUrl());
    return ground;
  }

  private String inWords() {
    Customers customers = profile.customers();
    double expected = customers.arrivals().stream().mapToDouble(Arrivals::expected).sum();
    return String.format(
        Locale.ROOT,
        "some %,.0f customers in %s, %s, seed %d",
        expected,
        words(lasts(customers.arrivals())),
        profile
            .agents()
            .map(it -> it.count() == 1 ? "one agent" : it.count() + " agents")
            .orElse("no agents"),
        profile.seed());
  }

  private static String words(Duration time) {
    return time.toSeconds() < 120 ? time.toSeconds() + " s" : time.toMinutes() + " min";
  }

  private static Duration lasts(List<Arrivals> arrivals) {
    return arrivals.stream().map(Arrivals::lasts).reduce(Duration.ZERO, Duration::plus);
  }

  private RunResult on(Ground ground, Wire wire, Agenda agenda)
      throws IOException, InterruptedException, SQLException {
    Recorder recorder = new Recorder();
    Crowd crowd = new Crowd(ground.scene(), numbers(), profile, wire, agenda);
    Stricken stricken =
        new Stricken(
            ground.twilio(),
            ground.customerIo(),
            ground.stage(),
            ground.postgres(),
            crowd::triggersTwice);
    try (FaultSchedule faults = FaultSchedule.of(profile.plan(), stricken, profile.seed())) {
      Optional<Staff> staff = staff(ground, crowd, recorder);
      try {
        warmUp(crowd);
        Measuring measuring =
            Measuring.start(
                recorder,
                ground.watched(),
                folder,
                new Progress(
                    out,
                    Progress.Look.ofStandardOutput(),
                    lasts(profile.customers().arrivals()),
                    faults::inForce));
        faults.begin();
        List<String> doubts = new ArrayList<>();
        come(crowd, recorder).ifPresent(doubts::add);
        faults.end(left());
        Optional<String> moves = new Rest(ground, crowd, staff, whose(crowd)).await(restFor());
        Measured measured = measuring.stop();
        moves.ifPresent(it -> out.println("All did not come to rest in time: " + it));
        return judged(ground, crowd, wire, measured, doubts, faults.windows());
      } finally {
        staff.ifPresent(Staff::close);
      }
    }
  }

  private Numbers numbers() {
    return switch (profile.target()) {
      case Target.Embedded _ -> new Numbers("0", 0);
      case Target.Running _ -> {
        long now = System.currentTimeMillis();
        yield new Numbers(
            Long.toString(now / 1000, Character.MAX_RADIX),
            new SplittableRandom(now).nextInt(NUMBERS_APART));
      }
    };
  }

  private Optional<Staff> staff(Ground ground, Crowd crowd, Recorder recorder)
      throws IOException, InterruptedException {
    if (profile.agents().isEmpty()) {
      return Optional.empty();
    }
    Staff staff = Staff.come(profile.agents().get(), ground, crowd, recorder, profile.seed() + 1);
    out.printf("%d at the desk%n", staff.count());
    return Optional.of(staff);
  }

  /// Customers of whom no time is kept: code that runs for the first time is slow.
  private void warmUp(Crowd crowd) throws InterruptedException {
    List<Arrivals> warmUp = profile.customers().warmUp();
    if (!warmUp.isEmpty()) {
      out.printf("Warming up for %s%n", words(lasts(warmUp)));
      come(crowd, new Recorder(), warmUp, profile.seed() + 2);
    }
  }

  /// @return why not all have come, where not all have
  private Optional<String> come(Crowd crowd, Recorder recorder) throws InterruptedException {
    boolean all = come(crowd, recorder, profile.customers().arrivals(), profile.seed() + 3);
    return all
        ? Optional.empty()
        : Optional.of("not all customers had come when the run's time was over");
  }

  private boolean come(Crowd crowd, Recorder recorder, List<Arrivals> arrivals, long seed)
      throws InterruptedException {
    CountDownLatch come = new CountDownLatch(1);
    Timetable timetable =
        new Timetable(arrivals, profile.customers().spacing(), new SplittableRandom(seed));
    crowd.come(timetable, recorder, come::countDown);
    return come.await(left().toMillis(), TimeUnit.MILLISECONDS);
  }

  /// How much of the run's time is left.
  private Duration left() {
    Duration left = profile.limits().run().minusNanos(System.nanoTime() - begun);
    return left.isNegative() ? Duration.ZERO : left;
  }

  private Duration restFor() {
    Duration rest = profile.limits().rest();
    return rest.compareTo(left()) < 0 ? rest : left();
  }

  // ---- what came of it

  private RunResult judged(
      Ground ground,
      Crowd crowd,
      Wire wire,
      Measured measured,
      List<String> doubts,
      List<FaultWindow> faults)
      throws IOException, SQLException {
    out.println("Judging what was left behind ...");
    Judgement judgement;
    try (Connection connection = ground.connect()) {
      judgement = Oracle.judge(evidence(connection, ground, crowd), ground.rules());
    }
    RunResult result =
        new RunResult(
            profile.name(),
            profile.text(),
            profile.seed(),
            measured.began(),
            measured.lasted(),
            validity(profile, new Left(wire.left(), wire.held()), measured, doubts),
            measured.stretches(),
            measured.series(),
            faults,
            Kept.of(judgement),
            List.of(),
            Machine.here(),
            Versions.of(ground::connect));
    result = result.withThresholds(Threshold.judge(profile.thresholds(), result));
    Path page = RunFolder.write(result, folder);
    out.println();
    out.print(Summary.of(result));
    out.println();
    out.println("Report: " + page);
    return result;
  }

  /// What became of the requests that were to leave.
  ///
  /// @param left how many did
  /// @param held how many found every connection in use
  record Left(long left, long held) {}

  /// Whether the figures say anything of Parley: not where the harness was the limit.
  static Validity validity(Profile profile, Left left, Measured measured, List<String> doubts) {
    List<String> all = new ArrayList<>(doubts);
    Duration lag =
        Optional.ofNullable(profile.thresholds().get(LAG_THRESHOLD))
            .flatMap(Threshold::length)
            .orElse(LAG);
    all.addAll(Validity.of(measured, lag).doubts());
    if (left.held > 0) {
      all.add(
          "%d requests found all %d connections in use: raise limits.connections, or let fewer come"
              .formatted(left.held, profile.limits().connections()));
    }
    long offered = measured.series().offered();
    if (left.left < offered * LEAST_LEFT) {
      all.add(
          "the harness let %d of %d customers come: let fewer come, or give it a larger machine"
              .formatted(left.left, offered));
    }
    return new Validity(all);
  }

  /// In a database of somebody else's there are others, of whom nothing is known.
  private Predicate<String> whose(Crowd crowd) {
    return switch (profile.target()) {
      case Target.Embedded _ -> _ -> true;
      case Target.Running _ -> crowd::isOfRun;
    };
  }

  private Evidence evidence(Connection database, Ground ground, Crowd crowd) throws SQLException {
    return switch (profile.target()) {
      case Target.Embedded _ -> Evidence.open(database, () -> ground.ledgers(crowd.told()));
      case Target.Running _ ->
          Evidence.open(database, whose(crowd), () -> ours(ground.ledgers(crowd.told()), crowd));
    };
  }

  private static Ledgers ours(Ledgers all, Crowd crowd) {
    List<SentMessage> messages =
        all.twilio().messages().stream().filter(it -> crowd.isOfRun(it.to())).toList();
    Set<String> sids = messages.stream().map(SentMessage::sid).collect(Collectors.toSet());
    return new Ledgers(
        new Ledgers.Twilio(
            messages,
            List.of(),
            all.twilio().callbacks().stream()
                .filter(it -> sids.contains(it.messageSid()))
                .toList()),
        new Ledgers.CustomerIo(
            all.customerIo().outcomes().stream().filter(it -> crowd.isOfRun(it.person())).toList(),
            all.customerIo().profiles(),
            all.customerIo().optedOut()),
        all.asked(),
        all.told());
  }
}
