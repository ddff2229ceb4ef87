package io.parley.customerio;

import java.util.List;

/// A body that cannot be taken as it stands.
public sealed interface Unreadable extends TriggerReading, EventReading {

  /// Every problem of the body at once, in the order of their pointers; at least one, at most
  /// [#MOST].
  record Malformed(List<Problem> problems) implements Unreadable {

    /// Where a list of problems ends; its last entry then tells how many more there are.
    public static final int MOST = 50;

    public Malformed {
      problems = List.copyOf(problems);
      if (problems.isEmpty()) {
        throw new IllegalArgumentException("a malformed body has a problem");
      }
    }
  }

  /// The body is longer than [#MAX_BODY_BYTES], the limit of Customer.io's own requests.
  record TooLarge(int bytes) implements Unreadable {

    public static final int MAX_BODY_BYTES = 32 * 1024;

    /// What is wrong and what to do about it, in one sentence.
    public String sentence() {
      return "the body has %,d bytes and may have %,d; send only what the flow reads"
          .formatted(bytes, MAX_BODY_BYTES);
    }
  }
}
