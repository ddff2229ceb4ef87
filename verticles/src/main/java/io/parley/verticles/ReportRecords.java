package io.parley.verticles;

import io.parley.engine.flow.Durations;
import io.parley.store.FlowReport;
import io.parley.store.FlowReport.Reach;
import io.parley.verticles.ReportFigures.People;
import io.parley.verticles.ReportFigures.Row;
import io.parley.verticles.ReportFigures.Step;
import io.parley.verticles.ReportFigures.Uplift;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What a flow came to, for programs: as one JSON object, or as a table of comma-separated values.
/// Rates are between 0 and 1, with four digits.
final class ReportRecords {

  private ReportRecords() {}

  // ---- JSON

  static JsonObject json(ReportFigures figures) {
    FlowReport report = figures.report();
    JsonArray rows = new JsonArray();
    figures.rows().forEach(row -> rows.add(json(row)));
    JsonArray people = new JsonArray();
    figures.people().forEach(it -> people.add(json(it)));
    JsonArray uplifts = new JsonArray();
    figures.uplifts().forEach(it -> uplifts.add(json(it)));
    JsonArray widgets = new JsonArray();
    figures.steps().forEach(it -> widgets.add(json(it)));
    return new JsonObject()
        .put("flow", report.flow().name())
        .put("flow_sid", report.flow().sid().value())
        .put("since", report.period().since().toString())
        .put("until", report.period().until().toString())
        .put(
            "conversion",
            new JsonObject()
                .put("window", Durations.print(report.goal().window()))
                .put("from", report.goal().fromMessage() ? "last_message" : "start")
                .put("rule", ReportText.goal(report.goal())))
        .put("groups", rows)
        .put("people", people)
        .put("uplift", uplifts)
        .put("widgets", widgets);
  }

  private static JsonObject json(Row row) {
    var sum = row.sum();
    JsonArray revenue = new JsonArray();
    row.incomes()
        .forEach(
            (currency, it) ->
                revenue.add(
                    new JsonObject()
                        .put("currency", currency)
                        .put("amount", it.amount())
                        .put("orders", it.orders())
                        .put("orders_of_unknown_value", it.unvalued())));
    JsonObject json =
        new JsonObject()
            .put("group", row.label())
            .put("held_out", row.heldOut())
            .put("entered", sum.entered())
            .put("messaged", sum.messaged())
            .put("replied", sum.replied())
            .put("clicked", sum.clicked())
            .put("handed_over", sum.handedOver())
            .put("offers_granted", sum.offersGranted())
            .put("offers_used", sum.offersUsed())
            .put("opted_out", sum.optedOut());
    return put(json, row.converted()).put("revenue", revenue);
  }

  private static JsonObject json(People people) {
    return put(
        new JsonObject()
            .put("group", people.label())
            .put("held_out", people.heldOut())
            .put("people", people.converted().of()),
        people.converted());
  }

  private static JsonObject json(Uplift uplift) {
    return new JsonObject()
        .put("group", uplift.people().label())
        .put("against", uplift.against().label())
        .put("difference", digits(uplift.difference()))
        .put("low", digits(uplift.interval().low()))
        .put("high", digits(uplift.interval().high()))
        .put("clear", uplift.isClear());
  }

  private static JsonObject json(Step step) {
    Reach reach = step.reach();
    return new JsonObject()
        .put("group", step.label())
        .put("subflow", reach.subflow())
        .put("widget", reach.widget())
        .put("reached", reach.reached())
        .put("visits", reach.visits())
        .put("went_on", reach.wentOn())
        .put("completed", reach.completed())
        .put("dropped", reach.dropped())
        .put("waiting", reach.waiting())
        .put("drop_off", digits(step.dropOff()));
  }

  private static JsonObject put(JsonObject json, Proportion converted) {
    return json.put("converted", converted.count())
        .put("rate", digits(converted.rate()))
        .put("rate_low", digits(converted.interval().low()))
        .put("rate_high", digits(converted.interval().high()));
  }

  private static BigDecimal digits(double share) {
    return BigDecimal.valueOf(share).setScale(4, RoundingMode.HALF_UP);
  }

  // ---- comma-separated values

  /// The groups with a column of revenue for each currency.
  static List<String> groups(ReportFigures figures) {
    TreeSet<String> currencies = new TreeSet<>();
    figures.rows().forEach(row -> currencies.addAll(row.incomes().keySet()));
    List<String> lines = new ArrayList<>();
    List<String> head =
        new ArrayList<>(
            List.of(
                "group",
                "held_out",
                "entered",
                "messaged",
                "replied",
                "clicked",
                "handed_over",
                "offers_granted",
                "offers_used",
                "opted_out",
                "converted",
                "rate",
                "rate_low",
                "rate_high"));
    currencies.forEach(it -> head.add(it.isEmpty() ? "revenue" : "revenue_" + it));
    lines.add(String.join(",", head));
    for (Row row : figures.rows()) {
      var sum = row.sum();
      List<Object> cells =
          new ArrayList<>(
              List.of(
                  row.label(),
                  row.heldOut(),
                  sum.entered(),
                  sum.messaged(),
                  sum.replied(),
                  sum.clicked(),
                  sum.handedOver(),
                  sum.offersGranted(),
                  sum.offersUsed(),
                  sum.optedOut(),
                  sum.converted(),
                  digits(row.converted().rate()),
                  digits(row.converted().interval().low()),
                  digits(row.converted().interval().high())));
      currencies.forEach(
          it -> {
            ReportFigures.Sum income = row.incomes().get(it);
            cells.add(income == null ? "0" : income.amount().toPlainString());
          });
      lines.add(line(cells));
    }
    return lines;
  }

  /// The widgets.
  static List<String> widgets(ReportFigures figures) {
    List<String> lines = new ArrayList<>();
    lines.add("group,subflow,widget,reached,visits,went_on,completed,dropped,waiting,drop_off");
    for (Step step : figures.steps()) {
      Reach reach = step.reach();
      lines.add(
          line(
              List.of(
                  step.label(),
                  reach.subflow(),
                  reach.widget(),
                  reach.reached(),
                  reach.visits(),
                  reach.wentOn(),
                  reach.completed(),
                  reach.dropped(),
                  reach.waiting(),
                  digits(step.dropOff()))));
    }
    return lines;
  }

  /// Source: RFC 4180. What a spreadsheet would take for a formula is quoted with an apostrophe.
  private static String line(List<?> cells) {
    return cells.stream().map(cell -> cell(String.valueOf(cell))).collect(Collectors.joining(","));
  }

  private static String cell(String text) {
    String safe = text.matches("[=+@].*") ? "'" + text : text;
    return safe.matches("[^\",\r\n]*") ? safe : '"' + safe.replace("\"", "\"\"") + '"';
  }
}
