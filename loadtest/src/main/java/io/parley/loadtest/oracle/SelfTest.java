package io.parley.loadtest.oracle;

import static io.parley.loadtest.oracle.KeptRun.ASHA;
import static io.parley.loadtest.oracle.KeptRun.ASHAS;
import static io.parley.loadtest.oracle.KeptRun.CHLOE;
import static io.parley.loadtest.oracle.KeptRun.CHLOES;
import static io.parley.loadtest.oracle.KeptRun.CODE;
import static io.parley.loadtest.oracle.KeptRun.NOON;
import static io.parley.loadtest.oracle.KeptRun.callback;
import static io.parley.loadtest.oracle.KeptRun.message;
import static io.parley.loadtest.oracle.KeptRun.outcome;
import static io.parley.loadtest.oracle.KeptRun.said;
import static io.parley.loadtest.oracle.KeptRun.send;
import static io.parley.loadtest.oracle.KeptRun.signal;

import io.parley.loadtest.customerio.ReceivedEvent;
import io.parley.loadtest.oracle.Case.Grant;
import io.parley.loadtest.oracle.Case.Waiting;
import io.parley.loadtest.oracle.Case.Window;
import io.parley.loadtest.oracle.Ledgers.Acknowledged;
import io.parley.loadtest.oracle.Ledgers.OptOut;
import io.parley.loadtest.shop.Asked;
import io.parley.loadtest.twilio.DeliveryStatus;
import io.vertx.core.json.JsonObject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Tries the judge: into a run in which every promise was kept each violation is planted, one at a
/// time, and each must be objected to, in its conversation, with its trace, and nothing else.
public final class SelfTest {

  private SelfTest() {}

  /// A violation.
  ///
  /// @param name what is planted, in words
  /// @param conversation whose trace is to be shown; empty where it is nobody's
  record Plant(Promise promise, String name, String conversation, Consumer<KeptRun> plant) {
    @Override
    public String toString() {
      return promise + ": " + name;
    }
  }

  /// What came of one.
  public record Result(Promise promise, String name, boolean caught, Judgement judgement) {
    /// A line for the terminal.
    @Override
    public String toString() {
      return "%-8s %-26s %s".formatted(caught ? "caught" : "MISSED", promise, name);
    }
  }

  /// Plants each; the first is none, by which nothing may be found.
  public static List<Result> all() throws SQLException {
    List<Result> results = new ArrayList<>();
    for (Plant plant : plants()) {
      results.add(judged(plant));
    }
    return results;
  }

  static Result judged(Plant plant) throws SQLException {
    KeptRun run = new KeptRun();
    plant.plant().accept(run);
    Judgement judgement = run.judge();
    List<Objection> objections = judgement.objections();
    boolean caught =
        !objections.isEmpty()
            && objections.stream()
                .allMatch(
                    it ->
                        it.promise() == plant.promise()
                            && it.conversation().equals(plant.conversation())
                            && it.trace().isEmpty() == plant.conversation().isEmpty());
    return new Result(plant.promise(), plant.name(), caught, judgement);
  }

  /// What is said of the run without any.
  static Judgement unharmed() throws SQLException {
    return new KeptRun().judge();
  }

  static List<Plant> plants() {
    List<Plant> plants = new ArrayList<>();
    events(plants);
    messages(plants);
    offers(plants);
    places(plants);
    customerIo(plants);
    return plants;
  }

