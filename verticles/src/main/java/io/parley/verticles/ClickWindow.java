package io.parley.verticles;

import io.parley.engine.EffectId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Which requests for a link are the same click: those of one client that come within half a minute
/// of each other, as by a double tap, a page that is loaded again, or a way back. Confined to its
/// context.
///
/// A click is named by its message, its client and the half minute that it began in. Another node,
/// or this one after a start, comes to the same name within that half minute, and the journal takes
/// a name once.
final class ClickWindow {

  static final Duration LENGTH = Duration.ofSeconds(30);

  /// Whoever asks for one message's links under ever new names is no person, and fills no journal.
  private static final int MAX_CLICKS_OF_A_MESSAGE = 5;

  private static final int MAX_MESSAGES = 10_000;

  /// By message: when each client was there last, the messages that were asked for last at the end.
  private final Map<EffectId, Map<String, Instant>> seen = new LinkedHashMap<>(16, 0.75f, true);

  /// The name of a new click; empty where the request belongs to one that is known.
  ///
  /// @param client who asks, and for which of the message's links
  Optional<String> click(EffectId send, String client, Instant now) {
    Map<String, Instant> clients = seen.computeIfAbsent(send, _ -> new LinkedHashMap<>());
    clients.values().removeIf(at -> !now.isBefore(at.plus(LENGTH)));
    if (seen.size() > MAX_MESSAGES) {
      seen.remove(seen.keySet().iterator().next());
    }
    boolean known = clients.containsKey(client);
    if (!known && clients.size() >= MAX_CLICKS_OF_A_MESSAGE) {
      return Optional.empty();
    }
    clients.put(client, now);
    long window = now.getEpochSecond() / LENGTH.toSeconds();
    return known ? Optional.empty() : Optional.of(send + ":" + client + ":" + window);
  }
}
