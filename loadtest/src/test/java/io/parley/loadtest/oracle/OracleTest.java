package io.parley.loadtest.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.loadtest.oracle.Case.Waiting;
import io.parley.loadtest.oracle.Ledgers.Acknowledged;
import io.parley.loadtest.oracle.SelfTest.Plant;
import io.parley.loadtest.oracle.SelfTest.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The judge objects to each broken promise, planted into a run in which none was.
final class OracleTest {

  private static final String QUESTION = "0b5c8a52-0000-4000-8000-000000000001:1:0";
  private static final String ASHA = "0b5c8a52-0000-4000-8000-000000000001";

  static Stream<Plant> plants() {
    return SelfTest.plants().stream();
  }

  @ParameterizedTest
  @MethodSource("plants")
  void objectsToEachViolationWithItsTraceAndToNothingElse(Plant plant) throws Exception {
    Result result = SelfTest.judged(plant);

    assertThat(result.caught()).as("%s%n%s", plant, result.judgement()).isTrue();
  }

  @Test
  void plantsAViolationOfEachPromise() {
    assertThat(plants().map(Plant::promise).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(Promise.values());
  }

  @Test
  void hasNothingAgainstARunInWhichAllWasKeptAndSaysHowMuchItSaw() throws Exception {
    Judgement judgement = SelfTest.unharmed();

    assertThat(judgement.kept()).as("%s", judgement).isTrue();
    assertThat(judgement.verdicts())
        .allSatisfy(verdict -> assertThat(verdict.word()).as("%s", verdict).isEqualTo("kept"));
  }

  @Test
  void saysWhatWasNotPutToTheTest() {
    assertThat(new Verdict(Promise.OFFER_HAS_FRICTION, 0, 0, List.of()).toString())
        .startsWith("not tested")
        .endsWith("no offer is made without its friction");
  }

  @Test
  void countsAMessageInDoubtOnceWhetherItWasCreatedOrNot() throws Exception {
    assertThat(inDoubt().judge().kept()).isTrue();

    KeptRun lost = inDoubt();
    lost.messages.removeIf(message -> message.sid().equals("SM1"));
    assertThat(lost.judge().kept()).isTrue();
  }

  private static KeptRun inDoubt() {
    KeptRun run = new KeptRun();
    run.deliveries(ASHA).remove(QUESTION + " twilio");
    run.waiting.put(ASHA, List.of(new Waiting(QUESTION, "twilio", "", true, Instant.EPOCH)));
    return run;
  }

  @Test
  void letsAnOutcomeBeDeadWithAReason() throws Exception {
    KeptRun run = new KeptRun();
    run.outcomes.removeIf(it -> it.name().equals("twilio_reply"));
    run.waiting.put(
        ASHA,
        List.of(
            new Waiting(ASHA + ":3:0", "customerio", "too large", false, Instant.EPOCH),
            new Waiting(ASHA + ":4:0", "customerio", "too large", false, Instant.EPOCH)));

    assertThat(run.judge().kept()).as("%s", run.judge()).isTrue();
  }

  @Test
  void tracesAConversationInTheOrderOfTime() throws Exception {
    Result result =
        SelfTest.judged(
            SelfTest.plants().stream()
                .filter(plant -> plant.name().equals("a message is created twice"))
                .findFirst()
                .orElseThrow());

    String trace = result.judgement().objections().getFirst().trace();
    assertThat(trace)
        .contains("customerio_trigger cart-1", "SM1 delivered", "twilio_reply", "SM91 of 1:0")
        .contains("stands at offer");
    List<String> times =
        trace
            .lines()
            .filter(line -> !line.contains("in the end"))
            .map(line -> line.strip().substring(0, "12:00:00.000".length()))
            .toList();
    assertThat(times).hasSizeGreaterThan(8).isSorted();
  }

  @Test
  void tellsAnEventThatIsLateFromOneThatIsLost() throws Exception {
    KeptRun run = new KeptRun();
    run.acknowledged.add(new Acknowledged("twilio_message", "SM98", "+12125550199"));
    run.acknowledged.add(new Acknowledged("twilio_message", "SM99", "+12125550199"));
    run.leftOver.add("inbox twilio_message SM99 attempts 2 Timed out");

    assertThat(run.judge().objections().stream().map(Objection::what))
        .contains(
            "twilio_message SM98 was accepted and has no turn",
            "twilio_message SM99 was accepted and has no turn; it waits: inbox twilio_message SM99"
                + " attempts 2 Timed out");
  }

  @Test
  void letsMessagesFollowAStart() throws Exception {
    KeptRun run = new KeptRun();
    run.startAgain();

    assertThat(run.judge().kept()).as("%s", run.judge()).isTrue();
  }

  @Test
  void letsAMessageBeWithdrawn() throws Exception {
    KeptRun run = new KeptRun();
    run.withdraw(QUESTION);

    assertThat(run.judge().kept()).as("%s", run.judge()).isTrue();
  }

  @Test
  void letsAGetBeAskedAgainAndNothingThatChangesSomething() throws Exception {
    KeptRun safe = new KeptRun();
    safe.askTwice("GET");
    assertThat(safe.judge().kept()).as("%s", safe.judge()).isTrue();

    KeptRun unsafe = new KeptRun();
    unsafe.askTwice("PUT");
    assertThat(unsafe.judge().of(Promise.CALL_LEAVES_ONCE).broken()).isOne();
  }

  @Test
  void judgesTenThousandConversationsInSeconds() throws Exception {
    KeptRun run = new KeptRun();
    run.repeat(5_000);

    long began = System.nanoTime();
    Judgement judgement = run.judge();
    Duration took = Duration.ofNanos(System.nanoTime() - began);

    assertThat(judgement.kept()).as("%s", judgement).isTrue();
    assertThat(judgement.of(Promise.CONVERSATION_HAS_A_PLACE).checked()).isEqualTo(10_000);
    assertThat(took).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void isReadAndWrittenAsJson() throws Exception {
    Judgement judgement = SelfTest.judged(SelfTest.plants().getFirst()).judgement();
    ObjectMapper json = new ObjectMapper();

    String text = json.writeValueAsString(judgement);

    assertThat(json.readValue(text, Judgement.class)).isEqualTo(judgement);
  }
}
