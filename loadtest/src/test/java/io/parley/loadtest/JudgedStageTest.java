package io.parley.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.loadtest.oracle.Case;
import io.parley.loadtest.oracle.Evidence;
import io.parley.loadtest.oracle.InForce;
import io.parley.loadtest.oracle.Judgement;
import io.parley.loadtest.oracle.Oracle;
import io.parley.loadtest.oracle.Promise;
import io.parley.loadtest.postgres.PostgresServer;
import io.parley.loadtest.twilio.SentMessage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The judge of a real run, in which every promise was kept until somebody changed a row, or
/// created a message at Twilio as if Parley had. Rows are changed in a transaction that is rolled
/// back; messages stay, so that the tests that create them come last.
@TestMethodOrder(OrderAnnotation.class)
final class JudgedStageTest {

  private static final int SECOND_LAST = 100;
  private static final int LAST = 101;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static PostgresServer postgres;
  private static Stage stage;
  private static String silent;
  private static String stopped;
  private static String answering;
  private static String reserving;

  @BeforeAll
  static void playARun() throws Exception {
    Stages.assumeJar();
    postgres = PostgresServer.start(Stages.emptyFolder("judged-postgres"));
    stage = Stages.set(postgres, "judged", Map.of());
    stage.customers().begin(Plot.WRITES_FIRST);
    String silence = stage.customers().begin(Plot.IS_SILENT);
    String stop = stage.customers().begin(Plot.STOPS);
    String answer = stage.customers().begin(Plot.ASKS_ABOUT_SHIPPING);
    String reservation = stage.customers().begin(Plot.RESERVES);
    stage.customers().begin(Plot.BUYS);
    Stages.assertPromisesKept(stage, "the run");
    silent = conversation(silence);
    stopped = conversation(stop);
    answering = conversation(answer);
    reserving = conversation(reservation);
  }

  @AfterAll
  static void end() throws IOException {
    if (stage != null) {
      stage.close();
    }
    if (postgres != null) {
      postgres.close();
    }
  }

  private static String conversation(String phone) throws SQLException {
    try (Connection connection = stage.connect()) {
      return one(connection, "select id::text from conversation where theirs = '" + phone + "'");
    }
  }

  enum Whose {
    SILENT,
    STOPPED,
    ANSWERING,
    RESERVING;

    String id() {
      return switch (this) {
        case SILENT -> silent;
        case STOPPED -> stopped;
        case ANSWERING -> answering;
        case RESERVING -> reserving;
      };
    }
  }

  interface Change {
    void make(Connection database, String conversation) throws SQLException;
  }

  record Plant(Promise promise, Whose whose, String what, Change change) {
    @Override
    public String toString() {
      return promise + ": " + what;
    }
  }

  private static Change sql(String sql) {
    return (database, conversation) -> {
      try (Statement statement = database.createStatement()) {
        assertThat(statement.executeUpdate(sql.replace("CONVERSATION", "'" + conversation + "'")))
            .as("rows that were changed")
            .isPositive();
      }
    };
  }

