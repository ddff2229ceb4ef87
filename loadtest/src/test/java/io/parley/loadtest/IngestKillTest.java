package io.parley.loadtest;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.loadtest.Strike.AtWrite;
import io.parley.loadtest.postgres.Boundary;
import io.parley.loadtest.postgres.Boundary.Side;
import io.parley.loadtest.postgres.PostgresServer;
import io.parley.loadtest.twilio.SentMessage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Parley is killed (kill -9) between the acknowledgement of calls about persons and what they set
/// off. Every call that was acknowledged starts its flow, once.
final class IngestKillTest {

  private static final String KEY = "STAGEKEY";

  /// Where a call is stored, taken down, set off and done with.
  private static final List<Boundary> BOUNDARIES =
      List.of(
          new Boundary("insert into ingested ", 2, Side.BEFORE),
          new Boundary("insert into ingested ", 2, Side.AFTER),
          new Boundary("update ingested i set due_at", 1, Side.AFTER),
          new Boundary("insert into trait ", 2, Side.BEFORE),
          new Boundary("insert into trait ", 2, Side.AFTER),
          new Boundary("insert into turn ", 1, Side.BEFORE),
          new Boundary("insert into turn ", 2, Side.AFTER),
          new Boundary("delete from ingested where", 1, Side.BEFORE),
          new Boundary("delete from ingested where", 1, Side.AFTER));

  private static final String RULES =
      """
      rules:
        - name: cart
          when: {trait: cart_state, becomes: abandoned}
          start:
            flow: %s
            parameters: {commerce: {value: "{{traits.cart_value}}", items: [{name: Day cream}]}}
      """
          .formatted(Plot.CART);

  @SuppressWarnings("NullAway.Init")
  private static PostgresServer postgres;

  @BeforeAll
  static void startPostgres() throws Exception {
    Stages.assumeJar();
    postgres = PostgresServer.start(Stages.emptyFolder("ingest-postgres"));
  }

  @AfterAll
  static void stopPostgres() throws Exception {
    if (postgres != null) {
      postgres.close();
    }
  }

  @Test
  void whatWasAcknowledgedSetsOffItsFlowOnceWheneverParleyDies() throws Exception {
    Path rules = Files.writeString(Files.createTempFile("rules", ".yaml"), RULES);
    Map<String, String> settings =
        Map.of("PARLEY_WRITE_KEYS", "stage=" + KEY, "PARLEY_RULES", rules.toString());
    try (Stage stage = Stages.set(postgres, "ingest", settings);
        HttpClient client = HttpClient.newHttpClient()) {
      Strike.Arm arm = new Strike.Arm(stage);
      int told = 0;
      for (Boundary boundary : BOUNDARIES) {
        CompletableFuture<Void> struck = arm.raise(new AtWrite(boundary));
        List<String> calls =
            IntStream.range(told, told + 3).mapToObj(IngestKillTest::calls).toList();
        told += 3;
        List<CompletableFuture<Boolean>> answers =
            calls.stream().map(it -> tell(client, stage, it)).toList();
        struck.get(20, SECONDS);
        stage.restart();
        // What was not acknowledged is told again, as the clients do.
        for (int i = 0; i < calls.size(); i++) {
          if (!answers.get(i).join()) {
            String call = calls.get(i);
            Stages.await("it is taken", () -> tell(client, stage, call).join());
          }
        }
      }

      int all = told;
      // What a process that died had leased is due when its lease is over.
      execute(stage, "update ingested set due_at = now()");
      Stages.await("all is worked off", () -> count(stage, "select count(*) from ingested") == 0);
      Stages.await("all are asked", () -> stage.twilio().messagesViaApi().size() >= all);
      Stages.await("all is told", () -> count(stage, "select count(*) from outbox") == 0);
      assertThat(stage.twilio().messagesViaApi())
          .extracting(SentMessage::to)
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, all).mapToObj(IngestKillTest::phone).toList());
      assertThat(count(stage, "select count(*) from turn where source = 'rule'")).isEqualTo(all);
      assertThat(
              count(
                  stage, "select count(*) from turn where source = 'rule' and refusal is not null"))
          .isZero();
    }
  }

  /// Somebody is told of, and then that they have left a cart.
  private static String calls(int person) {
    JsonArray batch = new JsonArray();
    for (String state : List.of("full", "abandoned")) {
      batch.add(
          new JsonObject()
              .put("type", "identify")
              .put("userId", "u" + person)
              .put("messageId", person + ":" + state)
              .put(
                  "traits",
                  new JsonObject()
                      .put("phone", phone(person))
                      .put("cart_state", state)
                      .put("cart_value", 120)));
    }
    return new JsonObject().put("batch", batch).put("writeKey", KEY).encode();
  }

  private static String phone(int person) {
    return "+141555501%02d".formatted(person);
  }

  /// Whether the calls were acknowledged.
  private static CompletableFuture<Boolean> tell(HttpClient client, Stage stage, String calls) {
    return client
        .sendAsync(
            HttpRequest.newBuilder(stage.parley().baseUrl().resolve("/v1/batch"))
                .timeout(Duration.ofSeconds(10))
                .POST(HttpRequest.BodyPublishers.ofString(calls))
                .build(),
            BodyHandlers.ofString())
        .handle((answer, failure) -> failure == null && answer.statusCode() == 200);
  }

  private static long count(Stage stage, String sql) throws SQLException {
    try (Connection connection = stage.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static void execute(Stage stage, String sql) throws SQLException {
    try (Connection connection = stage.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
