package io.parley.intents.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class SentenceEncoderTest {

  private static final SentenceEncoder ENCODER = SentenceEncoder.load();

  @AfterAll
  static void close() {
    ENCODER.close();
  }

  @Test
  void whatMeansTheSameLiesCloserThanWhatDoesNot() {
    float[] shipping = ENCODER.encode("how long does shipping take");
    float[] delivery = ENCODER.encode("when will my parcel get here");
    float[] vegan = ENCODER.encode("is it vegan");

    assertThat(likeness(shipping, delivery)).isGreaterThan(likeness(shipping, vegan) + 0.05);
  }

  @Test
  void eachHalfHasLengthOne() {
    float[] vector = ENCODER.encode("any code?");

    assertThat(vector).hasSize(SentenceEncoder.SIZE);
    assertThat(likeness(vector, vector)).isCloseTo(1.0, within(1e-4));
  }

  @Test
  void textsOfAnyKindAndLengthHaveAVector() {
    for (String text : List.of("", " ", "🛑", "\u0000", "走".repeat(2_000), "a".repeat(5_000))) {
      assertThat(ENCODER.encode(text)).doesNotContain(Float.NaN);
    }
  }

  @Test
  void manyThreadsSeeTheSameVector() throws Exception {
    float[] alone = ENCODER.encode("where is my order");
    Callable<float[]> encoding = () -> ENCODER.encode("where is my order");
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (Future<float[]> together : threads.invokeAll(List.of(encoding, encoding, encoding))) {
        assertThat(together.get()).isEqualTo(alone);
      }
    }
  }

  private static double likeness(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum / 2;
  }
}
