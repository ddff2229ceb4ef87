package io.parley.verticles;

import io.parley.engine.ConversationId;
import io.parley.store.AuditTrail;
import io.parley.store.DeskInvites.Invite;
import io.parley.store.DeskUsers;
import io.parley.store.DeskUsers.Changing;
import io.parley.store.Role;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/// Who works at the desk, and what was done there: for admins, and for auditors to read.
///
/// ```
/// GET   /desk/api/users
/// POST  /desk/api/users               {"email": "mia@acme.example", "role": "agent", "topics":
/// ["care"]}
/// PATCH /desk/api/users/{id}          {"role": "lead", "topics": [], "active": true}
/// POST  /desk/api/users/{id}/revoke   signs the user out everywhere
/// GET   /desk/api/audit?conversation=&user=&action=&from=&to=&before=&limit=
/// ```
///
/// A user is invited by a link, which the answer alone holds: Parley sends no e-mail for it.
final class DeskPeople implements Consumer<Router> {

  /// How long an invite can be taken.
  static final Duration INVITED = Duration.ofDays(7);

  private static final int MAX_BODY_BYTES = 32 * 1024;
  private static final int MOST_TOPICS = 100;
  private static final int LONGEST_TOPIC = 100;
  private static final String ROLES = "/role is agent, lead, admin or auditor";
  private static final int MOST_ENTRIES = 500;
  private static final int USUAL_ENTRIES = 100;

  private final DeskSettings settings;
  private final DeskSessions sessions;
  private final DeskRecords records;
  private final DeskAudit audit;
  private final InstantSource clock;
  private final Metrics metrics;

  DeskPeople(
      DeskSettings settings,
      DeskSessions sessions,
      DeskRecords records,
      InstantSource clock,
      Metrics metrics) {
    this.settings = settings;
    this.sessions = sessions;
    this.records = records;
    this.audit = new DeskAudit(records.audit(), clock);
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public void accept(Router router) {
    RawBody body = new RawBody("desk", MAX_BODY_BYTES, metrics);
    router
        .get("/desk/api/users")
        .handler(sessions.atLeast(Role.ADMIN))
        .handler(context -> answer(context, list()));
    router
        .post("/desk/api/users")
        .handler(sessions.atLeast(Role.ADMIN))
        .handler(body)
        .handler(context -> read(context, this::invite));
    router
        .patch("/desk/api/users/:id")
        .handler(sessions.atLeast(Role.ADMIN))
        .handler(body)
        .handler(context -> read(context, this::change));
    router
        .post("/desk/api/users/:id/revoke")
        .handler(sessions.atLeast(Role.ADMIN))
        .handler(context -> read(context, this::revoke));
    router
        .get("/desk/api/audit")
        .handler(sessions.atLeast(Role.ADMIN))
        .handler(context -> read(context, this::trail));
  }

  /// A refusal of what was asked.
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int status;
    private final String reason;

    Refused(int status, String reason, String message) {
      super(message, null, false, false);
      this.status = status;
      this.reason = reason;
    }
  }

  private void read(RoutingContext context, Function<RoutingContext, Future<JsonObject>> question) {
    try {
      answer(context, question.apply(context));
    } catch (Refused refused) {
      answer(context, Future.failedFuture(refused));
    }
  }

  private void answer(RoutingContext context, Future<JsonObject> asked) {
    asked
        .onSuccess(body -> WebVerticle.answer(context, 200, body))
        .onFailure(
            failure -> {
              if (failure instanceof Refused refused) {
                metrics.edgeRefused("desk", refused.reason);
                DeskAnswer.refuse(
                    context, refused.status, refused.reason, String.valueOf(refused.getMessage()));
              } else {
                DeskAnswer.unavailable(context, failure);
              }
            });
  }

  // ---- users

  private Future<JsonObject> list() {
    return records
        .users()
        .list()
        .compose(
            users ->
                records
                    .invites()
                    .list(clock.instant())
                    .map(
                        invites -> {
                          JsonArray people = new JsonArray();
                          users.forEach(user -> people.add(json(user)));
                          JsonArray invited = new JsonArray();
                          invites.forEach(invite -> invited.add(DeskSignIn.json(invite)));
                          return new JsonObject().put("users", people).put("invites", invited);
                        }));
  }

