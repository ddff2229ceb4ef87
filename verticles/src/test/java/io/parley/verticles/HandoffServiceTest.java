package io.parley.verticles;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.parley.verticles.Service.Answer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Conversations that a person takes over, as whoever answers the customers sees them.
class HandoffServiceTest {

  private static final Map<String, String> OPERATOR = Map.of("Authorization", "Bearer operator");
  private static final Service SERVICE = Service.start(Map.of("OPERATOR_TOKEN", "operator"));

  @BeforeAll
  static void publish() {
    SERVICE.stop();
    SERVICE.publish(
        "care",
        """
        {"description": "Care", "initial_state": "Trigger",
         "flags": {"allow_concurrent_calls": true}, "states": [
          {"name": "Trigger", "type": "trigger", "properties": {},
           "transitions": [{"event": "incomingRequest", "next": "hello"}]},
          {"name": "hello", "type": "send-message",
           "properties": {"from": "{{flow.channel.address}}", "to": "{{contact.channel.address}}",
                          "body": "One moment"},
           "transitions": [{"event": "sent", "next": "person"}, {"event": "failed"}]},
          {"name": "person", "type": "send-to-flex",
           "properties": {"workflow": "care", "channel": "sms",
                          "attributes": "{\\"topic\\": \\"sizes\\"}"},
           "transitions": [{"event": "callComplete", "next": "thanks"},
                           {"event": "failedToEnqueue", "next": "sorry"},
                           {"event": "callFailure"}]},
          {"name": "thanks", "type": "send-and-wait-for-reply",
           "properties": {"from": "{{flow.channel.address}}", "timeout": "3600",
                          "body": "{{widgets.person.disposition}} by {{widgets.person.agent}}"},
           "transitions": [{"event": "incomingMessage"}, {"event": "timeout"},
                           {"event": "deliveryFailure"}]},
          {"name": "sorry", "type": "send-message",
           "properties": {"from": "{{flow.channel.address}}", "to": "{{contact.channel.address}}",
                          "body": "Nobody is here"},
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
  void aHandoffIsListedShownAndClosed() {
    String phone = "+14155550101";
    String id = handedOver(phone);
    SERVICE.reply(phone, "SM-handoff-1", "are you there?");

    JsonObject shown = SERVICE.get("/handoffs/" + id, OPERATOR).json();

    assertThat(shown.getString("state")).isEqualTo("queued");
    assertThat(shown.getString("external_id")).isEqualTo("person-01");
    assertThat(shown.getString("flow")).isEqualTo("care");
    assertThat(shown.getString("widget")).isEqualTo("person");
    assertThat(shown.getJsonObject("request").getJsonObject("attributes").getString("topic"))
        .isEqualTo("sizes");
    assertThat(shown.getJsonObject("person").getString("first_name")).isEqualTo("Jane");
    assertThat(shown.getJsonArray("messages").stream().map(it -> text((JsonObject) it)))
        .containsExactly("us: One moment (accepted)", "contact: are you there? (received)");

    String body = "{\"disposition\": \"solved\", \"outputs\": {\"agent\": \"Mia\"}}";
    Answer first = SERVICE.post("/handoffs/" + id + "/close", body, OPERATOR).join();
    Answer again = SERVICE.post("/handoffs/" + id + "/close", body, OPERATOR).join();

    assertThat(first.status()).isEqualTo(200);
    assertThat(first.json().getString("status")).isEqualTo("closed");
    assertThat(first.json().getBoolean("duplicate")).isFalse();
    assertThat(again.json().getBoolean("duplicate")).isTrue();
    SERVICE.until("the flow went on", () -> SERVICE.channel.texts().contains("solved by Mia"));
    JsonObject closed = SERVICE.get("/handoffs/" + id, OPERATOR).json();
    assertThat(closed.getString("state")).isEqualTo("closed");
    assertThat(closed.getString("disposition")).isEqualTo("solved");
    assertThat(listed("open")).doesNotContain(id);
    assertThat(listed("closed")).contains(id);

    Answer late =
        SERVICE.post("/handoffs/" + id + "/fail", "{\"reason\": \"no_agent\"}", OPERATOR).join();
    assertThat(late.status()).isEqualTo(409);
    assertThat(late.json().getString("reason")).isIn("late_answer", "no_execution");
  }

  /// What it holds is kept with the conversation, where it must be read again.
  @Test
  void aBodyThatCouldNotBeReadAgainClosesNothing() {
    String id = handedOver("+14155550109");

    for (String outputs :
        List.of("[".repeat(995) + "]".repeat(995), "1e999", "1, \"a\": 2", "NaN", "1} {\"b\": 2")) {
      String body = "{\"disposition\": \"solved\", \"outputs\": {\"a\": " + outputs + "}}";
      Answer answer = SERVICE.post("/handoffs/" + id + "/close", body, OPERATOR).join();
      assertThat(answer.status()).as(outputs).isEqualTo(400);
      assertThat(answer.body()).contains("is no JSON object");
    }
    assertThat(SERVICE.post("/handoffs/" + id + "/close", "null", OPERATOR).join().status())
        .isEqualTo(400);
    assertThat(listed("open")).contains(id);
  }

  @Test
  void aHandoffThatNobodyCanTakeFails() {
    String id = handedOver("+14155550102");

    Answer answer =
        SERVICE.post("/handoffs/" + id + "/fail", "{\"reason\": \"no_agent\"}", OPERATOR).join();

    assertThat(answer.status()).isEqualTo(200);
    SERVICE.until("the flow went on", () -> SERVICE.channel.texts().contains("Nobody is here"));
    assertThat(SERVICE.get("/handoffs/" + id, OPERATOR).json().getString("why"))
        .isEqualTo("no_agent");
  }

  @Test
  void aStopClosesTheHandoffInTheSameCommit() {
    String phone = "+14155550103";
    String id = handedOver(phone);

    SERVICE.reply(phone, "SM-handoff-stop", "STOP");

    JsonObject shown = SERVICE.get("/handoffs/" + id, OPERATOR).json();
    assertThat(shown.getString("state")).isEqualTo("closed");
    assertThat(shown.getString("why")).isEqualTo("the execution ended: opted_out");
  }

  @Test
  void anAgentTakesItWritesAndClosesIt() {
    String phone = "+14155550111";
    String id = handedOver(phone);

    tell(phone, "took", "{\"type\":\"AgentTook\",\"agent\":\"mia\",\"over\":false}");
    SERVICE.until(
        "it is taken",
        () -> SERVICE.get("/handoffs/" + id, OPERATOR).json().getString("state").equals("agent"));
    tell(
        phone,
        "wrote",
        """
        {"type":"AgentWrote","handoff":"%s","agent":"mia","draft":"d1","whenOpen":true,
         "content":{"type":"Text","body":"Mia writes","mediaUrls":[]}}"""
            .formatted(id));
    SERVICE.until("it left", () -> SERVICE.channel.texts().contains("Mia writes"));

    JsonObject shown = SERVICE.get("/handoffs/" + id, OPERATOR).json();
    assertThat(shown.getString("holder")).isEqualTo("mia");
    assertThat(shown.getString("first_reply_at")).isNotNull();
    Answer unknown =
        SERVICE
            .post(
                "/handoffs/" + id + "/close",
                "{\"disposition\": \"solved\", \"then\": {\"do\": \"at\", \"widget\": \"x\"}}",
                OPERATOR)
            .join();
    assertThat(unknown.status()).isEqualTo(409);
    assertThat(unknown.json().getString("reason")).isEqualTo("unknown_widget");
    Answer closed =
        SERVICE
            .post(
                "/handoffs/" + id + "/close",
                "{\"disposition\": \"solved\", \"then\": {\"do\": \"ends\"}}",
                OPERATOR)
            .join();
    assertThat(closed.status()).isEqualTo(200);
    assertThat(SERVICE.texts("select result from execution where contact = '" + phone + "'"))
        .containsExactly("closed");
  }

  /// What an agent tells, by way of the inbox.
  private static void tell(String phone, String name, String event) {
    SERVICE.execute(
        """
        insert into inbox (source, source_id, ours, theirs, format, event, received_at, due_at, error)
        values ('agent', '%s', '%s', '%s', 4, '%s', now(), now(), '')
        """
            .formatted(name + phone, Service.OURS, phone, event));
  }

  @Test
  void aTriggerMeanwhileWaitsAndBeginsWhenTheHandoffIsOverAfterAnyRestart() {
    String phone = "+14155550104";
    String id = handedOver(phone);

    Answer first = SERVICE.trigger(phone, "meanwhile");
    Answer again = SERVICE.trigger(phone, "meanwhile");

    assertThat(List.of(first, again))
        .allSatisfy(it -> assertThat(it.status()).isEqualTo(202))
        .allSatisfy(it -> assertThat(it.json().getString("status")).isEqualTo("accepted"))
        .allSatisfy(it -> assertThat(it.json().getString("reason")).isEqualTo("handed_off"))
        .allSatisfy(it -> assertThat(it.json().getBoolean("waiting")).isTrue());
    assertThat(first.json().getBoolean("duplicate")).isFalse();
    assertThat(again.json().getBoolean("duplicate")).isTrue();
    assertThat(waiting(phone)).hasSize(1);
    SERVICE.restart();
    assertThat(runs(phone)).hasSize(1);

    close(id, "ends");

    SERVICE.until("the flow began anew", () -> runs(phone).size() == 2);
    assertThat(waiting(phone)).isEmpty();
    assertThat(SERVICE.texts(turnsOf(phone) + " and source = 'waited' and refusal is null"))
        .hasSize(1);
    assertThat(SERVICE.trigger(phone, "meanwhile").json().getBoolean("duplicate")).isTrue();
  }

  @Test
  void aTriggerThatWaitedStartsNothingForWhoHasOptedOutSince() {
    String phone = "+14155550112";
    handedOver(phone);
    SERVICE.trigger(phone, "before-the-stop");

    SERVICE.reply(phone, "SM-stop-112", "STOP");

    SERVICE.until(
        "it is refused",
        () -> SERVICE.texts(turnsOf(phone) + " and source = 'waited'").contains("opted_out"));
    assertThat(runs(phone)).hasSize(1);
    assertThat(waiting(phone)).isEmpty();
  }

  @Test
  void aTriggerThatWillNotWaitIsRefusedAtOnce() {
    String phone = "+14155550113";
    handedOver(phone);

    Answer answer =
        SERVICE
            .post(
                "/customerio/triggers",
                """
                {"schema_version": 1, "trigger": {"type": "x"}, "customer": {"phone": "%s"},
                 "controls": {"flow": "care", "idempotency_key": "now", "wait_for_handoff": false}}
                """
                    .formatted(phone),
                Service.bearer())
            .join();

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().getString("status")).isEqualTo("refused");
    assertThat(answer.json().getString("reason")).isEqualTo("handed_off");
    assertThat(waiting(phone)).isEmpty();
  }

  /// As after a crash between the close and what it sets off, or a close on another node.
  @Test
  void aTriggerWhoseNudgeIsLostBeginsAllTheSame() {
    String phone = "+14155550114";
    String id = handedOver(phone);
    SERVICE.trigger(phone, "no-nudge");
    close(id, "ends");
    SERVICE.until("it has begun", () -> runs(phone).size() == 2);
    SERVICE.execute(
        """
        insert into inbox (source, source_id, ours, theirs, format, event, received_at, due_at, error, behind)
        select 'waited', 'lost', '%s', theirs, format, event, now(), 'infinity', '', array[conversation]
          from turn join conversation on conversation.id = turn.conversation
         where theirs = '%s' and source = 'waited' limit 1
        """
            .formatted(Service.OURS, phone));

    SERVICE.until(
        "the sweep finds it",
        () ->
            SERVICE
                    .texts("select coalesce(refusal, 'none') from turn where source_id = 'lost'")
                    .size()
                == 1);
  }

  /// It is like any trigger that comes just then.
  @Test
  void aTriggerThatWaitedIsRefusedAsBusyWhereTheFlowGoesOn() {
    String phone = "+14155550115";
    String id = handedOver(phone);
    SERVICE.trigger(phone, "goes-on");

    close(id, "goes_on");

    SERVICE.until(
        "it is refused",
        () -> SERVICE.texts(turnsOf(phone) + " and source = 'waited'").contains("busy"));
    assertThat(runs(phone)).hasSize(1);
    assertThat(waiting(phone)).isEmpty();
    assertThat(
            SERVICE.texts(
                "select effects from turn join conversation on conversation.id = turn.conversation"
                    + " where source = 'waited' and theirs = '"
                    + phone
                    + "'"))
        .as("it is reported, once and by the name of the refusal")
        .singleElement(as(STRING))
        .contains("\"conversation_refused\"", "\"reason\":\"busy\"");
  }

  /// As with all that was acknowledged of them: its name stays taken, so that a repeat starts
  /// nothing.
  @Test
  void aTriggerThatWaitsForWhoIsErasedIsForgottenAndItsRepeatStartsNothing() {
    String phone = "+14155550116";
    handedOver(phone);
    SERVICE.trigger(phone, "erased-meanwhile");
    assertThat(waiting(phone)).hasSize(1);

    CommandRun run =
        CommandRun.of("contacts", "--database", SERVICE.database, "erase", "--yes", phone);

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(waiting(phone)).isEmpty();
    assertThat(runs(phone)).isEmpty();
    SERVICE.until(
        "its name is taken",
        () ->
            Boolean.TRUE.equals(
                SERVICE.trigger(phone, "erased-meanwhile").json().getBoolean("duplicate")));
    assertThat(runs(phone)).isEmpty();
  }

  private static void close(String id, String then) {
    String body = "{\"disposition\": \"solved\", \"then\": {\"do\": \"%s\"}}".formatted(then);
    assertThat(SERVICE.post("/handoffs/" + id + "/close", body, OPERATOR).join().status())
        .isEqualTo(200);
  }

  private static List<String> runs(String phone) {
    return SERVICE.texts("select sid from execution where contact = '" + phone + "'");
  }

  private static List<String> waiting(String phone) {
    return SERVICE.texts("select source_id from inbox where theirs = '" + phone + "'");
  }

  /// What the turns of a contact were refused for.
  private static String turnsOf(String phone) {
    return "select coalesce(refusal, 'none') from turn join conversation on"
        + " conversation.id = turn.conversation where theirs = '"
        + phone
        + "'";
  }

  @Test
  void whoProvesNothingReadsNothing() {
    String id = handedOver("+14155550105");

    assertThat(SERVICE.get("/handoffs").status()).isEqualTo(401);
    assertThat(SERVICE.get("/handoffs/" + id, Service.bearer()).status()).isEqualTo(401);
    assertThat(SERVICE.post("/handoffs/" + id + "/close", "{}", Map.of()).join().status())
        .isEqualTo(401);
  }

  @Test
  void anEventOfAnUnknownSourceIsParkedAndKeepsNoOtherBack() {
    String id = handedOver("+14155550107");
    String conversation = id.substring(0, id.indexOf(':'));
    for (String source : List.of("telepathy", "agent")) {
      SERVICE.execute(
          """
          insert into inbox (source, source_id, ours, theirs, format, event, received_at, due_at, error)
          values ('%s', '%s', '%s', '+14155550107', 2,
                  '{"type":"HandoffClosed","handoff":"%s","disposition":"kept","outputs":{}}',
                  now(), now(), 'kept')
          """
              .formatted(source, source + conversation, Service.OURS, id));
    }

    SERVICE.until("the flow went on", () -> SERVICE.channel.texts().contains("kept by "));
    SERVICE.until(
        "it is parked",
        () ->
            SERVICE.texts("select error from inbox where parked and source = 'telepathy'").size()
                == 1);
  }

  @Test
  void whatIsWrongIsSaid() {
    String id = handedOver("+14155550106");

    assertThat(SERVICE.post("/handoffs/" + id + "/close", "{}", OPERATOR).join().body())
        .contains("/disposition");
    assertThat(SERVICE.post("/handoffs/" + id + "/close", "[", OPERATOR).join().status())
        .isEqualTo(400);
    assertThat(
            SERVICE
                .post(
                    "/handoffs/" + id + "/close", "{\"disposition\":\"x\",\"outputs\":1}", OPERATOR)
                .join()
                .body())
        .contains("/outputs");
    assertThat(SERVICE.get("/handoffs/nonsense", OPERATOR).status()).isEqualTo(404);
    assertThat(SERVICE.get("/handoffs?state=lost", OPERATOR).status()).isEqualTo(400);
    String unknown = id.substring(0, id.indexOf(':')) + ":99:0";
    assertThat(
            SERVICE
                .post("/handoffs/" + unknown + "/close", "{\"disposition\":\"x\"}", OPERATOR)
                .join()
                .status())
        .isEqualTo(404);
  }

  private static String handedOver(String phone) {
    JsonObject payload = Service.payload(phone, "care-" + phone);
    payload.getJsonObject("controls").put("flow", "care");
    assertThat(
            SERVICE.trigger(payload.encode(), Service.bearer()).join().json().getString("status"))
        .as("a busy machine takes it in, and starts it later")
        .isIn("started", "accepted");
    SERVICE.until(
        "it is handed over",
        () -> !SERVICE.texts("select 1 from handoff where theirs = '" + phone + "'").isEmpty());
    return SERVICE
        .texts(
            "select conversation || ':' || turn || ':' || index from handoff where theirs = '"
                + phone
                + "'")
        .getFirst();
  }

  private static String listed(String state) {
    return SERVICE.get("/handoffs?state=" + state, OPERATOR).body();
  }

  private static String text(JsonObject message) {
    return message.getString("by")
        + ": "
        + message.getString("text")
        + " ("
        + message.getString("fate")
        + ")";
  }
}
