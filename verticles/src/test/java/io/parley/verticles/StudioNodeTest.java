package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Every operation of the Studio API, by Twilio's client for Node, where there is a Node and its
/// client can be installed.
class StudioNodeTest {

  private static final Path FOLDER = Path.of("target", "twilio-node");

  /// @param output what was printed; the errors where it failed
  private record Ended(int status, String output) {}

  @Test
  void theClientForNodeMeetsStudio() throws Exception {
    assumeTrue(run(Map.of(), "node", "--version").status() == 0, "there is no node");
    assumeTrue(run(Map.of(), "npm", "--version").status() == 0, "there is no npm");
    copy("package.json");
    copy("tour.js");
    Ended installed =
        run(Map.of(), "npm", "install", "--no-audit", "--no-fund", "--no-package-lock");
    assumeTrue(
        installed.status() == 0, () -> "the client cannot be installed: " + installed.output());
    Files.writeString(FOLDER.resolve("flow.json"), Service.CART);

    Ended toured;
    try (Service service = Service.start()) {
      toured =
          run(
              Map.of(
                  "PARLEY_URL",
                  service.uri("").toString(),
                  "PARLEY_ACCOUNT",
                  Service.ACCOUNT_SID,
                  "PARLEY_TOKEN",
                  Service.AUTH_TOKEN),
              "node",
              "tour.js",
              "flow.json");
    }

    assertThat(toured.status()).as(toured.output()).isZero();
    assertThat(toured.output()).isNotBlank();
    StudioSpec.load().ifPresent(spec -> check(spec, toured.output()));
  }

  private static void check(StudioSpec spec, String output) {
    for (String line : output.lines().toList()) {
      JsonObject answer = new JsonObject(line);
      int status = answer.getInteger("status");
      String body = status == 204 ? "" : answer.getString("body");
      spec.check(answer.getString("method"), answer.getString("path"), status, body);
    }
    assertThat(spec.seen()).isEqualTo(spec.operations());
  }

  private static void copy(String name) throws IOException {
    Files.createDirectories(FOLDER);
    try (var file =
        Objects.requireNonNull(StudioNodeTest.class.getResourceAsStream("/twilio-node/" + name))) {
      Files.copy(file, FOLDER.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static Ended run(Map<String, String> environment, String... command)
      throws InterruptedException {
    try {
      Files.createDirectories(FOLDER);
      Path output = Files.createTempFile("node", ".txt");
      Path errors = Files.createTempFile("node", ".txt");
      ProcessBuilder builder =
          new ProcessBuilder(List.of(command))
              .directory(FOLDER.toFile())
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return new Ended(1, String.join(" ", command) + " did not end");
      }
      String told = Files.readString(output);
      int status = process.exitValue();
      return new Ended(status, status == 0 ? told : Files.readString(errors));
    } catch (IOException missing) {
      return new Ended(127, String.valueOf(missing.getMessage()));
    }
  }
}
