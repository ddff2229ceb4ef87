package io.parley.loadtest.twilio;

import static io.parley.loadtest.standin.Blocking.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.twilio.exception.ApiException;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.conversations.v1.Conversation;
import com.twilio.rest.conversations.v1.conversation.Message;
import com.twilio.rest.conversations.v1.conversation.Participant;
import com.twilio.rest.conversations.v1.conversation.Webhook;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Twilio's own Java client against the stand-in's conversations.
@ExtendWith(VertxExtension.class)
final class OfficialConversationsTest {

  private static final String ACCOUNT = "AC" + "a".repeat(32);
  private static final String OURS = "+15005550006";
  private static final String THEIRS = "+14155550123";

  private StandInTwilio twilio;
  private Application application;
  private TwilioRestClient client;

  @BeforeEach
  void start(Vertx vertx) {
    application = now(Application.start(vertx, "token"));
    twilio = now(StandInTwilio.start(vertx, TwilioSettings.of(ACCOUNT, "token", List.of(OURS))));
    client =
        new TwilioRestClient.Builder(ACCOUNT, "token")
            .httpClient(new Loopback(twilio.baseUrl()))
            .build();
  }

  @Test
  void aConversationIsFoundBySidAndByUniqueName() {
    Conversation created = Conversation.creator().setUniqueName("one").create(client);

    assertThat(created.getState()).isEqualTo(Conversation.State.ACTIVE);
    assertThat(Conversation.fetcher(created.getSid()).fetch(client)).isEqualTo(created);
    assertThat(Conversation.fetcher("one").fetch(client)).isEqualTo(created);
  }

  @Test
  void aUniqueNameIsTakenOnce() {
    Conversation.creator().setUniqueName("one").create(client);

    refused(409, 50353, () -> Conversation.creator().setUniqueName("one").create(client));
  }

  @Test
  void aTimerHasItsLeast() {
    refused(400, 20001, () -> Conversation.creator().setTimersClosed("PT1M").create(client));
  }

  @Test
  void whatIsSaidReachesTheParticipantByText() {
    String room = roomWithAParticipant();

    Message said = Message.creator(room).setAuthor("Bot").setBody("Hello").create(client);

    assertThat(said.getIndex()).isZero();
    assertThat(said.getParticipantSid()).isNull();
    assertThat(said.getAttributes()).isEqualTo("{}");
    SentMessage text = now(twilio.awaitMessage(it -> it.status() == DeliveryStatus.DELIVERED));
    assertThat(List.of(text.from(), text.to(), text.body())).containsExactly(OURS, THEIRS, "Hello");
  }

  @Test
  void whatTheParticipantTextsIsSaidThereAndToldToTheWebhook() {
    String room = roomWithAParticipant();
    Webhook.creator(room, Webhook.Target.WEBHOOK)
        .setConfigurationUrl(application.url("/conversations"))
        .setConfigurationFilters(List.of("onMessageAdded"))
        .create(client);

    InboundResult result = now(twilio.receive(THEIRS, OURS, "hi"));

    assertThat(result.accepted()).isTrue();
    assertThat(application.received())
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.signed()).isTrue();
              assertThat(it.parameters())
                  .containsAllEntriesOf(
                      Map.of(
                          "EventType",
                          "onMessageAdded",
                          "ConversationSid",
                          room,
                          "ChatServiceSid",
                          twilio.chatService(),
                          "Author",
                          THEIRS,
                          "Body",
                          "hi",
                          "Source",
                          "SMS"))
                  .containsKeys("MessageSid", "ParticipantSid", "Attributes");
            });
  }

  @Test
  void whatTheApiSaysIsToldToNoWebhook() {
    String room = roomWithAParticipant();
    Webhook.creator(room, Webhook.Target.WEBHOOK)
        .setConfigurationUrl(application.url("/conversations"))
        .setConfigurationFilters(List.of("onMessageAdded"))
        .create(client);
    Message.creator(room).setBody("Hello").create(client);

    now(twilio.receive(THEIRS, OURS, "hi"));

    assertThat(application.received()).hasSize(1);
  }

  @Test
  void messagesAreListedOverSeveralPagesInBothOrders() {
    String room = Conversation.creator().create(client).getSid();
    for (int i = 0; i < 5; i++) {
      Message.creator(room).setBody("m" + i).create(client);
    }
    List<String> found = new ArrayList<>();

    Message.reader(room)
        .setOrder(Message.OrderType.DESC)
        .setPageSize(2L)
        .read(client)
        .forEach(message -> found.add(message.getBody()));

    assertThat(found).containsExactly("m4", "m3", "m2", "m1", "m0");
  }

  @Test
  void anAddressIsInOneOpenConversationWithUs() {
    String room = roomWithAParticipant();
    String other = Conversation.creator().create(client).getSid();

    refused(409, 50416, () -> join(other));
    Conversation.updater(room).setState(Conversation.State.CLOSED).update(client);
    join(other);

    assertThat(Conversation.fetcher(room).fetch(client).getState())
        .isEqualTo(Conversation.State.CLOSED);
  }

  @Test
  void nothingMoreIsSaidInAClosedConversation() {
    String room = roomWithAParticipant();
    Conversation.updater(room).setState(Conversation.State.CLOSED).update(client);

    refused(400, 20001, () -> Message.creator(room).setBody("Hello").create(client));
  }

  @Test
  void aBodyHasItsLimitAndAttributesAreJson() {
    String room = Conversation.creator().create(client).getSid();

    refused(400, 20001, () -> Message.creator(room).setBody("x".repeat(1_601)).create(client));
    refused(400, 20001, () -> Message.creator(room).setBody("x").setAttributes("{").create(client));
  }

  private String roomWithAParticipant() {
    String room = Conversation.creator().create(client).getSid();
    join(room);
    return room;
  }

  private void join(String room) {
    Participant.creator(room)
        .setMessagingBindingAddress(THEIRS)
        .setMessagingBindingProxyAddress(OURS)
        .create(client);
  }

  private static void refused(
      int status, int code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(call)
        .satisfies(
            e -> {
              assertThat(e.getStatusCode()).isEqualTo(status);
              assertThat(e.getCode()).isEqualTo(code);
            });
  }
}
