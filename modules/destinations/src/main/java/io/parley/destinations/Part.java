package io.parley.destinations;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/// A file of a table as its manifest lists it.
///
/// @param file its name in the folder
/// @param rows without the heading
/// @param from when the earliest of its rows happened
/// @param until when the latest did
record Part(String file, int rows, long bytes, String sha256, Instant from, Instant until) {

  static final List<String> HEADING = List.of("file", "rows", "bytes", "sha256", "from", "until");

  /// The part that a file's content makes: the first column of each row is its id, the second its
  /// time.
  static Part of(String file, byte[] content) {
    List<List<String>> rows = rows(content);
    List<Instant> times = rows.stream().map(row -> Instant.parse(row.get(1))).sorted().toList();
    return new Part(
        file, rows.size(), content.length, sha256(content), times.getFirst(), times.getLast());
  }

  /// The rows of a file's content, without its heading.
  static List<List<String>> rows(byte[] content) {
    List<List<String>> lines = Csv.read(new String(content, StandardCharsets.UTF_8));
    return lines.subList(Math.min(1, lines.size()), lines.size());
  }

  /// Whether rows of that time may be in it.
  boolean covers(Instant at) {
    return !at.isBefore(from) && !at.isAfter(until);
  }

  List<String> fields() {
    return List.of(
        file,
        String.valueOf(rows),
        String.valueOf(bytes),
        sha256,
        from.toString(),
        until.toString());
  }

  /// @param manifest where the fields come from
  static Part read(Path manifest, List<String> fields) throws IOException {
    try {
      return new Part(
          fields.get(0),
          Integer.parseInt(fields.get(1)),
          Long.parseLong(fields.get(2)),
          fields.get(3),
          Instant.parse(fields.get(4)),
          Instant.parse(fields.get(5)));
    } catch (IndexOutOfBoundsException | NumberFormatException | DateTimeException e) {
      throw new IOException(
          manifest
              + " is no manifest any more ("
              + String.join(",", fields)
              + "); remove it, and it is made anew from the files beside it",
          e);
    }
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
