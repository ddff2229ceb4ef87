package io.parley.peer;

import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.HdrHistogram.Histogram;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;

/// Customers that keep so many replies under way, each sent when an earlier one is durable.
final class Customers extends AbstractBehavior<Customers.Message> {

  sealed interface Message {}

  /// A reply that was sent at a time is durable.
  record Durable(long begun) implements Message {}

  /// What they send.
  ///
  /// @param goesOn whether another reply is to be sent
  /// @param whose by which customer
  record Plan(int inFlight, BooleanSupplier goesOn, IntSupplier whose, String event) {}

  private final Plan plan;
  private final ActorRef<ShardingEnvelope<Entity.Reply>> region;
  private final Histogram latencies;
  private final CompletableFuture<Void> done;
  private int underWay;

  private Customers(
      ActorContext<Message> context,
      Plan plan,
      ActorRef<ShardingEnvelope<Entity.Reply>> region,
      Histogram latencies,
      CompletableFuture<Void> done) {
    super(context);
    this.plan = plan;
    this.region = region;
    this.latencies = latencies;
    this.done = done;
    this.underWay = plan.inFlight();
  }

  /// @param latencies where each reply's is added
  /// @param done completes when the last reply is durable
  static Behavior<Message> of(
      Plan plan,
      ActorRef<ShardingEnvelope<Entity.Reply>> region,
      Histogram latencies,
      CompletableFuture<Void> done) {
    return Behaviors.setup(
        context -> {
          Customers customers = new Customers(context, plan, region, latencies, done);
          for (int i = 0; i < plan.inFlight(); i++) {
            customers.next();
          }
          return customers;
        });
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(
            Durable.class,
            durable -> {
              latencies.recordValue(System.nanoTime() - durable.begun());
              return next();
            })
        .build();
  }

  private Behavior<Message> next() {
    if (plan.goesOn().getAsBoolean()) {
      region.tell(
          new ShardingEnvelope<>(
              "c" + plan.whose().getAsInt(),
              new Entity.Reply(plan.event(), System.nanoTime(), getContext().getSelf())));
      return this;
    }
    if (--underWay == 0) {
      done.complete(null);
      return Behaviors.stopped();
    }
    return this;
  }
}
