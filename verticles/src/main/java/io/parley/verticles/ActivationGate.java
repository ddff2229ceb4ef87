package io.parley.verticles;

import io.parley.edge.AudienceChange;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.store.LastCheck;
import io.parley.store.LastCheck.Doubt;
import io.parley.store.LastCheck.Orders;
import io.parley.store.LastCheck.Question;
import io.parley.store.Outbox.Leased;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Asks before reports leave for an advertising network whether their people may still be told of.
/// Who leaves a list always leaves it.
final class ActivationGate {

  /// An entry that an order has brought about, such as into a list of those who are to see no more
  /// advertisements, is not moot by one; nor is one by an opt-out that an opt-out has.
  private static final String BY_ORDER = "purchase";

  private static final String BY_OPT_OUT = "opt_out";

  private final LastCheck check;

  ActivationGate(LastCheck check) {
    this.check = check;
  }

  /// What stands against which of the reports.
  ///
  /// @param told for whom they are
  Future<Map<EffectId, Doubt>> doubts(Destination told, List<Leased> leased) {
    return told.taker().isActivation()
        ? check.ask(
            leased.stream().flatMap(row -> question(row, told.keepsBuyers()).stream()).toList())
        : Future.succeededFuture(Map.of());
  }

  private static Optional<Question> question(Leased row, boolean keepsBuyers) {
    if (!(row.effect() instanceof Effect.ReportOutcome report)) {
      return Optional.empty();
    }
    Optional<AudienceChange> change = AudienceChange.of(report);
    if (change.filter(it -> !it.isEntry()).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        new Question(
            row,
            report.person().externalId(),
            report.person().attributes().text("email"),
            change.filter(it -> it.reason().equals(BY_OPT_OUT)).isEmpty(),
            change
                .filter(it -> !keepsBuyers && !it.reason().equals(BY_ORDER))
                .map(it -> new Orders(it.enteredAt(), report.at()))));
  }
}
