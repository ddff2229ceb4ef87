package io.parley.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// Customers who write to a Parley over HTTP, as Twilio brings it, and the Twilio that its answers
/// are handed to.
///
/// Orders: `twilio` answers the port of the stand-in; `at PORT` names whom the rest goes to; `touch
/// CONVERSATIONS IN_FLIGHT`, `run CONVERSATIONS IN_FLIGHT MILLIS` and `open CONVERSATIONS RATE
/// MILLIS` as [ParleyContestant] has them, until the request is answered; `heard ...` before `run`
/// or `open` counts until the next message is handed to Twilio.
public final class Texters extends VerticleBase implements Orders.Obedient {

  /// Enough for every rate here; an open model with no connection free counts the wait.
  private static final int MOST_CONNECTIONS = 1_024;

  private static final int OPEN_CONNECTIONS = 256;
  private static final int OK = 200;
  private static final int CONNECTING_AT_ONCE = 64;
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /// After the last reply, until what has come to nothing is counted as such.
  private static final Duration GRACE = Duration.ofSeconds(20);

  /// How long it may take until each has had its reply.
  private static final Duration TOUCHING = PATIENCE.minus(GRACE.multipliedBy(2));

  private final TwilioStandIn twilio = new TwilioStandIn(this::heard);
  private final Set<Wire> wires = new HashSet<>();
  private final Queue<Wire> free = new ArrayDeque<>();
  private NetClient client;
  private Webhook webhook = new Webhook(0);
  private int port;
  private long message = System.nanoTime();
  private Round round = new Round(Course.IDLE);

  @SuppressWarnings("NullAway.Init") // the client is opened when this starts
  private Texters() {}

  /// Takes no arguments.
  public static void main(String[] arguments) throws Exception {
    Vertx vertx = Vertx.vertx();
    Texters texters = new Texters();
    vertx.deployVerticle(texters).await();
    Orders.obey(texters);
    vertx.close().await();
    System.exit(0);
  }

  @Override
  public Future<?> start() {
    client = vertx.createNetClient();
    return twilio.listen(vertx);
  }

  /// A reply of a customer.
  ///
  /// @param due by the steady clock
  private record Reply(int customer, long due) {}

  /// How replies come.
  ///
  /// @param rate a second; 0 where each waits for an earlier one
  /// @param replies after which there are no more
  /// @param heard whether a reply is done when Twilio has the next message, not when it is answered
  private record Course(
      int conversations, int inFlight, int rate, long replies, long nanos, boolean heard) {

    static final Course IDLE = new Course(1, 0, 0, 0, 0, false);

    static Course of(List<String> words) {
      boolean heard = words.getFirst().equals("heard");
      List<String> order = heard ? words.subList(1, words.size()) : words;
      int conversations = Integer.parseInt(order.get(1));
      int number = Integer.parseInt(order.get(2));
      return switch (order.getFirst()) {
        case "touch" ->
            new Course(conversations, number, 0, conversations, TOUCHING.toNanos(), heard);
        case "run" ->
            new Course(conversations, number, 0, Long.MAX_VALUE, nanos(order.get(3)), heard);
        case "open" ->
            new Course(conversations, 0, number, Long.MAX_VALUE, nanos(order.get(3)), heard);
        default -> throw new IllegalArgumentException(order.getFirst());
      };
    }

    private static long nanos(String millis) {
      return TimeUnit.MILLISECONDS.toNanos(Long.parseLong(millis));
    }

    int connections() {
      return rate > 0 ? OPEN_CONNECTIONS : Math.min(inFlight, MOST_CONNECTIONS);
    }
  }

  @Override
  public JsonObject obey(String[] words) throws Exception {
    return switch (words[0]) {
      case "twilio" -> new JsonObject().put("port", twilio.port());
      case "at" -> on(() -> at(Integer.parseInt(words[1])));
      default -> {
        Course course = Course.of(List.of(words));
        yield on(
            () -> {
              round = new Round(course);
              return connect(course.connections()).compose(_ -> round.begin());
            });
      }
    };
  }

