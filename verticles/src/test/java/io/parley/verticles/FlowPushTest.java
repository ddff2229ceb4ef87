package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.codec.FlowDocument;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// Pulls and pushes flows, as their author does, from and to a Studio API.
final class FlowPushTest {

  private static final String CHILD_AT_HOME = "FW" + "a".repeat(32);
  private static final String WORKFLOW_AT_HOME = "WW" + "a".repeat(32);
  private static final String WORKFLOW = "WW" + "b".repeat(32);

  @TempDir private Path folder;

  private final FakeStudio studio = FakeStudio.start();
  private final Map<String, String> variables =
      new HashMap<>(
          Map.of(
              "PARLEY_STUDIO_ACCOUNT_SID", FakeStudio.USER,
              "PARLEY_STUDIO_AUTH_TOKEN", FakeStudio.TOKEN));
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @AfterEach
  void noSecretIsPrinted() {
    studio.close();
    assertThat(printed() + complained()).doesNotContain(FakeStudio.TOKEN);
  }

  @Test
  void aNewFlowIsCreatedAsADraft() {
    Path file = file("care", says("Hi"));

    assertThat(run("import", "--to", studio.url(), "--message", "first", path(file))).isZero();

    assertThat(printed())
        .isEqualTo(
            """
            %s -> there: new
            care: saved as a draft, revision 1
              is FW00000000000000000000000000000f00
            """
                .formatted(file));
    assertThat(studio.latest("care").status()).isEqualTo("draft");
    assertThat(studio.latest("care").message()).isEqualTo("first");
  }

  @Test
  void aChangeIsShownAndPublished() {
    studio.add("other", "published", says("x"));
    studio.add("another", "published", says("x"));
    String sid = studio.add("care", "published", says("Hi"));
    Path file = file("care", says("Hello"));

    assertThat(run("import", "--publish", "--to", studio.url(), path(file))).isZero();

    assertThat(printed())
        .isEqualTo(
            """
            %s -> there: %s, revision 1, published
              say: body was "Hi", is "Hello"
            care: published, revision 2
            """
                .formatted(file, sid));
    assertThat(studio.flows.get(sid)).hasSize(2);
    assertThat(studio.latest("care").status()).isEqualTo("published");
  }

  @Test
  void whereNothingChangesNothingIsDone() {
    studio.add("care", "published", says("Hi"));

    assertThat(run("import", "--publish", "--to", studio.url(), path(file("care", says("Hi")))))
        .isZero();

    assertThat(printed()).endsWith(", revision 1, published, nothing changes\n");
    assertThat(studio.asked).noneMatch(it -> it.startsWith("POST"));
  }

  @Test
  void aDraftThatIsTheSameIsPublishedAsItIs() {
    studio.add("care", "draft", says("Hi"));
    Path file = file("care", says("Hi"));

    assertThat(run("import", "--draft", "--to", studio.url(), path(file))).isZero();
    assertThat(printed()).endsWith("nothing changes\n");
    assertThat(run("import", "--publish", "--to", studio.url(), path(file))).isZero();
    assertThat(printed()).contains("  is published as it is\ncare: published, revision 2\n");
  }

  @Test
  void aDryRunValidatesAndSavesNothing() {
    String sid = studio.add("care", "published", says("Hi"));

    assertThat(run("import", "--dry-run", "--to", studio.url(), path(file("care", says("Hello")))))
        .isZero();

    assertThat(printed()).contains("  say: body was \"Hi\", is \"Hello\"\n");
    assertThat(studio.asked)
        .contains("POST /v2/Flows/Validate")
        .doesNotContain("POST /v2/Flows/" + sid);
    assertThat(studio.flows.get(sid)).hasSize(1);
  }

  @Test
  void whatIsWrongIsSaidByLineAndNothingIsSaved() {
    Path good = file("good", says("Hi"));
    Path bad =
        file(
            "bad",
            """
            {"initial_state": "Trigger", "states": [
              {"name": "Trigger", "type": "trigger", "properties": {}, "transitions": [
                {"event": "incomingMessage",
                 "next": "nowhere"}]}]}
            """);

    assertThat(run("import", "--to", studio.url(), path(good), path(bad))).isEqualTo(1);

    assertThat(complained())
        .contains("POST " + studio.url() + "/v2/Flows/Validate answered 400, code 81022: ")
        .contains(bad + ":4: #/states/0/transitions/0/next ");
    assertThat(studio.flows).isEmpty();
  }

