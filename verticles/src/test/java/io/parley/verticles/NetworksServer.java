package io.parley.verticles;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Meta, TikTok, Google with its tokens, and Customer.io's manual segments, as far as they are
/// documented: credentials, limits, events that count once by their id, lists that remember who is
/// in them, and an answer of each one's own kind where something in a request is at fault.
final class NetworksServer {

  static final String META = "meta-token";
  static final String TIKTOK = "tiktok-token";
  static final String SITE = "site";
  static final String KEY = "track-key";

  /// How long Google's access tokens hold.
  static final int TOKEN_SECONDS = 3_600;

  private static final int MAX_ROWS = 10_000;
  private static final int MAX_TIKTOK = 1_000;
  private static final int MAX_EVENTS = 1_000;
  private static final int MAX_IDS = 1_000;

  /// A request, and the status that it was answered with.
  record Asked(String method, String path, String body, int status) {}

  private record Answer(int status, JsonObject body) {}

  private final HttpServer server;
  private final Map<String, JsonObject> events = new LinkedHashMap<>();
  private final Map<String, Set<String>> lists = new TreeMap<>();
  private final List<Asked> asked = new ArrayList<>();

  /// What is answered instead, by the beginning of a path.
  private final Map<String, Queue<Integer>> troubles = new TreeMap<>();

  private final Set<String> tokens = new LinkedHashSet<>();
  private String faulty = "nobody";
  private boolean grants = true;
  private boolean losesAnswers;

