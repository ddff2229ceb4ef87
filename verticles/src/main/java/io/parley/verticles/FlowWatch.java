package io.parley.verticles;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the library at what is in force, whichever node changed it. Confined to its context.
final class FlowWatch extends VerticleBase {

  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(FlowWatch.class);

  private final FlowLibrary flows;
  private final Complaint unread = new Complaint(LOG, "flows cannot be read");
  private boolean atWork;

  FlowWatch(FlowLibrary flows) {
    this.flows = flows;
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
    flows
        .refresh()
        .onComplete(
            looked -> {
              atWork = false;
              if (looked.failed()) {
                unread.failed(looked.cause());
              } else {
                unread.worked();
              }
            });
  }
}
