package io.parley.engine.rules;

import java.util.Locale;

/// Why a rule that matched starts nothing: there is no conversation that could be told.
public enum Unstarted {
  NO_PHONE(
      "the person has no phone number: neither the event, nor the person's traits, nor the contact"
          + " book tells one that can be in use"),
  NO_SENDER("the rule names no sender, and none is set for its channel"),
  UNKNOWN_FLOW("there is no published flow of the name or sid that the rule gives"),
  TOO_OLD("what set the rule off happened longer ago than the rule's within");

  private final String sentence;

  Unstarted(String sentence) {
    this.sentence = sentence;
  }

  /// The reason as payloads and metrics carry it: `no_phone`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String sentence() {
    return sentence;
  }
}
