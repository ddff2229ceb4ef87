package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SlidingLimitTest {

  private final AtomicLong now = new AtomicLong();

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void noSecondHoldsMoreThanTheLimitAfterARestEither() {
    SlidingLimit limit = new SlidingLimit(10, now::get);
    pass(Duration.ofHours(1));
    int taken = 0;
    for (int i = 0; i < 100; i++) {
      taken += limit.take() ? 1 : 0;
      pass(Duration.ofMillis(10));
    }

    assertThat(taken).isEqualTo(10);
    pass(Duration.ofMillis(110));
    assertThat(limit.allows()).isTrue();
  }

  @Test
  void whatOthersDoIsCountedWhetherItFitsOrNot() {
    SlidingLimit limit = new SlidingLimit(2, now::get);
    for (int i = 0; i < 3; i++) {
      limit.count();
    }

    assertThat(limit.take()).isFalse();
    pass(Duration.ofMillis(1_101));
    assertThat(limit.take()).isTrue();
  }

  @Test
  void lessThanOneASecondIsOneInSoManySeconds() {
    SlidingLimit limit = new SlidingLimit(0.5, now::get);

    assertThat(limit.take()).isTrue();
    pass(Duration.ofSeconds(2));
    assertThat(limit.take()).isFalse();
    pass(Duration.ofMillis(201));
    assertThat(limit.take()).isTrue();
  }
}
