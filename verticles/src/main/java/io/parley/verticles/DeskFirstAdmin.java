package io.parley.verticles;

import io.parley.store.DeskInvites.Invite;
import io.parley.store.Role;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the first admin: who can read the log of the service is let in, once.
final class DeskFirstAdmin {

  private static final Duration LIFETIME = Duration.ofHours(24);
  private static final Logger LOG = LoggerFactory.getLogger(DeskFirstAdmin.class);

  private final DeskSettings settings;
  private final DeskRecords records;
  private final InstantSource clock;

  DeskFirstAdmin(DeskSettings settings, DeskRecords records, InstantSource clock) {
    this.settings = settings;
    this.records = records;
    this.clock = clock;
  }

  /// Logs a link where users have passwords and nobody can say who else works here.
  Future<Void> invite() {
    if (!settings.local()) {
      return Future.succeededFuture();
    }
    return records.users().hasAdmin().compose(has -> has ? Future.succeededFuture() : logged());
  }

  private Future<Void> logged() {
    String token = DeskToken.draw();
    Instant now = clock.instant();
    Invite invite =
        new Invite(
            true, Optional.empty(), Role.ADMIN, List.of(), Optional.empty(), now.plus(LIFETIME));
    return records
        .invites()
        .add(DeskToken.hash(token), invite, now)
        .onSuccess(
            _ ->
                LOG.info(
                    "the desk has no admin yet: who opens {} within {} hours becomes one",
                    DeskPeople.inviteUrl(settings.publicUrl(), token),
                    LIFETIME.toHours()));
  }
}
