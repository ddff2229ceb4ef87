package io.parley.loadtest.oracle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.loadtest.customerio.Identifier;
import io.parley.loadtest.customerio.Profile;
import io.parley.loadtest.customerio.ReceivedEvent;
import io.parley.loadtest.oracle.Case.Delivery;
import io.parley.loadtest.oracle.Case.Grant;
import io.parley.loadtest.oracle.Case.Standing;
import io.parley.loadtest.oracle.Case.Turn;
import io.parley.loadtest.oracle.Case.Waiting;
import io.parley.loadtest.oracle.Case.Window;
import io.parley.loadtest.oracle.Evidence.Around;
import io.parley.loadtest.oracle.Ledgers.Acknowledged;
import io.parley.loadtest.oracle.Ledgers.OptOut;
import io.parley.loadtest.shop.Asked;
import io.parley.loadtest.twilio.ConversationMessage;
import io.parley.loadtest.twilio.DeliveryStatus;
import io.parley.loadtest.twilio.Direction;
import io.parley.loadtest.twilio.SentMessage;
import io.parley.loadtest.twilio.StatusCallback;
import io.parley.loadtest.twilio.WebhookAnswer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/// A run in which every promise was kept, as a judge sees it; it can be harmed.
///
/// One customer is granted an offer after two signs of friction and waits, and another stops and is
/// told so.
final class KeptRun {

  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration GRACE = Duration.ofSeconds(2);
  static final String ASHA = "0b5c8a52-0000-4000-8000-000000000001";
  static final String CHLOE = "0b5c8a52-0000-4000-8000-000000000002";
  static final String ASHAS = "+12125550101";
  static final String CHLOES = "+12125550102";
  private static final String SENDER = "+14155550199";
  static final String CODE = "SKIN-3FWTJW9P";
  private static final String POLICY =
      """
      {"offers": {"catalogue": {"second-chance": {"kind": "generated", "prefix": "SKIN-",
                                                  "value": "15%"}}}}
      """;

  record Row(String source, String sourceId) {}

  final Map<String, List<Turn>> turns = new TreeMap<>();
  final Map<String, String> phones = new HashMap<>();
  final Map<String, Map<String, Delivery>> delivered = new HashMap<>();
  final Map<String, Map<String, Instant>> timed = new HashMap<>();
  final Map<String, Map<String, Boolean>> runs = new HashMap<>();
  final Map<String, List<Grant>> granted = new HashMap<>();
  final Map<String, Window> windows = new HashMap<>();
  final Map<String, String> blocked = new HashMap<>();
  final Map<String, List<Waiting>> waiting = new HashMap<>();
  final List<SentMessage> messages = new ArrayList<>();
  final List<StatusCallback> callbacks = new ArrayList<>();
  final List<ReceivedEvent> outcomes = new ArrayList<>();
  final List<Profile> profiles = new ArrayList<>();
  final Set<String> listed = new HashSet<>();
  final List<ConversationMessage> said = new ArrayList<>();
  final List<Asked> asked = new ArrayList<>();
  final Set<Acknowledged> acknowledged = new HashSet<>();
  final List<OptOut> optOuts = new ArrayList<>();
  final List<String> leftOver = new ArrayList<>();

  KeptRun() {
    asha(ASHA, ASHAS, "");
    chloe(CHLOE, CHLOES, "");
  }

  /// As many times the same run, with customers of their own.
  void repeat(int times) {
    for (int i = 1; i < times; i++) {
      String end = "%09d".formatted(i);
      asha("0b5c8a52-0000-4000-8001-000" + end, "+1212" + end, "a" + i);
      chloe("0b5c8a52-0000-4000-8002-000" + end, "+1213" + end, "c" + i);
    }
  }

  /// A message does not leave, as the contact's answer has withdrawn it.
  void withdraw(String effect) {
    messages.removeIf(message -> Created.of(message).effect().equals(effect));
    callbacks.clear();
    left(effect, "withdrawn", "");
  }

