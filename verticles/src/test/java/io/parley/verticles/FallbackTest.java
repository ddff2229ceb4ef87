package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Effect;
import io.parley.testkit.TestPostgres;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What goes by SMS where WhatsApp's window is over, by what is on record of the person.
final class FallbackTest {

  private static final String JANE = "+14155550142";
  private static final String JOHN = "+14155550143";
  private static final String WHATSAPP = "whatsapp:" + Service.OURS;

  /// Asks, and a day after the silence says something that WhatsApp does not take any more.
  private static final String FLOW =
      """
      {"description": "Fallback", "initial_state": "Trigger", "states": [
        {"name": "Trigger", "type": "trigger", "properties": {},
         "transitions": [{"event": "incomingMessage", "next": "ask"}]},
        {"name": "ask", "type": "send-and-wait-for-reply",
         "properties": {"from": "{{flow.channel.address}}", "body": "Need help?", "timeout": "90000"},
         "transitions": [{"event": "incomingMessage"}, {"event": "timeout", "next": "nag"}]},
        {"name": "nag", "type": "send-and-wait-for-reply",
         "properties": {"from": "{{flow.channel.address}}", "body": "Still there?", "timeout": "3600",
                        "parley.fallback": {"from": "%s", "body": "Still there? By SMS."}},
         "transitions": [{"event": "incomingMessage"}, {"event": "deliveryFailure"}]}
      ]}
      """
          .formatted(Service.OURS);

  @TempDir Path folder;

  @Test
  void whoTookTheConsentForSmsBackGetsNoFallback() throws IOException {
    Path policy = Files.writeString(folder.resolve("policy.yaml"), "hours: {quiet: off}\n");
    try (Service service =
        new Service(
            TestPostgres.database(),
            Map.of("POLICY", policy.toString(), "FLOW_BINDINGS", WHATSAPP + "=nag"),
            Map.of("nag", FLOW))) {
      service.replying(WHATSAPP, "whatsapp:" + JANE, "SM-jane", "hello").join();
      service.replying(WHATSAPP, "whatsapp:" + JOHN, "SM-john", "hello").join();
      service.until("both are asked", () -> service.channel.texts().size() == 2);
      service.until("all is settled", () -> service.count("outbox") == 0);
      JsonObject revoked =
          new JsonObject()
              .put("schema_version", 1)
              .put("event", "Consent Revoked")
              .put("id", "e-1")
              .put("customer", new JsonObject().put("phone", JOHN))
              .put("properties", new JsonObject().put("channel", "sms"));
      assertThat(service.post("/events", revoked.encode(), Service.bearer()).join().status())
          .isEqualTo(200);
      assertThat(service.count("execution where ended_at is null"))
          .as("it is no word about WhatsApp")
          .isEqualTo(2);

      service.leap(Duration.ofHours(26));

      service.until("one has failed", () -> service.count("execution where ended_at is null") == 1);
      service.until("one is told by SMS", () -> service.channel.texts().size() == 3);
      service.until("all is told", () -> service.count("outbox") == 0);
      Effect.Send last = service.channel.sends().getLast();
      assertThat(last.to().value()).isEqualTo(JANE);
      assertThat(service.channel.texts()).last().isEqualTo("Still there? By SMS.");
      assertThat(
              service.texts(
                  "select effects from turn where effects like '%message_refused%opted_out%'"))
          .hasSize(1);
    }
  }
}
