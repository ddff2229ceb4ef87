package io.parley.intents;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Block;
import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.Tag;
import io.parley.engine.Values;
import io.parley.intents.encoding.SentenceEncoder;
import io.parley.intents.evaluation.Evaluation;
import io.parley.intents.learning.Retail;
import java.text.Normalizer;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ReplyTaggerTest {

  private static final SentenceEncoder ENCODER = SentenceEncoder.load();
  private static final ReplyTagger TAGGER = ReplyTagger.retail(ENCODER);

  @AfterAll
  static void close() {
    ENCODER.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          any code and how long is shipping to TX? | discount,shipping
          where's my package                       | order_status
          I already bought it, stop texting me     | opt_out,already_purchased
          do u ship to ireland                     | shipping
          what a lovely sunset                     |
          """)
  void aReplyHasAllItsTagsAndNoOthers(String text, String tags) {
    Set<String> expected = tags == null ? Set.of() : Set.of(tags.split(",", -1));

    assertThat(names(Reply.of(text))).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void anOptOutComesFirst() {
    assertThat(names(Reply.of("wrong number, take me off your list"))).first().isEqualTo("opt_out");
  }

  @Test
  void whatMayBeAnOptOutIsToldApart() {
    assertThat(names(Reply.of("🛑 sale?")))
        .contains(Tags.OPT_OUT_UNCLEAR)
        .doesNotContain(Tag.OPT_OUT);
  }

  @Test
  void aStopForAWhileIsAskedAboutHoweverSureTheModelIs() {
    assertThat(names(Reply.of("stop texting me until June")))
        .contains(Tags.OPT_OUT_UNCLEAR)
        .doesNotContain(Tag.OPT_OUT);
  }

  @Test
  void yesMeansAnOptOutOnlyWhereOneWasOffered() {
    Asked offer = Asked.of("Sorry! Do you want us to stop texting you?");

    assertThat(names(asked("Yes", offer))).containsExactly("opt_out", "yes");
    assertThat(names(asked("Yes", Asked.of("Want to see our bestsellers?"))))
        .containsExactly("yes");
    assertThat(names(asked("no", Asked.of("Shall we keep sending you texts?"))))
        .containsExactly("opt_out", "no");
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "Sí", "oui", "ja", "sim", "👍", "yes please", "ok"})
  void yesOfWhoIsAskedWhetherToStopStopsInAnyLanguageAndThread(String yes) {
    ContactFacts unclear =
        new ContactFacts(
            Optional.of(Block.UNCLEAR), Optional.of(Instant.parse("2026-03-08T12:00:00Z")));
    Values said = Values.of("Body", yes);

    for (String question :
        List.of("¿Quieres que dejemos de escribirte? Responde STOP.", "Want 10 % off?", "")) {
      assertThat(names(new Reply(said, unclear, Asked.of(question))))
          .as(question)
          .startsWith("opt_out");
    }
    Asked more = Asked.of("Do you want to keep getting texts?");
    assertThat(names(new Reply(said, unclear, more))).doesNotContain("opt_out");
  }

  @Test
  void aPhoneThatAnswersForItsDriverDoesNotOptOut() {
    String driving =
        "I'm driving with Do Not Disturb turned on. I'll see your message when I get where I'm"
            + " going.";

    assertThat(names(Reply.of(driving))).doesNotContain("opt_out", "opt_out_unclear");
    assertThat(ReplyTagger.lexical().tag(Reply.of(driving)).tags()).isEmpty();
    assertThat(names(Reply.of("do not disturb"))).startsWith("opt_out");
  }

  @Test
  void aNumberMeansTheOptionThatItPicks() {
    Asked menu = Asked.of("Reply 1 for shipping cost, 2 for size help, 3 to talk to a person");

    assertThat(names(asked("2", menu))).containsExactly("size_help", "choice_2");
    assertThat(names(asked("the third", menu))).containsExactly("human_agent", "choice_3");
    assertThat(names(Reply.of("2"))).isEmpty();
  }

  @Test
  void aButtonThatNamesATagIsThatTag() {
    Values pressed = Values.of("Body", "Yes!!").with("ButtonPayload", "tag:send-bestsellers");

    assertThat(TAGGER.tag(new Reply(pressed, ContactFacts.NOTHING_KNOWN, Asked.NOTHING)).tags())
        .containsExactly(new Tag("send_bestsellers", 1, "ButtonPayload tag:send-bestsellers"));
  }

  @Test
  void whatLawAndCarriersFixIsReadFirst() {
    ContactFacts out = new ContactFacts(Optional.of(Block.OPTED_OUT));

    assertThat(TAGGER.tag(new Reply(Values.of("Body", "YES"), out, Asked.NOTHING)).tags())
        .containsExactly(new Tag(Tag.OPT_IN, 1, "keyword YES"));
    assertThat(names(Reply.of("Help"))).containsExactly("help");
  }

  @Test
  void withoutAModelOptOutsAndPlainAnswersAreReadAllTheSame() {
    ReplyTagger lexical = ReplyTagger.lexical();

    assertThat(lexical.tag(Reply.of("please take me off your list")).has(Tag.OPT_OUT)).isTrue();
    assertThat(lexical.tag(Reply.of("nee danke")).has("no")).isTrue();
    assertThat(lexical.tag(Reply.of("how long is shipping")).tags()).isEmpty();
  }

  @Test
  void theVersionNamesTheRulesAndTheTags() {
    assertThat(TAGGER.version()).startsWith("replies-1+retail-1-");
    assertThat(TAGGER.tag(Reply.of("STOP")).version()).isEqualTo(TAGGER.version());
  }

  @Test
  void noExamLineIsAmongTheExamples() {
    Set<String> examples =
        Retail.taxonomy().texts().stream().map(ReplyTaggerTest::plain).collect(Collectors.toSet());

    assertThat(
            Stream.of(Exams.retail(), Exams.severalTags(), Exams.languages(), Exams.optOut())
                .flatMap(List::stream)
                .map(it -> plain(it.text())))
        .filteredOn(it -> it.length() > "ok".length())
        .doesNotContainAnyElementsOf(examples);
  }

  @Test
  void optOutsHeldApartAreObeyedOrAskedAboutAndOthersNotSilenced() {
    Evaluation.OptOut optOut = Evaluation.of(TAGGER, Exams.optOut()).optOut();

    assertThat(optOut.recall()).isGreaterThanOrEqualTo(0.995);
    assertThat(optOut.falseShare()).isLessThanOrEqualTo(0.02);
  }

  @Test
  void repliesHeldApartAreUnderstood() {
    Evaluation retail = Evaluation.of(TAGGER, Exams.retail());

    assertThat(retail.accuracy()).isGreaterThanOrEqualTo(0.93);
    assertThat(retail.outOfScopeAuroc()).isGreaterThanOrEqualTo(0.95);
    assertThat(Evaluation.of(TAGGER, Exams.severalTags()).microF1()).isGreaterThanOrEqualTo(0.88);
    assertThat(Evaluation.of(TAGGER, Exams.languages()).accuracy()).isGreaterThanOrEqualTo(0.85);
  }

  private static Reply asked(String body, Asked asked) {
    return new Reply(Values.of("Body", body), ContactFacts.NOTHING_KNOWN, asked);
  }

  private static List<String> names(Reply reply) {
    return TAGGER.tag(reply).tags().stream().map(Tag::name).toList();
  }

  private static String plain(String text) {
    return Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFKD)
        .replaceAll("[^a-z0-9]+", " ")
        .strip();
  }
}
