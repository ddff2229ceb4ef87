package io.parley.loadtest.report;

import io.parley.loadtest.measure.FaultWindow;
import io.parley.loadtest.measure.Gauge.Unit;
import io.parley.loadtest.measure.RunResult;
import io.parley.loadtest.measure.Second;
import io.parley.loadtest.measure.Series;
import io.parley.loadtest.measure.Spread;
import io.parley.loadtest.measure.Stretch;
import io.parley.loadtest.report.Chart.Line;
import io.parley.loadtest.report.Chart.Look;
import io.parley.loadtest.report.Chart.Shade;
import io.parley.loadtest.report.Comparison.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Two runs, one drawn over the other.
public final class ComparisonPage {

  private static final int BEFORE = 7;
  private static final int AFTER = 0;

  private final Comparison comparison;
  private final Curves before;
  private final Curves after;

  private ComparisonPage(Comparison comparison) {
    this.comparison = comparison;
    // The same number of seconds in each point, so that the lines lie over each other.
    Curves one = Curves.of(comparison.before().series());
    Curves other = Curves.of(comparison.after().series());
    int each = Math.max(one.each(), other.each());
    this.before = new Curves(one.seconds(), each);
    this.after = new Curves(other.seconds(), each);
  }

  /// @return a whole document
  public static String of(Comparison comparison) {
    ComparisonPage page = new ComparisonPage(comparison);
    return Html.page(
        "Comparison of " + comparison.before().name() + " and " + comparison.after().name(),
        "<main>\n" + page.head() + page.table() + page.charts() + "</main>\n");
  }

  private String head() {
    boolean worse = comparison.hasWorse();
    boolean better = comparison.lines().stream().anyMatch(it -> it.word() == Word.BETTER);
    String tone = worse ? "bad" : better ? "good" : "doubt";
    String word = worse ? "Worse" : better ? "Better" : "No difference";
    String warnings =
        comparison.warnings().stream()
            .map(it -> "<li>" + Html.text(it) + "</li>")
            .collect(Collectors.joining());
    return """
        <header class="top">
        <div><p class="brand">Parley load tests compared</p><h1>%s</h1></div>
        <p>%s</p>
        </header>
        <section class="verdict %s" aria-label="Verdict"><strong>%s</strong><p>%s</p></section>
        %s
        """
        .formatted(
            Html.text(names()),
            "before: %s &middot; after: %s"
                .formatted(
                    ReportPage.when(comparison.before().began()),
                    ReportPage.when(comparison.after().began())),
            tone,
            word,
            Html.text(comparison.summary()),
            warnings.isEmpty()
                ? ""
                : "<ul class=\"verdict doubt warnings\" aria-label=\"Warnings\">%s</ul>"
                    .formatted(warnings));
  }

  private String names() {
    String one = comparison.before().name();
    String other = comparison.after().name();
    return one.equals(other) ? one : one + " and " + other;
  }

  private String table() {
    String rows =
        comparison.lines().stream()
            .map(
                it ->
                    """
                    <tr><th scope="row">%s</th><td>%s</td><td class="number">%s</td>\
                    <td class="number">%s</td><td class="number">%s</td></tr>
                    """
                        .formatted(
                            Html.text(it.figure()),
                            mark(it.word()),
                            Html.text(it.change()),
                            Html.text(it.before()),
                            Html.text(it.after())))
            .collect(Collectors.joining());
    return """
        <h2>Figures</h2>
        <p>A change counts where the seconds of the two runs do not mix (five-second blocks, Mann \
        and Whitney, one in a hundred) and where it is more than 3 %%.</p>
        <div class="table" tabindex="0" role="region" aria-label="Figures of both runs"><table>
        <caption>Figures of both runs</caption>
        <thead><tr><th scope="col">Figure</th><th scope="col">Verdict</th>\
        <th scope="col" class="number">Change</th><th scope="col" class="number">Before</th>\
        <th scope="col" class="number">After</th></tr></thead>
        <tbody>%s</tbody></table></div>
        """
        .formatted(rows);
  }

  private static String mark(Word word) {
    String tone =
        switch (word) {
          case BETTER -> "good-text";
          case WORSE -> "bad-text";
          case SAME, EQUAL, UNCLEAR -> "quiet";
        };
    return "<span class=\"mark %s\">%s</span>".formatted(tone, word);
  }

