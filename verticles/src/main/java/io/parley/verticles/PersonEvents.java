package io.parley.verticles;

import io.parley.customerio.EventReading.Consented;
import io.parley.customerio.EventReading.Happening;
import io.parley.customerio.EventReading.Purchase;
import io.parley.customerio.EventReading.Told;
import io.parley.edge.Arrival;
import io.parley.edge.Arrival.Source;
import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.ThreadId;
import io.parley.store.ConsentHistory;
import io.parley.store.Journal;
import io.parley.store.Purchases;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Puts what happened to a person on record, and tells it to the person's conversations.
final class PersonEvents {

  /// How long the database has to tell whose conversations an event concerns.
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(1);

  private final Journal journal;
  private final Purchases purchases;
  private final ConsentHistory consents;
  private final AudienceNews audiences;
  private final Dispatcher dispatcher;
  private final Clock clock;

  PersonEvents(
      Journal journal,
      Purchases purchases,
      ConsentHistory consents,
      AudienceNews audiences,
      Dispatcher dispatcher,
      Clock clock) {
    this.journal = journal;
    this.purchases = purchases;
    this.consents = consents;
    this.audiences = audiences;
    this.dispatcher = dispatcher;
    this.clock = clock;
  }

  /// Tells every conversation of the person; answers what each made of it. A repeat of the whole is
  /// a repeat for each.
  Future<List<Decision>> tell(Told told) {
    return kept(told)
        .compose(_ -> journal.threadsOf(told.phone(), told.externalId()))
        .timeout(READ_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .compose(threads -> tell(told, threads));
  }

  /// As [#tell], but that what only a flow that waits could hear is told only where a flow runs:
  /// a shop tells of far more than flows wait for.
  Future<List<Decision>> tellWhoMayWait(Told told) {
    return told instanceof Happening
        ? journal
            .liveThreadsOf(told.phone(), told.externalId())
            .timeout(READ_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
            .compose(threads -> tell(told, threads))
        : tell(told);
  }

  /// Whether every conversation has it, or will: else it is to be told again.
  static boolean areStored(List<Decision> decisions) {
    return decisions.stream().noneMatch(Decision.Unavailable.class::isInstance);
  }

  /// An order and a consent are the person's, whether or not there is a conversation: they are on
  /// record, and in force for audiences, before any thread hears of them.
  private Future<?> kept(Told told) {
    Instant now = clock.instant();
    return switch (told) {
      case Purchase order ->
          purchases.record(
              new Purchases.Order(
                  order.event(), order.externalId(), order.phone().map(Address::value)),
              now,
              audiences.bought(order));
      case Consented consented -> consents.record(List.of(consented.consent()), now);
      case Happening happening -> audiences.happened(happening);
    };
  }

  private Future<List<Decision>> tell(Told told, List<ThreadId> threads) {
    Source source = told instanceof Purchase ? Source.PURCHASE : Source.EVENT;
    List<Future<Decision>> decisions =
        threads.stream()
            .map(
                thread ->
                    new Arrival(
                        source,
                        told.id() + ":" + ConversationId.of(thread),
                        Optional.empty(),
                        thread,
                        told.event(),
                        clock.instant()))
            .map(dispatcher::dispatch)
            .toList();
    return Future.all(decisions).map(all -> all.list());
  }
}
