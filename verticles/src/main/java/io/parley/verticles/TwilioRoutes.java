package io.parley.verticles;

import io.parley.edge.Arrival;
import io.parley.edge.Arrival.Source;
import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.FlowRef;
import io.parley.engine.ThreadId;
import io.parley.store.Journal;
import io.parley.twilio.TwilioForms;
import io.parley.twilio.TwilioForms.InboundMessage;
import io.parley.twilio.TwilioForms.Reading;
import io.parley.twilio.TwilioForms.StatusReport;
import io.parley.twilio.Twiml;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What Twilio tells: `POST /twilio/messages` and `POST /twilio/status`. Verified on the raw bytes,
/// answered with empty TwiML when the turn is committed; the flow's own messages go by the API.
final class TwilioRoutes implements Consumer<Router> {

  private static final int MAX_BODY_BYTES = 64 * 1024;
  private static final Logger LOG = LoggerFactory.getLogger(TwilioRoutes.class);

  private final TwilioGenuine genuine;
  private final Map<Address, String> bindings;
  private final FlowLibrary flows;
  private final Journal journal;
  private final Dispatcher dispatcher;
  private final Clock clock;
  private final Metrics metrics;

  TwilioRoutes(
      TwilioGenuine genuine,
      Map<Address, String> bindings,
      FlowLibrary flows,
      Journal journal,
      Dispatcher dispatcher,
      Clock clock,
      Metrics metrics) {
    this.genuine = genuine;
    this.bindings = bindings;
    this.flows = flows;
    this.journal = journal;
    this.dispatcher = dispatcher;
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
  }

  private void message(RoutingContext context) {
    switch (TwilioForms.message(RawBody.of(context))) {
      case Reading.Malformed<InboundMessage>(var problems) -> malformed(context, problems);
      case Reading.Parsed<InboundMessage>(var message) ->
          threadOf(message)
              .onSuccess(thread -> heard(context, message, thread))
              .onFailure(failure -> unavailable(context, String.valueOf(failure.getMessage())));
    }
  }

  /// Tagged in its conversation, which knows what is on record about the contact.
  private void heard(RoutingContext context, InboundMessage message, ThreadId thread) {
    Optional<FlowRef> startable =
        Optional.ofNullable(bindings.get(thread.ours()))
            .or(() -> Optional.ofNullable(bindings.get(message.thread().ours())))
            .flatMap(flows::latest);
    Event event = message.event(List.of(), "", startable);
    dispatch(context, Source.TWILIO_MESSAGE, message.sourceId(), thread, event);
  }

  /// A reply to what a Messaging Service sent comes to the number that it chose; the conversation
  /// is the service's, where it has one with this contact.
  private Future<ThreadId> threadOf(InboundMessage message) {
    Optional<ThreadId> ofService =
        message
            .parameters()
            .text("MessagingServiceSid")
            .filter(service -> !service.isBlank())
            .map(service -> new ThreadId(new Address(service), message.thread().theirs()));
    return ofService.isEmpty()
        ? Future.succeededFuture(message.thread())
        : journal
            .thread(ConversationId.of(ofService.get()))
            .map(known -> known.orElse(message.thread()));
  }

  private void status(RoutingContext context) {
    switch (TwilioForms.status(context.request().uri(), RawBody.of(context))) {
      case Reading.Malformed<StatusReport>(var problems) -> malformed(context, problems);
      case Reading.Parsed<StatusReport>(var report) ->
          threadOf(report)
              .onComplete(
                  thread -> {
                    if (thread.failed()) {
                      unavailable(context, String.valueOf(thread.cause().getMessage()));
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
    dispatcher
        .dispatch(new Arrival(source, sourceId, Optional.empty(), thread, event, clock.instant()))
        .onSuccess(
            decision -> {
              switch (decision) {
                case Decision.Taken _, Decision.Kept _ -> acknowledge(context);
                case Decision.Unavailable(var why) -> unavailable(context, why);
              }
            });
  }

  private static void acknowledge(RoutingContext context) {
    context.response().putHeader("Content-Type", Twiml.CONTENT_TYPE).end(Twiml.EMPTY);
  }

  private static void unavailable(RoutingContext context, String why) {
    LOG.atError().addKeyValue("why", why).log("an event of Twilio's was not acknowledged");
    WebVerticle.answer(context, 503, "the event was not stored; tell again");
  }

  private void malformed(RoutingContext context, List<TwilioForms.Problem> problems) {
    metrics.edgeRefused("twilio", "malformed");
    JsonArray list = new JsonArray();
    problems.forEach(
        problem ->
            list.add(
                new JsonObject()
                    .put("parameter", problem.parameter())
                    .put("message", problem.remedy())));
    WebVerticle.answer(context, 400, new JsonObject().put("status", "error").put("errors", list));
  }
}
