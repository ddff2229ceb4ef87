package io.parley.verticles;

import io.parley.edge.MessageChannel;
import io.parley.edge.MessageChannel.Answer;
import io.parley.edge.MessageChannel.Failure;
import io.parley.edge.MessageChannel.Reaction;
import io.parley.engine.Block;
import io.parley.engine.Effect;
import io.parley.engine.Event;
import io.parley.engine.FailureClass;
import io.parley.engine.Values;
import io.parley.engine.hours.Verdict;
import io.parley.engine.policy.Policy;
import io.parley.store.LastLook;
import io.parley.store.Outbox;
import io.parley.store.Outbox.Leased;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries messages to Twilio: takes those that turns hand it and leases the others, paces each
/// sender in segments, looks once more before each send, and brings the answer back as an event. A
/// send whose answer is unknown stays in doubt, for the [InDoubtSweeper]. Confined to its context;
/// the channel's blocking calls run on virtual threads.
final class TwilioCourier extends VerticleBase {

  private static final Duration PERIOD = Duration.ofMillis(250);
  private static final Duration LEASE = Duration.ofSeconds(5);
  private static final int BATCH = 100;
  private static final int MAX_IN_FLIGHT = 200;
  private static final int MAX_RECENTLY_BLOCKED = 10_000;

  /// Retries of a failure that is not a 429; those are tried for ever.
  private static final int MAX_ATTEMPTS = 5;

  /// How long a message waits for an account's trouble to be mended.
  private static final Duration LONGEST_WAIT = Duration.ofHours(4);

  /// A last look that is longer ago than this says nothing any more.
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(2);

  /// The code of a failure that Twilio had no part in.
  private static final int UNREACHABLE = 0;

  /// After which it is looked again whether a person still speaks with the contact elsewhere.
  private static final Duration HANDED_OFF_PAUSE = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(TwilioCourier.class);

  private final MessageChannel channel;
  private final Outbox outbox;
  private final SendAnswers answers;
  private final Clock clock;
  private final Pace pace;
  private final Pacing pacing;
  private final Supplier<Policy> policy;
  private final Metrics metrics;
  private final Readiness readiness;

  private final Complaint unreachable = new Complaint(LOG, "Twilio cannot be reached");
  private final Complaint unleased = new Complaint(LOG, "sends cannot be leased");

  private final BlockingCalls calls = new BlockingCalls();

  /// When it was heard that a contact may be sent nothing any more, the latest last.
  private final Map<String, Long> blockHeard = new LinkedHashMap<>();

  private boolean atWork;
  private boolean again;
  private boolean closing;

  /// Whether the last lease may have left messages behind.
  private boolean behindhand = true;

  private int inFlight;
  private final Promise<Void> drained = Promise.promise();

  /// @param segmentsPerSecond a sender's rate; a long code has 1
  /// @param settle how long a send stays in doubt before a look-up that finds nothing is believed
  /// @param longestRequest after which a request in doubt surely has no holder
  record Pace(double segmentsPerSecond, Duration settle, Duration longestRequest) {

    /// How long to wait before a send in doubt is looked up again.
    Duration lookUpPause() {
      return settle.dividedBy(4);
    }
  }

  TwilioCourier(
      MessageChannel channel,
      Outbox outbox,
      SendAnswers answers,
      Clock clock,
      Pace pace,
      Pacing pacing,
      Supplier<Policy> policy,
      Metrics metrics,
      Readiness readiness) {
    this.channel = channel;
    this.outbox = outbox;
    this.answers = answers;
    this.clock = clock;
    this.pace = pace;
    this.pacing = pacing;
    this.policy = policy;
    this.metrics = metrics;
    this.readiness = readiness;
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(PERIOD.toMillis(), _ -> work());
    Future<Void> blocked =
        vertx
            .eventBus()
            .<String>localConsumer(Bus.CONTACT_BLOCKED)
            .handler(message -> remember(message.body()))
            .completion();
    Future<Void> waiting =
        vertx.eventBus().localConsumer(Bus.SENDS_WAIT).handler(_ -> work()).completion();
    Future<Void> handed =
        vertx
            .eventBus()
            .<Leased>localConsumer(Bus.SEND_HANDED)
            .handler(message -> take(message.body()))
            .completion();
    return Future.all(blocked, waiting, handed).onSuccess(_ -> tellRoom());
  }

