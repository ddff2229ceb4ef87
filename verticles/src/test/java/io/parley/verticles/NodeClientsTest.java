package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The clients of Customer.io and Segment for Node, as they come, in front of the whole service.
/// They are there after `npm install` in `verticles/src/test/node`; without them nothing is tested
/// here.
class NodeClientsTest {

  private static final Path FOLDER =
      Path.of(System.getProperty("parley.root"), "verticles/src/test/node");

  private static Service service;

  @BeforeAll
  static void start() {
    Assumptions.assumeTrue(
        Files.isDirectory(FOLDER.resolve("node_modules")),
        "no clients for Node: run npm install in " + FOLDER.normalize());
    service = Service.start(Map.of("WRITE_KEYS", "node=NODEKEY"));
  }

  @AfterAll
  static void close() {
    if (service != null) {
      service.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"@segment/analytics-node", "@customerio/cdp-analytics-node"})
  void aClientThatBatchesHasEveryCallDelivered(String client) throws Exception {
    JsonObject results = run(client, "NODEKEY");

    assertThat(results.getJsonArray("failed")).isEmpty();
    assertThat(results.getJsonArray("delivered"))
        .containsExactlyInAnyOrder(
            "identify", "track", "page", "group", "alias", "screen", "track");
    worked(client);
    assertThat(service.texts("select value from trait where person = 'id:node' and name = 'phone'"))
        .containsExactly("\"+14155550142\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"@segment/analytics-node", "@customerio/cdp-analytics-node"})
  void aClientThatBatchesIsToldThatItsKeyIsWrong(String client) throws Exception {
    JsonObject results = run(client, "NOKEY");

    assertThat(results.getJsonArray("delivered")).isEmpty();
    assertThat(results.getJsonArray("failed")).isNotEmpty();
  }

  @Test
  void theClientOfPipelinesIsAnsweredAsItExpects() throws Exception {
    JsonObject results = run("customerio-node", "NODEKEY");

    JsonObject taken = new JsonObject().put("answer", new JsonObject().put("success", true));
    assertThat(results.getJsonObject("identify")).isEqualTo(taken);
    assertThat(results.getJsonObject("track")).isEqualTo(taken);
    assertThat(results.getJsonObject("batch")).isEqualTo(taken);
    assertThat(results.getJsonObject("broken").getJsonObject("answer").getBoolean("success"))
        .isTrue();
    worked("customerio-node");
  }

  @Test
  void theClientOfPipelinesThrowsWhatStrictModeRefuses() throws Exception {
    JsonObject results = run("customerio-node-strict", "NODEKEY");
    JsonObject wrongKey = run("customerio-node-strict", "NOKEY");

    assertThat(results.getJsonObject("identify").getJsonObject("answer").getBoolean("success"))
        .isTrue();
    assertThat(results.getJsonObject("broken").getInteger("status")).isEqualTo(400);
    assertThat(results.getJsonObject("broken").getString("message"))
        .contains("/event has neither letters nor digits");
    assertThat(wrongKey.getJsonObject("identify").getInteger("status")).isEqualTo(401);
    assertThat(wrongKey.getJsonObject("identify").getString("message"))
        .contains("No source has this write key");
  }

  private static void worked(String client) {
    service.until(
        "all is worked off",
        () ->
            service.count("ingested") == 0
                && service.count("purchase where order_id = '" + client + "'") == 1);
  }

  private static JsonObject run(String client, String key)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("node", "clients.mjs", client, service.uri("").toString(), key)
            .directory(FOLDER.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    List<String> lines = output.lines().toList();
    assertThat(lines).isNotEmpty();
    return new JsonObject(lines.getLast());
  }
}
