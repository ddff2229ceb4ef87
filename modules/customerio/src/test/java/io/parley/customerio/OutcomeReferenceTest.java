package io.parley.customerio;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.outcomes.OutcomeCatalogue;
import io.parley.engine.outcomes.OutcomeType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// With `-Dparley.rewrite=true` what is published is written anew, and then compared.
class OutcomeReferenceTest {

  private static final Path MODULE =
      Path.of(System.getProperty("parley.root", "."), "modules", "customerio");

  @Test
  void thePublishedSchemaIsTheCatalogues() throws IOException {
    compare(
        MODULE.resolve("src/main/resources/io/parley/customerio/outcomes.schema.json"),
        OutcomeReference.schema());
  }

  @Test
  void thePublishedPageIsTheCatalogues() throws IOException {
    compare(MODULE.resolve("OUTCOMES.md"), OutcomeReference.page());
  }

  @Test
  void anOutcomeAndAPropertyStandOnceInTheCatalogue() {
    assertThat(OutcomeCatalogue.all()).extracting(OutcomeType::name).doesNotHaveDuplicates();
    assertThat(OutcomeCatalogue.all())
        .allSatisfy(
            type ->
                assertThat(type.all())
                    .as(type.name())
                    .extracting(it -> it.name())
                    .doesNotHaveDuplicates());
  }

  private static void compare(Path file, String made) throws IOException {
    if (Boolean.getBoolean("parley.rewrite")) {
      Files.writeString(file, made);
    }
    assertThat(file).as("-Dparley.rewrite=true writes it anew").hasContent(made);
  }
}
