package io.parley.loadtest.measure;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/// All times of a stretch in a run.
///
/// @param histogram microseconds, as HdrHistogram compresses them, in Base64: readers of its logs
///     read it, too
public record Distribution(Spread spread, String histogram) {

  public static Distribution of(Histogram micros) {
    ByteBuffer buffer = ByteBuffer.allocate(micros.getNeededByteBufferCapacity());
    int length = micros.encodeIntoCompressedByteBuffer(buffer);
    byte[] bytes = new byte[length];
    buffer.flip().get(bytes);
    return new Distribution(Spread.of(micros), Base64.getEncoder().encodeToString(bytes));
  }

  /// Microseconds.
  ///
  /// @throws IllegalArgumentException where the text is no histogram
  public Histogram micros() {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(histogram));
      return Histogram.decodeFromCompressedByteBuffer(bytes, 0);
    } catch (DataFormatException | RuntimeException e) {
      throw new IllegalArgumentException("not a histogram: " + e.getMessage(), e);
    }
  }

  /// @param percentile 0 to 100
  public Duration at(double percentile) {
    return Spread.micros(micros().getValueAtPercentile(percentile));
  }
}
