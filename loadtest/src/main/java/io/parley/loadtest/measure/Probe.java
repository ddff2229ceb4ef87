package io.parley.loadtest.measure;

import java.util.Map;

/// Reads figures of one kind. Used by one thread at a time.
interface Probe extends AutoCloseable {

  /// @param nanoTime of this reading, by which what grows is told by the second
  /// @return what could be read
  /// @throws Exception where nothing could; it is tried again a second later
  Map<Gauge, Double> read(long nanoTime) throws Exception;

  @Override
  default void close() {}
}
