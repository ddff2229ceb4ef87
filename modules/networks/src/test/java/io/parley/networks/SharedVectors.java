package io.parley.networks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/// Reference vectors that lie beside the checkout; a test that needs them is skipped without them.
final class SharedVectors {

  private SharedVectors() {}

  /// One line of the file. Spaces around what was written are part of it.
  record Vector(String rule, String written, String normal, String sha256) {}

  static List<Vector> identifierHashes() {
    Path file =
        Path.of(
            System.getProperty("parley.root", "."),
            "../shared/data/customerio/vectors/identifier_hashes.tsv");
    Assumptions.assumeTrue(Files.exists(file), "no reference data at " + file.normalize());
    try (var lines = Files.lines(file)) {
      return lines
          .skip(1)
          .filter(line -> !line.isEmpty())
          .map(line -> line.split("\t", -1))
          .map(cells -> new Vector(cells[0], cells[1], cells[2], cells[3]))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
