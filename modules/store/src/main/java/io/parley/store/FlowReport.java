package io.parley.store;

import io.parley.engine.FlowSid;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What a flow came to in a time, by the views that measure it (modules/store/VIEWS.md).
///
/// @param goal which order counts
/// @param counts of what began, by day and cohort
/// @param incomes what orders brought in, by day, cohort and currency
/// @param reaches how far executions got, by cohort and widget, in the order of the flow
/// @param arms people by cohort, each counted once
public record FlowReport(
    Named flow,
    Period period,
    Goal goal,
    List<Count> counts,
    List<Income> incomes,
    List<Reach> reaches,
    List<Arm> arms) {

  public FlowReport {
    counts = List.copyOf(counts);
    incomes = List.copyOf(incomes);
    reaches = List.copyOf(reaches);
    arms = List.copyOf(arms);
  }

  /// A flow.
  public record Named(FlowSid sid, String name) {}

  /// A time.
  ///
  /// @param until exclusive
  public record Period(Instant since, Instant until) {}

  /// Which order counts: the first in a window.
  ///
  /// @param fromMessage whether it runs from the last message, and not from the beginning
  public record Goal(Duration window, boolean fromMessage) {}

  /// Whose figures these are.
  ///
  /// @param day on which they began, in UTC
  /// @param cohort empty text for none
  /// @param heldOut whether they were never spoken to
  public record Group(LocalDate day, String cohort, boolean heldOut) {}

  /// @param entered executions that began, or triggers that were held out of an experiment
  /// @param messaged of them, those in which Twilio took a message; the others likewise
  public record Count(
      Group group,
      long entered,
      long messaged,
      long replied,
      long clicked,
      long handedOver,
      long offersGranted,
      long offersUsed,
      long optedOut,
      long converted) {}

  /// @param orders those that the amount is of
  /// @param unvalued orders whose value the shop did not tell
  public record Income(
      Group group, String currency, BigDecimal amount, long orders, long unvalued) {}

  /// @param subflow empty text in the flow itself
  /// @param reached executions
  /// @param visits of all of them; more where a flow goes in circles
  /// @param completed the flow came to its end here
  /// @param dropped the execution ended while it stood here
  /// @param waiting it stands here
  public record Reach(
      String cohort,
      String subflow,
      String widget,
      double place,
      long reached,
      long visits,
      long wentOn,
      long completed,
      long dropped,
      long waiting) {}

  /// People of a cohort.
  ///
  /// @param converted those who placed an order in the window of their first entry of the period
  public record Arm(String cohort, boolean heldOut, long people, long converted) {}

  /// The flows of a name or a sid, those that are not deleted first.
  public static Future<List<Named>> named(SqlClient client, String nameOrSid) {
    return client
        .preparedQuery(
            """
            select sid, name from flow where sid = $1 or name = $1
             order by (sid = $1) desc, deleted_at nulls first, sid
            """)
        .execute(Tuple.of(nameOrSid))
        .map(
            rows ->
                rows.stream()
                    .map(row -> new Named(new FlowSid(row.getString("sid")), row.getString("name")))
                    .toList());
  }

  /// The names of all flows, in order.
  public static Future<List<String>> names(SqlClient client) {
    return client
        .query("select distinct name from flow where deleted_at is null order by name")
        .execute()
        .map(rows -> rows.stream().map(row -> row.getString(0)).toList());
  }

  /// The report of a flow.
  public static Future<FlowReport> of(SqlClient client, Named flow, Period period) {
    Tuple asked =
        Tuple.of(
            flow.sid().value(),
            TurnStatement.utc(period.since()),
            TurnStatement.utc(period.until()));
    Future<Goal> goal =
        client
            .preparedQuery(
                """
                select extract(epoch from length)::bigint as seconds, from_message from conversion_rule
                 where flow in ('', $1, $2) order by flow = $1 desc, flow = $2 desc limit 1
                """)
            .execute(Tuple.of(flow.sid().value(), flow.name()))
            .map(rows -> rows.iterator().next())
            .map(
                row ->
                    new Goal(
                        Duration.ofSeconds(row.getLong("seconds")),
                        row.getBoolean("from_message")));
    Future<List<Count>> counts = list(client, COUNTS, asked, FlowReport::count);
    Future<List<Income>> incomes = list(client, INCOMES, asked, FlowReport::income);
    Future<List<Reach>> reaches = list(client, REACHES, asked, FlowReport::reach);
    Future<List<Arm>> arms = list(client, ARMS, asked, FlowReport::arm);
    return Future.all(goal, counts, incomes, reaches, arms)
        .map(
            _ ->
                new FlowReport(
                    flow,
                    period,
                    goal.result(),
                    counts.result(),
                    incomes.result(),
                    reaches.result(),
                    arms.result()));
  }

  private static final String COUNTS =
      """
      with entered as materialized (
        select conversation_id, turn, execution_sid, cohort, holdout, began_at from parley_entries
         where flow_sid = $1 and began_at >= $2 and began_at < $3
      ), converted as materialized (
        select conversation_id, turn from parley_conversions
         where flow_sid = $1 and began_at >= $2 and began_at < $3
      ), held as materialized (
        select execution_sid, messages, replies, clicks, handoffs, offers_granted, offers_used, opted_out_at
          from parley_executions where flow_sid = $1 and began_at >= $2 and began_at < $3
      )
      select (e.began_at at time zone 'UTC')::date as day, coalesce(e.cohort, '') as cohort, e.holdout,
             count(*) as entered, count(*) filter (where h.messages > 0) as messaged,
             count(*) filter (where h.replies > 0) as replied, count(*) filter (where h.clicks > 0) as clicked,
             count(*) filter (where h.handoffs > 0) as handed_over,
             coalesce(sum(h.offers_granted), 0)::bigint as offers_granted,
             coalesce(sum(h.offers_used), 0)::bigint as offers_used, count(h.opted_out_at) as opted_out,
             count(c.turn) as converted
        from entered e
        left join held h on h.execution_sid = e.execution_sid
        left join converted c on c.conversation_id = e.conversation_id and c.turn = e.turn
       group by 1, 2, 3 order by 1, 3, 2
      """;

  private static final String INCOMES =
      """
      select (began_at at time zone 'UTC')::date as day, coalesce(cohort, '') as cohort, holdout, currency,
             coalesce(sum(value), 0) as amount, count(*) as orders, count(*) - count(value) as unvalued
        from parley_conversions
       where flow_sid = $1 and began_at >= $2 and began_at < $3
       group by 1, 2, 3, 4 order by 1, 3, 2, 4
      """;

  private static final String REACHES =
      """
      select coalesce(cohort, '') as cohort, subflow, widget, avg(place)::float8 as place,
             count(*) as reached, sum(visits)::bigint as visits, count(*) filter (where went_on) as went_on,
             count(*) filter (where completed) as completed, count(*) filter (where dropped) as dropped,
             count(*) filter (where waiting) as waiting
        from parley_widget_visits
       where flow_sid = $1 and began_at >= $2 and began_at < $3
       group by 1, 2, 3 order by 4, 2, 3, 1
      """;

  private static final String ARMS =
      """
      with entered as materialized (
        select distinct on (person) person, conversation_id, turn, cohort, holdout
          from (select coalesce(number, external_id, conversation_id::text) as person, conversation_id, turn,
                       coalesce(cohort, '') as cohort, holdout, began_at
                  from parley_entries where flow_sid = $1 and began_at >= $2 and began_at < $3) e
         order by person, began_at, turn
      ), converted as materialized (
        select conversation_id, turn from parley_conversions
         where flow_sid = $1 and began_at >= $2 and began_at < $3
      )
      select e.cohort, e.holdout, count(*) as people, count(c.turn) as converted
        from entered e
        left join converted c on c.conversation_id = e.conversation_id and c.turn = e.turn
       group by 1, 2 order by 2, 1
      """;

  private static <T> Future<List<T>> list(
      SqlClient client, String sql, Tuple asked, Function<Row, T> read) {
    return client.preparedQuery(sql).execute(asked).map(rows -> rows.stream().map(read).toList());
  }

  private static Group group(Row row) {
    return new Group(row.getLocalDate("day"), row.getString("cohort"), row.getBoolean("holdout"));
  }

  private static Count count(Row row) {
    return new Count(
        group(row),
        row.getLong("entered"),
        row.getLong("messaged"),
        row.getLong("replied"),
        row.getLong("clicked"),
        row.getLong("handed_over"),
        row.getLong("offers_granted"),
        row.getLong("offers_used"),
        row.getLong("opted_out"),
        row.getLong("converted"));
  }

  private static Income income(Row row) {
    return new Income(
        group(row),
        row.getString("currency"),
        row.getBigDecimal("amount"),
        row.getLong("orders"),
        row.getLong("unvalued"));
  }

  private static Reach reach(Row row) {
    return new Reach(
        row.getString("cohort"),
        row.getString("subflow"),
        row.getString("widget"),
        Optional.ofNullable(row.getDouble("place")).orElse(0.0),
        row.getLong("reached"),
        row.getLong("visits"),
        row.getLong("went_on"),
        row.getLong("completed"),
        row.getLong("dropped"),
        row.getLong("waiting"));
  }

  private static Arm arm(Row row) {
    return new Arm(
        row.getString("cohort"),
        row.getBoolean("holdout"),
        row.getLong("people"),
        row.getLong("converted"));
  }
}
