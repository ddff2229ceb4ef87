package io.parley.testkit;

import io.parley.codec.Codec;
import io.parley.engine.Address;
import io.parley.engine.Awaiting;
import io.parley.engine.Block;
import io.parley.engine.Channel;
import io.parley.engine.Conversation;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.ExecutionId;
import io.parley.engine.Handoff;
import io.parley.engine.Moment;
import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.Outcomes;
import io.parley.engine.Owner;
import io.parley.engine.Step;
import io.parley.engine.hours.Verdict;
import io.parley.engine.outcomes.OutcomeCatalogue;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What holds for every step of every flow, whatever happens. Breaking one is an [AssertionError].
final class Laws {

  private static final Comparator<EffectId> BY_TIME =
      Comparator.comparingInt(EffectId::turn).thenComparingInt(EffectId::index);

  /// How codes of a prefix that the tests' policies use look.
  private static final Pattern CODE = Pattern.compile("LAW-[0-9A-Z]{6,}");

  private Laws() {}

  /// @param moment of the step
  static void check(Conversation before, Event event, Moment moment, Step step) {
    ContactFacts contact = moment.contact();
    Conversation after = step.next();
    hold(after.turn() == before.turn() + 1, "the number rises by one", step);
    hold(after.epoch() >= before.epoch(), "an epoch never falls", step);
    hold(idsRise(step.effects(), after.turn()), "effect ids are of their turn and rise", step);
    hold(
        mayAllBeSent(step.effects(), contact, after.thread().theirs()),
        "nothing is sent after a stop",
        step);
    checkHandoff(before, event, step);
    for (Effect effect : step.effects()) {
      if (effect instanceof Effect.Send send && isGated(send)) {
        hold(
            suitsHours(send, moment) || welcomesBack(step),
            "nothing leaves outside hours that is no answer",
            step);
        hold(suitsWhatsApp(send, after, moment), "free text keeps to WhatsApp's window", step);
      }
    }
    checkOutcomes(before, step);
    hold(
        after
            .execution()
            .filter(it -> it.position().awaiting() instanceof Awaiting.Nothing)
            .isEmpty(),
        "a turn ends in a wait or without an execution",
        step);
    hold(isGranted(before, step), "no code is said that the conversation was not granted", step);
    if (step instanceof Step.Refused) {
      hold(after.execution().equals(before.execution()), "a refusal moves nothing", step);
    }
    returns(event, Codec.decodeEvent(Codec.FORMAT, Codec.encodeEvent(event)));
    List<String> texts = step.effects().stream().map(Codec::encodeEffect).toList();
    returns(step.effects(), Codec.decodeEffects(Codec.FORMAT, Codec.joinEffects(texts)));
    if (step instanceof Step.Turn turn) {
      returns(turn.path(), Codec.decodePath(Codec.FORMAT, Codec.encodePath(turn.path())));
    }
  }

  /// Whether the rules hold for a message: it is no notice.
  private static boolean isGated(Effect.Send send) {
    return switch (send.purpose()) {
      case FLOW, AGENT -> true;
      case QUESTION, NOTICE -> false;
    };
  }

  /// One speaks at a time, and what is said for whoever spoke before is of an older epoch.
  private static void checkHandoff(Conversation before, Event event, Step step) {
    Conversation after = step.next();
    boolean sameHands =
        before.owner() == after.owner()
            && before
                .handoff()
                .flatMap(Handoff::holder)
                .equals(after.handoff().flatMap(Handoff::holder))
            && before.handoff().map(Handoff::id).equals(after.handoff().map(Handoff::id));
    hold(sameHands || after.epoch() > before.epoch(), "the epoch rises with each owner", step);
    hold(
        after.handoff().isPresent() == (after.owner() != Owner.BOT),
        "a handoff is open exactly while the bot does not speak",
        step);
    hold(
        after.handoff().filter(it -> it.holder().isEmpty()).isPresent()
            == (after.owner() == Owner.QUEUED),
        "a handoff has a holder, or waits for one",
        step);
    List<Effect.Send> lasting = lasting(step.effects());
    hold(
        lasting.stream().allMatch(send -> send.epoch() >= before.epoch()),
        "nothing is said for an epoch that is over",
        step);
    boolean botMaySpeak =
        after.owner() == Owner.BOT || event instanceof Event.QueueSpoke || welcomesBack(step);
    hold(
        botMaySpeak
            || lasting.stream().noneMatch(send -> send.purpose() == Effect.Send.Purpose.FLOW),
        "no flow speaks while a person does, or shall",
        step);
    hold(
        event instanceof Event.AgentWrote
            || lasting.stream().noneMatch(send -> send.purpose() == Effect.Send.Purpose.AGENT),
        "a person says only what a person wrote",
        step);
  }

