package io.parley.testkit;

import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.ExecutionId;
import io.parley.engine.FlowSid;
import io.parley.engine.Outcomes;
import io.parley.engine.Person;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.engine.outcomes.OutcomeCatalogue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One report of each name as the catalogue has it, for what destinations make of them.
public final class SampleReports {

  private static final Address OURS = new Address("+15550001111");
  private static final Address THEIRS = new Address("+14155550100");
  private static final ConversationId CONVERSATION = ConversationId.of(new ThreadId(OURS, THEIRS));
  private static final Instant BEGUN = Instant.parse("2026-11-22T23:59:40.500Z");
  private static final Person ASHA =
      new Person(
          Optional.of("asha"), Values.of("email", "asha@example.com").with("first_name", "Asha"));
  private static final String SID = "SM0123456789abcdef0123456789abcdef";
  private static final String UNTIL = "2026-11-23T12:00:00Z";

  private final List<Effect.Outgoing> reports = new ArrayList<>();

  private SampleReports() {}

  /// What is true of the person, then an outcome of each name, a second apart, over midnight in
  /// UTC.
  public static List<Effect.Outgoing> all() {
    return new SampleReports().made();
  }

  private List<Effect.Outgoing> made() {
    attributes(
        Values.of(Outcomes.ATTRIBUTE_IN_PROGRESS, true)
            .with(Outcomes.ATTRIBUTE_FLOW, "cart")
            .with(Outcomes.ATTRIBUTE_SUPPRESSED_UNTIL, UNTIL));
    outcome(Outcomes.CONVERSATION_STARTED, Values.EMPTY);
    outcome(Outcomes.SUPPRESSION_STARTED, Values.of("reason", "conversation").with("until", UNTIL));
    outcome(
        Outcomes.MESSAGE_DEFERRED,
        Values.of("effect", effect(1))
            .with("widget", "ask")
            .with("rule", "quiet_hours")
            .with("source", "47 CFR 64.1200(c)(1)")
            .with("until", UNTIL)
            .with("occasion", "timer")
            .with("reasons", List.of(Values.of("rule", "quiet_hours").with("until", UNTIL))));
    outcome(Outcomes.MESSAGE_SENT, message().with("widget", "ask"));
    outcome(Outcomes.MESSAGE_DELIVERED, message().with("status", "delivered"));
    outcome(Outcomes.MESSAGE_READ, message().with("status", "read"));
    outcome(
        Outcomes.MESSAGE_FAILED,
        message()
            .with("status", "undelivered")
            .with("error_code", 30003)
            .with("reason", "unreachable")
            .with("class", "undeliverable"));
    outcome(
        Outcomes.MESSAGE_REFUSED,
        Values.of("reason", "opted_out")
            .with("error_code", 21610)
            .with("message", "the contact has opted out")
            .with("widget", "ask"));
    outcome(
        Outcomes.REPLY,
        Values.of("message_sid", SID)
            .with("body", "How long, \"please\"?\nAnd how much, in 👍?")
            .with("tags", List.of("shipping", "discount"))
            .with("tagger", "rules-3")
            .with("widget", "ask"));
    outcome(
        Outcomes.REPLY_INTENT,
        Values.of("message_sid", SID)
            .with("tags", List.of("shipping", "discount"))
            .with("top_tag", "shipping")
            .with("scores", Values.of("shipping", 1.0).with("discount", 0.25))
            .with("tagger", "rules-3")
            .with("evidence", Values.of("shipping", "How long").with("discount", "how much"))
            .with("friction", friction())
            .with("widget", "ask"));
    outcome(
        Outcomes.LINK_CLICKED,
        Values.of("effect", effect(1))
            .with("url", "https://shop.example.com/cart?utm=a,b")
            .with("clicked_at", BEGUN.toString())
            .with("code", "abc123"));
    outcome(
        Outcomes.OFFER_GRANTED,
        offer().with("expires_at", UNTIL).with("widget", "gate").with("friction", friction()));
    outcome(
        Outcomes.OFFER_WITHHELD,
        Values.of("offer", "second-chance")
            .with("widget", "gate")
            .with("reason", "little_friction")
            .with("explanation", "the contact has met with less friction than opens the gate")
            .with("friction", friction()));
    outcome(
        Outcomes.OFFER_RETURNED,
        Values.of("offer", "second-chance").with("offer_code", "SKIN-3FWT").with("reason", "late"));
    outcome(Outcomes.OFFER_USED, offer().with("offer_used", true).with("order_id", "1001"));
    outcome(
        Outcomes.HANDOFF_REQUESTED,
        Values.of("handoff", effect(2))
            .with("widget", "care")
            .with("request", Values.of("workflow", "care").with("channel", "sms")));
    outcome(
        Outcomes.HANDOFF_ACCEPTED,
        Values.of("handoff", effect(2)).with("agent", "mia").with("waited_seconds", 42));
    outcome(
        Outcomes.HANDOFF_CLOSED,
        Values.of("handoff", effect(2))
            .with("why", "")
            .with("disposition", "solved")
            .with("agent", "mia")
            .with("first_response_seconds", 61)
            .with("seconds", 300)
            .with("then", "goes_on"));
    outcome(Outcomes.OPT_OUT_ASKED, Values.of("evidence", "hm, stop this?"));
    outcome(Outcomes.OPT_OUT_DECLINED, Values.of("evidence", "no"));
    outcome(Outcomes.OPTED_OUT, Values.of("evidence", "STOP"));
    outcome(Outcomes.OPTED_IN, Values.of("evidence", "START"));
    outcome(
        Outcomes.CONSENT_REVOKED,
        Values.of("consent_channel", "sms")
            .with("programme", "marketing")
            .with("method", "form")
            .with("source", "preferences")
            .with("evidence", "unticked")
            .with("revoked_at", BEGUN.toString()));
    outcome(
        Outcomes.CONVERSION,
        Values.of("order_id", "1001")
            .with("purchased_at", BEGUN.toString())
            .with("value", 102.5)
            .with("currency", "USD")
            .with("offer_used", true)
            .with("seconds_since_last_message", 120));
    outcome(
        Outcomes.FLOW_COMPLETED,
        Values.of("result", "completed")
            .with("last_widget", "thank")
            .with("steps", 7)
            .with("seconds", 312));
    outcome(Outcomes.CONVERSATION_ENDED, Values.of("result", "completed"));
    outcome(
        Outcomes.SUPPRESSION_ENDED,
        Values.of("reason", "purchase").with("started_by", "conversation").with("until", UNTIL));
    outcome(
        Outcomes.CONVERSATION_REFUSED,
        Values.of("reason", "opted_out").with("explanation", "the contact has opted out"));
    outcome(Outcomes.EXPERIMENT_HOLDOUT, Values.of("cohort", "holdout"));
    Values audience =
        Values.of("audience", "cio_cart_abandon_0_24h")
            .with("computation_id", "aud_0ujsswThIGTUYm2K8FjOOfXtY1K")
            .with("entered_at", BEGUN.toString())
            .with("window_ends_at", "2026-11-23T23:59:40.500Z");
    unconversed(Outcomes.AUDIENCE_ENTERED, audience.with("reason", "rule"));
    unconversed(Outcomes.AUDIENCE_EXITED, audience.with("reason", "purchase"));
    return List.copyOf(reports);
  }

