package io.parley.customerio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.parley.edge.Cut;
import io.parley.edge.OutcomeSink.Composed;
import io.parley.edge.OutcomeSink.Response;
import io.parley.edge.OutcomeSink.Verdict;
import io.parley.edge.OutcomeSink.Verdict.Delivered;
import io.parley.edge.OutcomeSink.Verdict.Refused;
import io.parley.edge.OutcomeSink.Verdict.Retry;
import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Person;
import io.parley.engine.Values;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrackBatchTest {

  private static final ConversationId CONVERSATION =
      ConversationId.parse("00000000-0000-8000-8000-000000000001");
  private static final Instant AT = Instant.parse("2026-03-01T10:15:00.123Z");
  private static final Address CONTACT = new Address("whatsapp:+14155550100");
  private static final Person JANE = new Person(Optional.of("42"), Values.EMPTY);

  private static final TrackBatch SINK = new TrackBatch(Region.US, new TrackKey("SITE", "KEY"));

  @Test
  void aBatchIsOneRequestWithBasicCredentials() {
    Composed composed = SINK.compose(List.of(outcome(0, JANE, Values.of("intent", "yes"))));

    assertThat(composed.method()).isEqualTo("POST");
    assertThat(composed.url()).isEqualTo("https://track.customer.io/api/v2/batch");
    assertThat(composed.headers())
        .containsEntry("Authorization", "Basic U0lURTpLRVk=")
        .containsEntry("Content-Type", "application/json; charset=utf-8");
  }

  @Test
  void theBaseIsARegionsOrOnesOwn() {
    TrackKey key = new TrackKey("SITE", "KEY");

    assertThat(new TrackBatch(Region.EU, key).compose(List.of()).url())
        .isEqualTo("https://track-eu.customer.io/api/v2/batch");
    assertThat(new TrackBatch(URI.create("http://localhost:8080/"), key).compose(List.of()).url())
        .isEqualTo("http://localhost:8080/api/v2/batch");
  }

  @Test
  void outcomesAreEventsAndAttributesAreIdentifies() {
    Effect.Outgoing replied =
        outcome(0, JANE, Values.of("intent", "discount").with("score", 0.5).with("turn", 3));
    Effect.Outgoing optedOut = attributes(1, Person.UNKNOWN, Values.of("sms_opted_out", true));

    Composed composed = SINK.compose(List.of(replied, optedOut));

    assertThat(composed.body())
        .isEqualTo(
            """
            {"batch":[\
            {"type":"person","action":"event","identifiers":{"id":"42"},"name":"twilio_replied",\
            "id":"01KJME9T8V1Q2Z31617QG4G1CN","timestamp":1772360100,\
            "attributes":{"intent":"discount","score":0.5,"turn":3}},\
            {"type":"person","action":"identify","identifiers":{"phone":"+14155550100"},\
            "timestamp":1772360100,"attributes":{"sms_opted_out":true}}]}""");
    assertThat(composed.effects()).containsExactly(replied, optedOut);
    assertThat(composed.undeliverable()).isEmpty();
  }

  @Test
  void theSameEffectHasTheSameIdInEveryAttempt() {
    List<Effect.Outgoing> effects = List.of(outcome(0, JANE, Values.EMPTY));

    assertThat(SINK.compose(effects)).isEqualTo(SINK.compose(effects));
  }

  @Test
  void everyKeyOfACapturedBatchIsAKeyOfOurs() {
    Map<String, List<String>> ours = new LinkedHashMap<>();
    batch(
            SINK.compose(
                List.of(
                    outcome(0, JANE, Values.of("a", 1)), attributes(1, JANE, Values.of("a", 1)))))
        .forEach(item -> ours.put(item.path("action").asText(), keys(item)));

    List<JsonNode> captured =
        Stream.concat(
                SharedData.values("wire/capture.jsonl").stream()
                    .filter(request -> request.path("path").asText().equals("/api/v2/batch"))
                    .flatMap(request -> request.path("body").path("batch").valueStream()),
                SharedData.values("wire/segment_customerio_destination.json").stream()
                    .map(call -> call.path(3)))
            .filter(item -> ours.containsKey(item.path("action").asText()))
            .toList();

    Assumptions.assumeFalse(captured.isEmpty(), "no v2 item was captured");
    assertThat(captured)
        .allSatisfy(
            item -> assertThat(ours.get(item.path("action").asText())).containsAll(keys(item)));
  }

  @Test
  void namesThatRedirectEmailsAreToldUnderAnother() {
    Values properties = Values.of("recipient", "a@example.com").with("reply_to", "x").with("a", 1);

    assertThat(only(SINK.compose(List.of(outcome(0, JANE, properties)))).path("attributes"))
        .hasToString("{\"data_recipient\":\"a@example.com\",\"data_reply_to\":\"x\",\"a\":1}");
  }

  @Test
  void whoCannotBeNamedCannotBeToldOf() {
    Effect.Outgoing nobody =
        new Effect.ReportOutcome(
            id(0), "twilio_replied", Person.UNKNOWN, new Address("12345"), Values.EMPTY, AT);
    Effect.Outgoing endless =
        outcome(1, new Person(Optional.of("é".repeat(76)), Values.EMPTY), Values.EMPTY);
    Effect.Outgoing nameless =
        new Effect.ReportOutcome(id(2), " ", JANE, CONTACT, Values.EMPTY, AT);
    Effect.Outgoing send =
        new Effect.Send(id(3), CONTACT, CONTACT, new Effect.Content.Text("hi", List.of()), 0);
    Effect.Outgoing fine = outcome(4, JANE, Values.EMPTY);

    Composed composed = SINK.compose(List.of(nobody, endless, nameless, send, fine));

    assertThat(composed.effects()).containsExactly(fine);
    assertThat(composed.undeliverable())
        .containsOnly(
            Map.entry(
                nobody,
                "the person has no id, cio_id or e-mail address, and the contact no phone number"),
            Map.entry(
                endless,
                "the external id is longer than 150 bytes, and a part of it would name somebody"
                    + " else"),
            Map.entry(nameless, "the event has no name"),
            Map.entry(send, "a message is no outcome; Twilio carries it"));
  }

  @Test
  void aBlankExternalIdIsNone() {
    Person blank = new Person(Optional.of(" "), Values.EMPTY);

    assertThat(only(SINK.compose(List.of(outcome(0, blank, Values.EMPTY)))).path("identifiers"))
        .hasToString("{\"phone\":\"+14155550100\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "42, a3000001, jane@example.com, id, 42",
    "'', a3000001, jane@example.com, cio_id, a3000001",
    "'', ' ', jane@example.com, email, jane@example.com",
    "'', '', '', phone, +14155550100"
  })
  void aPersonIsToldByTheSurestOfWhatTheTriggerTold(
      String id, String cioId, String email, String name, String value) {
    Person person = new Person(Optional.of(id), Values.of("email", email).with("cio_id", cioId));
    List<Effect.Outgoing> effects =
        List.of(outcome(0, person, Values.EMPTY), attributes(1, person, Values.of("a", 1)));

    assertThat(batch(SINK.compose(effects)))
        .extracting(item -> item.path("identifiers").toString())
        .containsOnly("{\"%s\":\"%s\"}".formatted(name, value));
  }

  @Test
  void anAddressThatIsTooLongForAnIdentifierIsNotCut() {
    Person person =
        new Person(Optional.empty(), Values.of("email", "j".repeat(150) + "@example.com"));

    assertThat(only(SINK.compose(List.of(outcome(0, person, Values.EMPTY)))).path("identifiers"))
        .hasToString("{\"phone\":\"+14155550100\"}");
  }

  @Test
  void anEventStartsCampaignsForThreeDays() {
    assertThat(SINK.freshFor()).contains(Duration.ofDays(3));
  }

  @Test
  void aLongEventNameIsCutWithTheMark() {
    Effect.Outgoing effect =
        new Effect.ReportOutcome(id(0), "n".repeat(101), JANE, CONTACT, Values.EMPTY, AT);

    assertThat(only(SINK.compose(List.of(effect))).path("name").asText())
        .isEqualTo("n".repeat(92) + "…[cut]");
  }

  @Test
  void aLongAttributeIsCutBetweenCharactersWithTheMark() {
    Values values =
        Values.of("text", "a" + "👍".repeat(300))
            .with("list", List.of("b".repeat(600), "c".repeat(600)))
            .with("x".repeat(151), 1)
            .with("x".repeat(152), 2);

    JsonNode attributes =
        only(SINK.compose(List.of(attributes(0, JANE, values)))).path("attributes");

    assertThat(attributes.path("text").asText()).isEqualTo("a" + "👍".repeat(247) + "…[cut]");
    assertThat(attributes.path("list").asText())
        .startsWith("[\"bbb")
        .endsWith("c…[cut]")
        .satisfies(text -> assertThat(bytes(text)).isEqualTo(1_000));
    assertThat(attributes.path("x".repeat(142) + "…[cut]").asInt()).isEqualTo(1);
    assertThat(attributes.path("x".repeat(140) + "…[cut] 2").asInt()).isEqualTo(2);
  }

  @Test
  void moreAttributesThanAPersonMayHaveAreCounted() {
    JsonNode attributes =
        only(SINK.compose(List.of(attributes(0, JANE, numbered(310, "v"))))).path("attributes");

    assertThat(attributes.size()).isEqualTo(300);
    assertThat(attributes.path("parley_cut").asText()).isEqualTo("…[cut] 11 of 310 attributes");
  }

  @Test
  void asManyAttributesAsAPersonMayHaveAreAllTold() {
    JsonNode attributes =
        only(SINK.compose(List.of(attributes(0, JANE, numbered(300, "v".repeat(80))))))
            .path("attributes");

    assertThat(attributes.size()).isEqualTo(300);
    assertThat(attributes.has("parley_cut")).isFalse();
  }

  @Test
  void anItemThatIsTooLongKeepsTheBeginningOfItsTexts() {
    Values properties = Values.of("body", "b".repeat(100_000)).with("intent", "yes");

    JsonNode item = only(SINK.compose(List.of(outcome(0, JANE, properties))));

    assertThat(item.at("/attributes/body").asText()).hasSize(8_000 - 2).endsWith("b…[cut]");
    assertThat(item.at("/attributes/intent").asText()).isEqualTo("yes");
  }

  @Test
  void anItemOfTooManyPropertiesKeepsTheFirst() {
    JsonNode item = only(SINK.compose(List.of(outcome(0, JANE, numbered(5_000, "v")))));

    assertThat(item.at("/attributes/n0").asText()).isEqualTo("v");
    assertThat(item.at("/attributes/parley_cut").asText())
        .matches("…\\[cut] \\d+ of 5000 attributes");
    assertThat(bytes(item.toString())).isBetween(31_900, 32_000);
  }

  @Test
  void whatDoesNotFitTheBodyIsLeftForTheNext() {
    Values properties = Values.of("body", "b".repeat(7_900));
    List<Effect.Outgoing> effects =
        IntStream.range(0, 100)
            .mapToObj(n -> (Effect.Outgoing) outcome(n, JANE, properties))
            .toList();

    Composed composed = SINK.compose(effects);

    assertThat(composed.effects()).isEqualTo(effects.subList(0, composed.effects().size()));
    assertThat(composed.effects()).hasSizeBetween(60, 63);
    assertThat(bytes(composed.body())).isBetween(490_000, 499_999);
  }

  @Test
  void aBatchHasNoMoreEffectsThanItPromises() {
    List<Effect.Outgoing> effects =
        IntStream.range(0, 600)
            .mapToObj(n -> (Effect.Outgoing) outcome(n, JANE, Values.EMPTY))
            .toList();

    assertThat(SINK.compose(effects).effects()).hasSize(SINK.maxBatchSize());
  }

  @Property(tries = 60)
  void whateverIsToldStaysWithinTheLimits(@ForAll("effectLists") List<Effect.Outgoing> effects) {
    Composed composed = SINK.compose(effects);

    assertThat(bytes(composed.body())).isLessThan(500_000);
    assertThat(composed.body().getBytes(StandardCharsets.UTF_8))
        .hasSize(Cut.bytes(composed.body()));
    List<JsonNode> items = batch(composed);
    assertThat(items).hasSameSizeAs(composed.effects());
    assertThat(items)
        .allSatisfy(
            item -> {
              assertThat(bytes(item.toString())).isLessThanOrEqualTo(32_000);
              assertThat(bytes(item.path("name").asText())).isLessThanOrEqualTo(100);
              assertThat(item.path("identifiers").size()).isEqualTo(1);
              assertThat(keys(item.path("attributes")))
                  .allSatisfy(name -> assertThat(bytes(name)).isLessThanOrEqualTo(150));
            });
    assertThat(items)
        .filteredOn(item -> item.path("action").asText().equals("identify"))
        .extracting(item -> item.path("attributes"))
        .allSatisfy(
            attributes -> {
              assertThat(attributes.size()).isLessThanOrEqualTo(300);
              assertThat(attributes.valueStream())
                  .allSatisfy(
                      value -> assertThat(bytes(value.asText())).isLessThanOrEqualTo(1_000));
            });
  }

  @Property(tries = 60)
  void everyEffectIsCarriedOrLeftOrUndeliverable(
      @ForAll("effectLists") List<Effect.Outgoing> effects) {
    List<Effect.Outgoing> left = new ArrayList<>(effects);
    List<Effect.Outgoing> carried = new ArrayList<>();

    while (!left.isEmpty()) {
      Composed composed = SINK.compose(left);
      int looked = composed.effects().size() + composed.undeliverable().size();
      assertThat(looked).isPositive();
      assertThat(ids(left.subList(0, looked)))
          .containsExactlyInAnyOrderElementsOf(
              ids(
                  Stream.concat(
                          composed.effects().stream(), composed.undeliverable().keySet().stream())
                      .toList()));
      carried.addAll(composed.effects());
      left.subList(0, looked).clear();
    }

    assertThat(ids(carried))
        .isEqualTo(
            ids(effects.stream().filter(effect -> !(effect instanceof Effect.Send)).toList()));
  }

  private static List<EffectId> ids(List<Effect.Outgoing> effects) {
    return effects.stream().map(Effect.Outgoing::id).toList();
  }

  @Provide
  Arbitrary<List<Effect.Outgoing>> effectLists() {
    Arbitrary<String> texts =
        Arbitraries.frequencyOf(
            Tuple.of(8, Arbitraries.strings().ofMaxLength(60)),
            Tuple.of(
                2,
                Combinators.combine(
                        Arbitraries.of("a", "é", "€", "👍", "\u0001", "\"", "\ud800"),
                        Arbitraries.integers().between(100, 40_000))
                    .as(String::repeat)));
    Arbitrary<Object> scalars =
        Arbitraries.oneOf(
            texts.map(text -> (Object) text),
            Arbitraries.longs().map(number -> (Object) number),
            Arbitraries.of(true, false).map(flag -> (Object) flag));
    Arbitrary<Object> values =
        Arbitraries.oneOf(
            scalars,
            scalars.list().ofMaxSize(20).map(list -> (Object) list),
            Arbitraries.maps(texts, scalars).ofMaxSize(5).map(map -> (Object) map));
    Arbitrary<Values> objects =
        Arbitraries.frequencyOf(
            Tuple.of(9, Arbitraries.maps(texts, values).ofMaxSize(8).map(TrackBatchTest::values)),
            Tuple.of(
                1,
                Combinators.combine(
                        Arbitraries.integers().between(200, 3_000),
                        Arbitraries.strings().ofMaxLength(60))
                    .as(TrackBatchTest::numbered)));
    Arbitrary<Person> people = Arbitraries.of(JANE, Person.UNKNOWN);
    return Combinators.combine(Arbitraries.of("event", "identify", "send"), texts, people, objects)
        .as(TrackBatchTest::effect)
        .list()
        .ofMaxSize(40)
        .map(TrackBatchTest::numberedEffects);
  }

  private interface Draft {
    Effect.Outgoing at(int index);
  }

  private static Draft effect(String kind, String name, Person person, Values values) {
    return index ->
        switch (kind) {
          case "event" ->
              new Effect.ReportOutcome(id(index), "e" + name, person, CONTACT, values, AT);
          case "identify" -> attributes(index, person, values);
          default ->
              new Effect.Send(
                  id(index), CONTACT, CONTACT, new Effect.Content.Text(name, List.of()), 0);
        };
  }

  private static List<Effect.Outgoing> numberedEffects(List<Draft> drafts) {
    return IntStream.range(0, drafts.size()).mapToObj(n -> drafts.get(n).at(n)).toList();
  }

  private static Values values(Map<String, Object> entries) {
    return new Values(entries);
  }

  private static Values numbered(int count, String value) {
    Map<String, Object> entries = new LinkedHashMap<>();
    IntStream.range(0, count).forEach(n -> entries.put("n" + n, value));
    return new Values(entries);
  }

  @Test
  void twoHundredDeliversAll() {
    assertThat(read(3, 200, "{}\n")).containsOnly(new Delivered()).hasSize(3);
  }

  @Test
  void ofAMultiStatusThoseNamedAreRefused() {
    String body =
        """
        {"errors":[{"batch_index":1,"reason":"invalid","field":"identifiers","message":"is bad"},
                   {"batch_index":1,"reason":"required","field":"name"}]}
        """;

    assertThat(read(3, 207, body))
        .containsExactly(
            new Delivered(),
            new Refused("invalid identifiers is bad; required name"),
            new Delivered());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "gateway",
        "[]",
        "{\"errors\":[]}",
        "{\"errors\":[{\"reason\":\"invalid\"}]}",
        "{\"errors\":[{\"batch_index\":3,\"reason\":\"invalid\"}]}"
      })
  void aMultiStatusThatNamesNoneOfOursIsAskedAgain(String body) {
    assertThat(read(3, 207, body)).hasSize(3).allMatch(Retry.class::isInstance);
  }

  @Test
  void aBadRequestThatNamesItemsRefusesThoseAndTookNone() {
    assertThat(read(2, 400, "{\"errors\":[{\"batch_index\":0,\"reason\":\"invalid\"}]}"))
        .containsExactly(
            new Refused("invalid"),
            new Retry(
                "Customer.io refused the request for another of its items (400)",
                Optional.empty()));
  }

  @Test
  void aBadRequestOfOneItemRefusesIt() {
    assertThat(read(1, 400, "{\"errors\":[{\"reason\":\"invalid\",\"field\":\"name\"}]}"))
        .containsExactly(new Refused("Customer.io refused the request (400): invalid name"));
  }

  @Test
  void aBadRequestOfManyIsToBeHalved() {
    Composed composed = composed(2);
    Response response = new Response(400, Map.of(), "{\"errors\":[{\"reason\":\"invalid\"}]}");

    assertThat(SINK.read(composed, response))
        .containsOnly(new Retry("Customer.io refused the request (400): invalid", Optional.empty()))
        .hasSize(2);
    assertThat(SINK.blamesTheWhole(composed, response)).isTrue();
  }

  @Test
  void halvingEndsWithTheGuiltyOneRefused() {
    Effect.Outgoing guilty = outcome(5, JANE, Values.of("poison", true));
    List<Effect.Outgoing> effects = new ArrayList<>(composed(8).effects());
    effects.set(5, guilty);

    assertThat(refusedByHalves(effects)).containsExactly(guilty);
  }

  /// Asks a Customer.io that refuses whatever holds poison, by halves where the sink says so.
  private static List<Effect.Outgoing> refusedByHalves(List<Effect.Outgoing> effects) {
    Composed composed = SINK.compose(effects);
    Response response = new Response(composed.body().contains("poison") ? 400 : 200, Map.of(), "");
    if (SINK.blamesTheWhole(composed, response)) {
      int half = effects.size() / 2;
      return Stream.of(effects.subList(0, half), effects.subList(half, effects.size()))
          .flatMap(part -> refusedByHalves(part).stream())
          .toList();
    }
    List<Verdict> verdicts = SINK.read(composed, response);
    return IntStream.range(0, effects.size())
        .filter(n -> verdicts.get(n) instanceof Refused)
        .mapToObj(effects::get)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 207, 401, 429, 500})
  void otherAnswersAreNotHalved(int status) {
    assertThat(SINK.blamesTheWhole(composed(2), new Response(status, Map.of(), ""))).isFalse();
  }

  @Test
  void refusedCredentialsAreRetriedAndSaidToBe() {
    assertThat(read(1, 401, ""))
        .containsExactly(
            new Retry(
                "Customer.io refuses our credentials (401): compare site id, API key and region",
                Optional.empty()));
  }

  @Test
  void tooManyRequestsWaitAsLongAsAsked() {
    assertThat(SINK.read(composed(1), new Response(429, Map.of("retry-after", "7"), "")))
        .containsExactly(
            new Retry(
                "Customer.io asks for fewer requests (429)", Optional.of(Duration.ofSeconds(7))));
    assertThat(read(1, 429, ""))
        .containsExactly(new Retry("Customer.io asks for fewer requests (429)", Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 404, 408, 500, 502, 503, 504})
  void otherAnswersAreRetried(int status) {
    assertThat(read(2, status, "<html>"))
        .containsOnly(new Retry("Customer.io answered " + status, Optional.empty()))
        .hasSize(2);
  }

  @Test
  void theKeyIsPrintedRedacted() {
    assertThat(new TrackKey("SITE", "s3cr3t")).asString().doesNotContain("s3cr3t");
    assertThatIllegalArgumentException().isThrownBy(() -> new TrackKey("SITE", " "));
  }

  private static List<Verdict> read(int count, int status, String body) {
    return SINK.read(composed(count), new Response(status, Map.of(), body));
  }

  private static Composed composed(int count) {
    return SINK.compose(
        IntStream.range(0, count)
            .mapToObj(n -> (Effect.Outgoing) outcome(n, JANE, Values.EMPTY))
            .toList());
  }

  private static Effect.ReportOutcome outcome(int index, Person person, Values properties) {
    return new Effect.ReportOutcome(id(index), "twilio_replied", person, CONTACT, properties, AT);
  }

  private static Effect.ReportAttributes attributes(int index, Person person, Values values) {
    return new Effect.ReportAttributes(id(index), person, CONTACT, values, AT);
  }

  private static EffectId id(int index) {
    return new EffectId(CONVERSATION, 3, index);
  }

  private static JsonNode only(Composed composed) {
    List<JsonNode> items = batch(composed);
    assertThat(items).hasSize(1);
    return items.getFirst();
  }

  private static List<JsonNode> batch(Composed composed) {
    try {
      return new JsonMapper().readTree(composed.body()).path("batch").valueStream().toList();
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> keys(JsonNode object) {
    return object.properties().stream().map(Map.Entry::getKey).toList();
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
