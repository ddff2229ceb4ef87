package io.parley.intents.reading;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WordingTest {

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          S.T.O.P!! ok?,         stop | ok
          Don’t stop,            dont stop
          D'accord,              d accord
          ｓｔｏｐ,               stop
          stoppppp,              stop
          ¿Dónde está?,          donde esta
          Größe,                 grosse
          ok 👍,                 ok signyes
          'no, thanks',          no | thanks
          """)
  void aTextIsReducedToItsWords(String text, String words) {
    assertThat(Wording.of(text).text()).isEqualTo(words);
  }

  @Test
  void wordsInCapitalsAmongOthersAreShouted() {
    assertThat(Wording.of("I said STOP").shouted()).containsExactly("stop");
    assertThat(Wording.of("I SAID STOP").shouted()).isEmpty();
  }
}
