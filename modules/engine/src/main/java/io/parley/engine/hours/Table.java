package io.parley.engine.hours;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A table that is shipped with this package: a line of column names, then a line a row. Lines that
/// begin with `#` say where it comes from. Only the last column may hold commas.
record Table(List<List<String>> rows) {

  static Table read(String name) {
    try (InputStream in = Table.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the class path has no " + name);
      }
      List<String> lines =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .toList();
      int columns = lines.getFirst().split(",", -1).length;
      return new Table(
          lines.stream().skip(1).map(line -> List.of(line.split(",", columns))).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  /// The words of a cell.
  static List<String> words(String cell) {
    return cell.isBlank() ? List.of() : List.of(cell.strip().split(" ", -1));
  }
}
