package io.parley.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.parley.engine.ConversationId;
import io.parley.engine.EffectId;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class UlidTest {

  private static final long MAX_MILLIS = (1L << 48) - 1;
  private static final EffectId EFFECT =
      new EffectId(ConversationId.parse("00000000-0000-8000-8000-000000000001"), 3, 0);

  @Test
  void theSameOutcomeHasTheSameIdForEver() {
    Instant at = Instant.parse("2026-03-01T10:15:00.123Z");

    assertThat(Ulid.of(at, EFFECT).value()).isEqualTo("01KJME9T8V1Q2Z31617QG4G1CN");
  }

  @Test
  void theTimeIsTheOneOfTheSpecificationsExample() {
    assertThat(Ulid.of(Instant.ofEpochMilli(1_469_918_176_385L), EFFECT).value())
        .startsWith("01ARYZ6S41");
  }

  @Test
  void timesBeyondTheRangeCountAsItsEnds() {
    assertThat(Ulid.of(Instant.ofEpochSecond(-5), EFFECT).value()).startsWith("0000000000");
    assertThat(Ulid.of(Instant.ofEpochMilli(MAX_MILLIS + 1), EFFECT).value())
        .startsWith("7ZZZZZZZZZ");
  }

  @Property
  void laterOutcomesHaveGreaterIds(
      @ForAll @LongRange(max = MAX_MILLIS - 1) long millis, @ForAll int turn) {
    EffectId other = new EffectId(EFFECT.conversation(), turn, 1);

    String earlier = Ulid.of(Instant.ofEpochMilli(millis), EFFECT).value();
    String later = Ulid.of(Instant.ofEpochMilli(millis + 1), other).value();

    assertThat(earlier).isLessThan(later).hasSize(26);
  }

  @Property
  void effectsOfOneMomentHaveIdsOfTheirOwn(@ForAll int turn, @ForAll int index) {
    EffectId one = new EffectId(EFFECT.conversation(), turn, index);
    EffectId next = new EffectId(EFFECT.conversation(), turn, index + 1);

    assertThat(Ulid.of(Instant.EPOCH, one)).isNotEqualTo(Ulid.of(Instant.EPOCH, next));
  }

  @Test
  void lettersThatLookLikeDigitsAreNoUlid() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Ulid("01HB4HBDKTFWYZCK01DMRSWRFI"));
  }
}
