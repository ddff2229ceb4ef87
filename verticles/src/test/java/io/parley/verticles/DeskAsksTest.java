package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.testkit.TestPostgres;
import io.parley.verticles.DeskAgent.Listening;
import io.parley.verticles.Service.Answer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What those who answer customers ask of a desk most, each as they meet it: agents in their
/// browsers, customers on their phones, and all of Parley between them.
class DeskAsksTest {

  private static final String AT_ANY_HOUR = "hours: {quiet: off}\nconsent: {required: []}\n";

  /// Nobody counts as gone because a test has let time pass.
  private static final String ONE_EACH =
      "agents: {capacity: 1, offer: 45s, silence: 10m, idle: off, present: 30d}\n";

  private Optional<Service> running = Optional.empty();
  private int names;

  @AfterEach
  void close() {
    running.ifPresent(Service::close);
  }

  // ---- a queue

  @Test
  void whatNobodyIsFreeForIsHeldUnderALimitForAllAndOneForEach() {
    desk(
        """
        agents: {capacity: 1, present: 30d, people: {asha@acme.example: {capacity: 2}}}
        """);
    DeskAgent asha = online("Asha");
    DeskAgent ben = online("Ben");

    List<String> all = IntStream.range(0, 5).mapToObj(_ -> handedOver(phone())).toList();
    service().until("three are offered", () -> offered(all) == 3);
    settle();
    all.stream().filter(it -> isOfferedTo(it, asha)).forEach(it -> accept(asha, it));
    all.stream().filter(it -> isOfferedTo(it, ben)).forEach(it -> accept(ben, it));
    settle();

    assertThat(rows("mine", asha)).hasSize(2);
    assertThat(rows("mine", ben)).hasSize(1);
    assertThat(rows("unassigned", asha)).hasSize(2);
    assertThat(offered(all)).isZero();
    assertThat(asha.get("/counts").json().getLong("unassigned")).isEqualTo(2);
  }

  @Test
  void theQueueDrainsOldestFirstWhenASlotFreesAndNothingNewArrives() {
    desk(ONE_EACH);
    DeskAgent asha = online("Asha");
    String held = accepted(asha, handedOver(phone()));
    String older = handedOver(phone());
    String younger = handedOver(phone());
    settle();
    boolean before = isOfferedTo(older, asha);

    closed(asha, held, "solved");
    accepted(asha, older);
    settle();
    boolean meanwhile = isOfferedTo(younger, asha);
    closed(asha, older, "solved");
    accepted(asha, younger);

    assertThat(before).isFalse();
    assertThat(meanwhile).isFalse();
    assertThat(rows("unassigned", asha)).isEmpty();
  }

  @Test
  void whoDoesNotReplyInTimeLosesTheConversationToAnotherOrGivesItBack() {
    desk(ONE_EACH);
    DeskAgent asha = online("Asha");
    String conversation = handedOver(phone());
    until("it is offered to Asha", () -> isOfferedTo(conversation, asha));
    DeskAgent ben = online("Ben");

    service().leap(Duration.ofSeconds(46));
    until("it is offered to Ben", () -> isOfferedTo(conversation, ben));
    assertThat(row(conversation).getString("state")).isEqualTo("queued");
    Answer late = asha.post("/offers/" + handoff(conversation) + "/accept");
    accept(ben, conversation);
    service().leap(Duration.ofMinutes(11));
    until("it goes back, and to Asha", () -> isOfferedTo(conversation, asha));
    accept(asha, conversation);
    asha.post("/conversations/" + conversation + "/release", new JsonObject().put("why", "lunch"));

    assertThat(late.json().getString("reason")).isEqualTo("offer_over");
    assertThat(row(conversation).getString("state")).isEqualTo("queued");
    assertThat(rows("unassigned", ben)).containsExactly(conversation);
  }