  private static void events(List<Plant> plants) {
    plants.add(
        new Plant(
            Promise.EVENT_HAS_ONE_TURN,
            "a reply is accepted and has no turn",
            ASHA,
            run -> run.acknowledged.add(new Acknowledged("twilio_message", "SM99", ASHAS))));
    plants.add(
        new Plant(
            Promise.EVENT_HAS_ONE_TURN,
            "a trigger is accepted and has no conversation",
            "",
            run ->
                run.acknowledged.add(new Acknowledged("customerio_trigger", "x", "+12125550199"))));
    plants.add(
        new Plant(
            Promise.EVENT_HAS_ONE_TURN,
            "a delivery is accepted and has no turn",
            ASHA,
            run -> run.callbacks.add(callback("SM1", DeliveryStatus.READ, ASHA + ":1:0"))));
    plants.add(
        new Plant(
            Promise.EVENT_HAS_ONE_TURN,
            "a reply has two turns",
            ASHA,
            run -> run.turn(ASHA, new KeptRun.Row("twilio_message", "SM11"), List.of())));
    plants.add(
        new Plant(
            Promise.TURNS_HAVE_NO_GAP,
            "a turn is lost",
            ASHA,
            run -> run.drop(ASHA, turn -> turn.source().equals("twilio_status"))));
    plants.add(
        new Plant(
            Promise.NOTHING_IS_LEFT_OVER,
            "a message waits in the outbox",
            CHLOE,
            run -> run.leftOver.add("outbox " + CHLOE + ":2:7 to twilio due")));
    plants.add(
        new Plant(
            Promise.NOTHING_IS_LEFT_OVER,
            "an event waits in the inbox",
            "",
            run -> run.leftOver.add("inbox twilio_message SM12 attempts 8")));
  }

  private static void messages(List<Plant> plants) {
    plants.add(
        new Plant(
            Promise.SEND_LEAVES_ONCE,
            "a message is created twice",
            ASHA,
            run -> run.messages.add(message("SM91", ASHA + ":1:0", ASHAS, NOON.plusSeconds(1)))));
    plants.add(
        new Plant(
            Promise.SEND_LEAVES_ONCE,
            "a message is on record as accepted and was not created",
            ASHA,
            run -> run.messages.removeIf(message -> message.sid().equals("SM1"))));
    plants.add(
        new Plant(
            Promise.SEND_LEAVES_ONCE,
            "nobody knows what became of a message",
            ASHA,
            run -> {
              run.messages.removeIf(message -> message.sid().equals("SM1"));
              run.deliveries(ASHA).remove(ASHA + ":1:0 twilio");
            }));
    plants.add(
        new Plant(
            Promise.SEND_LEAVES_ONCE,
            "a message is on record as withdrawn and was created",
            ASHA,
            run -> run.left(ASHA + ":1:0", "withdrawn", "")));
    plants.add(
        new Plant(
            Promise.SEND_LEAVES_ONCE,
            "a message is created that no turn asked for",
            ASHA,
            run -> run.messages.add(message("SM92", ASHA + ":9:0", ASHAS, NOON.plusSeconds(9)))));
    plants.add(
        new Plant(
            Promise.SEND_LEAVES_ONCE,
            "what was sent is said in a room as well",
            ASHA,
            run -> run.said.add(said("IM1", ASHA + ":1:0", NOON.plusSeconds(1)))));
    plants.add(
        new Plant(
            Promise.NOTHING_AFTER_OPT_OUT,
            "something is said in a room after a stop",
            CHLOE,
            run -> {
              run.turn(
                  CHLOE,
                  new KeptRun.Row("timer", "t9"),
                  List.of(send(CHLOE + ":4:0", CHLOES, "FLOW")));
              run.left(CHLOE + ":4:0", "accepted", "IM2");
              run.said.add(said("IM2", CHLOE + ":4:0", NOON.plusSeconds(90)));
            }));
    plants.add(
        new Plant(
            Promise.SENDS_KEEP_ORDER,
            "the second message arrives before the first",
            ASHA,
            run ->
                run.messages.replaceAll(
                    it ->
                        it.sid().equals("SM3")
                            ? message("SM3", ASHA + ":5:0", ASHAS, NOON.minusSeconds(9))
                            : it)));
    plants.add(
        new Plant(
            Promise.CALL_LEAVES_ONCE,
            "a call that changes something is made twice",
            ASHA,
            run -> run.asked.add(new Asked("POST", "/reserve", ASHA + ":5:1"))));
    plants.add(
        new Plant(
            Promise.CALL_LEAVES_ONCE,
            "a call is made that no turn asked for",
            ASHA,
            run -> run.asked.add(new Asked("GET", "/stock", ASHA + ":9:1"))));
    plants.add(
        new Plant(
            Promise.CALL_LEAVES_ONCE,
            "a call is answered on record and was not made",
            ASHA,
            run -> run.asked.clear()));
    plants.add(
        new Plant(
            Promise.NOTHING_AFTER_OPT_OUT,
            "a message follows a stop",
            CHLOE,
            run -> {
              run.turn(
                  CHLOE,
                  new KeptRun.Row("timer", "t9"),
                  List.of(send(CHLOE + ":4:0", CHLOES, "FLOW")));
              run.left(CHLOE + ":4:0", "accepted", "SM93");
              run.messages.add(message("SM93", CHLOE + ":4:0", CHLOES, NOON.plusSeconds(90)));
            }));
  }

