package io.parley.engine.flow;

import io.parley.engine.Awaiting;
import io.parley.engine.FlowSid;
import io.parley.engine.Reason;
import io.parley.engine.Result;
import io.parley.engine.Values;
import java.util.Optional;

/// How far a widget got: it is left, it holds the execution, it ends it, or the event did not
/// concern it.
public sealed interface Reached {

  /// The widget is done. `outputs` become `widgets.NAME`, over what it wrote before.
  ///
  /// @param next the next widget; empty where the transition is not wired, which ends the execution
  record Left(String event, Optional<String> next, Values outputs) implements Reached {}

  /// The execution stands at the widget until something happens.
  record Holds(Awaiting awaiting, Values outputs) implements Reached {}

  /// The execution goes into another flow, and comes back to the widget when that one ends:
  /// `completed`, or `failed` where it cannot be run.
  ///
  /// @param revision `LatestPublished`, `LatestRevision`, `LatestDraft` or a number
  /// @param parameters what the subflow reads as `trigger.parent.parameters`
  record Calls(FlowSid flow, String revision, Values parameters) implements Reached {}

  /// The execution ends at the widget.
  record Ends(Result result, String explanation) implements Reached {}

  /// The event does not move the widget.
  record Unmoved(Reason reason) implements Reached {}
}