  @Test
  void loadIsSharedFairlyAmongWhoIsOnlineAndHasTheSkillUnderACap() {
    desk(
        """
        agents: {capacity: 2, present: 30d, people: {cem@acme.example: {skills: [french]}}}
        routing:
          - {when: {language: fr}, skills: [french]}
        """);
    DeskAgent asha = online("Asha");
    DeskAgent ben = online("Ben");
    DeskAgent cem = online("Cem");
    DeskAgent away = agent("Dora");
    away.post("/me/status", new JsonObject().put("status", "away"));

    List<String> english = IntStream.range(0, 3).mapToObj(_ -> handedOver(phone())).toList();
    service().until("all are offered", () -> offered(english) == 3);
    List<Long> shares = Stream.of(asha, ben, cem).map(it -> offered(english, it)).toList();
    List<String> french = IntStream.range(0, 2).mapToObj(_ -> handedOver(phone(), "fr")).toList();
    until("Cem is asked for one in French", () -> offered(french, cem) == 1);
    settle();

    assertThat(shares).containsExactly(1L, 1L, 1L);
    assertThat(offered(french)).as("the other waits for who speaks French").isEqualTo(1);
    assertThat(offered(Stream.concat(english.stream(), french.stream()).toList(), away)).isZero();
  }

  // ---- the bot and the person

  @Test
  void afterTheCloseTheNextMessageGoesToTheBotAndNotToTheAgent() {
    desk(ONE_EACH);
    DeskAgent asha = online("Asha");
    String phone = phone();
    String conversation = accepted(asha, handedOver(phone));
    write(asha, conversation, "It is a day cream");
    closed(asha, conversation, "solved");
    until("the flow has thanked", () -> said().contains("solved by Asha"));
    until(
        "the flow has ended",
        () -> service().texts("select sid from execution where ended_at is null").isEmpty());

    service().reply(phone, "SM-again", "one more question");

    until("the bot asks", () -> said().contains("Hi , still want it?"));
    assertThat(rows("mine", asha)).isEmpty();
    assertThat(rows("unassigned", asha)).isEmpty();
    assertThat(row(conversation).getString("state")).isEqualTo("bot");
    assertThat(row(conversation).getJsonObject("agent")).isNull();
  }

  @Test
  void whenAnAgentTypesTheBotStopsAtOnceWithWhatItHadNotSentYet() {
    desk(ONE_EACH);
    DeskAgent asha = online("Asha");
    String phone = phone();
    String conversation = asked(phone);
    service().channel.usually(FakeChannel.Fate.NO_CONNECTION);
    service().reply(phone, "SM-1", "what is in it?");
    until(
        "the bot's answer waits",
        () ->
            items(asha, conversation)
                .anyMatch(it -> it.getString("text").startsWith("You said: what is in it?")));

    Answer typing =
        asha.post(
            "/conversations/" + conversation + "/typing", new JsonObject().put("typing", true));
    service().channel.usually(FakeChannel.Fate.TAKEN);
    write(asha, conversation, "Only oats and honey");
    service().reply(phone, "SM-2", "lovely");
    service().leap(Duration.ofHours(2));
    settle();

    assertThat(typing.json().getString("state")).isEqualTo("agent");
    until("the agent's word leaves", () -> said().contains("Only oats and honey"));
    assertThat(said()).containsExactly("Hi Jane, still want it?", "Only oats and honey");
    assertThat(asha.said(conversation)).contains("contact: lovely");
  }

  @Test
  void flowsTriggersAndCampaignsWaitWhileAPersonIsAtItUnlessToldToInterrupt() {
    desk(ONE_EACH);
    DeskAgent asha = online("Asha");
    String phone = phone();
    String conversation = accepted(asha, handedOver(phone));
    service().channel.forget();

    Answer campaign = service().trigger(phone, "campaign");
    Answer elsewhere = triggered(phone, "on-whatsapp", "channel", "whatsapp");
    service().leap(Duration.ofDays(1));
    settle();
    List<String> meanwhile = said();
    Answer urgent = triggered(phone, "urgent", "interrupt_handoff", true);

    assertThat(List.of(campaign.json(), elsewhere.json()))
        .allSatisfy(it -> assertThat(it.getString("status")).isEqualTo("accepted"))
        .allSatisfy(it -> assertThat(it.getBoolean("waiting")).isTrue())
        .allSatisfy(it -> assertThat(it.getString("reason")).isEqualTo("handed_off"));
    assertThat(meanwhile).isEmpty();
    assertThat(urgent.json().getString("status")).isEqualTo("started");
    until("the bot speaks again", () -> said().contains("Hi Jane, still want it?"));
    assertThat(row(conversation).getString("state")).isEqualTo("bot");
  }

