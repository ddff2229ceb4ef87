package io.parley.targets;

import io.parley.edge.Cut;
import io.parley.edge.HandoffTarget.Line;
import io.parley.edge.HandoffTarget.Opening;
import io.parley.engine.Json;
import java.util.Locale;
import java.util.stream.Collectors;

/// What is known of a handoff, in words for whoever takes it where nothing but text is taken.
final class Briefing {

  private Briefing() {}

  /// The context, what was said, and where the rest is; the beginning of it where it is too long,
  /// but always the link.
  static String text(Opening opening, int maxBytes) {
    String link = "All of it: " + opening.link();
    String context =
        opening.context().entries().entrySet().stream()
            .map(entry -> entry.getKey() + ": " + word(entry.getValue()))
            .collect(Collectors.joining("\n"));
    String said =
        opening.transcript().stream().map(Briefing::line).collect(Collectors.joining("\n"));
    String whole = "Handed over by Parley (" + opening.topic() + ")\n" + context + "\n\n" + said;
    return Cut.text(whole.strip(), maxBytes - Cut.bytes(link) - 2) + "\n\n" + link;
  }

  private static String word(Object value) {
    return value instanceof String text ? text : Json.print(value);
  }

  private static String line(Line line) {
    return line.by().name().toLowerCase(Locale.ROOT) + ": " + line.whole();
  }
}
