package io.parley.engine.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.Place;
import io.parley.engine.policy.Conversions.From;
import io.parley.engine.policy.Conversions.Goal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConversionsTest {

  private final List<FlowProblem> problems = new ArrayList<>();

  private Conversions read(@Nullable Object tree) {
    return Conversions.read(Place.root(tree, problems));
  }

  @Test
  void threeDaysFromTheStartIsTheDefault() {
    assertThat(read(null)).isEqualTo(Conversions.DEFAULT);
    assertThat(read(Map.of()).usual()).isEqualTo(new Goal(Duration.ofDays(3), From.START));
    assertThat(problems).isEmpty();
  }

  @Test
  void aFlowHasWhatItDoesNotSayFromTheRest() {
    Conversions read =
        read(
            Map.of(
                "window",
                "7d",
                "from",
                "last_message",
                "flows",
                Map.of("cart", Map.of("window", "12h"), "review", Map.of("from", "start"))));

    assertThat(read.usual()).isEqualTo(new Goal(Duration.ofDays(7), From.LAST_MESSAGE));
    assertThat(read.flows())
        .containsOnly(
            Map.entry("cart", new Goal(Duration.ofHours(12), From.LAST_MESSAGE)),
            Map.entry("review", new Goal(Duration.ofDays(7), From.START)));
    assertThat(problems).isEmpty();
  }

  @Test
  void whatCannotBeIsNamedWithItsPlace() {
    read(
        Map.of(
            "window",
            "0",
            "from",
            "reply",
            "flows",
            Map.of("cart", Map.of("window", "91d", "goal", "order"))));

    assertThat(problems)
        .extracting(FlowProblem::propertyPath)
        .containsExactlyInAnyOrder(
            "#/window", "#/from", "#/flows/cart/window", "#/flows/cart/goal");
    problems.clear();
    read(Map.of("flows", List.of("cart"), "from", 3L));
    assertThat(problems)
        .extracting(FlowProblem::propertyPath)
        .containsExactlyInAnyOrder("#/flows", "#/from");
  }
}
