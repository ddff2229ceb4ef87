package io.parley.intents.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BasisTest {

  /// Vectors of twelve numbers that lie in three directions.
  private static List<float[]> vectors() {
    List<float[]> vectors = new ArrayList<>();
    for (int n = 1; n <= 30; n++) {
      float[] vector = new float[12];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = (float) (n % 7 * Math.sin(i) + n % 5 * Math.cos(2 * i) + n % 3);
      }
      vectors.add(vector);
    }
    return vectors;
  }

  @Test
  void asManyDirectionsAsThereAreLoseNothing() {
    Basis basis = Basis.of(vectors(), 3);

    for (float[] vector : vectors()) {
      assertThat(basis.shortened(vector)).hasSize(3);
      assertThat(basis.restored(basis.shortened(vector))).containsExactly(vector, within(1e-3f));
    }
  }

  @Test
  void directionsAreOfLengthOneAtRightAngles() {
    float[][] directions = Basis.of(vectors(), 3).directions();

    for (int one = 0; one < directions.length; one++) {
      for (int other = 0; other < directions.length; other++) {
        double dot = 0;
        for (int i = 0; i < directions[one].length; i++) {
          dot += directions[one][i] * directions[other][i];
        }
        assertThat(dot).isCloseTo(one == other ? 1 : 0, within(1e-4));
      }
    }
  }
}
