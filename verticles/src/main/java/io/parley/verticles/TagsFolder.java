package io.parley.verticles;

import io.parley.intents.evaluation.TaxonomyCheck;
import io.parley.intents.learning.OwnTags;
import io.parley.intents.learning.Taxonomy;
import io.parley.intents.learning.TaxonomyReading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The folder of own tags: each `NAME.yaml` holds a taxonomy (see [TaxonomyReading]), for all flows
/// or for those that it lists. A file that cannot be used keeps what it last taught, and keeps no
/// other back. Confined to one caller at a time.
final class TagsFolder {

  private final Path folder;
  private Map<Path, String> seen = Map.of();
  private final Map<Path, OwnTags> good = new LinkedHashMap<>();

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
    Map<Path, String> now = texts();
    if (now.equals(seen)) {
      return Optional.empty();
    }
    seen = now;
    good.keySet().retainAll(now.keySet());
    List<String> problems = new ArrayList<>();
    now.forEach((file, text) -> read(file, text, problems));
    return Optional.of(new Reading(new ArrayList<>(good.values()), problems));
  }

  private Map<Path, String> texts() throws IOException {
    Map<Path, String> texts = new LinkedHashMap<>();
    if (!Files.isDirectory(folder)) {
      return texts;
    }
    List<Path> files;
    try (Stream<Path> inside = Files.list(folder)) {
      files = inside.filter(it -> it.toString().matches(".*\\.ya?ml")).sorted().toList();
    }
    for (Path file : files) {
      texts.put(file, Files.readString(file));
    }
    return texts;
  }

  private void read(Path file, String text, List<String> problems) {
    switch (TaxonomyReading.of(text)) {
      case TaxonomyReading.Invalid(var found) ->
          found.forEach(it -> problems.add(file + ": " + it));
      case TaxonomyReading.Valid(var taxonomy, var flows) -> {
        OwnTags tags = new OwnTags(named(file, taxonomy), flows);
        List<String> taken = taken(file, tags);
        taken.forEach(it -> problems.add(file + ": " + it));
        if (taken.isEmpty()) {
          good.put(file, tags);
        }
      }
    }
  }

  /// The file's name goes into the version, so that a reply tells which files it was tagged by.
  private static Taxonomy named(Path file, Taxonomy taxonomy) {
    String name = file.getFileName().toString().replaceFirst("\\.ya?ml$", "");
    return new Taxonomy(name + "-" + taxonomy.label(), taxonomy.tags(), taxonomy.outOfScope());
  }

  /// Names that are not free: the bundled ones, and those of other files for the same flows.
  private List<String> taken(Path file, OwnTags tags) {
    List<String> taken = new ArrayList<>();
    TaxonomyCheck.names(tags.taxonomy()).forEach(it -> taken.add(it.place() + ": " + it.message()));
    good.forEach(
        (other, its) -> {
          if (!other.equals(file) && its.meet(tags)) {
            tags.taxonomy().names().stream()
                .filter(its.taxonomy().names()::contains)
                .forEach(it -> taken.add(it + ": " + other + " has this tag already"));
          }
        });
    return taken;
  }
}