  private static JsonObject json(DeskUsers.User user) {
    return DeskUser.of(user)
        .json()
        .put("active", user.active())
        .put("by", user.issuer().isPresent() ? "oidc" : "password")
        .put("created_at", user.createdAt().toString())
        .put("signed_in_at", user.signedInAt().map(Instant::toString).orElse(null));
  }

  private Future<JsonObject> invite(RoutingContext context) {
    if (!settings.local()) {
      throw new Refused(
          409,
          "local_off",
          "users come from the identity provider here: give them a role there, or set"
              + " PARLEY_DESK_LOCAL=true");
    }
    DeskBody body = DeskBody.of(context);
    Optional<String> email = body.optional("email", DeskSignIn.LONGEST_EMAIL).map(String::strip);
    Optional<Role> role = role(body);
    List<String> topics = body.texts("topics", MOST_TOPICS, LONGEST_TOPIC);
    if (email.isPresent() && !DeskSignIn.isEmail(email.get())) {
      body.problem("/email is an e-mail address");
    }
    if (role.isEmpty()) {
      body.problem(ROLES);
    }
    refuseMalformed(body);
    DeskUser admin = DeskUser.of(context);
    Instant now = clock.instant();
    String token = DeskToken.draw();
    Invite invite =
        new Invite(
            false,
            email,
            role.orElseThrow(),
            topics,
            Optional.of(UUID.fromString(admin.id())),
            now.plus(INVITED));
    return records
        .invites()
        .add(DeskToken.hash(token), invite, now)
        .compose(
            _ ->
                audit.record(
                    admin,
                    "user_invited",
                    Optional.empty(),
                    new JsonObject()
                        .put("email", invite.email().orElse(null))
                        .put("role", invite.role().word())
                        .put("topics", new JsonArray(invite.topics()))))
        .map(
            _ ->
                new JsonObject()
                    .put(
                        "invite",
                        DeskSignIn.json(invite)
                            .put("url", inviteUrl(settings.publicUrl(), token))));
  }

  static String inviteUrl(URI publicUrl, String token) {
    return publicUrl.toString().replaceAll("/+$", "") + "/desk/invite/" + token;
  }

  private static Optional<Role> role(DeskBody body) {
    return body.optional("role", 20).flatMap(Role::of);
  }

  private static void refuseMalformed(DeskBody body) {
    body.problems()
        .ifPresent(
            problems -> {
              throw malformed(problems);
            });
  }

  private static Refused malformed(String message) {
    return new Refused(400, "malformed", message);
  }

