package io.parley.verticles;

import io.parley.calls.CallRequest;
import io.parley.calls.Target;
import io.parley.customerio.AppApi;
import io.parley.customerio.AppFunctions;
import io.parley.customerio.AppFunctions.Asker;
import io.parley.customerio.AppFunctions.Composed;
import io.parley.customerio.AppFunctions.Reading;
import io.parley.edge.FlowFunction.Answer;
import io.parley.edge.OutcomeSink.Response;
import io.parley.engine.Conversation;
import io.parley.engine.Effect;
import io.parley.engine.Event;
import io.parley.engine.Json;
import io.parley.engine.Values;
import io.parley.engine.flow.BuiltInFunction;
import io.parley.store.ConsentHistory;
import io.parley.store.Journal;
import io.parley.store.Outbox.Leased;
import io.parley.store.Paced;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the call courier must know of the functions that Customer.io's App API carries out: for
/// whom they are, when they may leave, and what their answers mean. Confined to its context.
///
/// What surely was not taken is made again, for as long as a flow has the patience. What may have
/// been taken is not, but for a look-up: Customer.io knows no repeat of an e-mail or a broadcast.
final class AppCalls {

  /// Source: Customer.io's App API reference, rate limits.
  private static final double EMAILS_PER_SECOND = 100;

  /// Source: Customer.io's App API reference, broadcasts: one in ten seconds. What leaves in time
  /// may arrive early.
  static final Duration BETWEEN_BROADCASTS = Duration.ofMillis(10_250);

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final Duration WHILE_BUSY = Duration.ofMillis(250);

  private final AppFunctions functions;
  private final SlidingLimit requests;
  private final SlidingLimit emails = new SlidingLimit(EMAILS_PER_SECOND);
  private final Journal journal;
  private final ConsentHistory consents;
  private final Paced paced;
  private final Clock clock;
  private final Metrics metrics;
  private final ProfileCache profiles = new ProfileCache();

  /// Until when broadcasts may not be triggered, by what the outbox paces them by.
  private final Map<String, Long> resting = new HashMap<>();

  /// What calls are about, and when they may be made.
  record Records(Journal journal, ConsentHistory consents, Paced paced) {}

  /// @param requests what all that is asked of the App API shares
  AppCalls(AppApi api, SlidingLimit requests, Records records, Clock clock, Metrics metrics) {
    this.functions = new AppFunctions(api);
    this.requests = requests;
    this.journal = records.journal();
    this.consents = records.consents();
    this.paced = records.paced();
    this.clock = clock;
    this.metrics = metrics;
  }

  /// What is to be done about a call.
  sealed interface Preparation {

    /// The flow goes on by this.
    record Settled(Event answer) implements Preparation {}

    /// It may not leave yet.
    record Later(Duration delay, String why) implements Preparation {}

    record Ready(CallRequest request) implements Preparation {}
  }

  /// What is to be done after a request.
  sealed interface Conclusion {
    record Settled(Event answer) implements Conclusion {}

    /// It was not taken, and is made again.
    record Again(Duration delay, String why) implements Conclusion {}
  }

  static Optional<BuiltInFunction> find(Effect.Call call) {
    return call.request() instanceof Effect.Request.Function function
        ? BuiltInFunction.parse(function.url())
        : Optional.empty();
  }

  /// What may not leave now, as the outbox paces it.
  List<String> busy() {
    long now = System.nanoTime();
    resting.values().removeIf(until -> now - until >= 0);
    List<String> busy = new ArrayList<>(resting.keySet());
    if (!requests.allows()) {
      busy.add(BuiltInFunction.PROFILE.word());
    }
    if (!emails.allows()) {
      busy.add(BuiltInFunction.EMAIL.word());
    }
    return busy;
  }

  // ---- before

  Future<Preparation> prepare(Leased row, BuiltInFunction function) {
    Values parameters = parameters(row);
    return asker(row).compose(asker -> prepare(row, function, parameters, asker));
  }

  private Future<Preparation> prepare(
      Leased row, BuiltInFunction function, Values parameters, Asker asker) {
    return switch (functions.compose(function, parameters, asker)) {
      case Composed.Settled(var answer) -> {
        metrics.call(function.word(), "refused here");
        yield Future.succeededFuture(new Preparation.Settled(event(row, answer)));
      }
      case Composed.Ready(var request) ->
          switch (function) {
            case PROFILE -> profile(row, request, parameters, asker);
            case EMAIL -> email(row, request, parameters, asker);
            case BROADCAST -> broadcast(row, request);
          };
    };
  }

  private Future<Preparation> profile(
      Leased row, AppApi.Request request, Values parameters, Asker asker) {
    Optional<String> known =
        isFresh(parameters)
            ? Optional.empty()
            : AppFunctions.profileOf(parameters, asker).flatMap(profiles::find);
    if (known.isPresent()
        && functions.read(BuiltInFunction.PROFILE, parameters, ok(known.get()))
            instanceof Reading.Settled(var answer)) {
      metrics.call(BuiltInFunction.PROFILE.word(), "cached");
      return Future.succeededFuture(new Preparation.Settled(event(row, answer)));
    }
    return Future.succeededFuture(requests.take() ? ready(request) : tooMany());
  }

  private static boolean isFresh(Values parameters) {
    return parameters.flag("fresh");
  }

  private static Response ok(String body) {
    return new Response(200, Map.of(), body);
  }

