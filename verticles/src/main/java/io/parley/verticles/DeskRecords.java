package io.parley.verticles;

import io.parley.store.AuditTrail;
import io.parley.store.DeskInvites;
import io.parley.store.DeskUsers;
import io.parley.store.OpenSessions;
import io.parley.store.SignInAttempts;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;

/// What is on record of those who work at the desk.
record DeskRecords(
    DeskUsers users,
    DeskInvites invites,
    OpenSessions sessions,
    SignInAttempts attempts,
    AuditTrail audit) {

  /// How long an attempt to sign in counts.
  static final Duration WINDOW = Duration.ofMinutes(15);

  /// @param idle after which a session is over if nothing is asked
  static DeskRecords in(SqlClient client, Duration idle) {
    return new DeskRecords(
        new DeskUsers(client),
        new DeskInvites(client),
        new OpenSessions(client, idle),
        new SignInAttempts(client, WINDOW),
        new AuditTrail(client));
  }
}
