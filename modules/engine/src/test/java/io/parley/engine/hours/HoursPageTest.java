package io.parley.engine.hours;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Holds HOURS.md against what is shipped.
class HoursPageTest {

  private static final Path PAGE =
      Path.of(System.getProperty("parley.root", "."), "modules/engine/HOURS.md");

  @Test
  void thePageShowsTheRulesOnFile() throws IOException {
    List<String> shown =
        Files.readAllLines(PAGE).stream()
            .dropWhile(line -> !line.startsWith("| where |"))
            .skip(2)
            .takeWhile(line -> line.startsWith("|"))
            .toList();

    assertThat(shown)
        .containsExactlyElementsOf(
            Table.read("rules.csv").rows().stream()
                .map(row -> "| `%s` | %s | %s | %s | %s | %s |".formatted(row.toArray()))
                .toList());
  }

  @Test
  void thePageTellsEveryPresetAndEveryListOfHolidays() throws IOException {
    String page = Files.readString(PAGE);

    for (QuietHours.Preset preset : QuietHours.Preset.values()) {
      assertThat(page).contains("| `" + preset.word() + "` |");
    }
    for (Holidays holidays : Holidays.values()) {
      assertThat(page).contains(holidays.word());
    }
  }
}
