package io.parley.verticles;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// When each sender may send next. The courier takes of the senders' time; conversations look
/// whether there is some at once. Thread-safe, with one courier.
final class Pacing {

  /// How far ahead a sender's time is given away.
  private static final Duration LOOK_AHEAD = Duration.ofSeconds(2);

  /// A sender with less than this given away surely has nothing that waits to be leased.
  private static final Duration AT_ONCE = LOOK_AHEAD.dividedBy(4);

  private final double segmentsPerSecond;
  private final Map<String, Long> nextFree = new ConcurrentHashMap<>();
  private volatile boolean hasRoom;

  /// @param segmentsPerSecond a sender's rate; a long code has 1
  Pacing(double segmentsPerSecond) {
    this.segmentsPerSecond = segmentsPerSecond;
  }

  /// @param room whether the courier has room for what it does not lease itself
  void room(boolean room) {
    hasRoom = room;
  }

  /// Whether the courier would send a message of a sender at once.
  boolean takesAtOnce(String sender) {
    long now = System.nanoTime();
    return hasRoom && nextFree.getOrDefault(sender, now) - now < AT_ONCE.toNanos();
  }

  /// How many messages of one sender may leave until the next look, of one segment each.
  int inHand(int atMost) {
    return (int) Math.ceil(LOOK_AHEAD.toSeconds() * Math.min(segmentsPerSecond, atMost)) + 1;
  }

  /// The senders that have as much in hand as they can pace.
  List<String> busy() {
    long horizon = System.nanoTime() + LOOK_AHEAD.toNanos();
    nextFree.values().removeIf(free -> free - System.nanoTime() < -LOOK_AHEAD.toNanos());
    return nextFree.entrySet().stream()
        .filter(entry -> entry.getValue() - horizon > 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  /// How long a message waits for its sender.
  ///
  /// @param inHand whether it may wait for that where it is; else the sender has as much in hand as
  ///     it can pace, and none of its time was taken
  record Turn(Duration after, boolean inHand) {}

  /// A message takes its segments of the sender's time, and the next one waits for them.
  Turn take(String sender, int segments) {
    long now = System.nanoTime();
    long at = Math.max(now, nextFree.getOrDefault(sender, now));
    boolean inHand = at - now <= LOOK_AHEAD.toNanos();
    if (inHand) {
      nextFree.put(sender, at + (long) (segments / segmentsPerSecond * 1e9));
    }
    return new Turn(Duration.ofNanos(at - now), inHand);
  }
}
