package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.Block;
import io.parley.engine.Event;
import io.parley.engine.Hop;
import io.parley.engine.Reason;
import io.parley.engine.Step;
import io.parley.engine.Values;
import io.parley.engine.policy.Consent;
import io.parley.engine.policy.Consent.Method;
import io.parley.engine.policy.Consent.State;
import io.parley.engine.policy.ConsentChannel;
import io.parley.engine.policy.PersonFacts;
import io.parley.engine.policy.Policy;
import io.parley.testkit.Scenario;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Consents that are taken back elsewhere while a conversation goes on, and those that a message by
/// another channel needs.
class RevocationTest {

  private static final Address WHATSAPP = new Address("whatsapp:" + Scenario.THEIRS);

  private final List<Consent> consents = new ArrayList<>();
  private Optional<Block> blockOfSms = Optional.empty();

  private PersonFacts facts() {
    return new PersonFacts(
        Optional.of("42"),
        List.of(
            new PersonFacts.Known(WHATSAPP, Optional.empty(), Instant.EPOCH),
            new PersonFacts.Known(Scenario.THEIRS, blockOfSms, Instant.EPOCH)),
        Optional.empty(),
        List.of(),
        consents);
  }

  private static Consent consent(
      ConsentChannel channel, String programme, State state, Instant at) {
    return new Consent(
        Optional.of(Scenario.THEIRS.value()),
        Optional.of("42"),
        channel,
        programme,
        state,
        Method.PREFERENCES,
        "shop",
        "box cleared",
        at);
  }

  private Scenario survey() {
    return Flows.scenario("survey").of(this::facts);
  }

  /// It is on record, and the thread hears of it.
  private Step revoke(Scenario scenario, Consent consent) {
    consents.add(consent);
    return scenario.take(new Event.ConsentRevoked(consent, "Consent Revoked", Values.EMPTY));
  }

  private Step revoke(Scenario scenario, ConsentChannel channel, String programme) {
    return revoke(scenario, consent(channel, programme, State.REVOKED, scenario.now()));
  }

  // ---- taken back

  @Test
  void theConversationThatItIsAboutEndsAndSaysWhy() {
    Scenario scenario = survey().holdSends();
    scenario.trigger();

    revoke(scenario, ConsentChannel.SMS, "marketing");

    assertThat(scenario.waiting()).as("what was to leave does not").isEmpty();
    assertThat(scenario.conversation().execution()).isEmpty();
    assertThat(scenario.conversation().engagement().window()).isEmpty();
    assertThat(scenario.outcome("consent_revoked").properties().entries())
        .containsEntry("consent_channel", "sms")
        .containsEntry("programme", "marketing")
        .containsEntry("method", "preferences")
        .containsEntry("source", "shop")
        .containsEntry("evidence", "box cleared");
    assertThat(scenario.outcome("twilio_flow_completed").properties())
        .satisfies(
            told -> {
              assertThat(told.text("result")).contains("opted_out");
              assertThat(told.text("explanation"))
                  .contains("the person took back the consent for sms, programme marketing");
            });
    assertThat(scenario.outcomeNames()).as("nobody wrote STOP").doesNotContain("opted_out");
    scenario.later(Duration.ofHours(1)).trigger();
    assertThat(scenario.refusals()).containsExactly(Reason.OPTED_OUT);
  }

  @Test
  void otherChannelsAndProgrammesGoOn() {
    Scenario scenario = survey();
    scenario.trigger();

    revoke(scenario, ConsentChannel.EMAIL, "marketing");
    revoke(scenario, ConsentChannel.WHATSAPP, "marketing");
    revoke(scenario, ConsentChannel.SMS, "newsletter");

    assertThat(scenario.conversation().execution()).isPresent();
    assertThat(scenario.refusals())
        .containsExactly(Reason.UNEXPECTED_EVENT, Reason.UNEXPECTED_EVENT, Reason.UNEXPECTED_EVENT);
  }

  @Test
  void anotherNumbersConsentIsNotThisOnes() {
    Scenario scenario = survey();
    scenario.trigger();
    Consent other =
        new Consent(
            Optional.of("+14155550199"),
            Optional.of("42"),
            ConsentChannel.SMS,
            "marketing",
            State.REVOKED,
            Method.PREFERENCES,
            "shop",
            "",
            scenario.now());

    revoke(scenario, other);

    assertThat(scenario.conversation().execution()).isPresent();
  }

  @Test
  void theProgrammeIsTheTriggersHoweverItIsWritten() {
    Scenario scenario = survey();
    scenario.trigger(Flows.controls("programme", " Newsletter"));

    revoke(scenario, ConsentChannel.SMS, "newsletter");

    assertThat(scenario.conversation().execution()).isEmpty();
  }

  @Test
  void aStopThatWasToldElsewhereReachesAsFarAsThePolicySays() {
    Scenario all = survey();
    Scenario channel = survey().by(Policies.of("consent", Map.of("opt_out_scope", "channel")));
    all.trigger();
    channel.trigger();
    Consent stop =
        new Consent(
            Optional.of(Scenario.THEIRS.value()),
            Optional.empty(),
            ConsentChannel.WHATSAPP,
            "marketing",
            State.REVOKED,
            Method.KEYWORD,
            "elsewhere",
            "STOP",
            all.now());

    revoke(all, stop);
    revoke(channel, stop);

    assertThat(all.conversation().execution()).isEmpty();
    assertThat(channel.conversation().execution()).isPresent();
  }

