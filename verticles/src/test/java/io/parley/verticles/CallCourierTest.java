package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.edge.FlowFunction;
import io.parley.engine.Values;
import io.parley.testkit.TestPostgres;
import io.parley.twilio.TwilioSignature;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallCourierTest {

  private static final String JANE = "+14155550142";
  private static final String JSON = "application/json";
  private static final String FUNCTION_SID = "ZH" + "0".repeat(32);

  private static final Map<String, String> FLOWS =
      Map.of(
          "get", http("GET", ""),
          "post", http("POST", "{\\\"cart\\\": \\\"7\\\"}"),
          "arrays",
              http("GET", "").replace("\"method\"", "\"parley.parse_arrays\": true, \"method\""),
          "function", function("{{flow.data.call_url}}", FUNCTION_SID));

  private final Vertx world = Vertx.vertx();
  private final CalledServer server = new CalledServer(world);
  private final List<Service> services = new ArrayList<>();
  private int keys;

  @AfterEach
  void close() {
    Service.await(world.close()); // which ends what is under way
    services.forEach(Service::close);
  }

  private Service start(Map<String, String> settings) {
    return start(TestPostgres.database(), settings);
  }

  private Service start(String database, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(Map.of("CALLS_ALLOWED_PRIVATE", "127.0.0.1,localhost"));
    all.putAll(settings);
    Service service = new Service(database, all, FLOWS);
    services.add(service);
    return service;
  }

  // ---- what is asked, and what is made of the answer

  @Test
  void theFlowGoesOnByTheAnswer() {
    server.answers("/cart", 200, JSON, "{\"name\": \"Day cream\"}");
    Service service = start(Map.of());

    run(service, "get", server.url("/cart?id=7"));

    said(service, "success 200 Day cream");
    CalledServer.Asked asked = server.asked("/cart").getFirst();
    assertThat(asked.url()).isEqualTo("/cart?id=7&phone=%2B14155550142");
    assertThat(asked.headers().get("User-Agent")).isEqualTo("Parley");
    assertThat(asked.headers().get("Idempotency-Key")).matches("\\S+:1:\\d+");
    assertThat(asked.headers().get("Host")).isEqualTo(URI.create(server.url("/")).getAuthority());
    assertThat(service.texts("select outcome from delivery where destination = 'calls'"))
        .containsExactly("answered 200");
    assertThat(service.count("outbox where destination = 'calls'")).isZero();
    service.until(
        "it is counted",
        () ->
            service
                .get("/metrics")
                .body()
                .contains("parley_calls_total{host=\"127.0.0.1\",outcome=\"answered 2xx\"} 1.0"));
  }

  @Test
  void aBodyArrivesAsTheFlowGivesIt() {
    server.answers("/cart", 201, "", "");
    Service service = start(Map.of());

    run(service, "post", server.url("/cart").replace("://", "://user:pass%20word@"));

    said(service, "success 201 ");
    CalledServer.Asked asked = server.asked("/cart").getFirst();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.body()).isEqualTo("{\"cart\": \"7\"}");
    assertThat(asked.headers().get("Content-Type")).isEqualTo(JSON);
    assertThat(asked.headers().get("Authorization"))
        .isEqualTo(
            "Basic "
                + Base64.getEncoder()
                    .encodeToString("user:pass word".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void whatIsNoSuccessFailsWithItsOutputs() {
    server.answers("/wrong", 200, JSON, "{\"name\": ");
    server.answers("/broken", 500, "text/plain", "sorry");
    Service service = start(Map.of());

    run(service, "get", server.url("/none"));
    said(service, "failed 404 ");
    run(service, "get", server.url("/wrong"));
    said(service, "failed 200 ");
    run(service, "get", server.url("/broken"));
    said(service, "failed 500 ");
    assertThat(server.asked()).hasSize(3);
  }

  @Test
  void anAnswerWithoutContentIsASuccess() {
    server.on("/none", (request, _) -> request.response().setStatusCode(204).end());
    Service service = start(Map.of());

    run(service, "get", server.url("/none"));

    said(service, "success 204 ");
  }

  @Test
  void anArrayIsParsedWhereTheFlowAsksForIt() {
    server.answers("/list", 200, JSON, "[{\"name\": \"Day cream\"}]");
    Service service = start(Map.of());

    run(service, "get", server.url("/list"));
    said(service, "success 200 ");
    run(service, "arrays", server.url("/list"));
    said(service, "success 200 Day cream");
  }

  @Test
  void anAnswerMayHaveSixtyFourKilobytes() {
    server.answers("/full", 200, "text/plain", "x".repeat(65_536));
    server.answers("/over", 200, "text/plain", "x".repeat(65_537));
    Service service = start(Map.of());

    run(service, "get", server.url("/full"));
    said(service, "success 200 ");
    run(service, "get", server.url("/over"));
    said(service, "failed  ");

    assertThat(failures(service)).containsExactly("too_large");
  }

  @Test
  void aSlowAnswerIsGivenUpAfterItsHostsTime() {
    server.on("/slow", (_, _) -> {});
    server.on(
        "/drip",
        (request, _) -> request.response().putHeader("Content-Length", "10").write("half"));
    Service service =
        start(Map.of("CALL_TIMEOUT", "20s", "CALL_TIMEOUTS", "*.example.com=5s,127.0.0.1=300ms"));

    run(service, "post", server.url("/slow"));
    said(service, "failed  ");
    run(service, "get", server.url("/drip"));
    said(service, "failed  ");

    assertThat(failures(service)).containsExactly("timeout", "timeout");
    assertThat(server.asked()).as("and not asked again").hasSize(2);
  }

  @Test
  void aConnectionThatIsCutIsAFailureAndNotTriedAgain() {
    server.on("/cut", (request, _) -> request.connection().close());
    server.on(
        "/half",
        (request, _) -> {
          request.response().putHeader("Content-Length", "10").write("half");
          request.connection().close();
        });
    Service service = start(Map.of());

    run(service, "post", server.url("/cut"));
    said(service, "failed  ");
    run(service, "get", server.url("/half"));
    said(service, "failed  ");
    run(service, "get", "http://127.0.0.1:1/");
    said(service, "failed  ");
    run(service, "get", "http://no-such-host.invalid/");
    said(service, "failed  ");

    assertThat(failures(service)).startsWith("cut", "cut", "unreachable").hasSize(4);
    assertThat(server.asked()).hasSize(2);
  }

  // ---- redirects and addresses

  @Test
  void aRedirectIsFollowedAsBrowsersDo() {
    server.redirects("/old", 302, "/new?from=old");
    server.answers("/new", 200, JSON, "{\"name\": \"found\"}");
    server.redirects("/kept", 307, server.url("localhost", "/echo"));
    server.on("/echo", (request, asked) -> request.response().end(asked.body()));
    server.redirects("/round", 302, "/round");
    Service service = start(Map.of());

    run(service, "post", server.url("/old"));
    said(service, "success 200 found");
    run(service, "post", server.url("/kept"));
    said(service, "success 200 ");
    run(service, "get", server.url("/round"));
    said(service, "failed  ");

    assertThat(server.asked("/new"))
        .singleElement()
        .satisfies(it -> assertThat(it.method()).isEqualTo("GET"))
        .satisfies(it -> assertThat(it.url()).isEqualTo("/new?from=old"));
    assertThat(server.asked("/echo"))
        .singleElement()
        .satisfies(it -> assertThat(it.method()).isEqualTo("POST"))
        .satisfies(it -> assertThat(it.body()).isEqualTo("{\"cart\": \"7\"}"));
    assertThat(failures(service)).containsExactly("too_many_redirects");
    assertThat(server.asked("/round")).hasSize(11);
  }

  @Test
  void noFlowReachesAPrivateAddress() {
    Service service = start(Map.of("CALLS_ALLOWED_PRIVATE", ""));

    run(service, "get", server.url("/"));
    said(service, "failed  ");
    run(service, "post", server.url("localhost", "/"));
    said(service, "failed  ");
    run(service, "get", "http://169.254.169.254/latest/meta-data/");
    said(service, "failed  ");

    assertThat(failures(service)).containsOnly("refused_address").hasSize(3);
    assertThat(service.texts("select event from turn where kind = 'CallFailed' order by at"))
        .allMatch(it -> it.contains("PARLEY_CALLS_ALLOWED_PRIVATE"));
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void aRedirectToAPrivateAddressIsRefused() {
    server.redirects("/out", 302, server.url("127.0.0.2", "/secret"));
    server.answers("/secret", 200, "text/plain", "secret");
    Service service = start(Map.of());

    run(service, "get", server.url("/out"));

    said(service, "failed  ");
    assertThat(failures(service)).containsExactly("refused_address");
    assertThat(server.asked("/secret")).isEmpty();
  }

  // ---- hosts in trouble

  @Test
  void aHostThatFailsInARowIsLeftAloneAndThenTriedOnce() {
    AtomicInteger status = new AtomicInteger(503);
    server.on("/", (request, _) -> request.response().setStatusCode(status.get()).end());
    Service service = start(Map.of("CALLS_BREAK_AFTER", "2", "CALLS_BREAK_FOR", "1s"));
    run(service, "get", server.url("/"));
    said(service, "failed 503 ");
    run(service, "get", server.url("/"));
    said(service, "failed 503 ");

    run(service, "get", server.url("/"));
    said(service, "failed  ");

    assertThat(failures(service)).containsExactly("circuit_open");
    assertThat(server.asked()).hasSize(2);
    assertThat(service.get("/metrics").body()).contains("parley_calls_circuits_open 1.0");
    status.set(200);
    service.pause(Duration.ofSeconds(1));
    run(service, "get", server.url("/"));
    said(service, "success 200 ");
    run(service, "get", server.url("/"));
    said(service, "success 200 ");
    assertThat(service.get("/metrics").body()).contains("parley_calls_circuits_open 0.0");
  }

  @Test
  void aSlowHostHoldsBackNobodyElse() {
    Queue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
    server.on("/slow", (request, _) -> held.add(request));
    server.answers("/fast", 200, JSON, "{\"name\": \"fast\"}");
    Service service = start(Map.of("CALLS_PER_HOST", "4", "LANES", "1"));
    for (int i = 0; i < 60; i++) {
      trigger(service, "+141555502%02d".formatted(i), "get", server.url("/slow"));
    }
    service.until("the slow host has its share", () -> held.size() == 4);

    long asked = System.nanoTime();
    run(service, "get", server.url("localhost", "/fast"));
    service.until(
        "the fast one goes on", () -> service.channel.texts().equals(List.of("success 200 fast")));

    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(3));
    assertThat(held).as("never more at once").hasSize(4);
    server.answers("/slow", 200, JSON, "{\"name\": \"slow\"}");
    held.forEach(request -> request.response().end());
    service.until("all are answered", () -> service.channel.texts().size() == 61);
    assertThat(server.asked("/slow")).hasSize(60);
  }

  // ---- ends of executions and of processes

  @Test
  void aCallThatHasNotLeftIsWithdrawnByAStop() {
    Queue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
    server.on("/", (request, _) -> held.add(request));
    Service service = start(Map.of("CALLS_PER_HOST", "1"));
    trigger(service, "+14155550100", "post", server.url("/"));
    service.until("one is under way", () -> held.size() == 1);
    trigger(service, JANE, "post", server.url("/"));

    assertThat(service.reply(JANE, "SM-in-1", "STOP").status()).isEqualTo(200);
    held.forEach(request -> request.response().end());

    service.until("nothing waits", () -> service.count("outbox where destination = 'calls'") == 0);
    assertThat(service.texts("select outcome from delivery where destination = 'calls'"))
        .containsExactlyInAnyOrder("answered 200", "withdrawn");
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void anAnswerAfterTheEndOfItsExecutionIsRecordedAndMovesNothing() {
    Queue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
    server.on("/", (request, _) -> held.add(request));
    Service service = start(Map.of());
    trigger(service, JANE, "post", server.url("/"));
    service.until("it is under way", () -> held.size() == 1);

    service.reply(JANE, "SM-in-1", "STOP");
    held.forEach(request -> request.response().end());

    service.until("nothing waits", () -> service.count("outbox where destination = 'calls'") == 0);
    assertThat(service.texts("select refusal from turn where kind = 'CallAnswered'"))
        .containsExactly("no_execution");
    assertThat(service.channel.texts()).isEmpty();
  }

  @Test
  void theServiceStopsWhenWhatHasLeftIsAnswered() {
    Queue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
    server.on("/", (request, _) -> held.add(request));
    Service service = start(Map.of("CALLS_PER_HOST", "1"));
    trigger(service, JANE, "post", server.url("/"));
    service.until("it is under way", () -> held.size() == 1);
    trigger(service, "+14155550100", "post", server.url("/"));

    Future<Void> stopping = service.stopping();
    service.pause(Duration.ofMillis(300));
    assertThat(stopping.isComplete()).isFalse();
    held.remove().response().end();
    Service.await(stopping);

    assertThat(service.count("turn where kind = 'CallAnswered'")).isEqualTo(1);
    assertThat(service.count("outbox where in_doubt_since is not null")).isZero();
    service.restart();
    service.until("the other one leaves", () -> held.size() == 1);
    held.remove().response().end();
    service.until("all are answered", () -> service.channel.texts().size() == 2);
  }

  /// The first process hangs in the middle of its calls, which is all that another can see of one
  /// that died.
  @Test
  void whatAProcessLeftInDoubtIsAskedAgainOnlyWhereThatIsSafe() {
    Queue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
    server.on("/", (request, _) -> held.add(request));
    String database = TestPostgres.database();
    Service first = start(database, Map.of("CALL_TIMEOUT", "1h"));
    trigger(first, JANE, "get", server.url("/"));
    trigger(first, "+14155550101", "post", server.url("/"));
    trigger(first, "+14155550102", "post", server.url("localhost", "/"));
    first.until("all have left", () -> held.size() == 3);
    server.answers("/", 200, JSON, "{\"name\": \"again\"}");

    Service second = start(database, Map.of("CALL_TIMEOUT", "3s", "CALLS_REPEAT", "localhost"));
    long waited = System.nanoTime();
    second.execute(
        "update outbox set due_at = now() - interval '1 minute',"
            + " in_doubt_since = in_doubt_since - interval '1 hour' where destination = 'calls'");

    second.until(
        "each has its end",
        () -> first.channel.texts().size() + second.channel.texts().size() == 3);
    List<String> texts = new ArrayList<>(first.channel.texts());
    texts.addAll(second.channel.texts());
    assertThat(texts)
        .containsExactlyInAnyOrder("success 200 again", "failed  ", "success 200 again");
    assertThat(failures(second)).containsExactly("in_doubt");
    assertThat(Duration.ofNanos(System.nanoTime() - waited)).isLessThan(Duration.ofSeconds(30));
    assertThat(server.asked().stream().map(CalledServer.Asked::method))
        .as("two were asked again")
        .containsExactlyInAnyOrder("GET", "POST", "POST", "GET", "POST");
    assertThat(server.asked().stream().map(it -> it.headers().get("Idempotency-Key")).distinct())
        .hasSize(3);
    held.forEach(request -> request.response().end("late"));
    first.pause(Duration.ofMillis(500));
    assertThat(first.count("turn where kind like 'Call%'")).as("late answers").isEqualTo(3);
  }

  @Test
  void whatIsUnderWayIsNotTakenForAnotherProcesssLegacy() {
    Queue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
    server.on("/", (request, _) -> held.add(request));
    String database = TestPostgres.database();
    Service service = start(database, Map.of());
    trigger(service, JANE, "post", server.url("/"));
    service.until("it is under way", () -> held.size() == 1);

    service.execute(
        "update outbox set due_at = now() - interval '1 minute',"
            + " in_doubt_since = in_doubt_since - interval '1 hour' where destination = 'calls'");
    service.pause(Duration.ofMillis(2_500));
    held.forEach(request -> request.response().end());

    said(service, "success 200 ");
  }

  // ---- functions

  @Test
  void aFunctionGetsASignedForm() {
    server.on(
        "/check-cart",
        (request, _) ->
            request
                .response()
                .putHeader("Content-Type", JSON)
                .putHeader("X-Twilio-Function-Concurrency", "3")
                .end("{\"name\": \"Jane & Co\"}"));
    Service service =
        start(
            Map.of(
                "CALLS_ALLOWED_PRIVATE",
                "",
                "FUNCTIONS",
                "https://old-1234.twil.io=" + server.url("")));

    run(service, "function", "https://old-1234.twil.io/check-cart");

    said(service, "success 200 Jane & Co 3");
    CalledServer.Asked asked = server.asked("/check-cart").getFirst();
    assertThat(asked.body()).isEqualTo("phone=%2B14155550142&cart=%7B%22id%22%3A7%7D");
    TwilioSignature signature =
        new TwilioSignature(URI.create(server.url("")), List.of("twilio-token"));
    assertThat(
            signature.verify(
                asked.url(),
                asked.body().getBytes(StandardCharsets.UTF_8),
                asked.headers().get("X-Twilio-Signature")))
        .isEqualTo(TwilioSignature.Verdict.GENUINE);
  }

  @Test
  void aFunctionThatNobodyHasPlacedFailsAndSaysWhatToSet() {
    Service service = start(Map.of());

    run(service, "function", "");

    said(service, "fail   ");
    assertThat(failures(service)).containsExactly("not_configured");
    assertThat(service.texts("select event from turn where kind = 'CallFailed'").getFirst())
        .contains("PARLEY_FUNCTIONS=" + FUNCTION_SID);
  }

  @Test
  void aFunctionOfThisProcessIsCalledFirst() {
    Service service = start(Map.of("FUNCTIONS", FUNCTION_SID + "=" + server.url("/elsewhere")));
    service
        .functions()
        .register(
            "/check-cart",
            parameters ->
                FlowFunction.Answer.json(
                    Values.of("name", parameters.object("cart").entries().getOrDefault("id", ""))));

    run(service, "function", "https://old-1234.twil.io/check-cart?x=1");

    said(service, "success 200 7 ");
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void aFunctionOfThisProcessThatThrowsOrSleepsFails() {
    CountDownLatch never = new CountDownLatch(1);
    Service service = start(Map.of("CALL_TIMEOUT", "300ms"));
    service
        .functions()
        .register(
            FUNCTION_SID,
            _ -> {
              throw new IllegalArgumentException("no cart");
            });
    run(service, "function", "");
    said(service, "fail   ");

    service
        .functions()
        .register(
            FUNCTION_SID,
            _ -> {
              boolean opened = never.await(1, TimeUnit.MINUTES);
              return FlowFunction.Answer.json(Values.of("name", opened));
            });
    run(service, "function", "");
    said(service, "fail   ");
    never.countDown();

    assertThat(failures(service)).containsExactly("function_failed", "timeout");
  }

  // ---- what the tests say

  /// A conversation of its own, told to call a URL.
  private void run(Service service, String flow, String url) {
    trigger(service, JANE, flow, url);
  }

  private void trigger(Service service, String phone, String flow, String url) {
    JsonObject payload = Service.payload(phone, "key-" + ++keys).put("call_url", url);
    payload.getJsonObject("customer").put("external_id", "owner of " + phone);
    payload.getJsonObject("controls").put("flow", flow);
    Service.Answer answer = service.trigger(payload.encode(), Service.bearer()).join();
    assertThat(answer.body()).contains("\"started\"");
  }

  /// The message by which the flow tells how it went on, the latest of all.
  private void said(Service service, String text) {
    service.until(
        "it says " + text + ", not " + service.channel.texts(),
        () -> !service.channel.texts().isEmpty() && last(service).equals(text));
    service.until(
        "it ends",
        () ->
            service.count("timer where purpose <> 'SUPPRESSION_OVER'") == 0
                && service.count("outbox where destination = 'twilio'") == 0);
    service.channel.forget();
  }

  private static String last(Service service) {
    return service.channel.texts().getLast();
  }

  private static List<String> failures(Service service) {
    return service
        .texts("select event from turn where kind = 'CallFailed' order by at, number")
        .stream()
        .map(event -> new JsonObject(event).getString("reason"))
        .toList();
  }

  // ---- flows

  private static String http(String method, String body) {
    return flow(
        "make-http-request",
        """
        "method": "%s", "url": "{{flow.data.call_url}}", "content_type": "application/json",
        "body": "%s", "parameters": [{"key": "phone", "value": "{{contact.channel.address}}"}]
        """
            .formatted(method, body),
        "failed",
        "{{widgets.ask.status_code}} {{widgets.ask.parsed.name}}{{widgets.ask.parsed[0].name}}");
  }

  private static String function(String url, String sid) {
    return flow(
        "run-function",
        """
        "url": "%s", "function_sid": "%s",
        "parameters": [{"key": "phone", "value": "{{contact.channel.address}}"},
                       {"key": "cart", "value": "{\\"id\\": 7}", "type": "json_object"}]
        """
            .formatted(url, sid),
        "fail",
        "{{widgets.ask.status_code}} {{widgets.ask.parsed.name}}"
            + " {{widgets.ask.headers['x-twilio-function-concurrency']}}");
  }

  private static String flow(String type, String properties, String failure, String outputs) {
    return """
    {"description": "Calls", "initial_state": "Trigger", "states": [
      {"name": "Trigger", "type": "trigger", "properties": {},
       "transitions": [{"event": "incomingRequest", "next": "ask"}]},
      {"name": "ask", "type": "%1$s", "properties": {%2$s},
       "transitions": [{"event": "success", "next": "well"}, {"event": "%3$s", "next": "ill"}]},
      {"name": "well", "type": "send-message",
       "properties": {"from": "{{flow.channel.address}}", "to": "{{contact.channel.address}}",
                      "body": "success %4$s"},
       "transitions": [{"event": "sent"}, {"event": "failed"}]},
      {"name": "ill", "type": "send-message",
       "properties": {"from": "{{flow.channel.address}}", "to": "{{contact.channel.address}}",
                      "body": "%3$s %4$s"},
       "transitions": [{"event": "sent"}, {"event": "failed"}]}
    ]}
    """
        .formatted(type, properties, failure, outputs);
  }
}
