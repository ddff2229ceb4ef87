package io.parley.loadtest.twilio;

import io.parley.loadtest.standin.Answers;
import io.parley.loadtest.standin.BasicAuth;
import io.parley.loadtest.standin.Faults;
import io.parley.loadtest.standin.Ledger;
import io.parley.loadtest.twilio.ConversationRoom.Hook;
import io.parley.loadtest.twilio.ConversationRoom.Participant;
import io.parley.loadtest.twilio.ConversationRoom.Slice;
import io.parley.loadtest.twilio.ConversationRoom.Timers;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/// Twilio's Conversations API for one chat service: conversations, participants, messages and
/// webhooks, and what its webhooks are told. Confined to its context, but for the ledger.
///
/// Source: the OpenAPI document of Conversations v1, and the pages on states and timers (a closed
/// conversation takes nothing more and lets go of its bindings) and on webhooks (what the API
/// itself did is told only where the request asks for it by `X-Twilio-Webhook-Enabled`). Which code
/// a message to a closed conversation is refused with is not documented there: 20001 is an
/// assumption.
final class ConversationsApi {

  private static final int CREATED = 201;
  private static final int OK = 200;
  private static final int CONFLICT = 409;
  private static final int INVALID = 20001;
  private static final int MAX_BODY_CHARACTERS = 1_600;
  private static final int DEFAULT_PAGE_SIZE = 50;
  private static final int MAX_PAGE_SIZE = 100;
  private static final Duration LEAST_INACTIVE = Duration.ofMinutes(1);
  private static final Duration LEAST_CLOSED = Duration.ofMinutes(10);

  private final TwilioSettings settings;
  private final Webhooks webhooks;
  private final Faults<SendFault> faults;
  private final BiConsumer<Participant, String> outbound;
  private final BasicAuth auth;
  private final Answers answers = new Answers();
  private final String service = StandInTwilio.newSid("IS");

  /// By sid, and by unique name.
  private final Map<String, ConversationRoom> rooms = new HashMap<>();

  /// Where each binding was made last; it holds while that is open.
  private final Map<Binding, ConversationRoom> bound = new HashMap<>();

  private final Ledger<ConversationMessage> messages = new Ledger<>();
  private final Map<String, String> states = new ConcurrentHashMap<>();
  private final List<Consumer<String>> createListeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<String>> joinListeners = new CopyOnWriteArrayList<>();

  /// @param outbound carries a text to a participant who has an address
  ConversationsApi(
      TwilioSettings settings,
      Webhooks webhooks,
      Faults<SendFault> faults,
      BiConsumer<Participant, String> outbound) {
    this.settings = settings;
    this.webhooks = webhooks;
    this.faults = faults;
    this.outbound = outbound;
    this.auth = new BasicAuth(settings.accountSid(), settings.authToken());
  }

  void mount(Router router) {
    router.route("/v1/*").handler(this::admit);
    for (String base : List.of("/v1/Conversations", "/v1/Services/" + service + "/Conversations")) {
      router.post(base).handler(this::create);
      router.get(base + "/:room").handler(context -> in(context, this::fetch));
      router.post(base + "/:room").handler(context -> in(context, this::update));
      router.post(base + "/:room/Participants").handler(context -> in(context, this::join));
      router.get(base + "/:room/Participants").handler(context -> in(context, this::participants));
      router.post(base + "/:room/Messages").handler(context -> in(context, this::post));
      router.get(base + "/:room/Messages").handler(context -> in(context, this::messages));
      router.post(base + "/:room/Webhooks").handler(context -> in(context, this::hook));
      router.get(base + "/:room/Webhooks").handler(context -> in(context, this::hooks));
    }
    router.route("/v1/*").handler(context -> refuse(context, notFound(context)));
  }

  Ledger<ConversationMessage> messages() {
    return messages;
  }

  /// For any thread.
  Map<String, String> states() {
    return Map.copyOf(states);
  }

  /// For any thread.
  void onCreated(Consumer<String> listener) {
    createListeners.add(listener);
  }

  /// For any thread.
  void onJoined(Consumer<String> listener) {
    joinListeners.add(listener);
  }

  String service() {
    return service;
  }

  Map<Integer, Integer> answers() {
    return answers.counts();
  }

  /// The open conversation that messages of an address to one of ours belong to.
  Optional<String> boundTo(String theirs, String ours) {
    return Optional.ofNullable(bound.get(new Binding(theirs, ours)))
        .filter(room -> !room.isClosed())
        .map(room -> room.sid);
  }

