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
  private boolean atWork;

  PolicyWatch(PolicyInForce policy) {
    this.policy = policy;
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(PERIOD.toMillis(), _ -> look());
    return Future.succeededFuture();
  }

  private void look() {
    if (atWork) {
      return;
    }
    atWork = true;
    Policy before = policy.get();
    vertx
        .executeBlocking(policy::load)
        .onComplete(
            looked -> {
              atWork = false;
              if (looked.succeeded()) {
                tell(before, looked.result());
              } else {
                LOG.atError().setCause(looked.cause()).log("the policy cannot be looked at");
              }
            });
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
