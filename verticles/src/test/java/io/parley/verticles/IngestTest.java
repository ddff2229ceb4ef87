package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.testkit.FragilePostgres;
import io.parley.testkit.TestPostgres;
import io.parley.verticles.Service.Answer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls of Segment's specification, from their request to what they set off.
class IngestTest {

  private static final String JANE = "+14155550142";
  private static final Map<String, String> KEYS =
      Map.of("WRITE_KEYS", "shop=SHOPKEY,captured=WK,segment=SEGWK,pipelines=CIOWK,java=JWK");

  private Service service = Service.start(KEYS);

  @AfterEach
  void close() {
    service.close();
  }

  // ---- what is answered

  @ParameterizedTest
  @ValueSource(strings = {"identify", "track", "page", "screen", "group", "alias"})
  void everyCallIsTakenWithAndWithoutASlash(String type) {
    JsonObject call =
        call(type, "42").put("event", "Viewed").put("groupId", "g").put("previousId", "0");

    Answer plain = post("/v1/" + type, call.put("messageId", "1"));
    Answer slash = post("/v1/" + type + "/", call.put("messageId", "2"));

    assertThat(plain.status()).isEqualTo(200);
    assertThat(plain.json()).isEqualTo(new JsonObject().put("success", true));
    assertThat(slash).isEqualTo(plain);
    worked();
    assertThat(service.count("ingested_name")).isEqualTo(2);
  }

  @Test
  void whatTheRealClientsSendIsTakenAndWhatIsNotOursIsNotFound() throws IOException {
    Path file =
        Path.of(System.getProperty("parley.root"), "../shared/data/customerio/wire/capture.jsonl");
    Assumptions.assumeTrue(Files.exists(file), "no reference data at " + file.normalize());
    int taken = 0;
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(27);
    for (String line : lines) {
      JsonObject request = new JsonObject(line);
      String path = request.getString("path");
      boolean ours = path.matches("/v1/(identify|track|page|screen|group|alias|batch|import)/?");
      var builder =
          java.net.http.HttpRequest.newBuilder(service.uri(path))
              .method(
                  request.getString("method"),
                  request.getJsonObject("body") == null
                      ? java.net.http.HttpRequest.BodyPublishers.noBody()
                      : java.net.http.HttpRequest.BodyPublishers.ofString(
                          request.getJsonObject("body").encode()));
      for (String header :
          List.of("Authorization", "Content-Type", "User-Agent", "X-Strict-Mode")) {
        String value = request.getJsonObject("headers").getString(header);
        if (value != null) {
          builder.header(header, value);
        }
      }

      Answer answer = service.send(builder).join();

      assertThat(answer.status()).as(path).isEqualTo(ours ? 200 : 404);
      assertThat(answer.json().getBoolean("success")).as(path).isEqualTo(ours ? true : null);
      taken += ours ? 1 : 0;
    }
    assertThat(taken).isEqualTo(11);
    worked();
    assertThat(service.count("ingested_name")).isEqualTo(15);
    assertThat(service.texts("select value from trait where person = 'id:1' and name = 'email'"))
        .containsExactly("\"a@b.c\"");
    assertThat(service.texts("select external_id from purchase")).containsExactly("u1");
  }

  @Test
  void withoutItsKeyNothingIsTaken() {
    JsonObject call = call("track", "42").put("event", "Viewed");

    Answer none = service.post("/v1/track", call.encode(), Map.of()).join();
    Answer wrong = service.post("/v1/track", call.encode(), key("NOKEY")).join();
    Answer inBody =
        service.post("/v1/track", call.put("writeKey", "SHOPKEY").encode(), Map.of()).join();

    assertThat(none.status()).isEqualTo(401);
    assertThat(none.json().getString("reason")).isEqualTo("missing_key");
    assertThat(wrong.status()).isEqualTo(401);
    assertThat(wrong.json().getString("reason")).isEqualTo("wrong_key");
    assertThat(wrong.json().getJsonObject("meta").getString("error")).contains("PARLEY_WRITE_KEYS");
    assertThat(inBody.status()).isEqualTo(200);
    worked();
    assertThat(service.count("ingested_name")).isEqualTo(1);
  }

