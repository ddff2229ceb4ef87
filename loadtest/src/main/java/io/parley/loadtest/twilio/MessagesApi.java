package io.parley.loadtest.twilio;

import io.parley.loadtest.standin.Answers;
import io.parley.loadtest.standin.BasicAuth;
import io.parley.loadtest.standin.Faults;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/// The Messages resource of Twilio's API: create, fetch, list, cancel and redact. Confined to its
/// context, but for the counts.
final class MessagesApi {

  private static final int CREATED = 201;
  private static final int OK = 200;

  private final Account account;
  private final Carrier carrier;
  private final Faults<SendFault> faults;
  private final Listeners listeners;
  private final BasicAuth auth;
  private final Answers answers = new Answers();
  private int inFlight;

  /// Who hears of create requests: of the recipient of each as it comes, and of the message where
  /// it was accepted, before that is answered.
  record Listeners(Consumer<String> asked, Consumer<SentMessage> accepted) {}

  MessagesApi(Account account, Carrier carrier, Faults<SendFault> faults, Listeners listeners) {
    this.account = account;
    this.carrier = carrier;
    this.faults = faults;
    this.listeners = listeners;
    this.auth = new BasicAuth(account.settings().accountSid(), account.settings().authToken());
  }

  void mount(Router router) {
    String messages = StandInTwilio.messagesPath(account.settings().accountSid());
    router.route("/" + StandInTwilio.API_VERSION + "/*").handler(this::admit);
    router.post(messages + ".json").handler(this::create);
    router.get(messages + ".json").handler(this::list);
    router.get(messages + "/:sid").handler(this::fetch);
    router.post(messages + "/:sid").handler(this::update);
    router
        .route("/" + StandInTwilio.API_VERSION + "/*")
        .handler(context -> refuse(context, Refusal.notFound(context.request().path())));
  }

  /// How many requests of any kind got each HTTP status; 0 stands for a connection that was cut.
  Map<Integer, Integer> answers() {
    return answers.counts();
  }

  private void admit(RoutingContext context) {
    if (!auth.allows(context.request())) {
      refuse(context, Refusal.UNAUTHENTICATED);
      return;
    }
    if (inFlight >= account.settings().concurrentRequests()) {
      refuse(context, Refusal.TOO_MANY_REQUESTS);
      return;
    }
    inFlight++;
    context.addEndHandler(_ -> inFlight--);
    context.next();
  }

  private void create(RoutingContext context) {
    MultiMap form = context.request().formAttributes();
    String to = Optional.ofNullable(form.get("To")).orElse("");
    listeners.asked().accept(to);
    faults
        .strike(to)
        .ifPresentOrElse(
            fault -> createWith(fault, context),
            () ->
                accept(form)
                    .answer(
                        message -> respond(context, CREATED, json(message)),
                        refusal -> refuse(context, refusal)));
  }

  private void createWith(SendFault fault, RoutingContext context) {
    switch (fault) {
      case SendFault.ErrorBeforeAccepting(int status) -> refuse(context, broken(status));
      case SendFault.ErrorAfterAccepting(int status) ->
          afterAccepting(context, _ -> refuse(context, broken(status)));
      case SendFault.CutBeforeAccepting() -> cut(context);
      case SendFault.CutAfterAccepting() -> afterAccepting(context, _ -> cut(context));
      case SendFault.SlowAnswer slow ->
          afterAccepting(context, message -> late(context, slow, message));
      case SendFault.TooManyRequests() -> refuse(context, Refusal.TOO_MANY_REQUESTS);
      case SendFault.ErrorCode(int code) -> refuse(context, Refusal.programmed(code));
    }
  }

  private void afterAccepting(RoutingContext context, Consumer<SentMessage> then) {
    accept(context.request().formAttributes()).answer(then, refusal -> refuse(context, refusal));
  }

  private void late(RoutingContext context, SendFault.SlowAnswer slow, SentMessage message) {
    context
        .vertx()
        .setTimer(
            Math.max(1, slow.delay().toMillis()), _ -> respond(context, CREATED, json(message)));
  }

  private Acceptance accept(MultiMap form) {
    return switch (CreateRequest.read(form, account.settings())) {
      case CreateRequest.Refused(Refusal refusal) -> new Acceptance.Refused(refusal);
      case CreateRequest.Valid valid -> accept(valid);
    };
  }

