package io.parley.engine;

import io.parley.engine.Traffic.Sent;
import io.parley.engine.hours.Clues;
import io.parley.engine.hours.Occasion;
import io.parley.engine.hours.Verdict;
import io.parley.engine.hours.Window;
import io.parley.engine.policy.Policy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What the brand's rules say of each message that a flow wants to send: quiet hours, the throttle,
/// WhatsApp's window and templates, the longest text. Notices never come here. Confined to one
/// step.
final class SendRules {

  /// Source: error 21617.
  private static final int LONGEST_TEXT = 1_600;

  private static final int TOO_LONG = 21617;
  private static final int OUTSIDE_WINDOW = 63016;
  private static final int OURS = 0;

  /// Hours and a throttle may each put off what the other allows; more turns than these find no
  /// moment that suits both.
  private static final int ROUNDS = 20;

  private final Policy policy;
  private final Instant now;
  private final Optional<Occasion> told;
  private Traffic traffic;

  SendRules(Traffic before, Event event, Moment moment) {
    this.policy = moment.policy();
    this.now = moment.now();
    this.told = occasion(event);
    this.traffic =
        event instanceof Event.ReplyReceived
            ? before.in(before.window().heard(moment.arrivedAt()))
            : before;
  }

  /// Why the flow speaks in an event's turn; empty where it only goes on with what it was about.
  private static Optional<Occasion> occasion(Event event) {
    return switch (event) {
      case Event.Triggered _ -> Optional.of(Occasion.BUSINESS_STARTED);
      case Event.ReplyReceived _ -> Optional.of(Occasion.ANSWER);
      case Event.TimerFired _,
          Event.PurchaseSeen _,
          Event.EventSeen _,
          Event.ConsentRevoked _,
          Event.LinkClicked _,
          Event.HandoffClosed _,
          Event.HandoffFailed _ ->
          Optional.of(Occasion.TIMER);
      case Event.AgentTook _,
          Event.AgentWrote _,
          Event.QueueSpoke _,
          Event.HandoffReturned _,
          Event.HandoffPlaced _,
          Event.SendAccepted _,
          Event.SendFailed _,
          Event.DeliveryReported _,
          Event.CallAnswered _,
          Event.CallFailed _,
          Event.OfferReserved _,
          Event.OfferUnavailable _,
          Event.RedirectReturned _,
          Event.OptedOutElsewhere _,
          Event.SuppressionElapsed _,
          Event.ExecutionStopped _ ->
          Optional.empty();
    };
  }

  /// Who a message is for.
  ///
  /// @param isContact whether it counts against the contact's patience
  /// @param isElsewhere whether it reaches the contact on another channel than the thread's
  /// @param clues where they may be; empty where no hours hold, since no telephone rings
  record Recipient(boolean isContact, boolean isElsewhere, Optional<Clues> clues) {}

  /// What became of a message.
  sealed interface Ruling {

    /// @param deferral what is reported, where it has to wait
    record Leaves(Effect.Send send, Optional<Values> deferral) implements Ruling {}

    /// @param until when it could leave, where that is all that keeps it
    record Refused(Event.SendFailed failed, Optional<Instant> until) implements Ruling {}
  }

  /// How something is said.
  enum Manner {
    /// By a flow: it waits for the hours and the throttle.
    FLOW,
    /// By a person, to whom no throttle applies: refused in quiet hours, but as an answer.
    PERSONAL,
    /// By a person: it waits for the end of quiet hours.
    PATIENT
  }

  /// What holds a message back for a while.
  private record Hold(String rule, String source, Instant until) {

    private static Hold of(Verdict.Wait wait) {
      Window.Hold by = wait.by();
      String asOf = by.rule().asOf().isEmpty() ? "" : ", as of " + by.rule().asOf();
      return new Hold(
          "quiet_hours " + by.rule().line() + " in " + by.spot(),
          by.rule().source() + asOf,
          wait.until());
    }

