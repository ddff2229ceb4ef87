package io.parley.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16, 17, 31, 32, 33, 400})
  void areTheMapThatTheyWereMadeFromInItsOrderHoweverManyThereAre(int size) {
    Map<String, Object> source = new LinkedHashMap<>();
    IntStream.range(0, size).forEach(i -> source.put("key" + i * 7919 % 1009, (long) i));

    Map<String, Object> entries = new Values(source).entries();

    assertThat(entries).isEqualTo(source).hasSameHashCodeAs(source).hasSize(size);
    assertThat(new ArrayList<>(entries.entrySet())).isEqualTo(new ArrayList<>(source.entrySet()));
    List<String> told = new ArrayList<>();
    entries.forEach((key, _) -> told.add(key));
    assertThat(told).isEqualTo(new ArrayList<>(source.keySet()));
    assertThat(source.keySet()).allSatisfy(key -> assertThat(entries.get(key)).isNotNull());
    assertThat(entries.get("another")).isNull();
    assertThat(entries).doesNotContainKey("another");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 40})
  void growAsAMapGrows(int size) {
    Map<String, Object> map = new LinkedHashMap<>();
    Values values = Values.EMPTY;
    for (int i = 0; i < 3 * size; i++) {
      String key = "key" + i * 31 % (2 * size);
      map.put(key, (long) i);
      values = values.with(key, i);
    }

    assertThat(new ArrayList<>(values.entries().entrySet()))
        .isEqualTo(new ArrayList<>(map.entrySet()));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 30})
  void takeOthersOverTheirOwnAndDefaultsWhereTheyHaveNone(int size) {
    Map<String, Object> mine = new LinkedHashMap<>();
    Map<String, Object> theirs = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      mine.put("key" + i, "mine");
      theirs.put("key" + (i + size / 2), "theirs");
    }
    Map<String, Object> over = new LinkedHashMap<>(mine);
    over.putAll(theirs);
    Map<String, Object> under = new LinkedHashMap<>(mine);
    theirs.forEach(under::putIfAbsent);

    assertThat(new ArrayList<>(new Values(mine).with(new Values(theirs)).entries().entrySet()))
        .isEqualTo(new ArrayList<>(over.entrySet()));
    assertThat(
            new ArrayList<>(new Values(mine).withDefaults(new Values(theirs)).entries().entrySet()))
        .isEqualTo(new ArrayList<>(under.entrySet()));
  }

  @Test
  void keepNothingOfAMapThatChangesLater() {
    Map<String, Object> source = new HashMap<>(Map.of("a", List.of(1), "b", Map.of("c", 2)));

    Values values = new Values(source);
    source.clear();

    assertThat(values).isEqualTo(new Values(Map.of("a", List.of(1), "b", Map.of("c", 2))));
    assertThatThrownBy(() -> values.entries().put("d", 1))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> values.entries().remove("a"))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> Values.EMPTY.entries().entrySet().iterator().next())
        .isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void leaveOutWhatHasNoValueAndNameEachByItsText() {
    Map<Object, Object> source = new LinkedHashMap<>();
    source.put("none", null);
    source.put(1, "one");
    source.put("1", "first");

    Values values = Values.of("inner", source).object("inner");

    assertThat(values.entries()).containsExactly(Map.entry("1", "first"));
    assertThat(values.entries()).hasToString("{\"1\":\"first\"}");
  }

  @Test
  void workOutWhatIsLookedAtLaterOnce() {
    AtomicInteger asked = new AtomicInteger();
    Object later =
        Values.later(
            () -> {
              asked.incrementAndGet();
              return Values.of("a", 1);
            });

    Values values = Values.of("x", later).with("y", 2);
    assertThat(asked).hasValue(0);

    assertThat(values.object("x").with("b", 2))
        .isEqualTo(Values.of("a", 1).with("b", 2))
        .hasSameHashCodeAs(Values.of("a", 1).with("b", 2));
    assertThat(values.object("x").text("a")).isEmpty();
    assertThat(asked).hasValue(1);
  }
}
