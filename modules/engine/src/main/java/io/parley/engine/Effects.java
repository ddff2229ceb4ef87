package io.parley.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The effects of a turn in the making, in their order, each with its id. Confined to one step.
final class Effects {

  private final ConversationId conversation;
  private final int turn;
  private final Instant now;
  private final List<Effect> effects = new ArrayList<>();

  Effects(ConversationId conversation, int turn, Instant now) {
    this.conversation = conversation;
    this.turn = turn;
    this.now = now;
  }

  void add(Effect effect) {
    effects.add(effect);
  }

  /// The id of the effect that is added next.
  EffectId nextId() {
    return new EffectId(conversation, turn, effects.size());
  }

  EffectId timer(Duration after, Effect.ScheduleTimer.Purpose purpose) {
    EffectId id = nextId();
    add(new Effect.ScheduleTimer(id, now.plus(after), purpose));
    return id;
  }

  List<Effect> all() {
    return effects;
  }

  /// All of them without timers that this very turn has set and cancelled.
  List<Effect> netted() {
    Set<EffectId> cancelled = new HashSet<>();
    Set<EffectId> set = new HashSet<>();
    for (Effect effect : effects) {
      switch (effect) {
        case Effect.ScheduleTimer timer -> set.add(timer.id());
        case Effect.CancelTimer cancel -> cancelled.add(cancel.timer());
        default -> {}
      }
    }
    set.retainAll(cancelled);
    List<Effect> kept = new ArrayList<>(effects);
    kept.removeIf(
        effect ->
            (effect instanceof Effect.ScheduleTimer timer && set.contains(timer.id()))
                || (effect instanceof Effect.CancelTimer cancel && set.contains(cancel.timer())));
    return kept;
  }
}