    private Values values() {
      return Values.of("rule", rule).with("source", source).with("until", until.toString());
    }
  }

  /// When a message may leave.
  ///
  /// @param never why it never may; empty text where it may
  private record Plan(Instant at, String exemption, List<Hold> holds, String never) {}

  /// What a flow wants to say.
  ///
  /// @param goodUntil when what it promises is over, if that ever is
  Ruling rule(Effect.Send send, Recipient recipient, Optional<Instant> goodUntil) {
    return rule(send, recipient, goodUntil, Manner.FLOW);
  }

  /// @param goodUntil when what it promises is over, if that ever is
  Ruling rule(Effect.Send send, Recipient recipient, Optional<Instant> goodUntil, Manner manner) {
    Optional<Ruling> unfit = unfit(send);
    if (unfit.isPresent()) {
      return unfit.get();
    }
    Plan plan = plan(recipient, manner);
    if (!plan.never().isEmpty()) {
      return refused(send, OURS, "quiet_hours_never", plan.never());
    }
    if (manner == Manner.PERSONAL && plan.at().isAfter(now)) {
      return new Ruling.Refused(
          failed(send, OURS, "quiet_hours", plan.holds().getLast().rule()), Optional.of(plan.at()));
    }
    if (isOutsideWindow(send, recipient, plan.at())) {
      return refused(
          send, OUTSIDE_WINDOW, "outside_window", "free text outside WhatsApp's 24 hours");
    }
    if (goodUntil.filter(it -> !plan.at().isBefore(it)).isPresent()) {
      return refused(
          send,
          OURS,
          "offer_expired",
          "the offer is over at %s, and the message may leave at %s"
              .formatted(goodUntil.get(), plan.at()));
    }
    Sent sent = new Sent(send.id(), plan.at(), recipient.isContact(), notes(send, recipient, plan));
    traffic = traffic.with(sent, now);
    return new Ruling.Leaves(held(send, recipient, plan, manner), deferral(plan, manner));
  }

  /// What is not wanted where it would go.
  static Ruling refused(Effect.Send send, Reason reason) {
    return refused(send, OURS, reason.word(), reason.sentence());
  }

  private static Ruling refused(Effect.Send send, int code, String reason, String message) {
    return new Ruling.Refused(failed(send, code, reason, message), Optional.empty());
  }

  private static Event.SendFailed failed(
      Effect.Send send, int code, String reason, String message) {
    return new Event.SendFailed(send.id(), code, reason, message, Optional.empty());
  }

  /// What may be sent at no time.
  private Optional<Ruling> unfit(Effect.Send send) {
    return switch (send.content()) {
      case Effect.Content.Text(var body, _) -> {
        int length = body.codePointCount(0, body.length());
        yield length <= LONGEST_TEXT
            ? Optional.empty()
            : Optional.of(
                refused(
                    send,
                    TOO_LONG,
                    "too_long",
                    "the message has %d characters, at most %d are allowed"
                        .formatted(length, LONGEST_TEXT)));
      }
      case Effect.Content.Template(var sid, _) ->
          send.to().channel() == Channel.WHATSAPP
              ? policy
                  .whatsapp()
                  .refusal(sid, send.to())
                  .map(why -> refused(send, OURS, "marketing_template", why))
              : Optional.empty();
    };
  }

  private boolean isOutsideWindow(Effect.Send send, Recipient recipient, Instant at) {
    return recipient.isContact()
        && send.to().channel() == Channel.WHATSAPP
        && send.content() instanceof Effect.Content.Text
        && !traffic.window().isOpen(at);
  }