  // ---- charts

  private String charts() {
    List<Stretch> both =
        Stream.of(Stretch.values())
            .filter(it -> comparison.before().timed(it).isPresent())
            .filter(it -> comparison.after().timed(it).isPresent())
            .toList();
    String drawn =
        Stream.concat(
                Stream.of(traffic()),
                both.stream().flatMap(it -> Stream.of(percentiles(it), overTime(it))))
            .map(Chart::html)
            .collect(Collectors.joining());
    return """
        <h2>Drawn over each other</h2>
        <div class="charts">%s</div>
        """
        .formatted(drawn.replaceFirst("class=\"chart\"", "class=\"chart wide\""));
  }

  private Chart traffic() {
    List<Double> one = before.mean(Second::achieved);
    List<Double> other = after.mean(Second::achieved);
    Series seriesBefore = comparison.before().series();
    Series seriesAfter = comparison.after().series();
    return over(
        "Conversations taken on per second",
        "",
        Axis.linear(Math.max(Curves.greatest(one), Curves.greatest(other)), Unit.ROWS),
        List.of(
            line("after", AFTER, Look.STRONG, other, Written.count(seriesAfter.achieved())),
            line("before", BEFORE, Look.DASHED, one, Written.count(seriesBefore.achieved()))));
  }

  private Chart overTime(Stretch stretch) {
    List<Double> one = before.latency(stretch, Spread::p99);
    List<Double> other = after.latency(stretch, Spread::p99);
    return over(
        stretch.title() + ", p99 of each second",
        "",
        Axis.latency(
            Math.min(Curves.least(one), Curves.least(other)),
            Math.max(Curves.greatest(one), Curves.greatest(other))),
        List.of(
            line("after", AFTER, Look.STRONG, other, p99(comparison.after(), stretch)),
            line("before", BEFORE, Look.DASHED, one, p99(comparison.before(), stretch))));
  }

  private Chart percentiles(Stretch stretch) {
    long most =
        Math.max(
            Comparison.distribution(comparison.before(), stretch).spread().count(),
            Comparison.distribution(comparison.after(), stretch).spread().count());
    List<Double> percentiles = Curves.percentiles(most);
    List<Double> one =
        Curves.percentiles(Comparison.distribution(comparison.before(), stretch), percentiles);
    List<Double> other =
        Curves.percentiles(Comparison.distribution(comparison.after(), stretch), percentiles);
    return new Chart(
        stretch.title() + ", by percentile",
        "",
        Axis.percentiles(most),
        Axis.latency(
            Math.min(Curves.least(one), Curves.least(other)),
            Math.max(Curves.greatest(one), Curves.greatest(other))),
        percentiles,
        List.of(
            line("after", AFTER, Look.STRONG, other, p99(comparison.after(), stretch)),
            line("before", BEFORE, Look.DASHED, one, p99(comparison.before(), stretch))),
        List.of());
  }

  private static String p99(RunResult run, Stretch stretch) {
    return "p99 " + Written.time(Comparison.distribution(run, stretch).spread().p99());
  }

  private static Line line(String label, int color, Look look, List<Double> values, String note) {
    return new Line(label, color, look, values, note);
  }

  /// Where both runs had the same ones, for a moment more or less.
  private List<Shade> faults() {
    List<FaultWindow> one = comparison.before().faults();
    List<FaultWindow> other = comparison.after().faults();
    return named(one).equals(named(other)) ? Curves.shades(other) : List.of();
  }

  private static List<String> named(List<FaultWindow> faults) {
    return faults.stream().map(it -> it.from().toSeconds() + it.on() + it.what()).toList();
  }

  /// Over the time of the longer run.
  private Chart over(String title, String meaning, Axis y, List<Line> lines) {
    Curves longer = before.length() > after.length() ? before : after;
    int points = longer.xs().size();
    List<Line> filled = new ArrayList<>();
    for (Line line : lines) {
      filled.add(
          new Line(
              line.label(),
              line.color(),
              line.look(),
              IntStream.range(0, points)
                  .mapToObj(i -> i < line.values().size() ? line.values().get(i) : Double.NaN)
                  .toList(),
              line.note()));
    }
    return new Chart(title, meaning, Axis.time(longer.length()), y, longer.xs(), filled, faults());
  }
}
