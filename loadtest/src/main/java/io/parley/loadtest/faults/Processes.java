package io.parley.loadtest.faults;

import java.io.IOException;
import java.time.Duration;

/// The Parley and the Postgres that a run has started, as far as faults strike them.
public interface Processes {

  void killParley();

  void stopParley() throws InterruptedException;

  /// Starts Parley again, and waits until it is ready.
  void startParley() throws IOException, InterruptedException;

  void crashPostgres() throws IOException, InterruptedException;

  void restartPostgres() throws IOException, InterruptedException;

  /// Starts Postgres again after a crash.
  void startPostgres() throws IOException;

  /// Breaks every connection to Postgres, and refuses new ones until told otherwise.
  void refusePostgres(boolean refuse);

  /// Has every answer of Postgres come that much later; zero for none.
  void delayPostgres(Duration by);
}
