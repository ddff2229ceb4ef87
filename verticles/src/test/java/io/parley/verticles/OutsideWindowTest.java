package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.testkit.TestPostgres;
import io.parley.verticles.FakeChannel.Fate;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// WhatsApp's 24 hours are over by Twilio's clock and not by ours: error 63016 of a plain message
/// that waits for no reply, at once or in a later report.
final class OutsideWindowTest {

  private static final String OURS = "whatsapp:" + Service.OURS;
  private static final String JANE = "whatsapp:+14155550142";

  private static final String FLOW =
      """
      {"description": "Says, then asks", "initial_state": "Trigger", "states": [
        {"name": "Trigger", "type": "trigger", "properties": {},
         "transitions": [{"event": "incomingMessage", "next": "hello"}]},
        {"name": "hello", "type": "send-message",
         "properties": {"from": "{{flow.channel.address}}", "to": "{{contact.channel.address}}",
                        "body": "Hello."},
         "transitions": [{"event": "sent", "next": "ask"}, {"event": "failed"}]},
        {"name": "ask", "type": "send-and-wait-for-reply",
         "properties": {"from": "{{flow.channel.address}}", "body": "Need help?",
                        "timeout": "3600"},
         "transitions": [{"event": "incomingMessage"}, {"event": "deliveryFailure"}]}
      ]}
      """;

  private final Service service =
      new Service(
          TestPostgres.database(),
          Map.of("WHATSAPP_SENDER", OURS, "FLOW_BINDINGS", OURS + "=plain"),
          Map.of("plain", FLOW));

  @AfterEach
  void close() {
    service.close();
  }

  private void hears() {
    service.replying(OURS, JANE, "SM" + "7".repeat(32), "hello").join();
  }

  private void isLost(int message) {
    Map<String, String> report = new HashMap<>();
    report.put("MessageSid", service.channel.sids().get(message).value());
    report.put("MessageStatus", "failed");
    report.put("ErrorCode", "63016");
    report.put("From", OURS);
    report.put("To", JANE);
    String path = "/twilio/status?effect=" + service.channel.sends().get(message).id();
    assertThat(service.twilio(path, report).join().status()).isEqualTo(200);
  }

  private List<JsonObject> failures() {
    return service.track.taken().stream()
        .filter(item -> TrackServer.name(item).equals("twilio_message_failed"))
        .map(item -> item.getJsonObject("attributes"))
        .toList();
  }

  private void untilFailures(int count) {
    service.until("it is told " + count + " times", () -> failures().size() == count);
    assertThat(failures())
        .allSatisfy(
            told -> {
              assertThat(told.getInteger("error_code")).isEqualTo(63016);
              assertThat(told.getString("reason")).isEqualTo("outside_window");
            });
  }

  private void untilOver() {
    service.until("it is over", () -> service.track.names().contains("twilio_flow_completed"));
  }

  @Test
  void whatTwilioRefusesIsToldWithItsClassAndNotTriedAgain() {
    service.channel.next(Fate.OUTSIDE_WINDOW);

    hears();

    untilFailures(1);
    untilOver();
    assertThat(service.channel.requests()).hasSize(1);
    assertThat(service.texts("select outcome from delivery where destination = 'twilio'"))
        .containsExactly("outside_window");
    assertThat(service.count("outbox where destination = 'twilio'")).isZero();
    assertThat(service.count("dead_letter")).isZero();
  }

  @Test
  void whatIsLostLaterIsToldWithItsClassAndTheQuestionAfterItTakesItsExit() {
    hears();
    service.until("both are taken", () -> service.channel.texts().size() == 2);
    service.until("it is known", () -> service.count("outbox where destination = 'twilio'") == 0);

    isLost(0);
    untilFailures(1);
    assertThat(service.live()).as("the question may arrive").isEqualTo(1);
    isLost(1);

    untilFailures(2);
    untilOver();
    assertThat(service.channel.requests()).hasSize(2);
    assertThat(service.count("contact where block is not null")).isZero();
  }
}
