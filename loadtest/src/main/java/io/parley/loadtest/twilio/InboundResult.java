package io.parley.loadtest.twilio;

import java.time.Instant;
import java.util.Map;

/// A customer's message as it was posted to the webhook, and what was answered.
public record InboundResult(
    String messageSid, Map<String, String> parameters, Instant receivedAt, WebhookAnswer answer) {

  public InboundResult {
    parameters = Map.copyOf(parameters);
  }

  public boolean accepted() {
    return answer.accepted();
  }

  /// The TwiML answered; empty when there was no answer. The stand-in does not carry it out.
  public String twiml() {
    return answer instanceof WebhookAnswer.Answered(_, _, String body, _) ? body : "";
  }
}
