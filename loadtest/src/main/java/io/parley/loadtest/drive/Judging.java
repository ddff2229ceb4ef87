package io.parley.loadtest.drive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.parley.loadtest.measure.Kept;
import io.parley.loadtest.oracle.Evidence;
import io.parley.loadtest.oracle.InForce;
import io.parley.loadtest.oracle.Judgement;
import io.parley.loadtest.oracle.Ledgers;
import io.parley.loadtest.oracle.Oracle;
import io.parley.loadtest.twilio.ConversationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Has the oracle judge a run.
final class Judging {

  /// How long a request that left before a STOP was acknowledged may take.
  private static final Duration GRACE = Duration.ofSeconds(20);

  /// How late a timer may be: a round of timers, and what a queue holds them up.
  private static final Duration LATENESS = Duration.ofSeconds(30);

  private Judging() {}

  static List<Kept> of(Ground ground, Told told) throws SQLException {
    try (Connection connection = ground.connect()) {
      Evidence evidence = Evidence.open(connection, () -> ledgers(ground, told));
      Judgement judgement = Oracle.judge(evidence, inForce(ground));
      connection.rollback();
      return Kept.of(judgement);
    }
  }

  private static Ledgers ledgers(Ground ground, Told told) {
    return new Ledgers(
        new Ledgers.Twilio(
            ground.twilio().messagesViaApi(),
            ground.twilio().conversationMessages().stream()
                .filter(ConversationMessage::viaApi)
                .toList(),
            ground.twilio().statusCallbacks()),
        new Ledgers.CustomerIo(
            ground.customerIo().events(), ground.customerIo().profiles(), Set.of()),
        List.of(),
        told.ledger());
  }

  private static InForce inForce(Ground ground) {
    return new InForce(policy(ground), Set.of(), GRACE, LATENESS);
  }

  /// The policy of a Parley that the run has started; that of one that runs elsewhere is not known
  /// here, and what its gates hold is judged by what is usual.
  private static JsonNode policy(Ground ground) {
    return switch (ground) {
      case EmbeddedGround embedded -> {
        Path file = Path.of(embedded.stage().settings().get("PARLEY_POLICY"));
        try {
          yield new YAMLMapper().readTree(file.toFile());
        } catch (IOException e) {
          throw new UncheckedIOException("the policy of the run cannot be read: " + file, e);
        }
      }
      default -> MissingNode.getInstance();
    };
  }
}
