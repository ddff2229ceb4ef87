package io.parley.engine;

import io.parley.engine.Event.PurchaseSeen;
import io.parley.engine.flow.Bargaining;
import io.parley.engine.offers.Bargain;
import io.parley.engine.offers.Bargain.Held;
import io.parley.engine.offers.Friction;
import io.parley.engine.offers.Gate;
import io.parley.engine.offers.Grant;
import io.parley.engine.offers.Leak;
import io.parley.engine.offers.Leaks;
import io.parley.engine.offers.NamedCodes;
import io.parley.engine.offers.Offer;
import io.parley.engine.offers.PersonKeys;
import io.parley.engine.offers.Withholding;
import io.parley.engine.policy.PersonFacts;
import io.parley.engine.policy.Policy;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// The friction and the offer of a conversation as a turn changes them. Confined to one step.
final class Bargains implements Bargaining {

  /// Codes of others that one order may name.
  private static final int MAX_REDEEMED = 3;

  private final TurnBuilder turn;
  private final Policy policy;
  private final Moment moment;
  private Bargain bargain;

  Bargains(Bargain bargain, TurnBuilder turn, Moment moment) {
    this.bargain = bargain;
    this.turn = turn;
    this.policy = moment.policy();
    this.moment = moment;
  }

  Bargain bargain() {
    return bargain;
  }

  // ---- friction

  /// A caller's flow begins: what was in the way in an earlier one is no reason for an offer.
  void begun() {
    bargain = bargain.with(Friction.NONE);
  }

  void heard(Event.ReplyReceived reply) {
    bargain = bargain.with(bargain.friction().heard(reply.tags(), turn.now(), policy.friction()));
  }

  @Override
  public void helped() {
    bargain = bargain.with(bargain.friction().helped(turn.now()));
  }

  @Override
  public void silent() {
    bargain = bargain.with(bargain.friction().silent(turn.now(), policy.friction()));
  }

  /// `score` and `count`, as they are now.
  Values friction() {
    double score = bargain.friction().score(turn.now(), policy.friction());
    return Values.of(
            "score", BigDecimal.valueOf(score).setScale(2, RoundingMode.HALF_UP).doubleValue())
        .with("count", bargain.friction().count(turn.now(), policy.friction()));
  }

  // ---- asking

  @Override
  public Answer ask(String name) {
    Optional<Offer> offer = policy.offers().offer(name);
    if (offer.isEmpty()) {
      return new Answer.Shut(Withholding.UNKNOWN_OFFER);
    }
    Execution execution = turn.execution().orElseThrow();
    Optional<Held> again =
        bargain
            .live(turn.now())
            .filter(it -> it.grant().offer().equals(name))
            .filter(it -> !it.grantedAt().isBefore(execution.startedAt()))
            .filter(it -> boughtAt().filter(it.grantedAt()::isBefore).isEmpty());
    if (again.isPresent()) {
      return new Answer.Held(outputs(again.get().grant()));
    }
    return switch (offer
        .get()
        .gate()
        .judge(offer.get(), standing(execution), policy.friction(), turn.now())) {
      case Gate.Decision.Granted() -> new Answer.Open();
      case Gate.Decision.Withheld(var reason) -> new Answer.Shut(reason);
    };
  }

  private Gate.Standing standing(Execution execution) {
    Optional<Held> held = bargain.held().filter(it -> it.state() != Bargain.State.WITHDRAWN);
    Optional<Instant> liveUntil = bargain.live(turn.now()).map(it -> it.grant().expiresAt());
    return new Gate.Standing(
        bargain.friction(),
        held.map(Held::grantedAt).stream().toList(),
        liveUntil,
        boughtAt(),
        execution.startedAt(),
        trigger(execution));
  }

  /// The latest order, whichever thread of the person heard of it, or none did.
  private Optional<Instant> boughtAt() {
    Optional<Instant> elsewhere = moment.person().lastPurchase().map(PersonFacts.Purchase::at);
    return Stream.concat(bargain.boughtAt().stream(), elsewhere.stream())
        .max(Comparator.naturalOrder());
  }

  /// What the trigger said, with the arm that the flow has drawn since.
  private Values trigger(Execution execution) {
    Values trigger = execution.rootData();
    return turn.runs().getLast().cohort().isEmpty()
        ? trigger
        : trigger.with(
            "controls",
            trigger
                .object("controls")
                .with("experiment_cohort", turn.runs().getLast().cohort().get()));
  }

