package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// Pushes flows to a running Parley, pulls them from it and compares with it, as their author does.
class FlowPushToParleyTest {

  private static final String KEY = "SK" + "a".repeat(32);
  private static final String SECRET = "the-secret-of-the-key";
  private static final String CONTACT = "+12125550141";
  private static final Service SERVICE = Service.start(Map.of("API_KEYS", KEY + ":" + SECRET));
  private static final StudioClient STUDIO = new StudioClient(SERVICE, StudioSpec.load());

  @TempDir private Path folder;

  private final Map<String, String> variables =
      new HashMap<>(Map.of("PARLEY_STUDIO_ACCOUNT_SID", KEY, "PARLEY_STUDIO_AUTH_TOKEN", SECRET));
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @AfterAll
  static void close() {
    SERVICE.close();
  }

  @AfterEach
  void noSecretIsPrinted() {
    assertThat(printed() + complained()).doesNotContain(SECRET);
  }

  @Test
  void whatIsPushedIsRunAndIsPulledAsItWas() throws IOException {
    Path file = file("pushed", "Hello there, naïve 👋 & +1 = 100%?");
    assertThat(run("export", "--write", path(file))).isZero();
    String written = Files.readString(file);

    assertThat(run("import", "--publish", "--message", "Größer", "--to", url(), path(file)))
        .isZero();

    String sid = printed().replaceFirst("(?s).* {2}is (FW[0-9a-f]{32})\n", "$1");
    JsonObject flow = STUDIO.get("/v2/Flows/" + sid).json();
    assertThat(flow.getString("friendly_name")).isEqualTo("pushed");
    assertThat(flow.getString("status")).isEqualTo("published");
    assertThat(flow.getString("commit_message")).isEqualTo("Größer");
    Service.Answer begun =
        STUDIO.post(
            "/v2/Flows/" + sid + "/Executions",
            "To=" + encode(CONTACT) + "&From=" + encode(Service.OURS));
    assertThat(begun.status()).isEqualTo(201);
    SERVICE.until(
        "the flow's question is sent",
        () -> SERVICE.channel.texts().contains("Hello there, naïve 👋 & +1 = 100%?"));
    Files.delete(file);
    assertThat(run("export", "--from", url(), "--write", path(file))).isZero();
    assertThat(Files.readString(file)).isEqualTo(written);
    assertThat(run("diff", "--with", url(), path(file))).isZero();
    assertThat(printed()).isEmpty();
    assertThat(run("import", "--publish", "--to", url(), path(file))).isZero();
    assertThat(printed()).endsWith(", revision 1, published, nothing changes\n");
  }

  @Test
  void aDraftIsKeptApartFromWhatIsPublished() {
    Path file = file("drafted", "one?");
    run("import", "--publish", "--to", url(), path(file));
    file("drafted", "two?");
    printed();

    assertThat(run("diff", "--with", url(), path(file))).isEqualTo(1);
    assertThat(printed()).isEqualTo("ask: body was \"one?\", is \"two?\"\n");
    assertThat(run("import", "--draft", "--to", url(), path(file))).isZero();
    assertThat(printed()).endsWith("drafted: saved as a draft, revision 2\n");
    assertThat(run("diff", "--with", url(), "--revision", "LatestRevision", path(file))).isZero();
    assertThat(run("export", "--from", url(), "--flow", "drafted")).isZero();
    assertThat(printed()).contains("one?").doesNotContain("two?");
    assertThat(run("export", "--from", url(), "--flow", "drafted", "--revision", "2")).isZero();
    assertThat(printed()).contains("two?");
  }

  @Test
  void whatParleyRefusesIsSaidByLineAndNothingIsSaved() throws IOException {
    Path good = file("good", "Hi?");
    Path bad =
        Files.writeString(
            folder.resolve("bad.json"),
            """
            {"initial_state": "Trigger", "states": [
              {"name": "Trigger", "type": "trigger", "properties": {}, "transitions": [
                {"event": "incomingMessage",
                 "next": "nowhere"}]}]}
            """);
    long before = SERVICE.count("flow");

    assertThat(run("import", "--to", url(), path(good), path(bad))).isEqualTo(1);

    assertThat(complained())
        .contains("/v2/Flows/Validate answered 400, code 81022: Flow definition validation failed")
        .contains(bad + ":4: #/states/0/transitions/0/next ");
    assertThat(SERVICE.count("flow")).isEqualTo(before);
  }

  /// The address that the list names is the public one, which nobody serves here.
  @Test
  void aFlowIsFoundByItsNameOnWhicheverPage() {
    Path file = file("first-of-many", "Hi?");
    run("import", "--to", url(), path(file));
    String definition = encode(Service.flow("Hi?", "60"));
    for (int i = 0; i < 101; i++) {
      String form = "FriendlyName=many&Status=draft&Definition=" + definition;
      assertThat(STUDIO.post("/v2/Flows", form).status()).isEqualTo(201);
    }
    printed();

    assertThat(run("diff", "--with", url(), "--revision", "LatestRevision", path(file))).isZero();
    assertThat(run("export", "--from", url(), "--flow", "many")).isEqualTo(1);
    assertThat(complained()).contains("101 flows are called many: FW");
  }

  @Test
  void aWrongSecretIsRefusedWithWhatToSet() {
    variables.put("PARLEY_STUDIO_AUTH_TOKEN", "wrong");

    assertThat(run("import", "--to", url(), path(file("care", "Hi?")))).isEqualTo(1);

    assertThat(complained())
        .contains(" answered 401, code 20003: Authenticate")
        .contains("Set PARLEY_STUDIO_ACCOUNT_SID and PARLEY_STUDIO_AUTH_TOKEN");
  }

  private static String url() {
    return "http://" + SERVICE.uri("/").getAuthority();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String path(Path file) {
    return file.toString();
  }

  private Path file(String name, String question) {
    try {
      return Files.writeString(folder.resolve(name + ".json"), Service.flow(question, "3600"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
