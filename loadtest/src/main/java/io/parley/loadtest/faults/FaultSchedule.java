package io.parley.loadtest.faults;

import io.parley.loadtest.customerio.StandInCustomerIo;
import io.parley.loadtest.customerio.TrackFault;
import io.parley.loadtest.measure.FaultWindow;
import io.parley.loadtest.twilio.CallbackHabits;
import io.parley.loadtest.twilio.Fate;
import io.parley.loadtest.twilio.SendFault;
import io.parley.loadtest.twilio.SentMessage;
import io.parley.loadtest.twilio.StandInTwilio;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Strikes with a [FaultPlan] by the run's clock. Each fault has a thread of its own, which begins
/// and ends it.
public final class FaultSchedule implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FaultSchedule.class);

  /// Codes of requests that Twilio refuses; the others end messages that it took.
  private static final int FIRST_OF_MESSAGES = 30_000;

  private final FaultPlan plan;
  private final StandInTwilio twilio;
  private final StandInCustomerIo customerIo;
  private final Optional<Processes> processes;
  private final long seed;
  private final long begun = System.nanoTime();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Fault> inForce = new CopyOnWriteArrayList<>();
  private final List<FaultWindow> windows = new ArrayList<>();
  private volatile boolean closed;

  private FaultSchedule(
      FaultPlan plan,
      StandInTwilio twilio,
      StandInCustomerIo customerIo,
      Optional<Processes> processes,
      long seed) {
    this.plan = plan;
    this.twilio = twilio;
    this.customerIo = customerIo;
    this.processes = processes;
    this.seed = seed;
  }

  /// Begins the run's clock.
  ///
  /// @param processes what the run has started; absent where it strikes nothing of the kind
  public static FaultSchedule start(
      FaultPlan plan,
      StandInTwilio twilio,
      StandInCustomerIo customerIo,
      Optional<Processes> processes,
      long seed) {
    FaultSchedule schedule = new FaultSchedule(plan, twilio, customerIo, processes, seed);
    schedule.always();
    for (Fault fault : plan.faults()) {
      schedule.threads.execute(() -> schedule.run(fault));
    }
    return schedule;
  }

  /// The faults in force, each in a few words.
  public List<String> inForce() {
    return inForce.stream().map(Fault::title).toList();
  }

  /// The share of the Journey's webhooks that are made again though they were answered.
  public double triggersTwice() {
    double usual = plan.customerIo().triggersTwice();
    return inForce.stream()
        .filter(fault -> fault.blow() instanceof Blow.TriggersTwice)
        .mapToDouble(Fault::rate)
        .reduce(usual, Math::max);
  }

  /// The times in which something was made to fail, as they came to be.
  public synchronized List<FaultWindow> windows() {
    return List.copyOf(windows);
  }

  private void always() {
    plan.twilio()
        .errors()
        .forEach(
            (code, share) -> {
              if (code < FIRST_OF_MESSAGES) {
                twilio.faults().share(share, seed + code, new SendFault.ErrorCode(code));
              }
            });
    twilio.fates(this::fate);
  }

  // ---- one fault

  private void run(Fault fault) {
    try {
      await(fault.at());
      if (closed) {
        return;
      }
      inForce.add(fault);
      Duration from = elapsed();
      LOG.atInfo().addKeyValue("fault", fault.title()).log("a fault begins");
      try {
        strike(fault);
      } finally {
        inForce.remove(fault);
        note(fault, from);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      LOG.atError().addKeyValue("fault", fault.title()).log("a fault did not go as planned", e);
    }
  }

  private synchronized void note(Fault fault, Duration from) {
    windows.add(new FaultWindow(from, elapsed(), fault.on(), fault.title()));
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private void await(Duration at) throws InterruptedException {
    Duration left = at.minus(elapsed());
    if (left.isPositive()) {
      Thread.sleep(left);
    }
  }

  /// Lets it last; to the end of the run where it has none.
  private void last(Fault fault) throws InterruptedException {
    Optional<Duration> until = fault.until();
    if (until.isPresent()) {
      await(until.get());
      return;
    }
    while (!closed) {
      Thread.sleep(Duration.ofMillis(100));
    }
  }

  private void strike(Fault fault) throws IOException, InterruptedException {
    switch (fault.blow()) {
      case Blow.OnSend(SendFault send) -> {
        twilio.faults().share(fault.rate(), seed, () -> !inForce.contains(fault), send);
        last(fault);
      }
      case Blow.OnTrack(TrackFault track) -> {
        customerIo.faults().share(fault.rate(), seed, () -> !inForce.contains(fault), track);
        last(fault);
      }
      case Blow.CustomerIoDown _ -> {
        customerIo
            .faults()
            .share(1, seed, () -> !inForce.contains(fault), new TrackFault.CutBeforeApplying());
        last(fault);
      }
      case Blow.CallbacksTwice _, Blow.CallbacksReversed _, Blow.CallbacksLate _ -> {
        twilio.callbackHabits(habits());
        last(fault);
        inForce.remove(fault);
        twilio.callbackHabits(habits());
      }
      case Blow.ItemsRefused _ -> {
        customerIo.refuseItems(_ -> ThreadLocalRandom.current().nextDouble() < fault.rate());
        last(fault);
        customerIo.refuseItems(_ -> false);
      }
      case Blow.TwilioDown _ -> {
        twilio.goDown().await();
        last(fault);
        twilio.comeUp().await();
      }
      case Blow.OnMessage _, Blow.TriggersTwice _ -> last(fault);
      case Blow.OnProcess blow -> strike(blow, fault);
    }
  }

  private void strike(Blow.OnProcess blow, Fault fault) throws IOException, InterruptedException {
    Processes started =
        processes.orElseThrow(
            () -> new IllegalStateException("nothing was started that could be struck"));
    switch (blow) {
      case Blow.ParleyKilled _ -> {
        started.killParley();
        pause(fault);
        started.startParley();
      }
      case Blow.ParleyStopped _ -> {
        started.stopParley();
        pause(fault);
        started.startParley();
      }
      case Blow.PostgresCut _ -> {
        started.refusePostgres(true);
        pause(fault);
        started.refusePostgres(false);
      }
      case Blow.PostgresRestarted _ -> started.restartPostgres();
      case Blow.PostgresKilled _ -> {
        started.crashPostgres();
        pause(fault);
        started.startPostgres();
      }
      case Blow.PostgresSlow(Duration by) -> {
        started.delayPostgres(by);
        last(fault);
        started.delayPostgres(Duration.ZERO);
      }
    }
  }

  /// A process comes again at once where nothing is said.
  private static void pause(Fault fault) throws InterruptedException {
    Thread.sleep(fault.lasts().orElse(Duration.ZERO));
  }

  // ---- what several faults share

  private CallbackHabits habits() {
    CallbackHabits habits = plan.twilio().callbacks().seeded(seed);
    for (Fault fault : inForce) {
      habits =
          switch (fault.blow()) {
            case Blow.CallbacksTwice _ -> habits.duplicating(fault.rate());
            case Blow.CallbacksReversed _ -> habits.reversing(fault.rate());
            case Blow.CallbacksLate(Duration by) -> habits.delayedBy(by);
            case Blow.OnSend _,
                Blow.OnMessage _,
                Blow.TwilioDown _,
                Blow.OnTrack _,
                Blow.ItemsRefused _,
                Blow.TriggersTwice _,
                Blow.CustomerIoDown _,
                Blow.OnProcess _ ->
                habits;
          };
    }
    return habits;
  }

  private Fate fate(SentMessage message) {
    double drawn = drawn(message.sid());
    for (Map.Entry<Integer, Double> error : plan.twilio().errors().entrySet()) {
      if (error.getKey() >= FIRST_OF_MESSAGES) {
        if (drawn < error.getValue()) {
          return Fate.of(error.getKey());
        }
        drawn -= error.getValue();
      }
    }
    double again = drawn(message.sid() + "fault");
    for (Fault fault : inForce) {
      if (fault.blow() instanceof Blow.OnMessage(Fate fate) && again < fault.rate()) {
        return fate;
      }
    }
    return new Fate.Delivered();
  }

  /// From 0 to 1, the same for the same message and seed.
  private double drawn(String name) {
    return new java.util.SplittableRandom(seed * 31 + name.hashCode()).nextDouble();
  }

  @Override
  public void close() {
    closed = true;
    threads.shutdownNow();
  }
}
