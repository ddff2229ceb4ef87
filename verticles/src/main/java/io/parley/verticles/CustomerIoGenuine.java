package io.parley.verticles;

import io.parley.customerio.Authentication;
import io.parley.customerio.TriggerCredentials;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets pass what carries Customer.io's credentials, verified on the raw bytes, and refuses all
/// else.
final class CustomerIoGenuine implements Handler<RoutingContext> {

  private static final Logger LOG = LoggerFactory.getLogger(CustomerIoGenuine.class);

  private final String edge;
  private final TriggerCredentials credentials;
  private final InstantSource clock;
  private final Metrics metrics;

  /// @param edge whose requests they are, as the metrics name it
  CustomerIoGenuine(
      String edge, TriggerCredentials credentials, InstantSource clock, Metrics metrics) {
    this.edge = edge;
    this.credentials = credentials;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public void handle(RoutingContext context) {
    Map<String, String> headers = new HashMap<>();
    context
        .request()
        .headers()
        .forEach(entry -> headers.put(entry.getKey().toLowerCase(Locale.ROOT), entry.getValue()));
    switch (credentials.decide(headers, RawBody.of(context), clock.instant())) {
      case Authentication.Verified _ -> context.next();
      case Authentication.Rejected(var reason, var sentence) -> {
        metrics.edgeRefused(edge, reason);
        LOG.atWarn()
            .addKeyValue("path", context.normalizedPath())
            .addKeyValue("reason", reason)
            .log("a request of Customer.io was refused");
        WebVerticle.answer(context, 401, sentence);
      }
    }
  }
}
