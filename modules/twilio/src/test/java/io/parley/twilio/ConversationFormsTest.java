package io.parley.twilio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.MessageStatus;
import io.parley.engine.ThreadId;
import io.parley.twilio.ConversationForms.Delivery;
import io.parley.twilio.ConversationForms.Reading;
import io.parley.twilio.ConversationForms.Said;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConversationFormsTest {

  private static final String SERVICE = "IS" + "0".repeat(31) + "1";
  private static final String ROOM = "CH" + "0".repeat(31) + "1";
  private static final String PLACE =
      "ConversationSid=" + ROOM + "&ChatServiceSid=" + SERVICE + "&MessageSid=IM1";

  @Test
  void whatAParticipantWritesIsReadWithStudiosNames() {
    Said said =
        heard(
            PLACE
                + "&EventType=onMessageAdded&Author=%2B14155550142&ParticipantSid=MB1&Source=SMS"
                + "&Body=Is+it+50%25+off%3F&Attributes=%7B%7D&Index=3&SomethingNew=1");

    assertThat(said.thread()).isEqualTo(new ThreadId(new Address(SERVICE), new Address(ROOM)));
    assertThat(said.sourceId()).isEqualTo("IM1");
    assertThat(said.parameters().entries())
        .containsEntry("Body", "Is it 50% off?")
        .containsEntry("From", "+14155550142")
        .containsEntry("ChannelSid", ROOM)
        .containsEntry("InstanceSid", SERVICE)
        .containsEntry("Source", "SMS")
        .containsEntry("NumMedia", "0")
        .containsEntry("SomethingNew", "1");
    assertThat(said.event(List.of(), "", java.util.Optional.empty()).author())
        .contains(new Address("+14155550142"));
  }

  @Test
  void theOlderNamesOfTheChatApiDo() {
    Said said =
        heard(
            "ChannelSid="
                + ROOM
                + "&InstanceSid="
                + SERVICE
                + "&MessageSid=IM1&Author=jane"
                + "&Source=SDK&Body=hi");

    assertThat(said.thread().theirs().value()).isEqualTo(ROOM);
    assertThat(said.parameters().entries())
        .containsEntry("ConversationSid", ROOM)
        .containsEntry("ChatServiceSid", SERVICE);
  }

  @Test
  void attributesOfTheChannelAndMediaAreJson() {
    Said said =
        heard(
            PLACE
                + "&Author=jane&Source=SDK&ChannelAttributes=%7B%22channel_type%22%3A%22web%22%7D"
                + "&Media=%5B%7B%22Sid%22%3A%22ME1%22%7D%5D&Attributes=%7B%22a%22%3A1%7D");

    assertThat(said.parameters().object("ChannelAttributes").text("channel_type")).contains("web");
    assertThat(said.parameters().entries())
        .containsEntry("Media", List.of(Map.of("Sid", "ME1")))
        .containsEntry("NumMedia", "1")
        .containsEntry("Attributes", "{\"a\":1}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // our own, whatever else it says
        "Author=Bot&Source=API&Attributes=%7B%22parley_effect%22%3A%22466da73c-edc3-8996-9b41-a8ec7c28bcd0%3A4%3A0%22%7D&ParticipantSid=MB1|ours",
        // an API call under a name that is no participant's
        "Author=Bot&Source=API&Attributes=%7B%7D|nobody",
        "Author=system|nobody",
        "Author=system&Source=SDK|nobody",
        "Author=desk-7&Source=SDK&ParticipantSid=MB2|agent",
        "EventType=onParticipantAdded|onParticipantAdded",
        "EventType=onConversationStateUpdated&StateTo=closed|onConversationStateUpdated",
        "EventType=onMessageAdd&Author=jane|onMessageAdd"
      })
  void whatNoParticipantWroteIsIgnored(String form, String why) {
    assertThat(read(PLACE + "&" + form)).isEqualTo(new Reading.Ignored(why));
  }

  @Test
  void anIntegrationThatWritesInAParticipantsNameIsHeard() {
    assertThat(heard(PLACE + "&Author=jane&Source=API&ParticipantSid=MB1&Body=hi").sourceId())
        .isEqualTo("IM1");
  }

  @Test
  void anotherEventIsIgnoredWhateverItLacks() {
    assertThat(read("EventType=onUserUpdated")).isEqualTo(new Reading.Ignored("onUserUpdated"));
  }

  @Test
  void aMessageWithoutItsConversationNamesAllThatIsMissing() {
    assertThat(read("EventType=onMessageAdded&Body=hi"))
        .isInstanceOfSatisfying(
            Reading.Malformed.class,
            malformed ->
                assertThat(malformed.problems())
                    .extracting(TwilioForms.Problem::parameter)
                    .containsExactly("MessageSid", "ConversationSid", "ChatServiceSid"));
  }

  @Test
  void aDeliveryIsAReportOfTheMessage() {
    Reading reading =
        read(
            PLACE
                + "&EventType=onDeliveryUpdated&Status=undelivered&ErrorCode=30005"
                + "&ParticipantSid=MB1&ChannelMessageSid=SM1");

    assertThat(reading)
        .isInstanceOfSatisfying(
            Reading.Reported.class,
            reported -> {
              Delivery delivery = reported.delivery();
              assertThat(delivery.sourceId()).isEqualTo("IM1:MB1:undelivered");
              assertThat(delivery.event().status()).isEqualTo(MessageStatus.UNDELIVERED);
              assertThat(delivery.event().errorCode()).isEqualTo(30005);
              assertThat(delivery.event().block()).isEmpty();
            });
  }

  private static Reading read(String form) {
    return ConversationForms.read(form.getBytes(UTF_8), identity -> identity.startsWith("desk-"));
  }

  private static Said heard(String form) {
    return switch (read(form)) {
      case Reading.Heard(var said) -> said;
      case Reading other -> throw new AssertionError(other);
    };
  }
}
