package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Digest;
import io.parley.engine.Effect;
import io.parley.engine.Event;
import io.parley.engine.MessageSid;
import io.parley.engine.Tag;
import io.parley.engine.Values;
import io.parley.engine.policy.Policy;
import io.parley.testkit.Scenario;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What replies mean, as flows read it and as it is told and kept.
class MeaningTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "#shipping how long | Shipping takes three days.",
        "#not_interested nah | All right, thanks for telling us.",
        "#size_help #discount @0.7 | Here is 10 % off.",
        "#size_help #restock @0.8 | We got: size_help restock ",
        "#size_help @0.5 hm | Let me find somebody who can help.",
        "blargh | Let me find somebody who can help.",
        "#choice_2 #shipping @0.7 | Shipping takes three days.",
      })
  void aFlowGoesByWhatAReplyMeans(String reply, String answer) {
    Scenario scenario = Flows.meaning("tags");
    scenario.trigger();

    scenario.reply(reply);

    assertThat(scenario.texts().getLast().strip()).isEqualTo(answer.strip());
  }

  @Test
  void aFlowThatAReplyBeginsGoesByWhatItMeans() {
    Scenario scenario = Flows.meaning("tags").bound();

    scenario.reply("#order_status where is it");

    assertThat(scenario.texts()).containsExactly("Your order is on its way.");
  }

  private static Event.ReplyReceived reply(Values parameters, Tag... tags) {
    return new Event.ReplyReceived(
        new MessageSid("SM1"), parameters, List.of(tags), "t", Optional.empty());
  }

  @Test
  void anUntaggedReplyReadsAsOneWithoutTags() {
    Values read = reply(Values.of("Body", "hm")).readable();

    assertThat(read.entries())
        .containsEntry("tags", "")
        .containsEntry("topTag", "")
        .containsEntry("score", 0.0)
        .containsEntry("tag", Map.of());
  }

  @Test
  void whatWasPickedIsTheTopTagOnlyWhereNothingElseIsMeant() {
    Tag picked = new Tag("choice_2", 0.98, "2");
    Tag optIn = new Tag(Tag.OPT_IN, 1, "start");
    Tag buy = new Tag("buy", 0.7, "take it");

    assertThat(reply(Values.EMPTY, picked, buy).topTag()).contains(buy);
    assertThat(reply(Values.EMPTY, picked, buy).score()).isEqualTo(0.7);
    assertThat(reply(Values.EMPTY, picked).topTag()).contains(picked);
    assertThat(reply(Values.EMPTY, optIn, picked).topTag()).contains(optIn);
  }

  @Test
  void aParameterOfTheWebhookThatIsNamedSoIsStillFound() {
    Values read = reply(Values.of("tag", "of theirs"), new Tag("buy", 0.7, "")).readable();

    assertThat(read.object("tag").entries()).containsEntry("buy", 0.7);
    assertThat(read.object("given").text("tag")).contains("of theirs");
  }

  // ---- what is told

  @Test
  void whatAReplyMeansIsToldBesideIt() {
    Scenario scenario = Flows.meaning("survey");
    scenario.trigger();

    scenario.reply("#discount #shipping @0.7 any code");

    assertThat(scenario.outcome("twilio_reply_intent").properties().entries())
        .containsEntry("tags", List.of("discount", "shipping"))
        .containsEntry("top_tag", "discount")
        .containsEntry("scores", Map.of("discount", 0.9, "shipping", 0.7))
        .containsEntry("evidence", Map.of("discount", "written so", "shipping", "written so"))
        .containsEntry("tagger", "scenario")
        .containsEntry("flow", "survey")
        .doesNotContainKeys("untagged", "low_score", "text_sha256");
    assertThat(scenario.effects()).noneMatch(Effect.KeepReply.class::isInstance);
  }

  @Test
  void aReplyThatMeansNothingIsToldByItsFingerprintAndKept() {
    Scenario scenario = Flows.meaning("survey");
    scenario.trigger();

    scenario.reply("  Where's  my THING");

    Map<String, Object> told = scenario.outcome("twilio_reply_intent").properties().entries();
    assertThat(told).containsEntry("untagged", true).doesNotContainKeys("evidence", "body");
    Effect.KeepReply kept = kept(scenario);
    assertThat(kept.text()).isEqualTo("  Where's  my THING");
    assertThat(kept.flow()).isEqualTo("survey");
    assertThat(told).containsEntry("text_sha256", kept.textSha256());
    assertThat(kept.textSha256())
        .isEqualTo(Digest.textSha256("where's my thing"))
        .matches("[0-9a-f]{64}");
  }

  private static Effect.KeepReply kept(Scenario scenario) {
    return scenario.effects().stream()
        .filter(Effect.KeepReply.class::isInstance)
        .map(Effect.KeepReply.class::cast)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void anUnsureReplyIsKeptWithItsTags() {
    Scenario scenario = Flows.meaning("survey");

    scenario.reply("#buy @0.59 maybe");

    assertThat(scenario.outcome("twilio_reply_intent").properties().entries())
        .containsEntry("low_score", true);
    assertThat(kept(scenario).tags()).containsExactly("buy");
    assertThat(kept(scenario).score()).isEqualTo(0.59);
    assertThat(kept(scenario).flow()).isEmpty();
  }

  @Test
  void anOptOutIsNeverKept() {
    Scenario scenario = Flows.meaning("survey");

    scenario.reply("#opt_out @0.5 enough");
    scenario.reply("#opt_out_unclear @0.5 enough?");

    assertThat(scenario.effects()).noneMatch(Effect.KeepReply.class::isInstance);
  }

  @Test
  void nothingIsKeptWhereThePolicySaysSo() {
    Policy.Reading none = Policy.read(Map.of("review", Map.of("retention", 0L)));
    Scenario scenario = Flows.meaning("survey").by(((Policy.Reading.Valid) none).policy());

    scenario.reply("blargh");

    assertThat(scenario.effects()).noneMatch(Effect.KeepReply.class::isInstance);
    assertThat(scenario.outcomeNames()).contains("twilio_reply_intent");
  }
}
