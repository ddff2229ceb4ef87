package io.parley.intents.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WordPieceTest {

  private static final WordPiece TOKENISER =
      WordPiece.of(
          """
          {"model": {"vocab": {"[UNK]": 100, "[CLS]": 101, "[SEP]": 102, "stop": 1, "##ping": 2,
          "no": 3, "!": 4, "\\"": 5, "caf\\u0065": 6, "\\u8d70": 7}}}
          """);

  @Test
  void aWordIsSpelledWithTheLongestPieces() {
    assertThat(TOKENISER.ids("stopping", 9)).containsExactly(101, 1, 2, 102);
  }

  @Test
  void caseAccentsAndInvisibleCharactersAreLost() {
    assertThat(TOKENISER.ids("S\u00ADTOP\u200B Café", 9)).containsExactly(101, 1, 6, 102);
  }

  @Test
  void punctuationAndIdeographsStandAlone() {
    assertThat(TOKENISER.ids("no!stop\"走走", 9)).containsExactly(101, 3, 4, 1, 5, 7, 7, 102);
  }

  @Test
  void aWordThatCannotBeSpelledIsUnknown() {
    assertThat(TOKENISER.ids("stopzz no", 9)).containsExactly(101, 100, 3, 102);
  }

  @Test
  void whatIsTooLongIsCutBeforeTheClosingMark() {
    assertThat(TOKENISER.ids("no no no no no no", 5)).containsExactly(101, 3, 3, 3, 102);
  }
}
