package io.parley.loadtest.profile;

import java.util.List;
import java.util.Map;

/// Who comes, when, and what they do. They come as they come, however slowly they are answered.
///
/// @param arrivals one after the other
/// @param warmUp those before them, of whom no time is kept
/// @param mix how often each behaviour is drawn, beside the others
/// @param late how long those think who answer late
/// @param says what those of a behaviour say, in place of what they say usually
public record Customers(
    List<Arrivals> arrivals,
    List<Arrivals> warmUp,
    Spacing spacing,
    Map<Behaviour, Integer> mix,
    Thinking thinking,
    Thinking late,
    Map<Behaviour, List<String>> says) {

  /// How customers are spread over the time in which they come.
  public enum Spacing {
    /// Each comes by itself, so that some come together.
    POISSON,
    /// One after the other, at equal times.
    EVEN
  }

  public Customers {
    arrivals = List.copyOf(arrivals);
    warmUp = List.copyOf(warmUp);
    mix = Map.copyOf(mix);
    says = Map.copyOf(says);
  }
}
