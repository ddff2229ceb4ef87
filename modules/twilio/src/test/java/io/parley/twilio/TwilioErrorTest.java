package io.parley.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.edge.MessageChannel.Failure;
import io.parley.edge.MessageChannel.Reaction;
import io.parley.engine.FailureClass;
import io.parley.twilio.TwilioError.Prospect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TwilioErrorTest {

  @ParameterizedTest
  @CsvSource({
    "20003,ALERT,not_authorised",
    "20429,RETRY,too_many_requests",
    "21211,GIVE_UP,invalid_recipient",
    "21217,GIVE_UP,invalid_recipient",
    "21408,ALERT,region_blocked",
    "21602,GIVE_UP,empty_message",
    "21604,GIVE_UP,invalid_recipient",
    "21606,ALERT,wrong_sender",
    "21610,SUPPRESS,opted_out",
    "21611,RETRY,queue_full",
    "21612,ALERT,wrong_sender",
    "21614,SUPPRESS,not_mobile",
    "21617,GIVE_UP,too_long",
    "21656,ALERT,invalid_template",
    "21703,ALERT,wrong_sender",
    "30001,RETRY,queue_full",
    "30003,RETRY,unreachable",
    "30004,GIVE_UP,blocked",
    "30005,SUPPRESS,unknown_recipient",
    "30006,SUPPRESS,not_mobile",
    "30007,ALERT,filtered",
    "30034,ALERT,unregistered_sender",
    "30610,RETRY,quiet_hours",
    "30640,SUPPRESS,known_litigator",
    "63003,GIVE_UP,not_on_channel",
    "63016,GIVE_UP,outside_window",
    "63018,RETRY,rate_limited",
    "63033,SUPPRESS,blocked",
    "63051,ALERT,account_suspended",
  })
  void aCodeHasOneReactionAndOneWord(int code, Reaction reaction, String refusal) {
    TwilioError error = TwilioError.of(code);

    assertThat(error.reaction()).isEqualTo(reaction);
    assertThat(error.refusal()).isEqualTo(refusal);
  }

  @ParameterizedTest
  @ValueSource(ints = {20500, 20503, 30008, 30017, 30410, 63009, 63012})
  void someErrorsHideAMessageThatMayHaveArrived(int code) {
    assertThat(TwilioError.of(code).prospect()).isEqualTo(Prospect.MAY_REPEAT);
  }

  @ParameterizedTest
  @ValueSource(ints = {20003, 20429, 21611, 30001, 30002, 30003, 30022})
  void othersPassAndTheMessageHasSurelyNotArrived(int code) {
    assertThat(TwilioError.of(code).prospect()).isEqualTo(Prospect.MAY_PASS);
  }

  @ParameterizedTest
  @CsvSource({
    "11205,webhook_failed",
    "21999,request_refused",
    "30999,carrier_refused",
    "63049,channel_refused",
    "81002,refused",
    "0,refused",
    "-1,refused"
  })
  void anUnknownCodeIsGivenUpInTheWordOfItsFamily(int code, String refusal) {
    TwilioError error = TwilioError.of(code);

    assertThat(error.reaction()).isEqualTo(Reaction.GIVE_UP);
    assertThat(error.refusal()).isEqualTo(refusal);
    assertThat(error.mayPass()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"401,ALERT", "403,ALERT", "404,ALERT", "429,RETRY", "400,GIVE_UP", "302,ALERT"})
  void anAnswerWithoutCodeIsJudgedByItsStatus(int status, Reaction reaction) {
    assertThat(TwilioError.ofStatus(status).reaction()).isEqualTo(reaction);
    assertThat(TwilioError.ofStatus(status).code()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "30006,UNDELIVERABLE",
    "21610,OPTED_OUT",
    "30007,CARRIER_FILTERED",
    "30022,RATE",
    "63016,CONTENT",
    "30034,SETUP",
    "63010,OUTAGE",
    "30008,UNKNOWN",
    "39999,UNKNOWN"
  })
  void aCodeIsOfAClass(int code, FailureClass expected) {
    assertThat(TwilioError.of(code).failureClass()).isEqualTo(expected);
  }

  @Test
  void aFailureSaysWhatTwilioSaidOrElseWhatTheCodeMeans() {
    assertThat(TwilioError.of(21610).failure("Attempt to send to unsubscribed recipient"))
        .isEqualTo(
            new Failure(
                21610,
                "opted_out",
                "Attempt to send to unsubscribed recipient",
                Reaction.SUPPRESS,
                FailureClass.OPTED_OUT));
    assertThat(TwilioError.of(21610).failure("").message())
        .isEqualTo("The recipient has opted out of this sender");
  }
}
