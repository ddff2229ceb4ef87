package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.store.OpenSessions;
import io.parley.store.Role;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// What lasts longer than a request, and who passes.
class DeskSessionsTest {

  private static final Service SERVICE = Service.start();
  private static final Vertx WORLD = Vertx.vertx();
  private static final Pool POOL =
      PgBuilder.pool()
          .with(new PoolOptions().setMaxSize(2))
          .connectingTo(PgConnectOptions.fromUri(SERVICE.database))
          .using(WORLD)
          .build();
  private static final DeskSessions SESSIONS =
      new DeskSessions(
          new OpenSessions(POOL, Duration.ofHours(2)),
          new DeskSettings(
              URI.create(Service.PUBLIC_URL),
              true,
              Optional.empty(),
              Duration.ofHours(12),
              Duration.ofHours(2),
              List.of()),
          Clock.systemUTC(),
          new Metrics());

  /// Those whose streams have ended.
  private static final List<String> ENDED = new CopyOnWriteArrayList<>();

  private static final HttpServer SERVER = serving();

  private static HttpServer serving() {
    Router router = Router.router(WORLD);
    router.get("/stream").handler(SESSIONS.atLeast(Role.AGENT)).handler(DeskSessionsTest::stream);
    return Service.await(WORLD.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
  }

  private static void stream(RoutingContext context) {
    context.response().setChunked(true).write("open");
    SESSIONS.whenOver(
        context,
        () -> {
          ENDED.add(DeskUser.of(context).name());
          context.response().end("over");
        });
  }

  @AfterAll
  static void close() {
    Service.await(POOL.close());
    Service.await(WORLD.close());
    SERVICE.close();
  }

  /// Opens a stream; answers once its first words have come.
  private static HttpClientResponse open(DeskBrowser browser) {
    HttpClientResponse response =
        Service.await(
            WORLD
                .createHttpClient()
                .request(HttpMethod.GET, SERVER.actualPort(), "127.0.0.1", "/stream")
                .compose(
                    request ->
                        request
                            .putHeader(
                                "Cookie",
                                "__Host-parley_desk=" + browser.cookie("__Host-parley_desk"))
                            .putHeader("Accept", "text/event-stream")
                            .send()));
    assertThat(response.statusCode()).isEqualTo(200);
    return response;
  }

  private static String id(DeskBrowser browser) {
    return browser.session().json().getJsonObject("user").getString("id");
  }

  private static void look() {
    Service.await(SESSIONS.look().map(true));
  }

  @Test
  void aStreamEndsAsItsSessionIsRevokedAndOthersStay() {
    DeskBrowser revoked = DeskBrowser.of(SERVICE, Role.AGENT, "Revoked");
    DeskBrowser stays = DeskBrowser.of(SERVICE, Role.AGENT, "Stays");
    DeskBrowser admin = DeskBrowser.of(SERVICE, Role.ADMIN, "Admin");
    open(revoked);
    open(stays);
    look();
    assertThat(ENDED).doesNotContain("Revoked", "Stays");

    admin.post("/desk/api/users/" + id(revoked) + "/revoke", new JsonObject());
    look();

    SERVICE.until("the stream has ended", () -> ENDED.contains("Revoked"));
    assertThat(ENDED).doesNotContain("Stays");
    look();
    assertThat(ENDED).containsOnlyOnce("Revoked");
  }

  @Test
  void aStreamEndsAsItsUsersTopicsChange() {
    DeskBrowser agent = DeskBrowser.of(SERVICE, Role.AGENT, "Moves", "care");
    open(agent);

    SERVICE.execute("update desk_user set topics = '{returns}' where name = 'Moves'");
    look();

    SERVICE.until("the stream has ended", () -> ENDED.contains("Moves"));
  }

  @Test
  void aStreamThatIsOpenedAnewIsNothingThatTheUserDoes() {
    DeskBrowser agent = DeskBrowser.of(SERVICE, Role.AGENT, "Asleep");
    SERVICE.execute(
        """
        update desk_session set seen_at = now() - interval '1 hour'
         where user_id = (select id from desk_user where name = 'Asleep')
        """);
    String seen =
        "select seen_at < now() - interval '50 minutes' from desk_session"
            + " where user_id = (select id from desk_user where name = 'Asleep')";

    open(agent);
    assertThat(SERVICE.texts(seen)).containsExactly("true");

    agent.session();
    SERVICE.until("the user was seen", () -> SERVICE.texts(seen).equals(List.of("false")));
  }
}
