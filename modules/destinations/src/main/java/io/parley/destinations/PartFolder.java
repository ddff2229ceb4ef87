package io.parley.destinations;

import io.parley.edge.OutcomeFiles.Line;
import io.parley.edge.OutcomeFiles.Page;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The files of one table and day, and the manifest that lists them. A file is whole as soon as it
/// has its name, is never changed, and is listed after it is whole. What a crash left between the
/// two is listed at the next visit. Visited by one at a time.
final class PartFolder {

  static final String MANIFEST = "manifest.csv";
  private static final String UNFINISHED = ".tmp";

  private final Path folder;

  PartFolder(Path folder) {
    this.folder = folder;
  }

  /// Writes a file of those lines whose ids are in none yet.
  void add(Page page) throws IOException {
    prepare();
    List<Part> parts = parts();
    Set<String> known = known(parts, page.lines());
    List<Line> fresh = page.lines().stream().filter(line -> known.add(line.id().value())).toList();
    if (fresh.isEmpty()) {
      return;
    }
    String file =
        "part-%s-%s.csv".formatted(fresh.getFirst().id().value(), fresh.getLast().id().value());
    byte[] content =
        fresh.stream()
            .map(Line::text)
            .collect(Collectors.joining("", page.heading(), ""))
            .getBytes(StandardCharsets.UTF_8);
    write(file, content);
    parts.add(Part.of(file, content));
    list(parts);
  }

  private void prepare() throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
      for (Path above = folder.getParent(); above != null; above = above.getParent()) {
        sync(above);
      }
    }
    for (Path unfinished : files("." + "*" + UNFINISHED)) {
      Files.delete(unfinished);
    }
  }

  /// Those that the manifest lists, and those that it was too late to list.
  private List<Part> parts() throws IOException {
    List<Part> parts = new ArrayList<>(listed());
    Set<String> names = parts.stream().map(Part::file).collect(Collectors.toSet());
    int listed = parts.size();
    for (Path file : files("part-*.csv")) {
      String name = file.getFileName().toString();
      if (!names.contains(name)) {
        parts.add(Part.of(name, Files.readAllBytes(file)));
      }
    }
    if (parts.size() > listed) {
      list(parts);
    }
    return parts;
  }

  private List<Part> listed() throws IOException {
    Path manifest = folder.resolve(MANIFEST);
    byte[] content;
    try {
      content = Files.readAllBytes(manifest);
    } catch (NoSuchFileException _) {
      return List.of();
    }
    List<Part> parts = new ArrayList<>();
    for (List<String> fields : Part.rows(content)) {
      parts.add(Part.read(manifest, fields));
    }
    return parts;
  }

  /// Of the lines' ids those that are in a file. Only files of that time need to be looked into,
  /// which are the latest few. One that somebody has taken away tells nothing.
  private Set<String> known(List<Part> parts, List<Line> lines) throws IOException {
    List<Instant> times = lines.stream().map(Line::at).sorted().toList();
    Set<String> known = new HashSet<>();
    for (Part part : parts) {
      if (times.stream().anyMatch(part::covers)) {
        known.addAll(ids(folder.resolve(part.file())));
      }
    }
    known.retainAll(lines.stream().map(line -> line.id().value()).collect(Collectors.toSet()));
    return known;
  }

  private static List<String> ids(Path file) throws IOException {
    try {
      return Part.rows(Files.readAllBytes(file)).stream().map(List::getFirst).toList();
    } catch (NoSuchFileException _) {
      return List.of();
    }
  }

  private void list(List<Part> parts) throws IOException {
    String text =
        Stream.concat(Stream.of(Part.HEADING), parts.stream().map(Part::fields))
            .map(Csv::line)
            .collect(Collectors.joining());
    write(MANIFEST, text.getBytes(StandardCharsets.UTF_8));
  }

  /// A file that is there whole or not at all, and outlives a crash once it is there.
  private void write(String name, byte[] content) throws IOException {
    Path unfinished = folder.resolve("." + name + UNFINISHED);
    try {
      try (FileChannel channel =
          FileChannel.open(
              unfinished,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer left = ByteBuffer.wrap(content);
        while (left.hasRemaining()) {
          channel.write(left);
        }
        channel.force(true);
      }
      Files.move(
          unfinished,
          folder.resolve(name),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unfinished);
    }
    sync(folder);
  }

  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private List<Path> files(String pattern) throws IOException {
    List<Path> files = new ArrayList<>();
    try (var found = Files.newDirectoryStream(folder, pattern)) {
      found.forEach(files::add);
    }
    files.sort(null);
    return files;
  }
}
