package io.parley.engine.flow;

import io.parley.engine.Awaiting;
import io.parley.engine.Effect.ScheduleTimer.Purpose;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Reason;
import io.parley.engine.Values;
import io.parley.engine.offers.Withholding;
import java.time.Duration;
import java.util.List;

/// `parley.gate-offer`: makes the contact an offer where the policy's gate is open for it and a
/// code can be had (`granted`), and else does not (`withheld`).
///
/// ```json
/// {"offer": "second-chance"}
/// ```
///
/// Outputs: `friction` with `score` and `count`; when granted `offer`, `code`, `value` (`15%`,
/// `$10`) and `expires_at`; when withheld `reason` and `explanation`, see [Withholding].
///
/// @param offer a template: the offer's name in the policy's catalogue
public record GateOffer(String name, List<Transition> transitions, String offer) implements Widget {

  static final List<Property> PROPERTIES = List.of(Property.text("offer").required());

  /// How long a code is waited for. A shop that is asked for one has this long, with its repeats.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  public GateOffer {
    transitions = List.copyOf(transitions);
  }

  static GateOffer read(String name, List<Transition> transitions, Place properties) {
    return new GateOffer(name, transitions, properties.get("offer").text());
  }

  @Override
  public Reached enter(Scene scene) {
    String wished = scene.text(offer).strip();
    return switch (scene.bargaining().ask(wished)) {
      case Bargaining.Answer.Held(var outputs) -> left("granted", outputs);
      case Bargaining.Answer.Shut(var reason) -> withheld(scene, wished, reason);
      case Bargaining.Answer.Open() -> {
        EffectId reservation = scene.bargaining().reserve(wished);
        EffectId timer = scene.timer(PATIENCE, Purpose.OFFER_TIMEOUT);
        yield new Reached.Holds(
            new Awaiting.OfferAnswer(reservation, timer), Values.of("offer", wished));
      }
    };
  }

  @Override
  public Reached resume(Scene scene, Awaiting awaiting, Event event) {
    if (!(awaiting instanceof Awaiting.OfferAnswer(var reservation, var timer))) {
      return new Reached.Unmoved(Reason.UNEXPECTED_EVENT);
    }
    return switch (event) {
      case Event.OfferReserved reserved when reserved.reservation().equals(reservation) -> {
        scene.cancel(timer);
        yield left("granted", scene.bargaining().keep(reserved));
      }
      case Event.OfferUnavailable refused when refused.reservation().equals(reservation) -> {
        scene.cancel(timer);
        yield withheld(scene, scene.text(offer).strip(), refused.reason());
      }
      case Event.TimerFired(var fired) when fired.equals(timer) ->
          withheld(scene, scene.text(offer).strip(), Withholding.UNAVAILABLE);
      default -> new Reached.Unmoved(Reason.UNEXPECTED_EVENT);
    };
  }

  @Override
  public Awaiting renew(Scene scene, Awaiting awaiting) {
    return awaiting instanceof Awaiting.OfferAnswer(var reservation, _)
        ? new Awaiting.OfferAnswer(reservation, scene.timer(PATIENCE, Purpose.OFFER_TIMEOUT))
        : awaiting;
  }

  private Reached withheld(Scene scene, String wished, Withholding reason) {
    return left("withheld", scene.bargaining().withhold(wished, reason));
  }

  private Reached left(String event, Values outputs) {
    return new Reached.Left(event, next(event), outputs);
  }
}
