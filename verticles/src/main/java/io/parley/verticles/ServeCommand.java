package io.parley.verticles;

import io.vertx.core.Future;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `parley serve`: runs the service until it is told to stop.
@Command(name = "serve", description = "Run the service.", mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

  /// What a start may take beside the wait for its database.
  private static final long START_SECONDS = 30;

  private static final long DRAIN_SECONDS = 30;
  private static final long CLOSE_SECONDS = 15;
  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  @Override
  public Integer call() throws InterruptedException {
    return switch (Settings.read(System.getenv())) {
      case Settings.Reading.Unusable(var problems) -> {
        System.err.println("Parley does not start; these settings are wrong:");
        problems.forEach(problem -> System.err.println("  " + problem));
        yield CommandLine.ExitCode.USAGE;
      }
      case Settings.Reading.Usable(var settings, var shown) -> {
        shown.forEach(
            (name, value) ->
                LOG.atInfo().addKeyValue("name", name).addKeyValue("value", value).log("setting"));
        yield serve(settings);
      }
    };
  }

  private static int serve(Settings settings) throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    // Before anything is opened: a process that is told to stop while it starts leaves nothing
    // behind. The process lives until the service has drained and its Postgres is down.
    Thread hook =
        new Thread(
            () -> {
              ended.countDown();
              await(closed, DRAIN_SECONDS + CLOSE_SECONDS);
            },
            "parley-shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return serve(settings, ended);
    } catch (IllegalStateException | UncheckedIOException e) {
      LOG.error("Parley does not start: {}", e.getMessage());
      LOG.debug("why", e);
      return CommandLine.ExitCode.SOFTWARE;
    } finally {
      closed.countDown();
    }
  }

  private static int serve(Settings settings, CountDownLatch ended) throws InterruptedException {
    long begun = System.nanoTime();
    try (Database database = Database.open(settings, ended)) {
      Wiring wiring = new Wiring(settings, database.options(), Clock.tickMillis(ZoneOffset.UTC));
      if (!started(wiring, settings.databaseStart(), ended)) {
        stopped(wiring.stop());
        return CommandLine.ExitCode.SOFTWARE;
      }
      LOG.atInfo()
          .addKeyValue("port", wiring.port())
          .addKeyValue("database", database.url())
          .addKeyValue("millis", (System.nanoTime() - begun) / 1_000_000)
          .log("Parley is ready");
      ended.await();
      LOG.info("stopping: no new requests, what is under way finishes");
      stopped(wiring.stop());
    }
    return CommandLine.ExitCode.OK;
  }

  /// Whether it has started. A start that waits for its database ends when the service is told to.
  private static boolean started(Wiring wiring, Duration patience, CountDownLatch ended)
      throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    Future<Void> start = wiring.start(ended).onComplete(_ -> done.countDown());
    if (done.await(patience.plusSeconds(START_SECONDS).toMillis(), TimeUnit.MILLISECONDS)
        && start.succeeded()) {
      return true;
    }
    LOG.error(
        "Parley does not start: {}",
        start.failed()
            ? start.cause().getMessage()
            : "it took longer than " + patience.plusSeconds(START_SECONDS).toSeconds() + " s");
    return false;
  }

  private static void stopped(Future<?> future) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    future.onComplete(_ -> done.countDown());
    if (!done.await(DRAIN_SECONDS, TimeUnit.SECONDS)) {
      LOG.error("it took longer than {} s; the next start finds what is left", DRAIN_SECONDS);
    } else if (future.failed()) {
      LOG.error("Parley did not stop cleanly: {}", future.cause().getMessage());
    }
  }

  private static void await(CountDownLatch latch, long seconds) {
    try {
      if (!latch.await(seconds, TimeUnit.SECONDS)) {
        LOG.error("stopped without having drained");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
