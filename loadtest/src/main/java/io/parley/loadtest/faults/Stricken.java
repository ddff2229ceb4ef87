package io.parley.loadtest.faults;

import io.parley.loadtest.Stage;
import io.parley.loadtest.customerio.StandInCustomerIo;
import io.parley.loadtest.postgres.PostgresServer;
import io.parley.loadtest.twilio.StandInTwilio;
import java.util.Optional;
import java.util.function.DoubleConsumer;

/// What faults strike.
///
/// @param stage Parley as a process between a Postgres and the stand-ins; empty where it is
///     somebody else's
/// @param triggersTwice is told which share of the Journey's webhooks is made twice
public record Stricken(
    StandInTwilio twilio,
    StandInCustomerIo customerIo,
    Optional<Stage> stage,
    Optional<PostgresServer> postgres,
    DoubleConsumer triggersTwice) {}
