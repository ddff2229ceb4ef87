package io.parley.loadtest.drive;

import io.parley.loadtest.faults.FaultSchedule;
import io.parley.loadtest.measure.Kept;
import io.parley.loadtest.measure.Machine;
import io.parley.loadtest.measure.Measuring;
import io.parley.loadtest.measure.Recorder;
import io.parley.loadtest.measure.RunResult;
import io.parley.loadtest.measure.Second;
import io.parley.loadtest.measure.Validity;
import io.parley.loadtest.measure.Versions;
import io.parley.loadtest.measure.Watched;
import io.parley.loadtest.profile.Profile;
import io.parley.loadtest.profile.Target;
import io.parley.loadtest.report.Threshold;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Plays a profile: opens the ground, has customers come and agents answer them, waits until all is
/// at rest, and judges what is left behind.
public final class LoadRun implements AutoCloseable {

  private static final Duration LOOK = Duration.ofMillis(250);

  /// Where half of what the harness does is later than this, it was the limit.
  private static final Duration LAG = Duration.ofMillis(50);

  private static final int RESTS = 4;

  private final Profile profile;
  private final Ground ground;
  private final Vertx vertx;
  private final Recorder recorder = new Recorder();
  private final Told told = new Told();
  private final Crowd crowd;
  private volatile Optional<FaultSchedule> faults = Optional.empty();

  private LoadRun(Profile profile, Ground ground) {
    this.profile = profile;
    this.ground = ground;
    this.vertx = Vertx.vertx();
    this.crowd = new Crowd(vertx, ground, profile, recorder, told);
  }

  /// Starts all that the profile's target needs, and waits until it is ready.
  ///
  /// @param folder for what the run leaves behind
  public static LoadRun open(Profile profile, Path folder)
      throws IOException, InterruptedException, SQLException, TimeoutException {
    Files.createDirectories(folder);
    return switch (profile.target()) {
      case Target.Embedded embedded -> {
        EmbeddedGround ground = EmbeddedGround.start(profile, embedded, folder.resolve("ground"));
        ground.stage().parley().awaitTagger();
        yield new LoadRun(profile, ground);
      }
      case Target.Running running -> new LoadRun(profile, RunningGround.start(profile, running));
    };
  }

  /// How long customers come.
  public Duration planned() {
    return Timetable.lasts(profile.customers());
  }

  /// The faults in force now, each in a few words.
  public List<String> faults() {
    return faults.map(FaultSchedule::inForce).orElse(List.of());
  }

  /// @param watcher hears of each second
  public RunResult play(Path folder, Consumer<Second> watcher)
      throws IOException, InterruptedException, SQLException {
    Watched watched =
        new Watched(
            Optional.of(ground.parley().resolve("/metrics")),
            Optional.of(ground::connect),
            ground::parleyPid,
            ground::postgresPid);
    SortedMap<String, String> versions = Versions.of(ground::connect);
    Optional<Staff> staff =
        profile.agents().isPresent()
            ? Optional.of(
                Staff.start(ground, profile.agents().get(), profile.seed(), crowd, recorder))
            : Optional.empty();
    Measuring measuring = Measuring.start(recorder, watched, folder, watcher);
    boolean rested;
    FaultSchedule schedule =
        FaultSchedule.start(
            profile.plan(),
            ground.twilio(),
            ground.customerIo(),
            ground.processes(),
            profile.seed());
    faults = Optional.of(schedule);
    crowd.obey(schedule);
    try {
      crowd.come();
      rested = awaitRest();
    } finally {
      staff.ifPresent(Staff::close);
      schedule.close();
    }
    Measuring.Measured measured = measuring.stop();
    List<Kept> ledger = Judging.of(ground, told);
    if (!rested) {
      recorder.count("not at rest");
    }
    RunResult result =
        new RunResult(
            profile.name(),
            profile.tree().toPrettyString(),
            profile.seed(),
            measured.began(),
            measured.lasted(),
            Validity.of(measured, LAG),
            measured.stretches(),
            measured.series(),
            schedule.windows(),
            ledger,
            List.of(),
            Machine.here(),
            versions);
    return result.withThresholds(Threshold.judge(profile.thresholds(), result));
  }

  // ---- rest

  /// Waits until nobody is about to say anything and nothing waits to leave, or until the profile's
  /// patience is over; whether it came to that.
  private boolean awaitRest() throws SQLException {
    long deadline = System.nanoTime() + profile.limits().rest().toNanos();
    int rests = 0;
    long before = -1;
    while (rests < RESTS && System.nanoTime() < deadline) {
      LockSupport.parkNanos(LOOK.toNanos());
      Standing now = standing();
      rests = crowd.isQuiet() && now.waiting() == 0 && now.turns() == before ? rests + 1 : 0;
      before = now.turns();
    }
    return rests >= RESTS;
  }

  /// @param waiting what is to leave or to become a turn, and handoffs that nobody has closed where
  ///     there are agents
  private record Standing(long waiting, long turns) {}

  private Standing standing() throws SQLException {
    try (Connection connection = ground.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                select (select count(*) from outbox) + (select count(*) from inbox where not parked)
                       + case when %b then (select count(*) from handoff where closed_at is null)
                              else 0 end,
                       (select count(*) from turn)
                """
                    .formatted(profile.agents().isPresent()))) {
      row.next();
      return new Standing(row.getLong(1), row.getLong(2));
    }
  }

  @Override
  public void close() {
    vertx.close().await();
    ground.close();
  }
}
