package io.parley.verticles;

import io.parley.engine.policy.Policy;
import io.parley.store.ReplyReviews;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Forgets kept replies when their time is over, which the policy says. Confined to its context.
final class ReviewSweeper extends VerticleBase {

  private static final Duration PERIOD = Duration.ofHours(1);
  private static final Logger LOG = LoggerFactory.getLogger(ReviewSweeper.class);

  private final ReplyReviews replies;
  private final Supplier<Policy> policy;
  private final Rounds rounds =
      new Rounds(this::sweep, new Complaint(LOG, "kept replies cannot be forgotten"));

  ReviewSweeper(ReplyReviews replies, Supplier<Policy> policy) {
    this.replies = replies;
    this.policy = policy;
  }

  @Override
  public Future<?> start() {
    return rounds.every(PERIOD, vertx);
  }

  private Future<?> sweep() {
    return replies.forget(policy.get().review().retention());
  }
}
