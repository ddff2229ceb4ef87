package io.parley.verticles;

import io.parley.engine.Address;
import io.parley.engine.rules.Rule;
import io.parley.engine.rules.Rules;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts rules into force when their file has changed. Confined to its context.
final class RulesWatch extends VerticleBase {

  private static final Duration PERIOD = Duration.ofSeconds(1);

  /// Stands in for whoever the rules start flows with: nobody's test user.
  private static final Address ANYBODY = new Address("anybody");

  private static final Logger LOG = LoggerFactory.getLogger(RulesWatch.class);

  private final FileInForce<Rules> rules;
  private final FlowLibrary flows;
  private final Rounds rounds =
      new Rounds(this::look, new Complaint(LOG, "the rules cannot be looked at"));

  RulesWatch(FileInForce<Rules> rules, FlowLibrary flows) {
    this.rules = rules;
    this.flows = flows;
  }

  @Override
  public Future<?> start() {
    tellOfFlows();
    return rounds.every(PERIOD, vertx);
  }

  private Future<?> look() {
    Rules before = rules.get();
    return vertx.executeBlocking(rules::load).onSuccess(problems -> tell(before, problems));
  }

  private void tell(Rules before, List<String> problems) {
    for (String problem : problems) {
      LOG.atError().addKeyValue("problem", problem).log("the rules stay as they were");
    }
    if (!rules.get().equals(before)) {
      LOG.atInfo().addKeyValue("rules", rules.get().rules().size()).log("other rules are in force");
      tellOfFlows();
    }
  }

  /// A flow that is not there now may be published later.
  private void tellOfFlows() {
    for (Rule rule : rules.get().rules()) {
      String obstacle = flows.choose(rule.start().flow(), ANYBODY).obstacle(flows.names());
      if (!obstacle.isEmpty()) {
        LOG.atWarn()
            .addKeyValue("rule", rule.name())
            .addKeyValue("why", obstacle)
            .log("a rule starts nothing, since there is no such flow");
      }
    }
  }
}
