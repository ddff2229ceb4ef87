package io.parley.loadtest.drive;

import io.parley.loadtest.measure.Kept;
import io.parley.loadtest.oracle.Evidence;
import io.parley.loadtest.oracle.Evidence.Acknowledged;
import io.parley.loadtest.oracle.Objection;
import io.parley.loadtest.oracle.Oracle;
import io.parley.loadtest.oracle.Promise;
import io.parley.loadtest.twilio.ConversationMessage;
import io.parley.loadtest.twilio.StatusCallback;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Has the oracle judge a run.
final class Judging {

  /// How long a request that left before a STOP was acknowledged may take.
  private static final Duration GRACE = Duration.ofSeconds(20);

  private Judging() {}

  static List<Kept> of(Ground ground, Told told) throws SQLException {
    List<Objection> objections = Oracle.judge(evidence(ground, told), GRACE);
    return Arrays.stream(Promise.values()).map(promise -> kept(promise, objections)).toList();
  }

  private static Kept kept(Promise promise, List<Objection> objections) {
    return Kept.of(
        promise.sentence(),
        1,
        objections.stream()
            .filter(objection -> objection.promise() == promise)
            .map(it -> new Kept.Broken(it.conversation(), it.what(), it.trace()))
            .toList());
  }

  private static Evidence evidence(Ground ground, Told told) throws SQLException {
    try (Connection connection = ground.connect()) {
      return Evidence.gather(
          connection,
          () ->
              new Evidence.Ledgers(
                  ground.twilio().messagesViaApi(),
                  ground.twilio().conversationMessages().stream()
                      .filter(ConversationMessage::viaApi)
                      .toList(),
                  List.of(),
                  ground.customerIo().events(),
                  acknowledged(ground, told),
                  told.stops()));
    }
  }

  private static Set<Acknowledged> acknowledged(Ground ground, Told told) {
    Set<Acknowledged> all = new HashSet<>(told.all());
    for (StatusCallback callback : ground.twilio().statusCallbacks()) {
      if (callback.answer().accepted()) {
        all.add(
            new Acknowledged(
                "twilio_status", callback.messageSid() + ":" + callback.status().word()));
      }
    }
    return all;
  }
}
