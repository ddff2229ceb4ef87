package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Effect;
import io.parley.engine.Effect.ScheduleTimer;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.MessageStatus;
import io.parley.engine.Step;
import io.parley.engine.Values;
import io.parley.engine.flow.Flow;
import io.parley.engine.offers.Bargain;
import io.parley.engine.offers.FrictionRules;
import io.parley.engine.offers.Withholding;
import io.parley.testkit.Scenario;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Whatever happens in whatever order: no offer without friction, and never two that stand.
class OfferTrafficTest {

  private static final FrictionRules RULES = FrictionRules.DEFAULT;
  private static final Flow FLOW = flow();

  /// What may happen.
  enum Move {
    TRIGGER,
    SHIPPING,
    DISCOUNT,
    COMPLAINT,
    THANKS,
    STOP,
    START,
    SILENCE,
    GRANT,
    DENY,
    LATE_GRANT,
    TAKEN,
    FAILED,
    UNDELIVERED,
    PURCHASE,
    HOURS,
    DAYS
  }

  /// Goes round: asks, helps, offers, promises, and asks again.
  private static Flow flow() {
    return Drafts.flow()
        .ask("first", "What is in the way?", "incomingMessage>help", "timeout>gate")
        .widget(
            "help",
            "send-and-wait-for-reply",
            "{\"from\": \"{{flow.channel.address}}\", \"body\": \"It ships in two days\","
                + " \"timeout\": \"3600\", \"parley.help\": true}",
            "incomingMessage>gate",
            "timeout>gate",
            "deliveryFailure>gate")
        .widget(
            "gate", "parley.gate-offer", "{\"offer\": \"second\"}", "granted>say", "withheld>first")
        .ask(
            "say",
            "{{flow.offer.value}} off: {{flow.offer.code}}",
            "incomingMessage>first",
            "timeout>first",
            "deliveryFailure>first")
        .read();
  }

  @Provide
  Arbitrary<List<Move>> traffic() {
    return Arbitraries.of(Move.class).list().ofMinSize(5).ofMaxSize(60);
  }

  @Property(tries = 1_000)
  void noOfferIsMadeWithoutFrictionAndNeverTwoStand(
      @ForAll("traffic") List<Move> moves, @ForAll boolean held) {
    Scenario scenario = Scenario.of("traffic", FLOW, new Meanings()).by(OfferingTest.POLICY);
    if (held) {
      scenario.holdSends();
    }
    scenario.trigger();
    Map<EffectId, Instant> granted = new HashMap<>();
    int codes = 0;
    for (Move move : moves) {
      scenario.later(Duration.ofSeconds(7));
      int steps = scenario.steps().size();
      make(move, scenario, "LAW-7KXW4M" + (10 + codes++));
      scenario.steps().subList(steps, scenario.steps().size()).forEach(this::holds);
      scenario
          .conversation()
          .bargain()
          .held()
          .ifPresent(it -> granted.put(it.id(), it.grant().expiresAt()));
      assertThat(standing(granted, scenario)).hasSizeLessThanOrEqualTo(1);
    }
    assertThat(returned(scenario)).isSubsetOf(reserved(scenario));
    assertThat(granted.keySet()).isSubsetOf(reserved(scenario));
  }

  /// A wish in a step: friction counts, and nothing stands that it would come to.
  private void holds(Step step) {
    if (step.effects().stream().noneMatch(Effect.ReserveOffer.class::isInstance)) {
      return;
    }
    Bargain bargain = step.next().bargain();
    Instant now = at(step);
    assertThat(bargain.friction().count(now, RULES)).isPositive();
    assertThat(bargain.live(now)).isEmpty();
    assertThat(bargain.boughtAt().filter(now.minus(Duration.ofDays(7))::isBefore)).isEmpty();
  }

  /// The time of a step that asks for an offer: a minute before it is not waited for any more.
  private static Instant at(Step step) {
    return step.effects().stream()
        .filter(ScheduleTimer.class::isInstance)
        .map(ScheduleTimer.class::cast)
        .filter(it -> it.purpose() == ScheduleTimer.Purpose.OFFER_TIMEOUT)
        .map(it -> it.dueAt().minusSeconds(60))
        .findFirst()
        .orElseThrow();
  }

  private static void make(Move move, Scenario scenario, String code) {
    switch (move) {
      case TRIGGER -> scenario.trigger();
      case SHIPPING -> scenario.reply("#shipping how much");
      case DISCOUNT -> scenario.reply("#discount #shipping any code");
      case COMPLAINT -> scenario.reply("#complaint really");
      case THANKS -> scenario.reply("#thanks");
      case STOP -> scenario.reply("STOP");
      case START -> scenario.reply("START");
      case SILENCE -> earliest(scenario).ifPresent(scenario::fire);
      case GRANT -> {
        if (!scenario.wishes().isEmpty()) {
          scenario.grant(code, "15%");
        }
      }
      case DENY -> {
        if (!scenario.wishes().isEmpty()) {
          scenario.deny(Withholding.POOL_EMPTY);
        }
      }
      case LATE_GRANT -> {
        List<Effect.ReserveOffer> wishes = all(scenario, Effect.ReserveOffer.class);
        if (!wishes.isEmpty()) {
          scenario.grant(wishes.getFirst(), code, "15%");
        }
      }
      case TAKEN -> {
        if (!scenario.waiting().isEmpty()) {
          scenario.answer();
        }
      }
      case FAILED -> {
        if (!scenario.waiting().isEmpty()) {
          scenario.refuse(30008, "unknown", Optional.empty());
        }
      }
      case UNDELIVERED -> {
        if (!scenario.sent().isEmpty()) {
          scenario.deliver(MessageStatus.UNDELIVERED);
        }
      }
      case PURCHASE -> scenario.take(new Event.PurchaseSeen("order", Values.EMPTY, scenario.now()));
      case HOURS -> scenario.later(Duration.ofHours(5));
      case DAYS -> scenario.later(Duration.ofDays(40));
    }
  }

  private static Optional<ScheduleTimer> earliest(Scenario scenario) {
    return scenario.timers().stream().min(Comparator.comparing(ScheduleTimer::dueAt));
  }

  private static <T extends Effect> List<T> all(Scenario scenario, Class<T> type) {
    return scenario.effects().stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static List<EffectId> reserved(Scenario scenario) {
    return all(scenario, Effect.ReserveOffer.class).stream().map(Effect.ReserveOffer::id).toList();
  }

  private static List<EffectId> returned(Scenario scenario) {
    return all(scenario, Effect.ReturnOffer.class).stream()
        .map(Effect.ReturnOffer::reservation)
        .toList();
  }

  /// Offers that were made, and are neither given back nor over.
  private static List<EffectId> standing(Map<EffectId, Instant> granted, Scenario scenario) {
    List<EffectId> returned = returned(scenario);
    return granted.entrySet().stream()
        .filter(it -> it.getValue().isAfter(scenario.now()))
        .map(Map.Entry::getKey)
        .filter(id -> !returned.contains(id))
        .toList();
  }
}
