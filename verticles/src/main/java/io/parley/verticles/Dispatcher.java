package io.parley.verticles;

import io.parley.edge.Arrival;
import io.parley.engine.ConversationId;
import io.parley.store.Inbox;
import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings an event to its conversation, and keeps it in the inbox where the conversation cannot
/// take it.
final class Dispatcher {

  /// How long a conversation has to take an event: a Journey webhook waits four seconds, and the
  /// inbox needs some of them.
  private static final Duration PATIENCE = Duration.ofMillis(2_500);

  /// How long the inbox has to keep an event. One that is kept later all the same is no harm: the
  /// sender repeats it under the same id.
  private static final Duration KEEP_PATIENCE = Duration.ofSeconds(1);

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
        .timeout(KEEP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .<Decision>map(
            _ -> {
              LOG.atWarn()
                  .addKeyValue("conversation", arrival.conversation())
                  .addKeyValue("source", arrival.source())
                  .addKeyValue("why", why)
                  .log("event kept in the inbox");
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