  /// Another call, which asks twice by this method.
  void askTwice(String method) {
    String id = CHLOE + ":4:0";
    turn(
        CHLOE,
        new Row("timer", "t8"),
        List.of(
            new JsonObject()
                .put("type", "Call")
                .put("id", id)
                .put("request", new JsonObject().put("type", "Http").put("method", method))));
    deliveries(CHLOE).put(id + " calls", new Delivery("answered 200", "", NOON));
    asked.add(new Asked(method, "/stock", id));
    asked.add(new Asked(method, "/stock", id));
  }

  /// Whoever stopped writes START, and is sent something.
  void startAgain() {
    accept("twilio_message", "SM23", CHLOES);
    turn(
        CHLOE,
        new Row("twilio_message", "SM23"),
        List.of(
            new JsonObject()
                .put("type", "UnblockContact")
                .put("contact", CHLOES)
                .put("lifts", "OPTED_OUT"),
            report(CHLOE, 4, 0, "opted_in"),
            send(CHLOE + ":4:1", CHLOES, "FLOW")));
    left(CHLOE + ":4:1", "accepted", "SM24");
    messages.add(message("SM24", CHLOE + ":4:1", CHLOES, NOON.plusSeconds(90)));
    optOuts.clear();
    optOuts.add(new OptOut(CHLOES, NOON.plusSeconds(3), Optional.of(NOON.plusSeconds(4))));
    blocked.put(CHLOE, "");
    listed.clear();
    profiles.clear();
  }

  private void asha(String asha, String phone, String no) {
    phones.put(asha, phone);
    accept("customerio_trigger", "cart-1" + no, phone);
    turn(
        asha,
        new Row("customerio_trigger", "cart-1" + no),
        List.of(
            send(asha + ":1:0", phone, "FLOW"),
            report(asha, 1, 1, "conversation_started"),
            report(asha, 1, 2, "suppression_started")));
    left(asha + ":1:0", "accepted", "SM1" + no);
    messages.add(message("SM1" + no, asha + ":1:0", phone, NOON));
    callbacks.add(callback("SM1" + no, DeliveryStatus.DELIVERED, asha + ":1:0"));
    turn(asha, new Row("twilio_status", "SM1" + no + ":delivered"), List.of());
    reply(asha, phone, "SM10" + no);
    reply(asha, phone, "SM11" + no);
    JsonObject ask =
        new JsonObject()
            .put("type", "ReserveOffer")
            .put("id", asha + ":5:2")
            .put("offer", "second-chance");
    JsonObject call =
        new JsonObject()
            .put("type", "Call")
            .put("id", asha + ":5:1")
            .put("request", new JsonObject().put("type", "Http").put("method", "POST"));
    turn(asha, new Row("timer", "t1" + no), List.of(send(asha + ":5:0", phone, "FLOW"), call, ask));
    left(asha + ":5:0", "accepted", "SM3" + no);
    messages.add(
        message("SM3" + no, asha + ":5:0", phone, NOON.plusSeconds(9), "15% off with " + CODE));
    deliveries(asha).put(asha + ":5:1 calls", new Delivery("answered 200", "", NOON));
    asked.add(new Asked("POST", "/reserve", asha + ":5:1"));
    grants(asha)
        .add(new Grant(asha + ":5:2", "second-chance", "15%", CODE, "SENT", NOON.plusSeconds(4)));
    executions(asha).put("FN1" + no, true);
    Instant until = NOON.plus(Duration.ofHours(12));
    windows.put(asha, new Window("conversation", until, true));
    timers(asha).put(asha + ":1:3", until);
    timers(asha).put(asha + ":1:4", NOON.plus(Duration.ofDays(30)));
    timers(asha).put(asha + ":5:3", NOON.plus(Duration.ofHours(4)));
    JsonObject awaiting =
        new JsonObject()
            .put("type", "Reply")
            .put("send", asha + ":5:0")
            .put("timer", asha + ":5:3");
    JsonObject friction =
        new JsonObject()
            .put(
                "signals",
                new JsonArray()
                    .add(signal("shipping", NOON.plusSeconds(3)))
                    .add(signal("discount", NOON.plusSeconds(4))));
    state(asha)
        .put("bargain", new JsonObject().put("friction", friction))
        .put(
            "engagement",
            new JsonObject()
                .put(
                    "window",
                    new JsonObject().put("until", until.toString()).put("timer", asha + ":1:3")))
        .put(
            "execution",
            new JsonObject()
                .put("id", "FN1" + no)
                .put("expiry", asha + ":1:4")
                .put(
                    "position", new JsonObject().put("widget", "offer").put("awaiting", awaiting)));
  }

