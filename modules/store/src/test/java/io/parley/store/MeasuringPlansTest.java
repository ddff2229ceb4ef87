package io.parley.store;

import static io.parley.store.StoreFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.FlowSid;
import io.parley.engine.MessageStatus;
import io.parley.store.FlowReport.Count;
import io.parley.store.FlowReport.Named;
import io.parley.store.FlowReport.Period;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The views over 50,000 turns: a conversation of eight turns 6,250 times over, of twenty-five
/// flows in half a year, with as many triggers held out.
class MeasuringPlansTest {

  private static final int CONVERSATIONS = 6_250;
  private static final int FLOWS = 25;

  private static final StoreFixture STORE = new StoreFixture();

  @BeforeAll
  static void fill() {
    Played played =
        new Played(STORE, "flow-0", Played.CART, 1).triggered("2026-01-01T10:00:00Z", "a");
    played.scenario.deliver(MessageStatus.SENT);
    played.scenario.deliver(MessageStatus.DELIVERED);
    played.replied("2026-01-01T10:05:00Z", "yes");
    played.scenario.deliver(MessageStatus.DELIVERED);
    played.written();
    new Played(STORE, "flow-0", Played.CART, 2).triggered("2026-01-01T10:00:00Z", "holdout");
    String flow = FlowSid.named("flow-0").value();
    for (int i = 0; i < FLOWS; i++) {
      STORE.execute("insert into flow (sid, name) values ('%s', 'flow-%d')".formatted(sid(i), i));
    }
    STORE.execute(
        """
        create table copy as
        select n, c.id as original, md5('conversation ' || n || c.id)::uuid as id,
               n * interval '180 days' / %1$d as later, case n %% %2$d %3$s end as flow
          from generate_series(1, %1$d - 1) n cross join conversation c
        """
            .formatted(CONVERSATIONS, FLOWS, cases()));
    STORE.execute(
        """
        insert into conversation (id, ours, theirs, created_at)
        select copy.id, ours, '+1' || (2000000000 + n * 2 + ascii(right(theirs, 1)) %% 2), created_at + later
          from copy join conversation c on c.id = copy.original
        """
            .replace("%%", "%"));
    STORE.execute(
        """
        insert into turn (conversation, number, source, source_id, at, kind, format, event, effects, path,
                          state, refusal)
        select copy.id, number, source, source_id || n, at + later, kind, format,
               replace(replace(event, original::text, copy.id::text), '%1$s', flow),
               replace(replace(effects, original::text, copy.id::text), '%1$s', flow), path, state, refusal
          from copy join turn t on t.conversation = copy.original order by at + later
        """
            .formatted(flow));
    STORE.execute(
        """
        insert into execution (sid, flow, revision, conversation, first_turn, last_turn, contact,
                               initiated_by, result, started_at, ended_at, external_id, number, cohort)
        select 'FN' || md5(n::text), copy.flow, revision, copy.id, first_turn, last_turn, c.theirs,
               initiated_by, result, started_at + later, ended_at + later, 'person-' || n, c.theirs, cohort
          from copy join execution x on x.conversation = copy.original join conversation c on c.id = copy.id
        """);
    STORE.execute(
        """
        insert into delivery (conversation, turn, index, destination, outcome, provider_id, at)
        select copy.id, turn, index, destination, outcome, provider_id || n, at + later
          from copy join delivery d on d.conversation = copy.original
        """);
    STORE.execute(
        """
        insert into purchase (order_id, external_id, number, at, seen_at, value, currency)
        select 'order-' || n, 'person-' || n, '', created_at + interval '1 hour', now(), 10, 'USD'
          from copy join conversation c on c.id = copy.id
         where n % 4 = 0 and exists (select from execution x where x.conversation = c.id)
        """);
    STORE.execute("vacuum analyze");
  }

  @AfterAll
  static void close() {
    STORE.close();
  }

  private static String sid(int flow) {
    return FlowSid.named("flow-" + flow).value();
  }

  private static String cases() {
    StringBuilder cases = new StringBuilder();
    for (int i = 0; i < FLOWS; i++) {
      cases.append(" when ").append(i).append(" then '").append(sid(i)).append("'");
    }
    return cases.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "parley_executions where flow_sid = '$flow' and began_at >= '2026-03-01' and began_at < '2026-04-01'",
        "parley_executions where flow = 'flow-7' and began_at >= '2026-03-01' and began_at < '2026-04-01'",
        "parley_executions where conversation_id = '$conversation'",
        "parley_messages where at >= '2026-03-01' and at < '2026-03-02'",
        "parley_messages where conversation_id = '$conversation'",
        "parley_outcomes where at >= '2026-03-01' and at < '2026-03-02'",
        "parley_outcomes where conversation_id = '$conversation' and name = 'twilio_reply'",
        "parley_widget_visits where flow_sid = '$flow' and began_at >= '2026-03-01' and began_at < '2026-04-01'",
        "parley_widget_reach where flow_sid = '$flow'",
        "parley_entries where flow_sid = '$flow' and began_at >= '2026-03-01' and began_at < '2026-04-01'",
        "parley_conversions where flow_sid = '$flow' and began_at >= '2026-03-01' and began_at < '2026-04-01'",
        "parley_conversions where conversation_id = '$conversation'"
      })
  void noViewReadsTheWholeJournal(String rows) {
    String conversation = STORE.texts("select id from copy where n = 3000 limit 1").getFirst();

    List<String> plan =
        STORE.texts(
            "explain (analyze, costs off, timing off) select * from "
                + rows.replace("$flow", sid(7)).replace("$conversation", conversation));

    assertThat(STORE.count("turn")).isGreaterThanOrEqualTo(50_000);
    assertThat(String.join("\n", plan))
        .as(rows)
        .contains("Index")
        .doesNotContain(
            "Seq Scan on turn",
            "Seq Scan on delivery",
            "Seq Scan on execution",
            "Seq Scan on purchase");
  }

  @Test
  void theReportOfOneFlowReadsThatFlow() {
    Period year =
        new Period(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2027-01-01T00:00:00Z"));
    FlowReport report =
        await(FlowReport.of(STORE.pool, new Named(FlowSid.named("flow-7"), "flow-7"), year));

    assertThat(
            report.counts().stream()
                .filter(it -> !it.group().heldOut())
                .mapToLong(Count::entered)
                .sum())
        .isEqualTo(CONVERSATIONS / FLOWS);
    assertThat(report.reaches())
        .extracting(it -> it.widget() + " " + it.reached())
        .containsExactly("ask 250", "thank 250");
    assertThat(report.counts().stream().mapToLong(Count::converted).sum()).isPositive();
  }
}
