package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Hop;
import io.parley.engine.Values;
import io.parley.engine.Warning;
import io.parley.testkit.Scenario;
import org.junit.jupiter.api.Test;

class WidgetsTest {

  @Test
  void theFirstConditionThatHoldsIsTaken() {
    Scenario scenario = Flows.scenario("split");

    scenario.trigger(Values.of("word", "ONE"));

    assertThat(scenario.path()).contains(new Hop("choose", "match", "vowel"));
    assertThat(scenario.warnings()).isEmpty();
  }

  @Test
  void noMatchThatLeadsNowhereIsAWarning() {
    Scenario scenario = Flows.scenario("split");

    scenario.trigger(Values.of("word", "why"));

    assertThat(scenario.path()).endsWith(new Hop("choose", "noMatch", ""));
    assertThat(scenario.result()).contains("completed");
    assertThat(scenario.warnings()).extracting(Warning::code).containsExactly(Warning.NO_MATCH);
    assertThat(Warning.NO_MATCH).isEqualTo(81005);
  }

  @Test
  void variablesAreReadByTheirNameAndByTheirWidgets() {
    Scenario scenario = Flows.scenario("variables");

    scenario.trigger(Values.of("name", "Jane"));

    assertThat(scenario.texts()).containsExactly("Hello Jane, JANE", "on its way");
  }

  @Test
  void whatTheCallerLeftOutIsEmpty() {
    Scenario scenario = Flows.scenario("notice");

    scenario.trigger();

    assertThat(scenario.texts()).startsWith("Hello ");
    assertThat(scenario.warnings()).isEmpty();
  }

  @Test
  void whatAContactWritesIsNoTemplate() {
    Scenario scenario = Flows.scenario("survey");
    scenario.trigger();

    scenario.reply("{{ flow.sid }}");

    assertThat(scenario.texts()).endsWith("Please write a number, not {{ flow.sid }}");
  }

  @Test
  void aFlowCanWriteToSomebodyElse() {
    Scenario scenario = Flows.scenario("colleague");

    scenario.trigger(Values.of("colleague", "+15005550001"));

    assertThat(scenario.sent())
        .extracting(send -> send.to().value())
        .containsExactly("+15005550001", Scenario.THEIRS.value());
  }

  @Test
  void aNumberThatNoDoubleHoldsIsKeptAsItsText() {
    String digits = "9".repeat(400);
    Scenario scenario = Flows.scenario("notice");

    scenario.trigger(Values.of("name", new java.math.BigInteger(digits)));

    assertThat(scenario.texts()).startsWith("Hello " + digits);
  }
}
