package io.parley.engine.outcomes;

import io.parley.engine.Channel;
import io.parley.engine.Engagement;
import io.parley.engine.FailureClass;
import io.parley.engine.MessageStatus;
import io.parley.engine.Outcomes;
import io.parley.engine.Reason;
import io.parley.engine.Result;
import io.parley.engine.hours.Occasion;
import io.parley.engine.offers.Withholding;
import io.parley.engine.outcomes.Property.Kind;
import io.parley.engine.rules.AudienceReason;
import io.parley.engine.rules.Unstarted;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Every outcome that is reported, with its properties. The published schema and the reference are
/// made from this; see `modules/customerio/OUTCOMES.md`.
public final class OutcomeCatalogue {

  /// Rises when a property is taken away, renamed or given another meaning; one more property or
  /// outcome, or one more word, is no new version.
  public static final int VERSION = 1;

  /// What every outcome carries: where it comes from, and of which run of a flow it came, where it
  /// came of one.
  public static final List<Property> COMMON =
      List.of(
          whole("schema_version", "the version of this catalogue: " + VERSION),
          text("conversation_id", "the conversation: all that our address and theirs say"),
          word("channel", words(Channel.values(), Channel::word), "the conversation's channel"),
          text("sender", "our address: a number, a Messaging Service, or a chat service"),
          text("execution_sid", "the run of a flow that it came of: FN...").optional(),
          text("flow", "the flow's name").optional(),
          text("flow_sid", "the flow's sid: FW...").optional(),
          whole("flow_revision", "the flow's revision").optional(),
          text("experiment_cohort", "the experiment's arm: the trigger's, else the one drawn")
              .optional());

  private static final Property WIDGET =
      text("widget", "the widget that the flow stands at; empty text for none");
  private static final Property SEND =
      text("effect", "our id of the message, the same in all that is reported of it");
  private static final Property MESSAGE = text("message_sid", "Twilio's sid: SM..., MM..., IM...");
  private static final Property EVIDENCE = text("evidence", "the words, or the code, that said so");
  private static final Property EXPLANATION = text("explanation", "the reason as a sentence");
  private static final Property RESULT =
      word("result", words(Result.values(), Result::word), "how it ended");
  private static final Property FRICTION =
      numbers("friction", "what has kept the contact from buying: score and count, as they are");
  private static final Property OFFER = text("offer", "the offer's name in the policy");
  private static final Property CODE = text("offer_code", "the code");
  private static final Property WORTH = text("offer_value", "what it takes off: 15%, $10");
  private static final Property TAGS = texts("tags", "what it means, the surest first");
  private static final Property TAGGER = text("tagger", "the version of what tagged it");
  private static final Property HANDOFF = text("handoff", "its id");
  private static final Property AGENT = text("agent", "who speaks: the agent's id");
  private static final Property AUDIENCE =
      text("audience", "the audience's name: cio_cart_abandon_6h");
  private static final Property COMPUTATION =
      text("computation_id", "an id that follows from the name: aud_ and 27 letters and digits");
  private static final Property AUDIENCE_REASON =
      word("reason", words(AudienceReason.values(), AudienceReason::word), "why");
  private static final Property ENTERED_AT =
      time("entered_at", "since when the person is a member");
  private static final Property WINDOW_ENDS_AT =
      time("window_ends_at", "when the person exits it by itself").optional();
  private static final Property STATUS =
      word("status", words(MessageStatus.values(), MessageStatus::word), "Twilio's status");

