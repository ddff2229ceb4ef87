package io.parley.store;

import io.parley.engine.Event;
import io.parley.engine.Step;
import io.parley.engine.ThreadId;
import java.time.Instant;
import java.util.Optional;

/// A step that is to become a row of the journal.
///
/// @param source who told of the event
/// @param sourceId its name there; (source, sourceId) is taken once
/// @param alias a second name of it, taken once too
public record TurnRecord(
    String source,
    String sourceId,
    Optional<String> alias,
    ThreadId thread,
    Instant at,
    Event event,
    Step step) {}