  private JsonObject on(Callable<Future<JsonObject>> work) throws Exception {
    Promise<JsonObject> done = Promise.promise();
    context.runOnContext(
        _ -> {
          try {
            work.call().onComplete(done);
          } catch (Exception e) {
            done.fail(e);
          }
        });
    return done.future().await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private Future<JsonObject> at(int chosen) {
    port = chosen;
    webhook = new Webhook(chosen);
    List<Future<Void>> closed = wires.stream().map(Wire::close).toList();
    wires.clear();
    free.clear();
    return Future.join(closed).otherwiseEmpty().map(_ -> new JsonObject());
  }

  private Future<Void> connect(int wanted) {
    List<Future<Wire>> opened = new ArrayList<>();
    for (int i = wires.size(); i < wanted && opened.size() < CONNECTING_AT_ONCE; i++) {
      opened.add(open());
    }
    return opened.isEmpty()
        ? Future.succeededFuture()
        : Future.all(opened).compose(_ -> connect(wanted));
  }

  private Future<Wire> open() {
    return Wire.open(client, port)
        .onSuccess(
            wire -> {
              wires.add(wire);
              free.add(wire);
            });
  }

  /// One that broke is of no more use; another takes its place.
  private void giveBack(Wire wire) {
    if (wire.isOpen()) {
      free.add(wire);
    } else if (wires.remove(wire)) {
      open().onSuccess(_ -> round.send());
    }
    round.send();
  }

  private void heard(int customer) {
    round.heard(customer);
  }

  /// What comes of one order, and of no other: its replies and its timers end with it.
  private final class Round {
    private final Course course;
    private final Queue<Reply> waiting = new ArrayDeque<>();
    private final Map<Integer, Queue<Reply>> unheard = new HashMap<>();
    private final Histogram latencies = new Histogram(3);
    private final Promise<JsonObject> tally = Promise.promise();
    private long begun;
    private long lastEnded;
    private long end;
    private long brought;
    private long underWay;
    private long refused;
    private boolean over;
    private boolean closed;

    Round(Course course) {
      this.course = course;
    }

    Future<JsonObject> begin() {
      begun = System.nanoTime();
      lastEnded = begun;
      end = closeAfter(Duration.ofNanos(course.nanos()).plus(GRACE));
      if (course.rate() > 0) {
        vertx.setPeriodic(1, this::bringDue);
      } else {
        for (int i = 0; i < course.inFlight(); i++) {
          next();
        }
      }
      return tally.future();
    }

    private long closeAfter(Duration time) {
      return vertx.setTimer(time.toMillis(), _ -> close());
    }

    private boolean goesOn() {
      return !closed && brought < course.replies() && System.nanoTime() - begun < course.nanos();
    }

    private void next() {
      if (goesOn()) {
        bring(System.nanoTime());
      } else {
        end();
      }
    }

    private void bringDue(long timer) {
      if (!goesOn()) {
        vertx.cancelTimer(timer);
        end();
        return;
      }
      long now = System.nanoTime();
      for (long due = due(); due <= now; due = due()) {
        bring(due);
      }
    }

    private long due() {
      return begun + brought * 1_000_000_000L / course.rate();
    }

    private void bring(long due) {
      underWay++;
      Reply reply = new Reply((int) (brought++ % course.conversations()), due);
      if (course.heard()) {
        unheard.computeIfAbsent(reply.customer(), _ -> new ArrayDeque<>()).add(reply);
      }
      waiting.add(reply);
      send();
    }

    void send() {
      while (!waiting.isEmpty() && !free.isEmpty()) {
        Wire wire = free.remove();
        if (wire.isOpen()) {
          send(waiting.remove(), wire);
        } else {
          giveBack(wire);
        }
      }
    }

    private void send(Reply reply, Wire wire) {
      wire.send(
          webhook.of(reply.customer(), message++),
          status -> {
            answered(reply, status);
            giveBack(wire);
          });
    }

    private void answered(Reply reply, int status) {
      if (status != OK) {
        if (!course.heard() || forget(reply)) {
          refused++;
          ended();
        }
      } else if (!course.heard()) {
        done(reply);
      }
    }

    /// Whether it was still waited for: its message may have come before its answer.
    private boolean forget(Reply reply) {
      Queue<Reply> replies = unheard.get(reply.customer());
      return replies != null && replies.remove(reply);
    }

    void heard(int customer) {
      Queue<Reply> replies = unheard.get(customer);
      Reply reply = replies == null ? null : replies.poll();
      if (reply != null) {
        done(reply);
      }
    }

    private void done(Reply reply) {
      latencies.recordValue(System.nanoTime() - reply.due());
      ended();
    }

    private void ended() {
      lastEnded = System.nanoTime();
      underWay--;
      if (course.rate() == 0) {
        next();
      } else if (over) {
        end();
      }
    }

    private void end() {
      if (!over) {
        over = true;
        vertx.cancelTimer(end);
        end = closeAfter(GRACE);
      }
      if (underWay == 0) {
        close();
      }
    }

    private void close() {
      if (closed) {
        return;
      }
      closed = true;
      vertx.cancelTimer(end);
      waiting.clear();
      unheard.clear();
      tally.complete(
          Load.Tally.of(latencies, Math.max(1, lastEnded - begun), refused + underWay).json());
    }
  }
}
