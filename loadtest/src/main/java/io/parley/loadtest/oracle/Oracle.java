package io.parley.loadtest.oracle;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.parley.loadtest.customerio.ReceivedEvent;
import io.parley.loadtest.oracle.Evidence.Acknowledged;
import io.parley.loadtest.oracle.Evidence.Turn;
import io.parley.loadtest.shop.Asked;
import io.parley.loadtest.twilio.ConversationMessage;
import io.parley.loadtest.twilio.SentMessage;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Says which promises a run has broken. Each person is in one conversation, and Parley is at rest
/// when the evidence is gathered.
public final class Oracle {

  private static final String EFFECT = "effect=";

  private final Evidence evidence;
  private final Duration grace;
  private final Map<String, List<Turn>> conversations = new LinkedHashMap<>();
  private final List<Objection> objections = new ArrayList<>();

  private Oracle(Evidence evidence, Duration grace) {
    this.evidence = evidence;
    this.grace = grace;
    evidence
        .turns()
        .forEach(
            turn ->
                conversations
                    .computeIfAbsent(turn.conversation(), _ -> new ArrayList<>())
                    .add(turn));
  }

  /// @param grace how long a request that left before an opt-out was acknowledged may take to
  ///     arrive
  public static List<Objection> judge(Evidence evidence, Duration grace) {
    Oracle oracle = new Oracle(evidence, grace);
    oracle.judgeAcknowledged();
    oracle.judgeNumbers();
    oracle.judgeSends();
    oracle.judgeCalls();
    oracle.judgeStops();
    oracle.judgeOutcomes();
    evidence.leftOver().forEach(row -> oracle.object(Promise.NOTHING_IS_LEFT_OVER, "", row));
    return List.copyOf(oracle.objections);
  }

  private void object(Promise promise, String conversation, String what) {
    objections.add(new Objection(promise, conversation, what, ""));
  }

  private void judgeAcknowledged() {
    Map<Acknowledged, Integer> turns = new HashMap<>();
    for (Turn turn : evidence.turns()) {
      String whole = turn.sourceId();
      String beginning =
          turn.source().equals("purchase") ? whole.substring(0, whole.lastIndexOf(':')) : whole;
      turns.merge(new Acknowledged(turn.source(), beginning), 1, Integer::sum);
    }
    for (Acknowledged event : evidence.ledgers().acknowledged()) {
      int count = turns.getOrDefault(event, 0);
      if (count != 1) {
        object(Promise.EVENT_HAS_ONE_TURN, "", event + " has " + count + " turns");
      }
    }
  }

  private void judgeNumbers() {
    conversations.forEach(
        (conversation, turns) -> {
          List<Integer> numbers = turns.stream().map(Turn::number).toList();
          for (int i = 0; i < numbers.size(); i++) {
            if (numbers.get(i) != i + 1) {
              object(Promise.TURNS_HAVE_NO_GAP, conversation, "the numbers are " + numbers);
              return;
            }
          }
        });
  }

  // ---- messages

  private void judgeSends() {
    Map<String, Long> created = created().collect(groupingBy(it -> it, counting()));
    Map<String, List<String>> committed = new TreeMap<>();
    conversations.forEach(
        (conversation, turns) ->
            committed.put(
                conversation,
                turns.stream()
                    .flatMap(Oracle::lastingSends)
                    .map(send -> send.getString("id"))
                    .toList()));
    committed.forEach(
        (conversation, sends) -> {
          for (String send : sends) {
            String outcome = evidence.deliveries().getOrDefault(send, "none");
            long times = created.getOrDefault(send, 0L);
            if (times != (outcome.equals("accepted") ? 1 : 0) || outcome.equals("none")) {
              object(
                  Promise.SEND_LEAVES_ONCE,
                  conversation,
                  "%s was created %d times; its delivery: %s".formatted(send, times, outcome));
            }
          }
          judgeOrder(conversation, sends);
        });
    List<String> known = committed.values().stream().flatMap(List::stream).toList();
    for (String effect : created.keySet()) {
      if (!known.contains(effect)) {
        object(Promise.SEND_LEAVES_ONCE, "", effect + " was created but is in no turn");
      }
    }
  }

  /// The sends of a turn that the turn itself does not take back.
  private static Stream<JsonObject> lastingSends(Turn turn) {
    int epoch =
        turn.effects("WithdrawSends").stream()
            .mapToInt(withdraw -> withdraw.getInteger("epoch"))
            .max()
            .orElse(Integer.MIN_VALUE);
    return turn.effects("Send").stream().filter(send -> send.getInteger("epoch") >= epoch);
  }

  private void judgeOrder(String conversation, List<String> sends) {
    List<String> arrived = created().filter(sends::contains).distinct().toList();
    List<String> expected = sends.stream().filter(arrived::contains).toList();
    if (!arrived.equals(expected)) {
      object(Promise.SENDS_KEEP_ORDER, conversation, arrived + " instead of " + expected);
    }
  }