  /// The first moment that suits all rules, and all that held it back.
  private Plan plan(Recipient recipient, Manner manner) {
    List<Hold> holds = new ArrayList<>();
    Instant at = now;
    for (int round = 0; round < ROUNDS; round++) {
      Verdict verdict = hours(recipient, at, manner);
      if (verdict instanceof Verdict.GoExempt(var why, _)) {
        return new Plan(at, why, holds, "");
      }
      if (verdict instanceof Verdict.Never(var why)) {
        return new Plan(at, "", holds, why);
      }
      Optional<Hold> hold =
          verdict instanceof Verdict.Wait wait
              ? Optional.of(Hold.of(wait))
              : throttle(recipient, at, manner);
      if (hold.isEmpty()) {
        return new Plan(at, "", holds, "");
      }
      holds.add(hold.get());
      at = hold.get().until();
    }
    return new Plan(at, "", holds, "no moment suits both the hours and the throttle");
  }

  private Verdict hours(Recipient recipient, Instant at, Manner manner) {
    return recipient
        .clues()
        .map(clues -> policy.hours().decide(occasion(manner), heardAt(), at, clues))
        .orElseGet(Verdict.Go::new);
  }

  /// The throttle is for what a flow sends by itself: an answer counts, and leaves.
  private Optional<Hold> throttle(Recipient recipient, Instant at, Manner manner) {
    return manner == Manner.FLOW
            && recipient.isContact()
            && !policy.hours().isAnswer(occasion(manner), heardAt(), now)
        ? policy
            .throttle()
            .nextAllowed(traffic.toContact(), at)
            .map(next -> new Hold("throttle", policy.throttle().line(), next))
        : Optional.empty();
  }

  /// A person answers: how long ago the contact wrote tells whether in time.
  private Occasion occasion(Manner manner) {
    return manner == Manner.FLOW ? told.or(traffic::cause).orElse(Occasion.TIMER) : Occasion.ANSWER;
  }

  private Optional<Instant> heardAt() {
    return traffic.window().lastInboundAt();
  }

  private Effect.Send held(Effect.Send send, Recipient recipient, Plan plan, Manner manner) {
    Optional<Instant> notBefore = Optional.of(plan.at()).filter(now::isBefore);
    return recipient
        .clues()
        .map(clues -> send.leaving(new Departure(notBefore, occasion(manner), heardAt(), clues)))
        .orElse(send);
  }

  private static Values notes(Effect.Send send, Recipient recipient, Plan plan) {
    Values notes = Values.EMPTY;
    if (send.to().channel() == Channel.SMS
        && send.content() instanceof Effect.Content.Text(var body, _)) {
      notes = notes.with("segments", Segments.of(body)).with("encoding", Segments.encoding(body));
    }
    if (recipient.isElsewhere()) {
      notes = notes.with("fallback", send.to().channel().word());
    }
    return plan.exemption().isEmpty() ? notes : notes.with("exempt", plan.exemption());
  }

  private Optional<Values> deferral(Plan plan, Manner manner) {
    if (plan.holds().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        plan.holds()
            .getLast()
            .values()
            .with("occasion", occasion(manner).name().toLowerCase(Locale.ROOT))
            .with("reasons", plan.holds().stream().map(it -> it.values().entries()).toList()));
  }

  // ---- what is kept in mind

  /// @param moved whether the event moved the flow, which then speaks because of it
  Traffic traffic(boolean moved) {
    return moved && told.isPresent() ? traffic.causedBy(told.get()) : traffic;
  }

  /// Whether a message waits for its time.
  boolean isHeldBack(EffectId send) {
    return traffic.find(send).filter(it -> it.at().isAfter(now)).isPresent();
  }

  /// Twilio took a message; what is to be reported of it.
  Values left(EffectId send) {
    Values notes = traffic.find(send).map(Sent::notes).orElse(Values.EMPTY);
    traffic = traffic.left(send, now);
    return notes;
  }

  /// A message was given up, or turned out not to have arrived.
  void failed(EffectId send, int code) {
    Optional<Sent> sent = traffic.find(send);
    if (sent.filter(Sent::toContact).isPresent()) {
      traffic = traffic.in(traffic.window().failed(code, sent.get().at()));
    }
    traffic = traffic.without(send);
  }

  void withdrawn() {
    traffic = traffic.withdrawn(now);
  }
}
