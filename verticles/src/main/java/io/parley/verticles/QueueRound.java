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
import io.parley.store.HandoffKeeping.Work;
import io.parley.store.Presence;
import io.parley.store.QueueNews;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One round of keeping the queue of conversations that wait for a person: it looks at what was
/// told of handoffs, wakes what sleeps, takes back what its agent let pass or left lying, asks
/// agents who have a hand free to take what waits, the most pressing and oldest first, and tells
/// those who wait how they stand. All that it goes by stands in rows: after a crash, and beside
/// rounds of other nodes, it goes on where things are. Confined to its context.
final class QueueRound {

  private static final int BATCH = 200;

  /// Conversations of one kind that are considered for offers in one round.
  private static final int EACH = 200;

  private static final int MOST_COMPLAINTS = 1_000;
  private static final Duration MEASURE = Duration.ofSeconds(5);

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

  /// News of this round that could not be read, and handoffs that were complained of.
  private int unread;

  private final Set<EffectId> complained = new HashSet<>();

  /// Whether the last round found a handoff, and when the queue was measured last.
  private boolean busy;

  private Instant measuredAt = Instant.EPOCH;

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

  /// Whether there is more to do than this round has done. Where no handoff is open, one question
  /// tells so.
  Future<Boolean> run() {
    unread = 0;
    return keeping
        .work(clock.instant())
        .compose(
            work ->
                where(work.deserted(), () -> presence.signedOut(clock.instant()))
                    .compose(_ -> where(work.due(), () -> keeping.stir(clock.instant())))
                    .compose(_ -> where(work.held(), this::rest))
                    .compose(_ -> news(work))
                    .compose(news -> each(news, this::read).map(news))
                    .compose(
                        news ->
                            rest(work).map(more -> more || (news.size() == BATCH && unread == 0))));
  }

  private Future<List<QueueNews>> news(Work work) {
    return work.news() || work.due() ? keeping.news(BATCH) : Future.succeededFuture(List.of());
  }

  /// What comes after the news: whether any of it makes more to do.
  private Future<Boolean> rest(Work work) {
    return where(work.offered(), this::takeBack)
        .compose(_ -> work.held() ? returnLeft() : Future.succeededFuture(false))
        .compose(
            returned ->
                where(work.waiting() && work.staffed(), this::offer)
                    .compose(_ -> where(work.waiting(), this::speak))
                    .compose(_ -> where(isToMeasure(work), this::measure))
                    .map(returned));
  }

  private Future<Void> speak() {
    return hands().compose(words::welcome).compose(_ -> words.comfort());
  }

  /// Where nothing is open the figures stay as they are, but other nodes' agents come and go.
  private boolean isToMeasure(Work work) {
    Instant now = clock.instant();
    boolean measures = work.isAny() || busy || !now.isBefore(measuredAt.plus(MEASURE));
    busy = work.isAny();
    if (measures) {
      measuredAt = now;
    }
    return measures;
  }

  private static Future<Void> where(boolean so, Supplier<? extends Future<?>> work) {
    return so ? work.get().mapEmpty() : Future.succeededFuture();
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
  private Future<Void> poisoned(QueueNews news, Throwable failure) {
    unread++;
    if (complained.size() >= MOST_COMPLAINTS) {
      complained.clear();
    }
    if (complained.add(news.id())) {
      LOG.atError()
          .addKeyValue("handoff", news.id())
          .setCause(failure)
          .log("what was told of a handoff cannot be read; it is tried again each round");
    }
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
    return keeping
        .withdraw()
        .compose(_ -> keeping.expire(clock.instant()))
        .compose(missed -> each(missed, this::missed));
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
            .compose(this::giveBack);
  }

  /// The clock stands still while nobody is there.
  private boolean isTooLong(Left left, Duration silence, Instant now) {
    Optional<Calendar> calendar =
        rules.get().topic(left.topic()).calendar().flatMap(policy.get().calendars()::get);
    return calendar
        .map(it -> it.businessTimeBetween(left.since(), now).compareTo(silence) >= 0)
        .orElse(true);
  }

  /// Whether any went back. One that did not is tried again in the next round, not at once.
  private Future<Boolean> giveBack(List<Left> all) {
    Future<Boolean> any = Future.succeededFuture(false);
    for (Left left : all) {
      any = any.compose(before -> giveBack(left).map(went -> before || went));
    }
    return any;
  }

  private Future<Boolean> giveBack(Left left) {
    return conversations
        .apply(
            HandoffArrivals.of(
                left.thread(),
                new Event.HandoffReturned(left.id(), "agent_silent", Optional.of(left.agent())),
                "silent:" + left.agent() + ":" + left.since().toEpochMilli(),
                clock.instant()))
        .map(
            decision -> {
              if (decision instanceof Decision.Taken taken
                  && !taken.repeated()
                  && taken.refusal().isEmpty()) {
                metrics.handoffOffer("returned");
                LOG.atInfo()
                    .addKeyValue("handoff", left.id())
                    .addKeyValue("agent", left.agent())
                    .log("a conversation goes back to the queue, since its agent is silent");
                return true;
              }
              return false;
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
