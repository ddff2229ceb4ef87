package io.parley.intents.learning;

import io.parley.intents.encoding.SentenceEncoder;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// What a taxonomy's examples teach: a score for each of its tags, for any text. Immutable, and
/// safe to use from many threads.
public final class TagModel {

  /// Tells a stored model from any other file, and its form from older ones.
  private static final int MAGIC = 0x50_54_4D_32;

  private static final double GOOD_ENOUGH = 0.4;
  private static final double NOTICED = 0.2;

  /// Where there are more examples than this, vectors are shortened to so many directions.
  private static final int MANY = 2_000;

  private static final int DIRECTIONS = 192;

  private final Taxonomy taxonomy;
  private final Optional<Basis> basis;
  private final List<String> texts;
  private final KernelMachine machine;
  private final List<Calibration> calibrations;

  private TagModel(
      Taxonomy taxonomy,
      Optional<Basis> basis,
      KernelMachine machine,
      List<Calibration> calibrations) {
    this.taxonomy = taxonomy;
    this.basis = basis;
    this.texts = taxonomy.texts();
    this.machine = machine;
    this.calibrations = calibrations;
  }

  /// What a text scores for one tag.
  ///
  /// @param raw near one for what is like the tag's examples, near zero for all else
  /// @param score how often such a raw score is right, 0 to 1
  public record Scored(String tag, float raw, double score) {}

  /// An example that the others would have tagged otherwise.
  ///
  /// @param tag its own, the first of several, empty where it is out of scope
  /// @param seen what the others make of it, empty where they make nothing of it
  public record Mistaken(String text, Optional<String> tag, Optional<String> seen) {}

  /// A model and what its own examples say of it, each judged by all others.
  ///
  /// @param mistaken in the order of the examples
  /// @param right how many were seen as what they are
  public record Trained(TagModel model, List<Mistaken> mistaken, int right) {

    public Trained {
      mistaken = List.copyOf(mistaken);
    }
  }

  /// Takes a tenth of a second for two hundred examples beside the time to encode them, and some
  /// seconds for two thousand.
  public static Trained train(Taxonomy taxonomy, Function<String, float[]> encoder) {
    List<String> texts = taxonomy.texts();
    List<float[]> encoded = texts.stream().map(encoder).toList();
    Optional<Basis> basis =
        texts.size() > MANY ? Optional.of(Basis.of(encoded, DIRECTIONS)) : Optional.empty();
    List<float[]> vectors =
        encoded.stream()
            .map(it -> shortened(basis, it))
            .map(TagModel::coarsened)
            .map(TagModel::refined)
            .toList();
    Likeness likeness = new Likeness(Likeness.Shape.STANDARD, texts, vectors);
    List<Set<Integer>> labels = taxonomy.labels();
    int classes = taxonomy.tags().size();
    KernelMachine.Trained trained =
        KernelMachine.train(
            likeness,
            texts,
            vectors,
            labels,
            new KernelMachine.Plan(classes, KernelMachine.RIDGE, true));
    List<Calibration> calibrations = new ArrayList<>();
    for (int c = 0; c < classes; c++) {
      float[] scores = new float[labels.size()];
      boolean[] right = new boolean[labels.size()];
      for (int i = 0; i < scores.length; i++) {
        scores[i] = trained.unseen().get(i)[c];
        right[i] = labels.get(i).contains(c);
      }
      calibrations.add(Calibration.fitted(scores, right));
    }
    TagModel model = new TagModel(taxonomy, basis, trained.machine(), calibrations);
    return model.judged(trained.unseen());
  }

  private static float[] shortened(Optional<Basis> basis, float[] vector) {
    return basis.map(it -> it.shortened(vector)).orElse(vector);
  }

  private Trained judged(List<float[]> unseen) {
    List<Set<Integer>> labels = taxonomy.labels();
    List<Mistaken> mistaken = new ArrayList<>();
    int right = 0;
    for (int i = 0; i < labels.size(); i++) {
      Set<String> own = names(labels.get(i));
      Optional<String> seen = seen(scored(unseen.get(i)), own);
      if (seen.map(own::contains).orElse(own.isEmpty())) {
        right++;
      } else {
        mistaken.add(new Mistaken(texts.get(i), own.stream().findFirst(), seen));
      }
    }
    return new Trained(this, mistaken, right);
  }

  private Set<String> names(Set<Integer> some) {
    Set<String> names = new LinkedHashSet<>();
    some.forEach(label -> names.add(taxonomy.tags().get(label).name()));
    return names;
  }

  /// The best tag, where it is good enough; another tag than an example's own needs only be better.
  private static Optional<String> seen(List<Scored> scored, Set<String> own) {
    return scored.stream()
        .limit(1)
        .filter(
            it ->
                it.score() >= GOOD_ENOUGH
                    || (!own.isEmpty() && !own.contains(it.tag()) && it.raw() > NOTICED))
        .map(Scored::tag)
        .findFirst();
  }

  public Taxonomy taxonomy() {
    return taxonomy;
  }

