package io.parley.targets;

import io.parley.edge.Cut;
import io.parley.edge.HandoffTarget.Next;
import io.parley.edge.OutcomeSink.Response;
import java.util.Optional;

/// What statuses mean that say the same everywhere.
final class Judgement {

  private static final int MAX_QUOTED_BYTES = 300;

  private Judgement() {}

  /// What to do where a request was not taken; empty where it was.
  static Optional<Next> trouble(Response response) {
    int status = response.status();
    if (response.isTaken()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (status) {
          case 0 -> new Next.Later("no answer: " + Cut.text(response.body(), MAX_QUOTED_BYTES));
          case 401, 403 ->
              new Next.Later(
                  "the target does not believe us (%d): compare the credentials".formatted(status));
          case 404, 410 -> new Next.Refused("the target knows it no longer (" + status + ")");
          case 408, 409, 423, 425 ->
              new Next.Later("the target answers " + status, response.retryAfter());
          case 429 ->
              new Next.Later("the target asks for fewer requests (429)", response.retryAfter());
          default ->
              status >= 400 && status < 500
                  ? new Next.Refused("the target refused it (%s)".formatted(told(response)))
                  : new Next.Later("the target answers " + status, response.retryAfter());
        });
  }

  private static String told(Response response) {
    String body = response.body().strip();
    return body.isEmpty()
        ? String.valueOf(response.status())
        : response.status() + ": " + Cut.text(body, MAX_QUOTED_BYTES);
  }
}
