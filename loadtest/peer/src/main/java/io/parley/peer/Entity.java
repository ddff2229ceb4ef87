package io.parley.peer;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;

/// A conversation that journals one event a reply and remembers how many there were: no dedupe, no
/// outbox, no timer.
final class Entity extends EventSourcedBehavior<Entity.Reply, String, Integer> {

  /// A reply of the customer.
  ///
  /// @param event what is journaled of it
  /// @param begun when it was sent, of [System#nanoTime]
  /// @param answered whom to tell that it is durable
  record Reply(String event, long begun, ActorRef<Customers.Message> answered) {}

  private Entity(String id) {
    super(PersistenceId.ofUniqueId(id));
  }

  static Behavior<Reply> of(String id) {
    return new Entity(id);
  }

  @Override
  public Integer emptyState() {
    return 0;
  }

  @Override
  public CommandHandler<Reply, String, Integer> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(
            Reply.class,
            reply ->
                Effect()
                    .persist(reply.event())
                    .thenRun(_ -> reply.answered().tell(new Customers.Durable(reply.begun()))))
        .build();
  }

  @Override
  public EventHandler<Integer, String> eventHandler() {
    return newEventHandlerBuilder().forAnyState().onAnyEvent((turns, _) -> turns + 1);
  }
}
