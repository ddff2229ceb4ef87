package io.parley.destinations;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.destinations.SignedWebhook.Receiver;
import io.parley.edge.OutcomeSink.Composed;
import io.parley.testkit.SampleReports;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `DESTINATIONS.md` shows works as it stands there.
class DocumentationTest {

  private static final Instant NOW = Instant.parse("2026-11-23T00:10:00Z");

  @TempDir private Path folder;

  @Test
  void thePythonOfThePageBelievesUsAndNobodyElse() throws Exception {
    assertThat(verdicts("python3", "python", "py", PYTHON)).isEqualTo(EXPECTED);
  }

  @Test
  void theJavaScriptOfThePageBelievesUsAndNobodyElse() throws Exception {
    assertThat(verdicts("node", "javascript", "js", JAVASCRIPT)).isEqualTo(EXPECTED);
  }

  @Test
  void thePageNamesEveryColumn() throws IOException {
    String page = page();

    for (String table : List.of("outcomes", "attributes")) {
      List<String> heading = heading(table);
      Matcher row = Pattern.compile("(?m)^\\| `%s` \\| (.*) \\|$".formatted(table)).matcher(page);
      assertThat(row.find()).isTrue();
      assertThat(Pattern.compile("`(\\w+)`").matcher(row.group(1)).results().map(it -> it.group(1)))
          .containsExactlyElementsOf(heading);
    }
  }

  private List<String> heading(String table) {
    return new WarehouseFiles("w", folder)
        .compose(SampleReports.all()).pages().stream()
            .filter(page -> page.folder().startsWith(table))
            .map(page -> Csv.read(page.heading()).getFirst())
            .findFirst()
            .orElseThrow();
  }

  /// Of a request by each of two secrets, by another, with another body, too old, and unsigned.
  private static final String EXPECTED = "true true false false false false";

  private static final String PYTHON =
      """

      import sys
      header, body, now = sys.argv[1], open(sys.argv[2], "rb").read(), float(sys.argv[3])
      verdicts = [is_genuine(header, body, "new", now), is_genuine(header, body, "old", now + 299),
                  is_genuine(header, body, "another", now), is_genuine(header, body + b" ", "new", now),
                  is_genuine(header, body, "new", now + 301), is_genuine("", body, "new", now)]
      print(" ".join(str(it).lower() for it in verdicts))
      """;

  private static final String JAVASCRIPT =
      """

      const [header, file, at] = process.argv.slice(2);
      const body = require("node:fs").readFileSync(file), now = Number(at);
      console.log([isGenuine(header, body, "new", now), isGenuine(header, body, "old", now + 299),
                   isGenuine(header, body, "another", now),
                   isGenuine(header, Buffer.concat([body, Buffer.from(" ")]), "new", now),
                   isGenuine(header, body, "new", now + 301), isGenuine("", body, "new", now)].join(" "));
      """;

  private String verdicts(String program, String language, String ending, String rest)
      throws Exception {
    Composed composed =
        new SignedWebhook(
                "audit",
                new Receiver(URI.create("https://example.com"), List.of("new", "old"), 100),
                InstantSource.fixed(NOW))
            .compose(SampleReports.all());
    Path script = Files.writeString(folder.resolve("verify." + ending), snippet(language) + rest);
    Path body = Files.writeString(folder.resolve("body.json"), composed.body());
    Process process;
    try {
      process =
          new ProcessBuilder(
                  program,
                  script.toString(),
                  composed.headers().get("Parley-Signature"),
                  body.toString(),
                  String.valueOf(NOW.getEpochSecond()))
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      return Assumptions.<String>abort("there is no " + program + " here");
    }
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    process.waitFor();
    return printed;
  }

  private static String snippet(String language) throws IOException {
    Matcher matcher =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(page());
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  private static String page() throws IOException {
    return Files.readString(Path.of("DESTINATIONS.md"));
  }
}
