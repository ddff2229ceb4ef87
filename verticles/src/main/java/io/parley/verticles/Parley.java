package io.parley.verticles;

import io.parley.edge.Arrival;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The whole service inside another program's process, which brings it events over the bus as the
/// edges do. For measurements.
public final class Parley implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long START_SECONDS = 120;

  private final Database database;
  private final Wiring wiring;
  private final int lanes;

  private Parley(Database database, Wiring wiring, int lanes) {
    this.database = database;
    this.wiring = wiring;
    this.lanes = lanes;
  }

  /// Starts the service; throws with a sentence where it does not start.
  ///
  /// @param environment `PARLEY_*` by name
  public static Parley start(Map<String, String> environment) throws TimeoutException {
    return switch (Settings.read(environment)) {
      case Settings.Reading.Unusable(var problems) ->
          throw new IllegalStateException(String.join("; ", problems));
      case Settings.Reading.Usable(var settings, var _) -> {
        Database database = Database.open(settings);
        Wiring wiring = new Wiring(settings, database.options(), Clock.tickMillis(ZoneOffset.UTC));
        Parley parley = new Parley(database, wiring, settings.lanes());
        boolean started = false;
        try {
          wiring.start().await(START_SECONDS, TimeUnit.SECONDS);
          started = true;
        } finally {
          if (!started) {
            parley.close();
          }
        }
        yield parley;
      }
    };
  }

  /// Brings an event to its conversation: completes when its turn is committed, with the turn's
  /// number, and fails where it has none or changed nothing.
  public Future<Integer> bring(Arrival arrival) {
    int lane = Bus.lane(arrival.conversation(), lanes);
    return Bus.on(wiring.vertx())
        .<Decision>request(Bus.switchboard(lane), arrival, PATIENCE)
        .compose(
            decision ->
                decision instanceof Decision.Taken taken && taken.refusal().isEmpty()
                    ? Future.succeededFuture(taken.turn())
                    : Future.failedFuture("the event changed nothing: " + decision));
  }

  /// What the service runs on.
  public Vertx vertx() {
    return wiring.vertx();
  }

  /// The port that it listens on.
  public int port() {
    return wiring.port();
  }

  @Override
  public void close() {
    wiring.stop().await();
    database.close();
  }
}
