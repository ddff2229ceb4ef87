package io.parley.loadtest.report;

import io.parley.loadtest.measure.Distribution;
import io.parley.loadtest.measure.FaultWindow;
import io.parley.loadtest.measure.Gauge.Group;
import io.parley.loadtest.measure.Judged;
import io.parley.loadtest.measure.Kept;
import io.parley.loadtest.measure.Machine;
import io.parley.loadtest.measure.RunResult;
import io.parley.loadtest.measure.RunResult.Verdict;
import io.parley.loadtest.measure.Series;
import io.parley.loadtest.measure.Spread;
import io.parley.loadtest.measure.Stretch;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/// The page of one run.
public final class ReportPage {

  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final RunResult result;
  private final Charts charts;

  private ReportPage(RunResult result) {
    this.result = result;
    this.charts = new Charts(result);
  }

  /// @return a whole document
  public static String of(RunResult result) {
    ReportPage page = new ReportPage(result);
    String body =
        Stream.of(
                page.head(),
                page.tiles(),
                page.thresholds(),
                result.promisesKept() ? "" : page.ledger(), // Nothing else matters as much.
                page.traffic(),
                page.latency(),
                page.queues(),
                page.resources(),
                result.promisesKept() ? page.ledger() : "",
                page.errors(),
                page.circumstances())
            .collect(Collectors.joining());
    return Html.page(
        "Load test " + result.name() + ": " + word(result.verdict()),
        "<main>\n" + body + "</main>\n");
  }

  static String when(Instant instant) {
    return WHEN.format(instant);
  }

  static String word(Verdict verdict) {
    return switch (verdict) {
      case PASSED -> "passed";
      case FAILED -> "failed";
      case INVALID -> "invalid";
    };
  }

  private static String tone(Verdict verdict) {
    return switch (verdict) {
      case PASSED -> "good";
      case FAILED -> "bad";
      case INVALID -> "doubt";
    };
  }

  // ---- the verdict

  private String head() {
    String sentences =
        sentences(result).stream()
            .map(it -> "<li>" + Html.text(it) + "</li>")
            .collect(Collectors.joining());
    return """
        <header class="top">
        <div><p class="brand">Parley load test</p><h1>%s</h1></div>
        <p>%s &middot; %s &middot; seed %d</p>
        </header>
        <section class="verdict %s" aria-label="Verdict">
        <strong>%s</strong><ul>%s</ul>
        </section>
        """
        .formatted(
            Html.text(result.name()),
            when(result.began()),
            Written.length(result.lasted()),
            result.seed(),
            tone(result.verdict()),
            capital(word(result.verdict())),
            sentences);
  }

  /// Why it is what it is.
  static List<String> sentences(RunResult result) {
    List<String> sentences = new ArrayList<>();
    if (!result.validity().isValid()) {
      sentences.add(
          "The figures say nothing about Parley: "
              + String.join("; ", result.validity().doubts())
              + ".");
    }
    if (result.series().offered() == 0) {
      sentences.add("Nobody came: no conversation was offered.");
    }
    sentences.add(promises(result.ledger()));
    sentences.add(met(result.thresholds()));
    return sentences;
  }

  private static String promises(List<Kept> ledger) {
    if (ledger.isEmpty()) {
      return "No promise was looked at.";
    }
    long broken = ledger.stream().filter(it -> it.brokenInAll() > 0).count();
    long untested = ledger.stream().filter(it -> it.checked() == 0).count();
    long cases = ledger.stream().mapToLong(Kept::checked).sum();
    if (broken > 0) {
      return "%d of %d promises %s broken."
          .formatted(broken, ledger.size(), broken == 1 ? "was" : "were");
    }
    long tested = ledger.size() - untested;
    return untested == 0
        ? "All %d promises were kept, in %s cases.".formatted(tested, Written.count(cases))
        : "All %d promises that were put to the test were kept, in %s cases; %d found no case."
            .formatted(tested, Written.count(cases), untested);
  }

  private static String met(List<Judged> thresholds) {
    if (thresholds.isEmpty()) {
      return "The profile sets no thresholds.";
    }
    List<String> missed =
        thresholds.stream()
            .filter(it -> !it.kept())
            .map(it -> it.name() + " " + it.measured() + " instead of " + it.limit())
            .toList();
    return missed.isEmpty()
        ? "All %d thresholds were met.".formatted(thresholds.size())
        : "%d of %d thresholds %s missed: %s."
            .formatted(
                missed.size(),
                thresholds.size(),
                missed.size() == 1 ? "was" : "were",
                String.join(", ", missed));
  }

