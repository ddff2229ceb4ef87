package io.parley.store;

import io.parley.engine.Address;
import io.parley.engine.FlowRef;
import io.parley.engine.FlowSid;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Flow definitions and their revisions. A revision never changes; an execution keeps the one that
/// it started with, also when its flow is deleted.
public final class Flows {

  /// What [#changed] is asked first.
  public static final String NOTHING_SEEN = "0";

  private static final String REVISION =
      "r.flow, r.number, r.name, r.status, r.author, r.commit_message, r.created_at,"
          + " f.created_at as flow_created_at";

  private final SqlClient client;

  public Flows(SqlClient client) {
    this.client = client;
  }

  /// Whether a revision is in force for everybody or for test users only.
  public enum Status {
    DRAFT,
    PUBLISHED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// What a revision is made of.
  ///
  /// @param author `US...`, where the caller named one
  /// @param definition the JSON as it was given
  public record Edit(
      String name,
      Status status,
      Optional<String> author,
      Optional<String> commitMessage,
      String definition) {}

  /// A revision without its definition.
  ///
  /// @param flowCreatedAt when the first revision was made
  public record Revision(
      FlowRef ref,
      Status status,
      Optional<String> author,
      Optional<String> commitMessage,
      Instant createdAt,
      Instant flowCreatedAt) {}

  /// @param definition the JSON as it was given
  public record Stored(Revision revision, String definition) {}

  /// What is in force of a flow.
  ///
  /// @param latest the number of the newest revision, draft or not
  /// @param published the number of the newest revision that is published
  /// @param testUsers who gets the newest revision, draft or not
  public record Head(
      FlowSid sid,
      String name,
      int latest,
      Optional<Integer> published,
      Set<Address> testUsers,
      boolean deleted) {
    public Head {
      testUsers = Set.copyOf(testUsers);
    }
  }

  /// @param seen what to ask with the next time
  public record Changes(List<Head> heads, String seen) {
    public Changes {
      heads = List.copyOf(heads);
    }
  }

  /// Where a flow stands in the list.
  public record Key(Instant createdAt, FlowSid sid) {}

  /// The flow of a file in the flows folder: a new published revision where the content is another
  /// one than the file had last, or where the flow was deleted. What was revised by other means
  /// stays in force until the file changes. A flow that the file published under another sid is
  /// deleted.
  ///
  /// @param hash names the definition's content
  public Future<Void> publishFile(
      FlowSid sid, String file, String hash, String definition, Instant at) {
    return client
        .preparedQuery(
            """
            with superseded as (
              update flow set deleted_at = $5, changed_by = pg_current_xact_id()
               where file = $2 and sid <> $1 and deleted_at is null
              returning sid
            ), head as (
              insert into flow as known (sid, name, latest, published, file, file_hash, created_at)
              select $1, $2, 1, 1, $2, $3, $5 from (select count(*) from superseded) first
              on conflict (sid) do update
                set latest = known.latest + 1, published = known.latest + 1, name = excluded.name,
                    file = excluded.file, file_hash = excluded.file_hash, deleted_at = null,
                    changed_by = pg_current_xact_id()
                where (known.file, known.file_hash) is distinct from (excluded.file, excluded.file_hash)
                   or known.deleted_at is not null
              returning sid, name, latest
            )
            insert into flow_revision (flow, number, name, status, definition, created_at)
            select sid, latest, name, 'published', $4, $5 from head
            """)
        .execute(Tuple.of(sid.value(), file, hash, definition, TurnStatement.utc(at)))
        .mapEmpty();
  }

  /// A new flow with its first revision.
  public Future<Stored> create(FlowSid sid, Edit edit, Instant at) {
    return client
        .preparedQuery(
            """
            with head as (
              insert into flow (sid, name, latest, published, created_at)
              values ($1, $2, 1, case $3 when 'published' then 1 end, $7)
              returning sid, name, latest, created_at
            )
            insert into flow_revision (flow, number, name, status, author, commit_message, definition,
                                       created_at)
            select sid, latest, name, $3, $4, $5, $6, $7 from head
            """)
        .execute(
            Tuple.of(sid.value())
                .addValue(edit.name())
                .addValue(edit.status().word())
                .addValue(edit.author().orElse(null))
                .addValue(edit.commitMessage().orElse(null))
                .addValue(edit.definition())
                .addValue(TurnStatement.utc(at)))
        .compose(_ -> latest(sid))
        .map(Optional::orElseThrow);
  }

  /// One revision more; empty where the newest one is not the number given any more, or the flow is
  /// deleted.
  public Future<Optional<Stored>> revise(FlowRef newest, Edit edit, Instant at) {
    return client
        .preparedQuery(
            """
            with head as (
              update flow
                 set latest = latest + 1, name = $3, changed_by = pg_current_xact_id(),
                     published = case $4 when 'published' then latest + 1 else published end
               where sid = $1 and latest = $2 and deleted_at is null
              returning sid, name, latest
            )
            insert into flow_revision (flow, number, name, status, author, commit_message, definition,
                                       created_at)
            select sid, latest, name, $4, $5, $6, $7, $8 from head
            """)
        .execute(
            Tuple.of(newest.sid().value(), newest.revision())
                .addValue(edit.name())
                .addValue(edit.status().word())
                .addValue(edit.author().orElse(null))
                .addValue(edit.commitMessage().orElse(null))
                .addValue(edit.definition())
                .addValue(TurnStatement.utc(at)))
        .compose(
            rows ->
                rows.rowCount() == 0
                    ? Future.succeededFuture(Optional.empty())
                    : shown(newest.sid(), newest.revision() + 1));
  }

