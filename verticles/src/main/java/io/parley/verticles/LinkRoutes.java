package io.parley.verticles;

import io.parley.edge.Arrival;
import io.parley.edge.Arrival.Source;
import io.parley.engine.Event;
import io.parley.engine.ShortLinks;
import io.parley.engine.Values;
import io.parley.store.Links;
import io.parley.store.Links.Link;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where short links lead: `GET /r/{code}` answers 302 with the url that stood in the message, and
/// tells its conversation of the click. It leads to urls on record alone.
///
/// The redirect is owed to the customer, and it acknowledges nothing: no browser tells of a click
/// twice, so nobody is there to be told "not stored, tell again". In ordinary times it is answered
/// after the click's turn is committed, and what was redirected is stored. It waits for that no
/// longer than [#PATIENCE]; a click that is not stored by then is told again from memory for some
/// minutes, and only what outlives that, or goes with the process, is lost, and counted. Links that
/// were followed lately lead on while the database is away.
///
/// Confined to the web verticle's context.
final class LinkRoutes implements Consumer<Router> {

  /// How long a customer waits for the click to be stored.
  static final Duration PATIENCE = Duration.ofMillis(250);

  /// How long the database has to say where a link leads.
  private static final Duration LOOK_UP_PATIENCE = Duration.ofSeconds(2);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final int MAX_TRIES = 20;
  private static final int MAX_WAITING = 1_000;
  private static final int MAX_REMEMBERED = 10_000;
  private static final int MAX_AGENT_LENGTH = 300;

  /// What a customer may have copied along with a link.
  private static final Pattern SENTENCE_END = Pattern.compile("[^\\p{L}\\p{N}]+$");

  private static final Logger LOG = LoggerFactory.getLogger(LinkRoutes.class);

  private final Links links;
  private final ShortLinks shortLinks;
  private final Optional<Duration> lifetime;
  private final Dispatcher dispatcher;
  private final Clock clock;
  private final Metrics metrics;

  private final ClickWindow window = new ClickWindow();
  private final Complaint unread = new Complaint(LOG, "short links cannot be looked up");
  private int waiting;

  /// The links that were followed last, which never change.
  private final Map<String, Link> remembered =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Link> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  /// @param lifetime how long a link leads on; empty for ever
  LinkRoutes(
      Links links,
      ShortLinks shortLinks,
      Optional<Duration> lifetime,
      Dispatcher dispatcher,
      Clock clock,
      Metrics metrics) {
    this.links = links;
    this.shortLinks = shortLinks;
    this.lifetime = lifetime;
    this.dispatcher = dispatcher;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public void accept(Router router) {
    router
        .route(ShortLinks.PATH + ":code")
        .method(HttpMethod.GET)
        .method(HttpMethod.HEAD)
        .handler(this::follow);
  }

  private void follow(RoutingContext context) {
    String code = SENTENCE_END.matcher(context.pathParam("code")).replaceFirst("");
    if (!ShortLinks.isCode(code)) {
      unknown(context);
      return;
    }
    find(code)
        .onSuccess(
            found -> {
              unread.worked();
              found.ifPresentOrElse(link -> lead(context, link), () -> unknown(context));
            })
        .onFailure(
            failure -> {
              unread.failed(failure);
              metrics.link("unavailable");
              context.response().putHeader("Retry-After", "10");
              page(context, 503, "Please try again", "This link cannot be opened just now. ");
            });
  }

  private Future<Optional<Link>> find(String code) {
    Link known = remembered.get(code);
    return known != null
        ? Future.succeededFuture(Optional.of(known))
        : links
            .find(code)
            .timeout(LOOK_UP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
            .onSuccess(found -> found.ifPresent(link -> remembered.put(code, link)));
  }

  private void lead(RoutingContext context, Link link) {
    Instant now = clock.instant();
    if (lifetime.filter(it -> !now.isBefore(link.createdAt().plus(it))).isPresent()) {
      metrics.link("expired");
      page(context, 410, "This link has expired", "It leads nowhere any more. ");
      return;
    }
    click(context.request(), link, now)
        .map(arrival -> told(context.vertx(), arrival))
        .orElse(Future.succeededFuture())
        .onComplete(_ -> redirect(context, link));
  }

  private static void redirect(RoutingContext context, Link link) {
    context
        .response()
        .setStatusCode(302)
        .putHeader("Location", link.url())
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Robots-Tag", "noindex")
        .end();
  }

  /// What is to be told of a request: a click, if it is a person's and the first.
  private Optional<Arrival> click(HttpServerRequest request, Link link, Instant now) {
    if (!LinkVisitor.isPerson(request.method(), request.headers())) {
      metrics.link("preview");
      return Optional.empty();
    }
    Optional<String> name = window.click(link.send(), client(link.code(), request), now);
    metrics.link(name.isPresent() ? "click" : "repeat");
    return name.map(
        it ->
            new Arrival(
                Source.CLICK,
                it,
                Optional.empty(),
                link.thread(),
                new Event.LinkClicked(
                    link.send(),
                    link.url(),
                    Values.of("code", link.code()).with("user_agent", agent(request)),
                    now),
                now));
  }

  /// A name for who asks for which link, from which nobody learns an address or a code. What a
  /// proxy says of the client is believed, since it names no more than this.
  private String client(String code, HttpServerRequest request) {
    String forwarded = request.getHeader("X-Forwarded-For");
    String address =
        forwarded != null ? forwarded : String.valueOf(request.remoteAddress().hostAddress());
    return shortLinks.pseudonym(code + " " + address + " " + request.getHeader("User-Agent"));
  }

  private static String agent(HttpServerRequest request) {
    String agent = String.valueOf(request.getHeader("User-Agent")).replaceAll("\\p{Cntrl}", " ");
    return agent.substring(0, Math.min(agent.length(), MAX_AGENT_LENGTH));
  }

  /// Completes when the click is stored, and in time whatever comes.
  private Future<?> told(Vertx vertx, Arrival click) {
    Future<Decision> decision = dispatcher.dispatch(click);
    decision.onSuccess(it -> heed(vertx, click, it, 1));
    return decision.timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void heed(Vertx vertx, Arrival click, Decision decision, int tries) {
    if (!(decision instanceof Decision.Unavailable(var why))) {
      return;
    }
    if (tries >= MAX_TRIES || waiting >= MAX_WAITING) {
      metrics.link("lost");
      LOG.atError()
          .addKeyValue("conversation", click.conversation())
          .addKeyValue("why", why)
          .log("a click is lost");
      return;
    }
    waiting++;
    long pause = FIRST_PAUSE.toMillis() << Math.min(tries - 1, 10);
    vertx.setTimer(
        Math.min(pause, LONGEST_PAUSE.toMillis()),
        _ -> {
          waiting--;
          dispatcher.dispatch(click).onSuccess(it -> heed(vertx, click, it, tries + 1));
        });
  }

  private void unknown(RoutingContext context) {
    metrics.link("unknown");
    page(
        context,
        404,
        "This link leads nowhere",
        "Perhaps a part of it was lost: please open it from the message itself. ");
  }

  private static void page(RoutingContext context, int status, String title, String text) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Robots-Tag", "noindex")
        .end(
            """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%1$s</title>
            <h1>%1$s</h1>
            <p>%2$sIf you need anything, just answer the message that it came in.</p>
            """
                .formatted(title, text));
  }
}
