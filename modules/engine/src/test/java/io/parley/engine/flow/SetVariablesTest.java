package io.parley.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Values;
import io.parley.engine.Warning;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SetVariablesTest {

  private final FakeScene scene = new FakeScene();

  @Test
  void aTextVariableStaysTextEvenIfItIsANumber() {
    Reached reached = enter("n", "5", false);

    assertThat(scene.variables()).containsExactly(Map.entry("n", "5"));
    assertThat(reached).isEqualTo(new Reached.Left("next", Optional.empty(), Values.of("n", "5")));
  }

  @Test
  void aJsonVariableIsReadFromItsText() {
    enter("offer", "{\"code\": \"A1\", \"price\": 5}", true);

    assertThat(scene.variables())
        .containsExactly(Map.entry("offer", Map.of("code", "A1", "price", 5L)));
    assertThat(scene.warnings()).isEmpty();
  }

  @Test
  void aJsonVariableThatIsNoJsonStaysTextAndWarns() {
    enter("offer", "{code: A1}", true);

    assertThat(scene.variables()).containsExactly(Map.entry("offer", "{code: A1}"));
    assertThat(scene.warnings())
        .singleElement()
        .extracting(Warning::message)
        .isEqualTo("widget set: variable offer is no JSON and is kept as text");
  }

  private Reached enter(String key, String value, boolean json) {
    return new SetVariables("set", List.of(), List.of(new Parameter(key, value, json)))
        .enter(scene);
  }
}
