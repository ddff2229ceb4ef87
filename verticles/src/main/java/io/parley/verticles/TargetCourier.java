package io.parley.verticles;

import io.parley.edge.HandoffTarget;
import io.parley.edge.HandoffTarget.Incoming;
import io.parley.edge.HandoffTarget.Line;
import io.parley.edge.HandoffTarget.Placement;
import io.parley.edge.HandoffTarget.Task;
import io.parley.engine.ConversationId;
import io.parley.engine.EffectId;
import io.parley.engine.Owner;
import io.parley.engine.Values;
import io.parley.store.HandoffTargets;
import io.parley.store.HandoffTargets.Happened;
import io.parley.store.HandoffTargets.Placed;
import io.parley.store.HandoffTargets.State;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands conversations to desks elsewhere: opens them there, tells what the contact says, in order
/// and at least once, asks what has come in where a desk does not tell by itself, and closes them.
/// Confined to its context.
///
/// What does not go well is tried again with growing pauses. A handoff whose target does not take
/// it, or cannot be reached for so long, comes back: to the agents of the built-in desk, or as
/// failed. So no customer waits for a desk that is not there.
final class TargetCourier extends VerticleBase {

  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final Duration HEALTH_PERIOD = Duration.ofSeconds(30);
  private static final int MAX_IN_FLIGHT = 16;

  /// Longer than any request; renewed with each.
  private static final Duration LEASE = Duration.ofSeconds(90);

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final int TURNS = 50;

  /// Stands for no handoff, where a target is asked after its health.
  private static final Placement NOWHERE =
      new Placement(new EffectId(new ConversationId(new UUID(0, 0)), 0, 0), Values.EMPTY);

  private static final Logger LOG = LoggerFactory.getLogger(TargetCourier.class);

  private final Supplier<Map<String, Target>> targets;
  private final HandoffTargets store;
  private final TargetOpenings openings;
  private final TargetEvents events;
  private final Clock clock;
  private final Metrics metrics;

  private final Map<String, TargetDesk> desks = new HashMap<>();
  private final Map<String, Complaint> health = new HashMap<>();
  private final Set<EffectId> held = new HashSet<>();

  /// Leased once more while the work on them was put away.
  private final Set<EffectId> again = new HashSet<>();

  private final Rounds rounds =
      new Rounds(this::round, new Complaint(LOG, "handoffs to desks elsewhere cannot be read"));
  private final Rounds healthRounds =
      new Rounds(this::examine, new Complaint(LOG, "desks elsewhere cannot be examined"));
  private final Promise<Void> drained = Promise.promise();
  private boolean closing;

