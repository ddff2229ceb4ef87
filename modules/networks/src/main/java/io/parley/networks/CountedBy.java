package io.parley.networks;

/// What makes two events one to a network, which then counts the first.
public enum CountedBy {
  /// The order's id, where there is one: an order that ends conversations in two threads of a
  /// person counts once, and so does one that the shop's own tag reports under its number.
  ORDER,

  /// The outcome's own id.
  OUTCOME
}
