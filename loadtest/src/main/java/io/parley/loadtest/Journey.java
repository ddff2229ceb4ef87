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
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;

/// What a Journey in Customer.io and a shop post to Parley, and what an author looks up there.
final class Journey implements AutoCloseable {

  static final String BEARER = "demo-secret";
  static final String FLOW = "international-cart";

  private static final String SHOP = "https://shop.example.com";

  private final URI parley;
  private final String apiUser;
  private final HttpClient client = HttpClient.newHttpClient();

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
  static JsonObject trigger(Shopper customer, String occasion) {
    JsonObject trigger =
        customer.trigger(SHOP, customer.id() + ":" + occasion, FLOW).put("source", "demo");
    trigger.getJsonObject("trigger").put("segment", "carts above 80, international");
    trigger
        .getJsonObject("commerce")
        .put("shipping_method", "international")
        .put("shipping_country", "Canada");
    return trigger;
  }

  /// An order of somebody, as shops tell them.
  static JsonObject order(Shopper customer, String id, double value, String coupon) {
    JsonObject order = customer.order(id, value).put("id", "order-" + id);
    order.getJsonObject("properties").put("coupon", coupon);
    return order;
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
