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

/// Brings what became of a question, a call or a wish for an offer, to the conversation that asked
/// it; its turn takes the row out of the outbox. A question has one answer: the first that is told,
/// under the question's own name.
final class Answers {

  /// How long the inbox has to make a turn of a call's answer that it keeps.
  private static final Duration CALL_IN_INBOX = Duration.ofHours(1);

  /// After which an offer's answer that the inbox keeps is told again, to no effect if it was
  /// taken.
  private static final Duration OFFER_IN_INBOX = Duration.ofMinutes(1);

  private static final String WAITS = "its answer waits in the inbox";

  private final Journal journal;
  private final Outbox outbox;
  private final Dispatcher dispatcher;
  private final Clock clock;

  Answers(Journal journal, Outbox outbox, Dispatcher dispatcher, Clock clock) {
    this.journal = journal;
    this.outbox = outbox;
    this.dispatcher = dispatcher;
    this.clock = clock;
  }

  /// Tells what became of a call, which stays in doubt while the inbox has its answer. Fails where
  /// the answer could not be stored: the row then stays as it is.
  Future<Void> tellCall(Leased row, Event answer) {
    return tell(row, Source.CALL_ANSWER, answer)
        .compose(
            kept ->
                kept ? outbox.keepInDoubt(row, CALL_IN_INBOX, WAITS) : Future.succeededFuture());
  }

  /// Tells what became of a wish for an offer. Fails as [#tellCall] does.
  Future<Void> tellOffer(Leased row, Event answer) {
    return tell(row, Source.OFFER, answer)
        .compose(
            kept -> kept ? outbox.postpone(row, OFFER_IN_INBOX, WAITS) : Future.succeededFuture());
  }

  /// Whether the inbox keeps it.
  private Future<Boolean> tell(Leased row, Source source, Event answer) {
    return journal
        .thread(row.id().conversation())
        .compose(thread -> dispatcher.dispatch(arrival(row, source, answer, thread)))
        .compose(
            decision ->
                switch (decision) {
                  case Decision.Taken _ -> Future.succeededFuture(false);
                  case Decision.Kept _ -> Future.succeededFuture(true);
                  case Decision.Unavailable(var why) ->
                      Future.failedFuture("the answer could not be stored: " + why);
                });
  }

  private Arrival arrival(Leased row, Source source, Event answer, Optional<ThreadId> thread) {
    ThreadId known =
        thread.orElseThrow(
            () -> new IllegalStateException("a question of a conversation without a turn"));
    return new Arrival(
        source, row.id().toString(), Optional.empty(), known, answer, clock.instant());
  }
}
