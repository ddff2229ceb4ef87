package io.parley.workbench.cases;

import io.parley.engine.Effect;
import io.parley.engine.Event;
import io.parley.engine.Hop;
import io.parley.engine.Reason;
import io.parley.engine.Step;
import io.parley.engine.Tag;
import io.parley.engine.Warning;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A deed and all that came of it, until nothing more happens by itself.
///
/// @param at the clock before it
/// @param utterances messages of ours, those among them that were not taken
/// @param asked requests of other systems
/// @param obstacle why it could not be done at all, if it could not
record Act(
    Deed deed,
    Instant at,
    List<Beat> beats,
    List<Utterance> utterances,
    List<Asked> asked,
    Standing after,
    Optional<String> obstacle) {

  Act {
    beats = List.copyOf(beats);
    utterances = List.copyOf(utterances);
    asked = List.copyOf(asked);
  }

  /// The messages that Twilio took.
  List<Utterance> messages() {
    return utterances.stream().filter(it -> it.failure().isEmpty()).toList();
  }

  List<Hop> path() {
    return turns().flatMap(turn -> turn.path().stream()).toList();
  }

  List<Warning> warnings() {
    return turns().flatMap(turn -> turn.warnings().stream()).toList();
  }

  List<Effect.ReportOutcome> outcomes() {
    return beats.stream()
        .flatMap(beat -> beat.step().effects().stream())
        .filter(Effect.ReportOutcome.class::isInstance)
        .map(Effect.ReportOutcome.class::cast)
        .toList();
  }

  /// Why the engine refused what the script told, if it did.
  Optional<Reason> refusal() {
    return beats.stream()
        .filter(Beat::told)
        .filter(beat -> beat.step() instanceof Step.Refused)
        .map(beat -> ((Step.Refused) beat.step()).reason())
        .findFirst();
  }

  /// What the contact's message means.
  List<String> tags() {
    return beats.stream()
        .filter(beat -> beat.event() instanceof Event.ReplyReceived)
        .flatMap(beat -> ((Event.ReplyReceived) beat.event()).tags().stream())
        .map(Tag::name)
        .toList();
  }

  private Stream<Step.Turn> turns() {
    return beats.stream()
        .map(Beat::step)
        .filter(Step.Turn.class::isInstance)
        .map(Step.Turn.class::cast);
  }
}
