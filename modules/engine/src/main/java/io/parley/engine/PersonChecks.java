package io.parley.engine;

import io.parley.engine.Event.Triggered;
import io.parley.engine.policy.Consent;
import io.parley.engine.policy.ConsentChannel;
import io.parley.engine.policy.ConsentRules.Kinship;
import io.parley.engine.policy.Consents.Answer;
import io.parley.engine.policy.Consents.Obstacle;
import io.parley.engine.policy.PersonFacts;
import io.parley.engine.policy.Policy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Whether a trigger may begin a flow with its person, by what is on record of the person in all
/// threads.
final class PersonChecks {

  private PersonChecks() {}

  /// Why the person may not be written to at all.
  static Optional<Reason> closed(Triggered triggered, Address theirs, Moment moment) {
    PersonFacts facts = moment.person();
    boolean barred =
        facts
            .bar(theirs, moment.policy().consent().scope())
            .filter(bar -> !isLifted(facts, theirs, bar))
            .isPresent();
    if (barred) {
      return Optional.of(Reason.OPTED_OUT);
    }
    if (isHoldout(triggered, moment.policy())) {
      return Optional.of(Reason.HOLDOUT);
    }
    if (controls(triggered).flag("suppressed")) {
      return Optional.of(Reason.SUPPRESSED);
    }
    return unwanted(theirs, programme(triggered.parameters()), moment);
  }

  /// Why nothing may be said at another of the contact's addresses than the conversation is held
  /// with, which is to write first there.
  static Optional<Reason> closedElsewhere(Address to, String programme, Moment moment) {
    PersonFacts facts = moment.person();
    Optional<PersonFacts.Known> bar =
        facts
            .bar(to, moment.policy().consent().scope())
            .filter(known -> !isLifted(facts, to, known));
    return bar.flatMap(PersonFacts.Known::block)
        .map(Block::reason)
        .or(() -> unwanted(to, programme, moment));
  }

  /// Whether the person has wanted messages here since an opt-out at another address.
  private static boolean isLifted(PersonFacts facts, Address to, PersonFacts.Known bar) {
    return !bar.address().equals(to)
        && facts.consents().stream()
            .anyMatch(
                it ->
                    !it.isRevoked()
                        && it.concerns(to.number())
                        && ConsentChannel.of(to).equals(Optional.of(it.channel()))
                        && it.at().isAfter(bar.blockedAt()));
  }

  private static Optional<Reason> unwanted(Address theirs, String programme, Moment moment) {
    Optional<ConsentChannel> channel = ConsentChannel.of(theirs);
    if (channel.isEmpty() || !moment.person().isAsked()) {
      return Optional.empty();
    }
    Answer answer =
        moment
            .person()
            .consents(theirs)
            .mayWrite(channel.get(), programme, moment.policy().consent(), moment.now());
    return switch (answer) {
      case Answer.Yes _ -> Optional.empty();
      case Answer.No(var obstacle, var _) ->
          Optional.of(obstacle == Obstacle.NO_CONSENT ? Reason.NO_CONSENT : Reason.OPTED_OUT);
    };
  }

  /// What the messages of an execution are about, by the data that it was begun with, as consents
  /// name it.
  static String programme(Values data) {
    return data.object("controls")
        .text("programme")
        .map(it -> it.strip().toLowerCase(Locale.ROOT))
        .filter(it -> !it.isEmpty())
        .orElse(Consent.MARKETING);
  }

  static boolean isHoldout(Triggered triggered, Policy policy) {
    return controls(triggered).flag("holdout")
        || Reports.cohort(triggered.parameters()).filter(policy.holdouts()::has).isPresent();
  }

  /// Why whoever has bought is not asked to.
  ///
  /// @param toPurchasers whether the flow speaks to people who have bought
  static Optional<Reason> bought(Triggered triggered, boolean toPurchasers, Moment moment) {
    Optional<PersonFacts.Purchase> last = moment.person().lastPurchase();
    if (last.isEmpty() || toPurchasers || isAfterPurchase(triggered)) {
      return Optional.empty();
    }
    if (moment.person().boughtSince(since(triggered)).isPresent()) {
      return Optional.of(Reason.PURCHASED);
    }
    return last.map(it -> it.at().plus(moment.policy().suppression().afterPurchase()))
        .filter(moment.now()::isBefore)
        .map(_ -> Reason.SUPPRESSED);
  }

  /// From when on an order makes the trigger moot: when it was set off, or the cart was described.
  static Instant since(Triggered triggered) {
    Object snapshot = triggered.parameters().object("commerce").entries().get("cart_snapshot_at");
    return TriggerChecks.time(snapshot)
        .filter(triggered.occurredAt()::isAfter)
        .orElse(triggered.occurredAt());
  }

  /// Whether a trigger is for people who have bought, whatever its flow says.
  static boolean isAfterPurchase(Triggered triggered) {
    return controls(triggered).flag("after_purchase");
  }

  /// Whether the person is spoken to in another thread, or was a short time ago.
  ///
  /// @param toPurchasers whether the flow speaks to people who have bought, and so waits for
  ///     nothing but for the word
  static Optional<Reason> engagedElsewhere(
      Triggered triggered, boolean toPurchasers, Moment moment) {
    boolean recovers = !toPurchasers && !isAfterPurchase(triggered);
    boolean handedOver =
        moment.person().threads().stream().anyMatch(PersonFacts.Other::isHandedOver);
    if (handedOver && !interrupts(triggered)) {
      return Optional.of(Reason.HANDED_OFF);
    }
    return moment.person().threads().stream()
        .filter(
            it ->
                it.isLive()
                    || (recovers
                        && it.suppressedUntil().filter(moment.now()::isBefore).isPresent()))
        .findFirst()
        .map(_ -> Reason.IN_CONVERSATION);
  }

  /// The conversations with the person in which somebody speaks for us, or shall.
  static List<ConversationId> handedOver(TurnBuilder turn, Moment moment) {
    List<ConversationId> found = new ArrayList<>();
    if (turn.isHandedOver()) {
      found.add(turn.id());
    }
    moment.person().threads().stream()
        .filter(PersonFacts.Other::isHandedOver)
        .forEach(it -> found.add(ConversationId.of(it.thread())));
    return found;
  }

  /// The names of the person that no two triggers may engage at once. Whom a trigger does not name
  /// is who is on record.
  static List<String> names(Triggered triggered, Address theirs, Moment moment) {
    List<String> names = new ArrayList<>();
    triggered
        .person()
        .externalId()
        .or(moment.person()::externalId)
        .ifPresent(id -> names.add("id:" + id));
    boolean byNumber = moment.policy().consent().person() == Kinship.NUMBER && theirs.isPersons();
    names.add(byNumber ? "number:" + theirs.number() : "address:" + theirs);
    return names;
  }

  /// Whether a trigger may begin its flow although a person speaks.
  static boolean interrupts(Triggered triggered) {
    return controls(triggered).flag("interrupt_handoff");
  }

  private static Values controls(Triggered triggered) {
    return triggered.parameters().object("controls");
  }
}
