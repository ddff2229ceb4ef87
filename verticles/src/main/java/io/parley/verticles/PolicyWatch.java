package io.parley.verticles;

import io.parley.engine.policy.Policy;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts a policy into force when its file has changed. Confined to its context.
final class PolicyWatch extends VerticleBase {

  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(PolicyWatch.class);

  private final PolicyInForce policy;
  private final Rounds rounds =
      new Rounds(this::look, new Complaint(LOG, "the policy cannot be looked at"));

  PolicyWatch(PolicyInForce policy) {
    this.policy = policy;
  }

  @Override
  public Future<?> start() {
    return rounds.every(PERIOD, vertx);
  }

  private Future<?> look() {
    Policy before = policy.get();
    return vertx.executeBlocking(policy::load).onSuccess(problems -> tell(before, problems));
  }

  private void tell(Policy before, List<String> problems) {
    for (String problem : problems) {
      LOG.atError().addKeyValue("problem", problem).log("the policy stays as it was");
    }
    if (!policy.get().equals(before)) {
      LOG.info("another policy is in force");
    }
  }
}
