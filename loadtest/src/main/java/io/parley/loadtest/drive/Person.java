package io.parley.loadtest.drive;

import io.parley.loadtest.measure.Recorder;
import io.parley.loadtest.profile.Behaviour;

/// A customer, as little of one as is enough: there are hundreds of thousands. Confined to the
/// thread of the [Agenda], but for what never changes.
final class Person {

  /// Nothing is waited for.
  static final long NOTHING = 0;

  private final int number;
  private final Behaviour behaviour;
  private final Recorder recorder;

  /// When they were meant to come.
  private final long came;

  private byte said;
  private boolean wasWrittenTo;
  private boolean bought;

  /// When they were meant to write what is not answered yet.
  private long wroteAt = NOTHING;

  /// @param number from 0
  /// @param recorder where times of theirs go
  Person(int number, Behaviour behaviour, long came, Recorder recorder) {
    this.number = number;
    this.behaviour = behaviour;
    this.came = came;
    this.recorder = recorder;
  }

  int number() {
    return number;
  }

  Behaviour behaviour() {
    return behaviour;
  }

  Recorder recorder() {
    return recorder;
  }

  long came() {
    return came;
  }

  boolean isOnWhatsApp() {
    return behaviour == Behaviour.BUTTONS;
  }

  /// Which of their lines is next, from 0; from then on it is the one after it.
  int nextLine() {
    return said < Byte.MAX_VALUE ? said++ : said;
  }

  /// Whether this is the first message to them; from then on none is.
  boolean isFirstMessage() {
    boolean first = !wasWrittenTo;
    wasWrittenTo = true;
    return first;
  }

  /// Whether they have not bought yet; from then on they have.
  boolean buysNow() {
    boolean now = !bought;
    bought = true;
    return now;
  }

  /// They wrote something that is to be answered. Of two such the first counts.
  void writes(long due) {
    wroteAt = wroteAt == NOTHING ? due : wroteAt;
  }

  /// When they wrote what is answered now, or [#NOTHING].
  long isAnswered() {
    long wrote = wroteAt;
    wroteAt = NOTHING;
    return wrote;
  }
}
