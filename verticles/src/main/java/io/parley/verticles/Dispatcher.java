package io.parley.verticles;

import io.parley.edge.Arrival;
import io.parley.engine.Address;
import io.parley.engine.Event;
import io.parley.engine.Moment;
import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.Tag;
import io.parley.intents.Asked;
import io.parley.intents.Reply;
import io.parley.intents.Tags;
import io.parley.store.Contacts;
import io.parley.store.Inbox;
import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Brings an event to its conversation, and keeps it in the inbox where the conversation cannot
/// take it.
final class Dispatcher {

  /// How long a conversation has to take an event: a Journey webhook waits four seconds, and the
  /// inbox needs some of them.
  private static final Duration PATIENCE = Moment.ANSWERED_WITHIN;

  /// How long the inbox has to keep an event. One that is kept later all the same is no harm: the
  /// sender repeats it under the same id.
  private static final Duration KEEP_PATIENCE = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  private final Bus bus;
  private final Inbox inbox;
  private final Contacts contacts;
  private final Function<Reply, Tags> rules;
  private final int lanes;

  /// @param rules what a reply means by rules alone, at once
  Dispatcher(Bus bus, Inbox inbox, Contacts contacts, Function<Reply, Tags> rules, int lanes) {
    this.bus = bus;
    this.inbox = inbox;
    this.contacts = contacts;
    this.rules = rules;
    this.lanes = lanes;
  }

  /// Brings an event that has just arrived. Never fails: what goes wrong is an answer.
  Future<Decision> dispatch(Arrival arrival) {
    return deliver(arrival).recover(failure -> keep(arrival, heedStop(arrival), failure));
  }

  /// Brings an event that the inbox has kept. A stop among them was heeded when it arrived; what
  /// the contact has said since then counts.
  Future<Decision> retry(Arrival arrival) {
    return deliver(arrival).recover(failure -> keep(arrival, Future.succeededFuture(), failure));
  }

  private Future<Decision> deliver(Arrival arrival) {
    int lane = Bus.lane(arrival.conversation(), lanes);
    return bus.request(Bus.switchboard(lane), arrival, PATIENCE);
  }

  private Future<Decision> keep(Arrival arrival, Future<Void> first, Throwable failure) {
    if (failure instanceof ReplyException told
        && told.failureCode() == ConversationVerticle.DATABASE_UNAVAILABLE) {
      return Future.succeededFuture(new Decision.Unavailable(String.valueOf(told.getMessage())));
    }
    String why = String.valueOf(failure.getMessage());
    return first
        .compose(_ -> inbox.keep(kept(arrival), why))
        .timeout(KEEP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
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

  /// A stop that cannot become a turn now holds all the same, from before it is acknowledged: one
  /// in any words that the rules read. What may be a stop waits for its turn.
  private Future<Void> heedStop(Arrival arrival) {
    if (!(arrival.event() instanceof Event.ReplyReceived reply)) {
      return Future.succeededFuture();
    }
    Reply alone = new Reply(reply.parameters(), ContactFacts.NOTHING_KNOWN, Asked.NOTHING);
    if (!rules.apply(alone).has(Tag.OPT_OUT)) {
      return Future.succeededFuture();
    }
    Future<Void> heeded = heedStop(arrival.thread().theirs(), reply, arrival.receivedAt());
    return reply.author().isEmpty()
        ? heeded
        : heeded.compose(_ -> heedStop(reply.author().get(), reply, arrival.receivedAt()));
  }

  private Future<Void> heedStop(Address contact, Event.ReplyReceived reply, Instant at) {
    return contacts
        .optOut(contact, reply.body(), at)
        .onSuccess(_ -> bus.publish(Bus.CONTACT_BLOCKED, contact.value()));
  }

  /// An arrival as the inbox stores it.
  static Inbox.Kept kept(Arrival arrival) {
    return new Inbox.Kept(
        sourceOf(arrival),
        arrival.sourceId(),
        arrival.alias(),
        arrival.thread(),
        arrival.event(),
        arrival.receivedAt());
  }

  /// The name of a source as the journal and the inbox store it.
  static String sourceOf(Arrival arrival) {
    return arrival.source().word();
  }
}
