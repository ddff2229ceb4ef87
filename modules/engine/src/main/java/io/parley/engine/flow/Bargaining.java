package io.parley.engine.flow;

import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Values;
import io.parley.engine.offers.Withholding;
import java.util.Optional;

/// What a widget may do about offers while a turn runs. Confined to one step.
public interface Bargaining {

  /// What is said to a wish for an offer, before its code is had.
  sealed interface Answer {

    /// The conversation holds it already, from this execution on; the widget's outputs.
    record Held(Values outputs) implements Answer {}

    /// The gate is open: a code may be reserved.
    record Open() implements Answer {}

    record Shut(Withholding reason) implements Answer {}
  }

  Answer ask(String offer);

  /// Asks for a code and answers the reservation's id.
  EffectId reserve(String offer);

  /// Keeps what was reserved, reports it, and answers the outputs of the widget that asked.
  Values keep(Event.OfferReserved reserved);

  /// Reports that an offer was not made, and answers the outputs of the widget that asked.
  Values withhold(String offer, Withholding reason);

  /// Whether a message may not be sent, as it promises what was not granted. That it is refused is
  /// reported.
  Optional<Event.SendFailed> refusal(Effect.Content content);

  /// A message is to leave, which may carry the code of an offer.
  void leaving(EffectId send, Effect.Content content);

  /// The contact was helped.
  void helped();

  /// The contact did not reply in time.
  void silent();
}
