package io.parley.loadtest.drive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.parley.loadtest.customerio.ReceivedEvent;
import io.parley.loadtest.measure.Recorder;
import io.parley.loadtest.oracle.Evidence;
import io.parley.loadtest.oracle.Judgement;
import io.parley.loadtest.oracle.Oracle;
import io.parley.loadtest.profile.Arrivals;
import io.parley.loadtest.profile.Arrivals.Recorded;
import io.parley.loadtest.profile.Behaviour;
import io.parley.loadtest.profile.Customers.Spacing;
import io.parley.loadtest.profile.Profile;
import io.parley.loadtest.profile.ProfileFile;
import io.parley.loadtest.profile.ProfileFile.Reading;
import io.parley.loadtest.twilio.DeliveryStatus;
import io.parley.loadtest.twilio.InboundResult;
import io.parley.loadtest.twilio.SentMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One customer of each behaviour, a tenth of a second apart, before a real Parley.
final class BehavioursTest {

  private static final Path ROOT = Path.of(System.getProperty("parley.root", ".."));
  private static final Path JAR = ROOT.resolve("verticles/target/parley.jar").toAbsolutePath();
  private static final Duration LATE = Duration.ofSeconds(2);

  @TempDir private static Path folder = Path.of("");

  @SuppressWarnings("NullAway.Init")
  private static Ground ground;

  @SuppressWarnings("NullAway.Init")
  private static Judgement judgement;

  private static final List<Behaviour> EACH = List.of(Behaviour.values());
  private static final Numbers NUMBERS = new Numbers("0", 0);

