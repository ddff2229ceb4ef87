package io.parley.edge;

import io.parley.engine.Json;
import io.parley.engine.Values;

/// A function that flows run by `run-function` and that lives in this process. May block: it is
/// called on a thread of its own, and given up after the time that a call may take.
@FunctionalInterface
public interface FlowFunction {

  /// @param parameters as the flow gives them, rendered
  /// @throws Exception where it fails; the flow goes on at `fail`
  Answer call(Values parameters) throws Exception;

  /// What a web server would have answered.
  record Answer(int status, String contentType, String body) {

    /// A JSON object, which the flow reads as `parsed`.
    public static Answer json(Values object) {
      return new Answer(200, "application/json", Json.print(object.entries()));
    }
  }
}
