package io.parley.bench;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// Signed webhooks over HTTP, each answered when its turn is durable: the service as an operator
/// runs it, beside the best batched SQL of the same rows and a bare HTTP server that answers with
/// what it is told. The two that are reached over HTTP are asked by the same customers, over as
/// many connections as requests are under way.
final class Http implements Measure {

  private static final int CONVERSATIONS = 10_000;

  /// @param spent by the process and the server in the round
  private record Round(Load.Tally tally, Ground.Spent spent) {

    /// Of the process and of Postgres.
    double perCore() {
      return perCore(spent.processMicros() + spent.serverMicros());
    }

    double perCoreOfProcess() {
      return perCore(spent.processMicros());
    }

    /// Less than the kernel counts is as much as it counts.
    private double perCore(double micros) {
      return tally.turns() * 1e6 / Math.max(Usage.LEAST_MICROS, micros);
    }

    double perSecond() {
      return tally.perSecond();
    }
  }

  private interface Contestant {
    Round round() throws SQLException;
  }

  @Override
  public List<Figure> measure(Ground ground) throws Exception {
    int conversations = ground.scale().of(CONVERSATIONS);
    Load load = new Load(conversations, ground.scale().inFlight(), ground.scale().round());
    String ours = ground.database();
    String plain = ground.database();
    try (Child texters = texters(ground);
        Service service =
            Service.start(
                Service.over(ground, ours, texters.ask("twilio").getInteger("port")),
                ground.folder());
        Child echo =
            ground.start(
                new Child.Launch("echo", List.of("-Xmx512m"), Echo.class.getName(), List.of()))) {
      int echoPort = echo.ask("port").getInteger("port");
      texters.ask("at " + service.port());
      for (int i = 0; i < 3; i++) {
        texters.ask("touch %d %d".formatted(conversations, ground.scale().warmingUp()));
      }
      Path file = ground.folder().resolve("http-samples.json");
      Samples samples = ground.samples(ours, file);
      try (Child batched = ground.sql(plain, "batched", file)) {
        Contestant parley = () -> asked(ground, texters, load, service.port(), service.pid());
        Contestant sql = () -> round(ground, batched.pid(), () -> batched.ask(load.order()));
        Contestant bare = () -> asked(ground, texters, load, echoPort, echo.pid());
        return figures(rounds(ground, List.of(parley, sql, bare)), samples);
      }
    } finally {
      ground.drop(ours);
      ground.drop(plain);
    }
  }

  /// Those who write.
  static Child texters(Ground ground) {
    return ground.start(
        new Child.Launch("texters", List.of("-Xmx1g"), Texters.class.getName(), List.of()));
  }

  private static Round asked(Ground ground, Child texters, Load load, int port, long process)
      throws SQLException {
    texters.ask("at " + port);
    return round(ground, process, () -> texters.ask(load.order()));
  }

  private static Round round(Ground ground, long process, Supplier<JsonObject> run)
      throws SQLException {
    ground.settle();
    Ground.Spent before = ground.spent(process);
    Load.Tally tally = Load.Tally.of(run.get());
    return new Round(tally, ground.spent(process).since(before));
  }

  /// Interleaved, after one that warms up.
  private static List<List<Round>> rounds(Ground ground, List<Contestant> contestants)
      throws SQLException {
    List<List<Round>> rounds = new ArrayList<>();
    for (Contestant contestant : contestants) {
      contestant.round();
      rounds.add(new ArrayList<>());
    }
    for (int i = 0; i < ground.scale().rounds(); i++) {
      for (int j = 0; j < contestants.size(); j++) {
        Round round = contestants.get(j).round();
        rounds.get(j).add(round);
        ground.say(
            "  round %d  %-9s %,9.0f/s"
                .formatted(i + 1, List.of("parley", "batched", "echo").get(j), round.perSecond()));
      }
    }
    return rounds;
  }

  private static List<Figure> figures(List<List<Round>> rounds, Samples samples) {
    List<Round> parley = rounds.get(0);
    List<Round> batched = rounds.get(1);
    List<Round> echo = rounds.get(2);
    return List.of(
        Figure.of("parley webhooks", median(parley, Round::perSecond), "turns/s")
            .noting(note(parley)),
        Figure.of("batched turns", median(batched, Round::perSecond), "turns/s")
            .noting(samples.describe()),
        Figure.of("echo answers", median(echo, Round::perSecond), "/s").noting(note(echo)),
        Figure.of("parley / batched", ratio(parley, batched, Round::perSecond), "x")
            .towards(Figure.Target.more(0.35, 0.5)),
        Figure.of("parley a core", median(parley, Round::perCore), "turns/s")
            .noting("of the process and of Postgres"),
        Figure.of("echo a core", median(echo, Round::perCoreOfProcess), "/s"),
        Figure.of(
                "parley / echo, a core",
                ratio(parley, Round::perCore, echo, Round::perCoreOfProcess),
                "x")
            .noting("Postgres counts as ours")
            .towards(Figure.Target.more(0.2, 0.3)),
        Figure.of("the same without Postgres", ratio(parley, echo, Round::perCoreOfProcess), "x"));
  }

  private static String note(List<Round> rounds) {
    return "rounds %s; p50 %.0f ms, p99 %.0f ms; %,.0f refused a round"
        .formatted(
            rounds.stream()
                .map(it -> "%,.0f".formatted(it.perSecond()))
                .collect(Collectors.joining(" ")),
            median(rounds, it -> it.tally().p50Millis()),
            median(rounds, it -> it.tally().p99Millis()),
            median(rounds, it -> it.tally().refused()));
  }

  private static double median(List<Round> rounds, ToDoubleFunction<Round> of) {
    return Median.of(each(rounds, of));
  }

  private static double[] each(List<Round> rounds, ToDoubleFunction<Round> of) {
    return rounds.stream().mapToDouble(of).toArray();
  }

  private static double ratio(List<Round> one, List<Round> other, ToDoubleFunction<Round> of) {
    return ratio(one, of, other, of);
  }

  private static double ratio(
      List<Round> one,
      ToDoubleFunction<Round> ofOne,
      List<Round> other,
      ToDoubleFunction<Round> ofOther) {
    return Median.ofRatios(each(one, ofOne), each(other, ofOther));
  }
}
