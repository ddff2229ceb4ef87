package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.verticles.DeskAgent.Listening;
import io.parley.verticles.Service.Answer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Conversations at the desk, as agents in their browsers see and move them.
class DeskServiceTest {

  private static final AtomicInteger NUMBERS = new AtomicInteger(100);
  private static final Service SERVICE =
      Service.start(Map.of("WHATSAPP_SENDER", "whatsapp:" + Service.OURS, "POLICY", policy()));
  private static final DeskAgent asha = new DeskAgent(SERVICE, "Asha", "agent");
  private static final DeskAgent ben = new DeskAgent(SERVICE, "Ben", "agent");
  private static final DeskAgent lena = new DeskAgent(SERVICE, "Lena", "lead");

  /// At any hour, with an offer that a gate grants.
  private static String policy() {
    try {
      return Files.writeString(
              Files.createTempFile("policy", ".yaml"),
              """
              hours: {quiet: off}
              offers:
                catalogue:
                  second: {kind: generated, prefix: SKIN-, value: 15%}
              """)
          .toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

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

  private static final String CARE =
      """
      {"description": "Care", "initial_state": "Trigger",
       "flags": {"allow_concurrent_calls": true}, "states": [
        {"name": "Trigger", "type": "trigger", "properties": {"offset": {"x": 10, "y": 20}},
         "transitions": [{"event": "incomingRequest", "next": "hello"}]},
        {"name": "hello", "type": "send-message",
         "properties": {"offset": {"x": 10, "y": 220},
                        "from": "{{flow.channel.address}}", "to": "{{contact.channel.address}}",
                        "body": "One moment"},
         "transitions": [{"event": "sent", "next": "person"}, {"event": "failed"}]},
        {"name": "person", "type": "send-to-flex",
         "properties": {"workflow": "care", "channel": "sms",
                        "attributes": "{\\"topic\\": \\"sizes\\"}"},
         "transitions": [{"event": "callComplete", "next": "thanks"},
                         {"event": "failedToEnqueue"}, {"event": "callFailure"}]},
        {"name": "thanks", "type": "send-message",
         "properties": {"from": "{{flow.channel.address}}", "to": "{{contact.channel.address}}",
                        "body": "{{widgets.person.disposition}} by {{widgets.person.agent}}"},
         "transitions": [{"event": "sent"}, {"event": "failed"}]}
      ]}
      """;

  // ---- two agents

  @Test
  void ofTwoAgentsWhoTakeAtOnceOneGetsItAndTheOtherIsToldWho() {
    String conversation = handedOver(phone());

    List<Answer> answers =
        Stream.of(asha, ben)
            .map(it -> it.posting("/conversations/" + conversation + "/take", new JsonObject()))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();

    assertThat(answers.stream().map(Answer::status)).containsExactlyInAnyOrder(200, 409);
    JsonObject taken =
        answers.stream().filter(it -> it.status() == 200).findFirst().orElseThrow().json();
    JsonObject told =
        answers.stream().filter(it -> it.status() == 409).findFirst().orElseThrow().json();
    assertThat(taken.getString("state")).isEqualTo("agent");
    assertThat(told.getString("reason")).isEqualTo("already_taken");
    assertThat(told.getJsonObject("agent")).isEqualTo(taken.getJsonObject("agent"));
    assertThat(told.getString("message")).isEqualTo("Another agent has this conversation.");
  }

  @Test
  void whoTakesAgainWhatTheyHaveIsToldThatTheyHaveIt() {
    String conversation = handedOver(phone());

    asha.take(conversation);

    assertThat(asha.take(conversation).status()).isEqualTo(200);
    assertThat(asha.take(conversation).json().getJsonObject("agent").getString("name"))
        .isEqualTo("Asha");
  }

  @Test
  void aLeadAssignsFromOneAgentToAnotherAndAnAgentMayNot() {
    String conversation = handedOver(phone());
    asha.take(conversation);
    JsonObject toBen = new JsonObject().put("agent", ben.id);

    assertThat(ben.post("/conversations/" + conversation + "/assign", toBen).status())
        .isEqualTo(409);
    Answer assigned = lena.post("/conversations/" + conversation + "/assign", toBen);

    assertThat(assigned.json().getJsonObject("agent").getString("name")).isEqualTo("Ben");
    assertThat(asha.write(conversation, "d1", "Still me?").json().getString("reason"))
        .isEqualTo("already_taken");
  }

  @Test
  void whatIsReleasedWaitsAgain() {
    String conversation = handedOver(phone());
    asha.take(conversation);

    Answer released =
        asha.post(
            "/conversations/" + conversation + "/release", new JsonObject().put("why", "lunch"));

    assertThat(released.json().getString("state")).isEqualTo("queued");
    assertThat(rows("unassigned", ben)).contains(conversation);
    assertThat(ben.take(conversation).status()).isEqualTo(200);
  }

  // ---- live

  @Test
  void aReplyArrivesOnTheStream() {
    String phone = phone();
    String conversation = handedOver(phone);
    try (Listening listening = asha.listen(conversation)) {
      SERVICE.reply(phone, "SM-live-1" + phone, "are you there?");

      SERVICE.until("it is told", () -> listening.texts().contains("are you there?"));
      assertThat(listening.texts()).containsOnlyOnce("are you there?");
      SERVICE.until(
          "the list is told",
          () -> listening.of("row").anyMatch(it -> it.getString("id").equals(conversation)));
      SERVICE.until("counts are told", () -> listening.of("counts").findAny().isPresent());
    }
  }

  @Test
  void howFarAMessageGotIsToldOfTheSameItem() {
    String phone = phone();
    String conversation = handedOver(phone);
    asha.take(conversation);
    try (Listening listening = asha.listen(conversation)) {
      String id =
          asha.write(conversation, "s1", "How can I help?")
              .json()
              .getJsonObject("item")
              .getString("id");

      SERVICE.until(
          "it is sent",
          () ->
              listening
                  .of("item")
                  .anyMatch(
                      it ->
                          it.getString("id").equals(id) && "sent".equals(it.getString("status"))));
      SERVICE.status(message("How can I help?"), "delivered").join();

      SERVICE.until(
          "it is delivered",
          () ->
              listening
                  .of("item")
                  .anyMatch(
                      it ->
                          it.getString("id").equals(id)
                              && "delivered".equals(it.getString("status"))));
      int turn = asha.get("/conversations/" + conversation).json().getInteger("turn");
      JsonObject since =
          asha.get("/conversations/" + conversation + "/items?after=" + (turn - 1)).json();
      assertThat(
              DeskAgent.items(since.getJsonArray("items"))
                  .filter(it -> it.getString("id").equals(id))
                  .map(it -> it.getString("status")))
          .containsExactly("delivered");
    }
  }

  @Test
  void aStreamGoesOnAfterARestartAndLosesAndDoublesNothing() {
    String phone = phone();
    String conversation = handedOver(phone);
    String last;
    List<String> before;
    try (Listening listening = asha.listen(conversation)) {
      for (int i = 0; i < 5; i++) {
        SERVICE.reply(phone, "SM-before-" + i + phone, "before " + i);
      }
      SERVICE.until("all are told", () -> listening.texts().contains("before 4"));
      SERVICE.stop();
      SERVICE.until("the stream ends", listening::isOver);
      last = listening.lastId();
      before = listening.texts();
    }
    SERVICE.restart();
    for (int i = 0; i < 5; i++) {
      SERVICE.reply(phone, "SM-between-" + i + phone, "between " + i);
    }
    try (Listening again = asha.listen("?conversation=" + conversation, last)) {
      SERVICE.reply(phone, "SM-after" + phone, "after");
      SERVICE.until("all are told", () -> again.texts().contains("after"));

      List<String> all = Stream.concat(before.stream(), again.texts().stream()).toList();
      for (int i = 0; i < 5; i++) {
        assertThat(all).containsOnlyOnce("before " + i).containsOnlyOnce("between " + i);
      }
      assertThat(all).containsOnlyOnce("after");
    }
  }

  @Test
  void turnsThatNoNodeAnnouncedArriveAllTheSame() {
    String phone = phone();
    String conversation = handedOver(phone);
    try (Listening listening = asha.listen(conversation)) {
      SERVICE.until("it listens", () -> listening.of("presence").findAny().isPresent());
      SERVICE.execute(
          """
          insert into turn (conversation, number, source, source_id, at, kind, format, event, effects,
                            path, state)
          select conversation, number + 1, 'twilio_message', 'SM-other-node', now(), 'ReplyReceived', format,
                 '{"type":"ReplyReceived","sid":"SM-other","parameters":{"Body":"from elsewhere"},"tags":[],
                   "tagger":"t","startable":null}', '[]', '[]', state
            from turn where conversation = '%s' order by number desc limit 1
          """
              .formatted(conversation));

      SERVICE.until("it is told", () -> listening.texts().contains("from elsewhere"));
    }
  }

  @Test
  void whoLooksAndTypesIsSeenByTheOther() {
    String conversation = handedOver(phone());
    try (Listening hers = asha.listen(conversation);
        Listening his = ben.listen(conversation)) {
      assertThat(hers.status).isEqualTo(200);
      asha.post("/conversations/" + conversation + "/typing", new JsonObject().put("typing", true));

      SERVICE.until(
          "he is told that she types",
          () ->
              his.of("presence")
                  .flatMap(it -> DeskAgent.items(it.getJsonArray("viewers")))
                  .anyMatch(it -> it.getString("id").equals(asha.id) && it.getBoolean("typing")));
      SERVICE.until(
          "she types no more",
          () ->
              his.of("presence").reduce((_, last) -> last).stream()
                  .flatMap(it -> DeskAgent.items(it.getJsonArray("viewers")))
                  .noneMatch(it -> it.getBoolean("typing")));
      assertThat(
              DeskAgent.items(
                      ben.get("/conversations/" + conversation).json().getJsonArray("viewers"))
                  .map(it -> it.getString("name")))
          .contains("Asha", "Ben");
    }
  }

  @Test
  void aStreamEndsWhenItsSessionIsRevoked() {
    DeskAgent gone = new DeskAgent(SERVICE, "Gone", "agent");
    try (Listening listening = gone.listen("", "")) {
      SERVICE.execute("delete from desk_session where user_id = '" + gone.id + "'");

      SERVICE.until("the stream ends", listening::isOver);
      assertThat(gone.get("/counts").json().getString("reason")).isEqualTo("signed_out");
    }
  }

  // ---- the bot and the agent

  @Test
  void whoTypesInTheBotsConversationTakesItAndTheBotStops() {
    String phone = phone();
    String conversation = started(phone);

    Answer typing =
        asha.post(
            "/conversations/" + conversation + "/typing", new JsonObject().put("typing", true));

    assertThat(typing.json().getString("state")).isEqualTo("agent");
    SERVICE.reply(phone, "SM-typing" + phone, "it is too dear");
    SERVICE.pause(Duration.ofMillis(300));
    assertThat(SERVICE.channel.texts()).doesNotContain("You said: it is too dear");
    assertThat(asha.said(conversation)).last().isEqualTo("contact: it is too dear");
    assertThat(rows("mine", asha)).contains(conversation);
  }

  @Test
  void theFlowGoesOnOnlyOnceItIsKnownWhetherItsMessageHasLeftAndSaysItOnce() {
    String phone = phone();
    SERVICE.channel.next(FakeChannel.Fate.TAKEN_UNHEARD);
    SERVICE.trigger(phone, "cart-" + phone);
    String inDoubt =
        " where in_doubt_since is not null and last_error = 'the answer was lost' and contact = '"
            + phone
            + "'";
    SERVICE.until(
        "its answer is lost", () -> !SERVICE.texts("select 1 from outbox" + inDoubt).isEmpty());
    SERVICE.execute("update outbox set due_at = now() + interval '1 hour'" + inDoubt);
    String conversation = conversation(phone);
    asha.take(conversation);

    Answer early = goingOn(conversation);
    SERVICE.execute("update outbox set due_at = now()" + inDoubt);
    SERVICE.until("it may be closed", () -> goingOn(conversation).status() == 200);

    assertThat(early.status()).as(early.body()).isEqualTo(503);
    SERVICE.reply(phone, "SM-once" + phone, "it is too dear");
    SERVICE.until(
        "the flow has heard the answer", () -> said(phone).contains("You said: it is too dear"));
    assertThat(said(phone)).containsExactly("Hi Jane, still want it?", "You said: it is too dear");
  }

  private static Answer goingOn(String conversation) {
    return asha.post(
        "/conversations/" + conversation + "/close",
        new JsonObject()
            .put("disposition", "solved")
            .put("then", new JsonObject().put("do", "goes_on")));
  }

  private static List<String> said(String phone) {
    return SERVICE.channel.sends().stream()
        .filter(it -> it.to().value().equals(phone))
        .map(FakeChannel::text)
        .toList();
  }

  @Test
  void theSameDraftIsSaidOnceAndAnsweredTheSame() {
    String conversation = handedOver(phone());
    asha.take(conversation);

    Answer first = asha.write(conversation, "draft-1", "Only once, please");
    Answer again = asha.write(conversation, "draft-1", "Only once, please");

    assertThat(first.status()).isEqualTo(200);
    assertThat(again.json().getJsonObject("item").getString("id"))
        .isEqualTo(first.json().getJsonObject("item").getString("id"));
    assertThat(asha.said(conversation)).containsOnlyOnce("agent: Only once, please");
    JsonObject item = first.json().getJsonObject("item");
    assertThat(item.getJsonObject("agent").getString("name")).isEqualTo("Asha");
    assertThat(item.getString("draft")).isEqualTo("draft-1");
  }

  @Test
  void onCloseTheFlowGoesOnAndTheNextReplyGoesToTheBot() {
    String phone = phone();
    String conversation = handedOver(phone);
    asha.take(conversation);

    Answer closed =
        asha.post(
            "/conversations/" + conversation + "/close",
            new JsonObject().put("disposition", "solved"));

    assertThat(closed.status()).as(closed.body()).isEqualTo(200);
    SERVICE.until("the flow went on", () -> SERVICE.channel.texts().contains("solved by Asha"));
    assertThat(rows("all", asha)).doesNotContain(conversation);
    assertThat(rows("closed", asha)).contains(conversation);
    assertThat(asha.write(conversation, "late-" + phone, "One more thing").status()).isEqualTo(200);
  }

  @Test
  void afterAnAgentWhoTookItClosesTheNextReplyGoesToTheBot() {
    String phone = phone();
    String conversation = started(phone);
    asha.take(conversation);

    Answer closed =
        asha.post(
            "/conversations/" + conversation + "/close",
            new JsonObject()
                .put("disposition", "helped")
                .put("then", new JsonObject().put("do", "goes_on")));
    SERVICE.reply(phone, "SM-back" + phone, "thanks to you");

    assertThat(closed.status()).as(closed.body()).isEqualTo(200);
    SERVICE.until(
        "the bot answers", () -> SERVICE.channel.texts().contains("You said: thanks to you"));
  }

  // ---- gates

  @Test
  void whoHasOptedOutIsNotWrittenToAndThatIsSaid() {
    String phone = phone();
    String conversation = started(phone);
    SERVICE.reply(phone, "SM-stop" + phone, "STOP");

    JsonObject gates = asha.get("/conversations/" + conversation).json().getJsonObject("gates");
    Answer written = asha.write(conversation, "d-stop", "Are you sure?");

    assertThat(gates.getBoolean("may_write")).isFalse();
    assertThat(gates.getJsonArray("blocks").getJsonObject(0).getString("reason"))
        .isEqualTo("opted_out");
    assertThat(written.status()).isEqualTo(409);
    assertThat(written.json().getString("reason")).isEqualTo("opted_out");
    assertThat(written.json().getString("message")).contains("write START");
    assertThat(SERVICE.channel.texts()).doesNotContain("Are you sure?");
  }

  @Test
  void outsideOfWhatsAppsWindowOnlyATemplateLeaves() {
    String phone = phone();
    JsonObject payload = Service.payload(phone, "wa-" + phone);
    payload.getJsonObject("controls").put("flow", "care").put("channel", "whatsapp");
    SERVICE.trigger(payload.encode(), Service.bearer()).join();
    String conversation = conversation("whatsapp:" + phone);

    JsonObject gates = asha.get("/conversations/" + conversation).json().getJsonObject("gates");
    Answer text = asha.write(conversation, "wa-text", "Hello again");
    Answer template =
        asha.post(
            "/conversations/" + conversation + "/messages",
            new JsonObject()
                .put("draft", "wa-template")
                .put(
                    "template",
                    new JsonObject()
                        .put("sid", "HX" + "0".repeat(32))
                        .put("variables", new JsonObject().put("1", "Jane"))));

    assertThat(gates.getBoolean("template_only")).isTrue();
    assertThat(text.status()).isEqualTo(409);
    assertThat(text.json().getString("reason")).isEqualTo("outside_window");
    assertThat(text.json().getString("message")).contains("Only a template may be sent");
    assertThat(template.status()).as(template.body()).isEqualTo(200);
    assertThat(template.json().getJsonObject("item").getString("template")).startsWith("HX");
  }

  @Test
  void aDiscountThatNoGateGrantedIsRefused() {
    String conversation = handedOver(phone());
    asha.take(conversation);

    Answer written = asha.write(conversation, "offer", "Take 20% off with the code SAVE20");

    assertThat(written.status()).isEqualTo(409);
    assertThat(written.json().getString("reason")).isEqualTo("offer_not_granted");
  }

  // ---- who may

  @Test
  void topicsThatAreNotTheirsAreNotShown() {
    DeskAgent other = new DeskAgent(SERVICE, "Olga", "agent", "returns");
    String conversation = handedOver(phone());

    assertThat(other.get("/conversations/" + conversation).status()).isEqualTo(403);
    assertThat(other.take(conversation).json().getString("reason")).isEqualTo("other_topic");
    assertThat(rows("all", other)).doesNotContain(conversation);
    assertThat(other.get("/conversations/" + conversation + "/timeline").status()).isEqualTo(403);
    try (Listening refused = other.listen(conversation)) {
      assertThat(refused.status).isEqualTo(403);
    }
  }

  @Test
  void anAuditorReadsEverythingAndDoesNothing() {
    DeskAgent auditor = new DeskAgent(SERVICE, "Audrey", "auditor");
    String conversation = handedOver(phone());

    assertThat(auditor.get("/conversations/" + conversation).status()).isEqualTo(200);
    assertThat(auditor.get("/board").status()).isEqualTo(200);
    assertThat(auditor.take(conversation).json().getString("reason")).isEqualTo("not_allowed");
    assertThat(auditor.write(conversation, "x", "Hello").status()).isEqualTo(403);
    assertThat(asha.get("/board").status()).isEqualTo(403);
    assertThat(lena.get("/dead-letters").status()).isEqualTo(200);
  }

  @Test
  void everyLookAndEveryDeedIsOnRecord() {
    String conversation = handedOver(phone());

    asha.get("/conversations/" + conversation);
    asha.take(conversation);
    ben.take(conversation);
    asha.write(conversation, "r1", "Hello");
    asha.post("/conversations/" + conversation + "/notes", new JsonObject().put("text", "Nice"));
    asha.post(
        "/conversations/" + conversation + "/close", new JsonObject().put("disposition", "done"));

    assertThat(
            SERVICE.texts(
                "select user_name || ' ' || action || coalesce(' ' || (detail::jsonb ->> 'refused'), '')"
                    + " from desk_audit where conversation = '"
                    + conversation
                    + "' order by seq"))
        .containsExactly(
            "Asha read",
            "Asha take",
            "Ben take already_taken",
            "Asha write",
            "Asha note",
            "Asha close");
    assertThat(SERVICE.texts("select detail from desk_audit where action = 'write'").toString())
        .doesNotContain("Hello");
  }

  // ---- lists and the rest

  @Test
  void notesStandBesideRepliesAndLeaveNowhere() {
    String conversation = handedOver(phone());
    try (Listening listening = ben.listen(conversation)) {
      Answer noted =
          asha.post(
              "/conversations/" + conversation + "/notes",
              new JsonObject().put("text", "She called twice"));

      assertThat(noted.json().getJsonObject("item").getString("kind")).isEqualTo("note");
      SERVICE.until("he is told", () -> listening.texts().contains("She called twice"));
      assertThat(listening.texts()).containsOnlyOnce("She called twice");
      assertThat(ben.said(conversation)).contains("agent: She called twice");
      assertThat(SERVICE.channel.texts()).doesNotContain("She called twice");
    }
  }

  @Test
  void severalAreSnoozedAndClosedAtOnce() {
    String one = handedOver(phone());
    String other = handedOver(phone());
    JsonObject both =
        new JsonObject().put("ids", List.of(one, other, "11111111-1111-1111-1111-111111111111"));

    JsonObject snoozed =
        asha.post("/bulk", both.copy().put("action", "snooze").put("until", "2099-01-01T00:00:00Z"))
            .json();
    assertThat(rows("snoozed", asha)).contains(one, other);
    JsonObject closed =
        asha.post("/bulk", both.copy().put("action", "close").put("disposition", "spam")).json();

    assertThat(DeskAgent.items(snoozed.getJsonArray("results")).map(it -> it.getBoolean("done")))
        .containsExactly(true, true, false);
    assertThat(DeskAgent.items(closed.getJsonArray("results")).map(it -> it.getBoolean("done")))
        .containsExactly(true, true, false);
    assertThat(rows("all", asha)).doesNotContain(one, other);
  }

  @Test
  void olderMessagesComeInPagesNoneTwiceAndNoneLost() {
    String phone = phone();
    String conversation = handedOver(phone);
    for (int i = 0; i < 25; i++) {
      SERVICE.reply(phone, "SM-page-" + i + phone, "word " + i);
    }

    List<String> texts = new ArrayList<>();
    int before = 1_000_000;
    boolean more = true;
    while (more) {
      JsonObject page =
          asha.get("/conversations/" + conversation + "/items?limit=10&before=" + before).json();
      List<JsonObject> items = DeskAgent.items(page.getJsonArray("items")).toList();
      texts.addAll(0, items.stream().map(it -> it.getString("text")).toList());
      before = items.getFirst().getInteger("turn");
      more = page.getBoolean("more");
    }

    assertThat(texts.stream().filter(it -> it.startsWith("word ")))
        .containsExactlyElementsOf(IntStream.range(0, 25).mapToObj(i -> "word " + i).toList());
    assertThat(texts).containsOnlyOnce("One moment");
  }

  @Test
  void ofMoreRowsThanAreReadAtOnceEachIsTold() {
    String conversation = handedOver(phone());
    try (Listening listening = asha.listen("", "")) {
      SERVICE.until("it listens", () -> listening.of("counts").findAny().isPresent());
      SERVICE.execute(
          """
          insert into handoff (conversation, turn, index, ours, theirs, flow, widget, epoch, format, effect,
                               state, opened_at, touched_at)
          select conversation, 1000 + n, 0, ours, theirs, flow, widget, epoch, format, effect, 'QUEUED',
                 now(), now()
            from handoff, generate_series(1, 1200) n where conversation = '%s'
          """
              .formatted(conversation));
      try {
        SERVICE.until(
            "all are told",
            () ->
                listening
                        .of("row")
                        .filter(it -> it.getString("id").equals(conversation))
                        .map(it -> it.getString("handoff"))
                        .distinct()
                        .count()
                    >= 1200);
      } finally {
        SERVICE.execute(
            "delete from handoff where turn > 1000 and conversation = '" + conversation + "'");
      }
    }
  }

  @Test
  void theBotsConversationsHaveAFolder() {
    String conversation = started(phone());

    assertThat(rows("bot", asha)).contains(conversation);
    assertThat(rows("all", asha)).doesNotContain(conversation);
    assertThat(
            asha.get("/conversations/" + conversation)
                .json()
                .getJsonObject("row")
                .getString("state"))
        .isEqualTo("bot");
    assertThat(asha.get("/counts").json().getLong("bot")).isPositive();
  }

  @Test
  void whatIsKnownOfTheContactStandsBesideTheThread() {
    String phone = phone();
    JsonObject payload = Service.payload(phone, "context-" + phone);
    payload.put(
        "commerce",
        new JsonObject()
            .put("cart_url", "https://shop.example.com/c/1")
            .put("value", 82.5)
            .put("currency", "USD")
            .put("items", List.of(Map.of("name", "Day cream", "quantity", 2))));
    SERVICE.trigger(payload.encode(), Service.bearer()).join();
    String conversation = conversation(phone);

    JsonObject context = asha.get("/conversations/" + conversation).json().getJsonObject("context");

    assertThat(context.getJsonObject("person").getString("first_name")).isEqualTo("Jane");
    assertThat(
            context.getJsonObject("cart").getJsonArray("items").getJsonObject(0).getString("name"))
        .isEqualTo("Day cream");
    assertThat(context.getJsonObject("cart").getDouble("total")).isEqualTo(82.5);
    assertThat(context.getJsonObject("flow").getString("name")).isEqualTo("cart");
    assertThat(context.getJsonObject("flow").getString("at")).isEqualTo("ask");
    assertThat(
            context.getJsonObject("flow").getJsonArray("path").getJsonObject(0).getString("next"))
        .isEqualTo("ask");
    assertThat(context.getJsonArray("history").getJsonObject(0).getString("flow"))
        .isEqualTo("cart");
    assertThat(context.getJsonObject("hours").getString("local_time")).isNotNull();
  }

  @Test
  void whatWasKnownWhenItWasHandedOverStaysAsItWas() {
    String phone = phone();
    JsonObject payload = Service.payload(phone, "frozen-" + phone);
    payload.getJsonObject("controls").put("flow", "care");
    payload.put(
        "commerce",
        new JsonObject()
            .put("cart_url", "https://shop.example.com/c/1")
            .put("value", 82.5)
            .put("currency", "USD")
            .put("items", List.of(Map.of("name", "Day cream", "quantity", 2))));
    SERVICE.trigger(payload.encode(), Service.bearer()).join();
    String conversation = conversation(phone);
    SERVICE.until("it is known", () -> handedOver(context(conversation)).containsKey("cart"));
    asha.take(conversation);
    asha.post(
        "/conversations/" + conversation + "/close",
        new JsonObject()
            .put("disposition", "solved")
            .put("then", new JsonObject().put("do", "begins").put("flow", "cart")));

    SERVICE.until(
        "another flow runs",
        () -> context(conversation).getJsonObject("flow").getString("name").equals("cart"));
    JsonObject frozen = handedOver(context(conversation));
    assertThat(frozen.getJsonObject("flow").getString("name")).isEqualTo("care");
    assertThat(frozen.getJsonObject("flow").getString("at")).isEqualTo("person");
    assertThat(frozen.getJsonObject("cart").getDouble("total")).isEqualTo(82.5);
    assertThat(frozen.getString("reason")).isEqualTo("widget");
  }

  private static JsonObject context(String conversation) {
    return asha.get("/conversations/" + conversation).json().getJsonObject("context");
  }

  private static JsonObject handedOver(JsonObject context) {
    return context.getValue("handed_over") instanceof JsonObject frozen ? frozen : new JsonObject();
  }

  @Test
  void flowsAreDrawnWithTheirTraffic() {
    handedOver(phone());

    JsonObject flow = lena.get("/flows/care").json();

    assertThat(DeskAgent.items(flow.getJsonArray("widgets")).map(it -> it.getString("name")))
        .contains("hello", "person");
    assertThat(flow.getJsonArray("widgets").getJsonObject(1).getInteger("y")).isEqualTo(220);
    assertThat(
            DeskAgent.items(flow.getJsonArray("edges"))
                .filter(it -> it.getString("from").equals("hello"))
                .mapToLong(it -> it.getLong("count"))
                .sum())
        .isPositive();
    assertThat(flow.getJsonObject("reached").getLong("person")).isPositive();
    assertThat(lena.get("/flows").body()).contains("\"care\"");
  }

  @Test
  void leadsSeeTheBoardAndAConversationWithItsReasonsAndExportIt() {
    String conversation = handedOver(phone());

    JsonObject board = lena.get("/board").json();
    JsonObject timeline = lena.get("/conversations/" + conversation + "/timeline").json();
    String text = lena.get("/conversations/" + conversation + "/transcript?format=text").body();
    String lines =
        lena.get("/transcripts?from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z").body();

    assertThat(board.getJsonObject("today").getLong("opened")).isPositive();
    assertThat(
            DeskAgent.items(board.getJsonArray("queue"))
                .mapToLong(it -> it.getLong("waiting"))
                .sum())
        .isPositive();
    assertThat(timeline.getJsonArray("turns").getJsonObject(0).getString("words"))
        .startsWith("triggered: flow care");
    assertThat(text).contains("One moment");
    assertThat(lines.lines().map(JsonObject::new).map(it -> it.getString("id")))
        .contains(conversation)
        .doesNotHaveDuplicates();
  }

  @Test
  void viewsAreKeptForTheirOwner() {
    JsonObject view =
        new JsonObject()
            .put("folder", "all")
            .put("filters", new JsonObject().put("tag", "shipping"));

    asha.put("/views/My%20view", view);

    assertThat(asha.get("/views").json().getJsonArray("views").getJsonObject(0).getString("name"))
        .isEqualTo("My view");
    assertThat(ben.get("/views").json().getJsonArray("views")).isEmpty();
    assertThat(asha.delete("/views/My%20view").status()).isEqualTo(200);
    assertThat(asha.get("/views").json().getJsonArray("views")).isEmpty();
  }

  @Test
  void whatIsWrongIsSaid() {
    String conversation = handedOver(phone());
    String path = "/conversations/" + conversation;

    assertThat(asha.post(path + "/close").json().getString("message")).contains("/disposition");
    assertThat(asha.post(path + "/messages").json().getString("message")).contains("/draft");
    assertThat(asha.post(path + "/assign").json().getString("message")).contains("/agent");
    assertThat(asha.get(path + "/items").status()).isEqualTo(400);
    assertThat(asha.get("/conversations?folder=lost").status()).isEqualTo(400);
    assertThat(asha.get("/conversations/nonsense").status()).isEqualTo(404);
    assertThat(asha.post("/me/status", new JsonObject().put("status", "asleep")).status())
        .isEqualTo(400);
    assertThat(asha.post("/offers/" + conversation + ":9:9/accept").json().getString("reason"))
        .isEqualTo("offer_over");
  }

  // ---- what tests begin with

  private static String phone() {
    return "+1415556" + String.format("%04d", NUMBERS.incrementAndGet());
  }

  /// A conversation that waits for a person.
  private static String handedOver(String phone) {
    JsonObject payload = Service.payload(phone, "care-" + phone);
    payload.getJsonObject("controls").put("flow", "care");
    SERVICE.trigger(payload.encode(), Service.bearer()).join();
    SERVICE.until(
        "it is handed over",
        () -> !SERVICE.texts("select 1 from handoff where theirs = '" + phone + "'").isEmpty());
    return conversation(phone);
  }

  /// A conversation in which the bot has asked.
  private static String started(String phone) {
    SERVICE.trigger(phone, "cart-" + phone);
    SERVICE.until(
        "the bot has asked",
        () ->
            !SERVICE
                .texts(
                    "select 1 from delivery d join conversation c on c.id = d.conversation"
                        + " where d.destination = 'twilio' and c.theirs = '"
                        + phone
                        + "'")
                .isEmpty());
    return conversation(phone);
  }

  private static String conversation(String theirs) {
    return SERVICE.texts("select id from conversation where theirs = '" + theirs + "'").getFirst();
  }

  private static int message(String text) {
    return SERVICE.channel.texts().indexOf(text);
  }

  private static List<String> rows(String folder, DeskAgent agent) {
    return DeskAgent.items(
            agent.get("/conversations?folder=" + folder + "&limit=500").json().getJsonArray("rows"))
        .map(it -> it.getString("id"))
        .toList();
  }
}
