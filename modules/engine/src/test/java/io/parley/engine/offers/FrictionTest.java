package io.parley.engine.offers;

import static io.parley.engine.offers.Offers.NOW;
import static io.parley.engine.offers.Offers.hours;
import static io.parley.engine.offers.Offers.tags;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.parley.engine.offers.Friction.Signal;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrictionTest {

  private static final FrictionRules RULES = FrictionRules.DEFAULT;

  @Test
  void aConversationBeginsWithoutFriction() {
    assertThat(Friction.NONE.score(NOW, RULES)).isZero();
    assertThat(Friction.NONE.count(NOW, RULES)).isZero();
  }

  @Test
  void aSignalIsHalvedByItsHalfLife() {
    Friction friction = Friction.NONE.heard(tags("shipping"), NOW, RULES);

    assertThat(friction.score(NOW, RULES)).isEqualTo(1);
    assertThat(friction.score(hours(72), RULES)).isCloseTo(0.5, within(1e-9));
    assertThat(friction.score(hours(144), RULES)).isCloseTo(0.25, within(1e-9));
  }

  @Test
  void aSignalOfWhichLittleIsLeftIsNotCounted() {
    Friction friction = Friction.NONE.heard(tags("shipping"), NOW, RULES);

    assertThat(friction.count(hours(144), RULES)).isEqualTo(1);
    assertThat(friction.count(hours(145), RULES)).isZero();
  }

  @Test
  void oneReplyIsOneSignalHoweverMuchItSays() {
    Friction friction = Friction.NONE.heard(tags("shipping", "discount", "no"), NOW, RULES);

    assertThat(friction.signals()).hasSize(3);
    assertThat(friction.count(NOW, RULES)).isEqualTo(1);
    assertThat(friction.score(NOW, RULES)).isEqualTo(1);
  }

  @Test
  void twoRepliesOfOneMomentAreTwoSignals() {
    Friction friction =
        Friction.NONE
            .heard(tags("shipping", "no"), NOW, RULES)
            .heard(tags("discount"), NOW, RULES)
            .heard(tags("complaint"), NOW, RULES);

    assertThat(friction.count(NOW, RULES)).isEqualTo(3);
    assertThat(friction.score(NOW, RULES)).isEqualTo(3);
  }

  @Test
  void silenceAtTheMomentOfAReplyIsASignalOfItsOwn() {
    Friction friction =
        Friction.NONE.heard(tags("shipping"), NOW, RULES).helped(NOW).silent(NOW, RULES);

    assertThat(friction.count(NOW, RULES)).isEqualTo(2);
  }

  @Test
  void aReplyThatMeansNothingIsNoFriction() {
    assertThat(Friction.NONE.heard(tags("yes"), NOW, RULES).signals()).isEmpty();
    assertThat(Friction.NONE.heard(List.of(), NOW, RULES).signals()).isEmpty();
  }

  @Test
  void theSameQuestionAgainIsFrictionOfItsOwn() {
    Friction friction =
        Friction.NONE
            .heard(tags("size_help"), NOW, RULES)
            .heard(tags("size_help"), hours(1), RULES);

    assertThat(friction.signals())
        .extracting(Signal::name)
        .containsExactly("size_help", "size_help", "repeated_question");
    assertThat(friction.count(hours(1), RULES)).isEqualTo(2);
  }

  @Test
  void decliningTwiceIsNoRepeatedQuestion() {
    Friction friction =
        Friction.NONE.heard(tags("no"), NOW, RULES).heard(tags("no"), hours(1), RULES);

    assertThat(friction.signals()).extracting(Signal::name).containsExactly("no", "no");
  }

  @ParameterizedTest
  @ValueSource(strings = {"buy", "thanks", "already_purchased"})
  void helpThatHelpedIsNoFriction(String tag) {
    Friction friction = Friction.NONE.helped(NOW).heard(tags(tag), hours(1), RULES);

    assertThat(friction).isEqualTo(Friction.NONE);
  }

  @Test
  void helpThatTheNextReplyPassesOverIsFriction() {
    Friction friction = Friction.NONE.helped(NOW).heard(tags("pause"), hours(1), RULES);

    assertThat(friction.signals())
        .extracting(Signal::name)
        .containsExactly("pause", "help_unconverted");
    assertThat(friction.isHelpUnconverted(hours(1), RULES)).isTrue();
    assertThat(friction.isHelpUnconverted(hours(24 * 7), RULES)).isFalse();
    assertThat(friction.helpedAt()).isEmpty();
  }

  @Test
  void silenceIsFrictionAfterHelpAndAtNoOtherTime() {
    assertThat(Friction.NONE.silent(NOW, RULES)).isEqualTo(Friction.NONE);

    Friction friction = Friction.NONE.helped(NOW).silent(hours(4), RULES);

    assertThat(friction.signals()).extracting(Signal::name).containsExactly("silence_after_help");
    assertThat(friction.silent(hours(8), RULES)).isEqualTo(friction);
  }

  @Test
  void aSignalThatThePolicyTurnsOffIsNeitherHeardNorWorthAnything() {
    FrictionRules without =
        new FrictionRules(
            Map.of("shipping", new FrictionRules.Rule(0, java.time.Duration.ofDays(1))), 0.25);
    Friction before = Friction.NONE.heard(tags("shipping"), NOW, RULES);

    assertThat(Friction.NONE.heard(tags("shipping"), NOW, without).signals()).isEmpty();
    assertThat(before.score(NOW, without)).isZero();
  }

  @Test
  void evidenceIsShort() {
    Signal signal = new Signal("no", 1, NOW, "x".repeat(59) + "😀😀");

    assertThat(signal.evidence()).isEqualTo("x".repeat(59));
  }

  @Property(tries = 100)
  void theLatestThirtySignalsAreKept(@ForAll @IntRange(max = 80) int replies) {
    Friction friction = Friction.NONE;
    for (int i = 0; i < replies; i++) {
      friction = friction.heard(tags("no"), hours(i), RULES);
    }

    assertThat(friction.signals()).hasSize(Math.min(30, replies));
    if (replies > 0) {
      assertThat(friction.signals().getLast().at()).isEqualTo(hours(replies - 1));
    }
  }

  @Property(tries = 100)
  void aScoreNeverGrowsByWaiting(
      @ForAll @IntRange(max = 500) int sooner, @ForAll @IntRange(max = 500) int more) {
    Friction friction =
        Friction.NONE
            .heard(tags("shipping"), NOW, RULES)
            .helped(hours(1))
            .heard(tags("no"), hours(2), RULES);

    assertThat(friction.score(hours(2 + sooner + more), RULES))
        .isLessThanOrEqualTo(friction.score(hours(2 + sooner), RULES));
  }
}
