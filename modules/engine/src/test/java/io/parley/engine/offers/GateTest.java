package io.parley.engine.offers;

import static io.parley.engine.offers.Offers.NOW;
import static io.parley.engine.offers.Offers.hours;
import static io.parley.engine.offers.Offers.tags;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Values;
import io.parley.engine.offers.Gate.Decision;
import io.parley.engine.offers.Gate.Standing;
import io.parley.engine.offers.Offer.Kind;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateTest {

  private static final FrictionRules RULES = FrictionRules.DEFAULT;
  private static final Offer OFFER = Offers.offer("o", new Kind.Static("CODE-15"), "15%");
  private static final Friction TWICE =
      Friction.NONE.heard(tags("shipping"), NOW, RULES).heard(tags("discount"), hours(1), RULES);

  @Test
  void anOfferIsNeverMadeAtTheStart() {
    assertThat(withheld(standing(Friction.NONE, Values.EMPTY))).contains(Withholding.NO_FRICTION);
  }

  @Test
  void theFirstSignalIsTooLittle() {
    Friction once = Friction.NONE.heard(tags("discount"), NOW, RULES);

    assertThat(withheld(standing(once, Values.EMPTY))).contains(Withholding.LITTLE_FRICTION);
  }

  @Test
  void theSecondSignalOpensTheGate() {
    assertThat(Gate.DEFAULT.judge(OFFER, standing(TWICE, Values.EMPTY), RULES, hours(2)))
        .isEqualTo(new Decision.Granted());
  }

  @Test
  void helpThatCameToNothingOpensTheGate() {
    Friction silent = Friction.NONE.helped(NOW).silent(hours(1), RULES);

    assertThat(withheld(standing(silent, Values.EMPTY))).isEmpty();
  }

  @Test
  void helpDoesNotOpenAGateThatWantsFrictionAlone() {
    Gate strict = gate(Gate.DEFAULT, new Gate.Opening(OptionalInt.of(2), Optional.empty(), false));
    Friction silent = Friction.NONE.helped(NOW).silent(hours(1), RULES);

    assertThat(withheld(strict, standing(silent, Values.EMPTY)))
        .contains(Withholding.LITTLE_FRICTION);
  }

  @Test
  void aGateMayOpenAtAScore() {
    Gate scored = gate(Gate.DEFAULT, new Gate.Opening(OptionalInt.empty(), Optional.of(1.9), true));

    assertThat(withheld(scored, standing(TWICE, Values.EMPTY))).isEmpty();
    assertThat(scored.judge(OFFER, standing(TWICE, Values.EMPTY), RULES, hours(72)))
        .isEqualTo(new Decision.Withheld(Withholding.LITTLE_FRICTION));
  }

  @Test
  void aPurchaserGetsNoOffer() {
    assertThat(withheld(purchased(Optional.of(hours(1))))).contains(Withholding.PURCHASED);
    assertThat(withheld(purchased(Optional.of(NOW.minus(Duration.ofDays(6))))))
        .contains(Withholding.PURCHASED);
    assertThat(withheld(purchased(Optional.of(NOW.minus(Duration.ofDays(8)))))).isEmpty();
  }

  private static Standing purchased(Optional<Instant> at) {
    return new Standing(TWICE, List.of(), Optional.empty(), at, NOW, Values.EMPTY);
  }

  @Test
  void anotherOfferThatStandsKeepsTheGateShut() {
    assertThat(withheld(live(hours(3)))).contains(Withholding.LIVE_OFFER);
    assertThat(withheld(live(hours(2)))).isEmpty();
  }

  private static Standing live(Instant until) {
    return new Standing(TWICE, List.of(), Optional.of(until), Optional.empty(), NOW, Values.EMPTY);
  }

  @Test
  void aContactWhoHadTheirOffersIsCapped() {
    assertThat(withheld(granted(NOW.minus(Duration.ofDays(29))))).contains(Withholding.CAPPED);
    assertThat(withheld(granted(NOW.minus(Duration.ofDays(31))))).isEmpty();
  }

  private static Standing granted(Instant at) {
    return new Standing(TWICE, List.of(at), Optional.empty(), Optional.empty(), NOW, Values.EMPTY);
  }

  @ParameterizedTest
  @CsvSource({
    "holdout, true",
    "Holdout, true",
    "offers-holdout, true",
    "holdout_2026, true",
    "offer-b, false",
    "noholdouts, false"
  })
  void aHoldoutIsKnownByItsCohort(String cohort, boolean held) {
    assertThat(withheld(with("controls", Values.of("experiment_cohort", cohort))))
        .isEqualTo(held ? Optional.of(Withholding.HOLDOUT) : Optional.empty());
  }

  @Test
  void aSegmentWithoutDiscountsIsKnownByNameOrByFlag() {
    Optional<Withholding> shut = Optional.of(Withholding.NO_DISCOUNT_SEGMENT);

    assertThat(withheld(with("trigger", Values.of("segment", "No_Discount")))).isEqualTo(shut);
    assertThat(withheld(with("customer", Values.of("segments", List.of("vip", "no_discount")))))
        .isEqualTo(shut);
    assertThat(withheld(with("commerce", Values.of("discount_eligible", false)))).isEqualTo(shut);
    assertThat(withheld(with("controls", Values.of("discount_eligible", "False")))).isEqualTo(shut);
    assertThat(withheld(with("commerce", Values.of("discount_eligible", true)))).isEmpty();
    assertThat(withheld(with("trigger", Values.of("segment", "vip")))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "80, USD, ''",
    "40, USD, ''",
    "'40.00', USD, ''",
    "39.99, USD, CART_TOO_SMALL",
    "80, EUR, CART_UNKNOWN",
    "'', USD, CART_UNKNOWN",
    "80, '', CART_UNKNOWN"
  })
  void aCartMustBeWorthTheMinimum(String value, String currency, String reason) {
    Gate gate = Gates.with(Optional.of(Money.parse("40 USD").orElseThrow()), Optional.empty());
    Values commerce = Values.of("value", value).with("currency", currency);

    assertThat(withheld(gate, with("commerce", commerce)).map(Enum::name).orElse(""))
        .isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource({
    // 1 - 0.5 / 0.85 = 0.41
    "15%, 0.5, '', 100, ''",
    "15%, 0.3, '', 100, MARGIN_TOO_SMALL",
    "15%, '', 50, 100, ''",
    "15%, '', 75, 100, MARGIN_TOO_SMALL",
    "15%, '', '', 100, MARGIN_UNKNOWN",
    "10 USD, 0.4, '', 100, ''",
    "10 USD, 0.4, '', 20, MARGIN_TOO_SMALL",
    "10 USD, 0.9, '', 10, MARGIN_TOO_SMALL",
    "10 USD, 0.4, '', '', MARGIN_UNKNOWN",
    "free_shipping, 0.3, '', 100, ''",
    "100%, 0.9, '', 100, MARGIN_TOO_SMALL"
  })
  void theCartMustKeepTheMarginFloor(
      String worth, String margin, String cost, String value, String reason) {
    Gate gate = Gates.with(Optional.empty(), Optional.of(new BigDecimal("0.25")));
    Values commerce =
        Values.of("margin", margin).with("cost", cost).with("value", value).with("currency", "USD");
    Offer offer = Offers.offer("o", new Kind.Static("CODE-15"), worth);
    Decision decision = gate.judge(offer, with("commerce", commerce), RULES, hours(2));

    assertThat(decision)
        .isEqualTo(
            reason.isEmpty()
                ? new Decision.Granted()
                : new Decision.Withheld(Withholding.valueOf(reason)));
  }

  @Test
  void anAmountOfAnotherCurrencyIsNotTakenOff() {
    Offer euros = Offers.offer("o", new Kind.Static("CODE-15"), "10 EUR");
    Standing cart = with("commerce", Values.of("currency", "USD"));

    assertThat(Gate.DEFAULT.judge(euros, cart, RULES, hours(2)))
        .isEqualTo(new Decision.Withheld(Withholding.OTHER_CURRENCY));
  }

  @ParameterizedTest
  @CsvSource({
    "sku, GC-1, true",
    "category, Gift_Card, true",
    "tags, gift_card, true",
    "name, gift_card, false",
    "sku, GC-10, false"
  })
  void anItemThatIsNeverDiscountedShutsTheGate(String key, String word, boolean shut) {
    Values commerce =
        Values.of("items", List.of(Map.of("name", "Cream"), Map.of(key, List.of(word))));

    assertThat(withheld(Gates.excluding("gc-1", "gift_card"), with("commerce", commerce)))
        .isEqualTo(shut ? Optional.of(Withholding.EXCLUDED_ITEM) : Optional.empty());
  }

  @Test
  void anOfferThatHasEndedIsNotMade() {
    Offer ended =
        new Offer(
            "o",
            OFFER.kind(),
            OFFER.worth(),
            OFFER.expiry(),
            OFFER.window(),
            Optional.of(hours(2)),
            Gate.DEFAULT,
            List.of());

    assertThat(Gate.DEFAULT.judge(ended, standing(TWICE, Values.EMPTY), RULES, hours(2)))
        .isEqualTo(new Decision.Withheld(Withholding.ENDED));
    assertThat(ended.expiresAt(hours(1))).isEqualTo(hours(2));
    assertThat(OFFER.expiresAt(NOW)).isEqualTo(hours(48));
  }

  @Test
  void everyReasonHasASentenceAndAWordOfItsOwn() {
    assertThat(EnumSet.allOf(Withholding.class))
        .allMatch(reason -> reason.sentence().matches("[a-z].{15,}[^.]"))
        .extracting(Withholding::word)
        .doesNotHaveDuplicates();
  }

  @Property(tries = 300)
  void noOfferWithoutFrictionWhateverIsKnown(
      @ForAll boolean purchased, @ForAll boolean live, @ForAll int hours) {
    Standing standing =
        new Standing(
            Friction.NONE.helped(NOW),
            List.of(),
            live ? Optional.of(hours(5)) : Optional.empty(),
            purchased ? Optional.of(hours(1)) : Optional.empty(),
            NOW,
            Values.EMPTY);

    assertThat(Gate.DEFAULT.judge(OFFER, standing, RULES, hours(Math.floorMod(hours, 1_000))))
        .isInstanceOf(Decision.Withheld.class);
  }

  private static Optional<Withholding> withheld(Standing standing) {
    return withheld(Gate.DEFAULT, standing);
  }

  private static Optional<Withholding> withheld(Gate gate, Standing standing) {
    return switch (gate.judge(OFFER, standing, RULES, hours(2))) {
      case Decision.Granted() -> Optional.empty();
      case Decision.Withheld(var reason) -> Optional.of(reason);
    };
  }

  private static Standing standing(Friction friction, Values trigger) {
    return new Standing(friction, List.of(), Optional.empty(), Optional.empty(), NOW, trigger);
  }

  private static Standing with(String part, Values values) {
    return standing(TWICE, Values.of(part, values));
  }

  private static Gate gate(Gate usual, Gate.Opening opening) {
    return new Gate(
        opening,
        usual.purchaserFor(),
        usual.holdouts(),
        usual.noDiscountSegments(),
        usual.minimumValue(),
        usual.marginFloor(),
        usual.excludedItems(),
        usual.perContact());
  }

  /// Gates with a condition more than the default.
  private static final class Gates {

    static Gate with(Optional<Money> minimum, Optional<BigDecimal> floor) {
      return new Gate(
          Gate.DEFAULT.opening(),
          Gate.DEFAULT.purchaserFor(),
          Set.of(),
          Set.of(),
          minimum,
          floor,
          Set.of(),
          Gate.DEFAULT.perContact());
    }

    static Gate excluding(String... words) {
      return new Gate(
          Gate.DEFAULT.opening(),
          Gate.DEFAULT.purchaserFor(),
          Set.of(),
          Set.of(),
          Optional.empty(),
          Optional.empty(),
          Set.copyOf(Arrays.asList(words)),
          Gate.DEFAULT.perContact());
    }
  }
}
