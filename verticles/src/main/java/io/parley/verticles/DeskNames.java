package io.parley.verticles;

import io.parley.store.DeskUsers;
import io.parley.store.Role;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/// What those who work at the desk are called, by their ids: read when somebody unknown turns up,
/// and every minute while names are asked for. Confined to its context.
final class DeskNames {

  private static final Duration FRESH = Duration.ofMinutes(1);

  private final DeskUsers users;
  private final InstantSource clock;
  private Map<String, String> names = Map.of();
  private Instant readAt = Instant.EPOCH;

  DeskNames(DeskUsers users, InstantSource clock) {
    this.users = users;
    this.clock = clock;
  }

  /// Completes once the names are no older than they may be.
  Future<Void> ready() {
    if (clock.instant().isBefore(readAt.plus(FRESH))) {
      return Future.succeededFuture();
    }
    return read();
  }

  private Future<Void> read() {
    return users
        .list()
        .map(
            all -> {
              Map<String, String> read = new HashMap<>();
              all.forEach(user -> read.put(user.id().toString(), user.name()));
              names = read;
              readAt = clock.instant();
              return null;
            });
  }

  /// Whether it is somebody who may answer customers. Asked anew each time, since what is given to
  /// whom nobody knows is answered by nobody.
  Future<Boolean> mayAnswer(String id) {
    return isUser(id)
        ? users
            .find(UUID.fromString(id))
            .map(
                found -> found.filter(it -> it.active() && it.role().mayDo(Role.AGENT)).isPresent())
        : Future.succeededFuture(false);
  }

  /// Somebody has just signed in or was seen.
  void learn(DeskUser user) {
    if (!user.name().equals(names.get(user.id()))) {
      Map<String, String> more = new HashMap<>(names);
      more.put(user.id(), user.name());
      names = more;
    }
  }

  /// The name; of another system's `target:reference` the target's; the id of whom nobody knows.
  String of(String id) {
    String known = names.get(id);
    if (known != null) {
      return known;
    }
    return isUser(id) ? id : id.replaceFirst(":.*", "");
  }

  private static boolean isUser(String id) {
    try {
      return UUID.fromString(id).toString().equals(id);
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