  /// Whether there was such a flow to delete.
  public Future<Boolean> delete(FlowSid sid, Instant at) {
    return client
        .preparedQuery(
            """
            update flow set deleted_at = $2, changed_by = pg_current_xact_id()
             where sid = $1 and deleted_at is null
            """)
        .execute(Tuple.of(sid.value(), TurnStatement.utc(at)))
        .map(rows -> rows.rowCount() == 1);
  }

  /// The flow's test users, as they were given; empty where there is no such flow.
  public Future<Optional<List<String>>> testUsers(FlowSid sid) {
    return client
        .preparedQuery("select test_users from flow where sid = $1 and deleted_at is null")
        .execute(Tuple.of(sid.value()))
        .map(rows -> rows.stream().findFirst().map(row -> List.of(row.getArrayOfStrings(0))));
  }

  /// Replaces the test users; whether there is such a flow.
  public Future<Boolean> replaceTestUsers(FlowSid sid, List<String> users) {
    return client
        .preparedQuery(
            """
            update flow set test_users = $2, changed_by = pg_current_xact_id()
             where sid = $1 and deleted_at is null
            """)
        .execute(Tuple.of(sid.value(), (Object) users.toArray(String[]::new)))
        .map(rows -> rows.rowCount() == 1);
  }

  // ---- what the API shows: nothing of a deleted flow

  /// The newest revision, draft or not.
  public Future<Optional<Stored>> latest(FlowSid sid) {
    return one("r.number = f.latest and f.deleted_at is null", Tuple.of(sid.value()));
  }

  public Future<Optional<Stored>> latestPublished(FlowSid sid) {
    return one("r.number = f.published and f.deleted_at is null", Tuple.of(sid.value()));
  }

  public Future<Optional<Stored>> shown(FlowSid sid, int number) {
    return one("r.number = $2 and f.deleted_at is null", Tuple.of(sid.value(), number));
  }

  /// The newest revision of each flow, newest flow first.
  public Future<List<Revision>> list(Slice<Key> slice) {
    return client
        .preparedQuery(
            "select "
                + REVISION
                + """
                  from flow f join flow_revision r on r.flow = f.sid and r.number = f.latest
                 where f.deleted_at is null
                   and ($1::timestamptz is null or (f.created_at, f.sid) %1$s ($1, $2::text))
                 order by f.created_at %2$s, f.sid %2$s limit $3 offset $4
                """
                    .formatted(slice.comparison(), slice.order()))
        .execute(
            Tuple.of(
                slice.beyond().map(Key::createdAt).map(TurnStatement::utc).orElse(null),
                slice.beyond().map(key -> key.sid().value()).orElse(null),
                slice.limit(),
                slice.skip()))
        .map(rows -> slice.shown(rows.stream().map(Flows::revision).toList()));
  }

  /// The revisions of a flow, newest first.
  public Future<List<Revision>> revisions(FlowSid sid, Slice<Integer> slice) {
    return client
        .preparedQuery(
            "select "
                + REVISION
                + """
                  from flow f join flow_revision r on r.flow = f.sid
                 where f.sid = $1 and f.deleted_at is null and ($2::int is null or r.number %1$s $2)
                 order by r.number %2$s limit $3 offset $4
                """
                    .formatted(slice.comparison(), slice.order()))
        .execute(Tuple.of(sid.value(), slice.beyond().orElse(null), slice.limit(), slice.skip()))
        .map(rows -> slice.shown(rows.stream().map(Flows::revision).toList()));
  }

  // ---- what executions run

  /// A revision, also of a deleted flow.
  public Future<Optional<Stored>> revision(FlowSid sid, int number) {
    return one("r.number = $2", Tuple.of(sid.value(), number));
  }

  /// What was changed since, by any node; again what was changed in that moment. A change that was
  /// under way then and is committed only now is among it.
  ///
  /// @param seen [Changes#seen] of the last time
  public Future<Changes> changed(String seen) {
    return client
        .preparedQuery(
            """
            select pg_snapshot_xmin(pg_current_snapshot())::text as seen, f.sid, f.name, f.latest,
                   f.published, f.test_users, f.deleted_at is not null as deleted
              from (values (1)) as once left join flow f on f.changed_by >= ($1::text)::xid8
             order by f.sid
            """)
        .execute(Tuple.of(seen))
        .map(
            rows -> {
              List<Head> heads = new ArrayList<>(rows.size());
              String now = seen;
              for (Row row : rows) {
                now = row.getString("seen");
                if (row.getString("sid") != null) {
                  heads.add(head(row));
                }
              }
              return new Changes(heads, now);
            });
  }

  private Future<Optional<Stored>> one(String condition, Tuple parameters) {
    return client
        .preparedQuery(
            "select "
                + REVISION
                + ", r.definition from flow f join flow_revision r on r.flow = f.sid"
                + " where f.sid = $1 and "
                + condition)
        .execute(parameters)
        .map(
            rows ->
                rows.stream()
                    .findFirst()
                    .map(row -> new Stored(revision(row), row.getString("definition"))));
  }

  private static Head head(Row row) {
    Set<Address> testUsers = new TreeSet<>(Comparator.comparing(Address::value));
    for (String user : row.getArrayOfStrings("test_users")) {
      testUsers.add(new Address(user));
    }
    return new Head(
        new FlowSid(row.getString("sid")),
        row.getString("name"),
        row.getInteger("latest"),
        Optional.ofNullable(row.getInteger("published")),
        testUsers,
        row.getBoolean("deleted"));
  }

  private static Revision revision(Row row) {
    return new Revision(
        new FlowRef(
            new FlowSid(row.getString("flow")), row.getString("name"), row.getInteger("number")),
        Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
        Optional.ofNullable(row.getString("author")),
        Optional.ofNullable(row.getString("commit_message")),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getOffsetDateTime("flow_created_at").toInstant());
  }
}
