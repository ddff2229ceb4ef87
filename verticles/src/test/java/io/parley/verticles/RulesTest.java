package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Outcomes;
import io.parley.engine.Values;
import io.parley.engine.outcomes.OutcomeCatalogue;
import io.parley.testkit.TestPostgres;
import io.parley.verticles.Service.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rules by which calls about persons start flows, over the whole service.
class RulesTest {

  private static final String JANE = "+14155550142";

  private static final String HELLO =
      """
      {"description": "Says what it was given", "initial_state": "Trigger",
       "flags": {"allow_concurrent_calls": true}, "states": [
        {"name": "Trigger", "type": "trigger", "properties": {},
         "transitions": [{"event": "incomingRequest", "next": "hello"}]},
        {"name": "hello", "type": "send-message",
         "properties": {"from": "{{flow.channel.address}}", "to": "{{contact.channel.address}}",
           "body": "{{flow.data.customer.first_name}}: {{flow.data.event}} {{flow.data.properties.total}} {{flow.data.code}} {{flow.data.items[0].name}} by {{flow.data.rule}}"},
         "transitions": [{"event": "sent"}, {"event": "failed"}]}
      ]}
      """;

  private static final String RULES =
      """
      rules:
        - name: cart-abandoned
          when: {track: Checkout Abandoned}
          where: {properties.total: {at_least: 50}}
          start:
            flow: hello
            cohort: "{{traits.experiment}}"
            parameters:
              code: "{{event.properties.code}}"
              items: "{{event.properties.items}}"
        - name: cart-state
          when: {trait: cart_state, becomes: abandoned}
          start: {flow: cart, cooling_off: 0}
        - name: reactivation
          when: {page: Old Friends}
          start: {flow: gone}
        - name: on-whatsapp
          when: {screen: Cart}
          start: {flow: hello, channel: whatsapp}
      """;

  @TempDir private Path folder;
  private Path file;
  private Service service;

  @BeforeEach
  void start() {
    file = folder.resolve("rules.yaml");
    write(RULES);
    service =
        new Service(
            TestPostgres.database(),
            Map.of("WRITE_KEYS", "shop=SHOPKEY", "RULES", file.toString()),
            Map.of("hello", HELLO));
  }

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void anEventStartsTheFlowWithWhatItTells() {
    identify("42", new JsonObject().put("phone", JANE).put("firstName", "Jane"));
    post("/v1/track", abandoned("42", "m1", 82.5));

    service.until("it is said", () -> service.channel.texts().size() == 1);
    assertThat(service.channel.texts())
        .containsExactly("Jane: Checkout Abandoned 82.5 SAVE Day cream by cart-abandoned");
    assertThat(service.channel.sends().getFirst().to().value()).isEqualTo(JANE);
    assertThat(service.texts("select external_id from contact")).containsExactly("42");
    assertThat(metric("cart-abandoned", "started")).isEqualTo(1);
  }

  @Test
  void anEventThatDoesNotMeetTheConditionsStartsNothing() {
    identify("42", new JsonObject().put("phone", JANE));
    post("/v1/track", abandoned("42", "m1", 49));
    post("/v1/track", abandoned("42", "m2", 500).put("event", "Checkout Started"));
    worked();

    assertThat(service.count("turn")).isZero();
  }

  @Test
  void aCallThatIsToldAgainStartsNothingAgain() {
    identify("42", new JsonObject().put("phone", JANE));
    post("/v1/track", abandoned("42", "m1", 82.5));
    service.until("it is said", () -> service.channel.texts().size() == 1);
    worked();
    service.execute("delete from ingested_name");

    post("/v1/track", abandoned("42", "m1", 82.5));
    worked();

    assertThat(metric("cart-abandoned", "repeated")).isEqualTo(1);
    assertThat(service.count("turn where kind = 'Triggered'")).isEqualTo(1);
  }

  @Test
  void aChangeOfATraitStartsTheFlowOnce() {
    identify("42", new JsonObject().put("phone", JANE).put("cart_state", "full"));
    identify("42", new JsonObject().put("cart_state", "abandoned").put("first_name", "Jane"));
    service.until("it is asked", () -> service.channel.texts().size() == 1);

    identify("42", new JsonObject().put("cart_state", "abandoned"));
    worked();

    assertThat(service.channel.texts()).containsExactly("Hi Jane, still want it?");
    assertThat(service.count("turn where kind = 'Triggered'")).isEqualTo(1);
  }

