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

  private final SqlClient client;

  public CoolingOff(SqlClient client) {
    this.client = client;
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
    return client
        .preparedQuery("select begun_at from cooling_off where flow = $1 and person = $2")
        .execute(Tuple.of(subject, user))
        .map(
            rows ->
                rows.size() == 0
                    ? Optional.empty()
                    : Optional.of(rows.iterator().next().getOffsetDateTime(0).toInstant()));
  }
}
