package io.parley.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.flow.Flow;
import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.FlowReading;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlowFilesTest {

  private static final String FLOW =
      """
      {"description": "sample", "initial_state": "Trigger", "x_note": {"ratio": 0.5, "at": [1, 2]},
       "flags": {"allow_concurrent_calls": true},
       "states": [{"name": "Trigger", "type": "trigger",
         "properties": {"offset": {"x": 10, "y": -20}}, "transitions": []}]}
      """;

  @Test
  void aFlowThatIsWrittenReadsAsTheSame() {
    Flow flow = flow(FLOW);

    assertThat(flow(FlowFiles.write(flow))).isEqualTo(flow);
  }

  @Test
  void whatTheEngineDoesNotUseIsKept() {
    assertThat(FlowFiles.write(flow(FLOW)))
        .contains("\"x_note\":{\"ratio\":0.5,\"at\":[1,2]}")
        .contains("\"offset\":{\"x\":10,\"y\":-20}")
        .contains("\"allow_concurrent_calls\":true");
  }

  @Test
  void aSyntaxErrorHasItsLineAndColumn() {
    assertThat(problems("{\n  \"initial_state\" \"Trigger\"}"))
        .singleElement()
        .satisfies(problem -> assertThat(problem.propertyPath()).isEqualTo("#"))
        .extracting(FlowProblem::message)
        .asString()
        .startsWith("is no JSON: line 2, column 19: Unexpected character ('\"'");
  }

  @Test
  void aKeyThatIsSaidTwiceIsAProblem() {
    assertThat(problems("{\"states\": [],\n \"states\": []}"))
        .singleElement()
        .extracting(FlowProblem::message)
        .asString()
        .startsWith("is no JSON: line 2,")
        .contains("Duplicate");
  }

  @Test
  void textAfterTheDefinitionIsAProblem() {
    assertThat(problems(FLOW + "}")).hasSize(1);
  }

  @Test
  void anEmptyFileIsAProblem() {
    assertThat(problems(" ")).hasSize(1);
  }

  @Test
  void aFileThatIsNoObjectIsAProblem() {
    assertThat(problems("[]"))
        .containsExactly(new FlowProblem("#", "array found, object expected"));
    assertThat(problems("null"))
        .containsExactly(new FlowProblem("#", "null found, object expected"));
  }

  @Test
  void aFileThatIsNestedTooDeepIsAProblem() {
    assertThat(problems("[".repeat(10_000)))
        .singleElement()
        .extracting(FlowProblem::message)
        .asString()
        .contains("nesting depth");
  }

  @Test
  void aFileThatIsTooLongIsAProblem() {
    assertThat(problems(" ".repeat(2 * 1024 * 1024) + FLOW))
        .containsExactly(new FlowProblem("#", "is longer than 2097152 characters"));
  }

  private static Flow flow(String json) {
    return switch (FlowFiles.read(json)) {
      case FlowReading.Valid(var flow, var _) -> flow;
      case FlowReading.Invalid(var problems) -> throw new AssertionError(problems);
    };
  }

  private static List<FlowProblem> problems(String json) {
    return switch (FlowFiles.read(json)) {
      case FlowReading.Valid _ -> List.of();
      case FlowReading.Invalid(var problems) -> problems;
    };
  }
}
