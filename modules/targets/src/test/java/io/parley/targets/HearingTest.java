package io.parley.targets;

import static io.parley.targets.Handoffs.NOON;
import static io.parley.targets.Handoffs.webhook;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.edge.HandoffTarget;
import io.parley.edge.HandoffTarget.Hearing;
import io.parley.edge.HandoffTarget.Incoming;
import io.parley.edge.HandoffTarget.News;
import io.parley.edge.HandoffTarget.Webhook;
import io.parley.edge.WebhookSignature;
import io.parley.engine.Values;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What targets tell, and what proves that it is they.
class HearingTest {

  private static final WebhookSignature SIGNATURE = new WebhookSignature(List.of("secret"));

  private static List<News> news(HandoffTarget target, Webhook webhook) {
    return target.hear(webhook, NOON) instanceof Hearing.Heard(var news) ? news : List.of();
  }

  private static String refusal(HandoffTarget target, Webhook webhook, Instant now) {
    return target.hear(webhook, now) instanceof Hearing.NotHeard(var _, var reason, var _)
        ? reason
        : "heard";
  }

  // ---- a server of the brand's own

  private static Webhook signed(String body) {
    return webhook(body, Map.of("parley-signature", SIGNATURE.of(NOON, body)));
  }

  @Test
  void aSignedMessageIsHeard() {
    String body =
        """
        {"type": "message", "handoff": "h", "id": "m1", "agent": "Mia", "text": "Hello",
         "media": ["https://example.com/a.png"]}
        """;

    assertThat(news(RequestsTest.SIGNED, signed(body)))
        .containsExactly(
            new News(
                "h",
                new Incoming.Wrote("m1", "Mia", "Hello", List.of("https://example.com/a.png"))));
  }

  @Test
  void aCloseCarriesItsOutputs() {
    String body =
        """
        {"type": "close", "reference": "r42", "id": "c1", "disposition": "solved",
         "outputs": {"mood": "happy"}}
        """;

    assertThat(news(RequestsTest.SIGNED, signed(body)))
        .containsExactly(
            new News("r42", new Incoming.Closed("c1", "", "solved", Values.of("mood", "happy"))));
  }

  @Test
  void whatWasOverheardCannotBeToldAgainLater() {
    Webhook webhook = signed("{}");

    assertThat(refusal(RequestsTest.SIGNED, webhook, NOON.plusSeconds(301))).isEqualTo("stale");
    assertThat(refusal(RequestsTest.SIGNED, webhook, NOON.minusSeconds(301))).isEqualTo("stale");
  }