  @Test
  void oneThatIsOlderThanTheLastWordChangesNothing() {
    Scenario scenario = survey();
    consents.add(consent(ConsentChannel.SMS, "marketing", State.GRANTED, scenario.now()));
    scenario.trigger();

    revoke(
        scenario,
        consent(ConsentChannel.SMS, "marketing", State.REVOKED, scenario.now().minusSeconds(60)));

    assertThat(scenario.conversation().execution()).isPresent();
    assertThat(scenario.refusals()).containsExactly(Reason.OPT_OUT_LIFTED);
  }

  @Test
  void whereNothingRunsThereIsNothingToEnd() {
    Scenario scenario = survey();

    revoke(scenario, ConsentChannel.SMS, "marketing");

    assertThat(scenario.refusals()).containsExactly(Reason.NO_EXECUTION);
  }

  // ---- on another channel

  private Scenario fallingBack(Policy policy) {
    Scenario scenario =
        Scenario.of("fallback", Flows.flow("fallback"), Flows::keywords, WHATSAPP).by(policy);
    consents.add(consent(ConsentChannel.WHATSAPP, "marketing", State.GRANTED, Instant.EPOCH));
    return scenario.of(this::facts);
  }

  private static String refusal(Scenario scenario) {
    assertThat(scenario.sent()).isEmpty();
    assertThat(scenario.path()).contains(new Hop("ask", "deliveryFailure", "sorry"));
    return scenario.outcome("twilio_message_refused").properties().text("reason").orElse("");
  }

  /// The reason that came after WhatsApp's own.
  private static List<String> refusals(Scenario scenario) {
    assertThat(refusal(scenario)).isNotEmpty();
    return scenario.outcomes().stream()
        .filter(it -> it.name().equals("twilio_message_refused"))
        .map(it -> it.properties().text("reason").orElse(""))
        .toList();
  }

  @Test
  void theFallbackGoesWhereNothingForbidsIt() {
    Scenario scenario = fallingBack(Policy.DEFAULT);

    scenario.trigger();

    assertThat(scenario.sent()).singleElement().matches(it -> it.to().equals(Scenario.THEIRS));
  }

  @Test
  void theFallbackNeedsTheConsentThatThePolicyAsksFor() {
    Policy policy = Policies.of("consent", Map.of("required", List.of("sms", "whatsapp")));
    Scenario without = fallingBack(policy);
    without.trigger();
    assertThat(refusals(without)).contains("no_consent");

    consents.add(consent(ConsentChannel.SMS, "marketing", State.GRANTED, Instant.EPOCH));
    Scenario with = fallingBack(policy);
    with.trigger();
    assertThat(with.sent()).hasSize(1);
  }

  @Test
  void theFallbackDoesNotGoWhereTheConsentWasTakenBack() {
    Scenario scenario = fallingBack(Policy.DEFAULT);
    consents.add(consent(ConsentChannel.SMS, "marketing", State.REVOKED, Instant.EPOCH));

    scenario.trigger();

    assertThat(refusals(scenario)).contains("opted_out");
  }

  @Test
  void theFallbackDoesNotGoToAnAddressThatIsClosed() {
    Policy byChannel = Policies.of("consent", Map.of("opt_out_scope", "channel"));
    blockOfSms = Optional.of(Block.OPTED_OUT);
    Scenario optedOut = fallingBack(byChannel);
    optedOut.trigger();
    blockOfSms = Optional.of(Block.UNREACHABLE);
    Scenario unreachable = fallingBack(byChannel);
    unreachable.trigger();

    assertThat(refusals(optedOut)).contains("opted_out");
    assertThat(refusals(unreachable)).contains("unreachable");
  }

  @Test
  void theFallbackAfterTwiliosRefusalIsJudgedAsWell() {
    Scenario scenario = fallingBack(Policy.DEFAULT).bound().holdSends();
    consents.add(consent(ConsentChannel.SMS, "marketing", State.REVOKED, Instant.EPOCH));
    scenario.reply("hello");

    scenario.refuse(63016, "outside_window", Optional.empty());

    assertThat(scenario.waiting()).noneMatch(it -> it.to().equals(Scenario.THEIRS));
    assertThat(refusals(scenario)).contains("opted_out");
  }

  /// The thread is WhatsApp's, the message on its way is not.
  @Test
  void aFallbackThatWaitsIsWithdrawnWhenSmsIsTakenBack() {
    Scenario scenario = fallingBack(Policy.DEFAULT).holdSends();
    scenario.trigger();
    assertThat(scenario.waiting()).singleElement().matches(it -> it.to().equals(Scenario.THEIRS));

    revoke(scenario, ConsentChannel.SMS, "marketing");

    assertThat(scenario.waiting()).isEmpty();
    assertThat(scenario.conversation().execution()).isEmpty();
  }
}
