package io.parley.loadtest.twilio;

import com.twilio.security.RequestValidator;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// An application's webhooks: records each request and whether Twilio's own validator takes its
/// signature, and answers with the statuses queued for it, 200 after that; 0 cuts the connection.
final class Application {

  record Received(
      String uri, Map<String, String> parameters, String idempotencyToken, boolean signed) {}

  private final RequestValidator validator;
  private final Queue<Integer> answers = new ArrayDeque<>();
  private final Queue<Received> received = new ConcurrentLinkedQueue<>();
  private volatile int port;

  private Application(String authToken) {
    this.validator = new RequestValidator(authToken);
  }

  static Future<Application> start(Vertx vertx, String authToken) {
    Application application = new Application(authToken);
    return vertx
        .createHttpServer()
        .requestHandler(application::answer)
        .listen(0, "127.0.0.1")
        .map(application::at);
  }

  String url(String path) {
    return "http://127.0.0.1:" + port + path;
  }

  void answerNext(int... statuses) {
    synchronized (answers) {
      for (int status : statuses) {
        answers.add(status);
      }
    }
  }

  List<Received> received() {
    return List.copyOf(received);
  }

  private Application at(HttpServer server) {
    port = server.actualPort();
    return this;
  }

  private void answer(HttpServerRequest request) {
    request.setExpectMultipart(true);
    request.endHandler(
        _ -> {
          Map<String, String> parameters = new LinkedHashMap<>();
          request.formAttributes().forEach(parameters::put);
          received.add(
              new Received(
                  request.uri(),
                  parameters,
                  request.getHeader("I-Twilio-Idempotency-Token"),
                  validator.validate(
                      url(request.uri()), parameters, request.getHeader("X-Twilio-Signature"))));
          int status = next();
          if (status == 0) {
            request.connection().close();
          } else {
            request.response().setStatusCode(status).end("<Response/>");
          }
        });
  }

  private int next() {
    synchronized (answers) {
      Integer status = answers.poll();
      return status == null ? 200 : status;
    }
  }
}
