package io.parley.verticles;

import io.parley.engine.offers.Offer;
import io.parley.engine.offers.Offer.Kind;
import io.parley.engine.policy.Policy;
import io.parley.store.CodePools;
import io.parley.store.CodePools.Depth;
import io.parley.store.Offers;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends offers when their time is over, and looks how many codes the policy's pools have left: one
/// that runs low or is empty is logged as it becomes so, and told with the service's readiness.
/// Confined to its context.
final class OfferWatch extends VerticleBase {

  private static final Duration PERIOD = Duration.ofSeconds(5);
  private static final int BATCH = 1_000;
  private static final Logger LOG = LoggerFactory.getLogger(OfferWatch.class);

  private final Supplier<Policy> policy;
  private final Offers offers;
  private final CodePools codes;
  private final Clock clock;
  private final Metrics metrics;
  private final Readiness readiness;
  private final Rounds rounds =
      new Rounds(this::look, new Complaint(LOG, "offers cannot be looked at"));
  private final Map<String, Level> known = new TreeMap<>();

  /// How full a pool is.
  private enum Level {
    FULL,
    LOW,
    EMPTY
  }

  OfferWatch(
      Supplier<Policy> policy,
      Offers offers,
      CodePools codes,
      Clock clock,
      Metrics metrics,
      Readiness readiness) {
    this.policy = policy;
    this.offers = offers;
    this.codes = codes;
    this.clock = clock;
    this.metrics = metrics;
    this.readiness = readiness;
  }

  @Override
  public Future<?> start() {
    return rounds.every(PERIOD, vertx);
  }

  private Future<?> look() {
    return offers
        .expire(clock.instant(), BATCH)
        .compose(_ -> pools().isEmpty() ? Future.succeededFuture(List.<Depth>of()) : codes.depths())
        .onSuccess(this::judge);
  }

  /// The low water of the policy's pools by name; of several offers' the highest.
  private Map<String, Integer> pools() {
    Map<String, Integer> pools = new TreeMap<>();
    for (Offer offer : policy.get().offers().offers().values()) {
      if (offer.kind() instanceof Kind.Pool(var pool, var _, var lowWater)) {
        pools.merge(pool, lowWater, Math::max);
      }
    }
    return pools;
  }

  private void judge(List<Depth> depths) {
    Map<String, String> troubles = new TreeMap<>();
    Map<String, Integer> pools = pools();
    known.keySet().retainAll(pools.keySet());
    pools.forEach(
        (pool, lowWater) -> {
          long free =
              depths.stream()
                  .filter(it -> it.pool().equals(pool))
                  .mapToLong(Depth::free)
                  .findFirst()
                  .orElse(0);
          metrics.poolFree(pool, free);
          Level level = free == 0 ? Level.EMPTY : free <= lowWater ? Level.LOW : Level.FULL;
          tell(pool, free, level);
          trouble(free, level).ifPresent(it -> troubles.put(pool, it));
        });
    readiness.offers(
        troubles.entrySet().stream()
            .map(it -> "pool " + it.getKey() + " " + it.getValue())
            .collect(Collectors.joining("; ")));
  }

  private static Optional<String> trouble(long free, Level level) {
    return switch (level) {
      case FULL -> Optional.empty();
      case LOW -> Optional.of("is low: " + free + " left");
      case EMPTY -> Optional.of("is empty");
    };
  }

  private void tell(String pool, long free, Level level) {
    if (known.getOrDefault(pool, Level.FULL) == level) {
      return;
    }
    known.put(pool, level);
    switch (level) {
      case FULL ->
          LOG.atInfo()
              .addKeyValue("pool", pool)
              .addKeyValue("free", free)
              .log("a pool of codes is full enough again");
      case LOW ->
          LOG.atWarn()
              .addKeyValue("pool", pool)
              .addKeyValue("free", free)
              .log("a pool of codes runs low; load more with parley offers load");
      case EMPTY ->
          LOG.atError()
              .addKeyValue("pool", pool)
              .log("a pool of codes is empty: its offers are withheld until parley offers load");
    }
  }
}
