package io.parley.store;

import static io.parley.store.StoreFixture.NOW;
import static io.parley.store.StoreFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.FlowRef;
import io.parley.engine.FlowSid;
import io.parley.store.Flows.Edit;
import io.parley.store.Flows.Head;
import io.parley.store.Flows.Status;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlowsTest {

  private static final FlowSid CART = FlowSid.named("cart");
  private static final FlowSid CARE = FlowSid.named("care");

  private final StoreFixture store = new StoreFixture();
  private final Flows flows = new Flows(store.pool);

  @AfterEach
  void close() {
    store.close();
  }

  private static Edit edit(Status status, String definition) {
    return new Edit("A flow", status, Optional.empty(), Optional.empty(), definition);
  }

  private int latest(FlowSid sid) {
    return await(flows.latest(sid)).orElseThrow().revision().ref().revision();
  }

  private List<Head> heads() {
    return await(flows.changed(Flows.NOTHING_SEEN)).heads();
  }

  // ---- files

  @Test
  void aFileIsANewRevisionOnlyWhenItChanged() {
    List<Integer> revisions = new ArrayList<>();
    for (String hash : List.of("h1", "h1", "h2", "h1")) {
      await(flows.publishFile(CART, "cart", hash, "{}", NOW));
      revisions.add(latest(CART));
    }

    assertThat(revisions).containsExactly(1, 1, 2, 3);
  }

  @Test
  void nodesThatPublishAtOnceAgreeOnOneRevision() {
    List<Future<Void>> nodes = new ArrayList<>();
    for (int node = 0; node < 8; node++) {
      nodes.add(flows.publishFile(CART, "cart", "h1", "{}", NOW));
    }

    await(Future.all(nodes));

    assertThat(latest(CART)).isEqualTo(1);
    assertThat(store.count("flow_revision")).isEqualTo(1);
  }

  @Test
  void whatWasRevisedByOtherMeansStaysUntilTheFileChanges() {
    await(flows.publishFile(CART, "cart", "h1", "{}", NOW));
    await(flows.revise(new FlowRef(CART, "cart", 1), edit(Status.PUBLISHED, "[]"), NOW));
    await(flows.publishFile(CART, "cart", "h1", "{}", NOW));

    assertThat(latest(CART)).isEqualTo(2);

    await(flows.publishFile(CART, "cart", "h2", "{}", NOW));

    assertThat(latest(CART)).isEqualTo(3);
  }

  @Test
  void aFileThatGetsAnotherSidLeavesTheFlowOfTheOldOne() {
    await(flows.publishFile(CART, "cart", "h1", "{}", NOW));
    await(flows.publishFile(CARE, "cart", "h1", "{}", NOW));

    assertThat(heads())
        .extracting(head -> head.sid() + " " + head.deleted())
        .containsExactlyInAnyOrder(CART + " true", CARE + " false");
  }

  @Test
  void filesThatSwapTheirSidsSwapTheirFlows() {
    await(flows.publishFile(CART, "cart", "h1", "{}", NOW));
    await(flows.publishFile(CARE, "care", "h2", "[]", NOW));
    await(flows.publishFile(CARE, "cart", "h1", "{}", NOW));
    await(flows.publishFile(CART, "care", "h2", "[]", NOW));

    assertThat(heads())
        .extracting(head -> head.sid() + " " + head.name() + " " + head.deleted())
        .containsExactlyInAnyOrder(CART + " care false", CARE + " cart false");
  }

  @Test
  void aDeletedFlowComesBackWithItsFile() {
    await(flows.publishFile(CART, "cart", "h1", "{}", NOW));
    await(flows.delete(CART, NOW));
    assertThat(await(flows.latest(CART))).isEmpty();

    await(flows.publishFile(CART, "cart", "h1", "{}", NOW));

    assertThat(latest(CART)).isEqualTo(2);
  }

  // ---- revisions

  @Test
  void aDraftLeavesThePublishedRevisionInForce() {
    await(flows.create(CART, edit(Status.PUBLISHED, "1"), NOW));
    await(flows.revise(new FlowRef(CART, "A flow", 1), edit(Status.DRAFT, "2"), NOW));

    assertThat(heads())
        .containsExactly(new Head(CART, "A flow", 2, Optional.of(1), java.util.Set.of(), false));
    assertThat(await(flows.latestPublished(CART)).orElseThrow().definition()).isEqualTo("1");
    assertThat(await(flows.latest(CART)).orElseThrow().definition()).isEqualTo("2");
  }

  @Test
  void ofTwoRevisionsOfTheSameOneOnlyTheFirstIsMade() {
    await(flows.create(CART, edit(Status.DRAFT, "1"), NOW));
    FlowRef first = new FlowRef(CART, "A flow", 1);

    assertThat(await(flows.revise(first, edit(Status.DRAFT, "2"), NOW))).isPresent();
    assertThat(await(flows.revise(first, edit(Status.DRAFT, "3"), NOW))).isEmpty();
    assertThat(await(flows.latest(CART)).orElseThrow().definition()).isEqualTo("2");
  }

  @Test
  void aDeletedFlowKeepsItsRevisionsForWhatRuns() {
    await(flows.create(CART, edit(Status.PUBLISHED, "1"), NOW));

    assertThat(await(flows.delete(CART, NOW))).isTrue();

    assertThat(await(flows.delete(CART, NOW))).isFalse();
    assertThat(await(flows.shown(CART, 1))).isEmpty();
    assertThat(await(flows.list(Slice.first(10)))).isEmpty();
    assertThat(await(flows.replaceTestUsers(CART, List.of("+1")))).isFalse();
    assertThat(await(flows.revision(CART, 1)).orElseThrow().definition()).isEqualTo("1");
  }

  // ---- lists

  @Test
  void aListGoesOnBeyondARowAndBackBeforeIt() {
    for (int i = 0; i < 5; i++) {
      Instant at = NOW.plusSeconds(i / 2);
      await(flows.create(new FlowSid("FW" + i), edit(Status.DRAFT, "{}"), at));
    }

    List<String> first = sids(Slice.first(2));
    List<String> next = sids(new Slice<>(2, 0, Optional.of(key("FW3", 1)), false));
    List<String> back = sids(new Slice<>(2, 0, Optional.of(key("FW1", 0)), true));

    assertThat(first).containsExactly("FW4", "FW3");
    assertThat(next).containsExactly("FW2", "FW1");
    assertThat(back).containsExactly("FW3", "FW2");
    assertThat(sids(new Slice<>(2, 4, Optional.empty(), false))).containsExactly("FW0");
  }

  private static Flows.Key key(String sid, int second) {
    return new Flows.Key(NOW.plusSeconds(second), new FlowSid(sid));
  }

  private List<String> sids(Slice<Flows.Key> slice) {
    return await(flows.list(slice)).stream().map(it -> it.ref().sid().value()).toList();
  }

  // ---- changes

  @Test
  void whatOthersChangedIsTold() {
    await(flows.create(CART, edit(Status.DRAFT, "1"), NOW));
    String seen = await(flows.changed(Flows.NOTHING_SEEN)).seen();
    await(flows.create(CARE, edit(Status.DRAFT, "1"), NOW));
    await(flows.replaceTestUsers(CARE, List.of("+15550000001")));

    Flows.Changes changes = await(flows.changed(seen));

    assertThat(changes.heads())
        .singleElement()
        .satisfies(
            head -> {
              assertThat(head.sid()).isEqualTo(CARE);
              assertThat(head.testUsers()).containsExactly(new Address("+15550000001"));
            });
    assertThat(await(flows.changed(changes.seen())).heads()).isEmpty();
  }

  @Test
  void aChangeThatWasUnderWayIsToldWhenItIsCommitted() {
    PgConnection slow = await(PgConnection.connect(store.vertx, store.options));
    await(slow.query("begin").execute());
    await(new Flows(slow).create(CART, edit(Status.DRAFT, "1"), NOW));
    await(flows.create(CARE, edit(Status.DRAFT, "1"), NOW));
    Flows.Changes early = await(flows.changed(Flows.NOTHING_SEEN));
    await(slow.query("commit").execute());

    Flows.Changes late = await(flows.changed(early.seen()));

    assertThat(early.heads()).extracting(Head::sid).containsExactly(CARE);
    assertThat(late.heads()).extracting(Head::sid).contains(CART);
    await(slow.close());
  }
}
