package io.parley.workbench.cases;

import io.parley.engine.Block;
import io.parley.engine.Values;
import java.time.Instant;
import java.util.Optional;

/// Where a conversation stands.
///
/// @param widget where its execution waits; one of a subflow is `subflow/widget`
/// @param waiting for what: `reply`, `answer`, `agent`, `return`, `time`, `event`, `offer`,
///     `sending`; empty text where no execution is alive
/// @param until when the wait ends by itself, if it does
/// @param result how the last execution ended, where none is alive: `completed`
/// @param variables what the flow has set, also after its end
/// @param widgets what the widgets have put out, also after its end
/// @param block why nothing may be sent to the contact, if nothing may
record Standing(
    Optional<String> widget,
    String waiting,
    Optional<Instant> until,
    Optional<String> result,
    Values variables,
    Values widgets,
    Optional<Block> block) {

  static final Standing BEGINNING =
      new Standing(
          Optional.empty(),
          "",
          Optional.empty(),
          Optional.empty(),
          Values.EMPTY,
          Values.EMPTY,
          Optional.empty());

  /// One sentence's end: `question, for a reply until 2026-03-01T22:00:00Z`.
  String sentence() {
    if (widget.isEmpty()) {
      return result.map(it -> "ended: " + it).orElse("no flow runs");
    }
    return "at "
        + widget.get()
        + ", waiting for "
        + awaited()
        + until.map(it -> " until " + it).orElse("");
  }

  private String awaited() {
    return switch (waiting) {
      case "reply" -> "a reply";
      case "answer" -> "the answer to its request";
      case "agent" -> "an agent to close the conversation";
      case "return" -> "the redirect to return";
      case "event" -> "an event";
      case "offer" -> "a code for its offer";
      case "time" -> "the time";
      default -> waiting;
    };
  }
}