  /// The sends that the same step does not withdraw.
  private static List<Effect.Send> lasting(List<Effect> effects) {
    int epoch =
        effects.stream()
            .filter(Effect.WithdrawSends.class::isInstance)
            .mapToInt(effect -> ((Effect.WithdrawSends) effect).epoch())
            .max()
            .orElse(Integer.MIN_VALUE);
    return effects.stream()
        .filter(Effect.Send.class::isInstance)
        .map(Effect.Send.class::cast)
        .filter(send -> send.purpose() != Effect.Send.Purpose.FLOW || send.epoch() >= epoch)
        .toList();
  }

  /// What is reported is as the catalogue says, and names the experiment's arm of its run.
  private static void checkOutcomes(Conversation before, Step step) {
    for (Effect effect : step.effects()) {
      if (!(effect instanceof Effect.ReportOutcome outcome)) {
        continue;
      }
      List<String> problems =
          OutcomeCatalogue.find(outcome.name())
              .map(it -> it.problems(outcome.properties()))
              .orElseGet(() -> List.of("it is not in the catalogue"));
      hold(problems.isEmpty(), outcome.name() + " is as catalogued " + problems, step);
      boolean named =
          before.runs().stream()
              .filter(it -> it.cohort().isPresent())
              .filter(it -> isOf(outcome, ExecutionId.of(before.id(), it.turn())))
              .allMatch(_ -> outcome.properties().text("experiment_cohort").isPresent());
      hold(named, outcome.name() + " names its cohort", step);
    }
  }

  private static boolean isOf(Effect.ReportOutcome outcome, ExecutionId run) {
    return outcome.properties().text("execution_sid").filter(run.value()::equals).isPresent();
  }

  /// A window that has started is ended before another one starts, and is open exactly where the
  /// conversation says so.
  ///
  /// @param before the names of what was reported before the step
  static void checkWindows(List<String> before, Step step) {
    boolean open = isOpen(before, false, step);
    List<String> now =
        step.effects().stream()
            .filter(Effect.ReportOutcome.class::isInstance)
            .map(effect -> ((Effect.ReportOutcome) effect).name())
            .toList();
    hold(
        isOpen(now, open, step) == step.next().engagement().window().isPresent(),
        "each suppression that starts is ended once",
        step);
  }

  private static boolean isOpen(List<String> names, boolean before, Step step) {
    boolean open = before;
    for (String name : names) {
      if (name.equals(Outcomes.SUPPRESSION_STARTED) || name.equals(Outcomes.SUPPRESSION_ENDED)) {
        boolean starts = name.equals(Outcomes.SUPPRESSION_STARTED);
        hold(open != starts, "each suppression that starts is ended once", step);
        open = starts;
      }
    }
    return open;
  }

  private static boolean suitsHours(Effect.Send send, Moment moment) {
    Instant leaves = send.notBefore().orElse(moment.now());
    return !leaves.isBefore(moment.now())
        && send.departure()
            .map(it -> it.look(moment.policy().hours(), leaves))
            .map(it -> it instanceof Verdict.Go || it instanceof Verdict.GoExempt)
            .orElse(send.to().isConversation());
  }

