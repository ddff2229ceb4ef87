package io.parley.verticles;

import io.parley.edge.Arrival;
import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.Event;
import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.Tag;
import io.parley.intents.KeywordTagger;
import io.parley.store.Contacts;
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
  private final Contacts contacts;
  private final KeywordTagger tagger;
  private final int lanes;

  Dispatcher(Bus bus, Inbox inbox, Contacts contacts, KeywordTagger tagger, int lanes) {
    this.bus = bus;
    this.inbox = inbox;
    this.contacts = contacts;
    this.tagger = tagger;
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
    Inbox.Kept kept =
        new Inbox.Kept(
            sourceOf(arrival),
            arrival.sourceId(),
            arrival.alias(),
            arrival.thread(),
            arrival.event(),
            arrival.receivedAt());
    return heedStop(arrival)
        .compose(_ -> inbox.keep(kept, why))
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

  /// A stop that cannot become a turn now holds all the same, from before it is acknowledged.
  private Future<Void> heedStop(Arrival arrival) {
    if (!(arrival.event() instanceof Event.ReplyReceived reply)) {
      return Future.succeededFuture();
    }
    boolean stop =
        tagger.tag(reply.parameters(), ContactFacts.NOTHING_KNOWN).tags().stream()
            .anyMatch(tag -> tag.name().equals(Tag.OPT_OUT));
    Address contact = arrival.thread().theirs();
    return stop
        ? contacts
            .optOut(contact, reply.body(), arrival.receivedAt())
            .onSuccess(_ -> bus.publish(Bus.CONTACT_BLOCKED, contact.value()))
        : Future.succeededFuture();
  }

  /// The name of a source as the journal and the inbox store it.
  static String sourceOf(Arrival arrival) {
    return arrival.source().name().toLowerCase(Locale.ROOT);
  }
}
