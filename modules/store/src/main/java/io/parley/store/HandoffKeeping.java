package io.parley.store;

import io.parley.codec.Codec;
import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Owner;
import io.parley.engine.Tag;
import io.parley.engine.ThreadId;
import io.parley.engine.desk.Clocks;
import io.parley.engine.desk.Clocks.Running;
import io.parley.engine.desk.Sharing.Offered;
import io.parley.engine.desk.Sharing.Waiting;
import io.parley.store.QueueEntry.CallRequest;
import io.parley.store.QueueEntry.Rank;
import io.parley.store.QueueNews.Heard;
import io.parley.store.QueueNews.Look;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What the keeper of the queue reads and writes in [HandoffQueue]'s table. Several keepers may be
/// at work: what one makes of news counts only while nothing newer was told, one at a time makes
/// offers, and rows that another has at hand are passed by.
public final class HandoffKeeping {

  /// Makes offers one keeper's at a time; any number that nothing else locks by.
  private static final long OFFERING = 7_203_811_904_552_317L;

  private static final int MAX_HEARD = 100;
  private static final int MAX_SNIPPET = 140;
  private static final int MAX_TAGS = 20;

  private final Pool client;

  public HandoffKeeping(Pool client) {
    this.client = client;
  }

  // ---- what there is to do

  /// Of which kinds there is anything, so that a round asks for none of the others.
  ///
  /// @param news something was told and not looked at yet
  /// @param due a clock or what sleeps has come to its time
  /// @param offered something is offered to somebody
  /// @param waiting something waits for an agent
  /// @param held an agent or a target has something
  /// @param staffed somebody is there
  /// @param deserted somebody is there who is signed in nowhere any more
  public record Work(
      boolean news,
      boolean due,
      boolean offered,
      boolean waiting,
      boolean held,
      boolean staffed,
      boolean deserted) {

    /// Whether there is any handoff to look after.
    public boolean isAny() {
      return news || due || offered || waiting || held;
    }
  }

  /// What there is to do, each told by the first entry of an index.
  public Future<Work> work(Instant now) {
    return client
        .preparedQuery(
            """
            select exists (select from handoff_queue where told > read) as news,
                   exists (select from handoff_queue where closed_at is null and sla_next <= $1)
                     or exists (select from handoff_queue
                                 where closed_at is null and snoozed_until <= $1) as due,
                   exists (select from handoff_queue where offered_to is not null) as offered,
                   exists (select from handoff_queue
                            where state = 'QUEUED' and closed_at is null) as waiting,
                   exists (select from handoff_queue
                            where closed_at is null and holder is not null) as held,
                   exists (select from agent_presence where status <> 'offline') as staffed,
                   exists (select from agent_presence p, desk_user u where %s) as deserted
            """
                .formatted(Presence.SIGNED_OUT))
        .execute(Tuple.of(TurnStatement.utc(now)))
        .map(rows -> rows.iterator().next())
        .map(
            row ->
                new Work(
                    row.getBoolean("news"),
                    row.getBoolean("due"),
                    row.getBoolean("offered"),
                    row.getBoolean("waiting"),
                    row.getBoolean("held"),
                    row.getBoolean("staffed"),
                    row.getBoolean("deserted")));
  }

  // ---- news

  /// What was told and not looked at yet, the longest ago first.
  public Future<List<QueueNews>> news(int limit) {
    return client
        .preparedQuery(
            """
            select q.conversation, q.turn, q.index, q.ours, q.theirs, q.told, q.read_turn,
                   q.admitted_at is not null as admitted, q.state, q.holder, q.closed_at, q.topic, q.target,
                   q.skills, q.priority, q.weight, q.opened_at, q.said, q.escalated,
                   h.taken_at, h.first_reply_at, h.customer_wrote_at, h.agent_wrote_at
              from handoff_queue q join handoff h using (conversation, turn, index)
             where q.told > q.read order by q.last_at limit $1
            """)
        .execute(Tuple.of(limit))
        .map(rows -> all(rows, HandoffKeeping::news));
  }

