package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.codec.FlowFiles;
import io.parley.engine.Address;
import io.parley.engine.Block;
import io.parley.engine.Effect;
import io.parley.engine.Effect.Request.Conversation.Operation;
import io.parley.engine.Event;
import io.parley.engine.Json;
import io.parley.engine.Reason;
import io.parley.engine.Values;
import io.parley.engine.Warning;
import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.FlowReading;
import io.parley.testkit.Scenario;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What is held in a conversation of Twilio Conversations.
class RoomTest {

  private static final String JANE = "+14155550142";

  // ---- begun by a participant

  @Test
  void whatAParticipantWritesBeginsTheBoundFlowInItsConversation() {
    Scenario scenario = Flows.roomScenario("room").bound();

    scenario.write(Scenario.ROOM, JANE, "hi");

    assertThat(scenario.texts()).containsExactly("Hi " + JANE + ", which size?");
    assertThat(scenario.sent())
        .allSatisfy(
            send -> {
              assertThat(send.to()).isEqualTo(Scenario.ROOM);
              assertThat(send.from()).isEqualTo(Scenario.CHAT_SERVICE);
              assertThat(send.byline())
                  .contains(new Effect.Byline("Robin", "{\"tone\": \"warm\"}"));
            });
  }

  @Test
  void theReplyIsReadAsInboundAndAnsweredInTheConversation() {
    Scenario scenario = Flows.roomScenario("room").bound();
    scenario.write(Scenario.ROOM, JANE, "hi");

    scenario.write(Scenario.ROOM, JANE, "medium");

    assertThat(scenario.texts()).endsWith("medium it is, in " + Scenario.ROOM);
    assertThat(scenario.sent().getLast().byline()).contains(new Effect.Byline("", ""));
    assertThat(scenario.result()).contains("completed");
  }

  @Test
  void mediaStayBehindAndAWarningSaysSo() {
    Scenario scenario = Flows.roomScenario("room").bound();

    scenario.write(Scenario.ROOM, JANE, "hi");

    assertThat(scenario.sent().getFirst().content())
        .isEqualTo(new Effect.Content.Text("Hi " + JANE + ", which size?", List.of()));
    assertThat(scenario.warnings())
        .extracting(Warning::message)
        .anyMatch(it -> it.contains("media"));
  }

  @Test
  void stopClosesTheConversationAndTheAddressBehindItsAuthor() {
    Scenario scenario = Flows.roomScenario("room").bound();
    scenario.write(Scenario.ROOM, JANE, "hi");

    scenario.write(Scenario.ROOM, JANE, "STOP");

    assertThat(blocked(scenario))
        .containsExactly(Scenario.ROOM, new Address(JANE), new Address("whatsapp:" + JANE));
    assertThat(scenario.result()).contains("opted_out");
  }

  @Test
  void startOpensBothAgain() {
    Scenario scenario = Flows.roomScenario("room").bound();
    scenario.write(Scenario.ROOM, JANE, "STOP");

    scenario.write(Scenario.ROOM, JANE, "START");

    assertThat(scenario.contact().block()).isEmpty();
    assertThat(scenario.effects())
        .filteredOn(Effect.UnblockContact.class::isInstance)
        .extracting(effect -> ((Effect.UnblockContact) effect).contact())
        .containsExactly(Scenario.ROOM, new Address(JANE), new Address("whatsapp:" + JANE));
  }

  @Test
  void aChatIdentityIsNoAddressToBlock() {
    Scenario scenario = Flows.roomScenario("room").bound();

    scenario.write(Scenario.ROOM, "jane@example.com", "STOP");

    assertThat(blocked(scenario)).containsExactly(Scenario.ROOM);
  }

  @Test
  void reportsNameThePersonByTheAddressBehindTheAuthor() {
    Scenario scenario = Flows.roomScenario("room").bound();

    scenario.write(Scenario.ROOM, JANE, "hi");

    assertThat(scenario.effects())
        .filteredOn(Effect.ReportOutcome.class::isInstance)
        .isNotEmpty()
        .extracting(effect -> ((Effect.ReportOutcome) effect).contact().value())
        .containsOnly(JANE);
    assertThat(scenario.outcome("twilio_reply").properties().text("channel"))
        .contains("conversation");
  }

  // ---- opened by a flow

  @Test
  void aConversationIsOpenedWithTheContactAndAllIsSaidInIt() {
    Scenario scenario = Flows.scenario("room");
    scenario.trigger();

    answer(scenario, created());

    Effect.Request.Conversation asked = request(scenario);
    assertThat(asked.operation()).isEqualTo(Operation.CREATE);
    assertThat(asked.properties().entries().get("participants"))
        .isEqualTo(
            List.of(
                Values.of("address", Scenario.THEIRS.value())
                    .with("proxy_address", "+15005550009")
                    .entries()));
    assertThat(asked.properties().text("timers_closed")).contains("PT1H");
    assertThat(scenario.sent()).extracting(Effect.Send::to).containsExactly(Scenario.ROOM);
    assertThat(scenario.effects()).contains(new Effect.NameThread(Scenario.ROOM));
  }

  @Test
  void aReplyInTheOpenedConversationMovesTheFlowWhichClosesItAtItsEnd() {
    Scenario scenario = Flows.scenario("room");
    scenario.trigger();
    answer(scenario, created());

    scenario.write(Scenario.ROOM, Scenario.THEIRS.value(), "large");

    assertThat(scenario.texts()).endsWith("large it is, in " + Scenario.ROOM);
    assertThat(request(scenario))
        .isEqualTo(
            new Effect.Request.Conversation(
                Operation.CLOSE,
                Values.of("sid", Scenario.ROOM.value())
                    .with("service", Scenario.CHAT_SERVICE.value())));
  }

