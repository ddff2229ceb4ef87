package io.parley.verticles;

import io.parley.store.Journal;
import java.util.Optional;

/// A step of an execution as Studio knows it.
///
/// @param sid `FT...`
/// @param widgetType the type of the widget that it leaves, where the flow is at hand
/// @param parentSid the step of the widget that ran the subflow, in a subflow
record NumberedStep(
    String sid, Journal.Passage passage, Optional<String> widgetType, Optional<String> parentSid) {}
