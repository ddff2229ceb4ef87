package io.parley.loadtest.twilio;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;

/// The faults that the next create requests meet; a request meets the first programmed one that
/// applies to it. Safe for any thread.
///
/// ```java
/// twilio.faults().next(2, new Fault.ErrorBeforeAccepting(500));
/// twilio.faults().nextTo("+14155550123", 1, new Fault.CutAfterAccepting());
/// ```
public final class Faults {

  private final List<Rule> rules = new ArrayList<>();
  private final Map<String, Integer> struck = new TreeMap<>();

  /// Adds a fault that strikes the next `times` requests.
  public void next(int times, Fault fault) {
    add(_ -> true, times, fault);
  }

  /// Adds a fault that strikes the next `times` requests to that recipient.
  public void nextTo(String recipient, int times, Fault fault) {
    add(recipient::equals, times, fault);
  }

  /// Adds a fault that strikes that share (0 to 1) of all requests, drawn with `seed`.
  public void share(double share, Fault fault, long seed) {
    Random random = new Random(seed);
    add(_ -> random.nextDouble() < share, Integer.MAX_VALUE, fault);
  }

  /// Forgets all faults; the counts stay.
  public synchronized void clear() {
    rules.clear();
  }

  /// How often each kind of fault has struck, by its name such as `CutAfterAccepting`.
  public synchronized Map<String, Integer> struck() {
    return Map.copyOf(struck);
  }

  synchronized Optional<Fault> strike(String recipient) {
    for (Iterator<Rule> each = rules.iterator(); each.hasNext(); ) {
      Rule rule = each.next();
      if (!rule.recipient.test(recipient)) {
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

  private synchronized void add(Predicate<String> recipient, int times, Fault fault) {
    if (times > 0) {
      rules.add(new Rule(recipient, times, fault));
    }
  }

  private static final class Rule {
    private final Predicate<String> recipient;
    private final Fault fault;
    private int remaining;

    private Rule(Predicate<String> recipient, int times, Fault fault) {
      this.recipient = recipient;
      this.remaining = times;
      this.fault = fault;
    }
  }
}
