package io.parley.verticles;

import io.parley.engine.ConversationId;
import java.util.Optional;

final class DeskThreadRoutes {
  private DeskThreadRoutes() {}

  static Optional<ConversationId> conversation(String text) {
    try {
      return Optional.of(ConversationId.parse(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