  private static QueueNews news(Row row) {
    return new QueueNews(
        id(row),
        thread(row),
        row.getInteger("told"),
        row.getInteger("read_turn"),
        row.getBoolean("admitted"),
        Owner.valueOf(row.getString("state")),
        Optional.ofNullable(row.getString("holder")),
        row.getOffsetDateTime("closed_at") != null,
        rank(row),
        course(row),
        at(row, "taken_at"),
        Set.of(row.getArrayOfStrings("said")),
        List.of(row.getArrayOfStrings("escalated")));
  }

  /// What was said in a conversation after a turn, oldest first; of much the latest.
  public Future<List<Heard>> heard(ConversationId conversation, int afterTurn) {
    return client
        .preparedQuery(
            """
            select number, format, event, effects from turn
             where conversation = $1 and number > $2
               and (kind = 'ReplyReceived' or effects like '%"type":"Send"%')
             order by number desc limit $3
            """)
        .execute(Tuple.of(conversation.value(), afterTurn, MAX_HEARD))
        .map(
            rows -> {
              List<Heard> heard = new ArrayList<>();
              List<Row> inOrder = new ArrayList<>();
              rows.forEach(inOrder::addFirst);
              inOrder.forEach(row -> add(row, heard));
              return heard;
            });
  }

  private static void add(Row row, List<Heard> heard) {
    int turn = row.getInteger("number");
    int format = row.getShort("format");
    if (row.getString("event").isEmpty()) {
      return;
    }
    if (Codec.decodeEvent(format, row.getString("event")) instanceof Event.ReplyReceived reply) {
      heard.add(new Heard(turn, true, reply.body(), reply.tags().stream().map(Tag::name).toList()));
    }
    for (Effect effect : Codec.decodeEffects(format, row.getString("effects"))) {
      if (effect instanceof Effect.Send send
          && send.content() instanceof Effect.Content.Text(var body, var _)) {
        heard.add(new Heard(turn, false, body, List.of()));
      }
    }
  }

  /// Keeps what the keeper makes of news; whether it counts, because nothing newer was told.
  public Future<Boolean> keep(QueueNews news, Look look, Instant now) {
    Optional<Running> running = news.closed() ? Optional.empty() : look.clocks().now();
    Optional<Heard> last =
        look.heard().isEmpty() ? Optional.empty() : Optional.of(look.heard().getLast());
    Set<String> words = new LinkedHashSet<>(SearchWords.of(look.words()));
    words.addAll(SearchWords.of(look.heard().stream().map(Heard::text).toList()));
    if (!news.admitted()) {
      words.addAll(SearchWords.ofNumber(news.thread().theirs().value()));
      words.addAll(SearchWords.of(List.of(news.id().conversation().toString())));
      words.add(news.id().conversation().toString().replace("-", ""));
    }
    Tuple parameters =
        key(news.id())
            .addInteger(news.told())
            .addString(look.rank().topic())
            .addString(look.rank().target())
            .addArrayOfString(look.rank().skills().toArray(String[]::new))
            .addInteger(look.rank().priority())
            .addInteger(look.rank().weight())
            .addValue(time(look.clocks().firstDue()))
            .addValue(time(look.clocks().nextDue()))
            .addValue(time(look.clocks().resolutionDue()))
            .addValue(running.map(it -> it.kind().word()).orElse(null))
            .addValue(time(running.map(Running::dueAt)))
            .addValue(time(news.closed() ? Optional.empty() : look.clocks().changesAt(now)))
            .addString(running.map(it -> it.state(now)).orElse(Clocks.State.OK).word())
            .addArrayOfString(look.escalated().toArray(String[]::new))
            .addValue(look.context().orElse(null))
            .addValue(look.name().orElse(null))
            .addValue(last.map(it -> snippet(it.text())).orElse(null))
            .addInteger(last.map(Heard::turn).orElse(news.readTurn()))
            .addArrayOfString(tags(look.heard()).toArray(String[]::new))
            .addArrayOfString(words.toArray(String[]::new))
            .addValue(look.call().map(it -> TurnStatement.utc(it.at())).orElse(null))
            .addValue(look.call().map(CallRequest::words).orElse(null))
            .addValue(TurnStatement.utc(now));
    return client
        .preparedQuery(
            """
            update handoff_queue
               set read = told, topic = $5, target = $6, skills = $7, priority = $8, weight = $9,
                   first_due = $10, next_due = $11, resolution_due = $12, sla_kind = $13, sla_due = $14,
                   sla_next = $15, sla = $16, escalated = $17, context = coalesce($18, context),
                   name = coalesce($19, name), snippet = coalesce($20, snippet), read_turn = $21,
                   tags = (select coalesce(array_agg(tag order by place), '{}')
                             from (select tag, max(place) as place
                                     from unnest(tags || $22::text[]) with ordinality as t(tag, place)
                                    group by tag order by max(place) desc limit %d) latest),
                   search = search || array_to_tsvector($23::text[]),
                   callback_at = coalesce($24, callback_at), callback = coalesce($25, callback),
                   admitted_at = coalesce(admitted_at, $26)
             where conversation = $1 and turn = $2 and index = $3 and told = $4
            """
                .formatted(MAX_TAGS))
        .execute(parameters)
        .map(rows -> rows.rowCount() == 1);
  }

