package io.parley.store;

import static io.parley.store.StoreFixture.NOW;
import static io.parley.store.StoreFixture.await;
import static io.parley.store.StoreFixture.thread;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Event;
import io.parley.engine.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InboxTest {

  private static final Duration LEASE = Duration.ofSeconds(30);

  private final StoreFixture store = new StoreFixture();
  private final Inbox inbox = new Inbox(store.pool);

  @AfterEach
  void close() {
    store.close();
  }

  static Inbox.Kept kept(String sourceId) {
    return new Inbox.Kept(
        "test",
        sourceId,
        Optional.of("alias-" + sourceId),
        thread(1),
        new Event.PurchaseSeen("order", Values.of("total", 12L), NOW),
        NOW);
  }

  @Test
  void anEventComesBackAsItWasKept() {
    await(inbox.keep(kept("event"), "why"));
    assertThat(await(inbox.lease(10, LEASE))).as("not before its first pause").isEmpty();

    letPausesPass();

    assertThat(await(inbox.lease(10, LEASE))).isEqualTo(List.of(kept("event")));
    assertThat(await(inbox.lease(10, LEASE))).as("leased").isEmpty();
  }

  @Test
  void noMoreIsLeasedThanAskedFor() {
    for (int event = 0; event < 5; event++) {
      await(inbox.keep(kept("event-" + event), "why"));
    }
    letPausesPass();

    assertThat(await(inbox.lease(2, LEASE))).hasSize(2);
  }

  @Test
  void pausesGrowAndAtLastItIsParked() {
    await(inbox.keep(kept("event"), "why"));
    double pause = pause();
    for (int attempt = 1; attempt < Inbox.MAX_ATTEMPTS; attempt++) {
      boolean parked = await(inbox.keep(kept("event"), "again"));

      assertThat(parked).isFalse();
      assertThat(pause()).isGreaterThan(pause);
      assertThat(await(inbox.depth())).isEqualTo(new Inbox.Depth(1, 0));
      pause = pause();
    }

    boolean parked = await(inbox.keep(kept("event"), "for the last time"));
    letPausesPass();

    assertThat(parked).isTrue();
    assertThat(await(inbox.depth())).isEqualTo(new Inbox.Depth(1, 1));
    assertThat(await(inbox.lease(10, LEASE))).isEmpty();
    assertThat(store.texts("select error from inbox")).containsExactly("for the last time");
  }

  @Test
  void parkingIsToldOnce() {
    await(inbox.keep(kept("event"), "why"));
    List<Boolean> parked = new ArrayList<>();
    for (int attempt = 1; attempt <= Inbox.MAX_ATTEMPTS + 2; attempt++) {
      parked.add(await(inbox.keep(kept("event"), "again")));
    }

    assertThat(parked).containsOnlyOnce(true).element(Inbox.MAX_ATTEMPTS - 1).isEqualTo(true);
  }

  @Test
  void anEventThatCannotBeReadIsParkedAndKeepsNoOtherBack() {
    await(inbox.keep(kept("newer"), "why"));
    await(inbox.keep(kept("broken"), "why"));
    await(inbox.keep(kept("event"), "why"));
    store.execute("update inbox set format = 99 where source_id = 'newer'");
    store.execute("update inbox set event = '{' where source_id = 'broken'");
    letPausesPass();

    assertThat(await(inbox.lease(10, LEASE))).isEqualTo(List.of(kept("event")));

    await(inbox.keep(kept("newer"), "told again"));
    assertThat(store.texts("select source_id from inbox where parked"))
        .containsExactlyInAnyOrder("newer", "broken");
    assertThat(store.texts("select error from inbox where source_id = 'broken'").getFirst())
        .contains("cannot be read");
  }

  @Test
  void whatHasItsTurnIsDropped() {
    await(inbox.keep(kept("event"), "why"));

    await(inbox.drop("test", "event"));

    assertThat(await(inbox.depth())).isEqualTo(new Inbox.Depth(0, 0));
  }

  private double pause() {
    return Double.parseDouble(
        store.texts("select extract(epoch from due_at - now())::float8 from inbox").getFirst());
  }

  private void letPausesPass() {
    store.execute("update inbox set due_at = now()");
  }
}
