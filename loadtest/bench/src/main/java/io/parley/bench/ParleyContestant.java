package io.parley.bench;

import io.parley.verticles.Parley;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/// Parley as a contestant: the whole service in a process, fed over the event bus as its edges feed
/// it, from its own event loops.
///
/// Orders: `touch CONVERSATIONS IN_FLIGHT [FIRST]` brings each conversation one reply; `run
/// CONVERSATIONS IN_FLIGHT MILLIS FIRST` brings them replies in turn, each when an earlier one is
/// answered; `open CONVERSATIONS RATE MILLIS` brings so many a second, whether earlier ones are
/// answered or not; `repeat CONVERSATIONS IN_FLIGHT FIRST` brings each the same reply as the last
/// time, so that what is in memory is what was read. `heap` answers what is used of it after a
/// collection, `states CONVERSATIONS` what so many states take of it by themselves, `live` how many
/// conversations are in memory.
public final class ParleyContestant implements Orders.Obedient, AutoCloseable {

  private static final int DRIVERS = 2;
  private static final long PATIENCE_SECONDS = 600;

  /// Between two starts of this process lie more nanoseconds than replies.
  private final Replies replies = Replies.from(System.nanoTime());

  private final Parley parley;
  private final Memory memory;

  private ParleyContestant(Parley parley, Memory memory) {
    this.parley = parley;
    this.memory = memory;
  }

