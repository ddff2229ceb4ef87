package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Effect;
import io.parley.verticles.Service.Answer;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Conversations of Twilio Conversations, the whole way from webhook to message.
class RoomTest {

  private static final String JANE = "+14155550142";
  private static final String CHAT_SERVICE = "IS" + "0".repeat(31) + "1";
  private static final String ROOM = "CH" + "0".repeat(31) + "1";
  private static final String OTHER_ROOM = "CH" + "0".repeat(31) + "2";

  private static final String FLOW =
      """
      {"initial_state": "Trigger", "states": [
        {"name": "Trigger", "type": "trigger", "properties": {},
         "transitions": [{"event": "incomingConversationMessage", "next": "ask"},
                         {"event": "incomingRequest", "next": "ask"}]},
        {"name": "ask", "type": "send-and-wait-for-reply",
         "properties": {"from": "Robin", "timeout": "3600",
                        "body": "Which size, {{trigger.conversation.From}}?"},
         "transitions": [{"event": "incomingMessage", "next": "thank"},
                         {"event": "timeout"}, {"event": "deliveryFailure"}]},
        {"name": "thank", "type": "send-message",
         "properties": {"from": "Robin", "to": "{{contact.channel.address}}",
                        "body": "You said: {{widgets.ask.inbound.Body}}"},
         "transitions": [{"event": "sent"}, {"event": "failed"}]}]}
      """;

  private final Service service = start();

  private static Service start() {
    return Service.start(
        Map.of("FLOW_BINDINGS", CHAT_SERVICE + "=cart", "CONVERSATION_AGENTS", "ann@example.com"));
  }

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void aParticipantsMessageStartsTheBoundFlowAndTheReplyMovesIt() {
    withTheFlow();

    Answer answer = write(ROOM, "IM1", JANE, "hi");
    service.until("the question leaves", () -> service.channel.texts().size() == 1);
    write(ROOM, "IM2", JANE, "large");
    service.until("the thanks leave", () -> service.channel.texts().size() == 2);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(service.channel.texts())
        .containsExactly("Which size, " + JANE + "?", "You said: large");
    assertThat(service.channel.sends())
        .allSatisfy(
            send -> {
              assertThat(send.to().value()).isEqualTo(ROOM);
              assertThat(send.byline()).map(Effect.Byline::author).contains("Robin");
            });
    service.until("all is told", () -> service.count("outbox") == 0);
    assertThat(service.track.taken())
        .isNotEmpty()
        .allMatch(item -> JANE.equals(item.getJsonObject("identifiers").getString("phone")));
  }

  @Test
  void aRepeatedWebhookIsOneReply() {
    withTheFlow();

    write(ROOM, "IM1", JANE, "hi");
    write(ROOM, "IM1", JANE, "hi");

    service.until("the question leaves", () -> service.channel.texts().size() == 1);
    assertThat(service.texts("select count(*) from turn where kind = 'ReplyReceived'"))
        .containsExactly("1");
  }

  @Test
  void twoConversationsOfOneServiceAreTwoThreads() {
    withTheFlow();

    write(ROOM, "IM1", JANE, "hi");
    write(OTHER_ROOM, "IM2", "+14155550143", "hi");

    service.until("two questions leave", () -> service.channel.texts().size() == 2);
    assertThat(service.channel.sends())
        .extracting(send -> send.to().value())
        .containsExactlyInAnyOrder(ROOM, OTHER_ROOM);
  }

  @Test
  void stopInAConversationOptsOutItsAddressToo() {
    withTheFlow();
    write(ROOM, "IM1", JANE, "hi");
    service.until("the question leaves", () -> service.channel.texts().size() == 1);

    write(ROOM, "IM2", JANE, "STOP");

    assertThat(service.texts("select address from contact where block = 'OPTED_OUT' order by 1"))
        .containsExactly(JANE, ROOM, "whatsapp:" + JANE);
    assertThat(service.trigger(JANE, "later").json().getString("reason")).isEqualTo("opted_out");
  }

  @Test
  void whoSaidStopElsewhereIsNotSpokenToInAConversation() {
    withTheFlow();
    saidStopElsewhere();

    write(ROOM, "IM1", JANE, "hi");
    write(ROOM, "IM2", JANE, "START");
    write(ROOM, "IM3", JANE, "hi");

    service.until("the question leaves", () -> service.channel.texts().size() == 1);
    assertThat(service.texts("select refusal from turn where source_id = 'IM1'"))
        .containsExactly("opted_out");
    assertThat(service.texts("select address from contact where block is not null")).isEmpty();
  }

  @Test
  void aStopThatIsSaidElsewhereHoldsBackWhatAConversationHasYetToHear() {
    service.stop();
    service.publish(
        "cart",
        FLOW.replace("\"3600\"", "\"4\"").replace("{\"event\": \"timeout\"}", TIMEOUT_THANKS));
    service.restart();
    write(ROOM, "IM1", JANE, "hi");
    service.until("the question leaves", () -> service.channel.texts().size() == 1);

    saidStopElsewhere();

    service.until("the flow ends", () -> service.count("outbox") == 0 && ended().size() == 1);
    assertThat(service.channel.texts()).hasSize(1);
    assertThat(ended()).containsExactly("opted_out");
  }

