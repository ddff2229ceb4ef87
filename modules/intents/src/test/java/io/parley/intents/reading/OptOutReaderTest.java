package io.parley.intents.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.intents.reading.OptOutReader.Reading;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OptOutReaderTest {

  private static final OptOutReader READER = new OptOutReader();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "please stop texting me",
        "S.T.O.P",
        "sotp",
        "unsubscrbe me",
        "get me off your list",
        "I don't want these texts",
        "do not contact me",
        "why won't you stop texting me",
        "I can't stop these messages, remove my number",
        "lmao no. stop",
        "🛑",
        "déjenme en paz",
        "je ne veux plus recevoir vos messages",
        "bitte keine Nachrichten mehr",
        "parem de me mandar mensagens"
      })
  void anOptOutIsObeyedInAnyWords(String text) {
    assertThat(read(text)).isInstanceOf(Reading.OptsOut.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "I'll stop by the store",
        "cancel my order",
        "cancel my subscription",
        "stop charging my card",
        "when does the sale end",
        "remove the blue shirt from my cart",
        "no thanks",
        "quero cancelar meu pedido"
      })
  void whatOnlyLooksLikeOneIsLeftAlone(String text) {
    assertThat(read(text)).isInstanceOfAny(Reading.Silent.class, Reading.Hinted.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "don't stop!",
        "I'm not interested in stopping",
        "please don't take me off the list",
        "I accidentally unsubscribed",
        "why did the texts stop?",
        "too many texts, once a month is enough",
        "no dejen de mandarme ofertas",
        "n'arrêtez pas",
        "bitte nicht aufhören",
        "não quero sair da lista"
      })
  void whoWantsToStayOrWantsLessDeniesIt(String text) {
    assertThat(read(text)).isInstanceOf(Reading.Denied.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"no, stop texting me", "não, parem de mandar"})
  void noBeforeAnOptOutDeniesNothing(String text) {
    assertThat(read(text)).isInstanceOf(Reading.OptsOut.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"too many texts", "who are you? this is spam", "🛑 sale?"})
  void whatMayBeOneIsAskedAbout(String text) {
    assertThat(read(text)).isInstanceOf(Reading.Unclear.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"stop texting me until June", "stop texting me so much"})
  void aStopForAWhileIsBounded(String text) {
    assertThat(read(text)).isInstanceOf(Reading.Bounded.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"does this stop hair loss?", "how do I stop the alarm", "stop teasing"})
  void aWordOfManyUsesIsNoneByItself(String text) {
    assertThat(read(text)).isInstanceOfAny(Reading.Silent.class, Reading.Hinted.class);
  }

  @Property(tries = 300)
  void noTextIsTooStrange(@ForAll String text) {
    assertThat(read(text)).isNotNull();
  }

  private static Reading read(String text) {
    return READER.read(Wording.of(text));
  }
}
