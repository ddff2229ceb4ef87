package io.parley.loadtest;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;

/// Prints a story as it is played, and keeps in mind whether all of it was as expected. Safe for
/// any thread.
final class Narrator {

  private final PrintStream out;
  private final Instant begun = Instant.now();
  private boolean asExpected = true;

  Narrator(PrintStream out) {
    this.out = out;
  }

  /// Whether every expectation so far has held.
  synchronized boolean isAsExpected() {
    return asExpected;
  }

  synchronized void expect(String what, boolean holds) {
    asExpected &= holds;
    note(holds ? "ok" : "NOT OK", holds ? what : "NOT AS EXPECTED: " + what);
  }

  void heading(String text) {
    say("");
    say(text);
  }

  /// Somebody is told something (`<=`), or tells Parley something (`=>`).
  void line(Instant at, String who, String arrow, String text) {
    double seconds = Duration.between(begun, at).toMillis() / 1000.0;
    say("%7.2f s  %-8s %s %s".formatted(seconds, who, arrow, text));
  }

  /// What came of the line before.
  void note(String kind, String text) {
    say("           %-8s    %s".formatted(kind, text));
  }

  synchronized void say(String text) {
    out.println(text);
    out.flush();
  }
}
