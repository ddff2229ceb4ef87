package io.parley.workbench.cases;

import io.parley.engine.Event;
import io.parley.engine.Step;

/// One event and what the engine made of it.
///
/// @param told whether the script told of it, and not the world around it (Twilio's answer to a
/// send, an answer by a rule)
record Beat(Event event, Step step, boolean told) {}
