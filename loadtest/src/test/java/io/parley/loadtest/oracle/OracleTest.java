package io.parley.loadtest.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.loadtest.customerio.Identifier;
import io.parley.loadtest.customerio.ReceivedEvent;
import io.parley.loadtest.oracle.Evidence.Acknowledged;
import io.parley.loadtest.oracle.Evidence.Ledgers;
import io.parley.loadtest.oracle.Evidence.Turn;
import io.parley.loadtest.shop.Asked;
import io.parley.loadtest.twilio.ConversationMessage;
import io.parley.loadtest.twilio.DeliveryStatus;
import io.parley.loadtest.twilio.Direction;
import io.parley.loadtest.twilio.SentMessage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The judge objects to each broken promise, planted into a run in which none was.
final class OracleTest {

  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final String CUSTOMER = "+12125550101";
  private static final String FIRST = "c1:1:0";
  private static final String SECOND = "c1:2:1";
  private static final String CALL = "c1:4:0";

  private final List<Turn> turns =
      new ArrayList<>(
          List.of(
              turn(1, "customerio_trigger", "cart", send(FIRST), report("conversation_started")),
              turn(2, "twilio_message", "SM9", report("twilio_reply"), send(SECOND)),
              turn(3, "purchase", "order-1:c1", report("conversion"))));
  private final List<SentMessage> messages =
      new ArrayList<>(List.of(message("SM1", FIRST, NOON), message("SM2", SECOND, NOON)));
  private final List<ReceivedEvent> outcomes =
      new ArrayList<>(
          List.of(
              outcome("01A", "conversation_started"),
              outcome("01B", "twilio_reply"),
              outcome("01C", "conversion")));
  private final Set<Acknowledged> acknowledged =
      Set.of(
          new Acknowledged("customerio_trigger", "cart"),
          new Acknowledged("twilio_message", "SM9"),
          new Acknowledged("purchase", "order-1"));
  private final List<ConversationMessage> said = new ArrayList<>();
  private final List<Asked> asked = new ArrayList<>();
  private Map<String, String> deliveries = Map.of(FIRST, "accepted", SECOND, "accepted");
  private Map<String, Instant> stops = Map.of();
  private List<String> leftOver = List.of();

  @Test
  void hasNothingAgainstARunInWhichAllWasKept() {
    assertThat(judge()).isEmpty();
  }

  @Test
  void objectsToAMessageThatWasSentTwice() {
    messages.add(message("SM3", FIRST, NOON));

    assertThat(judge()).containsExactly(Promise.SEND_LEAVES_ONCE);
  }

  @Test
  void objectsToAMessageThatWasNotSent() {
    messages.removeLast();

    assertThat(judge()).containsExactly(Promise.SEND_LEAVES_ONCE);
  }

  @Test
  void objectsToAMessageOfWhichNobodyKnowsWhatBecame() {
    messages.removeLast();
    deliveries = Map.of(FIRST, "accepted");

    assertThat(judge()).containsExactly(Promise.SEND_LEAVES_ONCE);
  }

  @Test
  void letsASendBeWithdrawn() {
    messages.removeLast();
    deliveries = Map.of(FIRST, "accepted", SECOND, "withdrawn");

    assertThat(judge()).isEmpty();
  }

  @Test
  void objectsToAMessageWithoutATurn() {
    messages.add(message("SM3", "c9:1:0", NOON));

    assertThat(judge()).containsExactly(Promise.SEND_LEAVES_ONCE);
  }

  @Test
  void objectsToMessagesInTheWrongOrder() {
    messages.addFirst(messages.removeLast());

    assertThat(judge()).containsExactly(Promise.SENDS_KEEP_ORDER);
  }

  @Test
  void objectsToAMessageAfterAStop() {
    stops = Map.of(CUSTOMER, NOON.minusSeconds(10));

    assertThat(judge())
        .containsExactly(Promise.NOTHING_AFTER_OPT_OUT, Promise.NOTHING_AFTER_OPT_OUT);
  }

  @Test
  void objectsToAnAcknowledgedEventWithoutATurn() {
    turns.removeLast();
    outcomes.removeLast();

    assertThat(judge()).containsExactly(Promise.EVENT_HAS_ONE_TURN);
  }

  @Test
  void objectsToAGapInTheNumbers() {
    turns.set(2, turn(4, "purchase", "order-1:c1", report("conversion")));

    assertThat(judge()).containsExactly(Promise.TURNS_HAVE_NO_GAP);
  }

  @Test
  void objectsToAnOutcomeThatDidNotArrive() {
    outcomes.removeLast();

    assertThat(judge()).containsExactly(Promise.OUTCOME_ARRIVES_ONCE);
  }

