package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.parley.testkit.TestPostgres;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Three people who are spoken to and two who are held out, from the webhooks to the report.
@Isolated("takes the streams that what other tests log goes to")
class ReportCommandTest {

  private static final String POLICY =
      "hours: {quiet: off}\nconversion: {window: 3d, flows: {cart: {window: 2d}}}\n";

  @TempDir private Path folder;
  private Path policy = Path.of("");
  private Service service;

  @BeforeEach
  void start() throws IOException {
    policy = Files.writeString(folder.resolve("policy.yaml"), POLICY);
    service = new Service(TestPostgres.database(), Map.of("POLICY", policy.toString()));
  }

  @AfterEach
  void close() {
    service.close();
  }

  private void month() {
    begin(1, "plain");
    begin(2, "plain");
    begin(3, "warm");
    service.until("all are asked", () -> service.channel.texts().size() == 3);
    service.status(0, "delivered").join();
    service.reply(phone(1), "SM-1", "yes");
    service.until("one is thanked", () -> service.channel.texts().size() == 4);
    service.reply(phone(3), "SM-3", "STOP");
    begin(4, "holdout");
    begin(5, "holdout");
    buy(1, new JsonObject().put("order_id", "o-1").put("value", 82.5).put("currency", "USD"));
    buy(2, new JsonObject().put("order_id", "o-2").put("total", "1,5"));
    buy(4, new JsonObject().put("order_id", "o-4").put("total", 10).put("currency", "EUR"));
  }

  private static String phone(int person) {
    return "+1415555010" + person;
  }

  private void begin(int person, String cohort) {
    JsonObject payload = Service.payload(phone(person), "key-" + person);
    payload.getJsonObject("controls").put("experiment_cohort", cohort);
    assertThat(service.trigger(payload.encode(), Service.bearer()).join().status()).isEqualTo(200);
  }

  private void buy(int person, JsonObject properties) {
    String body =
        new JsonObject()
            .put("schema_version", 1)
            .put("event", "Order Completed")
            .put("id", "event-" + person)
            .put("customer", new JsonObject().put("phone", phone(person)))
            .put("properties", properties)
            .encode();
    assertThat(service.post("/events", body, Service.bearer()).join().status()).isEqualTo(200);
  }

  private CommandRun report(String... arguments) {
    List<String> line = new ArrayList<>(List.of("report", "--database=" + service.database));
    line.addAll(List.of(arguments));
    return CommandRun.of(line.toArray(String[]::new));
  }

