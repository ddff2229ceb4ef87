package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {

  private final AtomicLong nanos = new AtomicLong();

  private int taken(RateLimit limit, int tries) {
    int taken = 0;
    for (int i = 0; i < tries; i++) {
      taken += limit.take() ? 1 : 0;
    }
    return taken;
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void asManyAsOfASecondMayComeAtOnceAndMoreAsTimePasses() {
    RateLimit limit = new RateLimit(20, nanos::get);

    assertThat(taken(limit, 100)).isEqualTo(20);
    pass(Duration.ofMillis(250));
    assertThat(taken(limit, 100)).isEqualTo(5);
    pass(Duration.ofHours(1));
    assertThat(taken(limit, 100)).isEqualTo(20);
  }

  @Test
  void whatCountedBeyondTheLimitIsPaidBack() {
    RateLimit limit = new RateLimit(1, nanos::get);
    limit.count();
    limit.count();

    pass(Duration.ofSeconds(1));
    assertThat(limit.allows()).isFalse();
    pass(Duration.ofSeconds(1));
    assertThat(limit.allows()).isTrue();
  }

  @Test
  void zeroIsNoLimit() {
    assertThat(taken(new RateLimit(0, nanos::get), 1_000)).isEqualTo(1_000);
  }
}