  static Stream<Plant> plants() {
    return Stream.of(
        new Plant(
            Promise.EVENT_HAS_ONE_TURN,
            Whose.ANSWERING,
            "the turn of a reply is another's",
            sql(
                """
                update turn set source_id = 'SM00000000000000000000000000000000'
                 where conversation = CONVERSATION and number =
                       (select min(number) from turn
                         where conversation = CONVERSATION and source = 'twilio_message')
                """)),
        new Plant(
            Promise.EVENT_HAS_ONE_TURN,
            Whose.ANSWERING,
            "the turn of a delivery is another's",
            sql(
                """
                update turn set source_id = 'SM00000000000000000000000000000000:delivered'
                 where conversation = CONVERSATION and number =
                       (select min(number) from turn
                         where conversation = CONVERSATION and source = 'twilio_status')
                """)),
        new Plant(
            Promise.TURNS_HAVE_NO_GAP,
            Whose.ANSWERING,
            "a number is left out",
            sql(
                """
                update turn set number = number + 1
                 where conversation = CONVERSATION
                   and number = (select max(number) from turn where conversation = CONVERSATION)
                """)),
        new Plant(
            Promise.SEND_LEAVES_ONCE,
            Whose.ANSWERING,
            "a message that left is on record as withdrawn",
            sql(
                """
                update delivery set outcome = 'withdrawn'
                 where conversation = CONVERSATION and destination = 'twilio'
                   and turn = (select min(turn) from delivery
                                where conversation = CONVERSATION and destination = 'twilio')
                """)),
        new Plant(
            Promise.SEND_LEAVES_ONCE,
            Whose.ANSWERING,
            "nobody knows what became of a message",
            sql(
                """
                delete from delivery where conversation = CONVERSATION and destination = 'twilio'
                   and turn = (select min(turn) from delivery
                                where conversation = CONVERSATION and destination = 'twilio')
                """)),
        new Plant(
            Promise.SENDS_KEEP_ORDER,
            Whose.ANSWERING,
            "two messages were asked for in the other order",
            JudgedStageTest::swapSends),
        new Plant(
            Promise.CALL_LEAVES_ONCE,
            Whose.RESERVING,
            "nobody knows what became of a call",
            sql(
                """
                delete from delivery where conversation = CONVERSATION and destination = 'calls'
                   and turn = (select min(turn) from delivery
                                where conversation = CONVERSATION and destination = 'calls')
                """)),
        new Plant(
            Promise.NOTHING_AFTER_OPT_OUT,
            Whose.ANSWERING,
            "the first message followed a stop",
            JudgedStageTest::stopBeforeTheFirstMessage),
        new Plant(
            Promise.NOTHING_AFTER_OPT_OUT,
            Whose.STOPPED,
            "a stop was an hour before the question",
            sql(
                """
                update turn set at = at - interval '1 hour'
                 where conversation = CONVERSATION and effects like '%BlockContact%'
                """)),
        new Plant(
            Promise.OFFER_HAS_FRICTION,
            Whose.SILENT,
            "a code is granted that no turn asked for",
            sql(
                """
                insert into offer_grant (conversation, turn, index, offer, origin, worth, persons,
                                         code, state, granted_at, expires_at, changed_at)
                values (CONVERSATION, 1, 90, 'second-chance', 'generated', '15%', '{}',
                        'SKIN-3FWTJW9P', 'SENT', now(), now() + interval '2 days', now())
                """)),
        new Plant(
            Promise.CONVERSATION_HAS_A_PLACE,
            Whose.SILENT,
            "the timers are gone by which a flow ends",
            sql(
                """
                delete from timer
                 where conversation = CONVERSATION and purpose = 'EXECUTION_EXPIRY'
                """)),
        new Plant(
            Promise.CONVERSATION_HAS_A_PLACE,
            Whose.SILENT,
            "the timer is gone by which a flow waits no longer for a reply",
            sql(
                """
                delete from timer where conversation = CONVERSATION and purpose = 'REPLY_TIMEOUT'
                """)),
        new Plant(
            Promise.CONVERSATION_HAS_A_PLACE,
            Whose.ANSWERING,
            "a flow that has ended is alive on record",
            sql(
                """
                update execution set ended_at = null where conversation = CONVERSATION
                """)),
        new Plant(
            Promise.OUTCOME_ARRIVES_ONCE,
            Whose.ANSWERING,
            "an outcome arrived that no turn told",
            (database, conversation) ->
                reports(database, conversation, Reports.FIRST_IS_FORGOTTEN)),
        new Plant(
            Promise.OUTCOME_ARRIVES_ONCE,
            Whose.ANSWERING,
            "a turn told an outcome under another id",
            sql(
                """
                update turn
                   set effects = regexp_replace(effects, '("type":"ReportOutcome","id":"[^"]*):\\d+"', '\\1:99"')
                 where conversation = CONVERSATION and number = 1
                """)),
        new Plant(
            Promise.OUTCOMES_KEEP_ORDER,
            Whose.ANSWERING,
            "outcomes were told in the other order",
            (database, conversation) -> reports(database, conversation, Reports.ARE_TURNED_ROUND)),
        new Plant(
            Promise.OPT_OUT_IS_TOLD,
            Whose.STOPPED,
            "who said stop may be sent messages",
            sql(
                """
                update contact set block = null
                 where address = (select theirs from conversation where id = CONVERSATION)
                """)),
        new Plant(
            Promise.WINDOW_IS_CLOSED,
            Whose.STOPPED,
            "a window is open on record after a stop",
            sql(
                """
                update suppression set ended_at = null, ended_reason = null
                 where conversation = CONVERSATION
                """)),
        new Plant(
            Promise.NOTHING_IS_LEFT_OVER,
            Whose.SILENT,
            "a report waits in the outbox",
            sql(
                """
                insert into outbox (conversation, turn, index, destination, sender, contact, epoch,
                                    format, effect, due_at, created_at, not_before)
                values (CONVERSATION, 1, 0, 'somewhere', '', '', 0, 1, '{}', now(), now(), now())
                """)));
  }

