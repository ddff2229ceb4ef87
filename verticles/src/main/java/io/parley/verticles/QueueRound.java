package io.parley.verticles;

import io.parley.edge.Arrival;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Owner;
import io.parley.engine.desk.DeskRules;
import io.parley.engine.desk.Sharing;
import io.parley.engine.desk.Sharing.Hand;
import io.parley.engine.desk.Sharing.Offered;
import io.parley.engine.desk.Staffing;
import io.parley.engine.hours.Calendar;
import io.parley.engine.policy.Policy;
import io.parley.store.HandoffKeeping;
import io.parley.store.HandoffKeeping.Left;
import io.parley.store.HandoffKeeping.Made;
import io.parley.store.HandoffKeeping.Missed;
import io.parley.store.HandoffKeeping.Table;
import io.parley.store.Presence;
import io.parley.store.QueueNews;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One round of keeping the queue of conversations that wait for a person: it looks at what was
/// told of handoffs, wakes what sleeps, takes back what its agent let pass or left lying, asks
/// agents who have a hand free to take what waits, the most pressing and oldest first, and tells
/// those who wait how they stand. All that it goes by stands in rows: after a crash, and beside
/// rounds of other nodes, it goes on where things are.
final class QueueRound {

  private static final int BATCH = 200;

  /// Conversations of one kind that are considered for offers in one round.
  private static final int EACH = 200;

  private static final Logger LOG = LoggerFactory.getLogger(QueueRound.class);

  private final HandoffKeeping keeping;
  private final Presence presence;
  private final QueueReader reader;
  private final QueueWords words;
  private final Supplier<DeskRules> rules;
  private final Supplier<Policy> policy;
  private final Function<Arrival, Future<Decision>> conversations;
  private final Clock clock;
  private final Metrics metrics;
  private final Consumer<Made> told;

  /// @param conversations takes events to their conversations
  /// @param told is told of each offer
  QueueRound(
      HandoffKeeping keeping,
      Presence presence,
      QueueReader reader,
      QueueWords words,
      Supplier<DeskRules> rules,
      Supplier<Policy> policy,
      Function<Arrival, Future<Decision>> conversations,
      Clock clock,
      Metrics metrics,
      Consumer<Made> told) {
    this.keeping = keeping;
    this.presence = presence;
    this.reader = reader;
    this.words = words;
    this.rules = rules;
    this.policy = policy;
    this.conversations = conversations;
    this.clock = clock;
    this.metrics = metrics;
    this.told = told;
  }

  /// Whether there is more to do than this round has done.
  Future<Boolean> run() {
    return keeping
        .stir(clock.instant())
        .compose(_ -> rest())
        .compose(_ -> keeping.news(BATCH))
        .compose(
            news ->
                each(news, this::read)
                    .compose(_ -> takeBack())
                    .compose(_ -> returnLeft())
                    .compose(
                        returned ->
                            offer()
                                .compose(_ -> hands())
                                .compose(words::welcome)
                                .compose(_ -> words.comfort())
                                .compose(_ -> measure())
                                .map(_ -> returned || news.size() == BATCH)));
  }

  // ---- what was told

  private Future<Void> read(QueueNews news) {
    Instant now = clock.instant();
    return reader
        .read(news, now)
        .compose(
            read ->
                words
                    .answer(news, read.asked())
                    .compose(_ -> keeping.keep(news, read.look(), now))
                    .compose(kept -> kept ? settled(news, read) : Future.succeededFuture()))
        .recover(failure -> poisoned(news, failure));
  }

  /// One that cannot be read keeps none of the others from being kept.
  private static Future<Void> poisoned(QueueNews news, Throwable failure) {
    LOG.atError()
        .addKeyValue("handoff", news.id())
        .setCause(failure)
        .log("what was told of a handoff cannot be read");
    return Future.succeededFuture();
  }

  private Future<Void> settled(QueueNews news, QueueReader.Read read) {
    read.breached()
        .forEach(
            kind -> {
              metrics.promiseBroken(read.look().rank().topic(), kind.word());
              LOG.atWarn()
                  .addKeyValue("handoff", news.id())
                  .addKeyValue("topic", read.look().rank().topic())
                  .addKeyValue("promise", kind.word())
                  .log("a customer was not answered in time");
            });
    return news.owner() == Owner.AGENT && news.holder().isPresent()
        ? presence.took(news.holder().get())
        : Future.succeededFuture();
  }

