package io.parley.engine;

import io.parley.engine.Effect.ScheduleTimer.Purpose;
import io.parley.engine.Engagement.Window;
import io.parley.engine.policy.Suppression;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The suppression window of a conversation: one at a time, and each that opens is ended once.
///
/// One opens when an execution begins. It outlives the execution, since other messages shall be
/// held back for a while after it, too; another execution that begins meanwhile makes it longer.
/// An opt-out ends it, and so does a purchase, upon which one for purchasers opens: that one stays
/// whatever begins. Confined to one step.
final class Windows {

  private static final String ELAPSED = "elapsed";

  private final TurnBuilder turn;
  private final Suppression rules;
  private Engagement engagement;
  private boolean opened;

  Windows(TurnBuilder turn, Engagement engagement, Suppression rules) {
    this.turn = turn;
    this.engagement = engagement;
    this.rules = rules;
  }

  Engagement engagement() {
    return engagement;
  }

  /// Whether a conversation is in progress, as other systems shall see it.
  boolean isConversing() {
    return engagement.isIn(Window.Reason.CONVERSATION);
  }

  Optional<Instant> until() {
    return engagement.window().map(Window::until);
  }

  /// An execution begins.
  ///
  /// @param mootSince from when on an order makes moot what it has to say; empty where none does
  void begin(Optional<Instant> mootSince) {
    engagement = engagement.recovering(mootSince);
    if (rules.window().isZero() || engagement.isIn(Window.Reason.PURCHASE)) {
      return;
    }
    Instant from = engagement.window().map(Window::from).orElse(turn.now());
    opened = engagement.window().isEmpty();
    open(Window.Reason.CONVERSATION, from, rules.window());
  }

  /// Reports a window that [#begin] has opened.
  void announce() {
    if (opened) {
      reportStart();
    }
  }

  private void open(Window.Reason reason, Instant from, Duration length) {
    engagement.window().map(Window::timer).ifPresent(turn::cancel);
    EffectId timer = turn.timer(length, Purpose.SUPPRESSION_OVER);
    Window window = new Window(reason, from, turn.now().plus(length), timer);
    engagement = engagement.within(Optional.of(window));
    turn.add(new Effect.KeepWindow(window, ""));
  }

  private void reportStart() {
    Window window = engagement.window().orElseThrow();
    turn.report(
        Outcomes.SUPPRESSION_STARTED,
        Values.of("reason", window.reason().word()).with("until", window.until().toString()));
  }

  /// Ends the window, if one is open; whether one was.
  boolean close(String reason) {
    Optional<Window> open = engagement.window();
    if (open.isEmpty()) {
      return false;
    }
    Window window = open.get();
    turn.cancel(window.timer());
    engagement = engagement.within(Optional.empty());
    turn.add(new Effect.KeepWindow(window, reason));
    turn.report(
        Outcomes.SUPPRESSION_ENDED,
        Values.of("reason", reason)
            .with("started_by", window.reason().word())
            .with("until", window.until().toString()));
    turn.changed();
    return true;
  }

  /// The person has bought: purchasers are held back from then on.
  void bought(Event.PurchaseSeen purchase) {
    engagement = engagement.with(purchase.orderId());
    Duration left = Duration.between(turn.now(), purchase.occurredAt().plus(rules.afterPurchase()));
    close(Window.Reason.PURCHASE.word());
    if (left.isPositive() && !rules.afterPurchase().isZero()) {
      open(Window.Reason.PURCHASE, turn.now(), left);
      reportStart();
    }
  }

  /// A timer ran out; whether it was the window's.
  boolean fired(EffectId timer) {
    boolean ours = engagement.window().filter(it -> it.timer().equals(timer)).isPresent();
    return ours && close(ELAPSED);
  }

  /// Ends a window that is over; whether there was one.
  boolean elapsed() {
    boolean over = until().filter(it -> !turn.now().isBefore(it)).isPresent();
    return over && close(ELAPSED);
  }

  /// The person is engaged in this thread until the execution ends.
  void engage(List<String> names) {
    engagement = engagement.as(names);
    turn.add(new Effect.Engage(names, true));
  }

  void release() {
    if (!engagement.names().isEmpty()) {
      turn.add(new Effect.Engage(engagement.names(), false));
      engagement = engagement.as(List.of());
    }
  }
}