  private static List<String> tags(List<Heard> heard) {
    return heard.stream().flatMap(it -> it.tags().stream()).distinct().toList();
  }

  private static String snippet(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= MAX_SNIPPET
        ? line
        : line.substring(
            0,
            Character.isHighSurrogate(line.charAt(MAX_SNIPPET - 1))
                ? MAX_SNIPPET - 1
                : MAX_SNIPPET);
  }

  /// Lets what sleeps wake whose time has come, and clocks be looked at that have come to a mark.
  public Future<Integer> stir(Instant now) {
    return client
        .preparedQuery(
            """
            update handoff_queue q
               set told = told + 1, sla_next = case when sla_next > $1 then sla_next end,
                   snoozed_until = case when snoozed_until > $1 then snoozed_until end
              from (select conversation, turn, index from handoff_queue
                     where closed_at is null and (sla_next <= $1 or snoozed_until <= $1)
                     limit 1000 for update skip locked) due
             where q.conversation = due.conversation and q.turn = due.turn and q.index = due.index
            """)
        .execute(Tuple.of(TurnStatement.utc(now)))
        .map(rows -> rows.rowCount());
  }

  /// What an agent answered some time ago waits for the contact now, and is on nobody's hands.
  public Future<Integer> rest(Instant answeredBefore) {
    return client
        .preparedQuery(
            """
            update handoff_queue q set waiting_for_customer = true
              from (select q.conversation, q.turn, q.index
                      from handoff_queue q join handoff h using (conversation, turn, index)
                     where q.closed_at is null and q.holder is not null and q.state = 'AGENT'
                       and not q.waiting_for_customer and h.agent_wrote_at <= $1
                       and (h.customer_wrote_at is null or h.customer_wrote_at < h.agent_wrote_at)
                     for update of q skip locked) idle
             where q.conversation = idle.conversation and q.turn = idle.turn and q.index = idle.index
            """)
        .execute(Tuple.of(TurnStatement.utc(answeredBefore)))
        .map(rows -> rows.rowCount());
  }

  /// A conversation whose contact waits for the agent who holds it.
  ///
  /// @param since when the agent took it, or the contact wrote, whichever is later
  public record Left(EffectId id, ThreadId thread, String agent, String topic, Instant since) {}

  /// Those whose contact has waited since before a moment.
  public Future<List<Left>> left(Instant before, int limit) {
    return client
        .preparedQuery(
            """
            select q.conversation, q.turn, q.index, q.ours, q.theirs, q.holder, q.topic,
                   greatest(h.taken_at, h.customer_wrote_at, q.opened_at) as since
              from handoff_queue q join handoff h using (conversation, turn, index)
             where q.closed_at is null and q.holder is not null and q.state = 'AGENT'
               and q.snoozed_until is null and not q.waiting_for_customer
               and (h.agent_wrote_at is null or h.agent_wrote_at < h.taken_at
                    or h.customer_wrote_at > h.agent_wrote_at)
               and greatest(h.taken_at, h.customer_wrote_at, q.opened_at) <= $1
             order by since limit $2
            """)
        .execute(Tuple.of(TurnStatement.utc(before), limit))
        .map(
            rows ->
                all(
                    rows,
                    row ->
                        new Left(
                            id(row),
                            thread(row),
                            row.getString("holder"),
                            row.getString("topic"),
                            row.getOffsetDateTime("since").toInstant())));
  }

