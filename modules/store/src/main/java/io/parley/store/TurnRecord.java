package io.parley.store;

import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Moment.ContactFacts;
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
/// @param believed what the step took for granted of the thread's other end, where that may have
///     changed since it was read: a record that has it otherwise is not written
/// @param handed the send that is handed to a courier once the turn is written, and so leased from
///     the start
public record TurnRecord(
    String source,
    String sourceId,
    Optional<String> alias,
    ThreadId thread,
    Instant at,
    Event event,
    Step step,
    List<PersonCourse> courses,
    Optional<ContactFacts> believed,
    Optional<EffectId> handed) {

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
    this(
        source,
        sourceId,
        alias,
        thread,
        at,
        event,
        step,
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  /// The same, of a step that knew this of the person.
  public TurnRecord knowing(List<PersonCourse> known) {
    return new TurnRecord(
        source, sourceId, alias, thread, at, event, step, known, believed, handed);
  }

  /// The same, of a step that took this for granted of the thread's other end.
  public TurnRecord believing(Optional<ContactFacts> facts) {
    return new TurnRecord(source, sourceId, alias, thread, at, event, step, courses, facts, handed);
  }

  /// The same, with a send that is handed over.
  public TurnRecord handing(Optional<EffectId> send) {
    return new TurnRecord(
        source, sourceId, alias, thread, at, event, step, courses, believed, send);
  }
}
