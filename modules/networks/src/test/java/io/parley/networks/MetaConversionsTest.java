package io.parley.networks;

import static io.parley.networks.Samples.ASHA;
import static io.parley.networks.Samples.BOUGHT;
import static io.parley.networks.Samples.CONTACT;
import static io.parley.networks.Samples.conversion;
import static io.parley.networks.Samples.conversions;
import static io.parley.networks.Samples.id;
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
import io.parley.engine.Values;
import io.parley.networks.MetaConversions.ActionSource;
import io.parley.networks.MetaConversions.Settings;
import io.parley.networks.StandIn.Trouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetaConversionsTest {

  private static final Settings SETTINGS = Settings.of("meta", "123", "TOKEN");

  private final VirtualClock clock = new VirtualClock();
  private final MetaStandIn meta = new MetaStandIn(clock);
  private final MetaConversions sink = new MetaConversions(SETTINGS, clock);

  @Test
  void aConversionIsAPurchaseOfWhatTheContractAllowsAndNothingElse() {
    Composed composed = sink.compose(List.of(conversion(0, order("1001"))));

    assertThat(composed.method()).isEqualTo("POST");
    assertThat(composed.url()).isEqualTo("https://graph.facebook.com/v25.0/123/events");
    assertThat(composed.headers()).containsEntry("Authorization", "Bearer TOKEN");
    assertThat(composed.body())
        .isEqualTo(
            """
            {"data":[{"event_name":"Purchase","event_time":1772360100,"event_id":"1001",\
            "action_source":"chat","user_data":{\
            "em":["ea4e36a829983d27e865b649cd10fcb61f2f1bcd857b47ab709e7adbe941ab68"],\
            "ph":["5e7ec4c79ccac6e420876e65ad0e6b4b2ccf73ec3dccb50297bf2890a1ec73b9"],\
            "external_id":["8a3c5a67cad508582b5edf6b8352cea3ffbad7f44812c1a736b4444c0f5746aa"]},\
            "custom_data":{"value":82.5,"currency":"USD","order_id":"1001"}}]}""");
  }

  @Test
  void itTakesConversionsAloneUnlessItIsToldOtherwise() {
    assertThat(sink.takes("conversion")).isTrue();
    assertThat(sink.takes("twilio_reply")).isFalse();
    Effect.Outgoing reply = outcome(0, "twilio_reply", ASHA, Values.of("body", "secret"));
    Effect.Outgoing attributes =
        new Effect.ReportAttributes(id(1), ASHA, CONTACT, Values.of("a", 1), BOUGHT);

    Composed composed = sink.compose(List.of(reply, attributes));

    assertThat(composed.effects()).isEmpty();
    assertThat(composed.undeliverable())
        .containsOnly(
            Map.entry(reply, "twilio_reply is not among the events of destination meta"),
            Map.entry(attributes, "a person's attributes are told to no ad network"));
  }

  @Test
  void anotherOutcomeGoesAsTheEventThatSettingsName() {
    MetaConversions leads =
        new MetaConversions(
            new Settings(
                new Activation(
                    "meta",
                    Map.of("agent_handoff", "Contact"),
                    Rule.OF_THE_NETWORK,
                    CountedBy.OUTCOME),
                "123",
                "TOKEN",
                ActionSource.OTHER,
                Optional.of("TEST7"),
                MetaConversions.BASE),
            clock);
    Effect.Outgoing handoff = outcome(7, "agent_handoff", ASHA, Values.of("reason", "secret"));

    assertThat(leads.compose(List.of(handoff)).body())
        .contains("\"event_name\":\"Contact\"", "\"action_source\":\"other\"")
        .contains("\"event_id\":\"00000000-0000-8000-8000-000000000001:3:7\"")
        .contains("\"test_event_code\":\"TEST7\"")
        .doesNotContain("custom_data", "secret");
  }

  @Test
  void anOrderThatEndsTwoThreadsCountsOnce() {
    List<Effect.Outgoing> twice =
        List.of(conversion(0, order("1001")), conversion(1, order("1001")));

    Delivery delivery = new Delivery(sink, clock).of(twice, meta);

    assertThat(delivery.delivered).isEqualTo(twice);
    assertThat(meta.counted).containsOnlyKeys("Purchase 1001");
  }

  @Test
  void aThousandEventsFitARequest() {
    Delivery delivery = new Delivery(sink, clock).of(conversions(2_300), meta);

    assertThat(delivery.requests).isEqualTo(3);
    assertThat(delivery.delivered).isEqualTo(conversions(2_300));
    assertThat(meta.counted).hasSize(2_300);
  }

  @Test
  void whatWasTakenWithoutAnAnswerIsRepeatedAndCountsOnce() {
    meta.troubles.add(new Trouble.AnswerLost());

    Delivery delivery = new Delivery(sink, clock).of(conversions(3), meta);

    assertThat(delivery.requests).isEqualTo(2);
    assertThat(delivery.delivered).hasSize(3);
    assertThat(meta.counted).hasSize(3);
  }

  @Test
  void anOutageLosesNothingAndKeepsTheOrder() {
    for (int n = 0; n < 20; n++) {
      meta.troubles.add(new Trouble.Answered(new Response(503, Map.of(), "<html>")));
    }

    Delivery delivery = new Delivery(sink, clock).of(conversions(50), meta);

    assertThat(delivery.delivered).isEqualTo(conversions(50));
    assertThat(delivery.deadLetters).isEmpty();
    assertThat(delivery.troubles).contains("Meta answered 503");
  }

  @Test
  void oneBadEventIsFoundByHalvesAndAllOthersCount() {
    Effect.Outgoing bad = conversion(500, order("bad").with("value", 1).with("order_id", "bad"));
    List<Effect.Outgoing> effects = new ArrayList<>(conversions(300));
    effects.add(217, bad);

    Delivery delivery =
        new Delivery(sink, clock)
            .of(
                effects,
                composed ->
                    composed.body().contains("\"bad\"")
                        ? MetaStandIn.error(400, 100, 2804050, "The order is not to our taste")
                        : meta.apply(composed));

    assertThat(delivery.deadLetters)
        .containsOnly(Map.entry(bad, "Meta (100/2804050): The order is not to our taste"));
    assertThat(meta.counted).hasSize(300);
    assertThat(delivery.requests).isLessThan(25);
  }

  @Test
  void whatIsOlderThanSevenDaysIsSaidToBeAndNotSent() {
    Effect.Outgoing old = conversion(0);
    Effect.Outgoing young =
        conversion(1, order("young").with("purchased_at", "2026-03-03T00:00:00Z"));
    clock.advance(Duration.ofDays(7));

    Delivery delivery = new Delivery(sink, clock).of(List.of(old, young), meta);

    assertThat(delivery.delivered).containsExactly(young);
    assertThat(delivery.deadLetters)
        .containsOnly(
            Map.entry(
                old,
                "it happened at 2026-03-01T10:15:00Z, and nothing that is older than 7 days is sent"
                    + " to Meta"));
  }

  @Test
  void aShopsClockThatIsAheadMakesNoEventOfTheFuture() {
    Effect.Outgoing ahead =
        conversion(0, order("1001").with("purchased_at", "2026-03-01T12:04:00Z"));

    Delivery delivery = new Delivery(sink, clock).of(List.of(ahead), meta);

    assertThat(delivery.delivered).containsExactly(ahead);
    assertThat(meta.counted("Purchase 1001").entries())
        .containsEntry("event_time", Samples.NOW.getEpochSecond());
  }

  @Test
  void withoutATimeOfItsOwnAnOrderHappenedWhenItWasTold() {
    Values timeless = Values.of("order_id", "1").with("value", "10.50").with("currency", "eur");

    new Delivery(sink, clock).of(List.of(conversion(0, timeless)), meta);

    Values event = meta.counted("Purchase 1");
    assertThat(event.entries()).containsEntry("event_time", BOUGHT.getEpochSecond() + 2);
    assertThat(event.object("custom_data"))
        .isEqualTo(Values.of("value", 10.5).with("currency", "EUR").with("order_id", "1"));
  }

  @Test
  void aPurchaseWithoutValueAndCurrencyIsRefusedHere() {
    Effect.Outgoing free = conversion(0, Values.of("order_id", "1").with("currency", "USD"));
    Effect.Outgoing odd = conversion(1, order("2").with("value", "much"));
    Effect.Outgoing foreign = conversion(2, order("3").with("currency", "Taler"));
    Effect.Outgoing negative = conversion(3, order("4").with("value", -1));

    assertThat(sink.compose(List.of(free, odd, foreign, negative)).undeliverable())
        .containsOnlyKeys(free, odd, foreign, negative)
        .containsValue(
            "the order has no value with a currency, and Meta takes no Purchase without");
  }

  @Test
  void whoCannotBeNamedCannotBeToldOf() {
    Effect.Outgoing nobody =
        new Effect.ReportOutcome(
            id(0), "conversion", Person.UNKNOWN, new Address("care"), order("1"), BOUGHT);
    Effect.Outgoing endless = conversion(1, order("9".repeat(256)));

    assertThat(sink.compose(List.of(nobody, endless)).undeliverable())
        .containsOnly(
            Map.entry(
                nobody, "the person has neither e-mail address nor phone number nor external id"),
            Map.entry(
                endless,
                "the order's id is longer than 255 characters, and a part of it would name"
                    + " another order"));
  }

  @Test
  void whoIsWrittenToInAConversationIsNamedByThePhoneOnRecord() {
    Person person = new Person(Optional.empty(), Values.of("phone", "+14155550100"));
    Effect.Outgoing told =
        new Effect.ReportOutcome(
            id(0),
            "conversion",
            person,
            new Address("CH0123456789abcdef0123456789abcdef"),
            order("1"),
            BOUGHT);

    assertThat(sink.compose(List.of(told)).body()).contains("\"ph\":[\"" + Samples.DIGITS);
  }

  @Test
  void segmentsRuleIsHadBySettings() {
    Activation segment =
        new Activation("meta", Map.of("conversion", "Purchase"), Rule.OF_SEGMENT, CountedBy.ORDER);
    MetaConversions asSegment =
        new MetaConversions(
            new Settings(
                segment, "123", "TOKEN", ActionSource.CHAT, Optional.empty(), MetaConversions.BASE),
            clock);
    Person spaced = new Person(Optional.of("cust 42"), Values.of("email", "asha @example.com"));

    String body = asSegment.compose(List.of(outcome(0, "conversion", spaced, order("1")))).body();

    assertThat(body).contains(Samples.EMAIL, Identifiers.sha256("cust42"));
  }

  @ParameterizedTest
  @CsvSource({
    "401, 190, 460, renew the token",
    "403, 200, 0, renew the token",
    "400, 10, 0, renew the token",
    "400, 100, 33, Meta (100/33)",
    "400, 4, 0, Meta (4/0)",
    "400, 17, 2446079, Meta (17/2446079)",
    "400, 613, 0, Meta (613/0)",
    "400, 80004, 2446079, Meta (80004/2446079)",
    "400, 368, 0, Meta (368/0)",
    "400, 2635, 0, Meta (2635/0)",
    "500, 1, 0, Meta (1/0)",
    "503, 2, 0, Meta (2/0)",
  })
  void whatIsNotTheEventsFaultIsTriedAgain(int status, long code, long subcode, String told) {
    Composed composed = sink.compose(conversions(2));
    Response response = MetaStandIn.error(status, code, subcode, "so it is");

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
  @ValueSource(ints = {0, 302, 404, 408, 429, 500, 502, 504})
  void anAnswerThatIsNotMetasIsTriedAgain(int status) {
    Response response = new Response(status, Map.of("retry-after", "7"), "<html>");

    assertThat(sink.read(sink.compose(conversions(1)), response))
        .containsExactly(new Retry("Meta answered " + status, Optional.of(Duration.ofSeconds(7))));
  }

  @Test
  void aPassingFaultOfParametersIsTriedAgain() {
    String body =
        "{\"error\":{\"message\":\"m\",\"code\":100,\"error_subcode\":9,\"is_transient\":true}}";

    assertThat(sink.read(sink.compose(conversions(1)), new Response(400, Map.of(), body)))
        .containsExactly(new Retry("Meta (100/9): m", Optional.empty()));
  }

  @Test
  void anEventThatMetaSaysItDidNotTakeIsLookedFor() {
    Composed two = sink.compose(conversions(2));
    Composed one = sink.compose(conversions(1));
    Response none = new Response(200, Map.of(), "{\"events_received\":0}");

    assertThat(sink.blamesTheWhole(two, new Response(200, Map.of(), "{\"events_received\":1}")))
        .isTrue();
    assertThat(sink.read(one, none)).containsExactly(new Refused("Meta took 0 of 1 events"));
    assertThat(sink.read(two, new Response(200, Map.of(), "{}"))).containsOnly(new Delivered());
  }

  @Test
  void aRequestThatIsTooLargeIsHalved() {
    assertThat(sink.blamesTheWhole(sink.compose(conversions(2)), new Response(413, Map.of(), "")))
        .isTrue();
  }

  @Test
  void settingsSayWhatTheyLackAndKeepTheTokenToThemselves() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Settings.of("meta", "pixel", "TOKEN"))
        .withMessage("destination meta needs a dataset (digits) and a token");
    assertThatIllegalArgumentException().isThrownBy(() -> Settings.of("meta", "123", " "));
    assertThat(SETTINGS).asString().doesNotContain("TOKEN");
    assertThat(sink.compose(conversions(1)).url() + sink.compose(conversions(1)).body())
        .doesNotContain("TOKEN");
  }
}
