package io.parley.verticles;

import io.parley.edge.Arrival;
import io.parley.edge.Arrival.Source;
import io.parley.engine.Address;
import io.parley.engine.Digest;
import io.parley.engine.Event;
import io.parley.engine.Execution;
import io.parley.engine.ExecutionId;
import io.parley.engine.FlowRef;
import io.parley.engine.FlowSid;
import io.parley.engine.Json;
import io.parley.engine.Person;
import io.parley.engine.Reason;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.store.Executions;
import io.parley.store.Journal;
import io.parley.verticles.StudioSettings.Busy;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/// Starts and stops executions for the Studio API. A request that is repeated with the same
/// `I-Twilio-Idempotency-Token` or `Idempotency-Key` is answered with the first one's execution.
final class ExecutionStarts {

  /// Source: error 81023.
  private static final int MAX_CONTACT_BYTES = 300;

  private static final int MAX_TRIES = 3;

  private final Executions store;
  private final Journal journal;
  private final FlowLibrary flows;
  private final Dispatcher dispatcher;
  private final Limits limits;
  private final Clock clock;

  /// @param pace how many executions may begin a second
  /// @param busy what one for a contact with an active one comes to
  record Limits(RateLimit pace, Busy busy) {}

  /// What a request to start one came to.
  sealed interface Started {
    record Begun(Executions.Stored execution) implements Started {}

    record Refused(StudioError error) implements Started {}
  }

  ExecutionStarts(
      Executions store,
      Journal journal,
      FlowLibrary flows,
      Dispatcher dispatcher,
      Limits limits,
      Clock clock) {
    this.store = store;
    this.journal = journal;
    this.flows = flows;
    this.dispatcher = dispatcher;
    this.limits = limits;
    this.clock = clock;
  }

  /// A request that is in order.
  ///
  /// @param id the event's name at its source, and what began the execution: `RQ...`
  private record Wanted(FlowRef flow, ThreadId thread, Values parameters, String id) {}

  Future<Started> start(RoutingContext context) {
    FlowSid sid = StudioFlows.sid(context);
    StudioParameters form = StudioParameters.form(context);
    String to = address(form, "To");
    String from = address(form, "From");
    Values parameters = parameters(form);
    if (form.problem().isPresent()) {
      return refused(form.problem().get());
    }
    if (bytes(to) + bytes(from) > MAX_CONTACT_BYTES) {
      return refused(StudioError.longContact());
    }
    ThreadId thread = new ThreadId(new Address(from), new Address(to));
    // A revision that another node has published a moment ago counts.
    return flows
        .refresh()
        .compose(
            _ ->
                flows.head(sid).isEmpty()
                    ? refused(StudioError.notFound(StudioRoutes.path(context)))
                    : start(sid, thread, parameters, token(context)));
  }

  private Future<Started> start(
      FlowSid sid, ThreadId thread, Values parameters, Optional<String> token) {
    Optional<FlowRef> flow = flows.choose(sid.value(), thread.theirs()).found();
    if (flow.isEmpty()) {
      return refused(
          StudioError.malformed(
              "Flow "
                  + sid
                  + " has drafts only, which are for its test users: publish a revision"));
    }
    String id =
        token
            .map(it -> Digest.sid("RQ", sid + " " + it))
            .orElseGet(() -> "RQ" + UUID.randomUUID().toString().replace("-", ""));
    Wanted wanted = new Wanted(flow.get(), thread, parameters, id);
    return token.isPresent()
        ? first(id).compose(known -> known.isPresent() ? begun(known.get()) : startNew(wanted))
        : startNew(wanted);
  }

  /// A plus that was sent as it is has become a blank, and nobody could be reached by the rest.
  private static String address(StudioParameters form, String name) {
    String address = form.required(name);
    if (!address.equals(address.strip())) {
      form.refuse(name, "an address without blanks at its ends; in a form, + is sent as %2B");
    }
    return address;
  }

  private static Values parameters(StudioParameters form) {
    Optional<String> text = form.optional("Parameters").filter(it -> !it.isBlank());
    if (text.isEmpty()) {
      return Values.EMPTY;
    }
    if (Json.parse(text.get()).orElse("") instanceof Map<?, ?> map) {
      Values values = Values.EMPTY;
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        values = values.with(String.valueOf(entry.getKey()), entry.getValue());
      }
      return values;
    }
    form.refuse("Parameters", "the text of a JSON object");
    return Values.EMPTY;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static Optional<String> token(RoutingContext context) {
    return Optional.ofNullable(context.request().getHeader("I-Twilio-Idempotency-Token"))
        .or(() -> Optional.ofNullable(context.request().getHeader("Idempotency-Key")))
        .filter(token -> !token.isBlank());
  }

