package io.parley.networks;

import static io.parley.networks.Samples.ASHA;
import static io.parley.networks.Samples.conversion;
import static io.parley.networks.Samples.conversions;
import static io.parley.networks.Samples.order;
import static io.parley.networks.Samples.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.parley.edge.OutcomeSink.Composed;
import io.parley.edge.OutcomeSink.Response;
import io.parley.edge.OutcomeSink.Verdict.Refused;
import io.parley.edge.OutcomeSink.Verdict.Retry;
import io.parley.engine.Effect;
import io.parley.engine.Values;
import io.parley.networks.GoogleConsent.State;
import io.parley.networks.GoogleEvents.EventSource;
import io.parley.networks.GoogleEvents.Settings;
import io.parley.networks.StandIn.Trouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoogleEventsTest {

  private static final GoogleAccount ACCOUNT = new GoogleAccount("123-456-7890", Optional.empty());

  private final VirtualClock clock = new VirtualClock();
  private final DataManagerStandIn google = new DataManagerStandIn(clock);
  private final GoogleEvents sink =
      new GoogleEvents(Settings.of("google", ACCOUNT, "77"), () -> "ACCESS", clock);

  @Test
  void aConversionIsAnEventOfWhatTheContractAllowsAndNothingElse() {
    Composed composed = sink.compose(List.of(conversion(0, order("1001"))));

    assertThat(composed.method()).isEqualTo("POST");
    assertThat(composed.url()).isEqualTo("https://datamanager.googleapis.com/v1/events:ingest");
    assertThat(composed.headers()).containsEntry("Authorization", "Bearer ACCESS");
    assertThat(composed.body())
        .isEqualTo(
            """
            {"destinations":[{"reference":"77","operatingAccount":{"accountType":"GOOGLE_ADS",\
            "accountId":"1234567890"},"productDestinationId":"77"}],"events":[{\
            "destinationReferences":["77"],"transactionId":"1001",\
            "eventTimestamp":"2026-03-01T10:15:00Z","eventSource":"WEB","conversionValue":82.5,\
            "currency":"USD","userData":{"userIdentifiers":[{"emailAddress":\
            "ea4e36a829983d27e865b649cd10fcb61f2f1bcd857b47ab709e7adbe941ab68"},{"phoneNumber":\
            "40d3f4e02db27d66cf4cfdda506c2c945f115a7955cc8491dda98ce5beabcda0"}]}}],\
            "encoding":"HEX"}""");
  }

  @Test
  void severalOutcomesGoToConversionActionsOfTheirOwnWithConsentAndAManagersRights() {
    Settings settings =
        new Settings(
            new Activation(
                "google",
                Map.of("conversion", "77", "agent_handoff", "78"),
                Rule.OF_THE_NETWORK,
                CountedBy.ORDER),
            new GoogleAccount("1234567890", Optional.of("999-999-9999")),
            EventSource.OTHER,
            new GoogleConsent(Optional.of(State.GRANTED), Optional.of(State.GRANTED)),
            GoogleEvents.BASE);
    GoogleEvents both = new GoogleEvents(settings, () -> "ACCESS", clock);

    Composed composed =
        both.compose(
            List.of(
                conversion(0, order("1001")),
                outcome(1, "agent_handoff", ASHA, Values.of("order_id", "1001"))));

    assertThat(google.apply(composed).status()).isEqualTo(200);
    assertThat(google.counted).containsOnlyKeys("[77] 1001", "[78] 1001");
    assertThat(composed.body())
        .contains("\"loginAccount\":{\"accountType\":\"GOOGLE_ADS\",\"accountId\":\"9999999999\"}")
        .contains(
            "\"consent\":{\"adUserData\":\"CONSENT_GRANTED\","
                + "\"adPersonalization\":\"CONSENT_GRANTED\"}");
  }

  @Test
  void twoThousandFitARequestAndRepeatsCountOnce() {
    google.troubles.add(new Trouble.AnswerLost());

    Delivery delivery = new Delivery(sink, clock).of(conversions(2_500), google);

    assertThat(delivery.requests).isEqualTo(3);
    assertThat(delivery.delivered).isEqualTo(conversions(2_500));
    assertThat(google.counted).hasSize(2_500);
  }

  @Test
  void anEventThatFailsTheRequestIsRefusedAndAllOthersCount() {
    Effect.Outgoing bad = conversion(500, order("bad").with("currency", "XXX"));
    List<Effect.Outgoing> effects = new ArrayList<>(conversions(20));
    effects.add(7, bad);

    Delivery delivery = new Delivery(sink, clock).of(effects, google);

    assertThat(delivery.deadLetters)
        .containsOnly(
            Map.entry(
                bad,
                "Google (INVALID_CURRENCY_CODE): events.events[7].currency It is"
                    + " INVALID_CURRENCY_CODE."));
    assertThat(delivery.delivered).isEqualTo(conversions(20));
    assertThat(delivery.requests).isEqualTo(2);
  }

  @Test
  void aWrongConversionActionIsWaitedFor() {
    GoogleEvents wrong =
        new GoogleEvents(Settings.of("google", ACCOUNT, "1"), () -> "ACCESS", clock);
    Composed composed = wrong.compose(conversions(2));

    assertThat(wrong.read(composed, google.apply(composed)))
        .containsOnly(
            new Retry(
                "Google (INVALID_CONVERSION_ACTION_ID): destinations[0] It is"
                    + " INVALID_CONVERSION_ACTION_ID.",
                Optional.empty()));
  }

  @Test
  void aFaultOfNoEventInParticularIsFoundByHalves() {
    Response response = DataManagerStandIn.error(400, "INVALID_ARGUMENT", List.of());

    assertThat(sink.blamesTheWhole(sink.compose(conversions(2)), response)).isTrue();
    assertThat(sink.read(sink.compose(conversions(1)), response))
        .containsExactly(
            new Refused("Google (INVALID_ARGUMENT): There was a problem with the request."));
  }

  @Test
  void refusedCredentialsAreSaidToBe() {
    GoogleEvents stranger =
        new GoogleEvents(Settings.of("google", ACCOUNT, "77"), () -> "STALE", clock);
    Composed composed = stranger.compose(conversions(1));

    assertThat(stranger.read(composed, google.apply(composed)))
        .singleElement()
        .isInstanceOfSatisfying(
            Retry.class, retry -> assertThat(retry.why()).startsWith("Google refuses us (403)"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 302, 400, 429, 500, 503})
  void otherAnswersAreTriedAgain(int status) {
    assertThat(sink.read(sink.compose(conversions(1)), new Response(status, Map.of(), "<html>")))
        .containsExactly(new Retry("Google answered " + status, Optional.empty()));
  }

  @Test
  void aLimitIsWaitedOut() {
    google.troubles.add(new Trouble.Answered(new Response(429, Map.of("retry-after", "60"), "{}")));

    assertThat(new Delivery(sink, clock).of(conversions(1), google).delivered).hasSize(1);
    assertThat(clock.instant()).isEqualTo(Samples.NOW.plus(Duration.ofMinutes(1)));
  }

  @Test
  void moreConversionActionsThanARequestMayNameAreTwoDestinations() {
    Map<String, String> events =
        IntStream.range(0, 11).boxed().collect(Collectors.toMap(n -> "outcome" + n, n -> "" + n));
    Activation activation = new Activation("google", events, Rule.OF_THE_NETWORK, CountedBy.ORDER);

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Settings(
                    activation,
                    ACCOUNT,
                    EventSource.WEB,
                    GoogleConsent.UNSPECIFIED,
                    GoogleEvents.BASE))
        .withMessage("destination google has more than 10 conversion actions: make two of it");
  }
}
