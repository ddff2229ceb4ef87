package io.parley.engine;

import io.parley.engine.hours.Occasion;
import io.parley.engine.limits.SessionWindow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What went to and fro in a thread, as far as rules for the next message ask for it.
///
/// @param window when the contact last wrote, and when WhatsApp said that it is too long ago
/// @param cause what last moved the flow: whom the next message answers, if anybody
/// @param sends our latest messages, oldest first, at most [#MAX_SENDS]
public record Traffic(SessionWindow window, Optional<Occasion> cause, List<Sent> sends) {

  public static final Traffic NONE =
      new Traffic(SessionWindow.NEVER_OPENED, Optional.empty(), List.of());

  /// As many as a throttle may count.
  public static final int MAX_SENDS = 50;

  private static final Duration REMEMBERED = Duration.ofDays(1);

  public Traffic {
    sends = List.copyOf(sends);
  }

  /// A message on its way, or gone.
  ///
  /// @param at when it may leave, and once Twilio has taken it, when that was
  /// @param toContact whether it counts against the contact's patience
  /// @param notes what is reported with its outcome: `segments`, `encoding`, `exempt`, `fallback`
  public record Sent(EffectId effect, Instant at, boolean toContact, Values notes) {

    private Sent leftAt(Instant now) {
      return new Sent(effect, now, toContact, notes);
    }
  }

  Traffic in(SessionWindow next) {
    return new Traffic(next, cause, sends);
  }

  Traffic causedBy(Occasion occasion) {
    return new Traffic(window, Optional.of(occasion), sends);
  }

  /// With one message more; those that no rule asks for any more are forgotten.
  Traffic with(Sent sent, Instant now) {
    List<Sent> recent = new ArrayList<>();
    for (Sent each : sends) {
      if (each.at().isAfter(now.minus(REMEMBERED))) {
        recent.add(each);
      }
    }
    recent.add(sent);
    return new Traffic(
        window, cause, recent.subList(Math.max(0, recent.size() - MAX_SENDS), recent.size()));
  }

  /// Twilio took it.
  Traffic left(EffectId effect, Instant now) {
    return new Traffic(
        window,
        cause,
        sends.stream().map(it -> it.effect().equals(effect) ? it.leftAt(now) : it).toList());
  }

  /// It was given up.
  Traffic without(EffectId effect) {
    return new Traffic(
        window, cause, sends.stream().filter(it -> !it.effect().equals(effect)).toList());
  }

  /// Without what waits for its time.
  Traffic withdrawn(Instant now) {
    return new Traffic(window, cause, sends.stream().filter(it -> !it.at().isAfter(now)).toList());
  }

  Optional<Sent> find(EffectId effect) {
    for (Sent sent : sends) {
      if (sent.effect().equals(effect)) {
        return Optional.of(sent);
      }
    }
    return Optional.empty();
  }

  /// When the contact was written to, or will be.
  List<Instant> toContact() {
    return sends.stream().filter(Sent::toContact).map(Sent::at).toList();
  }
}
