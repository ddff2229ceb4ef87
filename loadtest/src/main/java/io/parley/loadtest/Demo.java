package io.parley.loadtest;

import io.parley.loadtest.customerio.CustomerIoSettings;
import io.parley.loadtest.customerio.ReceivedEvent;
import io.parley.loadtest.customerio.StandInCustomerIo;
import io.parley.loadtest.twilio.DeliveryStatus;
import io.parley.loadtest.twilio.Inbound;
import io.parley.loadtest.twilio.InboundResult;
import io.parley.loadtest.twilio.SentMessage;
import io.parley.loadtest.twilio.StandInTwilio;
import io.parley.loadtest.twilio.TwilioSettings;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// The main job, end to end: three customers, each a conversation, with the transcript printed
/// while it happens and the outcomes checked as Customer.io received them.
final class Demo {

  private static final String ACCOUNT = "AC00000000000000000000000000000001";
  private static final String TOKEN = "demo-token";
  private static final String BEARER = "demo-secret";
  private static final String SENDER = "+14155550199";
  private static final String ASHA = "+12125550101";
  private static final String BEN = "+12125550102";
  private static final String CHLOE = "+12125550103";

  private final PrintStream out = System.out;
  private final Vertx vertx;
  private final StandInTwilio twilio;
  private final StandInCustomerIo customerIo;
  private final ParleyProcess parley;
  private final Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Instant begun = Instant.now();
  private boolean asExpected = true;

  private Demo(
      Vertx vertx,
      StandInTwilio twilio,
      StandInCustomerIo customerIo,
      ParleyProcess parley,
      Path folder) {
    this.vertx = vertx;
    this.twilio = twilio;
    this.customerIo = customerIo;
    this.parley = parley;
    this.folder = folder;
  }

  static Demo start(Path jar) throws IOException, InterruptedException, TimeoutException {
    long begun = System.nanoTime();
    Path folder = Files.createTempDirectory("parley-demo");
    Path flows = Files.createDirectory(folder.resolve("flows"));
    copyFlow(flows, "international-cart.json");
    int port = ParleyProcess.freePort();
    Vertx vertx = Vertx.vertx();
    StandInTwilio twilio =
        StandInTwilio.start(
                vertx,
                TwilioSettings.of(ACCOUNT, TOKEN, List.of(SENDER))
                    .withMessagesWebhook("http://127.0.0.1:" + port + "/twilio/messages"))
            .await(10, TimeUnit.SECONDS);
    StandInCustomerIo customerIo =
        StandInCustomerIo.start(vertx, CustomerIoSettings.of("site", "key"))
            .await(10, TimeUnit.SECONDS);
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("PARLEY_DATA_DIR", folder.resolve("data").toString());
    settings.put("PARLEY_FLOWS_DIR", flows.toString());
    // It is played at any time of day, to numbers of the United States.
    Path policy = Files.writeString(folder.resolve("policy.yaml"), "hours: {quiet: off}\n");
    settings.put("PARLEY_POLICY", policy.toString());
    settings.put("PARLEY_FLOW_BINDINGS", SENDER + "=international-cart");
    settings.put("PARLEY_SMS_SENDER", SENDER);
    settings.put("PARLEY_TWILIO_ACCOUNT_SID", ACCOUNT);
    settings.put("PARLEY_TWILIO_AUTH_TOKEN", TOKEN);
    settings.put("PARLEY_TWILIO_API_URL", twilio.baseUrl());
    settings.put("PARLEY_SEGMENTS_PER_SECOND", "10");
    settings.put("PARLEY_CUSTOMERIO_SITE_ID", "site");
    settings.put("PARLEY_CUSTOMERIO_API_KEY", "key");
    settings.put("PARLEY_CUSTOMERIO_TRACK_URL", customerIo.baseUrl());
    settings.put("PARLEY_TRIGGER_BEARER", BEARER);
    Path log = folder.resolve("parley.log");
    ParleyProcess parley =
        ParleyProcess.start(new ParleyProcess.Launch(jar, List.of(), port, settings, log));
    Demo demo = new Demo(vertx, twilio, customerIo, parley, folder);
    demo.say(
        "Parley is ready after %d ms: embedded Postgres, Parley, a stand-in Twilio and a stand-in"
            + " Customer.io, all on 127.0.0.1",
        (System.nanoTime() - begun) / 1_000_000);
    return demo;
  }

  private static void copyFlow(Path folder, String name) throws IOException {
    try (InputStream flow = Demo.class.getResourceAsStream("/flows/" + name)) {
      if (flow == null) {
        throw new IOException("the flow " + name + " is not in this jar");
      }
      Files.copy(flow, folder.resolve(name));
    }
  }

  /// Plays the three conversations; answers whether everything was as expected.
  boolean play() throws Exception {
    twilio.onSend(message -> line(message.to(), "<-", message.body()));
    shippingQuestion();
    stop();
    purchase();
    heading("What Customer.io received");
    customerIo.events().forEach(this::show);
    say("");
    say(asExpected ? "Everything was as expected." : "NOT everything was as expected.");
    return asExpected;
  }

