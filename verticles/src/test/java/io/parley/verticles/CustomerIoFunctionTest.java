package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.testkit.TestPostgres;
import io.parley.verticles.AppFunctionServer.Loss;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The functions that Customer.io's App API carries out for flows, against one that keeps its
/// limits.
class CustomerIoFunctionTest {

  private static final String JANE = "+14155550142";
  private static final String PERSON = "person-42";

  private static final Map<String, String> FLOWS =
      Map.of(
          "profile", flow("customerio/profile", "", "{{widgets.call.parsed.attributes.plan}}"),
          "phone",
              flow(
                  "customerio/profile",
                  "{\"key\": \"phone\", \"value\": \"{{contact.channel.address}}\"}",
                  "{{widgets.call.parsed.id}}"),
          "cio",
              flow(
                  "customerio/profile",
                  "{\"key\": \"cio_id\", \"value\": \"{{flow.data.name}}\"},"
                      + " {\"key\": \"attributes\", \"value\": \"plan\"}",
                  "{{widgets.call.parsed.attributes}}"),
          "email", email("12", ""),
          "unknown", email("no-such-message", ""),
          "bill", email("12", ", {\"key\": \"send_to_unsubscribed\", \"value\": \"true\"}"),
          "broadcast",
              flow(
                  "customerio/broadcast",
                  "{\"key\": \"broadcast_id\", \"value\": \"{{flow.data.name}}\"},"
                      + " {\"key\": \"data.code\", \"value\": \"SKIN\"}",
                  "{{widgets.call.parsed.trigger_id}}"),
          "fallback", fallback());

  private final Vertx world = Vertx.vertx();
  private final AppFunctionServer app = new AppFunctionServer(world);
  private final List<Service> services = new ArrayList<>();
  private int keys;

  @AfterEach
  void close() {
    Service.await(world.close());
    services.forEach(Service::close);
  }

  private Service start(Map<String, String> settings) {
    return start(TestPostgres.database(), settings);
  }

  private Service start(String database, Map<String, String> settings) {
    Map<String, String> all =
        new HashMap<>(
            Map.of(
                "CUSTOMERIO_APP_KEY",
                AppFunctionServer.KEY,
                "CUSTOMERIO_APP_URL",
                app.url(),
                "OPT_OUT_RECONCILE",
                "off"));
    all.putAll(settings);
    Service service = new Service(database, all, FLOWS);
    services.add(service);
    return service;
  }

  private void run(Service service, String flow, String phone, String name) {
    JsonObject payload = Service.payload(phone, "key-" + ++keys);
    payload.getJsonObject("customer").put("email", "jane" + phone.substring(8) + "@example.com");
    payload.getJsonObject("controls").put("flow", flow);
    payload.put("name", name);
    assertThat(
            service.trigger(payload.encode(), Service.bearer()).join().json().getString("status"))
        .isEqualTo("started");
  }

  private void run(Service service, String flow) {
    run(service, flow, JANE, "");
  }

  /// Waits until no execution is alive any more, so that another may begin.
  private static void ended(Service service) {
    service.until(
        "the flow has ended",
        () -> service.texts("select sid from execution where ended_at is null").isEmpty());
  }

  private static void said(Service service, String... texts) {
    service.until("it is said", () -> service.channel.texts().size() >= texts.length);
    assertThat(service.channel.texts()).containsExactly(texts);
  }

  private void janeIsKnown() {
    JsonObject jane =
        new JsonObject().put("id", PERSON).put("plan", "gold").put("first_name", "Jané");
    app.knows("id " + PERSON, jane);
    app.knows("email jane@example.com", jane);
    app.knows("phone " + JANE, jane);
    app.knows("cio_id a3000001", jane);
  }

  // ---- profiles

  @Test
  void ofAProfileOnlyWhatAFlowNamesIsKept() {
    janeIsKnown();
    Service service = start(Map.of());

    run(service, "cio", JANE, "a3000001");

    said(service, "success 200 {\"plan\":\"gold\"}");
    assertThat(app.requests())
        .containsExactly("GET /v1/customers/a3000001/attributes?id_type=cio_id");
  }

  @Test
  void aFlowReadsWhatCustomerIoHasOnRecordOfThePerson() {
    janeIsKnown();
    Service service = start(Map.of());

    run(service, "profile");

    said(service, "success 200 gold");
    assertThat(app.requests()).containsExactly("GET /v1/customers/person-42/attributes?id_type=id");
  }

  @Test
  void aProfileIsLookedUpByNumberToo() {
    janeIsKnown();
    Service service = start(Map.of());

    run(service, "phone");

    said(service, "success 200 person-42");
    assertThat(app.requests())
        .containsExactly("GET /v1/customers/%2B14155550142/attributes?id_type=phone");
  }

  @Test
  void aProfileThatWasLookedUpLatelyIsNotAskedForAgain() {
    janeIsKnown();
    Service service = start(Map.of());

    run(service, "phone");
    said(service, "success 200 person-42");
    ended(service);
    run(service, "phone");
    said(service, "success 200 person-42", "success 200 person-42");
    ended(service);
    run(service, "profile");
    said(service, "success 200 person-42", "success 200 person-42", "success 200 gold");

    assertThat(app.requests()).hasSize(1);
  }

