package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.verticles.Service.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// One person in many threads.
class PersonTest {

  private static final int THREADS = 16;
  private static final String JANE = "+14155550142";

  private final Service service =
      Service.start(
          Map.of(
              "FLOW_BINDINGS",
              Service.OURS + "=cart",
              "WHATSAPP_SENDER",
              "whatsapp:" + Service.OURS));

  @AfterEach
  void close() {
    service.close();
  }

  private static String phone(int thread) {
    return "+141555502%02d".formatted(thread);
  }

  private static JsonObject payload(String phone, String key) {
    JsonObject payload = Service.payload(phone, key);
    payload.getJsonObject("customer").put("external_id", "the-one");
    return payload;
  }

  private Answer trigger(JsonObject payload) {
    return service.trigger(payload.encode(), Service.bearer()).join();
  }

  private Answer tell(JsonObject event) {
    return service.post("/events", event.encode(), Service.bearer()).join();
  }

  private static JsonObject order(String id, JsonObject customer, String order) {
    return new JsonObject()
        .put("schema_version", 1)
        .put("event", "Order Completed")
        .put("id", id)
        .put("customer", customer)
        .put("properties", new JsonObject().put("order_id", order));
  }

  private long open() {
    return service.count("suppression where ended_at is null");
  }

  private long outcomes(String name) {
    return service.track.names().stream().filter(name::equals).count();
  }

