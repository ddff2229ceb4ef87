package io.parley.engine;

/// Something that a flow's author should know of, by Studio's error code where it has one.
public record Warning(int code, String message) {

  /// Studio has no code for it.
  public static final int UNNUMBERED = 0;

  public static final int MAX_STEPS = 81000;
  public static final int WIDGET_LOOP = 81001;
  public static final int NO_MATCH = 81005;
  public static final int FUNCTION_FAILED = 81010;
  public static final int SEND_FAILED = 81011;
  public static final int HTTP_INTERNAL = 81014;
  public static final int CONVERSATION_FAILED = 81006;
  public static final int TASK_FAILED = 81015;
  public static final int HTTP_FAILED = 81016;
  public static final int FUNCTION_RESPONSE = 81017;
  public static final int LIQUID = 81018;
  public static final int SUBFLOW = 81024;

  /// The warning that a message was not sent (81011).
  public static Warning sendFailed(String widget, Event.SendFailed failed) {
    return new Warning(
        SEND_FAILED,
        "Failed to send message: widget %s, %s: %s"
            .formatted(widget, named(failed), failed.message()));
  }

  /// The refusal with Twilio's code, where it is one of Twilio's.
  private static String named(Event.SendFailed failed) {
    return failed.code() == 0
        ? failed.refusal()
        : "%s (%d)".formatted(failed.refusal(), failed.code());
  }
}
