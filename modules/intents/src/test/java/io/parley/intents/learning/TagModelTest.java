package io.parley.intents.learning;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.intents.encoding.SentenceEncoder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class TagModelTest {

  private static final SentenceEncoder ENCODER = SentenceEncoder.load();

  private static final Taxonomy TAXONOMY =
      new Taxonomy(
          "1",
          List.of(
              new Taxonomy.Definition(
                  "swap",
                  "",
                  List.of(
                      "can I get decaf instead",
                      "swap the vanilla for mocha",
                      "change my flavor",
                      "switch to the dark roast",
                      "send the other blend next time")),
              new Taxonomy.Definition(
                  "brewing",
                  "",
                  List.of(
                      "how much coffee per cup",
                      "what grind for french press",
                      "how hot should the water be",
                      "how do i brew this",
                      "best ratio for pour over"))),
          List.of("hello there", "what's the weather", "are you hiring"));

  @AfterAll
  static void close() {
    ENCODER.close();
  }

  @Test
  void fiveExamplesTeachATag() {
    TagModel model = TagModel.train(TAXONOMY, ENCODER::encode).model();

    assertThat(top(model, "could you change it to hazelnut")).isEqualTo("swap");
    assertThat(top(model, "which grind do I need for a moka pot")).isEqualTo("brewing");
  }

  @Test
  void anExampleMayHaveSeveralTags() {
    String both = "swap my blend and tell me how to brew it";
    Taxonomy taxonomy =
        new Taxonomy(
            "1",
            TAXONOMY.tags().stream()
                .map(it -> new Taxonomy.Definition(it.name(), "", with(it.examples(), both)))
                .toList(),
            TAXONOMY.outOfScope());

    TagModel.Verdict verdict =
        TagModel.train(taxonomy, ENCODER::encode).model().judge(both, ENCODER.encode(both));

    assertThat(taxonomy.texts()).containsOnlyOnce(both);
    assertThat(verdict.tags()).allMatch(it -> it.raw() > 0.5, "likely");
  }

  private static List<String> with(List<String> texts, String another) {
    return Stream.concat(texts.stream(), Stream.of(another)).toList();
  }

  @Test
  void aStoredModelScoresAsItDid() throws IOException {
    TagModel model = TagModel.train(TAXONOMY, ENCODER::encode).model();
    ByteArrayOutputStream stored = new ByteArrayOutputStream();
    model.write(stored, ENCODER::encode);

    TagModel again =
        TagModel.read(new ByteArrayInputStream(stored.toByteArray()), TAXONOMY).orElseThrow();

    String text = "swap it please";
    float[] vector = ENCODER.encode(text);
    assertThat(again.judge(text, vector)).isEqualTo(model.judge(text, vector));
  }

  @Test
  void aModelOfOtherExamplesIsNotTaken() throws IOException {
    ByteArrayOutputStream stored = new ByteArrayOutputStream();
    TagModel.train(TAXONOMY, ENCODER::encode).model().write(stored, ENCODER::encode);
    Taxonomy changed = new Taxonomy("1", TAXONOMY.tags(), List.of("good morning"));

    assertThat(TagModel.read(new ByteArrayInputStream(stored.toByteArray()), changed)).isEmpty();
  }

  /// `RetailTraining` stores it anew.
  @Test
  void theBundledModelIsOfTheBundledExamples() throws IOException {
    try (InputStream in = Retail.class.getResourceAsStream("/io/parley/intents/retail.model")) {
      assertThat(in).isNotNull();
      assertThat(TagModel.read(in, Retail.taxonomy())).isPresent();
    }
  }

  private static String top(TagModel model, String text) {
    return model.judge(text, ENCODER.encode(text)).tags().getFirst().tag();
  }
}