  @Test
  void onCloseTheFlowGoesOnOrIsResumedAtAWidgetOrASurveyBegins() {
    desk(ONE_EACH);
    DeskAgent asha = online("Asha");
    String first = phone();
    String goesOn = accepted(asha, handedOver(first));
    write(asha, goesOn, "It is on its way");
    closed(asha, goesOn, "solved");
    until("it goes on", () -> said().contains("solved by Asha"));
    List<String> thanked = said();
    String second = phone();
    String surveyed = accepted(asha, handedOver(second));
    service().channel.forget();

    Answer nowhere = closing(asha, surveyed, new JsonObject().put("do", "at").put("widget", "x"));
    Answer survey =
        closing(asha, surveyed, new JsonObject().put("do", "begins").put("flow", "survey"));
    until("the survey asks", () -> said().contains("How did we do, 1 to 5?"));
    service().reply(second, "SM-five", "5");
    until("it hears the answer", () -> said().contains("You gave us 5"));
    String third = accepted(asha, handedOver(phone()));
    Answer resumed = closing(asha, third, new JsonObject().put("do", "at").put("widget", "later"));

    assertThat(thanked).containsSubsequence("It is on its way", "solved by Asha");
    assertThat(nowhere.json().getString("reason")).isEqualTo("unknown_widget");
    assertThat(survey.status()).as(survey.body()).isEqualTo(200);
    assertThat(resumed.status()).as(resumed.body()).isEqualTo(200);
    until("it goes on there", () -> said().contains("We will come back to you"));
    assertThat(
            service().texts("select disposition from handoff where disposition is not null").size())
        .isEqualTo(3);
  }

  @Test
  void whoComesOutOfHoursOrWhenNobodyIsThereOrWaitsTooLongIsToldSoAndMayAskToBeCalled() {
    desk(
        """
        topics: {general: {calendar: support}}
        agents: {capacity: 1, present: 30d, idle: off, silence: off}
        texts:
          queued: "You are number {{ position }} in line."
          position: "{{ ahead }} before you."
          after_hours: "We are back {{ opens_at }}. Leave us a message."
          no_agent: "Nobody is here just now."
          callback: "We will call you."
          too_long: "Sorry for the wait. Reply CALL and we will call you."
          too_long_after: 15m
        """,
        """
        hours: {quiet: off}
        calendars:
          support:
            time_zone: UTC
            hours: {mon-fri: "09:00-12:00,13:00-17:00"}
            days: [{date: %s, name: Inventory}]
        """
            .formatted(monday().plusDays(1).toLocalDate()));
    leapTo(monday().with(LocalTime.of(12, 30)));
    String atLunch = phone();
    handedOver(atLunch);
    until(
        "told at lunch",
        () -> to(atLunch).contains("We are back Monday at 13:00. Leave us a message."));

    leapTo(monday().with(LocalTime.of(16, 0)));
    String early = phone();
    handedOver(early);
    until("told that nobody is there", () -> to(early).contains("Nobody is here just now."));
    DeskAgent asha = online("Asha");
    service()
        .until("Asha is asked", () -> !rows("mine", asha).isEmpty() || offered(all(asha)) == 1);
    String patient = phone();
    String waiting = handedOver(patient);
    until(
        "told how many",
        () ->
            to(patient).contains("You are number 3 in line.")
                || to(patient).contains("You are number 2 in line."));
    service().reply(patient, "SM-where", "where am I in the line?");
    until("told when asked", () -> to(patient).stream().anyMatch(it -> it.endsWith("before you.")));
    service().leap(Duration.ofMinutes(16));
    until("told of the wait", () -> to(patient).getLast().startsWith("Sorry for the wait."));
    service().reply(patient, "SM-call", "CALL");
    until("told of the call", () -> to(patient).getLast().equals("We will call you."));

    JsonObject callback = row(waiting).getJsonObject("callback");
    leapTo(monday().plusDays(1).with(LocalTime.of(10, 0)));
    String onHoliday = phone();
    handedOver(onHoliday);
    until(
        "told on a holiday",
        () -> to(onHoliday).equals(List.of("We are back Wednesday at 09:00. Leave us a message.")));

    assertThat(callback.getString("words")).isEqualTo("CALL");
    assertThat(callback.getString("at")).isNotNull();
  }

