package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PacingTest {

  private static final String SENDER = "+14155550199";
  private static final String OTHER = "+14155550188";

  private final Pacing pacing = new Pacing(10);

  @Test
  void nothingIsTakenAtOnceWithoutRoom() {
    assertThat(pacing.takesAtOnce(SENDER)).isFalse();

    pacing.room(true);
    assertThat(pacing.takesAtOnce(SENDER)).isTrue();

    pacing.room(false);
    assertThat(pacing.takesAtOnce(SENDER)).isFalse();
  }

  @Test
  void aSenderThatHasGivenItsTimeAwayTakesNothingAtOnce() {
    pacing.room(true);

    pacing.take(SENDER, 8);

    assertThat(pacing.takesAtOnce(SENDER)).isFalse();
    assertThat(pacing.takesAtOnce(OTHER)).isTrue();
  }

  @Test
  void eachMessageWaitsForThoseBeforeItUntilThereAreTooMany() {
    assertThat(pacing.take(SENDER, 15)).isEqualTo(new Pacing.Turn(Duration.ZERO, true));
    Pacing.Turn second = pacing.take(SENDER, 15);
    assertThat(second.inHand()).isTrue();
    assertThat(second.after()).isBetween(Duration.ofMillis(1_300), Duration.ofMillis(1_500));
    assertThat(pacing.busy()).containsExactly(SENDER);

    Pacing.Turn third = pacing.take(SENDER, 1);
    assertThat(third.inHand()).isFalse();
    assertThat(pacing.take(SENDER, 1).after()).isLessThanOrEqualTo(third.after());
  }

  @Test
  void noMoreIsInHandThanTheRateAllowsNorThanIsAskedFor() {
    assertThat(pacing.inHand(100)).isEqualTo(21);
    assertThat(pacing.inHand(3)).isEqualTo(7);
  }
}
