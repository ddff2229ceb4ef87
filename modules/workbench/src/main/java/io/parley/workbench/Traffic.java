package io.parley.workbench;

import io.parley.codec.FlowDocument;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.Transition;
import io.parley.engine.flow.Widget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// How often the exits of a flow were taken: by random conversations, by test cases, or by
/// customers.
public final class Traffic {

  /// The exits of a widget by one event.
  ///
  /// @param next empty text where the execution ends there; empty where that was not said, and the
  ///     event alone has to tell
  private record Exit(String widget, String event, Optional<String> next) {}

  /// What came of reading a text.
  public sealed interface Reading {

    record Read(Traffic traffic) implements Reading {}

    /// @param problem completes the sentence `FILE ...`
    record Unreadable(String problem) implements Reading {}
  }

  private final Map<Exit, Long> counts;

  private Traffic(Map<Exit, Long> counts) {
    this.counts = counts;
  }

  /// Reads `{"flow": "cart", "exits": [{"widget": "ask", "event": "timeout", "next": "bye",
  /// "count": 12}]}`, as `flow walk --format json` prints it for each flow, or a list of such
  /// objects. Of a list, those count that are of the flow or name none; whatever else stands there
  /// is not looked at. An exit that is not listed was never taken; `next` tells the matches of a
  /// split apart, and may be left out elsewhere.
  ///
  /// @param flow the name that the flow is known by
  public static Reading read(String flow, String json) {
    return switch (FlowDocument.parse(json)) {
      case FlowDocument.Parsing.Unreadable(var problem) ->
          new Reading.Unreadable(problem.message());
      case FlowDocument.Parsing.Parsed(var document) -> {
        List<Map<?, ?>> meant = meant(flow, document.tree());
        yield meant.isEmpty()
            ? new Reading.Unreadable(
                "has no object with exits of the flow %s: make it by flow walk --format json"
                    .formatted(flow))
            : readExits(meant);
      }
    };
  }

  private static List<Map<?, ?>> meant(String flow, @Nullable Object tree) {
    if (tree instanceof Map<?, ?> object) {
      return object.get("exits") instanceof List<?> ? List.of(object) : List.of();
    }
    List<Map<?, ?>> meant = new ArrayList<>();
    for (Object item : tree instanceof List<?> list ? list : List.of()) {
      if (item instanceof Map<?, ?> object
          && object.get("exits") instanceof List<?>
          && flow.equals(nameIn(object, flow))) {
        meant.add(object);
      }
    }
    return meant;
  }

  private static String nameIn(Map<?, ?> object, String otherwise) {
    return object.get("flow") instanceof String name ? name : otherwise;
  }

  private static Reading readExits(List<Map<?, ?>> objects) {
    Map<Exit, Long> counts = new LinkedHashMap<>();
    for (Map<?, ?> object : objects) {
      for (Object item : (List<?>) Objects.requireNonNull(object.get("exits"))) {
        if (item instanceof Map<?, ?> exit
            && exit.get("widget") instanceof String widget
            && exit.get("event") instanceof String event
            && exit.get("count") instanceof Long count
            && count >= 0) {
          Optional<String> next = Optional.ofNullable(exit.get("next")).map(String::valueOf);
          counts.merge(new Exit(widget, event, next), count, Long::sum);
        } else {
          return new Reading.Unreadable(
              "has an exit that is not of the form {\"widget\": ..., \"event\": ..., \"count\":"
                  + " 12}: "
                  + Wording.of(item));
        }
      }
    }
    return new Reading.Read(new Traffic(counts));
  }

  /// How often a transition was taken, alone or with others of the same event that lead to the same
  /// widget; empty where that cannot be told, as several of the event lead to different ones.
  OptionalLong count(Widget widget, Transition transition) {
    String event = transition.event();
    Optional<String> next = Optional.of(transition.next().orElse(""));
    Long said = counts.get(new Exit(widget.name(), event, next));
    Long unsaid = counts.get(new Exit(widget.name(), event, Optional.empty()));
    if (unsaid == null) {
      return OptionalLong.of(said == null ? 0 : said);
    }
    boolean alone =
        widget.transitions().stream()
            .filter(it -> it.event().equals(event))
            .allMatch(it -> it.next().equals(transition.next()));
    return alone ? OptionalLong.of(unsaid + (said == null ? 0 : said)) : OptionalLong.empty();
  }

  /// The exits that were counted and are none of a flow's, `ask timeout -> bye`: traffic of another
  /// revision has such.
  public List<String> strangers(Flow flow) {
    List<String> strangers = new ArrayList<>();
    counts.forEach(
        (exit, count) -> {
          boolean known =
              flow.widget(exit.widget()).stream()
                  .flatMap(widget -> widget.transitions().stream())
                  .filter(it -> it.event().equals(exit.event()))
                  .anyMatch(
                      it -> exit.next().isEmpty() || exit.next().equals(Optional.of(next(it))));
          boolean ends =
              exit.next().equals(Optional.of("")) && flow.widget(exit.widget()).isPresent();
          if (count > 0 && !known && !ends) {
            String to = exit.next().filter(it -> !it.isEmpty()).map(it -> " -> " + it).orElse("");
            strangers.add(exit.widget() + " " + exit.event() + to);
          }
        });
    return List.copyOf(strangers);
  }

  private static String next(Transition transition) {
    return transition.next().orElse("");
  }
}
