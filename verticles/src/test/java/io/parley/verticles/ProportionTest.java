package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProportionTest {

  private static final Offset<Double> PRINTED = within(0.00005);

  /// Source: R. G. Newcombe, Two-sided confidence intervals for the single proportion (1998), table
  /// I, method 3.
  @ParameterizedTest
  @CsvSource({
    "81, 263, 0.2553, 0.3662",
    "15, 148, 0.0624, 0.1605",
    "0, 20, 0.0000, 0.1611",
    "1, 29, 0.0061, 0.1718"
  })
  void theIntervalIsWilsons(long count, long of, double low, double high) {
    Proportion.Interval interval = new Proportion(count, of).interval();

    assertThat(interval.low()).isCloseTo(low, PRINTED);
    assertThat(interval.high()).isCloseTo(high, PRINTED);
  }

  /// Source: R. G. Newcombe, Interval estimation for the difference between independent proportions
  /// (1998), table II, method 10.
  @ParameterizedTest
  @CsvSource({"56, 70, 48, 80, 0.0524, 0.3339", "9, 10, 3, 10, 0.1705, 0.8090"})
  void theIntervalOfADifferenceIsNewcombes(
      long count, long of, long otherCount, long otherOf, double low, double high) {
    Proportion.Interval over = new Proportion(count, of).over(new Proportion(otherCount, otherOf));

    assertThat(over.low()).isCloseTo(low, PRINTED);
    assertThat(over.high()).isCloseTo(high, PRINTED);
  }

  @Test
  void ofNothingNothingIsKnown() {
    assertThat(new Proportion(0, 0).rate()).isZero();
    assertThat(new Proportion(0, 0).interval()).isEqualTo(new Proportion.Interval(0, 1));
    assertThat(new Proportion(3, 3).interval().high()).isEqualTo(1);
    assertThatThrownBy(() -> new Proportion(4, 3)).isInstanceOf(IllegalArgumentException.class);
  }
}
