package io.parley.loadtest.drive;

import io.parley.loadtest.customerio.StandInCustomerIo;
import io.parley.loadtest.faults.Processes;
import io.parley.loadtest.twilio.StandInTwilio;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/// What a run stands on: a Parley, its database, and the stand-ins that it takes for Twilio and
/// Customer.io.
interface Ground extends AutoCloseable {

  URI parley();

  /// The token of triggers.
  String bearer();

  String smsSender();

  String whatsAppSender();

  StandInTwilio twilio();

  StandInCustomerIo customerIo();

  Connection connect() throws SQLException;

  /// The id of Parley's process; 0 where it runs elsewhere.
  long parleyPid();

  /// The id of the postmaster; 0 where it runs elsewhere.
  long postgresPid();

  /// What was started, for faults to strike; absent where nothing was.
  Optional<Processes> processes();

  /// The path of the link by which the first admin of the desk signs in, once there is one.
  Optional<String> invite();

  /// Ends what was started for the run, and nothing else.
  @Override
  void close();
}
