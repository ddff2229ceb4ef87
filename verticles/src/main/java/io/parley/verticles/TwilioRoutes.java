package io.parley.verticles;

import io.parley.edge.Arrival;
import io.parley.edge.Arrival.Source;
import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.Digest;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.ExecutionId;
import io.parley.engine.FlowRef;
import io.parley.engine.FlowSid;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.store.Journal;
import io.parley.twilio.TwilioForms;
import io.parley.twilio.TwilioForms.FlowRequest;
import io.parley.twilio.TwilioForms.InboundMessage;
import io.parley.twilio.TwilioForms.Reading;
import io.parley.twilio.TwilioForms.StatusReport;
import io.parley.twilio.Twiml;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// What Twilio tells: `POST /twilio/messages` and `POST /twilio/status`, and a flow's own webhook
/// `/v1/Accounts/{AC}/Flows/{FW}` with the path that Studio gives it. Verified on the raw bytes,
/// answered when the turn is committed: with a redirect where the flow stands at one, else with
/// empty TwiML; the flow's own messages go by the API.
final class TwilioRoutes implements Consumer<Router> {

  private static final int MAX_BODY_BYTES = 64 * 1024;

  private final TwilioGenuine genuine;
  private final Map<Address, String> bindings;
  private final FlowLibrary flows;
  private final Journal journal;
  private final Dispatcher dispatcher;
  private final Relaying relaying;
  private final RateLimit beginnings;
  private final Clock clock;
  private final Metrics metrics;

