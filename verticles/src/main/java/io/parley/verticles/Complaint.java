package io.parley.verticles;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/// One trouble of something that is tried over and over: logged when it begins, again each minute
/// that it lasts, and once more when it is over. Confined to its owner's context.
final class Complaint {

  private static final Duration REMINDER = Duration.ofMinutes(1);

  private final Logger log;
  private final String trouble;
  private final LongSupplier nanos;
  private long failures;
  private long lastLogged;

  /// @param trouble what is wrong while it is: `timers cannot be read`
  Complaint(Logger log, String trouble) {
    this(log, trouble, System::nanoTime);
  }

  /// @param nanos a clock like [System#nanoTime]
  Complaint(Logger log, String trouble, LongSupplier nanos) {
    this.log = log;
    this.trouble = trouble;
    this.nanos = nanos;
  }

  /// A try failed.
  void failed(String why) {
    long now = nanos.getAsLong();
    failures++;
    if (failures > 1 && now - lastLogged < REMINDER.toNanos()) {
      return;
    }
    lastLogged = now;
    log.atWarn().addKeyValue("why", why).addKeyValue("failures", failures).log(trouble);
  }

  void failed(Throwable why) {
    failed(String.valueOf(why.getMessage()));
  }

  /// A try went well.
  void worked() {
    if (failures > 0) {
      log.atInfo().addKeyValue("failures", failures).log("it is over that {}", trouble);
      failures = 0;
    }
  }
}
