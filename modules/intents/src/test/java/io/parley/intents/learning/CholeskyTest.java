package io.parley.intents.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CholeskyTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 64, 65, 200})
  void whatIsSolvedSatisfiesTheEquations(int size) {
    float[][] sides = new float[size][2];
    for (int i = 0; i < size; i++) {
      sides[i][0] = i % 7 - 3;
      sides[i][1] = i % 2;
    }
    float[][] solution = new float[size][];
    for (int i = 0; i < size; i++) {
      solution[i] = sides[i].clone();
    }

    Cholesky.of(lower(size)).solve(solution);

    for (int i = 0; i < size; i++) {
      for (int c = 0; c < 2; c++) {
        double sum = 0;
        for (int j = 0; j < size; j++) {
          sum += entry(i, j) * solution[j][c];
        }
        assertThat(sum).isCloseTo(sides[i][c], within(1e-3));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 70})
  void theDiagonalOfTheInverseIsThatOfTheSolvedUnitSides(int size) {
    Cholesky root = Cholesky.of(lower(size));
    float[][] unit = new float[size][size];
    for (int i = 0; i < size; i++) {
      unit[i][i] = 1;
    }
    root.solve(unit);

    float[] diagonal = root.inverseDiagonal();

    for (int i = 0; i < size; i++) {
      assertThat(diagonal[i]).isCloseTo(unit[i][i], within(1e-3f));
    }
  }

  private static float[][] lower(int size) {
    float[][] rows = new float[size][];
    for (int i = 0; i < size; i++) {
      rows[i] = new float[i + 1];
      for (int j = 0; j <= i; j++) {
        rows[i][j] = entry(i, j);
      }
    }
    return rows;
  }

  private static float entry(int i, int j) {
    return (float) Math.exp(-Math.abs(i - j) / 3.0) + (i == j ? 0.3f : 0);
  }
}
