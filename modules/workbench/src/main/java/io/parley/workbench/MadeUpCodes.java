package io.parley.workbench;

import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.offers.Catalogue;
import io.parley.engine.offers.Grant;
import io.parley.engine.offers.Offer;
import io.parley.engine.offers.Offer.Kind;
import io.parley.engine.offers.Withholding;
import java.time.Instant;
import java.util.Optional;

/// Answers reservations where no shop and no pool is: with codes that look as the policy says, the
/// same for the same reservation.
public final class MadeUpCodes {

  private static final String SECRET = "made up";

  private MadeUpCodes() {}

  public static Event answer(Effect.ReserveOffer wish, Catalogue catalogue, Instant now) {
    Optional<Offer> offer = catalogue.offer(wish.offer());
    return offer.isEmpty()
        ? new Event.OfferUnavailable(wish.id(), Withholding.UNKNOWN_OFFER)
        : new Event.OfferReserved(
            wish.id(),
            new Grant(
                wish.offer(),
                code(offer.get().kind(), wish.id()),
                offer.get().worth(),
                offer.get().expiresAt(now)));
  }

  private static String code(Kind kind, EffectId id) {
    return switch (kind) {
      case Kind.Static(var code) -> code;
      case Kind.Generated(var shape) -> shape.code(SECRET, id, 0);
      case Kind.Pool(_, var shape, _) -> shape.example();
      case Kind.Http(_, var shape) -> shape.example();
    };
  }
}
