package io.parley.engine;

import io.parley.engine.Event.ReplyReceived;
import io.parley.engine.policy.Review;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a reply means, as it is told and kept. One that was not understood is told without a word
/// of its text.
record Intent(ReplyReceived reply, Review review) {

  private static final int MAX_EVIDENCE = 80;

  private boolean isUntagged() {
    return reply.tags().isEmpty();
  }

  private boolean isUnsure() {
    return !isUntagged() && reply.score() < review.below();
  }

  private List<String> names() {
    return reply.tags().stream().map(Tag::name).toList();
  }

  /// The properties of `twilio_reply_intent`.
  Values properties() {
    Values scores = Values.EMPTY;
    Values evidence = Values.EMPTY;
    for (Tag tag : reply.tags()) {
      scores = scores.with(tag.name(), tag.score());
      evidence = evidence.with(tag.name(), brief(tag.evidence()));
    }
    Values properties =
        Values.of("message_sid", reply.sid().value())
            .with("tags", names())
            .with("top_tag", reply.topTag().map(Tag::name).orElse(""))
            .with("scores", scores)
            .with("tagger", reply.tagger());
    if (!isUntagged() && !isUnsure()) {
      return properties.with("evidence", evidence);
    }
    return properties
        .with(isUntagged() ? "untagged" : "low_score", true)
        .with("text_sha256", Digest.textSha256(reply.body()));
  }

  private static String brief(String evidence) {
    return evidence.codePointCount(0, evidence.length()) <= MAX_EVIDENCE
        ? evidence
        : evidence.substring(0, evidence.offsetByCodePoints(0, MAX_EVIDENCE)) + "…";
  }

  /// The reply for people to look at, where it was not understood. An opt-out is nobody's lesson.
  Optional<Effect> kept(String flow) {
    boolean stops = reply.tagged(Tag.OPT_OUT) || reply.tagged(Tag.OPT_OUT_UNCLEAR);
    boolean understood = !isUntagged() && !isUnsure();
    if (stops || understood || reply.body().isBlank() || review.retention().equals(Duration.ZERO)) {
      return Optional.empty();
    }
    return Optional.of(
        new Effect.KeepReply(
            reply.body(),
            Digest.textSha256(reply.body()),
            names(),
            reply.score(),
            reply.tagger(),
            flow));
  }
}