  /// Sixteen conversations of one person, all of them begun by her.
  private void sixteenConversations() {
    for (int i = 0; i < THREADS; i++) {
      service.execute(
          "insert into contact (address, external_id, updated_at) values ('%s', 'the-one', now())"
              .formatted(phone(i)));
    }
    List<CompletableFuture<Answer>> replies = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      replies.add(service.replying(phone(i), "SM-in-" + i, "hello"));
    }
    assertThat(replies).allMatch(it -> it.join().status() == 200);
    service.until("all are asked", () -> service.channel.texts().size() == THREADS);
    service.until("all are settled", () -> service.count("outbox") == 0);
  }

  @Test
  void ofSixteenTriggersAtOnceOneRuns() {
    List<CompletableFuture<Answer>> triggers =
        IntStream.range(0, THREADS)
            .mapToObj(i -> payload(phone(i), "key-" + i).encode())
            .map(body -> service.trigger(body, Service.bearer()))
            .toList();

    List<JsonObject> answers = triggers.stream().map(it -> it.join().json()).toList();

    assertThat(answers).filteredOn(it -> it.getString("status").equals("started")).hasSize(1);
    assertThat(answers)
        .filteredOn(it -> it.getString("status").equals("refused"))
        .hasSize(THREADS - 1)
        .allMatch(it -> it.getString("reason").equals("in_conversation"));
    assertThat(service.count("execution")).isEqualTo(1);
    assertThat(open()).isEqualTo(1);
  }

  /// Numbers change hands while somebody is spoken to.
  @Test
  void aTriggerOfWhoIsEngagedAtAnAddressThatBelongsToAnotherNowIsRefusedWithAReason() {
    assertThat(trigger(payload(phone(0), "one")).json().getString("status")).isEqualTo("started");
    service.execute(
        "update contact set external_id = 'another' where address = '%s'".formatted(phone(0)));

    Answer answer = trigger(payload(phone(1), "two"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().getString("reason")).isEqualTo("in_conversation");
  }

  @Test
  void aStopInOneThreadSilencesAll() {
    sixteenConversations();
    assertThat(open()).isEqualTo(THREADS);

    assertThat(service.reply(phone(3), "SM-stop", "STOP").status()).isEqualTo(200);

    assertThat(service.texts("select address from contact where block = 'OPTED_OUT'"))
        .hasSizeGreaterThanOrEqualTo(THREADS);
    service.until("all have ended", () -> service.count("execution where ended_at is null") == 0);
    for (int i = 0; i < THREADS; i++) {
      service.reply(phone(i), "SM-more-" + i, "are you there?");
    }
    service.until("all is told", () -> service.count("outbox") == 0);
    assertThat(service.channel.texts()).hasSize(THREADS);
    assertThat(open()).isZero();
    assertThat(outcomes("suppression_started")).isEqualTo(THREADS);
    assertThat(outcomes("suppression_ended")).isEqualTo(THREADS);
    assertThat(service.texts("select result from execution group by 1"))
        .containsExactly("opted_out");
    assertThat(service.texts("select state || method || evidence from consent"))
        .containsExactly("revokedkeywordSTOP");
    assertThat(trigger(payload("+14155550299", "later")).json().getString("reason"))
        .as("an address that was not known then")
        .isEqualTo("opted_out");
    assertThat(service.count("inbox")).isZero();
  }

  @Test
  void startAllowsTheAddressThatSaysIt() {
    sixteenConversations();
    service.reply(phone(3), "SM-stop", "STOP");
    service.until("all have ended", () -> service.count("execution where ended_at is null") == 0);

    service.reply(phone(4), "SM-start", "START");

    assertThat(trigger(payload(phone(4), "a")).json().getString("status")).isEqualTo("started");
    assertThat(trigger(payload(phone(5), "b")).json().getString("reason")).isEqualTo("opted_out");
  }

  @Test
  void aPurchaseEndsEveryConversationOfThePerson() {
    sixteenConversations();
    JsonObject order = order("e-1", new JsonObject().put("phone", phone(2)), "o-1");

    assertThat(tell(order).json().getInteger("conversations_ended")).isEqualTo(THREADS);
    JsonObject again = order("e-2", new JsonObject().put("external_id", "the-one"), "o-1");
    assertThat(tell(again).json().getInteger("conversations_ended")).isZero();

    service.until("all is told", () -> service.count("outbox") == 0);
    assertThat(outcomes("conversion")).isEqualTo(THREADS);
    assertThat(service.texts("select distinct refusal from turn where refusal is not null"))
        .containsExactly("repeated_purchase");
    assertThat(service.texts("select distinct reason from suppression where ended_at is null"))
        .containsExactly("purchase");
    assertThat(trigger(payload(phone(2), "key")).json().getString("reason"))
        .isEqualTo("suppressed");
    JsonObject tracking = payload(phone(2), "tracking");
    tracking.getJsonObject("controls").put("after_purchase", true);
    assertThat(trigger(tracking).json().getString("status")).isEqualTo("started");
  }

  @Test
  void anOrderThatIsOlderThanTheConversationChangesNothing() {
    service.trigger(JANE, "key");
    service.until("the question leaves", () -> service.channel.texts().size() == 1);
    JsonObject order = order("e-1", new JsonObject().put("phone", JANE), "o-1");
    order.put("occurred_at", Instant.now().minusSeconds(3600).toString());

    assertThat(tell(order).json().getInteger("conversations_ended")).isZero();

    assertThat(service.texts("select refusal from turn where kind = 'PurchaseSeen'"))
        .containsExactly("older_purchase");
    assertThat(service.count("execution where ended_at is null")).isEqualTo(1);
  }

  @Test
  void aTriggerIsRefusedWhereTheCartWasBought() {
    tell(order("e-1", new JsonObject().put("external_id", "the-one"), "o-1"));
    JsonObject late = payload(JANE, "key");
    late.getJsonObject("trigger").put("occurred_at", Instant.now().minusSeconds(60).toString());

    assertThat(trigger(late).json().getString("reason")).isEqualTo("purchased");
  }

  /// The thread has not heard of the order when the courier looks.
  @Test
  void anOrderStopsWhatWaitsToLeave() {
    service.channel.next(
        FakeChannel.Fate.TOO_MANY_REQUESTS,
        FakeChannel.Fate.TOO_MANY_REQUESTS,
        FakeChannel.Fate.TOO_MANY_REQUESTS);
    service.trigger(JANE, "key");
    service.execute(
        """
        insert into purchase (order_id, number, at, seen_at) values ('o-1', '%s', now(), now())
        """
            .formatted(JANE));

    service.until(
        "it is withdrawn", () -> service.count("delivery where outcome = 'withdrawn'") == 1);

    assertThat(service.channel.texts()).isEmpty();
  }

  @Test
  void whatsAppAsksForAConsentThatATriggerMayBring() {
    JsonObject without = payload(JANE, "without");
    without.getJsonObject("controls").put("channel", "whatsapp");
    assertThat(trigger(without).json().getString("reason")).isEqualTo("no_consent");
    JsonObject with = payload(JANE, "with");
    with.getJsonObject("controls").put("channel", "whatsapp");
    with.put(
        "consent",
        new JsonArray().add(new JsonObject().put("channel", "whatsapp").put("state", "granted")));

    assertThat(trigger(with).json().getString("status")).isEqualTo("started");
  }

  private static JsonObject revocation(String id, String channel) {
    return new JsonObject()
        .put("schema_version", 1)
        .put("event", "Consent Revoked")
        .put("id", id)
        .put("customer", new JsonObject().put("external_id", "the-one"))
        .put("properties", new JsonObject().put("channel", channel).put("method", "preferences"));
  }

  @Test
  void aConsentThatIsTakenBackEndsTheConversationsThatNeedIt() {
    sixteenConversations();

    assertThat(tell(revocation("e-1", "email")).json().getInteger("conversations_woken")).isZero();
    assertThat(service.count("execution where ended_at is null")).isEqualTo(THREADS);
    assertThat(tell(revocation("e-2", "sms")).json().getInteger("conversations_woken"))
        .isEqualTo(THREADS);

    assertThat(service.texts("select result from execution group by 1"))
        .containsExactly("opted_out");
    assertThat(open()).isZero();
    assertThat(service.count("contact where block is not null"))
        .as("other programmes go on")
        .isZero();
    service.until("all is told", () -> service.count("outbox") == 0);
    assertThat(outcomes("consent_revoked")).isEqualTo(THREADS);
    assertThat(trigger(payload(phone(2), "later")).json().getString("reason"))
        .isEqualTo("opted_out");
  }

  @Test
  void aHoldoutIsNeverSpokenTo() {
    JsonObject payload = payload(JANE, "key");
    payload.getJsonObject("controls").put("experiment_cohort", "Holdout");

    assertThat(trigger(payload).json().getString("reason")).isEqualTo("holdout");

    service.until("all is told", () -> service.count("outbox") == 0);
    assertThat(service.track.names()).contains("experiment_holdout", "conversation_refused");
    assertThat(service.channel.texts()).isEmpty();
  }

  @Test
  void aWindowIsEndedThoughItsTimerIsLost() {
    sixteenConversations();
    service.execute("delete from timer where purpose = 'SUPPRESSION_OVER'");

    service.leap(Duration.ofHours(13));

    service.until("all are ended", () -> open() == 0);
    service.until("all is told", () -> service.count("outbox") == 0);
    assertThat(outcomes("suppression_ended")).isEqualTo(THREADS);
    assertThat(service.texts("select distinct ended_reason from suppression"))
        .containsExactly("elapsed");
  }
}
