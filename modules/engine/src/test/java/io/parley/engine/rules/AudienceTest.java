package io.parley.engine.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Json;
import io.parley.engine.Values;
import io.parley.engine.flow.FlowProblem;
import io.parley.engine.policy.Holdouts;
import io.parley.engine.rules.Audience.Facts;
import io.parley.engine.rules.Audience.Judgement;
import io.parley.engine.rules.Audience.News;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AudienceTest {

  private static final Instant AT = Instant.parse("2026-03-01T12:00:00Z");
  private static final Facts NOTHING =
      new Facts(false, Optional.empty(), new Holdouts(List.of("holdout")));

  private static final String CART =
      "{'name': 'cart', 'enter': {'track': 'Cart Abandoned'}, 'exit': {'track': 'Cart Emptied'}";
  private static final Audience FIRST_DAY = audience(CART + ", 'window': {'until': '24h'}}");
  private static final Audience LATER =
      audience(CART + ", 'window': {'from': '24h', 'until': '72h'}}");
  private static final Audience BUYERS =
      audience("{'name': 'buyers', 'enter': 'purchase', 'window': {'until': '30d'}}");
  private static final Audience HIGH =
      audience("{'name': 'high', 'while': {'traits.ltv': {'at_least': 500}}}");
  private static final Audience LOW =
      audience("{'name': 'low', 'while': {'traits.ltv': {'below': 500}}}");

  // ---- windows

  /// Windows of one event, of which each ends where the next begins, part the time: whenever
  /// somebody looks, a person is in exactly one of them, or in none before the first and after the
  /// last.
  @Property(tries = 300)
  void windowsOfOneEventPartTheTime(
      @ForAll @Size(min = 2, max = 6) List<@IntRange(min = 1, max = 5_000) Integer> lengths,
      @ForAll @IntRange(min = -100, max = 40_000) int minutesLater) {
    List<Window> windows = new ArrayList<>();
    Duration from = Duration.ZERO;
    for (int length : lengths) {
      Duration until = from.plusMinutes(length);
      windows.add(new Window(from, Optional.of(until)));
      from = until;
    }
    Instant now = AT.plus(Duration.ofMinutes(minutesLater));

    long inside =
        windows.stream().filter(it -> it.at(AT, now) instanceof Window.Phase.Inside).count();

    boolean within = minutesLater >= 0 && Duration.ofMinutes(minutesLater).compareTo(from) < 0;
    assertThat(inside).isEqualTo(within ? 1 : 0);
  }

  /// However often carts are left, and in whatever order that is told, nobody is in both.
  @Property(tries = 300)
  void nobodyIsInTwoWindowsOfTheSameEvents(
      @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 0, max = 6_000) Integer> carts,
      @ForAll @IntRange(min = 0, max = 12_000) int minutesLater) {
    Standing first = Standing.NONE;
    Standing later = Standing.NONE;
    Instant told = AT.plus(Duration.ofHours(100));
    for (int minutes : carts) {
      News news = heard("Cart Abandoned", AT.plus(Duration.ofMinutes(minutes)));
      first = FIRST_DAY.judge(first, news, NOTHING, told).after();
      later = LATER.judge(later, news, NOTHING, told).after();
    }
    Instant now = told.plus(Duration.ofMinutes(minutesLater));
    first = FIRST_DAY.judge(first, new News.Later(), NOTHING, now).after();
    later = LATER.judge(later, new News.Later(), NOTHING, now).after();

    int since = 6_000 + minutesLater - carts.stream().mapToInt(it -> it).max().orElseThrow();
    assertThat(first.isMember()).isEqualTo(since < 24 * 60);
    assertThat(later.isMember()).isEqualTo(since >= 24 * 60 && since < 72 * 60);
  }

  @Test
  void aPersonMovesFromOneWindowToTheNextAtTheExactTime() {
    Standing first = FIRST_DAY.judge(Standing.NONE, cart(0), NOTHING, AT).after();
    Standing later = LATER.judge(Standing.NONE, cart(0), NOTHING, AT).after();
    Instant bound = AT.plus(Duration.ofDays(1));
    assertThat(FIRST_DAY.due(first)).contains(bound);
    assertThat(LATER.due(later)).contains(bound);
    assertThat(later.isMember()).isFalse();

    Instant before = bound.minusNanos(1);
    assertThat(FIRST_DAY.judge(first, new News.Later(), NOTHING, before).moved()).isEmpty();
    assertThat(LATER.judge(later, new News.Later(), NOTHING, before).moved()).isEmpty();
    assertThat(FIRST_DAY.judge(first, new News.Later(), NOTHING, bound))
        .isEqualTo(new Judgement(Standing.NONE, Optional.of(AudienceReason.WINDOW)));
    Judgement entered = LATER.judge(later, new News.Later(), NOTHING, bound);
    assertThat(entered.moved()).contains(AudienceReason.WINDOW);
    assertThat(entered.after().enteredAt()).contains(bound);
    assertThat(LATER.ends(entered.after())).contains(AT.plus(Duration.ofDays(3)));
  }

  @Test
  void whatHappenedTooLongAgoPutsNobodyIn() {
    Judgement told = FIRST_DAY.judge(Standing.NONE, cart(0), NOTHING, AT.plus(Duration.ofDays(1)));

    assertThat(told).isEqualTo(new Judgement(Standing.NONE, Optional.empty()));
  }

  // ---- events

  @Test
  void theSameNewsAgainMovesNobody() {
    Judgement once = FIRST_DAY.judge(Standing.NONE, cart(0), NOTHING, AT);
    Judgement again = FIRST_DAY.judge(once.after(), cart(0), NOTHING, AT.plusSeconds(5));

    assertThat(once.moved()).contains(AudienceReason.RULE);
    assertThat(again).isEqualTo(new Judgement(once.after(), Optional.empty()));
  }

  @Test
  void anEventThatEndsItCountsForWhatWasBeforeIt() {
    Standing in = FIRST_DAY.judge(Standing.NONE, cart(10), NOTHING, AT.plusSeconds(600)).after();

    assertThat(FIRST_DAY.judge(in, emptied(5), NOTHING, AT.plusSeconds(700)).moved()).isEmpty();
    Judgement left = FIRST_DAY.judge(in, emptied(20), NOTHING, AT.plusSeconds(1_200));
    assertThat(left.moved()).contains(AudienceReason.RULE);
    assertThat(FIRST_DAY.judge(left.after(), cart(15), NOTHING, AT.plusSeconds(1_300)).moved())
        .as("an older cart, told late")
        .isEmpty();
    assertThat(FIRST_DAY.judge(left.after(), cart(25), NOTHING, AT.plusSeconds(1_500)).moved())
        .contains(AudienceReason.RULE);
  }

  // ---- purchases and opt-outs

  @Test
  void aPurchaseExitsAtOnceAndEntersWhoIsToBeSpared() {
    Standing in = FIRST_DAY.judge(Standing.NONE, cart(0), NOTHING, AT).after();
    Instant at = AT.plusSeconds(60);

    assertThat(FIRST_DAY.judge(in, new News.Bought(at), bought(at), at).moved())
        .contains(AudienceReason.PURCHASE);
    Judgement spared = BUYERS.judge(Standing.NONE, new News.Bought(at), bought(at), at);
    assertThat(spared.moved()).contains(AudienceReason.PURCHASE);
    Instant again = at.plus(Duration.ofDays(20));
    Standing longer =
        BUYERS.judge(spared.after(), new News.Bought(again), bought(again), again).after();
    assertThat(BUYERS.ends(longer)).contains(again.plus(Duration.ofDays(30)));
    assertThat(longer.enteredAt()).contains(at);
  }

  @Test
  void whoBoughtSinceTheEventDoesNotEnter() {
    Instant at = AT.plusSeconds(60);

    assertThat(FIRST_DAY.judge(Standing.NONE, cart(0), bought(at), at).after())
        .isEqualTo(Standing.NONE);
    assertThat(FIRST_DAY.judge(Standing.NONE, cart(0), bought(AT.minusSeconds(9)), at).moved())
        .as("an older order is another cart's")
        .contains(AudienceReason.RULE);
    Standing waiting = LATER.judge(Standing.NONE, cart(0), NOTHING, AT).after();
    assertThat(LATER.judge(waiting, new News.Later(), bought(at), AT.plus(Duration.ofDays(1))))
        .isEqualTo(new Judgement(Standing.NONE, Optional.empty()));
  }

  @Test
  void whoStaysAfterAPurchaseIsSaidInTheFile() {
    Audience staying = audience(CART + ", 'purchase': 'stays'}");
    Standing in = staying.judge(Standing.NONE, cart(0), NOTHING, AT).after();

    assertThat(staying.judge(in, new News.Bought(AT), bought(AT), AT).moved()).isEmpty();
  }

  @Test
  void anOptOutExitsAndKeepsOut() {
    Facts optedOut = new Facts(true, Optional.empty(), new Holdouts(List.of()));
    Standing in = FIRST_DAY.judge(Standing.NONE, cart(0), NOTHING, AT).after();
    Standing buyer = BUYERS.judge(Standing.NONE, new News.Bought(AT), bought(AT), AT).after();

    assertThat(FIRST_DAY.judge(in, new News.Later(), optedOut, AT).moved())
        .contains(AudienceReason.OPT_OUT);
    assertThat(BUYERS.judge(buyer, new News.Later(), optedOut, AT).moved())
        .contains(AudienceReason.OPT_OUT);
    assertThat(FIRST_DAY.judge(Standing.NONE, cart(1), optedOut, AT).moved()).isEmpty();
  }

  // ---- tiers

  @Test
  void aTraitMovesAPersonFromOneTierToTheOther() {
    Standing low = LOW.judge(Standing.NONE, ltv(499, 0), NOTHING, AT).after();
    assertThat(low.isMember()).isTrue();
    assertThat(HIGH.judge(Standing.NONE, ltv(499, 0), NOTHING, AT).after().isMember()).isFalse();

    News risen = ltv(500, 60);

    assertThat(LOW.judge(low, risen, NOTHING, AT.plusSeconds(60)).moved())
        .contains(AudienceReason.RULE);
    Judgement high = HIGH.judge(Standing.NONE, risen, NOTHING, AT.plusSeconds(60));
    assertThat(high.moved()).contains(AudienceReason.RULE);
    assertThat(HIGH.judge(high.after(), ltv(900, 90), NOTHING, AT.plusSeconds(90)).moved())
        .isEmpty();
    Instant later = AT.plusSeconds(95);
    assertThat(HIGH.judge(high.after(), new News.Bought(later), bought(later), later).moved())
        .isEmpty();
    News known = new News.Known(Values.of("ltv", 3), AT.plusSeconds(99));
    assertThat(HIGH.judge(high.after(), known, NOTHING, AT.plusSeconds(99)).moved())
        .contains(AudienceReason.RULE);
  }

  // ---- holdouts

  @Test
  void whoIsHeldOutIsInTheTwinAlone() {
    List<Audience> both = audiences(CART + ", 'cohort': '{{traits.arm}}', 'holdout': 'twin'}");
    assertThat(both).extracting(Audience::name).containsExactly("cart", "cart_holdout");
    for (String arm : List.of("holdout", "b", "")) {
      News news = new News.Heard(occasion("track", "Cart Abandoned", Map.of("arm", arm), AT));
      boolean held = arm.equals("holdout");

      assertThat(both.getFirst().judge(Standing.NONE, news, NOTHING, AT).after().isMember())
          .isEqualTo(!held);
      assertThat(both.getLast().judge(Standing.NONE, news, NOTHING, AT).after().isMember())
          .isEqualTo(held);
    }
  }

  // ---- the file

  @Test
  void anIdFollowsFromTheNameAlone() {
    assertThat(Audience.computationId("cart"))
        .matches("aud_[0-9A-Za-z]{27}")
        .isEqualTo(Audience.computationId("cart"))
        .isNotEqualTo(Audience.computationId("cart_holdout"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'name': 'a'}; #/audiences/0; says nothing of who is in it",
        "{'name': 'A B', 'enter': 'purchase'}; #/audiences/0/name; must be a name",
        "{'name': 'a', 'enter': {'track': 'X', 'wher': 1}}; #/audiences/0/enter/wher; is not known",
        "{'name': 'a', 'enter': []}; #/audiences/0/enter; must name at least one",
        "{'name': 'a', 'enter': 'purchase', 'until': '3d'}; #/audiences/0/until; is not known here",
        "{'name': 'a', 'enter': 'purchase', 'window': {'from': '3d', 'until': '3d'}}; #/audiences/0/window; is empty",
        "{'name': 'a', 'enter': 'purchase', 'window': {'until': 'soon'}}; #/audiences/0/window/until; must be a duration",
        "{'name': 'a', 'enter': 'purchase', 'purchase': 'exits'}; #/audiences/0/purchase; is exits, but",
        "{'name': 'a', 'while': {'properties.total': 1}}; #/audiences/0/while; may ask of traits alone",
        "{'name': 'a', 'while': {'traits.x': 1}, 'window': {'until': '3d'}}; #/audiences/0/window; is for an audience with enter",
        "{'name': 'a', 'enter': {'track': 'X'}, 'holdout': 'twin'}; #/audiences/0/holdout; needs cohort",
        "{'name': 'a', 'enter': {'track': 'X'}, 'holdout': 'yes', 'cohort': 'b'}; #/audiences/0/holdout; must be left_out",
        "{'name': 'a', 'enter': {'track': 'X'}, 'purchase': 'no'}; #/audiences/0/purchase; must be exits or stays"
      })
  void whatIsWrongIsNamedByItsPlace(String audience, String place, String problem) {
    assertThat(problems("[" + audience + "]"))
        .anySatisfy(
            it -> {
              assertThat(it.propertyPath()).isEqualTo(place);
              assertThat(it.message()).startsWith(problem);
            });
  }

  @Test
  void noTwoAudiencesHaveOneNameNorThatOfATwin() {
    String twin = CART + ", 'cohort': '{{traits.arm}}', 'holdout': 'twin'}";

    assertThat(problems("[" + twin + ", {'name': 'cart_holdout', 'enter': 'purchase'}]"))
        .extracting(FlowProblem::propertyPath)
        .containsExactly("#/audiences/1/name");
  }

  // ---- by hand

  private static News cart(int minutes) {
    return heard("Cart Abandoned", AT.plus(Duration.ofMinutes(minutes)));
  }

  private static News emptied(int minutes) {
    return heard("Cart Emptied", AT.plus(Duration.ofMinutes(minutes)));
  }

  private static News heard(String event, Instant at) {
    return new News.Heard(occasion("track", event, Map.of(), at));
  }

  private static News ltv(int worth, int seconds) {
    return new News.Heard(occasion("identify", "", Map.of("ltv", worth), AT.plusSeconds(seconds)));
  }

  private static Occasion occasion(
      String kind, String name, Map<String, Object> traits, Instant at) {
    return new Occasion(kind, name, "shop", Values.EMPTY, new Values(traits), Map.of(), at);
  }

  private static Facts bought(Instant at) {
    return new Facts(false, Optional.of(at), new Holdouts(List.of("holdout")));
  }

  private static Audience audience(String written) {
    return audiences(written).getFirst();
  }

  private static List<Audience> audiences(String written) {
    return switch (read("[" + written + "]")) {
      case Rules.Reading.Valid(var rules) -> rules.audiences();
      case Rules.Reading.Invalid(var problems) -> throw new AssertionError(problems);
    };
  }

  private static List<FlowProblem> problems(String written) {
    return switch (read(written)) {
      case Rules.Reading.Valid _ -> List.of();
      case Rules.Reading.Invalid(var problems) -> problems;
    };
  }

  private static Rules.Reading read(String written) {
    String json = "{'audiences': %s}".formatted(written).replace('\'', '"');
    return Rules.read(Json.parse(json).orElseThrow());
  }
}
