package io.parley.engine;

/// Twilio's name for a message: `SM...` or `MM...`.
public record MessageSid(String value) {

  @Override
  public String toString() {
    return value;
  }
}
