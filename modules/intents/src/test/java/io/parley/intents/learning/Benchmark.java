package io.parley.intents.learning;

import io.parley.engine.Json;
import io.parley.intents.Exams;
import io.parley.intents.LiveTagger;
import io.parley.intents.Reply;
import io.parley.intents.ReplyTagger;
import io.parley.intents.encoding.SentenceEncoder;
import io.parley.intents.evaluation.Evaluation;
import io.parley.intents.evaluation.LabelledLine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// How well and how fast replies are understood: `mvn -Pbench -pl modules/intents -am`. Prints each
/// goal with what was measured, and writes target/bench.json.
///
/// The public sets are read from `../shared/data/intents` beside the project and are passed over
/// where they are not there. Encoding them takes minutes the first time and is kept in
/// target/bench-vectors. The machine's shape for the public sets was chosen by leaving out examples
/// of their training halves; their test halves are only measured.
final class Benchmark {

  /// Steeper than for the bundled tags, since there are many more examples.
  private static final Likeness.Shape MANY = new Likeness.Shape(8, 0.2f);

  private static final float MANY_RIDGE = 0.3f;
  private static final float FEW_RIDGE = 0.1f;

  /// Share of the in-scope validation texts that the threshold on CLINC150 turns away.
  private static final double TURNED_AWAY = 0.01;

  private static final int WARM_UP = 600;

  private final Path data;
  private final Path vectors;
  private final SentenceEncoder encoder;
  private final Map<String, Object> figures = new LinkedHashMap<>();

  private Benchmark(Path root, SentenceEncoder encoder) {
    this.data = root.resolve("../shared/data/intents");
    this.vectors = root.resolve("modules/intents/target/bench-vectors");
    this.encoder = encoder;
  }

  public static void main(String[] arguments) throws IOException {
    Path root = Path.of(arguments[0]);
    long started = ManagementFactory.getRuntimeMXBean().getStartTime();
    long before = residentKilobytes();
    LiveTagger tagger = new LiveTagger();
    tagger.load();
    tagger.tag(Reply.of("how long is shipping"));
    long serving = System.currentTimeMillis() - started;
    long after = residentKilobytes();
    try (SentenceEncoder encoder = SentenceEncoder.load()) {
      Benchmark benchmark = new Benchmark(root, encoder);
      benchmark.goal("JVM start until the model serves, s", serving / 1000.0, "4");
      benchmark.goal("memory over the JVM without it, MB", (after - before) / 1024.0, "300");
      benchmark.exams(ReplyTagger.retail(encoder));
      benchmark.speed(tagger);
      benchmark.banking();
      benchmark.clinc();
      Path target = root.resolve("modules/intents/target/bench.json");
      Files.writeString(target, Json.print(benchmark.figures) + "\n");
      System.out.println("written to " + target);
    }
    tagger.close();
  }

  private void goal(String name, double value, String goal) {
    System.out.printf(Locale.ROOT, "%-62s %8.3f   goal %s%n", name, value, goal);
    figures.put(name, value);
  }

  private void exams(ReplyTagger tagger) {
    Evaluation.OptOut optOut = Evaluation.of(tagger, Exams.optOut()).optOut();
    goal("opt-out: recall by suppressing or asking, %", 100 * optOut.recall(), "98, 99.5");
    goal("opt-out: false suppressions, %", 100 * optOut.falseShare(), "4, 2");
    goal("opt-out: obeyed at once, %", 100.0 * optOut.suppressed() / optOut.there(), "-");
    goal("opt-out: others asked, %", 100.0 * optOut.falseQuestions() / optOut.others(), "-");
    Evaluation retail = Evaluation.of(tagger, Exams.retail());
    goal("retail: accuracy, %", 100 * retail.accuracy(), "90, 93");
    goal("retail: exactly the tag, %", 100 * retail.exactMatch(), "-");
    goal("retail: out-of-scope AUROC", retail.outOfScopeAuroc(), ".92, .95");
    goal("retail: calibration error", retail.calibrationError(), "-");
    Evaluation several = Evaluation.of(tagger, Exams.severalTags());
    goal("retail: several tags, F1", several.microF1(), ".85, .88");
    Evaluation languages = Evaluation.of(tagger, Exams.languages());
    goal("retail: es, fr, de, pt accuracy, %", 100 * languages.accuracy(), "75, 85");
  }

