package io.parley.verticles;

import io.vertx.core.Future;
import java.io.UncheckedIOException;
import java.time.Clock;
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
    try (Database database = Database.open(settings)) {
      Wiring wiring = new Wiring(settings, database.options(), Clock.tickMillis(ZoneOffset.UTC));
      if (!await(wiring.start(), "Parley does not start")) {
        await(wiring.stop(), "Parley did not stop cleanly");
        return CommandLine.ExitCode.SOFTWARE;
      }
      LOG.atInfo()
          .addKeyValue("port", wiring.port())
          .addKeyValue("database", database.url())
          .addKeyValue("millis", (System.nanoTime() - begun) / 1_000_000)
          .log("Parley is ready");
      ended.await();
      LOG.info("stopping: no new requests, what is under way finishes");
      await(wiring.stop(), "Parley did not stop cleanly");
    }
    return CommandLine.ExitCode.OK;
  }

  private static boolean await(Future<?> future, String otherwise) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    future.onComplete(_ -> done.countDown());
    if (!done.await(DRAIN_SECONDS, TimeUnit.SECONDS)) {
      LOG.error("it took longer than {} s; the next start finds what is left", DRAIN_SECONDS);
      return false;
    }
    if (future.failed()) {
      LOG.error("{}: {}", otherwise, future.cause().getMessage());
      return false;
    }
    return true;
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