  @Test
  void stopInTheOpenedConversationBlocksTheContactOnce() {
    Scenario scenario = Flows.scenario("room");
    scenario.trigger();
    answer(scenario, created());

    scenario.write(Scenario.ROOM, Scenario.THEIRS.value(), "stop");

    assertThat(blocked(scenario))
        .containsExactly(Scenario.THEIRS, new Address("whatsapp:" + Scenario.THEIRS));
    assertThat(request(scenario).operation()).isEqualTo(Operation.CLOSE);
  }

  @Test
  void aConversationThatCannotBeOpenedLeavesByFailedAndAllGoesByText() {
    Scenario scenario = Flows.scenario("room");
    scenario.trigger();

    answer(scenario, new Answer(409, "{\"code\": 50416, \"message\": \"already exists\"}"));

    assertThat(scenario.sent()).extracting(Effect.Send::to).containsExactly(Scenario.THEIRS);
    assertThat(scenario.sent()).extracting(Effect.Send::byline).containsOnly(Optional.empty());
    assertThat(scenario.warnings())
        .extracting(Warning::code)
        .containsExactly(Warning.CONVERSATION_FAILED);
  }

  @Test
  void whatMayHaveBeenOpenedInVainIsClosed() {
    Scenario scenario = Flows.scenario("room");
    scenario.trigger();
    Effect.Call opening = call(scenario);

    scenario.take(new Event.CallFailed(opening.id(), "unanswered", "no answer"));

    assertThat(request(scenario)).isEqualTo(closing(opening));
  }

  @Test
  void anExecutionThatEndsWhileItsConversationIsOpenedClosesIt() {
    Scenario scenario = Flows.scenario("room");
    scenario.trigger();
    Effect.Call opening = call(scenario);

    scenario.write(Scenario.ROOM, Scenario.THEIRS.value(), "stop");

    assertThat(scenario.result()).contains("opted_out");
    assertThat(request(scenario)).isEqualTo(closing(opening));
  }

  private static Effect.Request closing(Effect.Call opening) {
    return Effect.Request.Conversation.closing(
        "parley-" + opening.id().toString().replace(':', '-'), "");
  }

  @Test
  void aCallWithoutAnAnswerLeavesByFailed() {
    Scenario scenario = Flows.scenario("room");
    scenario.trigger();

    scenario.take(new Event.CallFailed(call(scenario).id(), "unreachable", "no connection"));

    assertThat(scenario.texts()).containsExactly("By text, then");
  }

  @Test
  void aSecondConversationInOneExecutionIsRefusedWithoutACall() {
    Scenario scenario = Flows.scenario("resume");
    scenario.trigger(Values.of("room", Scenario.ROOM.value()));

    answer(scenario, created());

    assertThat(scenario.texts()).containsExactly("Hello again");
    assertThat(calls(scenario)).hasSize(1);
    assertThat(scenario.path().getLast().event()).isEqualTo("failed");
  }

  @Test
  void whatIsWrittenAfterTheEndIsRefusedButAStopIsHeard() {
    Scenario scenario = Flows.scenario("resume");
    scenario.trigger(Values.of("room", Scenario.ROOM.value()));
    answer(scenario, created());

    scenario.write(Scenario.ROOM, Scenario.THEIRS.value(), "hm");
    scenario.write(Scenario.ROOM, Scenario.THEIRS.value(), "stop");

    assertThat(scenario.refusals()).containsExactly(Reason.NO_EXECUTION);
    assertThat(scenario.contact().block()).contains(Block.OPTED_OUT);
  }

  @Test
  void aFlowThatNoRestCallBeginsCannotOpenAConversation() {
    String flow =
        """
        {"initial_state": "Trigger", "states": [
          {"name": "Trigger", "type": "trigger", "properties": {},
           "transitions": [{"event": "incomingMessage", "next": "open"}]},
          {"name": "open", "type": "start-conversation", "properties": {}, "transitions": []}]}
        """;

    assertThat(FlowFiles.read(flow))
        .isEqualTo(
            new FlowReading.Invalid(
                List.of(
                    new FlowProblem(
                        "#/states/1/type",
                        "start-conversation can only be used in flows triggered by the REST"
                            + " API"))));
  }

  // ---- words of these tests

  private record Answer(int status, String body) {}

  private static Answer created() {
    return new Answer(
        200,
        Json.print(
            Values.of("sid", Scenario.ROOM.value())
                .with("chat_service_sid", Scenario.CHAT_SERVICE.value())
                .with("state", "active")
                .entries()));
  }

  private static void answer(Scenario scenario, Answer answer) {
    scenario.take(
        new Event.CallAnswered(
            call(scenario).id(), answer.status(), "application/json", answer.body(), Values.EMPTY));
  }

  private static List<Effect.Call> calls(Scenario scenario) {
    return scenario.effects().stream()
        .filter(Effect.Call.class::isInstance)
        .map(Effect.Call.class::cast)
        .toList();
  }

  private static Effect.Call call(Scenario scenario) {
    return calls(scenario).getLast();
  }

  private static Effect.Request.Conversation request(Scenario scenario) {
    return (Effect.Request.Conversation) call(scenario).request();
  }

  private static List<Address> blocked(Scenario scenario) {
    return scenario.effects().stream()
        .filter(Effect.BlockContact.class::isInstance)
        .map(effect -> ((Effect.BlockContact) effect).contact())
        .toList();
  }
}