  /// Whether a turn opens a contact again who asked for it, which is answered at any hour.
  private static boolean welcomesBack(Step step) {
    return step.effects().stream().anyMatch(Effect.UnblockContact.class::isInstance);
  }

  private static boolean suitsWhatsApp(Effect.Send send, Conversation after, Moment moment) {
    return !(send.content() instanceof Effect.Content.Text)
        || send.to().channel() != Channel.WHATSAPP
        || !send.to().equals(after.thread().theirs())
        || after.traffic().window().isOpen(send.notBefore().orElse(moment.now()));
  }

  /// The conversation as the next node would load it.
  static Conversation reloaded(Conversation conversation) {
    Conversation loaded = Codec.decodeState(Codec.FORMAT, Codec.encodeState(conversation));
    returns(conversation, loaded);
    return loaded;
  }

  /// The id of an effect that has one.
  static Optional<EffectId> id(Effect effect) {
    return switch (effect) {
      case Effect.Outgoing outgoing -> Optional.of(outgoing.id());
      case Effect.ScheduleTimer timer -> Optional.of(timer.id());
      case Effect.OpenHandoff handoff -> Optional.of(handoff.id());
      case Effect.CloseHandoff _,
          Effect.NoteHandoff _,
          Effect.WithdrawAgentSends _,
          Effect.CancelTimer _,
          Effect.WithdrawSends _,
          Effect.KeepLink _,
          Effect.BlockContact _,
          Effect.UnblockContact _,
          Effect.NameThread _,
          Effect.KeepReply _,
          Effect.KeepWindow _,
          Effect.Engage _,
          Effect.RecordConsent _,
          Effect.TellOptOut _,
          Effect.KeepTrigger _,
          Effect.CountTrigger _,
          Effect.RecordContact _ ->
          Optional.empty();
    };
  }

  /// A code that was made up by [Scenario] is one that a flow can only know from a grant.
  private static boolean isGranted(Conversation before, Step step) {
    Set<String> granted =
        Stream.of(before, step.next())
            .flatMap(it -> it.bargain().held().stream())
            .map(it -> it.grant().code())
            .collect(Collectors.toSet());
    return step.effects().stream()
        .filter(it -> it instanceof Effect.Send send && isGated(send))
        .flatMap(it -> CODE.matcher(it.toString()).results())
        .allMatch(it -> granted.contains(it.group()));
  }

  private static boolean idsRise(List<Effect> effects, int turn) {
    List<EffectId> ids = effects.stream().flatMap(effect -> id(effect).stream()).toList();
    return ids.stream().allMatch(id -> id.turn() == turn)
        && ids.stream().sorted(BY_TIME).distinct().toList().equals(ids);
  }

  private static boolean mayAllBeSent(List<Effect> effects, ContactFacts contact, Address theirs) {
    ContactFacts known = contact;
    for (Effect effect : effects) {
      known =
          switch (effect) {
            case Effect.BlockContact block -> new ContactFacts(Optional.of(block.block()));
            case Effect.UnblockContact unblock -> known.lifted(unblock.lifts());
            default -> known;
          };
      if (effect instanceof Effect.Send send && !mayBeSent(send, known, theirs)) {
        return false;
      }
    }
    return true;
  }

  /// A flow may write to others whatever its contact says, but for one who has opted out: then it
  /// is over.
  private static boolean mayBeSent(Effect.Send send, ContactFacts known, Address theirs) {
    boolean open = !known.is(Block.OPTED_OUT);
    return switch (send.purpose()) {
      case FLOW -> open && !(known.is(Block.UNCLEAR) && send.to().equals(theirs));
      case AGENT -> known.block().isEmpty();
      case QUESTION -> known.is(Block.UNCLEAR);
      case NOTICE -> true;
    };
  }

  private static void returns(Object written, Object read) {
    if (!read.equals(written)) {
      throw new AssertionError("written:\n" + written + "\nread:\n" + read);
    }
  }

  private static void hold(boolean held, String law, Step step) {
    if (!held) {
      throw new AssertionError(law + ", but: " + step);
    }
  }
}
