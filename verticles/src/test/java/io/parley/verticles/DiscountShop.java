package io.parley.verticles;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/// A shop that makes a code for each `Idempotency-Key`, the same for the same one. What is out of
/// the ordinary is put in line with [#next].
final class DiscountShop {

  static final String PATH = "/api/discounts";

  /// What becomes of a request.
  enum Fate {
    MADE,
    /// The code is made, and no answer comes.
    MADE_UNHEARD,
    /// The code is made, and the connection is cut.
    MADE_AND_CUT,
    BROKEN,
    /// There are no codes left, and never will be.
    SOLD_OUT,
    /// There are no codes just now.
    CONFLICT,
    /// A code, though not as this shop's look.
    MISSHAPEN,
    /// A good answer in which there is no code.
    CODELESS,
    /// Leads to the same shop under another name.
    MOVED
  }

  private final CalledServer server;
  private final Map<String, String> codes = new LinkedHashMap<>();
  private final Queue<Fate> line = new ArrayDeque<>();
  private final List<Fate> met = new ArrayList<>();
  private Fate usual = Fate.MADE;

  DiscountShop(Vertx vertx) {
    server = new CalledServer(vertx);
    server.on(PATH, this::answer);
  }

  String url() {
    return server.url(PATH);
  }

  synchronized void next(Fate... fates) {
    line.addAll(List.of(fates));
  }

  synchronized void usually(Fate fate) {
    usual = fate;
  }

  /// The codes that were made, by the key that they were asked for under.
  synchronized Map<String, String> codes() {
    return Map.copyOf(codes);
  }

  List<CalledServer.Asked> asked() {
    return server.asked(PATH);
  }

  /// The keys of all requests, one for each.
  List<String> keys() {
    return asked().stream().map(it -> it.headers().get("Idempotency-Key")).toList();
  }

  private void answer(HttpServerRequest request, CalledServer.Asked asked) {
    Fate fate;
    synchronized (this) {
      fate = line.isEmpty() ? usual : line.remove();
      met.add(fate);
    }
    switch (fate) {
      case MADE -> tell(request, 201, made(asked));
      case MADE_UNHEARD -> made(asked);
      case MADE_AND_CUT -> {
        made(asked);
        request.connection().close();
      }
      case BROKEN -> tell(request, 500, "");
      case SOLD_OUT -> tell(request, 422, "");
      case CONFLICT -> tell(request, 409, "");
      case MISSHAPEN -> tell(request, 200, "call us");
      case CODELESS -> request.response().end(new JsonObject().put("discounts", "none").encode());
      case MOVED ->
          request
              .response()
              .setStatusCode(307)
              .putHeader("Location", server.url("localhost", PATH))
              .end();
    }
  }

  private synchronized String made(CalledServer.Asked asked) {
    return codes.computeIfAbsent(
        asked.headers().get("Idempotency-Key"), _ -> "SHOP-%04d".formatted(codes.size() + 1));
  }

  private static void tell(HttpServerRequest request, int status, String code) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(new JsonObject().put("discount", new JsonObject().put("code", code)).encode());
  }

  synchronized long met(Fate fate) {
    return met.stream().filter(fate::equals).count();
  }
}
