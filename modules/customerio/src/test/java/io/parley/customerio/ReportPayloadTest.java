package io.parley.customerio;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.customerio.ReportReading.Beside;
import io.parley.customerio.ReportReading.SubscriptionChanged;
import io.parley.customerio.ReportReading.Unusable;
import io.parley.engine.policy.Consent;
import io.parley.engine.policy.Consent.Method;
import io.parley.engine.policy.Consent.State;
import io.parley.engine.policy.ConsentChannel;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportPayloadTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final long SAID = NOW.getEpochSecond() - 60;

  private static ReportReading read(String metric, String data) {
    return ReportPayload.read(
        """
        {"metric": "%s", "event_id": "01E4C4CT6YDC7Y5M7FE1GWWPQJ", "object_type": "customer",
         "timestamp": %d, "data": %s}
        """
            .formatted(metric, SAID, data),
        Map.of("7", "marketing"),
        NOW);
  }

  private static List<Consent> consents(ReportReading reading) {
    assertThat(reading).isInstanceOf(SubscriptionChanged.class);
    return ((SubscriptionChanged) reading).consents();
  }

  private static Consent of(ConsentChannel channel, String programme, State state, String metric) {
    return new Consent(
        Optional.empty(),
        Optional.of("42"),
        channel,
        programme,
        state,
        Method.SUBSCRIPTION,
        "customerio",
        metric + " 01E4C4CT6YDC7Y5M7FE1GWWPQJ",
        Instant.ofEpochSecond(SAID));
  }

  @Test
  void whoUnsubscribesTakesBackEveryChannelAndProgramme() {
    ReportReading reading =
        read("unsubscribed", "{\"identifiers\": {\"id\": \"42\", \"email\": \"j@example.com\"}}");

    assertThat(consents(reading))
        .containsExactly(
            of(ConsentChannel.SMS, "*", State.REVOKED, "unsubscribed"),
            of(ConsentChannel.WHATSAPP, "*", State.REVOKED, "unsubscribed"),
            of(ConsentChannel.EMAIL, "*", State.REVOKED, "unsubscribed"));
  }

  @Test
  void preferencesAreReadWhetherTheyAreTextOrObject() {
    String metric = "cio_subscription_preferences_changed";
    List<Consent> expected =
        List.of(
            of(ConsentChannel.SMS, "*", State.REVOKED, metric),
            of(ConsentChannel.SMS, "marketing", State.REVOKED, metric),
            of(ConsentChannel.WHATSAPP, "marketing", State.REVOKED, metric),
            of(ConsentChannel.EMAIL, "marketing", State.REVOKED, metric),
            of(ConsentChannel.SMS, "topic_9", State.GRANTED, metric),
            of(ConsentChannel.WHATSAPP, "topic_9", State.GRANTED, metric),
            of(ConsentChannel.EMAIL, "topic_9", State.GRANTED, metric));

    assertThat(
            consents(
                read(
                    metric,
                    """
                    {"identifiers": {"id": "42"}, "content":
                     {"topics": {"topic_7": false, "topic_9": true},
                      "channels": {"sms": false, "push": false}}}
                    """)))
        .isEqualTo(expected);
    assertThat(
            consents(
                read(
                    metric,
                    """
                    {"identifiers": {"id": "42"}, "content":
                     "{\\"topics\\":{\\"topic_7\\":false,\\"topic_9\\":true},\\"channels\\":{\\"sms\\":false}}"}
                    """)))
        .isEqualTo(expected);
  }

  @Test
  void aPersonWithoutAnIdIsKnownByTheOtherNames() {
    ReportReading reading =
        read(
            "unsubscribed",
            "{\"identifiers\": {\"id\": null, \"email\": \"j@example.com\", \"cio_id\": \"d9c1\"}}");

    assertThat(((SubscriptionChanged) reading).externalIds())
        .containsExactly("j@example.com", "d9c1");
    assertThat(consents(reading)).hasSize(6);
  }

  @Test
  void whatCannotBeUsedSaysWhy() {
    assertThat(read("cio_subscription_preferences_changed", "{\"identifiers\": {\"id\": \"42\"}}"))
        .isInstanceOfSatisfying(
            Unusable.class, it -> assertThat(it.reason()).isEqualTo("no_content"));
    assertThat(read("unsubscribed", "{\"identifiers\": {\"id\": null}}"))
        .isInstanceOfSatisfying(Unusable.class, it -> assertThat(it.reason()).isEqualTo("nobody"));
    assertThat(ReportPayload.read("[", Map.of(), NOW))
        .isInstanceOfSatisfying(
            Unusable.class, it -> assertThat(it.reason()).isEqualTo("not_json"));
    assertThat(
            ReportPayload.read(
                "{\"metric\": \"unsubscribed\", \"data\": {\"identifiers\": {\"id\": 42}}}",
                Map.of(),
                NOW))
        .isInstanceOfSatisfying(
            Unusable.class, it -> assertThat(it.reason()).isEqualTo("nameless"));
  }

  @Test
  void everyMetricOfTheSpecificationIsUsedOrPassedOver() {
    JsonNode schemas =
        SharedData.values("reporting-webhooks-openapi.json").getFirst().at("/components/schemas");

    List<JsonNode> named = schemas.findValues("metric");
    assertThat(named).hasSizeGreaterThan(40);
    for (JsonNode metric : named) {
      for (JsonNode name : metric.path("enum")) {
        ReportReading reading =
            read(
                name.asText(),
                "{\"identifiers\": {\"id\": \"42\"}, \"content\": {\"channels\": {\"sms\": true}}}");
        boolean told =
            List.of("subscribed", "unsubscribed", "cio_subscription_preferences_changed")
                .contains(name.asText());
        assertThat(reading).isInstanceOf(told ? SubscriptionChanged.class : Beside.class);
      }
    }
  }
}
