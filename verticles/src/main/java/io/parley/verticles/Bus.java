package io.parley.verticles;

import io.parley.engine.ConversationId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.eventbus.ReplyException;
import java.time.Duration;

/// The event bus as the verticles use it: the addresses, and immutable records handed over by
/// reference.
final class Bus {

  /// Something was put in the outbox for a courier; the message has no content and may be lost.
  static final String SENDS_WAIT = "parley.sends-wait";

  /// A send that its turn has leased: an [io.parley.store.Outbox.Leased]. Published after the
  /// commit; one that is lost is leased again later.
  static final String SEND_HANDED = "parley.send-handed";

  static final String REPORTS_WAIT = "parley.reports-wait";

  static final String CALLS_WAIT = "parley.calls-wait";

  static final String INBOX_WAITS = "parley.inbox-waits";

  /// Calls about persons were stored.
  static final String INGESTED_WAITS = "parley.ingested-waits";

  /// Messages that are to be passed on were stored.
  static final String RELAY_WAITS = "parley.relay-waits";

  /// A handoff was opened, closed, or changed hands, or somebody wrote in it: the conversation's
  /// id. Published after the commit.
  static final String HANDOFF_CHANGED = "parley.handoff-changed";

  /// A handoff is over; the message has no content and may be lost. Published after the commit.
  static final String HANDOFF_OVER = "parley.handoff-over";

  static final String OFFERS_WAIT = "parley.offers-wait";

  /// An address may be sent nothing any more: its text. Published after the commit that says so.
  static final String CONTACT_BLOCKED = "parley.contact-blocked";

  /// A turn was committed: a [DeskEvents.Turned]. Heard only while somebody looks.
  static final String TURNED = "parley.turned";

  /// Something was done in a handoff; the message has no content and may be lost.
  static final String HANDOFFS_MOVED = "parley.handoffs-moved";

  /// An agent was asked to take a handoff: a [io.parley.store.HandoffKeeping.Made].
  static final String HANDOFF_OFFERED = "parley.handoff-offered";

  private static final String CODEC = "parley.by-reference";
  private static final int UNDELIVERED = 503;

  private final EventBus eventBus;

  private Bus(EventBus eventBus) {
    this.eventBus = eventBus;
  }

  static Bus on(Vertx vertx) {
    return new Bus(vertx.eventBus());
  }

  /// To be called once for each Vertx.
  static void register(Vertx vertx) {
    vertx.eventBus().registerCodec(new ByReference());
  }

  static String switchboard(int lane) {
    return "parley.switchboard." + lane;
  }

  static String writer(int lane) {
    return "parley.writer." + lane;
  }

  static String conversation(ConversationId id) {
    return "parley.conversation." + id;
  }

  /// The lane of a conversation: one switchboard, one writer, one connection, so that its turns
  /// keep order.
  static int lane(ConversationId id, int lanes) {
    return Math.floorMod(id.value().hashCode(), lanes);
  }

  @SuppressWarnings("unchecked") // each address has one request type and one answer type
  <T> Future<T> request(String address, Object message, Duration timeout) {
    return eventBus
        .request(address, message, options().setSendTimeout(timeout.toMillis()))
        .map(reply -> (T) reply.body());
  }

  static void reply(Message<?> message, Object answer) {
    message.reply(answer, options());
  }

  static void fail(Message<?> message, Throwable failure) {
    int code = failure instanceof ReplyException told ? told.failureCode() : UNDELIVERED;
    message.fail(code, String.valueOf(failure.getMessage()));
  }

  void publish(String address, Object message) {
    eventBus.publish(address, message, options());
  }

  private static DeliveryOptions options() {
    return new DeliveryOptions().setCodecName(CODEC).setLocalOnly(true);
  }

  /// Hands records over as they are: they are immutable, and never leave the process this way.
  private static final class ByReference implements MessageCodec<Object, Object> {

    @Override
    public void encodeToWire(Buffer buffer, Object message) {
      throw new IllegalStateException("messages of this codec stay in the process");
    }

    @Override
    public Object decodeFromWire(int position, Buffer buffer) {
      throw new IllegalStateException("messages of this codec stay in the process");
    }

    @Override
    public Object transform(Object message) {
      return message;
    }

    @Override
    public String name() {
      return CODEC;
    }

    @Override
    public byte systemCodecID() {
      return -1;
    }
  }
}