  /// The effects of all that was created at Twilio, in the order of its arrival.
  private Stream<String> created() {
    return Stream.concat(
            evidence.ledgers().messages().stream()
                .map(message -> new Created(effect(message), message.receivedAt())),
            evidence.ledgers().said().stream()
                .map(message -> new Created(effect(message), message.createdAt())))
        .sorted(Comparator.comparing(Created::at))
        .map(Created::effect);
  }

  private record Created(String effect, Instant at) {}

  private static String effect(ConversationMessage message) {
    return new JsonObject(message.attributes()).getString("parley_effect", "none");
  }

  private static String effect(SentMessage message) {
    String url = message.statusCallback().orElse(EFFECT + "none");
    return url.substring(url.indexOf(EFFECT) + EFFECT.length());
  }

  private void judgeStops() {
    for (SentMessage message : evidence.ledgers().messages()) {
      if (evidence.ledgers().stops().containsKey(message.to())
          && message
              .receivedAt()
              .isAfter(evidence.ledgers().stops().get(message.to()).plus(grace))) {
        object(
            Promise.NOTHING_AFTER_OPT_OUT,
            "",
            effect(message)
                + " arrived at "
                + message.receivedAt()
                + ", STOP was acknowledged at "
                + evidence.ledgers().stops().get(message.to()));
      }
    }
    for (ConversationMessage message : evidence.ledgers().said()) {
      String conversation = effect(message).split(":", 2)[0];
      conversations.getOrDefault(conversation, List.of()).stream()
          .limit(1)
          .map(turn -> evidence.ledgers().stops().get(turn.theirs()))
          .filter(stop -> stop != null && message.createdAt().isAfter(stop.plus(grace)))
          .forEach(
              stop ->
                  object(
                      Promise.NOTHING_AFTER_OPT_OUT,
                      conversation,
                      "%s was said at %s, STOP was acknowledged at %s"
                          .formatted(effect(message), message.createdAt(), stop)));
    }
  }

  // ---- calls

  /// Of a call that was answered, the shop knows; one that changes something reached it once at
  /// most.
  private void judgeCalls() {
    Map<String, Long> asked =
        evidence.ledgers().asked().stream().collect(groupingBy(Asked::call, counting()));
    Set<String> committed = new HashSet<>();
    conversations.forEach(
        (conversation, turns) ->
            turns.stream()
                .flatMap(turn -> turn.effects("Call").stream())
                .forEach(
                    call -> {
                      committed.add(call.getString("id"));
                      judgeCall(conversation, call, asked);
                    }));
    for (String call : asked.keySet()) {
      if (!committed.contains(call)) {
        object(Promise.CALL_LEAVES_ONCE, "", "'" + call + "' was asked but is in no turn");
      }
    }
  }

  private void judgeCall(String conversation, JsonObject call, Map<String, Long> asked) {
    JsonObject request = call.getJsonObject("request");
    String outcome = evidence.deliveries().getOrDefault(call.getString("id"), "none");
    if (request.getString("type").equals("Conversation")) {
      if (outcome.equals("none")) {
        object(Promise.CALL_LEAVES_ONCE, conversation, call + " has no outcome");
      }
      return;
    }
    long times = asked.getOrDefault(call.getString("id"), 0L);
    boolean safe = request.getString("method", "POST").equals("GET");
    boolean missing = outcome.startsWith("answered") && times == 0;
    boolean twice = times > 1 && !safe;
    if (missing || twice || outcome.equals("none")) {
      object(
          Promise.CALL_LEAVES_ONCE,
          conversation,
          "%s was asked %d times; its outcome: %s".formatted(call, times, outcome));
    }
  }

  // ---- outcomes

  private void judgeOutcomes() {
    Map<String, List<String>> received = new HashMap<>();
    Map<String, Integer> ids = new HashMap<>();
    for (ReceivedEvent event : evidence.ledgers().outcomes()) {
      JsonObject attributes = event.attributes();
      received
          .computeIfAbsent(attributes.getString("conversation_id", ""), _ -> new ArrayList<>())
          .add(told(event.name(), attributes));
      ids.merge(event.id().orElse("none"), 1, Integer::sum);
    }
    ids.forEach(
        (id, times) -> {
          if (times > 1) {
            object(Promise.OUTCOME_ARRIVES_ONCE, "", "id " + id + " was taken " + times + " times");
          }
        });
    conversations.forEach(
        (conversation, turns) ->
            compare(
                conversation,
                turns.stream()
                    .flatMap(turn -> turn.effects("ReportOutcome").stream())
                    .map(it -> told(it.getString("name"), it.getJsonObject("properties")))
                    .toList(),
                received.getOrDefault(conversation, List.of())));
  }

  private void compare(String conversation, List<String> wanted, List<String> received) {
    if (wanted.equals(received)) {
      return;
    }
    boolean same = wanted.stream().sorted().toList().equals(received.stream().sorted().toList());
    object(
        same ? Promise.OUTCOMES_KEEP_ORDER : Promise.OUTCOME_ARRIVES_ONCE,
        conversation,
        "Customer.io got " + received + " where the journal has " + wanted);
  }

  /// An outcome by its name and the message that it speaks of.
  private static String told(String name, JsonObject properties) {
    String sid = properties.getString("message_sid", "");
    return sid.isEmpty() ? name : name + " " + sid;
  }
}
