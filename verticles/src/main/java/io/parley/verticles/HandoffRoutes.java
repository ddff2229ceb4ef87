package io.parley.verticles;

import io.parley.engine.After;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Execution;
import io.parley.engine.Json;
import io.parley.engine.Values;
import io.parley.store.Handoffs;
import io.parley.store.Handoffs.Handoff;
import io.parley.store.Handoffs.Whole;
import io.parley.store.Transcript;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// For whoever answers the customers: which conversations wait for a person, what was said in them,
/// and that a person is done.
///
/// ```
/// GET  /handoffs?state=open|closed|all&limit=50
/// GET  /handoffs/{id}
/// POST /handoffs/{id}/close   {"disposition": "solved", "outputs": {"agent": "Mia"},
///                              "then": {"do": "at", "widget": "ask_again"}}
/// POST /handoffs/{id}/fail    {"reason": "no_agent"}
/// ```
///
/// What follows is the usual where `then` is not said: the flow goes on where a widget has handed
/// over, else the conversation ends; `do` is `goes_on`, `ends` or `at`. Closing again what was
/// closed so answers as the first time, with `"duplicate": true`.
final class HandoffRoutes implements Consumer<Router> {

  private static final int MAX_BODY_BYTES = 32 * 1024;
  private static final int MAX_TEXT_CHARACTERS = 500;
  private static final int USUAL_LIMIT = 50;
  private static final int MOST = 500;

  /// How many turns of a conversation are shown to who takes it over.
  private static final int TURNS_SHOWN = 50;

  private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(HandoffRoutes.class);

  private static final Map<String, Object> USUAL = Map.of("do", "usual");

  private final Optional<String> token;
  private final Handoffs handoffs;
  private final Transcript transcript;
  private final Dispatcher dispatcher;
  private final Clock clock;
  private final Metrics metrics;

