package io.parley.verticles;

import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Outcomes;
import io.parley.engine.Person;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.engine.outcomes.OutcomeCatalogue;
import io.parley.engine.rules.Unstarted;
import io.parley.store.Outbox;
import io.parley.store.Subscription;
import io.parley.verticles.RuleStarts.Cause;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells of rules that matched and started nothing, so that nobody waits for a message without a
/// word: counted, logged, and reported as `conversation_refused` where the person has a name that
/// other systems know.
final class UnstartedRules {

  private static final Logger LOG = LoggerFactory.getLogger(UnstartedRules.class);

  private final Outbox outbox;
  private final List<Subscription> subscriptions;
  private final Metrics metrics;

  UnstartedRules(Outbox outbox, List<Subscription> subscriptions, Metrics metrics) {
    this.outbox = outbox;
    this.subscriptions = subscriptions;
    this.metrics = metrics;
  }

  /// Told twice of one call and rule it is one report.
  ///
  /// @param theirs the person's address, where it is known
  Future<Void> tell(Cause cause, Unstarted reason, Optional<Address> theirs) {
    metrics.rule(cause.rule().name(), reason.word());
    LOG.atWarn()
        .addKeyValue("rule", cause.rule().name())
        .addKeyValue("source", cause.entry().source())
        .addKeyValue("message_id", cause.entry().messageId())
        .addKeyValue("reason", reason.word())
        .addKeyValue("flow", cause.rule().start().flow())
        .log("a rule matched and started nothing: {}", reason.sentence());
    Person person = cause.match().person();
    Optional<Address> contact =
        theirs.or(() -> person.externalId().map(id -> new Address("id:" + id)));
    // What is told of long ago is no news to anybody.
    return reason == Unstarted.TOO_OLD || contact.isEmpty()
        ? Future.succeededFuture()
        : outbox.tell(report(cause, reason, person, contact.get()), subscriptions);
  }

  /// There is no conversation: the report is named by its cause, as if that had been one.
  private static Effect.ReportOutcome report(
      Cause cause, Unstarted reason, Person person, Address contact) {
    ConversationId named =
        ConversationId.of(new ThreadId(new Address("rule"), new Address(cause.name())));
    Values properties =
        Values.of("schema_version", OutcomeCatalogue.VERSION)
            .with("conversation_id", named.toString())
            .with("channel", cause.rule().start().channel().word())
            .with("sender", cause.rule().start().from().map(Address::value).orElse(""))
            .with("flow", cause.rule().start().flow())
            .with("reason", reason.word())
            .with("explanation", reason.sentence())
            .with("rule", cause.rule().name());
    Optional<String> cohort = cause.match().data().object("controls").text("experiment_cohort");
    properties =
        cohort.isPresent() ? properties.with("experiment_cohort", cohort.get()) : properties;
    return new Effect.ReportOutcome(
        new EffectId(named, 0, 0),
        Outcomes.CONVERSATION_REFUSED,
        person,
        contact,
        properties,
        cause.call().timestamp());
  }
}
