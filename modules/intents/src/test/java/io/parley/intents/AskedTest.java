package io.parley.intents;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AskedTest {

  private static final Asked ASKED =
      Asked.of("What can I help with? Reply 1 for shipping costs, 2 for sizing or 3 for a person.");

  @ParameterizedTest
  @CsvSource({
    "1, shipping costs",
    "two, sizing",
    "the second one, sizing",
    "number 3 please, a person",
    "last, a person",
    "the sizing one, sizing"
  })
  void anOptionIsPickedByPlaceOrWord(String words, String option) {
    assertThat(ASKED.picked(words).map(Asked.Option::text)).contains(option);
  }

  @ParameterizedTest
  @CsvSource({"4", "yes", "the green one", "2 of them arrived broken"})
  void whatPicksNothingIsNoOption(String words) {
    assertThat(ASKED.picked(words)).isEmpty();
  }

  @Test
  void theAnswersThatTheFlowLooksForAreOptionsToo() {
    Asked asked = new Asked("Which colour?", List.of("blue", "red"));

    assertThat(asked.picked("the red one").map(Asked.Option::place)).contains(2);
  }

  @Test
  void aQuestionWithoutOptionsOffersNone() {
    assertThat(Asked.of("Your cart of 120.50 is waiting. Need help?").options()).isEmpty();
  }
}
