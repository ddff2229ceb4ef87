package io.parley.verticles;

import io.parley.engine.flow.Durations;
import io.parley.store.FlowReport;
import io.parley.store.FlowReport.Reach;
import io.parley.verticles.ReportFigures.People;
import io.parley.verticles.ReportFigures.Row;
import io.parley.verticles.ReportFigures.Step;
import io.parley.verticles.ReportFigures.Sum;
import io.parley.verticles.ReportFigures.Uplift;
import java.math.BigDecimal;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What a flow came to, for people to read.
final class ReportText {

  private ReportText() {}

  static List<String> lines(ReportFigures figures) {
    FlowReport report = figures.report();
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s (%s), begun from %s until %s"
            .formatted(
                report.flow().name(),
                report.flow().sid(),
                report.period().since().truncatedTo(ChronoUnit.SECONDS),
                report.period().until().truncatedTo(ChronoUnit.SECONDS)));
    lines.add("converted: " + goal(report.goal()));
    lines.add("");
    if (figures.rows().stream().allMatch(row -> row.sum().entered() == 0)) {
      lines.add("nothing began");
      return lines;
    }
    lines.addAll(rows(figures.rows()));
    lines.add("");
    lines.addAll(people(figures));
    if (!figures.steps().isEmpty()) {
      lines.add("");
      lines.addAll(steps(figures.steps()));
    }
    return lines;
  }

  static String goal(FlowReport.Goal goal) {
    return "the person's first order within %s after %s"
        .formatted(
            Durations.print(goal.window()),
            goal.fromMessage() ? "the last message" : "the execution began");
  }

  private static List<String> rows(List<Row> rows) {
    TextTable table =
        new TextTable()
            .row(
                List.of(
                    "",
                    "entered",
                    "messaged",
                    "replied",
                    "clicked",
                    "to a person",
                    "offers",
                    "used",
                    "opted out",
                    "converted",
                    "rate (95 %)",
                    "revenue"));
    for (Row row : rows) {
      var sum = row.sum();
      table.row(
          List.of(
              row.label(),
              number(sum.entered()),
              row.heldOut() ? "" : number(sum.messaged()),
              row.heldOut() ? "" : number(sum.replied()),
              row.heldOut() ? "" : number(sum.clicked()),
              row.heldOut() ? "" : number(sum.handedOver()),
              row.heldOut() ? "" : number(sum.offersGranted()),
              row.heldOut() ? "" : number(sum.offersUsed()),
              row.heldOut() ? "" : number(sum.optedOut()),
              number(sum.converted()),
              rate(row.converted()),
              revenue(row.incomes())));
    }
    return table.lines();
  }

  private static String revenue(Map<String, Sum> incomes) {
    String all =
        incomes.entrySet().stream()
            .filter(it -> it.getValue().orders() > it.getValue().unvalued())
            .map(it -> (amount(it.getValue().amount()) + " " + it.getKey()).strip())
            .collect(Collectors.joining(", "));
    long unvalued = incomes.values().stream().mapToLong(Sum::unvalued).sum();
    if (unvalued == 0) {
      return all.isEmpty() ? "-" : all;
    }
    String untold = number(unvalued) + " of unknown value";
    return all.isEmpty() ? untold : all + ", " + untold;
  }

  private static List<String> people(ReportFigures figures) {
    List<String> lines = new ArrayList<>();
    TextTable table =
        new TextTable()
            .row(List.of("people, by their first entry", "people", "converted", "rate (95 %)"));
    for (People it : figures.people()) {
      table.row(
          List.of(
              it.label(),
              number(it.converted().of()),
              number(it.converted().count()),
              rate(it.converted())));
    }
    lines.addAll(table.lines());
    figures.uplifts().forEach(uplift -> lines.add(uplift(uplift)));
    return lines;
  }

  private static String uplift(Uplift it) {
    return "uplift of %s over %s: %+.1f points (95 %%: %+.1f to %+.1f)%s%s"
        .formatted(
            it.people().label(),
            it.against().label(),
            100 * it.difference(),
            100 * it.interval().low(),
            100 * it.interval().high(),
            it.against().converted().count() == 0
                ? ""
                : String.format(
                    Locale.ROOT,
                    ", %.2f times",
                    it.people().converted().rate() / it.against().converted().rate()),
            it.isClear() ? "" : "; may be chance");
  }

  private static List<String> steps(List<Step> steps) {
    TextTable table =
        new TextTable()
            .row(
                List.of(
                    "widget",
                    "reached",
                    "of entered",
                    "went on",
                    "the end",
                    "dropped",
                    "drop-off",
                    "waiting"));
    String label = "";
    for (Step step : steps) {
      if (!step.label().equals(label) && !step.label().equals(ReportFigures.ALL)) {
        label = step.label();
        table.row(List.of("in " + label));
      }
      Reach reach = step.reach();
      table.row(
          List.of(
              (reach.subflow().isEmpty() ? "" : reach.subflow() + "/") + reach.widget(),
              number(reach.reached()),
              percent((double) reach.reached() / Math.max(1, step.entered())),
              number(reach.wentOn()),
              number(reach.completed()),
              number(reach.dropped()),
              percent(step.dropOff()),
              number(reach.waiting())));
    }
    return table.lines();
  }

  private static String rate(Proportion it) {
    return it.of() == 0
        ? "-"
        : "%s (%s to %s)"
            .formatted(
                percent(it.rate()), points(it.interval().low()), points(it.interval().high()));
  }

  private static String percent(double share) {
    return points(share) + " %";
  }

  private static String points(double share) {
    return String.format(Locale.ROOT, "%.1f", 100 * share);
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String amount(BigDecimal amount) {
    return String.format(Locale.ROOT, "%,.2f", amount);
  }
}