  @BeforeAll
  static void play() throws Exception {
    assumeTrue(Files.exists(JAR), "Parley is not built: " + JAR + " is missing");
    Profile profile = profile();
    leaveWhatAnEarlierRunLeaves();
    ground = Ground.open(profile, folder.resolve("out"));
    Recorder recorder = new Recorder();
    try (Agenda agenda = Agenda.open();
        Wire wire = new Wire(ground.parley(), ground.bearer(), 100, agenda)) {
      Crowd crowd = new Crowd(ground.scene(), NUMBERS, profile, wire, agenda);
      leaveAnEventOfAStranger();
      try (Staff staff = Staff.come(profile.agents().orElseThrow(), ground, crowd, recorder, 1)) {
        CountDownLatch come = new CountDownLatch(1);
        crowd.come(
            new Timetable(each(), Spacing.EVEN, new SplittableRandom(1)),
            recorder,
            come::countDown);
        assertThat(come.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(
                new Rest(ground, crowd, Optional.of(staff), crowd::isOfRun)
                    .await(Duration.ofSeconds(90)))
            .isEmpty();
      }
      try (Connection connection = ground.connect()) {
        judgement =
            Oracle.judge(
                Evidence.open(connection, crowd::isOfRun, () -> ground.ledgers(crowd.told())),
                ground.rules());
      }
    }
  }

  /// In a database that others use, too: neither the rest nor the judge is about them.
  private static void leaveAnEventOfAStranger() throws SQLException {
    try (Connection connection = ground.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          insert into inbox (source, source_id, ours, theirs, format, event, received_at, due_at, error)
          values ('test', 'of a stranger', '+14155550199', '+4915112345678', 1, '', now(), 'infinity', '')
          """);
    }
  }

  /// In the folder of this one: an invite that has been taken.
  private static void leaveWhatAnEarlierRunLeaves() throws IOException {
    Files.writeString(
        Files.createDirectories(folder.resolve("out/stage")).resolve("parley.log"),
        "the desk has no admin yet: http://127.0.0.1:1/desk/invite/taken\n");
  }

  /// They think for longer than Parley may need to hear that a message has left: to who answers a
  /// help before that, it does not count as help, and the gate stays shut.
  private static Profile profile() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("each.yaml"),
            """
            name: each
            target: {embedded: {jar: "%s", jvm: [-Xmx768m]}}
            customers:
              arrivals: [{rate: 1/s, for: 1s}]
              thinking: 1s
              late: %dms
            agents: {count: 1, thinking: 100ms, handling: 1s}
            twilio: {segments_per_second: 100, delivered: 10ms}
            """
                .formatted(JAR, LATE.toMillis()));
    return switch (ProfileFile.read(file, List.of(), _ -> Optional.empty())) {
      case Reading.Read(Profile profile) -> profile;
      case Reading.Wrong(var problems) -> throw new AssertionError(problems.toString());
    };
  }

  private static List<Arrivals> each() {
    return List.of(
        new Arrivals.Replay(
            EACH.stream()
                .map(
                    behaviour ->
                        new Recorded(
                            Duration.ofMillis(100L * number(behaviour)),
                            Optional.of(behaviour),
                            Map.of()))
                .toList()));
  }

  /// They come in this order.
  private static int number(Behaviour behaviour) {
    return EACH.indexOf(behaviour);
  }

  @AfterAll
  static void close() {
    if (ground != null) {
      ground.close();
    }
  }

  private static String address(Behaviour behaviour) {
    return NUMBERS.address(new Person(number(behaviour), behaviour, 0, new Recorder()));
  }

  private static List<InboundResult> wrote(Behaviour behaviour) {
    return ground.twilio().inbound().stream()
        .filter(it -> address(behaviour).equals(it.parameters().get("From")))
        .sorted(Comparator.comparing(InboundResult::receivedAt))
        .toList();
  }

  private static List<String> said(Behaviour behaviour) {
    return wrote(behaviour).stream().map(it -> it.parameters().getOrDefault("Body", "")).toList();
  }

  private static List<SentMessage> got(Behaviour behaviour) {
    return ground.twilio().messagesViaApi().stream()
        .filter(it -> it.to().equals(address(behaviour)))
        .toList();
  }

  private static List<String> told(Behaviour behaviour) {
    String id = "load-0-" + number(behaviour);
    return ground.customerIo().events().stream()
        .filter(it -> it.person().value().equals(id))
        .map(ReceivedEvent::name)
        .toList();
  }

  @Test
  void everyPromiseIsKept() {
    assertThat(judgement.kept()).as(judgement.toString()).isTrue();
  }

  @Test
  void whoAnswersSaysAllTheyHaveToSayAndMeetsTheGate() {
    assertThat(said(Behaviour.ANSWERS)).isEqualTo(Behaviour.ANSWERS.lines());
    assertThat(told(Behaviour.ANSWERS)).contains("offer_granted", "twilio_flow_completed");
    assertThat(said(Behaviour.TYPOS)).isEqualTo(Behaviour.TYPOS.lines());
  }

  @Test
  void whoIsSilentIsWrittenToOnce() {
    assertThat(said(Behaviour.SILENT)).isEmpty();
    assertThat(got(Behaviour.SILENT)).hasSize(1);
  }

  @Test
  void whoStopsIsWrittenToNoMore() {
    assertThat(said(Behaviour.STOPS)).containsExactly("STOP");
    assertThat(got(Behaviour.STOPS)).hasSize(1);
    assertThat(told(Behaviour.STOPS)).contains("opted_out");
  }

  @Test
  void whoBuysDoesSoInTheMiddleOfIt() {
    assertThat(said(Behaviour.BUYS)).isEqualTo(Behaviour.BUYS.lines());
    assertThat(told(Behaviour.BUYS)).contains("conversion");
  }

  @Test
  void twoTextsComeWithinAMoment() {
    List<InboundResult> wrote = wrote(Behaviour.DOUBLE_TEXTS);

    assertThat(said(Behaviour.DOUBLE_TEXTS)).startsWith("Hi!", "how much is shipping?");
    assertThat(Duration.between(wrote.getFirst().receivedAt(), wrote.get(1).receivedAt()).abs())
        .isLessThan(Duration.ofMillis(600));
  }

  @Test
  void whoIsLateTakesTheirTime() {
    SentMessage question = got(Behaviour.LATE).getFirst();

    assertThat(said(Behaviour.LATE)).isEqualTo(Behaviour.LATE.lines());
    assertThat(wrote(Behaviour.LATE).getFirst().receivedAt())
        .isAfter(question.receivedAt().plus(LATE));
  }

  @Test
  void aWrongNumberIsNotReached() {
    assertThat(said(Behaviour.WRONG_NUMBER)).isEmpty();
    assertThat(got(Behaviour.WRONG_NUMBER))
        .extracting(SentMessage::status)
        .containsOnly(DeliveryStatus.UNDELIVERED);
  }

  @Test
  void aPictureComesWithTheWords() {
    assertThat(wrote(Behaviour.MEDIA).getFirst().parameters())
        .containsEntry("NumMedia", "1")
        .containsEntry("MediaContentType0", "image/jpeg");
  }

  @Test
  void aButtonIsTappedOnWhatsApp() {
    assertThat(address(Behaviour.BUTTONS)).startsWith("whatsapp:");
    assertThat(wrote(Behaviour.BUTTONS).getFirst().parameters())
        .containsEntry("ButtonPayload", "yes");
    assertThat(got(Behaviour.BUTTONS)).hasSize(2);
    assertThat(got(Behaviour.BUTTONS).getLast().body()).contains("put aside for you");
  }

  @Test
  void whoWantsAPersonTalksWithOne() {
    assertThat(got(Behaviour.WANTS_PERSON))
        .extracting(SentMessage::body)
        .contains("Hi, this is the team. How can I help?");
    assertThat(told(Behaviour.WANTS_PERSON))
        .contains("agent_handoff", "agent_handoff_accepted", "agent_handoff_closed");
  }
}
