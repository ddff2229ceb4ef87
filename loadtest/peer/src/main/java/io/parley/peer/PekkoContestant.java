package io.parley.peer;

import com.typesafe.config.ConfigFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;

/// Pekko as a contestant: takes an order a line and answers each by a line that begins with `@` and
/// holds a JSON object.
///
/// Orders: `touch CONVERSATIONS IN_FLIGHT` brings each conversation one reply; `run CONVERSATIONS
/// IN_FLIGHT MILLIS` brings them replies in turn, each when an earlier one is durable.
public final class PekkoContestant {

  private static final int DRIVERS = 2;
  private static final long PATIENCE_SECONDS = 600;
  private static final String SCHEMA = "/schema/postgres/postgres-create-schema.sql";

  private final ActorSystem<SpawnProtocol.Command> system;
  private final ActorRef<ShardingEnvelope<Entity.Reply>> region;
  private final String event;

  private PekkoContestant(
      ActorSystem<SpawnProtocol.Command> system,
      ActorRef<ShardingEnvelope<Entity.Reply>> region,
      String event) {
    this.system = system;
    this.region = region;
    this.event = event;
  }

  /// Arguments: the database's JDBC URL without a user, how many bytes an event has.
  public static void main(String[] arguments) throws Exception {
    PrintStream answers = System.out;
    System.setOut(System.err);
    createTables(arguments[0]);
    PekkoContestant contestant = start(arguments[0], Integer.parseInt(arguments[1]));
    answers.println("@{}");
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String order = next(orders); order != null; order = next(orders)) {
      answers.println("@" + contestant.obey(order.split(" ", -1)));
    }
    contestant.system.terminate();
    System.exit(0);
  }

  private static String next(BufferedReader orders) throws IOException {
    return orders.readLine();
  }

  private static void createTables(String url) throws IOException, SQLException {
    try (InputStream schema = PekkoContestant.class.getResourceAsStream(SCHEMA);
        Connection connection = DriverManager.getConnection(url, "postgres", "postgres");
        Statement statement = connection.createStatement()) {
      if (schema == null) {
        throw new IOException(SCHEMA + " is not on the class path");
      }
      String script = new String(schema.readAllBytes(), StandardCharsets.UTF_8);
      for (String sql : script.split(";", -1)) {
        if (!sql.isBlank()) {
          statement.execute(sql);
        }
      }
    }
  }

  private static PekkoContestant start(String url, int bytes) {
    ActorSystem<SpawnProtocol.Command> system =
        ActorSystem.create(
            SpawnProtocol.create(),
            "peer",
            ConfigFactory.parseMap(Map.of("peer.slick.db.url", url))
                .withFallback(ConfigFactory.parseResources("peer.conf"))
                .withFallback(ConfigFactory.load())
                .resolve());
    Cluster cluster = Cluster.get(system);
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    EntityTypeKey<Entity.Reply> type = EntityTypeKey.create(Entity.Reply.class, "conversation");
    ActorRef<ShardingEnvelope<Entity.Reply>> region =
        ClusterSharding.get(system)
            .init(
                org.apache.pekko.cluster.sharding.typed.javadsl.Entity.of(
                    type, context -> Entity.of(context.getEntityId())));
    Random random = new Random(1);
    String event =
        random
            .ints(bytes, 'a', 'z' + 1)
            .mapToObj(Character::toString)
            .collect(Collectors.joining());
    return new PekkoContestant(system, region, event);
  }

  private String obey(String[] words) throws Exception {
    int conversations = Integer.parseInt(words[1]);
    int inFlight = Integer.parseInt(words[2]);
    AtomicLong turns = new AtomicLong();
    return switch (words[0]) {
      case "touch" ->
          drive(
              Math.min(inFlight, conversations),
              conversations,
              turns,
              () -> turns.get() < conversations);
      case "run" -> {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Long.parseLong(words[3]));
        yield drive(inFlight, conversations, turns, () -> System.nanoTime() < end);
      }
      default -> throw new IllegalArgumentException(words[0]);
    };
  }

  private String drive(int inFlight, int conversations, AtomicLong turns, BooleanSupplier goesOn)
      throws Exception {
    Histogram latencies = new ConcurrentHistogram(3);
    long begun = System.nanoTime();
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < DRIVERS; i++) {
      Customers.Plan plan =
          new Customers.Plan(
              (inFlight + i) / DRIVERS,
              goesOn,
              () -> (int) (turns.getAndIncrement() % conversations),
              event);
      CompletableFuture<Void> done = new CompletableFuture<>();
      all.add(done);
      AskPattern.<SpawnProtocol.Command, ActorRef<Customers.Message>>ask(
          system,
          replyTo ->
              new SpawnProtocol.Spawn<>(
                  Customers.of(plan, region, latencies, done), "", Props.empty(), replyTo),
          java.time.Duration.ofSeconds(30),
          system.scheduler());
    }
    for (CompletableFuture<Void> done : all) {
      done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
    return "{\"turns\":%d,\"nanos\":%d,\"p50\":%s,\"p99\":%s}"
        .formatted(
            latencies.getTotalCount(),
            System.nanoTime() - begun,
            latencies.getValueAtPercentile(50) / 1e6,
            latencies.getValueAtPercentile(99) / 1e6);
  }
}
