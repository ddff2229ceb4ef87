package io.parley.intents;

import io.parley.engine.Tag;
import io.parley.engine.flow.Condition;
import io.parley.engine.flow.ConditionType;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.SendAndWaitForReply;
import io.parley.engine.flow.SetVariables;
import io.parley.engine.flow.SplitBasedOn;
import io.parley.engine.flow.Transition;
import io.parley.engine.flow.Widget;
import io.parley.engine.liquid.Templates;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The answers that a flow looks for when the reply to a question has come: the literal texts with
/// which the split behind the question compares it, one for each way out.
final class LookedFor {

  private static final KeywordTagger KEYWORDS = new KeywordTagger();

  /// Widgets between the question and the split that only set variables.
  private static final int MOST_BETWEEN = 3;

  /// `{{widgets.ask.inbound.Body}}`, `{{trigger.message.Body | downcase}}`
  private static final Pattern BODY = Pattern.compile("\\b(?:inbound|message)\\.Body\\b");

  /// `1`, `b`: where an option stands, and not what it is.
  private static final Pattern PLACE = Pattern.compile("\\d{1,2}|\\p{L}");

  private LookedFor() {}

  /// @param widget where the flow waits
  static List<String> at(Flow flow, String widget) {
    Optional<Widget> asking =
        flow.widget(widget).filter(SendAndWaitForReply.class::isInstance).map(it -> it);
    Optional<Widget> next = asking.flatMap(it -> it.next("incomingMessage")).flatMap(flow::widget);
    Set<String> variables = new LinkedHashSet<>();
    for (int i = 0; i < MOST_BETWEEN && next.isPresent(); i++) {
      if (!(next.get() instanceof SetVariables setting)) {
        break;
      }
      setting.variables().stream()
          .filter(it -> BODY.matcher(it.value()).find())
          .forEach(it -> variables.add("flow.variables." + it.key()));
      next = setting.next("next").flatMap(flow::widget);
    }
    return next.filter(SplitBasedOn.class::isInstance)
        .map(it -> answers(it.transitions(), variables))
        .orElse(List.of());
  }

  private static List<String> answers(List<Transition> transitions, Set<String> variables) {
    List<String> answers = new ArrayList<>();
    for (Transition transition : transitions) {
      transition.conditions().stream()
          .filter(it -> isOfBody(it.subject(), variables))
          .flatMap(LookedFor::literals)
          .filter(it -> !KEYWORDS.isStop(it) && !it.equalsIgnoreCase(Tag.HELP))
          .reduce((first, other) -> PLACE.matcher(first).matches() ? other : first)
          .filter(it -> !answers.contains(it))
          .ifPresent(answers::add);
    }
    return answers;
  }

  private static boolean isOfBody(String subject, Set<String> variables) {
    return BODY.matcher(subject).find() || variables.stream().anyMatch(subject::contains);
  }

  private static Stream<String> literals(Condition condition) {
    if (!Templates.isPlain(condition.value())) {
      return Stream.empty();
    }
    Stream<String> values =
        condition.type() == ConditionType.EQUAL_TO
            ? Stream.of(condition.value())
            : condition.type() == ConditionType.MATCHES_ANY_OF
                ? Stream.of(condition.value().split(",", -1))
                : Stream.empty();
    return values.map(String::strip).filter(it -> !it.isEmpty());
  }
}
