package io.parley.twilio;

import java.time.Duration;
import java.util.Optional;

/// Carries a failed call out through twilio-java, whose own exceptions have neither headers nor a
/// word on whether the request ever left. Never leaves this package.
final class CallFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Outcome outcome;

  CallFailed(Outcome outcome) {
    super(outcome.why(), null, false, false);
    this.outcome = outcome;
  }

  Outcome outcome() {
    return outcome;
  }

  sealed interface Outcome {

    /// One sentence for a log line; holds nothing that a contact wrote.
    String why();

    /// Twilio, or something before it, answered with another status than 2xx.
    record Answered(int status, String body, Optional<Duration> retryAfter) implements Outcome {
      @Override
      public String why() {
        return "HTTP " + status;
      }
    }

    /// No byte of the request has left.
    record NeverSent(String why) implements Outcome {}

    /// The request left, or may have, and nobody knows what became of it.
    record Unknown(String why) implements Outcome {}
  }
}
