package io.parley.verticles;

import io.parley.store.FlowReport;
import io.parley.store.FlowReport.Arm;
import io.parley.store.FlowReport.Count;
import io.parley.store.FlowReport.Group;
import io.parley.store.FlowReport.Income;
import io.parley.store.FlowReport.Reach;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The figures of a report as they are asked for: summed, by cohort or by day.
///
/// @param rows all that was spoken to first, what was held out last
/// @param people the same of people, each counted once
/// @param uplifts against what was held out, or against the arm that was named
/// @param steps by widget, in the order of the flow
record ReportFigures(
    FlowReport report,
    List<Row> rows,
    List<People> people,
    List<Uplift> uplifts,
    List<Step> steps) {

  /// What figures are shown of beside all.
  enum By {
    all,
    cohort,
    day
  }

  /// Of all of them.
  static final String ALL = "all";

  /// Of all that were held out of an experiment.
  static final String HELD_OUT = "held out";

  /// Of executions in no cohort.
  static final String NO_COHORT = "no cohort";

  ReportFigures {
    rows = List.copyOf(rows);
    people = List.copyOf(people);
    uplifts = List.copyOf(uplifts);
    steps = List.copyOf(steps);
  }

  /// One row of figures.
  ///
  /// @param label `all`, a cohort or a day
  /// @param incomes by currency; empty text for orders that named none
  record Row(String label, boolean heldOut, Count sum, Map<String, Sum> incomes) {
    Row {
      incomes = new TreeMap<>(incomes);
    }

    Proportion converted() {
      return new Proportion(sum.converted(), sum.entered());
    }
  }

  /// @param unvalued orders whose value the shop did not tell
  record Sum(BigDecimal amount, long orders, long unvalued) {
    Sum and(Sum other) {
      return new Sum(amount.add(other.amount), orders + other.orders, unvalued + other.unvalued);
    }
  }

  /// People who converted, of those who entered.
  record People(String label, boolean heldOut, Proportion converted) {}

  /// How much better some people converted than others.
  record Uplift(People people, People against) {
    double difference() {
      return people.converted().rate() - against.converted().rate();
    }

    Proportion.Interval interval() {
      return people.converted().over(against.converted());
    }

    /// Whether chance alone would hardly bring such a difference about.
    boolean isClear() {
      return interval().low() > 0 || interval().high() < 0;
    }
  }

  /// How far executions got at a widget.
  ///
  /// @param label `all` or a cohort
  /// @param entered executions that began
  record Step(String label, Reach reach, long entered) {
    double dropOff() {
      return (double) reach.dropped() / reach.reached();
    }
  }

  /// @param baseline the cohort that others are compared with; empty for those held out
  static ReportFigures of(FlowReport report, By by, String baseline) {
    List<Row> rows = rows(report, by);
    List<People> people = people(report, by);
    return new ReportFigures(
        report, rows, people, uplifts(report, people, baseline), steps(report, by));
  }

  // ---- rows

  private static List<Row> rows(FlowReport report, By by) {
    List<Row> rows = new ArrayList<>();
    rows.add(row(report, ALL, false, group -> !group.heldOut()));
    switch (by) {
      case all -> {}
      case cohort ->
          cohorts(report, false)
              .forEach(
                  cohort ->
                      rows.add(
                          row(
                              report,
                              label(cohort),
                              false,
                              group -> !group.heldOut() && group.cohort().equals(cohort))));
      case day ->
          groups(report)
              .filter(group -> !group.heldOut())
              .map(Group::day)
              .distinct()
              .sorted()
              .forEach(
                  day ->
                      rows.add(
                          row(
                              report,
                              day.toString(),
                              false,
                              group -> !group.heldOut() && group.day().equals(day))));
    }
    Set<String> heldOut = cohorts(report, true);
    if (by == By.cohort) {
      heldOut.forEach(
          cohort ->
              rows.add(
                  row(
                      report,
                      label(cohort),
                      true,
                      group -> group.heldOut() && group.cohort().equals(cohort))));
    } else if (!heldOut.isEmpty()) {
      rows.add(row(report, HELD_OUT, true, Group::heldOut));
    }
    return rows;
  }

  private static String label(String cohort) {
    return cohort.isEmpty() ? NO_COHORT : cohort;
  }

  private static Set<String> cohorts(FlowReport report, boolean heldOut) {
    Set<String> cohorts = new LinkedHashSet<>();
    groups(report)
        .filter(group -> group.heldOut() == heldOut)
        .map(Group::cohort)
        .sorted()
        .forEach(cohorts::add);
    return cohorts;
  }

  private static Stream<Group> groups(FlowReport report) {
    return report.counts().stream().map(Count::group);
  }

  private static Row row(FlowReport report, String label, boolean heldOut, Predicate<Group> which) {
    Group nobody = new Group(java.time.LocalDate.EPOCH, label, heldOut);
    Count sum =
        report.counts().stream()
            .filter(it -> which.test(it.group()))
            .reduce(new Count(nobody, 0, 0, 0, 0, 0, 0, 0, 0, 0), ReportFigures::sum);
    Map<String, Sum> incomes = new TreeMap<>();
    for (Income income : report.incomes()) {
      if (which.test(income.group())) {
        incomes.merge(
            income.currency(),
            new Sum(income.amount(), income.orders(), income.unvalued()),
            Sum::and);
      }
    }
    return new Row(label, heldOut, sum, incomes);
  }

  private static Count sum(Count one, Count other) {
    return new Count(
        one.group(),
        one.entered() + other.entered(),
        one.messaged() + other.messaged(),
        one.replied() + other.replied(),
        one.clicked() + other.clicked(),
        one.handedOver() + other.handedOver(),
        one.offersGranted() + other.offersGranted(),
        one.offersUsed() + other.offersUsed(),
        one.optedOut() + other.optedOut(),
        one.converted() + other.converted());
  }

  // ---- people

  private static List<People> people(FlowReport report, By by) {
    List<People> people = new ArrayList<>();
    people.add(people(report, ALL, false, arm -> !arm.heldOut()));
    for (Arm arm : report.arms()) {
      if (by == By.cohort && !arm.heldOut()) {
        people.add(people(report, label(arm.cohort()), false, arm::equals));
      }
    }
    if (report.arms().stream().anyMatch(Arm::heldOut)) {
      people.add(people(report, HELD_OUT, true, Arm::heldOut));
    }
    return people;
  }

  private static People people(
      FlowReport report, String label, boolean heldOut, Predicate<Arm> which) {
    List<Arm> arms = report.arms().stream().filter(which).toList();
    return new People(
        label,
        heldOut,
        new Proportion(
            arms.stream().mapToLong(Arm::converted).sum(),
            arms.stream().mapToLong(Arm::people).sum()));
  }

  /// Each row of people against the baseline: those held out, or the arm that was named.
  private static List<Uplift> uplifts(FlowReport report, List<People> people, String baseline) {
    People against =
        baseline.isEmpty()
            ? people(report, HELD_OUT, true, Arm::heldOut)
            : people(report, baseline, false, arm -> arm.cohort().equals(baseline));
    if (against.converted().of() == 0) {
      return List.of();
    }
    return people.stream()
        .filter(it -> !it.heldOut() && it.converted().of() > 0)
        .filter(it -> !it.label().equals(baseline))
        .filter(it -> baseline.isEmpty() || !it.label().equals(ALL))
        .map(it -> new Uplift(it, against))
        .toList();
  }

  // ---- widgets

  private static List<Step> steps(FlowReport report, By by) {
    if (by == By.cohort) {
      return cohorts(report, false).stream()
          .flatMap(
              cohort ->
                  report.reaches().stream()
                      .filter(it -> it.cohort().equals(cohort))
                      .map(it -> new Step(label(cohort), it, entered(report, cohort))))
          .toList();
    }
    Map<List<String>, Reach> sums = new java.util.LinkedHashMap<>();
    for (Reach reach : report.reaches()) {
      sums.merge(List.of(reach.subflow(), reach.widget()), reach, ReportFigures::sum);
    }
    long entered =
        report.counts().stream()
            .filter(it -> !it.group().heldOut())
            .mapToLong(Count::entered)
            .sum();
    return sums.values().stream()
        .sorted(java.util.Comparator.comparingDouble(Reach::place))
        .map(it -> new Step(ALL, it, entered))
        .toList();
  }

  private static long entered(FlowReport report, String cohort) {
    return report.counts().stream()
        .filter(it -> !it.group().heldOut() && it.group().cohort().equals(cohort))
        .mapToLong(Count::entered)
        .sum();
  }

  private static Reach sum(Reach one, Reach other) {
    long reached = one.reached() + other.reached();
    return new Reach(
        "",
        one.subflow(),
        one.widget(),
        (one.place() * one.reached() + other.place() * other.reached()) / reached,
        reached,
        one.visits() + other.visits(),
        one.wentOn() + other.wentOn(),
        one.completed() + other.completed(),
        one.dropped() + other.dropped(),
        one.waiting() + other.waiting());
  }
}
