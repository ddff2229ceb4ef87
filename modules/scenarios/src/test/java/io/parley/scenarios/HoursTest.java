package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.Channel;
import io.parley.engine.Effect;
import io.parley.engine.Effect.ScheduleTimer;
import io.parley.engine.Event;
import io.parley.engine.Hop;
import io.parley.engine.MessageStatus;
import io.parley.engine.Person;
import io.parley.engine.Reason;
import io.parley.engine.Values;
import io.parley.engine.hours.Verdict;
import io.parley.engine.policy.Policy;
import io.parley.testkit.Scenario;
import io.parley.testkit.Scenario.Departed;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// When what a flow says may leave. The contact's number is of California, where it is 8:00 at
/// 16:00 UTC and 21:00 at 5:00 UTC.
class HoursTest {

  private static final ZoneId PACIFIC = ZoneId.of("America/Los_Angeles");
  private static final Instant EVENING = Instant.parse("2026-03-02T04:30:00Z");
  private static final Instant NIGHT = Instant.parse("2026-03-02T06:00:00Z");
  private static final Instant MORNING = Instant.parse("2026-03-02T16:00:00Z");

  private static Scenario atNight() {
    return Flows.scenario("hours").bound().at(NIGHT);
  }

  private static List<Instant> times(Scenario scenario) {
    return scenario.departed().stream().map(Departed::at).toList();
  }

  @Test
  void aTriggerAtNightBeginsAtOnceAndItsMessageWaitsForTheMorning() {
    Scenario scenario = atNight();

    scenario.trigger();

    assertThat(scenario.texts()).isEmpty();
    assertThat(scenario.conversation().execution()).isPresent();
    assertThat(scenario.waiting())
        .singleElement()
        .satisfies(send -> assertThat(send.notBefore()).contains(MORNING));
    assertThat(scenario.outcome("twilio_message_deferred").properties().entries())
        .containsEntry("until", MORNING.toString())
        .containsEntry("widget", "ask")
        .containsEntry("occasion", "business_started")
        .hasEntrySatisfying("rule", rule -> assertThat((String) rule).startsWith("quiet_hours US "))
        .hasEntrySatisfying("source", it -> assertThat((String) it).contains("47 CFR 64.1200"));
  }

  @Test
  void itLeavesInTheMorningAndTheReplyIsWaitedForFromThenOn() {
    Scenario scenario = atNight();
    scenario.trigger();

    scenario.later(Duration.ofHours(11));

    assertThat(scenario.texts()).containsExactly("Need help?");
    assertThat(times(scenario)).containsExactly(MORNING);
    assertThat(scenario.timers())
        .filteredOn(it -> it.purpose() == ScheduleTimer.Purpose.REPLY_TIMEOUT)
        .extracting(ScheduleTimer::dueAt)
        .containsExactly(MORNING.plus(Duration.ofHours(1)));
  }

  @Test
  void anAnswerLeavesAtNightAndIsMarked() {
    Scenario scenario = atNight();

    scenario.reply("Where is my order?");

    assertThat(scenario.texts()).containsExactly("Need help?");
    assertThat(scenario.outcome("twilio_message_sent").properties().text("exempt"))
        .contains("answers within 15 minutes");
    assertThat(scenario.outcomeNames()).doesNotContain("twilio_message_deferred");
  }

  @Test
  void anAnswerThatTookLongerThanTheExemptionWaits() {
    Scenario scenario = atNight();

    scenario.takeArrived(reply(), NIGHT.minus(Duration.ofMinutes(16)));

    assertThat(scenario.texts()).isEmpty();
    assertThat(scenario.waiting().getFirst().notBefore()).contains(MORNING);
  }

  private static Event reply() {
    return new Event.ReplyReceived(
        new io.parley.engine.MessageSid("SM1"),
        Values.of("Body", "Hello?"),
        List.of(),
        "scenario",
        Optional.of(Flows.scenario("hours").flow()));
  }

