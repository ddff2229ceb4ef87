package io.parley.verticles;

import io.parley.edge.MessageChannel;
import io.parley.edge.MessageChannel.Lookup;
import io.parley.engine.Effect;
import io.parley.engine.Event;
import io.parley.engine.MessageSid;
import io.parley.store.Outbox;
import io.parley.store.Outbox.Leased;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds out what became of sends whose answer was never stored: looks for them among Twilio's
/// messages, and lets one go again only when Twilio has had time to show it and does not. Confined
/// to its context.
final class InDoubtSweeper extends VerticleBase {

  private static final Duration PERIOD = Duration.ofMillis(250);
  private static final Duration LEASE = Duration.ofSeconds(5);
  private static final int BATCH = 20;
  private static final Logger LOG = LoggerFactory.getLogger(InDoubtSweeper.class);

  private final MessageChannel channel;
  private final Outbox outbox;
  private final SendAnswers answers;
  private final TwilioCourier.Pace pace;
  private final Metrics metrics;

  private final BlockingCalls calls = new BlockingCalls();
  private final Rounds rounds =
      new Rounds(this::sweep, new Complaint(LOG, "sends in doubt cannot be looked up"));

  InDoubtSweeper(
      MessageChannel channel,
      Outbox outbox,
      SendAnswers answers,
      TwilioCourier.Pace pace,
      Metrics metrics) {
    this.channel = channel;
    this.outbox = outbox;
    this.answers = answers;
    this.pace = pace;
    this.metrics = metrics;
  }

  @Override
  public Future<?> start() {
    return rounds.every(PERIOD, vertx);
  }

  @Override
  public Future<?> stop() {
    return rounds.end().onComplete(_ -> calls.close());
  }

  private Future<?> sweep() {
    return outbox
        .leaseInDoubt(BATCH, LEASE.plus(pace.longestRequest()), pace.longestRequest())
        .compose(rows -> Future.join(rows.stream().map(this::reconcile).toList()));
  }

  private Future<Void> reconcile(Leased row) {
    Effect.Send send = (Effect.Send) row.effect();
    Instant since = row.inDoubtSince().orElse(row.createdAt());
    return outbox
        .accounted(row.id().conversation())
        .compose(accounted -> find(send, since, accounted))
        .compose(lookup -> heed(row, send, lookup));
  }

  private Future<Void> heed(Leased row, Effect.Send send, Lookup lookup) {
    return switch (lookup) {
      case Lookup.Found(var sid, var outbound) -> {
        metrics.send("found", "");
        yield answers.tell(row, new Event.SendAccepted(send.id(), sid, outbound));
      }
      case Lookup.NotFound() -> {
        boolean settled = row.inDoubtFor().compareTo(pace.settle()) > 0;
        metrics.send(settled ? "resent" : "not_found", "");
        yield settled
            ? outbox.postpone(row, Duration.ZERO, "Twilio never had it")
            : outbox.keepInDoubt(row, pace.lookUpPause(), "not found yet");
      }
      case Lookup.Unanswered(var why) -> outbox.keepInDoubt(row, pace.lookUpPause(), why);
    };
  }

  private Future<Lookup> find(Effect.Send send, Instant since, Set<MessageSid> accounted) {
    return calls.make(vertx, () -> channel.find(send, since, accounted));
  }
}
