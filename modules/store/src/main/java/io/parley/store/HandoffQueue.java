package io.parley.store;

import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.EffectId;
import io.parley.engine.Owner;
import io.parley.engine.ThreadId;
import io.parley.store.QueueEntry.Before;
import io.parley.store.QueueEntry.CallRequest;
import io.parley.store.QueueEntry.Clock;
import io.parley.store.QueueEntry.Contact;
import io.parley.store.QueueEntry.Hold;
import io.parley.store.QueueEntry.Offer;
import io.parley.store.QueueEntry.Rank;
import io.parley.store.QueueEntry.Sla;
import io.parley.store.QueueEntry.Times;
import io.parley.store.QueueQuery.Folder;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The queue of conversations that wait for a person, and what the desk lists: a row a handoff,
/// which comes with it and is told of each change of it in the same commit.
///
/// What an agent does to a conversation (to take it, to write, to close it) is an event of the
/// conversation; offers, snoozes and marks are made here.
public final class HandoffQueue {

  private static final String COLUMNS =
      """
      q.conversation, q.turn, q.index, q.ours, q.theirs, q.external_id, q.flow, q.reason, q.state, q.holder,
      q.opened_at, q.closed_at, q.last_at, q.topic, q.target, q.skills, q.priority, q.weight, q.queued_at,
      q.first_due, q.next_due, q.resolution_due, q.sla_kind, q.sla_due, q.sla, q.offered_to, q.offer_expires_at,
      q.snoozed_until, q.waiting_for_customer, q.callback_at, q.callback, q.name, q.snippet, q.tags,
      q.left_topic, q.left_holder
      """;

  /// What a flow holds, with the same columns.
  private static final String OF_FLOWS =
      """
      (select x.conversation, null::int as turn, null::int as index, c.ours, c.theirs,
              case when c.theirs ~ '^(CH|IS)[0-9a-fA-F]{32}$' then 'conversation'
                   when c.theirs like 'whatsapp:%' then 'whatsapp' else 'sms' end as channel,
              x.external_id, coalesce(f.name, x.flow) as flow, '' as reason, 'BOT' as state,
              null::text as holder, x.started_at as opened_at, null::timestamptz as closed_at,
              x.started_at as last_at, 'general' as topic, 'desk' as target, '{}'::text[] as skills,
              0 as priority, 0 as weight, x.started_at as queued_at, null::timestamptz as first_due,
              null::timestamptz as next_due, null::timestamptz as resolution_due, null::text as sla_kind,
              null::timestamptz as sla_due, 'ok' as sla, null::text as offered_to,
              null::timestamptz as offer_expires_at, null::timestamptz as snoozed_until,
              false as waiting_for_customer, null::timestamptz as callback_at, null::text as callback,
              null::text as name, '' as snippet, '{}'::text[] as tags, null::text as left_topic,
              null::text as left_holder
         from execution x
         join conversation c on c.id = x.conversation
         left join flow f on f.sid = x.flow
        where x.ended_at is null
          and not exists (select from handoff_queue o
                           where o.conversation = x.conversation and o.closed_at is null))
      """;

  /// The condition that a search is, which stands last.
  private static final String SEARCHED = "q.search @@";

  /// As many of a search are counted; nobody looks further.
  static final int MAX_COUNTED = 1_000;

  private final SqlClient client;

  public HandoffQueue(SqlClient client) {
    this.client = client;
  }

  /// Rows, and how many there are in all.
  public record Page(List<QueueEntry> rows, long total) {
    public Page {
      rows = List.copyOf(rows);
    }
  }

  /// How many rows each folder has.
  ///
  /// @param topics open ones by topic
  public record Counts(
      long mine,
      long unassigned,
      long all,
      long snoozed,
      long closed,
      long bot,
      Map<String, Long> topics) {
    public Counts {
      topics = new LinkedHashMap<>(topics);
    }
  }