  private void shippingQuestion() throws Exception {
    heading("1. Asha's international cart of 120 USD");
    JsonObject trigger = trigger("asha", ASHA, "Asha", 120);
    JsonObject answer = post("/customerio/triggers", trigger);
    expect("the trigger starts a conversation", "started".equals(answer.getString("status")));
    awaitText(ASHA, "Need help checking out?");
    write(ASHA, "How long does shipping to Canada take?");
    awaitText(ASHA, "takes 4 to 6 days");
    write(ASHA, "thanks!");
    awaitText(ASHA, "You are welcome!");
    expectEvents(
        "asha",
        List.of(
            "conversation_started",
            "conversation_ended",
            "twilio_flow_completed",
            "twilio_message_delivered",
            "twilio_message_delivered",
            "twilio_message_delivered",
            "twilio_message_sent",
            "twilio_message_sent",
            "twilio_message_sent",
            "twilio_reply",
            "twilio_reply",
            "twilio_reply_intent",
            "twilio_reply_intent"));
    expectEnd("asha", "completed");

    heading("   the same trigger again");
    JsonObject repeat = post("/customerio/triggers", trigger);
    expect(
        "it is refused as a duplicate, with the first answer",
        repeat.getBoolean("duplicate")
            && repeat.getString("execution_sid").equals(answer.getString("execution_sid")));
    expect("nobody is written to again", sentTo(ASHA) == 3);
  }

  private void stop() throws Exception {
    heading("2. Ben says STOP");
    post("/customerio/triggers", trigger("ben", BEN, "Ben", 95));
    awaitText(BEN, "Need help checking out?");
    write(BEN, "STOP");
    expectEvents(
        "ben",
        List.of(
            "conversation_started",
            "conversation_ended",
            "opted_out",
            "twilio_flow_completed",
            "twilio_message_delivered",
            "twilio_message_sent",
            "twilio_reply",
            "twilio_reply_intent"));
    expectEnd("ben", "opted_out");
    JsonObject later = trigger("ben", BEN, "Ben", 200);
    later.getJsonObject("controls").put("idempotency_key", "ben:later");
    JsonObject refused = post("/customerio/triggers", later);
    expect(
        "a later trigger is refused: opted_out",
        "refused".equals(refused.getString("status"))
            && "opted_out".equals(refused.getString("reason")));
    awaitEvents("ben", 9);
    expect("nothing was sent after the STOP", sentTo(BEN) == 1);
  }

  private void purchase() throws Exception {
    heading("3. Chloe buys");
    post("/customerio/triggers", trigger("chloe", CHLOE, "Chloe", 140));
    awaitText(CHLOE, "Need help checking out?");
    awaitEvents("chloe", 3);
    JsonObject purchase =
        new JsonObject()
            .put("schema_version", 1)
            .put("event", "Order Completed")
            .put("id", "order-1001")
            .put("customer", new JsonObject().put("external_id", "chloe"))
            .put(
                "properties",
                new JsonObject().put("order_id", "1001").put("value", 140).put("currency", "USD"));
    post("/events", purchase);
    expectEvents(
        "chloe",
        List.of(
            "conversation_started",
            "conversation_ended",
            "conversion",
            "twilio_flow_completed",
            "twilio_message_delivered",
            "twilio_message_sent"));
    expectEnd("chloe", "purchased");
  }

  /// Leaves everything running and says what can be tried by hand.
  void stay() throws InterruptedException {
    String url = parley.baseUrl().toString();
    String trigger = trigger("dana", "+12125550104", "Dana", 130).encode();
    heading("Everything stays up until you interrupt it (Ctrl-C)");
    say("Parley       %s   log %s", url, folder.resolve("parley.log"));
    say("Twilio       %s/stand-in/state", twilio.baseUrl());
    say("Customer.io  %s/stand-in/state", customerIo.baseUrl());
    say("");
    say("Start a conversation:");
    say(
        "  curl -s -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' -d '%s'"
            + " %s/customerio/triggers",
        BEARER, trigger, url);
    say("Answer as the customer (STOP opts out):");
    say(
        "  curl -s --data-urlencode From=+12125550104 --data-urlencode To=%s --data-urlencode"
            + " 'Body=how much is shipping?' %s/stand-in/receive",
        SENDER, twilio.baseUrl());
    say("Buy:");
    say(
        "  curl -s -H 'Authorization: Bearer %s' -d"
            + " '{\"schema_version\":1,\"event\":\"Order Completed\",\"id\":\"o-1\",\"customer\":{\"external_id\":\"dana\"}}'"
            + " %s/events",
        BEARER, url);
    say("See what was sent, what Customer.io was told, health and metrics:");
    say("  curl -s %s/stand-in/state", twilio.baseUrl());
    say("  curl -s %s/stand-in/state", customerIo.baseUrl());
    say("  curl -s %s/health/ready", url);
    say("  curl -s %s/metrics", url);
    say("What a bad trigger is told:");
    say(
        "  curl -s -H 'Authorization: Bearer %s' -d '{\"customer\":{\"phone\":\"12\"}}'"
            + " %s/customerio/triggers",
        BEARER, url);
    new CountDownLatch(1).await();
  }