  NetworksServer(Vertx vertx) {
    server =
        Service.await(vertx.createHttpServer().requestHandler(this::heard).listen(0, "127.0.0.1"));
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  /// A request with this in its body is at fault.
  synchronized void refuse(String text) {
    faulty = text;
  }

  /// The next request to a path that begins so is answered with this status alone.
  synchronized void next(String path, int status) {
    troubles.computeIfAbsent(path, _ -> new ArrayDeque<>()).add(status);
  }

  /// The next request is worked off, and its answer lost.
  synchronized void loseAnswer() {
    losesAnswers = true;
  }

  /// Whether Google gives tokens.
  synchronized void grant(boolean now) {
    grants = now;
  }

  /// No token holds any more.
  synchronized void revoke() {
    tokens.clear();
  }

  private void heard(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              Answer answer = answer(request, body.toString());
              HttpServerResponse response = request.response();
              if (answer.status() == 0) {
                request.connection().close();
                return;
              }
              if (answer.status() == 429) {
                response.putHeader("Retry-After", "1");
              }
              response
                  .setStatusCode(answer.status())
                  .putHeader("Content-Type", "application/json")
                  .end(answer.body().encode());
            });
  }

  private synchronized Answer answer(HttpServerRequest request, String body) {
    Answer answer =
        troubles.entrySet().stream()
            .filter(it -> request.path().startsWith(it.getKey()) && !it.getValue().isEmpty())
            .findFirst()
            .map(it -> new Answer(it.getValue().remove(), new JsonObject()))
            .orElseGet(() -> route(request, body));
    boolean isLost = losesAnswers && answer.status() == 200 && !request.path().equals("/token");
    asked.add(new Asked(request.method().name(), request.path(), body, answer.status()));
    if (isLost) {
      losesAnswers = false;
      return new Answer(0, new JsonObject());
    }
    return answer;
  }

  private Answer route(HttpServerRequest request, String body) {
    String path = request.path();
    if (path.equals("/token")) {
      return token(body);
    }
    if (path.startsWith("/meta/")) {
      return meta(request, new JsonObject(body));
    }
    if (path.startsWith("/tiktok/")) {
      return tiktok(request, new JsonObject(body));
    }
    if (path.startsWith("/google/") || path.startsWith("/ads/")) {
      return google(request, new JsonObject(body));
    }
    return path.startsWith("/api/v1/segments/")
        ? segment(request, new JsonObject(body))
        : new Answer(404, new JsonObject());
  }

  // ---- Meta

  private Answer meta(HttpServerRequest request, JsonObject body) {
    if (!("Bearer " + META).equals(request.getHeader("Authorization"))) {
      return metaFault(401, 190, 460);
    }
    if (request.path().equals("/meta/123/events")) {
      List<JsonObject> told = objects(body.getJsonArray("data"));
      if (told.isEmpty() || told.size() > MAX_EVENTS || body.encode().contains(faulty)) {
        return metaFault(400, 100, 2804003);
      }
      told.forEach(it -> count("meta", it.getString("event_name"), it.getString("event_id"), it));
      return new Answer(200, new JsonObject().put("events_received", told.size()));
    }
    JsonArray rows = body.getJsonObject("payload").getJsonArray("data");
    if (!request.path().matches("/meta/[0-9]+/users")
        || rows.isEmpty()
        || rows.size() > MAX_ROWS
        || body.encode().contains(faulty)) {
      return metaFault(400, 100, 1870145);
    }
    String list = "meta:" + request.path().replaceAll("[^0-9]", "");
    for (Object row : rows) {
      move(list, request.method().name().equals("POST"), ((JsonArray) row).getString(1));
    }
    return new Answer(
        200, new JsonObject().put("num_received", rows.size()).put("num_invalid_entries", 1));
  }

  private static Answer metaFault(int status, int code, int subcode) {
    return new Answer(
        status,
        new JsonObject()
            .put(
                "error",
                new JsonObject()
                    .put("message", "Invalid parameter")
                    .put("code", code)
                    .put("error_subcode", subcode)));
  }

  // ---- TikTok

  private Answer tiktok(HttpServerRequest request, JsonObject body) {
    if (!TIKTOK.equals(request.getHeader("Access-Token"))) {
      return tiktokCode(40105);
    }
    if (body.encode().contains(faulty)) {
      return tiktokCode(40002);
    }
    if (request.path().equals("/tiktok/event/track/")) {
      objects(body.getJsonArray("data"))
          .forEach(it -> count("tiktok", it.getString("event"), it.getString("event_id"), it));
      return tiktokCode(body.getJsonArray("data").size() > MAX_EVENTS ? 40002 : 0);
    }
    JsonArray rows = body.getJsonArray("batch_data");
    if (!request.path().equals("/tiktok/segment/mapping/") || rows.size() > MAX_TIKTOK) {
      return tiktokCode(40002);
    }
    for (Object row : rows) {
      JsonObject phone = ((JsonArray) row).getJsonObject(1);
      move(
          "tiktok:" + phone.getJsonArray("audience_ids").getString(0),
          body.getString("action").equals("add"),
          phone.getString("id"));
    }
    return tiktokCode(0);
  }

  private static Answer tiktokCode(int code) {
    return new Answer(200, new JsonObject().put("code", code).put("message", "told"));
  }

  // ---- Google

  private Answer token(String form) {
    boolean known =
        form.contains("client_secret=client-secret") && form.contains("refresh_token=refresh");
    if (!grants) {
      return new Answer(503, new JsonObject());
    }
    if (!known) {
      return new Answer(400, new JsonObject().put("error", "invalid_grant"));
    }
    String token = "access-" + asked("/token").size();
    tokens.add(token);
    return new Answer(
        200, new JsonObject().put("access_token", token).put("expires_in", TOKEN_SECONDS));
  }

  private Answer google(HttpServerRequest request, JsonObject body) {
    String bearer = Optional.ofNullable(request.getHeader("Authorization")).orElse("");
    if (!tokens.contains(bearer.replaceFirst("^Bearer ", ""))) {
      return new Answer(
          401, new JsonObject().put("error", new JsonObject().put("message", "no credentials")));
    }
    if (request.path().startsWith("/ads/")) {
      objects(body.getJsonArray("conversions"))
          .forEach(
              it -> count("ads", it.getString("conversionAction"), it.getString("orderId"), it));
      return new Answer(200, new JsonObject());
    }
    boolean isList = request.path().contains("audienceMembers:");
    List<JsonObject> items = objects(body.getJsonArray(isList ? "audienceMembers" : "events"));
    Optional<Integer> fault =
        IntStream.range(0, items.size())
            .boxed()
            .filter(it -> items.get(it).encode().contains(faulty))
            .findFirst();
    if (fault.isPresent()) {
      String name = isList ? "audience_members" : "events";
      return violation("%s.%s[%d]".formatted(name, name, fault.get()));
    }
    for (JsonObject item : items) {
      if (isList) {
        move(
            "google:"
                + objects(body.getJsonArray("destinations"))
                    .getFirst()
                    .getString("productDestinationId"),
            request.path().endsWith(":ingest"),
            objects(item.getJsonObject("userData").getJsonArray("userIdentifiers"))
                .getLast()
                .getString("phoneNumber"));
      } else {
        count(
            "google",
            item.getJsonArray("destinationReferences").getString(0),
            item.getString("transactionId"),
            item);
      }
    }
    return new Answer(200, new JsonObject().put("requestId", "r1"));
  }

  private static Answer violation(String field) {
    JsonObject violation =
        new JsonObject()
            .put("field", field)
            .put("description", "It is wrong.")
            .put("reason", "INVALID_FORMAT");
    return new Answer(
        400,
        new JsonObject()
            .put(
                "error",
                new JsonObject()
                    .put("status", "INVALID_ARGUMENT")
                    .put("message", "There was a problem.")
                    .put(
                        "details",
                        new JsonArray()
                            .add(
                                new JsonObject()
                                    .put("fieldViolations", new JsonArray().add(violation))))));
  }

  // ---- Customer.io

  private Answer segment(HttpServerRequest request, JsonObject body) {
    String pair =
        Base64.getEncoder().encodeToString((SITE + ":" + KEY).getBytes(StandardCharsets.UTF_8));
    if (!("Basic " + pair).equals(request.getHeader("Authorization"))) {
      return new Answer(401, new JsonObject());
    }
    String[] path = request.path().split("/", -1);
    JsonArray ids = body.getJsonArray("ids");
    if (!path[4].equals("7")) {
      return new Answer(404, new JsonObject());
    }
    if (ids.isEmpty() || ids.size() > MAX_IDS || body.encode().contains(faulty)) {
      return new Answer(
          400,
          new JsonObject()
              .put("meta", new JsonObject().put("errors", new JsonArray().add("ids are invalid"))));
    }
    ids.forEach(
        id -> move("segment:7:" + request.getParam("id_type"), path[5].startsWith("add"), "" + id));
    return new Answer(200, new JsonObject());
  }

  // ---- what they know

  private void count(String network, String event, String id, JsonObject told) {
    events.putIfAbsent(network + " " + event + " " + id, told);
  }

  private void move(String list, boolean in, String member) {
    Set<String> members = lists.computeIfAbsent(list, _ -> new LinkedHashSet<>());
    if (in) {
      members.add(member);
    } else {
      members.remove(member);
    }
  }

  private static List<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }

  /// The events that count, each once: `meta Purchase 1001`.
  synchronized List<String> events() {
    return List.copyOf(events.keySet());
  }

  synchronized JsonObject event(String key) {
    return Optional.ofNullable(events.get(key))
        .orElseThrow(() -> new AssertionError(key + " is not among " + events.keySet()));
  }

  /// Who is in a list: `meta:7`.
  synchronized Set<String> members(String list) {
    return Set.copyOf(lists.getOrDefault(list, Set.of()));
  }

  synchronized List<Asked> asked() {
    return List.copyOf(asked);
  }

  /// Requests to a path that begins so.
  synchronized List<Asked> asked(String path) {
    return asked.stream().filter(it -> it.path().startsWith(path)).toList();
  }

  synchronized Stream<Integer> statuses(String path) {
    return asked(path).stream().map(Asked::status);
  }
}
