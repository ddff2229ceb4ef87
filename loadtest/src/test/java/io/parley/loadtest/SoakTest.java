package io.parley.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.loadtest.Timing.Phase;
import io.parley.loadtest.Timing.Summary;
import io.parley.loadtest.customerio.ReceivedEvent;
import io.parley.loadtest.customerio.TrackFault;
import io.parley.loadtest.postgres.PostgresServer;
import io.parley.loadtest.twilio.CallbackHabits;
import io.parley.loadtest.twilio.DeliveryStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Customer.io is down for six hours while thousands of conversations are held, and it costs
/// nothing but time: no conversation is slower, nobody else is told later, and when Customer.io is
/// back it is told everything once, in order, no faster than it allows.
///
/// The six hours are scaled. What waits by a clock while a destination is down is its courier
/// alone, up to a minute between two tries, so that minute is divided by what the six hours are
/// divided by: Customer.io is asked in vain as often as in six hours, and by as many conversations.
///
/// What the machine can do is tried out first, and conversations begin at less than half of it: as
/// many as fit a minute and a half, 10,000 at most. `-Dparley.soak=all` holds 10,000 on any
/// machine, however long that takes; Customer.io is then down for longer and asked more often.
final class SoakTest {

  private static final int CONVERSATIONS = 10_000;

  private static final Duration SIX_HOURS = Duration.ofHours(6);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /// How long Customer.io is down.
  private static final Duration DOWN = Duration.ofSeconds(48);

  /// How long conversations are held before, and after all has drained.
  private static final Duration UP = Duration.ofSeconds(12);

  /// How long conversations are held at least while it drains.
  private static final Duration DRAINING = Duration.ofSeconds(10);

  private static final double MOST_PER_SECOND =
      (double) CONVERSATIONS / DOWN.plus(UP).plus(UP).plus(DRAINING).toSeconds();

  private static final double SHARE_OF_CAPACITY = 0.4;

  /// What Parley is told to keep to, below what the stand-in lets pass: two requests that left in
  /// two seconds may arrive in one.
  private static final int REQUESTS_PER_SECOND = 8;

  private static final int ALLOWED_PER_SECOND = REQUESTS_PER_SECOND + 1;

  /// How much slower a phase may be than the slower of those before and after, for what else the
  /// machine does: so many times, and so much more.
  private static final int NOISE = 3;

  private static final Duration FLOOR = Duration.ofMillis(25);

  private static final Duration WARMING_UP = Duration.ofSeconds(4);
  private static final Duration TRYING_OUT = Duration.ofSeconds(4);
  private static final int AT_ONCE = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @SuppressWarnings("NullAway.Init")
  private static PostgresServer postgres;

  @BeforeAll
  static void startPostgres() throws Exception {
    Stages.assumeJar();
    postgres = PostgresServer.start(Stages.emptyFolder("soak-postgres"));
  }

  @AfterAll
  static void stopPostgres() throws Exception {
    if (postgres != null) {
      postgres.close();
    }
  }

  private static Map<String, String> settings(Path destinations) {
    return Map.of(
        "PARLEY_DATABASE_URL",
        "postgresql://postgres:postgres@127.0.0.1:" + postgres.port() + "/soak",
        "PARLEY_SEGMENTS_PER_SECOND",
        "10000",
        "PARLEY_CUSTOMERIO_REQUESTS_PER_SECOND",
        String.valueOf(REQUESTS_PER_SECOND),
        "PARLEY_CUSTOMERIO_LONGEST_PAUSE",
        LONGEST_PAUSE.toMillis() * DOWN.toMillis() / SIX_HOURS.toMillis() + "ms",
        "PARLEY_CUSTOMERIO_TIMEOUT",
        "5s",
        "PARLEY_TWILIO_TIMEOUT",
        "10s",
        "PARLEY_DESTINATIONS",
        destinations.toString(),
        "PARLEY_DESTINATION_SECRETS",
        "AUDIT_SECRET=s3cret");
  }

