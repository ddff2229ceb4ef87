package io.parley.engine.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ThrottleTest {

  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
  private static final Throttle THROTTLE = new Throttle(2, 4, Duration.ofMinutes(5));

  @Test
  void withoutLimitsEverythingGoesAtOnce() {
    assertThat(Throttle.NONE.nextAllowed(List.of(NOON, NOON, NOON), NOON)).isEmpty();
  }

  @Test
  void messagesKeepTheirDistance() {
    assertThat(THROTTLE.nextAllowed(List.of(NOON), NOON.plusSeconds(60)))
        .contains(NOON.plus(Duration.ofMinutes(5)));
    assertThat(THROTTLE.nextAllowed(List.of(NOON), NOON.plus(Duration.ofMinutes(5)))).isEmpty();
  }

  @Test
  void anHourAndADayHoldNoMoreThanTheirNumber() {
    List<Instant> two = List.of(NOON.plus(Duration.ofMinutes(20)), NOON);
    assertThat(THROTTLE.nextAllowed(two, NOON.plus(Duration.ofMinutes(40))))
        .contains(NOON.plus(Duration.ofHours(1)));

    List<Instant> four = new ArrayList<>(two);
    four.add(NOON.plus(Duration.ofHours(2)));
    four.add(NOON.plus(Duration.ofHours(4)));
    assertThat(THROTTLE.nextAllowed(four, NOON.plus(Duration.ofHours(6))))
        .contains(NOON.plus(Duration.ofDays(1)));
  }

  @Property(tries = 300)
  void howeverOftenOneWouldSendNoWindowHoldsTooMany(
      @ForAll @Size(max = 60) List<@IntRange(max = 90) Integer> minutes) {
    List<Instant> sends = new ArrayList<>();
    Instant now = NOON;
    for (int wait : minutes) {
      now = now.plus(Duration.ofMinutes(wait));
      now = THROTTLE.nextAllowed(sends, now).orElse(now);
      sends.add(now);
    }

    for (int i = 0; i < sends.size(); i++) {
      assertDistance(sends, i, 1, Duration.ofMinutes(5));
      assertDistance(sends, i, 2, Duration.ofHours(1));
      assertDistance(sends, i, 4, Duration.ofDays(1));
    }
  }

  private static void assertDistance(List<Instant> sends, int from, int limit, Duration window) {
    if (from + limit < sends.size()) {
      assertThat(Duration.between(sends.get(from), sends.get(from + limit)))
          .isGreaterThanOrEqualTo(window);
    }
  }

  @Test
  void itIsReadFromSettings() {
    List<FlowProblem> problems = new ArrayList<>();

    assertThat(
            Throttle.read(
                Place.root(Map.of("per_hour", 2L, "per_day", 4L, "spacing", "PT5M"), problems)))
        .isEqualTo(THROTTLE);
    assertThat(Throttle.read(Place.root(Map.of(), problems))).isEqualTo(Throttle.NONE);
    assertThat(problems).isEmpty();

    Throttle.read(
        Place.root(Map.of("per_hour", 0L, "per_day", "many", "spacing", "soon"), problems));
    assertThat(problems.stream().map(FlowProblem::propertyPath))
        .containsExactly("#/per_hour", "#/per_day", "#/spacing");
  }
}
