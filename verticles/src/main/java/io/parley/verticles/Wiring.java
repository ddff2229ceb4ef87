package io.parley.verticles;

import io.parley.customerio.Defaults;
import io.parley.customerio.EventPayload;
import io.parley.customerio.StudioTriggerPayload;
import io.parley.customerio.TrackBatch;
import io.parley.customerio.TriggerPayload;
import io.parley.edge.Channels;
import io.parley.edge.MessageChannel;
import io.parley.edge.OutcomeSink;
import io.parley.engine.Channel;
import io.parley.engine.ShortLinks;
import io.parley.intents.KeywordTagger;
import io.parley.store.Contacts;
import io.parley.store.CoolingOff;
import io.parley.store.DeadLetters;
import io.parley.store.Flows;
import io.parley.store.Handoffs;
import io.parley.store.Inbox;
import io.parley.store.Journal;
import io.parley.store.Links;
import io.parley.store.Outbox;
import io.parley.store.Timers;
import io.parley.store.Transcript;
import io.parley.twilio.ConversationsChannel;
import io.parley.twilio.TwilioAccount;
import io.parley.twilio.TwilioChannel;
import io.parley.twilio.TwilioSignature;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.ext.web.Router;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts the service together: the one class that names every verticle, channel, sink and edge.
final class Wiring {

