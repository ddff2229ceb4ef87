package io.parley.loadtest.twilio;

import java.util.Map;

/// Short texts of the error codes that tests commonly program.
final class ErrorTexts {

  private static final Map<Integer, String> TEXTS =
      Map.ofEntries(
          Map.entry(20003, "Authenticate"),
          Map.entry(20429, "Too Many Requests"),
          Map.entry(20500, "Internal Server Error"),
          Map.entry(20503, "Service Unavailable"),
          Map.entry(21408, "Permission to send an SMS has not been enabled for the region"),
          Map.entry(21610, "Attempt to send to unsubscribed recipient"),
          Map.entry(21614, "'To' number is not a valid mobile number"),
          Map.entry(30001, "Queue overflow"),
          Map.entry(30002, "Account suspended"),
          Map.entry(30003, "Unreachable destination handset"),
          Map.entry(30004, "Message blocked"),
          Map.entry(30005, "Unknown destination handset"),
          Map.entry(30006, "Landline or unreachable carrier"),
          Map.entry(30007, "Carrier violation"),
          Map.entry(30008, "Unknown error"),
          Map.entry(30034, "Message from an Unregistered Number"),
          Map.entry(63016, "Failed to send freeform message because you are outside the window"),
          Map.entry(63018, "Rate limit exceeded for Channel"),
          Map.entry(63024, "Invalid message recipient"));

  private ErrorTexts() {}

  static String of(int code) {
    return TEXTS.getOrDefault(code, "Error " + code);
  }
}