  private void chloe(String chloe, String phone, String no) {
    phones.put(chloe, phone);
    accept("customerio_trigger", "cart-2" + no, phone);
    turn(
        chloe,
        new Row("customerio_trigger", "cart-2" + no),
        List.of(
            send(chloe + ":1:0", phone, "FLOW"),
            report(chloe, 1, 1, "conversation_started"),
            report(chloe, 1, 2, "suppression_started")));
    left(chloe + ":1:0", "accepted", "SM2" + no);
    messages.add(message("SM2" + no, chloe + ":1:0", phone, NOON));
    accept("twilio_message", "SM20" + no, phone);
    turn(
        chloe,
        new Row("twilio_message", "SM20" + no),
        List.of(
            new JsonObject()
                .put("type", "BlockContact")
                .put("contact", phone)
                .put("block", "OPTED_OUT"),
            send(chloe + ":2:0", phone, "NOTICE"),
            report(chloe, 2, 1, "opted_out"),
            report(chloe, 2, 2, "suppression_ended"),
            report(chloe, 2, 3, "conversation_ended")));
    left(chloe + ":2:0", "accepted", "SM21" + no);
    messages.add(message("SM21" + no, chloe + ":2:0", phone, NOON.plusSeconds(40)));
    // Another stop is a turn that moves nothing.
    accept("twilio_message", "SM22" + no, phone);
    turn(chloe, new Row("twilio_message", "SM22" + no), List.of());
    optOuts.add(new OptOut(phone, NOON.plusSeconds(3), Optional.empty()));
    blocked.put(chloe, "OPTED_OUT");
    executions(chloe).put("FN2" + no, false);
    listed.add("chloe sms " + SENDER);
    profiles.add(
        new Profile(
            "c2",
            Map.of("id", "chloe"),
            new JsonObject().put("cio_subscription_preferences.channels.sms", false),
            NOON));
    state(chloe);
  }

  private void accept(String source, String sourceId, String contact) {
    acknowledged.add(new Acknowledged(source, sourceId, contact));
  }

  private void reply(String conversation, String phone, String sid) {
    accept("twilio_message", sid, phone);
    int number = turns.getOrDefault(conversation, List.of()).size() + 1;
    turn(
        conversation,
        new Row("twilio_message", sid),
        List.of(report(conversation, number, 0, "twilio_reply")));
  }

  /// One more turn; what it tells arrives at Customer.io.
  void turn(String conversation, Row row, List<JsonObject> effects) {
    List<Turn> journal = turns.computeIfAbsent(conversation, _ -> new ArrayList<>());
    int number = journal.size() + 1;
    Optional<JsonObject> state =
        journal.isEmpty() ? Optional.of(new JsonObject()) : journal.getLast().state();
    journal.add(
        new Turn(
            number,
            NOON.plusSeconds(number),
            row.source(),
            row.sourceId(),
            "",
            "{}",
            new JsonArray(effects),
            state));
    effects.stream()
        .filter(effect -> effect.getString("type").equals("ReportOutcome"))
        .forEach(
            it -> {
              outcomes.add(
                  outcome(
                      Outcomes.id(it),
                      it.getString("name"),
                      conversation,
                      NOON.plus(Duration.ofHours(12)).toString()));
              deliveries(conversation)
                  .put(it.getString("id") + " customerio", new Delivery("delivered", "", NOON));
            });
  }

  void left(String effect, String outcome, String sid) {
    deliveries(Created.conversation(effect))
        .put(effect + " twilio", new Delivery(outcome, sid, NOON));
  }

  void says(String sid, String body) {
    messages.replaceAll(
        it ->
            it.sid().equals(sid)
                ? message(sid, Created.of(it).effect(), it.to(), it.receivedAt(), body)
                : it);
  }

