package io.parley.loadtest.drive;

import io.parley.loadtest.measure.Recorder;
import io.parley.loadtest.profile.Profile.Agents;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Agents of a closed model: each takes what the desk offers, thinks, writes, closes, and only then
/// is free for the next.
final class Staff implements AutoCloseable {

  private static final Duration AGAIN = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int TRIES = 120;

  private final Ground ground;
  private final Agents agents;
  private final Crowd crowd;
  private final Recorder recorder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger handled = new AtomicInteger();
  private volatile boolean closed;

  private Staff(Ground ground, Agents agents, Crowd crowd, Recorder recorder) {
    this.ground = ground;
    this.agents = agents;
    this.crowd = crowd;
    this.recorder = recorder;
  }

  /// Signs everybody in, and returns when they are at their desks.
  static Staff start(Ground ground, Agents agents, long seed, Crowd crowd, Recorder recorder)
      throws IOException, InterruptedException {
    Staff staff = new Staff(ground, agents, crowd, recorder);
    DeskClient admin = new DeskClient(staff.client, ground.parley());
    admin.join(staff.awaitInvite(), "agent-1");
    List<DeskClient> desks = new ArrayList<>(List.of(admin));
    for (int i = 2; i <= agents.count(); i++) {
      DeskClient next = new DeskClient(staff.client, ground.parley());
      next.join(invited(admin), "agent-" + i);
      desks.add(next);
    }
    SplittableRandom random = new SplittableRandom(seed + 2);
    for (DeskClient desk : desks) {
      desk.tell("me/status", new JsonObject().put("status", "online"));
      Agent agent = staff.new Agent(desk, random.split());
      staff.threads.execute(agent::listen);
      staff.threads.execute(agent::work);
    }
    return staff;
  }

  private String awaitInvite() throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<String> invite = ground.invite();
      if (invite.isPresent()) {
        return invite.get();
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    throw new IOException(
        "there is no link by which an agent could sign in: give target.running.desk_invite, or"
            + " leave the agents out");
  }

  private static String invited(DeskClient admin) throws IOException, InterruptedException {
    String url =
        admin
            .tell("users", new JsonObject().put("role", "agent"))
            .body()
            .getJsonObject("invite", new JsonObject())
            .getString("url", "");
    return url.substring(url.lastIndexOf('/') + 1);
  }

  /// How many conversations have been closed.
  int handled() {
    return handled.get();
  }

  private record Offer(String handoff, String conversation, String address) {

    static Offer of(String handoff, JsonObject row) {
      return new Offer(
          handoff, row.getString("id"), row.getJsonObject("contact").getString("address"));
    }
  }

  /// Somebody at a desk.
  private final class Agent {

    private final DeskClient desk;
    private final SplittableRandom random;
    private final BlockingQueue<Offer> offers = new LinkedBlockingQueue<>();
    private int drafts;

    private Agent(DeskClient desk, SplittableRandom random) {
      this.desk = desk;
      this.random = random;
    }

    // ---- what is offered

    private void listen() {
      while (!closed) {
        try (Stream<String> lines = desk.events()) {
          offeredMeanwhile();
          Hearing hearing = new Hearing();
          lines.forEach(hearing::line);
        } catch (IOException | UncheckedIOException _) {
          recorder.count("desk stream opened again");
        } catch (InterruptedException _) {
          return;
        }
        LockSupport.parkNanos(AGAIN.toNanos());
      }
    }

    private void offeredMeanwhile() throws IOException, InterruptedException {
      JsonArray rows =
          desk.get("conversations?folder=unassigned&limit=100")
              .body()
              .getJsonArray("rows", new JsonArray());
      IntStream.range(0, rows.size())
          .mapToObj(rows::getJsonObject)
          .filter(row -> String.valueOf(row.getValue("offered_to")).contains(desk.id()))
          .forEach(row -> offered(Offer.of(row.getString("handoff"), row)));
    }

    private void offered(Offer offer) {
      crowd.offered(offer.address(), System.nanoTime());
      offers.add(offer);
    }

    /// Server-sent events, of which only offers are of interest.
    private final class Hearing {

      private String event = "";

      private void line(String line) {
        if (line.startsWith("event:")) {
          event = line.substring("event:".length()).strip();
        } else if (line.startsWith("data:") && event.equals("offer")) {
          JsonObject offer = new JsonObject(line.substring("data:".length()));
          offered(Offer.of(offer.getString("handoff"), offer.getJsonObject("row")));
        }
      }
    }

    // ---- what is done with it

    private void work() {
      while (!closed) {
        try {
          Offer offer = offers.poll(1, TimeUnit.SECONDS);
          if (offer != null && accept(offer)) {
            serve(offer.conversation());
          }
        } catch (InterruptedException _) {
          return;
        }
      }
    }

    private boolean accept(Offer offer) throws InterruptedException {
      boolean taken = tell("offers/" + offer.handoff() + "/accept", new JsonObject());
      recorder.count(taken ? "offer accepted" : "offer over");
      return taken;
    }

    private void serve(String conversation) throws InterruptedException {
      for (int i = 0; i < agents.replies(); i++) {
        pause(agents.thinking().draw(random));
        String draft = desk.id() + "-" + ++drafts;
        boolean said =
            tell(
                "conversations/" + conversation + "/messages",
                new JsonObject().put("draft", draft).put("text", "Hi, I am here. Let me look."));
        recorder.count(said ? "agent wrote" : "agent was refused");
      }
      pause(agents.handling().draw(random));
      if (tell(
          "conversations/" + conversation + "/close",
          new JsonObject().put("disposition", "solved"))) {
        handled.incrementAndGet();
        recorder.count("agent closed");
      }
    }

    /// Tells the desk until it answers; whether it agrees.
    private boolean tell(String path, JsonObject body) throws InterruptedException {
      for (int i = 0; i < TRIES && !closed; i++) {
        try {
          DeskClient.Answer answer = desk.tell(path, body);
          if (answer.status() / 100 != 5) {
            return answer.isDone();
          }
        } catch (IOException _) {
          recorder.count("desk asked again");
        }
        pause(AGAIN);
      }
      return false;
    }

    private static void pause(Duration time) throws InterruptedException {
      Thread.sleep(time);
    }
  }

  @Override
  public void close() {
    closed = true;
    threads.shutdownNow();
    client.shutdownNow();
  }
}
