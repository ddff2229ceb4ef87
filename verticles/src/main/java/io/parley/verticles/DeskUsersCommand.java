package io.parley.verticles;

import io.parley.store.AuditTrail;
import io.parley.store.DeskInvites;
import io.parley.store.DeskInvites.Invite;
import io.parley.store.DeskUsers;
import io.parley.store.OpenSessions;
import io.parley.store.Role;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `parley desk users list|invite|revoke`: for who is locked out of the desk, and for an incident.
/// What it does is on record as done on the command line.
@Command(
    name = "users",
    description = "List who works at the desk, invite somebody, sign somebody out.",
    mixinStandardHelpOptions = true)
final class DeskUsersCommand {

  private static final String WHO = "(command line)";
  private static final Duration INVITED = Duration.ofHours(24);

  /// Whose `--database` this is, too.
  @ParentCommand private DeskCommand desk;

  @Command(description = "List everybody.", mixinStandardHelpOptions = true)
  int list() {
    return desk.database()
        .ask(
            pool -> new DeskUsers(pool).list(),
            users -> {
              users.forEach(DeskUsersCommand::print);
              return CommandLine.ExitCode.OK;
            });
  }

  private static void print(DeskUsers.User user) {
    System.out.printf(
        "%s  %-8s  %s  %s%s%s%s%n",
        user.id(),
        user.role().word(),
        user.name(),
        user.email(),
        user.topics().isEmpty() ? "" : "  topics " + String.join(", ", user.topics()),
        user.active() ? "" : "  may not sign in",
        user.signedInAt().map(at -> "  last signed in " + at).orElse("  never signed in"));
  }

  @Command(
      description = "Print a link that makes who opens it a user; it works once, for 24 hours.",
      mixinStandardHelpOptions = true)
  int invite(
      @Option(names = "--role", defaultValue = "agent", description = "agent, lead, admin, auditor")
          String role,
      @Option(names = "--email", description = "for this e-mail address alone")
          Optional<String> email,
      @Option(names = "--topic", description = "sees this topic; several, else all")
          List<String> topics,
      @Option(
              names = "--url",
              defaultValue = "${PARLEY_PUBLIC_URL:-http://localhost:8080}",
              description = "where browsers reach the service")
          URI url) {
    Optional<Role> known = Role.of(role);
    if (known.isEmpty()) {
      System.err.println("no role is called " + role + ": agent, lead, admin or auditor");
      return CommandLine.ExitCode.USAGE;
    }
    if (email.isPresent() && !DeskSignIn.isEmail(email.get())) {
      System.err.println("not an e-mail address: " + email.get());
      return CommandLine.ExitCode.USAGE;
    }
    String token = DeskToken.draw();
    Instant now = Clock.systemUTC().instant();
    Invite invite =
        new Invite(
            false,
            email,
            known.get(),
            Optional.ofNullable(topics).orElse(List.of()),
            Optional.empty(),
            now.plus(INVITED));
    return desk.database()
        .ask(
            pool ->
                new DeskInvites(pool)
                    .add(DeskToken.hash(token), invite, now)
                    .compose(
                        _ ->
                            note(
                                pool,
                                "user_invited",
                                new JsonObject()
                                    .put("email", email.orElse(null))
                                    .put("role", invite.role().word())
                                    .put("topics", new JsonArray(invite.topics())))),
            _ -> {
              System.out.println(DeskPeople.inviteUrl(url, token));
              return CommandLine.ExitCode.OK;
            });
  }

  /// @param revoked how many sessions that were
  private record Revoked(DeskUsers.User user, int revoked) {}

  @Command(
      description = "Sign a user out everywhere; with --for-good, do not let the user in again.",
      mixinStandardHelpOptions = true)
  int revoke(
      @Parameters(paramLabel = "USER", description = "id or e-mail") String who,
      @Option(names = "--for-good", description = "and let the user sign in no more")
          boolean forGood) {
    return desk.database()
        .ask(
            pool -> revoke(pool, who, forGood),
            found -> {
              if (found.isEmpty()) {
                System.err.println("nobody at the desk has the id or e-mail " + who);
                return CommandLine.ExitCode.SOFTWARE;
              }
              if (forGood && found.get().user().active()) {
                System.err.println(
                    "this is the only admin who may sign in; invite another one first: parley desk users"
                        + " invite --role admin");
                return CommandLine.ExitCode.SOFTWARE;
              }
              System.out.printf(
                  "%s is signed out of %d session(s)%s%n",
                  found.get().user().name(),
                  found.get().revoked(),
                  forGood ? ", and may not sign in any more" : "");
              return CommandLine.ExitCode.OK;
            });
  }

  private static Future<Optional<Revoked>> revoke(Pool pool, String who, boolean forGood) {
    DeskUsers users = new DeskUsers(pool);
    return users
        .list()
        .map(
            all ->
                all.stream()
                    .filter(
                        it -> it.id().toString().equals(who) || it.email().equalsIgnoreCase(who))
                    .findFirst())
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(Optional.<Revoked>empty())
                    : revoke(pool, found.get(), forGood).map(Optional::of));
  }

  private static Future<Revoked> revoke(Pool pool, DeskUsers.User user, boolean forGood) {
    DeskUsers users = new DeskUsers(pool);
    DeskUsers.Change change =
        new DeskUsers.Change(
            Optional.empty(), Optional.empty(), forGood ? Optional.of(false) : Optional.empty());
    return users
        .change(user.id(), change)
        .compose(_ -> new OpenSessions(pool, Duration.ofDays(1)).endAll(user.id()))
        .compose(
            ended ->
                users
                    .find(user.id())
                    .compose(
                        now ->
                            note(
                                    pool,
                                    "sessions_revoked",
                                    new JsonObject()
                                        .put("user", user.id().toString())
                                        .put("name", user.name())
                                        .put("sessions", ended)
                                        .put("active", now.orElse(user).active()))
                                .map(new Revoked(now.orElse(user), ended))));
  }

  private static Future<Void> note(Pool pool, String action, JsonObject detail) {
    return new DeskAudit(new AuditTrail(pool), Clock.systemUTC())
        .recordUnknown(WHO, action, detail);
  }
}
