package io.parley.verticles;

import io.parley.engine.rules.Audience;
import io.parley.engine.rules.Audience.News;
import io.parley.store.Memberships;
import io.parley.store.Memberships.Bought;
import io.parley.store.Memberships.Characterised;
import io.parley.store.Memberships.Filling;
import io.parley.store.Memberships.Look;
import io.parley.store.Memberships.Member;
import io.parley.store.Memberships.OptedOut;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does to audiences what no call does: moves people at the bounds of windows, takes out who has
/// opted out, puts another file into force, fills new audiences with who is known, tells a
/// membership again, and counts. Confined to its context.
final class AudienceSweeper extends VerticleBase {

  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final Duration COUNTING = Duration.ofSeconds(10);
  private static final int BATCH = 200;

  /// How many persons are judged at once, so that calls find connections, too.
  private static final int AT_ONCE = 4;

  private static final Logger LOG = LoggerFactory.getLogger(AudienceSweeper.class);

  private final Memberships memberships;
  private final AudienceNews news;
  private final Pool pool;
  private final Metrics metrics;
  private final Rounds rounds =
      new Rounds(this::sweep, new Complaint(LOG, "members of audiences cannot be moved"));
  private final Rounds counting =
      new Rounds(this::count, new Complaint(LOG, "members of audiences cannot be counted"));
  private Optional<List<Audience>> enforced = Optional.empty();

  AudienceSweeper(Memberships memberships, AudienceNews news, Pool pool, Metrics metrics) {
    this.memberships = memberships;
    this.news = news;
    this.pool = pool;
    this.metrics = metrics;
  }

  @Override
  public Future<?> start() {
    return rounds.every(PERIOD, vertx).compose(_ -> counting.every(COUNTING, vertx));
  }

  private Future<?> sweep() {
    Optional<Look> look = news.look();
    return look.isEmpty()
        ? Future.succeededFuture()
        : enforce(look.get())
            .compose(_ -> optedOut(look.get()))
            .compose(_ -> due(look.get()))
            .compose(_ -> fill(look.get()))
            .compose(_ -> tellAgain(look.get()));
  }

  private Future<?> enforce(Look look) {
    return enforced.equals(Optional.of(look.audiences()))
        ? Future.succeededFuture()
        : memberships
            .enforce(look.audiences(), look.now())
            .onSuccess(
                changed -> {
                  enforced = Optional.of(look.audiences());
                  if (!changed.isEmpty()) {
                    LOG.atInfo()
                        .addKeyValue("audiences", changed)
                        .log("audiences are new, or have other rules");
                  }
                });
  }

  private Future<?> due(Look look) {
    return memberships
        .due(look.now(), BATCH)
        .compose(
            members -> {
              more(members);
              return each(members, member -> judge(member, new News.Later(), look));
            });
  }

  private Future<?> optedOut(Look look) {
    return memberships
        .optedOut(BATCH)
        .compose(
            told -> {
              more(told);
              return each(told, it -> heed(it, look));
            });
  }

  private Future<?> heed(OptedOut told, Look look) {
    return judge(told.member(), new News.Later(), look)
        .compose(_ -> memberships.heeded(told.seq()));
  }

  // ---- filling

  private Future<?> fill(Look look) {
    return memberships
        .fillings()
        .compose(
            fillings ->
                fillings.isEmpty()
                    ? Future.succeededFuture()
                    : fill(fillings.getFirst(), look).onSuccess(_ -> rounds.more()));
  }

  /// Events are over: who waits for one begins empty. Orders and traits are on record.
  private Future<?> fill(Filling filling, Look look) {
    Optional<Audience> audience =
        look.audiences().stream().filter(it -> it.name().equals(filling.audience())).findFirst();
    if (audience.filter(Audience::byPurchase).isPresent()) {
      Instant since =
          look.now().minus(audience.get().window().until().orElse(Duration.ofDays(3_650)));
      return memberships
          .bought(since, filling.after(), BATCH)
          .compose(
              orders ->
                  each(orders, it -> judge(it.member(), new News.Bought(it.at()), look))
                      .compose(_ -> memberships.filled(filling, rest(orders, Bought::key))));
    }
    if (audience.filter(Audience::goesByTraits).isPresent()) {
      return memberships
          .characterised(filling.after(), BATCH)
          .compose(
              persons ->
                  each(
                          persons,
                          it -> judge(it.member(), new News.Known(it.traits(), look.now()), look))
                      .compose(
                          _ -> memberships.filled(filling, rest(persons, AudienceSweeper::name))));
    }
    return memberships.filled(filling, Optional.empty());
  }

  private static String name(Characterised person) {
    return person.member().name();
  }

  /// After whom to go on.
  private static <T> Optional<String> rest(List<T> batch, Function<T, String> key) {
    return batch.isEmpty() ? Optional.empty() : Optional.of(key.apply(batch.getLast()));
  }

  private Future<?> tellAgain(Look look) {
    return memberships
        .tellAgain(look)
        .onSuccess(
            told ->
                told.filter(it -> it > 0)
                    .ifPresent(
                        members -> {
                          metrics.audienceToldAgain(members);
                          rounds.more();
                        }));
  }

  // ---- counting

  private Future<?> count() {
    Optional<Look> look = news.look();
    return look.isEmpty()
        ? memberships.forgetOptOutsOfNobody()
        : Memberships.sizes(pool, look.get().now())
            .compose(
                sizes -> {
                  metrics.audienceSizes(sizes);
                  return memberships.keepSizes(sizes, look.get().now());
                });
  }

  // ---- by person

  private Future<Void> judge(Member member, News told, Look look) {
    return memberships.judge(member, told, look).map(news::counted);
  }

  private void more(List<?> batch) {
    if (batch.size() == BATCH) {
      rounds.more();
    }
  }

  /// Some at a time; one that fails keeps no other back.
  private static <T> Future<?> each(List<T> all, Function<T, Future<?>> work) {
    List<Future<?>> strands = new ArrayList<>();
    for (int i = 0; i < Math.min(AT_ONCE, all.size()); i++) {
      strands.add(from(i, all, work));
    }
    return strands.isEmpty() ? Future.succeededFuture() : Future.join(strands);
  }

  private static <T> Future<?> from(int index, List<T> all, Function<T, Future<?>> work) {
    if (index >= all.size()) {
      return Future.succeededFuture();
    }
    return work.apply(all.get(index))
        .transform(
            done -> {
              Future<?> rest = from(index + AT_ONCE, all, work);
              return done.succeeded()
                  ? rest.mapEmpty()
                  : rest.transform(_ -> Future.failedFuture(done.cause()));
            });
  }
}
