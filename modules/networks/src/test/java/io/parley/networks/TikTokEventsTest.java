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
import io.parley.engine.Address;
import io.parley.engine.Effect;
import io.parley.engine.Person;
import io.parley.engine.Values;
import io.parley.networks.StandIn.Trouble;
import io.parley.networks.TikTokEvents.EventSource;
import io.parley.networks.TikTokEvents.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TikTokEventsTest {

  private static final Settings SETTINGS = Settings.of("tiktok", "7041", "TOKEN");

  private final VirtualClock clock = new VirtualClock();
  private final TikTokStandIn tiktok = new TikTokStandIn(clock);
  private final TikTokEvents sink = new TikTokEvents(SETTINGS, clock);

  @Test
  void aConversionIsAPurchaseOfWhatTheContractAllowsAndNothingElse() {
    Composed composed = sink.compose(List.of(conversion(0, order("1001"))));

    assertThat(composed.method()).isEqualTo("POST");
    assertThat(composed.url())
        .isEqualTo("https://business-api.tiktok.com/open_api/v1.3/event/track/");
    assertThat(composed.headers()).containsEntry("Access-Token", "TOKEN");
    assertThat(composed.body())
        .isEqualTo(
            """
            {"event_source":"offline","event_source_id":"7041","data":[{"event":"Purchase",\
            "event_time":1772360100,"event_id":"1001","user":{\
            "email":"ea4e36a829983d27e865b649cd10fcb61f2f1bcd857b47ab709e7adbe941ab68",\
            "phone":"40d3f4e02db27d66cf4cfdda506c2c945f115a7955cc8491dda98ce5beabcda0",\
            "external_id":"8a3c5a67cad508582b5edf6b8352cea3ffbad7f44812c1a736b4444c0f5746aa"},\
            "properties":{"value":82.5,"currency":"USD","order_id":"1001"}}]}""");
  }

  @Test
  void anotherSourceAndATestCodeAreHadBySettings() {
    Settings settings =
        new Settings(
            Activation.ofConversions("tiktok", "CompletePayment"),
            "CPIXEL",
            "TOKEN",
            EventSource.WEB,
            Optional.of("TEST7"),
            TikTokEvents.BASE);

    assertThat(new TikTokEvents(settings, clock).compose(conversions(1)).body())
        .contains("\"event_source\":\"web\",\"event_source_id\":\"CPIXEL\"")
        .contains("\"test_event_code\":\"TEST7\"", "\"event\":\"CompletePayment\"");
  }

  @Test
  void itTakesConversionsAlone() {
    assertThat(sink.takes("conversion")).isTrue();
    assertThat(sink.takes("opted_out")).isFalse();
  }

  @Test
  void anOrderWithoutAValueIsToldWithoutOne() {
    Effect.Outgoing free = conversion(0, Values.of("order_id", 1001));

    new Delivery(sink, clock).of(List.of(free), tiktok);

    assertThat(tiktok.counted("Purchase 1001").object("properties"))
        .isEqualTo(Values.of("order_id", "1001"));
  }

  @Test
  void aThousandEventsFitARequestAndRepeatsCountOnce() {
    tiktok.troubles.add(new Trouble.AnswerLost());

    Delivery delivery = new Delivery(sink, clock).of(conversions(1_500), tiktok);

    assertThat(delivery.requests).isEqualTo(3);
    assertThat(delivery.delivered).hasSize(1_500);
    assertThat(tiktok.counted).hasSize(1_500);
  }

  @Test
  void aLimitIsWaitedOutAndLosesNothing() {
    tiktok.troubles.add(new Trouble.Answered(TikTokStandIn.code(40100, "Too frequently.")));
    tiktok.troubles.add(new Trouble.Answered(TikTokStandIn.code(50000, "System error")));
    tiktok.troubles.add(new Trouble.Answered(TikTokStandIn.code(60001, "Maintenance")));

    Delivery delivery = new Delivery(sink, clock).of(conversions(10), tiktok);

    assertThat(delivery.delivered).isEqualTo(conversions(10));
    assertThat(delivery.troubles)
        .contains("TikTok (40100): Too frequently.", "TikTok (60001): Maintenance");
  }

  @Test
  void oneBadEventIsFoundByHalvesAndAllOthersCount() {
    Effect.Outgoing bad = conversion(500, order("bad"));
    List<Effect.Outgoing> effects = new ArrayList<>(conversions(100));
    effects.add(33, bad);

    Delivery delivery =
        new Delivery(sink, clock)
            .of(
                effects,
                composed ->
                    composed.body().contains("\"bad\"")
                        ? TikTokStandIn.code(40002, "Invalid value for order_id")
                        : tiktok.apply(composed));

    assertThat(delivery.deadLetters)
        .containsOnly(Map.entry(bad, "TikTok (40002): Invalid value for order_id"));
    assertThat(tiktok.counted).hasSize(100);
  }

  @Test
  void whatIsOlderThanAnyClickThatCouldHaveTheCreditIsNotSent() {
    clock.advance(Duration.ofDays(28));

    assertThat(sink.compose(conversions(1)).undeliverable())
        .containsValue(
            "it happened at 2026-03-01T10:15:00Z, and nothing that is older than 28 days is sent to"
                + " TikTok");
  }

  @Test
  void whoCannotBeNamedCannotBeToldOf() {
    Effect.Outgoing nobody =
        new Effect.ReportOutcome(
            Samples.id(0),
            "conversion",
            Person.UNKNOWN,
            new Address("care"),
            order("1"),
            Samples.BOUGHT);

    assertThat(sink.compose(List.of(nobody)).undeliverable())
        .containsEntry(
            nobody, "the person has neither e-mail address nor phone number nor external id");
  }

  @Test
  void segmentsRuleIsHadBySettings() {
    Settings settings =
        new Settings(
            new Activation(
                "tiktok", Map.of("conversion", "Purchase"), Rule.OF_SEGMENT, CountedBy.ORDER),
            "7041",
            "TOKEN",
            EventSource.OFFLINE,
            Optional.empty(),
            TikTokEvents.BASE);
    Person spaced = new Person(Optional.empty(), Values.of("email", " Asha@example.com"));

    assertThat(
            new TikTokEvents(settings, clock)
                .compose(List.of(outcome(0, "conversion", spaced, order("1"))))
                .body())
        .contains(Identifiers.sha256(" asha@example.com"));
    assertThat(sink.compose(List.of(outcome(0, "conversion", spaced, order("1")))).body())
        .contains(Samples.EMAIL);
  }

  @ParameterizedTest
  @CsvSource({
    "40001, renew the token",
    "40105, renew the token",
    "40300, renew the token",
    "40050, TikTok (40050)",
    "40051, TikTok (40051)",
    "40133, TikTok (40133)",
    "40202, TikTok (40202)",
    "40700, TikTok (40700)",
    "50002, TikTok (50002)",
  })
  void whatIsNotTheEventsFaultIsTriedAgain(long code, String told) {
    Composed composed = sink.compose(conversions(2));
    Response response = TikTokStandIn.code(code, "so it is");

    assertThat(sink.read(composed, response))
        .hasSize(2)
        .allSatisfy(
            verdict ->
                assertThat(verdict)
                    .isInstanceOfSatisfying(
                        Retry.class, retry -> assertThat(retry.why()).contains(told)));
    assertThat(sink.blamesTheWhole(composed, response)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {20001, 40000, 40002, 40011})
  void whatIsTheEventsFaultIsLookedForAndRefused(long code) {
    Response response = TikTokStandIn.code(code, "so it is");

    assertThat(sink.blamesTheWhole(sink.compose(conversions(2)), response)).isTrue();
    assertThat(sink.read(sink.compose(conversions(1)), response))
        .containsExactly(new Refused("TikTok (%d): so it is".formatted(code)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 200, 302, 404, 429, 500, 503})
  void anAnswerThatIsNotTikToksIsTriedAgain(int status) {
    assertThat(
            sink.read(
                sink.compose(conversions(1)),
                new Response(status, Map.of("retry-after", "7"), "<html>")))
        .containsExactly(
            new Retry("TikTok answered " + status, Optional.of(Duration.ofSeconds(7))));
  }

  @Test
  void settingsSayWhatTheyLackAndKeepTheTokenToThemselves() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Settings.of("tiktok", " ", "TOKEN"))
        .withMessage("destination tiktok needs the id of an event set or pixel, and a token");
    assertThat(SETTINGS).asString().doesNotContain("TOKEN");
    assertThat(sink.compose(List.of(outcome(0, "conversion", ASHA, order("1")))).body())
        .doesNotContain("TOKEN");
  }
}
