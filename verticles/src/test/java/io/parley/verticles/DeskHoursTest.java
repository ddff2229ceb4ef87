package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.testkit.TestPostgres;
import io.parley.verticles.Service.Answer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an agent writes at an hour at which nobody may be written to.
class DeskHoursTest {

  /// Open for one minute of the week, which is never now: a test takes less than that to get there.
  private static String policy() {
    java.time.ZonedDateTime later =
        Instant.now().atZone(java.time.ZoneOffset.UTC).plusHours(30).withSecond(0).withNano(0);
    String day = later.getDayOfWeek().name().substring(0, 3).toLowerCase(java.util.Locale.ROOT);
    return """
        hours:
          quiet: own
          answer_within: 1s
          own: [{where: "*", days: %s, open: "10:00-11:00"}, {where: "*", days: "%s", open: shut}]
        """
        .formatted(day, others(day));
  }

  private static String others(String day) {
    return java.util.stream.Stream.of("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        .filter(it -> !it.equals(day))
        .collect(java.util.stream.Collectors.joining(", "));
  }

  @TempDir Path folder;

  @Test
  void inQuietHoursARefusalSaysUntilWhenAndAMessageMayWaitForThem() throws IOException {
    Path policy = Files.writeString(folder.resolve("policy.yaml"), policy());
    try (Service service =
        new Service(TestPostgres.database(), Map.of("POLICY", policy.toString()))) {
      DeskAgent asha = new DeskAgent(service, "Asha", "agent");
      service.trigger("+14155550177", "quiet", "UTC");
      String conversation = service.texts("select id from conversation").getFirst();
      service.leap(Duration.ofMinutes(5));

      JsonObject gates = asha.get("/conversations/" + conversation).json().getJsonObject("gates");
      Answer refused = asha.write(conversation, "quiet-1", "Good night");
      Answer waits =
          asha.post(
              "/conversations/" + conversation + "/messages",
              new JsonObject()
                  .put("draft", "quiet-2")
                  .put("text", "Good morning")
                  .put("when_open", true));

      assertThat(gates.getBoolean("may_write")).isFalse();
      JsonObject block = gates.getJsonArray("blocks").getJsonObject(0);
      assertThat(block.getString("reason")).isEqualTo("quiet_hours");
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.json().getString("reason")).isEqualTo("quiet_hours");
      assertThat(refused.json().getString("until")).isEqualTo(block.getString("until"));
      assertThat(waits.status()).as(waits.body()).isEqualTo(200);
      assertThat(waits.json().getJsonObject("item").getString("status")).isEqualTo("waiting");
      assertThat(waits.json().getJsonObject("item").getString("until"))
          .isEqualTo(block.getString("until"));
      assertThat(service.channel.texts()).doesNotContain("Good night", "Good morning");
    }
  }
}
