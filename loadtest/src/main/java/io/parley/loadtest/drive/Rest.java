package io.parley.loadtest.drive;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// Waits until nothing moves any more: no customer has anything to say, no agent has a
/// conversation, nothing waits in Parley, and no timer is about to go off.
final class Rest {

  private static final Duration LOOK = Duration.ofMillis(500);

  /// How long nothing may have happened, so that what it set off would have shown.
  private static final Duration STILL = Duration.ofMillis(1_500);

  /// After so long without anything, messages that are on their way will not arrive.
  private static final Duration GIVEN_UP = Duration.ofSeconds(15);

  /// What is to go off so soon is waited for. Told with whom it is about: an address, or the name
  /// of a person by which calls keep their order.
  private static final String TO_DO =
      """
      select 'to be sent', o.contact
        from outbox o where o.not_before <= now() or o.in_doubt_since is not null
      union all
      select 'to be worked off from the inbox', theirs
        from inbox where not exists
             (select from handoff h where h.conversation = any(inbox.behind) and h.closed_at is null)
      union all
      select 'calls about persons to be worked off', subject from ingested
      union all
      select 'timers about to go off', theirs from timer where due_at <= now() + interval '3 seconds'
      """;

  private static final String WITH_AGENTS =
      TO_DO
          + """
            union all
            select 'wait for an agent or have one', theirs from handoff where closed_at is null
            """;

  private final Ground ground;
  private final Crowd crowd;
  private final Optional<Staff> staff;
  private final Predicate<String> ours;

  /// @param ours of whom the rest is awaited, by address or name, where there may be others in the
  ///     database
  Rest(Ground ground, Crowd crowd, Optional<Staff> staff, Predicate<String> ours) {
    this.ground = ground;
    this.crowd = crowd;
    this.staff = staff;
    this.ours = ours;
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
        ResultSet rows = statement.executeQuery(staff.isPresent() ? WITH_AGENTS : TO_DO)) {
      Map<String, Integer> counts = new LinkedHashMap<>();
      while (rows.next()) {
        if (ours.test(rows.getString(2))) {
          counts.merge(rows.getString(1), 1, Integer::sum);
        }
      }
      return counts.entrySet().stream().findFirst().map(it -> it.getValue() + " " + it.getKey());
    } catch (SQLException e) {
      return Optional.of("the database does not answer: " + e.getMessage());
    }
  }
}
