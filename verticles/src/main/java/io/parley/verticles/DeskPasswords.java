package io.parley.verticles;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/// Hashes passwords and compares them, by bcrypt. That is slow on purpose, so it is done by two
/// threads of its own: on an event loop it would hold up all else, and on virtual threads it would
/// hold up their carriers. Thread-safe.
final class DeskPasswords {

  /// Two to the power of this many rounds: a quarter of a second or so.
  static final int COST = 12;

  private static final int THREADS = 2;

  /// How many may wait for a thread, which is some seconds' work.
  private static final int MOST_WAITING = 24;

  private static final BCrypt.Version VERSION = BCrypt.Version.VERSION_2A;

  /// Nobody's: what is compared where there is no user, so that it takes as long.
  static final String NOBODYS = "$2a$12$0123456789012345678901uZLhXP3vT.kxyx8AhHJ.lc9aOL3TQKq";

  private final WorkerExecutor threads;
  private final AtomicInteger waiting = new AtomicInteger();

  DeskPasswords(Vertx vertx) {
    threads = vertx.createSharedWorkerExecutor("parley-desk-passwords", THREADS);
  }

  /// So many ask at once that this one is not heard.
  static final class Busy extends RuntimeException {
    private static final long serialVersionUID = 1;

    Busy() {
      super("too many passwords are being checked", null, false, false);
    }
  }

  /// A password's hash. bcrypt alone takes 72 bytes: longer ones are hashed by SHA-512 before.
  Future<String> hash(String password) {
    return slowly(
        () ->
            BCrypt.with(VERSION, LongPasswordStrategies.hashSha512(VERSION))
                .hashToString(COST, password.toCharArray()));
  }

  /// Whether a password has a hash; takes as long where there is none.
  Future<Boolean> fits(String password, Optional<String> hash) {
    return slowly(
        () ->
            BCrypt.verifyer(VERSION, LongPasswordStrategies.hashSha512(VERSION))
                    .verify(password.toCharArray(), hash.orElse(NOBODYS).toCharArray())
                    .verified
                && hash.isPresent());
  }

  private <T> Future<T> slowly(Callable<T> work) {
    if (waiting.incrementAndGet() > MOST_WAITING) {
      waiting.decrementAndGet();
      return Future.failedFuture(new Busy());
    }
    return threads.executeBlocking(work, false).onComplete(_ -> waiting.decrementAndGet());
  }
}
