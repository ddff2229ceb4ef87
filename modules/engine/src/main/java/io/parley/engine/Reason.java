package io.parley.engine;

import java.util.Locale;

/// Why an event was refused. Each has one sentence that an operator can act on.
public enum Reason {
  OPTED_OUT("the contact has opted out of messages"),
  OPT_OUT_UNCLEAR("the contact was asked whether to stop, and has not answered"),
  UNREACHABLE("the contact's address cannot take messages"),
  SUPPRESSED(
      "the contact is suppressed: the trigger says so, or the contact bought a short time ago"),
  COOLING_OFF("the flow began for this contact a shorter time ago than the trigger's cooling-off"),
  BUSY("another execution is active in this thread"),
  NO_EXECUTION("no execution is active in this thread and our address is bound to no flow"),
  UNEXPECTED_EVENT("the widget that the execution stands at does not wait for this event (81002)"),
  HANDED_OFF("a person speaks for us in this thread"),
  LATE_TIMER("the timer was cancelled or belongs to an earlier wait"),
  LATE_ANSWER("the execution no longer waits for this answer"),
  OUT_OF_ORDER_STATUS("the message already stands at this status or a later one"),
  UNKNOWN_MESSAGE("no message of this conversation has that sid"),
  NOT_ELIGIBLE("the trigger itself says that the contact is not eligible any more"),
  STALE("the hours open again only when what set the trigger off is too long ago"),
  STALE_CART("the trigger describes the cart as it was too long ago"),
  FREQUENCY_CAP("a trigger with the same frequency cap key began for this person a short time ago"),
  NO_CONSENT("the policy asks for a recorded consent on this channel, and none is on record"),
  PURCHASED("the contact has bought since what set the trigger off"),
  IN_CONVERSATION("another conversation with the person is in progress in another thread"),
  HOLDOUT("the contact is in a cohort that is never spoken to"),
  OLDER_PURCHASE("the order was placed before the conversation began"),
  REPEATED_PURCHASE("the order has been told of before"),
  OPT_OUT_LIFTED("the contact has wanted messages again since then"),
  NO_SUPPRESSION("no suppression window of this thread is over");

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
