package io.parley.store;

import io.parley.engine.FlowSid;
import io.parley.engine.FrequencyCap;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Optional;

/// When flows last began for persons, whichever of a person's addresses they began with. A row is
/// written with the turn of a trigger that cools off; see [TurnCommitter]. Triggers that frequency
/// caps count stand here, too, by the key of the cap.
public final class CoolingOff {

  private final Gathering<Beginning> beginnings;

  /// What may have begun for whom.
  private record Beginning(String subject, String person) {}

  public CoolingOff(SqlClient client) {
    this.beginnings =
        new Gathering<>(
            client,
            """
            select k.n, c.begun_at
              from unnest($1::text[], $2::text[]) with ordinality as k(flow, person, n)
             cross join lateral (select begun_at from cooling_off
                                  where cooling_off.flow = k.flow
                                    and cooling_off.person = k.person offset 0) c
            """,
            asked ->
                Tuple.of(
                    asked.stream().map(Beginning::subject).toArray(String[]::new),
                    (Object) asked.stream().map(Beginning::person).toArray(String[]::new)));
  }

  /// When a trigger with a frequency cap's key last began for its person.
  public Future<Optional<Instant>> counted(FrequencyCap cap) {
    return begun(cap(cap.key()), cap.person());
  }

  /// What stands for a frequency cap's key where a flow has its sid.
  static String cap(String key) {
    return "cap:" + key;
  }

  /// When the flow last began for the person.
  ///
  /// @param user who a trigger says that the flow cools off for
  public Future<Optional<Instant>> begun(FlowSid flow, String user) {
    return begun(flow.value(), user);
  }

  private Future<Optional<Instant>> begun(String subject, String user) {
    return beginnings
        .ask(new Beginning(subject, user))
        .map(
            rows ->
                rows.stream()
                    .findFirst()
                    .map(row -> row.getOffsetDateTime("begun_at").toInstant()));
  }
}
