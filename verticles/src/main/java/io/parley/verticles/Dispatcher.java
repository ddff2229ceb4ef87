package io.parley.verticles;

import io.parley.edge.Arrival;
import io.parley.engine.ConversationId;
import io.parley.store.Inbox;
import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Brings an event to its conversation, and keeps it in the inbox where the conversation cannot
/// take it.
final class Dispatcher {

  /// How long a conversation has to take an event: a Journey webhook waits four seconds.
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  private final Bus bus;
  private final Inbox inbox;
  private final int lanes;

  Dispatcher(Bus bus, Inbox inbox, int lanes) {
    this.bus = bus;
    this.inbox = inbox;
    this.lanes = lanes;
  }

  /// Never fails: what goes wrong is an answer.
  Future<Decision> dispatch(Arrival arrival) {
    ConversationId conversation = arrival.conversation();
    return bus.<Decision>request(Bus.switchboard(Bus.lane(conversation, lanes)), arrival, PATIENCE)
        .recover(failure -> keep(arrival, failure));
  }

  private Future<Decision> keep(Arrival arrival, Throwable failure) {
    if (failure instanceof ReplyException told
        && told.failureCode() == ConversationVerticle.DATABASE_UNAVAILABLE) {
      return Future.succeededFuture(new Decision.Unavailable(String.valueOf(told.getMessage())));
    }
    String why = String.valueOf(failure.getMessage());
    return inbox
        .keep(
            new Inbox.Kept(
                sourceOf(arrival),
                arrival.sourceId(),
                arrival.alias(),
                arrival.thread(),
                arrival.event(),
                arrival.receivedAt()),
            why)
        .<Decision>map(
            parked -> {
              LOG.atLevel(parked ? Level.ERROR : Level.WARN)
                  .addKeyValue("conversation", arrival.conversation())
                  .addKeyValue("source", arrival.source())
                  .addKeyValue("source_id", arrival.sourceId())
                  .addKeyValue("why", why)
                  .log(
                      parked
                          ? "event parked; parley inbox retry tries it again"
                          : "event kept in the inbox");
              return new Decision.Kept(arrival.conversation(), why);
            })
        .recover(
            unstored ->
                Future.succeededFuture(
                    new Decision.Unavailable(String.valueOf(unstored.getMessage()))));
  }

  /// The name of a source as the journal and the inbox store it.
  static String sourceOf(Arrival arrival) {
    return arrival.source().name().toLowerCase(Locale.ROOT);
  }
}