  /// A page of a folder. Of a search or a filter no more than [#MAX_COUNTED] are counted.
  public Future<Page> list(QueueQuery query) {
    Clause clause = clause(query);
    Future<Long> total = count(query, clause);
    if (query.search().isBlank()) {
      return rows(query, clause).compose(rows -> total.map(counted -> new Page(rows, counted)));
    }
    return total.compose(
        counted ->
            rows(query, isOfMany(query, counted) ? clause.ofMany() : clause)
                .map(rows -> new Page(rows, counted)));
  }

  private static boolean isOfMany(QueueQuery query, long counted) {
    return counted >= MAX_COUNTED && !(query.folder() instanceof Folder.Bot);
  }

  private Future<Long> count(QueueQuery query, Clause clause) {
    String from = " from " + clause.table() + " q where " + clause.condition();
    boolean whole = query.search().isBlank() && query.filters().equals(QueueQuery.Filters.NONE);
    return client
        .preparedQuery(
            whole
                ? "select count(*)" + from
                : "select count(*) from (select 1" + from + " limit " + MAX_COUNTED + ") found")
        .execute(clause.parameters())
        .map(rows -> rows.iterator().next().getLong(0));
  }

  /// Which rows are on the page is told by an index alone, however far down the page is.
  private Future<List<QueueEntry>> rows(QueueQuery query, Clause clause) {
    String paged =
        " order by " + clause.order() + " limit " + query.limit() + " offset " + query.offset();
    String where = " from " + clause.table() + " q where " + clause.condition();
    boolean ofFlows = query.folder() instanceof Folder.Bot;
    String sql =
        ofFlows
            ? "select " + COLUMNS + where + paged
            : "select "
                + COLUMNS
                + " from handoff_queue q join (select q.conversation, q.turn, q.index"
                + where
                + paged
                + ") page using (conversation, turn, index) order by "
                + clause.order();
    return client.preparedQuery(sql).execute(clause.parameters()).map(HandoffQueue::entries);
  }

  /// The latest handoff of a conversation, open or not.
  public Future<Optional<QueueEntry>> find(ConversationId conversation) {
    return client
        .preparedQuery(
            "select "
                + COLUMNS
                + " from handoff_queue q where q.conversation = $1 order by q.turn desc, q.index"
                + " desc limit 1")
        .execute(Tuple.of(conversation.value()))
        .map(rows -> entries(rows).stream().findFirst());
  }

  public Future<Optional<QueueEntry>> find(EffectId handoff) {
    return client
        .preparedQuery(
            "select "
                + COLUMNS
                + " from handoff_queue q where q.conversation = $1 and q.turn = $2 and q.index ="
                + " $3")
        .execute(key(handoff))
        .map(rows -> entries(rows).stream().findFirst());
  }

  /// Rows that changed after a moment by the database's clock, and the moment up to which that is
  /// all: a commit that was still under way is seen by asking again from a little before.
  ///
  /// @param versions what tells two changes of a row apart, in the order of the rows
  public record Changes(
      List<QueueEntry> rows, List<OffsetDateTime> versions, OffsetDateTime until) {
    public Changes {
      rows = List.copyOf(rows);
      versions = List.copyOf(versions);
    }
  }

  /// @param since empty for none of what there was before
  public Future<Changes> changed(Optional<OffsetDateTime> since, int limit) {
    return client
        .preparedQuery(
            "select clock_timestamp() as until, q.changed_at, "
                + COLUMNS
                + """
                 from (select 1) one
                 left join (select * from handoff_queue
                             where changed_at > coalesce($1, 'infinity'::timestamptz)
                             order by changed_at limit $2) q on true
                """)
        .execute(Tuple.tuple().addValue(since.orElse(null)).addInteger(limit))
        .map(
            rows -> {
              List<QueueEntry> entries = new ArrayList<>();
              List<OffsetDateTime> versions = new ArrayList<>();
              OffsetDateTime until = OffsetDateTime.MIN;
              for (Row row : rows) {
                until = row.getOffsetDateTime("until");
                if (row.getUUID("conversation") != null) {
                  entries.add(entry(row));
                  versions.add(row.getOffsetDateTime("changed_at"));
                }
              }
              boolean cut = entries.size() == limit;
              return new Changes(entries, versions, cut ? versions.getLast() : until);
            });
  }

