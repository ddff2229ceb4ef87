package io.parley.engine.hours;

import java.time.Instant;

/// What quiet hours say of one message.
public sealed interface Verdict {

  /// It may go: the window is open.
  record Go() implements Verdict {}

  /// It goes although the window is shut, and is marked so.
  ///
  /// @param reason why the hours do not hold for it
  /// @param since when the exemption began: when the reply came that it answers
  record GoExempt(String reason, Instant since) implements Verdict {}

  /// It waits for the window.
  record Wait(Instant until, Window.Hold by) implements Verdict {}

  /// The window never opens, so that waiting is no use.
  record Never(String why) implements Verdict {}
}
