package io.parley.loadtest.twilio;

import static io.parley.loadtest.standin.Blocking.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
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
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
final class StandInTwilioTest {

  private static final String ACCOUNT = "AC" + "a".repeat(32);
  private static final String TOKEN = "token";
  private static final String OURS = "+15005550006";
  private static final String OTHER = "+15005550007";
  private static final String WHATSAPP = "whatsapp:+15005550008";
  private static final String SERVICE = "MG" + "b".repeat(32);
  private static final String TEMPLATE = "HX" + "c".repeat(32);
  private static final String THEIRS = "+14155550123";

  private StandInTwilio twilio;
  private Application application;
  private WebClient client;

  @BeforeEach
  void start(Vertx vertx) {
    client = WebClient.create(vertx);
    application = now(Application.start(vertx, TOKEN));
    twilio = start(vertx, settings());
  }

  private TwilioSettings settings() {
    return TwilioSettings.of(ACCOUNT, TOKEN, List.of(OURS, WHATSAPP))
        .withMessagingService(SERVICE, List.of(OTHER))
        .withTemplate(TEMPLATE, "Your cart has {{1}}.")
        .withMessagesWebhook(application.url("/messages?flow=1&x=%20y#rc=1&rp=all"));
  }

  private static StandInTwilio start(Vertx vertx, TwilioSettings settings) {
    return now(StandInTwilio.start(vertx, settings));
  }

  @Test
  void answersWithTheMessageAndDeliversIt() {
    JsonObject answer = created(send(THEIRS, "Hello €"));

    assertThat(answer.getString("sid")).matches("SM[0-9a-f]{32}");
    assertThat(answer.getString("status")).isEqualTo("queued");
    assertThat(answer.getString("num_segments")).isEqualTo("1");
    assertThat(answer.getString("direction")).isEqualTo("outbound-api");
    assertThat(answer.getString("date_created"))
        .matches("[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d \\+0000");
    assertThat(answer.getString("uri"))
        .isEqualTo(
            "/2010-04-01/Accounts/" + ACCOUNT + "/Messages/" + answer.getString("sid") + ".json");
    SentMessage delivered = delivered(1).getFirst();
    assertThat(delivered.body()).isEqualTo("Hello €");
    JsonObject fetched = json(get("/Messages/" + answer.getString("sid") + ".json"));
    assertThat(fetched.getString("status")).isEqualTo("delivered");
    assertThat(fetched.getString("date_sent")).isNotNull();
  }