  private Optional<ConversationRoom> room(String sidOrName) {
    return Optional.ofNullable(rooms.get(sidOrName));
  }

  /// A participant, or anybody under a name, writes; completes with what the webhooks answered.
  ///
  /// @param source `SMS`, `WHATSAPP` or `SDK`
  Future<InboundResult> say(String sid, String author, String body, String source) {
    Optional<ConversationRoom> room = room(sid);
    if (room.isEmpty() || room.get().isClosed()) {
      return Future.failedFuture("no open conversation " + sid);
    }
    ConversationMessage message =
        keep(room.get(), new Draft(author, body, "{}", Optional.empty(), source));
    Map<String, String> parameters = parameters(room.get(), message);
    return tell(room.get(), parameters)
        .map(answer -> new InboundResult(message.sid(), parameters, message.createdAt(), answer));
  }

  /// Tells the webhooks once more of a message, as it was.
  Future<InboundResult> tellAgain(InboundResult before) {
    String sid = before.parameters().getOrDefault("ConversationSid", "");
    return room(sid)
        .map(room -> tell(room, before.parameters()))
        .orElseGet(() -> Future.failedFuture("no conversation " + sid))
        .map(
            answer ->
                new InboundResult(
                    before.messageSid(), before.parameters(), before.receivedAt(), answer));
  }

  private void admit(RoutingContext context) {
    if (auth.allows(context.request())) {
      context.next();
    } else {
      refuse(context, Refusal.UNAUTHENTICATED);
    }
  }

  private void in(RoutingContext context, BiConsumer<RoutingContext, ConversationRoom> then) {
    room(context.pathParam("room"))
        .ifPresentOrElse(
            room -> then.accept(context, room), () -> refuse(context, notFound(context)));
  }

  private void create(RoutingContext context) {
    MultiMap form = context.request().formAttributes();
    Optional<String> name = given(form, "UniqueName");
    Timers timers = new Timers(given(form, "Timers.Inactive"), given(form, "Timers.Closed"));
    if (!lasts(timers.inactive(), LEAST_INACTIVE) || !lasts(timers.closed(), LEAST_CLOSED)) {
      refuse(context, Refusal.bad(INVALID, "A timer is no ISO 8601 duration or too short"));
    } else if (name.isPresent() && rooms.containsKey(name.get())) {
      refuse(
          context,
          new Refusal(50353, CONFLICT, "Conversation with provided unique name already exists"));
    } else {
      ConversationRoom room = new ConversationRoom(settings.accountSid(), service, name, timers);
      rooms.put(room.sid, room);
      name.ifPresent(it -> rooms.put(it, room));
      states.put(room.sid, room.state());
      createListeners.forEach(listener -> listener.accept(room.sid));
      respond(context, CREATED, room.json());
    }
  }

  private static boolean lasts(Optional<String> timer, Duration least) {
    try {
      return timer.isEmpty() || Duration.parse(timer.get()).compareTo(least) >= 0;
    } catch (DateTimeParseException _) {
      return false;
    }
  }

  private void fetch(RoutingContext context, ConversationRoom room) {
    respond(context, OK, room.json());
  }

  private void update(RoutingContext context, ConversationRoom room) {
    Optional<String> state = given(context.request().formAttributes(), "State");
    if (room.isClosed() && !state.equals(Optional.of("closed"))) {
      refuse(context, closed(room));
      return;
    }
    meet(
        faults.strike("state of " + room.sid),
        context,
        OK,
        then -> {
          state.ifPresent(room::become);
          states.put(room.sid, room.state());
          then.accept(room.json());
        });
  }

  private void join(RoutingContext context, ConversationRoom room) {
    MultiMap form = context.request().formAttributes();
    Participant participant =
        new Participant(
            StandInTwilio.newSid("MB"),
            given(form, "MessagingBinding.Address").orElse(""),
            given(form, "MessagingBinding.ProxyAddress").orElse(""),
            given(form, "Identity").orElse(""));
    Optional<Refusal> refusal = refusal(room, participant);
    if (refusal.isPresent()) {
      refuse(context, refusal.get());
    } else {
      room.participants.add(participant);
      if (!participant.address().isEmpty()) {
        bound.put(new Binding(participant.address(), participant.proxyAddress()), room);
      }
      joinListeners.forEach(listener -> listener.accept(room.sid));
      respond(context, CREATED, room.json(participant));
    }
  }

