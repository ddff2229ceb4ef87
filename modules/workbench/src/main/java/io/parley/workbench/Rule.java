package io.parley.workbench;

import java.util.Locale;

/// What a check can find. A rule's code never changes its meaning, and is never used again once the
/// rule is gone.
public enum Rule {
  INVALID_DEFINITION(
      Severity.ERROR,
      "The definition breaks Studio's schema (81022).",
      "Correct what stands there; neither Studio nor Parley runs the flow as it is."),
  OLD_EXPORT(
      Severity.INFO,
      "The file is a console export of before 2020.",
      "Run `parley flow export` and keep what it prints instead."),
  NOT_AS_WRITTEN(
      Severity.WARNING,
      "Something stands in the file that is never looked at.",
      "Take it out, or write what was meant."),
  UNSUPPORTED_WIDGET(
      Severity.WARNING,
      "The widget is one that Parley reads but does not run: it needs a call.",
      "Lead around it: an execution that reaches it ends there with result unsupported_widget."),
  NO_MESSAGING_TRIGGER(
      Severity.WARNING,
      "Neither a message nor a request leads anywhere.",
      "Connect incomingMessage (the contact writes first) or incomingRequest (we do) of the trigger to"
          + " the first widget."),
  UNREACHABLE_WIDGET(
      Severity.WARNING,
      "No way leads from the trigger to the widget.",
      "Connect it, or delete it."),

  UNWIRED_TIMEOUT(
      Severity.WARNING,
      "A question leads nowhere when no reply comes.",
      "Connect timeout, if only to a message that closes the conversation."),
  UNWIRED_DELIVERY_FAILURE(
      Severity.WARNING,
      "A question leads nowhere when it cannot be delivered.",
      "Connect deliveryFailure to what should happen to a contact who was never asked."),
  UNWIRED_SEND_FAILURE(
      Severity.INFO,
      "A message that is followed by others leads nowhere when it cannot be sent.",
      "Connect failed, to the same widget as sent where the message may be missed."),
  UNWIRED_FAILURE(
      Severity.WARNING,
      "A request, a function, a subflow or a handoff leads nowhere when it fails.",
      "Connect its failure, if only to a message that says so: the conversation ends there without a"
          + " word."),
  UNWIRED_NO_MATCH(
      Severity.WARNING,
      "A split leads nowhere when nothing matches (81005).",
      "Connect noMatch, for example to the question once more in other words."),
  TIMEOUT_BEYOND_LIFE(
      Severity.WARNING,
      "A widget waits longer than an execution lives.",
      "Wait less than 30 days; after that the execution has expired."),

  ENDLESS_CYCLE(
      Severity.WARNING,
      "Widgets lead round in a circle without a message or a wait in it.",
      "Put a question in the circle, or a way out that is sure to be taken: the execution ends at"
          + " 1,000 steps, or before the eleventh run of one widget in a row."),
  POLLING_CYCLE(
      Severity.WARNING,
      "Requests are made round in a circle without a message or a wait in it.",
      "Put a parley.wait or a question in the circle, or count the rounds and leave: the execution"
          + " ends at 1,000 steps."),
  MESSAGE_STORM(
      Severity.WARNING,
      "Messages are sent round in a circle without waiting for a reply.",
      "Put a question in the circle, or count the rounds and leave."),
  NAGGING_CYCLE(
      Severity.WARNING,
      "A contact who never answers is asked again for ever.",
      "Count the rounds and leave: only 30 days, a stop or Studio's limits end it."),

  ENDLESS_WAIT(
      Severity.WARNING,
      "Waits follow each other in a circle that has no way out.",
      "Lead out of the circle: only 30 days or a stop end it."),
  SUBFLOW_REVISIONS(
      Severity.WARNING,
      "One subflow is run in several revisions, which Studio does not do (81024).",
      "Name one revision of it everywhere in the flow."),

