package io.parley.verticles;

import io.parley.engine.desk.DeskRules;
import io.parley.engine.flow.FlowProblem;
import io.parley.engine.policy.Policy;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts the desk's rules into force when their file has changed, and says which calendars they name
/// that the policy has not. Confined to its context.
final class DeskWatch extends VerticleBase {

  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(DeskWatch.class);

  private final FileInForce<DeskRules> rules;
  private final Supplier<Policy> policy;
  private final Rounds rounds =
      new Rounds(this::look, new Complaint(LOG, "the desk's rules cannot be looked at"));

  /// What was complained of last.
  private List<FlowProblem> missing = List.of();

  DeskWatch(FileInForce<DeskRules> rules, Supplier<Policy> policy) {
    this.rules = rules;
    this.policy = policy;
  }

  @Override
  public Future<?> start() {
    return rounds.every(PERIOD, vertx);
  }

  private Future<?> look() {
    DeskRules before = rules.get();
    return vertx.executeBlocking(rules::load).onSuccess(problems -> tell(before, problems));
  }

  private void tell(DeskRules before, List<String> problems) {
    for (String problem : problems) {
      LOG.atError().addKeyValue("problem", problem).log("the desk's rules stay as they were");
    }
    if (!rules.get().equals(before)) {
      LOG.atInfo()
          .addKeyValue("topics", rules.get().topics().keySet())
          .log("other rules of the desk are in force");
    }
    List<FlowProblem> now = rules.get().missing(policy.get().calendars());
    if (!now.equals(missing)) {
      now.forEach(
          it ->
              LOG.atError()
                  .addKeyValue("problem", it.propertyPath() + " " + it.message())
                  .log("a topic counts as always open"));
      missing = now;
    }
  }
}
