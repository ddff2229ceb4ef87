package io.parley.loadtest.drive;

import io.parley.loadtest.Colleague;
import io.parley.loadtest.Colleague.Answer;
import io.parley.loadtest.measure.Recorder;
import io.parley.loadtest.profile.Profile.Agents;
import io.parley.loadtest.profile.Thinking;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// People at the desk: each waits to be asked, takes the conversation, thinks, writes, closes it,
/// and waits for the next. How many conversations are under way is up to how fast they are: they
/// are a closed model.
///
/// Each is two virtual threads: one hears what is offered, one works. Safe for any thread.
final class Staff implements AutoCloseable {

  private static final List<String> LINES =
      List.of(
          "Hi, this is the team. How can I help?",
          "It leaves our house tomorrow morning.",
          "Anything else I can do for you?");

  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Agents agents;
  private final Crowd crowd;
  private final Recorder recorder;
  private final HttpClient client;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Colleague> colleagues = new ArrayList<>();
  private final AtomicInteger atWork = new AtomicInteger();
  private volatile boolean closed;

  private Staff(Agents agents, Crowd crowd, Recorder recorder) {
    this.agents = agents;
    this.crowd = crowd;
    this.recorder = recorder;
    this.client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  }

  /// Signs all of them in, and has them wait.
  ///
  /// @throws IOException where somebody cannot sign in
  static Staff come(Agents agents, Ground ground, Crowd crowd, Recorder recorder, long seed)
      throws IOException, InterruptedException {
    Staff staff = new Staff(agents, crowd, recorder);
    String invite =
        ground
            .invite()
            .orElseThrow(
                () ->
                    new IOException(
                        "there are agents, and nobody is invited to the desk: name desk_invite, the"
                            + " link of a user of the role admin"));
    String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    Colleague admin = new Colleague(ground.parley(), "Lead-" + run, staff.client);
    if (!admin.takesInvite(invite)) {
      throw new IOException("the desk does not take the invite: make another, it works once");
    }
    SplittableRandom seeds = new SplittableRandom(seed);
    for (int i = 1; i <= agents.count(); i++) {
      String link = admin.invites("agent");
      Colleague agent = new Colleague(ground.parley(), "Agent-" + i + "-" + run, staff.client);
      if (!agent.takesInvite(link.substring(link.lastIndexOf('/') + 1))) {
        throw new IOException("an agent could not sign in at the desk by " + link);
      }
      staff.colleagues.add(agent);
      staff.begins(agent, seeds.split());
    }
    return staff;
  }

  int count() {
    return colleagues.size();
  }

  private void begins(Colleague agent, SplittableRandom random) {
    BlockingQueue<JsonObject> offers = new LinkedBlockingQueue<>();
    threads.execute(() -> hears(agent, offers));
    threads.execute(() -> works(agent, offers, random));
  }

  private void hears(Colleague agent, BlockingQueue<JsonObject> offers) {
    while (!closed) {
      try {
        agent.is("online");
        agent.listens(
            offer -> {
              crowd.offered(address(offer), System.nanoTime());
              offers.add(offer);
            });
      } catch (IOException _) {
        // Parley is away; the stream is opened again once it is back.
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private static JsonObject row(JsonObject offer) {
    return offer.getJsonObject("row", new JsonObject());
  }

  private static String address(JsonObject offer) {
    return row(offer).getJsonObject("contact", new JsonObject()).getString("address", "");
  }

  private void works(Colleague agent, BlockingQueue<JsonObject> offers, SplittableRandom random) {
    while (!closed) {
      try {
        JsonObject offer = offers.poll(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        if (offer != null) {
          atWork.incrementAndGet();
          try {
            handles(agent, offer, random);
          } finally {
            atWork.decrementAndGet();
          }
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void handles(Colleague agent, JsonObject offer, SplittableRandom random)
      throws InterruptedException {
    String conversation = row(offer).getString("id", "");
    Answer accepted = untilAnswered(() -> agent.accepts(offer.getString("handoff", "")));
    if (!accepted.isDone()) {
      recorder.count("offer not taken: " + accepted.body().getString("reason", ""));
      return;
    }
    recorder.count("handoff taken");
    for (int i = 0; i < agents.replies(); i++) {
      thinks(agents.thinking(), random);
      String line = LINES.get(i % LINES.size());
      Answer written = untilAnswered(() -> agent.writes(conversation, line));
      if (!written.isDone()) {
        recorder.count("agent's message refused: " + written.body().getString("reason", ""));
      }
    }
    thinks(agents.handling(), random);
    Answer done = untilAnswered(() -> agent.closes(conversation, "solved"));
    recorder.count(
        done.isDone()
            ? "handoff closed"
            : "handoff not closed: " + done.body().getString("reason", ""));
  }

  private void thinks(Thinking how, SplittableRandom random) {
    long until = System.nanoTime() + how.draw(random).toNanos();
    while (!closed && System.nanoTime() - until < 0) {
      LockSupport.parkNanos(until - System.nanoTime());
    }
  }

  private interface Request {
    Answer send() throws IOException, InterruptedException;
  }

  /// What is not answered, or with 5xx, is asked again.
  private Answer untilAnswered(Request request) throws InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    Answer last = new Answer(0, new JsonObject().put("reason", "no answer"));
    while (!closed && System.nanoTime() - until < 0) {
      try {
        last = request.send();
        if (last.status() < 500) {
          return last;
        }
      } catch (IOException _) {
        // It is told again.
      }
      recorder.count("agent's request again");
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return last;
  }

  /// Whether nobody has a conversation.
  boolean isIdle() {
    return atWork.get() == 0;
  }

  @Override
  public void close() {
    closed = true;
    threads.shutdownNow();
    client.shutdownNow();
    colleagues.clear();
  }
}