  @Test
  void aReportTellsWhatAFlowCameTo() {
    month();

    CommandRun run = report("cart");

    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();
    assertThat(run.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("cart (FW"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "converted: the person's first order within 2d after the execution began"),
            line -> assertThat(line).isEmpty(),
            line ->
                assertThat(line.split(" {2,}"))
                    .containsExactly(
                        "",
                        "entered",
                        "messaged",
                        "replied",
                        "clicked",
                        "to a person",
                        "offers",
                        "used",
                        "opted out",
                        "converted",
                        "rate (95 %)",
                        "revenue"),
            line ->
                assertThat(line.split(" {2,}"))
                    .containsExactly(
                        "all",
                        "3",
                        "3",
                        "2",
                        "0",
                        "0",
                        "0",
                        "0",
                        "1",
                        "2",
                        "66.7 % (20.8 to 93.9)",
                        "82.50 USD, 1 of unknown value"),
            line ->
                assertThat(line.split(" {2,}"))
                    .containsExactly("held out", "2", "1", "50.0 % (9.5 to 90.5)", "10.00 EUR"),
            line -> assertThat(line).isEmpty(),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "people, by their first entry  people  converted            rate (95 %)"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "all                                3          2  66.7 % (20.8 to 93.9)"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "held out                           2          1   50.0 % (9.5 to 90.5)"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "uplift of all over held out: +16.7 points (95 %: -44.6 to +65.5), 1.33"
                            + " times; may be chance"),
            line -> assertThat(line).isEmpty(),
            line ->
                assertThat(line.split(" {2,}"))
                    .containsExactly(
                        "widget",
                        "reached",
                        "of entered",
                        "went on",
                        "the end",
                        "dropped",
                        "drop-off",
                        "waiting"),
            line ->
                assertThat(line.split(" {2,}"))
                    .containsExactly("ask", "3", "100.0 %", "1", "0", "2", "66.7 %", "0"),
            line ->
                assertThat(line.split(" {2,}"))
                    .containsExactly("thank", "1", "33.3 %", "0", "1", "0", "0.0 %", "0"));
  }

  @Test
  void cohortsAreComparedWithThoseHeldOutAndWithEachOther() {
    month();

    JsonObject told = new JsonObject(report("cart", "--by=cohort", "--format=json").out());

    assertThat(told.getJsonObject("conversion").getString("window")).isEqualTo("2d");
    assertThat(told.getJsonArray("groups").stream().map(JsonObject.class::cast))
        .extracting(
            it -> it.getString("group"),
            it -> it.getBoolean("held_out"),
            it -> it.getInteger("entered"),
            it -> it.getInteger("converted"),
            it -> it.getInteger("opted_out"))
        .containsExactly(
            tuple("all", false, 3, 2, 1),
            tuple("plain", false, 2, 2, 0),
            tuple("warm", false, 1, 0, 1),
            tuple("holdout", true, 2, 1, 0));
    assertThat(told.getJsonArray("uplift").stream().map(JsonObject.class::cast))
        .extracting(it -> it.getString("group") + " " + it.getDouble("difference"))
        .containsExactly("all 0.1667", "plain 0.5", "warm -0.5");
    assertThat(told.getJsonArray("widgets").stream().map(JsonObject.class::cast))
        .extracting(it -> it.getString("group") + " " + it.getString("widget"))
        .containsExactly("plain ask", "plain thank", "warm ask");

    JsonObject against =
        new JsonObject(report("cart", "--by=cohort", "--baseline=warm", "--format=json").out());
    assertThat(against.getJsonArray("uplift").stream().map(JsonObject.class::cast))
        .extracting(it -> it.getString("group") + " " + it.getString("against"))
        .containsExactly("plain warm");
  }

  @Test
  void spreadsheetsGetIt() {
    month();

    assertThat(
            report("cart", "--by=day", "--format=csv")
                .out()
                .lines()
                .map(it -> it.replaceFirst("^\\d{4}-\\d\\d-\\d\\d", "DAY")))
        .containsExactly(
            "group,held_out,entered,messaged,replied,clicked,handed_over,offers_granted,offers_used,"
                + "opted_out,converted,rate,rate_low,rate_high,revenue,revenue_EUR,revenue_USD",
            "all,false,3,3,2,0,0,0,0,1,2,0.6667,0.2077,0.9385,0,0,82.5",
            "DAY,false,3,3,2,0,0,0,0,1,2,0.6667,0.2077,0.9385,0,0,82.5",
            "held out,true,2,0,0,0,0,0,0,0,1,0.5000,0.0945,0.9055,0,10,0");
    assertThat(report("cart", "--format=csv", "--widgets").out().lines())
        .containsExactly(
            "group,subflow,widget,reached,visits,went_on,completed,dropped,waiting,drop_off",
            "all,,ask,3,3,1,0,2,0,0.6667",
            "all,,thank,1,1,0,1,0,0,0.0000");
  }

  @Test
  void aTimeIsADayOrATimeOrHowLongAgo() {
    month();

    assertThat(report("cart", "--until", "1h").out()).contains("nothing began");
    assertThat(report("cart", "--since", "1h").out()).contains("all ");
    assertThat(report("cart", "--since", "2026-01-01", "--until", "2026-01-02T00:00:00Z").out())
        .contains("begun from 2026-01-01T00:00:00Z until 2026-01-02T00:00:00Z", "nothing began");
    assertThat(report("cart", "--since", "yesterday").err())
        .startsWith("--since yesterday is not a day");
    assertThat(report("cart", "--since", "yesterday").exit()).isEqualTo(2);
    assertThat(report("cart", "--since", "1d", "--until", "2d").exit()).isEqualTo(2);
  }

  @Test
  void anUnknownFlowIsNamed() {
    CommandRun run = report("card");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("no flow is named card; there are [cart]\n");
  }

  @Test
  void aWindowThatTheBrandChangesMeasuresAnew() throws IOException {
    month();
    Files.writeString(
        policy, POLICY.replace("2d", "12h").replace("cart: {", "cart: {from: last_message, "));

    service.until(
        "the window is known",
        () ->
            service
                .texts(
                    "select length || ' ' || from_message from conversion_rule where flow = 'cart'")
                .contains("12:00:00 true"));

    assertThat(report("cart").out()).contains("first order within 12h after the last message\n");
    Files.writeString(policy, "hours: {quiet: off}\n");
    service.until("the default holds", () -> service.count("conversion_rule") == 1);
    assertThat(report("cart").out()).contains("first order within 3d after the execution began\n");
  }
}
