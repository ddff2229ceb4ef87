package io.parley.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The service as a newcomer runs it: with its own Postgres in a folder.
final class EmbeddedPostgresTest {

  private static final String TRIGGER =
      """
      {"schema_version":1,"trigger":{"type":"cart_abandoned"},
       "customer":{"external_id":"42","phone":"+12125550142"},
       "commerce":{"value":120},
       "controls":{"idempotency_key":"42:cart","flow":"international-cart"}}
      """;

  @BeforeAll
  static void parleyIsBuilt() {
    Stages.assumeJar();
  }

  @Test
  void killedServiceTakesUpItsFolderAndRemembers() throws Exception {
    Path folder = folder("embedded-kill");
    ParleyProcess killed = ParleyProcess.start(launch(folder));
    JsonObject first = post(killed.baseUrl());
    killed.kill();
    killed.awaitEnd();

    ParleyProcess next = ParleyProcess.start(launch(folder));
    JsonObject again = post(next.baseUrl());
    next.stop();

    assertThat(first.getString("status")).isEqualTo("started");
    assertThat(again.getBoolean("duplicate")).isTrue();
    assertThat(again.getString("execution_sid")).isEqualTo(first.getString("execution_sid"));
  }

  @Test
  void secondServiceOnTheSameFolderIsRefused() throws Exception {
    Path folder = folder("embedded-twice");
    ParleyProcess running = ParleyProcess.start(launch(folder));

    assertThatThrownBy(() -> ParleyProcess.start(launch(folder)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(post(running.baseUrl()).getString("status")).isEqualTo("started");
    assertThat(Files.readString(folder.resolve("parley.log")))
        .contains("another Parley runs on the folder");
    running.stop();
  }

  private static Path folder(String name) throws IOException {
    Path folder = Stages.emptyFolder(name);
    Path flows = Files.createDirectory(folder.resolve("flows"));
    try (InputStream flow =
        EmbeddedPostgresTest.class.getResourceAsStream("/flows/international-cart.json")) {
      assertThat(flow).isNotNull();
      Files.copy(flow, flows.resolve("international-cart.json"));
    }
    return folder;
  }

  private static ParleyProcess.Launch launch(Path folder) throws IOException {
    return new ParleyProcess.Launch(
        Stages.jar(),
        List.of("-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"),
        ParleyProcess.freePort(),
        Map.of(
            "PARLEY_DATA_DIR",
            folder.resolve("data").toString(),
            "PARLEY_FLOWS_DIR",
            folder.resolve("flows").toString(),
            "PARLEY_SMS_SENDER",
            "+14155550199",
            "PARLEY_TRIGGER_BEARER",
            "secret",
            // Loading the model would take the cores from the first trigger.
            "PARLEY_TAGGER",
            "rules"),
        folder.resolve("parley.log"));
  }

  private static JsonObject post(URI parley) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(parley.resolve("/customerio/triggers"))
                  .header("Authorization", "Bearer secret")
                  .POST(BodyPublishers.ofString(TRIGGER))
                  .build(),
              BodyHandlers.ofString());
      return new JsonObject(response.body());
    }
  }
}