  private Optional<Refusal> refusal(ConversationRoom room, Participant participant) {
    if (room.isClosed()) {
      return Optional.of(closed(room));
    }
    if (!participant.identity().isEmpty()) {
      return room.participant(participant.identity())
          .map(_ -> new Refusal(50433, CONFLICT, "Participant already exists"));
    }
    if (!Addresses.isRecipient(participant.address())) {
      return Optional.of(Refusal.bad(50407, "Invalid messaging binding address"));
    }
    if (!settings.senders().contains(participant.proxyAddress())) {
      return Optional.of(Refusal.bad(50408, "Invalid messaging binding proxy address"));
    }
    return boundTo(participant.address(), participant.proxyAddress())
        .map(
            sid ->
                new Refusal(
                    50416,
                    CONFLICT,
                    "A binding for this participant and proxy address already exists in"
                        + " Conversation "
                        + sid));
  }

  private void post(RoutingContext context, ConversationRoom room) {
    meet(
        faults.strike(room.sid),
        context,
        CREATED,
        then -> take(context, room, message -> then.accept(room.json(message))));
  }

  /// Does what is asked, or what a fault makes of it.
  ///
  /// @param act does it and passes on what is answered, or refuses by itself
  private void meet(
      Optional<SendFault> fault,
      RoutingContext context,
      int status,
      Consumer<Consumer<JsonObject>> act) {
    if (fault.isEmpty()) {
      act.accept(answer -> respond(context, status, answer));
      return;
    }
    switch (fault.get()) {
      case SendFault.ErrorBeforeAccepting(int error) -> refuse(context, broken(error));
      case SendFault.ErrorAfterAccepting(int error) ->
          act.accept(_ -> refuse(context, broken(error)));
      case SendFault.CutBeforeAccepting() -> cut(context);
      case SendFault.CutAfterAccepting() -> act.accept(_ -> cut(context));
      case SendFault.SlowAnswer slow ->
          act.accept(
              answer ->
                  context
                      .vertx()
                      .setTimer(
                          Math.max(1, slow.delay().toMillis()),
                          _ -> respond(context, status, answer)));
      case SendFault.TooManyRequests() -> refuse(context, Refusal.TOO_MANY_REQUESTS);
      case SendFault.ErrorCode(int code) -> refuse(context, Refusal.programmed(code));
    }
  }

  private void take(
      RoutingContext context, ConversationRoom room, Consumer<ConversationMessage> then) {
    MultiMap form = context.request().formAttributes();
    Draft draft =
        new Draft(
            given(form, "Author").orElse("system"),
            given(form, "Body").orElse(""),
            given(form, "Attributes").orElse("{}"),
            given(form, "ContentSid"),
            "API");
    Optional<Refusal> refusal = refusal(room, draft);
    if (refusal.isPresent()) {
      refuse(context, refusal.get());
      return;
    }
    ConversationMessage message = keep(room, draft);
    room.participants.stream()
        .filter(it -> !it.address().isEmpty() && !it.isNamed(message.author()))
        .forEach(it -> outbound.accept(it, message.body()));
    if ("true".equals(context.request().getHeader("X-Twilio-Webhook-Enabled"))) {
      tell(room, parameters(room, message));
    }
    then.accept(message);
  }

  private static Optional<Refusal> refusal(ConversationRoom room, Draft draft) {
    if (room.isClosed()) {
      return Optional.of(closed(room));
    }
    if (draft.body.isEmpty() && draft.contentSid.isEmpty()) {
      return Optional.of(Refusal.bad(INVALID, "Either a body, media or content is required"));
    }
    if (draft.body.codePointCount(0, draft.body.length()) > MAX_BODY_CHARACTERS) {
      return Optional.of(Refusal.bad(INVALID, "The body is longer than 1600 characters"));
    }
    try {
      new JsonObject(draft.attributes);
      return Optional.empty();
    } catch (DecodeException _) {
      return Optional.of(Refusal.bad(INVALID, "Attributes are no valid JSON"));
    }
  }

  private ConversationMessage keep(ConversationRoom room, Draft draft) {
    ConversationMessage message =
        new ConversationMessage(
            StandInTwilio.newSid("IM"),
            room.sid,
            room.messages.size(),
            draft.author,
            room.participant(draft.author).map(Participant::sid),
            draft.body,
            draft.attributes,
            draft.contentSid,
            draft.source,
            Instant.now());
    room.messages.add(message);
    messages.put(message.sid(), message);
    return message;
  }

