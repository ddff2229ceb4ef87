package io.parley.verticles;

import io.parley.calls.RequestComposer;
import io.parley.calls.TwilioCredentials;
import io.parley.customerio.AppApi;
import io.parley.customerio.Defaults;
import io.parley.customerio.EventPayload;
import io.parley.customerio.SenderOptOuts;
import io.parley.customerio.StudioTriggerPayload;
import io.parley.customerio.TriggerPayload;
import io.parley.edge.Channels;
import io.parley.edge.Conversations;
import io.parley.edge.Functions;
import io.parley.edge.MessageChannel;
import io.parley.edge.OutcomeFiles;
import io.parley.edge.OutcomeSink;
import io.parley.engine.Address;
import io.parley.engine.Channel;
import io.parley.engine.ShortLinks;
import io.parley.engine.desk.DeskRules;
import io.parley.engine.policy.Policy;
import io.parley.engine.rules.Rules;
import io.parley.intents.LiveTagger;
import io.parley.store.CodePools;
import io.parley.store.ConsentHistory;
import io.parley.store.Contacts;
import io.parley.store.ConversionRules;
import io.parley.store.CoolingOff;
import io.parley.store.DeadLetters;
import io.parley.store.Executions;
import io.parley.store.Flows;
import io.parley.store.HandoffKeeping;
import io.parley.store.HandoffTargets;
import io.parley.store.Handoffs;
import io.parley.store.InboundRelay;
import io.parley.store.Inbox;
import io.parley.store.Ingested;
import io.parley.store.Journal;
import io.parley.store.LastCheck;
import io.parley.store.Links;
import io.parley.store.Memberships;
import io.parley.store.Offers;
import io.parley.store.Outbox;
import io.parley.store.Paced;
import io.parley.store.Persons;
import io.parley.store.PlannedPool;
import io.parley.store.Presence;
import io.parley.store.Purchases;
import io.parley.store.ReplyReviews;
import io.parley.store.Reports;
import io.parley.store.Subscription;
import io.parley.store.Suppressions;
import io.parley.store.Timers;
import io.parley.store.Traits;
import io.parley.store.Transcript;
import io.parley.twilio.ConversationCalls;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts the service together: the one class that names every verticle, channel, sink and edge.
final class Wiring {

