package io.parley.edge;

import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Event;

/// Opens, resumes and closes conversations at their provider. Each operation may be asked again,
/// whatever became of it before. Calls block; a courier makes them on virtual threads, never on an
/// event loop.
public interface Conversations extends AutoCloseable {

  /// Answers the event that tells what came of it. Never throws for what the provider or the
  /// network does.
  Event perform(EffectId call, Effect.Request.Conversation request);

  @Override
  void close();
}
