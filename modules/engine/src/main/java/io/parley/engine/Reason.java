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
  STALE("what set the trigger off is too long ago by the time that the contact may be written to"),
  STALE_CART("the trigger describes the cart as it was too long ago"),
  FREQUENCY_CAP("a trigger with the same frequency cap key began for this person a short time ago"),
  NO_CONSENT("the policy asks for a recorded consent on this channel, and none is on record"),
  PURCHASED("the contact has bought since what set the trigger off"),
  IN_CONVERSATION("another conversation with the person is in progress in another thread"),
  HOLDOUT("the contact is in a cohort that is never spoken to"),
  OLDER_PURCHASE("the order was placed before the conversation began"),
  REPEATED_PURCHASE("the order has been told of before"),
  OPT_OUT_LIFTED("the contact has wanted messages again since then"),
  NO_SUPPRESSION("no suppression window of this thread is over"),
  ALREADY_TAKEN("somebody else speaks for us in this thread"),
  NOT_TAKEN("nobody has the conversation: who speaks or closes it must have taken it"),
  ALREADY_SAID("the queue has said this before"),
  QUIET_HOURS("these are quiet hours for the contact: it may be sent when they are over"),
  QUIET_HOURS_NEVER("the rules for quiet hours leave no moment to write to the contact"),
  OUTSIDE_WINDOW(
      "the contact wrote more than 24 hours ago: WhatsApp takes an approved template only"),
  TOO_LONG("the message is longer than a message may be"),
  MARKETING_TEMPLATE("the policy does not let this template go to this contact"),
  OFFER_NOT_GRANTED("the message promises what no gate has granted"),
  OFFER_EXPIRED("the offer in the message is over before the message may leave"),
  MESSAGE_REFUSED("our own rules refuse the message"),
  UNKNOWN_WIDGET("the execution that is alive has no such widget"),
  NO_SUCH_FLOW("there is no such flow in this revision");

  private final String sentence;

  Reason(String sentence) {
    this.sentence = sentence;
  }

  /// The reason as payloads and metrics carry it: `opted_out`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The reason that a message was refused for.
  static Reason ofRefusal(String word) {
    for (Reason reason : values()) {
      if (reason.word().equals(word)) {
        return reason;
      }
    }
    return MESSAGE_REFUSED;
  }

  public String sentence() {
    return sentence;
  }
}