  private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);

  /// As many connections as statements mark sends at once.
  private static final int MARKING = 2;

  private final Settings settings;
  private final PgConnectOptions database;
  private final Clock clock;
  private final Function<TwilioAccount, MessageChannel> channels;
  private final Vertx vertx;
  private final Pool pool;

  /// What conversations are read over as they come to life. A pool of its own: no courier takes its
  /// connections, and who waits is answered by a few statements for all.
  private final Pool reads;

  /// What sends are looked at once more over, and marked. A pool of its own: no cold conversation
  /// keeps a message back.
  private final Pool marks;

  private final Metrics metrics = new Metrics();
  private final FlowLibrary flows;
  private final FileInForce<Policy> policy;
  private final FileInForce<DeskRules> desk;
  private final TargetsInForce targets;
  private final FileInForce<Rules> rules;
  private final Functions functions = new Functions();
  private final Readiness readiness;
  private final AtomicInteger port;

  /// What all that is asked of Customer.io's App API shares.
  private final SlidingLimit appRequests;

  private final DeskRecords deskRecords;

  /// Who may pass at the desk.
  private final DeskSessions deskSessions;

  /// Who is told what came of conversations; complete once the service starts.
  private final List<Destination> destinations = new ArrayList<>();

  /// In the order of deployment; undeployed in the reverse, so that edges close before what they
  /// feed.
  private final Deque<String> deployments = new ArrayDeque<>();

  /// The channel, which holds connections.
  private Optional<MessageChannel> opened = Optional.empty();

  private Optional<Conversations> conversations = Optional.empty();

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
        Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(Math.max(2, settings.lanes())))
            .withMetrics(new Observed(metrics))
            .build();
    this.pool =
        PgBuilder.pool()
            .with(connections("parley", settings.databasePool(), 1))
            .connectingTo(database)
            .using(vertx)
            .build();
    this.reads =
        PlannedPool.open(vertx, database, connections("parley-reads", settings.lanes(), 8));
    this.marks = PlannedPool.open(vertx, database, connections("parley-marks", MARKING, 1));
    this.flows = new FlowLibrary(vertx, new Flows(pool));
    this.policy = settings.policy().inForce();
    this.desk = settings.deskRules().inForce();
    this.targets =
        new TargetsInForce(
            desk, new TargetsReader(settings.targetSecrets(), settings.publicUrl(), clock));
    this.rules = settings.rules().inForce();
    this.readiness =
        new Readiness(settings.twilio().isPresent(), settings.customerIo().isPresent(), clock);
    destinations.addAll(CustomerIoDestinations.of(settings.customerIo(), settings.optOuts()));
    this.port = new AtomicInteger(settings.httpPort());
    this.deskRecords = DeskRecords.in(pool, settings.desk().idle());
    this.deskSessions = new DeskSessions(deskRecords.sessions(), settings.desk(), clock, metrics);
    this.appRequests = new SlidingLimit(settings.optOuts().pace().requestsPerSecond() * 2);
  }

  /// @param seconds how long somebody may wait for one
  private static PoolOptions connections(String name, int most, int seconds) {
    return new PoolOptions()
        .setMaxSize(most)
        .setConnectionTimeout(seconds)
        .setConnectionTimeoutUnit(TimeUnit.SECONDS)
        .setName(name);
  }

  /// Loads the flows and deploys everything; completes when the service is ready.
  Future<Void> start() {
    return start(new CountDownLatch(1));
  }

  /// As [#start()], but waits for its database no longer than it is to start.
  ///
  /// @param ended counted down when it is not to start any more
  Future<Void> start(CountDownLatch ended) {
    DatabaseStart databaseStart =
        new DatabaseStart(Database.url(database), settings.databaseStart(), ended);
    Bus.register(vertx);
    return load("PARLEY_POLICY", policy::load)
        .compose(_ -> load("PARLEY_DESK", desk::load))
        .compose(_ -> load("PARLEY_RULES", rules::load))
        .compose(_ -> loadDestinations())
        .compose(_ -> databaseStart.ask(vertx, () -> new Links(pool).secret()))
        .compose(secret -> start(databaseStart, shortLinks(secret)));
  }

  private Future<Void> load(String setting, Callable<List<String>> file) {
    return vertx
        .executeBlocking(file)
        .compose(
            problems ->
                problems.isEmpty()
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        new IllegalStateException(setting + ": " + String.join("; ", problems))));
  }

  private Future<Void> loadDestinations() {
    return vertx
        .executeBlocking(() -> settings.destinations().load(settings.destinationSecrets(), clock))
        .compose(
            reading ->
                switch (reading) {
                  case DestinationsFile.Reading.Valid(var read) -> {
                    destinations.addAll(read);
                    yield Future.succeededFuture();
                  }
                  case DestinationsFile.Reading.Invalid(var problems) ->
                      Future.failedFuture(
                          new IllegalStateException(
                              SettingName.DESTINATIONS.variable()
                                  + ": "
                                  + String.join("; ", problems)));
                });
  }

  private ShortLinks shortLinks(String secret) {
    return new ShortLinks(settings.linkUrl().toString().replaceAll("/+$", ""), secret);
  }

  private Future<Void> start(DatabaseStart databaseStart, ShortLinks links) {
    Journal journal = new Journal(pool);
    Persons persons = new Persons(reads);
    Outbox outbox = new Outbox(pool, marks, settings.deadLetterSeal());
    Inbox inbox = new Inbox(pool);
    LiveTagger tagger = new LiveTagger();
    Tagging tagging = new Tagging(tagger, metrics, readiness, Tagging.PATIENCE);
    if (settings.tagger() == Tagging.By.RULES) {
      tagging.byRulesAlone();
    }
    Dispatcher dispatcher =
        new Dispatcher(Bus.on(vertx), inbox, new Contacts(pool), tagger::byRules, settings.lanes());
    List<Destination> open = destinations.stream().filter(Destination::isOn).toList();
    List<Subscription> subscriptions = open.stream().map(Destination::subscription).toList();

    Future<Void> started =
        warmUp()
            .compose(_ -> vertx.executeBlocking(() -> FlowFolder.read(settings.flowsDir())))
            .compose(folder -> databaseStart.ask(vertx, () -> loadFlows(folder)));
    started = then(started, tagging);
    started = then(started, new TagsWatch(settings.tagsDir(), tagging, metrics));
    Pacing pacing = new Pacing(settings.pace().segmentsPerSecond());
    ConversationVerticle.Shared shared =
        new ConversationVerticle.Shared(
            tagging::tag,
            flows,
            new Journal(reads),
            new Elsewhere(persons, new CoolingOff(reads), policy),
            links,
            policy,
            clock,
            settings.lanes(),
            pacing::takesAtOnce,
            metrics);
    for (int lane = 0; lane < settings.lanes(); lane++) {
      int number = lane;
      started =
          patiently(
              databaseStart,
              started,
              () -> new TurnWriter(number, database, subscriptions, metrics));
      started =
          then(
              started,
              new Switchboard(
                  lane,
                  settings.idle(),
                  thread -> new ConversationVerticle(thread, shared),
                  metrics));
    }
    readiness.destinations(destinations);
    metrics.destinations(destinations.stream().map(Destination::name).toList());
    ActivationGate gate = new ActivationGate(new LastCheck(pool));
    for (Destination destination : open) {
      started =
          then(
              started,
              new SinkCourier(
                  destination,
                  vertx -> handover(vertx, destination),
                  outbox,
                  gate,
                  metrics,
                  readiness));
    }
    if (settings.twilio().isPresent()) {
      MessageChannel channel = channels.apply(settings.twilio().get());
      opened = Optional.of(channel);
      SendAnswers answers = new SendAnswers(journal, dispatcher, clock);
      started =
          then(
              started,
              new TwilioCourier(
                  channel,
                  outbox,
                  answers,
                  clock,
                  settings.pace(),
                  pacing,
                  policy,
                  metrics,
                  readiness));
      started =
          then(started, new InDoubtSweeper(channel, outbox, answers, settings.pace(), metrics));
    }
    Answers answers = new Answers(journal, outbox, dispatcher, clock);
    started = then(started, calls(outbox, answers));
    started = then(started, offers(outbox, answers));
    started =
        then(
            started,
            new OfferWatch(
                policy, new Offers(pool), new CodePools(pool), clock, metrics, readiness));
    started = then(started, new InboxSweeper(inbox, dispatcher));
    started = then(started, new SuppressionSweeper(new Suppressions(pool), dispatcher, clock));
    Ingested ingested = new Ingested(pool);
    Memberships memberships = new Memberships(pool, subscriptions);
    AudienceNews audiences =
        new AudienceNews(
            rules, policy, memberships, new Traits(pool), settings.defaultRegion(), clock, metrics);
    started = then(started, new AudienceSweeper(memberships, audiences, pool, metrics));
    PersonEvents events =
        new PersonEvents(
            journal, new Purchases(pool), new ConsentHistory(pool), audiences, dispatcher, clock);
    RuleStarts starts =
        new RuleStarts(
            rules,
            settings.senders(),
            flows,
            new Contacts(pool),
            new UnstartedRules(outbox, subscriptions, metrics),
            dispatcher,
            settings.defaultRegion(),
            clock,
            metrics);
    IngestedCalls calls =
        new IngestedCalls(
            new Traits(pool), events, audiences, starts, settings.defaultRegion(), metrics);
    started = then(started, new IngestSweeper(ingested, calls, clock, metrics));
    started =
        then(
            started,
            new DepthGauge(
                outbox,
                inbox,
                ingested,
                new InboundRelay(pool, settings.deadLetterSeal()),
                new DeadLetters(pool),
                metrics,
                readiness));
    if (relay().isPresent()) {
      started =
          then(
              started,
              new RelayCourier(
                  settings.relay(),
                  settings.twilio().map(account -> account.authTokens().getFirst()),
                  relay().get(),
                  clock,
                  metrics,
                  readiness));
    }
    if (settings.optOuts().api().isPresent() && settings.optOuts().reconcile().isPresent()) {
      started =
          then(
              started,
              new OptOutReconciler(
                  pool,
                  settings.optOuts().api().get(),
                  settings.optOuts(),
                  appRequests,
                  clock,
                  metrics));
    }
    started = then(started, new FlowWatch(flows));
    started = then(started, new PolicyWatch(policy, new ConversionRules(pool)));
    started = then(started, new RulesWatch(rules, flows));
    started = then(started, new DeskWatch(desk, policy));
    started = then(started, targets(dispatcher));
    started = then(started, queue(journal, new Persons(pool), dispatcher));
    started = then(started, new ReviewSweeper(new ReplyReviews(pool), policy));
    started =
        patiently(
            databaseStart,
            started,
            () -> new DeskSweeper(settings.desk(), deskSessions, deskRecords, clock));
    started =
        started.compose(
            _ -> then(Future.succeededFuture(), web(journal, dispatcher, events, links)));
    // The timers that ran out while nobody served are many at once: who writes now comes first.
    started = then(started, new TimerSweeper(new Timers(pool), dispatcher, clock));
    return started.onSuccess(_ -> readiness.deployed(true));
  }

  private TargetCourier targets(Dispatcher dispatcher) {
    HandoffTargets store = new HandoffTargets(pool);
    return new TargetCourier(
        targets,
        store,
        new TargetOpenings(store, new Handoffs(pool), settings.publicUrl()),
        new TargetEvents(store, dispatcher, clock),
        clock,
        metrics);
  }

  private TargetRoutes targetRoutes(Dispatcher dispatcher) {
    HandoffTargets store = new HandoffTargets(pool);
    TargetEvents events = new TargetEvents(store, dispatcher, clock);
    return new TargetRoutes(targets, store, events, settings.publicUrl(), clock, metrics);
  }

  private QueueKeeper queue(Journal journal, Persons persons, Dispatcher dispatcher) {
    HandoffKeeping keeping = new HandoffKeeping(pool);
    String link = settings.publicUrl().toString().replaceAll("/+$", "");
    return new QueueKeeper(
        new QueueRound(
            keeping,
            new Presence(pool),
            new QueueReader(
                keeping,
                new Handoffs(pool),
                persons,
                desk,
                policy,
                news -> link + "/desk/conversations/" + news.id().conversation()),
            new QueueWords(keeping, journal, desk, policy, dispatcher::dispatch, clock),
            desk,
            policy,
            dispatcher::dispatch,
            clock,
            metrics,
            made -> Bus.on(vertx).publish(Bus.HANDOFF_OFFERED, made)));
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

  /// Deploys a verticle that asks the database as it starts: another one, for as long as a start
  /// waits for its database.
  private Future<Void> patiently(
      DatabaseStart databaseStart, Future<Void> before, Supplier<Deployable> verticle) {
    return before
        .compose(_ -> databaseStart.ask(vertx, () -> vertx.deployVerticle(verticle.get())))
        .onSuccess(deployments::push)
        .mapEmpty();
  }

  private CallCourier calls(Outbox outbox, Answers answers) {
    Optional<TwilioCredentials> twilio =
        settings
            .twilio()
            .map(
                account -> {
                  String token = account.authTokens().getFirst();
                  return new TwilioCredentials(
                      account.accountSid(),
                      token,
                      (url, form) -> TwilioSignature.of(url, form, token));
                });
    conversations = settings.twilio().map(ConversationCalls::new);
    return new CallCourier(
        settings.calls(),
        new RequestComposer(settings.calls().functions(), twilio),
        functions,
        conversations,
        settings.optOuts().api().map(this::appCalls),
        outbox,
        answers,
        clock,
        metrics);
  }

  private AppCalls appCalls(AppApi api) {
    return new AppCalls(
        api,
        appRequests,
        new AppCalls.Records(new Journal(pool), new ConsentHistory(pool), new Paced(pool)),
        clock,
        metrics);
  }

  /// The messages that are to be passed on; empty where none are.
  private Optional<InboundRelay> relay() {
    return settings.relay().url().map(_ -> new InboundRelay(pool, settings.deadLetterSeal()));
  }

  private OfferCourier offers(Outbox outbox, Answers answers) {
    return new OfferCourier(
        policy,
        new Offers(pool),
        outbox,
        answers,
        new OfferCourier.Shops(
            settings.calls(),
            new RequestComposer(settings.calls().functions(), Optional.empty()),
            settings.offerSecrets()),
        clock,
        metrics);
  }

  private static HttpHandover http(Vertx vertx, Destination destination, OutcomeSink sink) {
    return new HttpHandover(vertx, sink, destination.pace().requestTimeout(), destination.tokens());
  }

  private Handover handover(Vertx vertx, Destination destination) {
    if (destination.isDry()) {
      return new DryRun(destination.taker(), destination.redaction());
    }
    return switch (destination.taker()) {
      case SenderOptOuts sink -> new CountedHandover(http(vertx, destination, sink), appRequests);
      case OutcomeSink sink -> http(vertx, destination, sink);
      case OutcomeFiles files -> new FileHandover(vertx, files);
    };
  }

  private WebVerticle web(
      Journal journal, Dispatcher dispatcher, PersonEvents events, ShortLinks links) {
    return new WebVerticle(settings.httpHost(), port, edges(journal, dispatcher, events, links));
  }

  /// A way in is a line here. The flows are loaded before.
  private List<Consumer<Router>> edges(
      Journal journal, Dispatcher dispatcher, PersonEvents events, ShortLinks links) {
    Optional<TwilioSignature> signature =
        settings
            .twilio()
            .map(account -> new TwilioSignature(account.publicBaseUrl(), account.authTokens()));
    RateLimit beginnings = new RateLimit(settings.studio().executionsPerSecond());
    TwilioGenuine genuine = new TwilioGenuine(signature, metrics);
    ConversationRoutes.Rules conversations =
        new ConversationRoutes.Rules(bindings(), settings.conversations().agents());
    DeskConversations answered = answered(dispatcher);
    return List.of(
        new CustomerIoRoutes(
            settings.triggerCredentials(),
            settings.defaultRegion(),
            settings.senders(),
            flows,
            new ConsentHistory(pool),
            events,
            dispatcher,
            clock,
            metrics),
        new SegmentRoutes(settings.writeKeys(), new Ingested(pool), clock, metrics),
        new ReportRoutes(
            settings.reports(),
            new ReportRoutes.Records(journal, new ConsentHistory(pool), new Reports(pool)),
            dispatcher,
            clock,
            metrics),
        new TwilioRoutes(
            genuine,
            bindings(),
            flows,
            journal,
            dispatcher,
            new Relaying(relay(), clock),
            beginnings,
            clock,
            metrics),
        studio(journal, dispatcher, beginnings),
        new ConversationRoutes(genuine, conversations, flows, journal, dispatcher, clock, metrics),
        new HandoffRoutes(
            settings.operatorToken(),
            new Handoffs(pool),
            new Transcript(pool),
            dispatcher,
            clock,
            metrics),
        targetRoutes(dispatcher),
        desk(answered),
        answered,
        new LinkRoutes(new Links(pool), links, settings.linkLifetime(), dispatcher, clock, metrics),
        new OperatorRoutes(pool, readiness, metrics));
  }

  private DeskConversations answered(Dispatcher dispatcher) {
    return new DeskConversations(
        new DeskConversations.Surroundings(vertx, pool, settings.deadLetterSeal(), clock, metrics),
        deskSessions,
        new DeskAudit(deskRecords.audit(), clock),
        dispatcher,
        flows,
        new DeskConversations.Rules(desk, policy));
  }

  private DeskRoutes desk(DeskConversations conversations) {
    return new DeskRoutes(
        vertx, settings.desk(), deskSessions, deskRecords, conversations::status, clock, metrics);
  }

  private StudioRoutes studio(Journal journal, Dispatcher dispatcher, RateLimit beginnings) {
    StudioSettings studio = settings.studio();
    StudioCredentials credentials = StudioCredentials.of(settings.twilio(), studio.apiKeys());
    StudioLinks links = StudioLinks.of(settings.publicUrl(), credentials.accountSid());
    Flows store = new Flows(pool);
    Executions runs = new Executions(pool);
    ExecutionStarts starts =
        new ExecutionStarts(
            runs,
            journal,
            flows,
            dispatcher,
            new ExecutionStarts.Limits(beginnings, studio.busy()),
            clock);
    ExecutionSteps steps = new ExecutionSteps(journal, flows);
    StudioExecutions executions = new StudioExecutions(runs, flows, steps, starts, links, clock);
    return new StudioRoutes(
        credentials,
        new RateLimit(studio.requestsPerSecond()),
        new StudioRoutes.Resources(
            new StudioFlows(vertx, store, flows, links, clock),
            new StudioRevisions(vertx, store, links),
            new StudioTestUsers(store, flows, links),
            executions,
            new StudioSteps(executions, steps, links)),
        metrics);
  }

  private Future<Void> loadFlows(FlowFolder folder) {
    return folder
        .publish(new Flows(pool), clock.instant())
        .compose(_ -> flows.refresh())
        .compose(_ -> checkBindings());
  }

  /// A binding to a flow that does not exist would swallow every reply.
  private Future<Void> checkBindings() {
    List<String> obstacles =
        settings.bindings().entrySet().stream()
            .map(it -> flows.choose(it.getValue(), it.getKey()).obstacle(flows.names()))
            .filter(obstacle -> !obstacle.isEmpty())
            .distinct()
            .sorted()
            .toList();
    return obstacles.isEmpty()
        ? Future.succeededFuture()
        : Future.failedFuture(
            new IllegalStateException("PARLEY_FLOW_BINDINGS: " + String.join("; ", obstacles)));
  }

  /// The flows that replies start, by sid: a second flow of the same name, made later, takes
  /// nothing from the first.
  private Map<Address, String> bindings() {
    Map<Address, String> bindings = new HashMap<>(settings.bindings());
    bindings.replaceAll(
        (ours, flow) ->
            flows.choose(flow, ours).found().map(ref -> ref.sid().value()).orElse(flow));
    return bindings;
  }

  /// The functions of this process, for flows to run: to be registered before the service starts.
  Functions functions() {
    return functions;
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
        .eventually(reads::close)
        .eventually(marks::close)
        .eventually(pool::close)
        .eventually(vertx::close);
  }

  private boolean closeChannel() {
    opened.ifPresent(MessageChannel::close);
    conversations.ifPresent(Conversations::close);
    return opened.isPresent();
  }

  private static void unclean(Throwable failure) {
    LOG.atError().setCause(failure).log("a part of the service did not stop cleanly");
  }
}
