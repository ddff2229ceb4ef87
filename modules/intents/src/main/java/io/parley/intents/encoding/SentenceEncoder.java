package io.parley.intents.encoding;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/// bge-small-en-v1.5, quantised to eight bits: a text becomes {@value #SIZE} numbers. The first
/// half is the vector of the opening mark, which the model was trained to make its sentence's, the
/// second the mean of all words' vectors; each half has length one. The mean costs nothing more and
/// is worth half a point of accuracy.
///
/// Safe to use from many threads; each call computes on the thread that makes it, and takes about
/// five milliseconds for a short reply. Each text has a run of its own, so that it has the same
/// vector in any company: texts in one run would share the scale of the eight-bit steps, which is
/// taken from all that is in it. A text then moved with its neighbours (to a cosine of .994 with
/// itself alone), to save a tenth of the time. English only: text in another language has a vector,
/// but not one that means much.
public final class SentenceEncoder implements AutoCloseable {

  /// Numbers in each half.
  public static final int HALF = 384;

  public static final int SIZE = 2 * HALF;

  /// Word pieces that are read; replies of people are shorter, and the model knows 512.
  private static final int MOST_PIECES = 128;

  private static final String MODEL = "/bge-small-en-v1.5-q.onnx";
  private static final String TOKENISER = "/bge-small-en-v1.5-q-tokenizer.json";

  private final WordPiece tokeniser;
  private final OrtEnvironment environment;
  private final OrtSession session;

  private SentenceEncoder(WordPiece tokeniser, OrtEnvironment environment, OrtSession session) {
    this.tokeniser = tokeniser;
    this.environment = environment;
    this.session = session;
  }

  /// Loads the model from the class path; takes a second or two.
  ///
  /// @throws IllegalStateException where the model or the native library of this platform is not in
  ///     the jar
  public static SentenceEncoder load() {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setCPUArenaAllocator(false);
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      WordPiece tokeniser = WordPiece.of(new String(bytes(TOKENISER), StandardCharsets.UTF_8));
      return new SentenceEncoder(
          tokeniser, environment, environment.createSession(bytes(MODEL), options));
    } catch (OrtException | IOException e) {
      throw new IllegalStateException("the sentence model cannot be loaded", e);
    }
  }

  private static byte[] bytes(String resource) throws IOException {
    try (InputStream in = SentenceEncoder.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("not on the class path: " + resource);
      }
      return in.readAllBytes();
    }
  }

  /// The vector of a text, of length {@value #SIZE}.
  public float[] encode(String text) {
    long[] ids = tokeniser.ids(text, MOST_PIECES);
    long[] ones = new long[ids.length];
    Arrays.fill(ones, 1);
    long[] shape = {1, ids.length};
    try (OnnxTensor pieces = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
        OnnxTensor mask = OnnxTensor.createTensor(environment, LongBuffer.wrap(ones), shape);
        OnnxTensor types =
            OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[ids.length]), shape);
        OrtSession.Result result =
            session.run(
                Map.of("input_ids", pieces, "attention_mask", mask, "token_type_ids", types))) {
      return pooled(result.get(0), ids.length);
    } catch (OrtException e) {
      throw new IllegalStateException("the sentence model failed", e);
    }
  }

  private static float[] pooled(OnnxValue hidden, int pieces) {
    FloatBuffer states = ((OnnxTensor) hidden).getFloatBuffer();
    float[] vector = new float[SIZE];
    for (int i = 0; i < HALF; i++) {
      vector[i] = states.get(i);
      float sum = 0;
      for (int piece = 0; piece < pieces; piece++) {
        sum += states.get(piece * HALF + i);
      }
      vector[HALF + i] = sum / pieces;
    }
    scale(vector, 0);
    scale(vector, HALF);
    return vector;
  }

  private static void scale(float[] vector, int from) {
    double square = 0;
    for (int i = from; i < from + HALF; i++) {
      square += vector[i] * vector[i];
    }
    float factor = square == 0 ? 0 : (float) (1 / Math.sqrt(square));
    for (int i = from; i < from + HALF; i++) {
      vector[i] *= factor;
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("the sentence model cannot be closed", e);
    }
  }
}
