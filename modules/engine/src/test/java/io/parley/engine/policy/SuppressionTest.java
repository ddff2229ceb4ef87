package io.parley.engine.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SuppressionTest {

  private static final FlowProblem WINDOW =
      new FlowProblem("#/window", "must be 6h to 12h, or 0 for no window");
  private static final FlowProblem AFTER_PURCHASE =
      new FlowProblem("#/after_purchase", "must be a time of at most 90d, such as 7d or 36h, or 0");

  private final List<FlowProblem> problems = new ArrayList<>();

  private Suppression read(@Nullable Object tree) {
    return Suppression.read(Place.root(tree, problems));
  }

  @Test
  void whatIsNotSaidIsTheDefault() {
    assertThat(read(null)).isEqualTo(Suppression.DEFAULT);
    assertThat(read(Map.of())).isEqualTo(Suppression.DEFAULT);
    assertThat(read(Map.of("window", "6h")))
        .isEqualTo(new Suppression(Duration.ofHours(6), Duration.ofDays(7)));
    assertThat(problems).isEmpty();
  }

  @Test
  void timesAreReadInDaysHoursAndMinutesAndZeroIsNever() {
    assertThat(read(Map.of("window", "720m", "after_purchase", "90d")))
        .isEqualTo(new Suppression(Duration.ofHours(12), Duration.ofDays(90)));
    assertThat(read(Map.of("window", 0, "after_purchase", "36h")))
        .isEqualTo(new Suppression(Duration.ZERO, Duration.ofHours(36)));
    assertThat(read(Map.of("window", "0h", "after_purchase", "0")))
        .isEqualTo(new Suppression(Duration.ZERO, Duration.ZERO));
    assertThat(problems).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"5h", "359m", "13h", "721m", "1d", "-6h", "6", "6H", "long", ""})
  void aWindowIsSixToTwelveHours(String window) {
    assertThat(read(Map.of("window", window)).window()).isEqualTo(Suppression.DEFAULT.window());

    assertThat(problems).containsExactly(WINDOW);
  }

  @ParameterizedTest
  @ValueSource(strings = {"91d", "2161h", "-1d", "7", "a week", "999999d", ""})
  void purchasersAreLeftAloneForNinetyDaysAtMost(String time) {
    assertThat(read(Map.of("after_purchase", time)).afterPurchase())
        .isEqualTo(Suppression.DEFAULT.afterPurchase());

    assertThat(problems).containsExactly(AFTER_PURCHASE);
  }

  @Test
  void allThatIsWrongIsToldWithItsPlace() {
    read(Map.of("window", List.of("6h"), "after_purchase", true, "windows", "6h"));

    assertThat(problems)
        .containsExactlyInAnyOrder(
            WINDOW,
            AFTER_PURCHASE,
            new FlowProblem("#/windows", "is not known here; known are: window, after_purchase"));
  }

  @Test
  void whatIsNoObjectIsTold() {
    assertThat(read("12h")).isEqualTo(Suppression.DEFAULT);

    assertThat(problems)
        .containsExactly(
            new FlowProblem("#", "must be an object with some of: window, after_purchase"));
  }
}
