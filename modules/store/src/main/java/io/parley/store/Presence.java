package io.parley.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Who answers at the desk: whether they are there, what they can answer, and what they have on
/// their hands.
public final class Presence {

  /// What an agent says of being there.
  public enum Status {
    ONLINE,
    AWAY,
    OFFLINE;

    /// `online`, `away`, `offline`.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Whom an agent answers.
  ///
  /// @param capacity how much may be on their hands at once; empty for what the desk's rules say
  /// @param topics empty for all
  public record Abilities(Optional<Integer> capacity, List<String> skills, List<String> topics) {

    public static final Abilities USUAL = new Abilities(Optional.empty(), List.of(), List.of());

    public Abilities {
      skills = List.copyOf(skills);
      topics = List.copyOf(topics);
    }
  }

  /// @param seenAt when the desk was last known to be open before them
  /// @param misses offers in a row that they let pass
  /// @param load the weight of what is on their hands, offers among it
  /// @param open conversations that they hold
  /// @param offeredAt when they were last asked to take one
  public record Agent(
      String id,
      Status status,
      Instant since,
      Instant seenAt,
      Abilities abilities,
      int misses,
      int load,
      int open,
      Optional<Instant> offeredAt) {}

  /// Whether somebody who is there, `p`, is a user, `u`, who is signed in nowhere at `$1`.
  static final String SIGNED_OUT =
      """
      p.status <> 'offline' and u.id::text = p.agent
      and (not u.active
           or not exists (select from desk_session s where s.user_id = u.id and s.ends_at > $1))
      """;

  private final SqlClient client;

  public Presence(SqlClient client) {
    this.client = client;
  }

  /// An agent is there now, or is not; who comes online begins without misses.
  public Future<Void> set(String agent, Status status, Abilities abilities, Instant now) {
    return client
        .preparedQuery(
            """
            insert into agent_presence as known (agent, status, since, seen_at, capacity, skills, topics)
            values ($1, $2, $3, $3, $4, $5, $6)
            on conflict (agent) do update
              set status = excluded.status, seen_at = excluded.seen_at, capacity = excluded.capacity,
                  skills = excluded.skills, topics = excluded.topics,
                  since = case when known.status = excluded.status then known.since else excluded.since end,
                  misses = case when known.status = excluded.status then known.misses else 0 end
            """)
        .execute(
            Tuple.of(agent, status.word(), TurnStatement.utc(now))
                .addInteger(abilities.capacity().orElse(null))
                .addArrayOfString(abilities.skills().toArray(String[]::new))
                .addArrayOfString(abilities.topics().toArray(String[]::new)))
        .mapEmpty();
  }

  /// The desk is open before these agents.
  public Future<Void> seen(List<String> agents, Instant now) {
    return client
        .preparedQuery("update agent_presence set seen_at = $2 where agent = any($1)")
        .execute(Tuple.of(agents.toArray(String[]::new), TurnStatement.utc(now)))
        .mapEmpty();
  }

  public Future<Optional<Agent>> find(String agent) {
    return agents("where p.agent = $1", Tuple.of(agent)).map(found -> found.stream().findFirst());
  }

  /// All who have ever been there, by id.
  public Future<List<Agent>> list() {
    return agents("where true", Tuple.tuple());
  }

  /// An agent has taken a conversation: what they let pass before does not count any more.
  public Future<Void> took(String agent) {
    return client
        .preparedQuery("update agent_presence set misses = 0 where agent = $1 and misses > 0")
        .execute(Tuple.of(agent))
        .mapEmpty();
  }

  /// An agent is set away who is online; whether that was so.
  public Future<Boolean> away(String agent, Instant now) {
    return client
        .preparedQuery(
            """
            update agent_presence set status = 'away', since = $2, misses = 0
             where agent = $1 and status = 'online'
            """)
        .execute(Tuple.of(agent, TurnStatement.utc(now)))
        .map(rows -> rows.rowCount() == 1);
  }

  /// Those who are signed in nowhere any more, or may not sign in, are offline. Who is no user of
  /// the desk is left as they are.
  public Future<Integer> signedOut(Instant now) {
    return client
        .preparedQuery(
            """
            update agent_presence p set status = 'offline', since = $1, misses = 0
              from desk_user u
             where %s
            """
                .formatted(SIGNED_OUT))
        .execute(Tuple.of(TurnStatement.utc(now)))
        .map(rows -> rows.rowCount());
  }

  private Future<List<Agent>> agents(String which, Tuple parameters) {
    return client
        .preparedQuery(
            """
            select p.agent, p.status, p.since, p.seen_at, p.capacity, p.skills, p.topics, p.misses, p.offered_at,
                   coalesce(h.load, 0) + coalesce(o.load, 0) as load, coalesce(h.open, 0) as open
              from agent_presence p
              left join lateral (
                select sum(q.weight) filter (where q.snoozed_until is null and not q.waiting_for_customer)
                         ::int as load,
                       count(*)::int as open
                  from handoff_queue q
                 where q.closed_at is null and q.holder = p.agent) h on true
              left join lateral (
                select sum(q.weight)::int as load from handoff_queue q
                 where q.offered_to = p.agent) o on true
            """
                + which
                + " order by p.agent")
        .execute(parameters)
        .map(
            rows -> {
              List<Agent> agents = new ArrayList<>(rows.size());
              rows.forEach(row -> agents.add(agent(row)));
              return agents;
            });
  }

  private static Agent agent(Row row) {
    return new Agent(
        row.getString("agent"),
        Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
        row.getOffsetDateTime("since").toInstant(),
        row.getOffsetDateTime("seen_at").toInstant(),
        new Abilities(
            Optional.ofNullable(row.getInteger("capacity")),
            List.of(row.getArrayOfStrings("skills")),
            List.of(row.getArrayOfStrings("topics"))),
        row.getInteger("misses"),
        row.getInteger("load"),
        row.getInteger("open"),
        Optional.ofNullable(row.getOffsetDateTime("offered_at")).map(OffsetDateTime::toInstant));
  }
}
