package io.parley.verticles;

import io.parley.calls.Breaker;
import io.parley.edge.HandoffTarget.Incoming;
import io.parley.edge.HandoffTarget.Next;
import io.parley.edge.HandoffTarget.Placement;
import io.parley.edge.HandoffTarget.Request;
import io.parley.edge.HandoffTarget.Task;
import io.parley.edge.OutcomeSink.Response;
import io.parley.engine.Values;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does tasks at one target, request by request, at its pace; leaves it alone for a while after it
/// has failed task after task. Confined to its courier's context.
final class TargetDesk {

  /// More requests than any task takes.
  private static final int MOST_REQUESTS = 60;

  private static final Duration TICK = Duration.ofMillis(100);
  private static final Breaker.Habit HABIT = new Breaker.Habit(4, Duration.ofSeconds(5));
  private static final Logger LOG = LoggerFactory.getLogger(TargetDesk.class);

  private final Vertx vertx;
  private final Target target;
  private final HttpRequests requests;
  private final RateLimit rate;
  private final Metrics metrics;
  private Breaker breaker = Breaker.well();

  /// What went wrong last.
  private String trouble = "";

  TargetDesk(Vertx vertx, Target target, Metrics metrics) {
    this.vertx = vertx;
    this.target = target;
    this.requests = new HttpRequests(vertx, target.pace().timeout());
    this.rate = new RateLimit(target.pace().requestsPerSecond());
    this.metrics = metrics;
  }

  /// What came of a task.
  sealed interface Ended {
    record Done(Values known, List<Incoming> news) implements Ended {}

    record Later(String why, Optional<Duration> after) implements Ended {}

    record Refused(String why) implements Ended {}
  }

  Target target() {
    return target;
  }

  /// Whether it may be asked now.
  boolean admits() {
    return breaker.admits(System.nanoTime());
  }

  /// Does a task.
  ///
  /// @param keep stores what is known of a placement; nothing is asked before it has
  Future<Ended> perform(Placement placement, Task task, Function<Values, Future<Void>> keep) {
    if (!target.obstacle().isEmpty()) {
      return Future.succeededFuture(new Ended.Later(target.obstacle(), Optional.empty()));
    }
    if (!admits()) {
      return Future.succeededFuture(
          new Ended.Later("it is left alone for a while, since " + trouble, Optional.empty()));
    }
    breaker = breaker.asked();
    return Future.succeededFuture()
        .compose(_ -> follow(placement, task, target.desk().begin(placement, task), keep, 1))
        .onSuccess(this::judge)
        .onFailure(_ -> breaker = breaker.untold(System.nanoTime()));
  }

  private Future<Ended> follow(
      Placement placement,
      Task task,
      Next next,
      Function<Values, Future<Void>> keep,
      int requestsMade) {
    return switch (next) {
      case Next.Done(var known, var news) -> Future.succeededFuture(new Ended.Done(known, news));
      case Next.Later(var why, var after) ->
          Future.succeededFuture(new Ended.Later(target.redaction().apply(why), after));
      case Next.Refused(var why) ->
          Future.succeededFuture(new Ended.Refused(target.redaction().apply(why)));
      case Next.Ask ask when requestsMade > MOST_REQUESTS ->
          Future.succeededFuture(
              new Ended.Later("it takes too many requests: " + ask.step(), Optional.empty()));
      case Next.Ask ask -> {
        Placement at = new Placement(placement.handoff(), ask.known());
        yield kept(placement, at, keep)
            .compose(_ -> make(ask.request()))
            .compose(
                response ->
                    follow(
                        at,
                        task,
                        target.desk().read(at, task, ask, response),
                        keep,
                        requestsMade + 1));
      }
    };
  }

  private static Future<Void> kept(
      Placement before, Placement after, Function<Values, Future<Void>> keep) {
    return before.known().equals(after.known())
        ? Future.succeededFuture()
        : keep.apply(after.known());
  }

  private Future<Response> make(Request request) {
    if (!rate.take()) {
      return vertx.timer(TICK.toMillis(), TimeUnit.MILLISECONDS).compose(_ -> make(request));
    }
    return requests
        .make(request.method(), request.url(), request.headers(), request.body())
        .onSuccess(
            response ->
                metrics.target(
                    target.name(),
                    response.status() == 0 ? "unreachable" : "answered " + response.status()));
  }

  /// A refusal is about one handoff, and tells that the target works.
  private void judge(Ended ended) {
    if (ended instanceof Ended.Later(var why, var _)) {
      trouble = why;
    }
    Breaker before = breaker;
    breaker =
        ended instanceof Ended.Later
            ? breaker.failed(System.nanoTime(), HABIT)
            : breaker.answered();
    if (breaker instanceof Breaker.Open && before instanceof Breaker.Closed) {
      LOG.atWarn()
          .addKeyValue("target", target.name())
          .addKeyValue("why", trouble)
          .log("a target of handoffs fails time and again and is left alone");
    } else if (before instanceof Breaker.Probing && breaker instanceof Breaker.Closed) {
      LOG.atInfo()
          .addKeyValue("target", target.name())
          .log("a target of handoffs that was left alone works again");
    }
  }

  void close() {
    requests.close();
  }
}