  @Test
  void whatATimerSendsWaitsAlthoughTheContactWroteAnHourAgo() {
    Scenario scenario = Flows.scenario("hours").bound().at(EVENING);
    scenario.reply("Hello?");

    scenario.timeout();

    assertThat(scenario.texts()).containsExactly("Need help?");
    assertThat(scenario.outcome("twilio_message_deferred").properties().entries())
        .containsEntry("until", MORNING.toString())
        .containsEntry("occasion", "timer");
  }

  @Test
  void aQuestionThatTheContactOvertookIsAskedNoMore() {
    Scenario scenario = atNight();
    scenario.trigger();

    scenario.reply("Where is my order?");
    scenario.later(Duration.ofHours(24));

    assertThat(scenario.texts()).containsExactly("Here you are.");
    assertThat(times(scenario)).containsExactly(NIGHT);
  }

  @Test
  void whoBuysOrStopsMeanwhileIsSentNothing() {
    Scenario buyer = atNight();
    buyer.trigger();
    Scenario stopper = atNight();
    stopper.trigger();

    buyer.purchase();
    stopper.reply("STOP");

    assertThat(buyer.later(Duration.ofHours(24)).texts()).isEmpty();
    assertThat(stopper.later(Duration.ofHours(24)).texts()).isEmpty();
  }

  @Test
  void whereNoMomentIsOpenTheWidgetFails() {
    Scenario scenario =
        Flows.scenario("hours")
            .by(
                Policies.of(
                    "hours",
                    Map.of(
                        "quiet",
                        "own",
                        "own",
                        List.of(Map.of("where", "*", "days", "mon-sun", "open", "shut")))));

    scenario.trigger();

    assertThat(scenario.path()).contains(new Hop("ask", "deliveryFailure", "sorry"));
    assertThat(scenario.outcome("twilio_message_refused").properties().text("reason"))
        .contains("quiet_hours_never");
    assertThat(scenario.sent()).isEmpty();
  }

