package io.parley.loadtest;

import java.util.Optional;

/// How a customer behaves in the flow `international-cart`.
///
/// @see Customers
public enum Plot {
  /// Is asked, asks about shipping, and thanks.
  ASKS_ABOUT_SHIPPING(true, "How long does shipping take?", Optional.empty()),
  /// Is asked, and needs nothing.
  NEEDS_NOTHING(true, "no thanks", Optional.empty()),
  /// Is asked, and opts out.
  STOPS(true, "STOP", Optional.empty()),
  /// Is asked, and buys.
  BUYS(true, "", Optional.empty()),
  /// Is asked, and does not answer.
  IS_SILENT(true, "", Optional.of("question")),
  /// Is asked, and does nothing until the test has her do it.
  FOLLOWS_THE_TEST(true, "", Optional.empty()),
  /// Writes without having been asked.
  WRITES_FIRST(false, "", Optional.empty());

  private final boolean triggered;
  private final String answer;
  private final Optional<String> waitsAt;

  Plot(boolean triggered, String answer, Optional<String> waitsAt) {
    this.triggered = triggered;
    this.answer = answer;
    this.waitsAt = waitsAt;
  }

  /// Whether Customer.io starts it.
  boolean isTriggered() {
    return triggered;
  }

  /// What is answered to the flow's question; empty where nothing is.
  String answer() {
    return answer;
  }

  /// The widget at which the execution waits in the end; empty where it ends.
  public Optional<String> waitsAt() {
    return waitsAt;
  }
}