  @Test
  void refusesWrongCredentials() {
    HttpResponse<Buffer> answer =
        now(
            client
                .postAbs(twilio.baseUrl() + path("/Messages.json"))
                .basicAuthentication(ACCOUNT, "wrong")
                .sendForm(form("To", THEIRS, "From", OURS, "Body", "x")));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(json(answer))
        .isEqualTo(
            new JsonObject()
                .put("code", 20003)
                .put("message", "Authenticate")
                .put("more_info", "https://www.twilio.com/docs/errors/20003")
                .put("status", 401));
    assertThat(twilio.messages()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'',            +15005550006, hi, 21604",
    "+1,            +15005550006, hi, 21211",
    "+14155550123,  '',           hi, 21603",
    "+14155550123,  +1x,          hi, 21212",
    "+14155550123,  +15005550099, hi, 21606",
    "+14155550123,  +15005550006, '', 21602",
    "+14155550123,  whatsapp:+15005550008, hi, 21910",
    "whatsapp:+14155550123,  whatsapp:+15005550099, hi, 63007",
    "+15005550006,  +15005550006, hi, 21266",
  })
  void refusesWhatTwilioRefuses(String to, String from, String body, int code) {
    HttpResponse<Buffer> answer = post(form("To", to, "From", from, "Body", body));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).getInteger("code")).isEqualTo(code);
    assertThat(twilio.messages()).isEmpty();
  }

  @Test
  void refusesAnOverlongBody() {
    assertThat(send(THEIRS, "x".repeat(1600)).statusCode()).isEqualTo(201);
    assertThat(send(THEIRS, "語".repeat(1600)).statusCode()).isEqualTo(201);
    assertThat(code(send(THEIRS, "x".repeat(1601)))).isEqualTo(21617);
  }

  @Test
  void refusesUnknownContentAndBrokenCallbacks() {
    assertThat(code(post(form("To", THEIRS, "From", OURS, "ContentSid", "HX1")))).isEqualTo(21655);
    assertThat(
            code(
                post(
                    form(
                        "To",
                        THEIRS,
                        "From",
                        OURS,
                        "ContentSid",
                        TEMPLATE,
                        "ContentVariables",
                        "no"))))
        .isEqualTo(21656);
    assertThat(
            code(post(form("To", THEIRS, "From", OURS, "Body", "x", "StatusCallback", "nowhere"))))
        .isEqualTo(21609);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"1\":\"\"}",
        "{\"1\":null}",
        "{\"1\":\"two\\nlines\"}",
        "{\"1\":\"a\\ttab\"}",
        "{\"1\":\"five     spaces\"}"
      })
  void refusesVariablesThatTwilioRefuses(String variables) {
    assertThat(
            code(
                post(
                    form(
                        "To",
                        THEIRS,
                        "From",
                        OURS,
                        "ContentSid",
                        TEMPLATE,
                        "ContentVariables",
                        variables))))
        .isEqualTo(21656);
  }

  @Test
  void rendersContentAndChoosesTheSenderOfAService() {
    JsonObject answer =
        created(
            post(
                form(
                    "To",
                    THEIRS,
                    "MessagingServiceSid",
                    SERVICE,
                    "ContentSid",
                    TEMPLATE,
                    "ContentVariables",
                    "{\"1\":\"2 shoes\"}")));

    assertThat(answer.getString("from")).isNull();
    assertThat(answer.getString("status")).isEqualTo("accepted");
    SentMessage sent = delivered(1).getFirst();
    assertThat(sent.from()).isEqualTo(OTHER);
    assertThat(sent.body()).isEqualTo("Your cart has 2 shoes.");
    assertThat(sent.messagingServiceSid()).contains(SERVICE);
  }

  @Test
  void reportsEachStepWithASignature() {
    String sid = sendReported(THEIRS, "Hello").getString("sid");

    now(twilio.awaitStatusCallbacks(3, _ -> true));

    assertThat(application.received()).allMatch(Application.Received::signed);
    assertThat(statuses()).containsExactly("queued", "sent", "delivered");
    assertThat(application.received().getLast().parameters())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "MessageSid", sid,
                "SmsSid", sid,
                "MessageStatus", "delivered",
                "SmsStatus", "delivered",
                "To", THEIRS,
                "From", OURS,
                "AccountSid", ACCOUNT,
                "ApiVersion", "2010-04-01"));
    assertThat(application.received().getLast().uri()).isEqualTo("/status?effect=7");
  }

  @Test
  void reportsTheErrorThatATestChose() {
    twilio.fate(THEIRS, new Fate.Undelivered(30003));
    twilio.fates(_ -> new Fate.Failed(30034));

    sendReported(THEIRS, "Hello");
    sendReported("+14155550124", "Hello");

    now(twilio.awaitStatusCallbacks(5, _ -> true));
    assertThat(twilio.messages())
        .extracting(SentMessage::status)
        .containsExactly(DeliveryStatus.UNDELIVERED, DeliveryStatus.FAILED);
    assertThat(application.received().stream().map(r -> r.parameters().get("ErrorCode")))
        .contains("30003", "30034");
  }

  @Test
  void repeatsAndReversesCallbacks() {
    twilio.callbackHabits(CallbackHabits.PROMPT.duplicating(1).reversing(1));

    sendReported(THEIRS, "Hello");

    now(twilio.awaitStatusCallbacks(6, _ -> true));
    assertThat(statuses())
        .containsExactly("delivered", "delivered", "sent", "sent", "queued", "queued");
  }

  @Test
  void retriesACallbackOnce() {
    application.answerNext(503, 503, 0);

    sendReported(THEIRS, "Hello");

    List<StatusCallback> callbacks = now(twilio.awaitStatusCallbacks(3, _ -> true));
    assertThat(callbacks)
        .extracting(callback -> callback.answer().attempts())
        .containsExactly(2, 2, 1);
    assertThat(callbacks)
        .extracting(callback -> callback.answer().accepted())
        .containsExactly(false, true, true);
    assertThat(statuses()).containsExactly("queued", "queued", "sent", "sent", "delivered");
    assertThat(application.received().get(0).idempotencyToken())
        .isEqualTo(application.received().get(1).idempotencyToken())
        .isNotEqualTo(application.received().get(2).idempotencyToken());
  }

  @Test
  void sendsInOrderAtThePaceOfTheSender() {
    twilio.pace(OURS, new Pace(100, Duration.ZERO, Duration.ZERO));
    List<String> order = new ArrayList<>();
    twilio.onChange(
        message -> {
          if (message.status() == DeliveryStatus.SENT) {
            order.add(message.body());
          }
        });

    long start = System.nanoTime();
    IntStream.range(0, 20).forEach(i -> send(THEIRS, "m" + i));
    delivered(20);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(185));
    assertThat(order).isEqualTo(IntStream.range(0, 20).mapToObj(i -> "m" + i).toList());
  }

  @Test
  void refusesWhatASendersQueueCannotHold(Vertx vertx) {
    StandInTwilio narrow = start(vertx, settings().withLongestQueue(Duration.ofSeconds(5)));
    narrow.pace(new Pace(0.1, Duration.ZERO, Duration.ZERO));
    for (int i = 0; i < 2; i++) {
      assertThat(post(narrow, form("To", THEIRS, "From", OURS, "Body", "x")).statusCode())
          .isEqualTo(201);
      assertThat(
              post(narrow, form("To", THEIRS, "MessagingServiceSid", SERVICE, "Body", "x"))
                  .statusCode())
          .isEqualTo(201);
      now(narrow.awaitMessages(2, message -> message.status() == DeliveryStatus.DELIVERED));
    }

    assertThat(code(post(narrow, form("To", THEIRS, "From", OURS, "Body", "too much"))))
        .isEqualTo(21611);
    assertThat(
            post(narrow, form("To", THEIRS, "MessagingServiceSid", SERVICE, "Body", "too much"))
                .statusCode())
        .isEqualTo(201);
    assertThat(
            now(narrow.awaitMessage(message -> message.status() == DeliveryStatus.FAILED))
                .errorCode())
        .hasValue(30001);
  }

  @Test
  void cancelsOnlyWhatIsQueued() {
    twilio.pace(new Pace(0.1, Duration.ZERO, Duration.ZERO));
    created(send(THEIRS, "first"));
    delivered(1);
    String second = created(sendReported()).getString("sid");

    assertThat(json(cancel(second)).getString("status")).isEqualTo("canceled");
    assertThat(code(cancel(second))).isEqualTo(30409);
    assertThat(twilio.message(second).orElseThrow().sentAt()).isEmpty();
    now(twilio.awaitStatusCallbacks(2, _ -> true));
    assertThat(statuses()).containsExactly("queued", "canceled");
  }

  @Test
  void keepsOptOutsAndConfirmsThem() {
    InboundResult stop = now(twilio.receive(THEIRS, OURS, " Stop "));

    assertThat(stop.accepted()).isTrue();
    assertThat(code(send(THEIRS, "more"))).isEqualTo(21610);
    assertThat(twilio.optOuts()).containsExactly(new OptOut(OURS, THEIRS));
    assertThat(twilio.messages())
        .extracting(SentMessage::direction)
        .containsExactly(Direction.OUTBOUND_REPLY);
    assertThat(twilio.messagesViaApi()).isEmpty();

    now(twilio.receive(THEIRS, OURS, "stop now"));
    now(twilio.receive(THEIRS, OURS, "yes"));
    assertThat(send(THEIRS, "more").statusCode()).isEqualTo(201);
  }

  @Test
  void keepsOptOutsPerMessagingService() {
    now(twilio.receive(THEIRS, OTHER, "STOPALL"));

    assertThat(twilio.optOuts()).containsExactly(new OptOut(SERVICE, THEIRS));
    assertThat(code(post(form("To", THEIRS, "MessagingServiceSid", SERVICE, "Body", "x"))))
        .isEqualTo(21610);
    assertThat(send(THEIRS, "x").statusCode()).isEqualTo(201);
  }

  @Test
  void tellsTheKindOfKeywordWhereAdvancedOptOutIsOn(Vertx vertx) {
    StandInTwilio advanced = start(vertx, settings().withKeywords(KeywordHandling.ADVANCED));

    InboundResult stop = now(advanced.receive(THEIRS, OURS, "STOP"));
    InboundResult help = now(advanced.receive(THEIRS, OURS, "help"));
    InboundResult text = now(advanced.receive(THEIRS, OURS, "stopping by"));

    assertThat(stop.parameters()).containsEntry("OptOutType", "STOP");
    assertThat(help.parameters()).containsEntry("OptOutType", "HELP");
    assertThat(text.parameters()).doesNotContainKey("OptOutType");
    assertThat(advanced.messages())
        .extracting(SentMessage::body)
        .containsExactly(Keyword.STOP.reply(), Keyword.HELP.reply());
  }

  @Test
  void leavesKeywordsAloneWhereTheAccountHandlesThem(Vertx vertx) {
    StandInTwilio plain = start(vertx, settings().withKeywords(KeywordHandling.OFF));

    now(plain.receive(THEIRS, OURS, "STOP"));

    assertThat(plain.optOuts()).isEmpty();
    assertThat(plain.messages()).isEmpty();
  }

  @Test
  void failsToStartOnAPortThatIsTaken(Vertx vertx) {
    TwilioSettings taken = settings().withPort(twilio.port());

    assertThatThrownBy(() -> start(vertx, taken)).isInstanceOf(Exception.class);
  }

  @Test
  void tellsOfTheFilesOfAMessage() {
    InboundResult result =
        now(
            twilio.receive(
                Inbound.whatsApp(THEIRS, OURS, "", "Jane")
                    .media("https://a.example/1", "image/jpeg")
                    .media("https://a.example/2", "audio/ogg")));

    assertThat(result.parameters())
        .containsEntry("NumMedia", "2")
        .containsEntry("MediaUrl0", "https://a.example/1")
        .containsEntry("MediaContentType0", "image/jpeg")
        .containsEntry("MediaUrl1", "https://a.example/2")
        .containsEntry("MediaContentType1", "audio/ogg");
    assertThat(result.messageSid()).startsWith("MM");
  }

  @Test
  void doesNotTakeYesForAKeyword() {
    now(twilio.receive(THEIRS, OURS, "YES"));

    assertThat(twilio.messages()).isEmpty();
  }

  @Test
  void postsCustomersMessagesSigned() {
    InboundResult result =
        now(twilio.receive(THEIRS, OURS, "Bonjour à tous", Map.of("NewParameter", "v")));

    assertThat(result.twiml()).isEqualTo("<Response/>");
    Application.Received received = application.received().getFirst();
    assertThat(received.signed()).isTrue();
    assertThat(received.uri()).isEqualTo("/messages?flow=1&x=%20y");
    assertThat(received.parameters())
        .containsEntry("MessageSid", result.messageSid())
        .containsEntry("SmsMessageSid", result.messageSid())
        .containsEntry("Body", "Bonjour à tous")
        .containsEntry("SmsStatus", "received")
        .containsEntry("NumMedia", "0")
        .containsEntry("FromCountry", "US")
        .containsEntry("NewParameter", "v");
  }

  @Test
  void postsWhatsAppTaps() {
    now(
        twilio.receive(
            Inbound.whatsApp(THEIRS, WHATSAPP, "", "Ann").button("Too expensive", "price")));

    assertThat(application.received().getFirst().parameters())
        .containsEntry("From", "whatsapp:" + THEIRS)
        .containsEntry("WaId", "14155550123")
        .containsEntry("ProfileName", "Ann")
        .containsEntry("ButtonText", "Too expensive")
        .containsEntry("ButtonPayload", "price")
        .containsEntry("Body", "Too expensive")
        .doesNotContainKey("FromCountry");
  }

  @Test
  void retriesACustomersMessageOnceAndRepeatsItOnDemand() {
    application.answerNext(0, 500);
    InboundResult result = now(twilio.receive(THEIRS, OURS, "hi"));
    InboundResult again = now(twilio.receiveAgain(result));

    assertThat(result.accepted()).isFalse();
    assertThat(result.answer().attempts()).isEqualTo(2);
    assertThat(again.accepted()).isTrue();
    assertThat(application.received())
        .extracting(r -> r.parameters().get("MessageSid"))
        .containsOnly(result.messageSid())
        .hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({
    "'',503,1",
    "#rp=5xx,503,2",
    "#rc=3&rp=5xx,503,4",
    "#rc=9&rp=all,503,6",
    "#rc=0&rp=all,503,1",
    "#rc=2&rp=5xx,404,1",
    "#rc=2&rp=ct;4xx,404,3",
    "#rc=2,0,1",
    "#rc=2&rp=all,0,3"
  })
  void triesAgainWhatTheUrlAsksFor(String fragment, int answer, int attempts) {
    twilio.messagesWebhook(application.url("/messages" + fragment.replace(';', ',')));
    application.answerNext(IntStream.range(0, 9).map(_ -> answer).toArray());

    InboundResult result = now(twilio.receive(THEIRS, OURS, "hi"));

    assertThat(result.answer().attempts()).isEqualTo(attempts);
    assertThat(application.received())
        .hasSize(attempts)
        .extracting(Application.Received::idempotencyToken)
        .containsOnly(application.received().getFirst().idempotencyToken());
  }

  @Test
  void triesAConnectionThatDidNotComeAboutAgainUnasked() {
    twilio.messagesWebhook("http://127.0.0.1:1/nobody");

    assertThat(now(twilio.receive(THEIRS, OURS, "hi")).answer().attempts()).isEqualTo(2);
  }

  @Test
  void recordsThatNobodyAnswers() {
    twilio.messagesWebhook("http://127.0.0.1:1/nobody");

    InboundResult result = now(twilio.receive(THEIRS, OURS, "hi"));

    assertThat(result.answer()).isInstanceOf(WebhookAnswer.Unanswered.class);
    assertThat(result.answer().attempts()).isEqualTo(2);
  }

  @Test
  void failsFreeTextOutsideTheWhatsAppWindow() {
    String customer = "whatsapp:" + THEIRS;
    post(form("To", customer, "From", WHATSAPP, "Body", "hi"));
    SentMessage refused =
        now(twilio.awaitMessage(message -> message.status() == DeliveryStatus.FAILED));
    assertThat(refused.errorCode()).hasValue(63016);

    now(twilio.receive(Inbound.whatsApp(THEIRS, WHATSAPP, "hello", "Ann")));
    post(form("To", customer, "From", WHATSAPP, "Body", "hi"));
    assertThat(delivered(1)).hasSize(1);
  }

  @Test
  void strikesWithTheProgrammedFaults() {
    twilio.faults().next(1, new SendFault.ErrorBeforeAccepting(500));
    twilio.faults().next(1, new SendFault.ErrorAfterAccepting(503));
    twilio.faults().next(1, new SendFault.ErrorCode(21408));
    twilio.faults().next(1, new SendFault.TooManyRequests());
    twilio.faults().nextAbout("+14155559999", 1, new SendFault.ErrorBeforeAccepting(500));

    assertThat(send(THEIRS, "a").statusCode()).isEqualTo(500);
    assertThat(twilio.messages()).isEmpty();
    assertThat(send(THEIRS, "b").statusCode()).isEqualTo(503);
    assertThat(twilio.messages()).extracting(SentMessage::body).containsExactly("b");
    assertThat(code(send(THEIRS, "c"))).isEqualTo(21408);
    assertThat(code(send(THEIRS, "d"))).isEqualTo(20429);
    assertThat(send(THEIRS, "e").statusCode()).isEqualTo(201);
    assertThat(twilio.faults().struck())
        .isEqualTo(
            Map.of(
                "ErrorBeforeAccepting", 1,
                "ErrorAfterAccepting", 1,
                "ErrorCode", 1,
                "TooManyRequests", 1));
    assertThat(twilio.answers()).isEqualTo(Map.of(500, 1, 503, 1, 400, 1, 429, 1, 201, 1));
  }

  @Test
  void cutsTheConnectionBeforeOrAfterAccepting() {
    twilio.faults().next(1, new SendFault.CutBeforeAccepting());
    twilio.faults().next(1, new SendFault.CutAfterAccepting());

    assertThatThrownBy(() -> send(THEIRS, "lost")).isInstanceOf(Exception.class);
    assertThatThrownBy(() -> send(THEIRS, "kept")).isInstanceOf(Exception.class);

    assertThat(delivered(1)).extracting(SentMessage::body).containsExactly("kept");
    assertThat(twilio.messages()).hasSize(1);
  }

  @Test
  void countsACutConnectionAsOver(Vertx vertx) {
    StandInTwilio narrow = start(vertx, settings().withConcurrentRequests(1));
    narrow.faults().next(2, new SendFault.CutAfterAccepting());
    MultiMap form = form("To", THEIRS, "From", OURS, "Body", "x");

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(
              () -> now(request(narrow, HttpMethod.POST, "/Messages.json").sendForm(form)))
          .isInstanceOf(Exception.class);
    }

    assertThat(now(request(narrow, HttpMethod.POST, "/Messages.json").sendForm(form)).statusCode())
        .isEqualTo(201);
    assertThat(narrow.messages()).hasSize(3);
  }

  @Test
  void answersTooManyConcurrentRequestsWith429(Vertx vertx) {
    StandInTwilio narrow = start(vertx, settings().withConcurrentRequests(1));
    narrow.faults().nextAbout(THEIRS, 1, new SendFault.SlowAnswer(Duration.ofMillis(300)));
    Future<HttpResponse<Buffer>> slow =
        request(narrow, HttpMethod.POST, "/Messages.json")
            .sendForm(form("To", THEIRS, "From", OURS, "Body", "slow"));
    now(narrow.awaitMessage(_ -> true));

    HttpResponse<Buffer> refused =
        now(
            request(narrow, HttpMethod.POST, "/Messages.json")
                .sendForm(form("To", THEIRS, "From", OURS, "Body", "second")));

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(code(refused)).isEqualTo(20429);
    assertThat(now(slow).statusCode()).isEqualTo(201);
    assertThat(now(request(narrow, HttpMethod.GET, "/Messages.json").send()).statusCode())
        .isEqualTo(200);
  }

  @Test
  void tellsListenersBeforeItAnswers() {
    List<String> heard = new ArrayList<>();
    twilio.onSend(message -> heard.add(message.body()));

    send(THEIRS, "hello");

    assertThat(heard).containsExactly("hello");
  }

  @Test
  void listsByAddressAndDate() {
    String today = LocalDate.now(ZoneOffset.UTC).toString();
    String tomorrow = LocalDate.now(ZoneOffset.UTC).plusDays(1).toString();
    send(THEIRS, "a");
    send("+14155550124", "b");
    send(THEIRS, "c");

    assertThat(list("")).containsExactly("c", "b", "a");
    assertThat(list("?To=%2B14155550123")).containsExactly("c", "a");
    assertThat(list("?To=%2B14155550124&From=%2B15005550006")).containsExactly("b");
    assertThat(list("?From=%2B15005550007")).isEmpty();
    assertThat(list("?DateSent=" + today)).hasSize(3);
    assertThat(list("?DateSent%3E=" + today + "T00:00:00")).hasSize(3);
    assertThat(list("?DateSent>=" + tomorrow)).isEmpty();
    assertThat(list("?DateSent%3C=" + today + "T00:00:00Z")).isEmpty();
    assertThat(get("/Messages.json?DateSent=x").statusCode()).isEqualTo(400);
  }

  @Test
  void pagesWithoutShiftingWhenMoreArrives() {
    IntStream.range(0, 5).forEach(i -> send(THEIRS, "m" + i));
    JsonObject first = json(get("/Messages.json?PageSize=2"));
    send(THEIRS, "new");

    String next = first.getString("next_page_uri");
    JsonObject second =
        json(
            now(client.getAbs(twilio.baseUrl() + next).basicAuthentication(ACCOUNT, TOKEN).send()));

    assertThat(bodies(second)).containsExactly("m2", "m1");
    assertThat(second.getInteger("page")).isEqualTo(1);
  }

  @Test
  void letsAPersonPlayTheCustomer() {
    JsonObject answer =
        json(
            now(
                client
                    .postAbs(twilio.baseUrl() + "/stand-in/receive")
                    .sendForm(form("From", THEIRS, "To", OURS, "Body", "STOP"))));
    JsonObject state = json(now(client.getAbs(twilio.baseUrl() + "/stand-in/state").send()));

    assertThat(answer.getInteger("status")).isEqualTo(200);
    assertThat(state.getJsonArray("opt_outs")).hasSize(1);
    assertThat(state.getJsonObject("messages").getInteger("received")).isEqualTo(1);
  }

  private List<SentMessage> delivered(int count) {
    return now(
        twilio.awaitMessages(count, message -> message.status() == DeliveryStatus.DELIVERED));
  }

  private List<String> statuses() {
    return application.received().stream()
        .map(request -> request.parameters().getOrDefault("MessageStatus", ""))
        .toList();
  }

  private HttpResponse<Buffer> send(String to, String body) {
    return post(form("To", to, "From", OURS, "Body", body));
  }

  private HttpResponse<Buffer> sendReported() {
    return post(
        form(
            "To", THEIRS, "From", OURS, "Body", "x", "StatusCallback", application.url("/status")));
  }

  private JsonObject sendReported(String to, String body) {
    String callback = application.url("/status?effect=7#rc=1&rp=all");
    return created(post(form("To", to, "From", OURS, "Body", body, "StatusCallback", callback)));
  }

  private HttpResponse<Buffer> cancel(String sid) {
    return now(
        request(twilio, HttpMethod.POST, "/Messages/" + sid + ".json")
            .sendForm(form("Status", "canceled")));
  }

  private HttpResponse<Buffer> post(MultiMap form) {
    return post(twilio, form);
  }

  private HttpResponse<Buffer> post(StandInTwilio target, MultiMap form) {
    return now(request(target, HttpMethod.POST, "/Messages.json").sendForm(form));
  }

  private HttpResponse<Buffer> get(String resource) {
    return now(request(twilio, HttpMethod.GET, resource).send());
  }

  private List<String> list(String query) {
    return bodies(json(get("/Messages.json" + query)));
  }

  private static List<String> bodies(JsonObject page) {
    JsonArray messages = page.getJsonArray("messages");
    return IntStream.range(0, messages.size())
        .mapToObj(i -> messages.getJsonObject(i).getString("body"))
        .toList();
  }

  private HttpRequest<Buffer> request(StandInTwilio target, HttpMethod method, String resource) {
    return client
        .requestAbs(method, target.baseUrl() + path(resource))
        .basicAuthentication(ACCOUNT, TOKEN);
  }

  private static String path(String resource) {
    return "/2010-04-01/Accounts/" + ACCOUNT + resource;
  }

  private static JsonObject created(HttpResponse<Buffer> answer) {
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(201);
    return json(answer);
  }

  private static @Nullable Integer code(HttpResponse<Buffer> answer) {
    return json(answer).getInteger("code");
  }

  private static JsonObject json(HttpResponse<Buffer> answer) {
    return answer.bodyAsJsonObject();
  }

  private static MultiMap form(String... namesAndValues) {
    MultiMap form = MultiMap.caseInsensitiveMultiMap();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      form.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return form;
  }
}