  @Test
  void whoElseLooksAndTypesIsSeenAndTheSecondWriterIsStopped() {
    desk(ONE_EACH);
    DeskAgent asha = online("Asha");
    String conversation = accepted(asha, handedOver(phone()));
    DeskAgent ben = online("Ben");
    try (Listening hers = asha.listen(conversation);
        Listening his = ben.listen(conversation)) {
      asha.post("/conversations/" + conversation + "/typing", new JsonObject().put("typing", true));

      until(
          "he sees that she types",
          () ->
              viewers(his)
                  .anyMatch(it -> it.getString("id").equals(asha.id) && it.getBoolean("typing")));
      until(
          "she sees that he looks",
          () -> viewers(hers).anyMatch(it -> it.getString("id").equals(ben.id)));
      Answer his1 = ben.write(conversation, "d1", "Hello from me, too");
      Answer took = ben.take(conversation);
      write(asha, conversation, "Hello");
      until("her word leaves", () -> said().contains("Hello"));

      assertThat(his1.status()).isEqualTo(409);
      assertThat(his1.json().getString("reason")).isEqualTo("already_taken");
      assertThat(his1.json().getJsonObject("agent").getString("name")).isEqualTo("Asha");
      assertThat(took.status()).isEqualTo(409);
      assertThat(said()).doesNotContain("Hello from me, too");
    }
  }

  // ---- promises, and idle hands

  @Test
  void promisesAreWarnedOfBeforeEscalatedAfterAndReportedByTopicAndAgent() {
    desk(
        """
        topics: {general: {sla: {first: 1h, next: 30m, warn: 0.5, escalate: 10}}}
        agents: {capacity: 1, offer: 10d, silence: off, idle: off, present: 30d}
        """);
    DeskAgent asha = online("Asha");
    DeskAgent lena = lead("Lena");
    String slow = handedOver(phone());
    until("it has a clock", () -> sla(slow).equals("first ok"));

    service().leap(Duration.ofMinutes(31));
    until("it is warned", () -> sla(slow).equals("first warned"));
    service().leap(Duration.ofMinutes(30));
    until("it is breached", () -> sla(slow).equals("first breached"));
    int priority = row(slow).getInteger("priority");
    JsonObject board = lena.get("/board").json();
    String metrics = service().get("/metrics").body();
    accept(asha, slow);
    write(asha, slow, "Sorry that you had to wait");
    closed(asha, slow, "solved");
    settle();

    assertThat(priority).isEqualTo(10);
    assertThat(board.getJsonObject("sla").getLong("breached")).isEqualTo(1);
    assertThat(metrics)
        .contains("parley_handoffs_promises_broken_total{promise=\"first\",topic=\"general\"} 1.0");
    until(
        "who answered, and how late, is reported",
        () ->
            service().track.taken().stream()
                .anyMatch(
                    it ->
                        it.encode().contains("agent_handoff_closed")
                            && it.encode().contains("first_response_seconds")
                            && it.encode().contains(asha.id)));
  }

