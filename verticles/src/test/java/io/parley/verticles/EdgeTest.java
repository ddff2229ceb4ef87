package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.verticles.Service.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the edges refuse, after which nothing is stored.
class EdgeTest {

  private static final String JANE = "+14155550142";
  private static final Service SERVICE = Service.start();

  @AfterAll
  static void close() {
    SERVICE.close();
  }

  @AfterEach
  void nothingIsStored() {
    assertThat(SERVICE.rows()).isZero();
  }

  @Test
  void everythingThatIsWrongWithATriggerIsNamed() {
    JsonObject payload = Service.payload("+1", "key");
    payload.put("schema_version", 7);
    payload.getJsonObject("trigger").remove("type");
    payload.getJsonObject("controls").remove("flow");

    Answer answer = SERVICE.trigger(payload.encode(), Service.bearer()).join();

    assertThat(answer.status()).isEqualTo(400);
    assertThat(pointers(answer))
        .containsExactlyInAnyOrder(
            "/schema_version", "/trigger/type", "/customer/phone", "/controls/flow");
  }

  @Test
  void aBodyThatIsNoJsonIsRefused() {
    assertThat(SERVICE.trigger("{", Service.bearer()).join().status()).isEqualTo(400);
  }

  @Test
  void aFlowThatNobodyKnowsIsRefusedWithThoseThatThereAre() {
    JsonObject payload = Service.payload(JANE, "key");
    payload.getJsonObject("controls").put("flow", "nothing");

    Answer answer = SERVICE.trigger(payload.encode(), Service.bearer()).join();

    assertThat(answer.status()).isEqualTo(400);
    assertThat(pointers(answer)).containsExactly("/controls/flow");
    assertThat(answer.body()).contains("cart");
  }

  @Test
  void aChannelWithoutASenderIsRefused() {
    JsonObject payload = Service.payload(JANE, "key");
    payload.getJsonObject("controls").put("channel", "whatsapp");

    Answer answer = SERVICE.trigger(payload.encode(), Service.bearer()).join();

    assertThat(answer.status()).isEqualTo(400);
    assertThat(pointers(answer)).containsExactly("/controls/from");
    assertThat(answer.body()).contains("PARLEY_WHATSAPP_SENDER");
  }

  @Test
  void aTriggerThatProvesNothingOrTheWrongThingIsRefused() {
    String body = Service.payload(JANE, "key").encode();

    assertThat(SERVICE.trigger(body, Map.of()).join().status()).isEqualTo(401);
    assertThat(SERVICE.trigger(body, Map.of("Authorization", "Bearer x")).join().status())
        .isEqualTo(401);
    assertThat(SERVICE.trigger(body + " ", Service.signed(body)).join().status()).isEqualTo(401);
    assertThat(SERVICE.post("/events", body, Map.of()).join().status()).isEqualTo(401);
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() {
    JsonObject payload = Service.payload(JANE, "key").put("filler", "x".repeat(40_000));

    Answer answer = SERVICE.trigger(payload.encode(), Service.bearer()).join();

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.json().getString("message")).isNotEmpty();
    assertThat(SERVICE.get("/metrics").body())
        .contains("parley_edge_refused_total{edge=\"customerio\",reason=\"too_large\"} 1.0");
  }

  @Test
  void aPathThatCannotBeDecodedIsRefusedWithoutANoise() throws IOException {
    List<String> lines = new CopyOnWriteArrayList<>();
    try (Log _ = Log.into(lines)) {
      assertThat(SERVICE.raw("GET /%zz HTTP/1.1")).startsWith("HTTP/1.1 400");
    }
    assertThat(lines).isEmpty();
  }

  @Test
  void aRequestThatTwilioDidNotSignIsRefused() {
    Map<String, String> message =
        Map.of("MessageSid", "SM1", "From", JANE, "To", Service.OURS, "Body", "hi");

    assertThat(SERVICE.twilio("/twilio/messages", message, "wrong").join().status()).isEqualTo(403);
    assertThat(SERVICE.twilio("/twilio/status", message, "wrong").join().status()).isEqualTo(403);
  }

  @Test
  void aFormOfTwiliosWithoutItsParametersIsRefused() {
    Answer answer = SERVICE.twilio("/twilio/messages", Map.of("Body", "hi")).join();

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("MessageSid").contains("From").contains("To");
  }

  @Test
  void anotherPathOrMethodIsExplained() {
    assertThat(SERVICE.get("/nothing").status()).isEqualTo(404);
    assertThat(SERVICE.get("/customerio/triggers").status()).isEqualTo(405);
  }

  @Test
  void operatorsSeeThatTheServiceIsReady() {
    assertThat(SERVICE.get("/health/live").status()).isEqualTo(200);
    Answer ready = SERVICE.get("/health/ready");
    assertThat(ready.status()).isEqualTo(200);
    assertThat(ready.json().getString("twilio_courier")).isEqualTo("on");
    assertThat(SERVICE.get("/metrics").body())
        .contains("parley_edge_refused_total")
        .doesNotContainPattern("(?m)^# HELP parley_\\S+ *$");
    assertThat(SERVICE.get("/schemas/trigger.json").json().getString("title")).isNotEmpty();
    assertThat(SERVICE.get("/schemas/outcomes.json").json().getString("title")).isNotEmpty();
  }

  private static List<String> pointers(Answer answer) {
    JsonArray errors = answer.json().getJsonArray("errors");
    return errors.stream().map(it -> ((JsonObject) it).getString("pointer")).toList();
  }
}
