package io.parley.loadtest.faults;

import io.parley.loadtest.Stage;
import io.parley.loadtest.measure.FaultWindow;
import io.parley.loadtest.postgres.PostgresServer;
import io.parley.loadtest.twilio.CallbackHabits;
import io.parley.loadtest.twilio.Fate;
import io.parley.loadtest.twilio.SendFault;
import io.parley.loadtest.twilio.SentMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Strikes with a plan's faults by the run's clock, each on a thread of its own, and knows
/// afterwards when each was in force. What is still on when the run ends is ended then.
public final class FaultSchedule implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FaultSchedule.class);

  private final FaultPlan plan;
  private final Stricken stricken;
  private final long seed;
  private final List<Struck> struck = new CopyOnWriteArrayList<>();
  private final List<OnMessages> onMessages = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private CallbackHabits habits;
  private long begun;
  private volatile boolean ending;

  /// A fault, and when it was in force.
  private static final class Struck {
    private final Fault fault;
    private volatile long from;
    private volatile long until;

    private Struck(Fault fault) {
      this.fault = fault;
    }

    private boolean isOn() {
      return from != 0 && until == 0;
    }

    private boolean isOver() {
      return until != 0;
    }
  }

  /// What becomes of a share of the messages while it is in force.
  private record OnMessages(double rate, Fate fate, Struck during) {}

  private FaultSchedule(FaultPlan plan, Stricken stricken, long seed) {
    this.plan = plan;
    this.stricken = stricken;
    this.seed = seed;
    this.habits = plan.twilio().callbacks().seeded(seed);
  }

  /// @param seed of what is drawn: which request meets a fault that a share of them meets
  public static FaultSchedule of(FaultPlan plan, Stricken stricken, long seed) {
    FaultSchedule schedule = new FaultSchedule(plan, stricken, seed);
    schedule.always();
    return schedule;
  }

  /// The shares of errors that are there all the time.
  private void always() {
    Random random = new Random(seed);
    Map<Integer, Double> ofMessages = new TreeMap<>();
    plan.twilio()
        .errors()
        .forEach(
            (code, share) -> {
              if (code / 10_000 == 2) {
                stricken
                    .twilio()
                    .faults()
                    .share(share, random.nextLong(), refusal(code), () -> false);
              } else {
                ofMessages.put(code, share);
              }
            });
    Random ofFates = new Random(random.nextLong());
    stricken.twilio().fates(message -> fate(message, ofMessages, ofFates));
    stricken.triggersTwice().accept(plan.customerIo().triggersTwice());
  }

  private static SendFault refusal(int code) {
    return new SendFault.ErrorCode(code);
  }

  private Fate fate(SentMessage message, Map<Integer, Double> shares, Random random) {
    for (OnMessages some : onMessages) {
      if (some.during.isOn() && random.nextDouble() < some.rate) {
        return some.fate;
      }
    }
    double lot = random.nextDouble();
    for (Map.Entry<Integer, Double> share : shares.entrySet()) {
      lot -= share.getValue();
      if (lot < 0) {
        return Fate.of(share.getKey());
      }
    }
    return message.whatsApp() ? new Fate.Read() : new Fate.Delivered();
  }

  /// The run begins now.
  public void begin() {
    begun = System.nanoTime();
    Random random = new Random(seed + 1);
    for (Fault fault : plan.faults()) {
      Struck one = new Struck(fault);
      struck.add(one);
      long seeds = random.nextLong();
      threads.add(Thread.ofVirtual().name("fault " + fault.title()).start(() -> play(one, seeds)));
    }
  }

  private void play(Struck one, long seeds) {
    waitUntil(begun + one.fault.at().toNanos());
    if (ending) {
      return;
    }
    one.from = System.nanoTime();
    try {
      begin(one, seeds);
      one.fault.until().ifPresent(until -> waitUntil(begun + until.toNanos()));
      if (one.fault.until().isEmpty() && !one.fault.needsProcesses()) {
        waitUntil(Long.MAX_VALUE);
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      LOG.atError().setCause(e).addKeyValue("fault", one.fault.title()).log("it did not strike");
    } finally {
      end(one);
    }
  }

  private void waitUntil(long time) {
    while (!ending && (time == Long.MAX_VALUE || System.nanoTime() - time < 0)) {
      LockSupport.parkNanos(
          time == Long.MAX_VALUE ? Duration.ofSeconds(1).toNanos() : time - System.nanoTime());
    }
  }

  private void begin(Struck one, long seeds) throws IOException, InterruptedException {
    double rate = one.fault.rate();
    switch (one.fault.blow()) {
      case Blow.OnSend(var fault) ->
          stricken.twilio().faults().share(rate, seeds, fault, one::isOver);
      case Blow.OnMessage(var fate) -> onMessages.add(new OnMessages(rate, fate, one));
      case Blow.CallbacksTwice() -> adopt(habits -> habits.duplicating(rate));
      case Blow.CallbacksReversed() -> adopt(habits -> habits.reversing(rate));
      case Blow.CallbacksLate(var by) -> adopt(habits -> habits.delayedBy(by));
      case Blow.TwilioDown() -> stricken.twilio().goDown();
      case Blow.OnTrack(var fault) ->
          stricken.customerIo().faults().share(rate, seeds, fault, one::isOver);
      case Blow.ItemsRefused() -> {
        Random random = new Random(seeds);
        stricken.customerIo().refuseItems(_ -> random.nextDouble() < rate);
      }
      case Blow.TriggersTwice() -> stricken.triggersTwice().accept(rate);
      case Blow.CustomerIoDown() -> stricken.customerIo().goDown();
      case Blow.ParleyKilled() -> stage().kill();
      case Blow.ParleyStopped() -> stage().parley().stop();
      case Blow.PostgresCut() -> stage().proxy().refuse();
      case Blow.PostgresRestarted() -> postgres().stop();
      case Blow.PostgresKilled() -> postgres().crash();
      case Blow.PostgresSlow(var by) -> stage().proxy().delay(by);
    }
  }

  private void end(Struck one) {
    try {
      switch (one.fault.blow()) {
        case Blow.OnSend _, Blow.OnTrack _, Blow.OnMessage _ -> {
          // They look at the time themselves.
        }
        case Blow.CallbacksTwice() ->
            adopt(habits -> habits.duplicating(plan.twilio().callbacks().duplicatedShare()));
        case Blow.CallbacksReversed() ->
            adopt(habits -> habits.reversing(plan.twilio().callbacks().reversedShare()));
        case Blow.CallbacksLate _ ->
            adopt(habits -> habits.delayedBy(plan.twilio().callbacks().delay()));
        case Blow.TwilioDown() -> stricken.twilio().comeUp();
        case Blow.ItemsRefused() -> stricken.customerIo().refuseItems(_ -> false);
        case Blow.TriggersTwice() ->
            stricken.triggersTwice().accept(plan.customerIo().triggersTwice());
        case Blow.CustomerIoDown() -> stricken.customerIo().comeUp();
        case Blow.ParleyKilled(), Blow.ParleyStopped() -> stage().restart();
        case Blow.PostgresCut() -> stage().proxy().letThrough();
        case Blow.PostgresRestarted(), Blow.PostgresKilled() -> postgres().restart();
        case Blow.PostgresSlow _ -> stage().proxy().delay(Duration.ZERO);
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      LOG.atError().setCause(e).addKeyValue("fault", one.fault.title()).log("it did not end");
    }
    one.until = System.nanoTime();
  }

  private interface Change {
    CallbackHabits of(CallbackHabits habits);
  }

  private synchronized void adopt(Change change) {
    habits = change.of(habits);
    stricken.twilio().callbackHabits(habits);
  }

  private Stage stage() {
    return stricken.stage().orElseThrow();
  }

  private PostgresServer postgres() {
    return stricken.postgres().orElseThrow();
  }

  /// The faults in force now, each in a few words.
  public List<String> inForce() {
    return struck.stream().filter(Struck::isOn).map(one -> one.fault.title()).toList();
  }

  /// When each was in force, the first first.
  public List<FaultWindow> windows() {
    return struck.stream()
        .filter(one -> one.from != 0)
        .sorted(Comparator.comparingLong(one -> one.from - begun))
        .map(
            one ->
                new FaultWindow(
                    Duration.ofNanos(one.from - begun),
                    Duration.ofNanos((one.isOver() ? one.until : System.nanoTime()) - begun),
                    one.fault.on(),
                    one.fault.title().substring(one.fault.on().length() + 1)))
        .toList();
  }

  /// Ends what is on, and waits until what was killed is back.
  public void end(Duration patience) throws InterruptedException {
    ending = true;
    long deadline = System.nanoTime() + patience.toNanos();
    threads.forEach(LockSupport::unpark);
    for (Thread thread : threads) {
      thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
    }
  }

  /// Begins nothing any more.
  @Override
  public void close() {
    ending = true;
    threads.forEach(LockSupport::unpark);
  }
}