  /// By subject: conversations, messages, what the contact does, handoffs, consent, offers and
  /// sales, suppression, experiments and audiences.
  private static final List<OutcomeType> ALL =
      List.of(
          outcome(Outcomes.CONVERSATION_STARTED, "A flow has begun with the person."),
          outcome(
              Outcomes.CONVERSATION_REFUSED,
              "A trigger started nothing.",
              word("reason", refusals(), "why"),
              EXPLANATION,
              text("rule", "the rule that matched, where no conversation could be told")
                  .optional()),
          outcome(Outcomes.CONVERSATION_ENDED, "The flow is over.", RESULT),
          outcome(
              Outcomes.FLOW_COMPLETED,
              "The flow is over: how, where and after how long.",
              RESULT,
              text("last_widget", "the widget that it stood at last"),
              whole("steps", "how many widgets it ran"),
              whole("seconds", "how long it was alive"),
              EXPLANATION.optional()),
          outcome(
              Outcomes.MESSAGE_SENT,
              "Twilio has taken a message.",
              SEND,
              MESSAGE,
              WIDGET,
              whole("segments", "SMS segments that it takes").optional(),
              text("encoding", "the encoding of its segments: GSM-7, UCS-2").optional(),
              text("fallback", "the channel that it left on, where it is not the conversation's")
                  .optional(),
              text("exempt", "why quiet hours did not hold it back").optional()),
          outcome(Outcomes.MESSAGE_DELIVERED, "A message has arrived.", SEND, MESSAGE, STATUS),
          outcome(Outcomes.MESSAGE_READ, "A message was read.", SEND, MESSAGE, STATUS),
          outcome(
              Outcomes.MESSAGE_FAILED,
              "A message was given up, or did not arrive.",
              SEND.optional(),
              MESSAGE.optional(),
              STATUS.optional(),
              whole("error_code", "Twilio's error code; 0 for none"),
              text("reason", "what the code means, in a word: invalid_recipient, filtered ..."),
              word(
                  "class",
                  words(FailureClass.values(), FailureClass::word),
                  "what kind of failure it is; see below"),
              text("message", "what Twilio, or our own look, said").optional()),
          outcome(
              Outcomes.MESSAGE_DEFERRED,
              "A message waits for hours or a throttle.",
              SEND,
              WIDGET.optional(),
              text("rule", "the rule that holds it back longest"),
              text("source", "where the rule comes from"),
              time("until", "when it may leave"),
              word(
                  "occasion",
                  words(Occasion.values(), it -> it.name().toLowerCase(Locale.ROOT)),
                  "why it is sent"),
              objects("reasons", "all rules that hold it back: rule, source, until")),
          outcome(
              Outcomes.MESSAGE_REFUSED,
              "A message was refused by our own rules, before Twilio was asked.",
              SEND.optional(),
              WIDGET.optional(),
              whole("error_code", "the code that Twilio would answer; 0 for none"),
              text("reason", "why, in a word: quiet_hours_never, offer_not_granted ..."),
              text("message", "the reason as a sentence"),
              time("until", "until when, where it could be sent later").optional(),
              text("what", "the words that promise what no gate granted").optional(),
              text("kind", "what they promise: a code, a discount").optional(),
              text("where", "where they stand in the message").optional()),
          outcome(
              Outcomes.REPLY,
              "The contact wrote.",
              MESSAGE,
              text("body", "the text"),
              TAGS,
              TAGGER,
              WIDGET),
          outcome(
              Outcomes.REPLY_INTENT,
              "What a reply means.",
              MESSAGE,
              TAGS,
              text("top_tag", "the tag that says best what it is about; empty text for none"),
              numbers("scores", "by tag, from 0 to 1"),
              property(
                      "evidence",
                      Kind.TEXTS_BY_NAME,
                      "by tag, the words that say so; where it was understood")
                  .optional(),
              flag("untagged", "that it has no tag").optional(),
              flag("low_score", "that no tag is sure").optional(),
              text("text_sha256", "of the text, where it was not understood").optional(),
              TAGGER,
              FRICTION,
              WIDGET),
          outcome(
              Outcomes.LINK_CLICKED,
              "The contact followed a short link.",
              SEND,
              text("url", "where it leads"),
              time("clicked_at", "when"),
              text("code", "the short link's code").optional(),
              text("user_agent", "what followed it").optional()),
          outcome(
              Outcomes.HANDOFF_REQUESTED,
              "A person is asked to speak for us.",
              HANDOFF,
              WIDGET,
              property(
                  "request",
                  Kind.OBJECT,
                  "what is said of it: reason, workflow, channel, attributes, topic, skills,"
                      + " priority")),
          outcome(
              Outcomes.HANDOFF_ACCEPTED,
              "An agent has taken the conversation.",
              HANDOFF,
              AGENT,
              whole("waited_seconds", "how long it waited for somebody")),
          outcome(
              Outcomes.HANDOFF_CLOSED,
              "No person speaks for us any more.",
              HANDOFF,
              text("why", "why; empty text where the person closed it"),
              text("disposition", "what came of it, where the person closed it").optional(),
              AGENT.optional(),
              whole("first_response_seconds", "from its opening to the first thing a person said")
                  .optional(),
              whole("seconds", "how long it was open"),
              word("then", List.of("goes_on", "ends", "at", "begins"), "what follows").optional()),
          outcome(Outcomes.OPTED_OUT, "The contact has opted out.", EVIDENCE),
          outcome(Outcomes.OPTED_IN, "The contact wants messages again.", EVIDENCE),
          outcome(
              Outcomes.OPT_OUT_ASKED, "The contact may have opted out, and was asked.", EVIDENCE),
          outcome(
              Outcomes.OPT_OUT_DECLINED,
              "The contact was asked whether to stop, and goes on.",
              EVIDENCE),
          outcome(
              Outcomes.CONSENT_REVOKED,
              "The person took back, elsewhere, the consent that the conversation was held by.",
              text("consent_channel", "the consent's channel"),
              text("programme", "what it was given for"),
              text("method", "how it was taken back"),
              text("source", "where"),
              EVIDENCE,
              time("revoked_at", "when")),
          outcome(
              Outcomes.OFFER_GRANTED,
              "A code was reserved for the contact.",
              OFFER,
              CODE,
              WORTH,
              time("expires_at", "until when it is good"),
              WIDGET,
              FRICTION),
          outcome(
              Outcomes.OFFER_WITHHELD,
              "An offer was not made.",
              OFFER,
              word("reason", words(Withholding.values(), Withholding::word), "why"),
              EXPLANATION,
              WIDGET,
              FRICTION),
          outcome(
              Outcomes.OFFER_RETURNED,
              "A code was given back, as it has reached nobody.",
              OFFER,
              CODE,
              word(
                  "reason",
                  List.of("late", "message_failed", "message_withdrawn", "not_sent"),
                  "why")),
          outcome(
              Outcomes.OFFER_USED,
              "An order has used a code.",
              OFFER,
              CODE,
              WORTH,
              flag("offer_used", "true"),
              text("order_id", "the order")),
          outcome(
                  Outcomes.CONVERSION,
                  "The contact bought, and the conversation may have led to it.",
                  text("order_id", "the order"),
                  time("purchased_at", "when, as the shop says"),
                  OFFER.optional(),
                  CODE.optional(),
                  WORTH.optional(),
                  flag("offer_used", "whether the order is one with the offer"),
                  whole("seconds_since_last_message", "since Twilio took our last message")
                      .optional())
              .opened(),
          outcome(
              Outcomes.SUPPRESSION_STARTED,
              "Other messages to the person shall be held back.",
              word(
                  "reason",
                  words(Engagement.Window.Reason.values(), Engagement.Window.Reason::word),
                  "why"),
              time("until", "until when, unless it ends before")),
          outcome(
              Outcomes.SUPPRESSION_ENDED,
              "Other messages to the person need be held back no more.",
              word("reason", List.of("elapsed", "purchase", "opted_out"), "what ended it"),
              word(
                  "started_by",
                  words(Engagement.Window.Reason.values(), Engagement.Window.Reason::word),
                  "why it had begun"),
              time("until", "until when it would have been")),
          outcome(
              Outcomes.EXPERIMENT_HOLDOUT,
              "The person is in a cohort that is never spoken to.",
              text("cohort", "the cohort")),
          outcome(
              Outcomes.AUDIENCE_ENTERED,
              "The person is a member of an audience; `conversation_id` is no conversation's.",
              AUDIENCE,
              COMPUTATION,
              AUDIENCE_REASON,
              ENTERED_AT,
              WINDOW_ENDS_AT),
          outcome(
              Outcomes.AUDIENCE_EXITED,
              "The person is a member of an audience no more.",
              AUDIENCE,
              COMPUTATION,
              AUDIENCE_REASON,
              ENTERED_AT,
              WINDOW_ENDS_AT));

