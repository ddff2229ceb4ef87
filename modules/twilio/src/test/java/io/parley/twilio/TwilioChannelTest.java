package io.parley.twilio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.edge.MessageChannel.Answer;
import io.parley.edge.MessageChannel.Failure;
import io.parley.edge.MessageChannel.Lookup;
import io.parley.edge.MessageChannel.Reaction;
import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.parley.engine.Effect.Content;
import io.parley.engine.EffectId;
import io.parley.engine.FailureClass;
import io.parley.engine.MessageSid;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.twilio.TwilioAccount.ApiKey;
import io.parley.twilio.TwilioAccount.Timeouts;
import io.parley.twilio.TwilioOnLoopback.Asked;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TwilioChannelTest {

  private static final String ACCOUNT = "AC00000000000000000000000000000001";
  private static final String SERVICE = "MG00000000000000000000000000000001";
  private static final Address OURS = new Address("+15005550006");
  private static final Address THEIRS = new Address("+12025550123");
  private static final EffectId EFFECT =
      new EffectId(ConversationId.of(new ThreadId(OURS, THEIRS)), 3, 1);
  private static final Instant SINCE = Instant.parse("2026-11-22T10:00:00.700Z");
  private static final Timeouts PATIENT =
      new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(5));
  private static final Timeouts IMPATIENT =
      new Timeouts(Duration.ofMillis(150), Duration.ofMillis(150));

  private final TwilioOnLoopback twilio = new TwilioOnLoopback();
  private final TwilioChannel channel = channel(twilio.url(), PATIENT);

  @AfterEach
  void close() {
    twilio.close();
    channel.close();
  }

  @Test
  void aTextIsPostedWithItsStatusCallback() {
    twilio.answers(201, message("SM1", "Hello & bye", SINCE));

    channel.send(text("Hello & bye"));

    Asked asked = twilio.asked().getFirst();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.target()).isEqualTo("/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json");
    assertThat(asked.authorization()).contains(basic(ACCOUNT, "token"));
    assertThat(asked.form().byName())
        .containsOnly(
            Map.entry("To", List.of("+12025550123")),
            Map.entry("From", List.of("+15005550006")),
            Map.entry("Body", List.of("Hello & bye")),
            Map.entry(
                "StatusCallback",
                List.of(
                    "https://parley.example.com/twilio/status?effect=" + EFFECT + "#rc=5&rp=all")));
  }

  @Test
  void anApiKeyTakesThePlaceOfTheToken() {
    TwilioAccount account =
        new TwilioAccount(
            ACCOUNT,
            List.of("token"),
            Optional.of(new ApiKey("SK1", "secret")),
            twilio.url(),
            URI.create("https://parley.example.com/"),
            PATIENT);
    twilio.answers(201, message("SM1", "Hello", SINCE));

    try (TwilioChannel keyed = new TwilioChannel(account)) {
      keyed.send(text("Hello"));
    }

    assertThat(twilio.asked().getFirst().authorization()).contains(basic("SK1", "secret"));
    assertThat(twilio.asked().getFirst().target()).contains(ACCOUNT);
  }

  @Test
  void mediaGoesWithOrWithoutText() {
    twilio.answers(201, message("MM1", "", SINCE));
    List<String> media = List.of("https://example.com/a.png", "https://example.com/b.png");

    channel.send(send(OURS, new Content.Text("", media)));

    assertThat(twilio.asked().getFirst().form().byName())
        .containsEntry("MediaUrl", media)
        .doesNotContainKey("Body");
  }

  @Test
  void aTemplateGoesThroughAServiceWithItsVariables() {
    twilio.answers(201, message("SM1", "Hi Ann", SINCE));
    Values variables = Values.of("1", "Ann \"A\"").with("2", "50%");

    channel.send(send(new Address(SERVICE), new Content.Template("HX1", variables)));

    assertThat(twilio.asked().getFirst().form().byName())
        .containsEntry("MessagingServiceSid", List.of(SERVICE))
        .containsEntry("ContentSid", List.of("HX1"))
        .containsEntry("ContentVariables", List.of("{\"1\":\"Ann \\\"A\\\"\",\"2\":\"50%\"}"))
        .doesNotContainKeys("From", "Body");
  }

  @Test
  void aVariableOfATemplateIsOneLineWithoutLongSpaces() {
    twilio.answers(201, message("SM1", "Hi Ann", SINCE));
    Values variables =
        Values.of("1", "Ann\r\n  Lee\t!").with("2", "a    b     c").with("3", 7).with("4", " x\n");

    channel.send(send(OURS, new Content.Template("HX1", variables)));

    assertThat(twilio.asked().getFirst().form().byName())
        .containsEntry(
            "ContentVariables",
            List.of("{\"1\":\"Ann Lee !\",\"2\":\"a    b c\",\"3\":\"7\",\"4\":\"x\"}"));
  }

  @Test
  void aPictureGoesToWhatsAppWithItsText() {
    twilio.answers(201, message("MM1", "Look", SINCE));
    Address ours = new Address("whatsapp:+15005550006");
    List<String> media = List.of("https://example.com/a.png");

    channel.send(send(ours, new Content.Text("Look", media)));

    assertThat(twilio.asked().getFirst().form().byName())
        .containsEntry("From", List.of("whatsapp:+15005550006"))
        .containsEntry("Body", List.of("Look"))
        .containsEntry("MediaUrl", media);
  }

  @Test
  void aSendInDoubtIsFoundByItsShortLink() {
    String body = "Your cart: https://go.example/r/4fWq9ZtKbM";
    twilio.answers(
        200,
        list(
            message("SM1", "Your cart: https://go.example/r/7gHt2PwRcX", SINCE),
            message("SM2", body, SINCE)));

    assertThat(sid(channel.find(text(body), SINCE, Set.of()))).contains("SM2");
  }

  @Test
  void whatTwilioTookIsToldWithStudiosNames() {
    twilio.answers(201, message("SM1", "Hello", SINCE));

    assertThat(channel.send(text("Hello")))
        .isEqualTo(
            new Answer.Accepted(
                new MessageSid("SM1"),
                Values.of("Sid", "SM1")
                    .with("Status", "queued")
                    .with("Body", "Hello")
                    .with("From", "+15005550006")
                    .with("To", "+12025550123")
                    .with("Direction", "outbound-api")
                    .with("NumMedia", "0")
                    .with("NumSegments", "1")
                    .with("PriceUnit", "USD")
                    .with("AccountSid", ACCOUNT)));
  }

  @Test
  void anOptOutIsRejectedAndSuppresses() {
    twilio.answers(400, problem(21610, "Attempt to send to unsubscribed recipient"));

    assertThat(channel.send(text("Hello")))
        .isEqualTo(
            new Answer.Rejected(
                new Failure(
                    21610,
                    "opted_out",
                    "Attempt to send to unsubscribed recipient",
                    Reaction.SUPPRESS,
                    FailureClass.OPTED_OUT)));
  }

  @Test
  void aFullQueueIsPostponed() {
    twilio.answers(400, problem(21611, "queue"));

    assertThat(channel.send(text("Hello")))
        .isEqualTo(
            new Answer.Postponed(
                new Failure(21611, "queue_full", "queue", Reaction.RETRY, FailureClass.RATE),
                Optional.empty()));
  }

  @Test
  void tooManyRequestsArePostponedForAsLongAsTwilioSays() {
    twilio.answers(429, problem(20429, "slow down"), Map.of("Retry-After", "3"));

    assertThat(channel.send(text("Hello")))
        .isEqualTo(
            new Answer.Postponed(
                new Failure(
                    20429, "too_many_requests", "slow down", Reaction.RETRY, FailureClass.RATE),
                Optional.of(Duration.ofSeconds(3))));
    assertThat(twilio.asked()).hasSize(1);
  }

  @Test
  void any429IsRetriedWhateverItsCodeAsksElsewhere() {
    twilio.answers(429, problem(63033, "?"), Map.of("Retry-After", "soon"));

    assertThat(channel.send(text("Hello")))
        .isEqualTo(
            new Answer.Postponed(
                new Failure(63033, "blocked", "?", Reaction.RETRY, FailureClass.OPTED_OUT),
                Optional.empty()));
  }

  @Test
  void wrongCredentialsPostponeAndAlertSoThatNoMessageIsLost() {
    twilio.answers(401, problem(20003, "Authenticate"));

    assertThat(channel.send(text("Hello")))
        .isEqualTo(
            new Answer.Postponed(
                new Failure(
                    20003, "not_authorised", "Authenticate", Reaction.ALERT, FailureClass.SETUP),
                Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({"404,true", "302,true", "403,true", "400,false", "413,false"})
  void anAnswerThatIsNotTwiliosIsJudgedByItsStatus(int status, boolean postponed) {
    twilio.answers(status, "<html>nginx</html>");

    assertThat(channel.send(text("Hello")))
        .isInstanceOf(postponed ? Answer.Postponed.class : Answer.Rejected.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 500, 502, 503, 504})
  void aServerErrorIsInDoubtAndNeverRepeated(int status) {
    twilio.answers(status, problem(20500, "Internal Server Error"));
    twilio.answers(201, message("SM1", "Hello", SINCE));

    assertThat(channel.send(text("Hello"))).isEqualTo(new Answer.InDoubt("HTTP " + status));
    assertThat(twilio.asked()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "<html>", "{}", "null", "{\"sid\":null}"})
  void aTakenMessageThatCannotBeReadIsInDoubt(String body) {
    twilio.answers(201, body);

    assertThat(channel.send(text("Hello"))).isInstanceOf(Answer.InDoubt.class);
  }

  @Test
  void noAnswerInTimeIsInDoubt() {
    try (TwilioChannel impatient = channel(twilio.url(), IMPATIENT)) {
      assertThat(impatient.send(text("Hello")))
          .isEqualTo(new Answer.InDoubt("no answer within 300 ms"));
    }
  }

  @Test
  void anAnswerThatStopsHalfWayIsInDoubt() {
    twilio.stalls("{\"sid\":");

    try (TwilioChannel impatient = channel(twilio.url(), IMPATIENT)) {
      assertThat(impatient.send(text("Hello")))
          .isEqualTo(new Answer.InDoubt("no answer within 300 ms"));
    }
  }

  @Test
  void aConnectionCutAfterTheRequestIsInDoubtAndNeverRepeated() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        TwilioChannel cut = channel(local(server.getLocalPort()), PATIENT)) {
      Thread cutter = Thread.startVirtualThread(() -> readAndCut(server));

      assertThat(cut.send(text("Hello"))).isInstanceOf(Answer.InDoubt.class);
      cutter.join();
    }
  }

  @Test
  void aRefusedConnectionIsPostponedSinceNothingLeft() throws Exception {
    int port;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = server.getLocalPort();
    }

    try (TwilioChannel refused = channel(local(port), PATIENT)) {
      assertThat(refused.send(text("Hello")))
          .isEqualTo(
              new Answer.Postponed(
                  new Failure(
                      0,
                      "twilio_unreachable",
                      "no connection",
                      Reaction.RETRY,
                      FailureClass.OUTAGE),
                  Optional.empty()));
    }
  }

  @Test
  void aMediaUrlThatIsNoneIsRejectedWithoutAsking() {
    Answer answer = channel.send(send(OURS, new Content.Text("Hi", List.of("not a url"))));

    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Rejected.class,
            rejected -> assertThat(rejected.failure().refusal()).isEqualTo("invalid_media"));
    assertThat(twilio.asked()).isEmpty();
  }

  @Test
  void aLostSendIsFoundAmongTheRecipientsMessages() {
    twilio.answers(
        200,
        list(
            message("SM4", "Hello", SINCE.plusSeconds(9)),
            message("SM3", "Something else", SINCE.plusSeconds(8)),
            message("SM2", "Hello", SINCE.plusSeconds(1)),
            message("SM1", "Hello", SINCE.minusSeconds(600))));

    Lookup lookup = channel.find(text("Hello"), SINCE, Set.of());

    assertThat(sid(lookup)).contains("SM2");
    assertThat(twilio.asked().getFirst().target())
        .startsWith("/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json?")
        .contains("To=%2B12025550123")
        .doesNotContain("DateSent");
  }

  @Test
  void aMessageThatAnotherSendAccountsForIsNotThisOne() {
    twilio.answers(200, list(message("SM3", "Hello", SINCE), message("SM2", "Hello", SINCE)));

    Lookup lookup = channel.find(text("Hello"), SINCE, Set.of(new MessageSid("SM2")));

    assertThat(sid(lookup)).contains("SM3");
  }

  @ParameterizedTest
  @CsvSource({"0,true", "-300,true", "-301,false"})
  void theClocksMayDifferByMinutes(long seconds, boolean found) {
    twilio.answers(200, list(message("SM1", "Hello", SINCE.plusSeconds(seconds))));

    assertThat(sid(channel.find(text("Hello"), SINCE, Set.of())).isPresent()).isEqualTo(found);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "It’s 50% off… | It's 50% off... | true",
        "Hello | Sent from your Twilio trial account - Hello | true",
        "Hello | Hello there | false",
        "Hello | hello | false",
        "👍 | 👍 | true",
        "👍 | 👎 | false",
        "Hello | \"\" | true",
      })
  void whatTwilioMayChangeInATextDoesNotHideIt(String ours, String theirs, boolean found) {
    twilio.answers(200, list(message("SM1", theirs, SINCE)));

    assertThat(sid(channel.find(text(ours), SINCE, Set.of())).isPresent()).isEqualTo(found);
  }

  @Test
  void aMessageFromAnotherSenderIsNotOurs() {
    twilio.answers(
        200, list(message("SM1", "Hello", SINCE).replace("+15005550006", "+15005550009")));

    assertThat(channel.find(text("Hello"), SINCE, Set.of())).isEqualTo(new Lookup.NotFound());
  }

  @Test
  void aServicesMessageIsKnownByTheService() {
    String sent =
        message("SM1", "Hello", SINCE)
            .replace(
                "\"messaging_service_sid\":null", "\"messaging_service_sid\":\"" + SERVICE + "\"")
            .replace("+15005550006", "+15005550009");
    twilio.answers(200, list(sent));
    Effect.Send send = send(new Address(SERVICE), new Content.Text("Hello", List.of()));

    assertThat(sid(channel.find(send, SINCE, Set.of()))).contains("SM1");
  }

  @ParameterizedTest
  @CsvSource({"'Hi Ann, your cart is waiting',true", "'See you tomorrow',false"})
  void aTemplateIsKnownByOneOfItsVariables(String body, boolean found) {
    twilio.answers(200, list(message("SM1", body, SINCE)));
    Values variables = Values.of("1", "Ann").with("2", "https://example.com/x");
    Effect.Send send = send(OURS, new Content.Template("HX1", variables));

    assertThat(sid(channel.find(send, SINCE, Set.of())).isPresent()).isEqualTo(found);
  }

  @Test
  void furtherPagesAreReadUntilTheyAreTooOld() {
    String next = "/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json?To=x&PageToken=PA1";
    twilio.answers(200, page(next, message("SM9", "Other", SINCE.plusSeconds(5))));
    twilio.answers(200, page(next, message("SM8", "Hello", SINCE.plusSeconds(4))));
    twilio.answers(200, page(next, message("SM1", "Hello", SINCE.minusSeconds(900))));

    assertThat(sid(channel.find(text("Hello"), SINCE, Set.of()))).contains("SM8");
    assertThat(twilio.asked()).extracting(Asked::target).last().isEqualTo(next);
    assertThat(twilio.asked()).hasSize(3);
  }

  @Test
  void aHistoryWithoutEndIsNoProofThatNothingWasSent() {
    String next = "/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json?PageToken=PA1";
    for (int i = 0; i < 5; i++) {
      twilio.answers(200, page(next, message("SM9", "Other", SINCE.plusSeconds(5))));
    }

    assertThat(channel.find(text("Hello"), SINCE, Set.of())).isInstanceOf(Lookup.Unanswered.class);
  }

  @ParameterizedTest
  @CsvSource({"500,{}", "429,{}", "401,{}", "200,{", "200,nonsense", "200,{}", "200,null"})
  void aLookUpWithoutReadableAnswerIsUnanswered(int status, String body) {
    twilio.answers(status, body);

    assertThat(channel.find(text("Hello"), SINCE, Set.of())).isInstanceOf(Lookup.Unanswered.class);
  }

  @Test
  void segmentsAreCountedForTextsOverSmsOnly() {
    String lengthy = "a".repeat(161);
    Address whatsApp = new Address("whatsapp:+12025550123");
    Content.Text text = new Content.Text(lengthy, List.of());

    assertThat(channel.segments(text(lengthy))).isEqualTo(2);
    assertThat(channel.segments(new Effect.Send(EFFECT, OURS, whatsApp, text, 0))).isEqualTo(1);
    assertThat(channel.segments(send(OURS, new Content.Text(lengthy, List.of("https://a.b/c")))))
        .isEqualTo(1);
    assertThat(channel.segments(send(OURS, new Content.Template("HX1", Values.EMPTY))))
        .isEqualTo(1);
  }

  @Test
  void anAccountIsPrintedWithoutItsSecrets() {
    TwilioAccount account =
        new TwilioAccount(
            ACCOUNT,
            List.of("hush"),
            Optional.of(new ApiKey("SK1", "hush")),
            TwilioAccount.TWILIO_API,
            URI.create("https://parley.example.com"),
            Timeouts.USUAL);

    assertThat(account + " " + account.apiKey()).contains(ACCOUNT, "SK1").doesNotContain("hush");
  }

  private static TwilioChannel channel(URI api, Timeouts timeouts) {
    return new TwilioChannel(
        new TwilioAccount(
            ACCOUNT,
            List.of("token", "older"),
            Optional.empty(),
            api,
            URI.create("https://parley.example.com/"),
            timeouts));
  }

  private static Effect.Send text(String body) {
    return send(OURS, new Content.Text(body, List.of()));
  }

  private static Effect.Send send(Address from, Content content) {
    return new Effect.Send(EFFECT, from, THEIRS, content, 0);
  }

  private static Optional<String> sid(Lookup lookup) {
    return switch (lookup) {
      case Lookup.Found(var sid, _) -> Optional.of(sid.value());
      case Lookup.NotFound _ -> Optional.empty();
      case Lookup.Unanswered(var why) -> throw new AssertionError(why);
    };
  }

  private static String basic(String name, String password) {
    return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(UTF_8));
  }

  private static URI local(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  private static void readAndCut(ServerSocket server) {
    try (Socket socket = server.accept()) {
      byte[] request = new byte[4096];
      assertThat(socket.getInputStream().read(request)).isPositive();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String problem(int code, String message) {
    return "{\"code\":%d,\"message\":\"%s\",\"more_info\":\"https://twilio.com\",\"status\":400}"
        .formatted(code, message);
  }

  private static String message(String sid, String body, Instant created) {
    String date =
        DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
            .format(created.atOffset(ZoneOffset.UTC));
    return """
    {"account_sid":"%s","api_version":"2010-04-01","body":"%s","date_created":"%s",\
    "date_sent":null,"date_updated":null,"direction":"outbound-api","error_code":null,\
    "error_message":null,"from":"+15005550006","messaging_service_sid":null,"num_media":"0",\
    "num_segments":"1","price":null,"price_unit":"USD","sid":"%s","status":"queued",\
    "subresource_uris":{},"to":"+12025550123","uri":"/x","new_one":1}"""
        .formatted(ACCOUNT, body, date, sid);
  }

  private static String list(String... messages) {
    return "{\"messages\":[%s],\"uri\":\"/x\",\"next_page_uri\":null,\"page_size\":100}"
        .formatted(String.join(",", Arrays.asList(messages)));
  }

  private static String page(String next, String... messages) {
    return "{\"messages\":[%s],\"uri\":\"/x\",\"next_page_uri\":\"%s\",\"page_size\":1}"
        .formatted(String.join(",", Arrays.asList(messages)), next);
  }
}
