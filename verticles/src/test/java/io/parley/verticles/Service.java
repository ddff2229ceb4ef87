package io.parley.verticles;

import io.parley.edge.Functions;
import io.parley.engine.Effect;
import io.parley.store.Outbox;
import io.parley.store.Subscription;
import io.parley.testkit.TestPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The whole service on a database of its own, between a provider in memory and a small Track API.
/// Replies are tagged by rules alone, unless a test says otherwise.
final class Service implements AutoCloseable {

  static final String OURS = "+15550001111";
  static final String PUBLIC_URL = "https://parley.example.com";
  private static final String SIGNING_KEY = "signing-key";
  static final String ACCOUNT_SID = "AC00000000000000000000000000000001";
  static final String AUTH_TOKEN = "twilio-token";
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /// Asks; a reply is thanked, silence is followed up.
  static final String CART = flow("Hi {{flow.data.customer.first_name}}, still want it?", "3600");

  final FakeChannel channel;
  final TrackServer track;
  final String database;
  final Vertx world = Vertx.vertx();
  private final Map<String, String> environment = new HashMap<>();
  private final Pool pool;
  private final HttpClient http = HttpClient.newHttpClient();
  /// Tests run at any time of day, to numbers of the United States.
  private static final String AT_ANY_HOUR = "hours: {quiet: off}\n";

  private final Path flows;
  private final Path policy;
  private Wiring wiring;
  private volatile Duration ahead = Duration.ZERO;

  /// @param settings further settings, by name without `PARLEY_`
  Service(String database, Map<String, String> settings) {
    this(database, settings, Map.of());
  }

