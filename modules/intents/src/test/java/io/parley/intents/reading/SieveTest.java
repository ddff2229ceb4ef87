package io.parley.intents.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.intents.Exams;
import io.parley.intents.evaluation.LabelledLine;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SieveTest {

  @Test
  void aChoiceNeedsOneOfItsParts() {
    assertThat(Needed.by(" (?:stop|quit) \\w+ing(?= |$)"))
        .containsExactlyInAnyOrder(" stop ", " quit ");
  }

  @Test
  void whatMayBeLeftOutIsNotNeeded() {
    assertThat(Needed.by("(?:please )?go(?: away)*")).containsExactlyInAnyOrder("please ", "go");
    assertThat(Needed.by("\\w+(?:x|\\d)")).isEmpty();
  }

  @Test
  void onlyRulesWhoseNeedIsInTheTextPass() {
    Sieve sieve = new Sieve(List.of(Set.of("stop", "quit"), Set.of("list"), Set.of()));

    assertThat(sieve.through("please quit").stream()).containsExactly(0, 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"opt-out.txt", "answers.txt"})
  void noRuleIsPassedOverThatWouldMatch(String resource) {
    Table table = Table.load(resource);
    List<Table.Sifted> texts =
        Stream.of(Exams.optOut(), Exams.retail(), Exams.severalTags(), Exams.languages())
            .flatMap(List::stream)
            .map(LabelledLine::text)
            .map(it -> table.sifted(Wording.of(it).text()))
            .toList();

    for (Table.Sifted text : texts) {
      assertThat(table.rules())
          .filteredOn(rule -> rule.pattern().matcher(text.opened()).find())
          .allMatch(text::passes, "passes for" + text.opened());
    }
  }
}