  private String tiles() {
    Series series = result.series();
    List<String> tiles = new ArrayList<>();
    double share = series.offered() == 0 ? 1 : (double) series.achieved() / series.offered();
    tiles.add(
        tile(
            "Conversations",
            Written.count(series.achieved()),
            "of %s offered (%s)"
                .formatted(Written.count(series.offered()), Written.percent(share))));
    tiles.add(tile("Errors", Written.count(series.errors()), "that no fault explains"));
    long peak = series.seconds().stream().mapToLong(it -> it.achieved()).max().orElse(0);
    tiles.add(tile("Most in a second", Written.count(peak), "taken on"));
    for (Stretch stretch :
        List.of(Stretch.TRIGGER_ACCEPTED, Stretch.FIRST_MESSAGE, Stretch.NEXT_MESSAGE)) {
      result
          .timed(stretch)
          .map(Distribution::spread)
          .ifPresent(
              spread ->
                  tiles.add(
                      tile(
                          stretch.title(),
                          Written.time(spread.p99()),
                          "p99 (median " + Written.time(spread.p50()) + ")")));
    }
    if (!result.faults().isEmpty()) {
      tiles.add(
          tile(
              "Recovery",
              RunFigure.RECOVERY.measure(result).words(),
              "after the worst of "
                  + result.faults().size()
                  + (result.faults().size() == 1 ? " fault" : " faults")));
    }
    return "<dl class=\"tiles\">" + String.join("", tiles) + "</dl>\n";
  }

  private static String tile(String title, String value, String note) {
    return "<div class=\"tile\"><dt>%s</dt><dd>%s</dd><dd class=\"note\">%s</dd></div>"
        .formatted(Html.text(title), Html.text(value), Html.text(note));
  }

  private String thresholds() {
    if (result.thresholds().isEmpty()) {
      return "";
    }
    String rows =
        result.thresholds().stream()
            .map(
                it ->
                    """
                    <tr><th scope="row">%s</th><td class="number">%s</td>\
                    <td class="number">%s</td><td>%s</td></tr>
                    """
                        .formatted(
                            Html.text(it.name()),
                            Html.text(it.limit()),
                            Html.text(it.measured()),
                            mark(it.kept(), "met", "missed")))
            .collect(Collectors.joining());
    return """
        <h2>Thresholds</h2>
        <p>What the profile asks of the run.</p>
        <div class="table" tabindex="0" role="region" aria-label="Thresholds"><table>
        <caption>Thresholds</caption>
        <thead><tr><th scope="col">Threshold</th><th scope="col" class="number">Limit</th>\
        <th scope="col" class="number">Measured</th><th scope="col">Verdict</th></tr></thead>
        <tbody>%s</tbody></table></div>
        """
        .formatted(rows);
  }

  private static String mark(boolean good, String yes, String no) {
    return "<span class=\"mark %s\">%s</span>"
        .formatted(good ? "good-text" : "bad-text", good ? yes : no);
  }

  // ---- the figures

  private String traffic() {
    return "<h2>Traffic</h2>\n<p>What was offered, and what Parley took on.</p>\n"
        + "<div class=\"charts\">"
        + charts.traffic().html().replaceFirst("class=\"chart\"", "class=\"chart wide\"")
        + "</div>\n"
        + faults();
  }

  private String faults() {
    return result.faults().isEmpty()
        ? ""
        : "<ul class=\"faults\">%s</ul>%n"
            .formatted(
                result.faults().stream()
                    .map(it -> "<li>" + Html.text(words(it)) + "</li>")
                    .collect(Collectors.joining()));
  }

  private static String words(FaultWindow fault) {
    return "%s to %s  %s: %s"
        .formatted(
            Axis.clock((int) fault.from().toSeconds()),
            Axis.clock((int) fault.until().toSeconds()),
            fault.on(),
            fault.what());
  }

