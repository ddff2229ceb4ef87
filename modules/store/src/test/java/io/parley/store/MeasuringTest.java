package io.parley.store;

import static io.parley.store.StoreFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.engine.Address;
import io.parley.engine.Block;
import io.parley.engine.Event;
import io.parley.engine.FlowSid;
import io.parley.engine.MessageStatus;
import io.parley.engine.Values;
import io.parley.engine.flow.Flow;
import io.parley.engine.policy.Conversions;
import io.parley.engine.policy.Conversions.From;
import io.parley.engine.policy.Conversions.Goal;
import io.parley.store.FlowReport.Arm;
import io.parley.store.FlowReport.Count;
import io.parley.store.FlowReport.Group;
import io.parley.store.FlowReport.Income;
import io.parley.store.FlowReport.Period;
import io.parley.store.FlowReport.Reach;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Hand-made conversations, and what can be counted of them on paper.
class MeasuringTest {

  private static final Period MAY =
      new Period(Instant.parse("2026-05-01T00:00:00Z"), Instant.parse("2026-06-01T00:00:00Z"));

  private final StoreFixture store = new StoreFixture();
  private final Purchases purchases = new Purchases(store.pool);

  @BeforeEach
  void name() {
    for (String name : List.of("cart", "experiment")) {
      store.execute(
          "insert into flow (sid, name) values ('%s', '%s')"
              .formatted(FlowSid.named(name).value(), name));
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Played cart(int contact) {
    return new Played(store, "cart", Played.CART, contact);
  }

  private void order(int contact, String order, String at, double value, String currency) {
    await(
        purchases.record(
            new Purchases.Order(
                new Event.PurchaseSeen(
                    order,
                    new Values(Map.of("value", value, "currency", currency)),
                    Instant.parse(at)),
                Optional.of("person-" + contact),
                Optional.empty()),
            Instant.parse(at)));
  }

  /// Eight people, of whom six are spoken to. See the numbers of each.
  private void eight() {
    // 1: replies, is thanked, and buys on the next day.
    cart(1).triggered("2026-05-01T10:00:00Z", "a").replied("2026-05-01T10:05:00Z", "yes");
    order(1, "o1", "2026-05-02T12:00:00Z", 100, "USD");
    // 2: is silent, is followed up, and buys in the last second of the window.
    Played two = cart(2).triggered("2026-05-01T11:00:00Z", "a");
    two.scenario.deliver(MessageStatus.DELIVERED);
    two.scenario.timeout();
    two.written();
    order(2, "o2", "2026-05-04T11:00:00Z", 50, "EUR");
    // 3: stops, and buys when the window is over.
    cart(3).triggered("2026-05-01T12:00:00Z", "a").replied("2026-05-01T12:01:00Z", "STOP");
    order(3, "o3", "2026-05-04T12:00:01Z", 70, "USD");
    // 4: cannot be reached.
    Played four = cart(4);
    four.scenario.failNextSend(21211, "invalid_recipient", Optional.of(Block.UNREACHABLE));
    four.triggered("2026-05-02T10:00:00Z", "b");
    // 5: still stands at the question, and had bought before.
    cart(5).triggered("2026-05-02T11:00:00Z", "b");
    order(5, "o5", "2026-05-02T10:59:59Z", 10, "USD");
    // 6: buys, begins again on the next day, and buys again.
    Played six = cart(6).triggered("2026-05-02T12:00:00Z", "b");
    bought(six, "o6", "2026-05-02T13:00:00Z", 30);
    six.triggered("2026-05-03T12:00:00Z", "b");
    bought(six, "o7", "2026-05-03T13:00:00Z", 20.25);
    // 7: is held out, twice for the same cart, and buys.
    cart(7)
        .triggered("2026-05-01T10:00:00Z", "holdout")
        .triggered("2026-05-02T10:00:00Z", "holdout");
    order(7, "o8", "2026-05-02T18:00:00Z", 40, "USD");
    // 8: is held out for two carts.
    cart(8)
        .triggered("2026-05-01T10:00:00Z", "holdout")
        .triggered("2026-05-06T10:00:00Z", "holdout");
    // Before the time that is asked for.
    cart(9).triggered("2026-04-30T23:59:59Z", "a");
  }

  private void bought(Played played, String order, String at, double value) {
    order(6, order, at, value, "USD");
    played.scenario.at(Instant.parse(at));
    played.scenario.take(
        new Event.PurchaseSeen(order, Values.of("value", value), Instant.parse(at)));
    played.written();
  }

  private FlowReport report(String flow) {
    return await(FlowReport.of(store.pool, new FlowReport.Named(FlowSid.named(flow), flow), MAY));
  }

  // ---- the report

  @Test
  void whatBeganIsCountedByDayAndCohort() {
    eight();

    assertThat(report("cart").counts())
        .containsExactly(
            count(1, "a", false, 3, 3, 2, 1, 2),
            count(1, "holdout", true, 2, 0, 0, 0, 1),
            count(2, "b", false, 3, 2, 0, 0, 1),
            count(3, "b", false, 1, 1, 0, 0, 1),
            count(6, "holdout", true, 1, 0, 0, 0, 0));
  }

  private static Group group(int day, String cohort, boolean heldOut) {
    return new Group(LocalDate.of(2026, 5, day), cohort, heldOut);
  }

  private static Count count(
      int day,
      String cohort,
      boolean heldOut,
      int entered,
      int messaged,
      int replied,
      int optedOut,
      int converted) {
    return new Count(
        group(day, cohort, heldOut), entered, messaged, replied, 0, 0, 0, 0, optedOut, converted);
  }

  @Test
  void whatOrdersBroughtInIsSummedByCurrency() {
    eight();

    assertThat(report("cart").incomes())
        .usingRecursiveFieldByFieldElementComparator(
            org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration.builder()
                .withComparatorForType(BigDecimal::compareTo, BigDecimal.class)
                .build())
        .containsExactly(
            new Income(group(1, "a", false), "EUR", BigDecimal.valueOf(50), 1, 0),
            new Income(group(1, "a", false), "USD", BigDecimal.valueOf(100), 1, 0),
            new Income(group(1, "holdout", true), "USD", BigDecimal.valueOf(40), 1, 0),
            new Income(group(2, "b", false), "USD", BigDecimal.valueOf(30), 1, 0),
            new Income(group(3, "b", false), "USD", BigDecimal.valueOf(20.25), 1, 0));
  }

  @Test
  void peopleAreCountedOnceByTheirFirstEntry() {
    eight();

    assertThat(report("cart").arms())
        .containsExactly(
            new Arm("a", false, 3, 2), new Arm("b", false, 3, 1), new Arm("holdout", true, 2, 1));
  }

  @Test
  void howFarExecutionsGotIsCountedByWidget() {
    eight();

    assertThat(report("cart").reaches())
        .extracting(
            Reach::cohort,
            Reach::widget,
            Reach::reached,
            Reach::wentOn,
            Reach::completed,
            Reach::dropped,
            Reach::waiting)
        .containsExactly(
            tuple("a", "ask", 3, 2, 0, 1, 0),
            tuple("b", "ask", 4, 0, 0, 3, 1),
            tuple("a", "thank", 1, 0, 1, 0, 0),
            tuple("a", "nudge", 1, 0, 1, 0, 0));
  }

  private static org.assertj.core.groups.Tuple tuple(String cohort, String widget, int... counts) {
    Object[] all = new Object[2 + counts.length];
    all[0] = cohort;
    all[1] = widget;
    for (int i = 0; i < counts.length; i++) {
      all[2 + i] = (long) counts[i];
    }
    return new org.assertj.core.groups.Tuple(all);
  }

  @Test
  void flowsAreFoundByNameAndSid() {
    FlowReport.Named cart = new FlowReport.Named(FlowSid.named("cart"), "cart");

    assertThat(await(FlowReport.named(store.pool, "cart"))).containsExactly(cart);
    assertThat(await(FlowReport.named(store.pool, cart.sid().value()))).containsExactly(cart);
    assertThat(await(FlowReport.named(store.pool, "cat"))).isEmpty();
    assertThat(await(FlowReport.names(store.pool))).containsExactly("cart", "experiment");
  }

  // ---- the rule

  @Test
  void aShorterWindowMeasuresAnew() {
    eight();

    goals(new Goal(Duration.ofHours(3), From.START), Map.of());

    assertThat(conversions())
        .containsExactly("o6 2026-05-02 12:00 true", "o7 2026-05-03 12:00 true");
    goals(
        new Goal(Duration.ofHours(3), From.START),
        Map.of("cart", new Goal(Duration.ofDays(2), From.START)));
    assertThat(conversions())
        .containsExactly(
            "o1 2026-05-01 10:00 true",
            "o6 2026-05-02 12:00 true",
            "o7 2026-05-03 12:00 true",
            "o8 2026-05-01 10:00 true");
    goals(
        new Goal(Duration.ofHours(3), From.START),
        Map.of(FlowSid.named("cart").value(), new Goal(Duration.ofMinutes(59), From.START)));
    assertThat(conversions()).isEmpty();
  }

  @Test
  void aWindowMayRunFromTheLastMessage() {
    eight();
    // The follow-up left an hour after the question: its window ends an hour later, too.
    order(2, "earlier", "2026-05-01T11:30:00Z", 5, "EUR");
    store.execute("delete from purchase where order_id in ('o2', 'earlier')");
    order(2, "late", "2026-05-04T12:00:00Z", 5, "EUR");

    assertThat(conversions()).noneMatch(line -> line.startsWith("late"));
    goals(new Goal(Duration.ofDays(3), From.LAST_MESSAGE), Map.of());

    assertThat(conversions()).contains("late 2026-05-01 11:00 true");
  }

  @Test
  void theFirstOrderOfTheWindowCounts() {
    cart(1).triggered("2026-05-01T10:00:00.900Z", "a");
    order(1, "second", "2026-05-01T12:00:00Z", 1, "USD");
    order(1, "first", "2026-05-01T10:00:00Z", 1, "USD");

    assertThat(conversions())
        .as("shops tell whole seconds")
        .containsExactly("first 2026-05-01 10:00 true");
  }

  @Test
  void anOrderIsTheLatestFlowsToo() {
    cart(1).triggered("2026-05-01T10:00:00Z", "").replied("2026-05-01T10:05:00Z", "yes");
    Played later =
        new Played(
            store,
            "experiment",
            Played.EXPERIMENT,
            1,
            new Address("whatsapp:" + Played.address(1)));
    later.triggered("2026-05-01T20:00:00Z", "");
    order(1, "o1", "2026-05-02T10:00:00Z", 1, "USD");

    assertThat(conversions())
        .as("each flow may count it, the latest only touched last")
        .containsExactly("o1 2026-05-01 10:00 false", "o1 2026-05-01 20:00 true");
  }

  private void goals(Goal usual, Map<String, Goal> flows) {
    await(new ConversionRules(store.pool).keep(new Conversions(usual, flows)));
  }

  private List<String> conversions() {
    return store.texts(
        """
        select order_id || ' ' || to_char(began_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' '
               || last_touch
          from parley_conversions order by order_id, began_at
        """);
  }

  @Test
  void anOffersUseStandsWithTheConversion() {
    eight();
    store.execute(
        """
        insert into offer_grant (conversation, turn, index, offer, origin, worth, persons, code, state,
                                 granted_at, expires_at, changed_at, order_id)
        select conversation, first_turn, 99, 'second-chance', 'pool', '10%', '{}', 'SKIN-1', 'USED',
               started_at, started_at, started_at, 'o1'
          from execution where external_id = 'person-1'
        """);

    assertThat(
            store.texts(
                "select order_id || ' ' || offer || ' ' || offer_code from parley_conversions where offer_used"))
        .containsExactly("o1 second-chance SKIN-1");
    assertThat(
            store.texts(
                "select external_id || ' ' || offers_granted || ' ' || offers_used from parley_executions"
                    + " where offers_granted > 0"))
        .containsExactly("person-1 1 1");
  }

  // ---- views

  @Test
  void executionsTellWhatHappenedInThem() {
    eight();

    assertThat(
            store.texts(
                """
                select concat_ws(' ', external_id, flow, flow_revision, cohort, channel, result, messages,
                                 replies, to_char(opted_out_at at time zone 'UTC', 'HH24:MI:SS'))
                  from parley_executions order by began_at, external_id
                """))
        .containsExactly(
            "person-9 cart 1 a sms 1 0",
            "person-1 cart 1 a sms completed 2 1",
            "person-2 cart 1 a sms completed 2 0",
            "person-3 cart 1 a sms opted_out 1 1 12:01:00",
            "person-4 cart 1 b sms unreachable 0 0",
            "person-5 cart 1 b sms 1 0",
            "person-6 cart 1 b sms purchased 1 0",
            "person-6 cart 1 b sms purchased 1 0");
  }

  @Test
  void messagesTellHowFarTheyGot() {
    eight();

    assertThat(messages(1))
        .containsExactly(
            "out a flow accepted 10:00 - -",
            "in a - received - - yes,thanks",
            "out a flow accepted 10:05 - -");
    assertThat(messages(2))
        .containsExactly("out a flow accepted 11:00 11:00 -", "out a flow accepted 12:00 - -");
    assertThat(messages(4)).containsExactly("out b flow invalid_recipient - - 21211");
    assertThat(store.texts("select distinct flow from parley_messages")).containsExactly("cart");
  }

  private List<String> messages(int contact) {
    return store.texts(
        """
        select concat_ws(' ', direction, cohort, coalesce(purpose, '-'), state,
                         coalesce(to_char(accepted_at at time zone 'UTC', 'HH24:MI'), '-'),
                         coalesce(to_char(delivered_at at time zone 'UTC', 'HH24:MI'), '-'),
                         coalesce(array_to_string(tags, ','), error_code::text, '-'))
          from parley_messages where external_id = 'person-%d' order by at, turn, index nulls first
        """
            .formatted(contact));
  }

  @Test
  void outcomesTellTheirCohortAndWhereTheyAre() {
    eight();
    List<Outbox.Leased> leased =
        await(store.outbox.leaseReports("customerio", 1_000, StoreFixture.LEASE));
    Outbox.Leased first =
        leased.stream()
            .filter(it -> it.effect() instanceof io.parley.engine.Effect.ReportOutcome)
            .findFirst()
            .orElseThrow();
    await(store.outbox.delivered(List.of(first)));

    assertThat(
            store.texts(
                """
                select name || ' ' || count(*) from parley_outcomes
                 where cohort = 'a' and at >= '2026-05-01' group by name order by name
                """))
        .contains(
            "conversation_started 3", "twilio_reply 2", "opted_out 1", "twilio_flow_completed 3");
    assertThat(
            store.texts(
                "select distinct cohort from parley_outcomes where name = 'experiment_holdout'"))
        .containsExactly("holdout");
    assertThat(
            store.texts(
                "select destinations ->> 'customerio' from parley_outcomes where outcome_id = '%s'"
                    .formatted(first.id())))
        .containsExactly("delivered");
    assertThat(store.texts("select distinct destinations ->> 'customerio' from parley_outcomes"))
        .containsExactlyInAnyOrder("delivered", "waiting");
    assertThat(store.texts("select 1 from parley_outcomes where properties ? 'body'"))
        .as("what a reply says is nobody's figure")
        .isEmpty();
  }

  @Test
  void anArmThatTheFlowDrawsIsTheCohort() {
    Flow experiment = Played.EXPERIMENT;
    for (int contact = 1; contact <= 8; contact++) {
      new Played(store, "experiment", experiment, contact)
          .triggered("2026-05-01T10:00:00Z", "")
          .replied("2026-05-01T10:05:00Z", "yes");
    }

    List<String> drawn =
        store.texts(
            "select cohort || ' ' || count(*) from parley_executions group by cohort order by 1");

    assertThat(drawn).hasSize(2).allMatch(line -> line.matches("arm:(plain|warm) \\d"));
    assertThat(
            store.texts(
                "select distinct coalesce(x.cohort = o.cohort, true) from parley_executions x"
                    + " join parley_outcomes o using (execution_sid) where o.name = 'twilio_reply'"))
        .containsExactly("true");
    assertThat(report("experiment").reaches())
        .extracting(Reach::widget)
        .containsExactly("arm", "arm", "ask", "ask", "thank", "thank");
  }

  @Test
  void whatSqlCannotHoldIsReplaced() {
    cart(1)
        .triggered("2026-05-01T10:00:00Z", "a")
        .replied("2026-05-01T10:05:00Z", "nul \u0000 \\u0000");

    assertThat(store.texts("select count(*) from parley_outcomes where name = 'twilio_reply'"))
        .containsExactly("1");
    assertThat(store.texts("select count(*) from parley_messages")).containsExactly("3");
  }

  @Test
  void anErasedPersonIsInNoView() {
    eight();
    await(new Erasure(store.pool).erase(Who.named("person-1"), StoreFixture.NOW));
    await(new Erasure(store.pool).erase(Who.named(Played.address(7).value()), StoreFixture.NOW));

    for (String view :
        List.of("executions", "messages", "outcomes", "conversions", "entries", "widget_visits")) {
      assertThat(
              store.texts(
                  "select 1 from parley_%s v where v::text like '%%person-1%%' or v::text like '%%5550007%%'"
                      .formatted(view)))
          .as(view)
          .isEmpty();
    }
    assertThat(store.texts("select count(*) from parley_entries where holdout"))
        .containsExactly("2");
  }

  // ---- what is written about them

  @Test
  void theExamplesThatAreWrittenDownRun() throws IOException {
    eight();
    List<String> examples = statements("## Examples");

    assertThat(examples).hasSize(3);
    examples.forEach(example -> assertThat(store.texts(example)).as(example).isNotNull());
    assertThat(store.texts(examples.get(1).replace("cart-recovery", "cart"))).containsExactly("a");
  }

  @Test
  void anAnalystReadsTheViewsAndNoTable() throws IOException {
    eight();
    statements("# Views for measuring").forEach(store::execute);
    try {
      assertThat(asAnalyst("select count(*) from parley_messages")).containsExactly("12");
      assertThat(asAnalyst("select order_id from parley_conversions order by 1")).hasSize(5);
      assertThatThrownBy(() -> asAnalyst("select state from turn"))
          .hasMessageContaining("permission denied for table turn");
    } finally {
      store.execute("drop owned by analyst; drop role analyst");
    }
  }

  private List<String> asAnalyst(String sql) {
    return await(
        store.pool.withTransaction(
            connection ->
                connection
                    .query("set local role analyst")
                    .execute()
                    .compose(_ -> connection.query(sql).execute())
                    .map(
                        rows ->
                            rows.stream().map(row -> String.valueOf(row.getValue(0))).toList())));
  }

  /// The statements that are indented below a heading.
  private static List<String> statements(String heading) throws IOException {
    String text = Files.readString(Path.of("VIEWS.md"));
    String below = text.substring(text.indexOf(heading) + heading.length());
    int next = below.indexOf("\n## ");
    String code =
        (next < 0 ? below : below.substring(0, next))
            .lines()
            .filter(line -> line.startsWith("    "))
            .map(line -> line.replaceFirst("--.*", "").strip())
            .collect(Collectors.joining("\n"));
    return Stream.of(code.split(";")).map(String::strip).filter(it -> !it.isEmpty()).toList();
  }
}
