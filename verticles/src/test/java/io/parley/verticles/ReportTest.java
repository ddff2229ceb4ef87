package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.verticles.Service.Answer;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What Customer.io reports of subscriptions, against the whole service.
class ReportTest {

  private static final String JANE = "+14155550142";

  private final Service service = Service.start(Map.of("CUSTOMERIO_TOPICS", "7=marketing"));

  @AfterEach
  void close() {
    service.close();
  }

  private static JsonObject report(String id, String metric) {
    return new JsonObject()
        .put("metric", metric)
        .put("event_id", id)
        .put("object_type", "customer")
        .put("timestamp", System.currentTimeMillis() / 1000)
        .put(
            "data",
            new JsonObject()
                .put("customer_id", "person-42")
                .put("identifiers", new JsonObject().put("id", "person-42")));
  }

  private static JsonObject preferences(String id, String content) {
    JsonObject report = report(id, "cio_subscription_preferences_changed");
    report.getJsonObject("data").put("content", content);
    return report;
  }

  private Answer tell(String body) {
    return service.post("/customerio/reports", body, Service.signed(body)).join();
  }

  private Answer tell(JsonObject report) {
    return tell(report.encode());
  }

  /// A busy machine takes a trigger later than it answers.
  private void begin() {
    assertThat(service.trigger(JANE, "one").status()).isBetween(200, 202);
    service.until("it runs", () -> service.count("execution where ended_at is null") == 1);
  }

  private String status(String key) {
    return service.trigger(JANE, key).json().getString("status");
  }

  @Test
  void whoUnsubscribesIsWrittenToNoMoreUntilSubscribedAgain() {
    begin();

    Answer unsubscribed = tell(report("E1", "unsubscribed"));

    assertThat(unsubscribed.status()).isEqualTo(200);
    assertThat(unsubscribed.json().getInteger("conversations_told")).isEqualTo(1);
    assertThat(service.texts("select result from execution")).containsExactly("opted_out");
    assertThat(service.count("contact where block is not null")).isZero();
    assertThat(service.trigger(JANE, "two").json().getString("reason")).isEqualTo("opted_out");

    assertThat(tell(report("E2", "subscribed")).status()).isEqualTo(200);

    // Both were told within one second, in which the one that errs silently holds.
    service.execute("update consent set at = at - interval '1 minute' where state = 'revoked'");
    assertThat(status("three")).isEqualTo("started");
  }

  @Test
  void toSubscribeLiftsNoStop() {
    begin();
    service.reply(JANE, "SM-stop", "STOP");

    assertThat(tell(report("E1", "subscribed")).status()).isEqualTo(200);

    assertThat(service.trigger(JANE, "two").json().getString("reason")).isEqualTo("opted_out");
  }

  @Test
  void aTopicEndsOnlyWhatIsAboutIt() {
    begin();

    Answer other = tell(preferences("E1", "{\"topics\":{\"topic_8\":false}}"));
    assertThat(other.json().getInteger("conversations_told")).isZero();
    assertThat(service.count("execution where ended_at is null")).isEqualTo(1);

    Answer ours = tell(preferences("E2", "{\"topics\":{\"topic_7\":false}}"));
    assertThat(ours.json().getInteger("conversations_told")).isEqualTo(1);
    assertThat(service.count("execution where ended_at is null")).isZero();
  }

  @Test
  void aRepeatIsKnownByItsEventId() {
    tell(report("E1", "unsubscribed"));
    long consents = service.count("consent");

    Answer repeat = tell(report("E1", "subscribed"));

    assertThat(repeat.json().getBoolean("duplicate")).isTrue();
    assertThat(service.count("consent")).isEqualTo(consents).isEqualTo(3);
    assertThat(service.texts("select event_id from customerio_report")).containsExactly("E1");
  }

  @Test
  void whatIsOfNoConcernOrNoUseHoldsNothingBack() {
    assertThat(tell(report("E1", "opened")).status()).isEqualTo(200);
    assertThat(tell("{\"metric\": ").json().getString("reason")).isEqualTo("not_json");
    assertThat(tell(preferences("E2", "none")).json().getString("reason")).isEqualTo("no_content");
    assertThat(tell("\"" + "x".repeat(1_100_000) + "\"").json().getString("reason"))
        .isEqualTo("too_large");

    assertThat(service.get("/metrics").body())
        .contains("parley_edge_ignored_total{edge=\"customerio_reports\",reason=\"not_json\"} 1.0");
    assertThat(service.count("consent")).isZero();
  }

  @Test
  void whatIsNotSignedIsRefused() {
    String body = report("E1", "unsubscribed").encode();

    Answer unsigned = service.post("/customerio/reports", body, Map.of()).join();
    Answer changed = service.post("/customerio/reports", body + " ", Service.signed(body)).join();

    assertThat(unsigned.status()).isEqualTo(401);
    assertThat(changed.status()).isEqualTo(401);
    assertThat(service.count("consent")).isZero();
  }

  @Test
  void aReportIsRepeatedWhereTheDatabaseDoesNotStoreIt() {
    service.execute("alter table customerio_report rename to away");

    Answer answer = tell(report("E1", "unsubscribed"));
    service.execute("alter table away rename to customerio_report");
    Answer again = tell(report("E1", "unsubscribed"));

    assertThat(answer.status()).isEqualTo(503);
    assertThat(again.status()).isEqualTo(200);
    assertThat(service.count("consent")).isEqualTo(3);
  }
}
