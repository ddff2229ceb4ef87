package io.parley.verticles;

import io.parley.store.FlowReport;
import io.parley.store.FlowReport.Named;
import io.parley.store.FlowReport.Period;
import io.parley.verticles.ReportFigures.By;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `parley report`: what a flow came to.
@Command(
    name = "report",
    description =
        "Tell what a flow came to: who entered, replied, bought, at which widget people were lost, and"
            + " what speaking was worth against those held out. By the views of VIEWS.md.",
    mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {

  private static final Duration USUAL = Duration.ofDays(30);
  private static final long PATIENCE_SECONDS = 300;

  @Mixin private final DatabaseOption database = new DatabaseOption();

  @Parameters(paramLabel = "FLOW", description = "a flow's name or sid")
  private String name = "";

  @Option(
      names = "--since",
      defaultValue = "",
      description =
          "a day in UTC, a time in ISO 8601, or how long ago: 7d; 30d where nothing is said")
  private String since = "";

  @Option(
      names = "--until",
      defaultValue = "",
      description = "the same, exclusive; now where nothing is said")
  private String until = "";

  @Option(
      names = "--by",
      defaultValue = "all",
      description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} where nothing is said")
  private By by = By.all;

  @Option(
      names = "--baseline",
      defaultValue = "",
      description =
          "a cohort that the others are compared with; those held out where none is named")
  private String baseline = "";

  @Option(
      names = "--format",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} where nothing is said")
  private Form form = Form.text;

  @Option(names = "--widgets", description = "with --format csv, the widgets and not the groups")
  private boolean widgets;

  private final Clock clock = Clock.systemUTC();

  /// How a report is told.
  enum Form {
    text,
    json,
    csv
  }

  /// What came of asking.
  private sealed interface Told {
    record Report(FlowReport report) implements Told {}

    record Unknown(List<String> names) implements Told {}

    record Several(List<Named> flows) implements Told {}
  }

  @Override
  public Integer call() {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Optional<Instant> from = time(since, now, now.minus(USUAL));
    Optional<Instant> to = time(until, now, now);
    if (from.isEmpty() || to.isEmpty()) {
      System.err.println(
          (from.isEmpty() ? "--since " + since : "--until " + until)
              + " is not "
              + PointInTime.FORMS);
      return CommandLine.ExitCode.USAGE;
    }
    if (!from.get().isBefore(to.get())) {
      System.err.println("--since must be before --until");
      return CommandLine.ExitCode.USAGE;
    }
    Period period = new Period(from.get(), to.get());
    return database.ask(PATIENCE_SECONDS, pool -> told(pool, period), this::print);
  }

  private static Optional<Instant> time(String text, Instant now, Instant usual) {
    return text.isBlank() ? Optional.of(usual) : PointInTime.parse(text, now);
  }

  private Future<Told> told(Pool pool, Period period) {
    return FlowReport.named(pool, name)
        .compose(
            flows ->
                switch (flows.size()) {
                  case 0 -> FlowReport.names(pool).map(Told.Unknown::new);
                  case 1 -> FlowReport.of(pool, flows.getFirst(), period).map(Told.Report::new);
                  default -> Future.succeededFuture(new Told.Several(flows));
                });
  }

  private int print(Told told) {
    switch (told) {
      case Told.Unknown(var names) -> {
        System.err.println("no flow is named " + name + "; there are " + names);
        return CommandLine.ExitCode.SOFTWARE;
      }
      case Told.Several(var flows) -> {
        System.err.println(
            "%d flows are named %s; name one by its sid: %s"
                .formatted(flows.size(), name, flows.stream().map(Named::sid).toList()));
        return CommandLine.ExitCode.USAGE;
      }
      case Told.Report(var report) -> {
        ReportFigures figures = ReportFigures.of(report, by, baseline);
        switch (form) {
          case text -> ReportText.lines(figures).forEach(System.out::println);
          case json -> System.out.println(ReportRecords.json(figures).encodePrettily());
          case csv ->
              (widgets ? ReportRecords.widgets(figures) : ReportRecords.groups(figures))
                  .forEach(System.out::println);
        }
        return CommandLine.ExitCode.OK;
      }
    }
  }
}