  private Future<Preparation> email(
      Leased row, AppApi.Request request, Values parameters, Asker asker) {
    if (!emails.allows()) {
      return Future.succeededFuture(tooMany());
    }
    Future<Boolean> revoked =
        AppFunctions.isSentToUnsubscribed(parameters)
            ? Future.succeededFuture(false)
            : consents.isEmailRevoked(
                asker.externalId().orElse(""), AppFunctions.emailOf(parameters, asker).orElse(""));
    return revoked.map(
        isRevoked -> {
          if (isRevoked) {
            metrics.call(BuiltInFunction.EMAIL.word(), "unsubscribed");
            return new Preparation.Settled(
                event(row, AppFunctions.unsubscribed(BuiltInFunction.EMAIL)));
          }
          return emails.take() ? ready(request) : tooMany();
        });
  }

  /// Until its time comes the row stays in the outbox, and nothing here waits for it.
  private Future<Preparation> broadcast(Leased row, AppApi.Request request) {
    return paced
        .claim(row.sender(), BETWEEN_BROADCASTS)
        .map(
            wait -> {
              Duration rest = wait.isZero() ? BETWEEN_BROADCASTS : wait;
              resting.put(row.sender(), System.nanoTime() + rest.toNanos());
              return wait.isZero()
                  ? ready(request)
                  : new Preparation.Later(wait, "a broadcast is triggered once in ten seconds");
            });
  }

  private static Preparation ready(AppApi.Request request) {
    return new Preparation.Ready(
        new CallRequest(
            request.method(),
            Target.parse(request.url())
                .orElseThrow(() -> new IllegalStateException("the App API has no URL")),
            request.headers(),
            request.body(),
            CallRequest.Chosen.BY_CONFIGURATION));
  }

  private static Preparation tooMany() {
    return new Preparation.Later(WHILE_BUSY, "the App API's rate");
  }

  /// The person of the conversation, as is known now.
  private Future<Asker> asker(Leased row) {
    return journal
        .thread(row.id().conversation())
        .compose(
            thread ->
                thread.isEmpty()
                    ? Future.succeededFuture(Asker.UNKNOWN)
                    : journal.load(thread.get()).map(loaded -> asker(loaded.conversation())));
  }

  private static Asker asker(Conversation conversation) {
    return new Asker(
        conversation.person().externalId(),
        conversation.person().attributes().text("email"),
        Optional.of(conversation.contact().number()));
  }

  // ---- after

  Conclusion conclude(Leased row, BuiltInFunction function, Caller.Outcome outcome) {
    return switch (read(row, function, outcome)) {
      case Reading.Settled(var answer) -> new Conclusion.Settled(event(row, answer));
      case Reading.InDoubt(var message) -> new Conclusion.Settled(inDoubt(row, function, message));
      case Reading.NotTaken notTaken ->
          isGivenUp(row, function)
              ? new Conclusion.Settled(event(row, AppFunctions.givenUp(function, notTaken)))
              : new Conclusion.Again(
                  notTaken.after().orElseGet(() -> pause(row, function)), notTaken.message());
    };
  }

  private Reading read(Leased row, BuiltInFunction function, Caller.Outcome outcome) {
    return switch (outcome) {
      case Caller.Outcome.Answered(var answer) -> {
        Response response =
            new Response(
                answer.status(),
                answer.headers(),
                new String(
                    answer.body().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
        Reading reading = functions.read(function, parameters(row), response);
        if (function == BuiltInFunction.PROFILE && answer.status() == 200) {
          keep(row, reading, response.body());
        }
        yield reading;
      }
      case Caller.Outcome.Failed(var reason, var message, var _) ->
          function == BuiltInFunction.PROFILE || isUnasked(reason)
              ? new Reading.NotTaken(reason, message, Optional.empty())
              : new Reading.InDoubt(message);
    };
  }

  /// Under the name that it was asked by, where that stands in the parameters; and under the id.
  private void keep(Leased row, Reading reading, String body) {
    if (reading instanceof Reading.Settled(var answer) && answer.status() == 200) {
      AppFunctions.profileOf(parameters(row), Asker.UNKNOWN)
          .ifPresent(customer -> profiles.keep(customer, body));
      Values found =
          Json.parse(answer.body()).orElse("") instanceof Map<?, ?> map
              ? Values.of("it", map).object("it")
              : Values.EMPTY;
      found
          .text("id")
          .filter(id -> !id.isEmpty())
          .ifPresent(id -> profiles.keep(new AppApi.Customer(id, "id"), body));
    }
  }

  /// Whether a failure came before anything could have left.
  private static boolean isUnasked(String reason) {
    return switch (reason) {
      case "unreachable", "unknown_host", "refused_address", "circuit_open" -> true;
      default -> false;
    };
  }

  private boolean isGivenUp(Leased row, BuiltInFunction function) {
    return Duration.between(row.createdAt(), clock.instant()).compareTo(patience(function)) > 0;
  }

  /// How long a flow waits for what is not taken.
  private static Duration patience(BuiltInFunction function) {
    return switch (function) {
      case PROFILE -> Duration.ofSeconds(30);
      case EMAIL -> Duration.ofHours(1);
      case BROADCAST -> Duration.ofDays(1);
    };
  }

  private static Duration pause(Leased row, BuiltInFunction function) {
    if (function == BuiltInFunction.BROADCAST) {
      return BETWEEN_BROADCASTS;
    }
    Duration pause = Duration.ofMillis(500L << Math.min(row.attempts() - 1, 10));
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  /// What a flow is told of a call that may have been taken.
  static Event inDoubt(Leased row, BuiltInFunction function, String message) {
    return event(row, AppFunctions.inDoubt(function, message));
  }

  private static Event event(Leased row, Answer answer) {
    return new Event.CallAnswered(
        row.id(), answer.status(), answer.contentType(), answer.body(), Values.EMPTY);
  }

  private static Values parameters(Leased row) {
    return row.effect() instanceof Effect.Call call
            && call.request() instanceof Effect.Request.Function function
        ? function.parameters()
        : Values.EMPTY;
  }
}
