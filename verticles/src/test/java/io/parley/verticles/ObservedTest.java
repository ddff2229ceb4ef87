package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ObservedTest {

  /// Of the pool that the whole service shares; how many are taken just now is the service's own
  /// affair.
  private static final List<Pattern> POOLS =
      List.of(
          Pattern.compile("parley_pool_taken\\{pool=\"parley\"} \\d"),
          Pattern.compile("parley_pool_waiting\\{pool=\"parley\"} 0.0"),
          Pattern.compile("parley_pool_wait_seconds_count\\{pool=\"parley\"} [1-9]"));

  private final Service service = Service.start(Map.of());

  @AfterEach
  void stop() {
    service.stop();
  }

  @Test
  void requestsAndPlacesOfPoolsAreCounted() {
    service.get("/health/live");

    String metrics = service.get("/metrics").body();

    assertThat(metrics)
        .as("the request that asks for them has no answer yet")
        .contains("parley_http_in_flight 1.0")
        .containsPattern("parley_http_seconds_count [1-9]");
    service.until(
        "a connection is taken and given back",
        () -> POOLS.stream().allMatch(it -> it.matcher(service.get("/metrics").body()).find()));
  }
}
