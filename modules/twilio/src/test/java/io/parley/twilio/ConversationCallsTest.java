package io.parley.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect.Request.Conversation;
import io.parley.engine.Effect.Request.Conversation.Operation;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.twilio.TwilioOnLoopback.Asked;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ConversationCallsTest {

  private static final String ROOM = "CH" + "0".repeat(31) + "1";
  private static final EffectId CALL =
      new EffectId(
          ConversationId.of(new ThreadId(new Address("+15005550006"), new Address("+14155550100"))),
          2,
          0);
  private static final String NAME = "parley-" + CALL.conversation() + "-2-0";
  private static final String STANDS = "{\"sid\":\"" + ROOM + "\",\"state\":\"active\"}";
  private static final String NO_HOOKS = "{\"webhooks\":[]}";
  private static final String HOOK = "https://parley.example.com/twilio/conversations";

  private final TwilioOnLoopback twilio = new TwilioOnLoopback();
  private final ConversationCalls calls =
      new ConversationCalls(ConversationsChannelTest.account(twilio.url()));

  @AfterEach
  void close() {
    twilio.close();
    calls.close();
  }

  @Test
  void aConversationIsCreatedWithItsParticipantAndListenedTo() {
    twilio.answers(201, STANDS);
    twilio.answers(201, "{\"sid\":\"MB1\"}");
    twilio.answers(200, NO_HOOKS);
    twilio.answers(201, "{\"sid\":\"WH1\"}");

    Event event = calls.perform(CALL, create());

    assertThat(targets())
        .containsExactly(
            "POST /v1/Conversations",
            "POST /v1/Conversations/" + ROOM + "/Participants",
            "GET /v1/Conversations/" + ROOM + "/Webhooks?PageSize=50",
            "POST /v1/Conversations/" + ROOM + "/Webhooks");
    assertThat(form(0))
        .containsOnly(
            Map.entry("UniqueName", List.of(NAME)), Map.entry("Timers.Inactive", List.of("PT10M")));
    assertThat(form(1))
        .containsOnly(
            Map.entry("MessagingBinding.Address", List.of("+14155550100")),
            Map.entry("MessagingBinding.ProxyAddress", List.of("+15005550006")));
    assertThat(form(3))
        .containsEntry("Configuration.Url", List.of(HOOK))
        .containsEntry("Configuration.Filters", List.of("onMessageAdded", "onDeliveryUpdated"));
    assertThat(answered(event).status()).isEqualTo(200);
    assertThat(answered(event).body()).contains(ROOM);
  }

  @Test
  void askedOnceMoreItFindsWhatItMadeBefore() {
    twilio.answers(409, problem(50353, "exists"));
    twilio.answers(200, STANDS);
    twilio.answers(409, problem(50416, "already exists in Conversation " + ROOM));
    twilio.answers(200, "{\"webhooks\":[{\"configuration\":{\"url\":\"" + HOOK + "\"}}]}");

    Event event = calls.perform(CALL, create());

    assertThat(targets())
        .contains("GET /v1/Conversations/" + NAME)
        .doesNotContain("POST /v1/Conversations/" + ROOM + "/Webhooks");
    assertThat(answered(event).body()).contains(ROOM);
  }

  @Test
  void aContactInAnotherConversationIsRefusedAndTheEmptyOneClosed() {
    twilio.answers(201, STANDS);
    twilio.answers(409, problem(50416, "already exists in Conversation CH2"));
    twilio.answers(200, STANDS);

    Event event = calls.perform(CALL, create());

    assertThat(answered(event).status()).isEqualTo(409);
    assertThat(targets()).endsWith("POST /v1/Conversations/" + ROOM);
    assertThat(form(2)).containsOnly(Map.entry("State", List.of("closed")));
  }

  @Test
  void aClosedConversationIsNotResumed() {
    twilio.answers(200, "{\"sid\":\"" + ROOM + "\",\"state\":\"closed\"}");

    Event event = calls.perform(CALL, about(Operation.RESUME));

    assertThat(event)
        .isEqualTo(new Event.CallFailed(CALL, "conversation_closed", "the conversation is closed"));
  }

  @Test
  void aConversationIsClosedInItsService() {
    String service = "IS" + "0".repeat(31) + "1";
    twilio.answers(200, STANDS);

    calls.perform(
        CALL, new Conversation(Operation.CLOSE, Values.of("sid", ROOM).with("service", service)));

    assertThat(targets())
        .containsExactly("POST /v1/Services/" + service + "/Conversations/" + ROOM);
  }

  @Test
  void withoutAConnectionNothingWasAsked() {
    twilio.close();

    Event event = calls.perform(CALL, about(Operation.RESUME));

    assertThat(event)
        .isInstanceOfSatisfying(
            Event.CallFailed.class, it -> assertThat(it.reason()).isEqualTo("unreachable"));
  }

  private static Conversation create() {
    return new Conversation(
        Operation.CREATE,
        Values.of("service", "")
            .with(
                "participants",
                List.of(Map.of("address", "+14155550100", "proxy_address", "+15005550006")))
            .with("timers_inactive", "PT10M")
            .with("timers_closed", ""));
  }

  private static Conversation about(Operation operation) {
    return new Conversation(operation, Values.of("sid", ROOM));
  }

  private List<String> targets() {
    return twilio.asked().stream().map(it -> it.method() + " " + it.target()).toList();
  }

  private Map<String, List<String>> form(int request) {
    Asked asked = twilio.asked().get(request);
    return asked.form().byName();
  }

  private static Event.CallAnswered answered(Event event) {
    return (Event.CallAnswered) event;
  }

  private static String problem(int code, String message) {
    return "{\"code\":%d,\"message\":\"%s\",\"status\":409}".formatted(code, message);
  }
}
