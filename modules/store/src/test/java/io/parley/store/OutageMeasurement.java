package io.parley.store;

import static io.parley.store.StoreFixture.LEASE;
import static io.parley.store.StoreFixture.SINK;
import static io.parley.store.StoreFixture.after;
import static io.parley.store.StoreFixture.await;
import static io.parley.store.StoreFixture.fresh;
import static io.parley.store.StoreFixture.report;
import static io.parley.store.StoreFixture.send;

import io.parley.codec.Codec;
import io.parley.engine.Conversation;
import io.parley.engine.Effect;
import io.parley.testkit.SampleReports;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/// What the statements beside a queue take while nothing waits in it and while as much waits as an
/// outage leaves, in one run. Run by hand; not a test.
///
/// Arguments: how many reports wait.
public final class OutageMeasurement {

  private static final int TIMES = 400;
  private static final int REPORTS_OF_A_CONVERSATION = 10;
  private static final int BATCH = 500;
  private static final int AT_ONCE = 50_000;

  private final StoreFixture store;
  private int contact;

  private OutageMeasurement(StoreFixture store) {
    this.store = store;
  }

  public static void main(String[] arguments) {
    try (StoreFixture store = new StoreFixture()) {
      new OutageMeasurement(store).run(Integer.parseInt(arguments[0]));
    }
  }

  private void run(int reports) {
    measure("nothing waits");
    measure("nothing waits, once more");
    fill(reports);
    measure(reports + " wait, plans from before");
    store.execute("vacuum analyze outbox");
    store.execute("analyze delivery");
    measure(reports + " wait, vacuumed and analyzed");
    measure(reports + " wait, once more");
  }

  private void fill(int reports) {
    long begun = System.nanoTime();
    for (int from = 0; from < reports; from += AT_ONCE) {
      fill(from + 1, from + AT_ONCE);
    }
    System.out.printf(
        "filled in %d s, %s%n",
        (System.nanoTime() - begun) / 1_000_000_000,
        store.texts("select pg_size_pretty(pg_total_relation_size('outbox'))").getFirst());
  }

  private void fill(int from, int until) {
    store.execute(
        """
        insert into outbox (conversation, turn, index, destination, sender, contact, epoch, format, effect,
                            due_at, created_at)
        select md5((i / %2$d)::text)::uuid, 1, i %% %2$d, '%3$s', '', '+1555' || i / %2$d, 0, 1, '%4$s', now(), now()
          from generate_series(%5$d, %1$d) i
        """
            .formatted(until, REPORTS_OF_A_CONVERSATION, SINK, effect().replace("'", "''"), from));
  }

  /// As large as most.
  private static String effect() {
    Effect.Outgoing reply =
        SampleReports.all().stream()
            .filter(
                it ->
                    it instanceof Effect.ReportOutcome outcome
                        && outcome.name().equals("twilio_reply"))
            .findFirst()
            .orElseThrow();
    return Codec.encodeEffect(reply);
  }

  private void measure(String what) {
    System.out.printf("%s (%d rows)%n", what, store.count("outbox"));
    time("a turn's commit", TIMES, this::commit);
    time("a lease of sends", TIMES / 4, this::leaseSends);
    time("a try in vain: lease and give back 500", 20, this::tryInVain);
    time("a delivery: lease and take out 500", 20, this::deliver);
    time("depths", 10, store.outbox::depths);
    store.execute("delete from outbox where destination = 'twilio'");
  }

  private Future<?> commit() {
    Conversation before = fresh(++contact);
    return store
        .committer
        .write(
            List.of(
                store.turn(
                    before,
                    send(before, 0),
                    report(before, 1),
                    report(before, 2),
                    report(before, 3))))
        .compose(
            _ ->
                store.committer.write(
                    List.of(store.turn(after(before), report(after(before), 0)))));
  }

  private Future<?> leaseSends() {
    return store.outbox.leaseSends(new Outbox.Share(100, 100), java.time.Duration.ZERO, List.of());
  }

  private Future<?> tryInVain() {
    return store
        .outbox
        .leaseReports(SINK, BATCH, LEASE)
        .compose(
            leased ->
                leased.isEmpty()
                    ? Future.succeededFuture()
                    : store.outbox.retry(leased, "answers 503"));
  }

  private Future<?> deliver() {
    return store
        .outbox
        .leaseReports(SINK, BATCH, LEASE)
        .compose(
            leased -> leased.isEmpty() ? Future.succeededFuture() : store.outbox.delivered(leased));
  }

  private static void time(String what, int times, Supplier<Future<?>> work) {
    long[] nanos = new long[times];
    for (int i = 0; i < times; i++) {
      long begun = System.nanoTime();
      await(work.get());
      nanos[i] = System.nanoTime() - begun;
    }
    Arrays.sort(nanos);
    System.out.printf(
        "  %-42s p50 %8.2f ms   p99 %8.2f ms%n",
        what, nanos[times / 2] / 1e6, nanos[(int) (times * 0.99)] / 1e6);
  }
}
