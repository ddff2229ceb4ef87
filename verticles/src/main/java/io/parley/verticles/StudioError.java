package io.parley.verticles;

import io.parley.engine.flow.FlowProblem;
import io.vertx.core.json.JsonObject;
import java.util.List;

/// A refusal in Twilio's shape:
///
/// ```json
/// {"code": 20404, "message": "The requested resource /Flows/FW71 was not found",
///  "more_info": "https://www.twilio.com/docs/errors/20404", "status": 404}
/// ```
///
/// The codes are Twilio's where it has one, and 20000 and the HTTP status where it has none.
///
/// @param problems what `details.errors` lists; nothing for most codes
record StudioError(int status, int code, String message, List<FlowProblem> problems)
    implements StudioAnswer {

  private static final String DOCS = "https://www.twilio.com/docs/errors/";

  StudioError {
    problems = List.copyOf(problems);
  }

  private static StudioError of(int status, int code, String message) {
    return new StudioError(status, code, message, List.of());
  }

  static StudioError unauthenticated(String message) {
    return of(401, 20003, message);
  }

  /// @param path the path without the API's version: `/Flows/FW71`
  static StudioError notFound(String path) {
    return of(404, 20404, "The requested resource " + path + " was not found");
  }

  static StudioError methodNotAllowed(String method, String path) {
    return of(405, 20004, "The requested resource " + path + " does not take " + method);
  }

  static StudioError missing(String parameter) {
    return of(400, 20001, "Missing required parameter " + parameter + " in the post body");
  }

  /// @param expected what the parameter must be, after the words "it must be"
  static StudioError invalid(String parameter, String expected) {
    return of(400, 20001, "Parameter " + parameter + " is invalid: it must be " + expected);
  }

  static StudioError malformed(String message) {
    return of(400, 20001, message);
  }

  static StudioError conflict(String message) {
    return of(409, 20409, message);
  }

  static StudioError tooMany(String message) {
    return of(429, 20429, message);
  }

  static StudioError unavailable() {
    return of(503, 20503, "The service is unavailable and nothing was stored: try again");
  }

  static StudioError badRevision() {
    return of(
        400, 81021, "Flow revision must be an integer or enum(LatestPublished, LatestRevision)");
  }

  static StudioError badDefinition(List<FlowProblem> problems) {
    return new StudioError(400, 81022, "Flow definition validation failed", problems);
  }

  static StudioError longContact() {
    return of(
        400,
        81023,
        "Creating an Execution via REST API failed due to malformed contact parameters: the To and"
            + " From parameters may not collectively exceed 300 bytes");
  }

  static StudioError tooManyWidgets(int most) {
    return of(
        400,
        81025,
        "Studio Flow exceeds maximum allowed widgets: with its linked subflows it may have "
            + most);
  }

  /// The contact takes no messages; the code is the one that a message to them would be refused
  /// with.
  static StudioError unreachable(int code, String message) {
    return of(400, code, message);
  }

  /// What no route has an answer for.
  static StudioError ofStatus(int status, String path) {
    return switch (status) {
      case 400 -> malformed("The request could not be read");
      case 404 -> notFound(path);
      case 413 -> of(413, 20413, "The body is too large");
      case 415 -> of(415, 20415, "The body must be of the type application/x-www-form-urlencoded");
      default -> of(status, 20_000 + status, "The request could not be handled");
    };
  }

  JsonObject json() {
    JsonObject body =
        new JsonObject()
            .put("code", code)
            .put("message", message)
            .put("more_info", DOCS + code)
            .put("status", status);
    return problems.isEmpty()
        ? body
        : body.put("details", new JsonObject().put("errors", FlowJson.problems(problems)));
  }
}
