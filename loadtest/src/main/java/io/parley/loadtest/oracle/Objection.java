package io.parley.loadtest.oracle;

/// A promise that was not kept.
///
/// @param conversation whose it is; empty where it is nobody's alone
public record Objection(Promise promise, String conversation, String what) {

  /// What Parley promises.
  public enum Promise {
    ACKNOWLEDGED_EVENT_HAS_ONE_TURN,
    TURNS_HAVE_NO_GAP,
    SEND_LEAVES_ONCE,
    SENDS_KEEP_ORDER,
    CALL_LEAVES_ONCE,
    NOTHING_AFTER_STOP,
    OUTCOME_ARRIVES_ONCE,
    OUTCOMES_KEEP_ORDER,
    NOTHING_IS_LEFT_OVER
  }

  @Override
  public String toString() {
    return promise + (conversation.isEmpty() ? "" : " [" + conversation + "]") + ": " + what;
  }
}