  private static UUID id(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException _) {
      throw unknown();
    }
  }

  private static Refused unknown() {
    return new Refused(404, "unknown_user", "there is no such user");
  }

  private Future<JsonObject> change(RoutingContext context) {
    UUID id = id(context.pathParam("id"));
    DeskBody body = DeskBody.of(context);
    Optional<Role> role = role(body);
    if (body.has("role") && role.isEmpty()) {
      body.problem(ROLES);
    }
    DeskUsers.Change change =
        new DeskUsers.Change(
            role,
            body.has("topics")
                ? Optional.of(body.texts("topics", MOST_TOPICS, LONGEST_TOPIC))
                : Optional.empty(),
            body.optionalFlag("active"));
    refuseMalformed(body);
    return records
        .users()
        .find(id)
        .compose(
            found -> {
              refuseWhatTheProviderSays(found.orElseThrow(DeskPeople::unknown), change);
              return records.users().change(id, change);
            })
        .compose(
            changing ->
                switch (changing) {
                  case Changing.Unknown _ -> Future.failedFuture(unknown());
                  case Changing.LastAdmin _ ->
                      Future.failedFuture(
                          new Refused(
                              409,
                              "last_admin",
                              "this is the only admin who may sign in; make another one first"));
                  case Changing.Changed(var before, var after) ->
                      changed(DeskUser.of(context), before, after);
                });
  }

  /// It would be undone by the user's next sign-in.
  private void refuseWhatTheProviderSays(DeskUsers.User user, DeskUsers.Change change) {
    if (user.issuer().isEmpty()) {
      return;
    }
    boolean topicsByClaim = settings.provider().flatMap(it -> it.topicClaim()).isPresent();
    if (change.role().filter(it -> it != user.role()).isPresent()
        || (topicsByClaim && change.topics().filter(it -> !it.equals(user.topics())).isPresent())) {
      throw new Refused(
          409, "by_claim", "the identity provider says this of the user; change it there");
    }
  }

  private Future<JsonObject> changed(DeskUser admin, DeskUsers.User before, DeskUsers.User after) {
    JsonObject detail =
        new JsonObject().put("user", after.id().toString()).put("name", after.name());
    note(detail, "role", before.role().word(), after.role().word());
    note(detail, "topics", new JsonArray(before.topics()), new JsonArray(after.topics()));
    note(detail, "active", before.active(), after.active());
    return audit
        .record(admin, "user_changed", Optional.empty(), detail)
        .compose(
            _ ->
                after.active()
                    ? sessions.look().otherwiseEmpty()
                    : sessions.endAll(after.id()).mapEmpty())
        .map(_ -> new JsonObject().put("user", json(after)));
  }

  private static void note(JsonObject detail, String what, Object before, Object after) {
    if (!before.equals(after)) {
      detail.put(what, after).put(what + "_before", before);
    }
  }

  private Future<JsonObject> revoke(RoutingContext context) {
    UUID id = id(context.pathParam("id"));
    return records
        .users()
        .find(id)
        .map(found -> found.orElseThrow(DeskPeople::unknown))
        .compose(
            user ->
                sessions
                    .endAll(id)
                    .compose(
                        ended ->
                            audit
                                .record(
                                    DeskUser.of(context),
                                    "sessions_revoked",
                                    Optional.empty(),
                                    new JsonObject()
                                        .put("user", id.toString())
                                        .put("name", user.name())
                                        .put("sessions", ended))
                                .map(new JsonObject().put("revoked", ended))));
  }

  // ---- the audit

  private Future<JsonObject> trail(RoutingContext context) {
    int limit =
        number(context, "limit").map(it -> Math.clamp(it, 1, MOST_ENTRIES)).orElse(USUAL_ENTRIES);
    AuditTrail.Filter filter =
        new AuditTrail.Filter(
            given(context, "conversation").map(it -> new ConversationId(uuid("conversation", it))),
            given(context, "user").map(it -> uuid("user", it)),
            given(context, "action"),
            given(context, "from").map(it -> time("from", it)),
            given(context, "to").map(it -> time("to", it)),
            number(context, "before"));
    return records
        .audit()
        .list(filter, limit)
        .map(
            entries ->
                new JsonObject()
                    .put("entries", json(entries))
                    .put("next", entries.size() < limit ? null : entries.getLast().seq()));
  }

  private static JsonArray json(List<AuditTrail.Entry> entries) {
    JsonArray list = new JsonArray();
    for (AuditTrail.Entry entry : entries) {
      AuditTrail.Deed deed = entry.deed();
      list.add(
          new JsonObject()
              .put("id", entry.seq())
              .put("at", deed.at().toString())
              .put(
                  "user",
                  new JsonObject()
                      .put("id", deed.user().map(UUID::toString).orElse(null))
                      .put("name", deed.name()))
              .put("action", deed.action())
              .put("conversation", deed.conversation().map(ConversationId::toString).orElse(null))
              .put("detail", deed.detail()));
    }
    return list;
  }

  private static Optional<String> given(RoutingContext context, String name) {
    return Optional.ofNullable(context.request().getParam(name)).filter(it -> !it.isBlank());
  }

  private static Optional<Long> number(RoutingContext context, String name) {
    return given(context, name)
        .map(
            text -> {
              if (!text.matches("\\d{1,18}")) {
                throw malformed(name + " is a whole number");
              }
              return Long.parseLong(text);
            });
  }

  private static UUID uuid(String name, String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException _) {
      throw malformed(name + " is an id");
    }
  }

  private static Instant time(String name, String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException _) {
      throw malformed(name + " is a time such as 2026-03-01T12:00:00Z");
    }
  }
}
