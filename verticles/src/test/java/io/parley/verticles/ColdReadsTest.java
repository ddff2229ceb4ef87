package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.edge.Arrival;
import io.parley.edge.Arrival.Source;
import io.parley.engine.Address;
import io.parley.engine.Event;
import io.parley.engine.FlowRef;
import io.parley.engine.FlowSid;
import io.parley.engine.MessageSid;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.testkit.TestPostgres;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Many conversations that come to life at once, each of which must be read first.
@Timeout(180)
class ColdReadsTest {

  private static final int BURST = 2_000;
  private static final String FLOW = "loop";

  private final String database = TestPostgres.database();

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve(FLOW + ".json"), Service.flow("What else?", "3600"));
    Files.writeString(folder.resolve("policy.yaml"), "hours: {quiet: off}\n");
  }

  @Test
  void aBurstOfColdConversationsIsAnsweredWithoutRefusal() throws TimeoutException {
    try (Parley parley = start()) {
      assertThat(bring(parley, BURST, "first")).allSatisfy(turn -> assertThat(turn).isEqualTo(1));
    }
    // Each is read anew by a process that knows none of them.
    try (Parley parley = start()) {
      assertThat(bring(parley, BURST, "second")).allSatisfy(turn -> assertThat(turn).isEqualTo(2));
    }
  }

  @Test
  void anErrorOfTheDatabaseReachesEachWhoWaitsAndLosesNothing()
      throws TimeoutException, SQLException {
    try (Parley parley = start();
        Connection locking = DriverManager.getConnection(TestPostgres.jdbc(database));
        Statement lock = locking.createStatement();
        Connection connection = DriverManager.getConnection(TestPostgres.jdbc(database));
        Statement statement = connection.createStatement()) {
      locking.setAutoCommit(false);
      lock.execute("lock table contact in access exclusive mode");
      List<Future<Integer>> turns = arrivals(300, "one").map(parley::bring).toList();
      Future<?> over = Future.join(turns);
      while (!over.isComplete()) {
        cancelReads(statement);
      }

      assertThat(turns)
          .allSatisfy(
              turn -> {
                assertThat(turn.failed()).isTrue();
                assertThat(turn.cause())
                    .hasMessageContaining("the journal cannot be read")
                    .hasMessageContaining("canceling statement due to user request");
              });
      locking.rollback();
      assertThat(count(statement, "turn")).isZero();
      assertThat(count(statement, "inbox")).isZero();

      assertThat(bring(parley, 300, "one")).allSatisfy(turn -> assertThat(turn).isEqualTo(1));
      assertThat(count(statement, "turn")).isEqualTo(300);
    }
  }

  private static void cancelReads(Statement statement) throws SQLException {
    statement
        .executeQuery(
            """
            select pg_cancel_backend(pid) from pg_stat_activity
             where datname = current_database() and wait_event_type = 'Lock'
               and query like '%with ordinality%'
            """)
        .close();
  }

  private static long count(Statement statement, String table) throws SQLException {
    try (ResultSet rows = statement.executeQuery("select count(*) from " + table)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private Parley start() throws TimeoutException {
    return Parley.start(
        Map.of(
            "PARLEY_DATABASE_URL",
            database,
            "PARLEY_HTTP_HOST",
            "127.0.0.1",
            "PARLEY_HTTP_PORT",
            "0",
            "PARLEY_FLOWS_DIR",
            folder.toString(),
            "PARLEY_POLICY",
            folder.resolve("policy.yaml").toString(),
            "PARLEY_FLOW_BINDINGS",
            Service.OURS + "=" + FLOW,
            "PARLEY_TAGGER",
            "rules"));
  }

  /// The numbers of the turns that came of one reply of each customer, all at once.
  private static List<Integer> bring(Parley parley, int customers, String round) {
    List<Future<Integer>> turns = arrivals(customers, round).map(parley::bring).toList();
    Service.await(Future.all(turns).mapEmpty());
    return turns.stream().map(Future::result).toList();
  }

  private static Stream<Arrival> arrivals(int customers, String round) {
    return IntStream.range(0, customers).mapToObj(it -> reply(it, round));
  }

  private static Arrival reply(int customer, String round) {
    String theirs = "+1212%07d".formatted(customer);
    MessageSid sid = new MessageSid("SM-" + round + "-" + customer);
    Values parameters =
        new Values(
            Map.of(
                "MessageSid",
                sid.value(),
                "From",
                theirs,
                "To",
                Service.OURS,
                "Body",
                "How long does shipping take?"));
    return new Arrival(
        Source.TWILIO_MESSAGE,
        sid.value(),
        Optional.empty(),
        new ThreadId(new Address(Service.OURS), new Address(theirs)),
        new Event.ReplyReceived(
            sid, parameters, List.of(), "", Optional.of(new FlowRef(FlowSid.named(FLOW), FLOW, 1))),
        Instant.now());
  }
}
