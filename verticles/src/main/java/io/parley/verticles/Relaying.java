package io.parley.verticles;

import io.parley.engine.Channel;
import io.parley.store.InboundRelay;
import io.parley.twilio.TwilioForms.InboundMessage;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.Optional;

/// Keeps the text messages that Twilio posts for Customer.io, which cannot have a webhook of its
/// own while Twilio's leads here.
///
/// Only SMS: Customer.io takes no WhatsApp message that went by an account of Twilio's.
///
/// @param queue empty where nothing is passed on
record Relaying(Optional<InboundRelay> queue, Clock clock) {

  static final String TOKEN = "I-Twilio-Idempotency-Token";

  /// Completes when the message is kept, at once where it need not be.
  Future<Void> keep(RoutingContext context, InboundMessage message) {
    if (queue.isEmpty() || message.thread().theirs().channel() != Channel.SMS) {
      return Future.succeededFuture();
    }
    return queue
        .get()
        .add(
            new InboundRelay.Entry(
                message.sourceId(),
                message.thread().theirs().value(),
                Optional.ofNullable(context.request().getHeader(TOKEN)).orElse("").strip(),
                form(context),
                clock.instant()))
        .onSuccess(_ -> context.vertx().eventBus().send(Bus.RELAY_WAITS, ""));
  }

  /// The body as it came; of a webhook by GET its query.
  private static Buffer form(RoutingContext context) {
    byte[] body = RawBody.of(context);
    return body.length > 0
        ? Buffer.buffer(body)
        : Buffer.buffer(Optional.ofNullable(context.request().query()).orElse(""));
  }
}
