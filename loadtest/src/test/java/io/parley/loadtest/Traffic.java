package io.parley.loadtest;

import io.parley.loadtest.twilio.Inbound;
import io.parley.loadtest.twilio.InboundResult;
import io.parley.loadtest.twilio.SentMessage;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Conversations that begin at a steady rate, however long Parley takes: each customer is asked,
/// answers after half a second and is thanked. Times are taken from the instant at which a trigger
/// or an answer was meant to leave to the one at which Twilio is asked to send what comes of it, so
/// that what waits for something slow is measured with it.
///
/// Safe for any thread.
final class Traffic implements AutoCloseable {

  private static final Duration THOUGHT = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final int CONNECTIONS = 64;

  private final Stage stage;
  private final Vertx vertx = Vertx.vertx();
  private final WebClient client;
  private final Map<String, Long> triggered = new ConcurrentHashMap<>();
  private final Map<String, Long> answered = new ConcurrentHashMap<>();
  private final Queue<Timing> timings = new ConcurrentLinkedQueue<>();
  private final Queue<SentMessage> unexpected = new ConcurrentLinkedQueue<>();
  private final AtomicInteger again = new AtomicInteger();
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger thanked = new AtomicInteger();

  Traffic(Stage stage) {
    this.stage = stage;
    this.client =
        WebClient.create(
            vertx, new WebClientOptions(), new PoolOptions().setHttp1MaxSize(CONNECTIONS));
    stage.twilio().onSend(this::sent);
  }

  /// Begins as many, and returns when the last has begun.
  void begin(int conversations, double perSecond) {
    long start = System.nanoTime();
    for (int i = 0; i < conversations; i++) {
      long intended = start + (long) (i * 1e9 / perSecond);
      while (System.nanoTime() < intended) {
        LockSupport.parkNanos(intended - System.nanoTime());
      }
      trigger(intended);
    }
  }

  /// Holds so many conversations at once for a while and answers how many a second came to their
  /// end: what Parley, the database and the stand-ins can do together on this machine now.
  double capacity(int atOnce, Duration time) {
    int before = thanked.get();
    long start = System.nanoTime();
    while (System.nanoTime() - start < time.toNanos()) {
      if (begun.get() - thanked.get() < atOnce) {
        trigger(System.nanoTime());
      } else {
        LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
      }
    }
    return (thanked.get() - before) * 1e9 / (System.nanoTime() - start);
  }

  private void trigger(long intended) {
    int number = begun.incrementAndGet();
    String phone = "+1212%07d".formatted(2_000_000 + number);
    triggered.put(phone, intended);
    trigger(body(number, phone));
  }

  /// What is not taken is told again, as Customer.io does.
  private void trigger(Buffer body) {
    client
        .postAbs(stage.parley().baseUrl().resolve("/customerio/triggers").toString())
        .putHeader("Authorization", "Bearer " + Stage.BEARER)
        .putHeader("Content-Type", "application/json")
        .sendBuffer(body)
        .onComplete(
            answer -> {
              if (answer.failed() || !isTaken(answer.result())) {
                again(() -> trigger(body));
              }
            });
  }

  private void again(Runnable work) {
    again.incrementAndGet();
    vertx.setTimer(PAUSE.toMillis(), _ -> work.run());
  }

  private static boolean isTaken(HttpResponse<Buffer> answer) {
    return answer.statusCode() / 100 == 2;
  }

  private static Buffer body(int number, String phone) {
    String person = "person-" + number;
    return new Shopper(person, "Customer", phone, 120)
        .trigger("https://shop.example", person + ":cart", Plot.CART)
        .toBuffer();
  }

  private void sent(SentMessage message) {
    long now = System.nanoTime();
    boolean asks = message.body().startsWith("Hi ");
    Long intended = (asks ? triggered : answered).remove(message.to());
    if (intended == null) {
      unexpected.add(message);
      return;
    }
    timings.add(new Timing(intended, now - intended));
    if (asks) {
      long due = now + THOUGHT.toNanos();
      vertx.setTimer(THOUGHT.toMillis(), _ -> answer(message, due));
    } else {
      thanked.incrementAndGet();
    }
  }

  private void answer(SentMessage question, long intended) {
    answered.put(question.to(), intended);
    stage
        .twilio()
        .receive(Inbound.sms(question.to(), question.from(), "no thanks"))
        .onSuccess(this::untilTaken);
  }

  private void untilTaken(InboundResult result) {
    if (!result.accepted()) {
      again(() -> stage.twilio().receiveAgain(result).onSuccess(this::untilTaken));
    }
  }

  /// How often Parley had to be told once more.
  int toldAgain() {
    return again.get();
  }

  int begun() {
    return begun.get();
  }

  /// How many conversations have come to their end.
  int thanked() {
    return thanked.get();
  }

  /// Messages that nobody waited for: a second question, say.
  List<SentMessage> unexpected() {
    return List.copyOf(unexpected);
  }

  List<Timing> timings() {
    return new ArrayList<>(timings);
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