  @Test
  void idleChatsTakeNoCapacityUntilTheCustomerWritesAgain() {
    desk("agents: {capacity: 1, idle: 15m, silence: off, present: 30d}\n");
    DeskAgent asha = online("Asha");
    String phone = phone();
    String idle = accepted(asha, handedOver(phone));
    write(asha, idle, "Which size do you wear?");
    String next = handedOver(phone());
    settle();
    boolean before = isOfferedTo(next, asha);

    service().leap(Duration.ofMinutes(16));
    until(
        "the idle one waits for the customer", () -> row(idle).getBoolean("waiting_for_customer"));
    accepted(asha, next);
    service().reply(phone, "SM-size", "Medium");
    until("it is hers again", () -> !row(idle).getBoolean("waiting_for_customer"));
    String third = handedOver(phone());
    settle();

    assertThat(before).isFalse();
    assertThat(row(idle).getJsonObject("agent").getString("name")).isEqualTo("Asha");
    assertThat(isOfferedTo(third, asha)).isFalse();
    Answer parked =
        asha.post("/conversations/" + idle + "/waiting", new JsonObject().put("waiting", true));
    asha.post("/conversations/" + next + "/waiting", new JsonObject().put("waiting", true));
    assertThat(parked.status()).as(parked.body()).isEqualTo(200);
    accepted(asha, third);
  }

