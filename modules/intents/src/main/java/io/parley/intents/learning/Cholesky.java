package io.parley.intents.learning;

import java.util.stream.IntStream;

/// The triangular root of a symmetric positive definite matrix, and what is solved with it. Works
/// in place on the lower half, in blocks that stay in the cache and loops that run along rows.
final class Cholesky {

  private static final int BLOCK = 64;

  /// Columns of the inverse that are made at a time: few enough for the caches.
  private static final int COLUMNS = 96;

  private final float[][] rows;

  private Cholesky(float[][] rows) {
    this.rows = rows;
  }

  /// @param rows the lower half: row i has i + 1 entries or more; becomes the root
  static Cholesky of(float[][] rows) {
    int size = rows.length;
    for (int from = 0; from < size; from += BLOCK) {
      int to = Math.min(from + BLOCK, size);
      corner(rows, from, to);
      float[][] panel = new float[to - from][size - to];
      for (int i = to; i < size; i++) {
        float[] row = rows[i];
        for (int j = from; j < to; j++) {
          float sum = row[j];
          for (int k = from; k < j; k++) {
            sum -= row[k] * rows[j][k];
          }
          row[j] = sum / rows[j][j];
          panel[j - from][i - to] = row[j];
        }
      }
      int first = from;
      IntStream.range(to, size).parallel().forEach(i -> subtract(rows[i], panel, first, to));
    }
    return new Cholesky(rows);
  }

  private static void corner(float[][] rows, int from, int to) {
    for (int j = from; j < to; j++) {
      for (int i = j; i < to; i++) {
        double sum = rows[i][j];
        for (int k = from; k < j; k++) {
          sum -= (double) rows[i][k] * rows[j][k];
        }
        rows[i][j] = i == j ? (float) Math.sqrt(Math.max(sum, 1e-9)) : (float) (sum / rows[j][j]);
      }
    }
  }

  private static void subtract(float[] row, float[][] panel, int from, int to) {
    int count = row.length - to;
    int k = from;
    float[] right = new float[count];
    for (; k + 3 < to; k += 4) {
      float a = row[k];
      float b = row[k + 1];
      float c = row[k + 2];
      float d = row[k + 3];
      float[] pa = panel[k - from];
      float[] pb = panel[k + 1 - from];
      float[] pc = panel[k + 2 - from];
      float[] pd = panel[k + 3 - from];
      for (int j = 0; j < count; j++) {
        right[j] += a * pa[j] + b * pb[j] + c * pc[j] + d * pd[j];
      }
    }
    for (; k < to; k++) {
      float a = row[k];
      float[] pa = panel[k - from];
      for (int j = 0; j < count; j++) {
        right[j] += a * pa[j];
      }
    }
    for (int j = 0; j < count; j++) {
      row[to + j] -= right[j];
    }
  }

  /// Solves for many right sides at once, in place.
  ///
  /// @param sides a row for each row of the matrix, a column for each right side
  void solve(float[][] sides) {
    int size = rows.length;
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < i; j++) {
        subtract(sides[i], sides[j], rows[i][j]);
      }
      scale(sides[i], 1 / rows[i][i]);
    }
    for (int i = size - 1; i >= 0; i--) {
      scale(sides[i], 1 / rows[i][i]);
      for (int j = 0; j < i; j++) {
        subtract(sides[j], sides[i], rows[i][j]);
      }
    }
  }

  /// The diagonal of the inverse. The inverse of the root is made a few columns at a time, since it
  /// is as large as the root and only the sums of its squares are wanted.
  float[] inverseDiagonal() {
    float[] diagonal = new float[rows.length];
    IntStream.range(0, (rows.length + COLUMNS - 1) / COLUMNS)
        .parallel()
        .forEach(it -> inverseSquares(it * COLUMNS, diagonal));
    return diagonal;
  }

  private void inverseSquares(int from, float[] diagonal) {
    int width = Math.min(COLUMNS, rows.length - from);
    double[] squares = new double[width];
    float[][] inverse = new float[rows.length - from][];
    for (int i = from; i < rows.length; i++) {
      float[] row = new float[width];
      for (int j = from; j < i; j++) {
        subtract(row, inverse[j - from], rows[i][j]);
      }
      if (i < from + width) {
        row[i - from] += 1;
      }
      scale(row, 1 / rows[i][i]);
      for (int k = 0; k < width; k++) {
        squares[k] += (double) row[k] * row[k];
      }
      inverse[i - from] = row;
    }
    for (int k = 0; k < width; k++) {
      diagonal[from + k] = (float) squares[k];
    }
  }

  private static void subtract(float[] from, float[] row, float factor) {
    for (int k = 0; k < from.length; k++) {
      from[k] -= factor * row[k];
    }
  }

  private static void scale(float[] row, float factor) {
    for (int k = 0; k < row.length; k++) {
      row[k] *= factor;
    }
  }
}
