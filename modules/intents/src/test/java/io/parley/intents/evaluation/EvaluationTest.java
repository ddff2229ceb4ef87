package io.parley.intents.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Json;
import io.parley.intents.ReplyTagger;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EvaluationTest {

  private static final LabelledLine.File FILE =
      LabelledLine.File.of(
          """
          # what people said
          opt_out\tstop texting me
          opt_out\tthis is spam
          opt_out\tno se
          yes\tyep
          no\tsure
          out_of_scope\tdon't stop
          thanks, yes\tyes
          """);

  private static final Evaluation EVALUATION = Evaluation.of(ReplyTagger.lexical(), FILE.lines());

  @Test
  void aLineIsRightBySomeOfItsTagsAndExactByAllOfThem() {
    assertThat(FILE.problems()).isEmpty();
    assertThat(EVALUATION.accuracy()).isEqualTo(4 / 7.0);
    assertThat(EVALUATION.exactMatch()).isEqualTo(3 / 7.0);
  }

  @Test
  void optOutsAreCountedByWhatBecameOfThem() {
    assertThat(EVALUATION.optOut()).isEqualTo(new Evaluation.OptOut(1, 1, 3, 0, 0, 4));
    assertThat(EVALUATION.optOut().recall()).isEqualTo(2 / 3.0);
  }

  @Test
  void eachTagHasPrecisionAndRecall() {
    assertThat(EVALUATION.tags().get("yes")).isEqualTo(new Evaluation.Count(2, 3, 2));
    assertThat(EVALUATION.tags().get("no")).isEqualTo(new Evaluation.Count(0, 0, 1));
  }

  @Test
  void programsReadJson() {
    Map<?, ?> root = (Map<?, ?>) Json.parse(EVALUATION.json()).orElseThrow();

    assertThat(root.keySet())
        .asString()
        .contains("accuracy", "exactMatch", "macroF1", "outOfScopeAuroc", "tags", "optOut");
  }

  @Test
  void peopleReadTheWorstCases() {
    assertThat(EVALUATION.text()).contains("no -> yes", "yes, was no: sure");
  }

  @Test
  void aLineWithoutATabIsAProblem() {
    assertThat(LabelledLine.File.of("yes yep\n\nyes\tyep").problems())
        .containsExactly("line 1: tags, a tab and the text are expected");
  }
}
