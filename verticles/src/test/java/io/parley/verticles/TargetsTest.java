package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.desk.DeskRules;
import io.parley.engine.flow.FlowProblem;
import io.parley.testkit.TestPostgres;
import io.parley.twilio.TwilioSignature;
import io.parley.verticles.PeerServer.Answered;
import io.parley.verticles.PeerServer.Asked;
import io.parley.verticles.Service.Answer;
import io.parley.verticles.TargetScene.Patient;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Conversations at desks elsewhere, each a stand-in that keeps what it is told and holds to what
/// is documented of the real one.
class TargetsTest {

  private static final Vertx WORLD = Vertx.vertx();
  private static final ChatwootServer CHATWOOT = new ChatwootServer(WORLD);
  private static final FlexServer FLEX = new FlexServer(WORLD);
  private static final ZendeskServer ZENDESK = new ZendeskServer(WORLD);
  private static final SignedDesk SIGNED = new SignedDesk(WORLD);
  private static final SignedDesk FRAIL = new SignedDesk(WORLD);
  private static final SignedDesk FAILING = new SignedDesk(WORLD);

  private static final TargetScene SCENE =
      new TargetScene(
          targets(),
          "CHATWOOT_TOKEN=chatwoot-token,CHATWOOT_URL_SECRET=chatwoot-url,"
              + "CHATWOOT_SIGNING=chatwoot-signing,FLEX_TOKEN=flex-token,"
              + "ZENDESK_SECRET=zendesk-secret,ZENDESK_HOOK=zendesk-hook,DESK_SECRET=desk-secret");
  private static final Service SERVICE = SCENE.service;

  private static Map<String, String> targets() {
    Map<String, String> targets = new LinkedHashMap<>();
    targets.put(
        "chatwoot",
        "type: chatwoot, url: %s, account: 1, inbox: 3, token: CHATWOOT_TOKEN, url_secret: CHATWOOT_URL_SECRET, signing_secret: CHATWOOT_SIGNING, requests_per_second: 1000"
            .formatted(CHATWOOT.peer.url()));
    targets.put(
        "flex",
        "type: flex, url: %s, account: %s, token: FLEX_TOKEN, workspace: WS%032d, workflow: WW%032d, requests_per_second: 1000"
            .formatted(FLEX.peer.url(), Service.ACCOUNT_SID, 1, 1));
    targets.put(
        "zendesk",
        "type: zendesk, url: %s, app: app1, key: app_1, key_secret: ZENDESK_SECRET, webhook_secret: ZENDESK_HOOK, requests_per_second: 1000"
            .formatted(ZENDESK.peer.url()));
    targets.put(
        "own",
        "type: webhook, url: %s, secret: DESK_SECRET, requests_per_second: 1000"
            .formatted(SIGNED.peer.url()));
    targets.put(
        "frail",
        "type: webhook, url: %s, secret: DESK_SECRET, give_up_after: 1s"
            .formatted(FRAIL.peer.url()));
    targets.put(
        "failing",
        "type: webhook, url: %s, secret: DESK_SECRET, give_up_after: 1s, otherwise: fail"
            .formatted(FAILING.peer.url()));
    return targets;
  }

  @AfterAll
  static void close() {
    SCENE.close();
    Service.await(WORLD.close());
  }

  private static Answer tell(String target, String body, Map<String, String> headers) {
    return SERVICE.post("/handoff-targets/" + target, body, headers).join();
  }

  // ---- Chatwoot

  private static long chatwootConversation(Patient patient) {
    SCENE.untilOwner(patient, "EXTERNAL");
    List<JsonObject> found = CHATWOOT.conversations(patient.externalId());
    assertThat(found).hasSize(1);
    return found.getFirst().getLong("id");
  }

  private static Answer chatwootTells(JsonObject event) {
    String body = event.encode();
    return tell("chatwoot?secret=chatwoot-url", body, ChatwootServer.signed(body));
  }

