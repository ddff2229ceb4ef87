package io.parley.workbench.cases;

import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Json;
import io.parley.engine.Values;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What another system says to a request of a flow.
///
/// @param fails why there is no answer at all, if there is none: `timeout`, `unreachable`
record Answer(int status, String contentType, String body, Values headers, Optional<String> fails) {

  static Answer json(int status, Object json) {
    return new Answer(status, "application/json", Json.print(json), Values.EMPTY, Optional.empty());
  }

  Event to(EffectId call) {
    return fails.isPresent()
        ? new Event.CallFailed(call, fails.get(), "told to fail")
        : new Event.CallAnswered(call, status, contentType, body, headers);
  }

  /// As a case file says it.
  Map<String, Object> written() {
    Map<String, Object> written = new LinkedHashMap<>();
    if (fails.isPresent()) {
      written.put("fails", fails.get());
      return written;
    }
    written.put("status", (long) status);
    Optional<Object> json =
        contentType.equals("application/json") ? Json.parse(body) : Optional.empty();
    if (json.isPresent() && Json.print(json.get()).equals(body)) {
      written.put("json", json.get());
    } else {
      if (!contentType.isEmpty()) {
        written.put("content_type", contentType);
      }
      if (!body.isEmpty()) {
        written.put("body", body);
      }
    }
    if (!headers.isEmpty()) {
      written.put("headers", headers.entries());
    }
    return written;
  }
}
