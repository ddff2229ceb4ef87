package io.parley.engine.desk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AskingTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "where am I in the line?",
        "How long?",
        "how much longer do I have to wait",
        "Hello?",
        "hello??",
        "Anybody there",
        "is someone there?",
        "are you still there?",
        "any update?",
        "What's my position in the queue",
        "¿Cuánto falta?",
        "hay alguien?",
        "Wie lange noch?",
        "??"
      })
  void askingWhereOneStandsIsHeard(String text) {
    assertThat(Asking.of(text)).isEqualTo(Asking.POSITION);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CALL",
        "Call.",
        "please call me back",
        "can you call me?",
        "ring me tomorrow",
        "Give me a call",
        "callback",
        "Llámame por favor",
        "Bitte rufen Sie mich an"
      })
  void askingToBeCalledIsHeard(String text) {
    assertThat(Asking.of(text)).isEqualTo(Asking.CALL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "It is about a day cream",
        "don't call me",
        "How long does shipping take?",
        "How many do I get in a pack of your order",
        "ok thanks",
        "the parcel was called damaged",
        ""
      })
  void whatAsksNeitherIsLeftAlone(String text) {
    assertThat(Asking.of(text)).isEqualTo(Asking.NOTHING);
  }
}
