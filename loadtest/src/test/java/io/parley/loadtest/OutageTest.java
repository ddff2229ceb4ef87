package io.parley.loadtest;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.loadtest.customerio.TrackFault;
import io.parley.loadtest.oracle.Evidence;
import io.parley.loadtest.postgres.PostgresServer;
import io.parley.loadtest.twilio.SendFault;
import io.parley.loadtest.twilio.SentMessage;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What Parley stands on goes away and comes back; what Parley has acknowledged happens all the
/// same, once, in order.
final class OutageTest {

  @SuppressWarnings("NullAway.Init")
  private static PostgresServer postgres;

  @BeforeAll
  static void startPostgres() throws Exception {
    Stages.assumeJar();
    postgres = PostgresServer.start(Stages.emptyFolder("outage-postgres"));
  }

  @AfterAll
  static void stopPostgres() throws Exception {
    if (postgres != null) {
      postgres.close();
    }
  }

  @Test
  void recoversByItselfFromACrashOfPostgres() throws Exception {
    try (Stage stage = Stages.set(postgres, "postgres_crash", Map.of())) {
      long pid = stage.parley().pid();
      Stages.begin(stage, 6);
      stage.twilio().awaitMessages(3, SentMessage::viaApi).await(20, SECONDS);
      postgres.crash();
      Stages.begin(stage, 6);
      Stages.await(
          "Parley refuses what it cannot store", () -> !stage.customers().refusals().isEmpty());
      postgres.restart();

      Stages.assertPromisesKept(stage, "a crash of Postgres");
      assertThat(stage.customers().refusals().keySet())
          .as("what is not stored is not acknowledged, and may be told again")
          .allMatch(status -> status == 0 || status >= 500);
      assertThat(stage.parley().pid()).isEqualTo(pid);
    }
  }

  @Test
  void sendsOnceThoughTwilioFailsInEveryWay() throws Exception {
    try (Stage stage = Stages.set(postgres, "twilio_faults", Map.of())) {
      stage.twilio().faults().next(2, new SendFault.ErrorBeforeAccepting(503));
      stage.twilio().faults().next(2, new SendFault.ErrorAfterAccepting(500));
      stage.twilio().faults().next(2, new SendFault.CutAfterAccepting());
      stage.twilio().faults().next(2, new SendFault.CutBeforeAccepting());
      stage.twilio().faults().next(1, new SendFault.SlowAnswer(Duration.ofSeconds(3)));
      stage.twilio().faults().next(1, new SendFault.TooManyRequests());
      Stages.begin(stage, 12);

      Stages.assertPromisesKept(stage, "every fault of Twilio");
      assertThat(stage.twilio().faults().struck()).hasSize(6);
    }
  }

  @Test
  void waitsForATwilioThatCannotBeReached() throws Exception {
    try (Stage stage = Stages.set(postgres, "twilio_down", Map.of())) {
      stage.twilio().goDown().await(5, SECONDS);
      Stages.begin(stage, 6);
      Stages.await("a send is tried in vain", () -> hasTried(stage));
      stage.twilio().comeUp().await(5, SECONDS);

      Stages.assertPromisesKept(stage, "no connection to Twilio");
    }
  }

  private static boolean hasTried(Stage stage) throws SQLException {
    try (Connection connection = stage.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select count(*) from outbox where attempts > 0")) {
      return rows.next() && rows.getInt(1) > 0;
    }
  }

  @Test
  void conversationsGoOnWhileCustomerIoIsDown() throws Exception {
    try (Stage stage = Stages.set(postgres, "customerio_down", Map.of())) {
      stage.customerIo().faults().always(new TrackFault.ErrorBeforeApplying(503));
      Stages.begin(stage, 6);
      stage
          .twilio()
          .awaitMessages(3, message -> message.body().contains("You are welcome"))
          .await(20, SECONDS);
      assertThat(stage.customerIo().events()).isEmpty();
      stage.customerIo().faults().clear();
      stage.customerIo().faults().next(1, new TrackFault.CutAfterApplying());
      stage.customerIo().faults().next(1, new TrackFault.ErrorAfterApplying(500));

      Stages.assertPromisesKept(stage, "an outage of Customer.io");
      assertThat(stage.customerIo().repeatedEvents()).as("repeats by the same id").isNotEmpty();
    }
  }

