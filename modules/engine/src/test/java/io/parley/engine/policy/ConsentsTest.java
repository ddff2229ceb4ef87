package io.parley.engine.policy;

import static io.parley.engine.policy.ConsentChannel.SMS;
import static io.parley.engine.policy.ConsentChannel.WHATSAPP;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.Block;
import io.parley.engine.policy.Consent.Method;
import io.parley.engine.policy.Consent.State;
import io.parley.engine.policy.ConsentRules.Kinship;
import io.parley.engine.policy.Consents.Answer;
import io.parley.engine.policy.Consents.Obstacle;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ConsentsTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final String PHONE = "+14155550142";
  private static final String WORK = "+14155550199";

  private static final Consent GRANTED = of(PHONE, SMS, State.GRANTED, Method.CHECKOUT, 10);

  /// @param hoursAgo when it was said
  private static Consent of(
      String number, ConsentChannel channel, State state, Method method, int hoursAgo) {
    return of(Optional.of(number), channel, "marketing", state, method, hoursAgo);
  }

  private static Consent of(
      Optional<String> number,
      ConsentChannel channel,
      String programme,
      State state,
      Method method,
      int hoursAgo) {
    return new Consent(
        number,
        Optional.of("42"),
        channel,
        programme,
        state,
        method,
        "shop",
        "",
        NOW.minusSeconds(hoursAgo * 3600L));
  }

  private static Consent stop(String number, ConsentChannel channel, int hoursAgo) {
    return of(number, channel, State.REVOKED, Method.KEYWORD, hoursAgo);
  }

  private static Consent listed(String programme, State state, int hoursAgo) {
    return of(Optional.empty(), SMS, programme, state, Method.SUBSCRIPTION, hoursAgo);
  }

  @Test
  void whoIsTakenOffTheListIsNotWrittenToUntilPutOnItAgain() {
    Consent off = listed(Consent.EVERY_PROGRAMME, State.REVOKED, 5);
    Consent on = listed(Consent.EVERY_PROGRAMME, State.GRANTED, 4);

    assertThat(ask(SMS, ConsentRules.DEFAULT, GRANTED, off))
        .isEqualTo(new Answer.No(Obstacle.REVOKED, Optional.of(off)));
    assertThat(ask(SMS, ConsentRules.DEFAULT, GRANTED, off, on))
        .isEqualTo(new Answer.Yes(Optional.of(GRANTED)));
  }

  @Test
  void toBeOnTheListLiftsNoStopAndIsNoConsentThatIsAskedFor() {
    Consent on = listed("marketing", State.GRANTED, 1);
    ConsentRules asks = new ConsentRules(Set.of(SMS), OptOutScope.ALL, Kinship.NUMBER);

    assertThat(ask(SMS, ConsentRules.DEFAULT, stop(PHONE, SMS, 5), on))
        .isInstanceOf(Answer.No.class);
    assertThat(ask(SMS, asks, on)).isEqualTo(new Answer.No(Obstacle.NO_CONSENT, Optional.empty()));
  }

  @Test
  void whatIsSaidToUsAfterwardsOverrulesTheList() {
    Consent off = listed("marketing", State.REVOKED, 5);
    Consent start = of(PHONE, SMS, State.GRANTED, Method.KEYWORD, 1);

    assertThat(ask(SMS, ConsentRules.DEFAULT, off, start))
        .isEqualTo(new Answer.Yes(Optional.of(start)));
  }

  private static Answer ask(ConsentChannel channel, ConsentRules rules, Consent... known) {
    return new Consents(PHONE, List.of(known)).mayWrite(channel, "marketing", rules, NOW);
  }

  private static ConsentRules scope(OptOutScope scope) {
    return new ConsentRules(Set.of(), scope, Kinship.NUMBER);
  }

  private static Optional<Obstacle> obstacle(Answer answer) {
    return answer instanceof Answer.No no ? Optional.of(no.obstacle()) : Optional.empty();
  }

  // ---- what must be on record

  @Test
  void smsNeedsNoRecordAndWhatsAppNeedsOne() {
    assertThat(ask(SMS, ConsentRules.DEFAULT)).isEqualTo(new Answer.Yes(Optional.empty()));
    assertThat(ask(WHATSAPP, ConsentRules.DEFAULT))
        .isEqualTo(new Answer.No(Obstacle.NO_CONSENT, Optional.empty()));
  }

  @Test
  void aConsentToSmsIsNoneToWhatsApp() {
    assertThat(obstacle(ask(WHATSAPP, ConsentRules.DEFAULT, GRANTED)))
        .contains(Obstacle.NO_CONSENT);
    Consent whatsApp = of(PHONE, WHATSAPP, State.GRANTED, Method.DOUBLE_OPT_IN, 1);
    assertThat(ask(WHATSAPP, ConsentRules.DEFAULT, GRANTED, whatsApp))
        .isEqualTo(new Answer.Yes(Optional.of(whatsApp)));
  }

  @Test
  void whatWasSaidOfThePersonCountsForEveryAddress() {
    Consent ofPerson =
        of(Optional.empty(), WHATSAPP, "marketing", State.GRANTED, Method.CHECKOUT, 5);
    assertThat(obstacle(ask(WHATSAPP, ConsentRules.DEFAULT, ofPerson))).isEmpty();
    Consent ofOther = of(WORK, WHATSAPP, State.GRANTED, Method.CHECKOUT, 5);
    assertThat(obstacle(ask(WHATSAPP, ConsentRules.DEFAULT, ofOther)))
        .contains(Obstacle.NO_CONSENT);
  }

  // ---- which one holds

  @Test
  void theNewestHoldsHoweverLateItArrives() {
    Consent revoked = of(PHONE, SMS, State.REVOKED, Method.PREFERENCES, 5);
    Consent again = of(PHONE, SMS, State.GRANTED, Method.CHECKOUT, 1);

    assertThat(obstacle(ask(SMS, ConsentRules.DEFAULT, revoked, GRANTED)))
        .contains(Obstacle.REVOKED);
    assertThat(obstacle(ask(SMS, ConsentRules.DEFAULT, again, revoked, GRANTED))).isEmpty();
  }

  @Test
  void ofTwoOfOneMomentTheRevocationHolds() {
    Consent revoked = of(PHONE, SMS, State.REVOKED, Method.PREFERENCES, 10);

    assertThat(obstacle(ask(SMS, ConsentRules.DEFAULT, revoked, GRANTED)))
        .contains(Obstacle.REVOKED);
    assertThat(obstacle(ask(SMS, ConsentRules.DEFAULT, GRANTED, revoked)))
        .contains(Obstacle.REVOKED);
  }

  @Test
  void aConsentOfTomorrowDoesNotCountAndARevocationDoes() {
    Consent granted = of(PHONE, WHATSAPP, State.GRANTED, Method.CHECKOUT, -24);
    Consent revoked = of(PHONE, SMS, State.REVOKED, Method.CHECKOUT, -24);

    assertThat(obstacle(ask(WHATSAPP, ConsentRules.DEFAULT, granted)))
        .contains(Obstacle.NO_CONSENT);
    assertThat(obstacle(ask(SMS, ConsentRules.DEFAULT, revoked))).contains(Obstacle.REVOKED);
  }

  // ---- how far a stop reaches

  @Test
  void aStopReachesEveryAddressAndProgrammeByDefault() {
    Consent stop = stop(WORK, WHATSAPP, 2);

    assertThat(obstacle(ask(SMS, ConsentRules.DEFAULT, GRANTED, stop)))
        .contains(Obstacle.OPTED_OUT);
    assertThat(
            obstacle(
                new Consents(PHONE, List.of(stop))
                    .mayWrite(SMS, "orders", ConsentRules.DEFAULT, NOW)))
        .contains(Obstacle.OPTED_OUT);
  }

  @Test
  void aStopCanReachItsChannelOrItsProgrammeAlone() {
    Consent stop = stop(WORK, WHATSAPP, 2);
    assertThat(obstacle(ask(SMS, scope(OptOutScope.CHANNEL), stop))).isEmpty();
    assertThat(obstacle(ask(WHATSAPP, scope(OptOutScope.CHANNEL), stop)))
        .contains(Obstacle.OPTED_OUT);
    assertThat(obstacle(ask(SMS, scope(OptOutScope.PROGRAMME), stop))).contains(Obstacle.OPTED_OUT);
    assertThat(
            obstacle(
                new Consents(PHONE, List.of(stop))
                    .mayWrite(SMS, "orders", scope(OptOutScope.PROGRAMME), NOW)))
        .isEmpty();
  }

  @Test
  void whatNamesWhatItIsAboutReachesNoFurther() {
    Consent mail = of("jane@example.com", ConsentChannel.EMAIL, State.REVOKED, Method.FORM, 1);
    Consent reviews = of(Optional.of(PHONE), SMS, "reviews", State.REVOKED, Method.PREFERENCES, 1);

    assertThat(obstacle(ask(SMS, ConsentRules.DEFAULT, mail, reviews))).isEmpty();
  }

  @Test
  void aStopIsOverWhenItsAddressComesBackOrTheAskedOneAgreesAnew() {
    Consent stop = stop(WORK, SMS, 5);
    Consent start = of(WORK, SMS, State.GRANTED, Method.KEYWORD, 1);
    Consent anew = of(PHONE, SMS, State.GRANTED, Method.CHECKOUT, 1);

    assertThat(obstacle(ask(SMS, ConsentRules.DEFAULT, stop, start))).isEmpty();
    assertThat(obstacle(ask(SMS, ConsentRules.DEFAULT, stop, anew))).isEmpty();
    assertThat(obstacle(ask(SMS, ConsentRules.DEFAULT, stop, GRANTED)))
        .contains(Obstacle.OPTED_OUT);
  }

  @Property
  void theOrderOfArrivalChangesNothing(
      @ForAll @IntRange(min = 0, max = 3) int first,
      @ForAll @IntRange(min = 0, max = 3) int second,
      @ForAll @IntRange(min = 0, max = 3) int third) {
    List<Consent> said =
        List.of(
            stop(PHONE, SMS, first),
            of(PHONE, SMS, State.GRANTED, Method.KEYWORD, second),
            of(Optional.empty(), SMS, "marketing", State.GRANTED, Method.CHECKOUT, third));
    Optional<Obstacle> expected = obstacle(asked(said));

    assertThat(obstacle(asked(said.reversed()))).isEqualTo(expected);
    assertThat(obstacle(asked(List.of(said.get(1), said.get(2), said.get(0))))).isEqualTo(expected);
    assertThat(expected.isPresent()).isEqualTo(first <= Math.min(second, third));
  }

  private static Answer asked(List<Consent> said) {
    return new Consents(PHONE, said).mayWrite(SMS, "marketing", ConsentRules.DEFAULT, NOW);
  }

  @Test
  void aRefusalSaysWhyAndSinceWhen() {
    assertThat(ask(SMS, ConsentRules.DEFAULT, stop(PHONE, SMS, 0)))
        .isInstanceOfSatisfying(
            Answer.No.class,
            no ->
                assertThat(no.sentence())
                    .isEqualTo(
                        "the contact has taken back the consent for this channel and programme"
                            + " (sms, marketing, 2026-03-01T12:00:00Z)"));
  }

  // ---- blocks of a person's addresses

  @Test
  void anOptOutOfOneAddressBarsTheOthersAsFarAsItReaches() {
    Address phone = new Address(PHONE);
    Address work = new Address(WORK);
    Address whatsApp = new Address("whatsapp:" + PHONE);
    PersonFacts.Known blocked = new PersonFacts.Known(work, Optional.of(Block.OPTED_OUT), NOW);
    PersonFacts facts =
        new PersonFacts(
            Optional.empty(),
            List.of(new PersonFacts.Known(phone, Optional.empty(), NOW), blocked),
            Optional.empty(),
            List.of(),
            List.of());

    assertThat(facts.bar(phone, OptOutScope.ALL)).contains(blocked);
    assertThat(facts.bar(whatsApp, OptOutScope.ALL)).contains(blocked);
    assertThat(facts.bar(phone, OptOutScope.CHANNEL)).contains(blocked);
    assertThat(facts.bar(whatsApp, OptOutScope.CHANNEL)).isEmpty();
    assertThat(facts.bar(phone, OptOutScope.PROGRAMME)).isEmpty();
    assertThat(facts.bar(work, OptOutScope.PROGRAMME)).contains(blocked);
  }

  @Test
  void anAddressThatTakesNoMessagesBarsNoOther() {
    PersonFacts facts =
        new PersonFacts(
            Optional.empty(),
            List.of(new PersonFacts.Known(new Address(WORK), Optional.of(Block.UNREACHABLE), NOW)),
            Optional.empty(),
            List.of(),
            List.of());

    assertThat(facts.bar(new Address(PHONE), OptOutScope.ALL)).isEmpty();
    assertThat(facts.bar(new Address(WORK), OptOutScope.ALL)).isPresent();
  }
}
