package io.parley.loadtest.oracle;

/// What Parley promises.
public enum Promise {
  EVENT_HAS_ONE_TURN("every accepted event has one turn"),
  TURNS_HAVE_NO_GAP("the turns of a conversation are numbered without a gap"),
  SEND_LEAVES_ONCE("a message is created once at Twilio, or it is said why not"),
  SENDS_KEEP_ORDER("the messages of a conversation leave in their order"),
  CALL_LEAVES_ONCE("a call that changes something is made once"),
  NOTHING_AFTER_OPT_OUT("nothing is sent to who has opted out"),
  OFFER_HAS_FRICTION("no offer is made without its friction"),
  CONVERSATION_HAS_A_PLACE("every conversation waits, is handed off or has ended"),
  OUTCOME_ARRIVES_ONCE("every outcome arrives at Customer.io, once"),
  OUTCOMES_KEEP_ORDER("the outcomes of a conversation arrive in their order"),
  OPT_OUT_IS_TOLD("every opt-out is known at Customer.io"),
  WINDOW_IS_CLOSED("every suppression window is closed, or its end is to come"),
  NOTHING_IS_LEFT_OVER("nothing is left over");

  private final String sentence;

  Promise(String sentence) {
    this.sentence = sentence;
  }

  /// It, in words for the report.
  public String sentence() {
    return sentence;
  }
}
