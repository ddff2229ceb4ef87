package io.parley.verticles;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/// `--database`: which database a command asks.
final class DatabaseOption {

  private static final long PATIENCE_SECONDS = 30;

  @Option(
      names = "--database",
      scope = CommandLine.ScopeType.INHERIT,
      defaultValue = "${PARLEY_DATABASE_URL:-}",
      description =
          "postgresql://user:password@host:port/name; PARLEY_DATABASE_URL where it is set. A running"
              + " service prints the URL of its embedded Postgres when it is ready.")
  private String url = "";

  /// Asks, prints the answer, and answers the command's exit status.
  <T> int ask(Function<Pool, Future<T>> question, Function<T, Integer> print) {
    return ask(PATIENCE_SECONDS, question, print);
  }

  /// As [#ask(Function, Function)], of a question that may take longer.
  <T> int ask(
      long patienceSeconds, Function<Pool, Future<T>> question, Function<T, Integer> print) {
    return ask(patienceSeconds, (_, pool) -> question.apply(pool), print);
  }

  /// As [#ask(Function, Function)], of a question that takes more than the database.
  <T> int ask(BiFunction<Vertx, Pool, Future<T>> question, Function<T, Integer> print) {
    return ask(PATIENCE_SECONDS, question, print);
  }

  /// As [#ask(Function, Function)], of a question that takes more than the database, and longer.
  <T> int ask(
      long patienceSeconds,
      BiFunction<Vertx, Pool, Future<T>> question,
      Function<T, Integer> print) {
    if (url.isBlank()) {
      System.err.println("name the database: --database or PARLEY_DATABASE_URL");
      return CommandLine.ExitCode.USAGE;
    }
    if (!SettingsReader.DATABASE_URL.matcher(url).matches()) {
      System.err.println("not of the form postgresql://user:password@host:port/name: " + url);
      return CommandLine.ExitCode.USAGE;
    }
    Vertx vertx = Vertx.vertx();
    try {
      Pool pool =
          PgBuilder.pool()
              .with(new PoolOptions().setMaxSize(1))
              .connectingTo(url)
              .using(vertx)
              .build();
      return print.apply(
          question
              .apply(vertx, pool)
              .toCompletionStage()
              .toCompletableFuture()
              .get(patienceSeconds, TimeUnit.SECONDS));
    } catch (TimeoutException e) {
      System.err.println("the database did not answer in " + patienceSeconds + " s");
      return CommandLine.ExitCode.SOFTWARE;
    } catch (ExecutionException e) {
      System.err.println("the database could not be asked: " + cause(e).getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CommandLine.ExitCode.SOFTWARE;
    } finally {
      vertx.close();
    }
  }

  private static Throwable cause(ExecutionException e) {
    return e.getCause() == null ? e : e.getCause();
  }
}
