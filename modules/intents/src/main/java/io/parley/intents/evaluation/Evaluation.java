package io.parley.intents.evaluation;

import io.parley.engine.Json;
import io.parley.engine.Tag;
import io.parley.intents.Reply;
import io.parley.intents.ReplyTagger;
import io.parley.intents.Tags;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a tagger makes of labelled replies, and how often it is right. A question about an opt-out
/// counts as asked, never as a tag.
public final class Evaluation {

  private static final int BINS = 10;
  private static final int WORST = 20;

  /// What became of one line.
  ///
  /// @param seen its tags without the question about an opt-out, the surest first
  /// @param score the surest one's, 0 without any
  /// @param inScope how much the reply is like any example
  record Outcome(
      LabelledLine line, List<String> seen, boolean asked, double score, double inScope) {

    /// The surest tag is one of those given, or there is none where none was given.
    boolean right() {
      return seen.isEmpty() ? line.tags().isEmpty() : line.tags().contains(seen.getFirst());
    }

    boolean exact() {
      return line.tags().equals(Set.copyOf(seen));
    }
  }

  /// @param found of those that have the tag, how many got it
  /// @param given how many got it
  /// @param there how many have it
  public record Count(int found, int given, int there) {

    public double precision() {
      return given == 0 ? 0 : (double) found / given;
    }

    public double recall() {
      return there == 0 ? 0 : (double) found / there;
    }

    public double f1() {
      return given + there == 0 ? 0 : 2.0 * found / (given + there);
    }
  }

  /// @param suppressed opt-outs that were obeyed at once
  /// @param asked opt-outs that were asked about
  /// @param there opt-outs
  /// @param falseSuppressions others that were taken for one
  /// @param falseQuestions others that were asked about
  /// @param others replies that are none
  public record OptOut(
      int suppressed, int asked, int there, int falseSuppressions, int falseQuestions, int others) {

    /// Opt-outs that were obeyed or asked about, of all.
    public double recall() {
      return there == 0 ? 1 : (double) (suppressed + asked) / there;
    }

    /// Opt-outs among what was obeyed.
    public double precision() {
      return suppressed + falseSuppressions == 0
          ? 1
          : (double) suppressed / (suppressed + falseSuppressions);
    }

    /// Others that were silenced, of all others.
    public double falseShare() {
      return others == 0 ? 0 : (double) falseSuppressions / others;
    }
  }

  private final List<Outcome> outcomes;

  private Evaluation(List<Outcome> outcomes) {
    this.outcomes = List.copyOf(outcomes);
  }

  public static Evaluation of(ReplyTagger tagger, List<LabelledLine> lines) {
    List<Outcome> outcomes = new ArrayList<>();
    for (LabelledLine line : lines) {
      Tags tags = tagger.tag(Reply.of(line.text()));
      List<Tag> seen =
          tags.tags().stream().filter(it -> !it.name().equals(Tags.OPT_OUT_UNCLEAR)).toList();
      outcomes.add(
          new Outcome(
              line,
              seen.stream().map(Tag::name).toList(),
              tags.has(Tags.OPT_OUT_UNCLEAR),
              seen.isEmpty() ? 0 : seen.getFirst().score(),
              tags.has(Tag.OPT_OUT) ? 1 : tagger.inScope(line.text())));
    }
    return new Evaluation(outcomes);
  }

  /// The share of replies whose surest tag is one of theirs, or that are rightly left without.
  public double accuracy() {
    return share(outcomes.stream().filter(Outcome::right).count());
  }

  /// The share of replies that got exactly their tags.
  public double exactMatch() {
    return share(outcomes.stream().filter(Outcome::exact).count());
  }

  private double share(long count) {
    return outcomes.isEmpty() ? 0 : (double) count / outcomes.size();
  }

  /// Each tag that a line has or got.
  public Map<String, Count> tags() {
    Set<String> names = new TreeSet<>();
    for (Outcome outcome : outcomes) {
      names.addAll(outcome.line().tags());
      names.addAll(outcome.seen());
    }
    Map<String, Count> counts = new LinkedHashMap<>();
    for (String name : names) {
      int found = 0;
      int given = 0;
      int there = 0;
      for (Outcome outcome : outcomes) {
        boolean has = outcome.line().tags().contains(name);
        boolean got = outcome.seen().contains(name);
        found += has && got ? 1 : 0;
        given += got ? 1 : 0;
        there += has ? 1 : 0;
      }
      counts.put(name, new Count(found, given, there));
    }
    return counts;
  }

  /// The mean over the tags that lines have.
  public double macroF1() {
    return tags().values().stream()
        .filter(count -> count.there() > 0)
        .mapToDouble(Count::f1)
        .average()
        .orElse(0);
  }

  /// F1 over all tags of all lines together.
  public double microF1() {
    int found = 0;
    int both = 0;
    for (Count count : tags().values()) {
      found += count.found();
      both += count.given() + count.there();
    }
    return both == 0 ? 0 : 2.0 * found / both;
  }

  /// How often a reply in scope is more like the examples than one out of scope; one half is
  /// chance.
  public double outOfScopeAuroc() {
    double[] in = inScope(false);
    double[] out = inScope(true);
    if (in.length == 0 || out.length == 0) {
      return 0.5;
    }
    double wins = 0;
    for (double one : in) {
      for (double other : out) {
        wins += one > other ? 1 : one == other ? 0.5 : 0;
      }
    }
    return wins / in.length / out.length;
  }

  private double[] inScope(boolean out) {
    return outcomes.stream()
        .filter(it -> it.line().tags().isEmpty() == out)
        .mapToDouble(Outcome::inScope)
        .toArray();
  }

