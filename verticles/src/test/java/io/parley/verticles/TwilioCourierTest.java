package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.verticles.FakeChannel.Fate;
import io.parley.verticles.Service.Answer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TwilioCourierTest {

  private static final String JANE = "+14155550142";

  private Service service = Service.start();

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void aSenderIsPacedInSegments() {
    service.close();
    service = Service.start(Map.of("SEGMENTS_PER_SECOND", "8"));
    service.channel.segmentsOfEach(2);

    triggerMany(9);
    service.until("all leave", () -> service.channel.texts().size() == 9);

    List<FakeChannel.Request> requests = service.channel.requests();
    double seconds = (requests.getLast().nanos() - requests.getFirst().nanos()) / 1e9;
    assertThat(seconds).as("8 intervals of a quarter second").isBetween(1.8, 4.0);
  }

  @Test
  void aSlowSenderDoesNotHoldUpAnother() {
    service.close();
    service = Service.start(Map.of("SEGMENTS_PER_SECOND", "1"));
    triggerMany(20);

    triggerFrom("+15550002222", JANE, "other");

    service.until(
        "the other sender's message leaves",
        () -> service.channel.sends().stream().anyMatch(it -> it.to().value().equals(JANE)));
    assertThat(service.channel.texts()).hasSizeLessThan(10);
  }

  @Test
  void whatNothingStandsBeforeIsHandedToTheCourierAndNeverLeased() {
    service.trigger(JANE, "first");
    service.until("the first one leaves", () -> service.channel.texts().size() == 1);
    service.execute("create table leased (turn integer)");
    service.execute(
        """
        create function note_lease() returns trigger language plpgsql as
          $$ begin insert into leased values (new.turn); return new; end $$
        """);
    service.execute(
        """
        create trigger note_lease before update of due_at on outbox for each row
          when (old.destination = 'twilio') execute function note_lease()
        """);

    triggerMany(5);

    service.until("they leave", () -> service.channel.texts().size() == 6);
    assertThat(service.count("leased")).isZero();
  }

  @Test
  void aRequestThatCameTooSoonIsMadeAgain() {
    service.channel.next(Fate.TOO_MANY_REQUESTS, Fate.TOO_MANY_REQUESTS);

    service.trigger(JANE, "key");

    service.until("it leaves", () -> service.channel.texts().size() == 1);
    assertThat(service.channel.requests()).hasSize(3);
    assertThat(service.texts("select outcome from delivery where destination = 'twilio'"))
        .hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void whileTwilioCannotBeReachedTheServiceStaysReadyAndSaysSo() {
    service.channel.usually(Fate.NO_CONNECTION);
    service.trigger(JANE, "key");

    service.until("it is told", () -> courier().startsWith("on: unreachable since 2"));

    assertThat(service.get("/health/ready").status()).isEqualTo(200);
    service.channel.usually(Fate.TAKEN);
    service.until("it is over", () -> courier().equals("on"));
  }

  private String courier() {
    return service.get("/health/ready").json().getString("twilio_courier");
  }

  @Test
  void aSendInDoubtIsCountedOnceHoweverOftenItIsLookedUp() {
    service.close();
    service = Service.start(Map.of("IN_DOUBT_SETTLE", "2s"));
    service.channel.next(Fate.LOST);

    service.trigger(JANE, "key");

    service.until("it leaves", () -> service.channel.texts().size() == 1);
    assertThat(service.get("/metrics").body())
        .contains("parley_sends_total{outcome=\"in_doubt\",reason=\"\"} 1.0")
        .contains("parley_sends_total{outcome=\"not_found\"");
  }

  @Test
  void aMessageThatIsEmptyIsCounted() {
    service.publish("cart", Service.flow("{{flow.data.nothing}}", "3600"));
    service.stop();
    service.restart();

    service.trigger(JANE, "key");

    service.until(
        "it is counted",
        () ->
            service
                .get("/metrics")
                .body()
                .contains("parley_sends_total{outcome=\"unfit\",reason=\"empty_message\"} 1.0"));
    assertThat(service.channel.requests()).isEmpty();
  }

  /// Where it is night now: zones that are so far apart that it is night in one of them.
  private static String nightZone() {
    return Stream.of("Etc/GMT+8", "Etc/GMT", "Etc/GMT-8")
        .filter(
            zone -> {
              int hour = ZonedDateTime.now(ZoneId.of(zone)).getHour();
              return hour >= 22 || hour < 6;
            })
        .findFirst()
        .orElseThrow();
  }

  private void openHours(String policy) throws IOException {
    service.close();
    Path file = Files.createTempFile("policy", ".yaml");
    Files.writeString(file, policy);
    service = Service.start(Map.of("POLICY", file.toString()));
  }

  @Test
  void whatATriggerSendsAtNightWaitsInTheOutbox() throws IOException {
    openHours("hours: {quiet: federal}\n");

    service.trigger(JANE, "key", nightZone());

    service.until(
        "it waits for hours",
        () ->
            service
                    .texts(
                        "select conversation from outbox where destination = 'twilio'"
                            + " and due_at > now() + interval '1 hour'")
                    .size()
                == 1);
    assertThat(service.channel.requests()).isEmpty();
  }

  @Test
  void whatLeavesLateGoesBackToTheQueueWhereItIsNightByThen() throws IOException {
    openHours("hours: {quiet: federal}\n");
    service.trigger(JANE, "key", nightZone());
    service.until(
        "it waits",
        () -> service.count("outbox where destination = 'twilio' and due_at > now()") == 1);

    service.execute(
        "update outbox set due_at = now(), not_before = now() where destination = 'twilio'");

    service.until(
        "it goes back",
        () ->
            service.count(
                    "outbox where destination = 'twilio' and due_at > now() + interval '1 hour'"
                        + " and last_error like 'quiet hours: %47 CFR 64.1200%'")
                == 1);
    assertThat(service.channel.requests()).isEmpty();
  }

  @Test
  void aTemplateWithAnEmptyVariableIsNotAskedForAndSaysWhich() {
    publishWith(
        """
        "message_type": "content_template", "content_sid": "HX%s",
        "content_variables": [{"key": "1", "value": "Jane"},
                              {"key": "2", "value": "{{flow.data.nothing}}"}]\
        """
            .formatted("0".repeat(32)));

    service.trigger(JANE, "key");

    service.until("it is told", () -> service.track.names().contains("twilio_message_failed"));
    JsonObject told = told("twilio_message_failed");
    assertThat(told.getInteger("error_code")).isEqualTo(21656);
    assertThat(told.getString("message"))
        .isEqualTo("these variables of the template rendered to nothing: 2");
    assertThat(service.channel.requests()).isEmpty();
  }

  @Test
  void elevenFilesAreTooMany() {
    publishWith("\"body\": \"Look\", \"media_url\": \"" + "https://a.example/p,".repeat(11) + "\"");

    service.trigger(JANE, "key");

    service.until("it is told", () -> service.track.names().contains("twilio_message_failed"));
    assertThat(told("twilio_message_failed").getInteger("error_code")).isEqualTo(21623);
    assertThat(service.channel.requests()).isEmpty();
  }

  @Test
  void filesOfAContactReachTheFlow() {
    service.close();
    service = Service.start(Map.of("FLOW_BINDINGS", Service.OURS + "=cart"));
    service.publish(
        "cart",
        Service.flow("First {{trigger.message.MediaUrl0}} of {{trigger.message.NumMedia}}?", "60")
            .replace("inbound.Body", "inbound.MediaUrl0"));
    service.stop();
    service.restart();

    assertThat(inboundFile("MM1", "https://api.twilio.com/Media/ME1").status()).isEqualTo(200);
    service.until("it is asked", () -> service.channel.texts().size() == 1);
    inboundFile("MM2", "https://api.twilio.com/Media/ME2");
    service.until("it is answered", () -> service.channel.texts().size() == 2);

    assertThat(service.channel.texts())
        .containsExactly(
            "First https://api.twilio.com/Media/ME1 of 1?",
            "You said: https://api.twilio.com/Media/ME2");
  }

  private Answer inboundFile(String sid, String url) {
    return service
        .twilio(
            "/twilio/messages",
            Map.of(
                "MessageSid",
                sid,
                "From",
                JANE,
                "To",
                Service.OURS,
                "Body",
                "",
                "NumMedia",
                "1",
                "MediaUrl0",
                url,
                "MediaContentType0",
                "image/jpeg"))
        .join();
  }

  /// Runs a flow whose one message has these properties.
  private void publishWith(String properties) {
    service.publish(
        "cart",
        """
        {"description": "Sends once", "initial_state": "Trigger", "states": [
          {"name": "Trigger", "type": "trigger", "properties": {},
           "transitions": [{"event": "incomingRequest", "next": "send"}]},
          {"name": "send", "type": "send-message",
           "properties": {"from": "{{flow.channel.address}}", %s},
           "transitions": [{"event": "sent"}, {"event": "failed"}]}
        ]}
        """
            .formatted(properties));
    service.stop();
    service.restart();
  }

  private JsonObject told(String name) {
    return service.track.taken().stream()
        .filter(item -> TrackServer.name(item).equals(name))
        .findFirst()
        .orElseThrow()
        .getJsonObject("attributes");
  }

  @Test
  void aSendWhoseAnswerWasLostIsFoundAndNotMadeAgain() {
    service.channel.next(Fate.TAKEN_UNHEARD);

    service.trigger(JANE, "key");

    service.until(
        "it is found",
        () ->
            service.texts("select provider_id from delivery where destination = 'twilio'").size()
                == 1);
    service.pause(Duration.ofMillis(600));
    assertThat(service.channel.requests()).hasSize(1);
  }

  @Test
  void aSendThatIsNowhereToBeFoundIsMadeAgain() {
    service.channel.next(Fate.LOST);

    service.trigger(JANE, "key");

    service.until("it leaves", () -> service.channel.texts().size() == 1);
    List<FakeChannel.Request> requests = service.channel.requests();
    assertThat(requests).hasSize(2);
    assertThat(requests.getLast().nanos() - requests.getFirst().nanos())
        .as("not before the look-ups may be believed")
        .isGreaterThan(Duration.ofMillis(400).toNanos());
  }

  @Test
  void aRecipientThatCannotBeReachedEndsTheConversation() {
    service.channel.next(Fate.UNREACHABLE_RECIPIENT);

    service.trigger(JANE, "key");

    service.until("the end is told", () -> service.track.names().contains("conversation_ended"));
    assertThat(service.texts("select block from contact")).containsExactly("UNREACHABLE");
    assertThat(service.trigger(JANE, "key-2").json().getString("reason")).isEqualTo("unreachable");
  }

  @Test
  void nothingIsSentToAContactThatOptedOutElsewhere() {
    service.channel.usually(Fate.TOO_MANY_REQUESTS);
    service.trigger(JANE, "key");
    service.until("it was tried", () -> !service.channel.requests().isEmpty());

    service.replying("+15550002222", JANE, "SM-in-1", "STOP").join();
    service.channel.usually(Fate.TAKEN);

    service.until(
        "the conversation has ended", () -> service.track.names().contains("conversation_ended"));
    assertThat(service.channel.texts()).isEmpty();
    assertThat(service.texts("select address || ' ' || block_evidence from contact order by 1"))
        .containsExactly(JANE + " STOP", "whatsapp:" + JANE + " STOP");
  }

  @Test
  void afterAStopNoneOfTwentyWaitingSendsLeaves() {
    service.channel.usually(Fate.TOO_MANY_REQUESTS);
    for (int sender = 0; sender < 20; sender++) {
      triggerFrom("+1555000%04d".formatted(sender), JANE, "key-" + sender);
    }
    service.until("all were tried", () -> service.channel.requests().size() >= 40);

    Answer stopped = service.replying("+15550000000", JANE, "SM-in-1", "STOP").join();
    long answered = System.nanoTime();
    service.channel.usually(Fate.TAKEN);

    assertThat(stopped.status()).isEqualTo(200);
    service.until("nothing waits", () -> service.count("outbox where destination = 'twilio'") == 0);
    assertThat(service.channel.requests())
        .noneMatch(request -> request.nanos() > answered + Duration.ofMillis(20).toNanos());
    assertThat(service.channel.texts()).isEmpty();
  }

  @Test
  void whatIsInFlightFinishesBeforeTheServiceStops() {
    service.channel.shut();
    triggerMany(5);
    service.until("all have left", () -> service.channel.requests().size() == 5);

    Future<Void> stopping = service.stopping();
    service.pause(Duration.ofMillis(300));
    assertThat(stopping.isComplete()).isFalse();
    service.channel.open();
    Service.await(stopping);

    assertThat(service.count("delivery where destination = 'twilio'")).isEqualTo(5);
    assertThat(service.count("outbox where in_doubt_since is not null")).isZero();
    service.restart();
    service.until("all is told", () -> service.count("outbox") == 0);
    assertThat(service.channel.requests()).hasSize(5);
  }

  @Test
  void whatWaitsForItsSendersRateIsGivenBackWhenTheServiceStops() {
    service.close();
    service = Service.start(Map.of("SEGMENTS_PER_SECOND", "0.7"));
    triggerMany(3);
    service.until("the first leaves", () -> service.channel.texts().size() == 1);

    service.stop();

    int sent = service.channel.texts().size();
    assertThat(service.count("outbox where destination = 'twilio' and in_doubt_since is null"))
        .isEqualTo(3 - sent);
    assertThat(service.count("delivery where destination = 'twilio'")).isEqualTo(sent);
    service.restart();
  }

  private void triggerMany(int contacts) {
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    for (int i = 0; i < contacts; i++) {
      answers.add(
          service.trigger(
              Service.payload("+141555501%02d".formatted(i), "many-" + i).encode(),
              Service.bearer()));
    }
    assertThat(answers).allMatch(answer -> answer.join().status() == 200);
  }

  private void triggerFrom(String sender, String contact, String key) {
    JsonObject payload = Service.payload(contact, key);
    payload.getJsonObject("controls").put("from", sender);
    assertThat(service.trigger(payload.encode(), Service.bearer()).join().status()).isEqualTo(200);
  }
}
