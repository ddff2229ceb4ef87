package io.parley.loadtest.drive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.parley.loadtest.drive.Timetable.Arrival;
import io.parley.loadtest.profile.Arrivals;
import io.parley.loadtest.profile.Behaviour;
import io.parley.loadtest.profile.Customers.Spacing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class TimetableTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static List<Arrival> all(Spacing spacing, long seed, Arrivals... stretches) {
    List<Arrival> all = new ArrayList<>();
    new Timetable(List.of(stretches), spacing, new SplittableRandom(seed))
        .forEachRemaining(all::add);
    return all;
  }

  private static List<Double> seconds(List<Arrival> arrivals) {
    return arrivals.stream().map(it -> it.nanos() / 1e9).toList();
  }

  @Test
  void evenlySpacedCustomersComeOneAfterTheOther() {
    List<Double> seconds =
        seconds(all(Spacing.EVEN, 1, new Arrivals.Steady(4, Duration.ofSeconds(2))));

    assertThat(seconds).containsExactly(0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75);
  }

  @Test
  void customersWhoComeByThemselvesAreAsManyAndSometimesTogether() {
    List<Double> seconds = seconds(all(Spacing.POISSON, 1, new Arrivals.Steady(100, MINUTE)));

    assertThat(seconds).isSorted().hasSizeBetween(5_700, 6_300);
    long together = 0;
    for (int i = 1; i < seconds.size(); i++) {
      together += seconds.get(i) - seconds.get(i - 1) < 0.001 ? 1 : 0;
    }
    assertThat((double) together / seconds.size()).isCloseTo(1 - Math.exp(-0.1), within(0.02));
  }

  @Test
  void aRampBringsMoreAndMore() {
    List<Double> seconds = seconds(all(Spacing.EVEN, 1, new Arrivals.Ramp(0.1, 20, MINUTE)));

    assertThat(seconds).hasSize(603).isSorted();
    assertThat(seconds.stream().filter(it -> it < 30).count())
        .as("a quarter comes in the first half")
        .isBetween(148L, 158L);
  }

  @Test
  void aRampCanFallToNobody() {
    List<Double> seconds = seconds(all(Spacing.POISSON, 3, new Arrivals.Ramp(20, 0.1, MINUTE)));

    assertThat(seconds).isSorted().hasSizeBetween(530, 680).allMatch(it -> it >= 0 && it <= 60);
  }

  @Test
  void stretchesFollowOneAnother() {
    List<Double> seconds =
        seconds(
            all(
                Spacing.EVEN,
                1,
                new Arrivals.Steady(1, Duration.ofSeconds(2)),
                new Arrivals.Pause(Duration.ofSeconds(10)),
                new Arrivals.Burst(4, Duration.ofSeconds(1)),
                new Arrivals.Replay(
                    List.of(
                        new Arrivals.Recorded(
                            Duration.ofMillis(500), Optional.of(Behaviour.STOPS), Map.of())))));

    assertThat(seconds).containsExactly(0.0, 1.0, 12.0, 12.25, 12.5, 12.75, 13.5);
  }

  @Test
  void theSameSeedBringsTheSameCustomers() {
    Arrivals stretch = new Arrivals.Ramp(1, 50, MINUTE);

    assertThat(all(Spacing.POISSON, 7, stretch)).isEqualTo(all(Spacing.POISSON, 7, stretch));
    assertThat(all(Spacing.POISSON, 7, stretch)).isNotEqualTo(all(Spacing.POISSON, 8, stretch));
  }
}
