package io.parley.engine.flow;

import io.parley.engine.Address;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Warning;
import java.time.Duration;
import java.time.Instant;

/// What a widget may see and do while a turn runs. It collects effects; it does nothing itself.
/// Confined to one step.
public interface Scene {

  Instant now();

  /// Our address in this thread: `flow.channel.address`.
  Address ours();

  /// The contact's address: `contact.channel.address`.
  Address theirs();

  /// A template, rendered to text. A template error is a warning (81018) and renders as empty text.
  String text(String template);

  /// Adds a message to the turn's effects and answers its id.
  EffectId send(Address from, Address to, Effect.Content content);

  /// Sets a timer that fires `after` from now.
  EffectId timer(Duration after, Effect.ScheduleTimer.Purpose purpose);

  void cancel(EffectId timer);

  /// Writes `flow.variables.name`.
  void set(String name, Object value);

  void warn(Warning warning);
}
