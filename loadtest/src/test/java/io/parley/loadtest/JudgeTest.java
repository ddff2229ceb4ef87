package io.parley.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.loadtest.oracle.Evidence;
import io.parley.loadtest.oracle.InForce;
import io.parley.loadtest.oracle.Judgement;
import io.parley.loadtest.oracle.Objection;
import io.parley.loadtest.oracle.Oracle;
import io.parley.loadtest.oracle.Promise;
import io.parley.loadtest.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/// A real run in which every promise is kept is harmed in Parley's own tables, one row at a time,
/// and the judge finds each and nothing else.
final class JudgeTest {

  private static final InForce RULES = InForce.usual(Duration.ofSeconds(2));

  /// What breaks each promise; a row is enough. Rolled back after it is judged.
  private static Map<Promise, String> harms() {
    Map<Promise, String> harms = new LinkedHashMap<>();
    harms.put(
        Promise.EVENT_HAS_ONE_TURN,
        """
        update turn set source_id = 'lost'
         where (conversation, number) =
               (select conversation, number from turn where source = 'twilio_status' limit 1)
        """);
    harms.put(
        Promise.TURNS_HAVE_NO_GAP,
        """
        update turn set number = number + 1
         where (conversation, number) =
               (select conversation, max(number) from turn group by 1 limit 1)
        """);
    harms.put(
        Promise.SEND_LEAVES_ONCE,
        """
        delete from delivery
         where (conversation, turn, index, destination) =
               (select conversation, turn, index, destination from delivery
                 where destination = 'twilio' limit 1)
        """);
    harms.put(
        Promise.CALL_LEAVES_ONCE,
        """
        delete from delivery
         where (conversation, turn, index, destination) =
               (select conversation, turn, index, destination from delivery
                 where destination = 'calls' limit 1)
        """);
    harms.put(
        Promise.NOTHING_AFTER_OPT_OUT,
        """
        update turn set at = at - interval '1 hour'
         where (conversation, number) =
               (select conversation, number from turn where effects like '%BlockContact%' limit 1)
        """);
    harms.put(
        Promise.OFFER_HAS_FRICTION,
        """
        insert into offer_grant (conversation, turn, index, offer, origin, worth, persons, code, state,
                                 granted_at, expires_at, changed_at)
        select conversation, 1, 99, 'second-chance', 'generated', '15%', '{}', 'SKIN-X', 'SENT', now(),
               now(), now()
          from turn limit 1
        """);
    harms.put(
        Promise.CONVERSATION_HAS_A_PLACE, "delete from timer where purpose = 'REPLY_TIMEOUT'");
    harms.put(
        Promise.OUTCOME_ARRIVES_ONCE,
        """
        update turn
           set effects = regexp_replace(effects, '("type":"ReportOutcome","id":"[^"]*):\\d+"', '\\1:99"')
         where (conversation, number) =
               (select conversation, number from turn where source = 'customerio_trigger' limit 1)
        """);
    harms.put(Promise.OPT_OUT_IS_TOLD, "update contact set block = null where block = 'OPTED_OUT'");
    harms.put(
        Promise.WINDOW_IS_CLOSED,
        """
        update suppression set ended_at = null
         where conversation = (select conversation from suppression where ended_at is not null limit 1)
        """);
    return harms;
  }

  @Test
  void findsWhatIsHarmedInARealRunAndNothingElse() throws Exception {
    Stages.assumeJar();
    try (PostgresServer postgres = PostgresServer.start(Stages.emptyFolder("judge-postgres"));
        Stage stage = Stages.set(postgres, "judge", Map.of())) {
      for (Plot plot :
          new Plot[] {Plot.ASKS_ABOUT_SHIPPING, Plot.STOPS, Plot.IS_SILENT, Plot.RESERVES}) {
        stage.customers().begin(plot);
      }
      Stages.assertPromisesKept(stage, "a run that is to be harmed");
      System.out.println(Oracle.judge(stage.evidence(), RULES));

      SoftAssertions found = new SoftAssertions();
      for (Map.Entry<Promise, String> harm : harms().entrySet()) {
        Judgement judgement = harmed(stage, harm.getValue());
        found
            .assertThat(judgement.objections())
            .as("%s%n%s", harm.getKey(), judgement)
            .isNotEmpty()
            .allMatch(it -> it.promise() == harm.getKey())
            .extracting(Objection::trace)
            .allMatch(trace -> trace.contains("turn 1") && trace.contains("in the end"));
      }
      found.assertAll();
    }
  }

  private static Judgement harmed(Stage stage, String sql) throws Exception {
    try (Connection database = stage.connect()) {
      Evidence evidence = Evidence.open(database, stage::ledgers);
      try (Statement statement = database.createStatement()) {
        assertThat(statement.executeUpdate(sql)).as(sql).isPositive();
      }
      Judgement judgement = Oracle.judge(evidence, RULES);
      database.rollback();
      return judgement;
    }
  }
}
