package io.parley.loadtest.twilio;

import io.vertx.core.json.JsonObject;

/// An answer of Twilio other than the message asked for, as JSON:
/// ```json
/// {"code": 21211, "message": "…", "more_info": "https://www.twilio.com/docs/errors/21211",
///  "status": 400}
/// ```
record Refusal(int code, int httpStatus, String message) {

  static final int HTTP_BAD_REQUEST = 400;

  static final Refusal UNAUTHENTICATED = new Refusal(20003, 401, "Authenticate");
  static final Refusal TOO_MANY_REQUESTS = new Refusal(20429, 429, "Too Many Requests");
  static final Refusal OPTED_OUT = bad(21610, "Attempt to send to unsubscribed recipient");

  static Refusal bad(int code, String message) {
    return new Refusal(code, HTTP_BAD_REQUEST, message);
  }

  static Refusal notFound(String path) {
    return new Refusal(20404, 404, "The requested resource " + path + " was not found");
  }

  /// The refusal with the code alone, where a test asks for it.
  static Refusal programmed(int code) {
    int status =
        switch (code) {
          case 20003 -> 401;
          case 20404 -> 404;
          case 20429 -> 429;
          case 20500 -> 500;
          case 20503 -> 503;
          default -> HTTP_BAD_REQUEST;
        };
    return new Refusal(code, status, ErrorTexts.of(code));
  }

  JsonObject json() {
    return new JsonObject()
        .put("code", code)
        .put("message", message)
        .put("more_info", "https://www.twilio.com/docs/errors/" + code)
        .put("status", httpStatus);
  }
}
