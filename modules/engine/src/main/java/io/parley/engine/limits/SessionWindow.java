package io.parley.engine.limits;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// WhatsApp's customer service window: while it is open, anything may be sent; outside it only an
/// approved template (Twilio's error 63016). Each message of the contact's opens it for 24 hours;
/// so do a reaction and a tapped button, which come in as messages.
///
/// @param lastInboundAt when the contact last wrote
/// @param shutAt when WhatsApp last said that it is shut, whatever our clock says
public record SessionWindow(Optional<Instant> lastInboundAt, Optional<Instant> shutAt) {

  public static final Duration LENGTH = Duration.ofHours(24);

  /// The contact never wrote.
  public static final SessionWindow NEVER_OPENED =
      new SessionWindow(Optional.empty(), Optional.empty());

  /// Twilio's codes for a message outside the window, and for somebody whom WhatsApp does not know;
  /// whoever writes is known to it.
  private static final Set<Integer> SHUT = Set.of(63_016, 63_003, 63_024);

  /// After a message of the contact's. One that comes late does not shorten the window.
  public SessionWindow heard(Instant at) {
    boolean isLate = lastInboundAt.isPresent() && lastInboundAt.get().isAfter(at);
    return isLate ? this : new SessionWindow(Optional.of(at), shutAt);
  }

  /// Whether free text fails with a code of Twilio's until the contact writes.
  public static boolean isShutBy(int code) {
    return SHUT.contains(code);
  }

  /// After a message failed with a code of Twilio's: some shut the window, others leave it.
  ///
  /// @param at when the message left
  public SessionWindow failed(int code, Instant at) {
    return isShutBy(code) ? new SessionWindow(lastInboundAt, Optional.of(at)) : this;
  }

  public boolean isOpen(Instant now) {
    return until().filter(now::isBefore).isPresent();
  }

  /// When it shuts or did; empty where it never opened, or was shut since it last did.
  public Optional<Instant> until() {
    return lastInboundAt
        .filter(heard -> shutAt.filter(shut -> !shut.isBefore(heard)).isEmpty())
        .map(heard -> heard.plus(LENGTH));
  }
}