  private static void offers(List<Plant> plants) {
    plants.add(
        new Plant(
            Promise.OFFER_HAS_FRICTION,
            "a code is asked for at one sign of friction",
            ASHA,
            run -> run.signals(ASHA).remove(0)));
    plants.add(
        new Plant(
            Promise.OFFER_HAS_FRICTION,
            "friction is known that nobody has heard",
            ASHA,
            run ->
                run.signals(ASHA)
                    .add(signal("complaint", NOON.plusSeconds(1)))
                    .add(signal("no", NOON.plusSeconds(2)))));
    plants.add(
        new Plant(
            Promise.OFFER_HAS_FRICTION,
            "a code is granted that no turn asked for",
            CHLOE,
            run ->
                run.grants(CHLOE)
                    .add(
                        new Grant(
                            CHLOE + ":1:9", "second-chance", "15%", "SKIN-X", "SENT", NOON))));
    plants.add(
        new Plant(
            Promise.OFFER_HAS_FRICTION,
            "a message names somebody else's code",
            CHLOE,
            run -> run.says("SM2", "Use " + CODE)));
    plants.add(
        new Plant(
            Promise.OFFER_HAS_FRICTION,
            "a message names a code that there is not",
            CHLOE,
            run -> run.says("SM2", "Use SKIN-00000000")));
    plants.add(
        new Plant(
            Promise.OFFER_HAS_FRICTION,
            "a message takes something off that was not granted",
            CHLOE,
            run -> run.says("SM2", "Come back: 20% off")));
  }

  private static void places(List<Plant> plants) {
    plants.add(
        new Plant(
            Promise.CONVERSATION_HAS_A_PLACE,
            "a flow waits for a reply and its timer is gone",
            ASHA,
            run -> run.timers(ASHA).remove(ASHA + ":5:3")));
    plants.add(
        new Plant(
            Promise.CONVERSATION_HAS_A_PLACE,
            "a flow waits for nothing",
            ASHA,
            run ->
                run.state(ASHA)
                    .getJsonObject("execution")
                    .getJsonObject("position")
                    .put("awaiting", new JsonObject().put("type", "Nothing"))));
    plants.add(
        new Plant(
            Promise.CONVERSATION_HAS_A_PLACE,
            "a flow waits for an answer that nobody gives",
            ASHA,
            run ->
                run.state(ASHA)
                    .getJsonObject("execution")
                    .getJsonObject("position")
                    .put(
                        "awaiting",
                        new JsonObject().put("type", "SendAnswer").put("send", ASHA + ":5:0"))));
    plants.add(
        new Plant(
            Promise.CONVERSATION_HAS_A_PLACE,
            "a timer has not fired",
            ASHA,
            run -> run.timers(ASHA).put(ASHA + ":5:3", NOON)));
    plants.add(
        new Plant(
            Promise.CONVERSATION_HAS_A_PLACE,
            "a conversation is handed off and no handoff is open",
            CHLOE,
            run -> run.state(CHLOE).put("handoff", new JsonObject().put("id", CHLOE + ":2:8"))));
    plants.add(
        new Plant(
            Promise.CONVERSATION_HAS_A_PLACE,
            "a run is alive on record that has ended",
            CHLOE,
            run -> run.executions(CHLOE).put("FN2", true)));
  }

