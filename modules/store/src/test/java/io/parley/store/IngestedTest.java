package io.parley.store;

import static io.parley.store.StoreFixture.NOW;
import static io.parley.store.StoreFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.store.Ingested.Entry;
import io.parley.store.Ingested.Held;
import io.parley.store.Ingested.Waiting;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IngestedTest {

  private static final Duration LEASE = Duration.ofSeconds(30);

  private final StoreFixture store = new StoreFixture();
  private final Ingested ingested = new Ingested(store.pool);

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void aCallIsTakenOnceFromEachSource() {
    assertThat(await(ingested.add(List.of(entry("m1", "a"), entry("m2", "a"), entry("m1", "a")))))
        .isEqualTo(2);
    assertThat(await(ingested.add(List.of(entry("m2", "a"), entry("m3", "a"))))).isEqualTo(1);
    assertThat(await(ingested.add(List.of(new Entry("site", "m1", "a", "{}", NOW))))).isEqualTo(1);
    assertThat(await(ingested.add(List.of()))).isZero();

    assertThat(store.texts("select message_id from ingested order by seq"))
        .containsExactly("m1", "m2", "m3", "m1");
    assertThat(store.texts("select name from ingested_name where name like '%m1%'")).isEmpty();
  }

  @Test
  void aCallThatIsDoneStaysARepeatUntilItsNameIsForgotten() {
    await(ingested.add(List.of(entry("m1", "a"))));
    await(ingested.done(seqs(leased(10))));

    assertThat(await(ingested.add(List.of(entry("m1", "a"))))).isZero();
    assertThat(await(ingested.forgetNames(NOW))).isZero();
    assertThat(await(ingested.forgetNames(NOW.plusSeconds(1)))).isEqualTo(1);
    assertThat(await(ingested.add(List.of(entry("m1", "a"))))).isEqualTo(1);
  }

  @Test
  void ofManyThatTellOfTheSameCallsAtOnceEachIsKeptOnce() {
    List<Entry> calls = IntStream.range(0, 200).mapToObj(i -> entry("m" + i, "s" + i % 7)).toList();

    List<Future<Integer>> told =
        IntStream.range(0, 6)
            .mapToObj(i -> ingested.add(i % 2 == 0 ? calls : calls.reversed()))
            .toList();

    assertThat(told.stream().mapToInt(StoreFixture::await).sum()).isEqualTo(200);
    assertThat(store.count("ingested")).isEqualTo(200);
  }

  /// Where each looked at all before it, this took minutes.
  @Test
  void manyCallsBehindOneThatFailsHoldNobodyElseUp() {
    await(ingested.add(List.of(entry("m1", "a"))));
    assertThat(await(ingested.failed(leased(1).getFirst().seq(), "no"))).isFalse();
    store.execute("update ingested set due_at = now() + interval '1 hour'");
    store.execute(
        """
        insert into ingested (source, message_id, subject, format, call, received_at)
        select 'shop', 'n' || g, 'a', 1, '{}', now() from generate_series(1, 40000) g
        """);
    await(ingested.add(List.of(entry("m2", "b"))));
    store.execute("analyze ingested");

    assertThat(leased(10)).extracting(it -> it.entry().messageId()).containsExactly("m2");
  }

  @Test
  void whatIsLeasedIsInOrderAndLeasedOnce() {
    await(ingested.add(List.of(entry("m1", "a"), entry("m2", "b"), entry("m3", "a"))));

    List<Waiting> first = leased(2);
    List<Waiting> second = leased(10);

    assertThat(first).extracting(it -> it.entry().messageId()).containsExactly("m1", "m2");
    assertThat(second).as("m3 comes after m1, which is under way").isEmpty();
    await(ingested.done(seqs(first)));
    assertThat(leased(10)).extracting(it -> it.entry().messageId()).containsExactly("m3");
  }

  @Test
  void nodesThatLeaseAtOnceKeepASubjectsOrder() {
    for (int i = 0; i < 40; i++) {
      await(ingested.add(List.of(entry("m" + i, "s" + i % 4))));
    }

    List<Future<List<Waiting>>> leases =
        IntStream.range(0, 6).mapToObj(_ -> ingested.lease(7, LEASE)).toList();

    List<Waiting> all = new ArrayList<>();
    for (Future<List<Waiting>> lease : leases) {
      List<Waiting> each = await(lease);
      assertThat(each).extracting(Waiting::seq).isSorted();
      all.addAll(each);
    }
    assertThat(all).extracting(Waiting::seq).doesNotHaveDuplicates();
    for (int subject = 0; subject < 4; subject++) {
      String name = "s" + subject;
      assertThat(leases)
          .as("one lease has all of " + name + " that is under way")
          .filteredOn(
              it -> await(it).stream().anyMatch(each -> each.entry().subject().equals(name)))
          .hasSizeLessThanOrEqualTo(1);
    }
  }

  @Test
  void aFailedCallKeepsItsSubjectBackUntilItIsParked() {
    await(ingested.add(List.of(entry("m1", "a"), entry("m2", "a"), entry("m3", "b"))));
    List<Waiting> first = leased(10);

    assertThat(await(ingested.failed(first.getFirst().seq(), "no answer"))).isFalse();
    await(ingested.release(seqs(first.subList(1, 3))));

    assertThat(leased(10)).extracting(it -> it.entry().messageId()).containsExactly("m3");
    for (int attempt = 2; attempt < Ingested.MAX_ATTEMPTS; attempt++) {
      assertThat(await(ingested.failed(first.getFirst().seq(), "no answer"))).isFalse();
    }
    assertThat(await(ingested.failed(first.getFirst().seq(), "no answer"))).isTrue();
    assertThat(leased(10)).extracting(it -> it.entry().messageId()).containsExactly("m2");
    assertThat(await(ingested.list(10)))
        .filteredOn(Held::parked)
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.messageId()).isEqualTo("m1");
              assertThat(it.attempts()).isEqualTo(Ingested.MAX_ATTEMPTS);
              assertThat(it.error()).isEqualTo("no answer");
            });
    assertThat(await(ingested.depth())).isEqualTo(new Inbox.Depth(3, 1));
    assertThat(await(ingested.retry())).isEqualTo(1);
    assertThat(leased(10)).extracting(it -> it.entry().messageId()).containsExactly("m1");
  }

  @Test
  void whatWasLeasedByWhoeverDiedIsLeasedAgain() {
    await(ingested.add(List.of(entry("m1", "a"))));
    leased(10);

    store.execute("update ingested set due_at = now() - interval '1 second'");

    assertThat(leased(10)).hasSize(1);
  }

  private List<Waiting> leased(int limit) {
    return await(ingested.lease(limit, LEASE));
  }

  private static List<Long> seqs(List<Waiting> waiting) {
    return waiting.stream().map(Waiting::seq).toList();
  }

  private static Entry entry(String messageId, String subject) {
    return new Entry("shop", messageId, subject, "{}", NOW);
  }
}
