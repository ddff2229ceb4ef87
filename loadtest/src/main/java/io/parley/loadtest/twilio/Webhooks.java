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

/// Posts signed forms to the application under test, as Twilio does: read timeout 15 s, and one
/// retry after a failed connection or a 5xx, with the same `I-Twilio-Idempotency-Token`. Confined
/// to its context.
final class Webhooks {

  private static final Duration READ_TIMEOUT = Duration.ofSeconds(15);
  private static final String READ_TIMED_OUT = "read timeout";
  private static final int ATTEMPTS = 2;

  private final WebClient client;
  private final String authToken;

  Webhooks(WebClient client, String authToken) {
    this.client = client;
    this.authToken = authToken;
  }

  /// A fragment of the URL, which holds connection overrides, is neither sent nor signed.
  Future<WebhookAnswer> post(String url, Map<String, String> parameters) {
    int fragment = url.indexOf('#');
    String target = fragment < 0 ? url : url.substring(0, fragment);
    return attempt(new Post(target, Map.copyOf(parameters), UUID.randomUUID().toString()), 1);
  }

  private Future<WebhookAnswer> attempt(Post post, int attempt) {
    long start = System.nanoTime();
    // Composed, so that a URL which the client cannot even parse is a failure like any other.
    return Future.succeededFuture(post)
        .compose(this::send)
        .map(response -> answered(response, attempt, start))
        .otherwise(failure -> new WebhookAnswer.Unanswered(attempt, reason(failure)))
        .compose(
            answer ->
                attempt < ATTEMPTS && worthRetry(answer)
                    ? attempt(post, attempt + 1)
                    : Future.succeededFuture(answer));
  }

  private Future<HttpResponse<Buffer>> send(Post post) {
    return client
        .requestAbs(HttpMethod.POST, post.url)
        .timeout(READ_TIMEOUT.toMillis())
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
    return failure instanceof TimeoutException ? READ_TIMED_OUT : failure.toString();
  }

  private static boolean worthRetry(WebhookAnswer answer) {
    return switch (answer) {
      case WebhookAnswer.Answered(_, int status, _, _) -> status >= 500;
      case WebhookAnswer.Unanswered(_, String reason) -> !reason.equals(READ_TIMED_OUT);
    };
  }

  private record Post(String url, Map<String, String> parameters, String token) {}
}
