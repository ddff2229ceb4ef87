package io.parley.bench;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// Durable turns a second: Parley from the event on the bus to the committed turn, beside plain SQL
/// that writes the same rows, and beside Apache Pekko, which journals an event of the same size and
/// nothing else. All on one server, in interleaved rounds, each contestant in a process and a
/// database of its own; of each the processor time and the write-ahead log a turn.
final class Turns implements Measure {

  private static final int CONVERSATIONS = 10_000;

  /// What each must have written before it is measured: rounds that begin with an empty table and
  /// a cold compiler measure those.
  private static final int WARM_UP_ROUNDS = 1;

  private record Contestant(String name, String database, Child child, List<Round> rounds) {}

  /// @param spent by all in the round
  private record Round(Load.Tally tally, Ground.Spent spent) {

    double perTurn(double all) {
      return all / tally.turns();
    }
  }

  @Override
  public List<Figure> measure(Ground ground) throws Exception {
    int conversations = ground.scale().of(CONVERSATIONS);
    List<Contestant> contestants = new ArrayList<>();
    try {
      Contestant parley = parley(ground);
      contestants.add(parley);
      // Three turns each: the first has rows that no later one has, the second no timer behind it.
      for (int i = 0; i < 3; i++) {
        parley.child().ask("touch %d %d".formatted(conversations, ground.scale().warmingUp()));
      }
      Path file = ground.folder().resolve("samples.json");
      Samples samples = ground.samples(parley.database(), file);
      for (String form : List.of("separate", "function", "batched")) {
        contestants.add(sql(ground, form, file));
      }
      Contestant pekko = pekko(ground, samples.bytes());
      contestants.add(pekko);
      pekko.child().ask("touch %d %d".formatted(conversations, ground.scale().warmingUp()));
      Load load = new Load(conversations, ground.scale().inFlight(), ground.scale().round());
      for (int i = 0; i < WARM_UP_ROUNDS; i++) {
        for (Contestant contestant : contestants) {
          round(ground, contestant, load);
        }
      }
      for (int i = 0; i < ground.scale().rounds(); i++) {
        for (Contestant contestant : contestants) {
          Round round = round(ground, contestant, load);
          contestant.rounds().add(round);
          ground.say(
              "  round %d  %-9s %,9.0f turns/s"
                  .formatted(i + 1, contestant.name(), round.tally().perSecond()));
        }
      }
      return figures(contestants, samples);
    } finally {
      for (Contestant contestant : contestants) {
        contestant.child().close();
        ground.drop(contestant.database());
      }
    }
  }

  private static Contestant parley(Ground ground) throws SQLException {
    String database = ground.database();
    return contestant("parley", database, ground.parley(database));
  }

  private static Contestant sql(Ground ground, String form, Path samples) throws SQLException {
    String database = ground.database();
    return contestant(form, database, ground.sql(database, form, samples));
  }

  private static Contestant pekko(Ground ground, int bytes) throws SQLException {
    String database = ground.database();
    return contestant(
        "pekko",
        database,
        ground.start(
            new Child.Launch(
                "pekko",
                Child.HEAP,
                "io.parley.peer.PekkoContestant",
                List.of(ground.jdbcUrl(database), String.valueOf(bytes)))));
  }

  private static Contestant contestant(String name, String database, Child child) {
    return new Contestant(name, database, child, new ArrayList<>());
  }

  private static Round round(Ground ground, Contestant contestant, Load load) throws SQLException {
    ground.settle();
    Ground.Spent before = ground.spent(contestant.child());
    Load.Tally tally = Load.Tally.of(contestant.child().ask(load.order()));
    return new Round(tally, ground.spent(contestant.child()).since(before));
  }

  private static List<Figure> figures(List<Contestant> contestants, Samples samples) {
    Contestant parley = contestants.getFirst();
    List<Figure> figures = new ArrayList<>();
    for (Contestant it : contestants) {
      figures.add(
          Figure.of(it.name() + " turns", median(it, round -> round.tally().perSecond()), "turns/s")
              .noting(
                  "rounds %s; p50 %.0f ms, p99 %.0f ms; %,.0f refused a round"
                      .formatted(
                          rounds(it),
                          median(it, round -> round.tally().p50Millis()),
                          median(it, round -> round.tally().p99Millis()),
                          median(it, round -> round.tally().refused()))));
    }
    for (Contestant it : contestants.subList(1, contestants.size())) {
      Figure ratio = Figure.of("parley / " + it.name(), ratio(parley, it), "x");
      figures.add(target(it.name()).map(ratio::towards).orElse(ratio));
    }
    for (Contestant it : contestants) {
      double process = median(it, round -> round.perTurn(round.spent().processMicros()));
      double server = median(it, round -> round.perTurn(round.spent().serverMicros()));
      Figure cpu =
          Figure.of(it.name() + " CPU a turn", process + server, "us")
              .noting("process %.0f, Postgres %.0f".formatted(process, server));
      Figure log =
          Figure.of(
                  it.name() + " WAL a turn",
                  median(it, round -> round.perTurn((double) round.spent().logBytes())),
                  "bytes")
              .noting(
                  "%.3f whole pages a turn"
                      .formatted(
                          median(it, round -> round.perTurn((double) round.spent().pages()))));
      boolean ours = it.name().equals(parley.name());
      figures.add(ours ? cpu.towards(Figure.Target.less(110, 80)) : cpu);
      figures.add(ours ? log.towards(Figure.Target.less(2_300, 1_500)) : log);
    }
    figures.add(
        Figure.of("text of a turn's own row", samples.bytes(), "bytes").noting(samples.describe()));
    return figures;
  }

  private static Optional<Figure.Target> target(String name) {
    return switch (name) {
      case "separate" -> Optional.of(Figure.Target.more(8, 12));
      case "function" -> Optional.of(Figure.Target.more(5, 7));
      case "batched" -> Optional.of(Figure.Target.more(0.6, 0.9));
      case "pekko" -> Optional.of(Figure.Target.more(1, 1.5));
      default -> Optional.empty();
    };
  }

  private static double median(Contestant contestant, ToDoubleFunction<Round> of) {
    return Median.of(each(contestant, of));
  }

  private static double[] each(Contestant contestant, ToDoubleFunction<Round> of) {
    return contestant.rounds().stream().mapToDouble(of).toArray();
  }

  private static double ratio(Contestant one, Contestant other) {
    return Median.ofRatios(
        each(one, round -> round.tally().perSecond()),
        each(other, round -> round.tally().perSecond()));
  }

  private static String rounds(Contestant contestant) {
    return contestant.rounds().stream()
        .map(round -> "%,.0f".formatted(round.tally().perSecond()))
        .collect(java.util.stream.Collectors.joining(" "));
  }
}
