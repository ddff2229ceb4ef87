package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.verticles.Service.Answer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConversationTest {

  private static final String JANE = "+14155550142";
  private static final String JOHN = "+14155550143";

  private Service service = Service.start();

  @AfterEach
  void close() {
    service.close();
  }

  // ---- the whole way

  @Test
  void aTriggerLeadsToAConversationWhoseOutcomesArriveInOrder() {
    Answer started = service.trigger(JANE, "key");
    assertThat(started.status()).isEqualTo(200);
    assertThat(started.json().getString("status")).isEqualTo("started");
    assertThat(started.json().getBoolean("duplicate")).isFalse();
    assertThat(started.json().getString("execution_sid")).startsWith("FN");
    service.until("the question leaves", () -> service.channel.texts().size() == 1);
    assertThat(service.status(0, "sent").join().status()).isEqualTo(200);
    assertThat(service.status(0, "delivered").join().status()).isEqualTo(200);

    Answer replied = service.reply(JANE, "SM-in-1", "yes please");

    assertThat(replied.status()).isEqualTo(200);
    assertThat(replied.body()).contains("<Response");
    service.until("the thanks leave", () -> service.channel.texts().size() == 2);
    assertThat(service.channel.texts())
        .containsExactly("Hi Jane, still want it?", "You said: yes please");
    service.until("all is told", () -> service.count("outbox") == 0);
    assertThat(service.track.names())
        .startsWith("identify", "conversation_started")
        .containsSubsequence(
            "conversation_started",
            "twilio_message_sent",
            "twilio_message_delivered",
            "twilio_reply",
            "twilio_message_sent",
            "twilio_flow_completed",
            "conversation_ended",
            "identify");
    assertThat(service.track.taken())
        .allMatch(item -> item.getJsonObject("identifiers").getString("id").equals("person-42"));
  }

  @Test
  void eachOfThreeWaysToProveATriggerSuffices() {
    String signed = Service.payload(JANE, "signed").encode();
    String basic = Service.payload(JOHN, "basic").encode();
    String bearer = Service.payload("+14155550144", "bearer").encode();

    assertThat(service.trigger(signed, Service.signed(signed)).join().status()).isEqualTo(200);
    assertThat(service.trigger(basic, Service.basic()).join().status()).isEqualTo(200);
    assertThat(service.trigger(bearer, Service.bearer()).join().status()).isEqualTo(200);

    service.until("three questions leave", () -> service.channel.texts().size() == 3);
  }

  // ---- repeats

  @Test
  void aRepeatedTriggerAnswersTheFirstAnswer() {
    String body = Service.payload(JANE, "key").encode();
    Answer first = service.trigger(body, delivery("d1")).join();

    Answer byBoth = service.trigger(body, delivery("d1")).join();
    Answer byKey = service.trigger(body, delivery("d2")).join();
    Answer byDelivery =
        service.trigger(Service.payload(JANE, "other").encode(), delivery("d1")).join();
    Answer byDeliveryAlone = service.trigger(withoutKey(JANE), delivery("d1")).join();

    for (Answer repeat : List.of(byBoth, byKey, byDelivery, byDeliveryAlone)) {
      assertThat(repeat.status()).isEqualTo(200);
      assertThat(repeat.json()).isEqualTo(first.json().copy().put("duplicate", true));
    }
    assertThat(service.texts("select count(*) from turn where kind = 'Triggered'"))
        .containsExactly("1");
  }

  @Test
  void aDeliveryKeyAloneMakesARepeat() {
    Answer first = service.trigger(withoutKey(JANE), delivery("d1")).join();
    Answer second = service.trigger(withoutKey(JANE), delivery("d1")).join();

    assertThat(first.json().getBoolean("duplicate")).isFalse();
    assertThat(second.json()).isEqualTo(first.json().copy().put("duplicate", true));
  }

  private static Map<String, String> delivery(String key) {
    return Map.of("Authorization", "Bearer bearer-token", "X-CIO-Idempotency-Key", key);
  }

  private static String withoutKey(String phone) {
    JsonObject payload = Service.payload(phone, "");
    payload.getJsonObject("controls").remove("idempotency_key");
    return payload.encode();
  }

  @Test
  void whatComesTwiceLateAndOutOfOrderHappensOnce() {
    String body = Service.payload(JANE, "key").encode();
    List<CompletableFuture<Answer>> triggers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      triggers.add(service.trigger(body, Service.bearer()));
    }
    assertThat(triggers.stream().map(it -> it.join().json().getBoolean("duplicate")).toList())
        .containsExactlyInAnyOrder(false, true, true, true, true);
    service.until("the question leaves", () -> service.channel.texts().size() == 1);

    List<CompletableFuture<Answer>> statuses = new ArrayList<>();
    for (String status : List.of("delivered", "sent", "delivered", "queued", "sent")) {
      statuses.add(service.status(0, status));
    }
    assertThat(statuses).allMatch(it -> it.join().status() == 200);
    List<CompletableFuture<Answer>> replies = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      replies.add(service.replying(JANE, "SM-in-1", "yes"));
    }
    assertThat(replies).allMatch(it -> it.join().status() == 200);
    service.until("the thanks leave", () -> service.channel.texts().size() == 2);
    service.status(0, "sent").join();
    service.trigger(body, Service.bearer()).join();
    service.reply(JANE, "SM-in-1", "yes");
    service.until("all is told", () -> service.count("outbox") == 0);

    assertThat(service.channel.texts()).hasSize(2);
    assertThat(service.track.names())
        .containsOnlyOnce("conversation_started")
        .containsOnlyOnce("twilio_message_delivered")
        .containsOnlyOnce("twilio_reply")
        .containsOnlyOnce("conversation_ended");
    assertThat(service.count("inbox")).isZero();
  }

  // ---- one conversation

  @Test
  void twoEventsOfAConversationKeepTheirOrder() {
    List<CompletableFuture<Answer>> replies = new ArrayList<>();
    service.trigger(JANE, "key");
    for (int i = 0; i < 30; i++) {
      replies.add(service.replying(JANE, "SM-in-" + i, "reply " + i));
    }

    assertThat(replies).allMatch(it -> it.join().status() == 200);

    assertThat(service.texts("select count(*) from turn where kind = 'ReplyReceived'"))
        .containsExactly("30");
    assertThat(service.count("inbox")).isZero();
  }

  @Test
  void anIdleConversationLeavesMemoryAndComesBack() {
    restartWith(Map.of("IDLE", "100ms"));
    service.trigger(JANE, "key");
    service.until("the question leaves", () -> service.channel.texts().size() == 1);
    service.until(
        "its answer is stored", () -> service.count("delivery where destination = 'twilio'") == 1);
    service.until("nothing is live", () -> service.live() == 0);

    service.reply(JANE, "SM-in-1", "yes");

    service.until("the thanks leave", () -> service.channel.texts().size() == 2);
    service.until("nothing is live again", () -> service.live() == 0);
  }

  @Test
  void silenceIsFollowedUp() {
    service.publish("cart", Service.flow("Well?", "1"));
    service.stop();
    service.restart();
    service.trigger(JANE, "key");

    service.until("the nudge leaves", () -> service.channel.texts().size() == 2);

    assertThat(service.channel.texts()).containsExactly("Well?", "Still there?");
    service.until("the timers are gone", () -> service.count("timer") == 0);
  }

  @Test
  void aPurchaseEndsTheConversationOnce() {
    service.trigger(JANE, "key");
    service.until("the question leaves", () -> service.channel.texts().size() == 1);
    String purchase =
        """
        {"schema_version": 1, "id": "order-1", "event": "Order Completed",
         "customer": {"external_id": "person-42"}, "properties": {"order_id": "o-1", "total": 12}}
        """;

    JsonObject first = service.post("/events", purchase, Service.bearer()).join().json();
    JsonObject second = service.post("/events", purchase, Service.bearer()).join().json();

    assertThat(first.getBoolean("duplicate")).isFalse();
    assertThat(first.getInteger("conversations_ended")).isEqualTo(1);
    assertThat(second.getBoolean("duplicate")).isTrue();
    service.until(
        "the conversion is told",
        () -> service.track.names().stream().filter("conversion"::equals).count() == 1);
  }

  @Test
  void aReplyToAMessagingServiceReachesItsConversation() {
    String messagingService = "MG" + "0".repeat(32);
    JsonObject payload = Service.payload(JANE, "key");
    payload.getJsonObject("controls").put("from", messagingService);
    service.trigger(payload.encode(), Service.bearer()).join();
    service.until(
        "the question left", () -> service.count("delivery where destination = 'twilio'") == 1);

    service
        .twilio(
            "/twilio/messages",
            Map.of(
                "MessageSid", "SM-in-1",
                "MessagingServiceSid", messagingService,
                "From", JANE,
                "To", "+14155550177",
                "Body", "yes"))
        .join();

    service.until("the answer leaves", () -> service.channel.texts().size() == 2);
    assertThat(service.channel.texts().getLast()).isEqualTo("You said: yes");
    assertThat(service.texts("select count(*) from conversation")).containsExactly("1");
  }

  // ---- what cannot be taken

  @Test
  void aPoisonEventIsKeptWhileOthersGoOnAndIsTakenWhenTheCauseIsMended() {
    service.trigger(JANE, "key");
    service.until("the question leaves", () -> service.channel.texts().size() == 1);
    service.until(
        "its answer is stored", () -> service.count("delivery where destination = 'twilio'") == 1);
    service.stop();
    service.execute("create table mended as select conversation, number, state from turn");
    service.execute("update turn set state = 'spoilt'");
    service.restart();

    assertThat(service.reply(JANE, "SM-in-1", "yes").status()).isEqualTo(200);
    assertThat(service.texts("select source_id from inbox")).containsExactly("SM-in-1");
    assertThat(service.trigger(JOHN, "key-2").json().getString("status")).isEqualTo("started");
    service.until("the other goes on", () -> service.channel.texts().size() == 2);

    service.execute(
        "update turn t set state = m.state from mended m"
            + " where m.conversation = t.conversation and m.number = t.number");

    service.until("the kept reply is answered", () -> service.channel.texts().size() == 3);
    service.until("the inbox is empty", () -> service.count("inbox") == 0);
    assertThat(service.channel.texts().getLast()).isEqualTo("You said: yes");
  }

  @Test
  void aStopThatCannotBecomeATurnHoldsAllTheSame() {
    service.trigger(JANE, "key");
    service.until(
        "the question left", () -> service.count("delivery where destination = 'twilio'") == 1);
    service.stop();
    service.execute("update turn set state = 'spoilt'");
    service.restart();

    assertThat(service.reply(JANE, "SM-in-1", "please stop texting me").status()).isEqualTo(200);

    assertThat(service.texts("select source_id from inbox")).containsExactly("SM-in-1");
    assertThat(service.texts("select block || ' ' || block_evidence from contact"))
        .containsExactly("OPTED_OUT please stop texting me");
  }

  @Test
  void anEventThatIsCommittedLateIsTakenOnce() {
    service.trigger(JANE, "key");
    service.until("the question leaves", () -> service.channel.texts().size() == 1);
    service.until(
        "its answer is stored", () -> service.count("delivery where destination = 'twilio'") == 1);
    // Holds every commit of a turn up for longer than a request waits.
    service.execute(
        """
        create function dawdle() returns trigger language plpgsql as
        'begin
           if new.source_id = ''SM-in-1''
              and not exists (select from turn where source_id = ''SM-in-1'') then
             perform pg_sleep(4);
           end if;
           return new;
         end'
        """);
    service.execute(
        "create trigger dawdle before insert on turn for each row execute function dawdle()");

    assertThat(service.reply(JANE, "SM-in-1", "yes").status()).isEqualTo(200);
    assertThat(service.texts("select error from inbox")).hasSize(1);

    service.until("the thanks leave", () -> service.channel.texts().size() == 2);
    service.until("the inbox is empty", () -> service.count("inbox") == 0);
    service.pause(Duration.ofMillis(300));
    assertThat(service.channel.texts()).hasSize(2);
    assertThat(service.texts("select count(*) from turn where source_id = 'SM-in-1'"))
        .containsExactly("1");
  }

  private void restartWith(Map<String, String> settings) {
    service.close();
    service = Service.start(settings);
  }
}
