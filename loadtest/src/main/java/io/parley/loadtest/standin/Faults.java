package io.parley.loadtest.standin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/// The faults that the next requests meet, programmable at run time; a request meets the first
/// programmed one that applies to it. What a request is *about* (a recipient, a path) is up to the
/// stand-in. Safe for any thread.
///
/// ```java
/// twilio.faults().next(2, new SendFault.ErrorBeforeAccepting(500));
/// twilio.faults().nextAbout("+14155550123", 1, new SendFault.CutAfterAccepting());
/// ```
public final class Faults<F> {

  private final List<Rule<F>> rules = new ArrayList<>();
  private final Map<String, Integer> struck = new TreeMap<>();

  /// Adds a fault that strikes the next `times` requests.
  public void next(int times, F fault) {
    add(new Rule<>(_ -> true, () -> false, fault, times));
  }

  /// Adds a fault that strikes the next `times` requests about that.
  public void nextAbout(String subject, int times, F fault) {
    add(new Rule<>(subject::equals, () -> false, fault, times));
  }

  /// Adds a fault that strikes that share (0 to 1) of all requests, drawn with `seed`.
  public void share(double share, long seed, F fault) {
    Random random = new Random(seed);
    add(new Rule<>(_ -> random.nextDouble() < share, () -> false, fault, Integer.MAX_VALUE));
  }

  /// Adds a fault that strikes every request from now on, for that long.
  public void during(Duration time, F fault) {
    long end = System.nanoTime() + time.toNanos();
    add(new Rule<>(_ -> true, () -> System.nanoTime() - end > 0, fault, Integer.MAX_VALUE));
  }

  /// Adds a fault that strikes that share (0 to 1) of the requests from now on until it is over,
  /// drawn with `seed`.
  public void share(double share, long seed, F fault, BooleanSupplier over) {
    Random random = new Random(seed);
    add(new Rule<>(_ -> random.nextDouble() < share, over, fault, Integer.MAX_VALUE));
  }

  /// Adds a fault that strikes every request until [#clear].
  public void always(F fault) {
    next(Integer.MAX_VALUE, fault);
  }

  /// Forgets all faults; the counts stay.
  public synchronized void clear() {
    rules.clear();
  }

  /// How often each kind of fault has struck, by its name such as `CutAfterAccepting`.
  public synchronized Map<String, Integer> struck() {
    return Map.copyOf(struck);
  }

  /// The fault that a request meets, which is thereby used up once.
  public synchronized Optional<F> strike(String subject) {
    rules.removeIf(rule -> rule.over.getAsBoolean());
    for (Iterator<Rule<F>> each = rules.iterator(); each.hasNext(); ) {
      Rule<F> rule = each.next();
      if (!rule.subject.test(subject)) {
        continue;
      }
      if (--rule.remaining == 0) {
        each.remove();
      }
      struck.merge(rule.fault.getClass().getSimpleName(), 1, Integer::sum);
      return Optional.of(rule.fault);
    }
    return Optional.empty();
  }

  private synchronized void add(Rule<F> rule) {
    if (rule.remaining > 0) {
      rules.add(rule);
    }
  }

  private static final class Rule<F> {
    private final Predicate<String> subject;
    private final BooleanSupplier over;
    private final F fault;
    private int remaining;

    private Rule(Predicate<String> subject, BooleanSupplier over, F fault, int times) {
      this.subject = subject;
      this.over = over;
      this.fault = fault;
      this.remaining = times;
    }
  }
}