  @Test
  void aChangeIsNotLostWhereTheFlowCannotStartAtOnce() {
    identify("42", new JsonObject().put("phone", JANE).put("cart_state", "full"));
    worked();
    service.execute(
        """
        create function refuse() returns trigger language plpgsql as $$
        begin raise exception 'no'; end $$;
        create trigger refuse before insert on turn for each row execute function refuse();
        """);
    identify("42", new JsonObject().put("cart_state", "abandoned"));
    service.until(
        "it was tried",
        () -> service.count("ingested where attempts > 0") + service.count("inbox") == 1);
    assertThat(service.texts("select value from trait where name = 'cart_state'"))
        .containsExactly("\"abandoned\"");

    service.execute(
        """
        drop trigger refuse on turn;
        update ingested set due_at = now();
        update inbox set due_at = now();
        """);

    service.until("it is asked", () -> service.channel.texts().size() == 1);
    worked();
    assertThat(service.count("turn where kind = 'Triggered'")).isEqualTo(1);
  }

  @Test
  void aFlowCoolsOffAndARefusalDoesNotUseThatUp() {
    identify("42", new JsonObject().put("phone", JANE).put("experiment", "holdout"));
    post("/v1/track", abandoned("42", "m1", 82.5));
    service.until("it is refused", () -> metric("cart-abandoned", "holdout") == 1);

    identify("42", new JsonObject().put("experiment", "b"));
    post("/v1/track", abandoned("42", "m2", 82.5));
    service.until("it is said", () -> service.channel.texts().size() == 1);
    service.until("it is over", () -> service.count("execution where ended_at is null") == 0);
    post("/v1/track", abandoned("42", "m3", 82.5));

    service.until("it is refused", () -> metric("cart-abandoned", "cooling_off") == 1);
    service.until("all is told", () -> service.count("outbox") == 0);
    assertThat(refusals()).containsExactly("holdout", "cooling_off");
    assertThat(service.texts("select person from cooling_off")).containsExactly("42");
  }

  @Test
  void whoHasBoughtIsNotAskedTo() {
    identify("42", new JsonObject().put("phone", JANE));
    String before = Instant.now().minus(Duration.ofMinutes(5)).toString();
    post(
        "/v1/batch",
        new JsonObject()
            .put(
                "batch",
                new JsonArray()
                    .add(
                        new JsonObject()
                            .put("type", "track")
                            .put("userId", "42")
                            .put("event", "Order Completed"))
                    .add(
                        abandoned("42", "m1", 82.5)
                            .put("type", "track")
                            .put("timestamp", before))));

    service.until("it is refused", () -> metric("cart-abandoned", "purchased") == 1);
    assertThat(service.channel.texts()).isEmpty();
  }

  @Test
  void aRuleOfSomebodyWithoutANumberIsReportedOnce() {
    post("/v1/track", abandoned("42", "m1", 82.5));
    service.until("it is told", () -> refusals().size() == 1);
    worked();
    service.execute("delete from ingested_name");
    post("/v1/track", abandoned("42", "m1", 82.5));
    worked();
    post("/v1/track", abandoned("42", "m2", 82.5).put("anonymousId", "a1").putNull("userId"));
    worked();

    assertThat(refusals()).containsExactly("no_phone");
    JsonObject told =
        service.track.taken().stream()
            .filter(it -> TrackServer.name(it).equals("conversation_refused"))
            .findFirst()
            .orElseThrow();
    assertThat(told.getJsonObject("identifiers")).isEqualTo(new JsonObject().put("id", "42"));
    assertThat(told.getJsonObject("attributes").getString("rule")).isEqualTo("cart-abandoned");
    assertThat(
            OutcomeCatalogue.find(Outcomes.CONVERSATION_REFUSED)
                .orElseThrow()
                .problems(new Values(told.getJsonObject("attributes").getMap())))
        .isEmpty();
    assertThat(metric("cart-abandoned", "no_phone")).isEqualTo(3);
    assertThat(service.count("turn")).isZero();
  }