  @Test
  void whoIsNotKnownThereIsToldAsThat() {
    Service service = start(Map.of());

    run(service, "profile");

    said(service, "fail 404 not_found");
  }

  @Test
  void manyLookUpsKeepToTheRate() {
    Service service = start(Map.of());
    for (int i = 10; i < 40; i++) {
      app.knows("id person-" + i, new JsonObject().put("id", "person-" + i).put("plan", "p" + i));
      run(service, "profile", "+141555501" + i, "");
    }

    service.until("all are answered", () -> service.channel.texts().size() == 30);

    assertThat(service.channel.texts()).allMatch(it -> it.startsWith("success 200 p"));
    assertThat(app.overLimit()).isZero();
    assertThat(app.requests()).hasSize(30);
  }

  @Test
  void aLookUpThatWasRefusedForTheRateIsMadeAgain() {
    janeIsKnown();
    app.refuseNext();
    Service service = start(Map.of());

    run(service, "profile");

    said(service, "success 200 gold");
    assertThat(app.requests()).hasSize(2);
  }

  // ---- e-mail

  @Test
  void anEmailGoesToThePersonUnlessTheFlowSaysOtherwise() {
    Service service = start(Map.of());

    run(service, "email");

    said(service, "success 200 RPILAg-1");
    assertThat(app.emails())
        .containsExactly(
            new JsonObject()
                .put("transactional_message_id", 12)
                .put("to", "jane0142@example.com")
                .put("identifiers", new JsonObject().put("id", PERSON))
                .put(
                    "message_data",
                    new JsonObject().put("cart", new JsonObject().put("id", 7)).put("name", "Jane"))
                .put("send_to_unsubscribed", false));
  }

  @Test
  void anEmailThatWasRefusedForTheRateIsSentOnceItMayBe() {
    app.refuseNext();
    Service service = start(Map.of());

    run(service, "email");

    said(service, "success 200 RPILAg-1");
    assertThat(app.emails()).hasSize(1);
  }

  @Test
  void anEmailWaitsForACustomerIoThatCannotBeReached() {
    Service service = start(Map.of());
    app.goDown();
    run(service, "email");
    service.until(
        "it was tried",
        () ->
            service
                .texts("select coalesce(last_error, '') from outbox where destination = 'calls'")
                .stream()
                .anyMatch(it -> it.contains("no connection to ")));

    app.comeBack();

    said(service, "success 200 RPILAg-1");
    assertThat(app.emails()).hasSize(1);
  }

  @Test
  void anEmailThatCustomerIoRefusesIsToldInItsWords() {
    Service service = start(Map.of());

    run(service, "unknown");

    said(service, "fail 400 refused");
    assertThat(service.texts("select event from turn where kind = 'CallAnswered'").getFirst())
        .contains("transactional message not found");
  }

  @Test
  void anEmailWhoseAnswerIsLostIsInDoubtAndNotSentAgain() {
    Service service = start(Map.of("CALL_TIMEOUT", "1s"));

    app.loseNext(Loss.CUT);
    run(service, "email");
    said(service, "fail 504 in_doubt");
    app.loseNext(Loss.SILENT);
    run(service, "email");
    said(service, "fail 504 in_doubt", "fail 504 in_doubt");
    app.loseNext(Loss.BAD_GATEWAY);
    run(service, "email");
    said(service, "fail 504 in_doubt", "fail 504 in_doubt", "fail 504 in_doubt");

    service.pause(Duration.ofSeconds(2));
    assertThat(app.emails()).hasSize(3);
  }

  /// The first process hangs between the answer and its storing, which is all that another can see
  /// of one that died there.
  @Test
  void anEmailThatWasTakenBeforeTheProcessDiedIsNotSentAgain() {
    app.loseNext(Loss.SILENT);
    String database = TestPostgres.database();
    Service first = start(database, Map.of("CALL_TIMEOUT", "1h"));
    run(first, "email");
    first.until("it has left", () -> app.emails().size() == 1);

    Service second = start(database, Map.of("CALL_TIMEOUT", "1s"));
    second.execute(
        "update outbox set due_at = now() - interval '1 minute',"
            + " in_doubt_since = in_doubt_since - interval '1 hour' where destination = 'calls'");

    second.until(
        "the flow goes on",
        () -> first.channel.texts().size() + second.channel.texts().size() == 1);
    List<String> texts = new ArrayList<>(first.channel.texts());
    texts.addAll(second.channel.texts());
    assertThat(texts).containsExactly("fail 504 in_doubt");
    assertThat(app.emails()).hasSize(1);
  }

