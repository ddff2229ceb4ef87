package io.parley.engine.offers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// OFFERS.md says what the code does.
class DocumentTest {

  private static final Path DOCUMENT =
      Path.of(System.getProperty("parley.root", "../.."), "modules/engine/OFFERS.md");

  @ParameterizedTest
  @EnumSource(Withholding.class)
  void everyReasonIsTold(Withholding reason) throws IOException {
    assertThat(Files.readString(DOCUMENT)).contains("`" + reason.word() + "`");
  }

  @Test
  void everySignalIsToldWithItsWeightAndHalfLife() throws IOException {
    String document = Files.readString(DOCUMENT);

    FrictionRules.DEFAULT
        .signals()
        .forEach(
            (name, rule) ->
                assertThat(document)
                    .contains(
                        "| `%s` | %s | %d d |"
                            .formatted(
                                name,
                                rule.weight() == 1 ? "1" : Double.toString(rule.weight()),
                                rule.halfLife().toDays())));
  }

  @Test
  void theAlphabetOfCodesIsTold() throws IOException {
    assertThat(Files.readString(DOCUMENT)).contains("`" + Codes.ALPHABET + "`");
  }
}
