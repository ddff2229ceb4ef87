package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.codec.YamlFiles;
import io.parley.engine.Awaiting;
import io.parley.engine.Effect;
import io.parley.engine.Effect.ScheduleTimer;
import io.parley.engine.Event;
import io.parley.engine.FlowRef;
import io.parley.engine.FlowSid;
import io.parley.engine.MessageStatus;
import io.parley.engine.Reason;
import io.parley.engine.Values;
import io.parley.engine.flow.Flow;
import io.parley.engine.offers.Bargain;
import io.parley.engine.offers.Withholding;
import io.parley.engine.policy.PersonFacts;
import io.parley.engine.policy.Policy;
import io.parley.testkit.Scenario;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Offers against friction: asked for by a widget, judged by the gate, reserved, said, used or
/// given back.
class OfferingTest {

  static final Policy POLICY =
      policy(
          """
          offers:
            public: ["5% off for students"]
            catalogue:
              second: {kind: generated, prefix: LAW-, value: 15%}
              other: {kind: generated, prefix: OTH-, value: 10 USD}
              big: {kind: static, code: BIG20, value: 20%, gate: {minimum_value: 40 USD, margin_floor: 0.25, excluded_items: [gift_card]}}
              over: {kind: static, code: OVER10, value: 10%, ends_at: "2026-01-01T00:00:00Z"}
              euros: {kind: static, code: EURO10, value: 10 EUR}
          """);

  static Policy policy(String yaml) {
    if (!(YamlFiles.parse(yaml) instanceof YamlFiles.Parsing.Parsed(var tree))) {
      throw new AssertionError(yaml);
    }
    return switch (Policy.read(tree)) {
      case Policy.Reading.Valid(var policy) -> policy;
      case Policy.Reading.Invalid(var problems) -> throw new AssertionError(problems);
    };
  }

  /// Asks, helps, and offers after the second answer.
  static Flow flow(String offer) {
    return flow(offer, "Take {{flow.offer.value}} off with {{flow.offer.code}}");
  }

  static Flow flow(String offer, String promise) {
    return Drafts.flow()
        .ask("first", "What is in the way?", "incomingMessage>second", "timeout>gate")
        .ask("second", "And now?", "incomingMessage>gate", "timeout>gate")
        .widget(
            "gate",
            "parley.gate-offer",
            "{\"offer\": \"%s\"}".formatted(offer),
            "granted>promise",
            "withheld>without")
        .ask("promise", promise, "incomingMessage>gate", "timeout", "deliveryFailure>without")
        .message("without", "{{widgets.gate.reason}}", "sent>last", "failed>last")
        .ask("last", "Anything else?", "incomingMessage", "timeout")
        .read();
  }

  private static Scenario scenario(Flow flow) {
    return Scenario.of("offers", flow, new Meanings()).by(POLICY);
  }

  /// Two replies that are in the way of a sale.
  static Scenario troubled(Flow flow, Values parameters) {
    Scenario scenario = scenario(flow);
    scenario.trigger(parameters);
    trouble(scenario);
    return scenario;
  }

  private static void trouble(Scenario scenario) {
    scenario.later(Duration.ofMinutes(1)).reply("#shipping how much is it");
    scenario.later(Duration.ofMinutes(1)).reply("#discount any code?");
    scenario.later(Duration.ofSeconds(1));
  }

  static Scenario granted() {
    Scenario scenario = troubled(flow("second"), Values.EMPTY);
    scenario.grant("LAW-7KXW4MPN", "15%");
    return scenario;
  }

  private static Optional<Bargain.State> state(Scenario scenario) {
    return scenario.conversation().bargain().held().map(Bargain.Held::state);
  }

  private static <T extends Effect> List<T> all(Scenario scenario, Class<T> type) {
    return scenario.effects().stream().filter(type::isInstance).map(type::cast).toList();
  }

  // ---- granted

