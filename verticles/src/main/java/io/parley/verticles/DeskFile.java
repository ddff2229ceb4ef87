package io.parley.verticles;

import io.parley.codec.YamlFiles;
import io.parley.codec.YamlFiles.Parsing;
import io.parley.engine.desk.DeskRules;
import io.parley.engine.desk.DeskRules.Reading;
import io.parley.engine.flow.FlowProblem;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where the desk's rules are.
///
/// @param isNamed whether somebody said so: then it must be there
record DeskFile(Path path, boolean isNamed) {

  /// Taken where it lies in the working folder and nothing else is named.
  static final Path USUAL = Path.of("desk.yaml");

  static DeskFile named(Optional<String> name) {
    return new DeskFile(name.map(Path::of).orElse(USUAL), name.isPresent());
  }

  /// Reads a text of YAML.
  static Reading read(String text) {
    return switch (YamlFiles.parse(text)) {
      case Parsing.Parsed(var tree) -> TargetsReader.checked(DeskRules.read(tree));
      case Parsing.Unreadable(var problem) ->
          new Reading.Invalid(List.of(new FlowProblem("#", problem)));
    };
  }

  /// The rules in force; without a file what holds by default.
  FileInForce<DeskRules> inForce() {
    return new FileInForce<>(
        path,
        isNamed,
        DeskRules.DEFAULT,
        text ->
            switch (read(text)) {
              case Reading.Valid(var rules) -> new FileInForce.Reading.Right<>(rules);
              case Reading.Invalid(var problems) ->
                  new FileInForce.Reading.Wrong<>(Phrases.lines(path, problems));
            });
  }
}
