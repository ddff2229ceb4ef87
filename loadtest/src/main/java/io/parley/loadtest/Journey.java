package io.parley.loadtest;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;

/// What a Journey in Customer.io and a shop post to Parley, and what an author looks up there.
final class Journey implements AutoCloseable {

  static final String BEARER = "demo-secret";
  static final String FLOW = "international-cart";

  private final URI parley;
  private final String apiUser;
  private final HttpClient client = HttpClient.newHttpClient();

  /// Somebody with a cart.
  ///
  /// @param id the person's id in Customer.io
  /// @param value of the cart, in USD
  record Customer(String id, String name, String phone, int value) {}

  /// @param status of HTTP
  record Answer(int status, JsonObject body) {

    boolean says(String key, String value) {
      return value.equals(body.getString(key));
    }

    /// `200 refused: opted_out (the contact has opted out)`
    @Override
    public String toString() {
      String reason = body.getString("reason", "");
      return status
          + " "
          + body.getString("status", "")
          + (reason.isEmpty() ? "" : ": " + reason + " (" + body.getString("message") + ")")
          + (body.getBoolean("duplicate", false) ? ", a duplicate: this is the first answer" : "");
    }
  }

  /// @param apiUser `name:password` for Studio's REST API
  Journey(URI parley, String apiUser) {
    this.parley = parley;
    this.apiUser = apiUser;
  }

  /// The trigger of somebody in the segment of carts above 80 USD that ship abroad.
  ///
  /// @param occasion tells one trigger of a customer from the next, and a repeat from both
  static JsonObject trigger(Customer customer, String occasion) {
    return new JsonObject()
        .put("schema_version", 1)
        .put(
            "trigger",
            new JsonObject()
                .put("type", "cart_abandoned")
                .put("event", "Started Checkout")
                .put("segment", "carts above 80, international")
                .put("occurred_at", Instant.now().toString()))
        .put(
            "customer",
            new JsonObject()
                .put("external_id", customer.id())
                .put("phone", customer.phone())
                .put("first_name", customer.name()))
        .put(
            "commerce",
            new JsonObject()
                .put("cart_url", "https://shop.example.com/cart/" + customer.id())
                .put("cart_snapshot_at", Instant.now().toString())
                .put("value", customer.value())
                .put("currency", "USD")
                .put("shipping_method", "international")
                .put("shipping_country", "Canada")
                .put("items", new JsonArray().add(new JsonObject().put("name", "Day cream"))))
        .put(
            "controls",
            new JsonObject()
                .put("idempotency_key", customer.id() + ":" + occasion)
                .put("flow", FLOW))
        .put("source", "demo");
  }

  /// An order of somebody, as shops tell them.
  static JsonObject order(Customer customer, String id, double value, String coupon) {
    return new JsonObject()
        .put("schema_version", 1)
        .put("event", "Order Completed")
        .put("id", "order-" + id)
        .put("customer", new JsonObject().put("external_id", customer.id()))
        .put(
            "properties",
            new JsonObject()
                .put("order_id", id)
                .put("value", value)
                .put("currency", "USD")
                .put("coupon", coupon));
  }

  Answer post(String path, JsonObject body) throws IOException, InterruptedException {
    return send(
        request(path, "Bearer " + BEARER)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.encode())));
  }

  /// The way that an execution took, from Studio's REST API: `Trigger incomingRequest ->
  /// worth_a_question`, one line a step.
  List<String> steps(String flowSid, String executionSid) throws IOException, InterruptedException {
    String path = "/v2/Flows/" + flowSid + "/Executions/" + executionSid + "/Steps?PageSize=100";
    String user = Base64.getEncoder().encodeToString(apiUser.getBytes(StandardCharsets.UTF_8));
    JsonArray steps =
        send(request(path, "Basic " + user).GET()).body().getJsonArray("steps", new JsonArray());
    return IntStream.range(0, steps.size())
        .mapToObj(steps::getJsonObject)
        .map(
            step ->
                "%s %s -> %s"
                    .formatted(
                        step.getString("transitioned_from"),
                        step.getString("name"),
                        step.getString("transitioned_to")))
        .toList()
        .reversed();
  }

  private HttpRequest.Builder request(String path, String authorization) {
    return HttpRequest.newBuilder(URI.create(parley + path))
        .timeout(Duration.ofSeconds(10))
        .header("Authorization", authorization);
  }

  private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    return new Answer(response.statusCode(), new JsonObject(response.body()));
  }

  @Override
  public void close() {
    client.close();
  }
}
