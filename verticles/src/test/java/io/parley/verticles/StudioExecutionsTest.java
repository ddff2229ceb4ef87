package io.parley.verticles;

import static io.parley.verticles.StudioFlowsTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.twilio.base.Page;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.studio.v2.Flow;
import com.twilio.rest.studio.v2.flow.Execution;
import com.twilio.rest.studio.v2.flow.FlowTestUser;
import com.twilio.rest.studio.v2.flow.execution.ExecutionContext;
import com.twilio.rest.studio.v2.flow.execution.ExecutionStep;
import com.twilio.rest.studio.v2.flow.execution.executionstep.ExecutionStepContext;
import com.twilio.type.PhoneNumber;
import io.parley.engine.FlowSid;
import io.parley.verticles.Service.Answer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Executions and their steps, as twilio-java meets them.
class StudioExecutionsTest {

  private static final String JANE = "+14155550142";
  private static final String JOHN = "+14155550143";
  private static final String CART = FlowSid.named("cart").value();
  private static final String EXECUTIONS = "/v2/Flows/" + CART + "/Executions";
  private static final Map<String, Object> PARAMETERS =
      Map.of("customer", Map.of("first_name", "Jane"));

  private final Optional<StudioSpec> spec = StudioSpec.load();
  private Service service = Service.start();
  private StudioClient http = new StudioClient(service, spec);
  private TwilioRestClient twilio = http.rest();

  private void start(Map<String, String> settings) {
    service.close();
    service = Service.start(settings);
    http = new StudioClient(service, spec);
    twilio = http.rest();
  }

  @AfterEach
  void close() {
    service.close();
  }

  private Execution create(String flow, String to) {
    return Execution.creator(flow, new PhoneNumber(to), new PhoneNumber(Service.OURS))
        .setParameters(PARAMETERS)
        .create(twilio);
  }

  private Execution fetch(Execution execution) {
    return Execution.fetcher(execution.getFlowSid(), execution.getSid()).fetch(twilio);
  }

  private static Object at(Object context, String pointer) {
    return JsonPointer.from(pointer).queryJson(new JsonObject(Json.encode(context)));
  }

  private void asked(int messages) {
    service.until("message " + messages, () -> service.channel.texts().size() == messages);
  }

  // ---- the whole way

  @Test
  void anExecutionIsFollowedFromItsStartToItsEnd() {
    Execution started = create(CART, JANE);
    asked(1);

    assertThat(started.getStatus()).isEqualTo(Execution.Status.ACTIVE);
    assertThat(started.getContactChannelAddress()).isEqualTo(JANE);
    assertThat(started.getFlowVersion()).isEqualTo(1);
    assertThat(started.getInitiatedBy()).matches("RQ[0-9a-f]{32}");
    assertThat(started.getDateUpdated()).isNull();
    assertThat(service.channel.texts()).containsExactly("Hi Jane, still want it?");
    Object early = ExecutionContext.fetcher(CART, started.getSid()).fetch(twilio).getContext();
    assertThat(at(early, "/flow/data/customer/first_name")).isEqualTo("Jane");
    assertThat(at(early, "/trigger/request/parameters/customer/first_name")).isEqualTo("Jane");
    assertThat(at(early, "/contact/channel/address")).isEqualTo(JANE);
    assertThat(at(early, "/flow/channel/address")).isEqualTo(Service.OURS);

    service.reply(JANE, "SM-in-1", "yes please");
    asked(2);
    service.until("it ends", () -> fetch(started).getStatus() == Execution.Status.ENDED);

    assertThat(fetch(started).getDateUpdated()).isNotNull();
    Object late = ExecutionContext.fetcher(CART, started.getSid()).fetch(twilio).getContext();
    assertThat(at(late, "/widgets/ask/inbound/Body")).isEqualTo("yes please");
    assertThat(at(late, "/widgets/thank/outbound/Sid"))
        .isEqualTo(service.channel.sids().get(1).value());
  }

