package io.parley.verticles;

import io.parley.store.DeskUsers;
import io.parley.store.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/// Who asks at the desk.
///
/// @param id what conversations and the audit name the user by
/// @param topics the topics that the user sees; empty for all
record DeskUser(String id, String name, String email, Role role, List<String> topics) {

  private static final String KEY = "parley.desk-user";

  DeskUser {
    topics = List.copyOf(topics);
  }

  static DeskUser of(DeskUsers.User user) {
    return new DeskUser(
        user.id().toString(), user.name(), user.email(), user.role(), user.topics());
  }

  /// The user of a request that [DeskSessions] has let pass.
  static DeskUser of(RoutingContext context) {
    return context.get(KEY);
  }

  void putOn(RoutingContext context) {
    context.put(KEY, this);
  }

  /// Whether what belongs to a topic is the user's to see.
  boolean sees(String topic) {
    return topics.isEmpty() || topics.contains(topic);
  }

  JsonObject json() {
    return new JsonObject()
        .put("id", id)
        .put("name", name)
        .put("email", email)
        .put("role", role.word())
        .put("topics", new JsonArray(topics));
  }
}
