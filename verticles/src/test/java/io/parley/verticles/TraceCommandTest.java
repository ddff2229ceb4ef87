package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Event;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("takes the streams that what other tests log goes to")
class TraceCommandTest {

  private static final String JANE = "+14155550142";

  /// Asks, and answers by what the reply holds.
  private static final String SPLITS =
      """
      {"description": "Asks and splits", "initial_state": "Trigger", "states": [
        {"name": "Trigger", "type": "trigger", "properties": {},
         "transitions": [{"event": "incomingRequest", "next": "ask"}]},
        {"name": "ask", "type": "send-and-wait-for-reply",
         "properties": {"from": "{{flow.channel.address}}", "body": "Still want it?",
                        "timeout": "3600"},
         "transitions": [{"event": "incomingMessage", "next": "about"}, {"event": "timeout"},
                         {"event": "deliveryFailure"}]},
        {"name": "about", "type": "split-based-on",
         "properties": {"input": "{{widgets.ask.inbound.Body}}"},
         "transitions": [
           {"event": "noMatch"},
           {"event": "match", "next": "ask",
            "conditions": [{"friendly_name": "no", "arguments": ["{{widgets.ask.inbound.Body}}"],
                            "type": "contains", "value": "maybe"}]},
           {"event": "match", "next": "thank",
            "conditions": [{"friendly_name": "yes", "arguments": ["{{widgets.ask.inbound.Body}}"],
                            "type": "matches_any_of", "value": "yes, sure"}]}]},
        {"name": "thank", "type": "send-message",
         "properties": {"from": "{{flow.channel.address}}", "to": "{{contact.channel.address}}",
                        "body": "Thanks!"},
         "transitions": [{"event": "sent"}, {"event": "failed"}]}
      ]}
      """;