  @Override
  public EffectId reserve(String offer) {
    EffectId id = turn.nextId();
    turn.add(new Effect.ReserveOffer(id, offer, persons()));
    return id;
  }

  private List<String> persons() {
    return PersonKeys.of(turn.person(), turn.contact());
  }

  // ---- granted or not

  @Override
  public Values keep(Event.OfferReserved reserved) {
    Grant grant = reserved.grant();
    bargain =
        bargain.holding(
            Optional.of(
                new Held(
                    reserved.reservation(), grant, turn.now(), Bargain.State.RESERVED, List.of())));
    turn.report(Outcomes.OFFER_GRANTED, told(grant).with("friction", friction()));
    return outputs(grant);
  }

  private Values outputs(Grant grant) {
    return grant.values().with("offer", grant.offer()).with("friction", friction());
  }

  private Values told(Grant grant) {
    return Values.of("offer", grant.offer())
        .with("offer_code", grant.code())
        .with("offer_value", grant.value())
        .with("expires_at", grant.expiresAt().toString())
        .with("widget", turn.execution().map(it -> it.position().widget()).orElse(""));
  }

  @Override
  public Values withhold(String offer, Withholding reason) {
    Values outputs =
        Values.of("reason", reason.word())
            .with("explanation", reason.sentence())
            .with("friction", friction());
    turn.report(
        Outcomes.OFFER_WITHHELD,
        Values.of("offer", offer)
            .with("widget", turn.execution().map(it -> it.position().widget()).orElse(""))
            .with(outputs));
    return outputs;
  }

  /// A code that nobody waits for any more goes back, but for the one that is held.
  void late(Event.OfferReserved reserved) {
    boolean held = bargain.held().filter(it -> it.id().equals(reserved.reservation())).isPresent();
    if (!held) {
      turn.add(new Effect.ReturnOffer(turn.nextId(), reserved.reservation(), List.of(), "late"));
      reportReturn(reserved.grant(), "late");
    }
  }

  /// What templates read as `flow.offer`: nothing where no offer stands.
  Values readable() {
    return bargain.live(turn.now()).map(it -> it.grant().values()).orElse(Values.EMPTY);
  }

  // ---- messages

  @Override
  public Optional<Event.SendFailed> refusal(Effect.Content content) {
    if (policy.offers().offers().isEmpty()) {
      return Optional.empty();
    }
    Optional<Grant> granted = bargain.live(turn.now()).map(Held::grant);
    for (Said said : Said.all(content)) {
      List<Leak> leaks = Leaks.of(policy.offers()).in(said.text(), granted);
      if (!leaks.isEmpty()) {
        return Optional.of(refuse(said, leaks.getFirst()));
      }
    }
    return Optional.empty();
  }

  private Event.SendFailed refuse(Said said, Leak leak) {
    EffectId send = turn.nextId();
    String sentence = said.where() + ": " + leak.sentence();
    String widget = turn.execution().map(it -> it.position().widget()).orElse("");
    turn.report(
        Outcomes.MESSAGE_REFUSED,
        Values.of("reason", Outcomes.OFFER_NOT_GRANTED)
            .with("error_code", 0)
            .with("message", sentence)
            .with("what", leak.words())
            .with("kind", leak.what().name().toLowerCase(Locale.ROOT))
            .with("where", said.where())
            .with("widget", widget));
    return new Event.SendFailed(send, 0, Outcomes.OFFER_NOT_GRANTED, sentence, Optional.empty());
  }

  /// When the offer is over whose code a message says; empty where it says none.
  Optional<Instant> goodUntil(Effect.Content content) {
    return bargain
        .live(turn.now())
        .map(Held::grant)
        .filter(grant -> Said.carries(content, grant.code()))
        .map(Grant::expiresAt);
  }

  @Override
  public void leaving(EffectId send, Effect.Content content) {
    if (turn.isSilenced()) {
      return;
    }
    bargain
        .live(turn.now())
        .filter(held -> Said.carries(content, held.grant().code()))
        .ifPresent(held -> bargain = bargain.holding(Optional.of(held.carriedBy(send))));
  }

  /// Twilio has taken a message.
  void left(EffectId send) {
    bargain = bargain.spoken(turn.now());
    bargain
        .held()
        .filter(it -> it.carriers().contains(send))
        .filter(it -> it.state() == Bargain.State.LEAVING || it.state() == Bargain.State.WITHDRAWN)
        .ifPresent(
            it -> {
              boolean again = it.state() == Bargain.State.WITHDRAWN;
              bargain = bargain.holding(Optional.of(it.as(Bargain.State.SENT)));
              turn.add(new Effect.KeepOffer(turn.nextId(), it.id()));
              if (again) {
                turn.report(Outcomes.OFFER_GRANTED, told(it.grant()).with("friction", friction()));
              }
            });
  }