  private String latency() {
    List<Stretch> timed =
        Stream.of(Stretch.values()).filter(it -> result.timed(it).isPresent()).toList();
    if (timed.isEmpty()) {
      return "";
    }
    String rows =
        timed.stream()
            .map(
                stretch ->
                    row(
                        stretch,
                        result.timed(stretch).map(Distribution::spread).orElse(Spread.NONE)))
            .collect(Collectors.joining());
    String plots =
        Stream.concat(
                charts.percentiles().stream()
                    .map(it -> it.html().replaceFirst("class=\"chart\"", "class=\"chart wide\"")),
                timed.stream().flatMap(it -> charts.latency(it).stream()).map(Chart::html))
            .collect(Collectors.joining());
    return """
        <h2>Latency</h2>
        <p>Each time counts from the instant at which it was meant to begin, so what a slow answer \
        holds up is slow, too.</p>
        <div class="table" tabindex="0" role="region" aria-label="Latency of the whole run"><table>
        <caption>Latency of the whole run</caption>
        <thead><tr><th scope="col">Stretch</th><th scope="col" class="number">Times</th>\
        <th scope="col" class="number roomy">Mean</th><th scope="col" class="number">p50</th>\
        <th scope="col" class="number roomy">p90</th><th scope="col" class="number">p99</th>\
        <th scope="col" class="number">p99.9</th><th scope="col" class="number">Max</th></tr></thead>
        <tbody>%s</tbody></table></div>
        <div class="charts below">%s</div>
        """
        .formatted(rows, plots);
  }

  private static String row(Stretch stretch, Spread spread) {
    String cells =
        cell("number", Written.count(spread.count()))
            + cell("number roomy", Written.time(spread.mean()))
            + cell("number", Written.time(spread.p50()))
            + cell("number roomy", Written.time(spread.p90()))
            + cell("number", Written.time(spread.p99()))
            + cell("number", Written.time(spread.p999()))
            + cell("number", Written.time(spread.max()));
    return "<tr><th scope=\"row\">%s<small>%s</small></th>%s</tr>%n"
        .formatted(Html.text(stretch.title()), Html.text(stretch.meaning()), cells);
  }

  private static String cell(String look, String text) {
    return "<td class=\"%s\">%s</td>".formatted(look, text);
  }

  private String queues() {
    return section(
        "Queues",
        "What waits in Parley's tables. After the last customer, all of it should come down.",
        gauges(
            List.of(
                new Drawn(Group.QUEUE, "Rows that wait, by what they wait for."),
                new Drawn(Group.LIVE, "What Parley keeps alive."))));
  }

  private String resources() {
    return section(
        "Parley, Postgres and the machine",
        "",
        gauges(
            List.of(
                new Drawn(Group.CPU, "By process; the stand-ins are part of the generator."),
                new Drawn(Group.MEMORY, "Resident; Postgres with its shared memory counted once."),
                new Drawn(Group.GC, "Time in pauses of Parley's collector within a second."),
                new Drawn(Group.BATCH, "Turns that are committed together."),
                new Drawn(Group.TIME, "What Parley measures itself, on average."),
                new Drawn(Group.DATABASE, "Time in statements within a second, all connections."),
                new Drawn(Group.RATE, ""),
                new Drawn(Group.WAL, "Bytes within a second."),
                new Drawn(
                    Group.SESSION, "Connections to the database by what they do or wait for."),
                new Drawn(Group.POOL, "Connections of Parley's pools, and who waits for one."),
                new Drawn(Group.MACHINE, "Of all cores; what the host steals makes figures noisy."),
                new Drawn(Group.LOAD, "Processes that run or want to."))));
  }

  private record Drawn(Group group, String meaning) {}

  private List<Chart> gauges(List<Drawn> groups) {
    return groups.stream().flatMap(it -> charts.gauges(it.group(), it.meaning()).stream()).toList();
  }

  private static String section(String title, String meaning, List<Chart> charts) {
    return charts.isEmpty()
        ? ""
        : "<h2>%s</h2>%n%s<div class=\"charts three\">%s</div>%n"
            .formatted(
                title,
                meaning.isEmpty() ? "" : "<p>" + meaning + "</p>\n",
                charts.stream().map(Chart::html).collect(Collectors.joining()));
  }

  // ---- the ledger

  private String ledger() {
    if (result.ledger().isEmpty()) {
      return "";
    }
    String lines = result.ledger().stream().map(ReportPage::line).collect(Collectors.joining());
    return """
        <h2>Promises</h2>
        <p>What the journal, the stand-in Twilio and the stand-in Customer.io say afterwards.</p>
        <div class="card"><ol class="ledger">%s</ol></div>
        """
        .formatted(lines);
  }