  @Test
  void stepsTellTheWayAndWhatWasKnownOnIt() {
    Execution execution = create(CART, JANE);
    asked(1);
    service.reply(JANE, "SM-in-1", "yes please");
    asked(2);
    service.until("it ends", () -> fetch(execution).getStatus() == Execution.Status.ENDED);

    List<ExecutionStep> steps = new ArrayList<>();
    ExecutionStep.reader(CART, execution.getSid()).setPageSize(2L).read(twilio).forEach(steps::add);

    assertThat(steps.reversed())
        .extracting(
            it ->
                "%s: %s %s -> %s"
                    .formatted(
                        it.getType(),
                        it.getTransitionedFrom(),
                        it.getName(),
                        it.getTransitionedTo()))
        .containsExactly(
            "trigger: Trigger incomingRequest -> ask",
            "send-and-wait-for-reply: ask incomingMessage -> thank",
            "send-message: thank sent -> Ended");
    ExecutionStep asking = steps.get(1);
    assertThat(
            ExecutionStep.fetcher(CART, execution.getSid(), asking.getSid())
                .fetch(twilio)
                .getName())
        .isEqualTo("incomingMessage");
    assertThat(at(contextAfter(steps.get(2)), "/widgets/ask/inbound/Body")).isNull();
    assertThat(at(contextAfter(asking), "/widgets/ask/inbound/Body")).isEqualTo("yes please");
    assertThat(at(contextAfter(asking), "/widgets/thank/outbound")).isNull();
    assertThat(at(contextAfter(steps.get(0)), "/widgets/thank/outbound/Sid")).isNotNull();
    assertRefused(
        () -> ExecutionStep.fetcher(CART, execution.getSid(), "FT" + "0".repeat(32)).fetch(twilio),
        404,
        20404);
  }

  private Object contextAfter(ExecutionStep step) {
    return ExecutionStepContext.fetcher(CART, step.getExecutionSid(), step.getSid())
        .fetch(twilio)
        .getContext();
  }

  @Test
  void stepsOfASubflowNameTheStepThatRanIt() {
    service.stop();
    service.publish("child", SUBFLOW);
    service.publish("parent", parent(FlowSid.named("child")));
    service.restart();
    String parent = FlowSid.named("parent").value();

    Execution execution = create(parent, JANE);

    assertThat(execution.getStatus()).isEqualTo(Execution.Status.ENDED);
    List<ExecutionStep> steps = new ArrayList<>();
    ExecutionStep.reader(parent, execution.getSid()).read(twilio).forEach(steps::addFirst);
    assertThat(steps)
        .extracting(it -> it.getType() + " " + it.getTransitionedFrom() + " " + it.getName())
        .containsExactly(
            "trigger Trigger incomingRequest",
            "trigger Trigger incomingParent",
            "set-variables remember next",
            "run-subflow sub completed");
    assertThat(steps)
        .extracting(ExecutionStep::getParentStepSid)
        .containsExactly(null, steps.get(3).getSid(), steps.get(3).getSid(), null);
    Object inside =
        ExecutionStepContext.fetcher(parent, execution.getSid(), steps.get(2).getSid())
            .fetch(twilio)
            .getContext();
    assertThat(at(inside, "/trigger/parent/step_sid")).isEqualTo(steps.get(3).getSid());
    assertThat(at(inside, "/flow/variables/a")).isEqualTo("1");
  }

  private static final String SUBFLOW =
      """
      {"description": "child", "initial_state": "Trigger", "states": [
        {"name": "Trigger", "type": "trigger", "properties": {},
         "transitions": [{"event": "incomingParent", "next": "remember"}]},
        {"name": "remember", "type": "set-variables",
         "properties": {"variables": [{"key": "a", "value": "1"}]},
         "transitions": [{"event": "next"}]}]}
      """;

  private static String parent(FlowSid child) {
    return """
        {"description": "parent", "initial_state": "Trigger", "states": [
          {"name": "Trigger", "type": "trigger", "properties": {},
           "transitions": [{"event": "incomingRequest", "next": "sub"}]},
          {"name": "sub", "type": "run-subflow",
           "properties": {"flow_sid": "%s", "flow_revision": "LatestPublished", "parameters": []},
           "transitions": [{"event": "completed"}, {"event": "failed"}]}]}
        """
        .formatted(child);
  }

  // ---- ending and deleting