  private JsonObject bought() {
    JsonObject order =
        new JsonObject()
            .put("schema_version", 1)
            .put("event", "Order Completed")
            .put("id", "e-1")
            .put("customer", new JsonObject().put("phone", JANE))
            .put("properties", new JsonObject().put("order_id", "o-1"));
    return service.post("/events", order.encode(), Service.bearer()).join().json();
  }

  @Test
  void anOrderEndsAConversationAtItsNextMessage() {
    withTheFlow();
    write(ROOM, "IM1", JANE, "hi");
    service.until("the question leaves", () -> service.channel.texts().size() == 1);

    assertThat(bought().getString("status")).isEqualTo("accepted");
    write(ROOM, "IM2", JANE, "large");

    service.until("it has ended", () -> ended().equals(List.of("purchased")));
    assertThat(service.channel.texts()).hasSize(1);
    assertThat(service.texts("select reason from suppression where ended_at is null"))
        .containsExactly("purchase");
  }

  @Test
  void anOrderEndsAConversationInsteadOfWhatATimerSays() {
    service.stop();
    service.publish(
        "cart",
        FLOW.replace("\"3600\"", "\"2\"").replace("{\"event\": \"timeout\"}", TIMEOUT_THANKS));
    service.restart();
    write(ROOM, "IM1", JANE, "hi");
    service.until("the question leaves", () -> service.channel.texts().size() == 1);

    bought();

    service.until("it has ended", () -> ended().equals(List.of("purchased")));
    assertThat(service.channel.texts()).hasSize(1);
  }

  private static final String TIMEOUT_THANKS = "{\"event\": \"timeout\", \"next\": \"thank\"}";

  private List<String> ended() {
    return service.texts("select result from execution where result is not null");
  }

  private void saidStopElsewhere() {
    service.execute(
        "insert into contact (address, block, block_at, updated_at) values ('"
            + JANE
            + "', 'OPTED_OUT', now(), now())");
  }

  @Test
  void whatWeAnAgentOrNobodySaidMovesNothingAndIsCounted() {
    withTheFlow();
    List<Map<String, String>> forms =
        Stream.of(
                Map.of("Author", "Robin", "Source", "API"),
                Map.of("Author", "ann@example.com", "Source", "SDK", "ParticipantSid", "MB1"),
                Map.of("EventType", "onParticipantAdded"),
                Map.of("EventType", "onConversationStateUpdated", "StateTo", "closed"))
            .toList();

    for (Map<String, String> form : forms) {
      assertThat(post(form).status()).isEqualTo(200);
    }

    assertThat(service.rows()).isZero();
    assertThat(service.get("/metrics").body())
        .contains("parley_edge_ignored_total{edge=\"twilio_conversations\",reason=\"agent\"} 1.0")
        .contains("reason=\"onConversationStateUpdated\"");
  }

  @Test
  void aRequestThatTwilioDidNotSignIsRefused() {
    Answer answer = service.twilio("/twilio/conversations", form(Map.of()), "wrong").join();

    assertThat(answer.status()).isEqualTo(403);
    assertThat(service.rows()).isZero();
  }

  @Test
  void aConversationThatAFlowOpenedBelongsToItsThread() {
    withTheFlow();
    service.trigger(JANE, "key");
    service.until("the question leaves", () -> service.channel.texts().size() == 1);
    service.execute(
        "insert into thread_name (name, conversation, at) select '"
            + ROOM
            + "', id, now() from conversation");

    write(ROOM, "IM1", JANE, "large");

    service.until("the thanks leave", () -> service.channel.texts().size() == 2);
    assertThat(service.channel.texts()).endsWith("You said: large");
    assertThat(service.count("conversation")).isEqualTo(1);
  }

  @Test
  void aDeliveryReportIsHeardInTheConversationOfItsMessage() {
    withTheFlow();
    write(ROOM, "IM1", JANE, "hi");
    service.until("it is taken", () -> service.texts(accepted()).equals(List.of("1")));

    Answer answer =
        post(
            Map.of(
                "EventType", "onDeliveryUpdated",
                "MessageSid", service.channel.sids().getFirst().value(),
                "ParticipantSid", "MB1",
                "Status", "delivered"));

    assertThat(answer.status()).isEqualTo(200);
    service.until("all is told", () -> service.count("outbox") == 0);
    assertThat(service.track.names()).contains("twilio_message_delivered");
  }

  private static String accepted() {
    return "select count(*) from turn where kind = 'SendAccepted'";
  }

  private void withTheFlow() {
    service.stop();
    service.publish("cart", FLOW);
    service.restart();
  }

  private Answer write(String room, String sid, String author, String body) {
    return post(
        Map.of(
            "ConversationSid", room,
            "MessageSid", sid,
            "Author", author,
            "Body", body,
            "ParticipantSid", "MB1",
            "Source", "SMS"));
  }

  private Answer post(Map<String, String> more) {
    return service.twilio("/twilio/conversations", form(more)).join();
  }

  private static Map<String, String> form(Map<String, String> more) {
    Map<String, String> form = new HashMap<>();
    form.put("EventType", "onMessageAdded");
    form.put("AccountSid", "AC00000000000000000000000000000001");
    form.put("ChatServiceSid", CHAT_SERVICE);
    form.put("ConversationSid", ROOM);
    form.put("MessageSid", "IM9");
    form.put("Attributes", "{}");
    form.putAll(more);
    return form;
  }
}