  private Map<String, String> parameters(ConversationRoom room, ConversationMessage message) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("EventType", "onMessageAdded");
    parameters.put("AccountSid", settings.accountSid());
    parameters.put("ChatServiceSid", service);
    parameters.put("ConversationSid", room.sid);
    parameters.put("MessageSid", message.sid());
    parameters.put("Index", Integer.toString(message.index()));
    parameters.put("DateCreated", message.createdAt().toString());
    parameters.put("Body", message.body());
    parameters.put("Author", message.author());
    message.participantSid().ifPresent(sid -> parameters.put("ParticipantSid", sid));
    parameters.put("Attributes", message.attributes());
    parameters.put("Source", message.source());
    parameters.put("RetryCount", "0");
    return parameters;
  }

  /// The last webhook's answer stands for all.
  private Future<WebhookAnswer> tell(ConversationRoom room, Map<String, String> parameters) {
    Future<WebhookAnswer> told =
        Future.succeededFuture(
            new WebhookAnswer.Unanswered(0, "no webhook hears of messages here"));
    for (Hook hook : room.hooks) {
      if (hook.filters().contains("onMessageAdded")) {
        told = told.compose(_ -> webhooks.post(hook.url(), parameters));
      }
    }
    return told;
  }

  private void participants(RoutingContext context, ConversationRoom room) {
    list(context, room, "participants", room.participants.stream().map(room::json).toList());
  }

  private void messages(RoutingContext context, ConversationRoom room) {
    List<ConversationMessage> all = room.messages;
    boolean newestFirst = "desc".equals(context.request().getParam("Order"));
    Function<ConversationMessage, JsonObject> json = room::json;
    list(
        context,
        room,
        "messages",
        (newestFirst ? all.reversed() : all).stream().map(json).toList());
  }

  private void hook(RoutingContext context, ConversationRoom room) {
    MultiMap form = context.request().formAttributes();
    Optional<String> url = given(form, "Configuration.Url");
    String target = given(form, "Target").orElse("");
    if (room.isClosed()) {
      refuse(context, closed(room));
    } else if (!target.equals("webhook") || url.isEmpty()) {
      refuse(context, Refusal.bad(INVALID, "This stand-in knows webhooks by URL alone"));
    } else {
      Hook hook =
          new Hook(
              StandInTwilio.newSid("WH"), target, url.get(), form.getAll("Configuration.Filters"));
      room.hooks.add(hook);
      respond(context, CREATED, room.json(hook));
    }
  }

  private void hooks(RoutingContext context, ConversationRoom room) {
    list(context, room, "webhooks", room.hooks.stream().map(room::json).toList());
  }

  private void list(
      RoutingContext context, ConversationRoom room, String key, List<JsonObject> items) {
    MultiMap query = context.request().params();
    try {
      int size = Integer.parseInt(given(query, "PageSize").orElse("" + DEFAULT_PAGE_SIZE));
      Slice slice =
          new Slice(
              Integer.parseInt(given(query, "Page").orElse("0")),
              Math.clamp(size, 1, MAX_PAGE_SIZE),
              given(query, "Order").orElse(""));
      respond(context, OK, room.page(items, key, slice));
    } catch (NumberFormatException _) {
      refuse(context, Refusal.bad(INVALID, "Invalid parameter in " + context.request().query()));
    }
  }

  private static Optional<String> given(MultiMap form, String name) {
    return Optional.ofNullable(form.get(name)).filter(value -> !value.isEmpty());
  }

  private static Refusal notFound(RoutingContext context) {
    return Refusal.notFound(context.request().path());
  }

  private static Refusal closed(ConversationRoom room) {
    return Refusal.bad(INVALID, "Conversation " + room.sid + " is closed");
  }

  private static Refusal broken(int status) {
    return new Refusal(20500, status, "An internal server error has occurred");
  }

  private void cut(RoutingContext context) {
    answers.count(0);
    context.request().connection().close();
  }

  private void refuse(RoutingContext context, Refusal refusal) {
    respond(context, refusal.httpStatus(), refusal.json());
  }

  private void respond(RoutingContext context, int status, JsonObject body) {
    answers.count(status);
    if (!context.response().closed()) {
      context
          .response()
          .setStatusCode(status)
          .putHeader("Content-Type", "application/json")
          .end(body.encode());
    }
  }

  /// An address of somebody's, and the one of ours that they write to.
  private record Binding(String theirs, String ours) {}

  /// A message before it has a place.
  private record Draft(
      String author, String body, String attributes, Optional<String> contentSid, String source) {}
}
