package io.parley.engine.offers;

import java.util.Locale;

/// Why an offer was not made. Each has one sentence that a marketer can act on.
public enum Withholding {
  PURCHASED("the contact has bought since the conversation began, or shortly before"),
  HOLDOUT("the contact is in a cohort that is held out of the experiment"),
  NO_DISCOUNT_SEGMENT(
      "the trigger says that the contact gets no discounts, or names such a segment"),
  LIVE_OFFER("another offer to the contact still stands, here or on another channel"),
  CAPPED("the contact has had as many offers as the cap allows for now"),
  ENDED("the offer has ended"),
  EXCLUDED_ITEM("the cart holds an item that is never discounted"),
  CART_UNKNOWN("the trigger does not say the cart's value in the currency of the minimum"),
  CART_TOO_SMALL("the cart is worth less than the offer's minimum"),
  OTHER_CURRENCY("the cart is in another currency than the offer"),
  MARGIN_UNKNOWN(
      "there is a margin floor, and the trigger says neither margin nor cost of the cart"),
  MARGIN_TOO_SMALL("with the offer taken off, the cart would keep less margin than the floor"),
  NO_FRICTION("nothing has kept the contact from buying yet: an offer is never made at the start"),
  LITTLE_FRICTION("the contact has met with less friction than opens the gate"),
  POOL_EMPTY("the pool has no code left; load more with parley offers load"),
  NO_CODE("no code could be had that nobody else has"),
  GIVEN_BACK("the code was given back before, as its message could not be sent"),
  UNKNOWN_OFFER("the policy has no offer of that name"),
  UNAVAILABLE("no code was had in time; one that comes later is given back");

  private final String sentence;

  Withholding(String sentence) {
    this.sentence = sentence;
  }

  /// The reason as variables, payloads and metrics carry it: `live_offer`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String sentence() {
    return sentence;
  }
}
