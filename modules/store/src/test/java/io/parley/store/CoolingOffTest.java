package io.parley.store;

import static io.parley.store.StoreFixture.NOW;
import static io.parley.store.StoreFixture.after;
import static io.parley.store.StoreFixture.await;
import static io.parley.store.StoreFixture.fresh;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Effect;
import io.parley.engine.Event;
import io.parley.engine.FlowRef;
import io.parley.engine.FlowSid;
import io.parley.engine.FrequencyCap;
import io.parley.engine.Person;
import io.parley.engine.Reason;
import io.parley.engine.Step;
import io.parley.engine.Values;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// A flow begins for a person once in a while, in one thread of all.
class CoolingOffTest {

  private static final FlowRef FLOW = new FlowRef(FlowSid.named("flow"), "flow", 1);
  private static final StoreFixture STORE = new StoreFixture();

  @AfterAll
  static void close() {
    STORE.close();
  }

  @Test
  void aFlowThatHasNotCooledOffIsNotWritten() {
    assertThat(STORE.write(trigger(1, "one", 0, 60))).containsOnly(new Written.Committed());

    assertThat(STORE.write(trigger(2, "one", 59, 60))).containsOnly(new Written.CoolingOff());
    assertThat(STORE.texts("select conversation from turn where conversation = '" + id(2) + "'"))
        .isEmpty();
    assertThat(begun("one")).contains(NOW);

    assertThat(STORE.write(trigger(2, "one", 60, 60))).containsOnly(new Written.Committed());
    assertThat(begun("one")).contains(NOW.plusSeconds(60));
  }

  @Test
  void theTriggersOwnPeriodCounts() {
    STORE.write(trigger(3, "two", 0, 10));

    assertThat(STORE.write(trigger(4, "two", 20, 60))).containsOnly(new Written.CoolingOff());
    assertThat(STORE.write(trigger(4, "two", 20, 15))).containsOnly(new Written.Committed());
  }

  @Test
  void ofTwoInOneBatchOneIsWrittenAndKeepsNoOtherBack() {
    List<Written> written =
        await(
            STORE.committer.write(
                List.of(
                    trigger(5, "three", 0, 60),
                    trigger(6, "three", 0, 60),
                    STORE.turn(fresh(7)),
                    trigger(8, "four", 0, 60))));

    assertThat(written)
        .containsExactly(
            new Written.Committed(),
            new Written.CoolingOff(),
            new Written.Committed(),
            new Written.Committed());
  }

  @Test
  void ofTwoWritersAtOnceOneWins() {
    TurnCommitter other = STORE.committer();
    for (int round = 0; round < 20; round++) {
      String person = "race-" + round;
      List<Future<List<Written>>> both = new ArrayList<>();
      both.add(STORE.committer.write(List.of(trigger(100 + 2 * round, person, 0, 60))));
      both.add(other.write(List.of(trigger(101 + 2 * round, person, 0, 60))));

      List<Written> written = both.stream().map(it -> await(it).getFirst()).toList();

      assertThat(written)
          .containsExactlyInAnyOrder(new Written.Committed(), new Written.CoolingOff());
    }
  }

  @Test
  void whatIsRefusedRepeatedOrFencedBeginsNoCoolingOff() {
    TurnRecord taken = trigger(200, "five", 0, 0);
    STORE.write(taken);
    TurnRecord repeat = trigger(201, "five", 0, 60, taken.sourceId());
    TurnRecord fenced = trigger(200, "five", 0, 60);

    assertThat(STORE.write(repeat)).hasOnlyElementsOfType(Written.Repeated.class);
    assertThat(STORE.write(fenced)).containsOnly(new Written.Fenced());
    assertThat(STORE.write(refused(202, "five"))).containsOnly(new Written.Committed());

    assertThat(begun("five")).isEmpty();
  }

  @Test
  void aFrequencyCapIsCountedByItsKeyAndPersonAndByNoFlow() {
    STORE.write(STORE.turn(fresh(300), count("recovery", "six"), count("a-flow", "seven")));

    assertThat(counted("recovery", "six")).contains(NOW);
    assertThat(counted("recovery", "seven")).isEmpty();
    assertThat(counted("other", "six")).isEmpty();
    STORE.write(trigger(301, "seven", 0, 60));
    assertThat(counted(FLOW.sid().value(), "seven")).as("a flow that cools off").isEmpty();
    assertThat(begun("six")).as("a key").isEmpty();

    assertThat(STORE.write(STORE.turn(fresh(302), count("recovery", "six"))))
        .containsOnly(new Written.CoolingOff());
    assertThat(counted("recovery", "six")).contains(NOW);
  }

  private static Effect count(String key, String person) {
    return new Effect.CountTrigger(key, person, NOW.plusSeconds(3600));
  }

  private static Optional<Instant> counted(String key, String person) {
    return await(new CoolingOff(STORE.pool).counted(new FrequencyCap(key, person)));
  }

  private static Optional<Instant> begun(String person) {
    return await(new CoolingOff(STORE.pool).begun(FLOW.sid(), person));
  }

  private static java.util.UUID id(int contact) {
    return StoreFixture.id(contact).value();
  }

  private static int names;

  private static TurnRecord trigger(int contact, String person, int second, int period) {
    return trigger(contact, person, second, period, "trigger-" + ++names);
  }

  private static TurnRecord trigger(
      int contact, String person, int second, int period, String name) {
    return record(
        contact,
        second,
        name,
        triggered(person, period),
        new Step.Turn(after(fresh(contact)), List.of(), List.of(), List.of()));
  }

  private static TurnRecord refused(int contact, String person) {
    return record(
        contact,
        0,
        "refused-" + contact,
        triggered(person, 60),
        new Step.Refused(after(fresh(contact)), Reason.BUSY, List.of()));
  }

  private static Event triggered(String person, int period) {
    return new Event.Triggered(
        FLOW,
        new Person(Optional.of(person), Values.EMPTY),
        Values.EMPTY,
        NOW,
        Duration.ofSeconds(period));
  }

  private static TurnRecord record(int contact, int second, String name, Event event, Step step) {
    return new TurnRecord(
        "studio_trigger",
        name,
        Optional.empty(),
        StoreFixture.thread(contact),
        NOW.plusSeconds(second),
        event,
        step);
  }
}