  // ---- the customers

  private JsonObject trigger(String id, String phone, String name, int value) {
    return new JsonObject()
        .put("schema_version", 1)
        .put(
            "trigger",
            new JsonObject()
                .put("type", "cart_abandoned")
                .put("event", "Started Checkout")
                .put("occurred_at", Instant.now().toString()))
        .put(
            "customer",
            new JsonObject().put("external_id", id).put("phone", phone).put("first_name", name))
        .put(
            "commerce",
            new JsonObject()
                .put("cart_url", "https://shop.example.com/cart/" + id)
                .put("cart_snapshot_at", Instant.now().toString())
                .put("value", value)
                .put("currency", "USD")
                .put("shipping_country", "Canada")
                .put("items", new JsonArray().add(new JsonObject().put("name", "Day cream"))))
        .put(
            "controls",
            new JsonObject()
                .put("idempotency_key", id + ":cart_abandoned")
                .put("flow", "international-cart"))
        .put("source", "demo");
  }

  private JsonObject post(String path, JsonObject body) throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create(parley.baseUrl() + path))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Bearer " + BEARER)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.encode()))
                .build(),
            BodyHandlers.ofString(StandardCharsets.UTF_8));
    say("%s  POST %s -> %d %s", clock(), path, response.statusCode(), response.body());
    return new JsonObject(response.body());
  }

  private void write(String customer, String body) throws TimeoutException {
    line(customer, "->", body);
    InboundResult result =
        twilio.receive(Inbound.sms(customer, SENDER, body)).await(20, TimeUnit.SECONDS);
    expect("Parley acknowledges the message", result.accepted());
  }

  private void awaitText(String customer, String part) throws TimeoutException {
    twilio
        .awaitMessage(
            message ->
                message.to().equals(customer)
                    && message.body().contains(part)
                    && message.status() == DeliveryStatus.DELIVERED)
        .await(20, TimeUnit.SECONDS);
  }

  private long sentTo(String customer) {
    return twilio.messagesViaApi().stream().map(SentMessage::to).filter(customer::equals).count();
  }

  // ---- the outcomes

  private List<ReceivedEvent> eventsOf(String customer) {
    return customerIo.events().stream()
        .filter(event -> event.person().value().equals(customer))
        .toList();
  }

  private void awaitEvents(String customer, int count) throws TimeoutException {
    customerIo
        .awaitEvents(count, event -> event.person().value().equals(customer))
        .await(20, TimeUnit.SECONDS);
  }

  private void expectEvents(String customer, List<String> names) {
    List<String> expected = names.stream().sorted().toList();
    try {
      awaitEvents(customer, names.size());
    } catch (TimeoutException _) {
      // The comparison below says what is missing.
    }
    List<String> received = eventsOf(customer).stream().map(ReceivedEvent::name).sorted().toList();
    expect("Customer.io knows of " + expected, received.equals(expected));
    if (!received.equals(expected)) {
      say("    but received       %s", received);
    }
  }

  private void expectEnd(String customer, String result) {
    boolean ended =
        eventsOf(customer).stream()
            .anyMatch(
                event ->
                    event.name().equals("conversation_ended")
                        && result.equals(event.attributes().getString("result")));
    expect("the conversation ended: " + result, ended);
  }

  private void show(ReceivedEvent event) {
    JsonObject attributes = event.attributes();
    StringBuilder details = new StringBuilder();
    for (String name :
        List.of("flow", "widget", "body", "result", "reason", "evidence", "order_id")) {
      if (attributes.containsKey(name) && !String.valueOf(attributes.getValue(name)).isEmpty()) {
        details.append("  ").append(name).append('=').append(attributes.getValue(name));
      }
    }
    say(
        "  %-8s %-26s %s%s",
        event.person().value(), event.name(), event.id().orElse("(no id)"), details);
  }

  // ---- printing

  private void expect(String what, boolean holds) {
    asExpected &= holds;
    say("          %s %s", holds ? "ok:" : "NOT AS EXPECTED:", what);
  }

  private void line(String customer, String arrow, String text) {
    say("%s  %s %s %s", clock(), customer, arrow, text);
  }

  private void heading(String text) {
    say("");
    say("%s", text);
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency for one method
  private synchronized void say(String format, Object... arguments) {
    out.println(arguments.length == 0 ? format : format.formatted(arguments));
    out.flush();
  }

  private String clock() {
    return "%6.2f s".formatted(Duration.between(begun, Instant.now()).toMillis() / 1000.0);
  }

  /// Ends everything that was started.
  void end() throws Exception {
    parley.stop();
    say("Parley has drained and stopped.");
    vertx.close().await(10, TimeUnit.SECONDS);
    client.close();
    if (asExpected) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    } else {
      say("Its log is kept: %s", folder.resolve("parley.log"));
    }
  }
}
