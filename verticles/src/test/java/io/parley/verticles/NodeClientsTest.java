package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The clients of Customer.io and Segment for Node, as they come, in front of the whole service.
class NodeClientsTest {

  private static NodeFolder folder;
  private static Service service;

  @BeforeAll
  static void start() throws Exception {
    folder = NodeFolder.installed("segment-node", "clients.mjs");
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

  private static JsonObject run(String client, String key) throws InterruptedException {
    NodeFolder.Ended ended =
        folder.run(Map.of(), "node", "clients.mjs", client, service.uri("").toString(), key);
    assertThat(ended.status()).as(ended.output()).isZero();
    List<String> lines = ended.output().lines().toList();
    assertThat(lines).isNotEmpty();
    return new JsonObject(lines.getLast());
  }
}
