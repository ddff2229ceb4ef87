package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Effect;
import io.parley.engine.Event;
import io.parley.engine.Values;
import io.parley.engine.flow.Flow;
import io.parley.engine.offers.Grant;
import io.parley.engine.offers.Worth;
import io.parley.testkit.Scenario;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// When a message that carries an offer's code may leave, and what becomes of one that does not.
/// The contact's number is of California, where it is 21:00 at 5:00 UTC and 8:00 at 16:00 UTC.
class OfferDepartureTest {

  private static final Instant EVENING = Instant.parse("2026-03-02T04:40:00Z");
  private static final Instant NIGHT = Instant.parse("2026-03-02T05:10:00Z");
  private static final Instant MORNING = Instant.parse("2026-03-02T16:00:00Z");
  private static final String CODE = "LAW-7KXW4MPN";

  /// A promise with a code, said at night in answer to nothing.
  private static Scenario atNight(Flow flow, Duration good) {
    Scenario scenario = Scenario.of("offers", flow, new Meanings()).by(OfferingTest.POLICY);
    scenario.at(EVENING);
    scenario.trigger();
    scenario.later(Duration.ofMinutes(1)).reply("#shipping how much is it");
    scenario.later(Duration.ofMinutes(1)).reply("#discount any code?");
    scenario.at(NIGHT);
    grant(scenario, good);
    return scenario;
  }

  private static void grant(Scenario scenario, Duration good) {
    Worth worth = Worth.parse("15%").orElseThrow();
    scenario.take(
        new Event.OfferReserved(
            scenario.wishes().getLast().id(),
            new Grant("second", CODE, worth, scenario.now().plus(good))));
  }

  private static long returns(Scenario scenario) {
    return scenario.outcomeNames().stream().filter("offer_returned"::equals).count();
  }

  @Test
  void anOfferThatWillBeOverByTheMorningIsNotPromisedAtNight() {
    Scenario scenario = atNight(OfferingTest.flow("second"), Duration.ofHours(2));

    assertThat(scenario.outcome("twilio_message_refused").properties().entries())
        .containsEntry("reason", "offer_expired")
        .containsEntry("widget", "promise");
    scenario.at(MORNING);
    assertThat(scenario.texts()).noneMatch(it -> it.contains(CODE));
  }

  @Test
  void anOfferThatOutlivesTheNightWaitsForTheMorning() {
    Scenario scenario = atNight(OfferingTest.flow("second"), Duration.ofDays(2));

    scenario.at(MORNING);

    assertThat(scenario.texts()).last().asString().contains(CODE);
  }

  /// An outage may hold a message up until its offer is over.
  @Test
  void aMessageWithACodeIsDroppedOnceTheOfferIsOver() {
    Scenario scenario = atNight(OfferingTest.flow("second"), Duration.ofDays(2));

    assertThat(scenario.waiting())
        .singleElement()
        .satisfies(it -> assertThat(it.leaveBy()).contains(NIGHT.plus(Duration.ofDays(2))));
  }

  @Test
  void aCodeWithinAShortLinkIsSeen() {
    Flow flow =
        Drafts.flow()
            .ask("first", "What is in the way?", "incomingMessage>second", "timeout>gate")
            .ask("second", "And now?", "incomingMessage>gate", "timeout>gate")
            .widget(
                "gate",
                "parley.gate-offer",
                "{\"offer\": \"second\"}",
                "granted>promise",
                "withheld")
            .widget(
                "promise",
                "send-message",
                "{\"from\": \"{{flow.channel.address}}\", \"to\": \"{{contact.channel.address}}\","
                    + " \"body\": \"https://shop.example/discount/{{flow.offer.code}}\","
                    + " \"shorten_urls\": true}",
                "sent",
                "failed")
            .read();

    Scenario scenario = atNight(flow, Duration.ofHours(2));

    assertThat(scenario.outcome("twilio_message_refused").properties().text("reason"))
        .contains("offer_expired");
    assertThat(scenario.effects()).noneMatch(Effect.KeepLink.class::isInstance);
  }

  @Test
  void anOfferGoesBackOnce() {
    Scenario scenario = OfferingTest.troubled(OfferingTest.flow("second"), Values.EMPTY);
    scenario.holdSends();
    grant(scenario, Duration.ofDays(2));
    Effect.Send promise = scenario.waiting().getLast();
    scenario.reply("STOP");
    assertThat(returns(scenario)).isEqualTo(1);

    scenario.take(
        new Event.SendFailed(promise.id(), 30008, "unknown", "told to fail", Optional.empty()));

    assertThat(returns(scenario)).isEqualTo(1);
    assertThat(scenario.effects().stream().filter(Effect.ReturnOffer.class::isInstance).toList())
        .hasSize(1);
    assertThat(scenario.conversation().bargain().held()).isEqualTo(Optional.empty());
  }
}
