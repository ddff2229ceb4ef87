package io.parley.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// How long a customer waits for the next message: from the time at which a reply is due at the
/// service until Twilio is handed what follows, at half of the rate that the same round has found
/// to be the highest that the whole way keeps up with. The service runs as an operator runs it;
/// Twilio is a stand-in that takes all at once.
final class NextMessage implements Measure {

  private static final int CONVERSATIONS = 10_000;

  /// Replies whose next message has not reached Twilio, while the highest rate is sought: more than
  /// the courier has under way.
  private static final int UNDER_WAY = 256;

  /// Of the sender, which shall not be what limits.
  private static final String SEGMENTS_PER_SECOND = "100000";

  /// @param highest the rate with so many under way that more would only wait
  /// @param half at half of it
  private record Round(Load.Tally highest, Load.Tally half) {}

  @Override
  public List<Figure> measure(Ground ground) throws Exception {
    int conversations = ground.scale().of(CONVERSATIONS);
    String database = ground.database();
    List<Round> rounds = new ArrayList<>();
    try (Child texters = Http.texters(ground);
        Service service =
            Service.start(
                Service.over(ground, database, texters.ask("twilio").getInteger("port"))
                    .setting("PARLEY_SEGMENTS_PER_SECOND", SEGMENTS_PER_SECOND),
                ground.folder())) {
      texters.ask("at " + service.port());
      texters.ask("heard touch %d %d".formatted(conversations, ground.scale().warmingUp()));
      round(ground, texters, conversations);
      for (int i = 0; i < ground.scale().rounds(); i++) {
        ground.settle();
        Round round = round(ground, texters, conversations);
        rounds.add(round);
        ground.say(
            "  round %d  highest %,.0f/s, p50 %.1f ms, p99 %.1f ms; at half of it p50 %.1f ms, p99 %.1f ms"
                .formatted(
                    i + 1,
                    round.highest().perSecond(),
                    round.highest().p50Millis(),
                    round.highest().p99Millis(),
                    round.half().p50Millis(),
                    round.half().p99Millis()));
      }
    } finally {
      ground.drop(database);
    }
    return figures(rounds);
  }

  private static Round round(Ground ground, Child texters, int conversations) {
    Load load =
        new Load(
            conversations, Math.min(UNDER_WAY, ground.scale().inFlight()), ground.scale().round());
    Load.Tally highest = Load.Tally.of(texters.ask("heard " + load.order()));
    int rate = Math.max(1, (int) (highest.perSecond() / 2));
    String half =
        "heard open %d %d %d".formatted(conversations, rate, ground.scale().round().toMillis());
    return new Round(highest, Load.Tally.of(texters.ask(half)));
  }

  private static List<Figure> figures(List<Round> rounds) {
    List<Load.Tally> highest = rounds.stream().map(Round::highest).toList();
    List<Load.Tally> half = rounds.stream().map(Round::half).toList();
    return List.of(
        Figure.of("highest sustained rate", median(highest, Load.Tally::perSecond), "/s")
            .noting(
                "replies whose next message Twilio has; each takes two turns; rounds %s; p50 %.0f ms; %s"
                    .formatted(
                        rounds(highest, Load.Tally::perSecond),
                        median(highest, Load.Tally::p50Millis),
                        lost(highest))),
        Figure.of("p50 to the next message", median(half, Load.Tally::p50Millis), "ms"),
        Figure.of("p99 to the next message", median(half, Load.Tally::p99Millis), "ms")
            .noting(
                "at half of that rate; rounds %s; %s"
                    .formatted(rounds(half, Load.Tally::p99Millis), lost(half)))
            .towards(Figure.Target.less(25, 15)));
  }

  private static double median(List<Load.Tally> tallies, ToDoubleFunction<Load.Tally> of) {
    return Median.of(tallies.stream().mapToDouble(of).toArray());
  }

  private static String rounds(List<Load.Tally> tallies, ToDoubleFunction<Load.Tally> of) {
    return tallies.stream()
        .map(it -> "%,.1f".formatted(of.applyAsDouble(it)))
        .collect(Collectors.joining(" "));
  }

  private static String lost(List<Load.Tally> tallies) {
    return "%,d without one in time"
        .formatted(tallies.stream().mapToLong(Load.Tally::refused).sum());
  }
}
