package io.parley.engine.offers;

import io.parley.engine.EffectId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a conversation keeps between its turns of what stands in the way of a sale and of what was
/// offered against it.
///
/// @param friction what has kept the contact from buying
/// @param held the latest offer that was made here and not given back
/// @param spokeAt when Twilio last took a message of ours
/// @param boughtAt the contact's latest purchase
public record Bargain(
    Friction friction, Optional<Held> held, Optional<Instant> spokeAt, Optional<Instant> boughtAt) {

  public static final Bargain NONE =
      new Bargain(Friction.NONE, Optional.empty(), Optional.empty(), Optional.empty());

  /// How far an offer got that was made.
  public enum State {
    /// No message has carried its code yet.
    RESERVED,
    /// A message with its code is on its way to Twilio.
    LEAVING,
    /// Twilio has taken a message with its code.
    SENT,
    /// An order has used it.
    USED,
    /// Its messages were withdrawn before Twilio was known to have taken one: it goes back, unless
    /// one turns out to have left.
    WITHDRAWN
  }

  /// An offer that was made.
  ///
  /// @param id the effect that reserved it
  /// @param carriers the messages that carry its code and have not failed, at most [#MAX_CARRIERS]
  public record Held(
      EffectId id, Grant grant, Instant grantedAt, State state, List<EffectId> carriers) {

    static final int MAX_CARRIERS = 8;

    public Held {
      carriers =
          List.copyOf(
              carriers.subList(Math.max(0, carriers.size() - MAX_CARRIERS), carriers.size()));
    }

    /// Whether its code may be said.
    public boolean isLive(Instant now) {
      return switch (state) {
        case RESERVED, LEAVING, SENT -> now.isBefore(grant.expiresAt());
        case USED, WITHDRAWN -> false;
      };
    }

    public Held as(State next) {
      return new Held(id, grant, grantedAt, next, carriers);
    }

    /// One more message carries it.
    public Held carriedBy(EffectId send) {
      List<EffectId> more = new ArrayList<>(carriers);
      more.add(send);
      return new Held(id, grant, grantedAt, state == State.RESERVED ? State.LEAVING : state, more);
    }

    /// A message that carried it has failed.
    public Held without(EffectId send) {
      return new Held(
          id, grant, grantedAt, state, carriers.stream().filter(it -> !it.equals(send)).toList());
    }
  }

  /// The offer whose code may be said now.
  public Optional<Held> live(Instant now) {
    return held.filter(it -> it.isLive(now));
  }

  public Bargain with(Friction next) {
    return new Bargain(next, held, spokeAt, boughtAt);
  }

  public Bargain holding(Optional<Held> next) {
    return new Bargain(friction, next, spokeAt, boughtAt);
  }

  public Bargain spoken(Instant at) {
    return new Bargain(friction, held, Optional.of(at), boughtAt);
  }

  /// Purchases may be told out of order: the latest counts.
  public Bargain bought(Instant at) {
    return new Bargain(
        friction, held, spokeAt, Optional.of(boughtAt.filter(it -> it.isAfter(at)).orElse(at)));
  }
}
