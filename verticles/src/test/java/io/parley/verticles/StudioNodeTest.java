package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Every operation of the Studio API, by Twilio's client for Node, where there is a Node and its
/// client can be installed.
class StudioNodeTest {

  @Test
  void theClientForNodeMeetsStudio() throws Exception {
    NodeFolder folder = NodeFolder.installed("twilio-node", "tour.js");
    Files.writeString(folder.path().resolve("flow.json"), Service.CART);

    NodeFolder.Ended toured;
    try (Service service = Service.start()) {
      toured =
          folder.run(
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
}
