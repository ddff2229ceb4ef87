package io.parley.verticles;

import io.parley.codec.YamlFiles;
import io.parley.codec.YamlFiles.Parsing;
import io.parley.engine.flow.FlowProblem;
import io.parley.engine.rules.Rules;
import io.parley.engine.rules.Rules.Reading;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where the rules are by which calls about persons start flows.
///
/// @param isNamed whether somebody said so: then it must be there
record RulesFile(Path path, boolean isNamed) {

  /// Taken where it lies in the working folder and nothing else is named.
  static final Path USUAL = Path.of("rules.yaml");

  static RulesFile named(Optional<String> name) {
    return new RulesFile(name.map(Path::of).orElse(USUAL), name.isPresent());
  }

  /// Reads a text of YAML.
  static Reading read(String text) {
    return switch (YamlFiles.parse(text)) {
      case Parsing.Parsed(var tree) -> Rules.read(tree);
      case Parsing.Unreadable(var problem) ->
          new Reading.Invalid(List.of(new FlowProblem("#", problem)));
    };
  }

  /// The rules in force; none without a file.
  FileInForce<Rules> inForce() {
    return new FileInForce<>(
        path,
        isNamed,
        Rules.NONE,
        text ->
            switch (read(text)) {
              case Reading.Valid(var rules) -> new FileInForce.Reading.Right<>(rules);
              case Reading.Invalid(var problems) ->
                  new FileInForce.Reading.Wrong<>(Phrases.lines(path, problems));
            });
  }
}