  @Test
  void aSendInDoubtIsNotSentAgainAfterThePurchase() throws Exception {
    try (Stage stage = Stages.set(postgres, "purchase_in_doubt", Map.of())) {
      stage.twilio().faults().next(1, new SendFault.ErrorBeforeAccepting(503));
      String customer = stage.customers().begin(Plot.FOLLOWS_THE_TEST);
      Stages.await("the send is in doubt", () -> stage.twilio().faults().struck().size() == 1);
      stage.customers().buy(customer);

      Stages.assertPromisesKept(stage, "a purchase while a send is in doubt");
      assertThat(stage.twilio().messagesViaApi()).isEmpty();
    }
  }

  @Test
  void aBrokenRowHoldsUpItsOwnConversationOnly() throws Exception {
    try (Stage stage = Stages.set(postgres, "poison", Map.of("PARLEY_IDLE", "1s"))) {
      String customer = stage.customers().begin(Plot.FOLLOWS_THE_TEST);
      stage.twilio().awaitStatusCallbacks(3, _ -> true).await(20, SECONDS);
      Stages.await("the conversation has left memory", () -> liveConversations(stage) == 0);
      String state = lastState(stage);
      replaceLastState(stage, "{}");

      stage.customers().write(customer, "no thanks");
      Stages.await("the event is kept", () -> leftInInbox(stage.evidence()) == 1);
      Stages.await("and acknowledged", stage.customers()::areQuiet);
      stage.customers().begin(Plot.NEEDS_NOTHING);
      stage
          .twilio()
          .awaitMessage(message -> message.body().contains("You are welcome"))
          .await(20, SECONDS);
      assertThat(leftInInbox(stage.evidence())).isEqualTo(1);
      replaceLastState(stage, state);

      Stages.assertPromisesKept(stage, "a row that could not be read");
    }
  }

  private static long leftInInbox(Evidence evidence) {
    return evidence.leftOver().stream().filter(row -> row.startsWith("inbox")).count();
  }

  private static double liveConversations(Stage stage) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(stage.parley().baseUrl().resolve("/metrics")).build(),
              BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith("parley_conversations_live"))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .findFirst()
          .orElseThrow();
    }
  }

  private static String lastState(Stage stage) throws SQLException {
    try (Connection connection = stage.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select state from turn order by number desc limit 1")) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static void replaceLastState(Stage stage, String state) throws SQLException {
    try (Connection connection = stage.connect();
        PreparedStatement statement =
            connection.prepareStatement(
                """
                update turn set state = ?
                 where (conversation, number) =
                       (select conversation, max(number) from turn
                         where conversation = (select conversation from turn
                                                where source_id = 'customer-1:cart')
                         group by conversation)
                """)) {
      statement.setString(1, state);
      assertThat(statement.executeUpdate()).isEqualTo(1);
    }
  }

  private static int stop(Stage stage) {
    try {
      return stage.parley().stop();
    } catch (InterruptedException e) {
      throw new CompletionException(e);
    }
  }

  @Test
  void losesNothingWhenItIsToldToStop() throws Exception {
    try (Stage stage = Stages.set(postgres, "sigterm", Map.of())) {
      Stages.begin(stage, 12);
      stage.twilio().awaitMessages(4, SentMessage::viaApi).await(20, SECONDS);

      CompletableFuture<Integer> stopped = CompletableFuture.supplyAsync(() -> stop(stage));
      Stages.begin(stage, 6);
      int status = stopped.get(40, SECONDS);

      assertThat(status).as("ended by SIGTERM, after its shutdown hooks").isEqualTo(143);
      assertThat(Files.readString(stage.log()))
          .doesNotContain("did not stop cleanly", "longer than");
      stage.restart();
      Stages.assertPromisesKept(stage, "a stop under load");
    }
  }
}
