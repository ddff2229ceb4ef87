package io.parley.verticles;

import io.parley.edge.OutcomeSink.Receipt;
import io.parley.edge.OutcomeSink.Verdict;
import io.parley.engine.Effect;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How reports reach one destination. Confined to its courier's context.
interface Handover {

  /// What is kept of a report that its destination has.
  String DELIVERED = "delivered";

  /// How many reports are handed over at once at most.
  int maxBatchSize();

  /// Hands over as many of the reports as fit, from the first on. Fails only where what it works
  /// with is broken; what the destination says is told.
  Future<Handed> hand(List<Effect.Outgoing> reports);

  /// What a report that was taken is counted and kept as.
  default String outcome() {
    return DELIVERED;
  }

  /// How old a report may be when it is taken to have its full effect; empty for any age.
  default Optional<Duration> freshFor() {
    return Optional.empty();
  }

  /// Lets go of its connections.
  void close();

  /// What became of reports.
  ///
  /// @param reports those that were handed over, in order
  /// @param verdicts one for each of them
  /// @param undeliverable those that cannot be handed over at all, with the reason; what is neither
  ///     here nor there did not fit
  /// @param trouble why some are to be tried again, in a word or two: `unreachable`
  /// @param blamesTheWhole whether halves of the reports should be tried at once
  /// @param receipt how many people the destination says that it got, where it says so
  record Handed(
      List<Effect.Outgoing> reports,
      List<Verdict> verdicts,
      Map<Effect.Outgoing, String> undeliverable,
      String trouble,
      boolean blamesTheWhole,
      Optional<Receipt> receipt) {

    public Handed {
      reports = List.copyOf(reports);
      verdicts = List.copyOf(verdicts);
      undeliverable = Map.copyOf(undeliverable);
    }

    /// Nothing could be handed over.
    static Handed nothing(Map<Effect.Outgoing, String> undeliverable) {
      return new Handed(List.of(), List.of(), undeliverable, "", false, Optional.empty());
    }

    /// All have gone one way.
    static Handed all(
        List<Effect.Outgoing> reports,
        Map<Effect.Outgoing, String> undeliverable,
        Verdict verdict,
        String trouble) {
      return new Handed(
          reports,
          Verdict.forAll(reports.size(), verdict),
          undeliverable,
          trouble,
          false,
          Optional.empty());
    }
  }
}
