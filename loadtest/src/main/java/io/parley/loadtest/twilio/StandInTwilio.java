package io.parley.loadtest.twilio;

import io.parley.loadtest.standin.Faults;
import io.parley.loadtest.standin.Ledger;
import io.parley.loadtest.standin.Pages;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/// A server on 127.0.0.1 that behaves as Twilio does for one account's messages and conversations.
///
/// ```java
/// StandInTwilio twilio = StandInTwilio.start(vertx, settings).await();
/// twilio.messagesWebhook("http://127.0.0.1:8080/webhooks/twilio/messages");
/// twilio.faults().next(1, new SendFault.CutAfterAccepting());
/// twilio.receive("+14155550123", "+15005550006", "STOP").await();
/// ```
///
/// Beside Twilio's API it serves, without authentication, `GET /stand-in/state` (a summary;
/// `?last=n` for the number of messages shown) and `POST /stand-in/receive` (form `From`, `To`,
/// `Body` and any other webhook parameter), so that a person can play the customer.
///
/// Safe for any thread. Consumers and futures are called on the stand-in's event loop and must not
/// block it.
public final class StandInTwilio {

  static final String API_VERSION = "2010-04-01";

  private static final int DEFAULT_MESSAGES_SHOWN = 20;
  private static final int WEBHOOK_CONNECTIONS = 1_024;

  /// Above the 14,400 bytes of 1,600 percent-encoded characters of three bytes each.
  private static final int MAX_FORM_VALUE_BYTES = 64 * 1024;

  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

  private final Vertx vertx;
  private final Account account;
  private final Faults<SendFault> faults = new Faults<>();
  private final Ledger<InboundResult> inbound = new Ledger<>();
  private final Ledger<StatusCallback> statusCallbacks = new Ledger<>();
  private final AtomicLong callbackCount = new AtomicLong();
  private final List<Consumer<String>> requestListeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<SentMessage>> sendListeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<SentMessage>> changeListeners = new CopyOnWriteArrayList<>();
  private final Context context;
  private final Webhooks webhooks;
  private final Courier courier;
  private final Carrier carrier;
  private final MessagesApi api;
  private final ConversationsApi conversations;
  private volatile Optional<String> messagesWebhook;
  private volatile int port;
  private volatile Optional<HttpServer> server = Optional.empty();

  private StandInTwilio(Vertx vertx, Context context, TwilioSettings settings) {
    this.vertx = vertx;
    this.context = context;
    this.account = new Account(settings);
    this.messagesWebhook = settings.messagesWebhook();
    WebClient client =
        WebClient.create(
            vertx,
            new WebClientOptions()
                .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
                .setFollowRedirects(false)
                .setUserAgentEnabled(false),
            new PoolOptions().setHttp1MaxSize(WEBHOOK_CONNECTIONS));
    this.webhooks = new Webhooks(client, settings.authToken());
    this.courier =
        new Courier(
            vertx,
            webhooks,
            settings,
            callback ->
                statusCallbacks.put(Long.toString(callbackCount.incrementAndGet()), callback));
    this.carrier =
        new Carrier(
            vertx,
            account,
            courier,
            message -> changeListeners.forEach(listener -> listener.accept(message)));
    this.api =
        new MessagesApi(
            account,
            carrier,
            faults,
            new MessagesApi.Listeners(
                to -> requestListeners.forEach(listener -> listener.accept(to)),
                message -> sendListeners.forEach(listener -> listener.accept(message))));
    this.conversations =
        new ConversationsApi(
            settings,
            webhooks,
            faults,
            (participant, body) -> carry(participant.proxyAddress(), participant.address(), body));
  }

  /// Starts the server; it ends with [#close] or with the Vert.x instance.
  public static Future<StandInTwilio> start(Vertx vertx, TwilioSettings settings) {
    Promise<StandInTwilio> started = Promise.promise();
    vertx
        .deployVerticle(
            context -> {
              StandInTwilio twilio = new StandInTwilio(vertx, context, settings);
              return twilio.listen(settings.port()).onSuccess(_ -> started.complete(twilio));
            })
        .onFailure(started::tryFail);
    return started.future();
  }

  /// Stops the server; messages on their way stay where they are.
  public Future<Void> close() {
    return vertx.undeploy(context.deploymentID());
  }

