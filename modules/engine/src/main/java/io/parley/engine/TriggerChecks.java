package io.parley.engine;

import io.parley.engine.hours.Clues;
import io.parley.engine.hours.Window;
import io.parley.engine.policy.TriggerRules;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whether what a trigger was sent for still holds when it arrives.
final class TriggerChecks {

  private TriggerChecks() {}

  static Optional<Reason> obstacle(Event.Triggered triggered, Address theirs, Moment moment) {
    if (isIneligible(triggered)) {
      return Optional.of(Reason.NOT_ELIGIBLE);
    }
    if (isCartStale(triggered, moment)) {
      return Optional.of(Reason.STALE_CART);
    }
    if (isStale(triggered, theirs, moment)) {
      return Optional.of(Reason.STALE);
    }
    return isCapped(triggered, theirs, moment)
        ? Optional.of(Reason.FREQUENCY_CAP)
        : Optional.empty();
  }

  /// What counts a trigger that has begun.
  static Optional<Effect> count(Event.Triggered triggered, Address theirs, Moment moment) {
    TriggerRules rules = moment.policy().triggers();
    return FrequencyCap.of(triggered, theirs)
        .filter(_ -> !rules.window().isZero())
        .map(
            cap ->
                new Effect.CountTrigger(
                    cap.key(), cap.person(), moment.now().plus(rules.window())));
  }

  private static boolean isIneligible(Event.Triggered triggered) {
    return triggered.parameters().object("controls").denies("eligible");
  }

  private static boolean isCartStale(Event.Triggered triggered, Moment moment) {
    return time(triggered.parameters().object("commerce").entries().get("cart_snapshot_at"))
        .map(taken -> taken.plus(moment.policy().triggers().maxSnapshotAge()))
        .filter(moment.now()::isAfter)
        .isPresent();
  }

  /// Unix seconds, as a number or in digits, or ISO 8601.
  static Optional<Instant> time(@Nullable Object told) {
    String text = String.valueOf(told).strip();
    if (text.matches("\\d{1,11}([.]\\d+)?([eE][+]?\\d{1,2})?")) {
      return Optional.of(Instant.ofEpochMilli((long) (Double.parseDouble(text) * 1000)));
    }
    return WrittenTime.parse(text);
  }

  /// One that comes within hours is never stale, unless it is we who let it wait: how long a
  /// Journey waits is its author's to say.
  private static boolean isStale(Event.Triggered triggered, Address theirs, Moment moment) {
    Values known = triggered.parameters().with(triggered.person().attributes());
    Clues clues = Clues.of(known, theirs);
    Instant latest = triggered.occurredAt().plus(moment.policy().triggers().staleAfter());
    if (triggered.hasWaited() && moment.now().isAfter(latest)) {
      return true;
    }
    return moment.policy().hours().window(clues, moment.now()) instanceof Window.Shut(var until, _)
        && until.isAfter(latest);
  }

  private static boolean isCapped(Event.Triggered triggered, Address theirs, Moment moment) {
    return FrequencyCap.of(triggered, theirs).isPresent()
        && moment
            .countedAt()
            .map(counted -> counted.plus(moment.policy().triggers().window()))
            .filter(moment.now()::isBefore)
            .isPresent();
  }
}
