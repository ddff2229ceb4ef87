package io.parley.engine.policy;

import io.parley.engine.flow.Place;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// Which order counts as what a flow led to: the first one that its person places within a window.
///
/// ```yaml
/// conversion:
///   window: 3d                # the default
///   from: start               # or last_message; start is the default
///   flows:                    # by name or sid, where it is another one
///     cart-recovery: {window: 24h, from: last_message}
/// ```
///
/// Measured afterwards: a window that is changed measures what has been anew.
///
/// @param usual what holds for flows that are not named
/// @param flows by name or sid
public record Conversions(Goal usual, Map<String, Goal> flows) {

  /// A window.
  ///
  /// @param window at most 90 days
  public record Goal(Duration window, From from) {}

  /// What a window begins with.
  public enum From {
    /// The beginning of the execution.
    START,
    /// The last message of the execution, where one was sent; an order before it counts, too.
    LAST_MESSAGE;

    /// `start`, `last_message`.
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  public static final Conversions DEFAULT =
      new Conversions(new Goal(Duration.ofDays(3), From.START), Map.of());

  private static final Duration LONGEST = Duration.ofDays(90);

  public Conversions {
    flows = Map.copyOf(flows);
  }

  static Conversions read(Place place) {
    if (!place.holdsOnly("window", "from", "flows")) {
      return DEFAULT;
    }
    Goal usual = goal(place, DEFAULT.usual);
    Map<String, Goal> flows = new LinkedHashMap<>();
    Place named = place.get("flows");
    if (!named.isAbsent() && !named.isObject()) {
      named.problem("must be an object of flows, such as {cart-recovery: {window: 24h}}");
    }
    for (String name : named.names()) {
      if (named.get(name).holdsOnly("window", "from")) {
        flows.put(name, goal(named.get(name), usual));
      }
    }
    return new Conversions(usual, flows);
  }

  private static Goal goal(Place place, Goal usual) {
    Duration window =
        place
            .get("window")
            .duration(
                usual.window,
                it -> !it.isZero() && it.compareTo(LONGEST) <= 0,
                "must be a time of at most 90d, such as 3d or 12h");
    return new Goal(window, from(place.get("from"), usual.from));
  }

  private static From from(Place place, From usual) {
    return switch (place.literal()) {
      case "" -> {
        if (!place.isAbsent()) {
          place.problem("must be start or last_message");
        }
        yield usual;
      }
      case "start" -> From.START;
      case "last_message" -> From.LAST_MESSAGE;
      default -> {
        place.problem("must be start or last_message");
        yield usual;
      }
    };
  }
}
