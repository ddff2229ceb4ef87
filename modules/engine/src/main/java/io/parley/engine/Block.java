package io.parley.engine;

/// Why nothing may be sent to an address.
public enum Block {
  OPTED_OUT,
  /// It was asked whether to stop, and has not answered. Silence is no consent.
  UNCLEAR,
  /// It takes no messages: a landline, a number that does not exist.
  UNREACHABLE;

  public String word() {
    return reason().word();
  }

  Reason reason() {
    return switch (this) {
      case OPTED_OUT -> Reason.OPTED_OUT;
      case UNCLEAR -> Reason.OPT_OUT_UNCLEAR;
      case UNREACHABLE -> Reason.UNREACHABLE;
    };
  }

  /// How an execution ends that cannot be heard any more.
  Result result() {
    return switch (this) {
      case OPTED_OUT -> Result.OPTED_OUT;
      case UNCLEAR -> Result.OPT_OUT_UNCLEAR;
      case UNREACHABLE -> Result.UNREACHABLE;
    };
  }
}
