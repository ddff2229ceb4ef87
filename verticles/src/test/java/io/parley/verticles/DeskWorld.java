package io.parley.verticles;

import io.parley.codec.FlowDocument;
import io.parley.edge.Arrival;
import io.parley.edge.Arrival.Source;
import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Engine;
import io.parley.engine.Event;
import io.parley.engine.Execution;
import io.parley.engine.ExecutionId;
import io.parley.engine.FlowRef;
import io.parley.engine.FlowShelf;
import io.parley.engine.FlowSid;
import io.parley.engine.MessageSid;
import io.parley.engine.Moment;
import io.parley.engine.Person;
import io.parley.engine.ShortLinks;
import io.parley.engine.Step;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.engine.desk.DeskRules;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.FlowReading;
import io.parley.engine.policy.Policy;
import io.parley.store.HandoffKeeping;
import io.parley.store.HandoffQueue;
import io.parley.store.Handoffs;
import io.parley.store.Journal;
import io.parley.store.Persons;
import io.parley.store.Presence;
import io.parley.store.Presence.Abilities;
import io.parley.store.Presence.Status;
import io.parley.store.QueueEntry;
import io.parley.store.QueueQuery;
import io.parley.store.QueueQuery.Folder;
import io.parley.store.Subscription;
import io.parley.store.TurnCommitter;
import io.parley.store.TurnRecord;
import io.parley.store.Written;
import io.parley.testkit.TestPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Tuple;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Conversations on the engine and the journal themselves, with the keeper of the queue, at a time
/// that tests set.
final class DeskWorld implements AutoCloseable {

  /// A Monday, 12:00 in London.
  static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

  private static final Address OURS = new Address("+15550001111");

  /// Hands over at once, with what the trigger says of it.
  private static final String CARE =
      """
      {"description": "Care", "initial_state": "Trigger",
       "flags": {"allow_concurrent_calls": true}, "states": [
        {"name": "Trigger", "type": "trigger", "properties": {},
         "transitions": [{"event": "incomingRequest", "next": "person"}]},
        {"name": "person", "type": "send-to-flex",
         "properties": {"workflow": "care", "channel": "sms", "priority": "{{flow.data.priority}}",
                        "attributes": "{\\"kind\\": \\"{{flow.data.kind}}\\"}"},
         "transitions": [{"event": "callComplete"}, {"event": "failedToEnqueue"},
                         {"event": "callFailure"}]}]}
      """;

  private final Vertx vertx = Vertx.vertx();
  private final PgConnectOptions options =
      PgConnectOptions.fromUri(TestPostgres.database()).setCachePreparedStatements(true);
  final Pool pool =
      PgBuilder.pool()
          .with(new PoolOptions().setMaxSize(8))
          .connectingTo(options)
          .using(vertx)
          .build();
  final HandoffQueue queue = new HandoffQueue(pool);
  final Presence presence = new Presence(pool);
  final Metrics metrics = new Metrics();
  private final HandoffKeeping keeping = new HandoffKeeping(pool);
  private final Journal journal = new Journal(pool);
  private final TurnCommitter committer =
      new TurnCommitter(
          await(TurnCommitter.connect(vertx, options)), List.of(Subscription.toAll("sink")));
  private final FlowRef ref = new FlowRef(FlowSid.named("care"), "care", 1);
  private final Flow flow = flow();
  final ConcurrentLinkedQueue<String> offered = new ConcurrentLinkedQueue<>();
  private volatile Instant now = NOON;
  private volatile DeskRules rules = DeskRules.DEFAULT;
  private volatile Policy policy = policy("hours: {quiet: off}");
  private final QueueRound round = keeper();
  private int names;
  private Written last = new Written.Committed();

  private static Flow flow() {
    if (FlowDocument.parse(CARE) instanceof FlowDocument.Parsing.Parsed(var document)
        && document.reading() instanceof FlowReading.Valid(var read, var _)) {
      return read;
    }
    throw new AssertionError("the flow is not right");
  }

