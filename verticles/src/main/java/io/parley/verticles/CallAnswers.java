package io.parley.verticles;

import io.parley.edge.Arrival;
import io.parley.edge.Arrival.Source;
import io.parley.engine.Event;
import io.parley.engine.ThreadId;
import io.parley.store.Journal;
import io.parley.store.Outbox;
import io.parley.store.Outbox.Leased;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/// Brings what became of a call to the conversation that made it; its turn takes the row out of the
/// outbox. A call has one answer: the first that is told, under the call's own name.
final class CallAnswers {

  /// How long the inbox has to make a turn of an answer that it keeps.
  private static final Duration IN_INBOX = Duration.ofHours(1);

  private final Journal journal;
  private final Outbox outbox;
  private final Dispatcher dispatcher;
  private final Clock clock;

  CallAnswers(Journal journal, Outbox outbox, Dispatcher dispatcher, Clock clock) {
    this.journal = journal;
    this.outbox = outbox;
    this.dispatcher = dispatcher;
    this.clock = clock;
  }

  /// Fails where the answer could not be stored: the row then stays as it is.
  Future<Void> tell(Leased row, Event answer) {
    return journal
        .thread(row.id().conversation())
        .compose(thread -> dispatcher.dispatch(arrival(row, answer, thread)))
        .compose(
            decision ->
                switch (decision) {
                  case Decision.Taken _ -> Future.succeededFuture();
                  case Decision.Kept _ ->
                      outbox.keepInDoubt(row, IN_INBOX, "its answer waits in the inbox");
                  case Decision.Unavailable(var why) ->
                      Future.failedFuture("the answer could not be stored: " + why);
                });
  }

  private Arrival arrival(Leased row, Event answer, Optional<ThreadId> thread) {
    ThreadId known =
        thread.orElseThrow(
            () -> new IllegalStateException("a call of a conversation without a turn"));
    return new Arrival(
        Source.CALL_ANSWER, row.id().toString(), Optional.empty(), known, answer, clock.instant());
  }
}