  /// Waits for the answers of what has left; what has not is given back.
  @Override
  public Future<?> stop() {
    closing = true;
    tellRoom();
    completeDrained();
    return drained.future().onComplete(_ -> calls.close());
  }

  /// A send that its turn has leased.
  private void take(Leased row) {
    schedule(row);
    tellRoom();
  }

  /// There is room beside what is leased, and nothing waits that would be overtaken.
  private void tellRoom() {
    pacing.room(!closing && !behindhand && inFlight < MAX_IN_FLIGHT / 2);
  }

  private void completeDrained() {
    if (closing && inFlight == 0 && !atWork) {
      drained.tryComplete();
    }
  }

  private void remember(String contact) {
    blockHeard.remove(contact);
    blockHeard.put(contact, System.nanoTime());
    if (blockHeard.size() > MAX_RECENTLY_BLOCKED) {
      blockHeard.remove(blockHeard.keySet().iterator().next());
    }
  }

  // ---- sending

  private void work() {
    if (atWork) {
      again = true;
      return;
    }
    int room = Math.min(BATCH, MAX_IN_FLIGHT - inFlight);
    if (closing || room <= 0) {
      return;
    }
    atWork = true;
    again = false;
    outbox
        .leaseSends(new Outbox.Share(room, pacing.inHand(BATCH)), LEASE, pacing.busy())
        .onComplete(
            leased -> {
              atWork = false;
              if (leased.failed()) {
                unleased.failed(leased.cause());
                completeDrained();
                return;
              }
              unleased.worked();
              behindhand = leased.result().size() == room;
              leased.result().forEach(this::schedule);
              tellRoom();
              completeDrained();
              if (again || behindhand) {
                vertx.runOnContext(_ -> work());
              }
            });
  }

  private void schedule(Leased row) {
    inFlight++;
    if (closing) {
      giveBack(row, Duration.ZERO, "the service stops");
      return;
    }
    Effect.Send send = (Effect.Send) row.effect();
    Pacing.Turn turn = pacing.take(row.sender(), channel.segments(send));
    if (!turn.inHand()) {
      // Back into the queue, in its place.
      giveBack(row, turn.after(), "the sender's rate");
    } else if (turn.after().toMillis() > 0) {
      vertx.setTimer(turn.after().toMillis(), _ -> lookOnceMore(row, send));
    } else {
      lookOnceMore(row, send);
    }
  }

  private void giveBack(Leased row, Duration delay, String why) {
    outbox.giveBack(List.of(row), delay, why).onComplete(_ -> finished());
  }

  private void lookOnceMore(Leased row, Effect.Send send) {
    if (closing) {
      giveBack(row, Duration.ZERO, "the service stops");
      return;
    }
    long asked = System.nanoTime();
    Instant lookedAt = clock.instant();
    Verdict verdict =
        send.departure()
            .map(it -> it.look(policy.get().hours(), lookedAt))
            .orElseGet(Verdict.Go::new);
    if (verdict instanceof Verdict.Wait(var until, var by)) {
      metrics.send("deferred", "quiet_hours");
      outbox
          .defer(row, Duration.between(lookedAt, until), "quiet hours: " + by.line())
          .onComplete(_ -> finished());
      return;
    }
    Optional<Event.SendFailed> unfit =
        never(send, verdict).or(() -> tooLate(send, lookedAt)).or(() -> unfit(send));
    Future<Void> done =
        unfit.isPresent()
            ? answers
                .tell(row, unfit.get())
                .onSuccess(_ -> metrics.send("unfit", unfit.get().refusal()))
            : outbox
                .markInDoubt(row)
                .compose(
                    look ->
                        switch (look) {
                          case LastLook.Go() -> leave(row, send, asked, lookedAt);
                          case LastLook.Blocked(var block) -> blocked(row, send, block);
                          case LastLook.Behind() ->
                              outbox.giveBack(
                                  List.of(row), Duration.ZERO, "another message is before it");
                          case LastLook.HandedOff() -> {
                            metrics.send("deferred", "handed_off");
                            yield outbox.defer(
                                row, HANDED_OFF_PAUSE, "a person speaks in another thread");
                          }
                          case LastLook.Gone() -> {
                            metrics.send("withdrawn", "");
                            yield Future.succeededFuture();
                          }
                        });
    done.onComplete(
        sent -> {
          if (sent.failed()) {
            LOG.atWarn()
                .addKeyValue("effect", row.id())
                .addKeyValue("why", sent.cause().getMessage())
                .log("a send is left for the next look");
          }
          finished();
        });
  }