  private OutcomeCatalogue() {}

  public static List<OutcomeType> all() {
    return ALL;
  }

  public static Optional<OutcomeType> find(String name) {
    return ALL.stream().filter(it -> it.name().equals(name)).findFirst();
  }

  private static OutcomeType outcome(String name, String meaning, Property... properties) {
    return new OutcomeType(name, meaning, false, List.of(properties));
  }

  private static Property text(String name, String meaning) {
    return property(name, Kind.TEXT, meaning);
  }

  private static Property time(String name, String meaning) {
    return property(name, Kind.TIME, meaning);
  }

  private static Property whole(String name, String meaning) {
    return property(name, Kind.WHOLE, meaning);
  }

  private static Property flag(String name, String meaning) {
    return property(name, Kind.FLAG, meaning);
  }

  private static Property texts(String name, String meaning) {
    return property(name, Kind.TEXTS, meaning);
  }

  private static Property numbers(String name, String meaning) {
    return property(name, Kind.NUMBERS_BY_NAME, meaning);
  }

  private static Property objects(String name, String meaning) {
    return property(name, Kind.OBJECTS, meaning);
  }

  private static Property property(String name, Kind kind, String meaning) {
    return new Property(name, kind, true, meaning, List.of());
  }

  private static Property word(String name, List<String> words, String meaning) {
    return new Property(name, Kind.TEXT, true, meaning, words);
  }

  /// Why a trigger was refused, and why a rule that matched could trigger nothing.
  private static List<String> refusals() {
    return Stream.concat(
            words(Reason.values(), Reason::word).stream(),
            words(Unstarted.values(), Unstarted::word).stream())
        .toList();
  }

  private static <T> List<String> words(T[] values, Function<T, String> word) {
    return Arrays.stream(values).map(word).toList();
  }
}
