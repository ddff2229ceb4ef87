package io.parley.engine.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.desk.Sharing.Hand;
import io.parley.engine.desk.Sharing.Offered;
import io.parley.engine.desk.Sharing.Waiting;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SharingTest {

  @Test
  void whoHasTheLeastOnTheirHandsIsAskedFirst() {
    assertThat(share(List.of(waiting("a")), hand("ann", 5, 2), hand("ben", 5, 1)))
        .containsExactly(new Offered<>("a", "ben", false));
  }

  @Test
  void nobodyIsAskedForMoreThanFits() {
    assertThat(share(List.of(waiting("a"), waiting("b"), waiting("c")), hand("ann", 3, 2)))
        .containsExactly(new Offered<>("a", "ann", false));
  }

  @Test
  void whatIsTooHeavyForThemGoesToEmptyHandsAlone() {
    Waiting<String> heavy = new Waiting<>("heavy", "care", Set.of(), 9, Set.of());

    assertThat(share(List.of(heavy), hand("ann", 5, 1))).isEmpty();
    assertThat(share(List.of(heavy), hand("ann", 5, 0))).hasSize(1);
    assertThat(share(List.of(heavy), hand("ann", 0, 0))).isEmpty();
  }

  @Test
  void whatNobodyCanAnswerHoldsNothingElseUp() {
    Waiting<String> french = new Waiting<>("f", "care", Set.of("french"), 1, Set.of());

    assertThat(share(List.of(french, waiting("a")), hand("ann", 5, 0)))
        .containsExactly(new Offered<>("a", "ann", false));
  }

  @Test
  void whoHasLetItPassIsAskedAgainOnceAllOthersHaveToo() {
    Waiting<String> passed = new Waiting<>("a", "care", Set.of(), 1, Set.of("ann"));

    assertThat(share(List.of(passed), hand("ann", 5, 0), hand("ben", 1, 1))).isEmpty();
    assertThat(share(List.of(passed), hand("ann", 5, 0), hand("ben", 5, 4)))
        .containsExactly(new Offered<>("a", "ben", false));
    assertThat(share(List.of(passed), hand("ann", 5, 0)))
        .containsExactly(new Offered<>("a", "ann", true));
  }

  @Test
  void theLastOneForATopicIsNotSetAway() {
    Hand ann = new Hand("ann", 5, 0, Set.of(), Set.of("care"), Optional.empty());
    Hand ben = new Hand("ben", 5, 0, Set.of(), Set.of("billing"), Optional.empty());
    Hand cem = new Hand("cem", 5, 0, Set.of(), Set.of(), Optional.empty());
    List<String> topics = List.of("care", "billing");

    assertThat(Sharing.isLast("ann", List.of(ann, ben), topics)).isTrue();
    assertThat(Sharing.isLast("ann", List.of(ann, ben, cem), topics)).isFalse();
    assertThat(Sharing.isLast("cem", List.of(ann, cem), topics)).isTrue();
  }

  private static List<Offered<String>> share(List<Waiting<String>> waiting, Hand... hands) {
    return Sharing.share(waiting, List.of(hands));
  }

  private static Waiting<String> waiting(String id) {
    return new Waiting<>(id, "care", Set.of(), 1, Set.of());
  }

  private static Hand hand(String agent, int capacity, int load) {
    return new Hand(agent, capacity, load, Set.of(), Set.of(), Optional.empty());
  }
}
