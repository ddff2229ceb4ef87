package io.parley.loadtest;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.parley.loadtest.Strike.AtBorder;
import io.parley.loadtest.Strike.AtWrite;
import io.parley.loadtest.postgres.Boundary;
import io.parley.loadtest.postgres.Boundary.Side;
import io.parley.loadtest.postgres.PostgresServer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Parley is killed (kill -9) again and again while customers talk to it, each time at another
/// point, and started again. Whatever was acknowledged happened, once, in order.
///
/// `-Dparley.kills=all` kills at each of the first 48 writes, before and after, instead.
final class KillTest {

  private static final String A_TURN = "insert into turn ";
  private static final String A_MARK = "set in_doubt_since = now()";
  private static final String A_LEASE = "for update skip locked";
  private static final String A_DELIVERY = "$5, now() from gone";

  @SuppressWarnings("NullAway.Init")
  private static PostgresServer postgres;

  @BeforeAll
  static void startPostgres() throws Exception {
    Stages.assumeJar();
    postgres = PostgresServer.start(Stages.emptyFolder("kill-postgres"));
    try (Stage stage = Stages.set(postgres, "first_start", Map.of())) {
      stage.parley().stop();
    }
  }

  @AfterAll
  static void stopPostgres() throws Exception {
    if (postgres != null) {
      postgres.close();
    }
  }

  /// Several kills in a row on one database.
  record Round(String name, List<Strike> strikes) {
    @Override
    public String toString() {
      return name + ": " + strikes;
    }
  }

  static Stream<Round> rounds() {
    return "all".equals(System.getProperty("parley.kills"))
        ? IntStream.range(0, 16).mapToObj(KillTest::sixOfAll)
        : chosenRounds();
  }

  private static Round sixOfAll(int part) {
    int[] boundaries = {part + 1, part + 17, part + 33};
    return new Round(
        "all_" + part,
        join(List.of(writes("", Side.BEFORE, boundaries), writes("", Side.AFTER, boundaries))));
  }

  private static Stream<Round> chosenRounds() {
    return Stream.of(
        new Round("turns_before", writes(A_TURN, Side.BEFORE, 1, 3, 6, 10)),
        new Round("turns_after", writes(A_TURN, Side.AFTER, 1, 3, 6, 10)),
        new Round(
            "sends",
            join(List.of(writes(A_MARK, Side.BEFORE, 1, 2), writes(A_MARK, Side.AFTER, 1, 2)))),
        new Round("borders", List.of(AtBorder.values())),
        new Round(
            "couriers",
            join(
                List.of(
                    writes(A_DELIVERY, Side.BEFORE, 1),
                    writes(A_DELIVERY, Side.AFTER, 1),
                    writes(A_LEASE, Side.BEFORE, 9),
                    writes(A_LEASE, Side.AFTER, 7)))),
        new Round(
            "any_write",
            join(List.of(writes("", Side.BEFORE, 12, 24, 36), writes("", Side.AFTER, 8, 16, 32)))));
  }

  private static List<Strike> writes(String statement, Side side, int... boundaries) {
    List<Strike> strikes = new ArrayList<>();
    for (int nth : boundaries) {
      strikes.add(new AtWrite(new Boundary(statement, nth, side)));
    }
    return strikes;
  }

  private static List<Strike> join(List<List<Strike>> parts) {
    return parts.stream().flatMap(List::stream).toList();
  }

  @ParameterizedTest
  @MethodSource("rounds")
  void everyPromiseSurvivesKills(Round round) throws Exception {
    try (Stage stage = Stages.set(postgres, "kill_" + round.name(), Map.of())) {
      Strike.Arm arm = new Strike.Arm(stage);
      Iterator<Plot> plots = Stages.allPlots();
      for (Strike strike : round.strikes()) {
        CompletableFuture<Void> struck = arm.raise(strike);
        for (int i = 0; i < 3; i++) {
          stage.customers().begin(plots.next());
        }
        struck.get(20, SECONDS);
        stage.restart();
      }
      Stages.assertPromisesKept(stage, round);
    }
  }
}
