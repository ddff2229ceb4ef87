package io.parley.workbench;

import io.parley.engine.Tag;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.GateOffer;
import io.parley.engine.offers.Catalogue;
import io.parley.engine.offers.Codes;
import io.parley.engine.offers.Gate;
import io.parley.engine.offers.Offer;
import io.parley.engine.offers.Worth;
import io.parley.engine.policy.Policy;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The offers that a walked flow asks for, where no policy says what they are.
final class WalkedOffers {

  private static final Duration EXPIRY = Duration.ofDays(2);
  private static final Tag FRICTION = new Tag("discount", 1, "walk");

  private WalkedOffers() {}

  /// The usual rules, with every offer that a gate names.
  static Policy policy(Flow flow) {
    Map<String, Offer> offers = new LinkedHashMap<>();
    flow.widgets().values().stream()
        .filter(GateOffer.class::isInstance)
        .map(it -> ((GateOffer) it).offer().strip())
        .forEach(name -> offers.put(name, offer(name)));
    return offers.isEmpty()
        ? Policy.DEFAULT
        : Policy.DEFAULT.offering(new Catalogue(offers, List.of()));
  }

  private static Offer offer(String name) {
    return new Offer(
        name,
        new Offer.Kind.Generated(new Codes("WALK-", Codes.MIN_LENGTH)),
        new Worth.Percent(BigDecimal.valueOf(15)),
        EXPIRY,
        EXPIRY,
        Optional.empty(),
        Gate.DEFAULT,
        List.of());
  }

  /// What a reply means: now and then something that is in the way of a sale.
  static List<Tag> tags(Policy policy, Dice dice) {
    return !policy.offers().offers().isEmpty() && dice.percent(50) ? List.of(FRICTION) : List.of();
  }
}
