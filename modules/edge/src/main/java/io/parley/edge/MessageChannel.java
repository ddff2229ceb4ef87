package io.parley.edge;

import io.parley.engine.Block;
import io.parley.engine.Effect;
import io.parley.engine.FailureClass;
import io.parley.engine.MessageSid;
import io.parley.engine.Values;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// Carries messages to contacts. Calls block; couriers make them on virtual threads, never on an
/// event loop.
public interface MessageChannel extends AutoCloseable {

  /// Hands a message over. Never throws for what the provider or the network does; that is an
  /// [Answer].
  Answer send(Effect.Send send);

  /// Looks among the provider's recent messages for one that is this send: same recipient and
  /// content, created at or after `since`, its sid not among `accounted`.
  Lookup find(Effect.Send send, Instant since, Set<MessageSid> accounted);

  /// How many segments the message takes of the sender's rate (SMS segments; 1 for WhatsApp).
  int segments(Effect.Send send);

  /// Lets go of its connections.
  @Override
  default void close() {}

  /// What became of a send.
  sealed interface Answer {

    /// The provider has taken it.
    ///
    /// @param outbound the provider's answer with Studio's names (`Sid`, `Status`, `Body` ...)
    record Accepted(MessageSid sid, Values outbound) implements Answer {}

    /// The provider has surely not taken it, and never will as it stands.
    record Rejected(Failure failure) implements Answer {}

    /// The provider has surely not taken it, and may later.
    ///
    /// @param retryAfter what the provider asked for
    record Postponed(Failure failure, Optional<Duration> retryAfter) implements Answer {}

    /// Nobody knows: a time-out, a cut connection, a 5xx. To be looked up before it may be sent
    /// again.
    record InDoubt(String why) implements Answer {}
  }

  /// Why a send was not taken.
  ///
  /// @param code the provider's code, or the HTTP status where it gave none
  /// @param refusal the code in our words: `invalid_recipient`
  record Failure(
      int code, String refusal, String message, Reaction reaction, FailureClass failureClass) {

    /// The refusal of a recipient who has opted out.
    public static final String OPTED_OUT = "opted_out";

    /// The same, to be sent again.
    public Failure passing() {
      return new Failure(code, refusal, message, Reaction.RETRY, failureClass);
    }

    /// What the failure says of the recipient for good.
    public Optional<Block> block() {
      if (reaction != Reaction.SUPPRESS) {
        return Optional.empty();
      }
      return Optional.of(refusal.equals(OPTED_OUT) ? Block.OPTED_OUT : Block.UNREACHABLE);
    }
  }

  /// What a code asks of us.
  enum Reaction {
    RETRY,
    SUPPRESS,
    GIVE_UP,
    ALERT
  }

  sealed interface Lookup {
    record Found(MessageSid sid, Values outbound) implements Lookup {}

    record NotFound() implements Lookup {}

    /// The provider could not be asked.
    record Unanswered(String why) implements Lookup {}
  }
}
