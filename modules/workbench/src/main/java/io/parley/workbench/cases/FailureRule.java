package io.parley.workbench.cases;

import java.util.Optional;

/// Which messages Twilio does not take. A rule with neither widget nor recipient is for all.
///
/// @param times after so many messages the rule is used up
record FailureRule(
    Optional<String> widget, Optional<String> to, int code, Optional<Integer> times) {

  boolean isFor(Utterance utterance) {
    return widget.map(utterance.widget()::equals).orElse(true)
        && to.map(utterance.to()::equals).orElse(true);
  }
}
