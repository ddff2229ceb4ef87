package io.parley.verticles;

import io.parley.codec.YamlFiles;
import io.parley.codec.YamlFiles.Parsing;
import io.parley.engine.flow.FlowProblem;
import io.parley.engine.policy.Policy;
import io.parley.engine.policy.Policy.Reading;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where the brand's rules are.
///
/// @param isNamed whether somebody said so: then it must be there
record PolicyFile(Path path, boolean isNamed) {

  /// Taken where it lies in the working folder and nothing else is named.
  static final Path USUAL = Path.of("policy.yaml");

  static PolicyFile named(Optional<String> name) {
    return new PolicyFile(name.map(Path::of).orElse(USUAL), name.isPresent());
  }

  /// Reads a text of YAML.
  static Reading read(String text) {
    return switch (YamlFiles.parse(text)) {
      case Parsing.Parsed(var tree) -> Policy.read(tree);
      case Parsing.Unreadable(var problem) ->
          new Reading.Invalid(List.of(new FlowProblem("#", problem)));
    };
  }

  /// The policy in force; without a file what holds by default.
  FileInForce<Policy> inForce() {
    return new FileInForce<>(
        path,
        isNamed,
        Policy.DEFAULT,
        text ->
            switch (read(text)) {
              case Reading.Valid(var policy) -> new FileInForce.Reading.Right<>(policy);
              case Reading.Invalid(var problems) ->
                  new FileInForce.Reading.Wrong<>(Phrases.lines(path, problems));
            });
  }
}
