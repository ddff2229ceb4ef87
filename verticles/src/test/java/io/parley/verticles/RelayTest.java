package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.testkit.TestPostgres;
import io.parley.twilio.TwilioSignature;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// Text messages are passed on to a Customer.io that checks Twilio's signature over its own URL.
@Isolated("takes the streams that what other tests log goes to")
class RelayTest {

  private static final String JANE = "+14155550142";
  private static final String JOHN = "+14155550143";
  private static final String INBOUND = "/inbound/sms";
  private static final String KEY =
      Base64.getEncoder()
          .encodeToString("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII));

  private final Vertx world = Vertx.vertx();
  private final CalledServer customerIo = new CalledServer(world);
  private final AtomicInteger status = new AtomicInteger(200);
  private final List<String> taken = new ArrayList<>();
  private final List<Service> services = new ArrayList<>();

  RelayTest() {
    customerIo.on(
        INBOUND,
        (request, asked) -> {
          int now = isSigned(asked) ? status.get() : 403;
          if (now == 200) {
            taken(asked.body());
          }
          request.response().setStatusCode(now).end();
        });
  }

  @AfterEach
  void close() {
    services.forEach(Service::close);
    Service.await(world.close());
  }

  private Service start(Map<String, String> settings) {
    Map<String, String> all =
        new HashMap<>(
            Map.of(
                "CUSTOMERIO_INBOUND_URL",
                customerIo.url(INBOUND),
                "CUSTOMERIO_TIMEOUT",
                "1s",
                "DEAD_LETTER_KEY",
                KEY));
    all.putAll(settings);
    Service service = new Service(TestPostgres.database(), all);
    services.add(service);
    return service;
  }

  private boolean isSigned(CalledServer.Asked asked) {
    String signature = asked.headers().get("X-Twilio-Signature");
    return new TwilioSignature(URI.create(customerIo.url("")), List.of(Service.AUTH_TOKEN))
        .verify(INBOUND, asked.body().getBytes(StandardCharsets.UTF_8), String.valueOf(signature))
        .genuine();
  }

  private synchronized void taken(String body) {
    taken.add(body);
  }

  private synchronized List<String> taken() {
    return List.copyOf(taken);
  }

  private static String form(String from, String sid, String text) {
    return "ToCountry=US&MessageSid=%s&From=%s&To=%s&Body=%s&NumMedia=0"
        .formatted(sid, encoded(from), encoded(Service.OURS), encoded(text));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /// Twilio posts it; answers the status.
  private static int post(Service service, String form) {
    String path = "/twilio/messages";
    HttpRequest.Builder request =
        HttpRequest.newBuilder(service.uri(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("I-Twilio-Idempotency-Token", "token-1")
            .header(
                "X-Twilio-Signature",
                TwilioSignature.of(Service.PUBLIC_URL + path, form, Service.AUTH_TOKEN))
            .POST(HttpRequest.BodyPublishers.ofString(form));
    return service.send(request).join().status();
  }

  private void untilTaken(Service service, String... forms) {
    service.until("passed on", () -> taken().size() >= forms.length);
    assertThat(taken()).containsExactly(forms);
  }

  @Test
  void whatTwilioPostsIsPassedOnByteForByteAndSignedForItsNewPlace() {
    Service service = start(Map.of());
    String form = form(JANE, "SM-1", "héllo & günstig + 1%");

    assertThat(post(service, form)).isEqualTo(200);

    untilTaken(service, form);
    assertThat(customerIo.asked().getFirst().headers().get("I-Twilio-Idempotency-Token"))
        .isEqualTo("token-1");
    service.until(
        "nothing of it is left",
        () ->
            service
                .texts("select state || contact || token || length(body) from relayed")
                .equals(List.of("done0")));
  }

  @Test
  void aRepeatByTwilioIsPassedOnOnce() {
    Service service = start(Map.of());
    String form = form(JANE, "SM-1", "hello");

    post(service, form);
    untilTaken(service, form);
    post(service, form);
    post(service, form(JANE, "SM-2", "more"));

    untilTaken(service, form, form(JANE, "SM-2", "more"));
  }

  @Test
  void aMessageOnWhatsAppIsNotPassedOn() {
    Service service = start(Map.of());

    post(service, form("whatsapp:" + JANE, "SM-1", "hello"));
    post(service, form(JANE, "SM-2", "STOP"));

    untilTaken(service, form(JANE, "SM-2", "STOP"));
    assertThat(service.count("relayed")).isEqualTo(1);
  }

  @Test
  void nothingIsPassedOnUnlessAsked() {
    Service service = start(Map.of("CUSTOMERIO_INBOUND_URL", ""));

    post(service, form(JANE, "SM-1", "hello"));

    assertThat(service.count("relayed")).isZero();
    assertThat(customerIo.asked()).isEmpty();
  }

  @Test
  void anOutageHoldsTwilioUpByNothingAndWhatWasAcknowledgedOutlivesTheProcess() {
    status.set(503);
    Service service = start(Map.of());

    for (int i = 1; i <= 3; i++) {
      assertThat(post(service, form(JANE, "SM-" + i, "word " + i))).isEqualTo(200);
    }
    service.until("it was tried", () -> !customerIo.asked().isEmpty());
    service.stop();
    status.set(200);
    service.restart();

    untilTaken(
        service,
        form(JANE, "SM-1", "word 1"),
        form(JANE, "SM-2", "word 2"),
        form(JANE, "SM-3", "word 3"));
  }

  @Test
  void aSlowCustomerIoSlowsNoAnswerToTwilio() {
    customerIo.on(INBOUND, (_, _) -> {});
    Service service = start(Map.of("CUSTOMERIO_TIMEOUT", "10s"));
    post(service, form(JANE, "SM-1", "hello"));
    service.until("it hangs", () -> customerIo.asked().size() == 1);

    long begun = System.nanoTime();
    assertThat(post(service, form(JANE, "SM-2", "hello"))).isEqualTo(200);

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    customerIo.on(INBOUND, (request, _) -> request.response().end());
    service.execute("update relayed set state = 'done'");
  }

  @Test
  void whatMayHaveBeenTakenIsPassedOnAgainUnderTheSameNames() {
    AtomicBoolean cut = new AtomicBoolean();
    customerIo.on(
        INBOUND,
        (request, asked) -> {
          taken(asked.body());
          if (cut.compareAndSet(false, true)) {
            request.connection().close();
          } else {
            request.response().end();
          }
        });
    Service service = start(Map.of());
    String form = form(JANE, "SM-1", "hello");

    post(service, form);

    untilTaken(service, form, form);
    assertThat(customerIo.asked())
        .extracting(it -> it.headers().get("I-Twilio-Idempotency-Token"))
        .containsExactly("token-1", "token-1");
  }

  @Test
  void aContactsMessageThatWaitsHoldsBackNobodyElse() {
    customerIo.on(
        INBOUND,
        (request, asked) -> {
          boolean janes = asked.body().contains(encoded(JANE));
          if (!janes) {
            taken(asked.body());
          }
          request.response().setStatusCode(janes ? 500 : 200).end();
        });
    Service service = start(Map.of());

    post(service, form(JANE, "SM-1", "one"));
    post(service, form(JANE, "SM-2", "two"));
    post(service, form(JOHN, "SM-3", "three"));

    untilTaken(service, form(JOHN, "SM-3", "three"));
    assertThat(customerIo.asked()).noneMatch(it -> it.body().contains("SM-2"));
  }

  @Test
  void whatIsRefusedIsADeadLetterUntilAPersonLetsItBeTriedAgain() {
    status.set(400);
    Service service = start(Map.of());
    String form = form(JANE, "SM-1", "hello");

    post(service, form);
    service.until("it is dead", () -> service.texts("select state from relayed").contains("dead"));

    assertThat(service.texts("select convert_from(body, 'UTF8') from relayed").getFirst())
        .as("sealed")
        .doesNotContain("hello");
    assertThat(command(service, "list").out())
        .startsWith("SM-1  received ")
        .contains("(dead)  Customer.io refused it (400)");
    CommandRun shut = CommandRun.of("relay", "--database", service.database, "--key", "", "retry");
    assertThat(shut.exit()).isEqualTo(1);
    assertThat(shut.err()).contains("SM-1: it is sealed under key ");

    status.set(200);
    assertThat(command(service, "retry").out()).isEqualTo("1 to be tried again\n");
    untilTaken(service, form);
  }

  private static CommandRun command(Service service, String command) {
    return CommandRun.of("relay", "--database", service.database, "--key", KEY, command);
  }

  @Test
  void whatIsTooOldToBeAttributedIsADeadLetter() {
    status.set(503);
    Service service = start(Map.of());
    post(service, form(JANE, "SM-1", "hello"));

    service.leap(Duration.ofDays(3).plusMinutes(1));
    status.set(200);

    service.until(
        "it is dead",
        () ->
            service
                .texts("select state || ': ' || error from relayed")
                .contains("dead: not taken within 72 hours"));
    assertThat(taken()).isEmpty();
  }

  @Test
  void anErasedContactsMessagesAreNotPassedOn() {
    status.set(503);
    Service service = start(Map.of());
    post(service, form(JANE, "SM-1", "hello"));

    assertThat(
            CommandRun.of("contacts", "--database", service.database, "erase", JANE, "--yes")
                .exit())
        .isZero();

    assertThat(service.count("relayed")).isZero();
  }

  @Test
  void parleyItselfIsNoPlaceToPassMessagesOnTo() {
    assertThat(
            Settings.read(
                Map.of(
                    "PARLEY_PUBLIC_URL",
                    "https://parley.example.com",
                    "PARLEY_CUSTOMERIO_INBOUND_URL",
                    "https://parley.example.com/twilio/messages")))
        .isInstanceOfSatisfying(
            Settings.Reading.Unusable.class,
            it ->
                assertThat(it.problems())
                    .singleElement()
                    .asString()
                    .contains("PARLEY_CUSTOMERIO_INBOUND_URL", "round in a circle"));
  }
}
