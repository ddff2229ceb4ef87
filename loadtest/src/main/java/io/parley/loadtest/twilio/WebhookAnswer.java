package io.parley.loadtest.twilio;

import java.time.Duration;

/// What became of a webhook request, its retries included.
public sealed interface WebhookAnswer {

  /// How often it was sent.
  int attempts();

  /// The last attempt was answered; `took` is its own time.
  record Answered(int attempts, int status, String body, Duration took) implements WebhookAnswer {}

  /// No attempt was answered; `reason` is of the last.
  record Unanswered(int attempts, String reason) implements WebhookAnswer {}

  /// Whether the application took it: an answer of 2xx.
  default boolean accepted() {
    return this instanceof Answered(_, int status, _, _) && status / 100 == 2;
  }
}
