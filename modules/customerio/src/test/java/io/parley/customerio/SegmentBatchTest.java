package io.parley.customerio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
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
import io.parley.testkit.SampleReports;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentBatchTest {

  private static final Instant NOW = Instant.parse("2026-11-23T00:10:00.250Z");
  private static final Address CONTACT = new Address("whatsapp:+14155550100");
  private static final SegmentBatch SINK = sink(SegmentRegion.US);

  private static SegmentBatch sink(SegmentRegion region) {
    return new SegmentBatch("segment", URI.create(region.url()), "WRITE", InstantSource.fixed(NOW));
  }

  @Test
  void everyReportIsToldAsTheGoldenSays() throws IOException {
    List<String> told = new ArrayList<>();
    batch(SINK.compose(SampleReports.all())).forEach(call -> told.add(call.toString()));

    assertThat(told)
        .containsExactlyElementsOf(
            Files.readAllLines(Path.of("src/test/resources/golden/segment.jsonl")));
  }

  @Test
  void aBatchIsOneRequestWithTheWriteKey() {
    List<Effect.Outgoing> reports = SampleReports.all();

    Composed composed = SINK.compose(reports);

    assertThat(composed.method()).isEqualTo("POST");
    assertThat(composed.url()).isEqualTo("https://api.segment.io/v1/batch");
    assertThat(composed.headers())
        .containsEntry("Authorization", "Basic V1JJVEU6")
        .containsEntry("Content-Type", "application/json; charset=utf-8");
    assertThat(composed.effects()).isEqualTo(reports);
    assertThat(composed.body())
        .startsWith(
            "{\"sentAt\":\"2026-11-23T00:10:00.250Z\",\"context\":{\"library\":{\"name\":\"Parley\"}},"
                + "\"batch\":[{\"type\":\"identify\",");
    assertThat(sink(SegmentRegion.EU).compose(reports).url())
        .isEqualTo("https://events.eu1.segmentapis.com/v1/batch");
  }

  @Test
  void theSameReportHasTheSameIdInEveryAttemptAndAtCustomerIo() {
    List<Effect.Outgoing> reports = SampleReports.all();
    List<String> ids =
        batch(SINK.compose(reports)).stream().map(it -> it.path("messageId").asText()).toList();
    List<String> atCustomerIo =
        batch(new TrackBatch(Region.US, new TrackKey("SITE", "KEY")).compose(reports)).stream()
            .map(it -> it.path("id").asText())
            .toList();

    assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.length() == 26);
    assertThat(ids.subList(1, ids.size())).isEqualTo(atCustomerIo.subList(1, atCustomerIo.size()));
  }

  @Test
  void whoHasNoIdIsKnownByTheNumber() {
    List<JsonNode> calls =
        batch(
            SINK.compose(
                List.of(
                    new Effect.ReportAttributes(
                        id(0), Person.UNKNOWN, CONTACT, Values.of("conversation_flow", ""), NOW),
                    outcome(1, Person.UNKNOWN, Values.of("widget", "ask")))));

    assertThat(calls.getFirst().path("traits"))
        .hasToString("{\"phone\":\"+14155550100\",\"conversation_flow\":\"\"}");
    assertThat(calls.getLast().path("context"))
        .hasToString("{\"traits\":{\"phone\":\"+14155550100\"}}");
    assertThat(calls).noneMatch(call -> call.has("userId"));
    assertThat(calls.getFirst().path("anonymousId").asText())
        .matches("[0-9a-f]{32}")
        .isEqualTo(calls.getLast().path("anonymousId").asText());
  }

  @Test
  void whoCannotBeNamedCannotBeToldOf() {
    Effect.Outgoing nobody =
        new Effect.ReportOutcome(
            id(0), "twilio_reply", Person.UNKNOWN, new Address("12345"), Values.EMPTY, NOW);
    Effect.Outgoing nameless =
        new Effect.ReportOutcome(id(1), " ", Person.UNKNOWN, CONTACT, Values.EMPTY, NOW);
    Effect.Outgoing send =
        new Effect.Send(id(2), CONTACT, CONTACT, new Effect.Content.Text("hi", List.of()), 0);

    assertThat(SINK.compose(List.of(nobody, nameless, send)).undeliverable())
        .containsOnly(
            Map.entry(nobody, "the person has no external id and the contact no phone number"),
            Map.entry(nameless, "the event has no name"),
            Map.entry(send, "it is no report; it has a courier of its own"));
  }

  @Test
  void everyKeyOfOursIsOneThatSegmentsOwnClientsSend() {
    Set<String> captured = new LinkedHashSet<>();
    SharedData.values("wire/capture.jsonl").stream()
        .filter(request -> request.path("path").asText().matches("/v1/(batch|import/)"))
        .forEach(
            request -> {
              captured.addAll(keys(request.path("body")));
              request.at("/body/batch").forEach(call -> captured.addAll(keys(call)));
            });

    Composed ours = SINK.compose(SampleReports.all());

    assertThat(captured).containsAll(keys(tree(ours.body())));
    assertThat(batch(ours)).allSatisfy(call -> assertThat(captured).containsAll(keys(call)));
  }

  @Test
  void aCallThatIsTooLongIsCutWithTheMark() {
    Map<String, Object> many = new LinkedHashMap<>();
    IntStream.range(0, 5_000).forEach(n -> many.put("n" + n, "v"));

    List<JsonNode> calls =
        batch(
            SINK.compose(
                List.of(
                    outcome(0, Person.UNKNOWN, Values.of("body", "b".repeat(100_000))),
                    outcome(1, Person.UNKNOWN, new Values(many)))));

    assertThat(calls.getFirst().at("/properties/body").asText()).endsWith("b…[cut]");
    assertThat(calls.getLast().at("/properties/parley_cut").asText())
        .matches("…\\[cut] \\d+ of 5000 attributes");
    assertThat(calls)
        .allSatisfy(call -> assertThat(bytes(call.toString())).isLessThanOrEqualTo(32_000));
  }

  @Test
  void whatDoesNotFitTheBodyIsLeftForTheNext() {
    List<Effect.Outgoing> long100 =
        IntStream.range(0, 100)
            .mapToObj(
                n ->
                    (Effect.Outgoing)
                        outcome(n, Person.UNKNOWN, Values.of("body", "b".repeat(7_900))))
            .toList();
    List<Effect.Outgoing> short3000 =
        IntStream.range(0, 3_000)
            .mapToObj(n -> (Effect.Outgoing) outcome(n, Person.UNKNOWN, Values.EMPTY))
            .toList();

    assertThat(bytes(SINK.compose(long100).body())).isBetween(490_000, 499_999);
    assertThat(SINK.compose(long100).effects())
        .hasSizeBetween(60, 62)
        .isEqualTo(long100.subList(0, SINK.compose(long100).effects().size()));
    assertThat(SINK.compose(short3000).effects())
        .isEqualTo(short3000.subList(0, SINK.maxBatchSize()));
    assertThat(SINK.maxBatchSize()).isLessThanOrEqualTo(2_500);
  }

  // ---- answers

  @Test
  void whatIsTakenIsDelivered() {
    assertThat(read(3, 200, "{\"success\":true}")).containsOnly(new Delivered()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 413})
  void aBatchThatIsRefusedIsHalvedUntilTheCallToBlameStandsAlone(int status) {
    String body = "{\"success\":false,\"message\":\"malformed JSON\"}";
    String why = "Segment refused the request (%d): malformed JSON".formatted(status);

    assertThat(read(2, status, body)).containsOnly(new Retry(why, Optional.empty())).hasSize(2);
    assertThat(SINK.blamesTheWhole(composed(2), new Response(status, Map.of(), body))).isTrue();
    assertThat(read(1, status, body)).containsExactly(new Refused(why));
    assertThat(SINK.blamesTheWhole(composed(1), new Response(status, Map.of(), body))).isFalse();
  }

  @Test
  void whatIsNoJsonIsToldAsItIs() {
    assertThat(read(1, 400, " no "))
        .containsExactly(new Refused("Segment refused the request (400): no"));
  }

  @Test
  void refusedCredentialsAreRetriedAndSaidToBe() {
    assertThat(read(1, 401, ""))
        .containsExactly(
            new Retry(
                "Segment refuses our credentials (401): compare write key and region",
                Optional.empty()));
  }

  @Test
  void tooManyRequestsWaitAsLongAsAsked() {
    assertThat(SINK.read(composed(1), new Response(429, Map.of("retry-after", "7"), "")))
        .containsExactly(
            new Retry("Segment asks for fewer requests (429)", Optional.of(Duration.ofSeconds(7))));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 302, 404, 408, 500, 503})
  void otherAnswersAreRetriedAndNotHalved(int status) {
    assertThat(read(2, status, "<html>")).hasSize(2).allMatch(Retry.class::isInstance);
    assertThat(SINK.blamesTheWhole(composed(2), new Response(status, Map.of(), ""))).isFalse();
  }

  @Test
  void aWriteKeyIsNeitherBlankNorAPair() {
    for (String key : List.of(" ", "a:b")) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  new SegmentBatch(
                      "s", URI.create("https://a.example"), key, InstantSource.system()));
    }
  }

  private static List<Verdict> read(int count, int status, String body) {
    return SINK.read(composed(count), new Response(status, Map.of(), body));
  }

  private static Composed composed(int count) {
    return SINK.compose(
        IntStream.range(0, count)
            .mapToObj(n -> (Effect.Outgoing) outcome(n, Person.UNKNOWN, Values.EMPTY))
            .toList());
  }

  private static Effect.ReportOutcome outcome(int index, Person person, Values properties) {
    return new Effect.ReportOutcome(id(index), "twilio_reply", person, CONTACT, properties, NOW);
  }

  private static EffectId id(int index) {
    return new EffectId(ConversationId.parse("00000000-0000-8000-8000-000000000001"), 3, index);
  }

  private static List<JsonNode> batch(Composed composed) {
    return tree(composed.body()).path("batch").valueStream().toList();
  }

  private static JsonNode tree(String json) {
    try {
      return new JsonMapper().readTree(json);
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
