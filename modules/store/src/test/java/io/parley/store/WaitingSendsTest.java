package io.parley.store;

import static io.parley.store.StoreFixture.LEASE;
import static io.parley.store.StoreFixture.OURS;
import static io.parley.store.StoreFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.store.Outbox.Leased;
import io.parley.store.Outbox.Share;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Leases past 20,000 messages that wait for the morning. What they cost is counted in rows that
/// the database has looked at, by its own statistics; what is dead does not count, since nobody
/// says when that is swept away.
class WaitingSendsTest {

  private static final String OTHER = "+15550002222";

  /// Past which a prepared statement has the plan that it keeps.
  private static final int LEASES = 8;

  private final StoreFixture store = new StoreFixture();

  /// One connection, so that what it has read can be asked for.
  private final Pool one =
      PgBuilder.pool()
          .with(new PoolOptions().setMaxSize(1))
          .connectingTo(store.options)
          .using(store.vertx)
          .build();

  private final Outbox outbox = new Outbox(one);

  @BeforeEach
  void fill() {
    send(1, 10_000, OURS.value(), "interval '8 hours'");
    send(10_001, 20_000, OTHER, "interval '8 hours'");
  }

  @AfterEach
  void close() {
    await(one.close());
    store.close();
  }

  /// Queues a message for each contact from the first to the last.
  private void send(int first, int last, String sender, String in) {
    insert(first, last, 0, sender, in);
  }

  private void insert(int first, int last, int index, String sender, String in) {
    store.execute(
        """
        insert into outbox (conversation, turn, index, destination, sender, contact, epoch, format,
                            effect, due_at, not_before, created_at)
        select md5(i::text)::uuid, 1, %3$d, 'twilio', '%4$s', '+1555', 0, 3,
               '{"type":"Send","id":"' || md5(i::text)::uuid || ':1:%3$d'
               || '","from":"%4$s","to":"+2","content":{"type":"Text","body":"b","mediaUrls":[]}'
               || ',"epoch":0}', now() + %5$s, now() + %5$s, now()
          from generate_series(%1$d, %2$d) i
        """
            .formatted(first, last, index, sender, in));
  }

  private List<Leased> lease(int total, int perSender) {
    return await(outbox.leaseSends(new Share(total, perSender), LEASE, List.of()));
  }

  /// How many rows of the outbox the one connection has looked at up to now.
  private long read() {
    await(one.query("select pg_stat_force_next_flush()").execute());
    return Long.parseLong(
        store
            .texts(
                """
                select seq_tup_read + idx_tup_fetch from pg_stat_user_tables
                 where relname = 'outbox'
                """)
            .getFirst());
  }

  @Test
  void whatWaitsForTheMorningIsNotSoMuchAsLookedAt() {
    send(20_001, 20_080, OURS.value(), "interval '0'");
    send(20_081, 20_160, OTHER, "interval '0'");
    store.execute("analyze outbox");
    long before = read();

    Set<String> leased = new TreeSet<>();
    for (int i = 0; i < LEASES; i++) {
      lease(20, 10).forEach(row -> leased.add(row.sender() + " " + row.id()));
    }

    long read = read() - before;
    System.out.printf("%d leases of 20 past 20,000 that wait looked at %d rows%n", LEASES, read);
    assertThat(leased).hasSize(160);
    assertThat(read).isLessThan(4_000);
  }

  @Test
  void nothingIsLookedAtWhereAllWaits() {
    long before = read();

    for (int i = 0; i < LEASES; i++) {
      assertThat(lease(20, 10)).isEmpty();
    }

    assertThat(read() - before).isLessThan(LEASES * 20L);
  }

  @Test
  void norIsWhatStandsBehindASendThatWasDeferred() {
    insert(20_001, 20_300, 0, OURS.value(), "interval '0'");
    insert(20_001, 20_300, 1, OURS.value(), "interval '0'");
    List<Leased> heads = lease(300, 300);
    heads.forEach(head -> await(outbox.defer(head, Duration.ofHours(8), "quiet hours")));
    assertThat(heads).hasSize(300);
    assertThat(lease(20, 10)).isEmpty();
    long before = read();

    assertThat(lease(20, 10)).isEmpty();

    assertThat(read() - before).isLessThan(100);
  }
}
