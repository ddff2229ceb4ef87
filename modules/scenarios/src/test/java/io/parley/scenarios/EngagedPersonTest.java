package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.Block;
import io.parley.engine.Effect;
import io.parley.engine.Event;
import io.parley.engine.Person;
import io.parley.engine.Reason;
import io.parley.engine.Values;
import io.parley.engine.policy.Consent;
import io.parley.engine.policy.ConsentChannel;
import io.parley.engine.policy.PersonFacts;
import io.parley.testkit.Scenario;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a person does elsewhere, late or twice, and what that means for the thread.
class EngagedPersonTest {

  private static final Address WHATSAPP = new Address("whatsapp:" + Scenario.THEIRS);

  private static Scenario survey() {
    return Flows.scenario("survey");
  }

  private static PersonFacts facts(
      Optional<String> externalId, Optional<Instant> bought, Consent... consents) {
    return new PersonFacts(
        externalId,
        Stream.of(Scenario.THEIRS, WHATSAPP)
            .map(it -> new PersonFacts.Known(it, Optional.empty(), Instant.EPOCH))
            .toList(),
        bought.map(at -> new PersonFacts.Purchase("o-1", at)),
        List.of(),
        List.of(consents));
  }

  // ---- orders

  private static Values cartOf(Instant snapshot) {
    return Values.of("commerce", Values.of("cart_snapshot_at", snapshot.toString()));
  }

  /// The order was placed before the trigger, and would have refused it.
  @Test
  void anOrderOfTheCartThatIsToldOfLateEndsWhatAsksForIt() {
    Scenario scenario = survey();
    scenario.trigger(cartOf(scenario.now().minusSeconds(3600)));
    Instant placed = scenario.now().minusSeconds(5);

    scenario.later(Duration.ofSeconds(3));
    scenario.take(new Event.PurchaseSeen("o-1", Values.EMPTY, placed));

    assertThat(scenario.result()).contains("purchased");
    assertThat(scenario.outcomeNames()).doesNotContain("conversion");
    assertThat(scenario.conversation().engagement().window())
        .hasValueSatisfying(it -> assertThat(it.reason().word()).isEqualTo("purchase"));
    scenario.take(new Event.PurchaseSeen("o-1", Values.EMPTY, placed));
    assertThat(scenario.refusals()).containsExactly(Reason.REPEATED_PURCHASE);
  }

  @Test
  void anOrderFromBeforeTheCartWasFilledChangesNothing() {
    Scenario scenario = survey();
    scenario.trigger(cartOf(scenario.now().minusSeconds(60)));

    scenario.take(new Event.PurchaseSeen("o-1", Values.EMPTY, scenario.now().minusSeconds(120)));

    assertThat(scenario.refusals()).containsExactly(Reason.OLDER_PURCHASE);
    assertThat(scenario.conversation().execution()).isPresent();
  }

  /// Its order is told of late, too, and is what set it off.
  @Test
  void anOrderEndsNothingThatWasSaidToBeForPurchasers() {
    Scenario scenario = survey();
    scenario.trigger(Values.of("controls", Values.of("after_purchase", true)));

    scenario.take(new Event.PurchaseSeen("o-1", Values.EMPTY, scenario.now()));

    assertThat(scenario.conversation().execution()).isPresent();
    assertThat(scenario.outcomeNames()).contains("conversion");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-03-01T17:00:00Z", "2026-03-01T17:00:00+0000", "1772384400"})
  void anOrderSinceTheCartWasDescribedMakesATriggerMoot(String snapshot) {
    Scenario scenario = survey().by(Policies.of("suppression", Map.of("after_purchase", "0")));
    Instant bought = scenario.now().minusSeconds(1800);
    scenario.of(() -> facts(Optional.of("42"), Optional.of(bought)));

    scenario.trigger(Values.of("commerce", Values.of("cart_snapshot_at", snapshot)));

    assertThat(scenario.refusals()).containsExactly(Reason.PURCHASED);
  }

  // ---- names

  /// Else a trigger that names nobody and one that names the person at another address would both
  /// run.
  @Test
  void aTriggerThatNamesNobodyEngagesWhoIsOnRecord() {
    Scenario scenario = survey().of(() -> facts(Optional.of("42"), Optional.empty()));

    scenario.take(
        new Event.Triggered(
            scenario.flow(), Person.UNKNOWN, Values.EMPTY, scenario.now(), Duration.ZERO));

    assertThat(scenario.conversation().engagement().names())
        .containsExactly("id:42", "number:+14155550100");
  }

  // ---- opt-outs

  private static List<Address> lifted(Scenario scenario) {
    return scenario.effects().stream()
        .filter(Effect.UnblockContact.class::isInstance)
        .map(Effect.UnblockContact.class::cast)
        .filter(it -> it.lifts() == Block.OPTED_OUT)
        .map(Effect.UnblockContact::contact)
        .toList();
  }

  private static Consent stopOnWhatsApp(Instant at) {
    return new Consent(
        Optional.of(Scenario.THEIRS.value()),
        Optional.empty(),
        ConsentChannel.WHATSAPP,
        "marketing",
        Consent.State.REVOKED,
        Consent.Method.KEYWORD,
        "",
        "STOP",
        at);
  }

  /// A stop that reaches no other channel is not taken back from another one.
  @ParameterizedTest
  @ValueSource(strings = {"channel", "programme"})
  void startOnOneChannelLeavesAStopOnAnother(String scope) {
    Scenario scenario = survey().by(Policies.of("consent", Map.of("opt_out_scope", scope)));
    Instant before = scenario.now().minusSeconds(60);
    scenario.of(() -> facts(Optional.empty(), Optional.empty(), stopOnWhatsApp(before)));
    scenario.optedOut();

    scenario.later(Duration.ofMinutes(1)).reply("START");

    assertThat(lifted(scenario)).containsOnly(Scenario.THEIRS);
    assertThat(scenario.effects())
        .filteredOn(Effect.RecordConsent.class::isInstance)
        .extracting(it -> ((Effect.RecordConsent) it).consent().channel())
        .containsExactly(ConsentChannel.SMS);
  }

  @Test
  void startLiftsWhatAStopReaches() {
    Scenario scenario = survey();
    scenario.optedOut();

    scenario.later(Duration.ofMinutes(1)).reply("START");

    assertThat(lifted(scenario)).containsExactlyInAnyOrder(Scenario.THEIRS, WHATSAPP);
  }
}
