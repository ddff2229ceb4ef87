package io.parley.engine;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a conversation means for everything else that is said to its person.
///
/// @param window in which other messages to the person are held back, while it is open
/// @param recoversSince from when on an order makes moot what the latest execution has to say:
///     since it began, or since what its trigger was set off by; empty where it speaks to people
///     who have bought
/// @param orders the latest orders that were told of, oldest first, at most [#MAX_ORDERS]
/// @param names by which the person is engaged while an execution is alive that a trigger began
public record Engagement(
    Optional<Window> window,
    Optional<Instant> recoversSince,
    List<String> orders,
    List<String> names) {

  public static final Engagement NONE =
      new Engagement(Optional.empty(), Optional.empty(), List.of(), List.of());

  static final int MAX_ORDERS = 10;

  public Engagement {
    orders = List.copyOf(orders);
    names = List.copyOf(names);
  }

  /// A suppression window.
  ///
  /// @param until when it ends by itself
  /// @param timer what tells that it is over
  public record Window(Reason reason, Instant from, Instant until, EffectId timer) {

    /// Why a window is open.
    public enum Reason {
      /// An execution has begun.
      CONVERSATION,
      /// The person has bought.
      PURCHASE;

      /// `conversation`, `purchase`.
      public String word() {
        return name().toLowerCase(Locale.ROOT);
      }
    }
  }

  boolean isIn(Window.Reason reason) {
    return window.filter(it -> it.reason() == reason).isPresent();
  }

  Engagement within(Optional<Window> next) {
    return new Engagement(next, recoversSince, orders, names);
  }

  Engagement recovering(Optional<Instant> since) {
    return new Engagement(window, since, orders, names);
  }

  Engagement with(String order) {
    return new Engagement(window, recoversSince, Messages.latest(orders, order, MAX_ORDERS), names);
  }

  Engagement as(List<String> next) {
    return new Engagement(window, recoversSince, orders, next);
  }
}
