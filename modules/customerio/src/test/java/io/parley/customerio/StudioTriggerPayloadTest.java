package io.parley.customerio;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.customerio.TriggerReading.RequestKey;
import io.parley.customerio.TriggerReading.Trigger;
import io.parley.customerio.Unreadable.Malformed;
import io.parley.engine.Address;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StudioTriggerPayloadTest {

  private static final Defaults DEFAULTS =
      new Defaults("US", Instant.parse("2026-03-01T12:00:00Z"));

  @Test
  void thePublishedExampleIsRead() {
    Trigger trigger = trigger(StudioTriggerPayload.example());

    assertThat(trigger.flow()).isEqualTo("FW0123456789abcdef0123456789abcdef");
    assertThat(trigger.from()).contains(new Address("+15551234567"));
    assertThat(trigger.phone()).isEqualTo(new Address("+14155550100"));
    assertThat(trigger.coolingOff()).isEqualTo(Duration.ofMinutes(5));
    assertThat(trigger.person().externalId()).contains("42");
    assertThat(trigger.person().attributes().text("email")).contains("jane@example.com");
    assertThat(trigger.key())
        .isEqualTo(
            new RequestKey("FW0123456789abcdef0123456789abcdef:ajs-next-1001", Optional.empty()));
    assertThat(trigger.parameters().text("userId")).contains("42");
    assertThat(trigger.parameters().object("properties").text("order_id")).contains("1001");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"to\": \"+14155550101\", \"traits\": {\"phone\": \"+14155550102\"} | +14155550101",
        "\"traits\": {\"phone\": \"(415) 555-0102\"} | +14155550102",
        "\"context\": {\"traits\": {\"phone\": \"+14155550103\"}} | +14155550103",
        "\"properties\": {\"phone\": \"+14155550104\"} | +14155550104",
        "\"to\": \"whatsapp:+14155550105\" | whatsapp:+14155550105",
        "\"to\": \"+14155550106\", \"from\": \"whatsapp:+15551234567\" | whatsapp:+14155550106"
      })
  void thePhoneIsFoundWhereItStands(String fields, String address) {
    assertThat(trigger("{\"flow\": \"f\", \"messageId\": \"m\", " + fields + "}").phone())
        .isEqualTo(new Address(address));
  }

  @ParameterizedTest
  @CsvSource({"'',60", "',\"cooling_off\": 0',0", "',\"cooling_off\": \" 90 \"',90"})
  void aFlowCoolsOffForAMinuteUnlessToldOtherwise(String field, long seconds) {
    assertThat(
            trigger(
                    "{\"flow\": \"f\", \"messageId\": \"m\", \"to\": \"+14155550101\""
                        + field
                        + "}")
                .coolingOff())
        .isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "2592001", "\"soon\"", "1.5"})
  void aCoolingOffIsSeconds(String coolingOff) {
    assertThat(
            pointers(
                "{\"flow\": \"f\", \"messageId\": \"m\", \"to\": \"+14155550101\","
                    + " \"cooling_off\": "
                    + coolingOff
                    + "}"))
        .containsExactly("/cooling_off");
  }

  @Test
  void parametersStandAtTheTopOfWhatTheFlowReads() {
    Trigger trigger =
        trigger(
            """
            {"flow": "f", "messageId": "m", "to": "+14155550101", "event": "Order Completed",
             "parameters": {"event": "other", "coupon": "SAVE"}}
            """);

    assertThat(trigger.parameters().text("coupon")).contains("SAVE");
    assertThat(trigger.parameters().text("event")).contains("other");
    assertThat(trigger.parameters().entries()).doesNotContainKey("parameters");
  }

  @Test
  void allThatIsMissingIsTold() {
    assertThat(pointers("{}")).containsExactly("/flow_sid", "/messageId", "/to");
  }

  private static Trigger trigger(String body) {
    return switch (StudioTriggerPayload.read(body, Optional.empty(), DEFAULTS)) {
      case Trigger trigger -> trigger;
      case Unreadable unreadable -> throw new AssertionError("refused: " + unreadable);
    };
  }

  private static List<String> pointers(String body) {
    return switch (StudioTriggerPayload.read(body, Optional.empty(), DEFAULTS)) {
      case Malformed(var problems) -> problems.stream().map(Problem::pointer).toList();
      case Unreadable.TooLarge large -> throw new AssertionError(large);
      case Trigger trigger -> throw new AssertionError("taken: " + trigger);
    };
  }
}
