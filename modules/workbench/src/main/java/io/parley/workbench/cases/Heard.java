package io.parley.workbench.cases;

import io.parley.engine.Effect;
import io.parley.engine.Hop;
import io.parley.engine.Reason;
import io.parley.engine.Warning;
import java.util.List;
import java.util.Optional;

/// What came of one step of a case, or of all of them.
///
/// @param contact the other side's address
record Heard(String contact, List<Act> acts, Standing after) {

  Heard {
    acts = List.copyOf(acts);
  }

  List<Utterance> messages() {
    return acts.stream().flatMap(act -> act.messages().stream()).toList();
  }

  List<Asked> requests() {
    return acts.stream().flatMap(act -> act.asked().stream()).toList();
  }

  List<Hop> path() {
    return acts.stream().flatMap(act -> act.path().stream()).toList();
  }

  List<Warning> warnings() {
    return acts.stream().flatMap(act -> act.warnings().stream()).toList();
  }

  List<Effect.ReportOutcome> outcomes() {
    return acts.stream().flatMap(act -> act.outcomes().stream()).toList();
  }

  List<String> tags() {
    return acts.stream().flatMap(act -> act.tags().stream()).toList();
  }

  Optional<Reason> refusal() {
    return acts.stream().flatMap(act -> act.refusal().stream()).findFirst();
  }
}
