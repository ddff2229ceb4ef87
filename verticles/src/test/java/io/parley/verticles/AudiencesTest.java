package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.segment.analytics.Analytics;
import com.segment.analytics.messages.IdentifyMessage;
import com.segment.analytics.messages.MessageBuilder;
import com.segment.analytics.messages.TrackMessage;
import io.parley.engine.Values;
import io.parley.engine.outcomes.OutcomeCatalogue;
import io.parley.testkit.TestPostgres;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Audiences over the whole service: Segment's client, orders, opt-outs, time, and another file.
class AudiencesTest {

  private static final String JANE = "+14155550142";

  private static final String AUDIENCES =
      """
      audiences:
        - name: cio_cart_abandon_0_24h
          enter: {track: Cart Abandoned, where: {properties.total: {at_least: 50}}}
          window: {until: 24h}
          exit: {track: Checkout Started}
          cohort: "{{traits.experiment_cart}}"
          holdout: twin
        - name: cio_cart_abandon_24_72h
          enter: {track: Cart Abandoned, where: {properties.total: {at_least: 50}}}
          window: {from: 24h, until: 72h}
          exit: {track: Checkout Started}
        - {name: cio_recent_purchasers, enter: purchase, window: {until: 30d}}
        - {name: cio_ltv_low, while: {traits.ltv: {below: 500}}}
        - {name: cio_ltv_high, while: {traits.ltv: {at_least: 500}}}
      """;

  @TempDir private Path folder;
  private Path file;
  private Service service;
  private Analytics client;

  @BeforeEach
  void start() {
    file = folder.resolve("rules.yaml");
    write(AUDIENCES);
    service =
        new Service(
            TestPostgres.database(),
            Map.of("WRITE_KEYS", "shop=SHOPKEY", "RULES", file.toString()));
    client = Analytics.builder("SHOPKEY").endpoint(service.uri("").toString()).retries(1).build();
  }

  @AfterEach
  void close() {
    client.shutdown();
    service.close();
  }

  @Test
  void aCartIsFollowedThroughItsWindowsAtTheExactTimes() {
    tell("42", identify(Map.of("phone", JANE, "email", "jane@example.com")));
    Instant left = Instant.now().minusSeconds(3).truncatedTo(ChronoUnit.MILLIS);
    tell("42", cart(82.5).timestamp(Date.from(left)));
    until("entered cio_cart_abandon_0_24h rule");
    // The client's clock is corrected by how far it seems off.
    Instant event =
        Instant.parse(
            attributes("cio_cart_abandon_0_24h", "audience_entered").getString("entered_at"));
    assertThat(event).isCloseTo(left, within(2, ChronoUnit.SECONDS));
    assertThat(members()).containsExactly("cio_cart_abandon_0_24h");

    service.leap(Duration.between(Instant.now(), event.plus(Duration.ofDays(1)).minusSeconds(2)));
    service.pause(Duration.ofMillis(1_200));
    assertThat(members()).as("a second before").containsExactly("cio_cart_abandon_0_24h");
    until("exited cio_cart_abandon_0_24h window", "entered cio_cart_abandon_24_72h window");
    assertThat(members()).containsExactly("cio_cart_abandon_24_72h");
    assertThat(attributes("cio_cart_abandon_24_72h", "audience_entered").getString("entered_at"))
        .isEqualTo(event.plus(Duration.ofDays(1)).toString());

    service.leap(Duration.ofDays(2));
    until("exited cio_cart_abandon_24_72h window");
    assertThat(told()).hasSize(4);
    assertThat(service.count("audience_member where due_at is not null")).isZero();
  }