  /// @param beginnings how many executions may begin a second
  TwilioRoutes(
      TwilioGenuine genuine,
      Map<Address, String> bindings,
      FlowLibrary flows,
      Journal journal,
      Dispatcher dispatcher,
      Relaying relaying,
      RateLimit beginnings,
      Clock clock,
      Metrics metrics) {
    this.genuine = genuine;
    this.bindings = bindings;
    this.flows = flows;
    this.journal = journal;
    this.dispatcher = dispatcher;
    this.relaying = relaying;
    this.beginnings = beginnings;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public void accept(Router router) {
    router
        .post("/twilio/messages")
        .handler(new RawBody("twilio", MAX_BODY_BYTES, metrics))
        .handler(genuine)
        .handler(this::message);
    router
        .post("/twilio/status")
        .handler(new RawBody("twilio", MAX_BODY_BYTES, metrics))
        .handler(genuine)
        .handler(this::status);
    acceptFlows(router);
  }

  /// The signature, which is over the URL, vouches for the account in it.
  private void acceptFlows(Router router) {
    router
        .route("/v1/Accounts/:account/Flows/:flow")
        .method(HttpMethod.GET)
        .method(HttpMethod.POST)
        .handler(new RawBody("twilio", MAX_BODY_BYTES, metrics))
        .handler(genuine)
        .handler(this::flow);
  }

  private void message(RoutingContext context) {
    switch (TwilioForms.message(RawBody.of(context))) {
      case Reading.Malformed<InboundMessage>(var problems) -> malformed(context, problems);
      case Reading.Parsed<InboundMessage>(var message) ->
          threadOf(message.thread(), message.parameters())
              .onSuccess(thread -> heard(context, message, thread, bound(message, thread)))
              .onFailure(
                  failure ->
                      TwilioRefusals.unavailable(context, String.valueOf(failure.getMessage())));
    }
  }

  /// Tagged in its conversation, which knows what is on record about the contact. What is to be
  /// passed on is kept meanwhile, and not acknowledged before.
  private void heard(
      RoutingContext context,
      InboundMessage message,
      ThreadId thread,
      Optional<FlowRef> startable) {
    Event event = message.event(List.of(), "", startable.filter(_ -> mayBegin()));
    Future<Void> kept = relaying.keep(context, message);
    dispatch(
        context,
        new Arrival(
            Source.TWILIO_MESSAGE,
            message.sourceId(),
            Optional.empty(),
            thread,
            event,
            clock.instant()),
        kept);
  }

  /// A message beyond the rate is heard all the same, since it may be a stop or an answer; only it
  /// begins nothing.
  private boolean mayBegin() {
    boolean allowed = beginnings.allows();
    if (!allowed) {
      metrics.edgeRefused("twilio", "too_many_executions");
    }
    return allowed;
  }

  private void count(Decision decision) {
    if (decision instanceof Decision.Taken taken
        && !taken.repeated()
        && taken
            .execution()
            .equals(Optional.of(ExecutionId.of(taken.conversation(), taken.turn())))) {
      beginnings.count();
    }
  }

  private Optional<FlowRef> bound(InboundMessage message, ThreadId thread) {
    return Optional.ofNullable(bindings.get(thread.ours()))
        .or(() -> Optional.ofNullable(bindings.get(message.thread().ours())))
        .flatMap(flow -> flows.choose(flow, thread.theirs()).found());
  }

  private void flow(RoutingContext context) {
    FlowSid flow = new FlowSid(context.pathParam("flow"));
    if (!flows.knows(flow)) {
      WebVerticle.answer(context, 404, "there is no flow with this sid");
      return;
    }
    switch (TwilioForms.flowRequest(context.request().uri(), RawBody.of(context))) {
      case Reading.Malformed<FlowRequest>(var problems) -> malformed(context, problems);
      case Reading.Parsed<FlowRequest>(var request) ->
          threadOf(request.thread(), request.parameters())
              .onFailure(
                  failure ->
                      TwilioRefusals.unavailable(context, String.valueOf(failure.getMessage())))
              .onSuccess(
                  thread -> {
                    switch (request) {
                      case FlowRequest.Wrote(var message) ->
                          heard(context, message, thread, startable(flow, thread));
                      case FlowRequest.Returned returned ->
                          dispatch(
                              context,
                              Source.TWILIO_REDIRECT,
                              nameOf(context),
                              thread,
                              returned.event());
                    }
                  });
    }
  }

  private Optional<FlowRef> startable(FlowSid flow, ThreadId thread) {
    return flows.choose(flow.value(), thread.theirs()).found();
  }

  /// One message may be redirected and come back many times, so that its sid names no return.
  private static String nameOf(RoutingContext context) {
    String token = context.request().getHeader("I-Twilio-Idempotency-Token");
    return token == null || token.isBlank()
        ? Digest.sid(
            "RR",
            context.request().uri()
                + "\n"
                + new String(RawBody.of(context), StandardCharsets.UTF_8))
        : token.strip();
  }

  /// A reply to what a Messaging Service sent comes to the number that it chose; the conversation
  /// is the service's, where it has one with this contact.
  private Future<ThreadId> threadOf(ThreadId thread, Values parameters) {
    Optional<ThreadId> ofService =
        parameters
            .text("MessagingServiceSid")
            .filter(service -> !service.isBlank())
            .map(service -> new ThreadId(new Address(service), thread.theirs()));
    return ofService.isEmpty()
        ? Future.succeededFuture(thread)
        : journal.thread(ConversationId.of(ofService.get())).map(known -> known.orElse(thread));
  }

  private void status(RoutingContext context) {
    switch (TwilioForms.status(context.request().uri(), RawBody.of(context))) {
      case Reading.Malformed<StatusReport>(var problems) -> malformed(context, problems);
      case Reading.Parsed<StatusReport>(var report) ->
          threadOf(report)
              .onComplete(
                  thread -> {
                    if (thread.failed()) {
                      TwilioRefusals.unavailable(
                          context, String.valueOf(thread.cause().getMessage()));
                    } else {
                      dispatch(
                          context,
                          Source.TWILIO_STATUS,
                          report.sourceId(),
                          thread.result(),
                          report.event());
                    }
                  });
    }
  }

  /// The thread that sent, which the addresses alone do not tell where a widget wrote to somebody
  /// else or a Messaging Service chose the number.
  private Future<ThreadId> threadOf(StatusReport report) {
    Optional<ConversationId> sender = report.event().effect().map(EffectId::conversation);
    return sender.isEmpty()
        ? Future.succeededFuture(report.thread())
        : journal.thread(sender.get(), report.thread()).map(known -> known.orElse(report.thread()));
  }

  private void dispatch(
      RoutingContext context, Source source, String sourceId, ThreadId thread, Event event) {
    dispatch(
        context,
        new Arrival(source, sourceId, Optional.empty(), thread, event, clock.instant()),
        Future.succeededFuture());
  }

  /// @param kept what must be stored, too, before anything is acknowledged
  private void dispatch(RoutingContext context, Arrival arrival, Future<Void> kept) {
    dispatcher
        .dispatch(arrival)
        .onSuccess(
            decision -> {
              count(decision);
              kept.onSuccess(_ -> answer(context, arrival.source(), decision))
                  .onFailure(
                      failure ->
                          TwilioRefusals.unavailable(
                              context, "it could not be kept to be passed on: " + failure));
            });
  }

  private static void answer(RoutingContext context, Source source, Decision decision) {
    switch (decision) {
      case Decision.Taken taken when source != Source.TWILIO_STATUS ->
          acknowledge(
              context,
              taken
                  .redirect()
                  .map(it -> Twiml.redirect(it.url(), it.method()))
                  .orElse(Twiml.EMPTY));
      case Decision.Taken _, Decision.Kept _ -> acknowledge(context, Twiml.EMPTY);
      case Decision.Unavailable(var why) -> TwilioRefusals.unavailable(context, why);
    }
  }

  private static void acknowledge(RoutingContext context, String twiml) {
    context.response().putHeader("Content-Type", Twiml.CONTENT_TYPE).end(twiml);
  }

  private void malformed(RoutingContext context, List<TwilioForms.Problem> problems) {
    metrics.edgeRefused("twilio", "malformed");
    TwilioRefusals.malformed(context, problems);
  }
}
