package io.parley.engine;

import io.parley.engine.Effect.Send.Purpose;
import io.parley.engine.Event.ReplyReceived;
import io.parley.engine.flow.Trigger;
import io.parley.engine.policy.HandoffRules;
import io.parley.engine.policy.Notices;
import io.parley.engine.policy.Notices.Keywords;
import io.parley.engine.policy.Phrase;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;

/// What is made of a reply before a flow sees it: opt-outs above all, the question where it is not
/// clear whether it is one, help. Confined to one step.
final class Replies {

  /// Within which two times tell of one event: stores keep less of a time than clocks tell.
  private static final Duration SAME_TIME = Duration.ofMillis(1);

  private static final String NO = "no";

  private final TurnBuilder turn;
  private final Moment moment;
  private final Notices notices;
  private final OptOuts optOuts;

  Replies(TurnBuilder turn, Moment moment) {
    this.turn = turn;
    this.moment = moment;
    this.notices = moment.policy().notices();
    this.optOuts = new OptOuts(turn, moment);
  }

  Step heard(ReplyReceived reply) {
    boolean unclear = reply.tagged(Tag.OPT_OUT_UNCLEAR);
    if (reply.tagged(Tag.OPT_OUT) || (unclear && isBlocked(Block.UNCLEAR))) {
      return optedOut(reply);
    }
    if (reply.tagged(Tag.HELP) && helps(reply)) {
      return helped(reply);
    }
    if (isBlocked(Block.OPTED_OUT)) {
      hear(reply);
      return reply.tagged(Tag.OPT_IN) ? turn.taken() : turn.refused(Reason.OPTED_OUT);
    }
    if (isBlocked(Block.UNREACHABLE)) {
      lift(Block.UNREACHABLE, "the contact wrote to us", turn.now(), reply);
    }
    if (unclear) {
      return asked(reply);
    }
    if (isBlocked(Block.UNCLEAR)) {
      lift(Block.UNCLEAR, reply.body(), turn.arrivedAt(), reply);
      turn.report(Outcomes.OPT_OUT_DECLINED, Values.of("evidence", reply.body()));
      turn.unmute();
      if (saysNo(reply)) {
        hear(reply);
        return turn.taken();
      }
    }
    return converse(reply);
  }

  /// Whether a reply says no, and nothing else: asked whether to stop, that is all that it answers,
  /// and the flow's own question stands as it stood.
  private static boolean saysNo(ReplyReceived reply) {
    return reply.tagged(NO) && reply.tags().size() == 1;
  }

  private boolean isBlocked(Block block) {
    return moment.contact().is(block);
  }

  /// A reply of a contact who may be answered. Nobody had said stop, so START is an answer, too.
  private Step converse(ReplyReceived reply) {
    turn.bargaining().heard(reply);
    if (turn.isHandedOver()) {
      hear(reply);
      return turn.refused(Reason.HANDED_OFF);
    }
    Optional<String> call = call(reply);
    if (call.isPresent()) {
      hear(reply);
      List<String> tags = reply.tags().stream().map(Tag::name).toList();
      new Handovers(turn, moment).open(Values.of("reason", call.get()).with("tags", tags));
      return turn.taken();
    }
    if (turn.execution().isPresent()) {
      hear(reply);
      return turn.resume(reply);
    }
    if (reply.startable().isEmpty()) {
      hear(reply);
      return turn.refused(Reason.NO_EXECUTION);
    }
    boolean conversation = reply.comesOfConversation();
    turn.begin(
        reply.startable().get(),
        Values.of(conversation ? "conversation" : "message", reply.readable()),
        Values.EMPTY);
    hear(reply);
    turn.run(conversation ? Trigger.INCOMING_CONVERSATION_MESSAGE : Trigger.INCOMING_MESSAGE);
    return turn.taken();
  }

  /// Why a reply calls a person by itself, if it does.
  private Optional<String> call(ReplyReceived reply) {
    HandoffRules rules = moment.policy().handoff();
    boolean meansNothing = reply.tags().isEmpty() && !reply.body().isBlank();
    int untagged = turn.custody().counted(meansNothing);
    Optional<String> tag = rules.tags().stream().filter(reply::tagged).findFirst();
    return tag.map(it -> "tag:" + it)
        .or(
            () ->
                rules.untagged() > 0 && untagged >= rules.untagged()
                    ? Optional.of("untagged")
                    : Optional.empty());
  }

  private void hear(ReplyReceived reply) {
    turn.reportReply(reply);
    if (reply.tagged(Tag.OPT_IN)) {
      lift(Block.OPTED_OUT, reply.body(), turn.arrivedAt(), reply);
      optOuts.lift(speakers(reply), reply.body(), turn.arrivedAt());
      optOuts.grant(speakers(reply), reply.body(), turn.arrivedAt());
      turn.report(Outcomes.OPTED_IN, Values.of("evidence", reply.body()));
      if (isBlocked(Block.OPTED_OUT) && !leavesToTwilio(reply, Keywords.START)) {
        // No law asks for it: what the contact says next, or has said since, holds it back.
        say(notices.optedIn(), Purpose.FLOW, Optional.empty(), reply);
      }
    }
  }

