package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Outcomes;
import io.parley.engine.Person;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What leaves for advertising networks and lists, against stand-ins that keep state.
class ActivationsTest {

  private static final String JANE = "+14155550142";
  private static final String CART = "cio_cart_abandon_6h";
  private static final String[] LISTS = {"meta", "tiktok", "google", "cio"};

  private final Vertx world = Vertx.vertx();
  private final NetworksServer networks = new NetworksServer(world);
  private final SegmentServer segment = new SegmentServer(world, "write-key");
  @TempDir private Path folder;
  private int told;

  @SuppressWarnings("NullAway.Init") // each test starts it
  private Service service;

  @AfterEach
  void close() {
    service.close();
    Service.await(world.close());
  }

  private void start(String... entries) {
    try {
      Path file =
          Files.writeString(
              folder.resolve("destinations.yaml"),
              "destinations:\n  "
                  + String.join("\n  ", entries).replace("URL", networks.url())
                  + "\n");
      service =
          Service.start(
              Map.of(
                  "DESTINATIONS",
                  file.toString(),
                  "DESTINATION_SECRETS",
                  "META_TOKEN=meta-token,TIKTOK_TOKEN=tiktok-token,CLIENT_SECRET=client-secret,"
                      + "REFRESH_TOKEN=refresh,DEVELOPER=developer,TRACK_KEY=track-key,"
                      + "SEGMENT_KEY=write-key"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static final String FAST = ", requests_per_second: 1000, every: 0}";
  private static final String AT_GOOGLE =
      "customer: 123-456-7890, client_id: client, client_secret: CLIENT_SECRET,"
          + " refresh_token: REFRESH_TOKEN, token_url: \"URL/token\"";

  private static String meta(String more) {
    return "meta: {type: meta_conversions, dataset: 123, token: META_TOKEN, url: \"URL/meta\","
        + " requests_per_second: 1000"
        + more
        + "}";
  }

  private static final String GOOGLE =
      "google: {type: google_conversions, conversion_action: 77, "
          + AT_GOOGLE
          + ", url: \"URL/google\", requests_per_second: 1000}";

  private void startConversions() {
    start(
        meta(""),
        "tiktok: {type: tiktok_events, source_id: 7041, token: TIKTOK_TOKEN, url: \"URL/tiktok\","
            + " requests_per_second: 1000}",
        GOOGLE,
        "ads: {type: google_ads_conversions, conversion_action: 78, developer_token: DEVELOPER, "
            + AT_GOOGLE
            + ", url: \"URL/ads\", requests_per_second: 1000}");
  }

  private void startLists() {
    start(
        "meta: {type: meta_audience, audience: cio_cart_abandon_6h, list: 7, token: META_TOKEN,"
            + " url: \"URL/meta\""
            + FAST,
        "tiktok: {type: tiktok_audience, audience: cio_cart_abandon_6h, list: 7, advertiser: 701,"
            + " token: TIKTOK_TOKEN, url: \"URL/tiktok\""
            + FAST,
        "google: {type: google_audience, audiences: {cio_cart_abandon_6h: 7}, terms_accepted: true, "
            + AT_GOOGLE
            + ", url: \"URL/google\""
            + FAST,
        "cio: {type: customerio_segment, audience: cio_cart_abandon_6h, segment: 7, site_id: site,"
            + " api_key: TRACK_KEY, url: \"URL\""
            + FAST);
  }

  // ---- what is told of

  private Effect.ReportOutcome report(String name, int person, Values properties) {
    Address contact = new Address(phone(person));
    return new Effect.ReportOutcome(
        new EffectId(
            ConversationId.of(new ThreadId(new Address("+14155550199"), contact)), 1, told++),
        name,
        new Person(Optional.of("person-" + person), Values.EMPTY),
        contact,
        properties,
        Instant.now());
  }

  private Effect.ReportOutcome sale(int person) {
    return report(
        "conversion",
        person,
        Values.of("order_id", "order-" + person).with("value", 82.5).with("currency", "USD"));
  }

  private Effect.ReportOutcome change(String name, int person, String reason) {
    return report(
        name,
        person,
        Values.of("audience", CART).with("computation_id", "aud_2x").with("reason", reason));
  }

  private Effect.ReportOutcome entered(int person) {
    return change(Outcomes.AUDIENCE_ENTERED, person, "rule");
  }

  private Effect.ReportOutcome exited(int person) {
    return change(Outcomes.AUDIENCE_EXITED, person, "window");
  }

  private static String phone(int person) {
    return "+1415555%04d".formatted(2000 + person);
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /// The hashes of some people's numbers, as a list has them.
  private static Set<String> hashes(String plus, int... people) {
    return IntStream.of(people)
        .mapToObj(it -> sha256(plus + phone(it).substring(1)))
        .collect(Collectors.toSet());
  }

  private void untilNothingWaits() {
    service.until("nothing waits", () -> service.count("outbox") == 0);
  }

  private String metrics() {
    return service.get("/metrics").body();
  }

  private String ready(String name) {
    return service.get("/health/ready").json().getJsonObject("destinations").getString(name);
  }

  private List<String> deliveries(String destination) {
    return service.texts(
        "select outcome from delivery where destination = '%s' order by turn, index"
            .formatted(destination));
  }

  // ---- conversions

  @Test
  void aSaleIsToldToEachNetworkOnceAndHashed() {
    startConversions();
    JsonObject trigger = Service.payload(JANE, "key");
    trigger.getJsonObject("customer").put("email", "Jane@Example.com");
    service.trigger(trigger.encode(), Service.bearer()).join();
    service.until("the question leaves", () -> service.channel.texts().size() == 1);

    JsonObject order =
        new JsonObject()
            .put("schema_version", 1)
            .put("event", "Order Completed")
            .put("id", "event-1")
            .put("customer", new JsonObject().put("external_id", "person-42").put("phone", JANE))
            .put(
                "properties",
                new JsonObject().put("order_id", "1001").put("total", 39.5).put("currency", "USD"));
    assertThat(service.post("/events", order.encode(), Service.bearer()).join().status())
        .isEqualTo(200);

    service.until("each has it", () -> networks.events().size() == 4);
    untilNothingWaits();
    assertThat(networks.events())
        .containsExactlyInAnyOrder(
            "meta Purchase 1001",
            "tiktok Purchase 1001",
            "google 77 1001",
            "ads customers/1234567890/conversionActions/78 1001");
    assertThat(networks.event("meta Purchase 1001").getJsonObject("user_data"))
        .isEqualTo(
            new JsonObject()
                .put("em", List.of(sha256("jane@example.com")))
                .put("ph", List.of(sha256(JANE.substring(1))))
                .put("external_id", List.of(sha256("person-42"))));
    assertThat(networks.asked())
        .noneMatch(it -> it.body().contains("4155550142") || it.body().contains("xample.com"));
    assertThat(metrics())
        .contains(
            "parley_activations_known_by_total{by=\"email+phone+external_id\",sink=\"meta\"} 1.0")
        .contains("parley_activations_known_by_total{by=\"email+phone\",sink=\"google\"} 1.0")
        .contains("parley_activations_said_total{said=\"received\",sink=\"meta\"} 1.0")
        .contains("parley_reports_total{sink=\"tiktok\",verdict=\"delivered\"} 1.0");
  }

  @Test
  void aLimitAnOutageAndALostAnswerLoseNothingAndCountOnce() {
    networks.next("/meta/", 429);
    networks.next("/meta/", 503);
    networks.loseAnswer();
    start(meta(""));

    IntStream.range(0, 3).forEach(it -> service.tell(sale(it), "meta"));

    untilNothingWaits();
    assertThat(networks.events())
        .containsExactlyInAnyOrder(
            "meta Purchase order-0", "meta Purchase order-1", "meta Purchase order-2");
    assertThat(networks.statuses("/meta/")).startsWith(429, 503, 200, 200);
    assertThat(service.count("dead_letter")).isZero();
  }

  @Test
  void aBadEventAmongGoodOnesIsADeadLetterAlone() {
    networks.refuse("order-3");
    startConversions();

    IntStream.range(0, 7).forEach(it -> service.tell(sale(it), "meta", "tiktok", "google"));

    untilNothingWaits();
    assertThat(networks.events()).hasSize(18).noneMatch(it -> it.contains("order-3"));
    assertThat(
            service.texts(
                "select destination || ' ' || right(contact, 1) from dead_letter order by 1"))
        .containsExactly("google 3", "meta 3", "tiktok 3");
  }

  @Test
  void aWrongTokenIsToldAndLosesNothing() {
    start(meta("").replace("META_TOKEN", "TIKTOK_TOKEN"));

    service.tell(sale(1), "meta");

    service.until("it is told", () -> ready("meta").startsWith("on: answers 401 since 2"));
    service.until(
        "the remedy is kept",
        () -> service.count("outbox where last_error like '%renew the token%'") == 1);
    assertThat(service.count("dead_letter")).isZero();
  }

  // ---- Google's tokens

  @Test
  void anOutageOfGooglesTokensIsWaitedOutWithItsReason() {
    networks.grant(false);
    start(GOOGLE);

    IntStream.range(0, 3).forEach(it -> service.tell(sale(it), "google"));

    service.until(
        "it is told", () -> ready("google").startsWith("on: has no access token since 2"));
    service.until(
        "the cause is kept",
        () -> service.count("outbox where last_error = 'Google gave no access token (503 )'") == 3);
    assertThat(networks.asked("/google/")).isEmpty();

    networks.grant(true);

    untilNothingWaits();
    assertThat(networks.events()).hasSize(3);
    assertThat(networks.statuses("/token").filter(it -> it == 200)).hasSize(1);
    assertThat(service.count("dead_letter")).isZero();
  }

  @Test
  void aTokenIsRenewedAheadAndNothingWaitsForIt() {
    start(GOOGLE);
    service.tell(sale(0), "google");
    untilNothingWaits();
    networks.grant(false);
    service.leap(Duration.ofSeconds(NetworksServer.TOKEN_SECONDS).minusMinutes(4));

    service.tell(sale(1), "google");
    untilNothingWaits();

    assertThat(networks.events()).hasSize(2);
    service.until("a new one was asked for", () -> networks.asked("/token").size() == 2);
    assertThat(networks.statuses("/google/")).containsExactly(200, 200);
  }

  @Test
  void aTokenThatGoogleTakesNoMoreIsReplaced() {
    start(GOOGLE);
    service.tell(sale(0), "google");
    untilNothingWaits();
    networks.revoke();

    service.tell(sale(1), "google");
    untilNothingWaits();

    assertThat(networks.events()).hasSize(2);
    assertThat(networks.statuses("/google/")).containsExactly(200, 401, 200);
    assertThat(networks.statuses("/token")).containsExactly(200, 200);
  }

  // ---- lists

  @Test
  void whoCameLastInIsInAndWhoWentLastOutIsOut() {
    networks.next("/meta/", 500);
    networks.next("/tiktok/", 429);
    networks.next("/api/", 503);
    startLists();

    for (Effect.ReportOutcome change :
        List.of(
            entered(1),
            exited(2),
            entered(2),
            entered(3),
            exited(1),
            exited(3),
            entered(1),
            entered(4),
            exited(4))) {
      service.tell(change, LISTS);
    }

    untilNothingWaits();
    assertThat(networks.members("meta:7")).isEqualTo(hashes("", 1, 2));
    assertThat(networks.members("tiktok:7")).isEqualTo(hashes("", 1, 2));
    assertThat(networks.members("google:7")).isEqualTo(hashes("+", 1, 2));
    assertThat(networks.members("segment:7:id")).containsOnly("person-1", "person-2");
    assertThat(service.count("dead_letter")).isZero();
    assertThat(metrics())
        .contains("parley_activations_said_total{said=\"received\",sink=\"meta\"} 9.0")
        .contains("parley_activations_known_by_total{by=\"phone\",sink=\"tiktok\"} 9.0");
  }

  @Test
  void whoIsAtFaultKeepsNobodyElseOut() {
    startLists();
    networks.refuse(sha256(phone(5).substring(1)));

    IntStream.range(0, 9).forEach(it -> service.tell(entered(it), "meta", "tiktok"));

    untilNothingWaits();
    assertThat(networks.members("meta:7")).isEqualTo(hashes("", 0, 1, 2, 3, 4, 6, 7, 8));
    assertThat(networks.members("tiktok:7")).hasSize(8);
    assertThat(service.texts("select right(contact, 1) from dead_letter")).containsOnly("5");
  }

  @Test
  void segmentsOfCustomerIoTakeAThousandIdsAtOnce() {
    startLists();
    networks.next("/api/", 503);
    IntStream.range(0, 1_100).forEach(it -> service.tell(entered(it), "cio"));

    service.until("all are in", () -> networks.members("segment:7:id").size() == 1_100);

    untilNothingWaits();
    assertThat(networks.statuses("/api/")).containsOnly(503, 200);
  }

  @Test
  void anUnknownSegmentIsToldAndLosesNobody() {
    start(
        "cio: {type: customerio_segment, audience: cio_cart_abandon_6h, segment: 8, site_id: site,"
            + " api_key: TRACK_KEY, url: \"URL\""
            + FAST);

    service.tell(entered(1), "cio");

    service.until("it is told", () -> ready("cio").startsWith("on: answers 404 since 2"));
    assertThat(service.count("dead_letter")).isZero();
  }

  @Test
  void engageIsToldByATraitOrByAnEvent() {
    start(
        "engage: {type: segment_audience, write_key: SEGMENT_KEY, space: spa_1, url: \"%s\"}"
            .formatted(segment.url()),
        "events: {type: segment_audience, audience: vip, format: track, write_key: SEGMENT_KEY, url: \"%s\"}"
            .formatted(segment.url()));

    Effect.ReportOutcome entry = entered(1);
    service.tell(entry, "engage");
    service.tell(exited(1), "engage");
    service.tell(
        report(
            Outcomes.AUDIENCE_ENTERED,
            2,
            Values.of("audience", "vip").with("computation_id", "aud_v")),
        "events");

    untilNothingWaits();
    JsonObject personas =
        new JsonObject()
            .put("computation_class", "audience")
            .put("computation_id", "aud_2x")
            .put("computation_key", CART)
            .put("namespace", "spa_1")
            .put("space_id", "spa_1");
    List<JsonObject> ones =
        segment.calls().stream().filter(it -> it.getString("userId").equals("person-1")).toList();
    assertThat(ones)
        .extracting(it -> it.getString("type"), it -> it.getJsonObject("traits"))
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("identify", new JsonObject().put(CART, true)),
            org.assertj.core.groups.Tuple.tuple("identify", new JsonObject().put(CART, false)));
    assertThat(ones.getFirst().getJsonObject("context").getJsonObject("personas"))
        .isEqualTo(personas);
    JsonObject vip =
        segment.calls().stream()
            .filter(it -> it.getString("userId").equals("person-2"))
            .findFirst()
            .orElseThrow();
    assertThat(vip.getString("event")).isEqualTo("Audience Entered");
    assertThat(vip.getJsonObject("properties"))
        .isEqualTo(new JsonObject().put("audience_key", "vip").put("vip", true));
  }

  // ---- the last check

  @Test
  void whoHasOptedOutOrBoughtIsToldOfNoMoreAndLeavesListsAllTheSame() {
    IntStream.range(0, 2).forEach(_ -> networks.next("/meta/", 429));
    startLists();
    for (int person = 1; person <= 5; person++) {
      service.tell(entered(person), "meta");
    }
    service.tell(change(Outcomes.AUDIENCE_ENTERED, 6, "purchase"), "meta");
    service.tell(exited(7), "meta");
    service.until("it waits", () -> networks.asked("/meta/").size() == 1);

    String blocked = "insert into contact (address, block, updated_at) values ('%s', '%s', now())";
    service.execute(blocked.formatted("whatsapp:" + phone(1), "OPTED_OUT"));
    service.execute(blocked.formatted(phone(7), "OPTED_OUT"));
    service.execute(blocked.formatted(phone(5), "UNREACHABLE"));
    service.execute(
        """
        insert into consent (address, external_id, channel, programme, state, method, source, evidence, at,
                             recorded_at)
        values ('', 'person-2', 'email', 'marketing', 'revoked', 'preferences', 'page', '', now(), now()),
               ('%s', '', 'sms', 'restock', 'revoked', 'preferences', 'page', '', now(), now())
        """
            .formatted(phone(4)));
    String bought =
        "insert into purchase (order_id, number, at, seen_at) values ('%s', '%s', now() %s, now())";
    service.execute(bought.formatted("o3", phone(3), "+ interval '1 minute'"));
    service.execute(bought.formatted("o4", phone(4), "- interval '1 hour'"));
    service.execute(bought.formatted("o6", phone(6), "+ interval '1 minute'"));
    service.execute("update outbox set due_at = now() where destination = 'meta'");

    untilNothingWaits();
    assertThat(networks.members("meta:7")).isEqualTo(hashes("", 4, 5, 6));
    assertThat(
            service.texts(
                "select index || ' ' || outcome from delivery where destination = 'meta' order by index"))
        .containsExactly(
            "0 dropped: opted_out",
            "1 dropped: consent_revoked",
            "2 dropped: purchased",
            "3 delivered",
            "4 delivered",
            "5 delivered",
            "6 delivered");
    assertThat(networks.asked("/meta/")).anyMatch(it -> it.method().equals("DELETE"));
    assertThat(metrics())
        .contains("parley_activations_dropped_total{reason=\"opted_out\",sink=\"meta\"} 1.0")
        .contains("parley_activations_dropped_total{reason=\"consent_revoked\",sink=\"meta\"} 1.0")
        .contains("parley_activations_dropped_total{reason=\"purchased\",sink=\"meta\"} 1.0")
        .contains("parley_reports_total{sink=\"meta\",verdict=\"dropped\"} 3.0");
  }

  @Test
  void aListThatKeepsBuyersIsToldOfThem() {
    networks.next("/meta/", 429);
    start(
        "meta: {type: meta_audience, audience: cio_cart_abandon_6h, list: 7, token: META_TOKEN,"
            + " keeps_buyers: true, url: \"URL/meta\""
            + FAST);
    service.tell(entered(1), "meta");
    service.until("it waits", () -> networks.asked("/meta/").size() == 1);
    service.execute(
        "insert into purchase (order_id, number, at, seen_at) values ('1', '%s', now(), now())"
            .formatted(phone(1)));

    untilNothingWaits();
    assertThat(networks.members("meta:7")).isEqualTo(hashes("", 1));
  }

  @Test
  void aSaleOfWhoHasOptedOutIsNotToldOfAndIsOnRecord() {
    start(meta(""));
    service.reply(JANE, "SM-stop", "STOP");
    service.until("it is on record", () -> service.count("contact where block = 'OPTED_OUT'") > 0);
    Effect.ReportOutcome sale =
        new Effect.ReportOutcome(
            new EffectId(
                ConversationId.of(new ThreadId(new Address("+14155550199"), new Address(JANE))),
                9,
                0),
            "conversion",
            Person.UNKNOWN,
            new Address(JANE),
            Values.of("order_id", "1").with("value", 5).with("currency", "USD"),
            Instant.now());

    service.tell(sale, "meta");

    service.until("it is dropped", () -> deliveries("meta").contains("dropped: opted_out"));
    assertThat(networks.asked("/meta/")).isEmpty();
  }

  @Test
  void aDryRunShowsHashesAndNoSecretAndAsksForNoToken() {
    List<String> lines = new CopyOnWriteArrayList<>();
    try (Log _ = Log.into(lines)) {
      start(
          meta(", dry_run: true"),
          GOOGLE.replace("REFRESH_TOKEN", "NOBODYS").replaceFirst("}$", ", dry_run: true}"));
      service.tell(sale(1), "meta", "google");
      untilNothingWaits();
    }

    assertThat(networks.asked()).isEmpty();
    assertThat(ready("google")).isEqualTo("dry run");
    assertThat(lines)
        .anyMatch(it -> it.contains("/meta/123/events") && it.contains(sha256("person-1")))
        .anyMatch(it -> it.contains("/google/events:ingest"))
        .noneMatch(it -> it.contains("meta-token") || it.contains("client-secret"));
  }

  @Test
  void withoutItsCredentialsATypeIsOffAndSaysSo() {
    start(
        meta("").replace("META_TOKEN", "NOBODYS"),
        GOOGLE.replace("CLIENT_SECRET", "NOT_HERE").replace("REFRESH_TOKEN", "NOBODYS"));

    assertThat(ready("meta")).isEqualTo("off: PARLEY_DESTINATION_SECRETS has no NOBODYS");
    assertThat(ready("google"))
        .isEqualTo("off: PARLEY_DESTINATION_SECRETS has no NOBODYS and no NOT_HERE");
  }
}