  /// A message did not leave, or did not arrive. An offer that no other message has carried goes
  /// back.
  void lost(EffectId send) {
    Optional<Held> held = bargain.held().filter(it -> it.carriers().contains(send));
    if (held.isEmpty() || held.get().state() == Bargain.State.USED) {
      return;
    }
    Held left = held.get().without(send);
    bargain = bargain.holding(Optional.of(left));
    if (left.carriers().isEmpty() && left.state() == Bargain.State.WITHDRAWN) {
      // It went back when its messages were withdrawn, and that was told.
      bargain = bargain.holding(Optional.empty());
    } else if (left.carriers().isEmpty()) {
      giveBack(left, "message_failed");
    }
  }

  /// What is still to leave does not leave any more.
  void withdrawn() {
    bargain
        .held()
        .filter(it -> it.state() == Bargain.State.LEAVING)
        .ifPresent(
            it -> {
              turn.add(
                  new Effect.ReturnOffer(
                      turn.nextId(), it.id(), it.carriers(), "message_withdrawn"));
              reportReturn(it.grant(), "message_withdrawn");
              bargain = bargain.holding(Optional.of(it.as(Bargain.State.WITHDRAWN)));
            });
  }

  /// The execution is over: an offer that it never told of goes back.
  void ended() {
    bargain
        .held()
        .filter(it -> it.state() == Bargain.State.RESERVED)
        .ifPresent(it -> giveBack(it, "not_sent"));
  }

  private void giveBack(Held held, String why) {
    bargain = bargain.holding(Optional.empty());
    turn.add(new Effect.ReturnOffer(turn.nextId(), held.id(), List.of(), why));
    reportReturn(held.grant(), why);
  }

  private void reportReturn(Grant grant, String why) {
    turn.report(
        Outcomes.OFFER_RETURNED,
        Values.of("offer", grant.offer()).with("offer_code", grant.code()).with("reason", why));
  }

  // ---- purchases

  /// Notes a purchase, and answers what is told of the offer with it.
  Values bought(PurchaseSeen purchase) {
    List<String> named = NamedCodes.in(purchase.properties());
    Optional<Held> held = bargain.held();
    boolean uses = held.filter(it -> isUse(it, named, purchase.occurredAt())).isPresent();
    bargain = bargain.bought(purchase.occurredAt());
    List<String> redeemed = new ArrayList<>();
    if (uses) {
      redeemed.add(held.orElseThrow().grant().code());
      bargain = bargain.holding(held.map(it -> it.as(Bargain.State.USED)));
    } else if (!policy.offers().offers().isEmpty()) {
      redeemed.addAll(named.subList(0, Math.min(MAX_REDEEMED, named.size())));
    }
    for (String code : redeemed) {
      turn.add(
          new Effect.RedeemOffer(
              turn.nextId(), code, persons(), purchase.orderId(), purchase.occurredAt()));
    }
    Values told =
        held.filter(it -> uses || it.state() != Bargain.State.RESERVED)
            .map(
                it ->
                    Values.of("offer", it.grant().offer())
                        .with("offer_code", it.grant().code())
                        .with("offer_value", it.grant().value()))
            .orElse(Values.EMPTY)
            .with("offer_used", uses);
    if (uses) {
      turn.report(Outcomes.OFFER_USED, told.with("order_id", purchase.orderId()));
    }
    return told.with(sinceLastMessage(purchase.occurredAt()));
  }

  /// Whether an order is one with the offer: it names its code, or names none and comes while the
  /// contact has it.
  private static boolean isUse(Held held, List<String> named, Instant at) {
    if (held.state() == Bargain.State.USED) {
      return false;
    }
    return named.isEmpty()
        ? held.state() == Bargain.State.SENT && !at.isBefore(held.grantedAt()) && held.isLive(at)
        : named.stream().anyMatch(held.grant().code()::equalsIgnoreCase);
  }

  private Values sinceLastMessage(Instant at) {
    return bargain
        .spokeAt()
        .filter(it -> !at.isBefore(it))
        .map(it -> Values.of("seconds_since_last_message", Duration.between(it, at).toSeconds()))
        .orElse(Values.EMPTY);
  }
}
