package io.parley.loadtest.drive;

import io.parley.loadtest.profile.Profile.Flows;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/// What is said of a customer to Parley.
final class Letters {

  private Letters() {}

  static String key(Patron patron) {
    return patron.id() + ":cart";
  }

  static String order(Patron patron) {
    return "order-" + patron.id();
  }

  /// That they have left a cart.
  static JsonObject trigger(Patron patron, Flows flows) {
    JsonObject customer =
        new JsonObject()
            .put("external_id", patron.id())
            .put("phone", patron.phone())
            .put("first_name", "Customer");
    patron.attributes.forEach(customer::put);
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
                    .put("cart_url", "https://shop.example.com/cart/" + patron.id())
                    .put("cart_snapshot_at", Instant.now().toString())
                    .put("value", 120)
                    .put("currency", "USD")
                    .put("shipping_country", "Canada")
                    .put("items", new JsonArray().add(new JsonObject().put("name", "Day cream"))))
            .put(
                "controls",
                new JsonObject()
                    .put("idempotency_key", key(patron))
                    .put("flow", patron.isOnWhatsApp() ? flows.whatsApp() : flows.sms())
                    .put("channel", patron.isOnWhatsApp() ? "whatsapp" : "sms"));
    return patron.isOnWhatsApp()
        ? trigger.put(
            "consent",
            new JsonArray()
                .add(
                    new JsonObject()
                        .put("channel", "whatsapp")
                        .put("state", "granted")
                        .put("method", "checkout")))
        : trigger;
  }

  /// That they have bought.
  static JsonObject purchase(Patron patron) {
    return new JsonObject()
        .put("schema_version", 1)
        .put("event", "Order Completed")
        .put("id", order(patron))
        .put("customer", new JsonObject().put("external_id", patron.id()))
        .put(
            "properties",
            new JsonObject()
                .put("order_id", order(patron))
                .put("value", 140)
                .put("currency", "USD"));
  }
}