  // ---- a service with a desk

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
                        "body": "{{widgets.person.disposition}} by {{widgets.person.agent}}"},
         "transitions": [{"event": "sent"}, {"event": "failed"}]},
        {"name": "later", "type": "send-message",
         "properties": {"from": "{{flow.channel.address}}", "to": "{{contact.channel.address}}",
                        "body": "We will come back to you"},
         "transitions": [{"event": "sent"}, {"event": "failed"}]}
      ]}
      """;

  private static final String SURVEY =
      Service.flow("How did we do, 1 to 5?", "3600").replace("You said: ", "You gave us ");

  private void desk(String rules) {
    desk(rules, AT_ANY_HOUR);
  }

  private void desk(String rules, String policy) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("DESK", file("desk", rules));
    settings.put("POLICY", file("policy", policy));
    settings.put("FLOW_BINDINGS", Service.OURS + "=cart");
    settings.put("WHATSAPP_SENDER", "whatsapp:" + Service.OURS);
    running =
        Optional.of(
            new Service(TestPostgres.database(), settings, Map.of("care", CARE, "survey", SURVEY)));
  }

  private static String file(String name, String text) {
    try {
      return Files.writeString(Files.createTempFile(name, ".yaml"), text).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Service service() {
    return running.orElseThrow();
  }

  private void until(String what, java.util.function.BooleanSupplier so) {
    service().until(what, so);
  }

  /// Lets the keeper of the queue do what it is not expected to do.
  private void settle() {
    service().pause(Duration.ofMillis(1_200));
  }

  /// The Monday of the week after the next.
  private static ZonedDateTime monday() {
    return Instant.now()
        .atZone(ZoneOffset.UTC)
        .with(TemporalAdjusters.next(DayOfWeek.MONDAY))
        .plusDays(7);
  }

  private void leapTo(ZonedDateTime time) {
    service().leap(Duration.between(service().now(), time));
  }

  // ---- agents

  private DeskAgent agent(String name) {
    return staff(name, "agent");
  }

  private DeskAgent lead(String name) {
    return staff(name, "lead");
  }

  /// Signed in however much time a test lets pass.
  private DeskAgent staff(String name, String role) {
    DeskAgent agent = new DeskAgent(service(), name, role);
    service()
        .execute(
            "update desk_user set email = '%s@acme.example' where id = '%s'"
                .formatted(name.toLowerCase(java.util.Locale.ROOT), agent.id));
    service()
        .execute(
            "update desk_session set ends_at = '2100-01-01', seen_at = '2099-12-31' where user_id = '%s'"
                .formatted(agent.id));
    return agent;
  }

  private DeskAgent online(String name) {
    DeskAgent agent = agent(name);
    Answer answer = agent.post("/me/status", new JsonObject().put("status", "online"));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return agent;
  }

  private String accepted(DeskAgent agent, String conversation) {
    until(agent.name + " is asked", () -> isOfferedTo(conversation, agent));
    accept(agent, conversation);
    return conversation;
  }

  private void accept(DeskAgent agent, String conversation) {
    Answer answer = agent.post("/offers/" + handoff(conversation) + "/accept");
    assertThat(answer.status()).as(answer.body()).isIn(200, 202);
  }

  private void write(DeskAgent agent, String conversation, String text) {
    Answer answer = agent.write(conversation, "draft-" + ++names, text);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  private void closed(DeskAgent agent, String conversation, String disposition) {
    Answer answer =
        agent.post(
            "/conversations/" + conversation + "/close",
            new JsonObject().put("disposition", disposition));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  private static Answer closing(DeskAgent agent, String conversation, JsonObject then) {
    return agent.post(
        "/conversations/" + conversation + "/close",
        new JsonObject().put("disposition", "solved").put("then", then));
  }

  // ---- customers

  private String phone() {
    return "+1415556%04d".formatted(++names);
  }

  private String handedOver(String phone) {
    return handedOver(phone, "en");
  }

  private String handedOver(String phone, String language) {
    JsonObject payload = Service.payload(phone, "care-" + phone + ++names);
    payload.getJsonObject("customer").put("language", language).put("external_id", phone);
    payload.getJsonObject("controls").put("flow", "care");
    Answer answer = service().trigger(payload.encode(), Service.bearer()).join();
    assertThat(answer.json().getString("status")).as(answer.body()).isIn("started", "accepted");
    until(
        "it is in the queue",
        () ->
            !service()
                .texts(
                    "select 1 from handoff_queue q join conversation c on c.id = q.conversation"
                        + " where q.closed_at is null and c.theirs = '"
                        + phone
                        + "'")
                .isEmpty());
    return conversation(phone);
  }

  private String asked(String phone) {
    service().trigger(phone, "cart-" + phone);
    until("the bot has asked", () -> said().contains("Hi Jane, still want it?"));
    return conversation(phone);
  }

  private Answer triggered(String phone, String key, String control, Object value) {
    JsonObject payload = Service.payload(phone, key);
    payload.getJsonObject("customer").put("external_id", phone);
    payload.getJsonObject("controls").put(control, value);
    return service().trigger(payload.encode(), Service.bearer()).join();
  }

  private String conversation(String phone) {
    return service().texts("select id from conversation where theirs = '" + phone + "'").getFirst();
  }

  private List<String> said() {
    return service().channel.texts();
  }

  private List<String> to(String phone) {
    return service().channel.sends().stream()
        .filter(it -> it.to().value().equals(phone))
        .map(FakeChannel::text)
        .toList();
  }

  // ---- what the desk shows

  private JsonObject row(String conversation) {
    return looker().get("/conversations/" + conversation).json().getJsonObject("row");
  }

  private Optional<DeskAgent> looking = Optional.empty();

  /// Somebody who only looks.
  private DeskAgent looker() {
    if (looking.isEmpty()) {
      looking = Optional.of(staff("Audrey", "auditor"));
    }
    return looking.get();
  }

  private String handoff(String conversation) {
    return row(conversation).getString("handoff");
  }

  private boolean isOfferedTo(String conversation, DeskAgent agent) {
    return agent.id.equals(row(conversation).getString("offered_to"));
  }

  private long offered(List<String> conversations) {
    return conversations.stream().filter(it -> row(it).getString("offered_to") != null).count();
  }

  private long offered(List<String> conversations, DeskAgent agent) {
    return conversations.stream().filter(it -> isOfferedTo(it, agent)).count();
  }

  private String sla(String conversation) {
    JsonObject sla = row(conversation).getJsonObject("sla");
    return sla == null ? "" : sla.getString("kind") + " " + sla.getString("state");
  }

  private static List<String> all(DeskAgent agent) {
    return rows("all", agent);
  }

  private static List<String> rows(String folder, DeskAgent agent) {
    return DeskAgent.items(
            agent.get("/conversations?folder=" + folder + "&limit=500").json().getJsonArray("rows"))
        .map(it -> it.getString("id"))
        .toList();
  }

  private static Stream<JsonObject> items(DeskAgent agent, String conversation) {
    return DeskAgent.items(
        agent.get("/conversations/" + conversation).json().getJsonArray("items"));
  }

  private static Stream<JsonObject> viewers(Listening listening) {
    return listening.of("presence").flatMap(it -> DeskAgent.items(it.getJsonArray("viewers")));
  }
}
