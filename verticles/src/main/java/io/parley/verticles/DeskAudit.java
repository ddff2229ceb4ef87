package io.parley.verticles;

import io.parley.engine.ConversationId;
import io.parley.store.AuditTrail;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/// Keeps on record who did what at the desk, and who looked at what. Thread-safe.
final class DeskAudit {

  private final AuditTrail trail;
  private final InstantSource clock;

  DeskAudit(AuditTrail trail, InstantSource clock) {
    this.trail = trail;
    this.clock = clock;
  }

  /// Completes once it is on record: an answer that shows something waits for it.
  ///
  /// @param action a word: `read`, `take`, `close`
  /// @param detail a flat object; never what was said in a conversation
  Future<Void> record(
      DeskUser user, String action, Optional<ConversationId> conversation, JsonObject detail) {
    return trail.add(
        new AuditTrail.Deed(
            clock.instant(),
            Optional.of(UUID.fromString(user.id())),
            user.name(),
            action,
            conversation,
            detail));
  }

  /// Of somebody who is not known, by what they said to be.
  Future<Void> recordUnknown(String name, String action, JsonObject detail) {
    return trail.add(
        new AuditTrail.Deed(
            clock.instant(), Optional.empty(), name, action, Optional.empty(), detail));
  }
}
