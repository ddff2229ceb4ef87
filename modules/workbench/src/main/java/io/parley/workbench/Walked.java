package io.parley.workbench;

import java.util.List;
import java.util.Map;

/// What came of random conversations with a flow.
///
/// @param flow the name that it is known by
/// @param events events that the engine was given
/// @param hops transitions that were taken
/// @param refusals events that changed nothing: late, repeated, unexpected
/// @param ends conversations by how they ended; `alive` where a walk ended first
/// @param exits every transition of the file in its order, then any that it does not name, with how
///     often it was taken
/// @param crashes errors of the engine; the first of them, at most ten
public record Walked(
    String flow,
    int runs,
    long seed,
    long events,
    long hops,
    long refusals,
    Map<String, Long> ends,
    List<TakenExit> exits,
    List<Crash> crashes) {

  public Walked {
    exits = List.copyOf(exits);
    crashes = List.copyOf(crashes);
  }

  /// A transition, and how often it was taken.
  ///
  /// @param next empty where it ends the execution
  public record TakenExit(String widget, String event, String next, long count) {}

  /// An error of the engine.
  ///
  /// @param run counts from 0; with the seed it names the conversation
  /// @param event what the engine was given
  public record Crash(int run, String event, String error) {}

  /// The exits that no conversation took.
  public List<TakenExit> missed() {
    return exits.stream().filter(exit -> exit.count() == 0).toList();
  }
}
