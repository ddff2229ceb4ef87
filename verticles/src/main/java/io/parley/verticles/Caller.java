package io.parley.verticles;

import io.parley.calls.AddressGuard;
import io.parley.calls.Breaker;
import io.parley.calls.CallAnswer;
import io.parley.calls.CallRequest;
import io.parley.calls.Redirect;
import io.parley.calls.Target;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Makes one HTTP request after the other, and reads what is answered within the limits. Confined
/// to its context.
///
/// A host's address is looked up once, judged, and connected to: the name goes into `Host` and the
/// TLS handshake alone, so that a second look-up cannot lead elsewhere. Each request has a
/// connection of its own; one that was kept open might be cut by the server just as a POST leaves,
/// and nobody would know what became of it.
final class Caller {

  /// More than any courier has under way: nothing waits for a connection unseen.
  private static final int MAX_CONNECTIONS = 1_000;

  private static final int MAX_HEADER_BYTES = 32 * 1024;

  private final VertxInternal vertx;
  private final AddressGuard guard;
  private final HttpClient client;

  Caller(Vertx vertx, AddressGuard guard) {
    this.vertx = (VertxInternal) vertx;
    this.guard = guard;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setKeepAlive(false).setMaxHeaderSize(MAX_HEADER_BYTES),
            new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS));
  }

  /// What came of a request.
  sealed interface Outcome {
    record Answered(CallAnswer answer) implements Outcome {}

    /// @param fault whether it is held against the host
    record Failed(String reason, String message, Fault fault) implements Outcome {}

    /// What is held against the host afterwards.
    default Breaker judge(Breaker before, long now, Breaker.Habit habit) {
      return switch (this) {
        case Answered(var answer) ->
            answer.tellsOfHealth() ? before.answered() : before.failed(now, habit);
        case Failed(var _, var _, var fault) ->
            switch (fault) {
              case HOST -> before.failed(now, habit);
              case ANSWER -> before.answered();
              case REQUEST -> before.untold(now);
            };
      };
    }

    /// In a word or two, to count it by: `answered 2xx`, `timeout`.
    default String word() {
      return switch (this) {
        case Answered(var answer) -> "answered " + answer.status() / 100 + "xx";
        case Failed(var reason, var _, var _) -> reason;
      };
    }
  }

  /// Whose a failure is.
  enum Fault {
    /// The host is not there, or does not answer.
    HOST,
    /// The host works; what it answers cannot be taken.
    ANSWER,
    /// Nothing was asked.
    REQUEST
  }

  /// The request that is under way; a redirect takes the place of what led to it.
  private static final class Attempt {
    private Optional<HttpClientRequest> current = Optional.empty();
    private boolean over;

    /// Whether it still may leave.
    boolean begins(HttpClientRequest request) {
      current = Optional.of(request);
      if (over) {
        cut();
      }
      return !over;
    }

    void cut() {
      current.ifPresent(request -> request.connection().close());
      current = Optional.empty();
    }

    void end() {
      over = true;
      cut();
    }
  }

  Future<Void> close() {
    return client.close();
  }

  /// Never fails: what goes wrong is an outcome.
  ///
  /// @param limit for all of it, redirects included
  Future<Outcome> call(CallRequest request, Duration limit) {
    Attempt attempt = new Attempt();
    return ask(attempt, request, 0, limit)
        .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .recover(
            failure ->
                failed(
                    failure instanceof TimeoutException
                        ? new Outcome.Failed(
                            "timeout", "no answer within " + limit.toMillis() + " ms", Fault.HOST)
                        : new Outcome.Failed("broken", failure.toString(), Fault.REQUEST)))
        .onComplete(_ -> attempt.end());
  }

  private Future<Outcome> ask(Attempt attempt, CallRequest request, int hops, Duration limit) {
    String host = request.target().host();
    boolean vouched = request.destination() == CallRequest.Chosen.BY_CONFIGURATION;
    Optional<String> disguised = vouched ? Optional.empty() : guard.objection(host);
    if (disguised.isPresent()) {
      return refused(disguised.get());
    }
    return address(host)
        .compose(
            address -> {
              Optional<String> objection =
                  vouched ? Optional.empty() : guard.objection(host, address);
              return objection.isPresent()
                  ? refused(objection.get())
                  : leave(attempt, request, address, limit)
                      .compose(outcome -> follow(attempt, request, hops, limit, outcome));
            },
            unknown ->
                failed(
                    new Outcome.Failed(
                        "unknown_host", "the host " + host + " has no address", Fault.HOST)));
  }

  private static Future<Outcome> refused(String objection) {
    return failed(new Outcome.Failed("refused_address", objection, Fault.REQUEST));
  }

  private static Future<Outcome> failed(Outcome.Failed failed) {
    return Future.succeededFuture(failed);
  }

  private Future<InetAddress> address(String host) {
    return AddressGuard.literal(host)
        .map(Future::succeededFuture)
        .orElseGet(() -> vertx.nameResolver().resolve(host));
  }

  private Future<Outcome> leave(
      Attempt attempt, CallRequest request, InetAddress address, Duration limit) {
    return client
        .request(options(request, address).setConnectTimeout(limit.toMillis()))
        .compose(
            open ->
                attempt.begins(open)
                    ? exchange(attempt, request, open)
                    : failed(new Outcome.Failed("timeout", "too late", Fault.HOST)),
            failure ->
                failed(
                    new Outcome.Failed(
                        "unreachable",
                        "no connection to " + request.target() + ": " + told(failure),
                        Fault.HOST)));
  }

  /// A failed handshake says why in its cause alone.
  private static String told(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure.getMessage() + (cause == null ? "" : ": " + cause.getMessage());
  }

  private static RequestOptions options(CallRequest request, InetAddress address) {
    Target target = request.target();
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.valueOf(request.method()))
            .setServer(SocketAddress.inetSocketAddress(target.port(), address.getHostAddress()))
            .setHost(target.host())
            .setPort(target.port())
            .setSsl(target.secure())
            .setURI(target.path());
    request.headers().forEach(options::putHeader);
    return options.putHeader(HttpHeaders.HOST.toString(), target.authority());
  }

  private static Future<Outcome> exchange(
      Attempt attempt, CallRequest request, HttpClientRequest open) {
    boolean bare = request.body().isEmpty() && CallRequest.isSafe(request.method());
    Future<HttpClientResponse> response =
        bare ? open.send() : open.send(Buffer.buffer(request.body()));
    return response
        .compose(head -> read(request, head))
        .recover(
            failure ->
                failed(
                    new Outcome.Failed(
                        "cut",
                        "the connection to "
                            + request.target()
                            + " was cut before the answer's end: "
                            + told(failure),
                        Fault.HOST)))
        .onComplete(_ -> attempt.cut());
  }

  private static Future<Outcome> read(CallRequest request, HttpClientResponse response) {
    Map<String, String> headers = new HashMap<>();
    response
        .headers()
        .forEach(
            (name, value) ->
                headers.merge(
                    name.toLowerCase(Locale.ROOT), value, (one, more) -> one + ", " + more));
    String location = headers.getOrDefault("location", "");
    if (!(Redirect.of(request, response.statusCode(), location, 0) instanceof Redirect.None)) {
      return Future.succeededFuture(
          new Outcome.Answered(new CallAnswer(response.statusCode(), headers, "")));
    }
    return body(response)
        .map(
            body ->
                body.length() > CallAnswer.MAX_BODY_BYTES
                    ? new Outcome.Failed(
                        "too_large",
                        "the answer is larger than " + CallAnswer.MAX_BODY_BYTES + " bytes",
                        Fault.ANSWER)
                    : new Outcome.Answered(
                        new CallAnswer(
                            response.statusCode(), headers, body.toString("ISO-8859-1"))));
  }

  /// The body, or its beginning where it is larger than may be.
  private static Future<Buffer> body(HttpClientResponse response) {
    Promise<Buffer> promise = Promise.promise();
    Buffer body = Buffer.buffer();
    response.exceptionHandler(promise::tryFail);
    response.handler(
        chunk -> {
          if (body.length() <= CallAnswer.MAX_BODY_BYTES) {
            body.appendBuffer(chunk);
          }
          if (body.length() > CallAnswer.MAX_BODY_BYTES) {
            promise.tryComplete(body);
          }
        });
    response.endHandler(_ -> promise.tryComplete(body));
    return promise.future();
  }

  private Future<Outcome> follow(
      Attempt attempt, CallRequest request, int hops, Duration limit, Outcome outcome) {
    if (!(outcome instanceof Outcome.Answered(var answer))) {
      return Future.succeededFuture(outcome);
    }
    String location = answer.headers().getOrDefault("location", "");
    return switch (Redirect.of(request, answer.status(), location, hops)) {
      case Redirect.None() -> Future.succeededFuture(outcome);
      case Redirect.Followed(var next) -> ask(attempt, next, hops + 1, limit);
      case Redirect.Refused(var reason, var message) ->
          failed(new Outcome.Failed(reason, message, Fault.ANSWER));
    };
  }
}
