package io.parley.loadtest.drive;

import io.parley.loadtest.profile.Arrivals;
import io.parley.loadtest.profile.Behaviour;
import io.parley.loadtest.profile.Customers.Spacing;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/// When customers come, drawn as it is asked for: nobody is held in memory before they come.
final class Timetable implements Iterator<Timetable.Arrival> {

  private final Iterator<Arrivals> stretches;
  private final Spacing spacing;
  private final RandomGenerator random;
  private Iterator<Arrival> current = List.<Arrival>of().iterator();
  private long begun;

  /// Somebody comes.
  ///
  /// @param nanos since the first stretch began
  /// @param behaviour drawn from the mix where nothing is said
  /// @param attributes what is said of the person beside the usual
  record Arrival(long nanos, Optional<Behaviour> behaviour, Map<String, String> attributes) {}

  Timetable(List<Arrivals> stretches, Spacing spacing, RandomGenerator random) {
    this.stretches = stretches.iterator();
    this.spacing = spacing;
    this.random = random;
  }

  @Override
  public boolean hasNext() {
    while (!current.hasNext() && stretches.hasNext()) {
      Arrivals stretch = stretches.next();
      current = arrivals(stretch, begun);
      begun += stretch.lasts().toNanos();
    }
    return current.hasNext();
  }

  @Override
  public Arrival next() {
    if (!hasNext()) {
      throw new NoSuchElementException("everybody has come");
    }
    return current.next();
  }

  private Iterator<Arrival> arrivals(Arrivals stretch, long begin) {
    return switch (stretch) {
      case Arrivals.Steady(double perSecond, var lasts) ->
          new Flow(begin, perSecond, perSecond, lasts.toNanos() / 1e9);
      case Arrivals.Ramp(double from, double to, var lasts) ->
          new Flow(begin, from, to, lasts.toNanos() / 1e9);
      case Arrivals.Burst(int customers, var lasts) -> burst(customers, begin, lasts.toNanos());
      case Arrivals.Pause _ -> List.<Arrival>of().iterator();
      case Arrivals.Replay(var recorded) ->
          recorded.stream()
              .map(
                  one -> new Arrival(begin + one.at().toNanos(), one.behaviour(), one.attributes()))
              .iterator();
    };
  }

  private Iterator<Arrival> burst(int customers, long begin, long lasts) {
    double[] shares = new double[customers];
    for (int i = 0; i < customers; i++) {
      shares[i] =
          switch (spacing) {
            case EVEN -> (double) i / customers;
            case POISSON -> random.nextDouble();
          };
    }
    Arrays.sort(shares);
    return Arrays.stream(shares).mapToObj(share -> at(begin + (long) (share * lasts))).iterator();
  }

  private static Arrival at(long nanos) {
    return new Arrival(nanos, Optional.empty(), Map.of());
  }

  /// Customers at a rate that rises or falls in a straight line: the n-th comes when as many were
  /// to be expected, where n grows by one each time, or by something exponential around it.
  private final class Flow implements Iterator<Arrival> {
    private final long begin;
    private final double from;
    private final double to;
    private final double seconds;
    private double expected;
    private OptionalLong next;

    private Flow(long begin, double from, double to, double seconds) {
      this.begin = begin;
      this.from = from;
      this.to = to;
      this.seconds = seconds;
      this.expected = spacing == Spacing.EVEN ? 0 : random.nextExponential();
      this.next = drawn();
    }

    private OptionalLong drawn() {
      if (expected >= (from + to) / 2 * seconds) {
        return OptionalLong.empty();
      }
      double slope = (to - from) / seconds;
      double at =
          2 * expected / (from + Math.sqrt(Math.max(0, from * from + 2 * slope * expected)));
      return OptionalLong.of(begin + (long) (at * 1e9));
    }

    @Override
    public boolean hasNext() {
      return next.isPresent();
    }

    @Override
    public Arrival next() {
      long nanos = next.orElseThrow();
      expected += spacing == Spacing.EVEN ? 1 : random.nextExponential();
      next = drawn();
      return at(nanos);
    }
  }
}
