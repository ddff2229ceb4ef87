package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.FlowSid;
import io.parley.verticles.Service.Answer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The webhook that each flow has, and the redirect that leads away from it and back.
class FlowWebhookTest {

  private static final String EMPTY = "<Response></Response>";
  private static final String WEBHOOK =
      "/v1/Accounts/AC00000000000000000000000000000001/Flows/" + FlowSid.named("redirecting");
  private static final Service SERVICE = Service.start();

  @BeforeAll
  static void publish() {
    SERVICE.stop();
    SERVICE.publish(
        "redirecting",
        """
        {"description": "Redirects twice", "initial_state": "Trigger",
         "flags": {"allow_concurrent_calls": true}, "states": [
          {"name": "Trigger", "type": "trigger", "properties": {},
           "transitions": [{"event": "incomingMessage", "next": "one"}]},
          {"name": "one", "type": "add-twiml-redirect",
           "properties": {"url": "https://one.example.com/?a=1&b=2", "method": "GET"},
           "transitions": [{"event": "return", "next": "two"}, {"event": "timeout"},
                           {"event": "fail"}]},
          {"name": "two", "type": "add-twiml-redirect",
           "properties": {"url": "https://two.example.com/"},
           "transitions": [{"event": "return", "next": "score"}, {"event": "timeout"},
                           {"event": "fail"}]},
          {"name": "score", "type": "send-message",
           "properties": {"from": "{{flow.channel.address}}", "to": "{{contact.channel.address}}",
                          "body": "{{widgets.one.score}} and {{widgets.two.score}}"},
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
  void aMessageIsRedirectedAwayAndComesBackWithWhatItWasGiven() {
    Map<String, String> message = message("+14155550101", "SM-redirect-1");
    String one =
        "<Redirect method=\"GET\">https://one.example.com/?a=1&amp;b=2</Redirect></Response>";

    Answer away = SERVICE.twilio(WEBHOOK, message).join();
    Answer repeated = SERVICE.twilio(WEBHOOK, message).join();
    Answer further = SERVICE.twilio(WEBHOOK + "?FlowEvent=return&score=7", message).join();
    Answer back = SERVICE.twilio(WEBHOOK + "?FlowEvent=return&score=9", message).join();

    assertThat(away.status()).isEqualTo(200);
    assertThat(away.body()).endsWith(one);
    assertThat(repeated.body()).endsWith(one);
    assertThat(further.body())
        .endsWith("<Redirect method=\"POST\">https://two.example.com/</Redirect></Response>");
    assertThat(back.body()).endsWith(EMPTY);
    SERVICE.until("the flow went on", () -> SERVICE.channel.texts().contains("7 and 9"));
  }

  @Test
  void aRedirectCanComeBackByGet() {
    String phone = "+14155550102";
    SERVICE.twilio(WEBHOOK, message(phone, "SM-redirect-2")).join();

    Answer further =
        SERVICE.twilioGet(
            WEBHOOK
                + "?FlowEvent=return&score=3&From=%2B14155550102&To=%2B15550001111"
                + "&MessageSid=SM-redirect-2");

    assertThat(further.status()).isEqualTo(200);
    assertThat(further.body()).contains("https://two.example.com/");
  }

  @Test
  void aReturnThatNobodyWaitsForIsAnsweredWithNothing() {
    Answer answer =
        SERVICE
            .twilio(WEBHOOK + "?FlowEvent=return", message("+14155550103", "SM-redirect-3"))
            .join();

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).endsWith(EMPTY);
  }

  @Test
  void anotherMessageWhileTheContactIsAwayGoesThereToo() {
    String phone = "+14155550104";
    SERVICE.twilio(WEBHOOK, message(phone, "SM-redirect-4")).join();

    Answer second = SERVICE.reply(phone, "SM-redirect-5", "and another thing");

    assertThat(second.body()).contains("https://one.example.com/");
  }

  @Test
  void whatTwilioDidNotSignOrNobodyKnowsIsRefused() {
    Map<String, String> message = message("+14155550105", "SM-redirect-6");

    assertThat(SERVICE.twilio(WEBHOOK, message, "wrong").join().status()).isEqualTo(403);
    assertThat(SERVICE.twilio(WEBHOOK + "?FlowEvent=explode", message).join().status())
        .isEqualTo(400);
    assertThat(SERVICE.twilio(WEBHOOK.replaceAll(".$", "x"), message).join().status())
        .isEqualTo(404);
  }

  private static Map<String, String> message(String phone, String sid) {
    return Map.of("MessageSid", sid, "From", phone, "To", Service.OURS, "Body", "hi");
  }
}