  @Test
  void theSecondFrictionOpensTheGateAndTheCodeIsSaid() {
    Scenario scenario = granted();

    assertThat(scenario.texts()).last().isEqualTo("Take 15% off with LAW-7KXW4MPN");
    assertThat(all(scenario, Effect.ReserveOffer.class))
        .extracting(Effect.ReserveOffer::persons)
        .containsExactly(List.of("id:42", "to:+14155550100"));
    assertThat(scenario.outcome("offer_granted").properties())
        .satisfies(
            told -> {
              assertThat(told.text("offer")).contains("second");
              assertThat(told.text("offer_code")).contains("LAW-7KXW4MPN");
              assertThat(told.text("offer_value")).contains("15%");
              assertThat(told.text("widget")).contains("gate");
            });
    assertThat(all(scenario, Effect.KeepOffer.class)).hasSize(1);
    assertThat(state(scenario)).contains(Bargain.State.SENT);
  }

  @Test
  void aReplyIsToldWithTheFrictionThatItLeaves() {
    Scenario scenario = scenario(flow("second"));
    scenario.trigger();

    scenario.later(Duration.ofMinutes(1)).reply("#shipping and #discount in one breath");

    assertThat(scenario.outcome("twilio_reply_intent").properties().object("friction").entries())
        .containsEntry("score", 1.0)
        .containsEntry("count", 1L);
  }

  @Test
  void anOptOutIsNoFriction() {
    Scenario scenario = scenario(flow("second"));
    scenario.trigger();

    scenario.later(Duration.ofMinutes(1)).reply("#complaint #opt_out leave me alone");

    assertThat(scenario.conversation().bargain().friction().signals()).isEmpty();
  }

  @Test
  void helpThatCameToNothingOpensTheGate() {
    Flow flow =
        Drafts.flow()
            .widget(
                "first",
                "send-and-wait-for-reply",
                "{\"from\": \"{{flow.channel.address}}\", \"body\": \"It ships in two days\","
                    + " \"timeout\": \"3600\", \"parley.help\": true}",
                "incomingMessage>gate",
                "timeout>gate")
            .widget("gate", "parley.gate-offer", "{\"offer\": \"second\"}", "granted", "withheld")
            .read();
    Scenario silent = scenario(flow);
    silent.trigger();
    Scenario unmoved = scenario(flow);
    unmoved.trigger();
    Scenario thankful = scenario(flow);
    thankful.trigger();

    silent.timeout();
    unmoved.later(Duration.ofMinutes(1)).reply("hm");
    thankful.later(Duration.ofMinutes(1)).reply("#thanks that helps");

    assertThat(silent.wishes()).hasSize(1);
    assertThat(unmoved.wishes()).hasSize(1);
    assertThat(thankful.wishes()).isEmpty();
    assertThat(thankful.outcome("offer_withheld").properties().text("reason"))
        .contains("no_friction");
  }

  @Test
  void silenceAfterAPlainQuestionIsNoFriction() {
    Scenario scenario = scenario(flow("second"));
    scenario.trigger();

    scenario.timeout();

    assertThat(scenario.texts()).contains("no_friction");
    assertThat(scenario.wishes()).isEmpty();
  }

  @Test
  void aGateAskedAgainGrantsTheSameOneAgain() {
    Scenario scenario = granted();

    scenario.later(Duration.ofMinutes(5)).reply("what was it?");

    assertThat(scenario.texts())
        .endsWith("Take 15% off with LAW-7KXW4MPN", "Take 15% off with LAW-7KXW4MPN");
    assertThat(all(scenario, Effect.ReserveOffer.class)).hasSize(1);
    assertThat(scenario.outcomeNames()).containsOnlyOnce("offer_granted");
  }

  @Test
  void theNextFlowBeginsWithoutTheFrictionOfTheLast() {
    Scenario scenario = troubled(flow("second"), Values.EMPTY);
    scenario.deny(Withholding.POOL_EMPTY);
    scenario.reply("ok");

    scenario.later(Duration.ofHours(1)).trigger();
    scenario.timeout();

    assertThat(scenario.texts()).contains("no_friction");
  }