  @Test
  void objectsToAnOutcomeUnderTwoIds() {
    outcomes.add(outcome("01D", "conversion"));

    assertThat(judge()).containsExactly(Promise.OUTCOME_ARRIVES_ONCE);
  }

  @Test
  void objectsToOutcomesInTheWrongOrder() {
    outcomes.addFirst(outcomes.removeLast());

    assertThat(judge()).containsExactly(Promise.OUTCOMES_KEEP_ORDER);
  }

  @Test
  void countsWhatIsSaidInAConversationAsSent() {
    messages.removeLast();
    said.add(said("IM1", SECOND, NOON));
    assertThat(judge()).isEmpty();

    said.add(said("IM2", SECOND, NOON));

    assertThat(judge()).containsExactly(Promise.SEND_LEAVES_ONCE);
  }

  @Test
  void objectsToWhatIsSaidInAConversationAfterAStop() {
    stops = Map.of(CUSTOMER, NOON);
    messages.removeLast();
    said.add(said("IM1", SECOND, NOON.plusSeconds(3)));

    assertThat(judge()).containsExactly(Promise.NOTHING_AFTER_OPT_OUT);
  }

  @Test
  void objectsToACallThatChangesSomethingTwice() {
    turns.add(turn(4, "timer", "t1", call(CALL, "POST")));
    deliveries = Map.of(FIRST, "accepted", SECOND, "accepted", CALL, "answered 200");
    asked.add(new Asked("POST", "/reserve", CALL));
    assertThat(judge()).isEmpty();

    asked.add(new Asked("POST", "/reserve", CALL));

    assertThat(judge()).containsExactly(Promise.CALL_LEAVES_ONCE);
  }

  @Test
  void letsAGetBeAskedAgain() {
    turns.add(turn(4, "timer", "t1", call(CALL, "GET")));
    deliveries = Map.of(FIRST, "accepted", SECOND, "accepted", CALL, "answered 200");
    asked.add(new Asked("GET", "/stock", CALL));
    asked.add(new Asked("GET", "/stock", CALL));

    assertThat(judge()).isEmpty();
  }

  @Test
  void objectsToACallThatNobodyAskedForOrThatCameToNothing() {
    asked.add(new Asked("GET", "/stock", "c1:9:0"));
    turns.add(turn(4, "timer", "t1", call(CALL, "GET")));

    assertThat(judge()).containsExactly(Promise.CALL_LEAVES_ONCE, Promise.CALL_LEAVES_ONCE);
  }

  @Test
  void objectsToWhatIsLeftOver() {
    leftOver = List.of("inbox twilio_message SM10");

    assertThat(judge()).containsExactly(Promise.NOTHING_IS_LEFT_OVER);
  }

  private List<Promise> judge() {
    Evidence evidence =
        new Evidence(
            turns,
            deliveries,
            leftOver,
            new Ledgers(messages, said, asked, outcomes, acknowledged, stops));
    return Oracle.judge(evidence, GRACE).stream().map(Objection::promise).toList();
  }

  private static Turn turn(int number, String source, String sourceId, JsonObject... effects) {
    return new Turn(
        "c1",
        number,
        source,
        sourceId,
        CUSTOMER,
        new JsonArray(List.of(effects)),
        new JsonObject());
  }

  private static JsonObject send(String id) {
    return new JsonObject().put("type", "Send").put("id", id).put("epoch", 0);
  }

  private static JsonObject call(String id, String method) {
    return new JsonObject()
        .put("type", "Call")
        .put("id", id)
        .put("request", new JsonObject().put("type", "Http").put("method", method));
  }

  private static ConversationMessage said(String sid, String effect, Instant at) {
    return new ConversationMessage(
        sid,
        "CH1",
        0,
        "Robin",
        Optional.empty(),
        "Hi",
        new JsonObject().put("parley_effect", effect).encode(),
        Optional.empty(),
        "API",
        at);
  }

  private static JsonObject report(String name) {
    return new JsonObject()
        .put("type", "ReportOutcome")
        .put("name", name)
        .put("properties", new JsonObject());
  }

  private static SentMessage message(String sid, String effect, Instant at) {
    return new SentMessage(
        sid,
        Direction.OUTBOUND_API,
        CUSTOMER,
        "+14155550199",
        Optional.empty(),
        "Hi",
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.of("http://127.0.0.1/twilio/status?effect=" + effect),
        1,
        DeliveryStatus.DELIVERED,
        OptionalInt.empty(),
        at,
        Optional.of(at),
        at);
  }

  private static ReceivedEvent outcome(String id, String name) {
    return new ReceivedEvent(
        Optional.of(id),
        new Identifier("id", "customer-1"),
        name,
        new JsonObject().put("conversation_id", "c1"),
        OptionalLong.empty(),
        NOON);
  }
}
