package io.parley.store;

import io.parley.engine.FlowSid;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Optional;

/// When flows last began for persons, whichever of a person's addresses they began with. A row is
/// written with the turn of a trigger that cools off; see [TurnCommitter].
public final class CoolingOff {

  private final SqlClient client;

  public CoolingOff(SqlClient client) {
    this.client = client;
  }

  /// When the flow last began for the person.
  ///
  /// @param user who a trigger says that the flow cools off for
  public Future<Optional<Instant>> begun(FlowSid flow, String user) {
    return client
        .preparedQuery("select begun_at from cooling_off where flow = $1 and person = $2")
        .execute(Tuple.of(flow.value(), user))
        .map(
            rows ->
                rows.size() == 0
                    ? Optional.empty()
                    : Optional.of(rows.iterator().next().getOffsetDateTime(0).toInstant()));
  }
}