  private static String line(Kept kept) {
    String verdict =
        kept.brokenInAll() > 0
            ? "<span class=\"mark bad-text\">broken %s times</span>"
                .formatted(Written.count(kept.brokenInAll()))
            : kept.checked() > 0
                ? "<span class=\"mark good-text\">kept</span>"
                : "<span class=\"mark quiet\">not tested</span>";
    String broken = kept.broken().stream().map(ReportPage::broken).collect(Collectors.joining());
    String more =
        kept.broken().size() < kept.brokenInAll() && !kept.broken().isEmpty()
            ? "<p class=\"cases\">The first %d of %s are shown.</p>"
                .formatted(kept.broken().size(), Written.count(kept.brokenInAll()))
            : "";
    return """
        <li><div class="row"><span>%s</span><span class="cases">%s %s</span>%s</div>%s%s</li>
        """
        .formatted(
            Html.text(capital(kept.promise())),
            Written.count(kept.checked()),
            kept.checked() == 1 ? "case" : "cases",
            verdict.replace("broken 1 times", "broken once"),
            broken,
            more);
  }

  private static String broken(Kept.Broken broken) {
    String conversation =
        broken.conversation().isEmpty()
            ? ""
            : "<code>" + Html.text(broken.conversation()) + "</code> ";
    return broken.trace().isBlank()
        ? "<details open><summary>%s%s</summary></details>"
            .formatted(conversation, Html.text(broken.what()))
        : "<details><summary>%s%s</summary><pre tabindex=\"0\">%s</pre></details>"
            .formatted(conversation, Html.text(broken.what()), Html.text(broken.trace()));
  }

  private String errors() {
    Map<String, Long> counts = result.series().counts();
    if (counts.isEmpty()) {
      return "";
    }
    String rows =
        counts.entrySet().stream()
            .map(
                it ->
                    "<tr><th scope=\"row\">%s</th><td class=\"number\">%s</td></tr>%n"
                        .formatted(Html.text(it.getKey()), Written.count(it.getValue())))
            .collect(Collectors.joining());
    return """
        <h2>What happened</h2>
        <div class="table" tabindex="0" role="region" aria-label="What happened how often"><table>
        <caption>What happened how often</caption>
        <thead><tr><th scope="col">What</th><th scope="col" class="number">How often</th></tr></thead>
        <tbody>%s</tbody></table></div>
        """
        .formatted(rows);
  }

  // ---- the circumstances

  private String circumstances() {
    SequencedMap<String, String> facts = new LinkedHashMap<>();
    facts.put("Began", when(result.began()));
    facts.put("Lasted", Written.length(result.lasted()));
    facts.put("Seed", String.valueOf(result.seed()));
    facts.putAll(machine(result.machine()));
    stolen().ifPresent(it -> facts.put("Stolen by the host", it));
    facts.putAll(result.versions());
    String list =
        facts.entrySet().stream()
            .map(
                it ->
                    "<dt>%s</dt><dd>%s</dd>"
                        .formatted(Html.text(it.getKey()), Html.text(it.getValue())))
            .collect(Collectors.joining());
    return """
        <h2>Circumstances</h2>
        <div class="card"><dl class="facts">%s</dl>
        <details><summary>The profile</summary><pre tabindex="0">%s</pre></details></div>
        <footer>Beside this page: result.json, times.hlog with every second, and a .hgrm file for \
        each stretch, for HdrHistogram's own tools.</footer>
        """
        .formatted(list, Html.text(result.profile()));
  }

  static Map<String, String> machine(Machine machine) {
    SequencedMap<String, String> facts = new LinkedHashMap<>();
    facts.put("Processor", machine.processor() + ", " + machine.cores() + " cores");
    facts.put("Memory", Written.bytes((double) machine.memoryBytes()));
    facts.put("System", machine.system());
    return facts;
  }

  private Optional<String> stolen() {
    double[] stolen =
        result.series().seconds().stream()
            .mapToDouble(it -> it.gauge("machine/stolen by the host"))
            .filter(it -> !Double.isNaN(it))
            .toArray();
    return stolen.length == 0
        ? Optional.empty()
        : Optional.of(
            Written.digits(DoubleStream.of(stolen).average().orElse(0))
                + " % of the processor, on average");
  }

  static String capital(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
