package io.parley.loadtest.twilio;

import io.parley.loadtest.standin.Ledger;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/// Leads each accepted message through its life: it waits until its sender's turn, is sent, and
/// meets its [Fate]. Confined to its context, but for the rules that a test sets.
final class Carrier {

  private static final int QUEUE_OVERFLOW = 30001;
  private static final int OUTSIDE_WINDOW = 63016;

  private final Vertx vertx;
  private final Account account;
  private final Ledger<SentMessage> messages;
  private final Courier courier;
  private final Consumer<SentMessage> changed;
  private final Map<String, Queue> queues = new HashMap<>();
  private final Map<String, Pace> paces = new ConcurrentHashMap<>();
  private final Map<String, Fate> fates = new ConcurrentHashMap<>();
  private volatile Function<SentMessage, Fate> rule = _ -> new Fate.Delivered();
  private volatile Pace pace;
  private final Random random;

  Carrier(Vertx vertx, Account account, Courier courier, Consumer<SentMessage> changed) {
    this.vertx = vertx;
    this.account = account;
    this.messages = account.messages();
    this.courier = courier;
    this.changed = changed;
    this.pace = account.settings().pace();
    this.random = new Random(account.settings().callbacks().seed());
  }

  void pace(Pace newPace) {
    pace = newPace;
  }

  void pace(String sender, Pace newPace) {
    paces.put(sender, newPace);
  }

  void fate(String recipient, Fate fate) {
    fates.put(recipient, fate);
  }

  void fates(Function<SentMessage, Fate> newRule) {
    rule = newRule;
  }

  boolean overflows(String sender) {
    Queue queue = queues.get(sender);
    return queue != null && queue.lasts().compareTo(account.settings().longestQueue()) > 0;
  }

  /// Takes a message that was accepted and is kept in the ledger as `queued`.
  void take(SentMessage message) {
    courier.report(message);
    if (overflows(message.from())) {
      end(message.sid(), DeliveryStatus.FAILED, OptionalInt.of(QUEUE_OVERFLOW));
      return;
    }
    queues.computeIfAbsent(message.from(), Queue::new).add(message);
  }

  /// Puts a canceled message, still queued, out of the queue.
  void drop(SentMessage canceled) {
    courier.report(canceled);
    courier.finish(canceled.sid());
    changed.accept(canceled);
  }

  private Pace paceOf(String sender) {
    return paces.getOrDefault(sender, pace);
  }

  private void send(SentMessage queued) {
    move(queued.sid(), DeliveryStatus.SENDING, OptionalInt.empty());
    Fate fate = fateOf(queued);
    Pace here = paceOf(queued.from());
    after(
        here.untilSent().draw(random),
        () -> {
          if (fate instanceof Fate.Failed(int errorCode)) {
            end(queued.sid(), DeliveryStatus.FAILED, OptionalInt.of(errorCode));
            return;
          }
          move(queued.sid(), DeliveryStatus.SENT, OptionalInt.empty());
          after(here.untilDelivered().draw(random), () -> meet(queued.sid(), fate));
        });
  }

  private Fate fateOf(SentMessage message) {
    Fate own = fates.get(message.to());
    if (own != null) {
      return own;
    }
    return account.outsideWindow(message) ? new Fate.Failed(OUTSIDE_WINDOW) : rule.apply(message);
  }

  private void meet(String sid, Fate fate) {
    switch (fate) {
      case Fate.Delivered() -> end(sid, DeliveryStatus.DELIVERED, OptionalInt.empty());
      case Fate.Undelivered(int errorCode) ->
          end(sid, DeliveryStatus.UNDELIVERED, OptionalInt.of(errorCode));
      case Fate.Failed(int errorCode) -> end(sid, DeliveryStatus.FAILED, OptionalInt.of(errorCode));
      case Fate.Read() -> {
        move(sid, DeliveryStatus.DELIVERED, OptionalInt.empty());
        end(sid, DeliveryStatus.READ, OptionalInt.empty());
      }
      case Fate.NeverReported() -> courier.finish(sid);
    }
  }

  private void end(String sid, DeliveryStatus last, OptionalInt errorCode) {
    move(sid, last, errorCode);
    courier.finish(sid);
  }

  private void move(String sid, DeliveryStatus next, OptionalInt errorCode) {
    messages
        .change(sid, message -> message.at(next, errorCode, Instant.now()))
        .ifPresent(
            message -> {
              courier.report(message);
              changed.accept(message);
            });
  }

  private void after(Duration wait, Runnable then) {
    if (wait.toMillis() <= 0) {
      then.run();
      return;
    }
    vertx.setTimer(wait.toMillis(), _ -> then.run());
  }

  /// The messages of one sender that wait for their turn.
  private final class Queue {
    private final String sender;
    private final Deque<SentMessage> waiting = new ArrayDeque<>();
    private long nextTurn = System.nanoTime();
    private long waitingSegments;
    private boolean asleep;

    private Queue(String sender) {
      this.sender = sender;
    }

    private void add(SentMessage message) {
      if (waiting.isEmpty()) {
        nextTurn = Math.max(nextTurn, System.nanoTime());
      }
      waiting.add(message);
      waitingSegments += message.segments();
      if (!asleep) {
        asleep = true;
        vertx.runOnContext(_ -> drain());
      }
    }

    private void drain() {
      asleep = false;
      double perSecond = paceOf(sender).segmentsPerSecond();
      while (!waiting.isEmpty() && nextTurn <= System.nanoTime()) {
        SentMessage next = waiting.remove();
        waitingSegments -= next.segments();
        if (messages.find(next.sid()).filter(Carrier::isQueued).isPresent()) {
          nextTurn += (long) (next.segments() * 1e9 / perSecond);
          send(next);
        }
      }
      if (!waiting.isEmpty()) {
        asleep = true;
        long nanos = nextTurn - System.nanoTime();
        vertx.setTimer(Math.max(1, nanos / 1_000_000), _ -> drain());
      }
    }

    private Duration lasts() {
      return Duration.ofMillis((long) (waitingSegments * 1e3 / paceOf(sender).segmentsPerSecond()));
    }
  }

  private static boolean isQueued(SentMessage message) {
    return message.status() == DeliveryStatus.QUEUED;
  }
}
