package io.parley.loadtest.profile;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A stretch of time in which customers come.
public sealed interface Arrivals {

  /// How long it takes.
  Duration lasts();

  /// How many come, as is to be expected.
  double expected();

  /// So many a second.
  record Steady(double perSecond, Duration lasts) implements Arrivals {
    @Override
    public double expected() {
      return perSecond * lasts.toNanos() / 1e9;
    }
  }

  /// More and more, or fewer and fewer.
  record Ramp(double from, double to, Duration lasts) implements Arrivals {
    @Override
    public double expected() {
      return (from + to) / 2 * lasts.toNanos() / 1e9;
    }
  }

  /// So many within a moment.
  record Burst(int customers, Duration lasts) implements Arrivals {
    @Override
    public double expected() {
      return customers;
    }
  }

  /// Nobody.
  record Pause(Duration lasts) implements Arrivals {
    @Override
    public double expected() {
      return 0;
    }
  }

  /// As they came before.
  record Replay(List<Recorded> recorded) implements Arrivals {

    public Replay {
      recorded = List.copyOf(recorded);
    }

    @Override
    public Duration lasts() {
      return recorded.isEmpty() ? Duration.ZERO : recorded.getLast().at();
    }

    @Override
    public double expected() {
      return recorded.size();
    }
  }

  /// Somebody who came before.
  ///
  /// @param at from the beginning of the replay
  /// @param behaviour drawn from the mix where nothing is said
  /// @param attributes what the trigger says of the person beside the usual, by name
  record Recorded(Duration at, Optional<Behaviour> behaviour, Map<String, String> attributes) {

    public Recorded {
      attributes = Map.copyOf(attributes);
    }
  }
}
