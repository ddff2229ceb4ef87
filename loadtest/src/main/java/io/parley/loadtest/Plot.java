package io.parley.loadtest;

import java.util.List;
import java.util.Optional;

/// How a customer behaves, and in which flow.
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
  WRITES_FIRST(false, "", Optional.empty()),
  /// Is asked for a size in a conversation that the flow opens, and answers.
  TAKES_A_SIZE("fitting-room", "large"),
  /// Is asked for a size in a conversation that the flow opens, and opts out.
  STOPS_IN_A_ROOM("fitting-room", "STOP"),
  /// Is told what came of the calls that the flow makes to the shop.
  RESERVES("reservation", "");

  /// The flow that most customers are in. It splits on words, so that no model has to be loaded
  /// before a conversation goes its way.
  static final String CART = "cart-question";

  /// Every flow.
  static final List<String> FLOWS = List.of(CART, "fitting-room", "reservation");

  private final String flow;
  private final boolean triggered;
  private final String answer;
  private final Optional<String> waitsAt;

  Plot(boolean triggered, String answer, Optional<String> waitsAt) {
    this(CART, triggered, answer, waitsAt);
  }

  Plot(String flow, String answer) {
    this(flow, true, answer, Optional.empty());
  }

  Plot(String flow, boolean triggered, String answer, Optional<String> waitsAt) {
    this.flow = flow;
    this.triggered = triggered;
    this.answer = answer;
    this.waitsAt = waitsAt;
  }

  /// The flow that a trigger names.
  String flow() {
    return flow;
  }

  /// Whether it is played in the flow of most customers.
  public boolean isOfTheCart() {
    return flow.equals(CART);
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