  private static Values message() {
    return Values.of("message_sid", SID).with("effect", effect(1));
  }

  private static Values friction() {
    return Values.of("score", 1.0).with("count", 1);
  }

  private static Values offer() {
    return Values.of("offer", "second-chance")
        .with("offer_code", "SKIN-3FWT")
        .with("offer_value", "15%");
  }

  private static String effect(int index) {
    return new EffectId(CONVERSATION, 1, index).toString();
  }

  private void attributes(Values attributes) {
    reports.add(new Effect.ReportAttributes(nextId(), ASHA, THEIRS, attributes, nextTime()));
  }

  private void outcome(String name, Values properties) {
    Values source =
        Values.of("schema_version", OutcomeCatalogue.VERSION)
            .with("conversation_id", CONVERSATION.toString())
            .with("channel", "sms")
            .with("sender", OURS.value())
            .with("execution_sid", ExecutionId.of(CONVERSATION, 1).value())
            .with("flow", "cart")
            .with("flow_sid", FlowSid.named("cart").value())
            .with("flow_revision", 1)
            .with("experiment_cohort", "test");
    reports.add(
        new Effect.ReportOutcome(
            nextId(), name, ASHA, THEIRS, source.with(properties).with(source), nextTime()));
  }

  /// What comes of no run of a flow.
  private void unconversed(String name, Values properties) {
    Values source =
        Values.of("schema_version", OutcomeCatalogue.VERSION)
            .with("conversation_id", CONVERSATION.toString())
            .with("channel", "sms")
            .with("sender", "");
    reports.add(
        new Effect.ReportOutcome(
            nextId(), name, ASHA, THEIRS, source.with(properties), nextTime()));
  }

  private EffectId nextId() {
    return new EffectId(CONVERSATION, reports.size() + 1, 0);
  }

  private Instant nextTime() {
    return BEGUN.plusSeconds(reports.size());
  }
}
