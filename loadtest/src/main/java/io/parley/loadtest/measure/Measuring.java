package io.parley.loadtest.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Closes a second at a time, from [#start] to [#stop]. Runs on a thread of its own; the seconds
/// are counted by the clock, so a late one is short of nothing: the next one is shorter.
public final class Measuring {

  /// The log of HdrHistogram's interval histograms, a tag a stretch, in microseconds.
  public static final String LOG_FILE = "times.hlog";

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Recorder recorder;
  private final Sampler sampler;
  private final Consumer<Second> watcher;
  private final IntervalLog log;
  private final Instant began = Instant.now();
  private final long begun = System.nanoTime();
  private final List<Second> seconds = new ArrayList<>();
  private final Thread thread;
  private volatile boolean ending;
  private volatile Optional<RuntimeException> failure = Optional.empty();

  private Measuring(Recorder recorder, Watched watched, Path folder, Consumer<Second> watcher)
      throws IOException {
    this.recorder = recorder;
    this.sampler = new Sampler(watched);
    this.watcher = watcher;
    Files.createDirectories(folder);
    this.log = new IntervalLog(folder.resolve(LOG_FILE), began);
    this.thread =
        Thread.ofPlatform()
            .name("measuring")
            .uncaughtExceptionHandler((_, e) -> failure = Optional.of(new IllegalStateException(e)))
            .unstarted(this::run);
  }

  /// @param folder where the log is written
  /// @param watcher hears of each second, on the measuring thread
  public static Measuring start(
      Recorder recorder, Watched watched, Path folder, Consumer<Second> watcher)
      throws IOException {
    Measuring measuring = new Measuring(recorder, watched, folder, watcher);
    measuring.thread.start();
    return measuring;
  }

  /// What was measured.
  public record Measured(
      Instant began, Duration lasted, Series series, SortedMap<String, Distribution> stretches) {}

  public Instant began() {
    return began;
  }

  /// How long it has been under way.
  public Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /// Closes the last second, which may be a part of one, and ends.
  ///
  /// @throws IllegalStateException where measuring broke off: half a run must not pass for a whole
  public Measured stop() throws InterruptedException {
    ending = true;
    LockSupport.unpark(thread);
    thread.join();
    sampler.close();
    log.close();
    failure.ifPresent(
        it -> {
          throw it;
        });
    return new Measured(began, elapsed(), new Series(seconds), recorder.distributions());
  }

  private void run() {
    for (int number = 0; !ending; number++) {
      long until = begun + (number + 1) * SECOND;
      while (!ending && System.nanoTime() - until < 0) {
        LockSupport.parkNanos(until - System.nanoTime());
      }
      Second closed = recorder.take(number);
      log.add(recorder, number);
      Second second = closed.with(sampler.sample());
      seconds.add(second);
      watcher.accept(second);
    }
  }
}
