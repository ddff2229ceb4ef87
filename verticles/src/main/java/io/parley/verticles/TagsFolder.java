package io.parley.verticles;

import io.parley.intents.evaluation.TaxonomyCheck;
import io.parley.intents.learning.OwnTags;
import io.parley.intents.learning.Taxonomy;
import io.parley.intents.learning.TaxonomyReading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The folder of own tags: each `NAME.yaml` holds a taxonomy (see [TaxonomyReading]), for all flows
/// or for those that it lists. A file that cannot be used keeps what it last taught, and keeps no
/// other back. Confined to one caller at a time.
final class TagsFolder {

  /// Far more than anybody writes by hand.
  private static final long MOST_BYTES = 1_000_000;

  private final Path folder;
  private Map<Path, Content> seen = Map.of();
  private final Map<Path, OwnTags> good = new LinkedHashMap<>();

  /// What is in a file.
  private sealed interface Content {
    record Text(String text) implements Content {}

    record Unreadable(String why) implements Content {}
  }

  TagsFolder(Path folder) {
    this.folder = folder;
  }

  /// What the folder holds.
  ///
  /// @param tags of all files that can be used, or could be before
  /// @param problems what is wrong with the others: `tags/coffee.yaml: tags[2].examples: ...`
  record Reading(List<OwnTags> tags, List<String> problems) {
    Reading {
      tags = List.copyOf(tags);
      problems = List.copyOf(problems);
    }
  }

  /// What the folder holds, where that is not what it held when it was last asked.
  Optional<Reading> changed() throws IOException {
    Map<Path, Content> now = contents();
    if (now.equals(seen)) {
      return Optional.empty();
    }
    List<Map.Entry<Path, Content>> inOrder = inOrder(now);
    Map<Path, OwnTags> before = Map.copyOf(good);
    seen = now;
    good.clear();
    List<String> problems = new ArrayList<>();
    for (Map.Entry<Path, Content> it : inOrder) {
      Optional<OwnTags> taught = Optional.ofNullable(before.get(it.getKey()));
      read(it.getKey(), it.getValue(), taught, problems);
    }
    return Optional.of(new Reading(new ArrayList<>(good.values()), problems));
  }

  /// What was there before and has not changed comes first and keeps its names; then what has
  /// changed, so that a tag can move from one file to another in one step; then what is new.
  private List<Map.Entry<Path, Content>> inOrder(Map<Path, Content> now) {
    return now.entrySet().stream()
        .sorted(
            Comparator.comparing((Map.Entry<Path, Content> it) -> !good.containsKey(it.getKey()))
                .thenComparing(it -> !it.getValue().equals(seen.get(it.getKey())))
                .thenComparing(Map.Entry::getKey))
        .toList();
  }

  private Map<Path, Content> contents() throws IOException {
    Map<Path, Content> contents = new LinkedHashMap<>();
    if (!Files.isDirectory(folder)) {
      return contents;
    }
    List<Path> files;
    try (Stream<Path> inside = Files.list(folder)) {
      files = inside.filter(it -> it.toString().matches(".*\\.ya?ml")).sorted().toList();
    }
    for (Path file : files) {
      contents.put(file, content(file));
    }
    return contents;
  }

  private static Content content(Path file) {
    try {
      return Files.size(file) > MOST_BYTES
          ? new Content.Unreadable("it has more than " + MOST_BYTES + " bytes")
          : new Content.Text(Files.readString(file));
    } catch (IOException e) {
      return new Content.Unreadable(Phrases.why(e));
    }
  }

  private void read(Path file, Content content, Optional<OwnTags> before, List<String> problems) {
    List<String> found = new ArrayList<>();
    Optional<OwnTags> read = read(file, content, found);
    found.forEach(it -> problems.add(file + ": " + it));
    read.or(() -> before.filter(it -> taken(it).isEmpty())).ifPresent(it -> good.put(file, it));
  }

  private Optional<OwnTags> read(Path file, Content content, List<String> problems) {
    switch (content) {
      case Content.Unreadable(var why) -> problems.add(why);
      case Content.Text(var text) -> {
        switch (TaxonomyReading.of(text)) {
          case TaxonomyReading.Invalid(var found) -> problems.addAll(found);
          case TaxonomyReading.Valid(var taxonomy, var flows) -> {
            OwnTags tags = new OwnTags(named(file, taxonomy), flows);
            problems.addAll(taken(tags));
            return problems.isEmpty() ? Optional.of(tags) : Optional.empty();
          }
        }
      }
    }
    return Optional.empty();
  }

  /// The file's name goes into the version, so that a reply tells which files it was tagged by.
  private static Taxonomy named(Path file, Taxonomy taxonomy) {
    String name = file.getFileName().toString().replaceFirst("\\.ya?ml$", "");
    return new Taxonomy(name + "-" + taxonomy.label(), taxonomy.tags(), taxonomy.outOfScope());
  }

  /// Names that are not free: the bundled ones, and those of other files for the same flows.
  private List<String> taken(OwnTags tags) {
    List<String> taken = new ArrayList<>();
    TaxonomyCheck.names(tags.taxonomy()).forEach(it -> taken.add(it.place() + ": " + it.message()));
    good.forEach(
        (other, its) -> {
          if (its.meet(tags)) {
            tags.taxonomy().names().stream()
                .filter(its.taxonomy().names()::contains)
                .forEach(it -> taken.add(it + ": " + other + " has this tag already"));
          }
        });
    return taken;
  }
}
