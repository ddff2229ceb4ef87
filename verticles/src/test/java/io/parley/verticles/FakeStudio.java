package io.parley.verticles;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.parley.codec.FlowDocument;
import io.parley.engine.Json;
import io.parley.engine.flow.FlowReading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The flows of a Studio API v2, kept in memory: Basic auth, form bodies, pages of two, revisions,
/// drafts, and errors in Twilio's shape. It takes what Twilio's specification documents, and
/// nothing else.
final class FakeStudio implements AutoCloseable {

  static final String USER = "AC00000000000000000000000000000001";
  static final String TOKEN = "a-token-that-is-never-printed";

  private static final int PAGE = 2;
  private static final Set<String> FIELDS =
      Set.of("FriendlyName", "Status", "Definition", "CommitMessage");

  /// A revision of a flow.
  record Revision(String name, String status, Object definition, @Nullable String message) {}

  /// An answer that is given instead of the true one.
  record Instead(int status, String body, Map<String, String> headers) {}

  final Map<String, List<Revision>> flows = new LinkedHashMap<>();
  final List<String> asked = new ArrayList<>();
  final Deque<Instead> instead = new ArrayDeque<>();
  private final HttpServer server;

  private FakeStudio(HttpServer server) {
    this.server = server;
  }

  static FakeStudio start() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      FakeStudio studio = new FakeStudio(server);
      server.createContext("/", studio::answer);
      server.start();
      return studio;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  /// A flow that is there before anything is asked.
  String add(String name, String status, String definition) {
    String sid = "FW%032x".formatted(flows.size() + 0xf00);
    Object tree =
        FlowDocument.parse(definition) instanceof FlowDocument.Parsing.Parsed(var document)
            ? document.tree()
            : Map.of();
    flows.put(
        sid, new ArrayList<>(List.of(new Revision(name, status, tree == null ? "" : tree, null))));
    return sid;
  }