  private static Path destinations(Listener audit) throws IOException {
    return Files.writeString(
        Files.createTempFile("destinations", ".yaml"),
        """
        destinations:
          audit: {type: webhook, url: "%s", secret: AUDIT_SECRET, events: [conversation_started, twilio_reply]}
        """
            .formatted(audit.url()));
  }

  @Test
  void anOutageOfSixHoursCostsNothingButTime() throws Exception {
    try (Listener audit = new Listener();
        Stage stage = Stages.set(postgres, "soak", settings(destinations(audit)));
        Traffic traffic = new Traffic(stage)) {
      stage
          .twilio()
          .callbackHabits(
              new CallbackHabits(Set.of(DeliveryStatus.DELIVERED), Duration.ZERO, 0, 0, 1));
      Queue<Long> requests = new ConcurrentLinkedQueue<>();
      stage.customerIo().onRequest(_ -> requests.add(System.nanoTime()));
      stage.customerIo().requestsPerSecond(ALLOWED_PER_SECOND);
      double rate = rate(stage, traffic);

      Phase before = hold(traffic, rate, UP);
      stage.customerIo().faults().always(new TrackFault.ErrorBeforeApplying(503));
      Phase refusing = hold(traffic, rate, DOWN.dividedBy(2));
      stage.customerIo().faults().clear();
      stage.customerIo().faults().always(new TrackFault.CutBeforeApplying());
      Phase cutting = hold(traffic, rate, DOWN.dividedBy(2));
      Phase down = new Phase(refusing.from(), cutting.until());
      Map<String, Long> waiting = waiting(stage);
      stage.customerIo().faults().clear();
      Phase draining = hold(traffic, rate, DRAINING);
      awaitTold(stage, traffic);
      long drained = System.nanoTime();
      Phase after = hold(traffic, rate, UP);
      awaitTold(stage, traffic);

      long triedInVain = requests.stream().filter(down::holds).count();
      List<Timing> turns = traffic.timings();
      List<Timing> others = audit.delays();
      System.out.printf(
          """
          %d conversations, %.0f a second, told again %d times
          six hours in %.0f s; asked in vain %d times
          when Customer.io was up again there waited %s, and it was told all in %.1f s
            from a trigger or a reply to the message, before  %s
                                                      down    %s
                                                      drains  %s
                                                      after   %s
            from an outcome to another destination,   before  %s
                                                      down    %s
                                                      drains  %s
                                                      after   %s
          """,
          traffic.begun(),
          rate,
          traffic.toldAgain(),
          down.seconds(),
          triedInVain,
          waiting,
          (drained - down.until()) / 1e9,
          before.of(turns),
          down.of(turns),
          draining.of(turns),
          after.of(turns),
          before.of(others),
          down.of(others),
          draining.of(others),
          after.of(others));
      assertThat(traffic.unexpected()).isEmpty();
      assertThat(triedInVain).as("about as often as in six hours").isGreaterThan(100);
      assertThat(waiting.get("customerio")).isGreaterThan((long) (rate * down.seconds() * 5));
      assertThat(waiting.getOrDefault("audit", 0L)).isLessThan((long) (rate * 10));
      assertNoSlower("conversations while it is down", down.of(turns), before, after, turns);
      assertNoSlower("conversations while it drains", draining.of(turns), before, after, turns);
      assertNoSlower("another destination meanwhile", down.of(others), before, after, others);
      assertToldOnceAndInOrder(stage, audit, traffic.begun());
      assertThat(stage.customerIo().answers())
          .as("never more than it allows")
          .doesNotContainKey(429);
    }
  }

  /// How many conversations begin in a second.
  private static double rate(Stage stage, Traffic traffic) throws Exception {
    traffic.capacity(AT_ONCE, WARMING_UP);
    double capacity = traffic.capacity(AT_ONCE, TRYING_OUT);
    awaitTold(stage, traffic);
    return Math.min(MOST_PER_SECOND, capacity * SHARE_OF_CAPACITY);
  }

