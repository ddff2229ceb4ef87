package io.parley.verticles;

import io.parley.engine.policy.Conversions;
import io.parley.engine.policy.Policy;
import io.parley.store.ConversionRules;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts a policy into force when its file has changed, and tells the database by which orders to
/// measure. Confined to its context.
final class PolicyWatch extends VerticleBase {

  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(PolicyWatch.class);

  private final FileInForce<Policy> policy;
  private final ConversionRules rules;
  private final Rounds rounds =
      new Rounds(this::look, new Complaint(LOG, "the policy cannot be looked at"));

  /// What the database was told last; empty before.
  private Optional<Conversions> told = Optional.empty();

  PolicyWatch(FileInForce<Policy> policy, ConversionRules rules) {
    this.policy = policy;
    this.rules = rules;
  }

  @Override
  public Future<?> start() {
    return rounds.every(PERIOD, vertx);
  }

  private Future<?> look() {
    Policy before = policy.get();
    return vertx
        .executeBlocking(policy::load)
        .onSuccess(problems -> tell(before, problems))
        .compose(_ -> measure());
  }

  private Future<Void> measure() {
    Conversions conversions = policy.get().conversions();
    return told.equals(Optional.of(conversions))
        ? Future.succeededFuture()
        : rules.keep(conversions).onSuccess(_ -> told = Optional.of(conversions));
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
