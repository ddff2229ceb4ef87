package io.parley.loadtest.customerio;

import static io.parley.loadtest.standin.Blocking.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
final class StandInCustomerIoTest {

  private static final String BATCH = "/api/v2/batch";
  private static final String ENTITY = "/api/v2/entity";
  private static final String ULID = "01HB4HBDKTFWYZCK01DMRSWRFD";

  private StandInCustomerIo customerIo;
  private WebClient client;

  @BeforeEach
  void start(Vertx vertx) {
    client = WebClient.create(vertx);
    customerIo = now(StandInCustomerIo.start(vertx, CustomerIoSettings.of("site", "key")));
  }

  @Test
  void takesPeopleAndEvents() {
    List<String> heard = new ArrayList<>();
    customerIo.onEvent(event -> heard.add(event.name()));

    HttpResponse<Buffer> answer =
        batch(
            person("identify", "7")
                .put("attributes", new JsonObject().put("phone", "+14155550123").put("plan", "a")),
            event("7", " closed ", ULID)
                .put("timestamp", 1_795_000_000)
                .put("attributes", new JsonObject().put("outcome", "bought")));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.bodyAsString()).isEqualTo("{}\n");
    Profile profile = customerIo.profile(new Identifier("phone", "+14155550123")).orElseThrow();
    assertThat(profile.id()).contains("7");
    assertThat(profile.attributes().getString("plan")).isEqualTo("a");
    ReceivedEvent event = now(customerIo.awaitEvent(e -> e.name().equals("closed")));
    assertThat(event.id()).contains(ULID);
    assertThat(event.person()).isEqualTo(new Identifier("id", "7"));
    assertThat(event.timestamp()).isEqualTo(OptionalLong.of(1_795_000_000));
    assertThat(event.attributes().getString("outcome")).isEqualTo("bought");
    assertThat(heard).containsExactly("closed");
  }

  @Test
  void ignoresTheRepetitionOfAUlidOnly() {
    batch(event("7", "a", ULID), event("7", "a", ULID));
    batch(event("7", "a", ULID), event("7", "b", "not-a-ulid"), event("7", "b", "not-a-ulid"));

    assertThat(customerIo.events()).extracting(ReceivedEvent::name).containsExactly("a", "b", "b");
    assertThat(customerIo.repeatedEvents()).hasSize(2);
  }

  @Test
  void reportsInvalidItemsAndAppliesTheOthers() {
    HttpResponse<Buffer> answer =
        batch(
            event("7", "fine", ULID),
            event("7", "x".repeat(101), ULID),
            person("dance", "7"),
            new JsonObject().put("type", "person").put("action", "identify"));

    assertThat(answer.statusCode()).isEqualTo(207);
    JsonArray errors = answer.bodyAsJsonObject().getJsonArray("errors");
    assertThat(errors).hasSize(3);
    assertThat(errors.getJsonObject(0))
        .isEqualTo(
            new JsonObject()
                .put("batch_index", 1)
                .put("reason", "too_long")
                .put("field", "name")
                .put("message", "longer than 100 bytes"));
    assertThat(errors.getJsonObject(1).getString("field")).isEqualTo("action");
    assertThat(errors.getJsonObject(2).getString("field")).isEqualTo("identifiers");
    assertThat(customerIo.events()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"robot\",\"action\":\"event\"}",
        "{\"type\":\"person\",\"action\":\"event\",\"identifiers\":{\"id\":\"1\"}}",
        "{\"type\":\"person\",\"action\":\"delete\",\"identifiers\":{\"id\":\"1\",\"email\":\"a@b\"}}",
        "{\"type\":\"person\",\"action\":\"delete\",\"identifiers\":{\"id\":\" \"}}",
        "{\"type\":\"person\",\"action\":\"delete\",\"identifiers\":{\"phone\":\"4155550123\"}}",
        "{\"type\":\"person\",\"action\":\"identify\",\"identifiers\":{\"anonymous_id\":\"1\"}}",
        "{\"type\":\"person\",\"action\":\"event\",\"name\":\"a\",\"identifiers\":{\"id\":\"1\"},"
            + "\"timestamp\":\"2026-01-01\"}",
        "{\"type\":\"person\",\"action\":\"event\",\"name\":\"a\",\"identifiers\":{\"id\":\"1\"},"
            + "\"timestamp\":1795326113669}",
        "{\"type\":\"person\",\"action\":\"identify\",\"identifiers\":{\"id\":\"1\"},"
            + "\"attributes\":[]}",
        "[]",
        "no"
      })
  void refusesAnInvalidEntity(String body) {
    HttpResponse<Buffer> answer =
        now(request(HttpMethod.POST, ENTITY).sendBuffer(Buffer.buffer(body)));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.bodyAsJsonObject().getJsonArray("errors").getJsonObject(0).fieldNames())
        .containsExactly("reason", "field", "message");
    assertThat(customerIo.profiles()).isEmpty();
  }

  @Test
  void refusesLongAndManyAttributes() {
    JsonObject many = new JsonObject();
    for (int i = 0; i <= 300; i++) {
      many.put("a" + i, i);
    }

    assertThat(entity(person("identify", "1").put("attributes", many)).statusCode()).isEqualTo(400);
    assertThat(identify("1", "a", "é".repeat(501)).statusCode()).isEqualTo(400);
    assertThat(identify("1", "a", "é".repeat(500)).statusCode()).isEqualTo(200);
  }

  @Test
  void refusesLargeRequests() {
    JsonObject large =
        event("1", "a", ULID)
            .put("attributes", new JsonObject().put("text", "x".repeat(32 * 1024)));
    JsonObject medium =
        event("1", "a", ULID)
            .put("attributes", new JsonObject().put("text", "x".repeat(30 * 1024)));
    JsonArray many = new JsonArray();
    for (int i = 0; i < 17; i++) {
      many.add(medium);
    }

    assertThat(entity(large).statusCode()).isEqualTo(400);
    assertThat(batch(large).statusCode()).isEqualTo(400);
    assertThat(post(BATCH, new JsonObject().put("batch", many)).statusCode()).isEqualTo(400);
    assertThat(post(BATCH, new JsonObject().put("batch", new JsonArray())).statusCode())
        .isEqualTo(400);
    assertThat(customerIo.events()).isEmpty();
    assertThat(batch(medium).statusCode()).isEqualTo(200);
  }

  @Test
  void refusesWrongCredentials() {
    HttpResponse<Buffer> answer =
        now(
            client
                .postAbs(customerIo.baseUrl() + BATCH)
                .basicAuthentication("site", "wrong")
                .sendJsonObject(new JsonObject()));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(now(client.getAbs(customerIo.baseUrl() + "/stand-in/state").send()).statusCode())
        .isEqualTo(200);
  }

  @Test
  void answers429AboveTheRate() {
    customerIo.requestsPerSecond(0);

    assertThat(entity(event("1", "a", ULID)).statusCode()).isEqualTo(429);

    customerIo.requestsPerSecond(100);
    assertThat(entity(event("1", "a", ULID)).statusCode()).isEqualTo(200);
  }

  @Test
  void strikesWithTheProgrammedFaults() {
    customerIo.faults().next(1, new TrackFault.ErrorBeforeApplying(503));
    customerIo.faults().next(1, new TrackFault.ErrorAfterApplying(500));

    assertThat(entity(event("1", "a", ULID)).statusCode()).isEqualTo(503);
    assertThat(customerIo.events()).isEmpty();
    assertThat(entity(event("1", "a", ULID)).statusCode()).isEqualTo(500);
    assertThat(customerIo.events()).hasSize(1);
    customerIo.faults().next(1, new TrackFault.CutAfterApplying());
    assertThatThrownBy(() -> entity(event("1", "a", ULID))).isInstanceOf(Exception.class);
    assertThat(customerIo.repeatedEvents()).hasSize(1);
    customerIo.faults().during(Duration.ofMinutes(1), new TrackFault.ErrorBeforeApplying(429));
    assertThat(entity(event("1", "a", ULID)).statusCode()).isEqualTo(429);
    customerIo.faults().clear();
    customerIo.faults().next(1, new TrackFault.SlowAnswer(Duration.ofMillis(20)));
    assertThat(entity(event("1", "a", ULID)).statusCode()).isEqualTo(200);
    assertThat(customerIo.answers()).isEqualTo(Map.of(0, 1, 200, 1, 429, 1, 500, 1, 503, 1));
  }

  @Test
  void refusesItemsOnDemand() {
    customerIo.refuseItems(item -> "bad".equals(item.getString("name")));

    HttpResponse<Buffer> answer = batch(event("1", "good", ULID), event("1", "bad", ULID));

    assertThat(answer.statusCode()).isEqualTo(207);
    assertThat(customerIo.events()).extracting(ReceivedEvent::name).containsExactly("good");
  }

  @Test
  void keepsProfilesByTheirV1Path() {
    JsonObject attributes = new JsonObject().put("email", "Ann@Example.com").put("plan", "a");
    now(request(HttpMethod.PUT, "/api/v1/customers/cust%201%2F%C3%A9").sendJsonObject(attributes));
    now(
        request(HttpMethod.PUT, "/api/v1/customers/ann@example.com")
            .sendJsonObject(new JsonObject().put("plan", "").put("city", "Bonn")));
    HttpResponse<Buffer> event =
        now(
            request(HttpMethod.POST, "/api/v1/customers/ann@example.com/events")
                .sendJsonObject(
                    new JsonObject()
                        .put("name", "replied")
                        .put("id", ULID)
                        .put("data", new JsonObject().put("n", 1))));

    assertThat(event.statusCode()).isEqualTo(200);
    assertThat(customerIo.profiles()).hasSize(1);
    Profile profile = customerIo.profiles().getFirst();
    assertThat(profile.id()).contains("cust 1/é");
    assertThat(profile.email()).contains("ann@example.com");
    assertThat(profile.attributes())
        .isEqualTo(new JsonObject().put("email", "Ann@Example.com").put("city", "Bonn"));
    assertThat(customerIo.events().getFirst().attributes().getInteger("n")).isEqualTo(1);
    HttpResponse<Buffer> nameless =
        now(
            request(HttpMethod.POST, "/api/v1/customers/1/events")
                .sendJsonObject(new JsonObject()));
    assertThat(nameless.statusCode()).isEqualTo(400);
    assertThat(nameless.bodyAsJsonObject().getJsonObject("meta").getJsonArray("errors")).hasSize(1);
  }

  @Test
  void destroysTheProfileThatIsSuppressed() {
    identify("1", "email", "a@b.c");

    entity(person("suppress", "1"));
    identify("1", "plan", "a");
    entity(event("1", "a", ULID));

    assertThat(customerIo.profiles()).isEmpty();
    assertThat(customerIo.events()).isEmpty();
    assertThat(customerIo.suppressed())
        .containsExactlyInAnyOrder(new Identifier("id", "1"), new Identifier("email", "a@b.c"));
    assertThat(customerIo.profile(new Identifier("id", "1"))).isEqualTo(Optional.empty());
  }

  @Test
  void tellsItsRegion() {
    HttpResponse<Buffer> answer = now(request(HttpMethod.GET, "/api/v1/accounts/region").send());

    assertThat(answer.bodyAsJsonObject().getString("region")).isEqualTo("us");
    assertThat(answer.bodyAsJsonObject().getString("url")).isEqualTo(customerIo.baseUrl());
  }

  @Test
  void showsItsState() {
    entity(event("1", "a", ULID));

    JsonObject state =
        now(client.getAbs(customerIo.baseUrl() + "/stand-in/state").send()).bodyAsJsonObject();

    assertThat(state.getJsonObject("events")).isEqualTo(new JsonObject().put("a", 1));
    assertThat(state.getInteger("profiles")).isEqualTo(1);
  }

  private HttpResponse<Buffer> identify(String id, String attribute, String value) {
    return entity(person("identify", id).put("attributes", new JsonObject().put(attribute, value)));
  }

  private HttpResponse<Buffer> batch(JsonObject... items) {
    return post(BATCH, new JsonObject().put("batch", new JsonArray(List.of((Object[]) items))));
  }

  private HttpResponse<Buffer> entity(JsonObject item) {
    return post(ENTITY, item);
  }

  private HttpResponse<Buffer> post(String path, JsonObject body) {
    return now(request(HttpMethod.POST, path).sendJsonObject(body));
  }

  private HttpRequest<Buffer> request(HttpMethod method, String path) {
    return client
        .requestAbs(method, customerIo.baseUrl() + path)
        .basicAuthentication("site", "key");
  }

  private static JsonObject person(String action, String id) {
    return new JsonObject()
        .put("type", "person")
        .put("action", action)
        .put("identifiers", new JsonObject().put("id", id));
  }

  private static JsonObject event(String id, String name, String deduplicatedBy) {
    return person("event", id).put("name", name).put("id", deduplicatedBy);
  }
}
