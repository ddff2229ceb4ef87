package io.parley.intents.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.intents.reading.AnswerReader.Answer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AnswerReaderTest {

  private static final AnswerReader READER = new AnswerReader();

  @ParameterizedTest
  @CsvSource({
    "Yes please!, yes",
    "👍, yes",
    "nah im good, no",
    "👎, no",
    "thx, thanks",
    "Ja gerne, yes",
    "non merci, no",
    "claro que sí, yes",
    "não obrigada, no",
    "ayuda, help",
    "Mitarbeiter bitte, human_agent"
  })
  void aShortReplySaysOneThing(String text, String tag) {
    assertThat(READER.read(Wording.of(text)).map(Answer::tag)).contains(tag);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes but is it vegan", "no more sizes?", "thanks to you I bought two"})
  void aReplyThatSaysMoreIsLeftToOthers(String text) {
    assertThat(READER.read(Wording.of(text))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "this is useless, let me talk to a real person",
        "quiero hablar con alguien",
        "puis-je parler à un conseiller",
        "ich will mit einem Menschen sprechen",
        "quero falar com um atendente agora"
      })
  void aWishForAPersonIsFoundAmongOtherWords(String text) {
    assertThat(READER.readWithin(Wording.of(text)).map(Answer::tag)).contains("human_agent");
  }
}
