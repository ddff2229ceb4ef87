package io.parley.engine;

import java.util.Locale;

/// Why an event was refused. Each has one sentence that an operator can act on.
public enum Reason {
  OPTED_OUT("the contact has opted out of messages"),
  OPT_OUT_UNCLEAR("the contact was asked whether to stop, and has not answered"),
  UNREACHABLE("the contact's address cannot take messages"),
  SUPPRESSED("the trigger itself says that the contact is suppressed"),
  COOLING_OFF("the flow began for this contact a shorter time ago than the trigger's cooling-off"),
  BUSY("another execution is active in this thread"),
  NO_EXECUTION("no execution is active in this thread and our address is bound to no flow"),
  UNEXPECTED_EVENT("the widget that the execution stands at does not wait for this event (81002)"),
  HANDED_OFF("a person speaks for us in this thread"),
  LATE_TIMER("the timer was cancelled or belongs to an earlier wait"),
  LATE_ANSWER("the execution no longer waits for this answer"),
  OUT_OF_ORDER_STATUS("the message already stands at this status or a later one"),
  UNKNOWN_MESSAGE("no message of this conversation has that sid");

  private final String sentence;

  Reason(String sentence) {
    this.sentence = sentence;
  }

  /// The reason as payloads and metrics carry it: `opted_out`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String sentence() {
    return sentence;
  }
}
