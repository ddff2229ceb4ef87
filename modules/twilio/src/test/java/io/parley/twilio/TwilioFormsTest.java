package io.parley.twilio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.MessageSid;
import io.parley.engine.MessageStatus;
import io.parley.engine.ThreadId;
import io.parley.twilio.TwilioForms.InboundMessage;
import io.parley.twilio.TwilioForms.Problem;
import io.parley.twilio.TwilioForms.Reading;
import io.parley.twilio.TwilioForms.StatusReport;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TwilioFormsTest {

  private static final String SERVICE = "MG00000000000000000000000000000001";
  private static final ThreadId THREAD =
      new ThreadId(new Address("+15005550006"), new Address("+12025550123"));
  private static final EffectId EFFECT = new EffectId(ConversationId.of(THREAD), 3, 0);
  private static final String STATUS = "MessageSid=SM1&To=%2B12025550123&From=%2B15005550006";

  @Test
  void aMessageIsReadWithAllItsParameters() {
    String body =
        "ToCountry=US&MessageSid=SM1&From=%2B12025550123&To=%2B15005550006"
            + "&Body=Is+it+50%25+off%3F+%F0%9F%98%80&NumMedia=0&FromCity=&SomethingNew=1";

    InboundMessage message = parsed(TwilioForms.message(body.getBytes(UTF_8)));

    assertThat(message.thread()).isEqualTo(THREAD);
    assertThat(message.sourceId()).isEqualTo("SM1");
    assertThat(message.parameters().entries())
        .containsExactly(
            entry("ToCountry", "US"),
            entry("MessageSid", "SM1"),
            entry("From", "+12025550123"),
            entry("To", "+15005550006"),
            entry("Body", "Is it 50% off? 😀"),
            entry("NumMedia", "0"),
            entry("FromCity", ""),
            entry("SomethingNew", "1"));
  }

  @Test
  void aMessageBecomesAReply() {
    InboundMessage message =
        parsed(
            TwilioForms.message(
                "SmsSid=SM1&From=whatsapp%3A%2B1&To=whatsapp%3A%2B2&Body=hi".getBytes(UTF_8)));

    Event.ReplyReceived reply = message.event(List.of(), "keywords-1", Optional.empty());

    assertThat(reply.sid()).isEqualTo(new MessageSid("SM1"));
    assertThat(reply.body()).isEqualTo("hi");
  }

  @Test
  void aRepeatedNameKeepsItsFirstValueAndTheList() {
    String body = "MessageSid=SM1&From=%2B1&To=%2B2&Body=one&Body=two";

    InboundMessage message = parsed(TwilioForms.message(body.getBytes(UTF_8)));

    assertThat(message.parameters().text("Body")).contains("one");
    assertThat(message.parameters().entries()).containsEntry("Body[]", List.of("one", "two"));
  }

  @Test
  void aNulIsReplacedSinceNoTextOfPostgresHoldsIt() {
    InboundMessage message =
        parsed(TwilioForms.message("MessageSid=SM1&From=%2B1&To=%2B2&Body=a%00b".getBytes(UTF_8)));

    assertThat(message.parameters().text("Body")).contains("a\uFFFDb");
  }

  @Test
  void everythingThatAMessageLacksIsNamed() {
    Reading<InboundMessage> reading = TwilioForms.message("MessageSid=SM1&From=+".getBytes(UTF_8));

    assertThat(problems(reading)).extracting(Problem::parameter).containsExactly("From", "To");
    assertThat(problems(reading)).extracting(Problem::remedy).allMatch(r -> r.contains("webhook"));
  }

  @Test
  void aBodyThatIsNoFormIsAProblemNotAnException() {
    assertThat(problems(TwilioForms.message("Body=100%".getBytes(UTF_8))))
        .extracting(Problem::parameter)
        .contains("body");
  }

  @Test
  void aStatusCarriesTheEffectOfItsUrl() {
    StatusReport report =
        status("/twilio/status?effect=" + EFFECT, STATUS + "&MessageStatus=delivered");

    assertThat(report.thread()).isEqualTo(THREAD);
    assertThat(report.sourceId()).isEqualTo("SM1:delivered");
    assertThat(report.event().effect()).contains(EFFECT);
    assertThat(report.event().status()).isEqualTo(MessageStatus.DELIVERED);
    assertThat(report.event().errorCode()).isZero();
    assertThat(report.event().parameters().text("From")).contains("+15005550006");
  }

  @Test
  void aPercentEncodedEffectIsTheSame() {
    String encoded = EFFECT.toString().replace(":", "%3A");

    assertThat(status("/s?effect=" + encoded, STATUS + "&MessageStatus=sent").event().effect())
        .contains(EFFECT);
  }

  @Test
  void aStatusWithoutEffectIsOneThatTheConsoleConfigured() {
    assertThat(status("/twilio/status", STATUS + "&SmsStatus=sent").event().effect()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "&ErrorCode=63016,63016,outside_window",
    "&ErrorCode=30003,30003,unreachable",
    "&ErrorCode=,0,''",
    "&ErrorCode=none,0,''",
    "&x=1,0,''"
  })
  void anErrorCodeIsANumberOrNoughtAndHasItsWord(String parameter, int code, String refusal) {
    StatusReport report = status("/s", STATUS + "&MessageStatus=undelivered" + parameter);

    assertThat(report.event().errorCode()).isEqualTo(code);
    assertThat(report.event().refusal()).isEqualTo(refusal);
  }

  @Test
  void aSendThroughAServiceBelongsToTheServicesThread() {
    ThreadId thread = new ThreadId(new Address(SERVICE), new Address("+12025550123"));
    EffectId effect = new EffectId(ConversationId.of(thread), 1, 0);
    String body = STATUS + "&MessageStatus=sent&MessagingServiceSid=" + SERVICE;

    assertThat(status("/s?effect=" + effect, body).thread()).isEqualTo(thread);
    assertThat(status("/s?effect=" + EFFECT, body).thread()).isEqualTo(THREAD);
    assertThat(status("/s", body).thread()).isEqualTo(THREAD);
  }

  @Test
  void aStatusMayComeBeforeAServiceHasChosenItsNumber() {
    String body =
        "MessageSid=SM1&To=%2B12025550123&MessageStatus=accepted&MessagingServiceSid=" + SERVICE;

    assertThat(status("/s", body).thread().ours()).isEqualTo(new Address(SERVICE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/s?effect=x", "/s?effect=a:b:c", "/s?effect=", "/s?effect=%"})
  void anEffectThatIsNoneIsAProblem(String target) {
    byte[] body = (STATUS + "&MessageStatus=sent").getBytes(UTF_8);

    assertThat(problems(TwilioForms.status(target, body)))
        .extracting(Problem::parameter)
        .containsExactly("effect");
  }

  @Test
  void aStatusThatNobodyKnowsIsNamed() {
    byte[] body = (STATUS + "&MessageStatus=received").getBytes(UTF_8);

    assertThat(problems(TwilioForms.status("/s", body)))
        .singleElement()
        .satisfies(problem -> assertThat(problem.remedy()).contains("`received`"));
  }

  private static StatusReport status(String target, String body) {
    return parsed(TwilioForms.status(target, body.getBytes(UTF_8)));
  }

  private static <T> T parsed(Reading<T> reading) {
    return switch (reading) {
      case Reading.Parsed<T>(var value) -> value;
      case Reading.Malformed<T>(var problems) -> throw new AssertionError(problems);
    };
  }

  private static <T> List<Problem> problems(Reading<T> reading) {
    return switch (reading) {
      case Reading.Parsed<T>(var value) -> throw new AssertionError(value);
      case Reading.Malformed<T>(var problems) -> problems;
    };
  }

  @Test
  void theReturnOfARedirectIsReadFromQueryAndForm() {
    TwilioForms.Reading<TwilioForms.FlowRequest> reading =
        TwilioForms.flowRequest(
            "/v1/Accounts/AC1/Flows/FW1?FlowEvent=return&score=7&Body=theirs",
            "From=%2B14155550100&To=%2B15550001111&Body=ours"
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));

    assertThat(reading)
        .isInstanceOfSatisfying(
            TwilioForms.Reading.Parsed.class,
            parsed ->
                assertThat(parsed.value())
                    .isInstanceOfSatisfying(
                        TwilioForms.FlowRequest.Returned.class,
                        returned -> {
                          assertThat(returned.thread().theirs().value()).isEqualTo("+14155550100");
                          assertThat(returned.event().parameters().entries())
                              .containsEntry("score", "7")
                              .containsEntry("Body", "theirs")
                              .doesNotContainKey("FlowEvent");
                        }));
  }
}