  // ---- offers

  /// How many of each agent's offers have run out, one of whose conversations is back in the queue.
  public record Missed(EffectId id, String agent, int misses) {}

  /// Takes back offers that have run out. Each counts as missed; who it was made to is asked last
  /// from then on.
  public Future<List<Missed>> expire(Instant now) {
    return client
        .preparedQuery(
            """
            with over as (
              select conversation, turn, index, offered_to from handoff_queue
               where offered_to is not null and offer_expires_at <= $1
               order by offer_expires_at limit 1000 for update skip locked
            ), back as (
              update handoff_queue q
                 set offered_to = null, offer_expires_at = null,
                     passed = case when over.offered_to = any(q.passed) then q.passed
                                   else q.passed || over.offered_to end
                from over
               where q.conversation = over.conversation and q.turn = over.turn and q.index = over.index
              returning q.conversation, q.turn, q.index, over.offered_to
            ), counted as (
              update agent_presence p set misses = p.misses + b.missed
                from (select offered_to, count(*)::int as missed from back group by offered_to) b
               where p.agent = b.offered_to
              returning p.agent, p.misses
            )
            select b.conversation, b.turn, b.index, b.offered_to, coalesce(c.misses, 0) as misses
              from back b left join counted c on c.agent = b.offered_to
            """)
        .execute(Tuple.of(TurnStatement.utc(now)))
        .map(
            rows ->
                all(
                    rows,
                    row ->
                        new Missed(
                            id(row), row.getString("offered_to"), row.getInteger("misses"))));
  }

  /// Takes back what is offered to agents who are there no more: nobody missed anything.
  public Future<Integer> withdraw() {
    return client
        .preparedQuery(
            """
            update handoff_queue q set offered_to = null, offer_expires_at = null
              from (select q.conversation, q.turn, q.index
                      from handoff_queue q join agent_presence p on p.agent = q.offered_to
                     where q.offered_to is not null and p.status <> 'online'
                     limit 1000 for update of q skip locked) over
             where q.conversation = over.conversation and q.turn = over.turn and q.index = over.index
            """)
        .execute()
        .map(rows -> rows.rowCount());
  }

  /// An offer that stands.
  public record Made(EffectId id, String agent, Instant expiresAt) {}

  /// Makes offers, where no other keeper is at it. Who decides sees agents and conversations as
  /// they are once no other keeper can change them.
  ///
  /// @param each at most so many conversations of each topic and skills are considered
  /// @param now when the offers are made
  /// @param time how long they stand
  /// @param decide who is asked to take what
  public Future<List<Made>> offer(
      int each, Instant now, Duration time, Function<Table, Collection<Offered<EffectId>>> decide) {
    return client.withTransaction(
        connection ->
            connection
                .preparedQuery("select pg_try_advisory_xact_lock($1)")
                .execute(Tuple.of(OFFERING))
                .compose(
                    rows ->
                        rows.iterator().next().getBoolean(0)
                            ? offer(connection, each, now, now.plus(time), decide)
                            : Future.succeededFuture(List.of())));
  }

  /// What offers are decided by.
  ///
  /// @param waiting in the order in which they are to be answered
  public record Table(List<Waiting<EffectId>> waiting, List<Presence.Agent> agents) {
    public Table {
      waiting = List.copyOf(waiting);
      agents = List.copyOf(agents);
    }
  }

  private static Future<List<Made>> offer(
      SqlConnection connection,
      int each,
      Instant now,
      Instant until,
      Function<Table, Collection<Offered<EffectId>>> decide) {
    return new Presence(connection)
        .list()
        .compose(
            agents ->
                agents.stream().noneMatch(it -> it.status() == Presence.Status.ONLINE)
                    ? Future.succeededFuture(List.of())
                    : waiting(connection, each, now)
                        .compose(
                            waiting ->
                                make(
                                    connection,
                                    decide.apply(new Table(waiting, agents)),
                                    now,
                                    until)));
  }