  /// What is offered to an agent now.
  public Future<List<QueueEntry>> offeredTo(String agent, Instant now) {
    return client
        .preparedQuery(
            "select "
                + COLUMNS
                + " from handoff_queue q where q.offered_to = $1 and q.offer_expires_at > $2")
        .execute(Tuple.of(agent, TurnStatement.utc(now)))
        .map(HandoffQueue::entries);
  }

  /// What every folder holds, as an agent sees it.
  ///
  /// @param topics those that the agent may see; empty for all
  public Future<Counts> counts(String agent, List<String> topics) {
    String scope = topics.isEmpty() ? "" : " and topic = any($2)";
    Tuple parameters = Tuple.of(agent);
    Tuple scoped = Tuple.tuple();
    if (!topics.isEmpty()) {
      parameters.addArrayOfString(topics.toArray(String[]::new));
      scoped.addArrayOfString(topics.toArray(String[]::new));
    }
    Future<Map<String, Long>> named =
        client
            .preparedQuery(
                """
                select topic, count(*) from handoff_queue
                 where closed_at is null%s group by topic order by topic
                """
                    .formatted(scope.replace("$2", "$1")))
            .execute(scoped)
            .map(
                rows -> {
                  Map<String, Long> counts = new LinkedHashMap<>();
                  rows.forEach(row -> counts.put(row.getString(0), row.getLong(1)));
                  return counts;
                });
    return client
        .preparedQuery(
            """
            select (select count(*) from handoff_queue
                     where closed_at is null and holder = $1 and snoozed_until is null) as mine,
                   (select count(*) from handoff_queue
                     where closed_at is null and state = 'QUEUED' and snoozed_until is null%1$s) as unassigned,
                   (select count(*) from handoff_queue where closed_at is null%1$s) as every,
                   (select count(*) from handoff_queue
                     where closed_at is null and snoozed_until is not null%1$s) as snoozed,
                   (select count(*) from handoff_queue where closed_at is not null%1$s) as closed,
                   (select count(*) from execution x
                     where ended_at is null
                       and not exists (select from handoff_queue o
                                        where o.conversation = x.conversation
                                          and o.closed_at is null)) as bot
            """
                .formatted(scope))
        .execute(parameters)
        .compose(
            rows ->
                named.map(
                    topicCounts -> {
                      Row row = rows.iterator().next();
                      return new Counts(
                          row.getLong("mine"),
                          row.getLong("unassigned"),
                          row.getLong("every"),
                          row.getLong("snoozed"),
                          row.getLong("closed"),
                          row.getLong("bot"),
                          topicCounts);
                    }));
  }

  /// The most pressing that waits for an agent with these skills and topics and was offered to
  /// nobody; from now on it is offered to them. Of two who ask at once each gets another one.
  ///
  /// @param topics those that the agent answers; empty for all
  /// @param until after which it is offered to others
  public Future<Optional<QueueEntry>> claim(
      String agent, List<String> skills, List<String> topics, Instant now, Instant until) {
    return client
        .preparedQuery(
            """
            with next as (
              select conversation, turn, index from handoff_queue
               where state = 'QUEUED' and closed_at is null and target = 'desk'
                 and offered_to is null and (snoozed_until is null or snoozed_until <= $4)
                 and skills <@ $2::text[] and (cardinality($3::text[]) = 0 or topic = any($3))
               order by priority desc, queued_at limit 1
                 for update skip locked
            )
            update handoff_queue q
               set offered_to = $1, offer_expires_at = $5, offers = q.offers + 1
              from next
             where q.conversation = next.conversation and q.turn = next.turn and q.index = next.index
            returning
            """
                + COLUMNS)
        .execute(
            Tuple.of(
                agent,
                skills.toArray(String[]::new),
                topics.toArray(String[]::new),
                TurnStatement.utc(now),
                TurnStatement.utc(until)))
        .map(rows -> entries(rows).stream().findFirst());
  }

