package io.parley.intents.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.intents.encoding.SentenceEncoder;
import io.parley.intents.evaluation.Clusters.Cluster;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClustersTest {

  private static final List<String> TEXTS =
      List.of(
          "do you do gift wrap",
          "is gift wrapping available",
          "can I gift wrap this",
          "is gift wrapping available",
          "do u accept paypal",
          "is paypal ok",
          "my dog ate it lol");

  @Test
  void whatMeansMuchTheSameStandsTogetherInWhateverOrderItCame() {
    try (SentenceEncoder encoder = SentenceEncoder.load()) {
      List<Cluster> clusters = Clusters.of(TEXTS, encoder::encode);

      assertThat(clusters).extracting(Cluster::count).containsExactly(4, 2, 1);
      assertThat(clusters.getFirst().texts())
          .containsExactlyInAnyOrder(
              "do you do gift wrap", "is gift wrapping available", "can I gift wrap this");
      List<String> reversed = new ArrayList<>(TEXTS);
      Collections.reverse(reversed);
      assertThat(Clusters.of(reversed, encoder::encode)).isEqualTo(clusters);
    }
  }

  @Test
  void noTextsAreNoClusters() {
    assertThat(Clusters.of(List.of(), text -> new float[] {1})).isEmpty();
  }
}
