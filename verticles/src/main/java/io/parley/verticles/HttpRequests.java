package io.parley.verticles;

import io.parley.edge.OutcomeSink.Response;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Makes requests that were composed for one address. A redirect is not followed: what they say is
/// for the address that was configured.
final class HttpRequests {

  /// This much of a body is read; more than the verdicts about any batch take.
  static final int MAX_ANSWER_BYTES = 1024 * 1024;

  private final Duration timeout;
  private final WebClient client;

  /// @param timeout for a whole request, its answer included
  HttpRequests(Vertx vertx, Duration timeout) {
    this.timeout = timeout;
    this.client =
        WebClient.create(
            vertx,
            new WebClientOptions()
                .setConnectTimeout((int) Duration.ofSeconds(5).toMillis())
                .setFollowRedirects(false)
                .setUserAgent("Parley"));
  }

  /// What no response came for is answered as status 0.
  Future<Response> make(String method, String url, Map<String, String> headers, String body) {
    HttpRequest<String> request =
        client
            .requestAbs(HttpMethod.valueOf(method), url)
            .as(() -> new BoundedBody(MAX_ANSWER_BYTES))
            .timeout(timeout.toMillis());
    headers.forEach(request::putHeader);
    return request
        .sendBuffer(Buffer.buffer(body))
        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .map(HttpRequests::response)
        .recover(failure -> Future.succeededFuture(new Response(0, Map.of(), told(failure))));
  }

  private String told(Throwable failure) {
    return failure instanceof TimeoutException
        ? "no answer within " + timeout.toMillis() + " ms"
        : String.valueOf(failure.getMessage());
  }

  private static Response response(HttpResponse<String> response) {
    Map<String, String> headers = new HashMap<>();
    response
        .headers()
        .forEach(entry -> headers.put(entry.getKey().toLowerCase(Locale.ROOT), entry.getValue()));
    return new Response(
        response.statusCode(), headers, Optional.ofNullable(response.body()).orElse(""));
  }

  void close() {
    client.close();
  }
}
