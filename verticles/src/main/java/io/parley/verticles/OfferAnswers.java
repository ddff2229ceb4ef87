package io.parley.verticles;

import io.parley.edge.Arrival;
import io.parley.edge.Arrival.Source;
import io.parley.engine.Event;
import io.parley.store.Journal;
import io.parley.store.Outbox;
import io.parley.store.Outbox.Leased;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/// Brings what became of a reservation to the conversation that asked for it; its turn takes the
/// row out of the outbox. A reservation has one answer: the first that is told.
final class OfferAnswers {

  /// After which an answer that the inbox keeps is told again, to no effect if it was taken.
  private static final Duration IN_INBOX = Duration.ofMinutes(1);

  private final Journal journal;
  private final Outbox outbox;
  private final Dispatcher dispatcher;
  private final Clock clock;

  OfferAnswers(Journal journal, Outbox outbox, Dispatcher dispatcher, Clock clock) {
    this.journal = journal;
    this.outbox = outbox;
    this.dispatcher = dispatcher;
    this.clock = clock;
  }

  /// Fails where the answer could not be stored: the row then stays as it is.
  Future<Void> tell(Leased row, Event answer) {
    return journal
        .thread(row.id().conversation())
        .compose(
            thread ->
                thread.isEmpty()
                    ? Future.failedFuture("a reservation of a conversation without a turn")
                    : dispatcher.dispatch(
                        new Arrival(
                            Source.OFFER,
                            row.id().toString(),
                            Optional.empty(),
                            thread.get(),
                            answer,
                            clock.instant())))
        .compose(
            decision ->
                switch (decision) {
                  case Decision.Taken _ -> Future.succeededFuture();
                  case Decision.Kept _ ->
                      outbox.postpone(row, IN_INBOX, "its answer waits in the inbox");
                  case Decision.Unavailable(var why) ->
                      Future.failedFuture("the answer could not be stored: " + why);
                });
  }
}
