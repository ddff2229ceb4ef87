package io.parley.workbench;

import io.parley.codec.FlowDocument;
import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.FlowReading;
import io.parley.engine.offers.Catalogue;
import io.parley.engine.offers.Leaks;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds what is wrong with a flow file, and what will surprise its author. See [Rule] for all that
/// it can find.
public final class FlowCheck {

  private static final Pattern IN_STATE = Pattern.compile("#/states/(\\d+)/?(.*)");

  /// Segments of one message that are not remarked upon: 320 characters, which carriers advise to
  /// stay below, are two and a half.
  public static final int MAX_SEGMENTS = 3;

  private FlowCheck() {}

  /// Everything that is found in a text, by line.
  ///
  /// @param file what the text is known by in reports
  public static CheckedFile check(String file, String text) {
    return check(file, text, MAX_SEGMENTS);
  }

  /// As [#check(String, String)], with another bound than [#MAX_SEGMENTS].
  public static CheckedFile check(String file, String text, int maxSegments) {
    return check(file, text, maxSegments, Catalogue.NONE);
  }

  /// As [#check(String, String, int)], for a brand with offers.
  public static CheckedFile check(String file, String text, int maxSegments, Catalogue catalogue) {
    return switch (FlowDocument.parse(text)) {
      case FlowDocument.Parsing.Unreadable(var problem) ->
          new CheckedFile(
              file,
              List.of(
                  new Finding(
                      Rule.INVALID_DEFINITION,
                      problem.propertyPath(),
                      "the file " + problem.message())),
              Map.of());
      case FlowDocument.Parsing.Parsed(var document) ->
          check(file, document, maxSegments, catalogue);
    };
  }

  private static CheckedFile check(
      String file, FlowDocument document, int maxSegments, Catalogue catalogue) {
    Map<String, Integer> lines = document.lines();
    Notebook notes = new Notebook();
    switch (document.reading()) {
      case FlowReading.Invalid(var problems) ->
          problems.forEach(it -> add(Rule.INVALID_DEFINITION, document, it, notes));
      case FlowReading.Valid(var flow, var warnings) -> {
        if (document.isLegacy()) {
          notes.add(Rule.OLD_EXPORT, "#", "the file is a console export of before 2020");
        }
        FlowMap map = new FlowMap(flow);
        WiringCheck.check(map, notes);
        ConditionCheck.check(map, notes);
        TemplateCheck.check(map, notes);
        MessageCheck.check(map, notes, maxSegments);
        OfferCheck.check(map, notes, new Leaks(catalogue));
        // What the reader says of a place of which all is said already is not said again.
        warnings.stream()
            .filter(warning -> !notes.has(warning.propertyPath()))
            .toList()
            .forEach(it -> add(Rule.NOT_AS_WRITTEN, document, it, notes));
      }
    }
    CheckedFile unsorted = new CheckedFile(file, notes.findings(), lines);
    List<Finding> byLine =
        notes.findings().stream().sorted(Comparator.comparingInt(unsorted::line)).toList();
    return new CheckedFile(file, byLine, lines);
  }

  private static void add(Rule rule, FlowDocument document, FlowProblem problem, Notebook notes) {
    notes.add(
        rule,
        problem.propertyPath(),
        subject(document, problem.propertyPath()) + " " + problem.message());
  }

  /// What a pointer points to, in words: `properties/timeout of widget ask`.
  private static String subject(FlowDocument document, String pointer) {
    Matcher state = IN_STATE.matcher(pointer);
    if (!state.matches()) {
      return pointer.equals("#") ? "the definition" : pointer.substring(2);
    }
    String widget = widget(document, Integer.parseInt(state.group(1)));
    return state.group(2).isEmpty() ? widget : state.group(2) + " of " + widget;
  }

  private static String widget(FlowDocument document, int index) {
    if (document.tree() instanceof Map<?, ?> definition
        && definition.get("states") instanceof List<?> states
        && index < states.size()
        && states.get(index) instanceof Map<?, ?> state
        && state.get("name") instanceof String name) {
      return "widget " + name;
    }
    return "state " + index;
  }
}
