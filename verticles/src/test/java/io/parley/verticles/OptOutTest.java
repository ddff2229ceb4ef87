package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// Opt-outs between the whole service and Customer.io.
@Isolated("takes the streams that what other tests log goes to")
class OptOutTest {

  private static final String JANE = "+14155550142";
  private static final String JOHN = "+14155550143";
  private static final String JANES_ID = "person-42";
  private static final String OURS = "sms " + Service.OURS;

  private final Vertx world = Vertx.vertx();
  private final AppServer app;
  private final Service service;

  OptOutTest() {
    app = new AppServer(world, 2);
    service =
        Service.start(
            Map.of(
                "CUSTOMERIO_APP_KEY",
                AppServer.KEY,
                "CUSTOMERIO_APP_URL",
                app.url(),
                "CUSTOMERIO_OPT_OUT",
                "optouts,channel:sms,topic:7",
                "OPT_OUT_RECONCILE",
                "off"));
  }

  @AfterEach
  void close() {
    service.close();
    Service.await(world.close());
  }

  private void begin() {
    assertThat(service.trigger(JANE, "one").status()).isBetween(200, 202);
    service.until("she is asked", () -> !service.channel.texts().isEmpty());
  }

  private JsonObject diff(String... more) {
    Stream<String> line =
        Stream.concat(
            Stream.of(
                "optouts",
                "diff",
                "--format=json",
                "--database=" + service.database,
                "--app-key=" + AppServer.KEY,
                "--app-url=" + app.url()),
            Stream.of(more));
    return new JsonObject(CommandRun.of(line.toArray(String[]::new)).out());
  }

  @Test
  void aStopIsPutOnTheListOfItsSenderAndAStartTakesItOff() {
    app.knows(JANES_ID);
    app.refuseNext();
    begin();

    service.reply(JANE, "SM-stop", "STOP");
    service.until("she is on the list", () -> app.of(JANES_ID).contains(OURS));
    service.reply(JANE, "SM-start", "START");
    service.until("she is off the list", () -> app.of(JANES_ID).isEmpty());

    service.until("all is told", () -> service.count("outbox") == 0);
    assertThat(service.count("dead_letter")).isZero();
    assertThat(app.requests()).hasSize(3).allMatch(it -> it.endsWith("optouts?id_type=id"));
    assertThat(service.track.taken().toString())
        .contains("\"cio_subscription_preferences.channels.sms\":false")
        .contains("\"cio_subscription_preferences.channels.sms\":true")
        .contains("\"cio_subscription_preferences.topics.topic_7\":false")
        .doesNotContain("\"cio_subscription_preferences.topics.topic_7\":true")
        .doesNotContain("\"unsubscribed\"", "\"suppress\"");
  }

  @Test
  void whomCustomerIoDoesNotKnowBecomesADeadLetterAndHoldsNobodyBack() {
    app.knows(JANE);
    service.reply(JOHN, "SM-0", "hello");
    service.reply(JOHN, "SM-1", "STOP");
    service.until(
        "he is given up",
        () -> service.count("dead_letter where destination = 'customerio-optouts'") == 1);

    service.reply(JANE, "SM-2", "STOP");

    service.until("she is on the list by her number", () -> app.of(JANE).contains(OURS));
  }

  @Test
  void whatDriftedApartIsListedAndMendedAndNothingIsTakenBack() {
    begin();
    service.execute(
        """
        insert into contact (address, external_id, block, block_evidence, block_at, updated_at) values
          ('+14155550101', 'one', null, null, null, now()),
          ('+14155550102', 'two', 'OPTED_OUT', 'STOP', now(), now()),
          ('+14155550103', 'three', null, 'START', null, now()),
          ('+14155550104', null, 'OPTED_OUT', '21610', now(), now())
        """);
    service.execute(
        """
        insert into conversation (id, ours, theirs, created_at)
        values (gen_random_uuid(), '+15550001111', '+14155550102', now())
        """);
    app.optOut("one", OURS);
    app.optOut("three", OURS);
    app.optOut("stranger", OURS);
    app.knows("two");

    JsonObject found = diff();

    assertThat(found.getJsonArray("missing_here").getJsonObject(0).getString("address"))
        .isEqualTo("+14155550101");
    assertThat(found.getJsonArray("unknown_here")).isEqualTo(new JsonArray().add("stranger"));
    assertThat(found.getJsonArray("missing_there").getJsonObject(0).getString("customer"))
        .isEqualTo("two");
    assertThat(found.getJsonArray("lifted_here")).isEqualTo(new JsonArray().add("+14155550103"));
    assertThat(found.getJsonArray("incomparable")).isEqualTo(new JsonArray().add("+14155550104"));
    assertThat(found.getInteger("refused_by_twilio")).isEqualTo(1);
    assertThat(service.texts("select block from contact where external_id = 'one'"))
        .containsExactly("null");

    assertThat(diff("--mend").getJsonObject("mended").getInteger("there")).isEqualTo(1);

    service.until("it is on the list", () -> app.of("two").contains(OURS));
    JsonObject after = diff();
    assertThat(after.getJsonArray("missing_here")).isEmpty();
    assertThat(after.getJsonArray("unknown_here")).isEmpty();
    assertThat(after.getJsonArray("missing_there")).isEmpty();
    assertThat(app.of("three")).containsExactly(OURS);
    assertThat(service.texts("select block from contact where external_id = 'three'"))
        .containsExactly("null");
    assertThat(service.texts("select external_id from consent where state = 'revoked'"))
        .containsExactly("stranger");
  }

  @Test
  void aConnectionThatBreaksIsTriedAgain() {
    app.optOut("stranger", OURS);
    app.breakNext();

    assertThat(diff().getJsonArray("unknown_here")).isEqualTo(new JsonArray().add("stranger"));

    assertThat(app.requests()).hasSize(2);
  }

  @Test
  void theServiceComparesForItself() {
    app.optOut(JANES_ID, OURS);
    begin();
    service.stop();

    try (Service other =
        new Service(
            service.database,
            Map.of("CUSTOMERIO_APP_KEY", AppServer.KEY, "CUSTOMERIO_APP_URL", app.url()))) {
      other.until(
          "she has opted out",
          () -> !other.texts("select address from contact where block = 'OPTED_OUT'").isEmpty());
      other.until(
          "it is told",
          () ->
              other
                  .get("/metrics")
                  .body()
                  .contains("parley_optouts_drift{kind=\"missing_here\"} 1.0"));
    } finally {
      service.restart();
    }
  }
}
