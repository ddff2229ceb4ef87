package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.verticles.DeskAgent.Listening;
import io.parley.verticles.Service.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Agents on duty: what is offered to them, what they may see of which topic, and what becomes of
/// it all when they go.
class DeskDutyTest {

  private static final AtomicInteger NUMBERS = new AtomicInteger(100);
  private static final Service SERVICE =
      Service.start(Map.of("DESK", desk(), "DEAD_LETTER_KEY", DeadLetterKeysTest.NEW));

  private static String desk() {
    try {
      return Files.writeString(
              Files.createTempFile("desk", ".yaml"),
              """
              topics:
                care: {}
                returns: {}
              routing:
                - {when: {flow: care}, topic: care}
              agents: {capacity: 100, offer: 10m, present: 10m}
              dispositions: [solved]
              """)
          .toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final String CARE =
      """
      {"description": "Care", "initial_state": "Trigger",
       "flags": {"allow_concurrent_calls": true}, "states": [
        {"name": "Trigger", "type": "trigger", "properties": {},
         "transitions": [{"event": "incomingRequest", "next": "person"}]},
        {"name": "person", "type": "send-to-flex",
         "properties": {"workflow": "care", "channel": "sms", "attributes": "{}"},
         "transitions": [{"event": "callComplete", "next": "thanks"},
                         {"event": "failedToEnqueue"}, {"event": "callFailure"}]},
        {"name": "thanks", "type": "send-message",
         "properties": {"from": "{{flow.channel.address}}", "to": "{{contact.channel.address}}",
                        "body": "Thank you"},
         "transitions": [{"event": "sent"}, {"event": "failed"}]}
      ]}
      """;

  @BeforeAll
  static void publish() {
    SERVICE.stop();
    SERVICE.publish("care", CARE);
    SERVICE.restart();
  }

  @AfterAll
  static void close() {
    SERVICE.close();
  }

  // ---- closing

  @Test
  void whoNamesAWidgetThatIsNotThereClosesItAtASecondTry() {
    DeskAgent asha = new DeskAgent(SERVICE, "Asha", "agent");
    String path = "/conversations/" + handedOver();
    asha.post(path + "/take");
    JsonObject closing = new JsonObject().put("disposition", "solved");

    Answer refused =
        asha.post(
            path + "/close",
            closing.copy().put("then", new JsonObject().put("do", "at").put("widget", "nowhere")));
    Answer closed = asha.post(path + "/close", closing);

    assertThat(refused.json().getString("reason")).isEqualTo("unknown_widget");
    assertThat(closed.status()).as(closed.body()).isEqualTo(200);
    assertThat(asha.post(path + "/close", closing).json().getString("reason"))
        .isEqualTo("late_answer");
  }

  // ---- assigning

  @Test
  void nothingIsAssignedToWhomNobodyKnowsOrWhoMayNotAnswer() {
    DeskAgent lena = new DeskAgent(SERVICE, "Lena", "lead");
    DeskAgent auditor = new DeskAgent(SERVICE, "Audrey", "auditor");
    DeskAgent gone = new DeskAgent(SERVICE, "Gone", "agent");
    SERVICE.execute("update desk_user set active = false where id = '" + gone.id + "'");
    String path = "/conversations/" + handedOver();

    for (String agent : List.of("nobody", auditor.id, gone.id)) {
      Answer refused = lena.post(path + "/assign", new JsonObject().put("agent", agent));

      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.json().getString("reason")).isEqualTo("unknown_agent");
    }
    assertThat(lena.get(path).json().getJsonObject("row").getString("state")).isEqualTo("queued");
  }

  @Test
  void whatIsAssignedAcrossTopicsIsTheAgentsToFindAndToWatch() {
    DeskAgent lena = new DeskAgent(SERVICE, "Lena", "lead");
    DeskAgent rita = new DeskAgent(SERVICE, "Rita", "agent", "returns");
    String conversation = handedOver();

    lena.post("/conversations/" + conversation + "/assign", new JsonObject().put("agent", rita.id));

    assertThat(rows("mine", rita)).contains(conversation);
    try (Listening listening = rita.listen(conversation)) {
      assertThat(listening.status).isEqualTo(200);
    }
  }

  // ---- topics

  @Test
  void aStreamEndsWhenItsConversationGoesToATopicThatIsNotTheirs() {
    DeskAgent lena = new DeskAgent(SERVICE, "Lena", "lead");
    DeskAgent cara = new DeskAgent(SERVICE, "Cara", "agent", "care");
    String conversation = handedOver();
    SERVICE.until(
        "it is of its topic",
        () ->
            SERVICE
                .texts(
                    "select topic from handoff_queue where conversation = '" + conversation + "'")
                .contains("care"));
    try (Listening listening = cara.listen(conversation)) {
      assertThat(listening.status).isEqualTo(200);

      lena.post(
          "/conversations/" + conversation + "/assign", new JsonObject().put("topic", "returns"));

      SERVICE.until("the stream ends", listening::isOver);
    }
    try (Listening again = cara.listen(conversation)) {
      assertThat(again.status).isEqualTo(403);
    }
  }

  @Test
  void aRowThatLeavesTheTopicsOfWhoLooksGoesFromTheirListAtOnce() {
    DeskAgent cara = new DeskAgent(SERVICE, "Cara", "agent", "care");
    DeskAgent rita = new DeskAgent(SERVICE, "Rita", "agent", "returns");
    DeskAgent otto = new DeskAgent(SERVICE, "Otto", "agent", "other");
    DeskAgent lena = new DeskAgent(SERVICE, "Lena", "lead");
    String conversation = handedOver();
    SERVICE.until("she has it", () -> rows("all", cara).contains(conversation));
    try (Listening hers = cara.listen("", "");
        Listening others = rita.listen("", "");
        Listening nobodys = otto.listen("", "")) {

      lena.post(
          "/conversations/" + conversation + "/assign", new JsonObject().put("topic", "returns"));

      SERVICE.until("she has it no more", () -> gone(hers).contains(conversation));
      SERVICE.until("another has it", () -> shown(others).contains(conversation));
      assertThat(rows("all", cara)).doesNotContain(conversation);
      assertThat(gone(others)).doesNotContain(conversation);
      assertThat(nobodys.told)
          .as("who never saw it does not hear that it is there")
          .noneMatch(it -> it.data().encode().contains(conversation));
    }
  }

  @Test
  void whatALeadGaveSomebodyOfAnotherTopicGoesWhenItIsOutOfTheirHands() {
    DeskAgent rita = new DeskAgent(SERVICE, "Rita", "agent", "returns");
    DeskAgent lena = new DeskAgent(SERVICE, "Lena", "lead");
    String conversation = handedOver();
    lena.take(conversation);
    try (Listening hers = rita.listen("", "")) {
      lena.post(
          "/conversations/" + conversation + "/assign", new JsonObject().put("agent", rita.id));
      SERVICE.until("she has it", () -> shown(hers).contains(conversation));

      assertThat(rita.post("/conversations/" + conversation + "/release").status()).isEqualTo(200);

      SERVICE.until("she has it no more", () -> gone(hers).contains(conversation));
      assertThat(rows("all", rita)).doesNotContain(conversation);
    }
  }

  @Test
  void thatARowHasLeftIsToldOnceUntilItComesBack() {
    DeskAgent cara = new DeskAgent(SERVICE, "Cara", "agent", "care");
    DeskAgent rita = new DeskAgent(SERVICE, "Rita", "agent", "returns");
    DeskAgent lena = new DeskAgent(SERVICE, "Lena", "lead");
    String conversation = handedOver();
    SERVICE.until("she has it", () -> rows("all", cara).contains(conversation));
    try (Listening hers = cara.listen("", "");
        Listening others = rita.listen("", "")) {
      move(lena, conversation, "returns");
      SERVICE.until("she has it no more", () -> gone(hers).contains(conversation));
      int shown = Collections.frequency(shown(hers), conversation);

      lena.take(conversation);
      SERVICE.until("it is taken", () -> states(others, conversation).contains("agent"));
      move(lena, conversation, "care");
      SERVICE.until(
          "she has it again", () -> Collections.frequency(shown(hers), conversation) > shown);

      assertThat(gone(hers)).containsOnlyOnce(conversation);
      move(lena, conversation, "returns");
      SERVICE.until("it goes again", () -> Collections.frequency(gone(hers), conversation) == 2);
    }
  }

  private static void move(DeskAgent lead, String conversation, String topic) {
    Answer moved =
        lead.post(
            "/conversations/" + conversation + "/assign", new JsonObject().put("topic", topic));
    assertThat(moved.status()).as(moved.body()).isEqualTo(200);
  }

  private static List<String> states(Listening listening, String conversation) {
    return listening
        .of("row")
        .filter(it -> it.getString("id").equals(conversation))
        .map(it -> it.getString("state"))
        .toList();
  }

  private static List<String> gone(Listening listening) {
    return listening.of("gone").map(it -> it.getString("id")).toList();
  }

  private static List<String> shown(Listening listening) {
    return listening.of("row").map(it -> it.getString("id")).toList();
  }

  // ---- a browser that is slow

  /// More than the network holds on the way, for a browser that reads nothing: what it does not
  /// take is thrown away with its connection, not kept for it.
  @Test
  void whoReadsTooSlowlyIsCutAndGoesOnWhereTheyStood() throws IOException {
    DeskAgent asha = new DeskAgent(SERVICE, "Asha", "agent");
    DeskAgent slow = new DeskAgent(SERVICE, "Slow", "agent");
    String conversation = handedOver();
    int turn = asha.get("/conversations/" + conversation).json().getInteger("turn");
    try (Socket socket = slow.reach("/events?conversation=" + conversation)) {
      SERVICE.until("it looks", () -> viewers(asha, conversation).contains("Slow"));

      SERVICE.execute(
          """
          insert into desk_note (conversation, turn, author, author_name, note, at)
          select '%s', %d, '%s', 'Asha', 'note ' || n || repeat(' and so on', 8000), now()
            from generate_series(1, %d) n
          """
              .formatted(conversation, turn, asha.id, NOTES));

      SERVICE.until("it is cut", () -> !viewers(asha, conversation).contains("Slow"));
      assertThat(left(socket)).isLessThan(NOTES * BYTES_OF_NOTE / 2);
    }

    List<String> told = new ArrayList<>();
    String place = "%s:%d:0".formatted(conversation, turn);
    while (told.size() < NOTES) {
      int before = told.size();
      try (Listening again = slow.listen("?conversation=" + conversation, place)) {
        SERVICE.until(
            "it goes on", () -> again.of("item").count() + before >= NOTES || again.isOver());
        again.texts().forEach(it -> told.add(it.replace(" and so on", "")));
        place = again.lastId();
      }
      assertThat(told.size()).as("each time it gets further").isGreaterThan(before);
    }

    assertThat(told)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, NOTES).mapToObj("note %d"::formatted).toList());
  }

  private static final int NOTES = 200;
  private static final int BYTES_OF_NOTE = 80_000;

  /// How much was on its way when the connection ended.
  private static long left(Socket socket) {
    long bytes = 0;
    byte[] some = new byte[65_536];
    try {
      for (int n = socket.getInputStream().read(some);
          n >= 0;
          n = socket.getInputStream().read(some)) {
        bytes += n;
      }
    } catch (IOException _) {
      // It was cut in the middle.
    }
    return bytes;
  }

  private static List<String> viewers(DeskAgent agent, String conversation) {
    JsonObject pausing = new JsonObject().put("typing", false);
    return DeskAgent.items(
            agent
                .post("/conversations/" + conversation + "/typing", pausing)
                .json()
                .getJsonArray("viewers"))
        .map(it -> it.getString("name"))
        .toList();
  }

  // ---- offers

  @Test
  void whatIsOfferedIsAcceptedByWhomItIsOfferedToAlone() {
    DeskAgent asha = new DeskAgent(SERVICE, "Asha", "agent");
    DeskAgent ben = new DeskAgent(SERVICE, "Ben", "agent");
    try (Listening listening = asha.listen("", "")) {
      asha.post("/me/status", new JsonObject().put("status", "online"));
      String conversation = handedOver();
      String handoff = offered(listening, conversation);

      Answer others = ben.post("/offers/" + handoff + "/accept");
      Answer accepted = asha.post("/offers/" + handoff + "/accept");

      assertThat(others.status()).isEqualTo(409);
      assertThat(others.json().getString("reason")).isEqualTo("offer_over");
      assertThat(accepted.status()).as(accepted.body()).isEqualTo(200);
      assertThat(accepted.json().getString("state")).isEqualTo("agent");
      assertThat(accepted.json().getJsonObject("agent").getString("id")).isEqualTo(asha.id);
      assertThat(
              SERVICE.texts(
                  "select action || ' ' || user_name from desk_audit where conversation = '%s' order by seq"
                      .formatted(conversation)))
          .contains("accept Ben", "accept Asha");
    } finally {
      asha.post("/me/status", new JsonObject().put("status", "offline"));
    }
  }

  @Test
  void whatOneDeclinesIsOfferedToAnother() {
    DeskAgent asha = new DeskAgent(SERVICE, "Asha", "agent");
    DeskAgent ben = new DeskAgent(SERVICE, "Ben", "agent");
    try (Listening first = asha.listen("", "");
        Listening second = ben.listen("", "")) {
      asha.post("/me/status", new JsonObject().put("status", "online"));
      String conversation = handedOver();
      String handoff = offered(first, conversation);
      ben.post("/me/status", new JsonObject().put("status", "online"));

      Answer declined = asha.post("/offers/" + handoff + "/decline");

      assertThat(declined.status()).as(declined.body()).isEqualTo(200);
      assertThat(offered(second, conversation)).isEqualTo(handoff);
      assertThat(asha.post("/offers/" + handoff + "/accept").json().getString("reason"))
          .isEqualTo("offer_over");
      assertThat(asha.post("/offers/" + handoff + "/decline").json().getString("reason"))
          .isEqualTo("offer_over");
    } finally {
      asha.post("/me/status", new JsonObject().put("status", "offline"));
      ben.post("/me/status", new JsonObject().put("status", "offline"));
    }
  }

  @Test
  void whoSignsOutIsOfflineAndWhatWasOfferedGoesToAnother() {
    goesToAnother(asha -> assertThat(asha.delete("/session").status()).isEqualTo(200));
  }

  @Test
  void whoseSessionsAreRevokedIsOfflineAndWhatWasOfferedGoesToAnother() {
    DeskAgent admin = new DeskAgent(SERVICE, "Ada", "admin");
    goesToAnother(
        asha -> assertThat(admin.post("/users/" + asha.id + "/revoke").status()).isEqualTo(200));
  }

  @Test
  void whoGoesAwayIsOfferedNothingAnyMore() {
    goesToAnother(asha -> asha.post("/me/status", new JsonObject().put("status", "away")));
  }

  private static void goesToAnother(Consumer<DeskAgent> going) {
    DeskAgent asha = new DeskAgent(SERVICE, "Asha", "agent");
    DeskAgent ben = new DeskAgent(SERVICE, "Ben", "agent");
    try (Listening first = asha.listen("", "");
        Listening second = ben.listen("", "")) {
      asha.post("/me/status", new JsonObject().put("status", "online"));
      String conversation = handedOver();
      String handoff = offered(first, conversation);
      ben.post("/me/status", new JsonObject().put("status", "online"));

      going.accept(asha);

      assertThat(offered(second, conversation)).isEqualTo(handoff);
      assertThat(SERVICE.texts("select status from agent_presence where agent = '" + asha.id + "'"))
          .doesNotContain("online");
    } finally {
      ben.post("/me/status", new JsonObject().put("status", "offline"));
      SERVICE.execute("update agent_presence set status = 'offline'");
    }
  }

  /// The handoff by which a conversation is offered on a stream.
  private static String offered(Listening listening, String conversation) {
    SERVICE.until("it is offered", () -> offers(listening, conversation).findFirst().isPresent());
    return offers(listening, conversation).findFirst().orElseThrow();
  }

  private static Stream<String> offers(Listening listening, String conversation) {
    return listening
        .of("offer")
        .map(it -> it.getString("handoff"))
        .filter(it -> it.startsWith(conversation));
  }

  // ---- dead letters

  @Test
  void aLeadHasDeadLettersToldAgainOrThrownAway() {
    DeskAgent lena = new DeskAgent(SERVICE, "Lena", "lead");
    DeskAgent asha = new DeskAgent(SERVICE, "Asha", "agent");
    SERVICE.track.usually(_ -> TrackServer.Answer.of(400));
    String conversation = handedOver();
    SERVICE.until("some are refused", () -> letters(lena, conversation).size() >= 2);
    SERVICE.until("all is settled", () -> SERVICE.count("outbox") == 0);
    SERVICE.track.usually(_ -> TrackServer.Answer.of(200));
    List<String> letters = letters(lena, conversation);
    String replayed = "/dead-letters/" + letters.get(0);
    String discarded = "/dead-letters/" + letters.get(1);

    assertThat(asha.post(replayed + "/replay").status()).isEqualTo(403);
    assertThat(lena.post(replayed + "/replay").json().getInteger("letters")).isEqualTo(1);
    assertThat(lena.post(discarded + "/discard").json().getInteger("letters")).isEqualTo(1);

    SERVICE.until("it is told", () -> SERVICE.count("outbox") == 0);
    assertThat(letters(lena, conversation)).doesNotContain(letters.get(0), letters.get(1));
    assertThat(lena.post(discarded + "/replay").status()).isEqualTo(404);
    assertThat(lena.post("/dead-letters/nonsense/discard").status()).isEqualTo(404);
    assertThat(
            SERVICE.texts(
                "select action from desk_audit where conversation = '%s' and user_name = 'Lena' order by seq"
                    .formatted(conversation)))
        .containsSubsequence("replay", "discard");
  }

  private static List<String> letters(DeskAgent lead, String conversation) {
    JsonArray letters = lead.get("/dead-letters").json().getJsonArray("letters");
    return DeskAgent.items(letters)
        .filter(it -> it.getString("conversation").equals(conversation))
        .map(it -> it.getString("id"))
        .toList();
  }

  // ---- what tests begin with

  private static String handedOver() {
    String phone = "+1415557" + String.format("%04d", NUMBERS.incrementAndGet());
    JsonObject payload = Service.payload(phone, "care-" + phone);
    payload.getJsonObject("controls").put("flow", "care");
    SERVICE.trigger(payload.encode(), Service.bearer()).join();
    SERVICE.until(
        "it is handed over",
        () -> !SERVICE.texts("select 1 from handoff where theirs = '" + phone + "'").isEmpty());
    return SERVICE.texts("select id from conversation where theirs = '" + phone + "'").getFirst();
  }

  private static List<String> rows(String folder, DeskAgent agent) {
    return DeskAgent.items(
            agent.get("/conversations?folder=" + folder + "&limit=500").json().getJsonArray("rows"))
        .map(it -> it.getString("id"))
        .toList();
  }
}
