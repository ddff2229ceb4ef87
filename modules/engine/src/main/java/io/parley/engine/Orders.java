package io.parley.engine;

import io.parley.engine.Engagement.Window;
import io.parley.engine.outcomes.OutcomeCatalogue;
import io.parley.engine.outcomes.OutcomeType;
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
    boolean moot = turn.isMootByOrder();
    if (turn.execution().isPresent() && !turn.isHandedOver() && moot) {
      turn.withdrawSends();
    }
    if (isLedTo(purchase)) {
      report(purchase, offer);
    }
    windows.bought(purchase);
    turn.changed();
    if (turn.execution().isEmpty()) {
      turn.reportAttributes();
    } else if (turn.isHandedOver()) {
      turn.reportAttributes();
      turn.keepPurchase(purchase, moot);
    } else if (turn.resumeWaiting(purchase) || !moot) {
      turn.reportAttributes();
    } else {
      turn.end(Result.PURCHASED, "the contact bought: order " + purchase.orderId());
    }
    return turn.taken();
  }

  /// An order that was placed before the conversation changes nothing, but for one that had made
  /// its trigger moot, and is told of late.
  private Optional<Reason> obstacle(Event.PurchaseSeen purchase) {
    if (begun().isEmpty()) {
      return Optional.of(Reason.NO_EXECUTION);
    }
    Optional<Instant> mootSince =
        windows.engagement().recoversSince().filter(_ -> turn.execution().isPresent());
    return isLedTo(purchase) || isSince(mootSince, purchase)
        ? Optional.empty()
        : Optional.of(Reason.OLDER_PURCHASE);
  }

  /// Whether the conversation may have led to an order.
  private boolean isLedTo(Event.PurchaseSeen purchase) {
    return isSince(begun(), purchase);
  }

  /// When what is alive here began, or what has left its window open.
  private Optional<Instant> begun() {
    return turn.execution()
        .map(Execution::startedAt)
        .or(
            () ->
                windows
                    .engagement()
                    .window()
                    .filter(it -> it.reason() == Window.Reason.CONVERSATION)
                    .map(Window::from));
  }

  /// Shops tell whole seconds.
  private static boolean isSince(Optional<Instant> since, Event.PurchaseSeen purchase) {
    return since
        .map(it -> it.truncatedTo(ChronoUnit.SECONDS))
        .filter(it -> !purchase.occurredAt().isBefore(it))
        .isPresent();
  }

  private void report(Event.PurchaseSeen purchase, Values offer) {
    Values ours =
        Values.of("order_id", purchase.orderId())
            .with("purchased_at", purchase.occurredAt().toString())
            .with(offer);
    OutcomeType conversion = OutcomeCatalogue.find(Outcomes.CONVERSION).orElseThrow();
    turn.report(Outcomes.CONVERSION, conversion.beside(ours, purchase.properties()));
  }
}
