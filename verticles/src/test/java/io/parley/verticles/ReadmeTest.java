package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The README's table of settings is the program's.
final class ReadmeTest {

  @Test
  void readmeListsEverySettingAsItIs() throws IOException {
    String readme = Files.readString(Path.of(System.getProperty("parley.root"), "README.md"));

    assertThat(readme.lines().filter(line -> line.startsWith("| `PARLEY_")))
        .containsExactlyElementsOf(Stream.of(SettingName.values()).map(ReadmeTest::row).toList());
  }

  private static String row(SettingName name) {
    String fallback = name.fallback().isEmpty() ? "" : "`" + name.fallback() + "`";
    return "| `%s` | %s | %s |".formatted(name.variable(), fallback, name.meaning());
  }
}