  @Test
  void aConversationLivesInChatwootAndComesBackToTheFlow() {
    Patient patient = SCENE.handedTo("chatwoot");
    long conversation = chatwootConversation(patient);
    assertThat(CHATWOOT.conversations(patient.externalId()).getFirst().getString("status"))
        .isEqualTo("open");
    assertThat(SCENE.column(patient, "handoff", "holder")).isEqualTo("chatwoot:" + conversation);

    for (int i = 1; i <= 5; i++) {
      SERVICE.reply(patient.phone(), "SM-cw-" + i, "question " + i);
    }
    SERVICE.until("all is there", () -> CHATWOOT.said(conversation, "incoming").size() >= 5);
    assertThat(CHATWOOT.said(conversation, "incoming"))
        .containsExactly("question 1", "question 2", "question 3", "question 4", "question 5");
    assertThat(CHATWOOT.said(conversation, "outgoing").getFirst())
        .contains("bot: One moment")
        .contains("All of it: https://parley.example.com/desk/conversations/");

    JsonObject said = CHATWOOT.agentSays(conversation, 900_001, "Size M will fit");
    assertThat(chatwootTells(said).status()).isEqualTo(204);
    assertThat(chatwootTells(said).status()).isEqualTo(204);
    SCENE.untilHeard(patient, "Size M will fit");

    assertThat(chatwootTells(CHATWOOT.updated(conversation, "resolved")).status()).isEqualTo(204);
    SCENE.untilHeard(patient, "resolved by chatwoot:Mia");
    assertThat(SCENE.owner(patient)).isEqualTo("CLOSED");
    assertThat(SCENE.heardBy(patient))
        .containsExactly("One moment", "Size M will fit", "resolved by chatwoot:Mia");
    assertThat(CHATWOOT.said(conversation, "incoming")).hasSize(5);
  }

  @Test
  void whatChatwootDoesNotTakeAtOnceIsSaidInOrderLater() {
    Patient patient = SCENE.handedTo("chatwoot");
    long conversation = chatwootConversation(patient);
    Predicate<Asked> saying =
        it -> it.path().endsWith("/" + conversation + "/messages") && it.body().contains("word 1");
    CHATWOOT.peer.refuseNext(saying, Answered.of(500, ""));
    CHATWOOT.peer.refuseNext(saying, new Answered(429, "", Map.of("Retry-After", "1")));

    SERVICE.reply(patient.phone(), "SM-cw-r1", "word 1");
    SERVICE.reply(patient.phone(), "SM-cw-r2", "word 2");

    SERVICE.until("all is there", () -> CHATWOOT.said(conversation, "incoming").size() >= 2);
    assertThat(CHATWOOT.said(conversation, "incoming")).containsExactly("word 1", "word 2");
  }

  @Test
  void aConversationWhoseMakingWasNotAnsweredIsFoundAgain() {
    CHATWOOT.peer.loseNextAnswer(
        it -> it.method().equals("POST") && it.path().endsWith("/conversations"));

    Patient patient = SCENE.handedTo("chatwoot");

    assertThat(chatwootConversation(patient)).isPositive();
  }

  @Test
  void aStopResolvesItThereAndTheAgentReadsIt() {
    Patient patient = SCENE.handedTo("chatwoot");
    long conversation = chatwootConversation(patient);

    SERVICE.reply(patient.phone(), "SM-cw-stop", "STOP");

    SERVICE.until(
        "it is resolved there",
        () ->
            CHATWOOT
                .conversations(patient.externalId())
                .getFirst()
                .getString("status")
                .equals("resolved"));
    assertThat(CHATWOOT.said(conversation, "incoming")).containsExactly("STOP");
    assertThat(CHATWOOT.said(conversation, "outgoing").getLast()).contains("is over");
    SERVICE.until(
        "nothing more is done there",
        () -> SCENE.column(patient, "handoff_target", "state").equals("OVER"));
    assertThat(chatwootTells(CHATWOOT.agentSays(conversation, 900_002, "Wait")).status())
        .isEqualTo(204);
    assertThat(SCENE.heardBy(patient)).doesNotContain("Wait");
  }

  @Test
  void anAgentsMessagesOutOfOrderAreEachSaidOnce() {
    Patient patient = SCENE.handedTo("chatwoot");
    long conversation = chatwootConversation(patient);

    chatwootTells(CHATWOOT.agentSays(conversation, 900_012, "second"));
    chatwootTells(CHATWOOT.agentSays(conversation, 900_011, "first"));
    chatwootTells(CHATWOOT.agentSays(conversation, 900_012, "second"));

    SCENE.untilHeard(patient, "first");
    assertThat(SCENE.heardBy(patient)).containsExactly("One moment", "second", "first");
  }

