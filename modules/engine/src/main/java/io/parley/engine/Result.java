package io.parley.engine;

import java.util.Locale;

/// How an execution ended.
public enum Result {
  /// It reached a transition with no next widget.
  COMPLETED,
  OPTED_OUT,
  /// The contact was asked whether to stop, and the flow had something to say before the answer.
  OPT_OUT_UNCLEAR,
  /// The contact's address turned out to take no messages.
  UNREACHABLE,
  PURCHASED,
  /// A caller ended it.
  STOPPED,
  /// A person who spoke for us was done with the conversation, and ended it.
  CLOSED,
  /// It stood for 30 days. Source: Studio FAQ, execution lifetime.
  EXPIRED,
  /// It made 1,000 steps (81000).
  STEP_LIMIT,
  /// It ran the same widget ten times in a row and was to run it again (81001).
  WIDGET_LOOP,
  /// It reached a widget that this engine reads but does not run.
  UNSUPPORTED_WIDGET;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
