package io.parley.engine.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HoldoutsTest {

  private final List<FlowProblem> problems = new ArrayList<>();

  private Holdouts read(@Nullable Object tree) {
    return Holdouts.read(Place.root(tree, problems));
  }

  @Test
  void whatIsNotSaidIsTheDefaultAndAnEmptyListIsNone() {
    assertThat(read(null).has("Holdout")).isTrue();
    assertThat(read(List.of()).has("holdout")).isFalse();
    assertThat(problems).isEmpty();
  }

  @Test
  void neitherCaseNorSpaceNorTheKindOfANameCounts() {
    Holdouts holdouts = read(List.of(" Control ", 7));

    assertThat(holdouts.cohorts()).containsExactly("control", "7");
    assertThat(holdouts.has("CONTROL ")).isTrue();
    assertThat(holdouts.has("7")).isTrue();
    assertThat(holdouts.has("control-b")).isFalse();
    assertThat(problems).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"holdout", ""})
  void oneNameIsNoList(String told) {
    assertThat(read(told)).isEqualTo(Holdouts.DEFAULT);

    assertThat(problems)
        .containsExactly(
            new FlowProblem("#", "must be a list of cohorts, such as [holdout]; [] for none"));
  }

  @Test
  void whatIsNoNameIsToldWithItsPlaceAndTheOthersHold() {
    Holdouts holdouts = read(List.of("holdout", " ", "control", Map.of("name", "b"), true));

    assertThat(holdouts.cohorts()).containsExactly("holdout", "control");
    assertThat(problems)
        .containsExactly(
            new FlowProblem("#/1", "must be the name of a cohort"),
            new FlowProblem("#/3", "must be the name of a cohort"),
            new FlowProblem("#/4", "must be the name of a cohort"));
  }
}
