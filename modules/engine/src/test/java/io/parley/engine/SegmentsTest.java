package io.parley.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SegmentsTest {

  @ParameterizedTest
  @CsvSource({"0,1", "1,1", "160,1", "161,2", "306,2", "307,3", "459,3", "460,4", "1530,10"})
  void plainTextFills160Or153(int length, int segments) {
    assertThat(Segments.of("a".repeat(length))).isEqualTo(segments);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "70,1", "71,2", "134,2", "135,3", "201,3", "202,4"})
  void anyOtherAlphabetFills70Or67(int length, int segments) {
    assertThat(Segments.of("ж".repeat(length))).isEqualTo(segments);
  }

  @ParameterizedTest
  @CsvSource({"80,1", "81,2", "152,2", "153,3"})
  void aCharacterOfTheExtensionTableTakesTwoAndIsNeverSplit(int length, int segments) {
    // 76 of them fill 152 of a segment's 153 septets; the last septet stays empty.
    assertThat(Segments.of("€".repeat(length))).isEqualTo(segments);
  }

  @ParameterizedTest
  @CsvSource({"35,1", "36,2", "66,2", "67,3"})
  void anEmojiTakesTwoUnitsAndIsNeverSplit(int length, int segments) {
    // 33 of them fill 66 of a segment's 67 units.
    assertThat(Segments.of("😀".repeat(length))).isEqualTo(segments);
  }

  @ParameterizedTest
  @CsvSource({"’,2", "…,2", "–,2", "ç,2", "Ç,1", "é,1", "ñ,1", "{,1"})
  void oneForeignCharacterMakesTheWholeTextUcs2(String character, int segments) {
    assertThat(Segments.of("a".repeat(99) + character)).isEqualTo(segments);
  }
}
