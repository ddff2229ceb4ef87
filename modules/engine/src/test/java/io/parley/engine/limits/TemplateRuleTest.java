package io.parley.engine.limits;

import static io.parley.engine.limits.TemplateRule.Category.AUTHENTICATION;
import static io.parley.engine.limits.TemplateRule.Category.MARKETING;
import static io.parley.engine.limits.TemplateRule.Category.UTILITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateRuleTest {

  private static final Address NEW_YORK = new Address("whatsapp:+12125550100");

  @ParameterizedTest
  @CsvSource({
    "whatsapp:+12125550100, true", // New York
    "whatsapp:+17875550100, true", // Puerto Rico
    "whatsapp:+14165550100, false", // Toronto
    "whatsapp:+18765550100, false", // Jamaica
    "whatsapp:+19995550100, true", // an area code that nobody knows
    "whatsapp:+4915112345678, false"
  })
  void noMarketingGoesToNumbersOfTheUnitedStates(String to, boolean isRefused) {
    assertThat(TemplateRule.DEFAULT.refusal(MARKETING, new Address(to)).isPresent())
        .isEqualTo(isRefused);
  }

  @Test
  void otherTemplatesGo() {
    assertThat(TemplateRule.DEFAULT.refusal(UTILITY, NEW_YORK)).isEmpty();
    assertThat(TemplateRule.DEFAULT.refusal(AUTHENTICATION, NEW_YORK)).isEmpty();
  }

  @Test
  void aBrandMayAllowIt() {
    List<FlowProblem> problems = new ArrayList<>();
    TemplateRule rule = TemplateRule.read(Place.root(Map.of("us_marketing", true), problems));

    assertThat(rule.refusal(MARKETING, NEW_YORK)).isEmpty();
    assertThat(problems).isEmpty();
    assertThat(TemplateRule.read(Place.root(Map.of("us_marketing", "yes"), problems)))
        .isEqualTo(TemplateRule.DEFAULT);
    assertThat(problems).hasSize(1);
  }
}
