package io.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every line of the measures runs, at a size that says nothing about speed.
class MeasuresTest {

  @Test
  void everyMeasureFindsFiguresAndWritesThemDown(@TempDir Path folder) throws Exception {
    Path out = folder.resolve("bench.json");

    Report report = Main.run(Measures.all(), Scale.SMOKE, folder.resolve("ground"), out);

    assertThat(report.isWhole()).isTrue();
    assertThat(report.figures()).allSatisfy(it -> assertThat(it.value()).as(it.name()).isFinite());
    JsonObject written = new JsonObject(Files.readString(out)).getJsonObject("measures");
    assertThat(written.fieldNames()).containsExactlyElementsOf(Measures.all().keySet());
  }

  @Test
  void aFigureSaysWhetherItIsWhatWasAgreed() {
    Figure.Target atLeast = Figure.Target.more(8, 12);
    Figure.Target atMost = Figure.Target.less(110, 80);

    assertThat(List.of(7.9, 8.0, 12.0))
        .extracting(it -> Figure.of("ratio", it, "x").towards(atLeast).verdict())
        .containsExactly("missed", "met", "aim met");
    assertThat(List.of(111.0, 110.0, 80.0))
        .extracting(it -> Figure.of("CPU", it, "us").towards(atMost).verdict())
        .containsExactly("missed", "met", "aim met");
  }

  @Test
  void theMedianIsTheMiddleOrBetweenTheTwo() {
    assertThat(Median.of(3, 1, 2)).isEqualTo(2);
    assertThat(Median.of(4, 1, 2, 3)).isEqualTo(2.5);
  }
}
