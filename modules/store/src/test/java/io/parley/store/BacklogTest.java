package io.parley.store;

import static io.parley.store.StoreFixture.LEASE;
import static io.parley.store.StoreFixture.OURS;
import static io.parley.store.StoreFixture.SINK;
import static io.parley.store.StoreFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Leases under a backlog of 50,000 rows: a campaign that a slow sender works off for hours.
class BacklogTest {

  private static final Duration LONG_ENOUGH = Duration.ofMillis(60);

  private final StoreFixture store = new StoreFixture();

  @BeforeEach
  void fill() {
    for (String destination : List.of(Outbox.TWILIO, SINK)) {
      store.execute(
          """
          insert into outbox (conversation, turn, index, destination, sender, contact, epoch, format,
                              effect, due_at, created_at)
          select md5((i / 2)::text)::uuid, 1, i %% 2, '%s', '%s', '+1555', 0, 1,
                 '{"type":"Send","id":"' || md5((i / 2)::text)::uuid || ':1:' || i %% 2
                 || '","from":"+1","to":"+2","content":{"type":"Text","body":"b","mediaUrls":[]}'
                 || ',"epoch":0}', now(), now()
            from generate_series(1, 50000) i
          """
              .formatted(destination, OURS));
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void leasesStayQuickWhetherOrNotTheSenderIsBusy() {
    Outbox outbox = store.outbox;
    Outbox.Share share = new Outbox.Share(100, 100);

    assertThat(quickest("a lease of sends", () -> outbox.leaseSends(share, LEASE, List.of())))
        .isLessThan(LONG_ENOUGH);
    assertThat(
            quickest(
                "a lease of sends, busy",
                () -> outbox.leaseSends(share, LEASE, List.of(OURS.value()))))
        .isLessThan(LONG_ENOUGH);
    assertThat(quickest("a lease of in doubt", () -> outbox.leaseInDoubt(20, LEASE, Duration.ZERO)))
        .isLessThan(LONG_ENOUGH);
    assertThat(quickest("a lease of reports", () -> outbox.leaseReports(SINK, 500, LEASE)))
        .isLessThan(LONG_ENOUGH);
  }

  @Test
  void countingReportsReadsNoneOfThem() {
    store.execute("delete from outbox where destination = 'twilio'");
    store.execute("update outbox set effect = effect || repeat(' ', 1200)"); // as large as most
    store.execute("vacuum analyze outbox");
    Pool one =
        PgBuilder.pool()
            .with(new PoolOptions().setMaxSize(1))
            .connectingTo(store.options)
            .using(store.vertx)
            .build();
    long before = read(one);

    List<Outbox.Depth> depths = await(new Outbox(one).depths());

    assertThat(depths)
        .extracting(depth -> depth.destination() + " " + depth.rows())
        .containsExactly(SINK + " 50000");
    assertThat(read(one) - before).isLessThan(100);
    await(one.close());
  }

  /// How many rows of the outbox have been read up to now, past indexes, by the database's own
  /// statistics.
  private long read(Pool one) {
    await(one.query("select pg_stat_force_next_flush()").execute());
    return Long.parseLong(
        store
            .texts(
                """
                select coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)
                  from pg_stat_user_tables where relname = 'outbox'
                """)
            .getFirst());
  }

  /// The quickest of some runs, past the first plans, so that a busy machine says nothing.
  private static Duration quickest(String what, Supplier<? extends Future<?>> statement) {
    long least = Long.MAX_VALUE;
    for (int run = 0; run < 12; run++) {
      long begun = System.nanoTime();
      await(statement.get());
      least = Math.min(least, System.nanoTime() - begun);
    }
    System.out.printf("%s under 50,000 rows: %.1f ms%n", what, least / 1e6);
    return Duration.ofNanos(least);
  }
}
