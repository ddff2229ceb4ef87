package io.parley.loadtest.report;

import io.parley.loadtest.measure.Distribution;
import io.parley.loadtest.measure.ResultJson;
import io.parley.loadtest.measure.RunResult;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// What is kept of a run: `report.html`, `result.json`, and a `.hgrm` file a stretch, in
/// milliseconds, which HdrHistogram's plotters read.
public final class RunFolder {

  public static final String PAGE = "report.html";

  private RunFolder() {}

  /// @return the page
  public static Path write(RunResult result, Path folder) throws IOException {
    ResultJson.write(result, folder);
    for (Map.Entry<String, Distribution> stretch : result.stretches().entrySet()) {
      try (PrintStream file =
          new PrintStream(
              Files.newOutputStream(folder.resolve(stretch.getKey() + ".hgrm")),
              false,
              StandardCharsets.UTF_8)) {
        stretch.getValue().micros().outputPercentileDistribution(file, 5, 1000.0);
      }
    }
    Path page = folder.resolve(PAGE);
    Files.writeString(page, ReportPage.of(result));
    return page;
  }
}