  @Test
  void subflowsReadTheOfferToo() {
    Flow sub =
        Drafts.flow().message("first", "Sub says {{flow.offer.code}}", "sent", "failed").read();
    FlowSid sid = FlowSid.named("sub");
    Flow flow =
        Drafts.flow()
            .ask("first", "1?", "incomingMessage>second")
            .ask("second", "2?", "incomingMessage>gate")
            .widget(
                "gate", "parley.gate-offer", "{\"offer\": \"second\"}", "granted>sub", "withheld")
            .widget(
                "sub",
                "run-subflow",
                "{\"flow_sid\": \"%s\", \"flow_revision\": \"LatestPublished\"}"
                    .formatted(sid.value()),
                "completed",
                "failed")
            .read();
    Scenario scenario = scenario(flow).besides(new FlowRef(sid, "sub", 1), sub);
    scenario.trigger();
    trouble(scenario);

    scenario.grant("LAW-7KXW4MPN", "15%");

    assertThat(scenario.texts()).last().isEqualTo("Sub says LAW-7KXW4MPN");
  }

  // ---- withheld

  @ParameterizedTest
  @EnumSource(
      value = Withholding.class,
      names = {"LIVE_OFFER", "CAPPED", "POOL_EMPTY", "NO_CODE", "GIVEN_BACK"})
  void whatTheShopOrThePoolSaysLeadsToTheWithheldExit(Withholding reason) {
    Scenario scenario = troubled(flow("second"), Values.EMPTY);

    scenario.deny(reason);

    assertThat(scenario.texts()).contains(reason.word());
    assertThat(scenario.outcome("offer_withheld").properties())
        .satisfies(
            told -> {
              assertThat(told.text("reason")).contains(reason.word());
              assertThat(told.text("explanation")).contains(reason.sentence());
              assertThat(told.object("friction").entries()).containsEntry("count", 2L);
            });
  }

  @Test
  void whatTheTriggerSaysShutsTheGate() {
    assertThat(withheld("second", Flows.controls("experiment_cohort", "offers-holdout")))
        .isEqualTo("holdout");
    assertThat(withheld("second", Flows.controls("segments", List.of("no_discount"))))
        .isEqualTo("no_discount_segment");
    assertThat(withheld("big", Values.EMPTY)).isEqualTo("cart_unknown");
    assertThat(withheld("big", cart("30", "USD"))).isEqualTo("cart_too_small");
    assertThat(withheld("big", cart("60", "USD"))).isEqualTo("margin_unknown");
    assertThat(withheld("big", commerce(Values.of("margin", 0.3)))).isEqualTo("margin_too_small");
    assertThat(
            withheld(
                "big",
                commerce(Values.of("items", List.of(Values.of("sku", "gift_card").entries())))))
        .isEqualTo("excluded_item");
    assertThat(withheld("euros", cart("60", "USD"))).isEqualTo("other_currency");
    assertThat(withheld("over", Values.EMPTY)).isEqualTo("ended");
    assertThat(withheld("nothing", Values.EMPTY)).isEqualTo("unknown_offer");
  }

  private static Values cart(String value, String currency) {
    return Values.of("commerce", Values.of("value", value).with("currency", currency));
  }

  private static Values commerce(Values more) {
    return Values.of("commerce", Values.of("value", "60").with("currency", "USD").with(more));
  }

  private static String withheld(String offer, Values parameters) {
    Scenario scenario = troubled(flow(offer), parameters);
    assertThat(scenario.wishes()).isEmpty();
    return scenario.outcome("offer_withheld").properties().text("reason").orElse("");
  }

  @Test
  void oneFrictionIsTooLittle() {
    Scenario scenario = scenario(flow("second"));
    scenario.trigger();
    scenario.later(Duration.ofMinutes(1)).reply("#shipping how much");

    scenario.timeout();

    assertThat(scenario.texts()).contains("little_friction");
  }

  @Test
  void whoHasBoughtMeanwhileGetsNothing() {
    Scenario scenario = scenario(flow("second"));
    scenario.purchase();
    scenario.later(Duration.ofMinutes(1)).trigger();

    trouble(scenario);

    assertThat(scenario.texts()).contains("purchased");
  }

  /// No event of the order reaches the thread.
  @Test
  void whoHasBoughtInAnotherThreadGetsNothing() {
    assertThat(afterOrder(Duration.ZERO).texts()).contains("purchased");
    assertThat(afterOrder(Duration.ofDays(6)).texts())
        .as("shortly before the flow began")
        .contains("purchased");
    assertThat(afterOrder(Duration.ofDays(8)).wishes()).hasSize(1);
  }

