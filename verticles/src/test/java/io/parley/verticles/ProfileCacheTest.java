package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.customerio.AppApi.Customer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProfileCacheTest {

  private static final Customer JANE = new Customer("jane", "id");
  private static final Customer JOHN = new Customer("john", "id");
  private static final Customer JUNE = new Customer("june", "id");

  private final AtomicLong now = new AtomicLong();
  private final ProfileCache cache = new ProfileCache(now::get, 10);

  @Test
  void aProfileIsGivenOutForItsLifetimeAndNoLonger() {
    cache.keep(JANE, "jane");
    now.addAndGet(ProfileCache.LIFETIME.minus(Duration.ofNanos(1)).toNanos());
    assertThat(cache.find(JANE)).contains("jane");

    now.incrementAndGet();

    assertThat(cache.find(JANE)).isEmpty();
    assertThat(cache.find(JOHN)).isEmpty();
  }

  @Test
  void whatWasNotAskedForLongestGivesWay() {
    cache.keep(JANE, "1234");
    cache.keep(JOHN, "1234");
    cache.find(JANE);

    cache.keep(JUNE, "1234");

    assertThat(cache.find(JOHN)).isEmpty();
    assertThat(cache.find(JANE)).isPresent();
    assertThat(cache.find(JUNE)).isPresent();
  }

  @Test
  void aProfileThatIsKeptAgainCountsOnce() {
    for (int i = 0; i < 10; i++) {
      cache.keep(JANE, "12345");
    }
    cache.keep(JOHN, "12345");

    assertThat(cache.find(JANE)).isPresent();
    assertThat(cache.find(JOHN)).isPresent();
  }

  @Test
  void whatIsLargerThanAllThatMayBeKeptIsNotKept() {
    cache.keep(JANE, "12345678901");

    assertThat(cache.find(JANE)).isEmpty();
  }
}
