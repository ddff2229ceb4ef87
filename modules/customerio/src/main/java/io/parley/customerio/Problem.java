package io.parley.customerio;

/// One thing that is wrong with a body, and what to send instead.
///
/// @param pointer where, as a JSON pointer: `/customer/phone`; empty for the body as a whole
/// @param message reads on from the pointer: `is missing; send the phone number, for example ...`.
///     Never repeats what stands under `/customer`.
public record Problem(String pointer, String message) {

  @Override
  public String toString() {
    return (pointer.isEmpty() ? "the body" : pointer) + " " + message;
  }
}