  /// The latest revision of the one flow of a name.
  Revision latest(String name) {
    return flows.values().stream()
        .map(List::getLast)
        .filter(it -> it.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    String path = exchange.getRequestURI().getPath();
    asked.add(method + " " + path);
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (!instead.isEmpty()) {
      Instead given = instead.remove();
      given.headers().forEach(exchange.getResponseHeaders()::set);
      send(exchange, given.status(), given.body());
      return;
    }
    String basic =
        Base64.getEncoder().encodeToString((USER + ":" + TOKEN).getBytes(StandardCharsets.UTF_8));
    if (!("Basic " + basic).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      refuse(exchange, 401, 20003, "Authenticate");
      return;
    }
    String[] parts = path.substring(1).split("/", -1);
    if (parts.length < 2 || !parts[0].equals("v2") || !parts[1].equals("Flows")) {
      refuse(exchange, 404, 20404, "The requested resource " + path + " was not found");
    } else if (method.equals("GET")) {
      get(exchange, parts);
    } else {
      post(exchange, parts, body);
    }
  }

  private void get(HttpExchange exchange, String[] parts) throws IOException {
    if (parts.length == 2) {
      list(exchange);
      return;
    }
    List<Revision> revisions = flows.getOrDefault(parts[2], List.of());
    int found = revisions.size();
    if (parts.length == 5 && parts[3].equals("Revisions")) {
      found = 0;
      for (int i = 1; i <= revisions.size(); i++) {
        boolean meant =
            switch (parts[4]) {
              case "LatestRevision" -> true;
              case "LatestPublished" -> revisions.get(i - 1).status().equals("published");
              default -> parts[4].equals(String.valueOf(i));
            };
        found = meant ? i : found;
      }
    }
    if (found == 0) {
      refuse(exchange, 404, 20404, "The requested resource was not found");
    } else {
      send(exchange, 200, Json.print(body(parts[2], found, true)));
    }
  }

  private void list(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getQuery();
    int page = query.contains("Page=1") ? 1 : query.contains("Page=2") ? 2 : 0;
    List<Object> items = new ArrayList<>();
    List<String> sids = new ArrayList<>(flows.keySet());
    for (int i = page * PAGE; i < Math.min(sids.size(), (page + 1) * PAGE); i++) {
      items.add(body(sids.get(i), flows.getOrDefault(sids.get(i), List.of()).size(), false));
    }
    Map<String, @Nullable Object> meta = new LinkedHashMap<>();
    // As Twilio does it behind a proxy: another host than the one that was asked.
    String next = "https://studio.example.invalid/v2/Flows?PageSize=2&Page=" + (page + 1);
    meta.put("next_page_url", (page + 1) * PAGE < sids.size() ? next : null);
    meta.put("key", "flows");
    send(exchange, 200, Json.print(Map.of("flows", items, "meta", meta)));
  }

  private void post(HttpExchange exchange, String[] parts, String body) throws IOException {
    Map<String, String> form = form(body);
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    boolean update = parts.length == 3 && !parts[2].equals("Validate");
    List<Revision> revisions = update ? flows.get(parts[2]) : new ArrayList<>();
    if (revisions == null) {
      refuse(exchange, 404, 20404, "The requested resource was not found");
      return;
    }
    for (String field :
        update ? List.of("Status") : List.of("FriendlyName", "Status", "Definition")) {
      if (!form.containsKey(field)) {
        refuse(exchange, 400, 20001, "Missing required parameter " + field + " in the post body");
        return;
      }
    }
    if (!"application/x-www-form-urlencoded".equals(type)
        || !FIELDS.containsAll(form.keySet())
        || !Set.of("draft", "published").contains(form.getOrDefault("Status", ""))) {
      refuse(exchange, 400, 20001, "Invalid parameter");
      return;
    }
    Object definition = update ? revisions.getLast().definition() : Map.of();
    if (form.containsKey("Definition")) {
      FlowDocument document =
          FlowDocument.parse(form.getOrDefault("Definition", ""))
                  instanceof FlowDocument.Parsing.Parsed(var parsed)
              ? parsed
              : FlowDocument.of(Map.of());
      if (document.reading() instanceof FlowReading.Invalid(var problems)) {
        List<Object> errors = new ArrayList<>();
        problems.forEach(
            it -> errors.add(Map.of("property_path", it.propertyPath(), "message", it.message())));
        send(
            exchange,
            400,
            Json.print(
                Map.of(
                    "code",
                    81022,
                    "message",
                    "Flow definition is invalid",
                    "status",
                    400,
                    "details",
                    Map.of("errors", errors))));
        return;
      }
      definition = document.tree() == null ? Map.of() : document.tree();
    }
    if (parts.length == 3 && !update) {
      send(exchange, 200, "{\"valid\": true}");
      return;
    }
    String sid = update ? parts[2] : "FW%032x".formatted(flows.size() + 0xf00);
    String name = form.getOrDefault("FriendlyName", update ? revisions.getLast().name() : "");
    revisions.add(
        new Revision(name, form.getOrDefault("Status", ""), definition, form.get("CommitMessage")));
    flows.put(sid, revisions);
    send(exchange, update ? 200 : 201, Json.print(body(sid, revisions.size(), true)));
  }

  private Map<String, @Nullable Object> body(String sid, int revision, boolean whole) {
    Revision it = flows.getOrDefault(sid, List.of()).get(revision - 1);
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("sid", sid);
    body.put("friendly_name", it.name());
    body.put("status", it.status());
    body.put("revision", revision);
    body.put("definition", whole ? it.definition() : null);
    body.put("commit_message", whole ? it.message() : null);
    body.put("valid", whole ? true : null);
    body.put("errors", whole ? List.of() : null);
    return body;
  }

  private static Map<String, String> form(String body) {
    Map<String, String> form = new LinkedHashMap<>();
    for (String pair : body.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        form.put(
            URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return form;
  }

  private static void refuse(HttpExchange exchange, int status, int code, String message)
      throws IOException {
    send(
        exchange,
        status,
        Json.print(
            Map.of(
                "code", code,
                "message", message,
                "more_info", "https://www.twilio.com/docs/errors/" + code,
                "status", status)));
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