  private final Service service =
      new Service(io.parley.testkit.TestPostgres.database(), Map.of(), Map.of("splits", SPLITS));

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void aConversationIsToldWithItsReasonsAndWhatBecameOfIt() {
    String id = talked();

    CommandRun run = trace(id);

    assertThat(run.exit()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith("conversation " + id + "  " + Service.OURS + " with " + JANE)
        .contains("  person person-42\n")
        .contains("may be written to")
        .containsPattern(
            "execution FN\\p{XDigit}{32} of splits revision 1, turns 1 to \\d+, ended: completed")
        .contains("customerio_trigger key: triggered: flow splits revision 1 for person person-42")
        .contains("  · Trigger incomingRequest -> ask\n")
        .containsPattern(
            "send 1:\\d+ \\S+ -> \\S+: \"Still want it\\?\" -> twilio accepted as SM\\S+ at \\S+;"
                + " delivered at ")
        .contains("wrote \"sure\" (SM-in-1): ")
        .contains("  · ask incomingMessage -> about\n  · about match -> thank\n")
        .contains("      since \"sure\" matches_any_of \"yes, sure\"\n")
        .doesNotContain("maybe")
        .containsPattern(
            "report twilio_reply \\(\\d+:\\d+\\): .*body=sure.* -> customerio delivered at ")
        .contains("  · thank sent, the end\n");
  }

  @Test
  void aRefusalSaysWhy() {
    String id = talked();
    service.reply(JANE, "SM-in-2", "STOP");
    service.trigger(payload("again").encode(), Service.bearer()).join();

    assertThat(trace(id).out())
        .contains("opted out since ")
        .contains("refused: opted_out, the contact has opted out of messages\n")
        .contains("block " + JANE + ": opted_out by \"")
        .containsPattern("report conversation_refused .*reason=opted_out");
  }

  @Test
  void whatWaitsAndWhatIsDeadSayWhy() {
    service.track.usually(_ -> TrackServer.Answer.of(503));
    service.channel.usually(FakeChannel.Fate.TOO_MANY_REQUESTS);
    String id = triggered();
    service.until(
        "all was tried",
        () -> service.texts("select 1 from outbox where last_error is not null").size() >= 2);

    assertThat(trace(id).out())
        .containsPattern(
            "Still want it\\?\" -> twilio waits: (due since|not before|in doubt since) .*slow down\n")
        .containsPattern(
            "report conversation_started .* -> customerio waits: .* after .*Customer.io answered 503\n")
        .containsPattern("\n\\d+ wait in the outbox, 0 are dead letters\n")
        .containsPattern("\ntimer 1:\\d+ runs out at \\S+: execution expiry\n");

    service.track.usually(_ -> TrackServer.Answer.of(400));
    service.until("some are dead", () -> service.count("dead_letter") >= 3);

    assertThat(trace(id).out())
        .containsPattern(
            "report conversation_started .* -> customerio dead since \\S+ after \\d+ tr(y|ies): ");
  }

  @Test
  void aConversationIsFoundByWhateverNamesIt() {
    String id = talked();
    String execution = service.texts("select sid from execution").getFirst();
    String first = "conversation " + id;

    assertThat(trace(JANE).out()).startsWith(first);
    assertThat(trace("whatsapp:" + JANE).out()).startsWith(first);
    assertThat(trace("person-42").out()).startsWith(first);
    assertThat(trace(execution).out()).startsWith(first);
    assertThat(trace(id + ":1:2").out()).startsWith(first);
    String sid = service.channel.sids().getFirst().value();
    assertThat(sid).matches("SM\\p{XDigit}{32}");
    assertThat(trace(sid).out()).startsWith(first);
    CommandRun nobody = trace("nobody");
    assertThat(nobody.exit()).isEqualTo(1);
    assertThat(nobody.err()).isEqualTo("no conversation goes by nobody\n");
  }

  @Test
  void programsGetItAsJson() {
    String id = talked();

    JsonObject told =
        new JsonObject(trace(id, "--format", "json").out())
            .getJsonArray("conversations")
            .getJsonObject(0);

    assertThat(told.getString("id")).isEqualTo(id);
    assertThat(told.getString("external_id")).isEqualTo("person-42");
    List<JsonObject> turns =
        told.getJsonArray("turns").stream().map(JsonObject.class::cast).toList();
    assertThat(turns).extracting(turn -> turn.getInteger("number")).startsWith(1, 2, 3);
    JsonObject reply =
        turns.stream()
            .filter(
                turn ->
                    turn.getJsonObject("event")
                        .getString("type")
                        .equals(Event.ReplyReceived.class.getSimpleName()))
            .findFirst()
            .orElseThrow();
    assertThat(reply.getJsonArray("path").getJsonObject(1).getJsonArray("reasons"))
        .isEqualTo(new JsonArray().add("since \"sure\" matches_any_of \"yes, sure\""));
    JsonObject send =
        reply.getJsonArray("effects").stream()
            .map(JsonObject.class::cast)
            .filter(effect -> effect.getString("type").equals("Send"))
            .findFirst()
            .orElseThrow();
    assertThat(send.getJsonArray("fates").getJsonObject(0).getString("outcome"))
        .isEqualTo("accepted");
    assertThat(send.getJsonArray("fates").getJsonObject(0).getString("provider_id"))
        .isEqualTo(service.channel.sids().get(1).value());
  }

  @Test
  void ofALongConversationTheLatestTurnsAreTold() {
    String id = talked();
    int turns = Integer.parseInt(service.texts("select max(number) from turn").getFirst());

    assertThat(trace(id, "--turns=2").out())
        .contains("  %d earlier turns are left out\n".formatted(turns - 2))
        .contains("  turn " + turns + "  ")
        .doesNotContain("  turn 1  ");
    assertThat(trace(id, "--turns=0").exit()).isEqualTo(2);
  }

  @Test
  void anErasedConversationTellsNothing() {
    String id = talked();
    CommandRun.of("contacts", "--database=" + service.database, "erase", JANE, "--yes");

    CommandRun run = trace(id);

    assertThat(run.exit()).isZero();
    assertThat(run.out())
        .contains(": erased\n")
        .doesNotContain("4155550142", "\"sure\"", "person-42");
  }

  // ---- the service

  private static JsonObject payload(String key) {
    JsonObject payload = Service.payload(JANE, key);
    payload.getJsonObject("controls").put("flow", "splits");
    return payload;
  }

  private String triggered() {
    return service
        .trigger(payload("key").encode(), Service.bearer())
        .join()
        .json()
        .getString("conversation_id");
  }

  /// A conversation that was held to its end, and of which all is told.
  private String talked() {
    String id = triggered();
    service.until("the question left", () -> service.channel.texts().size() == 1);
    service.status(0, "delivered").join();
    service.reply(JANE, "SM-in-1", "sure");
    service.until("the thanks left", () -> service.channel.texts().size() == 2);
    service.until("all is told", () -> service.count("outbox") == 0);
    return id;
  }

  private CommandRun trace(String... arguments) {
    List<String> line =
        new java.util.ArrayList<>(List.of("trace", "--database=" + service.database));
    line.addAll(List.of(arguments));
    return CommandRun.of(line.toArray(String[]::new));
  }
}