  private void finished() {
    inFlight--;
    tellRoom();
    completeDrained();
    if (inFlight == MAX_IN_FLIGHT - 1) {
      work();
    }
  }

  /// What was late, and now may leave at no time.
  private static Optional<Event.SendFailed> never(Effect.Send send, Verdict verdict) {
    return verdict instanceof Verdict.Never(var why)
        ? unfit(send, 0, "quiet_hours_never", why)
        : Optional.empty();
  }

  /// What must be in time is not sent late.
  private static Optional<Event.SendFailed> tooLate(Effect.Send send, Instant now) {
    return send.leaveBy().filter(now::isAfter).isEmpty()
        ? Optional.empty()
        : unfit(send, 0, Effect.Send.TOO_LATE, "it could not leave by " + send.leaveBy().get());
  }

  /// What Twilio would surely refuse is not asked.
  private static Optional<Event.SendFailed> unfit(Effect.Send send) {
    return switch (send.content()) {
      case Effect.Content.Text(var body, var media) -> unfit(send, body, media);
      case Effect.Content.Template(var _, var variables) -> unfit(send, variables);
    };
  }

  private static Optional<Event.SendFailed> unfit(
      Effect.Send send, String body, List<String> media) {
    int length = body.codePointCount(0, body.length());
    if (body.isBlank() && media.isEmpty()) {
      return unfit(send, 0, "empty_message", "the message rendered to nothing");
    }
    if (length > 1600) {
      return unfit(
          send,
          21617,
          "too_long",
          "the message has " + length + " characters, at most 1600 are allowed");
    }
    return media.size() > 10
        ? unfit(
            send,
            21623,
            "invalid_media",
            "the message has " + media.size() + " files, at most 10 are allowed")
        : Optional.empty();
  }

  /// A variable that is left out would show the template's sample, which was written for nobody.
  private static Optional<Event.SendFailed> unfit(Effect.Send send, Values variables) {
    List<String> empty =
        variables.entries().entrySet().stream()
            .filter(variable -> String.valueOf(variable.getValue()).isBlank())
            .map(Map.Entry::getKey)
            .toList();
    return empty.isEmpty()
        ? Optional.empty()
        : unfit(
            send,
            21656,
            "invalid_template",
            "these variables of the template rendered to nothing: " + String.join(", ", empty));
  }

  private static Optional<Event.SendFailed> unfit(
      Effect.Send send, int code, String refusal, String message) {
    return Optional.of(
        new Event.SendFailed(
            send.id(), code, refusal, message, Optional.empty(), FailureClass.OURS));
  }

  private Future<Void> blocked(Leased row, Effect.Send send, Block block) {
    metrics.send("blocked", block.word());
    return answers.tell(
        row,
        new Event.SendFailed(
            send.id(), 0, block.word(), "nothing may be sent to this contact", Optional.of(block)));
  }

  /// The row is marked in doubt; from here the request must leave, or the mark be taken back.
  ///
  /// @param asked when the last look was asked for, by the steady clock
  /// @param lookedAt the same by the wall clock, which goes on while a machine is suspended
  private Future<Void> leave(Leased row, Effect.Send send, long asked, Instant lookedAt) {
    boolean overtaken =
        send.purpose() != Effect.Send.Purpose.NOTICE
            && Stream.of(row.contact(), row.sender())
                .anyMatch(address -> blockHeard.getOrDefault(address, asked) - asked > 0);
    if (overtaken) {
      // A stop was committed while the last look was under way; the next one knows of it.
      return outbox.postpone(row, Duration.ZERO, "a stop overtook the send");
    }
    return calls
        .make(
            vertx,
            () -> holds(lookedAt) ? Optional.of(channel.send(send)) : Optional.<Answer>empty())
        .compose(
            answer ->
                answer.isPresent()
                    ? take(row, send, answer.get())
                    : outbox.postpone(row, Duration.ZERO, "the last look was too long ago"));
  }

