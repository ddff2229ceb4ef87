package io.parley.loadtest.faults;

import io.parley.loadtest.customerio.TrackFault;
import io.parley.loadtest.twilio.Fate;
import io.parley.loadtest.twilio.SendFault;
import java.time.Duration;

/// What a [Fault] does.
public sealed interface Blow {

  /// Create requests at Twilio meet it.
  record OnSend(SendFault fault) implements Blow {}

  /// Messages that Twilio took meet it.
  record OnMessage(Fate fate) implements Blow {}

  /// Status callbacks of Twilio are made twice.
  record CallbacksTwice() implements Blow {}

  /// Status callbacks of a message are made last first.
  record CallbacksReversed() implements Blow {}

  /// Status callbacks of Twilio are made that much later; all of them.
  record CallbacksLate(Duration by) implements Blow {}

  /// Nobody listens at Twilio.
  record TwilioDown() implements Blow {}

  /// Requests to the Track API meet it.
  record OnTrack(TrackFault fault) implements Blow {}

  /// Items of a batch are refused: 207.
  record ItemsRefused() implements Blow {}

  /// The Journey's webhook is made again though it was answered.
  record TriggersTwice() implements Blow {}

  /// Nobody listens at Customer.io.
  record CustomerIoDown() implements Blow {}

  /// It is about a process.
  sealed interface OnProcess extends Blow {}

  /// kill -9 of Parley; it is started again when the fault is over.
  record ParleyKilled() implements OnProcess {}

  /// SIGTERM to Parley; it is started again when the fault is over.
  record ParleyStopped() implements OnProcess {}

  /// Every connection to Postgres breaks, and new ones are refused until the fault is over.
  record PostgresCut() implements OnProcess {}

  /// Postgres is stopped and started in order (`pg_ctl stop -m fast`).
  record PostgresRestarted() implements OnProcess {}

  /// Postgres crashes (`pg_ctl stop -m immediate`); it is started again when the fault is over.
  record PostgresKilled() implements OnProcess {}

  /// What Postgres answers comes that much later.
  record PostgresSlow(Duration by) implements OnProcess {}
}
