package io.parley.engine.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.Place;
import io.parley.engine.policy.ConsentRules.Kinship;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConsentRulesTest {

  private final List<FlowProblem> problems = new ArrayList<>();

  private ConsentRules read(@Nullable Object tree) {
    return ConsentRules.read(Place.root(tree, problems));
  }

  @Test
  void whatIsNotSaidIsTheDefault() {
    assertThat(read(null)).isEqualTo(ConsentRules.DEFAULT);
    assertThat(read(Map.of())).isEqualTo(ConsentRules.DEFAULT);
    assertThat(problems).isEmpty();
  }

  @Test
  void everyRuleIsRead() {
    assertThat(
            read(
                Map.of(
                    "required",
                    List.of("sms", "whatsapp"),
                    "opt_out_scope",
                    "programme",
                    "person",
                    "address")))
        .isEqualTo(
            new ConsentRules(
                Set.of(ConsentChannel.SMS, ConsentChannel.WHATSAPP),
                OptOutScope.PROGRAMME,
                Kinship.ADDRESS));
    assertThat(read(Map.of("required", List.of())).required()).isEmpty();
    assertThat(problems).isEmpty();
  }

  @Test
  void whatIsWrongIsToldWithItsPlace() {
    read(
        Map.of(
            "required", List.of("email"), "opt_out_scope", "some", "person", 7, "channels", "x"));

    assertThat(problems)
        .extracting(FlowProblem::propertyPath)
        .containsExactlyInAnyOrder("#/required/0", "#/opt_out_scope", "#/person", "#/channels");
    problems.clear();
    read(Map.of("required", "sms"));
    assertThat(problems)
        .containsExactly(
            new FlowProblem(
                "#/required", "must be a list with some of sms, whatsapp; [] for none"));
  }
}