  @Test
  void aNumberIsFoundInTheContactBook() {
    service.execute(
        """
        insert into contact (address, external_id, block, updated_at)
        values ('+14155550141', '42', 'UNREACHABLE', now()), ('whatsapp:%s', '42', null, now())
        """
            .formatted(JANE));

    post("/v1/track", abandoned("42", "m1", 82.5));

    service.until("it is said", () -> service.channel.texts().size() == 1);
    assertThat(service.channel.sends().getFirst().to().value()).isEqualTo(JANE);
  }

  @Test
  void aFlowOrASenderThatIsNotThereIsTold() {
    identify("42", new JsonObject().put("phone", JANE));
    post("/v1/page", new JsonObject().put("userId", "42").put("name", "old friends"));
    post("/v1/screen", new JsonObject().put("userId", "42").put("name", "Cart"));

    service.until("they are told", () -> refusals().size() == 2);
    assertThat(refusals()).containsExactlyInAnyOrder("unknown_flow", "no_sender");
  }

  @Test
  void whatIsToldOfLongAgoStartsNothing() {
    identify("42", new JsonObject().put("phone", JANE));
    post(
        "/v1/track",
        abandoned("42", "m1", 82.5)
            .put("timestamp", Instant.now().minus(Duration.ofDays(4)).toString()));

    service.until("it is counted", () -> metric("cart-abandoned", "too_old") == 1);
    assertThat(service.count("turn")).isZero();
    assertThat(service.count("outbox")).isZero();
  }

  @Test
  void otherRulesAreInForceAsSoonAsTheFileIsRightAgain() {
    identify("42", new JsonObject().put("phone", JANE));
    List<String> lines = new CopyOnWriteArrayList<>();
    try (Log _ = Log.into(lines)) {
      write("rules: [{name: broken");
      service.until(
          "it is told",
          () ->
              lines.stream()
                  .anyMatch(it -> it.contains("stay as they were") && it.contains("" + file)));
    }
    post("/v1/track", abandoned("42", "m1", 82.5));
    service.until("the old ones hold", () -> service.channel.texts().size() == 1);

    write(RULES.replace("at_least: 50", "at_least: 5000"));
    service.until("the new ones hold", () -> isRefused("m"));
  }

  /// Tells of another event until none starts a flow any more.
  private boolean isRefused(String name) {
    long before = service.count("turn where kind = 'Triggered'");
    post("/v1/track", abandoned("42", name + System.nanoTime(), 82.5));
    worked();
    return service.count("turn where kind = 'Triggered'") == before;
  }

  // ---- what is told

  private void identify(String user, JsonObject traits) {
    assertThat(
            post("/v1/identify", new JsonObject().put("userId", user).put("traits", traits))
                .status())
        .isEqualTo(200);
  }

  private static JsonObject abandoned(String user, String messageId, double total) {
    return new JsonObject()
        .put("userId", user)
        .put("event", "Checkout Abandoned")
        .put("messageId", messageId)
        .put(
            "properties",
            new JsonObject()
                .put("total", total)
                .put("code", "SAVE")
                .put("items", new JsonArray(List.of(new JsonObject().put("name", "Day cream")))));
  }

  private Answer post(String path, JsonObject body) {
    String basic = Base64.getEncoder().encodeToString("SHOPKEY:".getBytes(StandardCharsets.UTF_8));
    return service.post(path, body.encode(), Map.of("Authorization", "Basic " + basic)).join();
  }

  private void worked() {
    service.until("all is worked off", () -> service.count("ingested") == 0);
  }

  private List<String> refusals() {
    return service.track.taken().stream()
        .filter(it -> TrackServer.name(it).equals("conversation_refused"))
        .map(it -> it.getJsonObject("attributes").getString("reason"))
        .toList();
  }

  private long metric(String rule, String outcome) {
    String line = "parley_rules_total{outcome=\"%s\",rule=\"%s\"} ".formatted(outcome, rule);
    return service
        .get("/metrics")
        .body()
        .lines()
        .filter(it -> it.startsWith(line))
        .map(it -> (long) Double.parseDouble(it.substring(line.length())))
        .findFirst()
        .orElse(0L);
  }

  private void write(String rules) {
    try {
      Files.writeString(file, rules);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
