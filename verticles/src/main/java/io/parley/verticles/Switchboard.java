package io.parley.verticles;

import io.parley.edge.Arrival;
import io.parley.engine.ConversationId;
import io.parley.engine.ThreadId;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/// Brings the events of one lane to their conversations: deploys those that are not live, passes
/// events on in order, and undeploys those that have been idle. Confined to its context.
final class Switchboard extends VerticleBase {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// One for all: each deployment keeps those it was given.
  private static final DeploymentOptions AS_ALL = new DeploymentOptions();

  private final int lane;
  private final Duration idle;
  private final Function<ThreadId, ConversationVerticle> conversations;
  private final Metrics metrics;
  private final Map<ConversationId, Line> lines = new HashMap<>();

  /// Verticles that are leaving; the address of one is free when its future completes.
  private final Map<ConversationId, Future<Void>> departures = new HashMap<>();

  Switchboard(
      int lane,
      Duration idle,
      Function<ThreadId, ConversationVerticle> conversations,
      Metrics metrics) {
    this.lane = lane;
    this.idle = idle;
    this.conversations = conversations;
    this.metrics = metrics;
  }

  /// A conversation that is live, or on its way there.
  private static final class Line {
    private final Future<String> deployment;
    private int pending;
    private long lastUsed;

    Line(Future<String> deployment) {
      this.deployment = deployment;
    }
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(Math.max(50, idle.toMillis() / 4), _ -> passivate());
    return vertx.eventBus().consumer(Bus.switchboard(lane), this::connect).completion();
  }

  private void connect(Message<Arrival> message) {
    Arrival arrival = message.body();
    ConversationId id = arrival.conversation();
    Line line = lines.computeIfAbsent(id, _ -> new Line(deploy(id, arrival.thread())));
    line.pending++;
    line.deployment
        .compose(_ -> Bus.on(vertx).request(Bus.conversation(id), arrival, PATIENCE))
        .onComplete(
            answer -> {
              line.pending--;
              line.lastUsed = System.nanoTime();
              if (answer.succeeded()) {
                Bus.reply(message, answer.result());
                return;
              }
              if (line.deployment.failed()) {
                lines.remove(id, line);
              }
              Bus.fail(message, answer.cause());
            });
  }

  private Future<String> deploy(ConversationId id, ThreadId thread) {
    Future<Void> departed = departures.getOrDefault(id, Future.succeededFuture());
    return departed
        .compose(_ -> vertx.deployVerticle(conversations.apply(thread), AS_ALL))
        .onSuccess(_ -> metrics.conversationDeployed());
  }

  private void passivate() {
    long longAgo = System.nanoTime() - idle.toNanos();
    Map<ConversationId, Line> idleLines = new HashMap<>(lines);
    idleLines.values().removeIf(line -> !isIdle(line, longAgo));
    idleLines.forEach(this::undeploy);
  }

  private static boolean isIdle(Line line, long longAgo) {
    return line.pending == 0 && line.deployment.succeeded() && line.lastUsed - longAgo < 0;
  }

  private void undeploy(ConversationId id, Line line) {
    lines.remove(id);
    Future<Void> departure = vertx.undeploy(line.deployment.result());
    departures.put(id, departure);
    departure.onComplete(_ -> departures.remove(id, departure));
    metrics.conversationUndeployed();
  }
}