  /// Each combination of topic and skills is found by a hop through the index, however many of one
  /// there are.
  private static Future<List<Waiting<EffectId>>> waiting(
      SqlClient connection, int each, Instant now) {
    return connection
        .preparedQuery(
            """
            with recursive kind as (
              (select topic, skills from handoff_queue
                where state = 'QUEUED' and closed_at is null order by topic, skills limit 1)
              union all
              select n.topic, n.skills from kind k
               cross join lateral (select q.topic, q.skills from handoff_queue q
                                    where q.state = 'QUEUED' and q.closed_at is null
                                      and (q.topic, q.skills) > (k.topic, k.skills)
                                    order by q.topic, q.skills limit 1) n
            )
            select w.* from kind k
             cross join lateral (
               select q.conversation, q.turn, q.index, q.topic, q.skills, q.weight, q.passed, q.priority,
                      q.queued_at
                 from handoff_queue q
                where q.state = 'QUEUED' and q.closed_at is null and q.topic = k.topic
                  and q.skills = k.skills and q.target = 'desk' and q.offered_to is null
                  and q.admitted_at is not null and (q.snoozed_until is null or q.snoozed_until <= $2)
                order by q.priority desc, q.queued_at limit $1) w
             order by w.priority desc, w.queued_at
            """)
        .execute(Tuple.of(each, TurnStatement.utc(now)))
        .map(
            rows ->
                all(
                    rows,
                    row ->
                        new Waiting<>(
                            id(row),
                            row.getString("topic"),
                            new HashSet<>(List.of(row.getArrayOfStrings("skills"))),
                            row.getInteger("weight"),
                            new HashSet<>(List.of(row.getArrayOfStrings("passed"))))));
  }

