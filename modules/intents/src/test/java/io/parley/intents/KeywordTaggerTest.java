package io.parley.intents;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Block;
import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.Tag;
import io.parley.engine.Values;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KeywordTaggerTest {

  private static final ContactFacts OPTED_OUT = new ContactFacts(Optional.of(Block.OPTED_OUT));

  private final KeywordTagger tagger = new KeywordTagger();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "STOP",
        "STOPALL",
        "STOP ALL",
        "UNSUBSCRIBE",
        "CANCEL",
        "END",
        "QUIT",
        "REVOKE",
        "OPTOUT",
        "OPT OUT",
        "OPT-OUT"
      })
  void eachOptOutWordOptsOut(String word) {
    assertThat(reply(word)).containsExactly(new Tag(Tag.OPT_OUT, 1.0, "keyword " + word));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stop",
        "Stop.",
        " STOP \n",
        "\"stop\"",
        "“Stop!!”",
        "'STOP'",
        "sToP…",
        "\u200Bstop\uFEFF",
        "ＳＴＯＰ",
        "STOP 🙏",
        "(stop)"
      })
  void caseSpacePunctuationAndQuotesDoNotHideStop(String body) {
    assertThat(reply(body)).containsExactly(new Tag(Tag.OPT_OUT, 1.0, "keyword STOP"));
  }

  @Test
  void spacesWithinAKeywordCountAsOne() {
    assertThat(reply("stop\u00A0 all"))
        .extracting(Tag::evidence)
        .containsExactly("keyword STOP ALL");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "stop it",
        "please stop",
        "don't stop",
        "the end",
        "ends",
        "stopp",
        "opt.out",
        "yes",
        "🛑"
      })
  void aKeywordAmongOtherWordsIsNoKeyword(String body) {
    assertThat(reply(body)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"START,opt_in", "unstop,opt_in", "Help?,help", "info,help"})
  void startAndHelpAreTold(String body, String tag) {
    assertThat(reply(body)).extracting(Tag::name).containsExactly(tag);
  }

  @Test
  void yesOptsInOnlyAContactThatHasOptedOut() {
    assertThat(tagger.tag(Values.of("Body", "Yes!"), OPTED_OUT).tags())
        .containsExactly(new Tag(Tag.OPT_IN, 1.0, "keyword YES"));
    assertThat(reply("Yes!")).isEmpty();
  }

  @Test
  void whatTwilioReadBeatsTheText() {
    Values parameters = Values.of("Body", "START").with("OptOutType", "STOP");

    assertThat(tagger.tag(parameters, OPTED_OUT).tags())
        .containsExactly(new Tag(Tag.OPT_OUT, 1.0, "OptOutType STOP"));
  }

  @Test
  void anOptOutTypeThatNobodyKnowsLeavesTheTextToSpeak() {
    Values parameters = Values.of("Body", "stop").with("OptOutType", "PAUSE");

    assertThat(tagger.tag(parameters, ContactFacts.NOTHING_KNOWN).tags())
        .containsExactly(new Tag(Tag.OPT_OUT, 1.0, "keyword STOP"));
  }

  @Test
  void aReplyWithoutTextHasNoTagsButAVersion() {
    assertThat(tagger.tag(Values.EMPTY, ContactFacts.NOTHING_KNOWN))
        .isEqualTo(new Tags(List.of(), "keywords-1"));
  }

  @Property(tries = 500)
  void noTextIsTooStrange(@ForAll String body) {
    assertThat(reply(body)).hasSizeLessThanOrEqualTo(1);
  }

  private List<Tag> reply(String body) {
    return tagger.tag(Values.of("Body", body), ContactFacts.NOTHING_KNOWN).tags();
  }
}
