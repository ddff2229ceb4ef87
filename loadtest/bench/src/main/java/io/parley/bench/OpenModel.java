package io.parley.bench;

import java.util.ArrayList;
import java.util.List;

/// How long a turn takes where customers do not wait for each other: so many replies a second, each
/// counted from the time at which it was due. Says something on a quiet machine only.
final class OpenModel implements Measure {

  private static final int CONVERSATIONS = 10_000;
  private static final List<Integer> RATES = List.of(1_000, 6_000);

  @Override
  public List<Figure> measure(Ground ground) throws Exception {
    int conversations = ground.scale().of(CONVERSATIONS);
    String database = ground.database();
    List<Figure> figures = new ArrayList<>();
    try (Child parley = ground.parley(database)) {
      parley.ask("touch %d %d".formatted(conversations, ground.scale().warmingUp()));
      parley.ask(
          new Load(conversations, ground.scale().inFlight(), ground.scale().round()).order());
      for (int rate : RATES) {
        figures.addAll(at(ground, parley, Math.min(rate, ground.scale().of(rate)), conversations));
      }
    } finally {
      ground.drop(database);
    }
    return figures;
  }

  private static List<Figure> at(Ground ground, Child parley, int rate, int conversations)
      throws Exception {
    List<Load.Tally> rounds = new ArrayList<>();
    String order =
        "open %d %d %d".formatted(conversations, rate, ground.scale().round().toMillis());
    for (int i = 0; i < ground.scale().rounds(); i++) {
      ground.settle();
      rounds.add(Load.Tally.of(parley.ask(order)));
    }
    boolean light = rate <= 1_000;
    Figure p50 =
        Figure.of(
            "p50 at %,d/s".formatted(rate),
            Median.of(rounds.stream().mapToDouble(Load.Tally::p50Millis).toArray()),
            "ms");
    Figure p99 =
        Figure.of(
                "p99 at %,d/s".formatted(rate),
                Median.of(rounds.stream().mapToDouble(Load.Tally::p99Millis).toArray()),
                "ms")
            .noting(
                "achieved %,.0f/s; %,d refused"
                    .formatted(
                        Median.of(rounds.stream().mapToDouble(Load.Tally::perSecond).toArray()),
                        rounds.stream().mapToLong(Load.Tally::refused).sum()));
    return List.of(
        light ? p50.towards(Figure.Target.less(2, 1.5)) : p50,
        p99.towards(light ? Figure.Target.less(10, 8) : Figure.Target.less(20, 10)));
  }
}
