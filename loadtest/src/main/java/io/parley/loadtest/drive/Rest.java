package io.parley.loadtest.drive;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// Waits until nothing moves any more: no customer has anything to say, no agent has a
/// conversation, nothing waits in Parley, and no timer is about to go off.
final class Rest {

  private static final Duration LOOK = Duration.ofMillis(500);

  /// How long nothing may have happened, so that what it set off would have shown.
  private static final Duration STILL = Duration.ofMillis(1_500);

  /// After so long without anything, messages that are on their way will not arrive.
  private static final Duration GIVEN_UP = Duration.ofSeconds(15);

  /// What is to go off so soon is waited for.
  private static final String TO_DO =
      """
      select count(*) || ' to be sent', 1
        from outbox where not_before <= now() or in_doubt_since is not null having count(*) > 0
      union all
      select 'events to be worked off', 2 where exists
             (select from inbox where not exists
                     (select from handoff where handoff.conversation = any(inbox.behind)
                         and handoff.closed_at is null))
      union all
      select 'calls about persons to be worked off', 3 where exists (select from ingested)
      union all
      select 'timers about to go off', 4 where exists
             (select from timer where due_at <= now() + interval '3 seconds')
      union all
      select count(*) || ' wait for an agent or have one', 5
        from handoff where closed_at is null having count(*) > 0
      order by 2
      """;

  private final Ground ground;
  private final Crowd crowd;
  private final Optional<Staff> staff;

  Rest(Ground ground, Crowd crowd, Optional<Staff> staff) {
    this.ground = ground;
    this.crowd = crowd;
    this.staff = staff;
  }

  /// @return what still moved when the patience was at its end; empty where all is at rest
  Optional<String> await(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    Optional<String> moves = moves();
    // Twice in a row: what came in during the first look shows in the second.
    for (int rests = moves.isEmpty() ? 1 : 0; rests < 2 && System.nanoTime() - deadline < 0; ) {
      LockSupport.parkNanos(LOOK.toNanos());
      moves = moves();
      rests = moves.isEmpty() ? rests + 1 : 0;
    }
    return moves;
  }

  private Optional<String> moves() {
    if (!crowd.saysNothing()) {
      return Optional.of("customers are still writing");
    }
    if (staff.isPresent() && !staff.get().isIdle()) {
      return Optional.of("agents are still at work");
    }
    Duration still = crowd.stillFor();
    if (!crowd.isQuiet() && still.compareTo(GIVEN_UP) < 0) {
      return Optional.of("messages are still on their way to customers");
    }
    return still.compareTo(STILL) < 0 ? Optional.of("the stand-ins are still asked") : inDatabase();
  }

  private Optional<String> inDatabase() {
    try (Connection connection = ground.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(TO_DO)) {
      while (rows.next()) {
        boolean forAgents = rows.getInt(2) == 5;
        if (!forAgents || staff.isPresent()) {
          return Optional.of(rows.getString(1));
        }
      }
      return Optional.empty();
    } catch (SQLException e) {
      return Optional.of("the database does not answer: " + e.getMessage());
    }
  }
}
