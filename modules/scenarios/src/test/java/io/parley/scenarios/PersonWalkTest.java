package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.Block;
import io.parley.engine.Conversation;
import io.parley.engine.Effect;
import io.parley.engine.Event;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.engine.policy.Consent;
import io.parley.engine.policy.PersonFacts;
import io.parley.testkit.Scenario;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/// One person in three threads: whatever happens in whichever of them.
class PersonWalkTest {

  private static final int THREADS = 3;

  /// The threads, and what is on record of the person.
  private static final class People {

    private final List<Scenario> threads = new ArrayList<>();
    private final Map<Address, Instant> blocked = new LinkedHashMap<>();
    private final List<Consent> consents = new ArrayList<>();
    private Optional<PersonFacts.Purchase> purchase = Optional.empty();
    private int orders;

    People() {
      for (int i = 0; i < THREADS; i++) {
        Scenario thread = Scenario.of("survey", Flows.flow("survey"), Flows::keywords, address(i));
        threads.add(thread.of(() -> facts(thread)));
      }
    }

    private static Address address(int thread) {
      return new Address("+1415555010" + thread);
    }

    private PersonFacts facts(Scenario asking) {
      return new PersonFacts(
          Optional.of("42"),
          threads.stream().map(it -> known(it.conversation().thread().theirs())).toList(),
          purchase,
          threads.stream().filter(it -> it != asking).flatMap(it -> other(it).stream()).toList(),
          consents);
    }

    private PersonFacts.Known known(Address address) {
      Optional<Instant> at = Optional.ofNullable(blocked.get(address));
      return new PersonFacts.Known(address, at.map(_ -> Block.OPTED_OUT), at.orElse(Instant.EPOCH));
    }

    private static Optional<PersonFacts.Other> other(Scenario thread) {
      Conversation it = thread.conversation();
      return it.execution().isPresent() || it.engagement().window().isPresent()
          ? Optional.of(
              new PersonFacts.Other(
                  it.thread(),
                  it.execution().isPresent(),
                  it.engagement().window().map(window -> window.until())))
          : Optional.empty();
    }

    /// Something happens in a thread, and others hear of it.
    void happens(int thread, int what) {
      Scenario it = threads.get(thread);
      int before = it.effects().size();
      switch (what) {
        case 0, 1, 2 -> it.trigger();
        case 3, 4 -> it.reply("5");
        case 5 -> it.reply("STOP");
        case 6 -> it.reply("START");
        case 7 -> buys();
        case 8 -> threads.forEach(each -> each.later(Duration.ofHours(5)));
        default -> {
          if (it.conversation().engagement().window().isPresent()) {
            Instant now = it.elapseAt();
            threads.forEach(each -> each.until(now));
          }
        }
      }
      List<Effect> effects = it.effects().subList(before, it.effects().size());
      List.copyOf(effects).forEach(this::carryOut);
    }

    private void buys() {
      orders++;
      Instant now = threads.getFirst().now();
      purchase = Optional.of(new PersonFacts.Purchase("order-" + orders, now));
      Event order = new Event.PurchaseSeen("order-" + orders, Values.EMPTY, now);
      threads.forEach(each -> each.take(order));
    }

    private void carryOut(Effect effect) {
      switch (effect) {
        case Effect.BlockContact block when block.block() == Block.OPTED_OUT -> {
          blocked.put(block.contact(), block.at());
          threads.stream().filter(it -> is(it, block.contact())).forEach(Scenario::optedOut);
        }
        case Effect.UnblockContact lifted when lifted.lifts() == Block.OPTED_OUT ->
            blocked.remove(lifted.contact());
        case Effect.RecordConsent(var consent) -> consents.add(consent);
        case Effect.TellOptOut(ThreadId told, var event) ->
            threads.stream()
                .filter(it -> it.conversation().thread().equals(told))
                .forEach(it -> it.take(event));
        default -> {}
      }
    }

    private static boolean is(Scenario thread, Address address) {
      return thread.conversation().thread().theirs().equals(address);
    }

    void check() {
      long live = threads.stream().filter(it -> it.conversation().execution().isPresent()).count();
      assertThat(live).as("conversations at once").isLessThanOrEqualTo(1);
      for (Scenario thread : threads) {
        if (blocked.containsKey(thread.conversation().thread().theirs())) {
          assertThat(thread.conversation().execution()).as("after an opt-out").isEmpty();
          assertThat(thread.conversation().engagement().window()).as("its window").isEmpty();
        }
        assertThat(thread.refusals()).allMatch(reason -> !reason.sentence().isBlank());
      }
    }
  }

  @Property(tries = 400)
  void whateverHappensOneThreadSpeaksAndAStopEndsAll(
      @ForAll @Size(max = 30) List<@IntRange(max = 29) Integer> moves) {
    People people = new People();
    for (int move : moves) {
      people.happens(move % THREADS, move / THREADS);
      people.check();
    }
    for (int i = 0; i < THREADS; i++) {
      people.threads.get(i).later(Duration.ofDays(30));
      Instant until = people.threads.get(i).now();
      people.threads.get(i).take(new Event.SuppressionElapsed(until));
      assertThat(people.threads.get(i).conversation().engagement().window()).isEmpty();
    }
  }

  @Test
  void aStopReachesTheOtherThreadsUnlessTheySayStartAfterwards() {
    People people = new People();
    people.happens(0, 0);
    people.happens(1, 5);

    assertThat(people.threads.getFirst().result()).contains("opted_out");
    people.happens(2, 0);
    assertThat(people.threads.get(2).refusals())
        .extracting(Enum::name)
        .containsExactly("OPTED_OUT");
    people.threads.forEach(it -> it.later(Duration.ofHours(1)));
    people.happens(2, 6);
    people.happens(2, 0);
    assertThat(people.threads.get(2).conversation().execution()).isPresent();
  }
}