  /// The processor's time of this thread, so that a busy machine does not blur it.
  private void speed(LiveTagger tagger) {
    List<LabelledLine> lines = Exams.retail();
    percentiles("one reply, all tiers, CPU ms", lines, tagger, "6 / 12, 5 / 9");
    try (LiveTagger rules = new LiveTagger()) {
      percentiles("one reply, rules alone, CPU ms", lines, rules, "0.1");
    }
  }

  private void percentiles(String name, List<LabelledLine> lines, LiveTagger tagger, String goal) {
    var threads = ManagementFactory.getThreadMXBean();
    int rounds = 3;
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < WARM_UP * 3; i++) {
      tagger.tag(Reply.of(lines.get(i % lines.size()).text()));
    }
    for (int round = 0; round < rounds; round++) {
      for (LabelledLine line : lines) {
        long from = threads.getCurrentThreadCpuTime();
        tagger.tag(Reply.of(line.text()));
        times.add((threads.getCurrentThreadCpuTime() - from) / 1e6);
      }
    }
    times.sort(null);
    goal(name + ", p50", times.get(times.size() / 2), goal);
    goal(name + ", p99", times.get(times.size() * 99 / 100), goal);
  }

  private void banking() throws IOException {
    if (!Files.exists(data)) {
      System.out.println("BANKING77 and CLINC150 are passed over: not at " + data);
      return;
    }
    Split train = csv("banking77/train.csv");
    Split test = csv("banking77/test.csv");
    Split few = train.first(10);
    goal("BANKING77, 10 examples a class, %", accuracy(few, test, FEW_RIDGE), "87.5, 89.8");
    goal("BANKING77, full, %", accuracy(train, test, MANY_RIDGE), "94.5, 94.9");
  }

  private double accuracy(Split train, Split test, float ridge) throws IOException {
    List<String> names = List.copyOf(new TreeSet<>(train.labels()));
    Graded graded = graded(machine(train, names, ridge), test, names);
    return 100.0 * graded.right() / test.texts().size();
  }

  private void clinc() throws IOException {
    if (!Files.exists(data)) {
      return;
    }
    Split train = clinc("train");
    List<String> names = List.copyOf(new TreeSet<>(train.labels()));
    KernelMachine machine = machine(train, names, MANY_RIDGE);
    Graded validation = graded(machine, clinc("val"), names);
    Graded test = graded(machine, clinc("test"), names);
    Graded out = graded(machine, clinc("oos_test"), names);
    double[] sorted = validation.best().clone();
    Arrays.sort(sorted);
    double threshold = sorted[(int) (sorted.length * TURNED_AWAY)];
    int kept = 0;
    for (int i = 0; i < test.best().length; i++) {
      kept += test.rights()[i] && test.best()[i] >= threshold ? 1 : 0;
    }
    long turnedAway = Arrays.stream(out.best()).filter(it -> it < threshold).count();
    goal("CLINC150, in scope, %", 100.0 * test.right() / test.best().length, "96.5, 97.1");
    goal("CLINC150 with rejection, in scope, %", 100.0 * kept / test.best().length, "96, 96");
    goal(
        "CLINC150 with rejection, out-of-scope recall, %",
        100.0 * turnedAway / out.best().length, "67, 75");
    goal("CLINC150, out-of-scope AUROC", auroc(test.best(), out.best()), ".98, .985");
  }

  private static double auroc(double[] in, double[] out) {
    double wins = 0;
    for (double one : in) {
      for (double other : out) {
        wins += one > other ? 1 : one == other ? 0.5 : 0;
      }
    }
    return wins / in.length / out.length;
  }

  private KernelMachine machine(Split train, List<String> names, float ridge) throws IOException {
    List<float[]> encoded = encoded(train.texts());
    Likeness likeness = new Likeness(MANY, train.texts(), encoded);
    List<Set<Integer>> labels =
        train.labels().stream().map(it -> Set.of(names.indexOf(it))).toList();
    return KernelMachine.train(
            likeness,
            train.texts(),
            encoded,
            labels,
            new KernelMachine.Plan(names.size(), ridge, false))
        .machine();
  }

  private Graded graded(KernelMachine machine, Split split, List<String> names) throws IOException {
    List<float[]> encoded = encoded(split.texts());
    double[] best = new double[split.texts().size()];
    boolean[] rights = new boolean[best.length];
    int right = 0;
    for (int i = 0; i < best.length; i++) {
      float[] scores = machine.scores(machine.near(split.texts().get(i), encoded.get(i)));
      int top = 0;
      for (int c = 1; c < scores.length; c++) {
        top = scores[c] > scores[top] ? c : top;
      }
      best[i] = scores[top];
      rights[i] = names.get(top).equals(split.labels().get(i));
      right += rights[i] ? 1 : 0;
    }
    return new Graded(best, rights, right);
  }

  private static final class Graded {

    private final double[] best;
    private final boolean[] rights;
    private final int right;

    Graded(double[] best, boolean[] rights, int right) {
      this.best = best;
      this.rights = rights;
      this.right = right;
    }

    double[] best() {
      return best;
    }

    boolean[] rights() {
      return rights;
    }

    int right() {
      return right;
    }
  }

  private record Split(List<String> texts, List<String> labels) {

    Split first(int each) {
      Map<String, Integer> taken = new LinkedHashMap<>();
      List<String> someTexts = new ArrayList<>();
      List<String> someLabels = new ArrayList<>();
      for (int i = 0; i < texts.size(); i++) {
        if (taken.merge(labels.get(i), 1, Integer::sum) <= each) {
          someTexts.add(texts.get(i));
          someLabels.add(labels.get(i));
        }
      }
      return new Split(someTexts, someLabels);
    }
  }

  private Split csv(String file) throws IOException {
    List<String> texts = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    for (List<String> row : rows(Files.readString(data.resolve(file)))) {
      texts.add(row.getFirst().replace('\n', ' ').replace('\r', ' '));
      labels.add(row.getLast());
    }
    texts.removeFirst();
    labels.removeFirst();
    return new Split(texts, labels);
  }

  /// Comma-separated values of RFC 4180.
  private static List<List<String>> rows(String csv) {
    List<List<String>> rows = new ArrayList<>();
    List<String> row = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < csv.length(); i++) {
      char c = csv.charAt(i);
      if (c == '"') {
        if (quoted && i + 1 < csv.length() && csv.charAt(i + 1) == '"') {
          cell.append(c);
          i++;
        } else {
          quoted = !quoted;
        }
      } else if (!quoted && (c == ',' || c == '\n')) {
        row.add(cell.toString());
        cell.setLength(0);
        if (c == '\n') {
          rows.add(row);
          row = new ArrayList<>();
        }
      } else if (quoted || c != '\r') {
        cell.append(c);
      }
    }
    return rows;
  }

  /// The file is an object of lists of pairs of text and label, and larger than JSON in a flow may
  /// be, so its strings are read one after the other.
  private Split clinc(String part) throws IOException {
    String json = Files.readString(data.resolve("clinc150/data_full.json"));
    int at = json.indexOf("\"" + part + "\":");
    int end = json.indexOf("]\n    ]", at);
    List<String> texts = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    var strings =
        java.util.regex.Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"")
            .matcher(json)
            .region(json.indexOf('[', at), end);
    while (strings.find()) {
      texts.add(String.valueOf(Json.parse(strings.group()).orElseThrow()));
      strings.find();
      labels.add(String.valueOf(Json.parse(strings.group()).orElseThrow()));
    }
    return new Split(texts, labels);
  }

  private List<float[]> encoded(List<String> texts) throws IOException {
    Files.createDirectories(vectors);
    Path file = vectors.resolve(Integer.toHexString(texts.hashCode()) + "-" + texts.size());
    if (Files.exists(file)) {
      ByteBuffer kept = ByteBuffer.wrap(Files.readAllBytes(file));
      List<float[]> vectorsOfTexts = new ArrayList<>();
      for (int i = 0; i < texts.size(); i++) {
        float[] vector = new float[SentenceEncoder.SIZE];
        kept.asFloatBuffer().get(i * vector.length, vector);
        vectorsOfTexts.add(vector);
      }
      return vectorsOfTexts;
    }
    List<float[]> fresh = texts.stream().map(encoder::encode).toList();
    ByteBuffer bytes = ByteBuffer.allocate(texts.size() * SentenceEncoder.SIZE * Float.BYTES);
    fresh.forEach(
        vector -> {
          for (float value : vector) {
            bytes.putFloat(value);
          }
        });
    Files.write(file, bytes.array());
    return fresh;
  }

  /// What the process holds in memory, by Linux; zero elsewhere.
  private static long residentKilobytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status, StandardCharsets.UTF_8).stream()
        .filter(it -> it.startsWith("VmRSS:"))
        .mapToLong(it -> Long.parseLong(it.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }
}
