package io.parley.engine.rules;

import java.util.Locale;

/// Why somebody enters an audience, or exits it.
public enum AudienceReason {
  /// Its own conditions say so: an event, or what is true of the person now.
  RULE,
  /// The time has come at which its window begins, or is over; or it began anew.
  WINDOW,
  /// The person bought.
  PURCHASE,
  /// The person opted out.
  OPT_OUT,
  /// The person is held out of the experiment, or is no more.
  HOLDOUT,
  /// Two members turned out to be one person.
  MERGED,
  /// The audience is not in the file any more.
  REMOVED,
  /// The whole membership is told again: nothing has changed.
  RESYNC;

  /// As payloads and metrics carry it: `opt_out`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
