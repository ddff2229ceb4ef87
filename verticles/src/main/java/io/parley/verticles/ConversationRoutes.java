package io.parley.verticles;

import io.parley.edge.Arrival;
import io.parley.edge.Arrival.Source;
import io.parley.engine.Address;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.FlowRef;
import io.parley.engine.ThreadId;
import io.parley.store.Journal;
import io.parley.twilio.ConversationCalls;
import io.parley.twilio.ConversationForms;
import io.parley.twilio.ConversationForms.Delivery;
import io.parley.twilio.ConversationForms.Reading;
import io.parley.twilio.ConversationForms.Said;
import io.parley.twilio.TwilioForms;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// What Twilio Conversations tells: `POST /twilio/conversations`, for the webhook of an account, of
/// a chat service or of one conversation.
///
/// A conversation is a thread: theirs is the conversation (`CH...`), ours the chat service
/// (`IS...`) that it is held in, to which a flow is bound. Where a flow opened the conversation, it
/// belongs to the thread of that flow. What concerns no flow is answered like all else and counted;
/// a conversation that closes ends nothing, since the flow's own time limit, or its next message
/// that is refused, leads where the flow's author wanted.
final class ConversationRoutes implements Consumer<Router> {

  private static final int MAX_BODY_BYTES = 64 * 1024;

  private final TwilioGenuine genuine;
  private final Rules rules;
  private final FlowLibrary flows;
  private final Journal journal;
  private final Dispatcher dispatcher;
  private final Clock clock;
  private final Metrics metrics;

  /// Whom a flow hears, and which flow.
  ///
  /// @param bindings flows by our address, or by chat service
  /// @param agents chat identities; one that ends with `*` stands for all that begin like it
  record Rules(Map<Address, String> bindings, List<String> agents) {
    Rules {
      bindings = Map.copyOf(bindings);
      agents = List.copyOf(agents);
    }

    boolean isAgent(String identity) {
      return agents.stream()
          .anyMatch(
              agent ->
                  agent.endsWith("*")
                      ? identity.startsWith(agent.substring(0, agent.length() - 1))
                      : identity.equals(agent));
    }

    Optional<String> flow(Address ours) {
      return Optional.ofNullable(bindings.get(ours));
    }
  }

  ConversationRoutes(
      TwilioGenuine genuine,
      Rules rules,
      FlowLibrary flows,
      Journal journal,
      Dispatcher dispatcher,
      Clock clock,
      Metrics metrics) {
    this.genuine = genuine;
    this.rules = rules;
    this.flows = flows;
    this.journal = journal;
    this.dispatcher = dispatcher;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public void accept(Router router) {
    router
        .post(ConversationCalls.PATH)
        .handler(new RawBody("twilio_conversations", MAX_BODY_BYTES, metrics))
        .handler(genuine)
        .handler(this::told);
  }

  private void told(RoutingContext context) {
    switch (ConversationForms.read(RawBody.of(context), rules::isAgent)) {
      case Reading.Malformed(var problems) -> malformed(context, problems);
      case Reading.Ignored(var why) -> {
        metrics.edgeIgnored("twilio_conversations", why);
        acknowledge(context);
      }
      case Reading.Heard(var said) ->
          threadOf(context, said.thread())
              .onSuccess(thread -> heard(context, said, thread))
              .onFailure(
                  failure ->
                      TwilioRefusals.unavailable(context, String.valueOf(failure.getMessage())));
      case Reading.Reported(var delivery) ->
          threadOf(context, delivery.thread())
              .onSuccess(thread -> reported(context, delivery, thread))
              .onFailure(
                  failure ->
                      TwilioRefusals.unavailable(context, String.valueOf(failure.getMessage())));
    }
  }

  /// The thread that goes by the conversation's name, else the one whose flow opens it just now.
  private Future<ThreadId> threadOf(RoutingContext context, ThreadId told) {
    return journal
        .threadNamed(told.theirs())
        .compose(
            known ->
                known.isPresent() ? Future.succeededFuture(known) : openedBy(context.request()))
        .map(known -> known.orElse(told));
  }

  private Future<Optional<ThreadId>> openedBy(HttpServerRequest request) {
    String call = request.getParam(ConversationCalls.CALL, "");
    try {
      return call.isEmpty()
          ? Future.succeededFuture(Optional.empty())
          : journal.thread(EffectId.parse(call).conversation());
    } catch (IllegalArgumentException _) {
      return Future.succeededFuture(Optional.empty()); // a webhook that somebody made by hand
    }
  }

  private void heard(RoutingContext context, Said said, ThreadId thread) {
    Optional<FlowRef> startable =
        rules
            .flow(thread.ours())
            .or(() -> rules.flow(said.thread().ours()))
            .flatMap(flow -> flows.choose(flow, thread.theirs()).found());
    Event event = said.event(List.of(), "", startable);
    dispatch(context, Source.TWILIO_MESSAGE, said.sourceId(), thread, event);
  }

  private void reported(RoutingContext context, Delivery delivery, ThreadId thread) {
    dispatch(context, Source.TWILIO_STATUS, delivery.sourceId(), thread, delivery.event());
  }

  private void dispatch(
      RoutingContext context, Source source, String sourceId, ThreadId thread, Event event) {
    dispatcher
        .dispatch(new Arrival(source, sourceId, Optional.empty(), thread, event, clock.instant()))
        .onSuccess(
            decision -> {
              switch (decision) {
                case Decision.Taken _, Decision.Kept _ -> acknowledge(context);
                case Decision.Unavailable(var why) -> TwilioRefusals.unavailable(context, why);
              }
            });
  }

  /// Without a body: to a webhook that is asked before a message is added, it would change it.
  private static void acknowledge(RoutingContext context) {
    context.response().setStatusCode(200).end();
  }

  private void malformed(RoutingContext context, List<TwilioForms.Problem> problems) {
    metrics.edgeRefused("twilio_conversations", "malformed");
    TwilioRefusals.malformed(context, problems);
  }
}