  private static Phase hold(Traffic traffic, double rate, Duration time) {
    long begun = System.nanoTime();
    double longer = "all".equals(System.getProperty("parley.soak")) ? MOST_PER_SECOND / rate : 1;
    traffic.begin((int) (rate * time.toSeconds() * longer), rate);
    return new Phase(begun, System.nanoTime());
  }

  private static void awaitTold(Stage stage, Traffic traffic) throws Exception {
    Stages.await("every customer is thanked", PATIENCE, () -> traffic.thanked() == traffic.begun());
    Stages.await("everybody is told", PATIENCE, () -> waiting(stage).isEmpty());
  }

  private static void assertNoSlower(
      String what, Summary phase, Phase before, Phase after, List<Timing> timings) {
    Duration usual =
        Collections.max(List.of(before.of(timings).typical(), after.of(timings).typical()));
    assertThat(phase.typical())
        .as("%s: %s, where %s is usual", what, phase, usual)
        .isLessThan(usual.multipliedBy(NOISE).plus(FLOOR));
  }

  /// How many rows wait, by destination.
  private static Map<String, Long> waiting(Stage stage) throws SQLException {
    Map<String, Long> waiting = new HashMap<>();
    try (Connection connection = stage.connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("select destination, count(*) from outbox group by 1")) {
      while (rows.next()) {
        waiting.put(rows.getString(1), rows.getLong(2));
      }
    }
    return waiting;
  }

  /// What the journal has is what arrived, of each conversation in its order.
  private static void assertToldOnceAndInOrder(Stage stage, Listener audit, int conversations)
      throws SQLException {
    Map<String, List<String>> told = new HashMap<>();
    for (ReceivedEvent event : stage.customerIo().events()) {
      told.computeIfAbsent(event.attributes().getString("conversation_id"), _ -> new ArrayList<>())
          .add(event.name());
    }
    assertThat(stage.customerIo().events()).extracting(ReceivedEvent::id).doesNotHaveDuplicates();
    Map<String, List<String>> journal = journal(stage);
    assertThat(journal).hasSize(conversations);
    journal.forEach(
        (conversation, outcomes) ->
            assertThat(told.get(conversation)).as(conversation).isEqualTo(outcomes));
    assertThat(audit.ids()).doesNotHaveDuplicates().hasSize(2 * journal.size());
  }

  /// The outcomes of each conversation, as they were committed.
  private static Map<String, List<String>> journal(Stage stage) throws SQLException {
    Map<String, List<String>> journal = new HashMap<>();
    try (Connection connection = stage.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.setFetchSize(1_000);
      try (ResultSet rows =
          statement.executeQuery(
              "select conversation, effects from turn order by conversation, number")) {
        while (rows.next()) {
          List<String> outcomes =
              journal.computeIfAbsent(rows.getString(1), _ -> new ArrayList<>());
          new JsonArray(rows.getString(2))
              .stream()
                  .map(JsonObject.class::cast)
                  .filter(effect -> effect.getString("type").equals("ReportOutcome"))
                  .forEach(effect -> outcomes.add(effect.getString("name")));
        }
      }
    }
    return journal;
  }

  @Test
  void aRestartInTheMiddleOfAnOutageLosesNothing() throws Exception {
    try (Stage stage = Stages.set(postgres, "restart", Map.of())) {
      stage.customerIo().faults().always(new TrackFault.ErrorBeforeApplying(503));
      Stages.begin(stage, 9);
      Stages.await("outcomes wait", () -> waiting(stage).getOrDefault("customerio", 0L) > 20);
      stage.kill();
      stage.restart();
      Stages.begin(stage, 9);
      Stages.await("more outcomes wait", () -> waiting(stage).getOrDefault("customerio", 0L) > 60);
      assertThat(stage.customerIo().events()).isEmpty();
      stage.customerIo().faults().clear();

      Stages.assertPromisesKept(stage, "a kill in the middle of an outage");
    }
  }
}