  public OptOut optOut() {
    int[] counts = new int[6];
    for (Outcome outcome : outcomes) {
      boolean wants = outcome.line().tags().contains(Tag.OPT_OUT);
      boolean obeyed = outcome.seen().contains(Tag.OPT_OUT);
      boolean asked = !obeyed && outcome.asked();
      int from = wants ? 0 : 3;
      counts[from] += obeyed ? 1 : 0;
      counts[from + 1] += asked ? 1 : 0;
      counts[from + 2]++;
    }
    return new OptOut(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]);
  }

  /// The mean distance between the scores of surest tags and how often they are right, in tenths.
  public double calibrationError() {
    double error = 0;
    int scored = 0;
    for (double[] bin : bins()) {
      error += Math.abs(bin[1] - bin[2]);
      scored += (int) bin[0];
    }
    return scored == 0 ? 0 : error / scored;
  }

  /// For each tenth of the score: how many, their scores together, how many were right.
  private double[][] bins() {
    double[][] bins = new double[BINS][3];
    for (Outcome outcome : outcomes) {
      if (!outcome.seen().isEmpty()) {
        double[] bin = bins[(int) Math.min(BINS - 1, outcome.score() * BINS)];
        bin[0]++;
        bin[1] += outcome.score();
        bin[2] += outcome.right() ? 1 : 0;
      }
    }
    return bins;
  }

  /// For programs: `accuracy`, `exactMatch`, `macroF1`, `outOfScopeAuroc`, `tags`, `optOut`.
  public String json() {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("lines", (long) outcomes.size());
    root.put("accuracy", accuracy());
    root.put("exactMatch", exactMatch());
    root.put("macroF1", macroF1());
    root.put("outOfScopeAuroc", outOfScopeAuroc());
    root.put("calibrationError", calibrationError());
    Map<String, Object> tags = new LinkedHashMap<>();
    tags()
        .forEach(
            (name, count) ->
                tags.put(
                    name,
                    ordered(
                        "precision",
                        count.precision(),
                        "recall",
                        count.recall(),
                        "f1",
                        count.f1(),
                        "support",
                        (long) count.there())));
    root.put("tags", tags);
    OptOut optOut = optOut();
    root.put(
        "optOut",
        ordered(
            "recall",
            optOut.recall(),
            "suppressed",
            (long) optOut.suppressed(),
            "asked",
            (long) optOut.asked(),
            "falseSuppressions",
            (long) optOut.falseSuppressions(),
            "falseQuestions",
            (long) optOut.falseQuestions(),
            "precision",
            optOut.precision()));
    return Json.print(root);
  }

  private static Map<String, Object> ordered(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }

  /// For people.
  public String text() {
    StringBuilder out = new StringBuilder();
    line(out, "%d replies", outcomes.size());
    line(out, "  surest tag right    %5.1f %%", 100 * accuracy());
    line(out, "  exactly their tags  %5.1f %%", 100 * exactMatch());
    line(out, "  F1, mean of tags    %5.1f %%", 100 * macroF1());
    line(out, "  out of scope AUROC   %.3f", outOfScopeAuroc());
    OptOut optOut = optOut();
    line(
        out,
        "opt-outs: %d of %d obeyed, %d asked about (%.1f %%); of %d others %d silenced, %d asked",
        optOut.suppressed(),
        optOut.there(),
        optOut.asked(),
        100 * optOut.recall(),
        optOut.others(),
        optOut.falseSuppressions(),
        optOut.falseQuestions());
    line(out, "%n%-24s %9s %7s %5s %6s", "tag", "precision", "recall", "F1", "lines");
    tags()
        .forEach(
            (name, count) ->
                line(
                    out,
                    "%-24s %9.2f %7.2f %5.2f %6d",
                    name,
                    count.precision(),
                    count.recall(),
                    count.f1(),
                    count.there()));
    confusions(out);
    calibration(out);
    worst(out);
    return out.toString();
  }

  private void confusions(StringBuilder out) {
    Map<String, Integer> pairs = new TreeMap<>();
    for (Outcome outcome : outcomes) {
      if (!outcome.right()) {
        pairs.merge(named(outcome.line().tags()) + " -> " + named(outcome.seen()), 1, Integer::sum);
      }
    }
    line(out, "%nmistaken for (given -> seen):");
    pairs.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .forEach(it -> line(out, "%5d  %s", it.getValue(), it.getKey()));
  }

  private void calibration(StringBuilder out) {
    line(out, "%nscore of the surest tag: said, was right (error %.3f)", calibrationError());
    double[][] bins = bins();
    for (double[] bin : bins) {
      if (bin[0] > 0) {
        line(out, "  %.2f  %.2f  of %d", bin[1] / bin[0], bin[2] / bin[0], (int) bin[0]);
      }
    }
  }

  private void worst(StringBuilder out) {
    line(out, "%nworst, the surest first:");
    outcomes.stream()
        .filter(it -> !it.right())
        .sorted(Comparator.comparingDouble(Outcome::score).reversed())
        .limit(WORST)
        .forEach(
            it ->
                line(
                    out,
                    "  %.2f %s, was %s: %s",
                    it.score(),
                    named(it.seen()),
                    named(it.line().tags()),
                    it.line().text()));
  }

  private static String named(Iterable<String> tags) {
    String all = String.join(",", tags);
    String[] sorted = all.split(",", -1);
    Arrays.sort(sorted);
    return all.isEmpty() ? LabelledLine.OUT_OF_SCOPE : String.join(",", sorted);
  }

  @SuppressWarnings("AnnotateFormatMethod") // All formats are here in sight.
  private static void line(StringBuilder out, String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
