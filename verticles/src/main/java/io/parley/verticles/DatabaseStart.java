package io.parley.verticles;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.sqlclient.DatabaseException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The patience that a start has with its database: what cannot be asked yet is asked again after a
/// short pause, until nothing was answered for as long as `PARLEY_DATABASE_START_TIMEOUT` says.
/// What the database refuses for good ends the start at once, with an [IllegalStateException] whose
/// message is for the operator. A failure that is none of the database's is handed on as it is,
/// where it has an exception of its own: one that is a text alone counts as one that passes.
final class DatabaseStart {

  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final Duration REMINDER = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseStart.class);

  private final String place;
  private final Duration patience;
  private final CountDownLatch ended;

  /// @param place where the database is, without its password
  /// @param ended counted down when nobody wants the start any more
  DatabaseStart(String place, Duration patience, CountDownLatch ended) {
    this.place = place;
    this.patience = patience;
    this.ended = ended;
  }

  /// Does something that takes the database, on a thread that may wait.
  void run(Runnable step) {
    Wait wait = new Wait();
    while (true) {
      try {
        step.run();
        wait.over();
        return;
      } catch (FlywayException failure) {
        wait.orEnd(failure);
      }
      pause();
    }
  }

  private void pause() {
    try {
      ended.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the wait for the database was broken off", e);
    }
  }

  /// Asks something of the database.
  <T> Future<T> ask(Vertx vertx, Supplier<Future<T>> step) {
    Wait wait = new Wait();
    return ask(vertx, step, wait).onSuccess(_ -> wait.over());
  }

  private <T> Future<T> ask(Vertx vertx, Supplier<Future<T>> step, Wait wait) {
    return Future.succeededFuture()
        .compose(_ -> step.get())
        .recover(
            failure -> {
              if (!concernsDatabase(failure)) {
                return Future.failedFuture(failure);
              }
              wait.orEnd(failure);
              return vertx
                  .timer(PAUSE.toMillis(), TimeUnit.MILLISECONDS)
                  .compose(_ -> ask(vertx, step, wait));
            });
  }

  private static boolean concernsDatabase(Throwable failure) {
    return failure instanceof DatabaseException || passes(failure);
  }

  /// Whether what has failed may go well without anybody's doing: nobody listens, the answer takes
  /// too long, the server starts, recovers or has no connection left.
  private static boolean passes(Throwable failure) {
    return switch (failure) {
      case DatabaseException refusal -> passes(String.valueOf(refusal.getSqlState()));
      case SQLException refusal -> passes(String.valueOf(refusal.getSQLState()));
      case FlywayException stopped -> stopped.getCause() != null && passes(stopped.getCause());
      case IOException _, TimeoutException _, VertxException _ -> true;
      default -> false;
    };
  }

  /// By the classes of Postgres' appendix A; 08004 is how the driver says that both sides cannot
  /// agree on TLS or on a way to sign in.
  private static boolean passes(String sqlState) {
    return switch (sqlState) {
      case "08000", "08001", "08003", "08006", "53300", "57P01", "57P02", "57P03" -> true;
      default -> false;
    };
  }

  private static String sqlState(Throwable failure) {
    return switch (failure) {
      case DatabaseException refusal -> String.valueOf(refusal.getSqlState());
      case SQLException refusal -> String.valueOf(refusal.getSQLState());
      case FlywayException stopped when stopped.getCause() != null -> sqlState(stopped.getCause());
      default -> "";
    };
  }

  /// What the database said of it, without what the migration says around it.
  private static String why(Throwable failure) {
    return failure instanceof FlywayException && failure.getCause() instanceof SQLException said
        ? why(said)
        : String.valueOf(failure.getMessage());
  }

  private static String remedy(Throwable failure) {
    String state = sqlState(failure);
    if (state.startsWith("28")) {
      return "; mend the user and the password in PARLEY_DATABASE_URL, or what the server allows them";
    }
    return state.startsWith("3D")
        ? "; create the database, or mend its name in PARLEY_DATABASE_URL"
        : "";
  }

  /// The failures of one step. Used by one thread at a time.
  private final class Wait {

    private long begun;
    private long lastLogged;
    private boolean waits;

    /// Notes a failure; throws where it will not pass, or has not for too long.
    private void orEnd(Throwable failure) {
      if (!passes(failure)) {
        throw new IllegalStateException(
            "the database %s cannot be used: %s%s".formatted(place, why(failure), remedy(failure)),
            failure);
      }
      if (ended.getCount() == 0) {
        throw new IllegalStateException("it was told to stop while it waited for " + place);
      }
      long now = System.nanoTime();
      if (!waits) {
        begun = now;
      }
      if (now - begun >= patience.toNanos()) {
        throw new IllegalStateException(
            ("the database %s has not answered for %.1f s: %s; see that it runs and is reached from"
                    + " here at the host and port of PARLEY_DATABASE_URL, or wait longer by"
                    + " PARLEY_DATABASE_START_TIMEOUT")
                .formatted(place, patience.toMillis() / 1_000.0, why(failure)),
            failure);
      }
      if (!waits || now - lastLogged >= REMINDER.toNanos()) {
        lastLogged = now;
        LOG.atWarn()
            .addKeyValue("database", place)
            .addKeyValue("why", why(failure))
            .addKeyValue("seconds", TimeUnit.NANOSECONDS.toSeconds(now - begun))
            .addKeyValue("atMost", patience.toSeconds())
            .log("the start waits for the database");
      }
      waits = true;
    }

    private void over() {
      if (waits) {
        LOG.atInfo()
            .addKeyValue("database", place)
            .addKeyValue("millis", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun))
            .log("the database answers");
      }
    }
  }
}
