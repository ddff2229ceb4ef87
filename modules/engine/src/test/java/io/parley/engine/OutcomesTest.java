package io.parley.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OutcomesTest {

  /// What is no outcome: the person's attributes, and a reason.
  private static final String OTHERS = "ATTRIBUTE_.*|OFFER_NOT_GRANTED|ALL";

  @Test
  void everyNameIsAmongAll() {
    assertThat(Outcomes.ALL)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(Outcomes.class.getFields())
                .filter(field -> !field.getName().matches(OTHERS))
                .map(OutcomesTest::value)
                .toList());
  }

  private static String value(Field field) {
    try {
      return (String) field.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