  @Test
  void whoHasTakenBackEmailGetsWhatIsNoAdvertisementAlone() {
    Service service = start(Map.of());
    JsonObject revocation =
        new JsonObject()
            .put("schema_version", 1)
            .put("event", "Consent Revoked")
            .put("id", "e-1")
            .put("customer", new JsonObject().put("external_id", PERSON))
            .put(
                "properties",
                new JsonObject().put("channel", "email").put("method", "preferences"));
    assertThat(service.post("/events", revocation.encode(), Service.bearer()).join().status())
        .isEqualTo(200);

    run(service, "email");
    said(service, "fail 403 unsubscribed");
    assertThat(app.requests()).isEmpty();
    run(service, "bill");

    said(service, "fail 403 unsubscribed", "success 200 RPILAg-1");
    assertThat(app.emails().getFirst().getBoolean("send_to_unsubscribed")).isTrue();
  }

  @Test
  void whatIsNotDeliveredGoesByEmail() {
    Service service = start(Map.of());
    run(service, "fallback");
    service.until("it is asked", () -> service.channel.texts().size() == 1);

    service
        .twilio(
            "/twilio/status?effect=" + service.channel.sends().getFirst().id(),
            Map.of(
                "MessageSid",
                service.channel.sids().getFirst().value(),
                "MessageStatus",
                "undelivered",
                "ErrorCode",
                "30005",
                "From",
                Service.OURS,
                "To",
                JANE))
        .join();

    service.until("it is mailed", () -> app.emails().size() == 1);
    service.until(
        "the flow has ended",
        () -> service.texts("select result from execution").equals(List.of("completed")));
    assertThat(app.emails().getFirst().getString("to")).isEqualTo("jane0142@example.com");
  }

  @Test
  void withoutAKeyTheFlowGoesOnAtFail() {
    Service service = start(Map.of("CUSTOMERIO_APP_KEY", ""));

    run(service, "email");

    service.until("it is said", () -> service.channel.texts().size() == 1);
    assertThat(service.texts("select event from turn where kind = 'CallFailed'").getFirst())
        .contains("not_configured", "PARLEY_CUSTOMERIO_APP_KEY");
  }

  // ---- broadcasts

  @Test
  void aBroadcastIsTriggeredOnceInTenSecondsAcrossARestartAndHoldsBackNoOther() {
    Service service = start(Map.of());
    run(service, "broadcast", "+14155550142", "7");
    said(service, "success 200 1");

    run(service, "broadcast", "+14155550143", "7");
    service.pause(Duration.ofMillis(500));
    service.stop();
    service.restart();
    run(service, "broadcast", "+14155550144", "8");
    said(service, "success 200 1", "success 200 2");
    service.until("its time has come", () -> app.broadcasts().size() == 3);

    assertThat(app.broadcasts())
        .containsExactly("7 [\"person-42\"]", "8 [\"person-44\"]", "7 [\"person-43\"]");
    assertThat(app.overLimit()).isZero();
  }

  // ---- flows

  private static String email(String message, String more) {
    return flow(
        "customerio/email",
        """
        {"key": "transactional_message_id", "value": "%s"},
        {"key": "message_data", "value": "{\\"cart\\": {\\"id\\": 7}}", "type": "json_object"},
        {"key": "data.name", "value": "{{flow.data.customer.first_name}}"}%s
        """
            .formatted(message, more),
        "{{widgets.call.parsed.delivery_id}}");
  }

  private static String flow(String function, String parameters, String output) {
    return """
    {"description": "Calls", "initial_state": "Trigger", "states": [
      {"name": "Trigger", "type": "trigger", "properties": {},
       "transitions": [{"event": "incomingRequest", "next": "call"}]},
      {"name": "call", "type": "run-function",
       "properties": {"url": "%s", "parameters": [%s]},
       "transitions": [{"event": "success", "next": "well"}, {"event": "fail", "next": "ill"}]},
      {"name": "well", "type": "send-message",
       "properties": {"from": "{{flow.channel.address}}", "to": "{{contact.channel.address}}",
                      "body": "success {{widgets.call.status_code}} %s"},
       "transitions": [{"event": "sent"}, {"event": "failed"}]},
      {"name": "ill", "type": "send-message",
       "properties": {"from": "{{flow.channel.address}}", "to": "{{contact.channel.address}}",
         "body": "fail {{widgets.call.status_code}} {{widgets.call.parsed.reason}}"},
       "transitions": [{"event": "sent"}, {"event": "failed"}]}
    ]}
    """
        .formatted(function, parameters, output);
  }

  private static String fallback() {
    return """
    {"description": "By e-mail where no message arrives", "initial_state": "Trigger", "states": [
      {"name": "Trigger", "type": "trigger", "properties": {},
       "transitions": [{"event": "incomingRequest", "next": "ask"}]},
      {"name": "ask", "type": "send-and-wait-for-reply",
       "properties": {"from": "{{flow.channel.address}}", "body": "Still want it?",
                      "timeout": "3600"},
       "transitions": [{"event": "incomingMessage"}, {"event": "timeout"},
                       {"event": "deliveryFailure", "next": "mail"}]},
      {"name": "mail", "type": "run-function",
       "properties": {"url": "customerio/email",
         "parameters": [{"key": "transactional_message_id", "value": "12"}]},
       "transitions": [{"event": "success"}, {"event": "fail"}]}
    ]}
    """;
  }
}