  @Test
  void withoutAnyKeyTheWayInIsClosedAndSaysSo() {
    service.close();
    service = Service.start();

    Answer answer = post("/v1/track", call("track", "42").put("event", "Viewed"));

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.json().getString("message")).contains("PARLEY_WRITE_KEYS");
    assertThat(answer.json().getBoolean("success")).isFalse();
  }

  @Test
  void strictModeRefusesTheWholeWithEveryProblem() {
    JsonArray batch =
        new JsonArray()
            .add(call("identify", "42"))
            .add(new JsonObject().put("type", "track").put("userId", "42"))
            .add(new JsonObject().put("type", "page"));
    String body = new JsonObject().put("batch", batch).encode();

    Answer strict =
        service
            .post(
                "/v1/batch", body, Map.of("Authorization", basic("SHOPKEY"), "X-Strict-Mode", "1"))
            .join();

    assertThat(strict.status()).isEqualTo(400);
    assertThat(pointers(strict, "errors")).containsExactly("/batch/1/event", "/batch/2/userId");
    assertThat(strict.json().getJsonObject("meta").getJsonArray("errors").getString(0))
        .startsWith("/batch/1/event is missing; send the name");
    assertThat(service.count("ingested_name")).isZero();

    Answer lenient = service.post("/v1/batch", body, key("SHOPKEY")).join();

    assertThat(lenient.status()).isEqualTo(200);
    assertThat(lenient.json().getBoolean("success")).isTrue();
    assertThat(lenient.json().getInteger("left_out")).isEqualTo(2);
    assertThat(pointers(lenient, "problems")).containsExactly("/batch/1/event", "/batch/2/userId");
    worked();
    assertThat(service.count("ingested_name")).isEqualTo(1);
    assertThat(service.get("/metrics").body())
        .contains("parley_ingested_left_out_total{source=\"shop\"} 2.0")
        .contains("parley_ingested_total{source=\"shop\",type=\"identify\"} 1.0");
  }

  @Test
  void whatCannotBeReadAtAllIsRefusedInEitherMode() {
    Answer noJson = service.post("/v1/track", "{", key("SHOPKEY")).join();
    Answer large = service.post("/v1/batch", " ".repeat(512_001), key("SHOPKEY")).join();
    Answer huge = service.post("/v1/batch", " ".repeat(1_100_000), key("SHOPKEY")).join();
    Answer zipped =
        service
            .post(
                "/v1/track",
                "{}",
                Map.of("Authorization", basic("SHOPKEY"), "Content-Encoding", "gzip"))
            .join();

    assertThat(noJson.status()).isEqualTo(400);
    assertThat(large.status()).isEqualTo(400);
    assertThat(large.json().getJsonArray("errors").getJsonObject(0).getString("message"))
        .contains("512,001 bytes");
    assertThat(huge.status()).isEqualTo(413);
    assertThat(zipped.status()).isEqualTo(415);
    assertThat(service.count("ingested_name")).isZero();
  }

  @Test
  void aFullBatchIsTakenAtOnceAndInOrder() {
    JsonArray batch = new JsonArray();
    for (int i = 0; i < 2_500; i++) {
      batch.add(
          new JsonObject()
              .put("type", "identify")
              .put("userId", "u" + i % 10)
              .put("messageId", "m" + i)
              .put("traits", new JsonObject().put("n", i)));
    }

    Answer answer = post("/v1/batch", new JsonObject().put("batch", batch));

    assertThat(answer.status()).isEqualTo(200);
    worked();
    assertThat(service.texts("select value from trait where name = 'n' order by person"))
        .containsExactlyElementsOf(
            IntStream.range(2_490, 2_500).mapToObj(String::valueOf).toList());
  }

  @Test
  void aRepeatCountsOnceHoweverManyTellItAtOnce() {
    JsonObject call = call("track", "42").put("event", "Checkout Started").put("messageId", "same");

    List<CompletableFuture<Answer>> told =
        IntStream.range(0, 16)
            .mapToObj(_ -> service.post("/v1/track", call.encode(), key("SHOPKEY")))
            .toList();

    assertThat(told).allMatch(it -> it.join().status() == 200);
    worked();
    assertThat(service.count("ingested_name")).isEqualTo(1);
    assertThat(service.get("/metrics").body())
        .contains("parley_ingested_repeated_total{source=\"shop\"} 15.0");
  }

  // ---- what is taken down

  @Test
  void traitsAreThePersonsWhateverNameTheyWereToldUnder() {
    post(
        "/v1/identify",
        new JsonObject()
            .put("anonymousId", "a1")
            .put("traits", new JsonObject().put("city", "Rome").put("plan", "free")));
    post(
        "/v1/identify",
        call("identify", "42")
            .put("anonymousId", "a1")
            .put(
                "traits",
                new JsonObject()
                    .put("phone", "(415) 555-0142")
                    .put("plan", "pro")
                    .put("note", "x".repeat(1_200))
                    .put("big", new JsonArray(List.of("y".repeat(1_200))))));
    worked();

    assertThat(service.texts("select name from trait where person = 'id:42' order by name"))
        .containsExactly("city", "note", "phone", "plan");
    assertThat(service.texts("select value from trait where name = 'phone'"))
        .containsExactly("\"" + JANE + "\"");
    assertThat(service.texts("select value from trait where name = 'plan'"))
        .containsExactly("\"pro\"");
    assertThat(service.texts("select value from trait where name = 'note'"))
        .singleElement()
        .satisfies(it -> assertThat(it).endsWith("…[cut]\"").hasSizeLessThan(1_003));
    assertThat(service.get("/metrics").body())
        .contains("parley_traits_unkept_total{reason=\"too_long\"} 1.0");
  }

  // ---- what is told

  @Test
  void anOrderEndsTheConversationAndIsOnRecord() {
    service.trigger(JANE, "key");
    service.until("it is asked", () -> service.channel.texts().size() == 1);

    post(
        "/v1/track",
        call("track", "person-42")
            .put("event", "order_completed")
            .put("properties", new JsonObject().put("orderId", 1001).put("total", 82.5)));

    service.until(
        "the conversation ends", () -> service.count("execution where ended_at is null") == 0);
    assertThat(service.texts("select result from execution")).containsExactly("purchased");
    assertThat(service.texts("select order_id from purchase")).containsExactly("1001");
    service.until("it is told", () -> service.track.names().contains("conversion"));
  }

  @Test
  void anOrderOfSomebodyWhoIsKnownByTheirNumberAloneIsTheirs() {
    service.trigger(JANE, "key");
    service.until("it is asked", () -> service.channel.texts().size() == 1);

    post(
        "/v1/identify",
        new JsonObject()
            .put("anonymousId", "a1")
            .put("traits", new JsonObject().put("phone", "4155550142")));
    post("/v1/track", new JsonObject().put("anonymousId", "a1").put("event", "Order Completed"));

    service.until(
        "the conversation ends", () -> service.count("execution where ended_at is null") == 0);
    assertThat(service.texts("select number from purchase")).containsExactly(JANE);
  }

  @Test
  void aConsentThatIsTakenBackEndsWhatItIsAbout() {
    service.trigger(JANE, "key");
    service.until("it is asked", () -> service.channel.texts().size() == 1);

    post(
        "/v1/track",
        call("track", "person-42")
            .put("event", "Consent Revoked")
            .put(
                "properties", new JsonObject().put("channel", "sms").put("method", "preferences")));

    service.until(
        "the conversation ends", () -> service.count("execution where ended_at is null") == 0);
    assertThat(service.texts("select state from consent")).containsExactly("revoked");
    assertThat(service.trigger(JANE, "key-2").json().getString("reason")).isEqualTo("opted_out");
  }

  @Test
  void aConsentOfWhichNobodyKnowsWhatItIsAboutWaitsForAPerson() {
    JsonObject revoked =
        call("track", "person-42").put("event", "Consent Revoked").put("messageId", "m1");

    Answer strict =
        service
            .post(
                "/v1/track",
                revoked.encode(),
                Map.of("Authorization", basic("SHOPKEY"), "X-Strict-Mode", "1"))
            .join();
    Answer lenient = post("/v1/track", revoked);

    assertThat(pointers(strict, "errors")).containsExactly("/properties/channel");
    assertThat(lenient.status()).isEqualTo(200);
    assertThat(pointers(lenient, "problems")).containsExactly("/properties/channel");
    service.until("it is set aside", () -> service.count("ingested where parked") == 1);
    assertThat(service.texts("select error from ingested").getFirst())
        .startsWith("/properties/channel is none of sms");
  }

  @Test
  void anEventIsToldOnlyWhereAFlowRuns() {
    service.trigger(JANE, "key");
    service.until("it is asked", () -> service.channel.texts().size() == 1);
    post("/v1/track", call("track", "person-42").put("event", "Product Viewed"));
    worked();
    assertThat(service.count("turn where kind = 'EventSeen'")).isEqualTo(1);

    post("/v1/track", call("track", "person-42").put("event", "Order Completed"));
    post("/v1/track", call("track", "person-42").put("event", "Product Viewed"));
    post("/v1/page", call("page", "person-42").put("name", "Home"));
    worked();

    assertThat(service.count("turn where kind = 'EventSeen'")).isEqualTo(1);
    assertThat(service.count("turn where kind = 'PurchaseSeen'")).isEqualTo(1);
  }

  @Test
  void anEventWakesTheFlowThatWaitsForIt() {
    service.close();
    service =
        new Service(
            TestPostgres.database(),
            KEYS,
            Map.of(
                "shipping",
                """
                {"description": "Waits", "initial_state": "Trigger", "states": [
                  {"name": "Trigger", "type": "trigger", "properties": {},
                   "transitions": [{"event": "incomingRequest", "next": "wait"}]},
                  {"name": "wait", "type": "parley.wait-for-event",
                   "properties": {"event": "Viewed Tracking Page", "timeout": "P3D"},
                   "transitions": [{"event": "occurred", "next": "tell"}, {"event": "timeout"}]},
                  {"name": "tell", "type": "send-message",
                   "properties": {"from": "{{flow.channel.address}}",
                                  "to": "{{contact.channel.address}}",
                                  "body": "It comes by {{widgets.wait.event.carrier}}"},
                   "transitions": [{"event": "sent"}, {"event": "failed"}]}
                ]}
                """));
    JsonObject payload = Service.payload(JANE, "key");
    payload.getJsonObject("controls").put("flow", "shipping");
    service.trigger(payload.encode(), Service.bearer()).join();

    post(
        "/v1/page",
        call("page", "person-42")
            .put("name", "Tracking")
            .put("properties", new JsonObject().put("carrier", "DHL")));

    service.until("it is told", () -> service.channel.texts().contains("It comes by DHL"));
  }

  // ---- what goes wrong

  @Test
  void whatWasAcknowledgedIsWorkedOffAfterARestart() throws SQLException {
    try (Connection other =
            DriverManager.getConnection(
                TestPostgres.jdbc(service.database), "postgres", "postgres");
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("lock table trait in access exclusive mode");
      for (int i = 0; i < 20; i++) {
        Answer answer =
            post(
                "/v1/identify",
                call("identify", "42")
                    .put("messageId", "m" + i)
                    .put("traits", new JsonObject().put("n", i)));
        assertThat(answer.status()).isEqualTo(200);
      }
      assertThat(service.count("ingested")).isEqualTo(20);
      service.until("one is being worked off", () -> waiting() == 1);
      Future<Void> stopping = service.stopping();
      service.execute(
          """
          select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock'
          """);
      Service.await(stopping);
      other.rollback();
    }
    assertThat(service.count("trait")).isZero();
    // What the dead node has leased is due again when its lease is over.
    service.execute("update ingested set due_at = now()");

    service.restart();

    worked();
    assertThat(service.texts("select value from trait where person = 'id:42'"))
        .containsExactly("19");
  }

  private long waiting() {
    return service.count(
        "pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
  }

  @Test
  void whatFailsIsTriedAgainAndKeepsOnlyItsOwnPersonBack() {
    service.execute(
        """
        create function refuse() returns trigger language plpgsql as $$
        begin
          if new.person = 'id:broken' then raise exception 'no'; end if;
          return new;
        end $$;
        create trigger refuse before insert on trait for each row execute function refuse();
        """);
    JsonArray batch =
        new JsonArray()
            .add(call("identify", "broken").put("traits", new JsonObject().put("n", 1)))
            .add(call("identify", "42").put("traits", new JsonObject().put("n", 1)))
            .add(call("track", "broken").put("event", "Order Completed"));
    post("/v1/batch", new JsonObject().put("batch", batch));
    service.until("others go on", () -> service.count("trait where person = 'id:42'") == 1);
    service.until("it was tried", () -> service.count("ingested where attempts > 0") == 1);
    assertThat(service.count("purchase")).as("what comes after waits").isZero();

    service.execute("drop trigger refuse on trait; update ingested set due_at = now()");

    worked();
    assertThat(service.count("trait where person = 'id:broken'")).isEqualTo(1);
    assertThat(service.count("purchase")).isEqualTo(1);
  }

  @Test
  void withoutItsDatabaseNothingIsAcknowledged(@TempDir Path folder) {
    JsonObject call =
        call("identify", "42")
            .put("messageId", "m1")
            .put("traits", new JsonObject().put("phone", JANE).put("wish", "a secret wish"));
    List<String> lines = new CopyOnWriteArrayList<>();
    try (FragilePostgres postgres = new FragilePostgres(folder);
        Service fragile = new Service(postgres.url(), KEYS);
        Log _ = Log.into(lines)) {
      postgres.stop();
      Answer down = fragile.post("/v1/identify", call.encode(), key("SHOPKEY")).join();
      assertThat(down.status()).isEqualTo(503);
      assertThat(down.json().getBoolean("success")).isFalse();

      postgres.start();
      fragile.until("it is ready", () -> fragile.get("/health/ready").status() == 200);
      Answer up = fragile.post("/v1/identify", call.encode(), key("SHOPKEY")).join();
      assertThat(up.status()).isEqualTo(200);
      String listed = "{\"traits\": {\"phone\": [\"" + JANE + "\"]}}";
      assertThat(fragile.post("/v1/identify", listed, key("SHOPKEY")).join().status())
          .isEqualTo(200);
      fragile.until("it is taken down", () -> fragile.count("trait") == 2);
    }
    assertThat(lines)
        .noneMatch(line -> line.contains("4155550142"))
        .noneMatch(line -> line.contains("secret wish"))
        .noneMatch(line -> line.contains("SHOPKEY"));
  }

  // ---- requests

  private void worked() {
    service.until("all is worked off", () -> service.count("ingested") == 0);
  }

  private static JsonObject call(String type, String user) {
    return new JsonObject().put("type", type).put("userId", user);
  }

  private Answer post(String path, JsonObject body) {
    return service.post(path, body.encode(), key("SHOPKEY")).join();
  }

  private static Map<String, String> key(String key) {
    return Map.of("Authorization", basic(key));
  }

  private static String basic(String key) {
    return "Basic "
        + Base64.getEncoder().encodeToString((key + ":").getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> pointers(Answer answer, String list) {
    List<String> pointers = new ArrayList<>();
    answer
        .json()
        .getJsonArray(list)
        .forEach(it -> pointers.add(((JsonObject) it).getString("pointer")));
    return pointers;
  }
}
