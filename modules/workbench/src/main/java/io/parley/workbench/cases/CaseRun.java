package io.parley.workbench.cases;

import io.parley.workbench.Nearest;
import io.parley.workbench.cases.CaseResult.Failure;
import io.parley.workbench.cases.FlowCase.Scripted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Plays a case and compares what came with what was expected.
public final class CaseRun {

  private CaseRun() {}

  /// The same case, flows and surroundings give the same result.
  public static CaseResult run(FlowCase flowCase, FlowSet flows, Surroundings surroundings) {
    Play play = new Play(flows, flowCase.setting(), surroundings);
    List<Failure> failures = new ArrayList<>();
    strangers(flowCase.setting(), flows)
        .forEach(
            it ->
                failures.add(
                    new Failure(
                        0,
                        "the whole case",
                        new Mismatch("widget", flowCase.line(), List.of(it), List.of()))));
    boolean whole = steps(flowCase, play, failures);
    if (whole) {
      flowCase
          .expectation()
          .ifPresent(
              expected ->
                  expected
                      .compare(heard(flowCase, play, play.acts()))
                      .forEach(it -> failures.add(new Failure(0, "the whole case", it))));
    }
    return new CaseResult(flowCase, flows.root().name(), play.acts(), failures);
  }

  /// Rules for widgets that no flow has would never be used, and nobody would know.
  private static List<String> strangers(Setting setting, FlowSet flows) {
    List<String> known =
        flows.flows().values().stream()
            .flatMap(it -> it.flow().widgets().keySet().stream())
            .toList();
    return Stream.concat(
            setting.answers().stream().map(AnswerRule::widget),
            setting.failures().stream().map(FailureRule::widget))
        .flatMap(Optional::stream)
        .filter(widget -> !known.contains(widget))
        .map(widget -> Nearest.unknown("widget", widget, known) + " (in answers or failures)")
        .toList();
  }

  /// Whether all steps could be taken.
  private static boolean steps(FlowCase flowCase, Play play, List<Failure> failures) {
    for (int i = 0; i < flowCase.steps().size(); i++) {
      Scripted step = flowCase.steps().get(i);
      String title = step.deed().title();
      Act act;
      try {
        act = play.perform(step.deed());
      } catch (RuntimeException | StackOverflowError e) {
        // The engine is never to throw, whatever happens; the author is told, not left without.
        failures.add(broken(i + 1, title, step, "the engine failed: " + e, List.of()));
        return false;
      }
      if (act.obstacle().isPresent()) {
        failures.add(broken(i + 1, title, step, act.obstacle().get(), hints(play)));
        return false;
      }
      Heard heard = heard(flowCase, play, List.of(act));
      int number = i + 1;
      step.expectation()
          .ifPresent(
              it -> it.compare(heard).forEach(m -> failures.add(new Failure(number, title, m))));
    }
    return true;
  }

  private static Heard heard(FlowCase flowCase, Play play, List<Act> acts) {
    return new Heard(flowCase.setting().thread().theirs().value(), acts, play.standing());
  }

  private static Failure broken(
      int number, String title, Scripted step, String why, List<String> hints) {
    List<String> lines = new ArrayList<>();
    lines.add("cannot be done: " + why);
    lines.addAll(hints);
    lines.add("the steps after it were not tried");
    return new Failure(number, title, new Mismatch("step", step.line(), lines, List.of()));
  }

  private static List<String> hints(Play play) {
    return play.pending().stream()
        .map(
            it ->
                "%s waits for the answer to %s %s: add it to answers, or as a step answer: {...}"
                    .formatted(it.widget(), it.method(), it.url()))
        .toList();
  }
}
