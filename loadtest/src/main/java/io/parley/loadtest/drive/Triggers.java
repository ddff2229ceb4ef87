package io.parley.loadtest.drive;

import io.parley.loadtest.profile.Profile.Flows;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
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
    String id = numbers.id(person);
    JsonObject customer =
        new JsonObject()
            .put("external_id", id)
            .put("phone", numbers.phone(person))
            .put("first_name", name(person));
    attributes.forEach(customer::put);
    JsonObject trigger =
        new JsonObject()
            .put("schema_version", 1)
            .put(
                "trigger",
                new JsonObject()
                    .put("type", "cart_abandoned")
                    .put("event", "Started Checkout")
                    .put("occurred_at", Instant.now().toString()))
            .put("customer", customer)
            .put(
                "commerce",
                new JsonObject()
                    .put("cart_url", shop + "/cart/" + id)
                    .put("cart_snapshot_at", Instant.now().toString())
                    .put("value", CART)
                    .put("currency", "USD")
                    .put("shipping_country", "Canada")
                    .put("items", new JsonArray().add(new JsonObject().put("name", "Day cream"))))
            .put("controls", controls(person))
            .put("source", "load test");
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

  private JsonObject controls(Person person) {
    return new JsonObject()
        .put("idempotency_key", key(person))
        .put("flow", person.isOnWhatsApp() ? flows.whatsApp() : flows.sms())
        .put("channel", person.isOnWhatsApp() ? "whatsapp" : "sms");
  }

  /// The id of the person's order.
  String order(Person person) {
    return "order-" + numbers.id(person);
  }

  JsonObject purchase(Person person) {
    return new JsonObject()
        .put("schema_version", 1)
        .put("event", "Order Completed")
        .put("id", order(person))
        .put("customer", new JsonObject().put("external_id", numbers.id(person)))
        .put(
            "properties",
            new JsonObject()
                .put("order_id", order(person))
                .put("value", ORDER)
                .put("currency", "USD"));
  }
}