  private Acceptance accept(CreateRequest.Valid valid) {
    if (account.isOptedOut(valid.from(), valid.to())) {
      return new Acceptance.Refused(Refusal.OPTED_OUT);
    }
    // A service has chosen its sender only after it took the message: that one fails with 30001.
    if (valid.messagingServiceSid().isEmpty() && carrier.overflows(valid.from())) {
      return new Acceptance.Refused(
          Refusal.bad(
              21611, "This 'From' number has exceeded the maximum number of queued messages"));
    }
    Instant now = Instant.now();
    SentMessage message =
        new SentMessage(
            StandInTwilio.newSid(valid.mediaUrls().isEmpty() ? "SM" : "MM"),
            Direction.OUTBOUND_API,
            valid.to(),
            valid.from(),
            valid.messagingServiceSid(),
            valid.body(),
            valid.mediaUrls(),
            valid.contentSid(),
            valid.contentVariables(),
            valid.statusCallback(),
            Addresses.isWhatsApp(valid.to()) ? 1 : Segments.of(valid.body()),
            DeliveryStatus.QUEUED,
            OptionalInt.empty(),
            now,
            Optional.empty(),
            now);
    account.keep(message);
    listeners.accepted().accept(message);
    carrier.take(message);
    return new Acceptance.Accepted(message);
  }

  private void list(RoutingContext context) {
    MultiMap query = context.request().params();
    Optional<MessageList> list = MessageList.read(query);
    if (list.isEmpty()) {
      refuse(context, Refusal.bad(20001, "Invalid parameter in " + context.request().query()));
      return;
    }
    String to = Optional.ofNullable(query.get("To")).orElse("");
    List<SentMessage> among = to.isEmpty() ? account.messages().all() : account.messagesTo(to);
    respond(context, OK, list.get().page(among, account.settings().accountSid()));
  }

  private void fetch(RoutingContext context) {
    account
        .messages()
        .find(sid(context))
        .ifPresentOrElse(
            message -> respond(context, OK, json(message)),
            () -> refuse(context, Refusal.notFound(context.request().path())));
  }

  private void update(RoutingContext context) {
    String sid = sid(context);
    if (account.messages().find(sid).isEmpty()) {
      refuse(context, Refusal.notFound(context.request().path()));
      return;
    }
    MultiMap form = context.request().formAttributes();
    String body = form.get("Body");
    if ("canceled".equals(form.get("Status"))) {
      cancel(context, sid);
    } else if (body != null && body.isEmpty()) {
      account.messages().change(sid, message -> message.redacted(Instant.now()));
      fetch(context);
    } else {
      refuse(context, Refusal.bad(20001, "Only Status=canceled or an empty Body can be set"));
    }
  }

  private void cancel(RoutingContext context, String sid) {
    Optional<SentMessage> canceled =
        account
            .messages()
            .change(
                sid,
                message ->
                    message.status() == DeliveryStatus.QUEUED
                        ? message.at(DeliveryStatus.CANCELED, OptionalInt.empty(), Instant.now())
                        : message);
    canceled.ifPresentOrElse(
        message -> {
          carrier.drop(message);
          respond(context, OK, json(message));
        },
        () -> refuse(context, Refusal.bad(30409, "Message is not in a cancelable state")));
  }

  private JsonObject json(SentMessage message) {
    return MessageJson.of(message, account.settings().accountSid());
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
    if (context.response().closed()) {
      return;
    }
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .putHeader("Twilio-Request-Id", StandInTwilio.newSid("RQ"))
        .end(body.encode());
  }

  private static Refusal broken(int status) {
    return new Refusal(20500, status, "An internal server error has occurred");
  }

  private static String sid(RoutingContext context) {
    return context.pathParam("sid").replaceFirst("\\.json$", "");
  }

  private sealed interface Acceptance {
    record Accepted(SentMessage message) implements Acceptance {}

    record Refused(Refusal refusal) implements Acceptance {}

    default void answer(Consumer<SentMessage> ifAccepted, Consumer<Refusal> ifRefused) {
      switch (this) {
        case Accepted(SentMessage message) -> ifAccepted.accept(message);
        case Refused(Refusal refusal) -> ifRefused.accept(refusal);
      }
    }
  }
}
