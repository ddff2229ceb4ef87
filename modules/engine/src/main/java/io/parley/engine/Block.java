package io.parley.engine;

import java.util.Locale;

/// Why nothing may be sent to an address.
public enum Block {
  OPTED_OUT,
  /// It takes no messages: a landline, a number that does not exist.
  UNREACHABLE;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  Reason reason() {
    return switch (this) {
      case OPTED_OUT -> Reason.OPTED_OUT;
      case UNREACHABLE -> Reason.UNREACHABLE;
    };
  }
}
