package io.parley.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.loadtest.report.MadeUpRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResultJsonTest {

  private static final RunResult RUN = new MadeUpRun(7, 30, 1).result();

  @TempDir private Path folder;

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    ResultJson.write(RUN, folder);

    assertThat(ResultJson.text(ResultJson.read(folder))).isEqualTo(ResultJson.text(RUN));
    assertThat(ResultJson.read(folder.resolve("result.json")).verdict()).isEqualTo(RUN.verdict());
  }

  @Test
  void itsNamesAreThoseOfProfiles() throws IOException {
    JsonNode json = new ObjectMapper().readTree(ResultJson.text(RUN));

    JsonNode spread = json.at("/stretches/next_message/spread");
    assertThat(spread.get("p99").asDouble())
        .isEqualTo(RUN.timed(Stretch.NEXT_MESSAGE).orElseThrow().spread().p99().toNanos() / 1e6);
    assertThat(json.get("began").asText()).isEqualTo("2026-11-23T10:00:00Z");
    assertThat(json.at("/series/seconds/0/gauges").has("queue/outbox twilio")).isTrue();
    assertThat(json.at("/ledger/0/broken_in_all").asInt()).isZero();
  }

  @Test
  void whatIsNoResultIsToldWithItsPlace() throws IOException {
    Path file = Files.writeString(folder.resolve("other.json"), "[1, 2]");

    assertThatThrownBy(() -> ResultJson.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("other.json");
    assertThatThrownBy(() -> ResultJson.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("result.json")
        .hasMessageContaining("--out");
  }
}
