package io.parley.bench;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What many conversations cost those that are hot, and what it costs when none is: turns a second
/// over 10,000 hot conversations of a crowd beside 10,000 in all, and over the crowd so that each
/// turn finds its conversation cold beside the hot ones of the same crowd.
final class Many implements Measure {

  private static final int HOT = 10_000;

  /// So many turns of each of the hot ones, and as many of cold ones, compile what is measured.
  private static final int TOUCHES = 2;

  /// @param conversations that it goes round
  private record Contestant(String name, Child child, int conversations, List<Load.Tally> rounds) {

    boolean isCold(int hot) {
      return conversations > hot;
    }

    double[] perSecond() {
      return rounds.stream().mapToDouble(Load.Tally::perSecond).toArray();
    }

    String note() {
      return "rounds %s; %,d refused"
          .formatted(
              rounds.stream()
                  .map(it -> "%,.0f".formatted(it.perSecond()))
                  .collect(Collectors.joining(" ")),
              rounds.stream().mapToLong(Load.Tally::refused).sum());
    }
  }

  @Override
  public List<Figure> measure(Ground ground) throws Exception {
    int hot = Math.min(HOT, ground.scale().of(HOT));
    Crowd crowd = ground.crowd();
    String small = ground.database();
    try (Child few = ground.parley(small);
        Child among = ground.parley(crowd.database());
        // Nobody is kept longer than a turn takes.
        Child cold = ground.parley(crowd.database(), "PARLEY_IDLE=1s")) {
      List<Contestant> all =
          List.of(
              new Contestant("in all", few, hot, new ArrayList<>()),
              new Contestant("hot of many", among, hot, new ArrayList<>()),
              new Contestant("cold", cold, crowd.conversations(), new ArrayList<>()));
      for (int i = 0; i < TOUCHES; i++) {
        for (Contestant it : all) {
          int first = it.isCold(hot) ? hot + i * hot : 0;
          it.child().ask("touch %d %d %d".formatted(hot, ground.scale().warmingUp(), first));
        }
      }
      rounds(ground, all, hot);
      return figures(all, crowd);
    } finally {
      ground.drop(small);
    }
  }

  /// Interleaved, after one that warms up. The cold ones go on where the round before has ended,
  /// behind those that are hot.
  private static void rounds(Ground ground, List<Contestant> all, int hot) throws SQLException {
    int next = hot + TOUCHES * hot;
    for (int i = -1; i < ground.scale().rounds(); i++) {
      for (Contestant it : all) {
        ground.settle();
        boolean cold = it.isCold(hot);
        int first = cold ? next : 0;
        int left = cold ? it.conversations() - next : hot;
        Load load =
            new Load(
                left, Math.min(left, ground.scale().inFlight()), ground.scale().round(), first);
        Load.Tally tally = Load.Tally.of(it.child().ask(load.order()));
        if (cold) {
          next += (int) Math.min(left - 1, tally.turns() + tally.refused());
        }
        if (i >= 0) {
          it.rounds().add(tally);
          ground.say(
              "  round %d  %-12s %,9.0f turns/s".formatted(i + 1, it.name(), tally.perSecond()));
        }
      }
    }
  }

  private static List<Figure> figures(List<Contestant> all, Crowd crowd) {
    List<Figure> figures = new ArrayList<>();
    for (Contestant it : all) {
      figures.add(Figure.of(it.name(), Median.of(it.perSecond()), "turns/s").noting(it.note()));
    }
    figures.add(
        Figure.of("hot of many / in all", ratio(all.get(1), all.get(0)), "x")
            .noting(crowd.describe())
            .towards(Figure.Target.more(0.8, 0.95)));
    figures.add(
        Figure.of("cold / hot of many", ratio(all.get(2), all.get(1)), "x")
            .noting(crowd.describe())
            .towards(Figure.Target.more(0.7, 0.85)));
    return figures;
  }

  private static double ratio(Contestant one, Contestant other) {
    return Median.ofRatios(one.perSecond(), other.perSecond());
  }
}
