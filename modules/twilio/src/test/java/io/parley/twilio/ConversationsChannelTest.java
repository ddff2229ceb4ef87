package io.parley.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.edge.MessageChannel.Answer;
import io.parley.edge.MessageChannel.Lookup;
import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.parley.engine.Effect.Byline;
import io.parley.engine.Effect.Content;
import io.parley.engine.EffectId;
import io.parley.engine.Json;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.twilio.TwilioAccount.Timeouts;
import io.parley.twilio.TwilioOnLoopback.Asked;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ConversationsChannelTest {

  private static final Address SERVICE = new Address("IS" + "0".repeat(31) + "1");
  private static final Address ROOM = new Address("CH" + "0".repeat(31) + "1");
  private static final String MESSAGES =
      "/v1/Services/" + SERVICE + "/Conversations/" + ROOM + "/Messages";
  private static final EffectId EFFECT =
      new EffectId(ConversationId.of(new ThreadId(SERVICE, ROOM)), 3, 1);
  private static final Instant SINCE = Instant.parse("2026-11-22T10:00:00.700Z");

  private final TwilioOnLoopback twilio = new TwilioOnLoopback();
  private final ConversationsChannel channel = new ConversationsChannel(account(twilio.url()));

  @AfterEach
  void close() {
    twilio.close();
    channel.close();
  }

  static TwilioAccount account(URI url) {
    return new TwilioAccount(
        "AC00000000000000000000000000000001",
        List.of("token"),
        Optional.empty(),
        TwilioAccount.TWILIO_API,
        url,
        URI.create("https://parley.example.com/"),
        new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(5)));
  }

  @Test
  void aTextIsSaidUnderItsAuthorsNameWithItsEffect() {
    twilio.answers(201, message("IM1", EFFECT, SINCE));

    channel.send(said("Robin", "{\"tone\":\"warm\"}"));

    Asked asked = twilio.asked().getFirst();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.target()).isEqualTo(MESSAGES);
    assertThat(asked.authorization()).isPresent();
    assertThat(asked.form().byName())
        .containsOnly(
            Map.entry("Author", List.of("Robin")),
            Map.entry("Body", List.of("Hello")),
            Map.entry(
                "Attributes", List.of("{\"tone\":\"warm\",\"parley_effect\":\"" + EFFECT + "\"}")));
  }

  @Test
  void whatTwilioTookIsReadWithStudiosNames() {
    twilio.answers(201, message("IM1", EFFECT, SINCE));

    Answer answer = channel.send(said("", ""));

    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Accepted.class,
            accepted -> {
              assertThat(accepted.sid().value()).isEqualTo("IM1");
              assertThat(accepted.outbound().entries())
                  .containsEntry("Sid", "IM1")
                  .containsEntry("ConversationSid", ROOM.value())
                  .containsEntry("Author", "Robin")
                  .containsEntry("Index", 7L)
                  .containsEntry("Body", "Hello")
                  .containsKey("Attributes")
                  .doesNotContainKey("ParticipantSid");
            });
    assertThat(twilio.asked().getFirst().form().first("Author")).isEmpty();
  }

  @Test
  void aTemplateGoesWithItsVariables() {
    twilio.answers(201, message("IM1", EFFECT, SINCE));
    Content template = new Content.Template("HX1", Values.of("1", "Jane"));

    channel.send(new Effect.Send(EFFECT, SERVICE, ROOM, template, 0));

    assertThat(twilio.asked().getFirst().form().byName())
        .containsEntry("ContentSid", List.of("HX1"))
        .containsEntry("ContentVariables", List.of("{\"1\":\"Jane\"}"))
        .doesNotContainKey("Body");
  }

  @Test
  void aThreadOfNumbersSpeaksInTheDefaultService() {
    twilio.answers(201, message("IM1", EFFECT, SINCE));
    Content text = new Content.Text("Hello", List.of());

    channel.send(new Effect.Send(EFFECT, new Address("+15005550006"), ROOM, text, 0));

    assertThat(twilio.asked().getFirst().target())
        .isEqualTo("/v1/Conversations/" + ROOM + "/Messages");
  }

  @Test
  void aConversationThatDoesNotExistIsNotWaitedFor() {
    twilio.answers(404, "{\"code\":20404,\"message\":\"not found\",\"status\":404}");

    assertThat(channel.send(said("", "")))
        .isInstanceOfSatisfying(
            Answer.Rejected.class,
            rejected -> assertThat(rejected.failure().refusal()).isEqualTo("no_conversation"));
  }

  @Test
  void aRefusalIsReadFromTheTableOfErrors() {
    twilio.answers(409, "{\"code\":50416,\"message\":\"elsewhere\",\"status\":409}");

    assertThat(channel.send(said("", "")))
        .isInstanceOfSatisfying(
            Answer.Rejected.class,
            rejected -> assertThat(rejected.failure().refusal()).isEqualTo("in_conversation"));
  }

  @Test
  void aServerErrorLeavesTheSendInDoubt() {
    twilio.answers(500, "{}");

    assertThat(channel.send(said("", ""))).isInstanceOf(Answer.InDoubt.class);
  }

  @Test
  void aMessageIsFoundByItsEffectOverSeveralPages() {
    EffectId other = new EffectId(EFFECT.conversation(), 3, 2);
    twilio.answers(
        200,
        page(
            "https://elsewhere.example.com" + MESSAGES + "?Order=desc&PageSize=100&Page=1",
            message("IM2", other, SINCE)));
    twilio.answers(200, page("", message("IM1", EFFECT, SINCE)));

    Lookup found = channel.find(said("Robin", ""), SINCE, Set.of());

    assertThat(found)
        .isInstanceOfSatisfying(
            Lookup.Found.class, it -> assertThat(it.sid().value()).isEqualTo("IM1"));
    assertThat(twilio.asked()).extracting(Asked::target).allMatch(it -> it.startsWith(MESSAGES));
    assertThat(twilio.asked().getLast().target()).contains("Page=1").contains("Order=desc");
  }

  @Test
  void aMessageOfTheSameWordsThatIsNotOfThisEffectIsNotIt() {
    EffectId other = new EffectId(EFFECT.conversation(), 3, 2);
    twilio.answers(200, page("", message("IM2", other, SINCE)));

    assertThat(channel.find(said("Robin", ""), SINCE, Set.of()))
        .isInstanceOf(Lookup.NotFound.class);
  }

  @Test
  void whatIsOlderThanTheSendIsNotReadOn() {
    EffectId other = new EffectId(EFFECT.conversation(), 3, 2);
    twilio.answers(
        200,
        page("https://x.example.com/?Page=1", message("IM2", other, SINCE.minusSeconds(3_600))));

    assertThat(channel.find(said("Robin", ""), SINCE, Set.of()))
        .isInstanceOf(Lookup.NotFound.class);
    assertThat(twilio.asked()).hasSize(1);
  }

  @Test
  void aListThatCannotBeReadProvesNothing() {
    twilio.answers(200, "{}");

    assertThat(channel.find(said("Robin", ""), SINCE, Set.of()))
        .isInstanceOf(Lookup.Unanswered.class);
  }

  private static Effect.Send said(String author, String attributes) {
    return new Effect.Send(
        EFFECT,
        SERVICE,
        ROOM,
        new Content.Text("Hello", List.of()),
        0,
        Optional.of(new Byline(author, attributes)));
  }

  private static String message(String sid, EffectId effect, Instant created) {
    String attributes = Json.print(Map.of("parley_effect", effect.toString()));
    return """
    {"sid":"%s","account_sid":"AC1","conversation_sid":"%s","body":"Hello","media":null,\
    "author":"Robin","participant_sid":null,"attributes":%s,"date_created":"%s","index":7}"""
        .formatted(sid, ROOM, Json.print(attributes), created);
  }

  private static String page(String next, String... messages) {
    return "{\"meta\":{\"next_page_url\":%s},\"messages\":[%s]}"
        .formatted(next.isEmpty() ? "null" : Json.print(next), String.join(",", List.of(messages)));
  }
}
