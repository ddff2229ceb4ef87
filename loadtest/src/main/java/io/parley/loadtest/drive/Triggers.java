package io.parley.loadtest.drive;

import io.parley.loadtest.Shopper;
import io.parley.loadtest.profile.Profile.Flows;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/// What a Journey in Customer.io and a shop tell Parley of customers.
///
/// @param shop where carts are, without a slash at its end
record Triggers(Numbers numbers, Flows flows, String shop) {

  private static final String[] NAMES = {
    "Ana", "Bo", "Cy", "Di", "Ed", "Flo", "Gus", "Hal", "Ivy", "Jo", "Kim", "Lou"
  };
  private static final int CART = 120;
  private static final int ORDER = 140;

  String name(Person person) {
    return NAMES[person.number() % NAMES.length];
  }

  /// The key by which a repeat of the trigger is one.
  String key(Person person) {
    return numbers.id(person) + ":cart";
  }

  /// @param attributes of the person, beside and in place of the usual
  JsonObject of(Person person, Map<String, String> attributes) {
    JsonObject trigger =
        shopper(person)
            .trigger(shop, key(person), person.isOnWhatsApp() ? flows.whatsApp() : flows.sms())
            .put("source", "load test");
    attributes.forEach(trigger.getJsonObject("customer")::put);
    trigger.getJsonObject("commerce").put("shipping_country", "Canada");
    trigger.getJsonObject("controls").put("channel", person.isOnWhatsApp() ? "whatsapp" : "sms");
    if (person.isOnWhatsApp()) {
      trigger.put(
          "consent",
          new JsonArray()
              .add(
                  new JsonObject()
                      .put("channel", "whatsapp")
                      .put("state", "granted")
                      .put("method", "checkout")));
    }
    return trigger;
  }

  private Shopper shopper(Person person) {
    return new Shopper(numbers.id(person), name(person), numbers.phone(person), CART);
  }

  /// The id of the person's order.
  String order(Person person) {
    return "order-" + numbers.id(person);
  }

  JsonObject purchase(Person person) {
    return shopper(person).order(order(person), ORDER);
  }
}