  void drop(String conversation, Predicate<Turn> which) {
    turns.getOrDefault(conversation, new ArrayList<>()).removeIf(which);
    callbacks.clear();
  }

  Map<String, Delivery> deliveries(String conversation) {
    return delivered.computeIfAbsent(conversation, _ -> new LinkedHashMap<>());
  }

  Map<String, Instant> timers(String conversation) {
    return timed.computeIfAbsent(conversation, _ -> new HashMap<>());
  }

  Map<String, Boolean> executions(String conversation) {
    return runs.computeIfAbsent(conversation, _ -> new HashMap<>());
  }

  List<Grant> grants(String conversation) {
    return granted.computeIfAbsent(conversation, _ -> new ArrayList<>());
  }

  JsonObject state(String conversation) {
    return turns.getOrDefault(conversation, List.of()).getLast().state().orElseThrow();
  }

  JsonArray signals(String conversation) {
    return state(conversation)
        .getJsonObject("bargain")
        .getJsonObject("friction")
        .getJsonArray("signals");
  }

  Judgement judge() throws SQLException {
    List<Case> cases = turns.keySet().stream().map(this::of).toList();
    Around around =
        new Around(NOON.plus(Duration.ofMinutes(5)), Set.of(), Set.of(CODE), leftOver, List.of());
    Ledgers ledgers =
        new Ledgers(
            new Ledgers.Twilio(messages, said, callbacks),
            new Ledgers.CustomerIo(outcomes, profiles, listed),
            asked,
            new Ledgers.Told(acknowledged, optOuts));
    InForce rules =
        new InForce(policy(), Set.of("optouts", "channel:sms"), GRACE, Duration.ofSeconds(30));
    return Oracle.judge(new Evidence(cases::forEach, around, ledgers), rules);
  }

  private Case of(String conversation) {
    return new Case(
        conversation,
        phones.getOrDefault(conversation, ""),
        turns.getOrDefault(conversation, List.of()),
        deliveries(conversation),
        waiting.getOrDefault(conversation, List.of()),
        new Standing(
            blocked.getOrDefault(conversation, ""),
            timers(conversation),
            Map.of(),
            executions(conversation),
            Optional.ofNullable(windows.get(conversation)),
            grants(conversation)));
  }

  private static JsonNode policy() {
    try {
      return new ObjectMapper().readTree(POLICY);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the policy above is JSON", e);
    }
  }

  static JsonObject send(String id, String to, String purpose) {
    return new JsonObject()
        .put("type", "Send")
        .put("id", id)
        .put("to", to)
        .put("epoch", 0)
        .put("purpose", purpose);
  }

  private static JsonObject report(String conversation, int turn, int index, String name) {
    return new JsonObject()
        .put("type", "ReportOutcome")
        .put("id", conversation + ":" + turn + ":" + index)
        .put("name", name)
        .put("person", new JsonObject().put("externalId", "chloe"))
        .put("properties", new JsonObject().put("sender", SENDER))
        .put("at", NOON.plusSeconds(turn).toString());
  }

  static JsonObject signal(String name, Instant at) {
    return new JsonObject().put("name", name).put("weight", 1.0).put("at", at.toString());
  }

  static ReceivedEvent outcome(String id, String name, String conversation, String until) {
    return new ReceivedEvent(
        Optional.of(id),
        new Identifier("id", "chloe"),
        name,
        new JsonObject().put("conversation_id", conversation).put("until", until),
        OptionalLong.empty(),
        NOON);
  }

  static StatusCallback callback(String sid, DeliveryStatus status, String effect) {
    return new StatusCallback(
        sid,
        status,
        "http://127.0.0.1/twilio/status?effect=" + effect,
        NOON.plusSeconds(1),
        new WebhookAnswer.Answered(1, 200, "", Duration.ZERO));
  }

  static ConversationMessage said(String sid, String effect, Instant at) {
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

  static SentMessage message(String sid, String effect, String to, Instant at) {
    return message(sid, effect, to, at, "Hi");
  }

  private static SentMessage message(
      String sid, String effect, String to, Instant at, String body) {
    return new SentMessage(
        sid,
        Direction.OUTBOUND_API,
        to,
        SENDER,
        Optional.empty(),
        body,
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
}
