package io.parley.engine;

import io.parley.engine.Engagement.Window;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// What an order means for a conversation. Confined to one step.
final class Orders {

  private final TurnBuilder turn;
  private final Windows windows;

  Orders(TurnBuilder turn) {
    this.turn = turn;
    this.windows = turn.windows();
  }

  /// An order counts once, however often and by whatever name it is told.
  Step told(Event.PurchaseSeen purchase) {
    boolean repeated = windows.engagement().orders().contains(purchase.orderId());
    if (repeated) {
      return turn.refused(Reason.REPEATED_PURCHASE);
    }
    Values offer = turn.bargaining().bought(purchase);
    Optional<Reason> obstacle = obstacle(purchase);
    if (obstacle.isPresent()) {
      return turn.refused(obstacle.get());
    }
    boolean moot = windows.engagement().recoversSince().isPresent();
    if (turn.execution().isPresent() && !turn.isHandedOver() && moot) {
      turn.withdrawSends();
    }
    report(purchase, offer);
    windows.bought(purchase);
    turn.changed();
    if (turn.execution().isEmpty()) {
      turn.reportAttributes();
    } else if (turn.isHandedOver()) {
      turn.reportAttributes();
      turn.endAfterHandoff(purchase);
    } else if (turn.resumeWaiting(purchase) || !moot) {
      turn.reportAttributes();
    } else {
      turn.end(Result.PURCHASED, "the contact bought: order " + purchase.orderId());
    }
    return turn.taken();
  }

  /// An order that was placed before the conversation is none that it led to. Shops tell whole
  /// seconds.
  private Optional<Reason> obstacle(Event.PurchaseSeen purchase) {
    Engagement engagement = windows.engagement();
    Optional<Instant> begun =
        turn.execution()
            .map(Execution::startedAt)
            .or(
                () ->
                    engagement
                        .window()
                        .filter(it -> it.reason() == Window.Reason.CONVERSATION)
                        .map(Window::from));
    if (begun.isEmpty()) {
      return Optional.of(Reason.NO_EXECUTION);
    }
    return begun
        .map(it -> it.truncatedTo(ChronoUnit.SECONDS))
        .filter(purchase.occurredAt()::isBefore)
        .map(_ -> Reason.OLDER_PURCHASE);
  }

  private void report(Event.PurchaseSeen purchase, Values offer) {
    turn.report(
        Outcomes.CONVERSION,
        Values.of("order_id", purchase.orderId())
            .with("purchased_at", purchase.occurredAt().toString())
            .with(purchase.properties())
            .with(offer));
  }
}