  @Test
  void aCallerEndsAnExecution() {
    Execution execution = create(CART, JANE);
    asked(1);

    Execution ended =
        Execution.updater(CART, execution.getSid(), Execution.Status.ENDED).update(twilio);
    Execution again =
        Execution.updater(CART, execution.getSid(), Execution.Status.ENDED).update(twilio);

    assertThat(ended.getStatus()).isEqualTo(Execution.Status.ENDED);
    assertThat(again.getDateUpdated()).isEqualTo(ended.getDateUpdated());
    assertThat(create(CART, JANE).getStatus()).isEqualTo(Execution.Status.ACTIVE);
    assertRefused(
        () -> Execution.updater(CART, execution.getSid(), Execution.Status.ACTIVE).update(twilio),
        400,
        20001);
  }

  @Test
  void aDeletedExecutionIsEndedAndGone() {
    Execution execution = create(CART, JANE);
    asked(1);

    assertThat(Execution.deleter(CART, execution.getSid()).delete(twilio)).isTrue();

    assertRefused(() -> fetch(execution), 404, 20404);
    String path = EXECUTIONS + "/" + execution.getSid();
    assertThat(http.get(path + "/Context").status()).isEqualTo(404);
    assertThat(http.get(path + "/Steps").status()).isEqualTo(404);
    assertThat(Execution.reader(CART).read(twilio)).isEmpty();
    assertThat(service.texts("select result from execution")).containsExactly("stopped");
    assertThat(create(CART, JANE).getStatus()).isEqualTo(Execution.Status.ACTIVE);
  }

  // ---- who is in the way

  @Test
  void aContactWithAnActiveExecutionIsAConflict() {
    create(CART, JANE);

    assertRefused(() -> create(CART, JANE), 409, 20409);
    assertThat(create(CART, JOHN).getStatus()).isEqualTo(Execution.Status.ACTIVE);
  }

  @Test
  void anActiveExecutionIsReplacedWhereThatIsSet() {
    start(Map.of("STUDIO_BUSY", "replace"));
    Execution first = create(CART, JANE);

    Execution second = create(CART, JANE);

    assertThat(fetch(first).getStatus()).isEqualTo(Execution.Status.ENDED);
    assertThat(second.getStatus()).isEqualTo(Execution.Status.ACTIVE);
  }

