package io.parley.verticles;

import io.parley.calls.Breaker;
import io.parley.calls.CallRequest;
import io.parley.calls.CallRules;
import io.parley.calls.RequestComposer;
import io.parley.calls.RequestComposer.Composed;
import io.parley.edge.Conversations;
import io.parley.edge.FlowFunction;
import io.parley.edge.Functions;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Values;
import io.parley.engine.flow.BuiltInFunction;
import io.parley.store.LastLook;
import io.parley.store.Outbox;
import io.parley.store.Outbox.Leased;
import io.parley.verticles.AppCalls.Conclusion;
import io.parley.verticles.AppCalls.Preparation;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the calls that flows make to other systems, and brings each answer back as an event.
/// Confined to its context.
///
/// A conversation's calls are made one after the other. A host has so many at once, and the rest of
/// its calls stay in the outbox, so a slow one holds back nobody else.
///
/// A row is in doubt from before its request leaves until its answer is stored. What is found in
/// doubt later was left by a process that died, and may have been done: GET and HEAD are asked
/// again, and so is what opens or closes a conversation, and whatever goes to a host that
/// configuration calls safe to repeat (each carries its id as `Idempotency-Key`); of anything else
/// the flow is told that it failed, `in_doubt`. No failure is a reason to ask again, since a flow
/// has its own way on, but for that of closing a conversation, and what Customer.io surely has not
/// taken; see [AppCalls].
final class CallCourier extends VerticleBase {

  private static final Duration PERIOD = Duration.ofMillis(250);
  private static final Duration SWEEP_PERIOD = Duration.ofSeconds(1);
  private static final Duration LEASE = Duration.ofSeconds(5);
  private static final int MAX_IN_FLIGHT = 400;
  private static final int BATCH = 100;

  /// A mark that took longer than this may be held to be another's by now.
  private static final Duration LONGEST_MARK = Duration.ofSeconds(5);

  /// Beside the call's own time, until what is in doubt surely has no holder.
  private static final Duration GRACE = LONGEST_MARK.plusSeconds(2);

  private static final Duration TELL_PAUSE = Duration.ofMillis(500);
  private static final int MAX_TELLS = 240;
  private static final int MAX_TELLS_WHILE_STOPPING = 5;

  /// A call that a process died of so often is not made again.
  private static final int MAX_ATTEMPTS = 3;

  /// With a second before the first repeat, and twice as long before each next one.
  private static final int MAX_CLOSINGS = 7;

  private static final int TOO_MANY_REQUESTS = 429;

  /// Hosts that something is held against; the one longest known gives way.
  private static final int MAX_BREAKERS = 10_000;

  private static final String IN_PROCESS = "in process";
  private static final String CONVERSATIONS = "conversations";
  private static final String NOWHERE = "none";
  private static final String LOST =
      "the call left and its answer was lost with the process that made it";
  private static final Logger LOG = LoggerFactory.getLogger(CallCourier.class);

  private final CallRules rules;
  private final RequestComposer composer;
  private final Functions functions;
  private final Optional<Conversations> conversations;
  private final Optional<AppCalls> appCalls;
  private final Outbox outbox;
  private final Answers answers;
  private final Metrics metrics;
  private final Clock clock;

  private final Complaint unleased = new Complaint(LOG, "calls cannot be leased");
  private final Complaint unswept = new Complaint(LOG, "calls in doubt cannot be read");
  private final Complaint untold = new Complaint(LOG, "answers to calls cannot be stored");
  private final BlockingCalls blocking = new BlockingCalls();

  /// How many calls are under way, by what the outbox paces them by.
  private final Map<String, Integer> underWay = new HashMap<>();

  private final Set<EffectId> held = new HashSet<>();
  private final Map<String, Breaker> breakers = new LinkedHashMap<>();

  private Caller caller;
  private boolean atWork;
  private boolean sweeping;
  private boolean again;
  private boolean closing;
  private final Promise<Void> drained = Promise.promise();

