package io.parley.verticles;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The folder of the embedded Postgres, held by one Parley at a time. A Parley that was killed
/// leaves its Postgres running; whoever holds the folder next ends that one first, so that nobody
/// has to.
final class DataFolder implements AutoCloseable {

  private static final long ORPHAN_SECONDS = 30;
  private static final Logger LOG = LoggerFactory.getLogger(DataFolder.class);

  private final Path postgres;
  private final FileChannel channel;

  private DataFolder(Path postgres, FileChannel channel) {
    this.postgres = postgres;
    this.channel = channel;
  }

  /// Takes the folder; throws with a sentence for the operator where another Parley has it.
  static DataFolder take(Path folder) {
    try {
      Path absolute = Files.createDirectories(folder.toAbsolutePath());
      FileChannel channel =
          FileChannel.open(
              absolute.resolve("parley.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        throw new IllegalStateException(
            "another Parley runs on the folder "
                + folder
                + "; stop it, or set PARLEY_DATA_DIR to another folder");
      }
      DataFolder taken = new DataFolder(absolute.resolve("postgres"), channel);
      taken.endOrphan();
      return taken;
    } catch (IOException e) {
      throw new UncheckedIOException("the folder " + folder + " cannot be used", e);
    }
  }

  /// Where the database's files are.
  Path postgres() {
    return postgres;
  }

  /// Where its programs are unpacked.
  Path programs() {
    return postgres.resolveSibling("programs");
  }

  /// Ends the Postgres of a Parley that is gone. Its pid file names it.
  private void endOrphan() throws IOException {
    Path pidFile = postgres.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return;
    }
    Optional<ProcessHandle> orphan =
        pid(Files.readAllLines(pidFile)).flatMap(ProcessHandle::of).filter(this::isOurs);
    if (orphan.isEmpty()) {
      return;
    }
    LOG.atWarn()
        .addKeyValue("pid", orphan.get().pid())
        .log("ending the Postgres of a killed Parley");
    orphan.get().destroy();
    if (!ends(orphan.get())) {
      orphan.get().destroyForcibly();
      ends(orphan.get());
    }
  }

  private static Optional<Long> pid(List<String> lines) {
    try {
      return lines.isEmpty()
          ? Optional.empty()
          : Optional.of(Long.parseLong(lines.getFirst().strip()));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  /// The pid may be another program's by now; ours names this folder in its command.
  private boolean isOurs(ProcessHandle process) {
    Optional<String[]> arguments = process.info().arguments();
    return arguments.isPresent() && List.of(arguments.get()).contains(postgres.toString());
  }

  private static boolean ends(ProcessHandle process) {
    try {
      process.onExit().get(ORPHAN_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("the end of Postgres cannot be awaited", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