  /// Stops to listen: connections are refused until [#comeUp]. Messages on their way go on.
  public Future<Void> goDown() {
    return server.map(HttpServer::close).orElse(Future.succeededFuture());
  }

  /// Listens again, on the same port.
  public Future<Void> comeUp() {
    return listen(port).mapEmpty();
  }

  public int port() {
    return port;
  }

  /// Where the API is, such as `http://127.0.0.1:40123`.
  public String baseUrl() {
    return "http://127.0.0.1:" + port;
  }

  public TwilioSettings settings() {
    return account.settings();
  }

  /// Sets where messages of customers are posted to.
  public void messagesWebhook(String url) {
    messagesWebhook = Optional.of(url);
  }

  /// The faults that create requests meet; a request is about its recipient (`To`) or its
  /// conversation (`CH...`), and one that closes a conversation about `state of CH...`.
  public Faults<SendFault> faults() {
    return faults;
  }

  /// Sets the pace of all senders that have none of their own.
  public void pace(Pace pace) {
    carrier.pace(pace);
  }

  /// Sets the pace of one sender.
  public void pace(String sender, Pace pace) {
    carrier.pace(sender, pace);
  }

  /// Sets what becomes of messages to one recipient; it goes before the rule of [#fates].
  public void fate(String recipient, Fate fate) {
    carrier.fate(recipient, fate);
  }

  /// Sets what becomes of messages. Free text on WhatsApp outside the 24 hours after the customer's
  /// last message fails with 63016 before this rule is asked.
  public void fates(Function<SentMessage, Fate> rule) {
    carrier.fates(rule);
  }

  public void callbackHabits(CallbackHabits habits) {
    context.runOnContext(_ -> courier.adopt(habits));
  }

  /// Adds a listener for each create request, called with its recipient before anything is decided
  /// about it, faults included.
  public void onRequest(Consumer<String> listener) {
    requestListeners.add(listener);
  }

  /// Adds a listener for each create request that was accepted, called before it is answered.
  public void onSend(Consumer<SentMessage> listener) {
    sendListeners.add(listener);
  }

  /// Adds a listener for each later status of each outbound message.
  public void onChange(Consumer<SentMessage> listener) {
    changeListeners.add(listener);
  }

  /// All messages to customers, oldest first: those created by the API and those of Twilio itself.
  public List<SentMessage> messages() {
    return account.messages().all().stream().filter(StandInTwilio::isOutbound).toList();
  }

  /// The messages created by the API, oldest first.
  public List<SentMessage> messagesViaApi() {
    return account.messages().all().stream().filter(SentMessage::viaApi).toList();
  }

  public Optional<SentMessage> message(String sid) {
    return account.messages().find(sid);
  }

  /// Completes with the first outbound message that matches, at once when there is one.
  public Future<SentMessage> awaitMessage(Predicate<SentMessage> matching) {
    return awaitMessages(1, matching).map(List::getFirst);
  }

  /// Completes when `count` outbound messages match; each is tested again at each change.
  public Future<List<SentMessage>> awaitMessages(int count, Predicate<SentMessage> matching) {
    return account
        .messages()
        .await(count, message -> isOutbound(message) && matching.test(message));
  }

  /// All status callbacks made, in the order of their answers.
  public List<StatusCallback> statusCallbacks() {
    return statusCallbacks.all();
  }

  public Future<List<StatusCallback>> awaitStatusCallbacks(
      int count, Predicate<StatusCallback> matching) {
    return statusCallbacks.await(count, matching);
  }

  /// All messages received from customers, in the order of the application's answers.
  public List<InboundResult> inbound() {
    return inbound.all();
  }

  public List<OptOut> optOuts() {
    return account.optOuts();
  }

  /// Opts a customer out as a STOP would, without a message.
  public void optOut(String sender, String recipient) {
    account.addOptOut(sender, recipient);
  }

  /// How many API requests got each HTTP status; 0 stands for a connection that was cut.
  public Map<Integer, Integer> answers() {
    return api.answers();
  }

  public Future<InboundResult> receive(String from, String to, String body) {
    return receive(Inbound.sms(from, to, body));
  }

  public Future<InboundResult> receive(
      String from, String to, String body, Map<String, String> extra) {
    return receive(new Inbound(from, to, body, extra));
  }