  private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);

  private final Settings settings;
  private final PgConnectOptions database;
  private final Clock clock;
  private final Function<TwilioAccount, MessageChannel> channels;
  private final Vertx vertx;
  private final Pool pool;
  private final Metrics metrics = new Metrics();
  private final FlowLibrary flows = new FlowLibrary();
  private final Readiness readiness;
  private final AtomicInteger port;

  /// In the order of deployment; undeployed in the reverse, so that edges close before what they
  /// feed.
  private final Deque<String> deployments = new ArrayDeque<>();

  /// The channel, which holds connections.
  private Optional<MessageChannel> opened = Optional.empty();

  Wiring(Settings settings, PgConnectOptions database, Clock clock) {
    this(settings, database, clock, Wiring::channels);
  }

  /// A channel is a line here.
  private static MessageChannel channels(TwilioAccount account) {
    MessageChannel messages = new TwilioChannel(account);
    return new Channels(
        Map.of(
            Channel.SMS, messages,
            Channel.WHATSAPP, messages,
            Channel.CONVERSATION, new ConversationsChannel(account)));
  }

  /// @param channels opens the channel that messages leave by
  Wiring(
      Settings settings,
      PgConnectOptions database,
      Clock clock,
      Function<TwilioAccount, MessageChannel> channels) {
    this.settings = settings;
    this.database = database;
    this.clock = clock;
    this.channels = channels;
    this.vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(Math.max(2, settings.lanes())));
    this.pool =
        PgBuilder.pool()
            .with(
                new PoolOptions()
                    .setMaxSize(settings.databasePool())
                    .setConnectionTimeout(1)
                    .setConnectionTimeoutUnit(TimeUnit.SECONDS)
                    .setName("parley"))
            .connectingTo(database)
            .using(vertx)
            .build();
    this.readiness =
        new Readiness(settings.twilio().isPresent(), settings.customerIo().isPresent(), clock);
    this.port = new AtomicInteger(settings.httpPort());
  }

  /// Loads the flows and deploys everything; completes when the service is ready.
  Future<Void> start() {
    Bus.register(vertx);
    return new Links(pool).secret().compose(secret -> start(shortLinks(secret)));
  }

  private ShortLinks shortLinks(String secret) {
    return new ShortLinks(settings.linkUrl().toString().replaceAll("/+$", ""), secret);
  }

  private Future<Void> start(ShortLinks links) {
    Journal journal = new Journal(pool);
    CoolingOff coolingOff = new CoolingOff(pool);
    Outbox outbox = new Outbox(pool);
    Inbox inbox = new Inbox(pool);
    KeywordTagger tagger = new KeywordTagger();
    Dispatcher dispatcher =
        new Dispatcher(Bus.on(vertx), inbox, new Contacts(pool), tagger, settings.lanes());
    List<OutcomeSink> sinks = sinks();
    List<String> destinations = sinks.stream().map(OutcomeSink::destination).toList();

    Future<Void> started = warmUp().compose(_ -> loadFlows());
    for (int lane = 0; lane < settings.lanes(); lane++) {
      started = then(started, new TurnWriter(lane, database, destinations, metrics));
      started =
          then(
              started,
              new Switchboard(
                  lane,
                  settings.idle(),
                  thread ->
                      new ConversationVerticle(
                          thread,
                          tagger,
                          flows,
                          journal,
                          coolingOff,
                          links,
                          clock,
                          settings.lanes(),
                          metrics),
                  metrics));
    }
    for (OutcomeSink sink : sinks) {
      SinkCourier.Pace pace = settings.customerIo().orElseThrow().pace();
      started = then(started, new SinkCourier(sink, outbox, pace, metrics, readiness));
    }
    if (settings.twilio().isPresent()) {
      MessageChannel channel = channels.apply(settings.twilio().get());
      opened = Optional.of(channel);
      SendAnswers answers = new SendAnswers(journal, dispatcher, clock);
      started =
          then(
              started,
              new TwilioCourier(
                  channel, outbox, answers, clock, settings.pace(), metrics, readiness));
      started =
          then(started, new InDoubtSweeper(channel, outbox, answers, settings.pace(), metrics));
    }
    started = then(started, new TimerSweeper(new Timers(pool), dispatcher, clock));
    started = then(started, new InboxSweeper(inbox, dispatcher));
    started = then(started, new DepthGauge(outbox, inbox, new DeadLetters(pool), metrics));
    started =
        then(
            started, new WebVerticle(settings.httpHost(), port, edges(journal, dispatcher, links)));
    return started.onSuccess(_ -> readiness.deployed(true));
  }

  /// The first body that is read loads schemas and numbering plans, which takes longer than an
  /// event loop may be held up.
  private Future<Void> warmUp() {
    Defaults defaults = new Defaults(settings.defaultRegion(), clock.instant());
    return vertx
        .executeBlocking(
            () -> {
              TriggerPayload.read(TriggerPayload.example(), Optional.empty(), defaults);
              StudioTriggerPayload.read("{}", Optional.empty(), defaults);
              return EventPayload.read("{}", defaults);
            })
        .mapEmpty();
  }

  private Future<Void> then(Future<Void> before, Deployable verticle) {
    return before
        .compose(_ -> vertx.deployVerticle(verticle))
        .onSuccess(deployments::push)
        .mapEmpty();
  }

  /// A destination for outcomes is a line here.
  private List<OutcomeSink> sinks() {
    List<OutcomeSink> sinks = new ArrayList<>();
    settings.customerIo().ifPresent(it -> sinks.add(new TrackBatch(it.trackUrl(), it.key())));
    return sinks;
  }

  /// A way in is a line here.
  private List<Consumer<Router>> edges(Journal journal, Dispatcher dispatcher, ShortLinks links) {
    Optional<TwilioSignature> signature =
        settings
            .twilio()
            .map(account -> new TwilioSignature(account.publicBaseUrl(), account.authTokens()));
    TwilioGenuine genuine = new TwilioGenuine(signature, metrics);
    return List.of(
        new CustomerIoRoutes(
            settings.triggerCredentials(),
            settings.defaultRegion(),
            settings.senders(),
            flows,
            journal,
            dispatcher,
            clock,
            metrics),
        new TwilioRoutes(genuine, settings.bindings(), flows, journal, dispatcher, clock, metrics),
        new ConversationRoutes(
            genuine, settings.conversations(), flows, journal, dispatcher, clock, metrics),
        new HandoffRoutes(
            settings.operatorToken(),
            new Handoffs(pool),
            new Transcript(pool),
            dispatcher,
            clock,
            metrics),
        new LinkRoutes(new Links(pool), links, settings.linkLifetime(), dispatcher, clock, metrics),
        new OperatorRoutes(pool, readiness, metrics));
  }

  private Future<Void> loadFlows() {
    return new FlowFolder(settings.flowsDir(), new Flows(pool))
        .loadInto(flows)
        .compose(_ -> checkBindings());
  }

  /// A binding to a flow that does not exist would swallow every reply.
  private Future<Void> checkBindings() {
    List<String> unknown =
        settings.bindings().values().stream()
            .filter(name -> flows.latest(name).isEmpty())
            .distinct()
            .sorted()
            .toList();
    return unknown.isEmpty()
        ? Future.succeededFuture()
        : Future.failedFuture(
            "PARLEY_FLOW_BINDINGS: no flow is named "
                + String.join(", ", unknown)
                + "; there are "
                + flows.names());
  }

  /// The port that the service listens on.
  int port() {
    return port.get();
  }

  Metrics metrics() {
    return metrics;
  }

  Vertx vertx() {
    return vertx;
  }

  /// Closes the edges, lets what is under way finish, and leaves the rest to the next start.
  Future<Void> stop() {
    readiness.deployed(false);
    Future<Void> stopped = Future.succeededFuture();
    while (!deployments.isEmpty()) {
      String deployment = deployments.pop();
      stopped = stopped.eventually(() -> vertx.undeploy(deployment).onFailure(Wiring::unclean));
    }
    return stopped
        .eventually(() -> vertx.executeBlocking(this::closeChannel))
        .eventually(pool::close)
        .eventually(vertx::close);
  }

  private boolean closeChannel() {
    opened.ifPresent(MessageChannel::close);
    return opened.isPresent();
  }

  private static void unclean(Throwable failure) {
    LOG.atError().setCause(failure).log("a part of the service did not stop cleanly");
  }
}