  /// Whether an offer is still an agent's to accept.
  public Future<Boolean> isOffered(EffectId handoff, String agent, Instant now) {
    return client
        .preparedQuery(
            """
            select from handoff_queue
             where conversation = $1 and turn = $2 and index = $3
               and offered_to = $4 and offer_expires_at > $5
            """)
        .execute(key(handoff).addString(agent).addValue(TurnStatement.utc(now)))
        .map(rows -> rows.size() == 1);
  }

  /// An agent does not want what was offered: it goes back to the queue, to others first. Whether
  /// it was offered to them.
  public Future<Boolean> decline(EffectId handoff, String agent) {
    return changed(
        """
        update handoff_queue
           set offered_to = null, offer_expires_at = null, passed = passed || $4::text
         where conversation = $1 and turn = $2 and index = $3 and offered_to = $4
        """,
        key(handoff).addString(agent));
  }

  /// It sleeps until a time, or until the contact writes, and is on nobody's hands meanwhile; empty
  /// wakes it. Whether it is open.
  public Future<Boolean> snooze(EffectId handoff, Optional<Instant> until) {
    return changed(
        """
        update handoff_queue set snoozed_until = $4, told = told + 1
         where conversation = $1 and turn = $2 and index = $3 and closed_at is null
        """,
        key(handoff).addValue(time(until)));
  }

  /// It waits for the contact, and is on nobody's hands until they write. Whether it is open.
  public Future<Boolean> waitForCustomer(EffectId handoff, boolean waits) {
    return changed(
        """
        update handoff_queue set waiting_for_customer = $4, told = told + 1
         where conversation = $1 and turn = $2 and index = $3 and closed_at is null
        """,
        key(handoff).addBoolean(waits));
  }

  /// It is about another topic: whoever answers that one is asked next. Whether it is open.
  public Future<Boolean> move(EffectId handoff, Rank rank) {
    return changed(
        """
        update handoff_queue
           set topic = $4, target = $5, skills = $6, priority = $7, weight = $8, passed = '{}',
               offered_to = null, offer_expires_at = null, told = told + 1
         where conversation = $1 and turn = $2 and index = $3 and closed_at is null
        """,
        key(handoff)
            .addString(rank.topic())
            .addString(rank.target())
            .addArrayOfString(rank.skills().toArray(String[]::new))
            .addInteger(rank.priority())
            .addInteger(rank.weight()));
  }

  private Future<Boolean> changed(String sql, Tuple parameters) {
    return client.preparedQuery(sql).execute(parameters).map(rows -> rows.rowCount() == 1);
  }

  // ---- a folder as a condition

  /// @param condition with its parameters from `$1` on
  private record Clause(String table, String condition, String order, Tuple parameters) {

    /// The same where so many match that the first of them are found sooner by walking in order
    /// than by gathering and sorting them all.
    Clause ofMany() {
      int search = condition.lastIndexOf(" and " + SEARCHED);
      if (search < 0) {
        return this;
      }
      return new Clause(
          "(select * from handoff_queue q where %s order by %s offset 0)"
              .formatted(condition.substring(0, search), order),
          condition.substring(search + " and ".length()),
          order,
          parameters);
    }
  }