  /// Takes a customer's message: handles keywords as Twilio does, posts it to the messages webhook,
  /// and completes with what was answered. It never fails.
  public Future<InboundResult> receive(Inbound message) {
    Promise<InboundResult> received = Promise.promise();
    context.runOnContext(_ -> take(message).onComplete(received));
    return received.future();
  }

  /// Posts a message once more as it was, as Twilio may do; keywords are not handled again.
  public Future<InboundResult> receiveAgain(InboundResult before) {
    Promise<InboundResult> received = Promise.promise();
    context.runOnContext(
        _ ->
            (before.parameters().containsKey("ConversationSid")
                    ? conversations.tellAgain(before)
                    : post(before.messageSid(), before.parameters()))
                .onComplete(received));
    return received.future();
  }

  /// The chat service that conversations are held in.
  public String chatService() {
    return conversations.service();
  }

  /// Each conversation's state, by its sid.
  public Map<String, String> conversations() {
    return conversations.states();
  }

  /// Adds a listener for each conversation that is created, called with its sid before the request
  /// is answered.
  public void onConversation(Consumer<String> listener) {
    conversations.onCreated(listener);
  }

  /// Adds a listener for each participant that joins, called with the conversation's sid before the
  /// request is answered.
  public void onParticipant(Consumer<String> listener) {
    conversations.onJoined(listener);
  }

  /// The messages of all conversations, oldest first.
  public List<ConversationMessage> conversationMessages() {
    return conversations.messages().all();
  }

  /// A chat user writes in a conversation. Somebody with an address is played with [#receive].
  public Future<InboundResult> say(String conversationSid, String identity, String body) {
    Promise<InboundResult> said = Promise.promise();
    context.runOnContext(
        _ -> conversations.say(conversationSid, identity, body, "SDK").onComplete(said));
    return said.future();
  }

  /// A summary as JSON, the same as `GET /stand-in/state`.
  public JsonObject state() {
    return state(DEFAULT_MESSAGES_SHOWN);
  }

  private JsonObject state(int messagesShown) {
    List<SentMessage> all = account.messages().all();
    Map<String, Object> byStatus = new TreeMap<>();
    all.forEach(message -> byStatus.merge(message.status().word(), 1, StandInTwilio::sum));
    JsonArray last = new JsonArray();
    all.subList(Math.max(0, all.size() - messagesShown), all.size())
        .forEach(message -> last.add(MessageJson.of(message, settings().accountSid())));
    JsonArray out = new JsonArray();
    optOuts()
        .forEach(
            optOut ->
                out.add(
                    new JsonObject()
                        .put("sender", optOut.sender())
                        .put("recipient", optOut.recipient())));
    JsonObject answered = new JsonObject();
    answers().forEach((status, count) -> answered.put(Integer.toString(status), count));
    return new JsonObject()
        .put("account_sid", settings().accountSid())
        .put("senders", new JsonArray(settings().senders()))
        .put("messages_webhook", messagesWebhook.orElse(null))
        .put("messages", new JsonObject(byStatus))
        .put("status_callbacks", callbackCount.get())
        .put("inbound", inbound.size())
        .put("answers", answered)
        .put("faults_struck", new JsonObject(new LinkedHashMap<>(faults.struck())))
        .put("opt_outs", out)
        .put("last_messages", last);
  }

  static String messagesPath(String accountSid) {
    return "/" + API_VERSION + "/Accounts/" + accountSid + "/Messages";
  }

  static String newSid(String prefix) {
    return prefix + UUID.randomUUID().toString().replace("-", "");
  }

  private Future<?> listen(int wanted) {
    Router router = Router.router(vertx);
    router.route().handler(BodyHandler.create(false));
    api.mount(router);
    conversations.mount(router);
    router.get("/stand-in/state").handler(this::showState);
    router.post("/stand-in/receive").handler(this::receiveByHand);
    return vertx
        .createHttpServer(
            new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(wanted)
                .setMaxFormAttributeSize(MAX_FORM_VALUE_BYTES))
        .requestHandler(router)
        .listen()
        .onSuccess(
            listening -> {
              port = listening.actualPort();
              server = Optional.of(listening);
            });
  }