  private static Scenario afterOrder(Duration ago) {
    Scenario scenario = scenario(flow("second"));
    scenario.trigger();
    scenario.of(bought(scenario.now().minus(ago)));
    trouble(scenario);
    return scenario;
  }

  @Test
  void onlyAStepThatComesToTheGateLooksAtThePerson() {
    AtomicInteger looks = new AtomicInteger();
    Scenario scenario = scenario(flow("second"));
    scenario.trigger(Values.EMPTY);
    scenario.of(
        () -> {
          looks.incrementAndGet();
          return PersonFacts.NOTHING_KNOWN;
        });

    scenario.later(Duration.ofMinutes(1)).reply("#shipping how much is it");
    assertThat(looks).hasValue(0);

    scenario.later(Duration.ofMinutes(1)).reply("#discount any code?");
    assertThat(looks.getAndSet(0)).isPositive();

    scenario.grant("LAW-7KXW4MPN", "15%");
    assertThat(looks).hasValue(0);
  }

  private static Supplier<PersonFacts> bought(Instant at) {
    return () ->
        new PersonFacts(
            Optional.of("42"),
            List.of(),
            Optional.of(new PersonFacts.Purchase("o-1", at)),
            List.of(),
            List.of());
  }

  @Test
  void aGateAskedAgainGrantsNothingOnceThePersonHasBoughtElsewhere() {
    Scenario scenario = granted();
    scenario.later(Duration.ofMinutes(5));
    scenario.of(bought(scenario.now()));

    scenario.later(Duration.ofMinutes(5)).reply("what was it?");

    assertThat(scenario.texts()).contains("purchased");
  }

  @Test
  void anOrderThatIsKnownHereIsNotForgottenForAnOlderOneElsewhere() {
    Scenario scenario = scenario(flow("second"));
    scenario.purchase();
    scenario.of(bought(scenario.now().minus(Duration.ofDays(60))));
    scenario.later(Duration.ofMinutes(1)).trigger();

    trouble(scenario);

    assertThat(scenario.texts()).contains("purchased");
  }

  @Test
  void anotherOfferIsNoneWhileOneStands() {
    Flow flow =
        Drafts.flow()
            .ask("first", "1?", "incomingMessage>second")
            .ask("second", "2?", "incomingMessage>gate")
            .widget(
                "gate", "parley.gate-offer", "{\"offer\": \"second\"}", "granted>say", "withheld")
            .message("say", "{{flow.offer.code}}", "sent>more", "failed")
            .widget(
                "more", "parley.gate-offer", "{\"offer\": \"other\"}", "granted", "withheld>last")
            .ask("last", "{{widgets.more.reason}}", "incomingMessage")
            .read();
    Scenario scenario = troubled(flow, Values.EMPTY);

    scenario.grant("LAW-7KXW4MPN", "15%");

    assertThat(scenario.texts()).endsWith("LAW-7KXW4MPN", "live_offer");
  }

  @Test
  void aCodeThatDoesNotComeIsNotWaitedForAndALateOneGoesBack() {
    Scenario scenario = troubled(flow("second"), Values.EMPTY);
    assertThat(scenario.conversation().execution().orElseThrow().position().awaiting())
        .isInstanceOf(Awaiting.OfferAnswer.class);

    scenario.fire(
        scenario.timers().stream()
            .filter(it -> it.purpose() == ScheduleTimer.Purpose.OFFER_TIMEOUT)
            .findFirst()
            .orElseThrow());
    scenario.grant("LAW-7KXW4MPN", "15%");

    assertThat(scenario.texts()).contains("unavailable");
    assertThat(scenario.refusals()).containsExactly(Reason.LATE_ANSWER);
    assertThat(all(scenario, Effect.ReturnOffer.class))
        .extracting(Effect.ReturnOffer::why)
        .containsExactly("late");
    assertThat(scenario.conversation().bargain().held()).isEmpty();
  }

  // ---- given back

