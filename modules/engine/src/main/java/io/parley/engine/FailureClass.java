package io.parley.engine;

import java.util.Locale;
import java.util.Optional;

/// What kind of thing kept a message from its recipient, so that a Journey can branch without a
/// table of codes. A channel knows the class of each of its codes, and tells it with the event.
public enum FailureClass {
  /// The number, or the handset behind it, takes no messages.
  UNDELIVERABLE("the number or the handset behind it takes no messages"),
  OPTED_OUT("the recipient has opted out, or has blocked the sender"),
  CARRIER_FILTERED("a carrier or the channel filtered the message, or does not carry it at all"),
  /// It may go through at another time.
  RATE("too many messages in too short a time, or at an hour when none may come"),
  CONTENT("the text, media or template is not accepted"),
  SETUP("the account, the sender or its registration must be put right"),
  OUTAGE("the channel or a carrier failed, and not because of this message"),
  /// The provider was not asked.
  OURS("our own rules kept it back: hours, opt-outs, offers, lateness"),
  UNKNOWN("nobody said why");

  private final String sentence;

  FailureClass(String sentence) {
    this.sentence = sentence;
  }

  /// The class where no channel told it: by what the failure says of the recipient, else ours where
  /// there is no code.
  static FailureClass untold(int code, Optional<Block> block) {
    return switch (block.orElse(Block.UNCLEAR)) {
      case OPTED_OUT -> OPTED_OUT;
      case UNREACHABLE -> UNDELIVERABLE;
      case UNCLEAR -> code == 0 ? OURS : UNKNOWN;
    };
  }

  /// The class as payloads carry it: `carrier_filtered`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String sentence() {
    return sentence;
  }
}
