package io.parley.verticles;

import io.parley.store.Seal;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/// `--key`: which keys the bodies of dead letters are sealed under.
final class SealOption {

  @Option(
      names = "--key",
      scope = CommandLine.ScopeType.INHERIT,
      defaultValue = "${PARLEY_DEAD_LETTER_KEY:-}",
      description =
          "the keys that bodies are sealed under; PARLEY_DEAD_LETTER_KEY where it is set, which"
              + " nobody else sees")
  private String keys = "";

  /// Uses them, and answers the command's exit status.
  int with(Function<Seal, Integer> use) {
    List<String> texts =
        Stream.of(keys.split(",", -1)).map(String::strip).filter(it -> !it.isEmpty()).toList();
    return switch (DeadLetterKeys.read(texts)) {
      case DeadLetterKeys.Reading.Usable(var seal) -> use.apply(seal);
      case DeadLetterKeys.Reading.Unusable(var problem) -> {
        System.err.println(SettingName.DEAD_LETTER_KEY.variable() + ": " + problem);
        yield CommandLine.ExitCode.USAGE;
      }
    };
  }
}