  /// A keeper of the queue, as each node has one.
  QueueRound keeper() {
    Clock own =
        new Clock() {
          @Override
          public Instant instant() {
            return now;
          }

          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }
        };
    return new QueueRound(
        keeping,
        presence,
        new QueueReader(
            keeping,
            new Handoffs(pool),
            new Persons(pool),
            () -> rules,
            () -> policy,
            news -> "https://parley.example.com/desk/conversations/" + news.id().conversation()),
        new QueueWords(keeping, journal, () -> rules, () -> policy, this::dispatch, own),
        () -> rules,
        () -> policy,
        this::dispatch,
        own,
        metrics,
        made -> offered.add(made.id() + " to " + made.agent()));
  }

  static <T> T await(Future<T> future) {
    try {
      return future.await(60, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("no answer within 60 s", e);
    }
  }

  @Override
  public void close() {
    await(pool.close());
    await(vertx.close());
  }

  // ---- rules and time

  void rules(String yaml) {
    rules =
        switch (DeskFile.read(yaml)) {
          case DeskRules.Reading.Valid(var read) -> read;
          case DeskRules.Reading.Invalid(var problems) -> throw new AssertionError(problems);
        };
  }

  void policy(Policy next) {
    policy = next;
  }

  static Policy policy(String yaml) {
    return switch (PolicyFile.read(yaml)) {
      case Policy.Reading.Valid(var read) -> read;
      case Policy.Reading.Invalid(var problems) -> throw new AssertionError(problems);
    };
  }

  void at(String instant) {
    now = Instant.parse(instant);
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  Instant now() {
    return now;
  }

  /// Rounds until nothing is left to do.
  void keep() {
    while (await(round.run())) {
      // There was more to do.
    }
  }

  void clear() {
    await(
        pool.query(
                """
                do $$ begin
                  execute (select 'truncate ' || string_agg(quote_ident(tablename), ', ')
                             from pg_tables
                            where schemaname = 'public' and tablename <> 'flyway_schema_history');
                end $$
                """)
            .execute());
    offered.clear();
    now = NOON;
    rules = DeskRules.DEFAULT;
    policy = policy("hours: {quiet: off}");
  }

  // ---- agents

  /// An agent comes, or the desk is heard of once more.
  void online(String agent, String... skills) {
    await(
        presence.set(
            agent,
            Status.ONLINE,
            new Abilities(Optional.empty(), List.of(skills), List.of()),
            now));
  }

  /// A user of the desk whose session ends after a time: the id.
  String signedIn(String name, Duration time) {
    String id = UUID.randomUUID().toString();
    await(
        pool.preparedQuery(
                """
                with made as (
                  insert into desk_user (id, name, email, role, topics, password, created_at)
                  values ($1, $2, $2 || '@example.com', 'agent', '{}', 'none', $3) returning id
                )
                insert into desk_session (id, user_id, created_at, seen_at, ends_at)
                select 'of ' || $2, id, $3, $3, $4 from made
                """)
            .execute(
                Tuple.of(
                    UUID.fromString(id),
                    name,
                    now.atOffset(ZoneOffset.UTC),
                    now.plus(time).atOffset(ZoneOffset.UTC))));
    return id;
  }

  void onlineFor(String agent, String topic) {
    await(
        presence.set(
            agent, Status.ONLINE, new Abilities(Optional.empty(), List.of(), List.of(topic)), now));
  }

  /// The desks of all of them are still open.
  void seen(String... agents) {
    await(presence.seen(List.of(agents), now));
  }

  String status(String agent) {
    return await(presence.find(agent)).orElseThrow().status().word();
  }

  int load(String agent) {
    return await(presence.find(agent)).orElseThrow().load();
  }

  // ---- conversations

  static ThreadId thread(int contact) {
    return new ThreadId(OURS, new Address("+1415%07d".formatted(contact)));
  }

  EffectId handOver(int contact) {
    return handOver(contact, Values.EMPTY);
  }

  /// A contact's conversation is handed over by a flow.
  EffectId handOver(int contact, Values data) {
    Step step =
        step(
            arrival(
                thread(contact),
                Source.CUSTOMERIO_TRIGGER,
                new Event.Triggered(
                    ref,
                    new Person(
                        Optional.of("person-" + contact),
                        Values.of("first_name", "Asha").with("last_name", "No" + contact)),
                    data,
                    now)));
    return step.effects().stream()
        .filter(Effect.OpenHandoff.class::isInstance)
        .map(it -> ((Effect.OpenHandoff) it).id())
        .findFirst()
        .orElseThrow();
  }

  void reply(int contact, String text) {
    step(
        arrival(
            thread(contact),
            Source.TWILIO_MESSAGE,
            new Event.ReplyReceived(
                new MessageSid("SM" + ++names),
                Values.of("Body", text),
                List.of(),
                "test",
                Optional.empty())));
  }

  void take(EffectId id, String agent) {
    agent(id, new Event.AgentTook(Optional.of(id), agent, false));
  }

  void write(EffectId id, String agent, String text) {
    agent(
        id,
        new Event.AgentWrote(
            id, agent, "draft-" + ++names, new Effect.Content.Text(text, List.of()), false));
  }

  void close(EffectId id, String disposition) {
    agent(id, new Event.HandoffClosed(id, disposition, Values.EMPTY));
  }

  private void agent(EffectId id, Event event) {
    ThreadId thread = await(journal.thread(id.conversation())).orElseThrow();
    Step step = step(arrival(thread, Source.AGENT, event));
    if (step instanceof Step.Refused refused) {
      throw new AssertionError(refused.reason());
    }
  }

  private Arrival arrival(ThreadId thread, Source source, Event event) {
    return new Arrival(source, "event-" + ++names, Optional.empty(), thread, event, now);
  }

  /// What the contact was sent, oldest first.
  List<String> said(int contact) {
    return await(keeping.heard(ConversationId.of(thread(contact)), 0)).stream()
        .filter(it -> !it.byContact())
        .map(it -> it.text())
        .toList();
  }

  private synchronized Step step(Arrival arrival) {
    Journal.Loaded loaded = await(journal.load(arrival.thread()));
    FlowShelf shelf =
        new FlowShelf() {
          @Override
          public Optional<Flow> flow(FlowRef asked) {
            return Optional.of(flow);
          }

          @Override
          public Optional<FlowRef> find(FlowSid sid, String revision) {
            return Optional.empty();
          }
        };
    Step step =
        Engine.step(
            loaded.conversation(),
            arrival.event(),
            shelf,
            new Moment(
                now,
                arrival.receivedAt(),
                loaded.contact(),
                ShortLinks.NONE,
                Optional.empty(),
                policy));
    Written written =
        await(
                committer.write(
                    List.of(
                        new TurnRecord(
                            arrival.source().word(),
                            arrival.sourceId(),
                            arrival.alias(),
                            arrival.thread(),
                            now,
                            arrival.event(),
                            step))))
            .getFirst();
    last = written;
    return step;
  }

  /// As the service takes events: a repeat is answered with the first one's turn.
  private Future<Decision> dispatch(Arrival arrival) {
    return Future.fromCompletionStage(
        CompletableFuture.supplyAsync(
            () -> {
              synchronized (this) {
                Step step = step(arrival);
                boolean repeated = last instanceof Written.Repeated;
                Optional<ExecutionId> execution = step.next().execution().map(Execution::id);
                Optional<String> refusal =
                    step instanceof Step.Refused refused
                        ? Optional.of(refused.reason().word())
                        : Optional.empty();
                return new Decision.Taken(
                    arrival.conversation(),
                    step.next().turn(),
                    execution,
                    refusal,
                    Optional.empty(),
                    false,
                    repeated,
                    Optional.empty(),
                    Optional.empty());
              }
            }));
  }

  // ---- the queue

  QueueEntry entry(EffectId id) {
    return await(queue.find(id)).orElseThrow();
  }

  /// Whom one is offered to; empty text where it is to nobody.
  String offeredTo(EffectId id) {
    return entry(id).hold().offer().map(QueueEntry.Offer::agent).orElse("");
  }

  List<EffectId> folder(Folder folder) {
    return entries(folder).stream().map(it -> it.handoff().orElseThrow()).toList();
  }

  List<QueueEntry> entries(Folder folder) {
    return await(queue.list(QueueQuery.of(folder, 5_000))).rows();
  }
}
