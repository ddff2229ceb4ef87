package io.parley.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Effect.Content;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShortLinksTest {

  private static final ShortLinks LINKS = new ShortLinks("https://go.example", "a secret");
  private static final ThreadId THREAD =
      new ThreadId(new Address("+15005550006"), new Address("+14155550100"));
  private static final EffectId SEND = new EffectId(ConversationId.of(THREAD), 4, 2);
  private static final String SHORT = "https://go\\.example/r/[2-9A-HJ-NP-Za-km-np-z]{10}";

  // ---- which part of a text is a url

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "See https://shop.example/cart.                | See @.                | https://shop.example/cart",
        "See https://shop.example/cart?                | See @?                | https://shop.example/cart",
        "Here (https://shop.example/cart), see?        | Here (@), see?        | https://shop.example/cart",
        "https://w.example/Cart_(shop)                 | @                     | https://w.example/Cart_(shop)",
        "(https://w.example/Cart_(shop))               | (@)                   | https://w.example/Cart_(shop)",
        "<https://shop.example/a>                      | <@>                   | https://shop.example/a",
        "\"https://shop.example/a\"                    | \"@\"                 | https://shop.example/a",
        "*https://shop.example/a*                      | *@*                   | https://shop.example/a",
        "_https://shop.example/a_ it                   | _@_ it                | https://shop.example/a",
        "https://shop.example/a_ it                    | @ it                  | https://shop.example/a_",
        "https://shop.example/a👍                      | @👍                   | https://shop.example/a",
        "看https://shop.example/a。好                  | 看@。好               | https://shop.example/a",
        "xhttps://shop.example/a                       | xhttps://shop.example/a | -",
        "HTTPS://Shop.example/A                        | @                     | HTTPS://Shop.example/A",
        "https://shop.example/a?b=c&d=[1]#e            | @                     | https://shop.example/a?b=c&d=%5B1%5D#e",
        "https://shop.example/caf\u00e9?q=100%         | @                     | https://shop.example/caf%C3%A9?q=100%25",
        "https://b\u00fccher.example/x                 | @                     | https://xn--bcher-kva.example/x",
        "https://shop.example:8443/a                   | @                     | https://shop.example:8443/a",
        "http://shop.example                           | @                     | http://shop.example",
        "ftp://shop.example/a shop.example/a           | ftp://shop.example/a shop.example/a | -",
        "https:// and https://. and http://-/          | https:// and https://. and http://-/ | -",
      })
  void onlyTheUrlIsReplaced(String text, String expected, String target) {
    ShortLinks.Shortened shortened = shorten(text);

    assertThat(text(shortened).replaceAll(SHORT, "@")).isEqualTo(expected);
    assertThat(shortened.urls().values())
        .containsExactlyElementsOf(target.equals("-") ? List.of() : List.of(target));
  }

  @Test
  void theWordsOfAnOptOutStayAsTheyAre() {
    ShortLinks.Shortened shortened =
        shorten("Still there: https://shop.example/a\nReply STOP to opt out. Help? Reply HELP.");

    assertThat(text(shortened))
        .matches("Still there: " + SHORT + "\nReply STOP to opt out. Help\\? Reply HELP\\.");
  }

  @Test
  void eachUrlHasACodeOfItsOwnAndTheSameUrlTheSame() {
    ShortLinks.Shortened shortened =
        shorten("https://a.example/1 https://a.example/2 https://a.example/1");

    String[] words = text(shortened).split(" ", -1);
    assertThat(words[0]).isEqualTo(words[2]).isNotEqualTo(words[1]);
    assertThat(shortened.urls())
        .containsExactly(
            Map.entry(code(words[0]), "https://a.example/1"),
            Map.entry(code(words[1]), "https://a.example/2"));
  }

  @Test
  void aShortLinkOfOursIsNotShortenedAgain() {
    String once = text(shorten("Go https://shop.example/a"));

    assertThat(text(shorten(once))).isEqualTo(once);
    assertThat(shorten(once).urls()).isEmpty();
  }

  @Test
  void mediaStaysAsItIs() {
    Content.Text text =
        new Content.Text("Look https://a.example/x", List.of("https://a.example/p.png"));

    assertThat(LINKS.shorten(text, SEND).content())
        .isInstanceOfSatisfying(
            Content.Text.class,
            it -> {
              assertThat(it.mediaUrls()).containsExactly("https://a.example/p.png");
              assertThat(it.body()).matches("Look " + SHORT);
            });
  }

  @Test
  void urlsInTheVariablesOfATemplateAreShortenedButForFiles() {
    Values variables =
        Values.of("1", "Jane")
            .with("2", "https://a.example/cart")
            .with("3", "https://a.example/photo.JPG?w=2")
            .with("4", "or https://a.example/cart!");

    ShortLinks.Shortened shortened = LINKS.shorten(new Content.Template("HX1", variables), SEND);

    assertThat(shortened.content())
        .isInstanceOfSatisfying(
            Content.Template.class,
            it ->
                assertThat(it.variables().entries().values().stream().map(String::valueOf))
                    .satisfiesExactly(
                        one -> assertThat(one).isEqualTo("Jane"),
                        two -> assertThat(two).matches(SHORT),
                        three -> assertThat(three).isEqualTo("https://a.example/photo.JPG?w=2"),
                        four -> assertThat(four).matches("or " + SHORT + "!")));
    assertThat(shortened.urls().values()).containsExactly("https://a.example/cart");
  }

  @Test
  void withoutABaseNothingIsShortened() {
    Content.Text text = new Content.Text("https://a.example/x", List.of());

    assertThat(ShortLinks.NONE.shorten(text, SEND))
        .isEqualTo(new ShortLinks.Shortened(text, Map.of()));
  }

  // ---- codes

  @Test
  void aCodeIsTheSameInEveryReplayAndAnotherForEverySendAndSecret() {
    String body = "https://a.example/x";
    EffectId next = new EffectId(SEND.conversation(), 4, 3);

    assertThat(shorten(body)).isEqualTo(shorten(body));
    assertThat(LINKS.shorten(new Content.Text(body, List.of()), next)).isNotEqualTo(shorten(body));
    assertThat(
            new ShortLinks("https://go.example", "another")
                .shorten(new Content.Text(body, List.of()), SEND))
        .isNotEqualTo(shorten(body));
  }

  @Test
  void codesHaveNoLookAlikesAndDoNotMeet() {
    Set<String> codes = new HashSet<>();
    for (int turn = 0; turn < 5_000; turn++) {
      EffectId send = new EffectId(SEND.conversation(), turn, 0);
      codes.addAll(
          LINKS.shorten(new Content.Text("https://a.example/x", List.of()), send).urls().keySet());
    }

    assertThat(codes).hasSize(5_000).allMatch(ShortLinks::isCode);
    assertThat(
            codes.stream().flatMap(code -> code.chars().mapToObj(Character::toString)).distinct())
        .hasSize(56)
        .doesNotContain("0", "O", "o", "1", "l", "I");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "4fWq9ZtKb0", "4fWq9ZtKbMM", "4fWq9ZtKb/", "4fWq9ZtKb\n"})
  void whatIsNoCodeIsTold(String text) {
    assertThat(ShortLinks.isCode(text)).isFalse();
  }

  @Test
  void theSecretIsNotShown() {
    assertThat(Stream.of(LINKS.toString())).noneMatch(it -> it.contains("secret"));
  }

  private static ShortLinks.Shortened shorten(String body) {
    return LINKS.shorten(new Content.Text(body, List.of()), SEND);
  }

  private static String text(ShortLinks.Shortened shortened) {
    return ((Content.Text) shortened.content()).body();
  }

  private static String code(String link) {
    return link.substring(link.lastIndexOf('/') + 1);
  }
}
