package io.parley.engine;

/// The names of what Parley reports; [io.parley.engine.outcomes.OutcomeCatalogue] says what each
/// carries.
public final class Outcomes {

  public static final String CONVERSATION_STARTED = "conversation_started";
  public static final String CONVERSATION_ENDED = "conversation_ended";
  public static final String CONVERSATION_REFUSED = "conversation_refused";
  public static final String FLOW_COMPLETED = "twilio_flow_completed";
  public static final String MESSAGE_SENT = "twilio_message_sent";
  public static final String MESSAGE_DELIVERED = "twilio_message_delivered";
  public static final String MESSAGE_READ = "twilio_message_read";
  public static final String MESSAGE_FAILED = "twilio_message_failed";
  public static final String REPLY = "twilio_reply";
  public static final String REPLY_INTENT = "twilio_reply_intent";
  public static final String LINK_CLICKED = "sms_clicked";
  public static final String HANDOFF_REQUESTED = "agent_handoff";

  /// An agent has taken a conversation.
  public static final String HANDOFF_ACCEPTED = "agent_handoff_accepted";

  public static final String HANDOFF_CLOSED = "agent_handoff_closed";
  public static final String OPTED_OUT = "opted_out";
  public static final String OPTED_IN = "opted_in";

  /// The person took back, elsewhere, the consent that a conversation was held by.
  public static final String CONSENT_REVOKED = "consent_revoked";

  /// The contact may have opted out, and was asked.
  public static final String OPT_OUT_ASKED = "opt_out_asked";

  /// The contact was asked whether to stop, and goes on.
  public static final String OPT_OUT_DECLINED = "opt_out_declined";

  public static final String CONVERSION = "conversion";

  /// A message waits for hours or a throttle.
  public static final String MESSAGE_DEFERRED = "twilio_message_deferred";

  /// A message was refused by our own rules, before Twilio was asked.
  public static final String MESSAGE_REFUSED = "twilio_message_refused";

  /// Other messages to the person are held back.
  public static final String SUPPRESSION_STARTED = "suppression_started";

  /// Other messages to the person are held back no more.
  public static final String SUPPRESSION_ENDED = "suppression_ended";

  /// The person is in a cohort that is never spoken to.
  public static final String EXPERIMENT_HOLDOUT = "experiment_holdout";

  /// The person's attribute that is true from when an execution begins until its suppression window
  /// ends, and for as long as one is alive.
  public static final String ATTRIBUTE_IN_PROGRESS = "conversation_in_progress";

  /// The person's attribute that names the flow of the execution that is alive, else empty.
  public static final String ATTRIBUTE_FLOW = "conversation_flow";

  /// The person's attribute that tells until when other messages are held back, else empty.
  public static final String ATTRIBUTE_SUPPRESSED_UNTIL = "suppressed_until";

  public static final String OFFER_GRANTED = "offer_granted";
  public static final String OFFER_WITHHELD = "offer_withheld";

  /// A code was given back, as it has reached nobody.
  public static final String OFFER_RETURNED = "offer_returned";

  public static final String OFFER_USED = "offer_used";

  /// Why a message was refused that promises what no gate granted.
  public static final String OFFER_NOT_GRANTED = "offer_not_granted";

  /// The person is a member of an audience from now on, or is told to be one again.
  public static final String AUDIENCE_ENTERED = "audience_entered";

  /// The person is a member of an audience no more.
  public static final String AUDIENCE_EXITED = "audience_exited";

  private Outcomes() {}
}
