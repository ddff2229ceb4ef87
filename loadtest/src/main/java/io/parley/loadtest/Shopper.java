package io.parley.loadtest;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/// Somebody with a cart, and what a Journey in Customer.io and a shop tell Parley of them.
///
/// @param id the person's id in Customer.io
/// @param cart what is in the cart, in USD
public record Shopper(String id, String name, String phone, int cart) {

  /// That they have left their cart; who tells it may say more of anything in it.
  ///
  /// @param shop where carts are, without a slash at its end
  /// @param key by which a repeat of it is one
  public JsonObject trigger(String shop, String key, String flow) {
    return new JsonObject()
        .put("schema_version", 1)
        .put(
            "trigger",
            new JsonObject()
                .put("type", "cart_abandoned")
                .put("event", "Started Checkout")
                .put("occurred_at", Instant.now().toString()))
        .put(
            "customer",
            new JsonObject().put("external_id", id).put("phone", phone).put("first_name", name))
        .put(
            "commerce",
            new JsonObject()
                .put("cart_url", shop + "/cart/" + id)
                .put("cart_snapshot_at", Instant.now().toString())
                .put("value", cart)
                .put("currency", "USD")
                .put("items", new JsonArray().add(new JsonObject().put("name", "Day cream"))))
        .put("controls", new JsonObject().put("idempotency_key", key).put("flow", flow));
  }

  /// That they have bought.
  ///
  /// @param order its id
  /// @param value in USD
  public JsonObject order(String order, double value) {
    return new JsonObject()
        .put("schema_version", 1)
        .put("event", "Order Completed")
        .put("id", order)
        .put("customer", new JsonObject().put("external_id", id))
        .put(
            "properties",
            new JsonObject().put("order_id", order).put("value", value).put("currency", "USD"));
  }
}