  @Test
  void sidsAreTurnedAndASubflowGoesFirst() {
    variables.clear();
    variables.put("PARLEY_STUDIO_STAGING_ACCOUNT_SID", FakeStudio.USER);
    variables.put("PARLEY_STUDIO_STAGING_AUTH_TOKEN", FakeStudio.TOKEN);
    Path sids = sids();
    Path parent = file("parent", runs(CHILD_AT_HOME, WORKFLOW_AT_HOME));
    Path child = file("child", says("Hi"));

    assertThat(run("import", "--sids", path(sids), "--to", "staging", path(parent), path(child)))
        .isZero();

    assertThat(printed())
        .isEqualTo(
            """
            %s -> staging: new
            %s -> staging: new
            child: saved as a draft, revision 1
              is %s; keep it in the sids file: child: {staging: %3$s}
            parent: saved as a draft, revision 1
              is %s; keep it in the sids file: parent: {staging: %4$s}
            """
                .formatted(
                    child,
                    parent,
                    "FW00000000000000000000000000000f00",
                    "FW00000000000000000000000000000f01"));
    assertThat(FlowDocument.of(studio.latest("parent").definition()).canonical())
        .contains("FW00000000000000000000000000000f00", WORKFLOW)
        .doesNotContain(CHILD_AT_HOME, WORKFLOW_AT_HOME);
    // Known by its name now: nothing changes, whether the sids file was told or not.
    assertThat(run("import", "--sids", path(sids), "--to", "staging", path(parent), path(child)))
        .isZero();
    assertThat(printed().lines()).hasSize(2).allMatch(it -> it.endsWith(", nothing changes"));
  }

  @Test
  void aSidThatIsNotMappedIsRefusedByLine() {
    Path parent = file("parent", runs(CHILD_AT_HOME, "WW" + "c".repeat(32)));
    Path sids = sids();

    assertThat(run("import", "--sids", path(sids), "--to", "staging", path(parent))).isEqualTo(1);

    assertThat(complained())
        .contains(parent + ":4: #/states/1/properties/flow_sid has " + CHILD_AT_HOME)
        .contains(parent + ":7: #/states/2/properties/workflow has WW" + "c".repeat(32));
    assertThat(studio.flows).isEmpty();
    assertThat(
            run(
                "import",
                "--allow-unmapped",
                "--sids",
                path(sids),
                "--to",
                "staging",
                path(parent)))
        .isZero();
    assertThat(studio.flows).hasSize(1);
  }

  @Test
  void whatWasPushedIsPulledAsItWas() throws IOException {
    Path sids = sids();
    Path child = file("child", says("Hi"));
    Path parent = file("parent", runs(CHILD_AT_HOME, WORKFLOW_AT_HOME));
    run("export", "--write", path(parent));
    String before = Files.readString(parent);
    run("import", "--publish", "--sids", path(sids), "--to", "staging", path(child), path(parent));
    Files.writeString(
        sids,
        Files.readString(sids)
            .replace(CHILD_AT_HOME + "}", CHILD_AT_HOME + ", staging: " + sidOf("child") + "}"));
    Files.delete(parent);
    printed();

    assertThat(run("export", "--sids", path(sids), "--from", "staging", "--write", path(parent)))
        .isZero();
    assertThat(Files.readString(parent)).isEqualTo(before);
    assertThat(run("diff", "--sids", path(sids), "--with", "staging", path(parent))).isZero();
    assertThat(printed()).isEmpty();
  }

  @Test
  void aPullAsksForTheLatestPublishedRevisionOrAnother() throws IOException {
    String sid = studio.add("care", "published", says("one"));
    Path file = file("care", says("two"));
    run("import", "--to", studio.url(), path(file));
    printed();

    assertThat(run("export", "--from", studio.url(), "--flow", sid)).isZero();
    assertThat(printed()).contains("\"body\": \"one\"");
    assertThat(
            run("export", "--from", studio.url(), "--flow", "care", "--revision", "LatestRevision"))
        .isZero();
    assertThat(printed()).contains("\"body\": \"two\"");
    assertThat(run("diff", "--with", studio.url(), path(file))).isEqualTo(1);
    assertThat(printed()).isEqualTo("say: body was \"one\", is \"two\"\n");
    assertThat(run("export", "--from", studio.url(), "--flow", "care", "--revision", "9"))
        .isEqualTo(1);
    assertThat(complained()).contains("/Revisions/9 answered 404, code 20404");
  }

  @Test
  void twoFlowsOfOneNameAreNotGuessedAt() {
    String first = studio.add("care", "draft", says("Hi"));
    studio.add("x", "draft", says("Hi"));
    String second = studio.add("care", "draft", says("Hi"));
    Path file = file("care", says("Hello"));

    assertThat(run("import", "--to", studio.url(), path(file))).isEqualTo(1);
    assertThat(complained())
        .contains("2 flows are called care: " + first + ", " + second)
        .contains("Name one of them by --flow");
    assertThat(run("import", "--to", studio.url(), "--flow", second, path(file))).isZero();
    assertThat(studio.flows.get(second)).hasSize(2);
  }

