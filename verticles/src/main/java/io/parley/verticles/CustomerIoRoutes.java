package io.parley.verticles;

import io.parley.customerio.Defaults;
import io.parley.customerio.EventPayload;
import io.parley.customerio.EventReading.Purchase;
import io.parley.customerio.EventReading.Told;
import io.parley.customerio.OutcomeSchema;
import io.parley.customerio.Problem;
import io.parley.customerio.StudioTriggerPayload;
import io.parley.customerio.TriggerCredentials;
import io.parley.customerio.TriggerPayload;
import io.parley.customerio.TriggerReading;
import io.parley.customerio.TriggerReading.Trigger;
import io.parley.customerio.Unreadable;
import io.parley.edge.Arrival;
import io.parley.edge.Arrival.Source;
import io.parley.engine.Address;
import io.parley.engine.Channel;
import io.parley.engine.Event;
import io.parley.engine.FlowRef;
import io.parley.engine.Reason;
import io.parley.engine.ThreadId;
import io.parley.engine.policy.Consent;
import io.parley.store.ConsentHistory;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// What Customer.io tells: `POST /customerio/triggers` runs a flow, and so does `POST
/// /studio/trigger`, as the destination Twilio Studio does; `POST /events` tells what happened. The
/// schemas are published at `/schemas`.
final class CustomerIoRoutes implements Consumer<Router> {

  private static final String EDGE = "customerio";

  /// How long the history of consents has to take one.
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(1);

  private static final String WAITS =
      "a person speaks with the contact: stored; looked at again when that is over";

  private final TriggerCredentials credentials;
  private final String region;
  private final Map<Channel, Address> senders;
  private final FlowLibrary flows;
  private final ConsentHistory consents;
  private final PersonEvents events;
  private final Dispatcher dispatcher;
  private final Clock clock;
  private final Metrics metrics;

