package io.parley.verticles;

import io.parley.twilio.TwilioSignature;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets pass what Twilio has signed, verified on the raw bytes, and refuses all else.
final class TwilioGenuine implements Handler<RoutingContext> {

  private static final Logger LOG = LoggerFactory.getLogger(TwilioGenuine.class);

  private final Optional<TwilioSignature> signature;
  private final Metrics metrics;

  /// @param signature empty where no account is configured, which lets nothing pass
  TwilioGenuine(Optional<TwilioSignature> signature, Metrics metrics) {
    this.signature = signature;
    this.metrics = metrics;
  }

  @Override
  public void handle(RoutingContext context) {
    if (signature.isEmpty()) {
      refuse(
          context,
          "not_configured",
          "Twilio's requests cannot be verified: set PARLEY_TWILIO_ACCOUNT_SID and"
              + " PARLEY_TWILIO_AUTH_TOKEN");
      return;
    }
    String header = context.request().getHeader("X-Twilio-Signature");
    TwilioSignature.Verdict verdict =
        signature
            .get()
            .verify(context.request().uri(), RawBody.of(context), header == null ? "" : header);
    if (verdict.genuine()) {
      context.next();
      return;
    }
    refuse(
        context,
        verdict.word(),
        "the request's X-Twilio-Signature is not Twilio's ("
            + verdict.word()
            + "): check PARLEY_PUBLIC_URL and PARLEY_TWILIO_AUTH_TOKEN");
  }

  private void refuse(RoutingContext context, String reason, String sentence) {
    metrics.edgeRefused("twilio", reason);
    LOG.atWarn()
        .addKeyValue("path", context.normalizedPath())
        .addKeyValue("reason", reason)
        .log("a request to the Twilio edge was refused");
    WebVerticle.answer(context, 403, sentence);
  }
}