  @Test
  void wrongCredentialsSayWhatToSet() {
    variables.put("PARLEY_STUDIO_AUTH_TOKEN", "wrong");

    assertThat(run("diff", "--with", studio.url(), path(file("care", says("Hi"))))).isEqualTo(1);

    assertThat(complained())
        .contains("GET " + studio.url() + "/v2/Flows?PageSize=100 answered 401, code 20003")
        .contains("Set PARLEY_STUDIO_ACCOUNT_SID and PARLEY_STUDIO_AUTH_TOKEN");
  }

  @Test
  void withoutCredentialsNothingIsAsked() {
    variables.clear();

    assertThat(run("import", "--to", studio.url(), path(file("care", says("Hi"))))).isEqualTo(2);

    assertThat(complained()).contains("set PARLEY_STUDIO_ACCOUNT_SID and PARLEY_STUDIO_AUTH_TOKEN");
    assertThat(studio.asked).isEmpty();
  }

  @Test
  void whatIsNoStudioApiIsSaid() {
    studio.instead.add(new FakeStudio.Instead(200, "<html>", Map.of()));
    Path file = file("care", says("Hi"));

    assertThat(run("diff", "--with", studio.url(), path(file))).isEqualTo(1);
    assertThat(complained()).contains("without a JSON object").contains("Correct the URL");
    studio.close();
    assertThat(run("diff", "--with", studio.url(), path(file))).isEqualTo(1);
    assertThat(complained()).contains("found nobody there").contains("Correct the URL, or start");
    assertThat(run("diff", "--with", "staging", path(file))).isEqualTo(2);
    assertThat(complained()).contains("there is no environment staging");
  }

  @Test
  void wrongUseIsSaid() {
    Path file = file("care", says("Hi"));

    assertThat(run("import", path(file))).isEqualTo(2);
    assertThat(run("import", "--to", studio.url(), "--draft", "--publish", path(file)))
        .isEqualTo(2);
    assertThat(run("diff", path(file))).isEqualTo(2);
    assertThat(run("export")).isEqualTo(2);
    assertThat(run("export", "--from", studio.url())).isEqualTo(2);
    assertThat(studio.asked).isEmpty();
  }

  /// A trigger that leads to one message.
  private static String says(String body) {
    return """
    {"initial_state": "Trigger", "states": [
      {"name": "Trigger", "type": "trigger", "properties": {}, "transitions": [
        {"event": "incomingMessage", "next": "say"}]},
      {"name": "say", "type": "send-message", "properties": {
        "from": "{{flow.channel.address}}", "to": "{{contact.channel.address}}", "body": "%s"},
       "transitions": []}]}
    """
        .formatted(body);
  }

  private static String runs(String flow, String workflow) {
    return """
    {"initial_state": "Trigger", "states": [
      {"name": "Trigger", "type": "trigger", "properties": {}, "transitions": [
        {"event": "incomingMessage", "next": "sub"}]},
      {"name": "sub", "type": "run-subflow", "properties": {"flow_sid": "%s",
        "flow_revision": "LatestPublished"}, "transitions": [
        {"event": "completed", "next": "desk"}, {"event": "failed"}]},
      {"name": "desk", "type": "send-to-flex", "properties": {"workflow": "%s", "channel": "sms"},
       "transitions": []}]}
    """
        .formatted(flow, workflow);
  }

  private Path sids() {
    return write(
        "sids.yaml",
        """
        files: production
        environments:
          production: {}
          staging: {url: %s}
        sids:
          child: {production: %s}
          workflow: {production: %s, staging: %s}
        """
            .formatted(studio.url(), CHILD_AT_HOME, WORKFLOW_AT_HOME, WORKFLOW));
  }

  private String sidOf(String name) {
    List<String> sids =
        studio.flows.entrySet().stream()
            .filter(it -> it.getValue().getLast().name().equals(name))
            .map(Map.Entry::getKey)
            .toList();
    assertThat(sids).hasSize(1);
    return sids.getFirst();
  }

  private Path file(String name, String text) {
    return write(name + ".json", text);
  }

  private Path write(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String path(Path file) {
    return file.toString();
  }

  private int run(String... arguments) {
    PrintStream output = new PrintStream(out, true, StandardCharsets.UTF_8);
    PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
    return new CommandLine(new FlowCommand(output, errors).with(variables))
        .setErr(new PrintWriter(errors, true, StandardCharsets.UTF_8))
        .execute(arguments);
  }

  private String printed() {
    String text = out.toString(StandardCharsets.UTF_8);
    out.reset();
    return text;
  }

  private String complained() {
    String text = err.toString(StandardCharsets.UTF_8);
    err.reset();
    return text;
  }
}
