package io.parley.loadtest;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.loadtest.oracle.Case;
import io.parley.loadtest.postgres.PostgresServer;
import io.parley.loadtest.twilio.ConversationMessage;
import io.parley.loadtest.twilio.InboundResult;
import io.parley.loadtest.twilio.SendFault;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A flow opens a conversation of Twilio Conversations, speaks and listens in it, and closes it.
final class RoomsTest {

  @SuppressWarnings("NullAway.Init")
  private static PostgresServer postgres;

  @BeforeAll
  static void startPostgres() throws Exception {
    Stages.assumeJar();
    postgres = PostgresServer.start(Stages.emptyFolder("rooms-postgres"));
  }

  @AfterAll
  static void stopPostgres() throws Exception {
    if (postgres != null) {
      postgres.close();
    }
  }

  @Test
  void aTriggerOpensAConversationInWhichTheReplyMovesTheFlowToItsEnd() throws Exception {
    try (Stage stage = Stages.set(postgres, "room_reply", Map.of())) {
      String phone = stage.customers().begin(Plot.TAKES_A_SIZE);

      Stages.assertPromisesKept(stage, "a conversation");
      assertThat(said(stage))
          .extracting(ConversationMessage::author)
          .containsExactly("Robin", phone, "Robin");
      assertThat(said(stage).getLast().body()).startsWith("Large is put aside for you: http");
      assertThat(stage.twilio().messagesViaApi()).as("nothing goes by text").isEmpty();
      assertThat(stage.twilio().conversations().values()).containsExactly("closed");
      assertThat(threads(stage)).as("all of it is one thread").containsExactly(phone);
      assertThat(results(stage)).containsExactly("completed");
    }
  }

  @Test
  void aStopInTheConversationEndsAndClosesItAndOptsOutTheContact() throws Exception {
    try (Stage stage = Stages.set(postgres, "room_stop", Map.of())) {
      String phone = stage.customers().begin(Plot.STOPS_IN_A_ROOM);

      Stages.assertPromisesKept(stage, "a stop in a conversation");
      assertThat(said(stage))
          .extracting(ConversationMessage::author)
          .containsExactly("Robin", phone);
      assertThat(stage.twilio().conversations().values()).containsExactly("closed");
      assertThat(threads(stage)).containsExactly(phone);
      assertThat(results(stage)).containsExactly("opted_out");
      // The number is the same person's on WhatsApp.
      assertThat(optedOut(stage)).containsExactlyInAnyOrder(phone, "whatsapp:" + phone);
    }
  }

  @Test
  void aConversationWhoseCreationWasCutShortIsFoundAgainAndNotMadeTwice() throws Exception {
    try (Stage stage = Stages.set(postgres, "room_kill", Map.of())) {
      CompletableFuture<Void> killed = new CompletableFuture<>();
      stage.twilio().onConversation(killOnce(stage, killed));
      stage.customers().begin(Plot.TAKES_A_SIZE);
      killed.get(20, SECONDS);
      stage.restart();

      Stages.assertPromisesKept(stage, "a kill while a conversation is created");
      assertThat(stage.twilio().conversations()).hasSize(1);
      assertThat(results(stage)).containsExactly("completed");
    }
  }

  @Test
  void aStopBeforeTheConversationIsOnRecordEndsItsFlowAndClosesIt() throws Exception {
    try (Stage stage = Stages.set(postgres, "room_early_stop", Map.of())) {
      CompletableFuture<Void> killed = new CompletableFuture<>();
      stage.twilio().onParticipant(killOnce(stage, killed));
      String phone = stage.customers().begin(Plot.TAKES_A_SIZE);
      killed.get(20, SECONDS);
      stage.customers().write(phone, "STOP");
      stage.restart();

      Stages.assertPromisesKept(stage, "a stop while a conversation is opened");
      assertThat(said(stage)).extracting(ConversationMessage::author).containsExactly(phone);
      assertThat(threads(stage)).containsExactly(phone);
      assertThat(results(stage)).containsExactly("opted_out");
      assertThat(stage.twilio().conversations().values()).containsExactly("closed");
    }
  }

  @Test
  void aConversationIsClosedThoughTwilioFailsAtFirst() throws Exception {
    try (Stage stage = Stages.set(postgres, "room_closing", Map.of())) {
      stage
          .twilio()
          .onConversation(
              sid ->
                  stage
                      .twilio()
                      .faults()
                      .nextAbout("state of " + sid, 2, new SendFault.ErrorBeforeAccepting(503)));
      stage.customers().begin(Plot.TAKES_A_SIZE);

      Stages.assertPromisesKept(stage, "faults while a conversation is closed");
      assertThat(stage.twilio().faults().struck()).containsEntry("ErrorBeforeAccepting", 2);
      assertThat(stage.twilio().conversations().values()).containsExactly("closed");
    }
  }

  @Test
  void whatIsSaidInAConversationIsSaidOnceThoughAnswersAreLost() throws Exception {
    try (Stage stage = Stages.set(postgres, "room_faults", Map.of())) {
      stage.twilio().faults().next(1, new SendFault.CutAfterAccepting());
      stage.twilio().faults().next(1, new SendFault.ErrorBeforeAccepting(503));
      stage.twilio().faults().next(1, new SendFault.ErrorAfterAccepting(500));
      stage.customers().begin(Plot.TAKES_A_SIZE);
      stage.customers().begin(Plot.TAKES_A_SIZE);

      Stages.assertPromisesKept(stage, "faults in conversations");
      assertThat(stage.twilio().faults().struck()).hasSize(3);
      assertThat(results(stage)).containsExactly("completed", "completed");
    }
  }

  @Test
  void whatIsSaidAfterTheEndComesByTextAgain() throws Exception {
    try (Stage stage = Stages.set(postgres, "room_after", Map.of())) {
      String phone = stage.customers().begin(Plot.TAKES_A_SIZE);
      Stages.assertPromisesKept(stage, "a conversation");

      InboundResult later =
          stage.twilio().receive(phone, "+14155550199", "One more thing").await(10, SECONDS);

      assertThat(later.parameters()).doesNotContainKey("ConversationSid");
      stage
          .twilio()
          .awaitMessage(message -> message.body().contains("What can we help you with"))
          .await(10, SECONDS);
    }
  }

  private static Consumer<String> killOnce(Stage stage, CompletableFuture<Void> killed) {
    return _ -> {
      if (!killed.isDone()) {
        stage.kill();
        killed.complete(null);
      }
    };
  }

  private static List<ConversationMessage> said(Stage stage) {
    return stage.twilio().conversationMessages();
  }

  private static List<String> threads(Stage stage) throws SQLException {
    return stage.evidence().all().stream().map(Case::theirs).toList();
  }

  private static List<String> optedOut(Stage stage) throws SQLException {
    List<String> addresses = new ArrayList<>();
    try (Connection connection = stage.connect();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery("select address from contact where block = 'OPTED_OUT'")) {
      while (rows.next()) {
        addresses.add(rows.getString(1));
      }
    }
    return addresses;
  }

  /// How the executions ended, as Customer.io was told.
  private static List<String> results(Stage stage) {
    return stage.customerIo().events().stream()
        .filter(event -> event.name().equals("conversation_ended"))
        .map(event -> event.attributes().getString("result"))
        .toList();
  }
}
