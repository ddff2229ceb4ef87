package io.parley.loadtest.drive;

import io.parley.loadtest.profile.Arrivals;
import io.parley.loadtest.profile.Behaviour;
import io.parley.loadtest.profile.Customers;
import io.parley.loadtest.profile.Customers.Spacing;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// When customers come, and as whom: the same for the same seed. It is drawn as it is walked, so
/// that a run of millions costs no memory.
final class Timetable implements Iterator<Coming> {

  private static final double SECOND = 1e9;

  private final SplittableRandom random;
  private final Spacing spacing;
  private final NavigableMap<Integer, Behaviour> mix = new TreeMap<>();
  private final int weights;
  private final Iterator<Arrivals> stretches;
  private final Queue<Coming> next = new ArrayDeque<>();
  private Iterator<Coming> inStretch = Arrays.<Coming>asList().iterator();
  private long begun;

  Timetable(Customers customers, long seed) {
    this.random = new SplittableRandom(seed);
    this.spacing = customers.spacing();
    int sum = 0;
    for (Map.Entry<Behaviour, Integer> share : new TreeMap<>(customers.mix()).entrySet()) {
      if (share.getValue() > 0) {
        mix.put(sum, share.getKey());
        sum += share.getValue();
      }
    }
    this.weights = sum;
    this.stretches = customers.arrivals().iterator();
  }

  /// From the first customer to the end of the last stretch.
  static Duration lasts(Customers customers) {
    return customers.arrivals().stream().map(Arrivals::lasts).reduce(Duration.ZERO, Duration::plus);
  }

  @Override
  public boolean hasNext() {
    while (next.isEmpty()) {
      if (inStretch.hasNext()) {
        next.add(inStretch.next());
      } else if (stretches.hasNext()) {
        Arrivals stretch = stretches.next();
        inStretch = walk(stretch, begun);
        begun += stretch.lasts().toNanos();
      } else {
        return false;
      }
    }
    return true;
  }

  @Override
  public Coming next() {
    if (!hasNext()) {
      throw new NoSuchElementException("everybody has come");
    }
    return next.remove();
  }

  private Iterator<Coming> walk(Arrivals stretch, long from) {
    return switch (stretch) {
      case Arrivals.Steady(double rate, Duration lasts) ->
          new Spread(from, lasts.toNanos(), rate * lasts.toNanos() / SECOND, share -> share);
      case Arrivals.Ramp(double first, double last, Duration lasts) ->
          new Spread(
              from,
              lasts.toNanos(),
              (first + last) / 2 * lasts.toNanos() / SECOND,
              share -> within(first, last, share));
      case Arrivals.Burst(int customers, Duration lasts) ->
          new Spread(from, lasts.toNanos(), customers, share -> share);
      case Arrivals.Pause _ -> Arrays.<Coming>asList().iterator();
      case Arrivals.Replay replay ->
          replay.recorded().stream()
              .map(
                  one ->
                      new Coming(
                          from + one.at().toNanos(),
                          one.behaviour().orElseGet(this::draw),
                          one.attributes()))
              .iterator();
    };
  }

  /// When a share of those who come in a ramp have come, as a share of its time: the rate grows
  /// evenly, so the number of those who have come grows with the square.
  private static double within(double first, double last, double share) {
    double slope = last - first;
    if (Math.abs(slope) < 1e-9) {
      return share;
    }
    double come = share * (first + last) / 2;
    return (Math.sqrt(first * first + 2 * slope * come) - first) / slope;
  }

  private Behaviour draw() {
    return Objects.requireNonNull(mix.floorEntry(random.nextInt(weights))).getValue();
  }

  private interface Place {
    /// @param share of those who come
    double of(double share);
  }

  /// Customers over a stretch of time. With even spacing the k-th of n comes when k/n of them are
  /// due; with Poisson's, that order is kept and the gaps are exponential.
  private final class Spread implements Iterator<Coming> {

    private final long from;
    private final long lasts;
    private final double expected;
    private final Place place;
    private double come;

    private Spread(long from, long lasts, double expected, Place place) {
      this.from = from;
      this.lasts = lasts;
      this.expected = expected;
      this.place = place;
      this.come = spacing == Spacing.EVEN ? 0 : random.nextExponential();
    }

    @Override
    public boolean hasNext() {
      return come < expected;
    }

    @Override
    public Coming next() {
      if (!hasNext()) {
        throw new NoSuchElementException("all of this stretch have come");
      }
      long at = from + (long) (place.of(come / expected) * lasts);
      come += spacing == Spacing.EVEN ? 1 : random.nextExponential();
      return new Coming(at, draw(), Map.of());
    }
  }
}
