package io.parley.loadtest.drive;

import io.parley.loadtest.profile.Behaviour;
import java.util.Map;

/// A customer of a run, and how far they have come. Small, since there may be millions; confined to
/// the crowd's context.
final class Patron {

  /// Numbers of New York begin at 200 0000.
  private static final int FIRST_NUMBER = 2_000_000;

  /// Nothing is awaited.
  static final long NOTHING = Long.MIN_VALUE;

  final int number;
  final Behaviour behaviour;
  final Map<String, String> attributes;

  /// When they were meant to come, and when what they said last was meant to leave, by
  /// [System#nanoTime].
  final long came;

  long unanswered = NOTHING;

  /// When they wished for a person, until one is offered them.
  long wished = NOTHING;

  /// When they said STOP, until Customer.io knows.
  long stopped = NOTHING;

  int said;
  boolean greeted;
  boolean thinking;
  boolean bought;

  Patron(int number, Coming coming, long came) {
    this.number = number;
    this.behaviour = coming.behaviour();
    this.attributes = coming.attributes();
    this.came = came;
  }

  /// Their id in Customer.io.
  String id() {
    return "load-" + number;
  }

  /// Their number; nobody's, for it never leaves this machine.
  String phone() {
    return "+1212%07d".formatted(FIRST_NUMBER + number);
  }

  boolean isOnWhatsApp() {
    return behaviour == Behaviour.BUTTONS;
  }

  String address() {
    return isOnWhatsApp() ? "whatsapp:" + phone() : phone();
  }
}