  /// @param definitions further flows, by name
  Service(String database, Map<String, String> settings, Map<String, String> definitions) {
    try {
      this.database = database;
      channel = new FakeChannel();
      track = new TrackServer(world);
      flows = Files.createTempDirectory("flows");
      policy = Files.writeString(Files.createTempFile("policy", ".yaml"), AT_ANY_HOUR);
      publish("cart", CART);
      definitions.forEach(this::publish);
    } catch (IOException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
    pool =
        PgBuilder.pool()
            .with(new PoolOptions().setMaxSize(2))
            .connectingTo(PgConnectOptions.fromUri(database))
            .using(world)
            .build();
    Map<String, String> usual =
        Map.ofEntries(
            Map.entry("HTTP_HOST", "127.0.0.1"),
            Map.entry("HTTP_PORT", "0"),
            Map.entry("PUBLIC_URL", PUBLIC_URL),
            Map.entry("DATABASE_URL", database),
            Map.entry("FLOWS_DIR", flows.toString()),
            Map.entry("POLICY", policy.toString()),
            Map.entry("SMS_SENDER", OURS),
            Map.entry("TWILIO_ACCOUNT_SID", ACCOUNT_SID),
            Map.entry("TWILIO_AUTH_TOKEN", AUTH_TOKEN),
            Map.entry("TWILIO_TIMEOUT", "200ms"),
            Map.entry("IN_DOUBT_SETTLE", "400ms"),
            Map.entry("SEGMENTS_PER_SECOND", "1000"),
            Map.entry("CUSTOMERIO_SITE_ID", "site"),
            Map.entry("CUSTOMERIO_API_KEY", "key"),
            Map.entry("CUSTOMERIO_TRACK_URL", track.url()),
            Map.entry("CUSTOMERIO_SIGNING_KEY", SIGNING_KEY),
            Map.entry("STUDIO_REQUESTS_PER_SECOND", "0"),
            Map.entry("INBOUND_EXECUTIONS_PER_SECOND", "0"),
            Map.entry("TAGGER", "rules"),
            Map.entry("TRIGGER_BASIC", "user:password"),
            Map.entry("TRIGGER_BEARER", "bearer-token"));
    usual.forEach((name, value) -> environment.put("PARLEY_" + name, value));
    settings.forEach((name, value) -> environment.put("PARLEY_" + name, value));
    wiring = wire();
    await(wiring.start());
  }

  static Service start() {
    return start(Map.of());
  }

  static Service start(Map<String, String> settings) {
    return new Service(TestPostgres.database(), settings);
  }

  private Wiring wire() {
    return switch (Settings.read(environment)) {
      case Settings.Reading.Unusable(var problems) -> throw new AssertionError(problems);
      case Settings.Reading.Usable(var settings, var _) ->
          new Wiring(
              settings,
              PgConnectOptions.fromUri(database)
                  .setCachePreparedStatements(true)
                  .setReconnectAttempts(0),
              clock(),
              _ -> channel);
    };
  }

  /// The service's clock, which [#leap] sets forward.
  private Clock clock() {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return Instant.now().plus(ahead);
      }
    };
  }

  /// What the service's clock shows.
  Instant now() {
    return clock().instant();
  }

  /// Time passes for the service, but not for its database.
  void leap(Duration time) {
    ahead = ahead.plus(time);
  }

  void publish(String name, String definition) {
    write(name + ".json", definition);
  }

  void publishSids(String sids) {
    write("sids.yaml", sids);
  }

  private void write(String file, String text) {
    try {
      Files.writeString(flows.resolve(file), text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  void stop() {
    await(wiring.stop());
  }

  Future<Void> stopping() {
    return wiring.stop();
  }

  Path flows() {
    return flows;
  }

  void restart() {
    wiring = wire();
    await(wiring.start());
  }

  Functions functions() {
    return wiring.functions();
  }

  long live() {
    return wiring.metrics().conversationsLive();
  }

  @Override
  public void close() {
    channel.open();
    stop();
    http.close();
    await(pool.close());
    await(world.close());
  }

  static <T> T await(Future<T> future) {
    try {
      return future.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("no answer within " + PATIENCE, e);
    }
  }

  /// Waits until something is so.
  void until(String what, BooleanSupplier so) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!so.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("never came true: " + what);
      }
      pause(Duration.ofMillis(10));
    }
  }

  /// Lets the service do what it is not expected to do.
  void pause(Duration pause) {
    await(world.timer(pause.toMillis(), TimeUnit.MILLISECONDS).map(_ -> true));
  }

  // ---- the database

  List<String> texts(String sql) {
    return await(
        pool.query(sql)
            .execute()
            .map(
                rows -> {
                  List<String> texts = new ArrayList<>();
                  rows.forEach(row -> texts.add(String.valueOf(row.getValue(0))));
                  return texts;
                }));
  }

  long count(String table) {
    return Long.parseLong(texts("select count(*) from " + table).getFirst());
  }

  /// A report is to leave for some destinations, as if a turn had brought it about.
  void tell(Effect.ReportOutcome report, String... destinations) {
    await(new Outbox(pool).tell(report, Stream.of(destinations).map(Subscription::toAll).toList()));
  }

  void execute(String sql) {
    await(pool.query(sql).execute());
  }

  /// Everything that an event may leave behind.
  long rows() {
    return List.of("turn", "outbox", "delivery", "inbox", "contact", "conversation", "timer")
        .stream()
        .mapToLong(this::count)
        .sum();
  }

  // ---- requests

  record Answer(int status, String body) {
    JsonObject json() {
      return new JsonObject(body);
    }
  }

  Answer get(String path) {
    return get(path, Map.of());
  }

  Answer get(String path, Map<String, String> headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).GET();
    headers.forEach(request::header);
    return send(request).join();
  }

  /// What Twilio asks by GET, with its parameters in the query.
  Answer twilioGet(String pathAndQuery) {
    String signature =
        Base64.getEncoder().encodeToString(mac("HmacSHA1", AUTH_TOKEN, PUBLIC_URL + pathAndQuery));
    return get(pathAndQuery, Map.of("X-Twilio-Signature", signature));
  }

  /// The contact, or a program, asks where a link leads.
  ///
  /// @param link as it stands in the message
  HttpResponse<String> follow(String method, String link, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(link.replaceFirst("^https://[^/]+", "")))
            .timeout(PATIENCE)
            .method(method, HttpRequest.BodyPublishers.noBody());
    headers.forEach(request::header);
    return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString()).join();
  }

  /// A request line that a client would not let pass; answers the status line.
  String raw(String requestLine) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), wiring.port())) {
      socket
          .getOutputStream()
          .write(
              (requestLine + "\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + wiring.port() + path);
  }

  CompletableFuture<Answer> send(HttpRequest.Builder request) {
    return http.sendAsync(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString())
        .thenApply(response -> new Answer(response.statusCode(), response.body()));
  }

  static JsonObject payload(String phone, String key) {
    return new JsonObject()
        .put("schema_version", 1)
        .put("trigger", new JsonObject().put("type", "cart_abandoned"))
        .put(
            "customer",
            new JsonObject()
                .put("external_id", "person-" + phone.substring(phone.length() - 2))
                .put("phone", phone)
                .put("first_name", "Jane"))
        .put("controls", new JsonObject().put("flow", "cart").put("idempotency_key", key));
  }

  Answer trigger(String phone, String key) {
    return trigger(payload(phone, key).encode(), bearer()).join();
  }

  /// Of a person in a time zone.
  Answer trigger(String phone, String key, String zone) {
    JsonObject payload = payload(phone, key);
    payload.getJsonObject("customer").put("time_zone", zone);
    return trigger(payload.encode(), bearer()).join();
  }

  CompletableFuture<Answer> trigger(String body, Map<String, String> headers) {
    return post("/customerio/triggers", body, headers);
  }

  CompletableFuture<Answer> post(String path, String body, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    return send(request);
  }

  static Map<String, String> bearer() {
    return Map.of("Authorization", "Bearer bearer-token");
  }

  static Map<String, String> basic() {
    String pair =
        Base64.getEncoder().encodeToString("user:password".getBytes(StandardCharsets.UTF_8));
    return Map.of("Authorization", "Basic " + pair);
  }

  static Map<String, String> signed(String body) {
    String timestamp = String.valueOf(Instant.now().getEpochSecond());
    return Map.of(
        "X-CIO-Timestamp",
        timestamp,
        "X-CIO-Signature",
        HexFormat.of().formatHex(mac("HmacSHA256", SIGNING_KEY, "v0:" + timestamp + ":" + body)));
  }

  /// The contact writes.
  Answer reply(String phone, String sid, String body) {
    return replying(phone, sid, body).join();
  }

  CompletableFuture<Answer> replying(String phone, String sid, String body) {
    return replying(OURS, phone, sid, body);
  }

  CompletableFuture<Answer> replying(String ours, String phone, String sid, String body) {
    return twilio(
        "/twilio/messages", Map.of("MessageSid", sid, "From", phone, "To", ours, "Body", body));
  }

  /// Twilio tells how far our message of that place got.
  CompletableFuture<Answer> status(int message, String status) {
    return twilio(
        "/twilio/status?effect=" + channel.sends().get(message).id(),
        Map.of(
            "MessageSid",
            channel.sids().get(message).value(),
            "MessageStatus",
            status,
            "From",
            OURS,
            "To",
            channel.sends().get(message).to().value()));
  }

  CompletableFuture<Answer> twilio(String path, Map<String, String> parameters) {
    StringBuilder text = new StringBuilder(PUBLIC_URL + path);
    new TreeMap<>(parameters).forEach((name, value) -> text.append(name).append(value));
    String signature =
        Base64.getEncoder().encodeToString(mac("HmacSHA1", AUTH_TOKEN, text.toString()));
    return twilio(path, parameters, signature);
  }

  CompletableFuture<Answer> twilio(String path, Map<String, String> parameters, String signature) {
    List<String> pairs = new ArrayList<>();
    parameters.forEach(
        (name, value) -> pairs.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("X-Twilio-Signature", signature)
            .POST(HttpRequest.BodyPublishers.ofString(String.join("&", pairs))));
  }

  private static byte[] mac(String algorithm, String key, String text) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), algorithm));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String flow(String question, String timeout) {
    return """
        {"description": "Asks once", "initial_state": "Trigger", "states": [
          {"name": "Trigger", "type": "trigger", "properties": {},
           "transitions": [{"event": "incomingMessage", "next": "ask"},
                           {"event": "incomingRequest", "next": "ask"}]},
          {"name": "ask", "type": "send-and-wait-for-reply",
           "properties": {"from": "{{flow.channel.address}}", "body": "%s", "timeout": "%s"},
           "transitions": [{"event": "incomingMessage", "next": "thank"},
                           {"event": "timeout", "next": "nudge"},
                           {"event": "deliveryFailure"}]},
          {"name": "thank", "type": "send-message",
           "properties": {"from": "{{flow.channel.address}}", "to": "{{contact.channel.address}}",
                          "body": "You said: {{widgets.ask.inbound.Body}}"},
           "transitions": [{"event": "sent"}, {"event": "failed"}]},
          {"name": "nudge", "type": "send-message",
           "properties": {"from": "{{flow.channel.address}}", "to": "{{contact.channel.address}}",
                          "body": "Still there?"},
           "transitions": [{"event": "sent"}, {"event": "failed"}]}
        ]}
        """
        .formatted(question, timeout);
  }
}