  @Test
  void whatIsReportedIsAsCataloguedAndSaysWho() {
    tell("42", identify(Map.of("phone", JANE, "experiment_cart", "b")), cart(82.5));
    until("entered cio_cart_abandon_0_24h rule");

    JsonObject report =
        service.track.taken().stream().filter(this::isAudience).findFirst().orElseThrow();

    assertThat(report.getJsonObject("identifiers")).isEqualTo(new JsonObject().put("id", "42"));
    JsonObject attributes = report.getJsonObject("attributes");
    assertThat(attributes.getString("experiment_cohort")).isEqualTo("b");
    assertThat(attributes.getString("computation_id")).matches("aud_[0-9A-Za-z]{27}");
    assertThat(
            OutcomeCatalogue.find("audience_entered")
                .orElseThrow()
                .problems(new Values(attributes.getMap())))
        .isEmpty();
  }

  @Test
  void anOrderOfWhicheverWayExitsAndSuppresses() {
    tell("42", identify(Map.of("phone", JANE)), cart(82.5));
    until("entered cio_cart_abandon_0_24h rule");

    JsonObject order =
        new JsonObject()
            .put("schema_version", 1)
            .put("event", "Order Completed")
            .put("id", "order-event-1")
            .put("occurred_at", Instant.now().toString())
            .put("customer", new JsonObject().put("phone", JANE))
            .put("properties", new JsonObject().put("order_id", "1001"));
    assertThat(service.post("/events", order.encode(), Service.bearer()).join().status())
        .isEqualTo(200);

    assertThat(service.texts("select audience from audience_member where entered_at is not null"))
        .as("as soon as the order is answered")
        .containsExactly("cio_recent_purchasers");
    until("exited cio_cart_abandon_0_24h purchase", "entered cio_recent_purchasers purchase");

    tell(
        "43",
        cart(90),
        TrackMessage.builder("Order Completed").properties(Map.of("order_id", "2")));
    service.until(
        "a call does the same",
        () ->
            service
                .texts(
                    "select audience from audience_member where external_id = '43'"
                        + " and entered_at is not null")
                .equals(List.of("cio_recent_purchasers")));
  }

  @Test
  void aStopExitsEveryAudience() {
    tell("42", identify(Map.of("phone", JANE, "ltv", 900)), cart(82.5));
    until("entered cio_ltv_high rule", "entered cio_cart_abandon_0_24h rule");

    service.reply(JANE, "SM1", "STOP");

    until("exited cio_cart_abandon_0_24h opt_out", "exited cio_ltv_high opt_out");
    tell("42", identify(Map.of("ltv", 950)), cart(99));
    assertThat(members()).isEmpty();
    assertThat(told()).hasSize(4);
  }

  @Test
  void whoIsHeldOutIsInTheTwinAlone() {
    tell("42", identify(Map.of("phone", JANE, "experiment_cart", "holdout")), cart(82.5));

    until("entered cio_cart_abandon_0_24h_holdout rule");
    assertThat(told()).hasSize(1);
  }

  @Test
  void aTraitMovesFromTierToTierExitFirst() {
    tell("42", identify(Map.of("ltv", 120)));
    until("entered cio_ltv_low rule");

    tell("42", identify(Map.of("ltv", 700)));

    until("exited cio_ltv_low rule", "entered cio_ltv_high rule");
    assertThat(told())
        .containsExactly(
            "entered cio_ltv_low rule", "exited cio_ltv_low rule", "entered cio_ltv_high rule");
  }

  @Test
  void theWholeMembershipIsToldAgainAndCounted() {
    tell("42", identify(Map.of("ltv", 700)));
    tell("43", identify(Map.of("ltv", 800)));
    service.until("both are told", () -> told().size() == 2);

    assertThat(command("audiences", "resync", "cio_ltv_high")).isZero();
    assertThat(command("audiences", "resync", "nobody")).isEqualTo(1);

    service.until(
        "both are told again",
        () -> told().stream().filter("entered cio_ltv_high resync"::equals).count() == 2);
    assertThat(told()).hasSize(4);
    service.until(
        "it is counted", () -> metric("parley_audience_size{audience=\"cio_ltv_high\"} 2"));
    assertThat(
            metric(
                "parley_audience_changes_total{audience=\"cio_ltv_high\",change=\"entered\",reason=\"rule\"} 2"))
        .isTrue();
    assertThat(command("audiences")).isZero();
    assertThat(command("audiences", "members", "cio_ltv_high")).isZero();
  }

