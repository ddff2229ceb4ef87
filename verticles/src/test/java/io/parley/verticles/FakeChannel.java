package io.parley.verticles;

import io.parley.edge.MessageChannel;
import io.parley.engine.Effect;
import io.parley.engine.FailureClass;
import io.parley.engine.MessageSid;
import io.parley.engine.Values;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A provider in memory: takes messages, remembers them, and finds them again. What is out of the
/// ordinary is put in line with [#next]; the line empties from the front, one request at a time.
final class FakeChannel implements MessageChannel {

  /// What becomes of a request.
  enum Fate {
    TAKEN,
    TOO_MANY_REQUESTS,
    UNREACHABLE_RECIPIENT,
    /// Free text on WhatsApp, to somebody who has not written for a day.
    OUTSIDE_WINDOW,
    /// Never sent: the provider cannot be reached.
    NO_CONNECTION,
    /// Taken, though the answer is lost.
    TAKEN_UNHEARD,
    /// Lost on the way, and so is the answer.
    LOST
  }

  /// @param nanos when the request arrived, by [System#nanoTime]
  record Request(Effect.Send send, Fate fate, long nanos) {}

  private record Message(MessageSid sid, Effect.Send send) {}

  private final List<Request> requests = new ArrayList<>();
  private final List<Message> taken = new ArrayList<>();
  private final Queue<Fate> line = new ArrayDeque<>();
  private Fate usual = Fate.TAKEN;
  private int segments = 1;
  private int forgotten;
  private CountDownLatch gate = new CountDownLatch(0);

  synchronized void next(Fate... fates) {
    line.addAll(List.of(fates));
  }

  synchronized void usually(Fate fate) {
    usual = fate;
  }

  synchronized void segmentsOfEach(int count) {
    segments = count;
  }

  /// Requests arrive, but are answered only after [#open].
  synchronized void shut() {
    gate = new CountDownLatch(1);
  }

  synchronized void open() {
    gate.countDown();
  }

  synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  /// Lets what was taken so far be history.
  synchronized void forget() {
    forgotten = taken.size();
  }

  /// The texts that were taken, in order, without those forgotten.
  synchronized List<String> texts() {
    return taken.stream().skip(forgotten).map(message -> text(message.send())).toList();
  }

  synchronized List<MessageSid> sids() {
    return taken.stream().map(Message::sid).toList();
  }

  synchronized List<Effect.Send> sends() {
    return taken.stream().map(Message::send).toList();
  }

  static String text(Effect.Send send) {
    return switch (send.content()) {
      case Effect.Content.Text(var body, var _) -> body;
      case Effect.Content.Template(var sid, var _) -> sid;
    };
  }

  @Override
  public Answer send(Effect.Send send) {
    CountDownLatch closed;
    Fate fate;
    synchronized (this) {
      fate = line.isEmpty() ? usual : line.remove();
      requests.add(new Request(send, fate, System.nanoTime()));
      closed = gate;
    }
    pass(closed);
    return answer(send, fate);
  }

  private static void pass(CountDownLatch gate) {
    try {
      if (!gate.await(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the gate was never opened");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private synchronized Answer answer(Effect.Send send, Fate fate) {
    return switch (fate) {
      case TAKEN -> accepted(take(send));
      case TOO_MANY_REQUESTS ->
          new Answer.Postponed(
              new Failure(
                  20429, "too_many_requests", "slow down", Reaction.RETRY, FailureClass.RATE),
              Optional.of(Duration.ofMillis(50)));
      case UNREACHABLE_RECIPIENT ->
          new Answer.Rejected(
              new Failure(
                  21211,
                  "invalid_recipient",
                  "no such number",
                  Reaction.SUPPRESS,
                  FailureClass.UNDELIVERABLE));
      case OUTSIDE_WINDOW ->
          new Answer.Rejected(
              new Failure(
                  63016,
                  "outside_window",
                  "needs a template",
                  Reaction.GIVE_UP,
                  FailureClass.CONTENT));
      case NO_CONNECTION ->
          new Answer.Postponed(
              new Failure(
                  0,
                  "twilio_unreachable",
                  "connection refused",
                  Reaction.RETRY,
                  FailureClass.OUTAGE),
              Optional.of(Duration.ofMillis(50)));
      case TAKEN_UNHEARD -> {
        take(send);
        yield new Answer.InDoubt("the answer was lost");
      }
      case LOST -> new Answer.InDoubt("the request was lost");
    };
  }

  private Message take(Effect.Send send) {
    Message message = new Message(new MessageSid("SM%032d".formatted(taken.size() + 1)), send);
    taken.add(message);
    return message;
  }

  private static Answer.Accepted accepted(Message message) {
    return new Answer.Accepted(message.sid(), outbound(message));
  }

  private static Values outbound(Message message) {
    return Values.of("Sid", message.sid().value()).with("Status", "queued");
  }

  @Override
  public synchronized Lookup find(Effect.Send send, Instant since, Set<MessageSid> accounted) {
    return taken.stream()
        .filter(message -> !accounted.contains(message.sid()))
        .filter(message -> message.send().to().equals(send.to()))
        .filter(message -> message.send().content().equals(send.content()))
        .<Lookup>map(message -> new Lookup.Found(message.sid(), outbound(message)))
        .findFirst()
        .orElseGet(Lookup.NotFound::new);
  }

  @Override
  public synchronized int segments(Effect.Send send) {
    return segments;
  }
}
