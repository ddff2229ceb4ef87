package io.parley.loadtest.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A chart as SVG that fills the width it is given; its words keep their size. What a pointer is
/// told of a place stands beside it as JSON.
///
/// @param title what it shows; `meaning` a sentence about it, or empty
/// @param xs where the values of each line stand
/// @param shades times in which something was made to fail
record Chart(
    String title,
    String meaning,
    Axis x,
    Axis y,
    List<Double> xs,
    List<Line> lines,
    List<Shade> shades) {

  private static final int TOP = 16;
  private static final int HEIGHT = 170;

  /// Where there is much to tell apart.
  private static final int TALL = 260;
  private static final int BOTTOM = 22;
  private static final int WIDTH = 1000;

  /// Missing values up to so many in a row are drawn over: nothing may be over in a quiet second.
  private static final int BRIDGED = 4;

  Chart {
    xs = List.copyOf(xs);
    lines = List.copyOf(lines);
    shades = List.copyOf(shades);
  }

  /// @param color of the page's palette, from 0
  /// @param values not a number where there is none
  /// @param note of the legend, such as the greatest value
  record Line(String label, int color, Look look, List<Double> values, String note) {

    Line {
      values = List.copyOf(values);
    }
  }

  /// How a line is drawn.
  enum Look {
    STRONG,
    FAINT,
    DASHED,
    FILLED
  }

  /// @param from on the x axis
  record Shade(double from, double until, String label) {}

  String html() {
    return """
        <figure class="chart">
        <figcaption><h3>%s</h3>%s</figcaption>
        <div class="plot">
        <svg class="figure" role="img" aria-label="%s" height="%d" width="100%%">
        %s%s<svg x="0" y="%d" width="100%%" height="%d" viewBox="0 0 %d %d" \
        preserveAspectRatio="none" overflow="visible">
        %s</svg>
        %s<line class="cursor" x1="0" x2="0" y1="%d" y2="%d"/>
        </svg>
        <div class="tip" hidden></div>
        </div>
        %s
        <script type="application/json">%s</script>
        </figure>
        """
        .formatted(
            Html.text(title),
            meaning.isEmpty() ? "" : "<p>" + Html.text(meaning) + "</p>",
            Html.text(description()),
            TOP + height() + BOTTOM,
            shadesSvg(),
            grid(),
            TOP,
            height(),
            WIDTH,
            height(),
            lines.stream().map(this::path).collect(Collectors.joining()),
            labels(),
            TOP,
            TOP + height(),
            legend(),
            pointed());
  }

  private int height() {
    return lines.size() > 4 ? TALL : HEIGHT;
  }

  /// For those who cannot see it.
  private String description() {
    return title
        + ". "
        + lines.stream()
            .map(line -> line.label() + (line.note().isEmpty() ? "" : ": " + line.note()))
            .collect(Collectors.joining("; "))
        + (shades.isEmpty()
            ? ""
            : ". Faults: " + shades.stream().map(Shade::label).collect(Collectors.joining("; ")));
  }

  private String shadesSvg() {
    StringBuilder svg = new StringBuilder();
    for (Shade shade : shades) {
      double from = 100 * Math.clamp(x.place().applyAsDouble(shade.from()), 0, 1);
      double until = 100 * Math.clamp(x.place().applyAsDouble(shade.until()), 0, 1);
      svg.append(
          """
          <rect class="fault" x="%s%%" width="%s%%" y="%d" height="%d"><title>%s</title></rect>
          """
              .formatted(
                  number(from),
                  number(Math.max(0.4, until - from)),
                  TOP,
                  height(),
                  Html.text(shade.label())));
    }
    return svg.toString();
  }

  private String grid() {
    StringBuilder svg = new StringBuilder();
    for (Axis.Tick tick : y.ticks()) {
      svg.append(
          "<line class=\"grid\" x1=\"0\" x2=\"100%%\" y1=\"%1$s\" y2=\"%1$s\"/>%n"
              .formatted(number(height(tick.at()))));
    }
    return svg.toString();
  }

  /// Above the lines, so that they can be read.
  private String labels() {
    StringBuilder svg = new StringBuilder();
    for (Axis.Tick tick : y.ticks()) {
      svg.append(
          "<text class=\"tick\" x=\"-8\" y=\"%s\" text-anchor=\"end\">%s</text>%n"
              .formatted(number(height(tick.at()) + 4), Html.text(tick.label())));
    }
    for (Axis.Tick tick : x.ticks()) {
      String anchor = tick.at() > 0.96 ? "end" : "middle";
      svg.append(
          "<text class=\"tick\" x=\"%s%%\" y=\"%d\" text-anchor=\"%s\">%s</text>%n"
              .formatted(
                  number(100 * tick.at()), TOP + height() + 16, anchor, Html.text(tick.label())));
    }
    return svg.toString();
  }

  private double height(double at) {
    return TOP + height() * (1 - at);
  }

  private String path(Line line) {
    StringBuilder path = new StringBuilder();
    StringBuilder area = new StringBuilder();
    for (List<Integer> run : runs(line.values())) {
      String points =
          run.stream()
              .map(i -> across(i) + " " + down(line.values().get(i)))
              .collect(Collectors.joining("L"));
      path.append('M').append(points);
      if (run.size() == 1) {
        path.append("m-2 0h4"); // What stands alone is a dash.
      }
      area.append(
          "M%s %dL%sL%s %dZ"
              .formatted(
                  across(run.getFirst()), height(), points, across(run.getLast()), height()));
    }
    String filled =
        line.look() == Look.FILLED
            ? "<path class=\"area c%d\" d=\"%s\"/>%n".formatted(line.color(), area)
            : "";
    return filled
        + "<path class=\"line %s c%d\" d=\"%s\"/>%n"
            .formatted(line.look().name().toLowerCase(Locale.ROOT), line.color(), path);
  }

  /// The indices of values that are drawn as one.
  private static List<List<Integer>> runs(List<Double> values) {
    List<List<Integer>> runs = new ArrayList<>();
    int last = Integer.MIN_VALUE / 2;
    for (int i = 0; i < values.size(); i++) {
      if (!values.get(i).isNaN()) {
        if (i - last > BRIDGED) {
          runs.add(new ArrayList<>());
        }
        runs.getLast().add(i);
        last = i;
      }
    }
    return runs;
  }

  private String across(int index) {
    return number(WIDTH * Math.clamp(x.place().applyAsDouble(xs.get(index)), 0, 1));
  }

  private String down(double value) {
    return number(height() * (1 - Math.clamp(y.place().applyAsDouble(value), 0, 1)));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value).replaceFirst("\\.0$", "");
  }

  private String legend() {
    String entries =
        lines.stream()
            .map(
                line ->
                    "<li class=\"c%d\"><i class=\"%s\"></i>%s%s</li>"
                        .formatted(
                            line.color(),
                            line.look().name().toLowerCase(Locale.ROOT),
                            Html.text(line.label()),
                            line.note().isEmpty() ? "" : " <b>" + Html.text(line.note()) + "</b>"))
            .collect(Collectors.joining());
    String faults = shades.isEmpty() ? "" : "<li class=\"shaded\"><i></i>fault in force</li>";
    return "<ul class=\"legend\">" + entries + faults + "</ul>";
  }

  /// What is made to fail there; empty for nothing.
  private String inForce(double place) {
    return shades.stream()
        .filter(it -> it.from() <= place && place <= it.until())
        .map(Shade::label)
        .collect(Collectors.joining("; "));
  }

  /// What a pointer is told: where the points are, what they are called, and their values.
  private String pointed() {
    return Json.object()
        .put(
            "at",
            xs.stream()
                .map(it -> Math.round(10_000 * Math.clamp(x.place().applyAsDouble(it), 0, 1)) / 1e4)
                .toList())
        .put("faults", xs.stream().map(this::inForce).toList())
        .put("x", xs.stream().map(it -> x.words().apply(it)).toList())
        .put(
            "lines",
            lines.stream()
                .map(
                    line ->
                        Json.object()
                            .put("label", line.label())
                            .put("color", "c" + line.color())
                            .put(
                                "values",
                                IntStream.range(0, line.values().size())
                                    .mapToObj(
                                        i ->
                                            line.values().get(i).isNaN()
                                                ? ""
                                                : y.words().apply(line.values().get(i)))
                                    .toList())
                            .map())
                .toList())
        .text();
  }
}
