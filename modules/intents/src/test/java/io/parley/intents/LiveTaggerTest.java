package io.parley.intents;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.Tag;
import io.parley.engine.Values;
import io.parley.intents.evaluation.TaxonomyCheck;
import io.parley.intents.learning.OwnTags;
import io.parley.intents.learning.Taxonomy;
import io.parley.intents.learning.Taxonomy.Definition;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class LiveTaggerTest {

  private static final Taxonomy OWN =
      new Taxonomy(
          "7",
          List.of(
              new Definition(
                  "swap_flavor",
                  "wants another flavour next time",
                  List.of(
                      "can I switch to decaf",
                      "swap the vanilla for mocha",
                      "change my flavor please",
                      "I want a different flavor next time",
                      "send hazelnut instead",
                      "could you change it to dark roast"))),
          List.of());

  @Test
  void theRulesServeBeforeTheModelIsLoaded() {
    try (LiveTagger tagger = new LiveTagger()) {
      assertThat(tagger.loaded()).isFalse();
      assertThat(tagger.tag(Reply.of("stop texting me")).has(Tag.OPT_OUT)).isTrue();
    }
  }

  @Test
  void ownTagsJoinTheBundledOnesAndLeaveAgain() {
    Reply swap = Reply.of("please switch my flavor to caramel");
    try (LiveTagger tagger = new LiveTagger()) {
      tagger.teach(List.of(OWN));

      List<Tags> tags = tagger.tag(List.of(swap, Reply.of("where is my package")));
      assertThat(tags.getFirst().has("swap_flavor")).isTrue();
      assertThat(tags.getLast().has("order_status")).isTrue();
      assertThat(tags.getFirst().version()).contains("+7-");

      tagger.teach(List.of());

      assertThat(tagger.tag(swap).has("swap_flavor")).isFalse();
    }
  }

  @Test
  void ownTagsOfAFlowAreForItsRepliesAlone() {
    Values swap = Values.of("Body", "please switch my flavor to caramel");
    try (LiveTagger tagger = new LiveTagger()) {
      tagger.learn(List.of(new OwnTags(OWN, List.of("coffee"))));

      Tags inFlow = tagger.tag(to(swap, "refill", "coffee"));
      Tags elsewhere = tagger.tag(to(swap, "cart"));

      assertThat(inFlow.has("swap_flavor")).isTrue();
      assertThat(inFlow.version()).endsWith("+" + OWN.version());
      assertThat(elsewhere.has("swap_flavor")).isFalse();
      assertThat(elsewhere.version()).doesNotContain(OWN.version());
      assertThat(tagger.tag(to(Values.of("Body", "stop"), "coffee")).version())
          .as("a reply that they could have applied to, too")
          .endsWith("+" + OWN.version());
    }
  }

  @Test
  void repliesInABatchAreTaggedAsTheyAreAlone() {
    List<Reply> replies =
        Stream.of(
                "any code and how long is shipping to TX?",
                "where is my package",
                "where is my package",
                "stop",
                "yes",
                "",
                "don't stop! but can I pause it for a month, I am away",
                "what is the capital of France")
            .map(Reply::of)
            .toList();
    try (LiveTagger tagger = new LiveTagger()) {
      assertThat(tagger.tag(replies)).isEqualTo(replies.stream().map(tagger::tag).toList());
      tagger.load();
      assertThat(tagger.tag(replies)).isEqualTo(replies.stream().map(tagger::tag).toList());
    }
  }

  @Test
  void onlyWhatTheRulesSettleIsAnsweredWithoutTheModel() {
    try (LiveTagger tagger = new LiveTagger()) {
      tagger.load();

      for (String settled : List.of("STOP", "yes please", "thanks", "", "👍")) {
        assertThat(tagger.settled(Reply.of(settled)))
            .as(settled)
            .contains(tagger.tag(Reply.of(settled)));
      }
      for (String open : List.of("where is my package", "stop texting me, it never came")) {
        assertThat(tagger.settled(Reply.of(open))).as(open).isEmpty();
      }
      assertThat(tagger.byRules(Reply.of("where is my package")).version())
          .isEqualTo(new LiveTagger().version());
    }
  }

  private static Reply to(Values parameters, String... flows) {
    return new Reply(parameters, ContactFacts.NOTHING_KNOWN, Asked.NOTHING, List.of(flows));
  }

  @Test
  void aPoorTaxonomyIsToldSo() {
    try (LiveTagger tagger = new LiveTagger()) {
      Taxonomy poor =
          new Taxonomy(
              "1",
              List.of(
                  new Definition("shipping", "", List.of("how much is shipping", "do you ship")),
                  new Definition(
                      "postage",
                      "",
                      List.of(
                          "how much does delivery cost",
                          "do you deliver to me",
                          "is the delivery free",
                          "what is the cost of shipping",
                          "how long does delivery take")),
                  new Definition(
                      "delivery",
                      "",
                      List.of(
                          "how much is delivery",
                          "do you deliver",
                          "is delivery free",
                          "what does shipping cost",
                          "how long is delivery"))),
              List.of());

      List<String> findings =
          tagger.check(poor).stream().map(TaxonomyCheck.Finding::toString).toList();

      assertThat(findings)
          .contains(
              "error shipping: 2 examples, at least 5 are needed",
              "error shipping: a bundled tag has this name; choose another, such as my_shipping",
              "hint delivery: 5 examples; 10 are much better")
          .anyMatch(it -> it.startsWith("warning postage and delivery: overlap"));
    }
  }
}
