package io.parley.loadtest.twilio;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/// Posts signed forms to the application under test, as Twilio does: as often as the URL's
/// [ConnectionOverrides] say, with the same `I-Twilio-Idempotency-Token`. Confined to its context.
final class Webhooks {

  private final WebClient client;
  private final String authToken;

  Webhooks(WebClient client, String authToken) {
    this.client = client;
    this.authToken = authToken;
  }

  /// The fragment of the URL is neither sent nor signed.
  Future<WebhookAnswer> post(String url, Map<String, String> parameters) {
    int fragment = url.indexOf('#');
    String target = fragment < 0 ? url : url.substring(0, fragment);
    return attempt(
        new Post(
            target,
            Map.copyOf(parameters),
            UUID.randomUUID().toString(),
            ConnectionOverrides.of(url),
            System.nanoTime()),
        1);
  }

  private Future<WebhookAnswer> attempt(Post post, int attempt) {
    long start = System.nanoTime();
    // Composed, so that a URL which the client cannot even parse is a failure like any other.
    return Future.succeededFuture(post)
        .compose(this::send)
        .transform(
            sent -> {
              if (sent.succeeded()) {
                WebhookAnswer answer = answered(sent.result(), attempt, start);
                return next(
                    post, attempt, answer, post.overrides.retries(sent.result().statusCode()));
              }
              WebhookAnswer none = new WebhookAnswer.Unanswered(attempt, reason(sent.cause()));
              return next(post, attempt, none, post.overrides.retries(sent.cause()));
            });
  }

  private Future<WebhookAnswer> next(
      Post post, int attempt, WebhookAnswer answer, boolean worthRetry) {
    boolean inTime =
        System.nanoTime() - post.begun < post.overrides.total().toNanos()
            && attempt <= post.overrides.retries();
    return worthRetry && inTime ? attempt(post, attempt + 1) : Future.succeededFuture(answer);
  }

  private Future<HttpResponse<Buffer>> send(Post post) {
    return client
        .requestAbs(HttpMethod.POST, post.url)
        .connectTimeout(post.overrides.connect().toMillis())
        .timeout(post.overrides.read().toMillis())
        .putHeader("X-Twilio-Signature", Signature.of(authToken, post.url, post.parameters))
        .putHeader("I-Twilio-Idempotency-Token", post.token)
        .putHeader("User-Agent", "TwilioProxy/1.1")
        .putHeader("Accept", "*/*")
        .putHeader("Content-Type", "application/x-www-form-urlencoded")
        .sendBuffer(Buffer.buffer(form(post.parameters)));
  }

  /// Sent as one buffer: Vert.x pipes a form, and stumbles where the connection breaks meanwhile.
  private static String form(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private static WebhookAnswer answered(HttpResponse<Buffer> response, int attempt, long start) {
    String body = response.bodyAsString();
    return new WebhookAnswer.Answered(
        attempt,
        response.statusCode(),
        body == null ? "" : body,
        Duration.ofNanos(System.nanoTime() - start));
  }

  private static String reason(Throwable failure) {
    return failure instanceof TimeoutException ? "read timeout" : failure.toString();
  }

  private record Post(
      String url,
      Map<String, String> parameters,
      String token,
      ConnectionOverrides overrides,
      long begun) {}
}