  ARGUMENT_DIFFERS(
      Severity.WARNING,
      "A condition compares something else than the split's input.",
      "Write the input into the condition's arguments; a copied widget keeps the old one."),
  NEVER_HOLDS(
      Severity.WARNING,
      "A condition can never hold.",
      "Write a number, a time as HH:MM or a date as YYYY-MM-DD, with all digits."),
  ALWAYS_HOLDS(
      Severity.WARNING,
      "A condition holds whatever the contact writes.",
      "Write a value, or delete the condition."),
  SHADOWED_CONDITION(
      Severity.WARNING,
      "A transition is never taken, as an earlier one takes all that it asks for.",
      "Put the narrower transition first: the first one that matches is taken."),
  QUOTED_OPTION(
      Severity.WARNING,
      "A comma in an option parts it, in quotes or not.",
      "Use regex, or options without commas: they can not be escaped."),
  EMPTY_OPTION(
      Severity.INFO,
      "A list of options has an empty one.",
      "Take the comma out; blank texts are matched by is_blank only."),
  LIST_IN_EQUAL_TO(
      Severity.INFO,
      "A text is compared with a whole list.",
      "Use matches_any_of, if any of the list was meant."),
  NUMBER_AS_TEXT(
      Severity.INFO,
      "Numbers are compared as texts.",
      "Mind that 5, 5.0 and 05 are three texts; less_than and greater_than compare numbers."),
  TEXT_AS_NUMBER(
      Severity.INFO,
      "A text is compared as a number, which Studio itself may not do.",
      "Add `| plus: 0`, so that Studio sees a number, too; words never hold in either."),

  BROKEN_LIQUID(
      Severity.WARNING,
      "A template cannot be rendered, and comes to nothing (81018).",
      "Correct the template."),
  UNKNOWN_WIDGET_READ(
      Severity.WARNING,
      "A template reads a widget that does not exist.",
      "Correct the name; upper and lower case are different."),
  READ_BEFORE_RUN(
      Severity.WARNING,
      "A template reads a widget that cannot have run by then.",
      "Read a widget that lies on the way, or move this one."),
  UNKNOWN_OUTPUT(
      Severity.WARNING,
      "A template reads what the widget never writes.",
      "Read inbound of a question, outbound of what was sent, or a variable by its key."),
  UNSET_VARIABLE(
      Severity.WARNING,
      "A template reads a variable that no widget sets.",
      "Set it in a set-variables widget, or correct the name; the caller's values are in"
          + " flow.data."),
  UNKNOWN_NAME(
      Severity.WARNING,
      "A template reads a name that Studio does not have.",
      "Read flow, trigger, contact or widgets; the caller's values are in flow.data."),

  BROKEN_URL(
      Severity.WARNING,
      "What is to be called is no http or https URL, so that the call always fails.",
      "Write a whole URL, https://host/path; what only a build puts in is checked after that."),
  UNKNOWN_FUNCTION(
      Severity.WARNING,
      "A function is named as one that is built in, and none is called so: the call always fails.",
      "Write customerio/profile, customerio/email or customerio/broadcast."),
  FUNCTION_PARAMETERS(
      Severity.WARNING,
      "A built-in function is given what it does not take, or not what it needs: it always fails.",
      "Give it what modules/customerio/ACTIONS.md says of it."),

  EMPTY_MESSAGE(
      Severity.WARNING,
      "A message has neither text, media nor template (81011).",
      "Write one, or delete the widget."),
  LONG_MESSAGE(
      Severity.WARNING,
      "A message takes many segments, each of which is paid for.",
      "Say it in fewer words; one character outside of GSM-7 makes all of them count double."),
  TOO_LONG_MESSAGE(
      Severity.WARNING, "A message is longer than Twilio takes (21617).", "Make it two messages."),
  FREE_TEXT_OPENER(
      Severity.INFO,
      "A conversation that we begin has no WhatsApp template to begin with.",
      "Give the message a content_sid if the flow is to run on WhatsApp: outside of 24 hours after"
          + " the contact's last message a free text is refused (63016)."),

  OFFER_BEFORE_GATE(
      Severity.ERROR,
      "A message reads an offer on a way that no gate has granted it on.",
      "Put a parley.gate-offer widget before it, and lead to the message from its granted exit; the"
          + " withheld exit needs words of its own."),
  UNGATED_DISCOUNT(
      Severity.WARNING,
      "A message promises a discount or a code on a way that no gate has granted one on.",
      "Let a parley.gate-offer widget grant it and read flow.offer, or list the phrase as public in"
          + " the policy; where the policy has offers, such a message is refused."),

  NO_HUMAN(
      Severity.INFO,
      "A flow that asks has no way to a human.",
      "Lead to a send-to-flex widget where the flow is at a loss.");

  private final Severity severity;
  private final String summary;
  private final String remedy;

  Rule(Severity severity, String summary, String remedy) {
    this.severity = severity;
    this.summary = summary;
    this.remedy = remedy;
  }

  /// The rule's name in reports: `unwired-timeout`.
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public Severity severity() {
    return severity;
  }

  /// What is so where it finds something, in one sentence.
  public String summary() {
    return summary;
  }

  public String remedy() {
    return remedy;
  }
}
