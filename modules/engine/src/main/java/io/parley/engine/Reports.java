package io.parley.engine;

import io.parley.engine.Conversation.Run;
import io.parley.engine.outcomes.OutcomeCatalogue;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a turn tells the outcome sinks. Every outcome names its conversation and channel, and the
/// run of a flow that it came of, also where that run has ended. Confined to one step.
final class Reports {

  private final ConversationId conversation;
  private final ThreadId thread;
  private final Instant now;
  private final Effects effects;
  private final Address contact;

  /// @param contact who the reports are about, by an address that other systems may know
  Reports(Conversation before, Instant now, Effects effects, Address contact) {
    this.conversation = before.id();
    this.thread = before.thread();
    this.now = now;
    this.effects = effects;
    this.contact = contact;
  }

  /// An outcome of the latest run, if there has been one.
  void ofLatest(List<Run> runs, Person person, String name, Values properties) {
    outcome(person, name, runs.isEmpty() ? Values.EMPTY : source(runs.getLast()), properties);
  }

  /// An outcome of a send: of the run that it belongs to, whichever is alive now.
  void ofSend(EffectId send, List<Run> runs, Person person, String name, Values properties) {
    Values source =
        runs.reversed().stream()
            .filter(run -> run.turn() <= send.turn())
            .findFirst()
            .map(this::source)
            .orElse(Values.EMPTY);
    outcome(person, name, source, properties.with("effect", send.toString()));
  }

  /// A trigger that was refused: with its own flow and person, whatever runs.
  void ofRefused(Event.Triggered triggered, Reason reason) {
    outcome(
        triggered.person(),
        Outcomes.CONVERSATION_REFUSED,
        source(triggered.flow(), cohort(triggered.parameters())),
        Values.of("reason", reason.word()).with("explanation", reason.sentence()));
  }

  /// That a person is never spoken to, with the cohort that says so.
  void ofHoldout(Event.Triggered triggered) {
    String cohort = cohort(triggered.parameters()).orElse("holdout");
    outcome(
        triggered.person(),
        Outcomes.EXPERIMENT_HOLDOUT,
        source(triggered.flow(), Optional.of(cohort)),
        Values.of("cohort", cohort));
  }

  /// What is true of the person now.
  ///
  /// @param running the flow that runs from now on, if one does
  /// @param windows in which other messages are held back from now on
  void attributes(Person person, Optional<FlowRef> running, Windows windows) {
    Values attributes =
        Values.of(Outcomes.ATTRIBUTE_IN_PROGRESS, running.isPresent() || windows.isConversing())
            .with(Outcomes.ATTRIBUTE_FLOW, running.map(FlowRef::name).orElse(""))
            .with(
                Outcomes.ATTRIBUTE_SUPPRESSED_UNTIL,
                windows.until().map(Instant::toString).orElse(""));
    effects.add(new Effect.ReportAttributes(effects.nextId(), person, contact, attributes, now));
  }

  /// The experiment's arm that a trigger named, if it did.
  static Optional<String> cohort(Values data) {
    return data.object("controls").text("experiment_cohort");
  }

  private void outcome(Person person, String name, Values source, Values properties) {
    Values common =
        Values.of("schema_version", OutcomeCatalogue.VERSION)
            .with("conversation_id", conversation.toString())
            .with("channel", thread.theirs().channel().word())
            .with("sender", thread.ours().value())
            .with(source);
    // Common values stand first and are never a caller's.
    Values all = common.withDefaults(properties);
    effects.add(new Effect.ReportOutcome(effects.nextId(), name, person, contact, all, now));
  }

  private Values source(Run run) {
    return Values.of("execution_sid", ExecutionId.of(conversation, run.turn()).value())
        .with(source(run.flow(), run.cohort()));
  }

  private static Values source(FlowRef flow, Optional<String> cohort) {
    Values values =
        Values.of("flow", flow.name())
            .with("flow_sid", flow.sid().value())
            .with("flow_revision", flow.revision());
    return cohort.isPresent() ? values.with("experiment_cohort", cohort.get()) : values;
  }
}