  private static Future<List<Made>> make(
      SqlClient connection, Collection<Offered<EffectId>> offers, Instant now, Instant until) {
    if (offers.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    List<Offered<EffectId>> all = List.copyOf(offers);
    return connection
        .preparedQuery(
            """
            with given as (
              select * from unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::bool[])
                as g(conversation, turn, index, agent, again)
            ), free as (
              select q.conversation, q.turn, q.index, g.agent, g.again
                from given g join handoff_queue q using (conversation, turn, index)
               where q.state = 'QUEUED' and q.closed_at is null and q.offered_to is null
                 for update of q skip locked
            ), offered as (
              update handoff_queue q
                 set offered_to = free.agent, offer_expires_at = $6, offers = q.offers + 1,
                     passed = case when free.again then '{}' else q.passed end
                from free
               where q.conversation = free.conversation and q.turn = free.turn and q.index = free.index
              returning q.conversation, q.turn, q.index, q.offered_to
            ), asked as (
              update agent_presence set offered_at = $7
               where agent in (select offered_to from offered)
            )
            select * from offered
            """)
        .execute(
            Tuple.tuple()
                .addArrayOfUUID(
                    all.stream().map(it -> it.id().conversation().value()).toArray(UUID[]::new))
                .addArrayOfInteger(all.stream().map(it -> it.id().turn()).toArray(Integer[]::new))
                .addArrayOfInteger(all.stream().map(it -> it.id().index()).toArray(Integer[]::new))
                .addArrayOfString(all.stream().map(Offered::agent).toArray(String[]::new))
                .addArrayOfBoolean(all.stream().map(Offered::again).toArray(Boolean[]::new))
                .addValue(TurnStatement.utc(until))
                .addValue(TurnStatement.utc(now)))
        .map(rows -> all(rows, row -> new Made(id(row), row.getString("offered_to"), until)));
  }

  // ---- what is said

  /// Somebody who waits and may have to be told something.
  public record Patient(
      EffectId id, ThreadId thread, String topic, List<String> skills, Instant queuedAt) {
    public Patient {
      skills = List.copyOf(skills);
    }
  }

  /// Those who wait, whom nobody was asked to take and who were told nothing yet.
  public Future<List<Patient>> untold(int limit) {
    return patients("said = '{}' and offered_to is null", Tuple.of(limit));
  }

  /// Those who have waited since before a moment and were not told that it takes long.
  public Future<List<Patient>> patient(Instant before, int limit) {
    return patients(
        "not ('too_long' = any(said)) and queued_at <= $2",
        Tuple.of(limit, TurnStatement.utc(before)));
  }

  private Future<List<Patient>> patients(String which, Tuple parameters) {
    return client
        .preparedQuery(
            """
            select conversation, turn, index, ours, theirs, topic, skills, queued_at from handoff_queue
             where state = 'QUEUED' and closed_at is null and admitted_at is not null and target = 'desk'
               and snoozed_until is null and %s
             order by queued_at limit $1
            """
                .formatted(which))
        .execute(parameters)
        .map(
            rows ->
                all(
                    rows,
                    row ->
                        new Patient(
                            id(row),
                            thread(row),
                            row.getString("topic"),
                            List.of(row.getArrayOfStrings("skills")),
                            row.getOffsetDateTime("queued_at").toInstant())));
  }

  /// The queue has told the contact something, or has nothing to tell of that.
  public Future<Void> said(EffectId id, String key) {
    return client
        .preparedQuery(
            """
            update handoff_queue set said = said || $4::text
             where conversation = $1 and turn = $2 and index = $3 and not ($4 = any(said))
            """)
        .execute(key(id).addString(key))
        .mapEmpty();
  }

  /// How many of the same topic go before it.
  public Future<Integer> ahead(EffectId id) {
    return client
        .preparedQuery(
            """
            select count(*)::int
              from handoff_queue q
              join handoff_queue own on own.conversation = $1 and own.turn = $2 and own.index = $3
             where q.state = 'QUEUED' and q.closed_at is null and q.topic = own.topic
               and q.snoozed_until is null
               and (q.priority > own.priority or q.priority = own.priority and q.queued_at < own.queued_at)
            """)
        .execute(key(id))
        .map(rows -> rows.iterator().next().getInteger(0));
  }

  // ---- how much waits

  /// @param oldest how long the longest has waited; zero where nobody waits
  public record Depth(String topic, int waiting, Duration oldest, int warned, int breached) {}

  /// What is open, by topic.
  public Future<List<Depth>> depths(Instant now) {
    return client
        .preparedQuery(
            """
            select topic, (count(*) filter (where state = 'QUEUED'))::int as waiting,
                   min(queued_at) filter (where state = 'QUEUED') as oldest,
                   (count(*) filter (where sla = 'warned'))::int as warned,
                   (count(*) filter (where sla = 'breached'))::int as breached
              from handoff_queue where closed_at is null group by topic order by topic
            """)
        .execute()
        .map(
            rows ->
                all(
                    rows,
                    row ->
                        new Depth(
                            row.getString("topic"),
                            row.getInteger("waiting"),
                            at(row, "oldest")
                                .map(it -> Duration.between(it, now))
                                .filter(Duration::isPositive)
                                .orElse(Duration.ZERO),
                            row.getInteger("warned"),
                            row.getInteger("breached"))));
  }

  // ---- rows

  private static <T> List<T> all(Iterable<Row> rows, Function<Row, T> reader) {
    List<T> all = new ArrayList<>();
    rows.forEach(row -> all.add(reader.apply(row)));
    return all;
  }

  private static EffectId id(Row row) {
    return new EffectId(
        new ConversationId(row.getUUID("conversation")),
        row.getInteger("turn"),
        row.getInteger("index"));
  }

  private static ThreadId thread(Row row) {
    return new ThreadId(new Address(row.getString("ours")), new Address(row.getString("theirs")));
  }

  private static Rank rank(Row row) {
    return new Rank(
        row.getString("topic"),
        row.getString("target"),
        List.of(row.getArrayOfStrings("skills")),
        row.getInteger("priority"),
        row.getInteger("weight"));
  }

  private static Clocks.Course course(Row row) {
    return new Clocks.Course(
        row.getOffsetDateTime("opened_at").toInstant(),
        at(row, "first_reply_at"),
        at(row, "customer_wrote_at"),
        at(row, "agent_wrote_at"));
  }

  private static Optional<Instant> at(Row row, String column) {
    return Optional.ofNullable(row.getOffsetDateTime(column)).map(OffsetDateTime::toInstant);
  }

  private static @Nullable OffsetDateTime time(Optional<Instant> at) {
    return at.map(TurnStatement::utc).orElse(null);
  }

  private static Tuple key(EffectId handoff) {
    return Tuple.of(handoff.conversation().value(), handoff.turn(), handoff.index());
  }
}
