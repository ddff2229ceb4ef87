package io.parley.verticles;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.parley.customerio.TrackBatch;
import io.parley.edge.OutcomeSink.Receipt;
import io.parley.engine.Effect;
import io.parley.engine.Event;
import io.parley.engine.Outcomes;
import io.parley.engine.Revenue;
import io.parley.store.HandoffKeeping;
import io.parley.store.Inbox;
import io.parley.store.Memberships.Change;
import io.parley.store.Memberships.Size;
import io.parley.store.Outbox;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// What `/metrics` shows, in Prometheus' text format. Thread-safe.
final class Metrics {

  /// A flow can make up hosts; the series of a metric must stay few.
  private static final int MAX_HOSTS = 50;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /// Listens to the collectors for as long as the process lives.
  private final JvmGcMetrics gc = new JvmGcMetrics();

  private final Timer turnTime;
  private final Timer commitTime;
  private final DistributionSummary batchSize;
  private final AtomicLong live;
  private final DistributionSummary tagBatch;
  private final AtomicLong tagsWait;
  private final AtomicLong taggerServes;
  private final AtomicLong callsInFlight;
  private final Timer answerTime;
  private final AtomicLong circuitsOpen;

  /// The hosts that have a series of their own.
  private final Set<String> hosts = ConcurrentHashMap.newKeySet();

  private final Map<String, AtomicLong> gauges = new ConcurrentHashMap<>();

  /// The audiences that have been counted.
  private final Set<String> audiences = new ConcurrentSkipListSet<>();

  /// The topics that have been seen.
  private final Set<String> topics = new ConcurrentSkipListSet<>();

  /// What effects wait for.
  private final Set<String> destinations =
      new ConcurrentSkipListSet<>(
          List.of(Outbox.TWILIO, Outbox.CALLS, Outbox.OFFERS, TrackBatch.DESTINATION));

  Metrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    gc.bindTo(registry);
    turnTime =
        Timer.builder("parley.turn")
            .description("From an event's start in its conversation to its commit")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofMillis(1))
            .maximumExpectedValue(Duration.ofSeconds(10))
            .register(registry);
    commitTime =
        Timer.builder("parley.commit").description("One batch's statement").register(registry);
    batchSize =
        DistributionSummary.builder("parley.commit.batch.size")
            .description("Turns in one commit")
            .publishPercentiles(0.5, 0.99)
            .register(registry);
    tagBatch =
        DistributionSummary.builder("parley.tagger.batch.size")
            .description("Replies that a worker tagged together")
            .publishPercentiles(0.5, 0.99)
            .register(registry);
    tagsWait = gauge("parley.tagger.waiting");
    taggerServes = gauge("parley.tagger.model.serves");
    live = gauge("parley.conversations.live");
    answerTime =
        Timer.builder("parley.http")
            .description("From a request's coming to the beginning of its answer")
            .register(registry);
    callsInFlight = gauge("parley.calls.in.flight");
    circuitsOpen = gauge("parley.calls.circuits.open");
  }

  String scrape() {
    return registry.scrape();
  }

  void turn(Event event, Decision decision, long nanos) {
    turnTime.record(nanos, TimeUnit.NANOSECONDS);
    if (decision instanceof Decision.Taken taken) {
      String kind = event.getClass().getSimpleName();
      count("parley.turns", "event", kind, "outcome", outcome(taken));
      taken
          .refusal()
          .filter(_ -> !taken.repeated() && !taken.waits())
          .ifPresent(reason -> count("parley.refusals", "reason", reason, "event", kind));
    }
  }

  private static String outcome(Decision.Taken taken) {
    if (taken.repeated()) {
      return "repeated";
    }
    if (taken.waits()) {
      return "waiting";
    }
    return taken.refusal().isPresent() ? "refused" : "taken";
  }

  void commit(int turns, long nanos) {
    commitTime.record(nanos, TimeUnit.NANOSECONDS);
    batchSize.record(turns);
  }

  /// @param by rules (which settled it), no_model (it is not loaded, so the rules did), model,
  ///     patience (the model was too slow, so the rules did), failure (the model failed, so the
  ///     rules did)
  /// @param nanos from when it was asked
  void tagged(String by, long nanos) {
    Timer.builder("parley.tagger")
        .description("From a reply's coming to its tags, by what tagged it")
        .tags("by", by)
        .register(registry)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  void tagsTogether(int replies) {
    tagBatch.record(replies);
  }

  void tagsWait(int replies) {
    tagsWait.set(replies);
  }

  void taggerServes(boolean now) {
    taggerServes.set(now ? 1 : 0);
  }

  /// What came of reading the files of own tags.
  ///
  /// @param outcome learned, refused
  void ownTags(String outcome) {
    count("parley.tagger.own.tags", "outcome", outcome);
  }

  /// @param outcome accepted, rejected, postponed, in_doubt, withdrawn, blocked, unfit; of a
  ///     look-up found, not_found, resent
  void send(String outcome, String reason) {
    count("parley.sends", "outcome", outcome, "reason", reason);
  }

  /// What a turn that was committed reports.
  void outcomes(List<Effect> effects) {
    for (Effect effect : effects) {
      if (effect instanceof Effect.ReportOutcome outcome) {
        String flow = outcome.properties().text("flow").orElse("");
        count(
            "parley.outcomes",
            "name",
            outcome.name(),
            "channel",
            outcome.properties().text("channel").orElse(""),
            "flow",
            flow);
        if (outcome.name().equals(Outcomes.CONVERSION)) {
          Revenue.of(outcome.properties()).ifPresent(it -> revenue(flow, it));
        }
      }
    }
  }

  /// A counter only grows: what is told of as an order, and takes money back, is left to the views.
  private void revenue(String flow, Revenue revenue) {
    Counter.builder("parley.revenue")
        .description(description("parley.revenue"))
        .tags("flow", flow, "currency", revenue.currency())
        .register(registry)
        .increment(Math.max(0, revenue.amount().doubleValue()));
  }

  /// @param verdict delivered, retried, refused, dropped; stale beside delivered, for one that
  ///     came too late
  void report(String sink, String verdict, int reports) {
    Counter.builder("parley.reports")
        .description(description("parley.reports"))
        .tags("sink", sink, "verdict", verdict)
        .register(registry)
        .increment(reports);
  }

  /// Reports that may not leave any more.
  ///
  /// @param reason erased, opted_out, consent_revoked, purchased
  void dropped(String sink, String reason, int reports) {
    report(sink, "dropped", reports);
    count("parley.activations.dropped", reports, "sink", sink, "reason", reason);
  }

  /// A network was told of somebody, or could not be.
  ///
  /// @param identifiers what it was told the person by: `email+phone`; empty text for nothing
  void knownBy(String sink, String identifiers) {
    String by = identifiers.isEmpty() ? "nothing" : identifiers;
    count("parley.activations.known.by", "sink", sink, "by", by);
  }

  /// What a network says of people that it was told of.
  void receipt(String sink, Receipt receipt) {
    Map.of("received", receipt.received(), "invalid", receipt.invalid())
        .forEach(
            (said, people) ->
                count("parley.activations.said", people.intValue(), "sink", sink, "said", said));
  }

  /// @param host what was called; beyond some tens of hosts all others are one
  /// @param outcome `answered 2xx` and the like, the reason of a failure, `withdrawn`, `repeated`
  void call(String host, String outcome) {
    count("parley.calls", "host", series(host), "outcome", outcome);
  }

  /// @param outcome `answered 200` and the like, `unreachable`, `placed`, `given_up`, `heard`,
  ///     `unknown`
  void target(String target, String outcome) {
    count("parley.handoff.targets", "target", target, "outcome", outcome);
  }

  /// Whether a desk elsewhere answered when it was asked after its health.
  void targetIsUp(String target, boolean up) {
    gauge("parley.handoff.target.up", "target", target).set(up ? 1 : 0);
  }

  void callTook(String host, long nanos) {
    Timer.builder("parley.call")
        .description("From a call's leave to its answer, or to its failure")
        .tags("host", series(host))
        .register(registry)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  private String series(String host) {
    if (!hosts.contains(host) && hosts.size() >= MAX_HOSTS) {
      return "other";
    }
    hosts.add(host);
    return host;
  }

  void callsUnderWay(int inFlight, int open) {
    callsInFlight.set(inFlight);
    circuitsOpen.set(open);
  }

  /// @param outcome click, repeat (of a click), preview (no person), unknown, expired, unavailable,
  ///     lost (a click that was not stored)
  void link(String outcome) {
    count("parley.links", "outcome", outcome);
  }

  /// @param outcome reserved, returned, used, unknown_code (of an order), or why none was to be had
  void offer(String outcome) {
    count("parley.offers", "outcome", outcome);
  }

  void poolFree(String pool, long codes) {
    gauge("parley.offers.pool.free", "pool", pool).set(codes);
  }

  /// @param agents who are there
  void queue(List<HandoffKeeping.Depth> depths, int agents) {
    topics.addAll(depths.stream().map(HandoffKeeping.Depth::topic).toList());
    for (String topic : topics) {
      Optional<HandoffKeeping.Depth> depth =
          depths.stream().filter(it -> it.topic().equals(topic)).findFirst();
      gauge("parley.handoffs.waiting", "topic", topic)
          .set(depth.map(HandoffKeeping.Depth::waiting).orElse(0));
      gauge("parley.handoffs.oldest.seconds", "topic", topic)
          .set(depth.map(it -> it.oldest().toSeconds()).orElse(0L));
      gauge("parley.handoffs.sla.warned", "topic", topic)
          .set(depth.map(HandoffKeeping.Depth::warned).orElse(0));
      gauge("parley.handoffs.sla.breached", "topic", topic)
          .set(depth.map(HandoffKeeping.Depth::breached).orElse(0));
    }
    gauge("parley.agents.online").set(agents);
  }

  /// @param promise first, next, resolution
  void promiseBroken(String topic, String promise) {
    count("parley.handoffs.promises.broken", "topic", topic, "promise", promise);
  }

  /// @param outcome made, missed, set_away, returned
  void handoffOffer(String outcome) {
    count("parley.handoffs.offers", "outcome", outcome);
  }

  /// A call about a person was stored, or had been before.
  void ingestTaken(String source, String type) {
    count("parley.ingested", "source", source, "type", type);
  }

  /// Calls that had been stored before.
  void ingestRepeated(String source, int calls) {
    count("parley.ingested.repeated", calls, "source", source);
  }

  /// Calls that could not be taken as they stand.
  void ingestLeftOut(String source, int calls) {
    count("parley.ingested.left.out", calls, "source", source);
  }

  /// @param outcome done, failed (to be tried again), parked, gone (its person was erased)
  void ingestWorked(String outcome) {
    count("parley.ingested.worked", "outcome", outcome);
  }

  /// @param reason too_long, too_many
  void traitsUnkept(String reason, int traits) {
    count("parley.traits.unkept", traits, "reason", reason);
  }

  /// A rule matched.
  ///
  /// @param outcome started, repeated, kept, the reason of a refusal, or why it started nothing
  void rule(String rule, String outcome) {
    count("parley.rules", "rule", rule, "outcome", outcome);
  }

  /// Somebody has become a member of an audience, or is one no more.
  void audience(Change change) {
    count(
        "parley.audience.changes",
        "audience",
        change.audience(),
        "change",
        change.entered() ? "entered" : "exited",
        "reason",
        change.reason().word());
  }

  /// Members of whom destinations are told once more.
  void audienceToldAgain(int members) {
    count("parley.audience.told.again", members);
  }

  /// What is not among them is gone.
  void audienceSizes(List<Size> sizes) {
    audiences.addAll(sizes.stream().map(Size::audience).toList());
    for (String audience : audiences) {
      Optional<Size> size = sizes.stream().filter(it -> it.audience().equals(audience)).findFirst();
      gauge("parley.audience.size", "audience", audience).set(size.map(Size::members).orElse(0L));
      gauge("parley.audience.drift", "audience", audience)
          .set(size.flatMap(Size::drift).orElse(0L));
    }
  }

  void ingestWaits(Inbox.Depth depth) {
    gauge("parley.ingested.depth").set(depth.rows());
    gauge("parley.ingested.parked").set(depth.parked());
  }

  void relayWaits(Inbox.Depth depth) {
    gauge("parley.relay.depth").set(depth.rows());
    gauge("parley.relay.dead").set(depth.parked());
  }

  /// @param kind missing_here, unknown_here, missing_there, lifted_here, incomparable, unmended
  void optOutDrift(String kind, int opted) {
    gauge("parley.optouts.drift", "kind", kind).set(opted);
  }

  void edgeRefused(String edge, String reason) {
    count("parley.edge.refused", "edge", edge, "reason", reason);
  }

  /// What was told and concerns nobody here, such as an event of a conversation that is no message.
  void edgeIgnored(String edge, String reason) {
    count("parley.edge.ignored", "edge", edge, "reason", reason);
  }

  void answered(long nanos) {
    answerTime.record(nanos, TimeUnit.NANOSECONDS);
  }

  AtomicLong requestsUnderWay() {
    return gauge("parley.http.in.flight");
  }

  AtomicLong poolTaken(String pool) {
    return gauge("parley.pool.taken", "pool", pool);
  }

  AtomicLong poolWaiting(String pool) {
    return gauge("parley.pool.waiting", "pool", pool);
  }

  void poolWaited(String pool, long nanos) {
    Timer.builder("parley.pool.wait")
        .description("How long a place of a pool was waited for")
        .tags("pool", pool)
        .register(registry)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  void conversationDeployed() {
    live.incrementAndGet();
  }

  void conversationUndeployed() {
    live.decrementAndGet();
  }

  long conversationsLive() {
    return live.get();
  }

  /// Reports go there; its series are there from the start.
  void destinations(List<String> names) {
    destinations.addAll(names);
  }

  /// @param triggers that wait until no person speaks with their contact
  void triggersWait(long triggers) {
    gauge("parley.triggers.waiting").set(triggers);
  }

  /// @param deadLetters by destination
  void depths(List<Outbox.Depth> outbox, Inbox.Depth inbox, Map<String, Long> deadLetters) {
    outbox.forEach(it -> destinations.add(it.destination()));
    destinations.addAll(deadLetters.keySet());
    for (String destination : destinations) {
      Outbox.Depth depth =
          outbox.stream()
              .filter(it -> it.destination().equals(destination))
              .findFirst()
              .orElse(new Outbox.Depth(destination, 0, 0, Duration.ZERO));
      gauge("parley.outbox.depth", "destination", destination).set(depth.rows());
      gauge("parley.outbox.in.doubt", "destination", destination).set(depth.inDoubt());
      gauge("parley.outbox.oldest.seconds", "destination", destination)
          .set(depth.oldest().toSeconds());
      gauge("parley.dead.letters", "destination", destination)
          .set(deadLetters.getOrDefault(destination, 0L));
    }
    gauge("parley.inbox.depth").set(inbox.rows());
    gauge("parley.inbox.parked").set(inbox.parked());
  }

  private void count(String name, int by, String... tags) {
    Counter.builder(name)
        .description(description(name))
        .tags(tags)
        .register(registry)
        .increment(by);
  }

  private void count(String name, String... tags) {
    count(name, 1, tags);
  }

  private static String description(String name) {
    return switch (name) {
      case "parley.turns" -> "Events that became a turn, by what came of them";
      case "parley.refusals" -> "Events that the engine refused";
      case "parley.outcomes" ->
          "What came of conversations, as it is reported, by channel and flow";
      case "parley.revenue" -> "What orders brought in that followed conversations";
      case "parley.sends" -> "What came of each try to send a message, and of each look-up";
      case "parley.reports" -> "What came of each try to deliver a report";
      case "parley.activations.dropped" -> "Reports that advertising may not be told of any more";
      case "parley.activations.known.by" -> "People told to a network, by what it knows them by";
      case "parley.activations.said" -> "People that a network says it got, or could not read";
      case "parley.calls" -> "What came of each call to another system";
      case "parley.handoff.target.up" -> "1 when a desk elsewhere is well, 0 while it is not";
      case "parley.handoff.targets" ->
          "What came of each request to a desk elsewhere, and of its handoffs";
      case "parley.calls.in.flight" -> "Calls that have left, or are about to";
      case "parley.calls.circuits.open" -> "Hosts that are left alone after failures in a row";
      case "parley.tagger.waiting" -> "Replies that wait for the model of replies";
      case "parley.tagger.model.serves" -> "1 when the model of replies serves, 0 while rules do";
      case "parley.tagger.own.tags" -> "Changes of the files of own tags, by what came of them";
      case "parley.links" -> "Requests for short links, by what came of them";
      case "parley.offers" -> "What came of each wish for an offer, and of each offer";
      case "parley.offers.pool.free" -> "Codes of a pool that nobody was given";
      case "parley.handoffs.waiting" -> "Conversations that wait for a person";
      case "parley.handoffs.oldest.seconds" -> "How long the longest of them has waited";
      case "parley.handoffs.sla.warned" -> "Open handoffs whose promise is about to be broken";
      case "parley.handoffs.sla.breached" -> "Open handoffs whose promise is broken";
      case "parley.handoffs.promises.broken" -> "Promises to contacts that were not kept";
      case "parley.handoffs.offers" -> "What came of asking agents to take conversations";
      case "parley.agents.online" -> "Agents who are there";
      case "parley.optouts.drift" -> "Opt-outs that differed when they were compared last";
      case "parley.edge.refused" -> "Requests that an edge refused";
      case "parley.edge.ignored" -> "Requests that told of nothing that concerns a flow";
      case "parley.conversations.live" -> "Conversations in memory";
      case "parley.http.in.flight" -> "Requests that have no answer yet";
      case "parley.pool.taken" -> "Connections or workers of a pool that are in use";
      case "parley.pool.waiting" -> "Who waits for one";
      case "parley.outbox.depth" -> "Effects that wait to leave";
      case "parley.outbox.in.doubt" -> "Effects that may have left: their answer is unknown";
      case "parley.outbox.oldest.seconds" -> "Age of the effect that waits longest";
      case "parley.triggers.waiting" -> "Triggers that wait for the end of a handoff";
      case "parley.inbox.depth" -> "Events that wait for another try";
      case "parley.inbox.parked" -> "Events that failed too often and wait for a person";
      case "parley.ingested" -> "Calls about persons that were taken, repeats too";
      case "parley.ingested.repeated" -> "Calls about persons that had been taken before";
      case "parley.ingested.left.out" -> "Calls about persons that could not be taken";
      case "parley.ingested.worked" -> "What came of working off calls about persons";
      case "parley.ingested.depth" -> "Calls about persons that wait to be worked off";
      case "parley.ingested.parked" -> "Calls about persons that wait for a person";
      case "parley.relay.depth" -> "Messages that are to be passed on, dead ones too";
      case "parley.relay.dead" -> "Messages that are passed on no more";
      case "parley.audience.changes" -> "Who entered and exited audiences, and why";
      case "parley.audience.told.again" -> "Members that were told again by a resync";
      case "parley.audience.size" -> "Members of an audience";
      case "parley.audience.drift" -> "Members of an audience against a day ago";
      case "parley.rules" -> "Rules that matched, by what came of it";
      case "parley.traits.unkept" -> "Traits for which a person has no room";
      case "parley.dead.letters" -> "Effects that were given up";
      default -> throw new IllegalArgumentException("no description of " + name);
    };
  }

  private AtomicLong gauge(String name, String... tags) {
    return gauges.computeIfAbsent(
        name + String.join(" ", tags),
        _ -> {
          AtomicLong value = new AtomicLong();
          Gauge.builder(name, value, AtomicLong::get)
              .description(description(name))
              .tags(tags)
              .register(registry);
          return value;
        });
  }
}
