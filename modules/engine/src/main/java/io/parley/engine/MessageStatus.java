package io.parley.engine;

import java.util.Locale;
import java.util.Optional;

/// Where a message of ours stands, as Twilio reports it. Ranks rise; a message never moves to a
/// lower rank, and never leaves a final status, except that a delivered one may still be read.
public enum MessageStatus {
  ACCEPTED(0),
  SCHEDULED(0),
  QUEUED(1),
  SENDING(2),
  SENT(3),
  PARTIALLY_DELIVERED(4),
  DELIVERED(5),
  UNDELIVERED(5),
  FAILED(5),
  CANCELED(5),
  READ(6);

  private final int rank;

  MessageStatus(int rank) {
    this.rank = rank;
  }

  /// Reads Twilio's word; empty for one that we do not know.
  public static Optional<MessageStatus> parse(String word) {
    for (MessageStatus status : values()) {
      if (status.word().equals(word.toLowerCase(Locale.ROOT))) {
        return Optional.of(status);
      }
    }
    return Optional.empty();
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public boolean failed() {
    return this == UNDELIVERED || this == FAILED || this == CANCELED;
  }

  /// Whether a message that stands here may move to `next`.
  public boolean advancesTo(MessageStatus next) {
    return !failed() && next.rank > rank;
  }
}
