package io.parley.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/// Takes messages as Twilio's API does, at once and always. Confined to its context.
final class TwilioStandIn {

  private final IntConsumer heard;
  private int port;
  private long messages;

  /// @param heard told which customer each message is for
  TwilioStandIn(IntConsumer heard) {
    this.heard = heard;
  }

  Future<HttpServer> listen(Vertx vertx) {
    return vertx
        .createHttpServer()
        .requestHandler(this::answer)
        .listen(0, "127.0.0.1")
        .onSuccess(server -> port = server.actualPort());
  }

  int port() {
    return port;
  }

  private void answer(HttpServerRequest request) {
    if (request.method().equals(HttpMethod.POST)) {
      request.bodyHandler(body -> accept(request, form(body.toString(UTF_8))));
    } else {
      answer(request, 200, new JsonObject().put("messages", new JsonArray()));
    }
  }

  private void accept(HttpServerRequest request, Map<String, String> form) {
    String to = form.getOrDefault("To", "");
    heard.accept(Replies.customer(to));
    answer(
        request,
        201,
        new JsonObject()
            .put("account_sid", Replies.ACCOUNT)
            .put("sid", "SM%032x".formatted(Long.MAX_VALUE - messages++))
            .put("status", "queued")
            .put("from", form.get("From"))
            .put("to", to)
            .put("body", form.get("Body"))
            .put("direction", "outbound-api")
            .put("num_segments", "1")
            .put("num_media", "0"));
  }

  private static void answer(HttpServerRequest request, int status, JsonObject body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(body.toBuffer());
  }

  private static Map<String, String> form(String body) {
    Map<String, String> form = new HashMap<>();
    for (String pair : body.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        form.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), UTF_8));
      }
    }
    return form;
  }
}
