package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.FlowSid;
import io.parley.verticles.Service.Answer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Flows that the destination Twilio Studio triggers, and events that wake them.
class StudioTriggerTest {

  private static final Service SERVICE = Service.start();

  @BeforeAll
  static void publish() {
    SERVICE.stop();
    SERVICE.publish(
        "after-order",
        """
        {"description": "Says hello", "initial_state": "Trigger",
         "flags": {"allow_concurrent_calls": true, "parley.after_purchase": true}, "states": [
          {"name": "Trigger", "type": "trigger", "properties": {},
           "transitions": [{"event": "incomingRequest", "next": "hello"}]},
          {"name": "hello", "type": "send-message",
           "properties": {"from": "{{flow.channel.address}}", "to": "{{contact.channel.address}}",
             "body": "{{flow.data.userId}}/{{flow.data.anonymousId}}/{{flow.data.properties.total}}/{{flow.data.coupon}}"},
           "transitions": [{"event": "sent"}, {"event": "failed"}]}
        ]}
        """);
    SERVICE.publish(
        "shipping",
        """
        {"description": "Waits for the parcel", "initial_state": "Trigger",
         "flags": {"allow_concurrent_calls": true}, "states": [
          {"name": "Trigger", "type": "trigger", "properties": {},
           "transitions": [{"event": "incomingRequest", "next": "wait"}]},
          {"name": "wait", "type": "parley.wait-for-event",
           "properties": {"event": "Order Shipped", "timeout": "P3D"},
           "transitions": [{"event": "occurred", "next": "tell"}, {"event": "timeout"}]},
          {"name": "tell", "type": "send-message",
           "properties": {"from": "{{flow.channel.address}}", "to": "{{contact.channel.address}}",
                          "body": "It comes by {{widgets.wait.event.carrier}}"},
           "transitions": [{"event": "sent"}, {"event": "failed"}]}
        ]}
        """);
    SERVICE.restart();
  }

  @AfterAll
  static void close() {
    SERVICE.close();
  }