  @Test
  void hoursThatAreOffHoldNothingBack() {
    Scenario scenario = atNight().by(Policies.of("hours", Map.of("quiet", "off")));

    scenario.trigger();

    assertThat(scenario.texts()).containsExactly("Need help?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"time_zone", "postal_code", "state"})
  void whatTheParametersSayOfThePlaceCounts(String name) {
    Map<String, String> places =
        Map.of("time_zone", "Europe/Berlin", "postal_code", "96813", "state", "HI");
    Scenario scenario = Flows.scenario("hours").at(Instant.parse("2026-03-02T17:00:00Z"));

    scenario.take(
        new Event.Triggered(
            scenario.flow(),
            Person.UNKNOWN,
            Values.of(name, places.getOrDefault(name, "")),
            scenario.now()));

    // 18:00 in Berlin, 7:00 in Honolulu.
    assertThat(scenario.sent()).hasSize(name.equals("time_zone") ? 1 : 0);
  }

  // ---- beside the hours

  @Test
  void theThrottleAndTheHoursBothHoldAndAllReasonsAreNamed() {
    Scenario scenario =
        Flows.scenario("hours")
            .at(EVENING.minus(Duration.ofMinutes(40)))
            .by(Policies.of("throttle", Map.of("spacing", "PT90M")));
    scenario.trigger();

    scenario.timeout();

    Values deferred = scenario.outcome("twilio_message_deferred").properties();
    assertThat(deferred.text("until")).contains(MORNING.toString());
    assertThat((List<?>) deferred.entries().get("reasons"))
        .extracting(it -> String.valueOf(((Map<?, ?>) it).get("rule")).split(" ", 2)[0])
        .containsExactly("throttle", "quiet_hours");
  }

  @Test
  void anAnswerIsNotThrottled() {
    Scenario scenario = Flows.scenario("hours").by(Policies.of("throttle", Map.of("per_day", 1)));
    scenario.trigger();

    scenario.reply("yes");

    assertThat(scenario.texts()).containsExactly("Need help?", "Here you are.");
  }

  @Test
  void aTextThatIsTooLongFailsAtTheWidget() {
    Scenario scenario = Flows.scenario("say");

    scenario.trigger(Values.of("text", "x".repeat(1_601)));

    assertThat(scenario.sent()).isEmpty();
    assertThat(scenario.path()).contains(new Hop("say", "failed", "sorry"));
    assertThat(scenario.outcome("twilio_message_refused").properties().entries())
        .containsEntry("reason", "too_long")
        .containsEntry("error_code", 21617L);
  }

  @Test
  void segmentsAreCountedBeforeSending() {
    Scenario scenario = Flows.scenario("say");

    scenario.trigger(Values.of("text", "ö".repeat(100) + "ő"));

    assertThat(scenario.outcome("twilio_message_sent").properties().entries())
        .containsEntry("segments", 2L)
        .containsEntry("encoding", "UCS-2");
  }

  @Test
  void templatesReadCalendars() {
    Scenario scenario =
        Flows.scenario("say", Flows.flow("calendar"))
            .by(
                Policies.of(
                    "calendars",
                    Map.of(
                        "support",
                        Map.of(
                            "time_zone",
                            "America/New_York",
                            "hours",
                            Map.of("mon-fri", "09:00-17:00")))));

    scenario.trigger();

    // 2026-03-01 is a Sunday.
    assertThat(scenario.texts()).containsExactly("open: false, from 2026-03-02T09:00-05:00");
  }

  // ---- triggers

  @Test
  void aTriggerWhoseHoursOpenTooLateIsRefused() {
    Scenario scenario =
        Flows.scenario("hours").at(NIGHT).by(Policies.of("trigger", Map.of("stale_after", "PT9H")));

    scenario.trigger();

    assertThat(scenario.refusals()).containsExactly(Reason.STALE);
    assertThat(scenario.outcome("conversation_refused").properties().text("reason"))
        .contains("stale");
  }

  @Test
  void oldCartsAndIneligiblePeopleAreRefused() {
    Scenario scenario = Flows.scenario("hours");
    Instant old = scenario.now().minus(Duration.ofHours(73));

    scenario.trigger(Values.of("commerce", Values.of("cart_snapshot_at", old.toString())));
    scenario.trigger(Values.of("commerce", Values.of("cart_snapshot_at", old.getEpochSecond())));
    scenario.trigger(Flows.controls("eligible", false));
    scenario.trigger(Flows.controls("eligible", "false"));
    scenario.trigger(Flows.controls("eligible", true));

    assertThat(scenario.refusals())
        .containsExactly(
            Reason.STALE_CART, Reason.STALE_CART, Reason.NOT_ELIGIBLE, Reason.NOT_ELIGIBLE);
    assertThat(scenario.texts()).hasSize(1);
  }

  @Test
  void aSecondTriggerWithTheSameFrequencyCapKeyIsRefusedWithinTheWindow() {
    Scenario scenario =
        Flows.scenario("nothing").by(Policies.of("frequency", Map.of("window", "P1D")));

    scenario.trigger(Flows.controls("frequency_cap_key", "recovery"));
    scenario.trigger(Flows.controls("frequency_cap_key", "recovery"));
    scenario.trigger(Flows.controls("frequency_cap_key", "reviews"));
    scenario.later(Duration.ofHours(24)).trigger(Flows.controls("frequency_cap_key", "recovery"));

    assertThat(scenario.refusals()).containsExactly(Reason.FREQUENCY_CAP);
  }

  @Test
  void withoutAWindowFrequencyCapsAreCustomerIosAlone() {
    Scenario scenario = Flows.scenario("nothing");

    scenario.trigger(Flows.controls("frequency_cap_key", "recovery"));
    scenario.trigger(Flows.controls("frequency_cap_key", "recovery"));

    assertThat(scenario.refusals()).isEmpty();
    assertThat(scenario.effects()).noneMatch(Effect.CountTrigger.class::isInstance);
  }

  // ---- WhatsApp

  private static final Address WHATSAPP = new Address("whatsapp:+14155550100");

  private static Scenario whatsApp(String flow) {
    return Scenario.of(flow, Flows.flow(flow), Flows::keywords, WHATSAPP).bound();
  }

  @Test
  void freeTextOutsideTheWindowFailsAtTheWidget() {
    Scenario scenario = whatsApp("hours");

    scenario.trigger();

    assertThat(scenario.sent()).isEmpty();
    assertThat(scenario.outcome("twilio_message_refused").properties().text("reason"))
        .contains("outside_window");
    assertThat(scenario.path()).contains(new Hop("ask", "deliveryFailure", "sorry"));
  }

  @Test
  void theFallbackGoesBySmsToTheSameNumber() {
    Scenario scenario = whatsApp("fallback");

    scenario.trigger();

    assertThat(scenario.sent())
        .singleElement()
        .satisfies(
            send -> {
              assertThat(send.to()).isEqualTo(Scenario.THEIRS);
              assertThat(send.to().channel()).isEqualTo(Channel.SMS);
              assertThat(send.from()).isEqualTo(new Address("+15005550007"));
            });
    assertThat(scenario.outcome("twilio_message_sent").properties().text("fallback"))
        .contains("sms");
  }

  @Test
  void theWindowIsOpenForADayAfterAMessage() {
    Scenario scenario = whatsApp("fallback");

    scenario.reply("hello");
    scenario.reply("shipping?");

    assertThat(scenario.texts()).containsExactly("Need help?", "Here you are.");
    assertThat(scenario.sent()).allMatch(send -> send.to().equals(WHATSAPP));
  }

  @Test
  void twilioKnowsBetterThanOurClock() {
    Scenario scenario = whatsApp("fallback").holdSends();
    scenario.reply("hello");

    scenario.refuse(63016, "outside_window", Optional.empty());

    assertThat(scenario.waiting())
        .extracting(send -> send.to().value())
        .containsExactly("+14155550100");
    assertThat(scenario.conversation().traffic().window().isOpen(scenario.now())).isFalse();
  }

  /// Twilio takes what WhatsApp refuses a moment later.
  private static void lost(Scenario scenario, int message) {
    Effect.Send send = scenario.sent().get(message);
    Event.DeliveryReported report =
        Scenario.report(send, MessageStatus.FAILED, 63016, Optional.empty());
    scenario.take(
        new Event.DeliveryReported(
            report.effect(),
            report.sid(),
            report.status(),
            report.errorCode(),
            "outside_window",
            report.block(),
            report.parameters()));
  }

  @Test
  void aPlainMessageThatIsLostLaterIsReportedWithItsClassAndMovesNothing() {
    Scenario scenario = whatsApp("plain");
    scenario.reply("hello");

    lost(scenario, 0);

    assertThat(scenario.outcome("twilio_message_failed").properties().entries())
        .containsEntry("error_code", 63016L)
        .containsEntry("reason", "outside_window");
    assertThat(scenario.path()).contains(new Hop("hello", "sent", "ask"));
    assertThat(scenario.conversation().execution()).isPresent();
    assertThat(scenario.texts()).as("nothing more").containsExactly("Hello.", "Need help?");
    assertThat(scenario.conversation().traffic().window().isOpen(scenario.now())).isFalse();
  }

  @Test
  void theQuestionThatIsLostLaterTakesItsExit() {
    Scenario scenario = whatsApp("plain");
    scenario.reply("hello");

    lost(scenario, 0);
    lost(scenario, 1);

    assertThat(scenario.path())
        .containsSubsequence(
            new Hop("hello", "sent", "ask"), new Hop("ask", "deliveryFailure", "sorry"));
    assertThat(scenario.texts()).containsExactly("Hello.", "Need help?");
  }

  @Test
  void aPlainMessageThatTwilioRefusesFailsAndWhatFollowsIsNotSent() {
    Scenario scenario = whatsApp("plain").holdSends();
    scenario.reply("hello");

    scenario.refuse(63016, "outside_window", Optional.empty());

    assertThat(scenario.path()).contains(new Hop("hello", "failed", "sorry"));
    assertThat(scenario.outcome("twilio_message_failed").properties().text("reason"))
        .contains("outside_window");
    assertThat(scenario.waiting()).isEmpty();
  }

  @Test
  void aPlainMessageThatIsLostAfterTheEndIsReportedStill() {
    Scenario scenario = whatsApp("plain");
    scenario.reply("hello");
    scenario.reply("no");

    lost(scenario, 2);

    assertThat(scenario.conversation().execution()).isEmpty();
    assertThat(scenario.outcome("twilio_message_failed").properties().text("reason"))
        .contains("outside_window");
    assertThat(scenario.texts()).containsExactly("Hello.", "Need help?", "Bye.");
  }

  @Test
  void templatesPassButNoMarketingToTheUnitedStates() {
    Scenario unnamed = whatsApp("template");
    Scenario marketing =
        whatsApp("template")
            .by(
                Policies.of(
                    "whatsapp",
                    Map.of(
                        "templates", Map.of("HX0123456789abcdef0123456789abcdef", "marketing"))));

    unnamed.trigger();
    marketing.trigger();

    assertThat(unnamed.sent()).hasSize(1);
    assertThat(marketing.sent()).isEmpty();
    assertThat(marketing.outcome("twilio_message_refused").properties().text("reason"))
        .contains("marketing_template");
  }

  // ---- whatever happens

  @Property(tries = 400)
  void nothingLeavesOutsideHoursThatIsNoAnswer(
      @ForAll("walks") Walk walk,
      @ForAll("flows") String flow,
      @ForAll("beginnings") Instant beginning,
      @ForAll("policies") Policy policy) {
    Scenario scenario = walk.through(flow, Flows.flow(flow), beginning, policy);

    for (Departed departed : scenario.departed()) {
      if (departed.send().purpose() == Effect.Send.Purpose.FLOW
          && departed.send().to().equals(Scenario.THEIRS)) {
        LocalTime local = LocalTime.ofInstant(departed.at(), PACIFIC);
        boolean open = !local.isBefore(LocalTime.of(8, 0)) && local.isBefore(LocalTime.of(21, 0));
        boolean answers =
            departed
                .heardAt()
                .filter(heard -> !departed.at().isAfter(heard.plus(Duration.ofMinutes(15))))
                .isPresent();
        assertThat(open || answers).as("%s at %s", departed, local).isTrue();
        assertThat(departed.send().departure().orElseThrow().look(policy.hours(), departed.at()))
            .isInstanceOfAny(Verdict.Go.class, Verdict.GoExempt.class);
      }
    }
  }

  @Provide
  Arbitrary<Walk> walks() {
    return Walk.any();
  }

  @Provide
  Arbitrary<String> flows() {
    return Arbitraries.of("hours", "survey", "asking-loop", "repeat");
  }

  @Provide
  Arbitrary<Instant> beginnings() {
    return Arbitraries.integers()
        .between(0, 60 * 24 * 365)
        .map(minutes -> Instant.parse("2026-03-02T00:00:00Z").plus(Duration.ofMinutes(minutes)));
  }

  @Provide
  Arbitrary<Policy> policies() {
    return Arbitraries.of(
        Policies.of("hours", Map.of("quiet", "federal")),
        Policies.of("hours", Map.of("quiet", "state")),
        Policies.of(
            Map.of(
                "hours",
                Map.of("quiet", "strict"),
                "throttle",
                Map.of("per_hour", 2, "per_day", 5, "spacing", "PT5M"))));
  }
}
