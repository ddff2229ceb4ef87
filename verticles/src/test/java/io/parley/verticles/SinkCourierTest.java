package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SinkCourierTest {

  private static final String JANE = "+14155550142";

  private Service service = Service.start();

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void ofABatchThatIsTakenInPartTheRestIsADeadLetter() {
    service.track.next(
        items ->
            new TrackServer.Answer(207, none(), refusing(indexOf(items, "conversation_started"))));

    service.trigger(JANE, "key");

    service.until("one is dead", () -> service.count("dead_letter") == 1);
    service.until("nothing waits", () -> service.count("outbox") == 0);
    assertThat(service.texts("select reason from dead_letter").getFirst()).contains("too odd");
    assertThat(service.texts("select attempts from dead_letter")).containsExactly("1");
  }

  @Test
  void anOutageIsWaitedOutAndNothingIsLost() {
    service.track.next(_ -> TrackServer.Answer.of(503));
    service.track.next(_ -> new TrackServer.Answer(429, none().add("Retry-After", "1"), "{}"));

    service.trigger(JANE, "key");

    service.until("nothing waits", () -> service.count("outbox") == 0);
    List<TrackServer.Request> requests = service.track.requests();
    assertThat(requests.stream().limit(3).map(TrackServer.Request::status))
        .containsExactly(503, 429, 200);
    assertThat(requests.get(1).nanos() - requests.get(0).nanos())
        .isGreaterThan(Duration.ofMillis(200).toNanos());
    assertThat(requests.get(2).nanos() - requests.get(1).nanos())
        .isGreaterThan(Duration.ofMillis(990).toNanos());
    assertThat(service.track.names()).startsWith("identify", "conversation_started");
    assertThat(service.count("dead_letter")).isZero();
  }

  @Test
  void aDestinationThatIsDownIsFeltForWithFewReportsAndThenToldInFullBatches() {
    service.track.usually(_ -> TrackServer.Answer.of(503));
    triggerMany(40);
    service.until("it is tried again", () -> service.track.requests().size() >= 4);
    int tried = service.track.requests().size();

    service.track.usually(_ -> TrackServer.Answer.of(200));

    service.until("nothing waits", () -> service.count("outbox") == 0);
    List<Integer> sizes =
        service.track.requests().stream().map(request -> request.items().size()).toList();
    assertThat(sizes.subList(1, tried + 1)).allMatch(size -> size <= 20);
    assertThat(sizes.subList(tried + 1, sizes.size())).anyMatch(size -> size > 20);
  }

  @Test
  void whyASinkCannotBeReachedIsKeptAndTold() {
    service.close();
    service = Service.start(Map.of("CUSTOMERIO_TRACK_URL", "http://127.0.0.1:1"));

    service.trigger(JANE, "key");

    service.until("it was tried", () -> service.count("outbox where attempts > 0") > 0);
    service.until(
        "the cause is kept",
        () ->
            service.count(
                    "outbox where destination = 'customerio' and last_error like 'unreachable: %refused%'")
                > 0);
    Service.Answer ready = service.get("/health/ready");
    assertThat(ready.status()).isEqualTo(200);
    assertThat(ready.json().getString("customerio_courier")).startsWith("on: unreachable since 2");
  }

  @Test
  void aBatchThatIsRefusedWholeIsHalvedUntilTheGuiltyItemStandsAlone() {
    service.track.usually(
        items ->
            items.stream().anyMatch(item -> item.encode().contains("person-07"))
                ? TrackServer.Answer.of(400)
                : TrackServer.Answer.of(200));

    triggerMany(12);

    service.until("nothing waits", () -> service.count("outbox") == 0);
    assertThat(service.texts("select distinct right(contact, 2) from dead_letter"))
        .containsExactly("07");
    assertThat(service.track.taken()).noneMatch(item -> item.encode().contains("person-07"));
    assertThat(service.track.names().stream().filter("conversation_started"::equals)).hasSize(11);
  }

  @Test
  void eachPersonsReportsArriveInTheOrderInWhichTheyHappened() {
    service.track.next(_ -> TrackServer.Answer.of(500));
    triggerMany(20);
    service.until("all questions leave", () -> service.channel.texts().size() == 20);
    for (int i = 0; i < 20; i++) {
      service.reply("+141555502%02d".formatted(i), "SM-in-" + i, "yes");
    }

    service.until("all thanks leave", () -> service.channel.texts().size() == 40);
    service.until("nothing waits", () -> service.count("outbox") == 0);

    for (int i = 0; i < 20; i++) {
      String person = "person-%02d".formatted(i);
      assertThat(
              service.track.taken().stream()
                  .filter(it -> it.getJsonObject("identifiers").getString("id").equals(person))
                  .map(TrackServer::name))
          .startsWith("identify", "conversation_started")
          .endsWith("twilio_flow_completed", "conversation_ended", "identify")
          .containsOnlyOnce("twilio_reply");
    }
  }

  @Test
  void aRequestUnderWayIsHeardBeforeTheServiceStops() {
    CompletableFuture<Void> asked = new CompletableFuture<>();
    service.track.next(
        _ -> {
          asked.complete(null);
          return TrackServer.Answer.of(200);
        });
    service.trigger(JANE, "key");
    asked.join();

    service.stop();

    assertThat(service.count("delivery where destination = 'customerio'"))
        .isEqualTo(service.track.taken().size());
    service.restart();
  }

  @Test
  void anOutcomeThatComesTooLateToStartACampaignIsDeliveredAndCounted() {
    service.leap(Duration.ofDays(-4));

    service.trigger(JANE, "key");

    service.until("nothing waits", () -> service.count("outbox") == 0);
    assertThat(service.track.names()).contains("conversation_started");
    assertThat(service.get("/metrics").body())
        .contains("parley_reports_total{sink=\"customerio\",verdict=\"stale\"}");
  }

  @Test
  void whatAnOutageMadeOlderThanThreeDaysIsDeliveredAndToldOfAndTheRestIsNot() {
    List<String> lines = new CopyOnWriteArrayList<>();
    service.track.usually(_ -> TrackServer.Answer.of(503));
    service.leap(Duration.ofHours(-73));
    service.trigger(JANE, "too old");
    service.until("she is asked", () -> waiting("person-42") >= 4);
    service.leap(Duration.ofHours(2));
    service.trigger("+14155550143", "in time");
    service.until("he is asked", () -> waiting("person-43") >= 4);

    try (Log _ = Log.into(lines)) {
      service.track.usually(_ -> TrackServer.Answer.of(200));
      service.until("nothing waits", () -> service.count("outbox") == 0);
    }

    long limit = Instant.now().minus(Duration.ofDays(3)).getEpochSecond();
    List<JsonObject> stale =
        service.track.taken().stream()
            .filter(it -> it.getString("action").equals("event"))
            .filter(it -> it.getLong("timestamp") < limit)
            .toList();
    assertThat(stale)
        .hasSizeGreaterThanOrEqualTo(3)
        .allMatch(it -> it.getJsonObject("identifiers").getString("id").equals("person-42"));
    assertThat(service.track.names().stream().filter("conversation_started"::equals)).hasSize(2);
    assertThat(service.get("/metrics").body())
        .contains(
            "parley_reports_total{sink=\"customerio\",verdict=\"stale\"} %.1f"
                .formatted((double) stale.size()));
    assertThat(lines).anyMatch(line -> line.contains("too late to start campaigns by them"));
    assertThat(service.count("dead_letter")).isZero();
  }

  private long waiting(String person) {
    return service.count(
        "outbox where destination = 'customerio' and effect like '%%\"%s\"%%'".formatted(person));
  }

  private void triggerMany(int contacts) {
    List<CompletableFuture<Service.Answer>> answers = new ArrayList<>();
    for (int i = 0; i < contacts; i++) {
      answers.add(
          service.trigger(
              Service.payload("+141555502%02d".formatted(i), "many-" + i).encode(),
              Service.bearer()));
    }
    assertThat(answers).allMatch(answer -> answer.join().status() == 200);
  }

  private static int indexOf(List<JsonObject> items, String name) {
    return items.stream().map(TrackServer::name).toList().indexOf(name);
  }

  private static String refusing(int index) {
    return new JsonObject()
        .put(
            "errors",
            new JsonArray()
                .add(
                    new JsonObject()
                        .put("batch_index", index)
                        .put("reason", "invalid")
                        .put("message", "too odd")))
        .encode();
  }

  private static MultiMap none() {
    return MultiMap.caseInsensitiveMultiMap();
  }
}
