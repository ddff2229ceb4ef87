package io.parley.loadtest.measure;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/// The times of each second in HdrHistogram's log format, which its own tools read.
final class IntervalLog implements AutoCloseable {

  private final PrintStream file;
  private final HistogramLogWriter writer;

  IntervalLog(Path path, Instant began) throws IOException {
    this.file = new PrintStream(Files.newOutputStream(path), false, StandardCharsets.UTF_8);
    this.writer = new HistogramLogWriter(file);
    writer.outputLogFormatVersion();
    writer.outputComment("[Microseconds; a tag a stretch]");
    writer.outputStartTime(began.toEpochMilli());
    writer.setBaseTime(began.toEpochMilli());
    writer.outputLegend();
  }

  /// Adds the second that the recorder has closed last.
  void add(Recorder recorder, int number) {
    for (Stretch stretch : Stretch.values()) {
      Histogram micros = recorder.last(stretch);
      if (micros.getTotalCount() > 0) {
        micros.setTag(stretch.key());
        writer.outputIntervalHistogram(number, number + 1.0, micros, 1000.0);
      }
    }
    file.flush();
  }

  @Override
  public void close() {
    file.close();
  }
}