  @Test
  void aBodyThatWasChangedIsNotHeard() {
    Webhook changed =
        webhook("{\"type\":\"close\"}", Map.of("parley-signature", SIGNATURE.of(NOON, "{}")));

    assertThat(refusal(RequestsTest.SIGNED, changed, NOON)).isEqualTo("wrong_signature");
    assertThat(refusal(RequestsTest.SIGNED, webhook("{}", Map.of()), NOON)).isEqualTo("unsigned");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "nonsense",
        "{\"handoff\":\"h\",\"type\":\"message\",\"text\":\"x\"}",
        "{\"handoff\":\"h\",\"id\":\"1\",\"type\":\"message\"}",
        "{\"handoff\":\"h\",\"id\":\"1\",\"type\":\"close\"}",
        "{\"handoff\":\"h\",\"id\":\"1\",\"type\":\"dance\"}"
      })
  void whatIsIncompleteIsSaidToBe(String body) {
    assertThat(refusal(RequestsTest.SIGNED, signed(body), NOON)).isEqualTo("malformed");
  }

  // ---- Chatwoot

  private static Webhook chatwoot(String body) {
    return webhook(
        "/handoff-targets/support?secret=url-secret",
        body,
        Map.of(
            "x-chatwoot-timestamp",
            String.valueOf(NOON.getEpochSecond()),
            "x-chatwoot-signature",
            "sha256="
                + WebhookSignature.hmac("signing-secret", NOON.getEpochSecond() + "." + body)));
  }

  @Test
  void whatAnAgentOfChatwootSendsIsHeard() {
    String body =
        """
        {"event": "message_created", "id": 9, "content": "Hello", "message_type": "outgoing",
         "private": false, "inbox": {"id": 3}, "conversation": {"id": 42},
         "sender": {"id": 1, "name": "Mia", "type": "user"},
         "attachments": [{"data_url": "https://chat.example.com/a.png"}]}
        """;

    assertThat(news(RequestsTest.CHATWOOT, chatwoot(body)))
        .containsExactly(
            new News(
                "42",
                new Incoming.Wrote(
                    "9", "Mia", "Hello", List.of("https://chat.example.com/a.png"))));
  }

  /// What the customer said came from us, notes are for agents, and an account's webhook tells of
  /// other inboxes, too.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"message_type\":\"incoming\",\"private\":false,\"inbox\":{\"id\":3}",
        "\"message_type\":\"outgoing\",\"private\":true,\"inbox\":{\"id\":3}",
        "\"message_type\":\"activity\",\"private\":false,\"inbox\":{\"id\":3}",
        "\"message_type\":\"outgoing\",\"private\":false,\"inbox\":{\"id\":4}",
        "\"message_type\":\"outgoing\",\"sender\":{\"type\":\"agent_bot\"},\"inbox\":{\"id\":3}"
      })
  void whatIsNotForTheCustomerIsPassedOver(String rest) {
    String body =
        "{\"event\":\"message_created\",\"id\":9,\"content\":\"x\",\"conversation\":{\"id\":42},"
            + rest
            + "}";

    assertThat(RequestsTest.CHATWOOT.hear(chatwoot(body), NOON)).isEqualTo(Hearing.Heard.nothing());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"conversation_status_changed", "conversation_updated", "conversation_resolved"})
  void aResolvedConversationIsOverWhicheverEventTells(String event) {
    String body =
        """
        {"event": "%s", "id": 42, "inbox_id": 3, "status": "resolved",
         "meta": {"assignee": {"name": "Mia"}}}
        """
            .formatted(event);

    assertThat(news(RequestsTest.CHATWOOT, chatwoot(body)))
        .containsExactly(
            new News("42", new Incoming.Closed("resolved", "Mia", "resolved", Values.EMPTY)));
  }

  @Test
  void aConversationThatAnAgentGivesToTheBotIsOver() {
    String begun =
        "{\"event\":\"conversation_updated\",\"id\":42,\"inbox_id\":3,\"status\":\"pending\"";
    String given =
        ",\"changed_attributes\":[{\"status\":{\"current_value\":\"pending\","
            + "\"previous_value\":\"open\"}}]}";

    assertThat(news(RequestsTest.CHATWOOT, chatwoot(begun + "}"))).isEmpty();
    assertThat(news(RequestsTest.CHATWOOT, chatwoot(begun + given)))
        .containsExactly(
            new News("42", new Incoming.Closed("pending", "", "given_to_bot", Values.EMPTY)));
  }

  @Test
  void chatwootProvesItselfByBothSecrets() {
    String body = "{\"event\":\"message_created\"}";
    Webhook right = chatwoot(body);

    assertThat(refusal(RequestsTest.CHATWOOT, right, NOON)).isEqualTo("heard");
    assertThat(refusal(RequestsTest.CHATWOOT, right, NOON.plusSeconds(301))).isEqualTo("stale");
    assertThat(
            refusal(
                RequestsTest.CHATWOOT,
                webhook("/handoff-targets/support?secret=other", body, right.headers()),
                NOON))
        .isEqualTo("wrong_secret");
    assertThat(
            refusal(
                RequestsTest.CHATWOOT, webhook(right.target(), body + " ", right.headers()), NOON))
        .isEqualTo("wrong_signature");
    assertThat(refusal(RequestsTest.CHATWOOT, webhook(right.target(), body, Map.of()), NOON))
        .isEqualTo("unsigned");
  }

  // ---- Zendesk

  private static Webhook zendesk(String events) {
    return webhook(
        "{\"app\":{\"id\":\"app1\"},\"events\":[" + events + "]}",
        Map.of("x-api-key", "webhook-secret"));
  }

  @Test
  void whatAnAgentOfZendeskSendsIsHeardAndOursIsNot() {
    String message =
        """
        {"id": "e%d", "type": "conversation:message", "payload": {"conversation": {"id": "c42"},
         "message": {"id": "m%d", "author": {"type": "%s", "displayName": "Mia"},
                     "content": {"type": "text", "text": "Hello"}, "metadata": %s}}}
        """;

    assertThat(
            news(
                RequestsTest.ZENDESK,
                zendesk(
                    message.formatted(1, 1, "user", "{}")
                        + ","
                        + message.formatted(2, 2, "business", "{\"parley_id\":\"x\"}")
                        + ","
                        + message.formatted(3, 3, "business", "{}"))))
        .containsExactly(new News("c42", new Incoming.Wrote("m3", "Mia", "Hello", List.of())));
  }

  @Test
  void controlThatZendeskReleasesEndsIt() {
    String event =
        """
        {"id": "e1", "type": "switchboard:releaseControl",
         "payload": {"conversation": {"id": "c42"}, "reason": "ticketClosed"}}
        """;

    assertThat(news(RequestsTest.ZENDESK, zendesk(event)))
        .containsExactly(
            new News("c42", new Incoming.Closed("e1", "", "ticket_closed", Values.EMPTY)));
    assertThat(
            refusal(
                RequestsTest.ZENDESK, webhook("{\"events\":[]}", Map.of("x-api-key", "x")), NOON))
        .isEqualTo("wrong_secret");
  }

  // ---- Flex

  private static Webhook flex(String form) {
    return webhook(form, Map.of("x-twilio-signature", "genuine"));
  }

  @Test
  void whatAnAgentOfFlexSaysIsHeardAndOurEchoIsNot() {
    String form =
        "EventType=onMessageAdded&ConversationSid=CH42&MessageSid=IM%s&Author=%s&Body=Hello+there"
            + "&Attributes=%s";

    assertThat(news(RequestsTest.FLEX, flex(form.formatted("1", "mia", "%7B%7D"))))
        .containsExactly(
            new News("CH42", new Incoming.Wrote("IM1", "mia", "Hello there", List.of())));
    assertThat(
            news(
                RequestsTest.FLEX,
                flex(form.formatted("2", "person-01", "%7B%22parley_id%22%3A%22x%22%7D"))))
        .isEmpty();
  }

  @Test
  void aTaskThatIsDoneEndsItAndOneThatIsLostGivesItBack() {
    String attributes = "&TaskSid=WT1&Sid=EV1&TaskAttributes=%7B%22parley_handoff%22%3A%22h%22%7D";

    assertThat(
            news(
                RequestsTest.FLEX,
                flex("EventType=task.completed&TaskCompletedReason=resolved" + attributes)))
        .containsExactly(
            new News("h", new Incoming.Closed("WT1:done", "", "resolved", Values.EMPTY)));
    assertThat(
            news(
                RequestsTest.FLEX,
                flex("EventType=task.canceled&TaskCanceledReason=Task+TTL+exceeded" + attributes)))
        .containsExactly(
            new News("h", new Incoming.GaveBack("EV1", "task.canceled: Task TTL exceeded")));
    assertThat(
            refusal(
                RequestsTest.FLEX,
                webhook("EventType=x", Map.of("x-twilio-signature", "forged")),
                NOON))
        .isEqualTo("wrong_signature");
  }

  @Test
  void requestTrackerTellsNothingByItself() {
    assertThat(refusal(RequestsTest.TRACKER, webhook("{}", Map.of()), NOON)).isEqualTo("polled");
  }
}
