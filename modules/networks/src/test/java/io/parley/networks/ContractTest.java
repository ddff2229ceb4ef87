package io.parley.networks;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.edge.OutcomeSink;
import io.parley.edge.OutcomeSink.Composed;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Person;
import io.parley.engine.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/// What holds for conversions at every network.
class ContractTest {

  private static final String MARK = "zq7secret";

  private static final GoogleAccount ACCOUNT = new GoogleAccount("123-456-7890", Optional.empty());

  private static List<OutcomeSink> sinks() {
    VirtualClock clock = new VirtualClock();
    return List.of(
        new MetaConversions(MetaConversions.Settings.of("meta", "123", "TOKEN"), clock),
        new TikTokEvents(TikTokEvents.Settings.of("tiktok", "7041", "TOKEN"), clock),
        new GoogleEnhancedConversions(
            new GoogleEnhancedConversions.Settings(
                Activation.ofConversions("google_ads", "77"),
                ACCOUNT,
                "DEVELOPER",
                GoogleConsent.UNSPECIFIED,
                GoogleEnhancedConversions.BASE),
            () -> "ACCESS",
            clock),
        new GoogleEvents(GoogleEvents.Settings.of("google", ACCOUNT, "77"), () -> "ACCESS", clock));
  }

  @Property(tries = 200)
  void nothingLeavesThatTheContractDoesNotName(
      @ForAll("secrets") Map<String, Object> properties,
      @ForAll("secrets") Map<String, Object> attributes) {
    Person person =
        new Person(
            Optional.of(MARK + "-id"),
            new Values(attributes)
                .with("email", MARK + "@example.com")
                .with("first_name", MARK)
                .with("postal_code", MARK));
    Values all = new Values(properties).with(Samples.order("1001"));
    Effect.Outgoing told = Samples.outcome(0, "conversion", person, all);

    assertThat(sinks())
        .allSatisfy(
            sink -> {
              Composed composed = sink.compose(List.of(told));
              assertThat(composed.effects()).containsExactly(told);
              assertThat((composed.url() + composed.body()).toLowerCase(Locale.ROOT))
                  .doesNotContain(MARK, "14155550100", "spring10", "day cream", "main street");
            });
  }

  @Provide
  Arbitrary<Map<String, Object>> secrets() {
    Arbitrary<Object> texts =
        Arbitraries.strings().ofMaxLength(20).map(text -> (Object) (MARK + text));
    Arbitrary<Object> values =
        Arbitraries.oneOf(
            texts,
            texts.list().ofMaxSize(3).map(list -> (Object) list),
            texts.map(text -> (Object) Map.of("nested", text)));
    Arbitrary<String> names =
        Arbitraries.oneOf(
            Arbitraries.strings().alpha().ofMaxLength(8).map(name -> MARK + name),
            Arbitraries.of("conversation_id", "sender", "flow", "phone_number", "ip", "fbclid"));
    return Arbitraries.maps(names, values).ofMaxSize(8);
  }

  /// The names that may stand in a body: whoever adds one has to say so here and in NETWORKS.md.
  @Test
  void theFieldsAreThoseOfTheContract() {
    assertThat(
            sinks().stream()
                .map(sink -> fields(StandIn.body(sink.compose(Samples.conversions(1))).entries())))
        .containsExactly(
            Set.of(
                "data",
                "event_name",
                "event_time",
                "event_id",
                "action_source",
                "user_data",
                "em",
                "ph",
                "external_id",
                "custom_data",
                "value",
                "currency",
                "order_id"),
            Set.of(
                "event_source",
                "event_source_id",
                "data",
                "event",
                "event_time",
                "event_id",
                "user",
                "email",
                "phone",
                "external_id",
                "properties",
                "value",
                "currency",
                "order_id"),
            Set.of(
                "conversions",
                "conversionAction",
                "conversionDateTime",
                "conversionValue",
                "currencyCode",
                "orderId",
                "userIdentifiers",
                "userIdentifierSource",
                "hashedEmail",
                "hashedPhoneNumber",
                "partialFailure"),
            Set.of(
                "destinations",
                "reference",
                "operatingAccount",
                "accountType",
                "accountId",
                "productDestinationId",
                "events",
                "destinationReferences",
                "transactionId",
                "eventTimestamp",
                "eventSource",
                "conversionValue",
                "currency",
                "userData",
                "userIdentifiers",
                "emailAddress",
                "phoneNumber",
                "encoding"));
  }

  private static Set<String> fields(Object json) {
    Set<String> fields = new TreeSet<>();
    switch (json) {
      case Map<?, ?> map ->
          map.forEach(
              (key, value) -> {
                fields.add(key.toString());
                fields.addAll(fields(value));
              });
      case List<?> list -> list.forEach(item -> fields.addAll(fields(item)));
      default -> {}
    }
    return fields;
  }

  @Property(tries = 200)
  void everyEffectIsCarriedOrLeftOrUndeliverable(
      @ForAll("effectLists") List<Effect.Outgoing> effects) {
    for (OutcomeSink sink : sinks()) {
      List<Effect.Outgoing> left = new ArrayList<>(effects);
      while (!left.isEmpty()) {
        Composed composed = sink.compose(left);
        int looked = composed.effects().size() + composed.undeliverable().size();
        assertThat(looked).isPositive();
        assertThat(ids(left.subList(0, looked).stream()))
            .containsExactlyInAnyOrderElementsOf(
                ids(
                    Stream.concat(
                        composed.effects().stream(), composed.undeliverable().keySet().stream())));
        left.subList(0, looked).clear();
      }
    }
  }

  private static List<EffectId> ids(Stream<Effect.Outgoing> effects) {
    return effects.map(Effect.Outgoing::id).toList();
  }

  @Provide
  Arbitrary<List<Effect.Outgoing>> effectLists() {
    Arbitrary<Values> orders =
        Combinators.combine(
                Arbitraries.of("a", "b", "c", "", " ", "x".repeat(300)),
                Arbitraries.<Object>of(1, 0, 82.5, "9.90", "", "-1", true, 1e300),
                Arbitraries.of("USD", "eur", "", "Taler"),
                Arbitraries.of("2026-03-01T10:15:00Z", "2019-01-01T00:00:00Z", "yesterday"))
            .as(
                (id, value, currency, at) ->
                    Values.of("order_id", id)
                        .with("value", value)
                        .with("currency", currency)
                        .with("purchased_at", at));
    return Combinators.combine(
            Arbitraries.of("conversion", "conversion", "twilio_reply"),
            Arbitraries.of(Samples.ASHA, Person.UNKNOWN),
            orders)
        .as(Draft::new)
        .list()
        .ofMaxSize(12)
        .map(
            drafts ->
                IntStream.range(0, drafts.size())
                    .mapToObj(n -> (Effect.Outgoing) drafts.get(n).at(n))
                    .toList());
  }

  private record Draft(String name, Person person, Values properties) {
    Effect.ReportOutcome at(int index) {
      return Samples.outcome(index, name, person, properties);
    }
  }
}
