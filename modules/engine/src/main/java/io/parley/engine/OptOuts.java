package io.parley.engine;

import io.parley.engine.policy.Consent;
import io.parley.engine.policy.Consent.Method;
import io.parley.engine.policy.Consent.State;
import io.parley.engine.policy.ConsentChannel;
import io.parley.engine.policy.ConsentRules;
import io.parley.engine.policy.ConsentRules.Kinship;
import io.parley.engine.policy.OptOutScope;
import io.parley.engine.policy.PersonFacts;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/// How far an opt-out reaches beyond the thread in which it was said, and how it is lifted: the
/// blocks of the person's other addresses, the other threads that hear of it, and the history of
/// consents. Confined to one step.
final class OptOuts {

  private final TurnBuilder turn;
  private final Moment moment;
  private final ConsentRules rules;

  OptOuts(TurnBuilder turn, Moment moment) {
    this.turn = turn;
    this.moment = moment;
    this.rules = moment.policy().consent();
  }

  /// What was said by some addresses holds for those that the policy's scope reaches.
  void spread(Collection<Address> said, String evidence, Instant at) {
    Set<Address> reached = new LinkedHashSet<>(said);
    for (Address address : said) {
      reach(address, reached);
    }
    for (Address address : reached) {
      if (!said.contains(address)) {
        turn.add(new Effect.BlockContact(address, Block.OPTED_OUT, evidence, at));
      }
    }
    Event.OptedOutElsewhere event = new Event.OptedOutElsewhere(turn.theirs(), evidence, at);
    moment.person().threads().stream()
        .map(PersonFacts.Other::thread)
        .filter(thread -> reached.contains(thread.theirs()))
        .forEach(thread -> turn.add(new Effect.TellOptOut(thread, event)));
  }

  private void reach(Address said, Set<Address> reached) {
    if (rules.scope() == OptOutScope.PROGRAMME) {
      return;
    }
    twin(said).ifPresent(it -> reach(said, it, reached));
    moment.person().addresses().forEach(it -> reach(said, it.address(), reached));
  }

  private void reach(Address said, Address other, Set<Address> reached) {
    if (rules.scope() == OptOutScope.ALL || other.channel() == said.channel()) {
      reached.add(other);
    }
  }

  /// The same number's address on the other channel, where both are one person's.
  private Optional<Address> twin(Address address) {
    if (rules.person() != Kinship.NUMBER || !address.isPersons()) {
      return Optional.empty();
    }
    String number = address.number();
    return Optional.of(
        new Address(address.channel() == Channel.SMS ? "whatsapp:" + number : number));
  }

  /// Somebody wants messages again: at these addresses, and at the same numbers' other ones where a
  /// stop reaches those. What was said of another channel for itself stays.
  void lift(Collection<Address> said, String evidence, Instant at) {
    for (Address address : said) {
      twin(address)
          .filter(_ -> rules.scope() == OptOutScope.ALL)
          .filter(it -> !said.contains(it))
          .ifPresent(it -> turn.add(new Effect.UnblockContact(it, Block.OPTED_OUT, evidence, at)));
    }
  }

  /// Keeps the words of a stop. It takes back the channel that it was written on; how far that
  /// reaches is the policy's to say, whenever it is asked.
  void revoke(Collection<Address> said, String evidence, Instant at) {
    for (Address address : said) {
      ConsentChannel.of(address)
          .filter(_ -> address.isPersons())
          .ifPresent(channel -> keep(address, channel, State.REVOKED, evidence, at));
    }
  }

  /// Keeps the words of a start. It grants the channel that it was written on, and the same
  /// number's other one where a stop has taken that back and the one reaches the other.
  void grant(Collection<Address> said, String evidence, Instant at) {
    for (Address address : said) {
      if (!address.isPersons()) {
        continue;
      }
      for (ConsentChannel channel : ConsentChannel.values()) {
        if (ConsentChannel.of(address).equals(Optional.of(channel))
            || isStopped(address, channel)) {
          keep(address, channel, State.GRANTED, evidence, at);
        }
      }
    }
  }

  private boolean isStopped(Address address, ConsentChannel channel) {
    return rules.person() == Kinship.NUMBER
        && rules.scope() == OptOutScope.ALL
        && moment.person().consents().stream()
            .anyMatch(
                it ->
                    it.isRevoked()
                        && it.method() == Method.KEYWORD
                        && it.channel() == channel
                        && it.address().equals(Optional.of(address.number())));
  }

  private void keep(
      Address address, ConsentChannel channel, State state, String evidence, Instant at) {
    turn.add(
        new Effect.RecordConsent(
            new Consent(
                Optional.of(address.number()),
                turn.person().externalId().or(() -> moment.person().externalId()),
                channel,
                turn.programme(),
                state,
                Method.KEYWORD,
                turn.ours().value(),
                evidence,
                at)));
  }

  /// The person has opted out in another thread, and that reaches this one.
  Step heard(Event.OptedOutElsewhere told) {
    if (!moment.contact().is(Block.OPTED_OUT)) {
      return turn.refused(Reason.OPT_OUT_LIFTED);
    }
    turn.withdrawSends();
    stop("the person wrote " + told.evidence() + " in another thread");
    return turn.taken();
  }

  /// Nothing is said any more in this thread.
  void stop(String explanation) {
    boolean closed = turn.windows().close(Block.OPTED_OUT.word());
    if (turn.execution().isPresent()) {
      turn.end(Result.OPTED_OUT, explanation);
    } else if (closed) {
      turn.reportAttributes();
    }
    turn.silence(explanation);
  }
}