  /// @param targets those that are configured, by name
  TargetCourier(
      Supplier<Map<String, Target>> targets,
      HandoffTargets store,
      TargetOpenings openings,
      TargetEvents events,
      Clock clock,
      Metrics metrics) {
    this.targets = targets;
    this.store = store;
    this.openings = openings;
    this.events = events;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public Future<?> start() {
    return Future.all(
        rounds.every(PERIOD, vertx),
        healthRounds.every(HEALTH_PERIOD, vertx),
        vertx
            .eventBus()
            .localConsumer(Bus.HANDOFFS_MOVED)
            .handler(_ -> rounds.more())
            .completion());
  }

  /// Waits for what is under way.
  @Override
  public Future<?> stop() {
    closing = true;
    completeDrained();
    return Future.all(rounds.end(), healthRounds.end(), drained.future())
        .onComplete(_ -> desks.values().forEach(TargetDesk::close));
  }

  private void completeDrained() {
    if (closing && held.isEmpty()) {
      drained.tryComplete();
    }
  }

  private Future<?> round() {
    int room = MAX_IN_FLIGHT - held.size();
    if (closing || room <= 0) {
      return Future.succeededFuture();
    }
    return (targets.get().isEmpty() ? Future.succeededFuture(0) : store.admit())
        .compose(_ -> store.lease(room, LEASE))
        .onSuccess(rows -> rows.forEach(this::take));
  }

  private void take(Placed row) {
    if (!held.add(row.id())) {
      again.add(row.id());
      return;
    }
    Future.succeededFuture()
        .compose(_ -> work(row))
        .recover(failure -> postpone(row, why(failure), Optional.empty()))
        .onComplete(
            _ -> {
              held.remove(row.id());
              completeDrained();
              (again.remove(row.id())
                      ? store.defer(row.id(), Duration.ZERO)
                      : Future.<Void>succeededFuture())
                  .onComplete(_ -> rounds.more());
            });
  }

  private static String why(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }

  /// A target that the file describes otherwise by now is another.
  private Optional<TargetDesk> desk(String name) {
    Optional<Target> target = Optional.ofNullable(targets.get().get(name));
    TargetDesk known = desks.get(name);
    if (target.isEmpty() || (known != null && known.target().equals(target.get()))) {
      return target.isEmpty() ? Optional.empty() : Optional.ofNullable(known);
    }
    if (known != null) {
      known.close();
    }
    TargetDesk made = new TargetDesk(vertx, target.get(), metrics);
    desks.put(name, made);
    return Optional.of(made);
  }

  private Future<Void> work(Placed row) {
    Optional<TargetDesk> desk = desk(row.target());
    if (desk.isEmpty()) {
      return failed(row, "the desk file has no target of this name any more", Optional.empty());
    }
    return switch (row.state()) {
      case OPENING -> begin(row, desk.get());
      case OPEN -> tell(row, desk.get());
      case OVER -> Future.succeededFuture();
    };
  }

  /// What was placed there before it could be kept that it is open is open; what was moved to
  /// others meanwhile is not opened any more.
  private Future<Void> begin(Placed row, TargetDesk desk) {
    boolean isWanted =
        row.handoff().owner() == Owner.QUEUED && row.handoff().target().equals(row.target());
    if (isWanted && !row.handoff().closed()) {
      return open(row, desk);
    }
    return isThere(row) && row.reference().isPresent() ? opened(row, known(row)) : close(row, desk);
  }

  private static boolean isThere(Placed row) {
    return row.handoff().owner() == Owner.EXTERNAL && !row.handoff().closed();
  }

  private Future<TargetDesk.Ended> perform(Placed row, TargetDesk desk, Task task) {
    return desk.perform(new Placement(row.id(), known(row)), task, known -> keep(row.id(), known));
  }

  private static Values known(Placed row) {
    return row.reference()
        .map(reference -> row.known().with(HandoffTarget.REFERENCE, reference))
        .orElse(row.known());
  }

  private Future<Void> keep(EffectId id, Values known) {
    return store.keep(id, known.text(HandoffTarget.REFERENCE), known, LEASE);
  }

  // ---- opening

  private Future<Void> open(Placed row, TargetDesk desk) {
    return openings
        .of(row)
        .compose(opening -> perform(row, desk, new Task.Open(opening)))
        .compose(
            ended ->
                switch (ended) {
                  case TargetDesk.Ended.Done(var known, var _) -> opened(row, known);
                  case TargetDesk.Ended.Later(var why, var after) -> failed(row, why, after);
                  case TargetDesk.Ended.Refused(var why) -> giveUp(row, why);
                });
  }

  private Future<Void> opened(Placed row, Values known) {
    String reference = known.text(HandoffTarget.REFERENCE).orElse(row.id().toString());
    return keep(row.id(), known.with(HandoffTarget.REFERENCE, reference))
        .compose(_ -> events.placed(row, reference))
        .compose(_ -> store.opened(row.id()))
        .compose(_ -> store.rest(row.id(), poll(row)))
        .onSuccess(_ -> metrics.target(row.target(), "placed"));
  }

  private Optional<Duration> poll(Placed row) {
    return Optional.ofNullable(targets.get().get(row.target()))
        .flatMap(target -> target.desk().pollEvery());
  }

  // ---- telling

  /// Once somebody else has it, it is told no more of it.
  private Future<Void> tell(Placed row, TargetDesk desk) {
    if (row.endedThere() || !(isThere(row) || row.handoff().closed())) {
      return close(row, desk);
    }
    return store
        .after(row.id().conversation(), row.toldTurn(), TURNS)
        .compose(turns -> tellAll(row, desk, turns, 0))
        .compose(
            ended ->
                switch (ended) {
                  case TargetDesk.Ended.Done _ ->
                      row.handoff().closed() ? close(row, desk) : listen(row, desk);
                  case TargetDesk.Ended.Later(var why, var after) -> failed(row, why, after);
                  case TargetDesk.Ended.Refused(var why) -> giveUp(row, why);
                });
  }

  private Future<TargetDesk.Ended> tellAll(
      Placed row, TargetDesk desk, List<Happened> turns, int from) {
    if (from == turns.size()) {
      return Future.succeededFuture(new TargetDesk.Ended.Done(row.known(), List.of()));
    }
    Happened turn = turns.get(from);
    List<Line> lines = TargetLines.of(turn, row.id().conversation().toString());
    return tellLines(row, desk, lines, 0)
        .compose(
            ended ->
                ended instanceof TargetDesk.Ended.Done
                    ? store
                        .told(row.id(), turn.number(), LEASE)
                        .compose(_ -> tellAll(row, desk, turns, from + 1))
                    : Future.succeededFuture(ended));
  }

  private Future<TargetDesk.Ended> tellLines(
      Placed row, TargetDesk desk, List<Line> lines, int from) {
    if (from == lines.size()) {
      return Future.succeededFuture(new TargetDesk.Ended.Done(row.known(), List.of()));
    }
    return perform(row, desk, new Task.Say(lines.get(from)))
        .compose(
            ended ->
                ended instanceof TargetDesk.Ended.Done
                    ? tellLines(row, desk, lines, from + 1)
                    : Future.succeededFuture(ended));
  }

  // ---- listening

  /// What came in is told before it is kept that it was read.
  private Future<Void> listen(Placed row, TargetDesk desk) {
    if (!row.polls()) {
      return store.rest(row.id(), poll(row));
    }
    return perform(row, desk, new Task.Poll())
        .compose(
            ended ->
                switch (ended) {
                  case TargetDesk.Ended.Done(var known, var news) ->
                      hear(row, news, 0)
                          .compose(_ -> keep(row.id(), known))
                          .compose(
                              _ ->
                                  store.rest(
                                      row.id(),
                                      news.isEmpty() ? poll(row) : Optional.of(Duration.ZERO)));
                  case TargetDesk.Ended.Later(var why, var after) -> failed(row, why, after);
                  case TargetDesk.Ended.Refused(var why) -> giveUp(row, why);
                });
  }

  private Future<Void> hear(Placed row, List<Incoming> news, int from) {
    return from == news.size()
        ? Future.succeededFuture()
        : events
            .heard(row, news.get(from))
            .onSuccess(_ -> metrics.target(row.target(), "heard"))
            .compose(_ -> hear(row, news, from + 1));
  }

  // ---- closing

  private Future<Void> close(Placed row, TargetDesk desk) {
    if (row.reference().isEmpty()) {
      return store.over(row.id(), Optional.empty());
    }
    Task task = new Task.Close(words(row), !row.endedThere());
    return perform(row, desk, task)
        .compose(
            ended ->
                switch (ended) {
                  case TargetDesk.Ended.Done _ -> store.over(row.id(), Optional.empty());
                  case TargetDesk.Ended.Later(var why, var after) ->
                      isPatienceOver(row)
                          ? store.over(row.id(), Optional.of(why))
                          : postpone(row, why, after);
                  case TargetDesk.Ended.Refused(var why) -> store.over(row.id(), Optional.of(why));
                });
  }

  private static String words(Placed row) {
    if (!row.handoff().closed()) {
      return "Somebody else answers this customer now; Parley passes nothing on from here.";
    }
    return row.handoff().why().isBlank()
        ? "The conversation is over."
        : "The conversation is over: " + row.handoff().why();
  }

  // ---- trouble

  private Future<Void> failed(Placed row, String why, Optional<Duration> after) {
    return isPatienceOver(row) ? giveUp(row, why) : postpone(row, why, after);
  }

  private boolean isPatienceOver(Placed row) {
    Duration patience =
        Optional.ofNullable(targets.get().get(row.target()))
            .map(target -> target.pace().patience())
            .orElse(Duration.ZERO);
    Instant now = clock.instant();
    return row.failingSince().filter(since -> since.plus(patience).isBefore(now)).isPresent();
  }

  private Future<Void> postpone(Placed row, String why, Optional<Duration> after) {
    LOG.atDebug()
        .addKeyValue("handoff", row.id())
        .addKeyValue("target", row.target())
        .addKeyValue("why", why)
        .log("a target could not be told");
    Duration doubled = Duration.ofMillis(500L << Math.min(7, row.attempts()));
    Duration pause = after.orElse(doubled);
    Duration bounded = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    return store.postpone(row.id(), bounded, why);
  }

  private Future<Void> giveUp(Placed row, String why) {
    LOG.atWarn()
        .addKeyValue("handoff", row.id())
        .addKeyValue("target", row.target())
        .addKeyValue("why", why)
        .log("a handoff comes back from its target");
    metrics.target(row.target(), "given_up");
    boolean fails =
        Optional.ofNullable(targets.get().get(row.target()))
            .filter(target -> target.failing() == Target.Failing.FAILS)
            .isPresent();
    String told = row.target() + ": " + why;
    return store
        .toDesk(row)
        .compose(
            _ ->
                fails
                    ? events.failed(row, told)
                    // What an agent has taken over by now stays with that agent.
                    : row.state() == State.OPEN && isThere(row)
                        ? events.returned(row, told)
                        : Future.<Decision>succeededFuture())
        .compose(_ -> store.over(row.id(), Optional.of(why)));
  }

  // ---- health

  private Future<?> examine() {
    return closing
        ? Future.succeededFuture()
        : Future.join(
            targets.get().keySet().stream()
                .flatMap(name -> desk(name).stream())
                .map(this::examine)
                .toList());
  }

  private Future<?> examine(TargetDesk desk) {
    String name = desk.target().name();
    Complaint complaint =
        health.computeIfAbsent(
            name, it -> new Complaint(LOG, "the desk elsewhere named " + it + " is not well"));
    return desk.perform(NOWHERE, new Task.Probe(), _ -> Future.succeededFuture())
        .onSuccess(
            ended -> {
              switch (ended) {
                case TargetDesk.Ended.Done _ -> complaint.worked();
                case TargetDesk.Ended.Later(var why, var _) -> complaint.failed(why);
                case TargetDesk.Ended.Refused(var why) -> complaint.failed(why);
              }
              metrics.targetIsUp(name, ended instanceof TargetDesk.Ended.Done);
            });
  }
}