  private static void customerIo(List<Plant> plants) {
    plants.add(
        new Plant(
            Promise.OUTCOME_ARRIVES_ONCE,
            "an outcome has not arrived",
            ASHA,
            run -> run.outcomes.removeIf(it -> it.name().equals("twilio_reply"))));
    plants.add(
        new Plant(
            Promise.OUTCOME_ARRIVES_ONCE,
            "an outcome arrives under two ids",
            ASHA,
            run -> run.outcomes.add(outcome("0", "twilio_reply", ASHA, ""))));
    plants.add(
        new Plant(
            Promise.OUTCOME_ARRIVES_ONCE,
            "an outcome is taken twice under one id",
            ASHA,
            run -> run.outcomes.add(run.outcomes.getFirst())));
    plants.add(
        new Plant(
            Promise.OUTCOMES_KEEP_ORDER,
            "the last outcome arrives first",
            CHLOE,
            run -> {
              ReceivedEvent last =
                  run.outcomes.stream()
                      .filter(it -> it.name().equals("conversation_ended"))
                      .findFirst()
                      .orElseThrow();
              run.outcomes.remove(last);
              run.outcomes.addFirst(last);
            }));
    plants.add(
        new Plant(
            Promise.OPT_OUT_IS_TOLD,
            "an opt-out has not arrived",
            CHLOE,
            run -> run.outcomes.removeIf(it -> it.name().equals("opted_out"))));
    plants.add(
        new Plant(
            Promise.OPT_OUT_IS_TOLD,
            "an opt-out is dead and has not arrived",
            CHLOE,
            run -> {
              run.outcomes.removeIf(it -> it.name().equals("opted_out"));
              run.waiting.put(
                  CHLOE,
                  List.of(new Waiting(CHLOE + ":2:1", "customerio", "refused", false, NOON)));
            }));
    plants.add(
        new Plant(
            Promise.OPT_OUT_IS_TOLD,
            "somebody's stop was heard by no conversation",
            "",
            run -> run.optOuts.add(new OptOut("+12125550188", NOON, Optional.empty()))));
    plants.add(
        new Plant(
            Promise.OPT_OUT_IS_TOLD,
            "the contact of a stop is not on record as blocked",
            CHLOE,
            run -> run.blocked.put(CHLOE, "")));
    plants.add(
        new Plant(
            Promise.OPT_OUT_IS_TOLD,
            "the list of opt-outs at Customer.io has not who stopped",
            CHLOE,
            run -> run.listed.clear()));
    plants.add(
        new Plant(
            Promise.OPT_OUT_IS_TOLD,
            "the channel is not turned off at Customer.io",
            CHLOE,
            run -> run.profiles.clear()));
    plants.add(
        new Plant(
            Promise.WINDOW_IS_CLOSED,
            "a window is past its end",
            ASHA,
            run -> {
              String past = NOON.minus(Duration.ofHours(1)).toString();
              run.state(ASHA)
                  .getJsonObject("engagement")
                  .getJsonObject("window")
                  .put("until", past);
            }));
    plants.add(
        new Plant(
            Promise.WINDOW_IS_CLOSED,
            "a window is open and its timer is gone",
            ASHA,
            run -> run.timers(ASHA).remove(ASHA + ":1:3")));
    plants.add(
        new Plant(
            Promise.WINDOW_IS_CLOSED,
            "a window is on record as open after a stop",
            CHLOE,
            run ->
                run.windows.put(
                    CHLOE, new Window("conversation", NOON.plus(Duration.ofHours(12)), true))));
  }
}