  private void showState(RoutingContext http) {
    String last = http.request().getParam("last");
    int shown = last == null ? DEFAULT_MESSAGES_SHOWN : Integer.parseInt(last);
    Pages.show(http, state(shown));
  }

  private void receiveByHand(RoutingContext http) {
    MultiMap form = http.request().formAttributes();
    if (!form.contains("From") || !form.contains("To") || !form.contains("Body")) {
      http.response().setStatusCode(400).end("From, To and Body are needed\n");
      return;
    }
    Map<String, String> extra = new LinkedHashMap<>();
    form.forEach(extra::put);
    take(new Inbound(form.get("From"), form.get("To"), form.get("Body"), extra))
        .onSuccess(result -> Pages.show(http, shown(result)));
  }

  private static JsonObject shown(InboundResult result) {
    JsonObject json = new JsonObject().put("message_sid", result.messageSid());
    switch (result.answer()) {
      case WebhookAnswer.Answered(int attempts, int status, String body, _) ->
          json.put("attempts", attempts).put("status", status).put("answer", body);
      case WebhookAnswer.Unanswered(int attempts, String reason) ->
          json.put("attempts", attempts).put("unanswered", reason);
    }
    return json;
  }

  /// What comes from an address that an open conversation is bound to is said there, and no
  /// messages webhook hears of it.
  private Future<InboundResult> take(Inbound message) {
    Optional<String> room = conversations.boundTo(message.from(), message.to());
    if (room.isPresent()) {
      String source = Addresses.isWhatsApp(message.from()) ? "WHATSAPP" : "SMS";
      return conversations.say(room.get(), message.from(), message.body(), source);
    }
    Instant now = Instant.now();
    Map<String, String> parameters = InboundParameters.of(message, settings());
    String sid = parameters.getOrDefault("MessageSid", "");
    SentMessage kept = InboundParameters.kept(sid, message, now);
    account.keep(kept);
    account.heard(message.from(), message.to(), now);
    handle(kept, parameters);
    return post(sid, parameters);
  }

  private void handle(SentMessage message, Map<String, String> parameters) {
    KeywordHandling handling = settings().keywords();
    if (handling == KeywordHandling.OFF || message.whatsApp()) {
      return;
    }
    Optional<Keyword> keyword = Keyword.in(message.body());
    if (keyword.isEmpty()) {
      return;
    }
    // Twilio reads YES as an answer and not as a keyword, unless the customer is opted out.
    boolean effective =
        switch (keyword.get()) {
          case STOP -> account.addOptOut(message.to(), message.from());
          case START -> account.removeOptOut(message.to(), message.from());
          case HELP -> true;
        };
    if (effective) {
      confirm(keyword.get(), message);
    }
    if (handling == KeywordHandling.ADVANCED && (effective || keyword.get() != Keyword.START)) {
      parameters.put("OptOutType", keyword.get().name());
    }
  }

  private void confirm(Keyword keyword, SentMessage heard) {
    carry(heard.to(), heard.from(), keyword.reply());
  }

  /// Sends something of Twilio's own accord.
  private void carry(String from, String to, String body) {
    Instant now = Instant.now();
    SentMessage message =
        new SentMessage(
            newSid("SM"),
            Direction.OUTBOUND_REPLY,
            to,
            from,
            Optional.empty(),
            body,
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Segments.of(body),
            DeliveryStatus.QUEUED,
            OptionalInt.empty(),
            now,
            Optional.empty(),
            now);
    account.keep(message);
    carrier.take(message);
  }

  private Future<InboundResult> post(String sid, Map<String, String> parameters) {
    Instant at = Instant.now();
    Future<WebhookAnswer> answer =
        messagesWebhook
            .map(url -> webhooks.post(url, parameters))
            .orElseGet(
                () ->
                    Future.succeededFuture(
                        new WebhookAnswer.Unanswered(0, "no messages webhook is set")));
    return answer
        .map(got -> new InboundResult(sid, parameters, at, got))
        .onSuccess(result -> inbound.put(newSid("IN"), result));
  }

  private static boolean isOutbound(SentMessage message) {
    return message.direction() != Direction.INBOUND;
  }

  private static Object sum(Object a, Object b) {
    return (Integer) a + (Integer) b;
  }
}
