package io.parley.verticles;

import io.parley.edge.Arrival;
import io.parley.edge.Arrival.Source;
import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.Event;
import io.parley.engine.MessageSid;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A quick look at what a turn costs, in one process with a real, durable Postgres: an event on the
/// bus, its step, its commit with dedupe, state and outbox rows, its answer. Run by hand; not a
/// test.
///
/// Arguments: conversations, turns, in flight.
public final class TurnMeasurement {

  private static final String FLOW =
      """
      {"initial_state":"Trigger","states":[
       {"name":"Trigger","type":"trigger","properties":{},"transitions":[
         {"event":"incomingMessage","next":"ask"},{"event":"incomingRequest","next":"ask"}]},
       {"name":"ask","type":"send-and-wait-for-reply",
        "properties":{"from":"{{flow.channel.address}}","timeout":"3600",
                      "body":"You said: {{widgets.check.inbound.Body}}. What else?"},
        "transitions":[{"event":"incomingMessage","next":"split"}]},
       {"name":"split","type":"split-based-on","properties":{"input":"{{widgets.ask.inbound.Body}}"},
        "transitions":[{"event":"noMatch","next":"check"},
         {"event":"match","next":"check","conditions":[{"friendly_name":"x","type":"contains",
          "arguments":["{{widgets.ask.inbound.Body}}"],"value":"ship"}]}]},
       {"name":"check","type":"send-and-wait-for-reply",
        "properties":{"from":"{{flow.channel.address}}","timeout":"3600",
                      "body":"Got it: {{widgets.ask.inbound.Body}}. Right?"},
        "transitions":[{"event":"incomingMessage","next":"ask"}]}]}
      """;
  private static final Address OURS = new Address("+14155550199");

  private TurnMeasurement() {}

  public static void main(String[] arguments) throws Exception {
    int conversations = Integer.parseInt(arguments[0]);
    int turns = Integer.parseInt(arguments[1]);
    int inFlight = Integer.parseInt(arguments[2]);
    Path folder = Files.createTempDirectory("parley-measurement");
    Files.writeString(Files.createDirectory(folder.resolve("flows")).resolve("loop.json"), FLOW);
    long begun = System.nanoTime();
    Settings settings =
        ((Settings.Reading.Usable)
                Settings.read(
                    Map.of(
                        "PARLEY_HTTP_PORT", "0",
                        "PARLEY_IDLE", "1h",
                        "PARLEY_DATA_DIR", folder.resolve("data").toString(),
                        "PARLEY_FLOWS_DIR", folder.resolve("flows").toString(),
                        "PARLEY_FLOW_BINDINGS", OURS + "=loop",
                        "PARLEY_CUSTOMERIO_SITE_ID", "nobody",
                        "PARLEY_CUSTOMERIO_API_KEY", "listens",
                        "PARLEY_CUSTOMERIO_TRACK_URL", "http://127.0.0.1:1")))
            .settings();
    Database database = Database.open(settings);
    Wiring wiring = new Wiring(settings, database.options(), Clock.systemUTC());
    wiring.start().await(60, TimeUnit.SECONDS);
    System.out.printf("started in %d ms%n", (System.nanoTime() - begun) / 1_000_000);

    long empty = heap();
    run(wiring, settings.lanes(), conversations, conversations, inFlight, 0);
    System.out.printf(
        "%d conversations live: %d bytes of heap each, their state among it%n",
        conversations, (heap() - empty) / conversations);
    run(wiring, settings.lanes(), conversations, turns / 4, inFlight, 1_000_000);
    for (int round = 0; round < 3; round++) {
      run(wiring, settings.lanes(), conversations, turns, inFlight, 10_000_000 * (round + 1));
    }
    wiring.stop().await(60, TimeUnit.SECONDS);
    database.close();
    System.exit(0);
  }

  private static void run(
      Wiring wiring, int lanes, int conversations, int turns, int inFlight, int firstSid)
      throws InterruptedException {
    Bus bus = Bus.on(wiring.vertx());
    Semaphore room = new Semaphore(inFlight);
    long[] nanos = new long[turns];
    AtomicInteger refused = new AtomicInteger();
    long begun = System.nanoTime();
    for (int i = 0; i < turns; i++) {
      room.acquire();
      int index = i;
      long at = System.nanoTime();
      Arrival arrival = reply(i % conversations, firstSid + i);
      ConversationId id = arrival.conversation();
      bus.<Decision>request(Bus.switchboard(Bus.lane(id, lanes)), arrival, Duration.ofSeconds(30))
          .onComplete(
              decision -> {
                nanos[index] = System.nanoTime() - at;
                if (decision.failed()
                    || !(decision.result() instanceof Decision.Taken taken)
                    || taken.refusal().isPresent()) {
                  refused.incrementAndGet();
                }
                room.release();
              });
    }
    room.acquire(inFlight);
    double seconds = (System.nanoTime() - begun) / 1e9;
    Arrays.sort(nanos);
    System.out.printf(
        "%d turns, %d in flight: %.0f turns/s, p50 %.1f ms, p99 %.1f ms, refused %d%n",
        turns,
        inFlight,
        turns / seconds,
        nanos[turns / 2] / 1e6,
        nanos[(int) (turns * 0.99)] / 1e6,
        refused.get());
  }

  private static Arrival reply(int customer, int sid) {
    Address theirs = new Address("+1212%07d".formatted(customer));
    Values parameters =
        new Values(
            Map.of(
                "Body",
                "how long does shipping take, message " + sid,
                "From",
                theirs.value(),
                "To",
                OURS.value(),
                "MessageSid",
                "SM" + sid,
                "NumMedia",
                "0"));
    io.parley.engine.FlowRef flow =
        new io.parley.engine.FlowRef(io.parley.engine.FlowSid.named("loop"), "loop", 1);
    return new Arrival(
        Source.TWILIO_MESSAGE,
        "SM" + sid,
        Optional.empty(),
        new ThreadId(OURS, theirs),
        new Event.ReplyReceived(
            new MessageSid("SM" + sid), parameters, List.of(), "", Optional.of(flow)),
        Instant.now());
  }

  private static long heap() {
    System.gc();
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