  /// @param token what a request must carry; where there is none, all are refused
  HandoffRoutes(
      Optional<String> token,
      Handoffs handoffs,
      Transcript transcript,
      Dispatcher dispatcher,
      Clock clock,
      Metrics metrics) {
    this.token = token;
    this.handoffs = handoffs;
    this.transcript = transcript;
    this.dispatcher = dispatcher;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public void accept(Router router) {
    RawBody body = new RawBody("operator", MAX_BODY_BYTES, metrics);
    router.get("/handoffs").handler(this::verify).handler(this::list);
    router.get("/handoffs/:id").handler(this::verify).handler(this::show);
    router
        .post("/handoffs/:id/close")
        .handler(body)
        .handler(this::verify)
        .handler(context -> settle(context, HandoffRoutes::closed));
    router
        .post("/handoffs/:id/fail")
        .handler(body)
        .handler(this::verify)
        .handler(context -> settle(context, HandoffRoutes::failed));
  }

  private void verify(RoutingContext context) {
    if (token.isEmpty()) {
      refuse(context, 403, "not_configured", "handoffs are off here: set PARLEY_OPERATOR_TOKEN");
      return;
    }
    String given = context.request().getHeader("Authorization");
    byte[] expected = ("bearer " + token.get()).getBytes(StandardCharsets.UTF_8);
    String presented =
        given == null ? "" : given.strip().replaceFirst("(?i)^bearer\\s+", "bearer ");
    if (MessageDigest.isEqual(expected, presented.getBytes(StandardCharsets.UTF_8))) {
      context.next();
    } else {
      refuse(
          context,
          401,
          "wrong_credentials",
          "the request does not carry Authorization: Bearer with PARLEY_OPERATOR_TOKEN");
    }
  }

  private void refuse(RoutingContext context, int status, String reason, String sentence) {
    metrics.edgeRefused("operator", reason);
    LOG.atWarn()
        .addKeyValue("path", context.normalizedPath())
        .addKeyValue("reason", reason)
        .log("a request about handoffs was refused");
    WebVerticle.answer(context, status, sentence);
  }

  // ---- reading

  private void list(RoutingContext context) {
    String state = context.request().getParam("state", "open");
    Optional<Handoffs.Which> which = which(state);
    int limit = limit(context.request().getParam("limit", String.valueOf(USUAL_LIMIT)));
    if (which.isEmpty() || limit < 1) {
      WebVerticle.answer(
          context, 400, "state is open, closed or all, and limit a whole number from 1 to " + MOST);
      return;
    }
    ask(
        context,
        handoffs.list(which.get(), limit),
        found -> {
          JsonArray list = new JsonArray();
          found.forEach(handoff -> list.add(json(handoff)));
          return Optional.of(new JsonObject().put("handoffs", list));
        });
  }

  private static Optional<Handoffs.Which> which(String state) {
    return switch (state) {
      case "open" -> Optional.of(Handoffs.Which.OPEN);
      case "closed" -> Optional.of(Handoffs.Which.CLOSED);
      case "all" -> Optional.of(Handoffs.Which.ALL);
      default -> Optional.empty();
    };
  }

  private static int limit(String text) {
    return text.matches("\\d{1,3}") ? Math.min(MOST, Integer.parseInt(text)) : 0;
  }

  private void show(RoutingContext context) {
    Optional<EffectId> id = id(context);
    if (id.isEmpty()) {
      unknown(context);
      return;
    }
    ask(
        context,
        handoffs
            .find(id.get())
            .compose(
                found ->
                    found.isEmpty()
                        ? Future.succeededFuture(Optional.<JsonObject>empty())
                        : transcript
                            .latest(id.get().conversation(), TURNS_SHOWN)
                            .map(said -> Optional.of(json(found.get(), said)))),
        Function.identity());
  }

  private <T> void ask(
      RoutingContext context, Future<T> question, Function<T, Optional<JsonObject>> answer) {
    question
        .timeout(READ_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .onComplete(
            asked -> {
              if (asked.failed()) {
                unavailable(context, asked.cause());
                return;
              }
              Optional<JsonObject> body = answer.apply(asked.result());
              if (body.isEmpty()) {
                unknown(context);
              } else {
                WebVerticle.answer(context, 200, body.get());
              }
            });
  }

  private static Optional<EffectId> id(RoutingContext context) {
    try {
      return Optional.of(EffectId.parse(context.pathParam("id")));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static void unknown(RoutingContext context) {
    WebVerticle.answer(context, 404, "there is no such handoff");
  }

  private static void unavailable(RoutingContext context, Throwable failure) {
    LOG.atError()
        .addKeyValue("why", failure.getMessage())
        .log("a request about handoffs could not be answered");
    WebVerticle.answer(context, 503, "the database did not answer; send the same request again");
  }

  // ---- the end of a handoff

  /// What a body says, or what is wrong with it by pointer.
  private sealed interface Reading {
    record Told(Event event) implements Reading {}

    record Wrong(String pointer, String message) implements Reading {}
  }

  private interface Reader {
    Reading read(EffectId handoff, Values body);
  }

  private static Reading closed(EffectId handoff, Values body) {
    if (!(body.entries().get("disposition") instanceof String disposition)
        || !isText(disposition)) {
      return new Reading.Wrong("/disposition", "says in a few words what came of it");
    }
    Optional<Values> outputs = object(body.entries().getOrDefault("outputs", Map.of()));
    if (outputs.isEmpty()) {
      return new Reading.Wrong("/outputs", "is an object that the flow reads");
    }
    Optional<After> then =
        object(body.entries().getOrDefault("then", USUAL)).flatMap(HandoffRoutes::then);
    return then.isEmpty()
        ? new Reading.Wrong(
            "/then", "says what follows: {\"do\": \"goes_on\"}, ends, or at with a widget")
        : new Reading.Told(
            new Event.HandoffClosed(handoff, disposition.strip(), outputs.get(), then.get()));
  }

  /// What follows; empty where it is none of what may.
  private static Optional<After> then(Values told) {
    Optional<String> widget = told.text("widget").filter(it -> !it.isBlank());
    return switch (told.text("do").orElse("")) {
      case "usual" -> Optional.of(new After.Usual());
      case "goes_on" -> Optional.of(new After.GoesOn());
      case "ends" -> Optional.of(new After.Ends());
      case "at" -> widget.map(After.At::new);
      default -> Optional.empty();
    };
  }

  private static Reading failed(EffectId handoff, Values body) {
    return body.entries().get("reason") instanceof String reason && isText(reason)
        ? new Reading.Told(new Event.HandoffFailed(handoff, reason.strip()))
        : new Reading.Wrong("/reason", "says in a few words why nobody can take it");
  }

  private static boolean isText(String text) {
    return !text.isBlank() && text.length() <= MAX_TEXT_CHARACTERS && text.indexOf('\0') < 0;
  }

  private void settle(RoutingContext context, Reader reader) {
    Optional<EffectId> id = id(context);
    if (id.isEmpty()) {
      unknown(context);
      return;
    }
    Optional<Values> body = body(context);
    Reading reading =
        body.isEmpty()
            ? new Reading.Wrong(
                "", "is no JSON object: it has each key once, finite numbers and at most 64 levels")
            : reader.read(id.get(), body.get());
    switch (reading) {
      case Reading.Wrong(var pointer, var message) -> malformed(context, pointer, message);
      case Reading.Told told ->
          handoffs
              .find(id.get())
              .timeout(READ_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
              .onFailure(failure -> unavailable(context, failure))
              .onSuccess(
                  found -> {
                    if (found.isEmpty()) {
                      unknown(context);
                    } else {
                      tell(context, found.get().handoff(), told);
                    }
                  });
    }
  }

  /// Read as strictly as what else reaches a flow: what it holds is stored with the conversation,
  /// and must be read again.
  private static Optional<Values> body(RoutingContext context) {
    return Json.parse(new String(RawBody.of(context), StandardCharsets.UTF_8))
        .flatMap(HandoffRoutes::object);
  }

  private static Optional<Values> object(Object json) {
    if (!(json instanceof Map<?, ?> map)) {
      return Optional.empty();
    }
    Map<String, Object> entries = new LinkedHashMap<>();
    map.forEach((name, value) -> entries.put(String.valueOf(name), value));
    return Optional.of(new Values(entries));
  }

  private void malformed(RoutingContext context, String pointer, String message) {
    metrics.edgeRefused("operator", "malformed");
    WebVerticle.answer(
        context,
        400,
        new JsonObject()
            .put("status", "error")
            .put(
                "errors",
                new JsonArray()
                    .add(new JsonObject().put("pointer", pointer).put("message", message))));
  }

  private void tell(RoutingContext context, Handoff handoff, Reading.Told told) {
    dispatcher
        .dispatch(HandoffArrivals.of(handoff.thread(), told.event(), "", clock.instant()))
        .onSuccess(decision -> decided(context, handoff, decision));
  }

  private static void decided(RoutingContext context, Handoff handoff, Decision decision) {
    JsonObject body = new JsonObject().put("id", handoff.id().toString());
    switch (decision) {
      case Decision.Taken taken -> {
        body.put("status", taken.refusal().isPresent() ? "refused" : "closed")
            .put("duplicate", taken.repeated());
        taken
            .refusal()
            .ifPresent(
                word -> body.put("reason", word).put("message", taken.explanation().orElse("")));
        WebVerticle.answer(context, taken.refusal().isPresent() ? 409 : 200, body);
      }
      case Decision.Kept _ ->
          WebVerticle.answer(
              context,
              202,
              body.put("status", "accepted")
                  .put("duplicate", false)
                  .put("message", "stored; it will be worked off as soon as possible"));
      case Decision.Unavailable _ ->
          WebVerticle.answer(context, 503, "nothing was stored; send the same request again");
    }
  }

  // ---- as JSON

  private static JsonObject json(Handoff handoff) {
    JsonObject json =
        new JsonObject()
            .put("id", handoff.id().toString())
            .put("state", handoff.owner().name().toLowerCase(Locale.ROOT))
            .put("contact", handoff.thread().theirs().value())
            .put("sender", handoff.thread().ours().value())
            .put("channel", handoff.thread().theirs().channel().word())
            .put("flow", handoff.flow())
            .put("widget", handoff.widget())
            .put("request", handoff.request().entries())
            .put("opened_at", handoff.openedAt().toString());
    json.put("reason", handoff.reason());
    handoff.holder().ifPresent(holder -> json.put("holder", holder));
    handoff.takenAt().ifPresent(at -> json.put("taken_at", at.toString()));
    handoff.firstReplyAt().ifPresent(at -> json.put("first_reply_at", at.toString()));
    handoff.externalId().ifPresent(id -> json.put("external_id", id));
    handoff.closedAt().ifPresent(at -> json.put("closed_at", at.toString()));
    handoff.disposition().ifPresent(words -> json.put("disposition", words));
    handoff.why().ifPresent(words -> json.put("why", words));
    return json;
  }

  private static JsonObject json(Whole whole, List<Transcript.Said> said) {
    JsonArray messages = new JsonArray();
    for (Transcript.Said each : said) {
      messages.add(
          new JsonObject()
              .put("at", each.at().toString())
              .put("by", each.by().name().toLowerCase(Locale.ROOT))
              .put("text", each.text())
              .put("media", new JsonArray(each.media()))
              .put("fate", each.fate()));
    }
    Map<String, Object> data =
        whole.frozen().execution().map(Execution::data).orElse(Values.EMPTY).entries();
    return json(whole.handoff())
        .put("person", whole.frozen().person().attributes().entries())
        .put("data", data)
        .put("messages", messages);
  }
}