  CustomerIoRoutes(
      TriggerCredentials credentials,
      String region,
      Map<Channel, Address> senders,
      FlowLibrary flows,
      ConsentHistory consents,
      PersonEvents events,
      Dispatcher dispatcher,
      Clock clock,
      Metrics metrics) {
    this.credentials = credentials;
    this.region = region;
    this.senders = senders;
    this.flows = flows;
    this.consents = consents;
    this.events = events;
    this.dispatcher = dispatcher;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public void accept(Router router) {
    RawBody body = new RawBody(EDGE, Unreadable.TooLarge.MAX_BODY_BYTES, metrics);
    CustomerIoGenuine genuine = new CustomerIoGenuine(EDGE, credentials, clock, metrics);
    router.post("/customerio/triggers").handler(body).handler(genuine).handler(this::trigger);
    router.post("/studio/trigger").handler(body).handler(genuine).handler(this::studioTrigger);
    router.post("/events").handler(body).handler(genuine).handler(this::event);
    router
        .get("/schemas/studio-trigger.json")
        .handler(context -> schema(context, StudioTriggerPayload.schema()));
    router
        .get("/schemas/trigger.json")
        .handler(context -> schema(context, TriggerPayload.schema()));
    router.get("/schemas/outcomes.json").handler(context -> schema(context, OutcomeSchema.text()));
    router.get("/schemas/event.json").handler(context -> schema(context, EventPayload.schema()));
  }

  private static void schema(RoutingContext context, String schema) {
    context.response().putHeader("Content-Type", "application/schema+json").end(schema);
  }

  // ---- triggers

  /// A way to ask for a flow, with the names of its fields.
  private record Form(Source source, String flow, String from) {}

  private static final Form JOURNEY =
      new Form(Source.CUSTOMERIO_TRIGGER, "/controls/flow", "/controls/from");
  private static final Form STUDIO = new Form(Source.STUDIO_TRIGGER, "/flow_sid", "/from");

  private void trigger(RoutingContext context) {
    read(context, JOURNEY, TriggerPayload.read(text(context), deliveryKey(context), defaults()));
  }

  private void studioTrigger(RoutingContext context) {
    read(
        context,
        STUDIO,
        StudioTriggerPayload.read(text(context), deliveryKey(context), defaults()));
  }

  private static Optional<String> deliveryKey(RoutingContext context) {
    return Optional.ofNullable(context.request().getHeader("X-CIO-Idempotency-Key"))
        .filter(key -> !key.isBlank());
  }

  private void read(RoutingContext context, Form form, TriggerReading reading) {
    switch (reading) {
      case Unreadable unreadable -> unreadable(context, unreadable);
      case Trigger trigger -> start(context, form, trigger);
    }
  }

  private void start(RoutingContext context, Form form, Trigger trigger) {
    FlowLibrary.Choice choice = flows.choose(trigger.flow(), trigger.phone());
    Optional<FlowRef> flow = choice.found();
    Optional<Address> ours =
        trigger.from().or(() -> Optional.ofNullable(senders.get(trigger.channel())));
    JsonArray errors = new JsonArray();
    if (flow.isEmpty()) {
      errors.add(error(form.flow(), choice.obstacle(flows.names())));
    }
    if (ours.isEmpty()) {
      String setting = trigger.channel() == Channel.SMS ? "SMS_SENDER" : "WHATSAPP_SENDER";
      errors.add(
          error(
              form.from(),
              "no sender is named and PARLEY_" + setting + " is not set; give one of them"));
    }
    if (flow.isEmpty() || ours.isEmpty()) {
      malformed(context, errors);
      return;
    }
    Event event =
        new Event.Triggered(
                flow.get(),
                trigger.person(),
                trigger.parameters(),
                trigger.occurredAt(),
                trigger.coolingOff())
            .patient();
    Arrival arrival =
        new Arrival(
            form.source(),
            trigger.key().value(),
            trigger.key().alias(),
            new ThreadId(ours.get(), trigger.phone()),
            event,
            clock.instant());
    agreed(trigger.consents())
        .compose(_ -> dispatcher.dispatch(arrival))
        .onComplete(decision -> decided(context, flow.get(), decision), _ -> unavailable(context));
  }

  /// What a person has agreed to is on record before it is asked for.
  private Future<?> agreed(List<Consent> consents) {
    return consents.isEmpty()
        ? Future.succeededFuture()
        : this.consents
            .record(consents, clock.instant())
            .timeout(READ_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// The answer that a Journey can branch on: `status`, and `reason` where it was refused.
  private void decided(RoutingContext context, FlowRef flow, Decision decision) {
    JsonObject body = new JsonObject();
    switch (decision) {
      case Decision.Taken taken when taken.waits() ->
          WebVerticle.answer(
              context,
              202,
              body.put("status", "accepted")
                  .put("waiting", true)
                  .put("duplicate", taken.repeated())
                  .put("conversation_id", taken.conversation().toString())
                  .put("reason", Reason.HANDED_OFF.word())
                  .put("message", WAITS));
      case Decision.Taken taken -> {
        body.put("status", taken.refusal().isPresent() ? "refused" : "started")
            .put("duplicate", taken.repeated())
            .put("conversation_id", taken.conversation().toString());
        taken.execution().ifPresent(it -> body.put("execution_sid", it.value()));
        taken.refusal().ifPresent(word -> refused(body, word));
        taken.notBefore().ifPresent(until -> body.put("seconds_left", secondsUntil(until)));
        if (taken.refusal().isEmpty()) {
          body.put("flow", flow.name()).put("flow_sid", flow.sid().value());
        }
        WebVerticle.answer(context, 200, body);
      }
      case Decision.Kept kept ->
          WebVerticle.answer(
              context,
              202,
              body.put("status", "accepted")
                  .put("duplicate", false)
                  .put("conversation_id", kept.conversation().toString())
                  .put("message", "stored; it will be worked off as soon as possible"));
      case Decision.Unavailable _ -> unavailable(context);
    }
  }

  /// Rounded up, so that who waits so long is not too early.
  private long secondsUntil(Instant until) {
    Duration left = Duration.between(clock.instant(), until);
    return left.isNegative() ? 0 : left.plusMillis(999).toSeconds();
  }

  private static void refused(JsonObject body, String word) {
    body.put("reason", word)
        .put("message", Reason.valueOf(word.toUpperCase(Locale.ROOT)).sentence());
  }

  // ---- events

  private void event(RoutingContext context) {
    switch (EventPayload.read(text(context), defaults())) {
      case Unreadable unreadable -> unreadable(context, unreadable);
      case Told told ->
          events
              .tell(told)
              .onComplete(
                  decisions -> {
                    if (decisions.succeeded() && PersonEvents.areStored(decisions.result())) {
                      answer(context, told, decisions.result());
                    } else {
                      unavailable(context);
                    }
                  });
    }
  }

  private static void answer(RoutingContext context, Told told, List<Decision> decisions) {
    String moved = told instanceof Purchase ? "conversations_ended" : "conversations_woken";
    long count =
        decisions.stream()
            .filter(it -> it instanceof Decision.Taken taken && taken.refusal().isEmpty())
            .count();
    boolean repeated =
        !decisions.isEmpty()
            && decisions.stream()
                .allMatch(it -> it instanceof Decision.Taken taken && taken.repeated());
    WebVerticle.answer(
        context,
        200,
        new JsonObject()
            .put("status", "accepted")
            .put("duplicate", repeated)
            .put("conversations_known", decisions.size())
            .put(moved, count));
  }

  // ---- what both have

  private Defaults defaults() {
    return new Defaults(region, clock.instant());
  }

  private static String text(RoutingContext context) {
    return new String(RawBody.of(context), StandardCharsets.UTF_8);
  }

  private void unreadable(RoutingContext context, Unreadable unreadable) {
    switch (unreadable) {
      case Unreadable.TooLarge large -> {
        metrics.edgeRefused(EDGE, "too_large");
        WebVerticle.answer(context, 413, large.sentence());
      }
      case Unreadable.Malformed(var problems) -> {
        JsonArray errors = new JsonArray();
        for (Problem problem : problems) {
          errors.add(error(problem.pointer(), problem.message()));
        }
        malformed(context, errors);
      }
    }
  }

  private void malformed(RoutingContext context, JsonArray errors) {
    metrics.edgeRefused(EDGE, "malformed");
    WebVerticle.answer(context, 400, new JsonObject().put("status", "error").put("errors", errors));
  }

  private static JsonObject error(String pointer, String message) {
    return new JsonObject().put("pointer", pointer).put("message", message);
  }

  private static void unavailable(RoutingContext context) {
    WebVerticle.answer(context, 503, "nothing was stored; send the same request again");
  }
}
