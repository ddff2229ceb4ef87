package io.parley.loadtest.oracle;

/// A promise that was not kept.
///
/// @param conversation whose it is; empty where it is nobody's alone
/// @param what is wrong, in a sentence
/// @param trace everything that happened in the conversation, a line each, in the order of time;
///     empty where there is no conversation, and beyond the first objections of a promise
public record Objection(Promise promise, String conversation, String what, String trace) {

  @Override
  public String toString() {
    return promise
        + (conversation.isEmpty() ? "" : " [" + conversation + "]")
        + ": "
        + what
        + (trace.isEmpty() ? "" : "\n" + trace);
  }
}
