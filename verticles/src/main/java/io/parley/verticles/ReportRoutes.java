package io.parley.verticles;

import io.parley.customerio.ReportPayload;
import io.parley.customerio.ReportReading.Beside;
import io.parley.customerio.ReportReading.SubscriptionChanged;
import io.parley.customerio.ReportReading.Unusable;
import io.parley.customerio.TriggerCredentials;
import io.parley.edge.Arrival;
import io.parley.edge.Arrival.Source;
import io.parley.engine.ConversationId;
import io.parley.engine.Event;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.engine.policy.Consent;
import io.parley.engine.policy.ConsentChannel;
import io.parley.store.ConsentHistory;
import io.parley.store.Journal;
import io.parley.store.Reports;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What Customer.io reports: `POST /customerio/reports`. Who unsubscribes there is written to no
/// more, and what runs ends.
///
/// Customer.io holds back every later report until this one is answered with 2xx, or for seven
/// days: what does not concern us, and what cannot be used, is answered 200 and counted.
final class ReportRoutes implements Consumer<Router> {

  static final String EDGE = "customerio_reports";

  /// As told to a flow that waits for it.
  private static final String REVOKED = "Consent Revoked";

  /// A report with the content of an e-mail is large; what is larger than this is not read.
  private static final int MAX_BODY_BYTES = 1024 * 1024;

  /// How long the database has for each of the steps; Customer.io waits four seconds.
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final int TOO_LARGE = 413;
  private static final Logger LOG = LoggerFactory.getLogger(ReportRoutes.class);

  private final Rules rules;
  private final Records records;
  private final Dispatcher dispatcher;
  private final Clock clock;
  private final Metrics metrics;

  /// @param topics the programmes that topics are about, by the topic's number
  record Rules(TriggerCredentials credentials, Map<String, String> topics) {
    Rules {
      topics = Map.copyOf(topics);
    }
  }

  /// What is on record of people, and of what was reported.
  record Records(Journal journal, ConsentHistory consents, Reports reports) {}

  ReportRoutes(Rules rules, Records records, Dispatcher dispatcher, Clock clock, Metrics metrics) {
    this.rules = rules;
    this.records = records;
    this.dispatcher = dispatcher;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public void accept(Router router) {
    router
        .post("/customerio/reports")
        .handler(new RawBody(EDGE, MAX_BODY_BYTES, metrics))
        .handler(new CustomerIoGenuine(EDGE, rules.credentials(), clock, metrics))
        .handler(this::report)
        .failureHandler(this::failed);
  }

  /// Nobody is told anything by a report that was not read to its end, whoever sent it.
  private void failed(RoutingContext context) {
    if (context.statusCode() == TOO_LARGE) {
      passOver(context, "too_large");
    } else {
      context.next();
    }
  }

  private void report(RoutingContext context) {
    String body = new String(RawBody.of(context), StandardCharsets.UTF_8);
    switch (ReportPayload.read(body, rules.topics(), clock.instant())) {
      case Beside _ -> passOver(context, "no_subscription");
      case Unusable(var reason, var sentence) -> {
        LOG.atWarn().addKeyValue("reason", reason).log("unusable report: {}", sentence);
        passOver(context, reason);
      }
      case SubscriptionChanged changed -> take(context, changed);
    }
  }

  private void passOver(RoutingContext context, String reason) {
    metrics.edgeIgnored(EDGE, reason);
    answer(context, new JsonObject().put("status", "ignored").put("reason", reason));
  }

  private void take(RoutingContext context, SubscriptionChanged changed) {
    bounded(records.reports().isKnown(changed.id()))
        .compose(
            known ->
                known
                    ? Future.succeededFuture(new JsonObject().put("duplicate", true))
                    : taken(changed))
        .onSuccess(said -> answer(context, said.put("status", "accepted")))
        .onFailure(
            failure -> {
              LOG.atWarn()
                  .addKeyValue("why", String.valueOf(failure.getMessage()))
                  .log("a report of Customer.io could not be stored");
              WebVerticle.answer(context, 503, "send the same report again");
            });
  }

  /// The consents are on record before any conversation hears of them; the event's id is kept last,
  /// so that what was taken by halves is taken again.
  private Future<JsonObject> taken(SubscriptionChanged changed) {
    return bounded(records.consents().record(changed.consents(), clock.instant()))
        .compose(_ -> threads(changed.externalIds()))
        .compose(threads -> tell(changed, threads))
        .compose(
            decisions ->
                decisions.stream().anyMatch(Decision.Unavailable.class::isInstance)
                    ? Future.failedFuture("a conversation could not be told")
                    : bounded(records.reports().taken(changed.id(), clock.instant()))
                        .map(_ -> summary(decisions)));
  }

  private static JsonObject summary(List<Decision> decisions) {
    long ended =
        decisions.stream()
            .filter(it -> it instanceof Decision.Taken taken && taken.refusal().isEmpty())
            .count();
    return new JsonObject().put("duplicate", false).put("conversations_told", ended);
  }

  private Future<Set<ThreadId>> threads(List<String> externalIds) {
    List<Future<List<ThreadId>>> asked =
        externalIds.stream()
            .map(id -> bounded(records.journal().threadsOf(Optional.empty(), Optional.of(id))))
            .toList();
    return Future.all(asked)
        .map(
            all -> {
              Set<ThreadId> threads = new LinkedHashSet<>();
              all.<List<ThreadId>>list().forEach(threads::addAll);
              return threads;
            });
  }

  /// Every conversation of the person hears of what was taken back and is ours to heed.
  private Future<List<Decision>> tell(SubscriptionChanged changed, Set<ThreadId> threads) {
    List<Consent> revoked =
        changed.consents().stream()
            .filter(Consent::isRevoked)
            .filter(it -> it.channel() != ConsentChannel.EMAIL)
            .filter(it -> it.externalId().equals(Optional.of(changed.externalIds().getFirst())))
            .toList();
    List<Future<Decision>> told = new ArrayList<>();
    for (ThreadId thread : threads) {
      for (Consent consent : revoked) {
        told.add(dispatcher.dispatch(arrival(changed.id(), thread, consent)));
      }
    }
    return Future.all(told).map(all -> all.list());
  }

  private Arrival arrival(String id, ThreadId thread, Consent consent) {
    Values properties =
        Values.of("channel", consent.channel().word())
            .with("programme", consent.programme())
            .with("method", consent.method().word());
    return new Arrival(
        Source.CUSTOMERIO_REPORT,
        "%s:%s:%s:%s"
            .formatted(
                id, consent.channel().word(), consent.programme(), ConversationId.of(thread)),
        Optional.empty(),
        thread,
        new Event.ConsentRevoked(consent, REVOKED, properties),
        clock.instant());
  }

  private static <T> Future<T> bounded(Future<T> step) {
    return step.timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void answer(RoutingContext context, JsonObject body) {
    WebVerticle.answer(context, 200, body);
  }
}