  // ---- Flex

  private static String flexConversation(Patient patient) {
    SCENE.untilOwner(patient, "EXTERNAL");
    return FLEX.conversation(patient.handoff(), true).orElseThrow();
  }

  private static Answer flexTells(Map<String, String> form) {
    return SERVICE
        .twilio(
            "/handoff-targets/flex",
            form,
            TwilioSignature.of(
                Service.PUBLIC_URL + "/handoff-targets/flex", encoded(form), FlexServer.TOKEN))
        .join();
  }

  private static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(it -> it.getKey() + "=" + URLEncoder.encode(it.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  @Test
  void aConversationLivesInFlexAndIsClosedThereWhenItsTaskIsDone() {
    Patient patient = SCENE.handedTo("flex");
    String conversation = flexConversation(patient);
    SERVICE.reply(patient.phone(), "SM-fx-1", "Are you there?");
    SERVICE.until("it is there", () -> FLEX.said(conversation).size() >= 2);
    assertThat(FLEX.said(conversation).getLast())
        .isEqualTo(patient.externalId() + ": Are you there?");

    Map<String, String> said =
        Map.of(
            "EventType", "onMessageAdded",
            "ConversationSid", conversation,
            "MessageSid", "IM900001",
            "Author", "mia",
            "Body", "I am",
            "Attributes", "{}");
    assertThat(flexTells(said).status()).isEqualTo(204);
    assertThat(flexTells(said).status()).isEqualTo(204);
    SCENE.untilHeard(patient, "I am");

    flexTells(FLEX.taskEvent(conversation, "task.completed", "solved"));
    SCENE.untilHeard(patient, "solved by flex:mia");
    SERVICE.until("it is closed", () -> FLEX.state(conversation).equals("closed"));
    assertThat(SCENE.heardBy(patient)).containsExactly("One moment", "I am", "solved by flex:mia");
  }

  @Test
  void aTaskThatIsCanceledLeavesNoConversationOpenAndNobodyWaitingForIt() {
    Patient patient = SCENE.handedTo("flex");
    String conversation = flexConversation(patient);

    flexTells(FLEX.taskEvent(conversation, "task.canceled", "Task TTL exceeded"));

    SCENE.untilOwner(patient, "QUEUED");
    SERVICE.until("it is closed", () -> FLEX.state(conversation).equals("closed"));
    assertThat(SCENE.column(patient, "handoff_queue", "target")).isEqualTo("desk");
  }

  @Test
  void anInteractionWhoseMakingWasNotAnsweredIsMadeOnce() {
    int before = FLEX.interactions();
    FLEX.peer.loseNextAnswer(it -> it.path().equals("/v1/Interactions"));
    FLEX.peer.loseNextAnswer(
        it -> it.path().equals("/v1/Conversations") && it.method().equals("POST"));

    Patient patient = SCENE.handedTo("flex");

    flexConversation(patient);
    assertThat(FLEX.interactions()).isEqualTo(before + 1);
  }

  // ---- Zendesk

  private static Answer zendeskTells(String id, String type, JsonObject payload) {
    return tell(
        "zendesk", ZendeskServer.event(id, type, payload), Map.of("X-API-Key", "zendesk-hook"));
  }

  @Test
  void aConversationLivesInZendeskUntilControlIsReleased() {
    Patient patient = SCENE.handedTo("zendesk");
    SCENE.untilOwner(patient, "EXTERNAL");
    String conversation = ZENDESK.conversations(patient.handoff()).getFirst();
    assertThat(ZENDESK.control(conversation).getString("action")).isEqualTo("passControl");
    assertThat(ZENDESK.control(conversation).getString("to")).isEqualTo("zd-agentWorkspace");
    assertThat(ZENDESK.control(conversation).getJsonObject("metadata").getString("parley_link"))
        .startsWith("https://parley.example.com/desk/conversations/");

    SERVICE.reply(patient.phone(), "SM-zd-1", "Hello?");
    SERVICE.until("it is there", () -> ZENDESK.said(conversation).size() >= 2);
    assertThat(ZENDESK.said(conversation).getLast()).isEqualTo("user: Hello?");

    JsonObject at = new JsonObject().put("id", conversation);
    zendeskTells(
        "e1",
        "conversation:message",
        new JsonObject()
            .put("conversation", at)
            .put(
                "message",
                new JsonObject()
                    .put("id", "m1")
                    .put(
                        "author",
                        new JsonObject().put("type", "business").put("displayName", "Mia"))
                    .put("content", new JsonObject().put("type", "text").put("text", "Hi Jane"))));
    SCENE.untilHeard(patient, "Hi Jane");
    zendeskTells(
        "e2",
        "switchboard:releaseControl",
        new JsonObject().put("conversation", at).put("reason", "ticketClosed"));

    SCENE.untilHeard(patient, "ticket_closed by zendesk");
    assertThat(SCENE.owner(patient)).isEqualTo("CLOSED");
  }

  // ---- a server of the brand's own

  private static Answer ownTells(JsonObject body) {
    return tell("own", body.encode(), SignedDesk.signed(body.encode()));
  }

  private static JsonObject message(Patient patient, String id, String text) {
    return new JsonObject()
        .put("type", "message")
        .put("handoff", patient.handoff())
        .put("id", id)
        .put("agent", "Mia")
        .put("text", text);
  }

  @Test
  void aServerOfTheBrandsOwnIsToldAndTells() {
    Patient patient = SCENE.handedTo("own");
    SCENE.untilOwner(patient, "EXTERNAL");
    JsonObject opened = SIGNED.told(patient.handoff(), "handoff.opened").getFirst();
    assertThat(opened.getString("topic")).isEqualTo("own");
    assertThat(opened.getJsonObject("customer").getString("name")).isEqualTo("Jane");
    assertThat(SCENE.column(patient, "handoff", "holder")).isEqualTo("own:r-" + patient.handoff());

    SERVICE.reply(patient.phone(), "SM-own-1", "one");
    SERVICE.reply(patient.phone(), "SM-own-2", "two");
    assertThat(ownTells(message(patient, "m1", "Yes?")).status()).isEqualTo(204);
    SCENE.untilHeard(patient, "Yes?");
    SERVICE.until("all is there", () -> SIGNED.said(patient.handoff()).size() >= 2);
    assertThat(SIGNED.said(patient.handoff())).containsExactly("customer: one", "customer: two");

    ownTells(
        new JsonObject()
            .put("type", "close")
            .put("handoff", patient.handoff())
            .put("id", "c1")
            .put("agent", "Mia")
            .put("disposition", "solved"));
    SCENE.untilHeard(patient, "solved by own:Mia");
  }

  /// It passes the same gates as what a flow says, and whoever wrote it is told.
  @Test
  void aMessageThatMayNotLeaveIsRefusedAndTheAgentReadsWhy() {
    Patient patient = SCENE.handedTo("own");
    SCENE.untilOwner(patient, "EXTERNAL");

    Answer answer = ownTells(message(patient, "m-long", "long ".repeat(1_000)));

    assertThat(answer.json().getString("status")).isEqualTo("refused");
    assertThat(answer.json().getString("message")).isNotBlank();
    SERVICE.until("the agent reads it", () -> !SIGNED.said(patient.handoff()).isEmpty());
    assertThat(SIGNED.said(patient.handoff()).getFirst())
        .startsWith("parley: The customer has not got your message: ");
  }

  @Test
  void whatIsGivenBackWaitsForTheBuiltInDesk() {
    Patient patient = SCENE.handedTo("own");
    SCENE.untilOwner(patient, "EXTERNAL");

    ownTells(
        new JsonObject()
            .put("type", "return")
            .put("handoff", patient.handoff())
            .put("id", "b1")
            .put("why", "nobody speaks Hindi"));

    SCENE.untilOwner(patient, "QUEUED");
    assertThat(SCENE.column(patient, "handoff_queue", "target")).isEqualTo("desk");
    SERVICE.until(
        "nothing more is done there",
        () -> SCENE.column(patient, "handoff_target", "state").equals("OVER"));
    assertThat(ownTells(message(patient, "m-late", "Namaste")).status()).isEqualTo(204);
    assertThat(SCENE.heardBy(patient)).containsExactly("One moment");
  }

  @Test
  void whatIsGivenBackIsNotGivenToTheSameTargetAgain() throws Exception {
    Patient patient = SCENE.handedTo("own");
    SCENE.untilOwner(patient, "EXTERNAL");
    try (Connection other =
            DriverManager.getConnection(
                TestPostgres.jdbc(SERVICE.database), "postgres", "postgres");
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute(
          "select from handoff_queue where theirs = '%s' for update".formatted(patient.phone()));

      CompletableFuture<Answer> back =
          CompletableFuture.supplyAsync(() -> ownTells(ending(patient, "return", "b3")));
      SERVICE.until("the queue is to be told first", () -> waitsForALock("set target = 'desk'"));
      assertThat(SCENE.owner(patient)).isEqualTo("EXTERNAL");
      other.rollback();
      assertThat(back.get(1, TimeUnit.MINUTES).status()).isEqualTo(204);
    }

    SERVICE.until(
        "nothing more is done there",
        () -> SCENE.column(patient, "handoff_target", "state").equals("OVER"));
    assertThat(SCENE.owner(patient)).isEqualTo("QUEUED");
    assertThat(SIGNED.told(patient.handoff(), "handoff.opened")).hasSize(1);
  }

  private static boolean waitsForALock(String sql) {
    return SERVICE.count(
            "pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
                + " and position('%s' in query) > 0".formatted(sql.replace("'", "''")))
        > 0;
  }

  /// It does not hear at once that an agent has taken it, and is told when it ends it.
  @Test
  void whatATargetEndsLateStaysWithTheAgentWhoTookItMeanwhile() {
    Patient patient = SCENE.handedTo("own");
    SCENE.untilOwner(patient, "EXTERNAL");
    hearsNothing(patient);
    isTakenByMia(patient);

    endsItInVain(patient);

    assertThat(SCENE.owner(patient)).isEqualTo("AGENT");
    assertThat(SCENE.column(patient, "handoff", "holder")).isEqualTo("mia");
    assertThat(SCENE.column(patient, "handoff_queue", "target")).isEqualTo("own");
    hearsAgain(patient);
    SERVICE.until(
        "nothing more is done there",
        () -> SCENE.column(patient, "handoff_target", "state").equals("OVER"));
    assertThat(SCENE.owner(patient)).isEqualTo("AGENT");
  }

  /// As where the answer to its opening is on the way, or is lost.
  @Test
  void whatATargetEndsBeforeItHasANameForItStaysWithTheAgent() {
    Patient patient = SCENE.handedTo("own");
    SCENE.untilOwner(patient, "EXTERNAL");
    hearsNothing(patient);
    isTakenByMia(patient);
    SERVICE.execute(
        "update handoff_target set state = 'OPENING', reference = null, due_at = 'infinity'"
            + " where conversation || ':' || turn || ':' || index = '%s'"
                .formatted(patient.handoff()));

    endsItInVain(patient);

    assertThat(SCENE.owner(patient)).isEqualTo("AGENT");
    assertThat(SCENE.column(patient, "handoff", "holder")).isEqualTo("mia");
  }

  private static void isTakenByMia(Patient patient) {
    SERVICE.execute(
        """
        insert into inbox (source, source_id, ours, theirs, format, event, received_at, due_at, error)
        select 'agent', 'took-' || theirs, ours, theirs, 4, '{"type":"AgentTook","agent":"mia","over":true}',
               now(), now(), ''
          from handoff where theirs = '%s'
        """
            .formatted(patient.phone()));
    SCENE.untilOwner(patient, "AGENT");
  }

  private static void endsItInVain(Patient patient) {
    Answer back = ownTells(ending(patient, "return", "late-back").put("why", "too late"));
    Answer closed = ownTells(ending(patient, "close", "late-close").put("disposition", "solved"));

    assertThat(List.of(back, closed))
        .allSatisfy(it -> assertThat(it.json().getString("status")).isEqualTo("refused"))
        .allSatisfy(it -> assertThat(it.json().getString("reason")).isEqualTo("already_taken"))
        .allSatisfy(it -> assertThat(it.json().getString("message")).contains("somebody else"));
  }

  /// As where each try to reach it fails.
  private static void hearsNothing(Patient patient) {
    SERVICE.until(
        "it is open there, and nothing is told there now",
        () -> {
          due(patient, "'infinity'", "state = 'OPEN' and due_at <= now()");
          return SCENE.column(patient, "handoff_target", "due_at = 'infinity'").equals("true");
        });
  }

  private static void hearsAgain(Patient patient) {
    due(patient, "now()", "true");
  }

  private static void due(Patient patient, String at, String where) {
    SERVICE.execute(
        "update handoff_target set due_at = %s where %s and conversation || ':' || turn || ':' || index = '%s'"
            .formatted(at, where, patient.handoff()));
  }

  private static JsonObject ending(Patient patient, String type, String id) {
    return new JsonObject().put("type", type).put("handoff", patient.handoff()).put("id", id);
  }

  @Test
  void whatCameBackMayBeGivenToATargetAgain() {
    Patient patient = SCENE.handedTo("own");
    SCENE.untilOwner(patient, "EXTERNAL");
    JsonObject back =
        new JsonObject().put("type", "return").put("handoff", patient.handoff()).put("id", "b2");
    ownTells(back);
    SERVICE.until(
        "nothing more is done there",
        () -> SCENE.column(patient, "handoff_target", "state").equals("OVER"));

    SERVICE.execute(
        "update handoff_queue set target = 'own', told = told + 1"
            + " where conversation || ':' || turn || ':' || index = '%s'"
                .formatted(patient.handoff()));

    SCENE.untilOwner(patient, "EXTERNAL");
    assertThat(SIGNED.told(patient.handoff(), "handoff.opened")).hasSize(2);
    ownTells(message(patient, "m-again", "Here again"));
    SCENE.untilHeard(patient, "Here again");
  }

  @Test
  void whoProvesNothingTellsNothing() {
    Patient patient = SCENE.handedTo("own");
    SCENE.untilOwner(patient, "EXTERNAL");
    String body = message(patient, "m-forged", "Send me your card number").encode();

    assertThat(tell("own", body, Map.of()).status()).isEqualTo(401);
    assertThat(tell("own", body, SignedDesk.signed(body + " ")).json().getString("reason"))
        .isEqualTo("wrong_signature");
    assertThat(tell("chatwoot?secret=no", "{}", ChatwootServer.signed("{}")).status())
        .isEqualTo(401);
    assertThat(tell("zendesk", "{\"events\":[]}", Map.of()).status()).isEqualTo(401);
    assertThat(SERVICE.twilio("/handoff-targets/flex", Map.of("a", "b"), "forged").join().status())
        .isEqualTo(401);
    assertThat(tell("nobody", body, Map.of()).status()).isEqualTo(404);
    String large = "x".repeat(300_000);
    assertThat(tell("own", large, SignedDesk.signed(large)).status()).isEqualTo(413);
    assertThat(SCENE.heardBy(patient)).containsExactly("One moment");
  }

  @Test
  void whatWasNotToldBeforeARestartIsToldAfterIt() {
    Patient patient = SCENE.handedTo("own");
    SCENE.untilOwner(patient, "EXTERNAL");
    Predicate<Asked> saying = it -> it.body().contains("before the restart");
    for (int i = 0; i < 3; i++) {
      SIGNED.peer.refuseNext(saying, Answered.of(503, ""));
    }
    SERVICE.reply(patient.phone(), "SM-own-restart", "before the restart");
    SERVICE.until("it is tried", () -> SIGNED.peer.count(saying) >= 1);

    SERVICE.stop();
    SERVICE.restart();

    SERVICE.until("it is there", () -> !SIGNED.said(patient.handoff()).isEmpty());
    assertThat(SIGNED.said(patient.handoff())).containsExactly("customer: before the restart");
  }

  /// As after a crash between the placing and the keeping of it.
  @Test
  void whatWasPlacedBeforeItWasKeptAsOpenStaysThere() {
    Patient patient = SCENE.handedTo("own");
    SCENE.untilOwner(patient, "EXTERNAL");
    SERVICE.until(
        "it is open", () -> SCENE.column(patient, "handoff_target", "state").equals("OPEN"));

    SERVICE.execute(
        "update handoff_target set state = 'OPENING', due_at = now()"
            + " where conversation || ':' || turn || ':' || index = '%s'"
                .formatted(patient.handoff()));

    SERVICE.until(
        "it goes on", () -> !SCENE.column(patient, "handoff_target", "state").equals("OPENING"));
    SERVICE.reply(patient.phone(), "SM-own-crash", "still there?");
    SERVICE.until("it is told", () -> !SIGNED.said(patient.handoff()).isEmpty());
    assertThat(SCENE.column(patient, "handoff_target", "state")).isEqualTo("OPEN");
    assertThat(SIGNED.told(patient.handoff(), "handoff.closed")).isEmpty();
  }

  // ---- a target that is down

  @Test
  void whatIsMovedToTheAgentsHereWhileATargetIsDownIsNotOpenedThere() {
    SIGNED.peer.goDown();
    try {
      Patient patient = SCENE.handedTo("own");
      SERVICE.until(
          "it was tried",
          () -> SCENE.column(patient, "handoff_target", "attempts::text").matches("[1-9]\\d*"));

      SERVICE.execute(
          "update handoff_queue set target = 'desk', told = told + 1"
              + " where conversation || ':' || turn || ':' || index = '%s'"
                  .formatted(patient.handoff()));
      SERVICE.until(
          "it is given up", () -> SCENE.column(patient, "handoff_target", "state").equals("OVER"));

      assertThat(SCENE.owner(patient)).isEqualTo("QUEUED");
      assertThat(SIGNED.told(patient.handoff(), "handoff.opened")).isEmpty();
    } finally {
      SIGNED.peer.comeBack();
    }
  }

  @Test
  void aTargetThatIsDownStrandsNobody() {
    FRAIL.peer.goDown();
    try {
      Patient patient = SCENE.handedTo("frail");

      SERVICE.until(
          "it is given up", () -> SCENE.column(patient, "handoff_target", "state").equals("OVER"));

      assertThat(SCENE.owner(patient)).isEqualTo("QUEUED");
      assertThat(SCENE.column(patient, "handoff_queue", "target")).isEqualTo("desk");
      assertThat(SCENE.column(patient, "handoff_target", "error")).contains("503");
    } finally {
      FRAIL.peer.comeBack();
    }
  }

  @Test
  void aTargetThatGoesDownGivesBackWhatItHad() {
    SERVICE.until(
        "it is well again",
        () -> SERVICE.get("/metrics").body().contains("parley_handoff_target_up"));
    Patient patient = SCENE.handedTo("frail");
    SCENE.untilOwner(patient, "EXTERNAL");
    FRAIL.peer.goDown();
    try {
      SERVICE.reply(patient.phone(), "SM-frail-1", "anybody?");

      SCENE.untilOwner(patient, "QUEUED");

      assertThat(SCENE.column(patient, "handoff_queue", "target")).isEqualTo("desk");
    } finally {
      FRAIL.peer.comeBack();
    }
  }

  @Test
  void aFlowMayGoOnWhereItsTargetIsDown() {
    FAILING.peer.goDown();

    Patient patient = SCENE.handedTo("failing");

    SCENE.untilHeard(patient, "Nobody is here");
    assertThat(SCENE.owner(patient)).isEqualTo("CLOSED");
  }

  // ---- the desk file

  @Test
  void whatIsWrongWithTargetsIsSaidWithItsPlace() {
    String text =
        """
        topics: {care: {target: a}}
        targets:
          a: {type: chatwoot, url: http://chat.example.com, account: 1, token: lower, colour: red}
          b: {type: fax}
          c: {type: flex, account: AC1, token: TWILIO_TOKEN, workspace: WS1, workflow: WW1}
          d: {type: webhook, url: https://example.com, secret: SECRET, give_up_after: soon}
        """;

    assertThat(DeskFile.read(text)).isInstanceOf(DeskRules.Reading.Invalid.class);
    List<FlowProblem> problems = ((DeskRules.Reading.Invalid) DeskFile.read(text)).problems();
    assertThat(problems)
        .extracting(FlowProblem::propertyPath)
        .contains(
            "#/targets/a/url",
            "#/targets/a/inbox",
            "#/targets/a/token",
            "#/targets/b/type",
            "#/targets/c/account",
            "#/targets/c/workspace",
            "#/targets/d/give_up_after");
  }
}
