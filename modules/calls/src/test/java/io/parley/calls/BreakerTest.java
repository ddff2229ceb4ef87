package io.parley.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BreakerTest {

  private static final Breaker.Habit HABIT = new Breaker.Habit(3, Duration.ofNanos(100));

  @Test
  void failuresInARowOpenIt() {
    Breaker breaker = Breaker.well().failed(1, HABIT).failed(2, HABIT);
    assertThat(breaker.admits(3)).isTrue();

    breaker = breaker.failed(3, HABIT);

    assertThat(breaker.admits(4)).isFalse();
    assertThat(breaker.admits(102)).isFalse();
    assertThat(breaker.admits(103)).isTrue();
  }

  @Test
  void anAnswerBetweenFailuresBeginsTheRowAnew() {
    Breaker breaker =
        Breaker.well()
            .failed(1, HABIT)
            .failed(2, HABIT)
            .answered()
            .failed(3, HABIT)
            .failed(4, HABIT);

    assertThat(breaker).isEqualTo(new Breaker.Closed(2));
  }

  @Test
  void oneRequestTriesAHostThatWasLeftAlone() {
    Breaker probing = new Breaker.Open(50).asked();

    assertThat(probing.admits(1_000)).isFalse();
    assertThat(probing.answered()).isEqualTo(Breaker.well());
    assertThat(probing.failed(60, HABIT)).isEqualTo(new Breaker.Open(160));
    assertThat(probing.untold(60).admits(60)).as("the next one is to tell").isTrue();
  }

  @Test
  void failuresOfEarlierRequestsProlongNothing() {
    assertThat(new Breaker.Open(50).failed(49, HABIT)).isEqualTo(new Breaker.Open(50));
  }

  @Test
  void aClockThatWrapsAroundOpensAndCloses() {
    Breaker open = new Breaker.Closed(2).failed(Long.MAX_VALUE - 10, HABIT);

    assertThat(open.admits(Long.MAX_VALUE - 5)).isFalse();
    assertThat(open.admits(Long.MIN_VALUE + 95)).isTrue();
  }
}