  @ParameterizedTest
  @MethodSource("plants")
  @Order(1)
  void aChangedRowIsObjectedToWithItsTraceAndNothingElseIs(Plant plant) throws Exception {
    Judgement judgement = judge(plant.whose().id(), plant.change());

    assertObjection(judgement, plant.promise(), plant.whose().id());
  }

  @Test
  @Order(2)
  void whatIsLeftOfSomeCustomersIsSeenAmongWhatIsLeftOfManyOthers() throws Exception {
    try (Connection connection = stage.connect()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      String contact =
          one(connection, "select theirs from conversation where id = '" + answering + "'");
      sql("""
          insert into inbox (source, source_id, ours, theirs, format, event, received_at, due_at, error)
          select 'twilio_message', 'SM' || number, '+14155550199',
                 case number when 2000 then 'CONTACT' else '+13475550100' end, 1, '{}', now(), now(), 'busy'
            from generate_series(1, 2000) as number
          """
              .replace("CONTACT", contact))
          .make(connection, answering);

      Evidence evidence = Evidence.open(connection, contact::equals, stage::ledgers);

      assertThat(evidence.leftOver())
          .containsExactly("inbox twilio_message SM2000 attempts 0 busy");
      assertThat(evidence.all()).extracting(Case::conversation).containsExactly(answering);
    }
  }

