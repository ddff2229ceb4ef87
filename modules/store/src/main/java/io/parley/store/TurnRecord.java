package io.parley.store;

import io.parley.engine.Event;
import io.parley.engine.Step;
import io.parley.engine.ThreadId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A step that is to become a row of the journal.
///
/// @param source who told of the event
/// @param sourceId its name there; (source, sourceId) is taken once
/// @param alias a second name of it, taken once too
/// @param courses what the step knew of the person, where it asked
public record TurnRecord(
    String source,
    String sourceId,
    Optional<String> alias,
    ThreadId thread,
    Instant at,
    Event event,
    Step step,
    List<PersonCourse> courses) {

  public TurnRecord {
    courses = List.copyOf(courses);
  }

  /// Of a step that asked nothing about the person.
  public TurnRecord(
      String source,
      String sourceId,
      Optional<String> alias,
      ThreadId thread,
      Instant at,
      Event event,
      Step step) {
    this(source, sourceId, alias, thread, at, event, step, List.of());
  }

  /// The same, of a step that knew this of the person.
  public TurnRecord knowing(List<PersonCourse> known) {
    return new TurnRecord(source, sourceId, alias, thread, at, event, step, known);
  }
}
