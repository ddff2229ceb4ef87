package io.parley.verticles;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;

/// The opt-outs of an App API: one key, ten requests a second, pages of at most a thousand people,
/// changes that take effect after their answer, and nobody where a plus sign was not encoded.
final class AppServer {

  static final String KEY = "app-key";
  private static final int PER_SECOND = 10;
  private static final long EFFECT_MILLIS = 50;

  private final HttpServer server;
  private final Vertx vertx;
  private final int pageSize;
  private final TreeSet<String> people = new TreeSet<>();
  private final TreeMap<String, TreeSet<String>> optedOut = new TreeMap<>();
  private final Deque<Long> recent = new ArrayDeque<>();
  private final List<String> requests = new ArrayList<>();
  private int refusals;
  private int breaks;

  AppServer(Vertx vertx, int pageSize) {
    this.vertx = vertx;
    this.pageSize = pageSize;
    server =
        Service.await(
            vertx
                .createHttpServer()
                .requestHandler(
                    request -> request.body().onSuccess(body -> answer(request, body.toString())))
                .listen(0, "127.0.0.1"));
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  synchronized void knows(String person) {
    people.add(person);
  }

  /// @param sender `sms +15550001111`
  synchronized void optOut(String person, String sender) {
    people.add(person);
    optedOut.computeIfAbsent(person, _ -> new TreeSet<>()).add(sender.toLowerCase(Locale.ROOT));
  }

  synchronized List<String> of(String person) {
    return List.copyOf(optedOut.getOrDefault(person, new TreeSet<>()));
  }

  synchronized void refuseNext() {
    refusals++;
  }

  /// The next request gets no answer: its connection is closed.
  synchronized void breakNext() {
    breaks++;
  }

  synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  private synchronized void answer(HttpServerRequest request, String body) {
    requests.add(request.method() + " " + request.uri());
    if (breaks > 0) {
      breaks--;
      request.connection().close();
      return;
    }
    long now = System.nanoTime();
    recent.removeIf(it -> now - it > 1_000_000_000L);
    recent.add(now);
    if (!("Bearer " + KEY).equals(request.getHeader("Authorization"))) {
      request.response().setStatusCode(401).end();
    } else if (recent.size() > PER_SECOND || refusals > 0) {
      refusals = Math.max(0, refusals - 1);
      request.response().setStatusCode(429).putHeader("Retry-After", "1").end();
    } else if (request.path().equals("/v1/optouts")) {
      request.response().end(page(request).encode());
    } else {
      put(request, body);
    }
  }

  private JsonObject page(HttpServerRequest request) {
    String start = request.getParam("start", "");
    JsonArray list = new JsonArray();
    String last = "";
    boolean more = false;
    for (String person : optedOut.tailMap(start, false).keySet()) {
      if (optedOut.getOrDefault(person, new TreeSet<>()).isEmpty()) {
        continue;
      }
      if (list.size() == pageSize) {
        more = true;
        break;
      }
      JsonArray senders = new JsonArray();
      for (String sender : of(person)) {
        String[] words = sender.split(" ", -1);
        senders.add(new JsonObject().put("channel", words[0]).put("from", words[1]));
      }
      list.add(new JsonObject().put("customer_id", person).put("optouts", senders));
      last = person;
    }
    JsonObject page = new JsonObject().put("optouts", list);
    return more ? page.put("next", last) : page;
  }

  private void put(HttpServerRequest request, String body) {
    String part = request.path().split("/", -1)[3];
    if (part.contains("+") || part.contains("@")) {
      request.response().end("{}");
      return;
    }
    String person = URLDecoder.decode(part, StandardCharsets.UTF_8);
    if (!people.contains(person)) {
      request.response().setStatusCode(404).end();
      return;
    }
    JsonObject entry = new JsonObject(body).getJsonArray("optouts").getJsonObject(0);
    String sender =
        (entry.getString("channel") + " " + entry.getString("from")).toLowerCase(Locale.ROOT);
    vertx.setTimer(EFFECT_MILLIS, _ -> apply(person, sender, entry.getBoolean("optout")));
    request.response().setStatusCode(204).end();
  }

  private synchronized void apply(String person, String sender, boolean isOut) {
    TreeSet<String> senders = optedOut.computeIfAbsent(person, _ -> new TreeSet<>());
    if (isOut) {
      senders.add(sender);
    } else {
      senders.remove(sender);
    }
  }
}
