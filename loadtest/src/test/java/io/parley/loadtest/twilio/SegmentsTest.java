package io.parley.loadtest.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SegmentsTest {

  @Test
  void countsSeptetsOfGsm7() {
    assertThat(Segments.of("")).isEqualTo(1);
    assertThat(Segments.of("x".repeat(160))).isEqualTo(1);
    assertThat(Segments.of("x".repeat(161))).isEqualTo(2);
    assertThat(Segments.of("x".repeat(306))).isEqualTo(2);
    assertThat(Segments.of("x".repeat(307))).isEqualTo(3);
  }

  @Test
  void countsExtensionCharactersTwiceAndNeverSplitsThem() {
    assertThat(Segments.of("€".repeat(80))).isEqualTo(1);
    assertThat(Segments.of("€".repeat(81))).isEqualTo(2);
    assertThat(Segments.of("x".repeat(152) + "€" + "x".repeat(151))).isEqualTo(2);
    assertThat(Segments.of("x".repeat(152) + "€" + "x".repeat(152))).isEqualTo(3);
  }

  @Test
  void countsUtf16UnitsOfUcs2() {
    assertThat(Segments.of("ñ".repeat(69) + "ж")).isEqualTo(1);
    assertThat(Segments.of("ж".repeat(71))).isEqualTo(2);
    assertThat(Segments.of("👋".repeat(35))).isEqualTo(1);
    assertThat(Segments.of("👋".repeat(66))).isEqualTo(2);
    assertThat(Segments.of("👋".repeat(67))).isEqualTo(3);
  }
}
