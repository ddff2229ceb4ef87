package io.parley.verticles;

import io.parley.codec.YamlFiles;
import io.parley.codec.YamlFiles.Parsing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where is written who else is told what came of conversations. Read once, at start.
///
/// ```
/// destinations:
///   audit: {type: webhook, url: https://example.com/parley, secret: AUDIT_SECRET}
/// ```
///
/// @param isNamed whether somebody said so: then it must be there
record DestinationsFile(Path path, boolean isNamed) {

  /// Taken where it lies in the working folder and nothing else is named.
  static final Path USUAL = Path.of("destinations.yaml");

  /// What came of reading it.
  sealed interface Reading {

    /// @param destinations in the file's order; those that are off among them
    record Valid(List<Destination> destinations) implements Reading {
      public Valid {
        destinations = List.copyOf(destinations);
      }
    }

    /// @param problems a line for each: `destinations.yaml: #/destinations/audit/url is missing`
    record Invalid(List<String> problems) implements Reading {
      public Invalid {
        problems = List.copyOf(problems);
      }
    }
  }

  static DestinationsFile named(Optional<String> name) {
    return new DestinationsFile(name.map(Path::of).orElse(USUAL), name.isPresent());
  }

  /// Reads it; without a file that was named there are no destinations. Blocks.
  ///
  /// @param secrets what entries name, by name
  /// @param clock tells sinks the time at which they are asked
  Reading load(Map<String, String> secrets, InstantSource clock) {
    String text;
    try {
      text = Files.readString(path);
    } catch (IOException e) {
      return e instanceof NoSuchFileException && !isNamed
          ? new Reading.Valid(List.of())
          : new Reading.Invalid(List.of("cannot read " + path + ": " + Phrases.why(e)));
    }
    return read(text, secrets, clock);
  }

  /// Reads a text of YAML.
  Reading read(String text, Map<String, String> secrets, InstantSource clock) {
    return switch (YamlFiles.parse(text)) {
      case Parsing.Parsed(var tree) -> {
        DestinationsReader reader = new DestinationsReader(secrets, clock);
        List<Destination> destinations = reader.read(tree);
        yield reader.problems().isEmpty()
            ? new Reading.Valid(destinations)
            : new Reading.Invalid(Phrases.lines(path, reader.problems()));
      }
      case Parsing.Unreadable(var problem) -> new Reading.Invalid(List.of(path + " " + problem));
    };
  }
}