  private void lift(Block block, String evidence, Instant at, ReplyReceived reply) {
    for (Address address : speakers(reply)) {
      turn.add(new Effect.UnblockContact(address, block, evidence, at));
    }
  }

  private void block(Block block, ReplyReceived reply) {
    for (Address address : speakers(reply)) {
      turn.add(new Effect.BlockContact(address, block, reply.body(), turn.arrivedAt()));
    }
  }

  /// The addresses that a reply speaks for: the contact's, and in a conversation also the one
  /// behind its author's name. Whoever says stop in a conversation stops all of it.
  private SequencedSet<Address> speakers(ReplyReceived reply) {
    SequencedSet<Address> speakers = new LinkedHashSet<>();
    speakers.add(turn.theirs());
    reply.author().ifPresent(speakers::add);
    return speakers;
  }

  private Step optedOut(ReplyReceived reply) {
    String evidence = reply.body();
    turn.reportReply(reply);
    block(Block.OPTED_OUT, reply);
    optOuts.spread(speakers(reply), evidence, turn.arrivedAt());
    optOuts.revoke(speakers(reply), evidence, turn.arrivedAt());
    turn.withdrawSends();
    turn.report(Outcomes.OPTED_OUT, Values.of("evidence", evidence));
    optOuts.stop("the contact wrote " + evidence);
    if (!isConfirmed() && !leavesToTwilio(reply, Keywords.STOP)) {
      Instant leaveBy = turn.arrivedAt().plus(Notices.CONFIRMED_WITHIN);
      say(notices.optedOut(), Purpose.NOTICE, Optional.of(leaveBy), reply);
    }
    return turn.taken();
  }

  /// Whether an earlier opt-out was confirmed a short time ago. A stop is on record before its turn
  /// where it had to wait for that, and is not its own earlier one.
  private boolean isConfirmed() {
    Instant stopped = turn.arrivedAt();
    return isBlocked(Block.OPTED_OUT)
        && moment
            .contact()
            .since()
            .filter(since -> since.isBefore(stopped.minus(SAME_TIME)))
            .filter(since -> since.isAfter(stopped.minus(Notices.CONFIRMED_FOR)))
            .isPresent();
  }

  /// Asks whether to stop, once: until the answer nothing else is said. The flow does not see what
  /// was asked about; one whose message or call is taken back with this has nothing to wait for.
  private Step asked(ReplyReceived reply) {
    turn.reportReply(reply);
    block(Block.UNCLEAR, reply);
    turn.withdrawSends();
    turn.report(Outcomes.OPT_OUT_ASKED, Values.of("evidence", reply.body()));
    boolean inTheAir =
        turn.execution().map(it -> it.position().awaiting()).stream()
            .anyMatch(it -> it instanceof Awaiting.SendAnswer || it instanceof Awaiting.CallAnswer);
    if (inTheAir && !turn.isHandedOver()) {
      turn.end(Result.OPT_OUT_UNCLEAR, "the contact was asked whether to stop");
    }
    say(notices.question(), Purpose.QUESTION, Optional.empty(), reply);
    return turn.taken();
  }

  private boolean helps(ReplyReceived reply) {
    return !notices.help().isEmpty() && !leavesToTwilio(reply, Keywords.HELP);
  }

  /// Help is for everybody, also for who has opted out, and moves no flow.
  private Step helped(ReplyReceived reply) {
    if (isBlocked(Block.UNREACHABLE)) {
      lift(Block.UNREACHABLE, "the contact wrote to us", turn.now(), reply);
    }
    turn.reportReply(reply);
    say(notices.help(), Purpose.NOTICE, Optional.empty(), reply);
    return turn.taken();
  }

  private boolean leavesToTwilio(ReplyReceived reply, Keywords keywords) {
    return notices.leavesToTwilio(reply, keywords, reply.author().orElse(turn.theirs()).channel());
  }

  private void say(Phrase phrase, Purpose purpose, Optional<Instant> leaveBy, ReplyReceived reply) {
    String text = notices.text(phrase, turn.person());
    if (text.isBlank()) {
      return;
    }
    if (leaveBy.filter(turn.now()::isAfter).isPresent()) {
      turn.report(
          Outcomes.MESSAGE_FAILED,
          Values.of("error_code", 0)
              .with("reason", Effect.Send.TOO_LATE)
              .with("class", FailureClass.OURS.word())
              .with("message", "the turn came too late"));
      return;
    }
    turn.notice(text, purpose, leaveBy, reply);
  }
}