  @Test
  void aCodeWhoseMessageFailsGoesBackInThatTurn() {
    Scenario scenario = troubled(flow("second"), Values.EMPTY);
    scenario.failNextSend(30008, "unknown", Optional.empty());

    scenario.grant("LAW-7KXW4MPN", "15%");

    assertThat(all(scenario, Effect.ReturnOffer.class))
        .extracting(Effect.ReturnOffer::why)
        .containsExactly("message_failed");
    assertThat(scenario.outcome("offer_returned").properties().text("offer_code"))
        .contains("LAW-7KXW4MPN");
    assertThat(scenario.conversation().bargain().held()).isEmpty();
  }

  @Test
  void aCodeThatWasNotDeliveredGoesBack() {
    Scenario scenario = granted();

    scenario.deliver(MessageStatus.UNDELIVERED);

    assertThat(all(scenario, Effect.ReturnOffer.class)).hasSize(1);
  }

  @Test
  void aCodeThatArrivedOnceStaysWhateverFailsLater() {
    Scenario scenario = granted();
    scenario.later(Duration.ofMinutes(5)).reply("what was it?");

    scenario.deliver(MessageStatus.UNDELIVERED);

    assertThat(all(scenario, Effect.ReturnOffer.class)).isEmpty();
    assertThat(state(scenario)).contains(Bargain.State.SENT);
  }

  @Test
  void aCodeWhoseMessageIsWithdrawnGoesBackUnlessItLeft() {
    Scenario scenario = troubled(flow("second"), Values.EMPTY).holdSends();
    scenario.grant("LAW-7KXW4MPN", "15%");
    Effect.Send carrier = scenario.waiting().getLast();

    scenario.reply("STOP");
    assertThat(all(scenario, Effect.ReturnOffer.class))
        .extracting(Effect.ReturnOffer::unless)
        .containsExactly(List.of(carrier.id()));
    assertThat(state(scenario)).contains(Bargain.State.WITHDRAWN);

    scenario.answer(carrier);
    assertThat(state(scenario)).contains(Bargain.State.SENT);
  }

  @Test
  void aCodeThatNobodyWasToldGoesBackAtTheEnd() {
    Flow flow =
        Drafts.flow()
            .ask("first", "1?", "incomingMessage>second")
            .ask("second", "2?", "incomingMessage>gate")
            .widget("gate", "parley.gate-offer", "{\"offer\": \"second\"}", "granted", "withheld")
            .read();
    Scenario scenario = troubled(flow, Values.EMPTY);

    scenario.grant("LAW-7KXW4MPN", "15%");

    assertThat(scenario.result()).contains("completed");
    assertThat(all(scenario, Effect.ReturnOffer.class))
        .extracting(Effect.ReturnOffer::why)
        .containsExactly("not_sent");
  }

  // ---- used

  @Test
  void anOrderThatNamesTheCodeUsesIt() {
    Scenario scenario = granted();
    scenario.later(Duration.ofMinutes(7));

    scenario.take(
        new Event.PurchaseSeen(
            "A-1",
            Values.of("discount_codes", List.of(Values.of("code", "law-7kxw4mpn").entries())),
            scenario.now()));

    assertThat(all(scenario, Effect.RedeemOffer.class))
        .extracting(Effect.RedeemOffer::code)
        .containsExactly("LAW-7KXW4MPN");
    assertThat(scenario.outcome("conversion").properties().entries())
        .containsEntry("offer", "second")
        .containsEntry("offer_code", "LAW-7KXW4MPN")
        .containsEntry("offer_value", "15%")
        .containsEntry("offer_used", true)
        .containsEntry("seconds_since_last_message", 420L);
    assertThat(scenario.outcome("offer_used").properties().text("order_id")).contains("A-1");
  }

  @Test
  void anOrderWithoutACodeWhileTheOfferStandsUsesIt() {
    Scenario scenario = granted();

    scenario.later(Duration.ofHours(3)).purchase();

    assertThat(scenario.outcome("conversion").properties().flag("offer_used")).isTrue();
  }