  private Future<?> rest() {
    Duration idle = rules.get().agents().idle();
    return idle.isZero() ? Future.succeededFuture() : keeping.rest(clock.instant().minus(idle));
  }

  // ---- what was let pass, or left lying

  private Future<Void> takeBack() {
    return keeping.expire(clock.instant()).compose(missed -> each(missed, this::missed));
  }

  /// Who lets offers pass is set away, but never the last one who is there for a topic: the rest
  /// would have all the more to let pass.
  private Future<Void> missed(Missed missed) {
    metrics.handoffOffer("missed");
    if (missed.misses() < rules.get().agents().misses()) {
      return Future.succeededFuture();
    }
    return hands()
        .compose(
            hands ->
                Sharing.isLast(missed.agent(), hands, rules.get().topics().keySet())
                    ? Future.succeededFuture(false)
                    : presence.away(missed.agent(), clock.instant()))
        .map(
            away -> {
              if (away) {
                metrics.handoffOffer("set_away");
                LOG.atInfo()
                    .addKeyValue("agent", missed.agent())
                    .addKeyValue("misses", missed.misses())
                    .log("an agent who takes no offers is set away");
              }
              return null;
            });
  }

  /// Whether any went back.
  private Future<Boolean> returnLeft() {
    Duration silence = rules.get().agents().silence();
    Instant now = clock.instant();
    return silence.isZero()
        ? Future.succeededFuture(false)
        : keeping
            .left(now.minus(silence), BATCH)
            .map(all -> all.stream().filter(it -> isTooLong(it, silence, now)).toList())
            .compose(all -> each(all, this::giveBack).map(_ -> !all.isEmpty()));
  }

  /// The clock stands still while nobody is there.
  private boolean isTooLong(Left left, Duration silence, Instant now) {
    Optional<Calendar> calendar =
        rules.get().topic(left.topic()).calendar().flatMap(policy.get().calendars()::get);
    return calendar
        .map(it -> it.businessTimeBetween(left.since(), now).compareTo(silence) >= 0)
        .orElse(true);
  }

  private Future<Void> giveBack(Left left) {
    return conversations
        .apply(
            HandoffArrivals.of(
                left.thread(),
                new Event.HandoffReturned(left.id(), "agent_silent"),
                "silent:" + left.agent() + ":" + left.since().toEpochMilli(),
                clock.instant()))
        .map(
            decision -> {
              if (decision instanceof Decision.Taken taken && !taken.repeated()) {
                metrics.handoffOffer("returned");
                LOG.atInfo()
                    .addKeyValue("handoff", left.id())
                    .addKeyValue("agent", left.agent())
                    .log("a conversation goes back to the queue, since its agent is silent");
              }
              return null;
            });
  }

  // ---- offers

  private Future<Void> offer() {
    Staffing staffing = rules.get().agents();
    return keeping
        .offer(EACH, clock.instant(), staffing.offer(), this::decide)
        .map(
            made -> {
              made.forEach(
                  it -> {
                    metrics.handoffOffer("made");
                    told.accept(it);
                  });
              return null;
            });
  }

  private Collection<Offered<EffectId>> decide(Table table) {
    return Sharing.share(table.waiting(), hands(table.agents()));
  }

  /// Who is there.
  private Future<List<Hand>> hands() {
    return presence.list().map(this::hands);
  }

  private List<Hand> hands(List<Presence.Agent> agents) {
    Staffing staffing = rules.get().agents();
    Instant unheard = clock.instant().minus(staffing.present());
    return agents.stream()
        .filter(it -> it.status() == Presence.Status.ONLINE && !it.seenAt().isBefore(unheard))
        .map(
            it ->
                new Hand(
                    it.id(),
                    it.abilities().capacity().orElse(staffing.capacity()),
                    it.load(),
                    new LinkedHashSet<>(it.abilities().skills()),
                    new LinkedHashSet<>(it.abilities().topics()),
                    it.offeredAt()))
        .toList();
  }

  private Future<Void> measure() {
    return keeping
        .depths(clock.instant())
        .compose(
            depths ->
                hands()
                    .map(
                        hands -> {
                          metrics.queue(depths, hands.size());
                          return null;
                        }));
  }

  private static <T> Future<Void> each(List<T> all, Function<T, Future<Void>> work) {
    Future<Void> done = Future.succeededFuture();
    for (T one : all) {
      done = done.compose(_ -> work.apply(one));
    }
    return done;
  }
}
