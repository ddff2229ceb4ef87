package io.parley.verticles;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends what lasts longer than its session, forgets sessions, invites and attempts that are over,
/// and invites the first admin where there is none. Confined to its context.
final class DeskSweeper extends VerticleBase {

  /// Within which a revocation at another node reaches a stream here.
  private static final Duration LOOK = Duration.ofSeconds(2);

  private static final Duration FORGET = Duration.ofMinutes(30);
  private static final Logger LOG = LoggerFactory.getLogger(DeskSweeper.class);

  private final DeskSettings settings;
  private final DeskSessions sessions;
  private final DeskRecords records;
  private final InstantSource clock;
  private final Rounds looks =
      new Rounds(this::look, new Complaint(LOG, "the desk's sessions cannot be looked at"));
  private final Rounds forgets =
      new Rounds(this::forget, new Complaint(LOG, "the desk's old sessions cannot be forgotten"));

  DeskSweeper(
      DeskSettings settings, DeskSessions sessions, DeskRecords records, InstantSource clock) {
    this.settings = settings;
    this.sessions = sessions;
    this.records = records;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    return new DeskFirstAdmin(settings, records, clock)
        .invite()
        .compose(_ -> looks.every(LOOK, vertx))
        .compose(_ -> forgets.every(FORGET, vertx));
  }

  @Override
  public Future<?> stop() {
    return Future.join(looks.end(), forgets.end());
  }

  private Future<?> look() {
    return sessions.look();
  }

  private Future<?> forget() {
    return records
        .sessions()
        .forget(clock.instant())
        .compose(_ -> records.invites().forget(clock.instant()))
        .compose(_ -> records.attempts().forget(clock.instant()));
  }
}