  @Test
  @Order(2)
  void everyPromiseIsBrokenOnceInARealRun() {
    assertThat(plants().map(Plant::promise).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(Promise.values());
  }

  @Test
  @Order(SECOND_LAST)
  void aMessageThatIsCreatedTwiceIsObjectedTo() throws Exception {
    SentMessage first = sentTo(answering);

    create(first.to(), first.body(), first.statusCallback().orElseThrow());

    Judgement judgement = judge(answering, (_, _) -> {});
    assertObjection(judgement, Promise.SEND_LEAVES_ONCE, answering);
    assertThat(judgement.objections().getFirst().what()).contains("was created 2 times");
  }

  @Test
  @Order(LAST)
  void aCodeThatNobodyWasGrantedIsObjectedToInItsMessage() throws Exception {
    SentMessage first = sentTo(silent);
    create(first.to(), "Take 20% off today", first.statusCallback().orElseThrow());

    Judgement judgement = judge(silent, (_, _) -> {});

    assertThat(judgement.of(Promise.OFFER_HAS_FRICTION).objections())
        .singleElement()
        .satisfies(
            objection -> {
              assertThat(objection.conversation()).isEqualTo(silent);
              assertThat(objection.what()).contains("takes 20% off, which was not granted");
              assertThat(objection.trace()).contains("Take 20% off today");
            });
  }

  private static void assertObjection(Judgement judgement, Promise promise, String conversation) {
    assertThat(judgement.objections())
        .as("%s", judgement)
        .isNotEmpty()
        .allSatisfy(
            objection -> {
              assertThat(objection.promise()).isEqualTo(promise);
              assertThat(objection.conversation()).isEqualTo(conversation);
              assertThat(objection.trace())
                  .contains("turn 1", "customerio_trigger", "Twilio", "callback", "Customer.io");
            });
  }

  /// Judges the run as it is after a change, and takes that back.
  private static Judgement judge(String conversation, Change change) throws SQLException {
    try (Connection connection = stage.connect()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      change.make(connection, conversation);
      Evidence evidence = Evidence.gather(connection, stage::ledgers);
      return Oracle.judge(evidence, InForce.usual(Duration.ZERO));
    }
  }

  // ---- what SQL alone does not say

  private static void swapSends(Connection database, String conversation) throws SQLException {
    String first = send(database, conversation, "asc");
    String second = send(database, conversation, "desc");
    assertThat(first).isNotEqualTo(second);
    sql("""
            update turn set effects = replace(replace(replace(effects, '"ONE"', '"-"'), '"TWO"', '"ONE"'), '"-"', '"TWO"')
             where conversation = CONVERSATION
            """
            .replace("ONE", first)
            .replace("TWO", second))
        .make(database, conversation);
  }

  private static String send(Connection database, String conversation, String order)
      throws SQLException {
    return one(
        database,
        """
        select conversation || ':' || turn || ':' || index from delivery
         where conversation = '%s' and destination = 'twilio' order by turn %s limit 1
        """
            .formatted(conversation, order));
  }

  /// The contact's block is in the journal, before all messages; it was lifted never.
  private static void stopBeforeTheFirstMessage(Connection database, String conversation)
      throws SQLException {
    String contact =
        one(database, "select theirs from conversation where id = '" + conversation + "'");
    effects(
        database,
        conversation,
        effects ->
            effects.add(
                new JsonObject()
                    .put("type", "BlockContact")
                    .put("contact", contact)
                    .put("block", "OPTED_OUT")));
    sql("update contact set block = 'OPTED_OUT' where address = '" + contact + "'")
        .make(database, conversation);
  }

  private enum Reports {
    FIRST_IS_FORGOTTEN,
    ARE_TURNED_ROUND
  }

  private static void reports(Connection database, String conversation, Reports change)
      throws SQLException {
    effects(
        database,
        conversation,
        effects -> {
          JsonArray reports = new JsonArray();
          for (int i = effects.size() - 1; i >= 0; i--) {
            if (effects.getJsonObject(i).getString("type").equals("ReportOutcome")) {
              reports.add(effects.remove(i));
            }
          }
          assertThat(reports.size()).isGreaterThan(1);
          switch (change) {
            case ARE_TURNED_ROUND -> effects.addAll(reports);
            case FIRST_IS_FORGOTTEN -> {
              for (int i = reports.size() - 2; i >= 0; i--) {
                effects.add(reports.getJsonObject(i));
              }
            }
          }
        });
  }

  private interface Rewriting {
    void rewrite(JsonArray effects);
  }

  /// Rewrites the effects of the first turn.
  private static void effects(Connection database, String conversation, Rewriting rewriting)
      throws SQLException {
    JsonArray effects =
        new JsonArray(
            one(
                database,
                "select effects from turn where number = 1 and conversation = '"
                    + conversation
                    + "'"));
    rewriting.rewrite(effects);
    try (PreparedStatement statement =
        database.prepareStatement(
            "update turn set effects = ? where number = 1 and conversation = ?::uuid")) {
      statement.setString(1, effects.encode());
      statement.setString(2, conversation);
      assertThat(statement.executeUpdate()).isOne();
    }
  }

  private static String one(Connection database, String sql) throws SQLException {
    try (Statement statement = database.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      assertThat(row.next()).as(sql).isTrue();
      return row.getString(1);
    }
  }

  // ---- at Twilio

  private static SentMessage sentTo(String conversation) {
    return stage.twilio().messagesViaApi().stream()
        .filter(message -> message.statusCallback().orElse("").contains(conversation))
        .findFirst()
        .orElseThrow();
  }

  /// Asks the stand-in as Parley does, and waits until all is told that comes of it.
  private static void create(String to, String body, String statusCallback)
      throws IOException, InterruptedException, SQLException {
    String account = stage.settings().get("PARLEY_TWILIO_ACCOUNT_SID");
    String token = stage.settings().get("PARLEY_TWILIO_AUTH_TOKEN");
    String form =
        Map.of("To", to, "From", Stage.SENDER, "Body", body, "StatusCallback", statusCallback)
            .entrySet()
            .stream()
            .map(it -> it.getKey() + "=" + URLEncoder.encode(it.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    String login =
        Base64.getEncoder()
            .encodeToString((account + ":" + token).getBytes(StandardCharsets.UTF_8));
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    stage.twilio().baseUrl()
                        + "/2010-04-01/Accounts/"
                        + account
                        + "/Messages.json"))
            .header("Authorization", "Basic " + login)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
    }
    stage.awaitRest(PATIENCE);
  }
}
