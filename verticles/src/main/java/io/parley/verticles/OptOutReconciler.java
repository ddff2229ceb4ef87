package io.parley.verticles;

import io.parley.customerio.AppApi;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Compares the opt-outs of Parley and of Customer.io now and then, mends what one of them lacks,
/// and tells how much they had drifted. Confined to its context.
final class OptOutReconciler extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(OptOutReconciler.class);

  private final Pool pool;
  private final AppApi api;
  private final OptOutSettings settings;
  private final SlidingLimit limit;
  private final Clock clock;
  private final Metrics metrics;
  private final Rounds rounds =
      new Rounds(this::reconcile, new Complaint(LOG, "opt-outs cannot be compared"));
  private Optional<OptOutReconciliation> reconciliation = Optional.empty();

  /// @param limit what others share that ask the App API
  OptOutReconciler(
      Pool pool,
      AppApi api,
      OptOutSettings settings,
      SlidingLimit limit,
      Clock clock,
      Metrics metrics) {
    this.pool = pool;
    this.api = api;
    this.settings = settings;
    this.limit = limit;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public Future<?> start() {
    reconciliation =
        Optional.of(new OptOutReconciliation(vertx, pool, api, settings.pace(), limit, clock));
    return rounds.every(settings.reconcile().orElse(Duration.ofDays(1)), vertx);
  }

  @Override
  public Future<?> stop() {
    reconciliation.ifPresent(OptOutReconciliation::close);
    return Future.succeededFuture();
  }

  private Future<?> reconcile() {
    OptOutReconciliation comparing = reconciliation.orElseThrow();
    return comparing
        .compare()
        .compose(
            drift -> {
              metrics.optOutDrift("missing_here", drift.missingHere().size());
              metrics.optOutDrift("unknown_here", drift.unknownHere().size());
              metrics.optOutDrift("missing_there", drift.missingThere().size());
              metrics.optOutDrift("lifted_here", drift.liftedHere().size());
              metrics.optOutDrift("incomparable", drift.incomparable().size());
              return comparing.mend(drift, settings.lists());
            })
        .onSuccess(
            mended -> {
              metrics.optOutDrift("unmended", mended.failed().size());
              LOG.atInfo()
                  .addKeyValue("here", mended.here())
                  .addKeyValue("there", mended.there())
                  .addKeyValue("unmended", mended.failed().size())
                  .log("opt-outs were compared with Customer.io, and mended");
            });
  }
}