  @Test
  void aRepeatedRequestIsAnsweredWithTheFirstExecution() {
    start(Map.of("STUDIO_BUSY", "replace"));
    Map<String, String> headers = new HashMap<>(StudioClient.account());
    headers.put("I-Twilio-Idempotency-Token", "token");
    String form = "To=%2B14155550142&From=%2B15550001111";

    Answer first = http.send("POST", EXECUTIONS, form, headers);
    Answer again = http.send("POST", EXECUTIONS, form, headers);

    assertThat(first.status()).isEqualTo(201);
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.json().getString("sid")).isEqualTo(first.json().getString("sid"));
    assertThat(service.count("execution")).isEqualTo(1);
  }

  @Test
  void aContactWhoSaidStopGetsNoExecution() {
    service.reply(JANE, "SM-in-1", "STOP");

    assertRefused(() -> create(CART, JANE), 400, 21610);
    assertThat(service.channel.texts()).isEmpty();
  }

  // ---- lists

  @Test
  void executionsAreListedByStatusAndDateAndInPages() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      made.addFirst(create(CART, "+1415555020" + i).getSid());
    }
    Execution oldest = Execution.fetcher(CART, made.getLast()).fetch(twilio);
    Execution.updater(CART, oldest.getSid(), Execution.Status.ENDED).update(twilio);

    assertThat(sids(Execution.reader(CART).setPageSize(2L).read(twilio))).isEqualTo(made);
    assertThat(sids(Execution.reader(CART).setStatus(Execution.Status.ENDED).read(twilio)))
        .containsExactly(oldest.getSid());
    assertThat(
            sids(
                Execution.reader(CART)
                    .setStatus(Execution.Status.ACTIVE)
                    .setPageSize(3L)
                    .read(twilio)))
        .isEqualTo(made.subList(0, 4));
    assertThat(
            sids(
                Execution.reader(CART)
                    .setDateCreatedFrom(oldest.getDateCreated())
                    .setDateCreatedTo(oldest.getDateCreated().plusMinutes(5))
                    .read(twilio)))
        .isEqualTo(made);
    assertThat(
            sids(
                Execution.reader(CART)
                    .setDateCreatedTo(oldest.getDateCreated().minusSeconds(1))
                    .read(twilio)))
        .isEmpty();
    Page<Execution> first = Execution.reader(CART).setPageSize(2L).firstPage(twilio);
    Execution.deleter(CART, made.get(0)).delete(twilio);
    Execution.deleter(CART, made.get(1)).delete(twilio);
    assertThat(Execution.reader(CART).nextPage(first, twilio).getRecords())
        .as("what is deleted moves nothing to another page")
        .extracting(Execution::getSid)
        .isEqualTo(made.subList(2, 4));
    assertThat(http.get(EXECUTIONS + "?DateCreatedFrom=yesterday").json().getInteger("code"))
        .isEqualTo(20001);
  }

  private static List<String> sids(Iterable<Execution> executions) {
    return StreamSupport.stream(executions.spliterator(), false).map(Execution::getSid).toList();
  }

  // ---- revisions

  @Test
  void testUsersGetTheDraftAndOthersWhatIsPublished() {
    Map<String, Object> draft = new JsonObject(Service.flow("Draft", "3600")).getMap();
    Flow.updater(CART, Flow.Status.DRAFT).setDefinition(draft).update(twilio);
    FlowTestUser.updater(CART, List.of(JANE)).update(twilio);

    assertThat(create(CART, JANE).getFlowVersion()).isEqualTo(2);
    assertThat(create(CART, JOHN).getFlowVersion()).isEqualTo(1);

    service.until("both are asked", () -> service.channel.texts().size() == 2);
    assertThat(service.channel.texts())
        .containsExactlyInAnyOrder("Draft", "Hi Jane, still want it?");
  }

  @Test
  void anExecutionKeepsARevisionThatIsInMemoryNoMore() {
    Execution execution = create(CART, JANE);
    asked(1);
    for (String thanks : List.of("Two", "Three")) {
      Map<String, Object> next = new JsonObject(Service.CART.replace("You said", thanks)).getMap();
      Flow.updater(CART, Flow.Status.PUBLISHED).setDefinition(next).update(twilio);
    }
    service.stop();
    service.restart();

    service.reply(JANE, "SM-in-1", "yes");
    asked(2);

    assertThat(service.channel.texts().getLast()).isEqualTo("You said: yes");
    assertThat(fetch(execution).getFlowVersion()).isEqualTo(1);
    assertThat(create(CART, JOHN).getFlowVersion()).isEqualTo(3);
  }

  @Test
  void aFlowThatHasDraftsOnlyStartsForNobodyElse() {
    Flow draft =
        Flow.creator("Draft", Flow.Status.DRAFT, new JsonObject(Service.CART).getMap())
            .create(twilio);

    assertRefused(() -> create(draft.getSid(), JANE), 400, 20001);
  }

  @Test
  void aDeletedFlowStartsNothingAndWhatRunsGoesOn() {
    create(CART, JANE);
    asked(1);

    Flow.deleter(CART).delete(twilio);
    service.reply(JANE, "SM-in-1", "yes");
    asked(2);

    assertThat(service.channel.texts().getLast()).isEqualTo("You said: yes");
    assertRefused(() -> create(CART, JOHN), 404, 20404);
    assertThat(service.trigger(JOHN, "key").status()).isEqualTo(400);
  }

  @Test
  void anotherNodeLearnsOfAFlowAndOfItsRevisions() {
    try (Service other = new Service(service.database, Map.of())) {
      StudioClient there = new StudioClient(other, spec);
      Flow made =
          Flow.creator("New", Flow.Status.PUBLISHED, new JsonObject(Service.CART).getMap())
              .create(twilio);
      JsonObject payload = Service.payload(JANE, "key");
      payload.getJsonObject("controls").put("flow", made.getSid());
      other.until(
          "the flow is known",
          () -> other.trigger(payload.encode(), Service.bearer()).join().status() == 200);
      String path = "/v2/Flows/" + made.getSid() + "/Executions";
      Flow.updater(made.getSid(), Flow.Status.PUBLISHED).setCommitMessage("two").update(twilio);

      JsonObject begun = there.post(path, "From=1&To=%2B14155550301").json();
      Flow.deleter(made.getSid()).delete(twilio);

      assertThat(begun.getInteger("flow_version")).isEqualTo(2);
      other.until("the flow is gone", () -> there.get(path).status() == 404);
    }
  }

  // ---- names

  @Test
  void aNameOfTwoFlowsIsRefusedRatherThanGuessed() {
    List<String> sids = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      sids.add(
          Flow.creator("twin", Flow.Status.PUBLISHED, new JsonObject(Service.CART).getMap())
              .create(twilio)
              .getSid());
    }
    JsonObject payload = Service.payload(JANE, "key");
    payload.getJsonObject("controls").put("flow", "twin");

    Answer refused = service.trigger(payload.encode(), Service.bearer()).join();
    payload.getJsonObject("controls").put("flow", sids.getFirst());
    Answer taken = service.trigger(payload.encode(), Service.bearer()).join();

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body()).contains("2 flows are named twin").contains(sids);
    assertThat(taken.json().getString("flow_sid")).isEqualTo(sids.getFirst());
  }

  @Test
  void aSecondFlowOfABoundNameTakesNoRepliesFromTheFirst() {
    start(Map.of("FLOW_BINDINGS", Service.OURS + "=cart"));
    Flow.creator(
            "cart", Flow.Status.PUBLISHED, new JsonObject(Service.flow("Other", "60")).getMap())
        .create(twilio);

    service.reply(JANE, "SM-in-1", "hello");
    asked(1);

    assertThat(service.channel.texts()).containsExactly("Hi , still want it?");
  }

  @Test
  void anAddressWhosePlusBecameABlankIsRefused() {
    assertRefused(() -> create(CART, " 14155550123"), 400, 20001);
    assertThat(sids(Execution.reader(CART).read(twilio))).isEmpty();
  }

  @Test
  void aFileKeepsTheSidThatItIsGiven() {
    String sid = "FW0123456789abcdef0123456789abcdef";
    create(CART, JANE);
    asked(1);
    service.stop();
    service.publishSids(
        """
        files: here
        environments: {here: {}}
        sids: {cart: {here: %s}}
        """
            .formatted(sid));
    service.restart();

    service.reply(JANE, "SM-in-1", "yes");
    asked(2);

    assertThat(Flow.fetcher(sid).fetch(twilio).getFriendlyName()).isEqualTo("cart");
    assertThat(service.trigger(JOHN, "key").json().getString("flow_sid")).isEqualTo(sid);
    assertThat(service.channel.texts()).contains("You said: yes");
    assertRefused(() -> Flow.fetcher(CART).fetch(twilio), 404, 20404);
  }

  // ---- by message

  @Test
  void aMessageToTheWebhookOfAFlowStartsIt() {
    String webhook =
        Flow.fetcher(CART)
            .fetch(twilio)
            .getWebhookUrl()
            .toString()
            .substring(Service.PUBLIC_URL.length());

    Answer heard =
        service
            .twilio(
                webhook,
                Map.of("MessageSid", "SM-in-1", "From", JANE, "To", Service.OURS, "Body", "hi"))
            .join();
    asked(1);

    assertThat(heard.status()).isEqualTo(200);
    assertThat(Execution.reader(CART).read(twilio))
        .singleElement()
        .extracting(Execution::getInitiatedBy)
        .isEqualTo("SM-in-1");
  }

  @Test
  void beyondTheRateAMessageIsHeardAndBeginsNothing() {
    start(
        Map.of("INBOUND_EXECUTIONS_PER_SECOND", "0.001", "FLOW_BINDINGS", Service.OURS + "=cart"));

    service.reply(JANE, "SM-in-1", "hello");
    asked(1);
    service.reply(JOHN, "SM-in-2", "hello");
    service.reply(JANE, "SM-in-3", "yes");
    asked(2);
    Answer request = http.post(EXECUTIONS, "To=%2B14155550199&From=%2B15550001111");

    assertThat(service.channel.texts()).containsExactly("Hi , still want it?", "You said: yes");
    assertThat(service.texts("select refusal from turn where source_id = 'SM-in-2'"))
        .containsExactly("no_execution");
    assertThat(request.status()).isEqualTo(429);
    assertThat(request.json().getInteger("code")).isEqualTo(20429);
  }
}