  private Future<Optional<ExecutionId>> first(String id) {
    List<String> names =
        IntStream.rangeClosed(1, MAX_TRIES).mapToObj(attempt -> name(id, attempt)).toList();
    return journal.begunBy(Source.STUDIO_REQUEST.word(), names);
  }

  /// An event that was refused has used its name up.
  private static String name(String id, int attempt) {
    return attempt == 1 ? id : id + ":" + attempt;
  }

  private Future<Started> startNew(Wanted wanted) {
    if (!limits.pace().take()) {
      return refused(StudioError.tooMany("Too many executions begin: try again in a second"));
    }
    return limits.busy() == Busy.REPLACE
        ? journal
            .load(wanted.thread())
            .map(loaded -> loaded.conversation().execution().map(Execution::id))
            .compose(
                active ->
                    active.isPresent()
                        ? stop(wanted.thread(), active.get()).compose(_ -> trigger(wanted, 1))
                        : trigger(wanted, 1))
        : trigger(wanted, 1);
  }

  private Future<Started> trigger(Wanted wanted, int attempt) {
    Event event =
        new Event.Triggered(wanted.flow(), Person.UNKNOWN, wanted.parameters(), clock.instant());
    return dispatch(wanted.thread(), name(wanted.id(), attempt), event)
        .compose(
            decision ->
                switch (decision) {
                  case Decision.Taken taken -> taken(wanted, taken, attempt);
                  case Decision.Kept _, Decision.Unavailable _ ->
                      refused(StudioError.unavailable());
                });
  }

  private Future<Started> taken(Wanted wanted, Decision.Taken taken, int attempt) {
    if (taken.refusal().isEmpty()) {
      return begun(taken.execution().orElseThrow());
    }
    Reason reason = Reason.valueOf(taken.refusal().get().toUpperCase(Locale.ROOT));
    if (reason == Reason.BUSY && limits.busy() == Busy.REPLACE && attempt < MAX_TRIES) {
      // It began between our look and our trigger.
      return taken
          .execution()
          .map(active -> stop(wanted.thread(), active))
          .orElse(Future.succeededFuture(true))
          .compose(_ -> trigger(wanted, attempt + 1));
    }
    return refused(error(reason));
  }

  private static StudioError error(Reason reason) {
    String sentence = reason.sentence();
    return switch (reason) {
      case BUSY, COOLING_OFF, IN_CONVERSATION ->
          StudioError.conflict("The contact cannot begin an execution: " + sentence);
      case OPTED_OUT, OPT_OUT_UNCLEAR, NO_CONSENT ->
          StudioError.unreachable(21610, "Attempt to send to unsubscribed recipient: " + sentence);
      case UNREACHABLE ->
          StudioError.unreachable(21612, "The 'To' address cannot be reached: " + sentence);
      case SUPPRESSED, PURCHASED, HOLDOUT ->
          StudioError.conflict("The contact is not to be written to: " + sentence);
      default -> StudioError.malformed("The execution was refused: " + sentence);
    };
  }

  private Future<Started> begun(ExecutionId id) {
    return store
        .find(id)
        .map(
            found ->
                found
                    .<Started>map(Started.Begun::new)
                    .orElseGet(
                        () ->
                            new Started.Refused(
                                StudioError.conflict(
                                    "The execution that this request began is deleted"))));
  }

  private static Future<Started> refused(StudioError error) {
    return Future.succeededFuture(new Started.Refused(error));
  }

  /// Ends an execution where it is active; whether it has ended.
  Future<Boolean> stop(Executions.Stored execution) {
    return execution.endedAt().isPresent()
        ? Future.succeededFuture(true)
        : journal
            .thread(execution.conversation())
            .compose(thread -> stop(thread.orElseThrow(), execution.id()));
  }

  private Future<Boolean> stop(ThreadId thread, ExecutionId execution) {
    return dispatch(thread, "stop:" + execution, new Event.ExecutionStopped(execution))
        .map(decision -> decision instanceof Decision.Taken);
  }

  private Future<Decision> dispatch(ThreadId thread, String id, Event event) {
    return dispatcher.dispatch(
        new Arrival(Source.STUDIO_REQUEST, id, Optional.empty(), thread, event, clock.instant()));
  }
}