  /// Whether a last look still says what is so. The process may have stood still since, and a stop
  /// have been committed elsewhere.
  private boolean holds(Instant lookedAt) {
    return Duration.between(lookedAt, clock.instant()).abs().compareTo(LONGEST_LOOK) <= 0;
  }

  private Future<Void> take(Leased row, Effect.Send send, Answer answer) {
    hear(answer);
    return switch (answer) {
      case Answer.Accepted(var sid, var outbound) -> {
        metrics.send("accepted", "");
        yield answers.tell(row, new Event.SendAccepted(send.id(), sid, outbound));
      }
      case Answer.Rejected(var failure) -> {
        metrics.send("rejected", String.valueOf(failure.code()));
        yield giveUp(row, send, failure);
      }
      case Answer.Postponed(var failure, var after) -> {
        metrics.send("postponed", String.valueOf(failure.code()));
        yield worthWaiting(row, failure)
            ? outbox.postpone(
                row, after.orElseGet(() -> backoff(row.attempts())), failure.message())
            : giveUp(row, send, failure);
      }
      case Answer.InDoubt(var why) -> {
        metrics.send("in_doubt", "");
        LOG.atWarn()
            .addKeyValue("effect", row.id())
            .addKeyValue("why", why)
            .log("a send is in doubt");
        yield outbox.keepInDoubt(row, pace.lookUpPause(), why);
      }
    };
  }

  /// Whether Twilio can be reached, and serves us; a lost answer tells neither.
  private void hear(Answer answer) {
    switch (answer) {
      case Answer.Accepted _ -> reached();
      case Answer.Rejected(var failure) -> heard(failure);
      case Answer.Postponed(var failure, var _) -> heard(failure);
      case Answer.InDoubt _ -> {}
    }
  }

  private void heard(Failure failure) {
    if (failure.code() == UNREACHABLE) {
      unreachable.failed(failure.message());
      readiness.troubled(Outbox.TWILIO, "unreachable");
    } else if (failure.reaction() == Reaction.ALERT) {
      unreachable.worked();
      readiness.troubled(Outbox.TWILIO, "refused with " + failure.code());
    } else {
      reached();
    }
  }

  private void reached() {
    unreachable.worked();
    readiness.mended(Outbox.TWILIO);
  }

  /// From when on a message could leave.
  private static Instant dueSince(Leased row) {
    Instant created = row.createdAt();
    return ((Effect.Send) row.effect()).notBefore().filter(created::isBefore).orElse(created);
  }

  /// Too many requests and an unreachable Twilio pass; an account's trouble is a person's to mend,
  /// and a wrong setting shall lose no message; anything else has a few tries.
  private boolean worthWaiting(Leased row, Failure failure) {
    boolean passes =
        failure.code() == 20429 || failure.code() == 429 || failure.code() == UNREACHABLE;
    boolean mendable =
        failure.reaction() == Reaction.ALERT
            && dueSince(row).plus(LONGEST_WAIT).isAfter(clock.instant());
    if (mendable) {
      alert(row, failure);
    }
    return passes || mendable || row.attempts() < MAX_ATTEMPTS;
  }

  private static void alert(Leased row, Failure failure) {
    LOG.atError()
        .addKeyValue("effect", row.id())
        .addKeyValue("code", failure.code())
        .addKeyValue("refusal", failure.refusal())
        .log("Twilio refuses for a reason that a person must mend");
  }

  private Future<Void> giveUp(Leased row, Effect.Send send, Failure failure) {
    if (failure.reaction() == Reaction.ALERT) {
      alert(row, failure);
    }
    return answers.tell(
        row,
        new Event.SendFailed(
            send.id(),
            failure.code(),
            failure.refusal(),
            failure.message(),
            failure.block(),
            failure.failureClass()));
  }

  private static Duration backoff(int attempts) {
    long bound = Math.min(500L << Math.min(attempts, 10), 60_000);
    return Duration.ofMillis(bound / 2 + ThreadLocalRandom.current().nextLong(bound / 2 + 1));
  }
}