  @Test
  void anOrderByAnotherCodeOrAfterTheEndUsesNone() {
    Scenario other = granted();
    Scenario late = granted();

    other.take(new Event.PurchaseSeen("A-1", Values.of("coupon", "FRIENDS"), other.now()));
    late.later(Duration.ofDays(3)).purchase();

    assertThat(other.outcome("conversion").properties().flag("offer_used")).isFalse();
    assertThat(other.outcome("conversion").properties().text("offer")).contains("second");
    assertThat(all(late, Effect.RedeemOffer.class)).isEmpty();
  }

  @Test
  void anOrderAfterTheFlowsEndUsesTheOfferAllTheSame() {
    Scenario scenario = granted();
    scenario.timeout();
    assertThat(scenario.conversation().execution()).isEmpty();

    scenario.purchase();

    assertThat(all(scenario, Effect.RedeemOffer.class)).hasSize(1);
    assertThat(scenario.outcomeNames()).contains("offer_used");
  }

  @Test
  void anOrderWithoutAnOfferIsToldAsOne() {
    Scenario scenario = scenario(flow("second"));
    scenario.trigger();

    scenario.purchase();

    assertThat(scenario.outcome("conversion").properties().entries())
        .containsEntry("offer_used", false)
        .doesNotContainKey("offer");
  }

  // ---- leaks

  @Test
  void aPromiseThatNoGateGrantedIsNotSent() {
    Flow leaking =
        Drafts.flow()
            .ask("first", "Here is 15% off", "incomingMessage", "deliveryFailure>then")
            .message("then", "code LAW-7KXW4MPN", "sent", "failed>last")
            .ask(
                "last",
                "{{widgets.first.outbound.ErrorMessage}}",
                "incomingMessage",
                "deliveryFailure")
            .read();
    Scenario refused = scenario(leaking);

    refused.trigger();

    assertThat(refused.sent()).isEmpty();
    assertThat(refused.path())
        .extracting(hop -> hop.widget() + " " + hop.event())
        .contains("first deliveryFailure", "then failed", "last deliveryFailure");
    assertThat(refused.outcome("twilio_message_refused").properties().text("reason"))
        .contains("offer_not_granted");
    assertThat(refused.outcomes().stream().filter(it -> it.name().equals("twilio_message_refused")))
        .extracting(it -> it.properties().text("what").orElse(""))
        .containsExactly("15% off", "LAW-7KXW4MPN", "15% off");
    assertThat(refused.warnings())
        .anySatisfy(
            warning ->
                assertThat(warning.message())
                    .contains("widget first, offer_not_granted: body: \"15% off\""));
  }

  @Test
  void anExpiredCodeIsNotSaid() {
    Scenario scenario = granted();

    scenario.later(Duration.ofDays(2)).reply("still there?");

    assertThat(scenario.texts().stream().filter(it -> it.contains("LAW-7KXW4MPN"))).hasSize(1);
    assertThat(scenario.conversation().bargain().live(scenario.now())).isEmpty();
  }

  @Test
  void aTemplatesVariablesAreCheckedToo() {
    Flow flow =
        Drafts.flow()
            .widget(
                "first",
                "send-message",
                "{\"from\": \"{{flow.channel.address}}\", \"message_type\": \"content_template\","
                    + " \"content_sid\": \"HX0123456789abcdef0123456789abcdef\","
                    + " \"content_variables\": [{\"key\": \"1\", \"value\": \"save $10 today\"}]}",
                "sent",
                "failed")
            .read();
    Scenario scenario = scenario(flow);

    scenario.trigger();

    assertThat(scenario.sent()).isEmpty();
    assertThat(scenario.outcome("twilio_message_refused").properties().text("where"))
        .contains("variable 1");
  }

  @Test
  void whatIsPublicMayBeSaid() {
    Scenario scenario =
        scenario(Drafts.flow().message("first", "5% off for students", "sent", "failed").read());

    scenario.trigger();

    assertThat(scenario.texts()).containsExactly("5% off for students");
  }

  @Test
  void withoutOffersInThePolicyNothingIsRefused() {
    Scenario scenario =
        Scenario.of(
            "offers",
            Drafts.flow().message("first", "15% off with HELLO15", "sent", "failed").read(),
            new Meanings());

    scenario.trigger();

    assertThat(scenario.texts()).hasSize(1);
  }
}
