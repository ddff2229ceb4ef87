package io.parley.calls;

import java.util.List;

/// What configuration says of calls.
///
/// @param repeatable hosts at which asking the same twice is safe, whatever the method
/// @param perHost how many calls to one host are under way at most
public record CallRules(
    Timeouts timeouts,
    AddressGuard guard,
    FunctionPlaces functions,
    List<HostPattern> repeatable,
    int perHost,
    Breaker.Habit breaker) {

  public CallRules {
    repeatable = List.copyOf(repeatable);
  }

  /// Whether a call whose answer was lost may be made again.
  public boolean mayRepeat(RequestComposer.Composed composed) {
    return switch (composed) {
      case RequestComposer.Composed.Ready(var request) ->
          CallRequest.isSafe(request.method())
              || repeatable.stream().anyMatch(it -> it.matches(request.target().host()));
      case RequestComposer.Composed.Impossible _ -> false;
    };
  }
}
