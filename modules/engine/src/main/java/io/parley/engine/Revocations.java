package io.parley.engine;

import io.parley.engine.policy.Consent;
import io.parley.engine.policy.ConsentChannel;
import io.parley.engine.policy.Consents;
import io.parley.engine.policy.Consents.Answer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What it means for a conversation that its person took a consent back elsewhere: on a page of
/// preferences, in the shop. What it is about is said no more, and the execution that says it ends,
/// or the person who speaks where no flow is in it; an execution of another channel or programme
/// only hears of it. Confined to one step.
final class Revocations {

  private final TurnBuilder turn;
  private final Moment moment;

  Revocations(TurnBuilder turn, Moment moment) {
    this.turn = turn;
    this.moment = moment;
  }

  Step told(Event.ConsentRevoked told) {
    if (turn.execution().isEmpty() && !turn.isHandedOver()) {
      return turn.refused(Reason.NO_EXECUTION);
    }
    Consent revoked = told.consent();
    if (!silences(revoked, List.of(revoked))) {
      return turn.execution().isEmpty()
          ? turn.refused(Reason.NO_EXECUTION)
          : turn.resumeOr(Reason.UNEXPECTED_EVENT, told.seen());
    }
    List<Consent> known = new ArrayList<>(moment.person().consents());
    known.add(revoked);
    if (!silences(revoked, known)) {
      return turn.refused(Reason.OPT_OUT_LIFTED);
    }
    turn.report(
        Outcomes.CONSENT_REVOKED,
        Values.of("consent_channel", revoked.channel().word())
            .with("programme", revoked.programme())
            .with("method", revoked.method().word())
            .with("source", revoked.source())
            .with("evidence", revoked.evidence())
            .with("revoked_at", revoked.at().toString()));
    turn.withdrawSends();
    new OptOuts(turn, moment)
        .stop(
            "the person took back the consent for %s, programme %s"
                .formatted(revoked.channel().word(), revoked.programme()));
    return turn.taken();
  }

  /// Whether a revocation is what forbids to go on, by what is known of the person's consents.
  private boolean silences(Consent revoked, List<Consent> known) {
    Consents consents = new Consents(turn.contact().number(), known);
    return channels().stream()
        .map(
            channel ->
                consents.mayWrite(
                    channel, turn.programme(), moment.policy().consent(), moment.now()))
        .anyMatch(answer -> isBy(revoked, answer));
  }

  /// Whether an answer is no because of a revocation, or of a newer one of the same.
  private static boolean isBy(Consent revoked, Answer answer) {
    return switch (answer) {
      case Answer.Yes _ -> false;
      case Answer.No(var _, Optional<Consent> by) ->
          by.filter(it -> it.channel() == revoked.channel())
              .filter(it -> it.programme().equals(revoked.programme()))
              .filter(it -> !it.at().isBefore(revoked.at()))
              .isPresent();
    };
  }

  /// The channels that the execution speaks on: the thread's, and that of a message on its way to
  /// another of the contact's addresses.
  private Set<ConsentChannel> channels() {
    Set<ConsentChannel> channels = new LinkedHashSet<>();
    if (turn.contact().isPersons()) {
      ConsentChannel.of(turn.contact()).ifPresent(channels::add);
    }
    turn.execution()
        .map(it -> it.position().awaiting())
        .filter(Awaiting.SendAnswer.class::isInstance)
        .map(it -> ((Awaiting.SendAnswer) it).to())
        .filter(turn.contact()::isSameNumber)
        .flatMap(ConsentChannel::of)
        .ifPresent(channels::add);
    return channels;
  }
}
