package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.edge.Arrival;
import io.parley.edge.Arrival.Source;
import io.parley.engine.Address;
import io.parley.engine.Event;
import io.parley.engine.ShortLinks;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.engine.policy.Policy;
import io.parley.intents.LiveTagger;
import io.parley.store.Contacts;
import io.parley.store.CoolingOff;
import io.parley.store.Flows;
import io.parley.store.Inbox;
import io.parley.store.Journal;
import io.parley.store.Persons;
import io.parley.testkit.TestPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SwitchboardTest {

  /// Never loaded: the rules tag.
  private static final LiveTagger TAGGER = new LiveTagger();

  private static final ThreadId THREAD =
      new ThreadId(new Address(Service.OURS), new Address("+14155550142"));

  private final Vertx vertx = Vertx.vertx();
  private final Metrics metrics = new Metrics();
  private final PgConnectOptions database = PgConnectOptions.fromUri(TestPostgres.database());
  private final Pool pool =
      PgBuilder.pool()
          .with(new PoolOptions().setMaxSize(2))
          .connectingTo(database)
          .using(vertx)
          .build();
  private final Dispatcher dispatcher;

  SwitchboardTest() {
    Bus.register(vertx);
    dispatcher =
        new Dispatcher(Bus.on(vertx), new Inbox(pool), new Contacts(pool), TAGGER::byRules, 1);
  }

  @AfterEach
  void close() {
    Service.await(pool.close());
    Service.await(vertx.close());
  }

  @Test
  void anEventWhoseConversationCannotBeDeployedIsKeptAndTheNextOneTriesAgain() {
    AtomicInteger tries = new AtomicInteger();
    Service.await(vertx.deployVerticle(new TurnWriter(0, database, List.of(), metrics)));
    Service.await(
        vertx.deployVerticle(
            new Switchboard(
                0,
                Duration.ofMinutes(1),
                thread -> {
                  if (tries.incrementAndGet() == 1) {
                    throw new IllegalStateException("no room");
                  }
                  return conversation(thread);
                },
                metrics)));

    assertThat(Service.await(dispatcher.dispatch(purchase("first"))))
        .isInstanceOf(Decision.Kept.class);
    assertThat(Service.await(dispatcher.dispatch(purchase("second"))))
        .isInstanceOf(Decision.Taken.class);

    assertThat(metrics.conversationsLive()).isEqualTo(1);
    assertThat(Service.await(new Inbox(pool).depth())).isEqualTo(new Inbox.Depth(1, 0));
  }

  @Test
  void anEventThatNobodyTakesIsKept() {
    assertThat(Service.await(dispatcher.dispatch(purchase("first"))))
        .isInstanceOf(Decision.Kept.class);
  }

  private ConversationVerticle conversation(ThreadId thread) {
    return new ConversationVerticle(
        thread,
        new ConversationVerticle.Shared(
            reply -> Future.succeededFuture(TAGGER.byRules(reply)),
            new FlowLibrary(vertx, new Flows(pool)),
            new Journal(pool),
            new Elsewhere(new Persons(pool), new CoolingOff(pool), () -> Policy.DEFAULT),
            ShortLinks.NONE,
            () -> Policy.DEFAULT,
            Clock.systemUTC(),
            1,
            _ -> false,
            metrics));
  }

  private static Arrival purchase(String id) {
    return new Arrival(
        Source.PURCHASE,
        id,
        Optional.empty(),
        THREAD,
        new Event.PurchaseSeen(id, Values.EMPTY, Instant.EPOCH),
        Instant.EPOCH);
  }
}