  /// Arguments: the database's URL, a folder, settings as `NAME=value`.
  public static void main(String[] arguments) throws Exception {
    Map<String, String> beside = new TreeMap<>();
    for (String setting : List.of(arguments).subList(2, arguments.length)) {
      int equals = setting.indexOf('=');
      beside.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
    try (ParleyContestant contestant = start(arguments[0], Path.of(arguments[1]), beside)) {
      Orders.obey(contestant);
    }
    System.exit(0);
  }

  /// @param beside settings beside those of every measure
  static ParleyContestant start(String url, Path folder, Map<String, String> beside)
      throws IOException, TimeoutException {
    Map<String, String> settings = Settings.of(url, folder);
    settings.putAll(beside);
    return new ParleyContestant(Parley.start(settings), new Memory(url));
  }

  @Override
  public JsonObject obey(String[] words) throws Exception {
    return switch (words[0]) {
      case "touch" ->
          touch(
                  replies,
                  Integer.parseInt(words[1]),
                  Integer.parseInt(words[2]),
                  words.length > 3 ? Integer.parseInt(words[3]) : 0)
              .json();
      case "run" -> run(Load.of(words)).json();
      case "open" -> open(Load.of(words)).json();
      case "repeat" ->
          touch(
                  Replies.repeated(),
                  Integer.parseInt(words[1]),
                  Integer.parseInt(words[2]),
                  Integer.parseInt(words[3]))
              .json();
      case "heap" -> new JsonObject().put("bytes", memory.used());
      case "states" -> memory.ofStates(Integer.parseInt(words[1]));
      case "live" -> new JsonObject().put("live", live());
      default -> throw new IllegalArgumentException(words[0]);
    };
  }

  /// As the service tells those who operate it.
  private long live() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(Webhook.url(parley.port()) + "/metrics")).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(request, BodyHandlers.ofLines())
          .body()
          .filter(line -> line.startsWith("parley_conversations_live"))
          .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("it is not told how many are live"));
    }
  }

  private Load.Tally touch(Replies said, int conversations, int inFlight, int first)
      throws Exception {
    AtomicLong turns = new AtomicLong();
    return drive(
        said,
        Math.min(inFlight, conversations),
        () -> turns.get() < conversations,
        () -> first + (int) (turns.getAndIncrement() % conversations));
  }

  private Load.Tally run(Load load) throws Exception {
    AtomicLong turns = new AtomicLong();
    long end = System.nanoTime() + load.time().toNanos();
    return drive(
        replies,
        load.inFlight(),
        () -> System.nanoTime() < end,
        () -> load.first() + (int) (turns.getAndIncrement() % load.conversations()));
  }

  /// @param load its `inFlight` is the rate
  private Load.Tally open(Load load) throws Exception {
    long begun = System.nanoTime();
    Arrivals arrivals = new Arrivals(parley, replies, load, begun);
    parley.vertx().deployVerticle(arrivals).await();
    arrivals.done().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return Load.Tally.of(arrivals.latencies(), System.nanoTime() - begun, arrivals.refused());
  }

  /// Brings replies at the times at which they are due; a latency counts from then, so that what
  /// comes late to be brought counts as late. Confined to its context.
  private static final class Arrivals extends VerticleBase {
    private final Parley parley;
    private final Replies replies;
    private final Load load;
    private final long begun;
    private final Histogram latencies = new Histogram(3);
    private final Promise<Void> done = Promise.promise();
    private long brought;
    private long underWay;
    private long refused;

    Arrivals(Parley parley, Replies replies, Load load, long begun) {
      this.parley = parley;
      this.replies = replies;
      this.load = load;
      this.begun = begun;
    }

    Future<Void> done() {
      return done.future();
    }

    /// To be read when it is done.
    Histogram latencies() {
      return latencies;
    }

    /// The same.
    long refused() {
      return refused;
    }

    @Override
    public Future<?> start() {
      vertx.setPeriodic(1, this::bringDue);
      return Future.succeededFuture();
    }

    private void bringDue(long timer) {
      long now = System.nanoTime() - begun;
      if (now >= load.time().toNanos()) {
        vertx.cancelTimer(timer);
        if (underWay == 0) {
          done.tryComplete();
        }
        return;
      }
      while (due(brought) <= now) {
        bring(begun + due(brought));
        brought++;
      }
    }

    private long due(long reply) {
      return reply * 1_000_000_000L / load.inFlight();
    }

    private void bring(long intended) {
      underWay++;
      parley
          .bring(replies.of((int) (brought % load.conversations())))
          .onComplete(
              turn -> {
                underWay--;
                long now = System.nanoTime();
                if (turn.succeeded()) {
                  latencies.recordValue(now - intended);
                } else {
                  refused++;
                }
                if (underWay == 0 && now - begun >= load.time().toNanos()) {
                  done.tryComplete();
                }
              });
    }
  }

  /// @param goesOn whether another reply is to be brought
  /// @param customers whose
  private Load.Tally drive(
      Replies said, int inFlight, BooleanSupplier goesOn, IntSupplier customers) throws Exception {
    Histogram latencies = new ConcurrentHistogram(3);
    long begun = System.nanoTime();
    List<Driver> drivers = new ArrayList<>();
    for (int i = 0; i < DRIVERS; i++) {
      int share = (inFlight + i) / DRIVERS;
      Driver driver = new Driver(parley, said, share, goesOn, customers, latencies);
      parley.vertx().deployVerticle(driver).await();
      drivers.add(driver);
    }
    long refused = 0;
    for (Driver driver : drivers) {
      refused += driver.done().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
    return Load.Tally.of(latencies, System.nanoTime() - begun, refused);
  }

  /// Keeps so many replies under way. Confined to its context.
  private static final class Driver extends VerticleBase {
    private final Parley parley;
    private final Replies replies;
    private final int share;
    private final BooleanSupplier goesOn;
    private final IntSupplier customers;
    private final Histogram latencies;
    private final Promise<Long> done = Promise.promise();
    private long refused;
    private int underWay;

    Driver(
        Parley parley,
        Replies replies,
        int share,
        BooleanSupplier goesOn,
        IntSupplier customers,
        Histogram latencies) {
      this.parley = parley;
      this.replies = replies;
      this.share = share;
      this.goesOn = goesOn;
      this.customers = customers;
      this.latencies = latencies;
    }

    /// Completes with how many replies were refused.
    Future<Long> done() {
      return done.future();
    }

    @Override
    public Future<?> start() {
      underWay = share;
      for (int i = 0; i < share; i++) {
        next();
      }
      if (share == 0) {
        done.complete(refused);
      }
      return Future.succeededFuture();
    }

    private void next() {
      if (!goesOn.getAsBoolean()) {
        if (--underWay == 0) {
          done.tryComplete(refused);
        }
        return;
      }
      long begun = System.nanoTime();
      parley
          .bring(replies.of(customers.getAsInt()))
          .onComplete(
              turn -> {
                if (turn.succeeded()) {
                  latencies.recordValue(System.nanoTime() - begun);
                } else {
                  refused++;
                }
                next();
              });
    }
  }

  @Override
  public void close() {
    parley.close();
  }
}
