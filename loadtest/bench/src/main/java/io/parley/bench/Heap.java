package io.parley.bench;

import io.vertx.core.json.JsonObject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// What a conversation takes of the heap while it is live, beside its state, and what it leaves
/// there when it has gone. Differences of the heap after collections, between some conversations
/// and many: what is there once for all does not count.
final class Heap implements Measure {

  private static final int CONVERSATIONS = 20_000;

  /// Come first, so that all that is made once has been made.
  private static final int BEFORE = 1_000;

  /// The customers that come first are none of those that count.
  private static final int ELSEWHERE = 5_000_000;

  private static final double KIB = 1_024;
  private static final Duration LEAVING = Duration.ofMinutes(2);

  @Override
  public List<Figure> measure(Ground ground) throws Exception {
    int conversations = ground.scale().of(CONVERSATIONS);
    Live live = live(ground, conversations);
    double left = passivated(ground, conversations);
    return List.of(
        Figure.of("live, beside its state", (live.all() - live.state()) / KIB, "KB")
            .noting("%,d live conversations".formatted(conversations))
            .towards(Figure.Target.less(2.0, 1.6)),
        Figure.of("live, with its state", live.all() / KIB, "KB"),
        Figure.of("its state", live.state() / KIB, "KB")
            .noting("%,.0f bytes of text".formatted(live.text())),
        // Ten bytes are nothing: what a timer or a counter of the JVM does meanwhile is more.
        Figure.of("passivated", Math.max(0, Math.round(left / KIB * 100) / 100.0), "KB")
            .noting("%,.0f bytes".formatted(left))
            .towards(Figure.Target.less(0, 0)));
  }

  /// Of one conversation, in bytes.
  private record Live(double all, double state, double text) {}

  /// One process writes them; another is told the same again, and so reads them: what it has in
  /// memory is what was read, as it is where the states are held alone.
  private static Live live(Ground ground, int conversations) throws SQLException {
    String database = ground.database();
    try {
      try (Child writer = parley(ground, database, "1h")) {
        repeat(ground, writer, ground.scale().of(BEFORE), ELSEWHERE);
        repeat(ground, writer, conversations, 0);
      }
      try (Child parley = parley(ground, database, "1h")) {
        repeat(ground, parley, ground.scale().of(BEFORE), ELSEWHERE);
        long before = used(parley);
        repeat(ground, parley, conversations, 0);
        double all = (used(parley) - before) / (double) conversations;
        JsonObject states = parley.ask("states " + conversations);
        double count = states.getInteger("count");
        return new Live(all, states.getLong("bytes") / count, states.getLong("text") / count);
      }
    } finally {
      ground.drop(database);
    }
  }

  private static double passivated(Ground ground, int conversations) throws SQLException {
    String database = ground.database();
    try (Child parley = parley(ground, database, "1s")) {
      touch(ground, parley, ground.scale().of(BEFORE), ELSEWHERE);
      awaitEmpty(parley);
      long before = used(parley);
      touch(ground, parley, conversations, 0);
      awaitEmpty(parley);
      return (used(parley) - before) / (double) conversations;
    } finally {
      ground.drop(database);
    }
  }

  /// A collector that compacts, so that what is used is what is held.
  private static Child parley(Ground ground, String database, String idle) {
    return ground.parley(List.of("-Xmx3g", "-XX:+UseSerialGC"), database, "PARLEY_IDLE=" + idle);
  }

  private static void touch(Ground ground, Child parley, int conversations, int first) {
    parley.ask("touch %d %d %d".formatted(conversations, ground.scale().warmingUp(), first));
  }

  private static void repeat(Ground ground, Child parley, int conversations, int first) {
    parley.ask("repeat %d %d %d".formatted(conversations, ground.scale().warmingUp(), first));
  }

  private static long used(Child parley) {
    return parley.ask("heap").getLong("bytes");
  }

  private static void awaitEmpty(Child parley) {
    long deadline = System.nanoTime() + LEAVING.toNanos();
    while (parley.ask("live").getLong("live") > 0) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("conversations do not leave memory");
      }
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
  }
}