  private static Clause clause(QueueQuery query) {
    Tuple parameters = Tuple.tuple();
    List<String> all = new ArrayList<>();
    String order =
        switch (query.folder()) {
          case Folder.Mine(var agent) -> {
            all.add("q.closed_at is null and q.snoozed_until is null and q.holder = $1");
            parameters.addString(agent);
            yield "q.last_at desc";
          }
          case Folder.Unassigned() -> {
            all.add("q.closed_at is null and q.state = 'QUEUED' and q.snoozed_until is null");
            yield "q.priority desc, q.queued_at";
          }
          case Folder.All() -> {
            all.add("q.closed_at is null");
            yield "q.last_at desc";
          }
          case Folder.Snoozed() -> {
            all.add("q.closed_at is null and q.snoozed_until is not null");
            yield "q.snoozed_until";
          }
          case Folder.Closed() -> {
            all.add("q.closed_at is not null");
            yield "q.closed_at desc";
          }
          case Folder.Bot() -> {
            all.add("true");
            yield "q.last_at desc";
          }
          case Folder.Topic(var name) -> {
            all.add("q.closed_at is null and q.topic = $1");
            parameters.addString(name);
            yield "q.last_at desc";
          }
        };
    boolean ofFlows = query.folder() instanceof Folder.Bot;
    // What an agent holds is theirs to find, whatever its topic.
    boolean isScoped = !ofFlows && !(query.folder() instanceof Folder.Mine);
    if (!query.topics().isEmpty() && isScoped) {
      parameters.addArrayOfString(query.topics().toArray(String[]::new));
      all.add("q.topic = any($%d)".formatted(parameters.size()));
    }
    filter(query.filters().channel(), "q.channel = $%d", all, parameters);
    filter(query.filters().agent(), "q.holder = $%d", all, parameters);
    filter(query.filters().tag(), "$%d = any(q.tags)", all, parameters);
    filter(query.filters().sla(), "q.sla = $%d and q.closed_at is null", all, parameters);
    Optional<String> search =
        Optional.of(SearchWords.query(query.search())).filter(it -> !it.isEmpty());
    if (ofFlows) {
      search = Optional.of(query.search().strip()).filter(it -> !it.isEmpty());
      filter(
          search.map(it -> "%" + it.replaceAll("[\\\\%_]", "\\\\$0") + "%"),
          "(q.theirs like $%1$d or q.external_id like $%1$d or q.conversation::text like $%1$d)",
          all,
          parameters);
    } else {
      filter(search, SEARCHED + " to_tsquery('simple', $%d)", all, parameters);
    }
    return new Clause(
        ofFlows ? OF_FLOWS : "handoff_queue", String.join(" and ", all), order, parameters);
  }

  private static void filter(
      Optional<String> value, String condition, List<String> all, Tuple parameters) {
    value.ifPresent(
        it -> {
          parameters.addString(it);
          all.add(condition.formatted(parameters.size()));
        });
  }

  // ---- rows

  private static List<QueueEntry> entries(Iterable<Row> rows) {
    List<QueueEntry> entries = new ArrayList<>();
    rows.forEach(row -> entries.add(entry(row)));
    return entries;
  }

  private static QueueEntry entry(Row row) {
    ConversationId conversation = new ConversationId(row.getUUID("conversation"));
    Integer turn = row.getInteger("turn");
    Instant opened = row.getOffsetDateTime("opened_at").toInstant();
    return new QueueEntry(
        conversation,
        turn == null
            ? Optional.empty()
            : Optional.of(new EffectId(conversation, turn, row.getInteger("index"))),
        new ThreadId(new Address(row.getString("ours")), new Address(row.getString("theirs"))),
        new Contact(text(row, "name"), text(row, "external_id")),
        row.getString("flow"),
        row.getString("reason"),
        new Hold(
            row.getOffsetDateTime("closed_at") == null
                ? Owner.valueOf(row.getString("state"))
                : Owner.CLOSED,
            text(row, "holder"),
            at(row, "offer_expires_at").map(it -> new Offer(row.getString("offered_to"), it)),
            at(row, "snoozed_until"),
            row.getBoolean("waiting_for_customer")),
        new Rank(
            row.getString("topic"),
            row.getString("target"),
            List.of(row.getArrayOfStrings("skills")),
            row.getInteger("priority"),
            row.getInteger("weight")),
        new Times(
            opened,
            row.getOffsetDateTime("queued_at").toInstant(),
            row.getOffsetDateTime("last_at").toInstant(),
            at(row, "closed_at")),
        new Sla(
            at(row, "sla_due")
                .map(due -> new Clock(row.getString("sla_kind"), due, row.getString("sla"))),
            at(row, "first_due"),
            at(row, "next_due"),
            at(row, "resolution_due")),
        at(row, "callback_at").map(it -> new CallRequest(it, row.getString("callback"))),
        row.getString("snippet"),
        List.of(row.getArrayOfStrings("tags")),
        new Before(text(row, "left_topic"), text(row, "left_holder")));
  }

  private static Optional<String> text(Row row, String column) {
    return Optional.ofNullable(row.getString(column));
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
