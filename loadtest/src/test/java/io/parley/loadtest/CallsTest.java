package io.parley.loadtest;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.loadtest.postgres.PostgresServer;
import io.parley.loadtest.shop.Asked;
import io.parley.loadtest.twilio.SentMessage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A flow asks a shop's web server and a function, and Parley dies while it waits for the answer.
final class CallsTest {

  @SuppressWarnings("NullAway.Init")
  private static PostgresServer postgres;

  @BeforeAll
  static void startPostgres() throws Exception {
    Stages.assumeJar();
    postgres = PostgresServer.start(Stages.emptyFolder("calls-postgres"));
  }

  @AfterAll
  static void stopPostgres() throws Exception {
    if (postgres != null) {
      postgres.close();
    }
  }

  @Test
  void theFlowGoesOnByWhatIsAnswered() throws Exception {
    try (Stage stage = Stages.set(postgres, "calls", Map.of())) {
      String phone = stage.customers().begin(Plot.RESERVES);

      Stages.assertPromisesKept(stage, "calls");
      assertThat(paths(stage))
          .containsExactly(
              "GET /cart/customer-1", "POST /cart/customer-1/reserve", "POST /tell/customer-1");
      assertThat(text(stage, phone))
          .startsWith("Stock 3, reserved 200, told 200. Your cart: " + stage.parley().baseUrl())
          .contains("/r/");
    }
  }

  @Test
  void aGetIsAskedAgainAfterAKillAndAPostFailsInDoubt() throws Exception {
    try (Stage stage = Stages.set(postgres, "calls_kill", Map.of())) {
      stage.shop().ignoreOnce("/cart/customer-1");
      stage.shop().ignoreOnce("/cart/customer-2/reserve");
      stage.shop().ignoreOnce("/tell/customer-3");
      String looking = stage.customers().begin(Plot.RESERVES);
      String reserving = stage.customers().begin(Plot.RESERVES);
      String telling = stage.customers().begin(Plot.RESERVES);
      Stages.await("all three are under way", () -> stage.shop().asked().size() == 6);
      stage.kill();
      stage.restart();

      Stages.assertPromisesKept(stage, "a kill while calls are under way");
      assertThat(text(stage, looking)).startsWith("Stock 3, reserved 200, told 200.");
      assertThat(text(stage, reserving)).startsWith("Stock 3, reserved never, told 200.");
      assertThat(text(stage, telling)).startsWith("Stock 3, reserved 200, told never.");
      assertThat(paths(stage))
          .containsExactlyInAnyOrder(
              "GET /cart/customer-1",
              "GET /cart/customer-1",
              "POST /cart/customer-1/reserve",
              "POST /tell/customer-1",
              "GET /cart/customer-2",
              "POST /cart/customer-2/reserve",
              "POST /tell/customer-2",
              "GET /cart/customer-3",
              "POST /cart/customer-3/reserve",
              "POST /tell/customer-3");
      assertThat(stage.shop().asked().stream().map(Asked::call).distinct())
          .as("the repeat is asked under the call's own name")
          .hasSize(9);
      assertThat(
              stage.evidence().all().stream()
                  .flatMap(it -> it.deliveries().values().stream())
                  .filter(delivery -> delivery.outcome().equals("in_doubt")))
          .hasSize(2);
    }
  }

  private static List<String> paths(Stage stage) {
    return stage.shop().asked().stream().map(it -> it.method() + " " + it.path()).toList();
  }

  /// What the flow told the customer, by the one message that it sends.
  private static String text(Stage stage, String phone) throws Exception {
    List<SentMessage> sent =
        stage.twilio().awaitMessages(1, message -> message.to().equals(phone)).await(5, SECONDS);
    assertThat(sent).hasSize(1);
    return sent.getFirst().body();
  }
}
