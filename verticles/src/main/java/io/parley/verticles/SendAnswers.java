package io.parley.verticles;

import io.parley.edge.Arrival;
import io.parley.edge.Arrival.Source;
import io.parley.engine.Address;
import io.parley.engine.Event;
import io.parley.engine.ThreadId;
import io.parley.store.Journal;
import io.parley.store.Outbox.Leased;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Optional;

/// Brings what became of a send to the conversation that sent; its turn takes the row out of the
/// outbox.
final class SendAnswers {

  private final Journal journal;
  private final Dispatcher dispatcher;
  private final Clock clock;

  SendAnswers(Journal journal, Dispatcher dispatcher, Clock clock) {
    this.journal = journal;
    this.dispatcher = dispatcher;
    this.clock = clock;
  }

  /// Fails where the answer could not be stored: the row then stays as it is.
  Future<Void> tell(Leased row, Event answer) {
    ThreadId supposed = new ThreadId(new Address(row.sender()), new Address(row.contact()));
    return journal
        .thread(row.id().conversation(), supposed)
        .compose(thread -> dispatcher.dispatch(arrival(row, answer, thread)))
        .compose(
            decision ->
                decision instanceof Decision.Unavailable(var why)
                    ? Future.failedFuture("the answer could not be stored: " + why)
                    : Future.succeededFuture());
  }

  private Arrival arrival(Leased row, Event answer, Optional<ThreadId> thread) {
    ThreadId known =
        thread.orElseThrow(
            () -> new IllegalStateException("a send of a conversation without a turn"));
    return new Arrival(
        Source.TWILIO_ANSWER,
        row.id() + (answer instanceof Event.SendAccepted ? ":accepted" : ":failed"),
        Optional.empty(),
        known,
        answer,
        clock.instant());
  }
}
