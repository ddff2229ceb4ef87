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
import io.parley.edge.OutcomeSink.Verdict.Delivered;
import io.parley.edge.OutcomeSink.Verdict.Refused;
import io.parley.edge.OutcomeSink.Verdict.Retry;
import io.parley.engine.Address;
import io.parley.engine.Effect;
import io.parley.engine.Person;
import io.parley.networks.GoogleConsent.State;
import io.parley.networks.GoogleEnhancedConversions.Settings;
import io.parley.networks.StandIn.Trouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoogleEnhancedConversionsTest {

  private static final GoogleAccount ACCOUNT =
      new GoogleAccount("123-456-7890", Optional.of("999-999-9999"));

  private static final Settings SETTINGS =
      new Settings(
          Activation.ofConversions("google", "77"),
          ACCOUNT,
          "DEVELOPER",
          new GoogleConsent(Optional.of(State.GRANTED), Optional.of(State.DENIED)),
          GoogleEnhancedConversions.BASE);

  private final VirtualClock clock = new VirtualClock();
  private final GoogleAdsStandIn google = new GoogleAdsStandIn(clock);
  private final GoogleEnhancedConversions sink =
      new GoogleEnhancedConversions(SETTINGS, () -> "ACCESS", clock);

  @Test
  void aConversionIsAnUploadOfWhatTheContractAllowsAndNothingElse() {
    Composed composed = sink.compose(List.of(conversion(0, order("1001"))));

    assertThat(composed.method()).isEqualTo("POST");
    assertThat(composed.url())
        .isEqualTo(
            "https://googleads.googleapis.com/v26/customers/1234567890:uploadClickConversions");
    assertThat(composed.headers())
        .containsEntry("Authorization", "Bearer ACCESS")
        .containsEntry("developer-token", "DEVELOPER")
        .containsEntry("login-customer-id", "9999999999");
    assertThat(composed.body())
        .isEqualTo(
            """
            {"conversions":[{"conversionAction":"customers/1234567890/conversionActions/77",\
            "conversionDateTime":"2026-03-01 10:15:00+00:00","conversionValue":82.5,\
            "currencyCode":"USD","orderId":"1001","userIdentifiers":[\
            {"userIdentifierSource":"FIRST_PARTY","hashedEmail":\
            "ea4e36a829983d27e865b649cd10fcb61f2f1bcd857b47ab709e7adbe941ab68"},\
            {"userIdentifierSource":"FIRST_PARTY","hashedPhoneNumber":\
            "40d3f4e02db27d66cf4cfdda506c2c945f115a7955cc8491dda98ce5beabcda0"}],\
            "consent":{"adUserData":"GRANTED","adPersonalization":"DENIED"}}],\
            "partialFailure":true}""");
  }

  @Test
  void anExternalIdAloneIsNothingThatGoogleCouldMatch() {
    Effect.Outgoing unknown =
        new Effect.ReportOutcome(
            Samples.id(0),
            "conversion",
            new Person(Optional.of("cust-42"), ASHA.attributes().with("email", "")),
            new Address("care"),
            order("1"),
            Samples.BOUGHT);

    assertThat(sink.compose(List.of(unknown)).undeliverable())
        .containsEntry(unknown, "the person has neither e-mail address nor phone number");
  }

  @Test
  void itTakesConversionsAlone() {
    assertThat(sink.takes("conversion")).isTrue();
    assertThat(sink.takes("twilio_reply")).isFalse();
  }

  @Test
  void anOrderIsUploadedOnceHoweverOftenItIsTold() {
    List<Effect.Outgoing> told =
        List.of(
            conversion(0, order("1001")),
            conversion(1, order("1002")),
            conversion(2, order("1001")));
    google.troubles.add(new Trouble.AnswerLost());

    Delivery delivery = new Delivery(sink, clock).of(told, google);

    assertThat(delivery.delivered).hasSameElementsAs(told);
    assertThat(delivery.deadLetters).isEmpty();
    assertThat(google.counted)
        .containsOnlyKeys(
            "customers/1234567890/conversionActions/77 1001",
            "customers/1234567890/conversionActions/77 1002");
  }

  @Test
  void manyGoInRequestsOfFiveHundred() {
    Delivery delivery = new Delivery(sink, clock).of(conversions(1_200), google);

    assertThat(delivery.requests).isEqualTo(3);
    assertThat(google.counted).hasSize(1_200);
  }

  @Test
  void ofAPartialFailureThoseNamedAreRefusedAndTheRestIsDelivered() {
    assertThat(
            sink.read(
                sink.compose(conversions(4)),
                GoogleAdsStandIn.partly(
                    List.of(
                        GoogleAdsStandIn.fault(1, "INVALID_USER_IDENTIFIER"),
                        GoogleAdsStandIn.fault(1, "ORDER_ID_CONTAINS_PII"),
                        GoogleAdsStandIn.fault(2, "ORDER_ID_ALREADY_IN_USE"),
                        GoogleAdsStandIn.fault(3, "CLICK_NOT_FOUND")))))
        .containsExactly(
            new Delivered(),
            new Refused("Google Ads (INVALID_USER_IDENTIFIER): It is INVALID_USER_IDENTIFIER."),
            new Delivered(),
            new Delivered());
  }

  @Test
  void aConversionActionThatIsTooYoungIsWaitedFor() {
    google.troubles.add(
        new Trouble.Answered(
            GoogleAdsStandIn.partly(
                List.of(
                    GoogleAdsStandIn.fault(0, "TOO_RECENT_CONVERSION_ACTION"),
                    GoogleAdsStandIn.fault(1, "TOO_RECENT_CONVERSION_ACTION")))));

    Delivery delivery = new Delivery(sink, clock).of(conversions(2), google);

    assertThat(delivery.delivered).hasSize(2);
    assertThat(clock.instant()).isEqualTo(Samples.NOW.plus(Duration.ofHours(1)));
  }

  @ParameterizedTest
  @CsvSource({
    "CUSTOMER_NOT_ACCEPTED_CUSTOMER_DATA_TERMS, accept the customer data terms",
    "CUSTOMER_NOT_ENABLED_ENHANCED_CONVERSIONS_FOR_LEADS, turn on enhanced conversions for leads",
    "NO_CONVERSION_ACTION_FOUND, compare the conversion action's id",
    "INVALID_CONVERSION_ACTION_TYPE, UPLOAD_CLICKS",
  })
  void whatSomebodyHasToMendIsSaidAndWaitedFor(String code, String remedy) {
    assertThat(
            sink.read(
                sink.compose(conversions(1)),
                GoogleAdsStandIn.partly(List.of(GoogleAdsStandIn.fault(0, code)))))
        .singleElement()
        .isInstanceOfSatisfying(Retry.class, retry -> assertThat(retry.why()).contains(remedy));
  }

  @Test
  void aNewDeveloperTokenIsShownTheOtherWay() {
    Response response =
        GoogleAdsStandIn.badRequest(
            List.of(
                GoogleAdsStandIn.fault(
                    "notAllowlistedError", "CUSTOMER_NOT_ALLOWLISTED_FOR_THIS_FEATURE")));

    assertThat(sink.read(sink.compose(conversions(2)), response))
        .containsOnly(
            new Retry(
                "Google Ads (CUSTOMER_NOT_ALLOWLISTED_FOR_THIS_FEATURE): Google lets new developer"
                    + " tokens send conversions by its Data Manager API alone",
                Optional.empty()));
    assertThat(sink.blamesTheWhole(sink.compose(conversions(2)), response)).isFalse();
  }

  @Test
  void aBadRequestThatNamesConversionsTookNone() {
    assertThat(
            sink.read(
                sink.compose(conversions(2)),
                GoogleAdsStandIn.badRequest(List.of(GoogleAdsStandIn.fault(1, "INVALID_VALUE")))))
        .containsExactly(
            new Retry(
                "Google Ads refused the request for another of its conversions", Optional.empty()),
            new Refused("Google Ads (INVALID_VALUE): It is INVALID_VALUE."));
  }

  @Test
  void aFaultOfNoConversionInParticularIsFoundByHalves() {
    Effect.Outgoing bad = conversion(500, order("bad"));
    List<Effect.Outgoing> effects = new ArrayList<>(conversions(40));
    effects.add(11, bad);

    Delivery delivery =
        new Delivery(sink, clock)
            .of(
                effects,
                composed ->
                    composed.body().contains("\"bad\"")
                        ? GoogleAdsStandIn.badRequest(
                            List.of(GoogleAdsStandIn.fault("requestError", "BAD_NUMBER")))
                        : google.apply(composed));

    assertThat(delivery.deadLetters)
        .containsOnly(Map.entry(bad, "Google Ads (BAD_NUMBER): It is BAD_NUMBER."));
    assertThat(google.counted).hasSize(40);
  }

  @Test
  void aBadRequestInOtherWordsIsFoundByHalvesToo() {
    Response response = GoogleAdsStandIn.error(400, "INVALID_ARGUMENT", "Invalid JSON payload");

    assertThat(sink.blamesTheWhole(sink.compose(conversions(2)), response)).isTrue();
    assertThat(sink.read(sink.compose(conversions(1)), response))
        .containsExactly(new Refused("Google Ads (400): Invalid JSON payload"));
  }

  @Test
  void refusedCredentialsAreSaidToBe() {
    GoogleEnhancedConversions stranger =
        new GoogleEnhancedConversions(SETTINGS, () -> "STALE", clock);
    Composed composed = stranger.compose(conversions(1));

    assertThat(stranger.read(composed, google.apply(composed)))
        .containsExactly(
            new Retry(
                "Google Ads refuses us (401): Request had invalid authentication credentials.:"
                    + " renew the credentials, or their rights to this account",
                Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 302, 404, 429, 500, 503})
  void otherAnswersAreTriedAgain(int status) {
    assertThat(
            sink.read(
                sink.compose(conversions(1)),
                new Response(status, Map.of("retry-after", "30"), "<html>")))
        .containsExactly(
            new Retry("Google Ads answered " + status, Optional.of(Duration.ofSeconds(30))));
  }

  @Test
  void theLongestAnswerIsReadToItsEnd() {
    int most = sink.maxBatchSize();
    List<Object> faults =
        IntStream.range(0, most)
            .mapToObj(n -> GoogleAdsStandIn.fault(n, "SOMETHING_WITH_A_LONG_NAME".repeat(10)))
            .toList();

    assertThat(sink.read(sink.compose(conversions(most)), GoogleAdsStandIn.partly(faults)))
        .hasSize(most)
        .allMatch(Refused.class::isInstance);
  }

  @Test
  void anAnswerThatCannotBeReadIsNoDelivery() {
    assertThat(sink.read(sink.compose(conversions(1)), new Response(200, Map.of(), "<html>")))
        .containsExactly(
            new Retry(
                "Google Ads answered what cannot be read, and may have refused a part",
                Optional.empty()));
  }

  @Test
  void theAccessTokenIsAskedForWithEachRequest() {
    List<String> tokens = new ArrayList<>(List.of("first", "second"));
    GoogleEnhancedConversions renewing =
        new GoogleEnhancedConversions(SETTINGS, tokens::removeFirst, clock);

    assertThat(renewing.compose(conversions(1)).headers())
        .containsEntry("Authorization", "Bearer first");
    assertThat(renewing.compose(conversions(1)).headers())
        .containsEntry("Authorization", "Bearer second");
  }

  @Test
  void settingsSayWhatTheyLackAndKeepTheTokenToThemselves() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GoogleAccount("acme", Optional.empty()))
        .withMessage("no customer id of Google Ads (123-456-7890): 'acme'");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Settings(
                    Activation.ofConversions("google", "Purchase"),
                    ACCOUNT,
                    "DEVELOPER",
                    GoogleConsent.UNSPECIFIED,
                    GoogleEnhancedConversions.BASE))
        .withMessage(
            "destination google: conversion needs the id of a conversion action (digits), not"
                + " 'Purchase'");
    assertThat(SETTINGS).asString().doesNotContain("DEVELOPER");
    assertThat(sink.compose(List.of(outcome(0, "conversion", ASHA, order("1")))).body())
        .doesNotContain("ACCESS", "DEVELOPER");
  }
}
