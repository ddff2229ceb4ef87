package io.parley.store;

import static io.parley.store.StoreFixture.NOW;
import static io.parley.store.StoreFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Values;
import io.parley.store.Ingested.Entry;
import io.parley.store.Traits.Known;
import io.parley.store.Traits.Told;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TraitsTest {

  private static final String JANE = "id:42";

  private final StoreFixture store = new StoreFixture();
  private final Traits traits = new Traits(store.pool);

  /// Calls 1 to 9 wait.
  @BeforeEach
  void calls() {
    Ingested ingested = new Ingested(store.pool);
    for (int i = 1; i < 10; i++) {
      await(ingested.add(List.of(new Entry("shop", "m" + i, JANE, "{}", NOW))));
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void whatACallSaysIsKnownFromThenOn() {
    Known known =
        tell(1, 0, Map.of("plan", "pro", "orders", 3L, "address", Map.of("city", "Rome")));

    assertThat(known.values().entries())
        .isEqualTo(Map.of("plan", "pro", "orders", 3L, "address", Map.of("city", "Rome")));
    assertThat(known.changed())
        .isEqualTo(
            Map.of(
                "plan", Optional.empty(), "orders", Optional.empty(), "address", Optional.empty()));
    assertThat(await(traits.of(JANE))).isEqualTo(known.values());
    assertThat(await(traits.of("id:43"))).isEqualTo(Values.EMPTY);
  }

  @Test
  void aChangeIsTheSameHoweverOftenItsCallIsWorkedOff() {
    tell(1, 0, Map.of("cart", "full", "plan", "pro"));

    Known first = tell(2, 1, Map.of("cart", "abandoned", "plan", "pro"));
    Known again = tell(2, 1, Map.of("cart", "abandoned", "plan", "pro"));

    assertThat(first.changed()).isEqualTo(Map.of("cart", Optional.of("full")));
    assertThat(again).isEqualTo(first);
    assertThat(tell(3, 2, Map.of("cart", "abandoned")).changed()).isEmpty();
  }

  @Test
  void theValueThatWasTrueLastHoldsInWhateverOrderTheyCome() {
    tell(1, 5, Map.of("plan", "pro"));
    tell(2, 9, Map.of("plan", "pro"));

    Known late = tell(3, 7, Map.of("plan", "free"));

    assertThat(late.values().text("plan")).contains("pro");
    assertThat(late.changed()).isEmpty();
    assertThat(late.unkept()).isEmpty();
  }

  @Test
  void whatIsNoLongerSoIsForgotten() {
    tell(1, 0, Map.of("plan", "pro", "city", "Rome"));

    await(traits.tell(new Told(JANE, 2, Map.of(), List.of("plan"), NOW.plusSeconds(1))));
    await(traits.tell(new Told(JANE, 3, Map.of(), List.of("city"), NOW.minusSeconds(1))));

    assertThat(await(traits.of(JANE)).entries()).containsOnlyKeys("city");
  }

  @Test
  void aPersonHasRoomForSoManyTraits() {
    tell(1, 0, many("trait_", Traits.MAX_TRAITS - 1));

    Map<String, Object> more = new LinkedHashMap<>();
    more.put("trait_0", "another");
    more.put("one", true);
    more.put("two", true);
    Known full = tell(2, 1, more);

    assertThat(full.unkept()).containsExactly("two");
    assertThat(full.values().entries()).hasSize(Traits.MAX_TRAITS).containsEntry("one", true);
    assertThat(full.values().text("trait_0")).contains("another");
  }

  @Test
  void aPersonGetsNoMoreRoomByOtherNames() {
    tell(1, 0, many("own_", Traits.MAX_TRAITS - 2));
    await(
        traits.tell(
            new Told("anonymous:a", 2, many("strange_", Traits.MAX_TRAITS), List.of(), NOW)));

    List<String> unkept = await(traits.merge(List.of("anonymous:a"), JANE, 3));

    assertThat(unkept).hasSize(Traits.MAX_TRAITS - 2).allMatch(it -> it.startsWith("strange_"));
    assertThat(await(traits.of(JANE)).entries()).hasSize(Traits.MAX_TRAITS).containsKey("own_0");
    assertThat(await(traits.of("anonymous:a"))).isEqualTo(Values.EMPTY);
  }

  @Test
  void whatHoldsAgainstBeingForgottenTakesItsRoom() {
    Map<String, Object> many = many("trait_", Traits.MAX_TRAITS);
    tell(1, 5, many);

    Known known =
        await(traits.tell(new Told(JANE, 2, Map.of("more", 1L), List.copyOf(many.keySet()), NOW)))
            .orElseThrow();

    assertThat(known.unkept()).containsExactly("more");
    assertThat(known.values().entries()).hasSize(Traits.MAX_TRAITS);
  }

  @Test
  void nothingIsTakenDownOfACallThatIsGone() {
    store.execute("delete from ingested");

    assertThat(await(traits.tell(new Told(JANE, 1, Map.of("plan", "pro"), List.of(), NOW))))
        .isEmpty();

    assertThat(store.count("trait")).isZero();
  }

  @Test
  void whatWasToldOfAPersonUnderAnotherNameIsThePersons() {
    await(
        traits.tell(
            new Told("anonymous:a", 1, Map.of("plan", "free", "city", "Rome"), List.of(), NOW)));
    tell(2, 0, Map.of("plan", "pro"));

    assertThat(await(traits.merge(List.of("anonymous:a", "id:0"), JANE, 3))).isEmpty();

    assertThat(await(traits.of(JANE))).isEqualTo(Values.of("city", "Rome").with("plan", "pro"));
    assertThat(await(traits.of("anonymous:a"))).isEqualTo(Values.EMPTY);
    assertThat(tell(3, 1, Map.of()).changed()).isEmpty();
  }

  private static Map<String, Object> many(String prefix, int count) {
    Map<String, Object> many = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      many.put(prefix + i, i);
    }
    return many;
  }

  private Known tell(long call, long seconds, Map<String, Object> values) {
    return await(traits.tell(new Told(JANE, call, values, List.of(), NOW.plusSeconds(seconds))))
        .orElseThrow();
  }
}
