package io.parley.intents.learning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TaxonomyReadingTest {

  private static final String YAML =
      """
      version: 3
      tags:
        - name: agrees
          description: says yes
          examples: [yes, no problem, 1.0]
      out_of_scope: [hello]
      """;

  @Test
  void everyScalarIsText() {
    assertThat(TaxonomyReading.of(YAML))
        .isEqualTo(
            new TaxonomyReading.Valid(
                new Taxonomy(
                    "3",
                    List.of(
                        new Taxonomy.Definition(
                            "agrees", "says yes", List.of("yes", "no problem", "1.0"))),
                    List.of("hello")),
                List.of()));
  }

  @Test
  void aFileMayBeForSomeFlowsAlone() {
    TaxonomyReading reading = TaxonomyReading.of(YAML + "flows: [cart, 7]\n");

    assertThat(((TaxonomyReading.Valid) reading).flows()).containsExactly("cart", "7");
    assertThat(TaxonomyReading.of(YAML + "flows: cart\n"))
        .isEqualTo(new TaxonomyReading.Invalid(List.of("flows: a list of texts is missing")));
  }

  @Test
  void theVersionChangesWithAnyExample() {
    Taxonomy one = ((TaxonomyReading.Valid) TaxonomyReading.of(YAML)).taxonomy();
    Taxonomy other =
        ((TaxonomyReading.Valid) TaxonomyReading.of(YAML.replace("hello", "hallo"))).taxonomy();

    assertThat(one.version()).startsWith("3-").hasSize(10).isNotEqualTo(other.version());
  }

  @Test
  void allThatIsWrongIsListedByPlace() {
    String yaml =
        """
        tags:
          - name: Swap It
            examples: [one, One]
          - name: other
            exmaples: []
        """;

    assertThat(TaxonomyReading.of(yaml))
        .isEqualTo(
            new TaxonomyReading.Invalid(
                List.of(
                    "version: a text is missing",
                    "tags[0].name: lower-case letters, digits and _, a letter first",
                    "tags[0].examples[1]: One is there twice",
                    "tags[1].exmaples: nobody reads this",
                    "tags[1].examples: a list of texts is missing")));
  }

  @Test
  void whatIsNoYamlIsToldAsSuch() {
    assertThat(TaxonomyReading.of("tags: ["))
        .isInstanceOfSatisfying(
            TaxonomyReading.Invalid.class,
            it -> assertThat(it.problems().getFirst()).startsWith("not YAML: "));
  }
}