  @Test
  void anotherFileIsInForceForWhoIsThere() {
    tell("42", identify(Map.of("phone", JANE, "ltv", 700)), cart(82.5));
    tell("42", TrackMessage.builder("Order Completed").properties(Map.of("order_id", "9")));
    until("entered cio_recent_purchasers purchase", "entered cio_ltv_high rule");

    List<String> lines = new CopyOnWriteArrayList<>();
    try (Log _ = Log.into(lines)) {
      write("audiences: [{name: broken");
      service.until(
          "it is told",
          () ->
              lines.stream()
                  .anyMatch(it -> it.contains("stay as they were") && it.contains("" + file)));
    }
    assertThat(members()).contains("cio_recent_purchasers", "cio_ltv_high");
    write(
        """
        audiences:
          - {name: cio_ltv_high, while: {traits.ltv: {at_least: 1000}}}
          - {name: cio_ltv_some, while: {traits.ltv: {at_least: 1}}}
          - {name: cio_purch_7d_suppress, enter: purchase, window: {until: 7d}}
        """);

    until(
        "exited cio_recent_purchasers removed",
        "exited cio_ltv_high rule",
        "entered cio_ltv_some rule",
        "entered cio_purch_7d_suppress purchase");
    assertThat(members()).containsExactly("cio_ltv_some", "cio_purch_7d_suppress");
  }

  // ---- what is told

  private static MessageBuilder<?, ?> identify(Map<String, Object> traits) {
    return IdentifyMessage.builder().traits(traits);
  }

  private static TrackMessage.Builder cart(double total) {
    return TrackMessage.builder("Cart Abandoned").properties(Map.of("total", total));
  }

  private void tell(String user, MessageBuilder<?, ?>... calls) {
    long before = service.count("ingested_name");
    for (MessageBuilder<?, ?> call : calls) {
      client.enqueue(call.userId(user));
    }
    client.flush();
    service.until(
        "all is worked off",
        () ->
            service.count("ingested_name") == before + calls.length
                && service.count("ingested") == 0);
  }

  // ---- what came of it

  private boolean isAudience(JsonObject item) {
    return TrackServer.name(item).startsWith("audience_");
  }

  /// In the order in which Customer.io heard of it: `entered cio_ltv_high rule`.
  private List<String> told() {
    return service.track.taken().stream()
        .filter(this::isAudience)
        .map(
            it ->
                "%s %s %s"
                    .formatted(
                        TrackServer.name(it).substring("audience_".length()),
                        it.getJsonObject("attributes").getString("audience"),
                        it.getJsonObject("attributes").getString("reason")))
        .toList();
  }

  private JsonObject attributes(String audience, String name) {
    return service.track.taken().stream()
        .filter(it -> TrackServer.name(it).equals(name))
        .map(it -> it.getJsonObject("attributes"))
        .filter(it -> it.getString("audience").equals(audience))
        .findFirst()
        .orElseThrow();
  }

  private void until(String... reports) {
    service.until(String.join(", ", reports), () -> told().containsAll(List.of(reports)));
  }

  private List<String> members() {
    return service.texts(
        "select audience from audience_member where entered_at is not null order by 1");
  }

  private boolean metric(String line) {
    return service.get("/metrics").body().lines().anyMatch(it -> it.startsWith(line));
  }

  private int command(String... arguments) {
    List<String> all = new java.util.ArrayList<>(List.of(arguments));
    all.add("--database=" + service.database);
    return Main.run(all.toArray(String[]::new));
  }

  private void write(String rules) {
    try {
      Files.writeString(file, rules);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
