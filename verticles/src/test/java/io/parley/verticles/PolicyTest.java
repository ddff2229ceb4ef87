package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.engine.policy.Policy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// The brand's rules: their file, what is wrong with it, and what comes of it in the service.
final class PolicyTest {

  private static final String JANE = "+14155550142";
  private static final String OWN =
      "notices: {brand: Acme, twilio_confirms: none, help: Call us.}\nhours: {quiet: off}\n";

  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("policy.yaml"), text);
  }

  private FileInForce<Policy> inForce(boolean named) {
    return new PolicyFile(folder.resolve("policy.yaml"), named).inForce();
  }

  // ---- the file

  @Test
  void withoutAFileTheDefaultsHold() {
    FileInForce<Policy> policy = inForce(false);

    assertThat(policy.load()).isEmpty();
    assertThat(policy.get()).isEqualTo(Policy.DEFAULT);
  }

  @Test
  void aFileThatIsNamedMustBeThere() {
    assertThat(inForce(true).load()).singleElement().asString().contains("there is no such file");
  }

  @Test
  void theUsualFileIsNamedByNobody() {
    assertThat(PolicyFile.named(Optional.empty()))
        .isEqualTo(new PolicyFile(Path.of("policy.yaml"), false));
    assertThat(PolicyFile.named(Optional.of("a.yaml")).isNamed()).isTrue();
  }

  @Test
  void aBrokenFileChangesNothingAndIsToldOnce() throws IOException {
    FileInForce<Policy> policy = inForce(true);
    file(OWN);
    assertThat(policy.load()).isEmpty();

    file("notices: {brand: [a], colour: red}\nreview: {retention: soon, below: 2}\n");

    assertThat(policy.load())
        .hasSize(4)
        .allMatch(it -> it.startsWith(folder + "/policy.yaml: #/"))
        .anyMatch(it -> it.contains("#/notices/colour is not known here"))
        .anyMatch(it -> it.contains("#/notices/brand must be a text"))
        .anyMatch(it -> it.contains("#/review/retention must be a duration"))
        .anyMatch(it -> it.contains("#/review/below must be a number from 0 to 1"));
    assertThat(policy.load()).isEmpty();
    assertThat(policy.get().notices().brand()).isEqualTo("Acme");
    file("notices: {brand: Bcme}\n");
    assertThat(policy.load()).isEmpty();
    assertThat(policy.get().notices().brand()).isEqualTo("Bcme");
  }

  @Test
  void aFileThatVanishesChangesNothingAndIsToldOnce() throws IOException {
    FileInForce<Policy> policy = inForce(false);
    Path file = file(OWN);
    policy.load();

    Files.delete(file);

    assertThat(policy.load()).hasSize(1);
    assertThat(policy.load()).isEmpty();
    assertThat(policy.get().notices().brand()).isEqualTo("Acme");
  }

  // ---- the command

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int check(Path file) {
    return new CommandLine(new PolicyCommand(new PrintStream(out), new PrintStream(err)))
        .execute("check", file.toString());
  }

  @Test
  void checkEndsWithZeroWhereNothingIsWrong() throws IOException {
    assertThat(check(file(OWN))).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("0 problems\n");
  }

  @Test
  void checkEndsWithOneAndNamesThePlace() throws IOException {
    assertThat(check(file("notices:\n  question: {es: Hola}\n"))).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("policy.yaml: #/notices/question has no en");
  }

  @Test
  void checkEndsWithOneOnWhatIsNoYaml() throws IOException {
    assertThat(check(file("notices: [\n"))).isEqualTo(1);
  }

  @Test
  void checkEndsWithTwoWhereThereIsNoFile() {
    assertThat(check(folder.resolve("none.yaml"))).isEqualTo(2);
  }

  // ---- in the service

  @Test
  void aWrongPolicyStopsTheStart() throws IOException {
    Path file = file("notice: {}\n");

    assertThatThrownBy(() -> Service.start(Map.of("POLICY", file.toString())).close())
        .hasStackTraceContaining("PARLEY_POLICY")
        .hasStackTraceContaining("#/notice is not known here");
  }

  @Test
  void aStopIsConfirmedAndHelpIsAnsweredAfterIt() throws IOException {
    Path file = file(OWN);
    try (Service service = Service.start(Map.of("POLICY", file.toString()))) {
      service.trigger(JANE, "key");
      service.until("the question leaves", () -> service.channel.texts().size() == 1);

      service.reply(JANE, "SM-in-1", "STOP");

      service.until("it is confirmed", () -> service.channel.texts().size() == 2);
      assertThat(service.channel.texts().getLast())
          .isEqualTo(
              "Acme: You are unsubscribed and will get no further messages."
                  + " Reply START to resubscribe.");
      service.until(
          "that is on record", () -> service.count("delivery where destination = 'twilio'") == 2);
      Files.writeString(file, OWN.replace("Call us", "Write to us"));
      service.until(
          "the other text is in force",
          () -> {
            int before = service.channel.texts().size();
            service.reply(JANE, "SM-help-" + before, "HELP");
            service.until("it is answered", () -> service.channel.texts().size() == before + 1);
            return service.channel.texts().getLast().equals("Acme: Write to us.");
          });
      assertThat(service.get("/health/ready").status()).isEqualTo(200);
    }
  }

  @Test
  void aNoticeThatIsTooLateIsDropped() throws IOException {
    Path file = file(OWN);
    try (Service service = Service.start(Map.of("POLICY", file.toString()))) {
      service.trigger(JANE, "key");
      service.until("the question leaves", () -> service.channel.texts().size() == 1);
      service.until(
          "that is on record", () -> service.count("delivery where destination = 'twilio'") == 1);
      service.channel.usually(FakeChannel.Fate.NO_CONNECTION);
      service.reply(JANE, "SM-in-1", "STOP");
      service.until("it is tried", () -> service.channel.requests().size() >= 2);

      service.execute(
          "update outbox set effect ="
              + " regexp_replace(effect, '\"leaveBy\":\"[^\"]*\"', '\"leaveBy\":\"2020-01-01T00:00:00Z\"')"
              + " where destination = 'twilio'");

      service.until(
          "it is given up",
          () ->
              service.texts("select outcome from delivery where outcome = 'too_late'").size() == 1);
    }
  }

  private static final String OTHER = "+15550002222";

  private Service withTwoNumbers() throws IOException {
    Service service =
        Service.start(
            Map.of(
                "POLICY",
                file(OWN).toString(),
                "FLOW_BINDINGS",
                Service.OURS + "=cart," + OTHER + "=cart"));
    service.reply(JANE, "SM-a1", "hello");
    service.replying(OTHER, JANE, "SM-b1", "hello").join();
    service.until("both ask", () -> service.channel.texts().size() == 2);
    service.until(
        "both are on record", () -> service.count("delivery where destination = 'twilio'") == 2);
    return service;
  }

  @Test
  void whetherToStopMayBeAnsweredToAnotherNumberOfOurs() throws IOException {
    try (Service service = withTwoNumbers()) {
      service.reply(JANE, "SM-a2", "should I stop?");
      assertThat(service.texts("select block from contact")).containsExactly("UNCLEAR");
      service.until("it is asked", () -> service.channel.texts().size() == 3);

      service.replying(OTHER, JANE, "SM-b2", "yes").join();

      assertThat(service.texts("select block from contact")).containsOnly("OPTED_OUT");
      service.until("that is confirmed", () -> service.channel.texts().size() == 4);
      assertThat(service.channel.texts().getLast()).contains("You are unsubscribed");
    }
  }

  @Test
  void whoGoesOnWithAnotherNumberOfOursIsAnsweredThere() throws IOException {
    try (Service service = withTwoNumbers()) {
      service.reply(JANE, "SM-a2", "should I stop?");
      service.until("it is asked", () -> service.channel.texts().size() == 3);

      service.replying(OTHER, JANE, "SM-b2", "No, I like them").join();

      assertThat(service.texts("select coalesce(block, '') from contact")).containsExactly("");
      service.until("the flow answers", () -> service.channel.texts().size() == 4);
      assertThat(service.channel.texts().getLast()).isEqualTo("You said: No, I like them");
    }
  }

  @Test
  void aStopToOneNumberSilencesAllAndIsConfirmedOnce() throws IOException {
    try (Service service = withTwoNumbers()) {
      service.reply(JANE, "SM-a2", "STOP");
      service.until("that is confirmed", () -> service.channel.texts().size() == 3);

      service.replying(OTHER, JANE, "SM-b2", "how long is shipping?").join();
      service.replying(OTHER, JANE, "SM-b3", "STOP").join();
      service.reply(JANE, "SM-a3", "HELP");

      service.until("help is given", () -> service.channel.texts().size() == 4);
      assertThat(service.channel.texts().getLast()).isEqualTo("Acme: Call us.");
    }
  }

  @Test
  void aRepeatedStopThatWaitedInTheInboxIsConfirmedOnce() throws IOException {
    Path file = file(OWN);
    try (Service service = Service.start(Map.of("POLICY", file.toString()))) {
      service.trigger(JANE, "key");
      service.until("the question leaves", () -> service.channel.texts().size() == 1);
      service.reply(JANE, "SM-1", "STOP");
      service.until("it is confirmed", () -> service.channel.texts().size() == 2);
      service.until(
          "that is on record", () -> service.count("delivery where destination = 'twilio'") == 2);
      service.stop();
      service.execute("create table mended as select conversation, number, state from turn");
      service.execute("update turn set state = 'spoilt'");
      service.restart();
      service.reply(JANE, "SM-2", "STOP");
      assertThat(service.texts("select source_id from inbox")).containsExactly("SM-2");

      service.execute(
          "update turn t set state = m.state from mended m"
              + " where m.conversation = t.conversation and m.number = t.number");

      service.until("the inbox is empty", () -> service.count("inbox") == 0);
      assertThat(service.texts("select count(*) from outbox where destination = 'twilio'"))
          .containsExactly("0");
      assertThat(service.channel.texts()).hasSize(2);
    }
  }

  @Test
  void whatWasNotUnderstoodIsKept() {
    try (Service service = Service.start()) {
      service.trigger(JANE, "key");
      service.until("the question leaves", () -> service.channel.texts().size() == 1);

      service.reply(JANE, "SM-in-1", "Is it vegan?");

      assertThat(service.texts("select text || ' ' || flow from reply_review"))
          .containsExactly("Is it vegan? cart");
    }
  }
}
