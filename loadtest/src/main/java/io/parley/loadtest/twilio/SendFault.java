package io.parley.loadtest.twilio;

import java.time.Duration;

/// What goes wrong with one create request.
public sealed interface SendFault {

  /// HTTP `status` (500, 503, ...); the message is not accepted.
  record ErrorBeforeAccepting(int status) implements SendFault {}

  /// HTTP `status`, though the message is accepted and will be sent.
  record ErrorAfterAccepting(int status) implements SendFault {}

  /// The connection is closed; the message is not accepted.
  record CutBeforeAccepting() implements SendFault {}

  /// The connection is closed, though the message is accepted and will be sent.
  record CutAfterAccepting() implements SendFault {}

  /// The message is accepted at once, but the answer comes late.
  record SlowAnswer(Duration delay) implements SendFault {}

  /// HTTP 429 with error 20429; the message is not accepted.
  record TooManyRequests() implements SendFault {}

  /// Refused with that error code of Twilio, such as 21408.
  record ErrorCode(int code) implements SendFault {}
}
