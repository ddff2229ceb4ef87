package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Effect;
import io.parley.engine.Event;
import io.parley.engine.Hop;
import io.parley.engine.MessageSid;
import io.parley.engine.Moment;
import io.parley.engine.Reason;
import io.parley.engine.Values;
import io.parley.testkit.Scenario;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `parley.wait`, `parley.wait-for-event`, `add-twiml-redirect`.
class WaitingTest {

  private static final Instant BEGINNING = Flows.scenario("nothing").now();

  // ---- parley.wait

  /// Clocks went forward on 8 March 2026 and back on 1 November in America/New_York.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2026-03-03T15:00:00Z | \"duration\": \"PT2H\"              | 2026-03-03T17:00:00Z",
        "2026-03-03T15:00:00Z | \"duration\": 90                    | 2026-03-03T15:01:30Z",
        "2026-03-07T15:00:00Z | \"duration\": \"P1D\"               | 2026-03-08T15:00:00Z",
        "2026-03-03T15:00:00Z | \"until\": \"2026-03-04T09:00:00Z\" | 2026-03-04T09:00:00Z",
        "2026-03-03T15:00:00Z | \"until\": \"2026-03-04T09:00:00+0100\" | 2026-03-04T08:00:00Z",
        "2026-03-03T15:00:00Z | \"until\": \"2026-03-09T09:00\"     | 2026-03-09T13:00:00Z",
        "2026-03-03T15:00:00Z | \"until\": \"18:00\"                | 2026-03-03T23:00:00Z",
        "2026-03-03T23:30:00Z | \"until\": \"18:00\"                | 2026-03-04T23:00:00Z",
        "2026-03-07T23:30:00Z | \"until\": \"18:00\"                | 2026-03-08T22:00:00Z",
        "2026-03-08T06:30:00Z | \"until\": \"02:30\"                | 2026-03-08T07:30:00Z",
        "2026-03-08T08:00:00Z | \"until\": \"02:30\"                | 2026-03-09T06:30:00Z",
        "2026-10-31T23:00:00Z | \"until\": \"18:00\"                | 2026-11-01T23:00:00Z"
      })
  void aWaitEndsWhenItSays(Instant from, String properties, Instant end) {
    assertThat(waitsUntil(from, properties)).isEqualTo(end);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // A Monday, before, between and after the hours, then the weekend.
        "2026-03-02T12:00:00Z | 2026-03-02T14:00:00Z",
        "2026-03-02T17:30:00Z | 2026-03-02T18:00:00Z",
        "2026-03-02T23:30:00Z | 2026-03-04T14:00:00Z",
        "2026-03-05T03:00:00Z | 2026-03-09T13:00:00Z",
        "2026-10-29T03:00:00Z | 2026-11-02T14:00:00Z"
      })
  void aWaitForOpenHoursEndsAtTheNextOne(Instant from, Instant end) {
    assertThat(
            waitsUntil(
                from,
                "\"until_open\": {\"mon\": \"13:00-18:00,09:00-12:00\", \"wed\": \"09:00-18:00\"}"))
        .isEqualTo(end);
  }

  @Test
  void whileItIsOpenNobodyWaits() {
    Scenario scenario =
        at(
            Instant.parse("2026-03-02T15:00:00Z"),
            waiting("\"until_open\": {\"mon\": \"09:00-18:00\"}"));

    scenario.trigger();

    assertThat(scenario.texts()).containsExactly("on we go");
  }

  @Test
  void hoursThatTheClockSkipsAreNotOpen() {
    assertThat(
            waitsUntil(
                Instant.parse("2026-03-08T04:00:00Z"),
                "\"until_open\": {\"sun\": \"02:00-03:00\"}"))
        .isEqualTo(Instant.parse("2026-03-15T06:00:00Z"));
  }

  @Test
  void aTimeThatIsOverIsNotWaitedFor() {
    Scenario scenario = at(BEGINNING, waiting("\"until\": \"2020-01-01T00:00:00Z\""));

    scenario.trigger();

    assertThat(scenario.path()).contains(new Hop("first", "next", "after"));
  }

  @Test
  void aTemplateThatIsNoTimeFails() {
    Scenario scenario = at(BEGINNING, waiting("\"until\": \"{{flow.data.when}}\""));

    scenario.trigger(Values.of("when", "tomorrow"));

    assertThat(scenario.path()).contains(new Hop("first", "failed", ""));
    assertThat(scenario.warnings()).hasSize(1);
  }

  @Test
  void aReplyDoesNotEndAWaitButIsReported() {
    Scenario scenario = at(BEGINNING, waiting("\"duration\": \"PT1H\""));
    scenario.trigger();

    scenario.reply("hello?");

    assertThat(scenario.refusals()).containsExactly(Reason.UNEXPECTED_EVENT);
    assertThat(scenario.outcomeNames()).contains("twilio_reply");
    assertThat(scenario.texts()).isEmpty();
  }

  @Test
  void aWaitNamesOneWay() {
    assertThat(waiting("\"duration\": 5, \"until\": \"18:00\"").problems())
        .singleElement()
        .asString()
        .contains("must have one of duration, until and until_open");
    assertThat(waiting("\"until_open\": {\"mon\": \"18:00-18:00\"}").problems()).isNotEmpty();
  }

  // ---- parley.wait-for-event

  @Test
  void anEventWakesTheFlowWithItsProperties() {
    Scenario scenario = awaiting("Order Shipped", "");

    scenario.take(seen("order_shipped", Values.of("carrier", "DHL")));

    assertThat(scenario.texts()).containsExactly("by DHL");
    assertThat(scenario.timers()).isEmpty();
  }

  @Test
  void anotherEventDoesNotWakeIt() {
    Scenario scenario = awaiting("Order Shipped", "");

    scenario.take(seen("Order Packed", Values.EMPTY));

    assertThat(scenario.refusals()).containsExactly(Reason.UNEXPECTED_EVENT);
    assertThat(scenario.timers()).hasSize(2);
  }

  @Test
  void allConditionsOfAnEventMustHold() {
    Scenario scenario =
        awaiting(
            "Order Shipped",
            """
            , "conditions": [
              {"property": "cart.total", "type": "greater_than", "value": "50"},
              {"property": "country", "type": "matches_any_of", "value": "CA,{{flow.data.country}}"}]
            """);

    scenario.take(seen("Order Shipped", order(60, "FR")));
    scenario.take(seen("Order Shipped", order(50, "US")));
    assertThat(scenario.texts()).isEmpty();
    scenario.take(seen("Order Shipped", order(60, "US")));

    assertThat(scenario.texts()).hasSize(1);
  }

  @Test
  void silenceLeavesByTimeout() {
    Scenario scenario = awaiting("Order Shipped", ", \"timeout\": \"P3D\"");
    Instant begun = scenario.now();

    scenario.fire(timer(scenario, Effect.ScheduleTimer.Purpose.EVENT_TIMEOUT));

    assertThat(Duration.between(begun, scenario.now())).isEqualTo(Duration.ofDays(3));
    assertThat(scenario.path()).contains(new Hop("first", "timeout", ""));
  }

  @ParameterizedTest
  @CsvSource({"purchase", "Order Completed", "placed_order"})
  void aPurchaseThatIsWaitedForGoesOnInsteadOfEnding(String name) {
    Scenario scenario = awaiting(name, "");

    scenario.purchase();

    assertThat(scenario.path()).contains(new Hop("first", "occurred", "after"));
    assertThat(scenario.outcomeNames()).contains("conversion");
    assertThat(scenario.result()).contains("completed");
  }

  @Test
  void aPurchaseThatIsNotWaitedForEndsTheExecution() {
    Scenario small =
        awaiting(
            "purchase",
            ", \"conditions\": [{\"property\": \"total\", \"type\": \"greater_than\","
                + " \"value\": \"50\"}]");
    Scenario other = awaiting("Order Shipped", "");

    small.purchase();
    other.purchase();

    assertThat(small.result()).contains("purchased");
    assertThat(other.result()).contains("purchased");
  }

  @Test
  void anEventThatNobodyWaitsForIsRefused() {
    Scenario scenario = Flows.scenario("nothing");

    scenario.take(seen("Order Shipped", Values.EMPTY));

    assertThat(scenario.refusals()).containsExactly(Reason.NO_EXECUTION);
  }

  // ---- add-twiml-redirect

  @Test
  void aReplyIsAnsweredWithARedirectAndTheFlowWaitsForTheReturn() {
    Scenario scenario = redirecting("https://app.example.com/?q={{flow.data.q}}", "60").bound();

    scenario.reply("hi");

    assertThat(scenario.conversation().execution().orElseThrow().position().awaiting())
        .isInstanceOfSatisfying(
            io.parley.engine.Awaiting.Return.class,
            it -> {
              assertThat(it.url()).isEqualTo("https://app.example.com/?q=");
              assertThat(it.method()).isEqualTo("GET");
            });
  }

  @Test
  void theReturnBringsItsParameters() {
    Scenario scenario = redirecting("https://app.example.com", "60").bound();
    scenario.reply("hi");

    scenario.take(new Event.RedirectReturned(Values.of("score", "7")));

    assertThat(scenario.texts()).containsExactly("score 7");
    assertThat(scenario.timers()).isEmpty();
  }

  @Test
  void aRedirectThatARestartsTheWebhookCanRedirectAgain() {
    Scenario scenario =
        Flows.scenario(
                "twice",
                Drafts.flow()
                    .widget(
                        "first",
                        "add-twiml-redirect",
                        url("https://a.example.com"),
                        "return>second")
                    .widget("second", "add-twiml-redirect", url("https://b.example.com"), "return")
                    .read())
            .bound();
    scenario.reply("hi");

    scenario.take(new Event.RedirectReturned(Values.EMPTY));

    assertThat(scenario.conversation().execution().orElseThrow().position().widget())
        .isEqualTo("second");
  }

  @Test
  void withoutAMessageToAnswerARedirectFails() {
    Scenario scenario = redirecting("https://app.example.com", "60");

    scenario.trigger();

    assertThat(scenario.path()).contains(new Hop("first", "fail", ""));
  }

  @Test
  void aUrlThatIsNoneFails() {
    Scenario scenario = redirecting("https://app.example.com/a b", "60").bound();

    scenario.reply("hi");

    assertThat(scenario.path()).contains(new Hop("first", "fail", ""));
  }

  @Test
  void aMessageWhoseWebhookIsLongAnsweredIsNotRedirected() {
    Scenario scenario = redirecting("https://app.example.com", "60").bound();
    Instant arrived = scenario.now();
    Event message =
        new Event.ReplyReceived(
            new MessageSid("SM1"),
            Values.of("Body", "hi"),
            List.of(),
            "scenario",
            java.util.Optional.of(scenario.flow()));

    scenario.later(Moment.ANSWERED_WITHIN).takeArrived(message, arrived);

    assertThat(scenario.path()).contains(new Hop("first", "fail", ""));
    assertThat(scenario.timers()).isEmpty();
  }

  @Test
  void aReturnThatDoesNotComeLeavesByTimeout() {
    Scenario scenario = redirecting("https://app.example.com", "0").bound();
    scenario.reply("hi");
    Instant begun = scenario.now();

    scenario.fire(timer(scenario, Effect.ScheduleTimer.Purpose.REDIRECT_TIMEOUT));

    assertThat(Duration.between(begun, scenario.now())).isEqualTo(Duration.ofHours(4));
    assertThat(scenario.path()).contains(new Hop("first", "timeout", ""));
  }

  @Test
  void aStopEndsARedirectToo() {
    Scenario scenario = redirecting("https://app.example.com", "60").bound();
    scenario.reply("hi");

    scenario.reply("STOP");

    assertThat(scenario.result()).contains("opted_out");
    assertThat(scenario.timers()).isEmpty();
  }

  // ---- how they are made

  private static Drafts waiting(String properties) {
    return Drafts.flow()
        .widget(
            "first",
            "parley.wait",
            "{\"time_zone\": \"America/New_York\", " + properties + "}",
            "next>after",
            "failed")
        .message("after", "on we go", "sent", "failed");
  }

  private static Instant waitsUntil(Instant from, String properties) {
    Scenario scenario = at(from, waiting(properties));
    scenario.trigger();
    Effect.ScheduleTimer timer = timer(scenario, Effect.ScheduleTimer.Purpose.WAIT_OVER);
    scenario.fire(timer);
    assertThat(scenario.texts()).containsExactly("on we go");
    return timer.dueAt();
  }

  /// Quiet hours are off, since the waits end at any hour.
  private static Scenario at(Instant time, Drafts flow) {
    return Flows.scenario("waiting", flow.read())
        .by(Policies.of("hours", Map.of("quiet", "off")))
        .later(Duration.between(BEGINNING, time));
  }

  private static Scenario awaiting(String event, String more) {
    Scenario scenario =
        Flows.scenario(
            "awaiting",
            Drafts.flow()
                .widget(
                    "first",
                    "parley.wait-for-event",
                    "{\"event\": \"" + event + "\"" + more + "}",
                    "occurred>after",
                    "timeout")
                .message("after", "by {{widgets.first.event.carrier}}", "sent", "failed")
                .read());
    scenario.trigger(Values.of("country", "US"));
    return scenario;
  }

  private static Event seen(String name, Values properties) {
    return new Event.EventSeen(name, properties, BEGINNING);
  }

  private static Values order(int total, String country) {
    return Values.of("cart", Values.of("total", total)).with("country", country);
  }

  private static Scenario redirecting(String url, String timeout) {
    return Flows.scenario(
        "redirecting",
        Drafts.flow()
            .widget(
                "first",
                "add-twiml-redirect",
                "{\"url\": \"%s\", \"method\": \"GET\", \"timeout\": \"%s\"}"
                    .formatted(url, timeout),
                "return>after",
                "timeout",
                "fail")
            .message("after", "score {{widgets.first.score}}", "sent", "failed")
            .read());
  }

  private static String url(String url) {
    return "{\"url\": \"" + url + "\"}";
  }

  private static Effect.ScheduleTimer timer(
      Scenario scenario, Effect.ScheduleTimer.Purpose purpose) {
    return scenario.timers().stream()
        .filter(timer -> timer.purpose() == purpose)
        .findFirst()
        .orElseThrow();
  }
}
