package io.parley.destinations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.parley.destinations.SignedWebhook.Receiver;
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
import io.parley.engine.Json;
import io.parley.engine.Outcomes;
import io.parley.engine.Person;
import io.parley.engine.Values;
import io.parley.testkit.SampleReports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedWebhookTest {

  private static final Instant NOW = Instant.parse("2026-11-23T00:10:00Z");
  private static final URI URL = URI.create("https://example.com/parley?from=parley");
  private static final SignedWebhook SINK = webhook(100, "s3cret");
  private static final SignedWebhook ONE_BY_ONE = webhook(1, "s3cret");

  private static SignedWebhook webhook(int batch, String... secrets) {
    return new SignedWebhook(
        "audit", new Receiver(URL, List.of(secrets), batch), InstantSource.fixed(NOW));
  }

  @Test
  void everyReportIsToldAsTheGoldenSays() {
    List<Effect.Outgoing> reports = SampleReports.all();
    List<String> told =
        reports.stream().map(report -> ONE_BY_ONE.compose(List.of(report)).body()).toList();

    assertThat(told).containsExactlyElementsOf(golden("webhook.jsonl"));
    assertThat(reports.stream().skip(1).map(it -> ((Effect.ReportOutcome) it).name()))
        .containsExactlyInAnyOrderElementsOf(Outcomes.ALL);
  }

  @Test
  void aBatchIsOneRequestWithItsReportsInOrder() {
    List<Effect.Outgoing> reports = SampleReports.all();

    Composed composed = SINK.compose(reports);

    assertThat(composed.method()).isEqualTo("POST");
    assertThat(composed.url()).isEqualTo(URL.toString());
    assertThat(composed.effects()).isEqualTo(reports);
    assertThat(composed.body())
        .isEqualTo(
            "{\"version\":1,\"events\":[" + String.join(",", golden("webhook.jsonl")) + "]}");
    assertThat(composed.headers())
        .containsEntry("Content-Type", "application/json; charset=utf-8")
        .containsEntry("User-Agent", "Parley");
  }

  @Test
  void aRequestIsSignedWithTheTimeAtWhichItLeaves() {
    Composed composed = SINK.compose(SampleReports.all());

    assertThat(composed.headers().get("Parley-Signature"))
        .isEqualTo("t=1795392600,v1=" + hmac("s3cret", "1795392600." + composed.body()));
  }

  @Test
  void whileASecretIsRotatedARequestIsSignedWithBoth() {
    Composed composed = webhook(10, "new", "old").compose(SampleReports.all());

    assertThat(composed.headers().get("Parley-Signature"))
        .isEqualTo(
            "t=1795392600,v1=%s,v1=%s"
                .formatted(
                    hmac("new", "1795392600." + composed.body()),
                    hmac("old", "1795392600." + composed.body())));
  }

  @Test
  void theSameReportHasTheSameIdInEveryAttempt() {
    SignedWebhook later =
        new SignedWebhook(
            "audit",
            new Receiver(URL, List.of("s3cret"), 100),
            InstantSource.fixed(NOW.plusSeconds(3_600)));

    assertThat(later.compose(SampleReports.all()).body())
        .isEqualTo(SINK.compose(SampleReports.all()).body());
  }

  @Test
  void aReportThatIsTooLongIsCutWithTheMark() {
    Effect.Outgoing reply = reply(0, "b".repeat(100_000));

    String body = ONE_BY_ONE.compose(List.of(reply)).body();

    assertThat(body).contains("b…[cut]\"");
    assertThat(body.getBytes(StandardCharsets.UTF_8).length).isBetween(7_000, 32_000);
    assertThat(Json.parse(body)).isPresent();
  }

  @Test
  void whatDoesNotFitTheBodyIsLeftForTheNext() {
    List<Effect.Outgoing> replies =
        IntStream.range(0, 50).mapToObj(index -> reply(index, "b".repeat(7_000))).toList();

    Composed composed = SINK.compose(replies);

    assertThat(composed.effects()).hasSizeBetween(12, 13);
    assertThat(composed.effects()).isEqualTo(replies.subList(0, composed.effects().size()));
    assertThat(composed.body().getBytes(StandardCharsets.UTF_8).length).isLessThan(100_000);
  }

  @Test
  void whatIsNoReportIsUndeliverable() {
    Effect.Outgoing call =
        new Effect.Call(
            id(0),
            new Effect.Request.Http("GET", "https://a.example", Values.EMPTY, "", "", false));

    assertThat(SINK.compose(List.of(call)).undeliverable())
        .containsOnlyKeys(call)
        .containsValue("it is no report; it has a courier of its own");
  }

  // ---- answers

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204})
  void whatIsTakenIsDelivered(int status) {
    assertThat(read(3, status)).containsOnly(new Delivered()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 301, 303, 307, 401, 403, 408, 425, 429, 500, 502, 503, 504})
  void whatSaysNothingOfTheReportsIsAskedAgain(int status) {
    assertThat(read(2, status)).hasSize(2).allMatch(Retry.class::isInstance);
    assertThat(SINK.blamesTheWhole(composed(2), new Response(status, Map.of(), ""))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 409, 413, 415, 422})
  void whatIsRefusedAloneIsRefusedForGood(int status) {
    Response response = new Response(status, Map.of(), " no such thing ");

    assertThat(SINK.read(composed(1), response))
        .containsExactly(
            new Refused("the receiver refused it (%d: no such thing)".formatted(status)));
    assertThat(SINK.blamesTheWhole(composed(1), response)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 413, 422})
  void ofABatchThatIsRefusedHalvesAreTried(int status) {
    Response response = new Response(status, Map.of(), "no");

    assertThat(SINK.blamesTheWhole(composed(2), response)).isTrue();
    assertThat(SINK.read(composed(2), response))
        .containsOnly(
            new Retry(
                "the receiver refused one of 2 reports (%d: no)".formatted(status),
                Optional.empty()));
  }

  @Test
  void aReceiverThatIsGoneRefusesAll() {
    Response gone = new Response(410, Map.of(), "");

    assertThat(SINK.read(composed(3), gone))
        .containsOnly(new Refused("the receiver is gone for good (410)"))
        .hasSize(3);
    assertThat(SINK.blamesTheWhole(composed(3), gone)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void theReceiverIsLeftAloneForAsLongAsItAsks(int status) {
    List<Verdict> verdicts =
        SINK.read(composed(1), new Response(status, Map.of("retry-after", "7"), ""));

    assertThat(((Retry) verdicts.getFirst()).after()).contains(Duration.ofSeconds(7));
  }

  @Test
  void secretsAreNeverPrintedAndNeverEmpty() {
    assertThat(new Receiver(URL, List.of("s3cret"), 1)).asString().doesNotContain("s3cret");
    assertThatIllegalArgumentException().isThrownBy(() -> webhook(1));
    assertThatIllegalArgumentException().isThrownBy(() -> webhook(1, " "));
    assertThatIllegalArgumentException().isThrownBy(() -> webhook(0, "s"));
    assertThatIllegalArgumentException().isThrownBy(() -> webhook(501, "s"));
  }

  private static List<Verdict> read(int count, int status) {
    return SINK.read(composed(count), new Response(status, Map.of(), ""));
  }

  private static Composed composed(int count) {
    return SINK.compose(
        Stream.iterate(0, index -> index + 1).limit(count).map(it -> reply(it, "hi")).toList());
  }

  private static Effect.Outgoing reply(int index, String body) {
    return new Effect.ReportOutcome(
        id(index),
        Outcomes.REPLY,
        Person.UNKNOWN,
        new Address("+14155550100"),
        Values.of("body", body).with("widget", "ask"),
        NOW);
  }

  private static EffectId id(int index) {
    return new EffectId(ConversationId.parse("00000000-0000-8000-8000-000000000001"), 3, index);
  }

  private static String hmac(String secret, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static List<String> golden(String name) {
    try {
      return Files.readAllLines(Path.of("src/test/resources/golden").resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
