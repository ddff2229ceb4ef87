package io.parley.engine;

import java.util.Optional;

/// What an execution waits for between two turns.
public sealed interface Awaiting {

  /// The timer that ends the wait, which goes with it.
  default Optional<EffectId> limit() {
    return Optional.empty();
  }

  /// Nothing yet: the execution is on its way, within a turn.
  record Nothing() implements Awaiting {}

  /// Twilio's answer to a send.
  ///
  /// @param to the recipient, whom a flow may choose: not always the contact
  record SendAnswer(EffectId send, Address to) implements Awaiting {}

  /// The contact's reply, until the timer fires.
  record Reply(EffectId send, EffectId timer) implements Awaiting {
    @Override
    public Optional<EffectId> limit() {
      return Optional.of(timer);
    }
  }

  /// The answer of another system that was called.
  record CallAnswer(EffectId call) implements Awaiting {}

  /// Whether a code can be had for an offer, until the timer fires.
  record OfferAnswer(EffectId reservation, EffectId timer) implements Awaiting {
    @Override
    public Optional<EffectId> limit() {
      return Optional.of(timer);
    }
  }

  /// The end of a handoff, while a person speaks for us.
  ///
  /// @param timer how long the handoff may stand, if there is a limit
  record Closing(EffectId handoff, Optional<EffectId> timer) implements Awaiting {
    @Override
    public Optional<EffectId> limit() {
      return timer;
    }
  }

  /// The application that the contact was redirected to gives the conversation back.
  ///
  /// @param url where Twilio is to go for what is said next
  /// @param method `GET` or `POST`
  record Return(String url, String method, EffectId timer) implements Awaiting {
    @Override
    public Optional<EffectId> limit() {
      return Optional.of(timer);
    }
  }

  /// A time.
  record Time(EffectId timer) implements Awaiting {
    @Override
    public Optional<EffectId> limit() {
      return Optional.of(timer);
    }
  }

  /// Something that happens elsewhere (a purchase, a click, any event told), until the timer fires.
  record Happening(EffectId timer) implements Awaiting {
    @Override
    public Optional<EffectId> limit() {
      return Optional.of(timer);
    }
  }
}
