package io.parley.networks;

import io.parley.edge.OutcomeSink.Response;
import java.util.Optional;
import java.util.Set;

/// What an answer of TikTok's API for Business means. Its status is 200 for errors, too; the code
/// in the body tells them.
///
/// ```
/// {"code": 40002, "message": "Missing required field(s)", "request_id": "...", "data": {}}
/// ```
///
/// Source of the codes: TikTok's "Return codes".
final class TikTokAnswer {

  private static final long OK = 0;

  /// Of parameters (40000, 40002), of too many ids (40011), or of a part only (20001).
  private static final Set<Long> CONTENT = Set.of(20001L, 40000L, 40002L, 40011L);

  private static final Set<Long> LIMITS = Set.of(40016L, 40100L, 40132L, 40133L);

  private static final Set<Long> CREDENTIALS =
      Set.of(
          40001L, 40101L, 40102L, 40104L, 40105L, 40106L, 40113L, 40118L, 40119L, 40125L, 40300L,
          40301L);

  private TikTokAnswer() {}

  static Judgement judge(Response response) {
    Answer answer = Answer.of(response);
    if (answer.status() == 413) {
      return new Judgement.Faulty("TikTok: the request is too large (413)");
    }
    Optional<Long> given = Answer.number(answer.json(), "code");
    if (!answer.isSuccess() || given.isEmpty()) {
      return new Judgement.Later("TikTok answered " + answer.status(), answer.retryAfter());
    }
    long code = given.get();
    if (code == OK) {
      return new Judgement.Taken();
    }
    String told =
        "TikTok (%d): %s"
            .formatted(code, Answer.quoted(answer.json().text("message").orElse("without a word")));
    if (CONTENT.contains(code)) {
      return new Judgement.Faulty(told);
    }
    if (LIMITS.contains(code)) {
      return new Judgement.Later(told, answer.retryAfter());
    }
    return Judgement.later(
        CREDENTIALS.contains(code)
            ? told + ": renew the token, or its rights to this event set or advertiser"
            : told);
  }
}