  /// A taxonomy beside the tags of this model: what is out of scope here teaches it what it is not.
  /// Costs the encoding of its own examples only.
  public Trained teach(Taxonomy own, Function<String, float[]> encoder) {
    List<String> background = new ArrayList<>(own.outOfScope());
    taxonomy.outOfScope().stream().filter(it -> !own.texts().contains(it)).forEach(background::add);
    Map<String, float[]> known = new HashMap<>();
    int first = texts.size() - taxonomy.outOfScope().size();
    for (int i = first; i < texts.size(); i++) {
      float[] example = machine.example(i);
      known.put(texts.get(i), basis.map(it -> it.restored(example)).orElse(example));
    }
    return train(
        new Taxonomy(own.label(), own.tags(), background),
        text -> {
          float[] vector = known.get(text);
          return vector == null ? encoder.apply(text) : vector;
        });
  }

  /// What a model makes of a text.
  ///
  /// @param tags all of them, the best first
  /// @param like the example that the text is most like: why it is tagged as it is
  public record Verdict(List<Scored> tags, String like) {

    public Verdict {
      tags = List.copyOf(tags);
    }
  }

  public Verdict judge(String text, float[] vector) {
    float[] near = machine.near(text, shortened(basis, vector));
    return new Verdict(scored(machine.scores(near)), texts.get(machine.nearest(near, 1)[0]));
  }

  private List<Scored> scored(float[] raw) {
    List<Scored> scored = new ArrayList<>();
    for (int c = 0; c < raw.length; c++) {
      scored.add(new Scored(taxonomy.tags().get(c).name(), raw[c], calibrations.get(c).of(raw[c])));
    }
    scored.sort(Comparator.comparingDouble(Scored::score).reversed());
    return scored;
  }

  /// Stores what [#read] needs besides the taxonomy; about 300 bytes an example.
  public void write(OutputStream to, Function<String, float[]> encoder) throws IOException {
    DataOutputStream out = new DataOutputStream(to);
    out.writeInt(MAGIC);
    out.writeUTF(taxonomy.fingerprint());
    float[][] directions = basis.map(Basis::directions).orElse(new float[0][]);
    out.writeInt(directions.length);
    for (float[] direction : directions) {
      write(direction, out);
    }
    for (String text : texts) {
      Coarse coarse = coarsened(shortened(basis, encoder.apply(text)));
      out.writeFloat(coarse.scale);
      out.write(coarse.steps);
    }
    for (float[] row : machine.shares()) {
      write(row, out);
    }
    for (Calibration calibration : calibrations) {
      out.writeDouble(calibration.slope());
      out.writeDouble(calibration.offset());
    }
    out.flush();
  }

  private static void write(float[] values, DataOutputStream out) throws IOException {
    for (float value : values) {
      out.writeFloat(value);
    }
  }

  private static float[] floats(int count, DataInputStream in) throws IOException {
    byte[] bytes = new byte[count * Float.BYTES];
    in.readFully(bytes);
    float[] values = new float[count];
    ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
    return values;
  }

  /// What [#write] stored; nothing where it was another taxonomy's.
  public static Optional<TagModel> read(InputStream from, Taxonomy taxonomy) throws IOException {
    DataInputStream in = new DataInputStream(from);
    if (in.readInt() != MAGIC || !in.readUTF().equals(taxonomy.fingerprint())) {
      return Optional.empty();
    }
    List<String> texts = taxonomy.texts();
    int classes = taxonomy.tags().size();
    float[][] directions = new float[in.readInt()][];
    for (int k = 0; k < directions.length; k++) {
      directions[k] = floats(SentenceEncoder.SIZE, in);
    }
    Optional<Basis> basis =
        directions.length == 0 ? Optional.empty() : Optional.of(new Basis(directions));
    int length = directions.length == 0 ? SentenceEncoder.SIZE : directions.length;
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      float scale = in.readFloat();
      byte[] steps = new byte[length];
      in.readFully(steps);
      vectors.add(refined(new Coarse(scale, steps)));
    }
    float[][] shares = new float[texts.size()][];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = floats(classes, in);
    }
    List<Calibration> calibrations = new ArrayList<>();
    for (int c = 0; c < classes; c++) {
      calibrations.add(new Calibration(in.readDouble(), in.readDouble()));
    }
    Likeness likeness = new Likeness(Likeness.Shape.STANDARD, texts, vectors);
    return Optional.of(
        new TagModel(taxonomy, basis, new KernelMachine(likeness, shares, classes), calibrations));
  }

  /// Vectors are kept in steps of a 127th of their largest number, which moves no likeness by more
  /// than a thousandth.
  private static Coarse coarsened(float[] vector) {
    float largest = 1e-9f;
    for (float value : vector) {
      largest = Math.max(largest, Math.abs(value));
    }
    byte[] steps = new byte[vector.length];
    for (int i = 0; i < vector.length; i++) {
      steps[i] = (byte) Math.round(vector[i] / largest * 127);
    }
    return new Coarse(largest / 127, steps);
  }

  private static float[] refined(Coarse coarse) {
    float[] vector = new float[coarse.steps.length];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = coarse.steps[i] * coarse.scale;
    }
    return vector;
  }

  private static final class Coarse {

    private final float scale;
    private final byte[] steps;

    Coarse(float scale, byte[] steps) {
      this.scale = scale;
      this.steps = steps;
    }
  }
}
