package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Block;
import io.parley.engine.Effect;
import io.parley.engine.Hop;
import io.parley.engine.Reason;
import io.parley.testkit.Scenario;
import org.junit.jupiter.api.Test;

class ReplyTest {

  @Test
  void aReplyStartsTheFlowThatOurAddressIsBoundTo() {
    Scenario scenario = Flows.scenario("survey").bound();

    scenario.reply("Hi");

    assertThat(scenario.path()).containsExactly(new Hop("Trigger", "incomingMessage", "rate"));
    assertThat(scenario.texts()).containsExactly("How was it, 1 to 5?");
  }

  @Test
  void aReplyThatStartsAFlowIsReportedWithIt() {
    Scenario scenario = Flows.scenario("survey").bound();

    scenario.reply("Hi");

    assertThat(scenario.outcomeNames())
        .startsWith("conversation_started", "suppression_started", "twilio_reply");
    assertThat(scenario.outcome("twilio_reply").properties().entries())
        .containsEntry("flow", "survey")
        .containsEntry("body", "Hi");
  }

  @Test
  void aReplyWithoutAFlowIsRefusedButReported() {
    Scenario scenario = Flows.scenario("survey");

    scenario.reply("Hi");

    assertThat(scenario.refusals()).containsExactly(Reason.NO_EXECUTION);
    assertThat(scenario.outcomeNames()).containsExactly("twilio_reply", "twilio_reply_intent");
  }

  @Test
  void theBoundFlowMayHaveNothingForAReply() {
    Scenario scenario = Flows.scenario("split").bound();

    scenario.reply("Hi");

    assertThat(scenario.result()).contains("completed");
    assertThat(scenario.path()).containsExactly(new Hop("Trigger", "incomingMessage", ""));
    assertThat(scenario.texts()).isEmpty();
  }

  @Test
  void aContactWhoWritesCanBeReached() {
    Scenario scenario = Flows.scenario("survey").bound().known(Block.UNREACHABLE);

    scenario.reply("Hi");

    assertThat(scenario.effects())
        .first()
        .isInstanceOfSatisfying(
            Effect.UnblockContact.class,
            unblock -> assertThat(unblock.lifts()).isEqualTo(Block.UNREACHABLE));
    assertThat(scenario.contact().block()).isEmpty();
    assertThat(scenario.texts()).hasSize(1);
  }
}