  @SuppressWarnings("NullAway.Init") // the caller is made when the verticle starts
  CallCourier(
      CallRules rules,
      RequestComposer composer,
      Functions functions,
      Optional<Conversations> conversations,
      Optional<AppCalls> appCalls,
      Outbox outbox,
      Answers answers,
      Clock clock,
      Metrics metrics) {
    this.rules = rules;
    this.composer = composer;
    this.functions = functions;
    this.conversations = conversations;
    this.appCalls = appCalls;
    this.outbox = outbox;
    this.answers = answers;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public Future<?> start() {
    caller = new Caller(vertx, rules.guard());
    vertx.setPeriodic(PERIOD.toMillis(), _ -> work());
    vertx.setPeriodic(SWEEP_PERIOD.toMillis(), _ -> sweep());
    return vertx.eventBus().localConsumer(Bus.CALLS_WAIT).handler(_ -> work()).completion();
  }

  /// Waits for the answers of what has left, and for them to be stored.
  @Override
  public Future<?> stop() {
    closing = true;
    completeDrained();
    return drained.future().onComplete(_ -> blocking.close()).eventually(caller::close);
  }

  private void completeDrained() {
    if (closing && held.isEmpty() && !atWork && !sweeping) {
      drained.tryComplete();
    }
  }

  // ---- what is due

  private void work() {
    if (atWork) {
      again = true;
      return;
    }
    int room = Math.min(BATCH, MAX_IN_FLIGHT - held.size());
    if (closing || room <= 0) {
      return;
    }
    atWork = true;
    again = false;
    outbox
        .leaseCalls(new Outbox.Share(room, share()), LEASE, busyHosts())
        .onComplete(
            leased -> {
              atWork = false;
              if (leased.failed()) {
                unleased.failed(leased.cause());
                completeDrained();
                return;
              }
              unleased.worked();
              // An answer that could not be stored for longer than a lease is still being told.
              leased.result().stream().filter(row -> !held.contains(row.id())).forEach(this::take);
              completeDrained();
              if (again || leased.result().size() >= Math.min(room, share())) {
                vertx.runOnContext(_ -> work());
              }
            });
  }

  /// How many calls of one host are leased at a time: a quarter of what it may have. It is busy
  /// while it has no room for as many more, so what is leased can leave.
  private int share() {
    return Math.max(1, rules.perHost() / 4);
  }

  private List<String> busyHosts() {
    return Stream.concat(
            underWay.entrySet().stream().filter(it -> isBusy(it.getValue())).map(Map.Entry::getKey),
            appCalls.stream().flatMap(it -> it.busy().stream()))
        .toList();
  }

  private boolean isBusy(int calls) {
    return calls + share() > rules.perHost();
  }

  private void take(Leased row) {
    hold(row);
    Future.succeededFuture()
        .compose(_ -> closing ? giveBack(row) : make(row, (Effect.Call) row.effect()))
        .onComplete(
            made -> {
              if (made.failed()) {
                LOG.atWarn()
                    .addKeyValue("effect", row.id())
                    .addKeyValue("why", String.valueOf(made.cause().getMessage()))
                    .log("a call is left for the next look");
              }
              release(row);
            });
  }

  private Future<Void> giveBack(Leased row) {
    return outbox.giveBack(List.of(row), Duration.ZERO, "the service stops");
  }

  private void hold(Leased row) {
    held.add(row.id());
    underWay.merge(row.sender(), 1, Integer::sum);
    gauge();
  }

  /// Looks for more where there was no room: a nudge tells of everything else.
  private void release(Leased row) {
    boolean full = held.size() >= MAX_IN_FLIGHT || isBusy(underWay.getOrDefault(row.sender(), 0));
    held.remove(row.id());
    underWay.computeIfPresent(row.sender(), (_, count) -> count == 1 ? null : count - 1);
    gauge();
    completeDrained();
    if (full) {
      work();
    }
  }

  private void gauge() {
    long open = breakers.values().stream().filter(it -> !(it instanceof Breaker.Closed)).count();
    metrics.callsUnderWay(held.size(), (int) open);
  }

  // ---- one call

  private Future<Void> make(Leased row, Effect.Call call) {
    Optional<FlowFunction> function = inProcess(call);
    if (function.isPresent()) {
      return mark(row, IN_PROCESS)
          .compose(
              marked -> marked ? run(row, call, function.get()) : Future.<Void>succeededFuture());
    }
    if (conversations.isPresent()
        && call.request() instanceof Effect.Request.Conversation conversation) {
      return mark(row, CONVERSATIONS)
          .compose(
              marked ->
                  marked
                      ? converse(row, conversations.get(), conversation)
                      : Future.<Void>succeededFuture());
    }
    Optional<BuiltInFunction> builtIn = AppCalls.find(call);
    if (appCalls.isPresent() && builtIn.isPresent()) {
      return carryOut(row, appCalls.get(), builtIn.get());
    }
    return switch (composer.compose(call)) {
      case Composed.Impossible(var why) -> {
        metrics.call(NOWHERE, why.reason());
        yield tell(row, why);
      }
      case Composed.Ready(var request) ->
          ask(row, request, outcome -> tell(row, heard(row, outcome)));
    };
  }

  /// A function of Customer.io's App API.
  private Future<Void> carryOut(Leased row, AppCalls calls, BuiltInFunction function) {
    return calls
        .prepare(row, function)
        .compose(
            prepared ->
                switch (prepared) {
                  case Preparation.Settled(var answer) -> tell(row, answer);
                  case Preparation.Later(var delay, var why) ->
                      outbox.giveBack(List.of(row), delay, why);
                  case Preparation.Ready(var request) ->
                      ask(
                          row,
                          request,
                          outcome -> conclude(row, calls.conclude(row, function, outcome)));
                });
  }

  private Future<Void> conclude(Leased row, Conclusion conclusion) {
    return switch (conclusion) {
      case Conclusion.Settled(var answer) -> tell(row, answer);
      case Conclusion.Again(var delay, var why) -> outbox.postpone(row, delay, why);
    };
  }

  private Optional<FlowFunction> inProcess(Effect.Call call) {
    return call.request() instanceof Effect.Request.Function function
        ? functions.find(function)
        : Optional.empty();
  }

  /// @param hearing what is done about what came of it
  private Future<Void> ask(
      Leased row, CallRequest request, Function<Caller.Outcome, Future<Void>> hearing) {
    String host = request.target().host();
    Breaker breaker = breaker(host);
    if (!breaker.admits(System.nanoTime())) {
      metrics.call(host, "circuit_open");
      return hearing.apply(
          new Caller.Outcome.Failed(
              "circuit_open",
              host + " failed " + rules.breaker().failures() + " times in a row and is left alone",
              Caller.Fault.REQUEST));
    }
    remember(host, breaker.asked());
    return mark(row, host)
        .onFailure(_ -> remember(host, breaker(host).untold(System.nanoTime())))
        .compose(
            marked -> {
              if (!marked) {
                remember(host, breaker(host).untold(System.nanoTime()));
                return Future.succeededFuture();
              }
              return leave(request, hearing);
            });
  }

  /// The last look and the mark; from here the request must leave, or stay in doubt.
  private Future<Boolean> mark(Leased row, String host) {
    long asked = System.nanoTime();
    Instant askedAt = clock.instant();
    return outbox
        .markInDoubt(row)
        .map(
            look ->
                switch (look) {
                  case LastLook.Go() -> isFresh(asked, askedAt);
                  case LastLook.Gone(),
                      LastLook.Blocked _,
                      LastLook.Behind(),
                      LastLook.HandedOff() -> {
                    metrics.call(host, "withdrawn");
                    yield false;
                  }
                });
  }

  /// False where the process stood still after the mark: others may have found the row in doubt.
  private boolean isFresh(long asked, Instant askedAt) {
    return System.nanoTime() - asked < LONGEST_MARK.toNanos()
        && Duration.between(askedAt, clock.instant()).abs().compareTo(LONGEST_MARK) < 0;
  }

  private Future<Void> leave(CallRequest request, Function<Caller.Outcome, Future<Void>> hearing) {
    String host = request.target().host();
    long left = System.nanoTime();
    return caller
        .call(request, rules.timeouts().of(host))
        .compose(
            outcome -> {
              metrics.callTook(host, System.nanoTime() - left);
              metrics.call(host, outcome.word());
              judge(host, outcome);
              return hearing.apply(outcome);
            });
  }

  private static Event heard(Leased row, Caller.Outcome outcome) {
    return switch (outcome) {
      case Caller.Outcome.Answered(var answer) -> answer.to(row.id());
      case Caller.Outcome.Failed(var reason, var message, var _) ->
          new Event.CallFailed(row.id(), reason, message);
    };
  }

  /// A function of this process is never run twice, since nobody has said that it may be.
  private Future<Void> run(Leased row, Effect.Call call, FlowFunction function) {
    Values parameters = ((Effect.Request.Function) call.request()).parameters();
    Duration limit = rules.timeouts().usual();
    long left = System.nanoTime();
    return blocking
        .make(vertx, () -> function.call(parameters))
        .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .<Event>map(
            answer -> {
              metrics.call(IN_PROCESS, "answered " + answer.status() / 100 + "xx");
              return new Event.CallAnswered(
                  row.id(), answer.status(), answer.contentType(), answer.body(), Values.EMPTY);
            })
        .otherwise(failure -> broken(row, failure, limit))
        .onSuccess(_ -> metrics.callTook(IN_PROCESS, System.nanoTime() - left))
        .compose(answer -> tell(row, answer));
  }

  private Future<Void> converse(
      Leased row, Conversations provider, Effect.Request.Conversation request) {
    long left = System.nanoTime();
    return blocking
        .make(vertx, () -> provider.perform(row.id(), request))
        .onSuccess(
            answer -> {
              metrics.callTook(CONVERSATIONS, System.nanoTime() - left);
              metrics.call(
                  CONVERSATIONS,
                  switch (answer) {
                    case Event.CallFailed(var _, var reason, var _) -> reason;
                    default -> "answered";
                  });
            })
        .compose(
            answer ->
                isClosedLater(row, request, answer)
                    ? outbox.postpone(row, closingPause(row), "Twilio did not close it")
                    : tell(row, answer));
  }

  /// No flow waits for a conversation to close, and none has another way on: it is tried again for
  /// about a minute. The conversation's later calls wait so long, since one of them may open the
  /// next one with the same contact.
  private static boolean isClosedLater(
      Leased row, Effect.Request.Conversation request, Event answer) {
    boolean failed =
        switch (answer) {
          case Event.CallAnswered it -> it.status() >= 500 || it.status() == TOO_MANY_REQUESTS;
          default -> true;
        };
    return failed
        && request.operation() == Effect.Request.Conversation.Operation.CLOSE
        && row.attempts() < MAX_CLOSINGS;
  }

  private static Duration closingPause(Leased row) {
    return Duration.ofSeconds(1L << Math.min(row.attempts() - 1, MAX_CLOSINGS));
  }

  private Event broken(Leased row, Throwable failure, Duration limit) {
    boolean late = failure instanceof TimeoutException;
    if (!late) {
      LOG.atError().addKeyValue("effect", row.id()).setCause(failure).log("a function failed");
    }
    metrics.call(IN_PROCESS, late ? "timeout" : "function_failed");
    return late
        ? new Event.CallFailed(row.id(), "timeout", "no answer within " + limit.toMillis() + " ms")
        : new Event.CallFailed(row.id(), "function_failed", failure.toString());
  }

  // ---- hosts

  private Breaker breaker(String host) {
    return breakers.getOrDefault(host, Breaker.well());
  }

  private void judge(String host, Caller.Outcome outcome) {
    Breaker before = breaker(host);
    Breaker after = outcome.judge(before, System.nanoTime(), rules.breaker());
    if (after instanceof Breaker.Open && before instanceof Breaker.Closed) {
      LOG.atWarn().addKeyValue("host", host).log("a host fails call after call and is left alone");
    } else if (before instanceof Breaker.Probing && after instanceof Breaker.Closed) {
      LOG.atInfo().addKeyValue("host", host).log("a host that was left alone answers again");
    }
    remember(host, after);
  }

  /// A host that nothing is held against needs no memory.
  private void remember(String host, Breaker breaker) {
    breakers.remove(host);
    if (!breaker.equals(Breaker.well())) {
      breakers.put(host, breaker);
    }
    if (breakers.size() > MAX_BREAKERS) {
      breakers.remove(breakers.keySet().iterator().next());
    }
  }

  // ---- answers

  /// An answer is told until it is stored: it cannot be had a second time.
  private Future<Void> tell(Leased row, Event answer) {
    return tell(row, answer, 1);
  }

  private Future<Void> tell(Leased row, Event answer, int times) {
    return answers
        .tellCall(row, answer)
        .onSuccess(_ -> untold.worked())
        .recover(
            failure -> {
              untold.failed(failure);
              return times >= (closing ? MAX_TELLS_WHILE_STOPPING : MAX_TELLS)
                  ? Future.failedFuture(failure)
                  : vertx
                      .timer(TELL_PAUSE.toMillis(), TimeUnit.MILLISECONDS)
                      .compose(_ -> tell(row, answer, times + 1));
            });
  }

  // ---- in doubt

  private void sweep() {
    if (sweeping || closing) {
      return;
    }
    sweeping = true;
    outbox
        .leaseInDoubt(Outbox.CALLS, BATCH, LEASE, rules.timeouts().longest().plus(GRACE))
        .onComplete(
            found -> {
              sweeping = false;
              if (found.failed()) {
                unswept.failed(found.cause());
              } else {
                unswept.worked();
                found.result().stream()
                    .filter(row -> !held.contains(row.id()))
                    .forEach(this::resolve);
              }
              completeDrained();
            });
  }

  private void resolve(Leased row) {
    hold(row);
    Future.succeededFuture()
        .compose(_ -> settle(row, (Effect.Call) row.effect()))
        .onComplete(_ -> release(row));
  }

  private Future<Void> settle(Leased row, Effect.Call call) {
    if (closing) {
      return Future.succeededFuture();
    }
    Optional<BuiltInFunction> builtIn = AppCalls.find(call);
    if (appCalls.isPresent() && builtIn.isPresent()) {
      return settle(row, builtIn.get());
    }
    Composed composed = composer.compose(call);
    String host = composed instanceof Composed.Ready(var it) ? it.target().host() : NOWHERE;
    boolean harmless =
        call.request() instanceof Effect.Request.Conversation
            || (inProcess(call).isEmpty() && rules.mayRepeat(composed));
    boolean repeats = harmless && row.attempts() <= MAX_ATTEMPTS;
    if (repeats) {
      metrics.call(host, "repeated");
      return outbox.postpone(row, Duration.ZERO, "its answer was lost, and it may be asked again");
    }
    metrics.call(host, "in_doubt");
    return tell(
        row,
        new Event.CallFailed(
            row.id(),
            "in_doubt",
            LOST + "; PARLEY_CALLS_REPEAT names the hosts at which it may be made again"));
  }

  /// Only a look-up is made again: Customer.io would send an e-mail twice.
  private Future<Void> settle(Leased row, BuiltInFunction function) {
    if (function == BuiltInFunction.PROFILE && row.attempts() <= MAX_ATTEMPTS) {
      metrics.call(function.word(), "repeated");
      return outbox.postpone(row, Duration.ZERO, "its answer was lost, and it may be asked again");
    }
    metrics.call(function.word(), "in_doubt");
    return tell(row, AppCalls.inDoubt(row, function, LOST));
  }
}
