package io.parley.loadtest.customerio;

import java.time.Duration;

/// What goes wrong with one request to the Track API.
public sealed interface TrackFault {

  /// HTTP `status` (503, 429, 500, ...); nothing is applied.
  record ErrorBeforeApplying(int status) implements TrackFault {}

  /// HTTP `status`, though everything is applied.
  record ErrorAfterApplying(int status) implements TrackFault {}

  /// The connection is closed; nothing is applied.
  record CutBeforeApplying() implements TrackFault {}

  /// The connection is closed, though everything is applied.
  record CutAfterApplying() implements TrackFault {}

  /// Everything is applied at once, but the answer comes late.
  record SlowAnswer(Duration delay) implements TrackFault {}
}
