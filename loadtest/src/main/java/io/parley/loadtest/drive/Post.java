package io.parley.loadtest.drive;

import io.parley.loadtest.measure.Recorder;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What Customer.io and the shop post to Parley. As Customer.io does, it posts again what was not
/// answered with 2xx, with the same key; what Parley calls wrong (4xx) is posted once. Confined to
/// a context.
final class Post {

  private static final Duration TIMEOUT = Duration.ofSeconds(8);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(Post.class);
  private static final int TOO_MANY_REQUESTS = 429;

  private final Vertx vertx;
  private final WebClient client;
  private final URI parley;
  private final String bearer;
  private final Recorder recorder;
  private boolean refused;

  Post(Vertx vertx, Ground ground, int connections, Recorder recorder) {
    this.vertx = vertx;
    this.client =
        WebClient.create(
            vertx,
            new WebClientOptions().setKeepAlive(true).setTcpNoDelay(true),
            new PoolOptions().setHttp1MaxSize(connections));
    this.parley = ground.parley();
    this.bearer = ground.bearer();
    this.recorder = recorder;
  }

  /// @param what it is, in a word, for the counts
  /// @param taken called with Parley's answer, where it takes it
  /// @param over called once it is taken or refused for good
  void send(String what, String path, JsonObject body, Consumer<JsonObject> taken, Runnable over) {
    attempt(
        new Letter(what, parley.resolve(path).toString(), body.toBuffer(), taken, over),
        FIRST_PAUSE);
  }

  private record Letter(
      String what, String url, Buffer body, Consumer<JsonObject> taken, Runnable over) {}

  private void attempt(Letter letter, Duration pause) {
    client
        .postAbs(letter.url)
        .timeout(TIMEOUT.toMillis())
        .putHeader("Authorization", "Bearer " + bearer)
        .putHeader("Content-Type", "application/json")
        .sendBuffer(letter.body)
        .onComplete(
            answer -> {
              if (answer.succeeded()) {
                answered(letter, answer.result(), pause);
              } else {
                again(letter, "unanswered", pause);
              }
            });
  }

  private void answered(Letter letter, HttpResponse<Buffer> answer, Duration pause) {
    int status = answer.statusCode();
    if (status / 100 == 2) {
      letter.taken.accept(answer.bodyAsJsonObject());
      letter.over.run();
    } else if (status / 100 == 4 && status != TOO_MANY_REQUESTS) {
      recorder.error(letter.what + " " + status);
      if (!refused) {
        refused = true;
        LOG.atWarn()
            .addKeyValue("what", letter.what)
            .addKeyValue("status", status)
            .addKeyValue("answer", answer.bodyAsString())
            .log("Parley refuses what it is told; this is the first time");
      }
      letter.over.run();
    } else {
      again(letter, String.valueOf(status), pause);
    }
  }

  private void again(Letter letter, String why, Duration pause) {
    recorder.count(letter.what + " told again: " + why);
    Duration longer = pause.multipliedBy(2);
    vertx.setTimer(
        pause.toMillis(),
        _ -> attempt(letter, longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer));
  }
}