  @Test
  void theEventReachesTheFlow() {
    JsonObject body =
        body("u1", "+14155550101", "m1")
            .put("anonymousId", "a1")
            .put("properties", new JsonObject().put("total", 82.5))
            .put("parameters", new JsonObject().put("coupon", "SAVE"));

    Answer answer = trigger(body);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().getString("status")).isEqualTo("started");
    assertThat(answer.json().getString("flow_sid")).isEqualTo(FlowSid.named("after-order").value());
    SERVICE.until("it is said", () -> SERVICE.channel.texts().contains("u1/a1/82.5/SAVE"));
  }

  @Test
  void aFlowCoolsOffForItsUserWhicheverNumberTheyHave() {
    assertThat(trigger(body("u2", "+14155550111", "m1")).json().getString("status"))
        .isEqualTo("started");

    Answer again = trigger(body("u2", "+14155550112", "m2"));
    Answer repeat = trigger(body("u2", "+14155550112", "m2"));

    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().getString("status")).isEqualTo("refused");
    assertThat(again.json().getString("reason")).isEqualTo("cooling_off");
    assertThat(again.json().getLong("seconds_left")).isBetween(1L, 60L);
    assertThat(repeat.json().getBoolean("duplicate")).isTrue();
    assertThat(repeat.json().getLong("seconds_left")).isBetween(1L, 60L);
    SERVICE.until("the first is over", () -> SERVICE.count("engaged where live") == 0);
    assertThat(
            trigger(body("u2", "+14155550112", "m3").put("cooling_off", 0))
                .json()
                .getString("status"))
        .isEqualTo("started");
  }

  @Test
  void somebodyWhoIsNotKnownYetIsOneUserToo() {
    JsonObject first = body("u8", "+14155550181", "m1").put("anonymousId", "a8");
    JsonObject second = body("u8", "+14155550182", "m2").put("anonymousId", "a8");
    first.remove("userId");
    second.remove("userId");

    assertThat(trigger(first).json().getString("status")).isEqualTo("started");
    assertThat(trigger(second).json().getString("reason")).isEqualTo("cooling_off");
  }

  @Test
  void aRepeatIsAnsweredLikeTheFirst() {
    trigger(body("u3", "+14155550121", "m1"));

    Answer repeat = trigger(body("u3", "+14155550121", "m1"));

    assertThat(repeat.json().getString("status")).isEqualTo("started");
    assertThat(repeat.json().getBoolean("duplicate")).isTrue();
  }

  @Test
  void aRefusalDoesNotBeginTheCoolingOff() {
    JsonObject suppressed =
        body("u4", "+14155550131", "m1").put("controls", new JsonObject().put("suppressed", true));

    assertThat(trigger(suppressed).json().getString("reason")).isEqualTo("suppressed");

    assertThat(trigger(body("u4", "+14155550132", "m2")).json().getString("status"))
        .isEqualTo("started");
  }

  @Test
  void ofManyTriggersAtOnceOneRuns() {
    List<CompletableFuture<Answer>> asked =
        IntStream.range(0, 24)
            .mapToObj(
                i ->
                    SERVICE.post(
                        "/studio/trigger",
                        body("u5", "+141555502%02d".formatted(i), "many-" + i).encode(),
                        Service.bearer()))
            .toList();

    List<JsonObject> answers = asked.stream().map(it -> it.join().json()).toList();

    assertThat(answers).filteredOn(it -> it.getString("status").equals("started")).hasSize(1);
    assertThat(answers)
        .filteredOn(it -> !it.getString("status").equals("started"))
        .hasSize(23)
        .allMatch(it -> Set.of("cooling_off", "in_conversation").contains(it.getString("reason")));
    assertThat(SERVICE.texts("select person from cooling_off where person = 'u5'")).hasSize(1);
  }

  @Test
  void whatIsWrongIsNamedByPointer() {
    Answer answer =
        trigger(new JsonObject().put("cooling_off", 99_999_999).put("messageId", "wrong"));
    Answer unknown = trigger(body("u6", "+14155550161", "m1").put("flow_sid", "FW0"));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("/flow_sid", "/to", "/cooling_off");
    assertThat(unknown.status()).isEqualTo(400);
    assertThat(unknown.body()).contains("/flow_sid", "after-order");
    assertThat(SERVICE.get("/schemas/studio-trigger.json").json().getString("title")).isNotEmpty();
  }

  @Test
  void anEventWakesTheFlowThatWaitsForIt() {
    trigger(body("u7", "+14155550171", "m1").put("flow_sid", "shipping"));
    JsonObject shipped =
        new JsonObject()
            .put("schema_version", 1)
            .put("event", "order_shipped")
            .put("id", "e7")
            .put("customer", new JsonObject().put("external_id", "u7"))
            .put("properties", new JsonObject().put("carrier", "DHL"));

    Answer other =
        SERVICE
            .post(
                "/events",
                shipped.copy().put("event", "Order Packed").put("id", "e6").encode(),
                Service.bearer())
            .join();
    Answer first = SERVICE.post("/events", shipped.encode(), Service.bearer()).join();
    Answer again = SERVICE.post("/events", shipped.encode(), Service.bearer()).join();

    assertThat(other.json().getInteger("conversations_woken")).isZero();
    assertThat(first.json().getInteger("conversations_woken")).isEqualTo(1);
    assertThat(again.json().getBoolean("duplicate")).isTrue();
    SERVICE.until("it is told", () -> SERVICE.channel.texts().contains("It comes by DHL"));
  }

  private static JsonObject body(String user, String phone, String message) {
    return new JsonObject()
        .put("flow_sid", FlowSid.named("after-order").value())
        .put("from", Service.OURS)
        .put("type", "track")
        .put("event", "Order Completed")
        .put("userId", user)
        .put("messageId", user + message)
        .put("context", new JsonObject().put("traits", new JsonObject().put("phone", phone)));
  }

  private static Answer trigger(JsonObject body) {
    return SERVICE.post("/studio/trigger", body.encode(), Service.bearer()).join();
  }
}
