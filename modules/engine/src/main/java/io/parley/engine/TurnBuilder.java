package io.parley.engine;

import io.parley.engine.Conversation.Run;
import io.parley.engine.Conversation.SentMessage;
import io.parley.engine.Effect.ScheduleTimer.Purpose;
import io.parley.engine.Event.SendAccepted;
import io.parley.engine.Execution.Position;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.Reached;
import io.parley.engine.flow.Scene;
import io.parley.engine.flow.Sending;
import io.parley.engine.flow.StartConversation;
import io.parley.engine.hours.Clues;
import io.parley.engine.liquid.Rendered;
import io.parley.engine.liquid.Templates;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A turn in the making: the conversation as it changes, and the effects in their order. Confined
/// to one step.
final class TurnBuilder implements Scene {

  private static final Duration MAX_LIFETIME = Duration.ofDays(30);

  /// Where a widget that handed over keeps a purchase that was made meanwhile.
  private static final String PURCHASE = "purchase";

  private final Conversation before;
  private final Event event;
  private final Moment moment;

  private final int number;
  private final Effects effects;
  private final Reports reports;
  private final Messages messages;
  private final Course course;
  private final Windows windows;
  private final SendRules rules;
  private final List<Warning> warnings = new ArrayList<>();
  private final Bargains bargains;
  private final Address contact;
  private Person person;
  private final Custody custody;
  private final Pause pause;
  private List<Run> runs;
  private boolean changed;

  /// Whether the flow may say nothing to the contact, and whether it tried to.
  private boolean muted;

  private boolean silenced;

  TurnBuilder(Conversation before, Event event, FlowShelf flows, Moment moment) {
    this.before = before;
    this.event = event;
    this.moment = moment;
    this.number = before.turn() + 1;
    this.effects = new Effects(before.id(), number, moment.now());
    this.contact = reported(before, event);
    this.reports = new Reports(before, moment.now(), effects, contact);
    this.bargains = new Bargains(before.bargain(), this, moment);
    this.course = new Course(before.execution(), this, flows);
    this.windows = new Windows(this, before.engagement(), moment.policy().suppression());
    this.person = before.person();
    this.custody = new Custody(before, this);
    this.pause = new Pause(this, course, custody);
    this.messages = new Messages(before.messages());
    this.runs = before.runs();
    this.rules = new SendRules(before.traffic(), event, moment);
    this.muted = moment.contact().is(Block.UNCLEAR);
  }

  /// The contact, or the address behind who wrote in a conversation, which alone names a person.
  private static Address reported(Conversation before, Event event) {
    Address theirs = before.thread().theirs();
    if (!theirs.isConversation()) {
      return theirs;
    }
    Optional<Address> author =
        event instanceof Event.ReplyReceived reply ? reply.author() : Optional.empty();
    return author.orElseGet(before::contact);
  }

  // ---- what a step ends with

  Trace trace() {
    return course.trace();
  }

  Step taken() {
    return new Step.Turn(next(), effects.netted(), course.path(), warnings);
  }

  /// The event moved nothing. What was reported of it stays.
  Step refused(Reason reason) {
    return new Step.Refused(next(), reason, effects.all());
  }

  Step refusedUnlessChanged(Reason reason) {
    return changed ? taken() : refused(reason);
  }

  private Conversation next() {
    return new Conversation(
        before.id(),
        before.thread(),
        number,
        custody.owner(),
        custody.epoch(),
        person,
        course.execution(),
        messages.all(),
        runs,
        rules.traffic(changed),
        bargains.bargain(),
        windows.engagement(),
        custody.handoff(),
        custody.untagged());
  }

  // ---- executions

  Optional<Execution> execution() {
    return course.execution();
  }

  Person person() {
    return person;
  }

  /// Who speaks for us.
  Custody custody() {
    return custody;
  }

  /// The execution while a person speaks.
  Pause pause() {
    return pause;
  }

  Windows windows() {
    return windows;
  }

  /// Whether a flow speaks to people who have bought.
  boolean speaksToPurchasers(FlowRef ref) {
    return course.flow(ref).speaksToPurchasers();
  }

  /// What our messages are about.
  String programme() {
    return PersonChecks.programme(execution().map(Execution::rootData).orElse(Values.EMPTY));
  }

  /// The contact has answered whether to stop, and may be spoken to again.
  void unmute() {
    muted = false;
  }

  /// Whether the flow had something to say to a contact who may be told nothing now.
  boolean isSilenced() {
    return silenced;
  }

  /// A caller who says nothing of the person takes nothing back of what others said.
  void know(Person told) {
    if (told.equals(Person.UNKNOWN)) {
      return;
    }
    person = told;
    told.externalId().ifPresent(id -> add(new Effect.RecordContact(theirs(), id)));
  }

  /// A new execution, before its first widget.
  void begin(FlowRef ref, Values trigger, Values data) {
    Flow running = course.flow(ref);
    ExecutionId id = ExecutionId.of(before.id(), number);
    EffectId expiry = timer(MAX_LIFETIME, Purpose.EXECUTION_EXPIRY);
    Position position = new Position(running.initialState(), new Awaiting.Nothing());
    course.set(Execution.beginning(id, ref, now(), trigger, data, position, expiry));
    Run run = new Run(number, ref, now(), Reports.cohort(data));
    runs = Messages.latest(runs, run, Conversation.MAX_RUNS);
    changed = true;
    roomOfEvent().ifPresent(this::stay);
    windows.begin(running.speaksToPurchasers() ? Optional.empty() : mootSince());
    reportAttributes();
    report(Outcomes.CONVERSATION_STARTED, Values.EMPTY);
    windows.announce();
  }

  /// From when on an order makes moot what the execution that begins has to say, if one does.
  private Optional<Instant> mootSince() {
    if (!(event instanceof Event.Triggered triggered)) {
      return Optional.of(now());
    }
    return Optional.of(PersonChecks.since(triggered))
        .filter(_ -> !PersonChecks.isAfterPurchase(triggered))
        .map(since -> since.isAfter(now()) ? now() : since);
  }

  /// The conversation that what begins an execution was written in, or is addressed to.
  private Optional<Execution.Room> roomOfEvent() {
    Optional<Address> named =
        event instanceof Event.ReplyReceived reply ? reply.room() : Optional.empty();
    return named
        .or(() -> Optional.of(theirs()).filter(Address::isConversation))
        .map(sid -> new Execution.Room(sid, service(), false));
  }

  private String service() {
    Optional<String> told =
        event instanceof Event.ReplyReceived reply
            ? reply.parameters().text("ChatServiceSid")
            : Optional.empty();
    return told.orElseGet(() -> ours().channel() == Channel.CONVERSATION ? ours().value() : "");
  }

  private void stay(Execution.Room room) {
    course.set(course.live().in(room));
  }

  /// The latest executions that began in this thread.
  List<Run> runs() {
    return runs;
  }

  /// Leaves the trigger by an event and runs until the flow waits or ends.
  void run(String by) {
    course.run(by);
  }

  /// Something moved, so that the event is not refused.
  void changed() {
    changed = true;
  }

  /// Hands the event to the widget that the execution stands at.
  Step resume(Event event) {
    return resumeOr(Reason.UNEXPECTED_EVENT, event);
  }

  Step resumeOr(Reason otherwise, Event event) {
    if (pause.holds()) {
      return pause.keep(event) ? taken() : refused(otherwise);
    }
    Position position = course.live().position();
    Reached reached = course.reach(event);
    if (reached instanceof Reached.Unmoved(var reason)) {
      return refused(reason == Reason.UNEXPECTED_EVENT ? otherwise : reason);
    }
    supersede(position.awaiting());
    if (position.awaiting() instanceof Awaiting.Closing
        && reached instanceof Reached.Left left
        && boughtMeanwhile().isPresent()) {
      endBought(position.widget(), left);
      return taken();
    }
    course.follow(position.widget(), reached);
    return taken();
  }

  /// A question that waits for its time, and that the contact has overtaken, is asked no more.
  private void supersede(Awaiting awaiting) {
    if (awaiting instanceof Awaiting.SendAnswer(var send, _) && rules.isHeldBack(send)) {
      withdrawSends();
    }
  }

  /// A purchase while a person speaks does not take the word from that person: it is kept in the
  /// outputs of the widget that handed over, and ends the execution when the handoff is over.
  ///
  /// @param moot whether it makes moot what the execution has to say
  void keepPurchase(Event.PurchaseSeen purchase, boolean moot) {
    if (!pause.isAwaited()) {
      boolean awaited = course.live().position().awaiting() instanceof Awaiting.Happening;
      if (moot || awaited) {
        custody.keep(purchase);
      }
      return;
    }
    course.write(
        course.live().position().widget(),
        Values.of(PURCHASE, Values.of("order_id", purchase.orderId()).with(purchase.properties())));
    changed = true;
  }

  /// Whether an order makes moot what the execution has to say.
  boolean isMootByOrder() {
    return windows.engagement().recoversSince().isPresent();
  }

  /// The order that makes moot what the execution has to say, and came while the widget that it
  /// stands at waited for a person.
  Optional<String> boughtMeanwhile() {
    return execution()
        .filter(_ -> isMootByOrder())
        .map(it -> it.widgets().object(it.position().widget()).object(PURCHASE))
        .filter(it -> !it.isEmpty())
        .map(it -> it.text("order_id").orElse(""));
  }

  private void endBought(String widget, Reached.Left left) {
    String order = boughtMeanwhile().orElseThrow();
    course.write(widget, left.outputs());
    course.stand(new Position(widget, new Awaiting.Nothing()));
    course.hop(widget, left.event(), "");
    end(Result.PURCHASED, Handovers.sentence(order));
  }

  /// For events that have an effect of their own: the widget hears of them, but need not be moved.
  Step resumeIfConcerned(Event event) {
    if (pause.holds()) {
      pause.keep(event);
    } else if (execution().isPresent()) {
      moves(event);
    }
    return taken();
  }

  /// For a message that closes the contact to us: the execution goes on where that leads to a call,
  /// which takes no message. Answers whether it does.
  boolean resumeByCall(Event event) {
    return execution().isPresent() && !isHandedOver() && course.failsToCall() && moves(event);
  }

  /// For what ends an execution, unless it waits for it.
  boolean resumeWaiting(Event awaited) {
    return course.live().position().awaiting() instanceof Awaiting.Happening && moves(awaited);
  }

  /// Lets the execution go on where the event leads from the widget that it stands at. Answers
  /// whether it leads anywhere.
  boolean moves(Event event) {
    Position position = course.live().position();
    Reached reached = course.reach(event);
    if (reached instanceof Reached.Unmoved) {
      return false;
    }
    course.follow(position.widget(), reached);
    return true;
  }

  /// Ends the execution, if one is alive, and reports how.
  void end(Result result, String explanation) {
    if (execution().isEmpty()) {
      return;
    }
    Execution it = course.live();
    cancel(it.expiry());
    it.position().awaiting().limit().ifPresent(this::cancel);
    if (it.position().awaiting() instanceof Awaiting.Closing(var handoff, _)
        && custody.isOpen(handoff)) {
      takeBack(handoff, "the execution ended: " + result.word());
    }
    bargains.ended();
    it.room().filter(Execution.Room::closing).ifPresent(this::close);
    if (it.position().awaiting() instanceof Awaiting.CallAnswer(var call)
        && course.standingAt().orElse(null) instanceof StartConversation start) {
      start.abandon(this, call);
    }
    Values how =
        Values.of("result", result.word())
            .with("last_widget", it.position().widget())
            .with("steps", it.steps())
            .with("seconds", Duration.between(it.startedAt(), now()).toSeconds());
    if (!explanation.isEmpty()) {
      how = how.with("explanation", explanation);
    }
    report(Outcomes.FLOW_COMPLETED, how);
    report(Outcomes.CONVERSATION_ENDED, Values.of("result", result.word()));
    course.end();
    changed = true;
    windows.release();
    reportAttributes();
  }

  private void close(Execution.Room room) {
    call(Effect.Request.Conversation.closing(room.sid().value(), room.service()));
  }

  /// What still waits to leave speaks for nobody any more.
  void withdrawSends() {
    int epoch = custody.rise();
    rules.withdrawn();
    add(new Effect.WithdrawSends(epoch));
    bargains.withdrawn();
  }

  /// The contact wants no messages: nobody speaks any more, and nothing that waits leaves.
  void silence(String why) {
    add(new Effect.WithdrawAgentSends(custody.epoch()));
    custody
        .handoff()
        .ifPresent(
            open -> {
              pause.drop(open.kept());
              takeBack(open.id(), why);
            });
  }

  /// Whether a person speaks for us, or shall.
  boolean isHandedOver() {
    return custody.isHandedOver();
  }

  boolean knows(FlowRef ref) {
    return course.knows(ref);
  }

  /// Whether the flow that the execution is in has a widget.
  boolean hasWidget(String name) {
    return course.has(name);
  }

  /// The execution goes on at another widget of its flow.
  ///
  /// @param outputs of the widget that it stands at
  void goTo(String widget, Values outputs) {
    course.live().position().awaiting().limit().ifPresent(this::cancel);
    course.write(course.live().position().widget(), outputs);
    course.goTo(widget);
  }

  /// What the execution waits for is waited for anew.
  void renew() {
    course.renew();
  }

  // ---- messages

  Messages messages() {
    return messages;
  }

  /// Whether a send that was given up was for the contact, as far as is known: a flow may write to
  /// others, whose addresses say nothing of the contact.
  boolean isToContact(EffectId send) {
    return execution().map(it -> it.position().awaiting()).stream()
        .noneMatch(
            it ->
                it instanceof Awaiting.SendAnswer(var awaited, var to)
                    && awaited.equals(send)
                    && !to.equals(theirs()));
  }

  void sent(SendAccepted accepted) {
    messages.add(accepted);
    bargains.left(accepted.effect());
    changed = true;
    reportOf(
        accepted.effect(),
        Outcomes.MESSAGE_SENT,
        Values.of("message_sid", accepted.sid().value())
            .with("widget", isAwaited(accepted.effect()) ? course.live().position().widget() : "")
            .with(rules.left(accepted.effect())));
  }

  /// A message was given up, or did not arrive.
  void failed(EffectId send, int code) {
    rules.failed(send, code);
  }

  private boolean isAwaited(EffectId send) {
    return execution().map(it -> it.position().awaiting()).stream()
        .anyMatch(it -> it instanceof Awaiting.SendAnswer(var awaited, _) && awaited.equals(send));
  }

  /// Moves a message to the status reported; false where it stands there or further already.
  boolean advance(Event.DeliveryReported report) {
    Optional<SentMessage> advanced = messages.advance(report);
    advanced.ifPresent(message -> reportStatus(message, report));
    changed |= advanced.isPresent();
    return advanced.isPresent();
  }

  private void reportStatus(SentMessage message, Event.DeliveryReported report) {
    Values values =
        Values.of("message_sid", message.sid().value()).with("status", report.status().word());
    if (report.status().failed()) {
      failed(message.effect(), report.errorCode());
      bargains.lost(message.effect());
      FailureClass failureClass = report.failureClass().orElse(FailureClass.UNKNOWN);
      reportOf(
          message.effect(),
          Outcomes.MESSAGE_FAILED,
          values
              .with("error_code", report.errorCode())
              .with("reason", report.refusal().isEmpty() ? "unknown_error" : report.refusal())
              .with("class", failureClass.word()));
    } else if (report.status() == MessageStatus.DELIVERED) {
      reportOf(message.effect(), Outcomes.MESSAGE_DELIVERED, values);
    } else if (report.status() == MessageStatus.READ) {
      reportOf(message.effect(), Outcomes.MESSAGE_READ, values);
    }
  }

  // ---- reports

  /// Reports what comes of the execution that is alive, else of the last one.
  void report(String name, Values properties) {
    reports.ofLatest(runs, person, name, properties);
  }

  /// Reports what is true of the person now.
  void reportAttributes() {
    reports.attributes(person, execution().map(Execution::root), windows);
  }

  /// Reports what came of a send.
  void reportOf(EffectId send, String name, Values properties) {
    reports.ofSend(send, runs, person, name, properties);
  }

  void reportReply(Event.ReplyReceived reply) {
    List<String> tags = reply.tags().stream().map(Tag::name).toList();
    String widget = execution().map(it -> it.position().widget()).orElse("");
    report(
        Outcomes.REPLY,
        Values.of("message_sid", reply.sid().value())
            .with("body", reply.body())
            .with("tags", tags)
            .with("tagger", reply.tagger())
            .with("widget", widget));
    Intent intent = new Intent(reply, moment.policy().review());
    report(
        Outcomes.REPLY_INTENT,
        intent.properties().with("friction", bargains.friction()).with("widget", widget));
    if (isHandedOver()) {
      custody.contactWrote();
    }
    intent.kept(execution().map(it -> it.root().name()).orElse("")).ifPresent(this::add);
  }

  void reportRefusal(Event.Triggered triggered, Reason reason) {
    reports.ofRefused(triggered, reason);
    if (reason == Reason.HOLDOUT) {
      reports.ofHoldout(triggered);
    }
  }

  void add(Effect effect) {
    effects.add(effect);
  }

  ConversationId id() {
    return before.id();
  }

  EffectId nextId() {
    return effects.nextId();
  }

  /// Who the turn is about, by an address that names a person where one is known.
  Address contact() {
    return contact;
  }

  /// Whether the execution stands and waits for the answer to a reservation.
  boolean isAwaiting(EffectId reservation) {
    return execution().map(it -> it.position().awaiting()).stream()
        .anyMatch(
            it ->
                it instanceof Awaiting.OfferAnswer(var awaited, _) && awaited.equals(reservation));
  }

  @Override
  public Bargains bargaining() {
    return bargains;
  }

  // ---- the scene

  @Override
  public Instant now() {
    return moment.now();
  }

  /// When the event reached us.
  Instant arrivedAt() {
    return moment.arrivedAt();
  }

  @Override
  public Address ours() {
    return before.thread().ours();
  }

  @Override
  public Address theirs() {
    return before.thread().theirs();
  }

  @Override
  public String text(String template) {
    if (Templates.isPlain(template)) {
      return template;
    }
    Map<String, Object> scope = course.live().scope(before.thread(), bargains.readable());
    scope.put("calendars", moment.policy().calendars().values(now()).entries());
    Rendered rendered = Templates.render(template, scope, now());
    warnings.addAll(rendered.warnings());
    return rendered.text();
  }

  /// Sends what no flow says, where a reply came from. What no law asks for keeps to the rules.
  void notice(
      String text,
      Effect.Send.Purpose purpose,
      Optional<Instant> leaveBy,
      Event.ReplyReceived reply) {
    Optional<Address> room = reply.room();
    String service =
        reply.parameters().text("ChatServiceSid").filter(it -> !it.isBlank()).orElse("");
    Address from = room.isEmpty() || service.isEmpty() ? ours() : new Address(service);
    Effect.Send said =
        new Effect.Send(
            effects.nextId(),
            from,
            room.orElse(theirs()),
            new Effect.Content.Text(text, List.of()),
            custody.epoch(),
            room.map(_ -> new Effect.Byline("", "")),
            purpose,
            leaveBy);
    changed = true;
    if (purpose != Effect.Send.Purpose.FLOW) {
      add(said);
      return;
    }
    SendRules.Ruling ruling = rules.rule(said, recipient(theirs()), Optional.empty());
    if (ruling instanceof SendRules.Ruling.Leaves(var send, _)) {
      add(send);
    }
    report(ruling, Values.EMPTY);
  }

  /// Says what no flow says but a person, or the queue that leads to one, where the rules let it.
  SendRules.Ruling say(
      Effect.Content content, Effect.Send.Purpose purpose, SendRules.Manner manner) {
    Optional<Execution.Room> room = execution().flatMap(Execution::room).or(this::roomOfThread);
    Address service =
        room.map(Execution.Room::service)
            .filter(it -> !it.isBlank())
            .map(Address::new)
            .orElse(ours());
    Effect.Send said =
        new Effect.Send(
            effects.nextId(),
            service,
            room.map(Execution.Room::sid).orElse(theirs()),
            content,
            custody.epoch(),
            room.map(_ -> new Effect.Byline("", "")),
            purpose,
            Optional.empty());
    Optional<Instant> goodUntil = bargains.goodUntil(content);
    SendRules.Ruling ruling = rules.rule(said, recipient(theirs()), goodUntil, manner);
    if (ruling instanceof SendRules.Ruling.Leaves(var send, _)) {
      add(goodUntil.map(send::leavingBy).orElse(send));
    }
    report(ruling, Values.EMPTY);
    return ruling;
  }

  private Optional<Execution.Room> roomOfThread() {
    return Optional.of(theirs())
        .filter(Address::isConversation)
        .map(sid -> new Execution.Room(sid, service(), false));
  }

  /// Whether something that the flow says may not be said; the execution then ends.
  private boolean isHeld(Address to) {
    boolean held = muted && isContact(to);
    silenced |= held;
    return held;
  }

  /// Whether an address is the contact's: in the thread, in its room, or by the same number on
  /// another channel.
  private boolean isContact(Address to) {
    return to.equals(theirs()) || to.isSameNumber(theirs()) || hears(to);
  }

  private SendRules.Recipient recipient(Address to) {
    if (!isContact(to)) {
      return new SendRules.Recipient(false, false, Optional.of(Clues.of(to)));
    }
    boolean chats = theirs().isConversation() && !contact.isPersons();
    Values known = execution().map(Execution::data).orElse(Values.EMPTY).with(person.attributes());
    return new SendRules.Recipient(
        true,
        !to.equals(theirs()) && !hears(to),
        chats ? Optional.empty() : Optional.of(Clues.of(known, contact)));
  }

  /// Adds what the flow says to the turn's effects, where the rules let it.
  ///
  /// @param to who hears it; the message itself may go to a room
  /// @param meant what it says, with its links as they lead
  private Sending leave(Effect.Send said, Address to, Effect.Content meant) {
    if (isHeld(to)) {
      return new Sending.Leaves(said.id(), to);
    }
    Optional<Instant> goodUntil = bargains.goodUntil(meant);
    SendRules.Ruling ruling = ruling(said, recipient(to), goodUntil);
    if (ruling instanceof SendRules.Ruling.Leaves(var send, _)) {
      add(goodUntil.map(send::leavingBy).orElse(send));
    }
    report(ruling, Values.of("widget", course.live().position().widget()));
    return switch (ruling) {
      case SendRules.Ruling.Leaves(var send, _) -> new Sending.Leaves(send.id(), to);
      case SendRules.Ruling.Refused(var failed, _) -> new Sending.Refused(failed);
    };
  }

  /// Reports what the rules made of a message, where it does not just leave.
  private void report(SendRules.Ruling ruling, Values widget) {
    switch (ruling) {
      case SendRules.Ruling.Leaves(var send, var deferral) ->
          deferral.ifPresent(it -> reportOf(send.id(), Outcomes.MESSAGE_DEFERRED, widget.with(it)));
      case SendRules.Ruling.Refused(var failed, var until) -> {
        Values why =
            widget
                .with("reason", failed.refusal())
                .with("error_code", failed.code())
                .with("message", failed.message());
        reportOf(
            failed.effect(),
            Outcomes.MESSAGE_REFUSED,
            until.map(it -> why.with("until", it.toString())).orElse(why));
      }
    }
  }

  /// What goes to the contact on another channel must be wanted there.
  private SendRules.Ruling ruling(
      Effect.Send said, SendRules.Recipient recipient, Optional<Instant> goodUntil) {
    Optional<Reason> closed =
        recipient.isElsewhere()
            ? PersonChecks.closedElsewhere(said.to(), programme(), moment)
            : Optional.empty();
    return closed
        .map(reason -> SendRules.refused(said, reason))
        .orElseGet(() -> rules.rule(said, recipient, goodUntil));
  }

  private Sending kept(Sending sending, ShortLinks.Shortened shortened) {
    if (sending instanceof Sending.Leaves(var id, _)) {
      shortened.urls().forEach((code, url) -> add(new Effect.KeepLink(code, url, id)));
    }
    return sending;
  }

  @Override
  public Sending send(Address from, Address to, Effect.Content content) {
    return leave(
        new Effect.Send(effects.nextId(), from, to, content, custody.epoch()), to, content);
  }

  /// What somebody else follows would be told as the contact's click, so their urls stay.
  @Override
  public Sending sendWithShortLinks(Address from, Address to, Effect.Content content) {
    if (!to.equals(theirs()) || isHeld(to)) {
      return send(from, to, content);
    }
    ShortLinks.Shortened shortened = moment.links().shorten(content, effects.nextId());
    Effect.Send said =
        new Effect.Send(effects.nextId(), from, to, shortened.content(), custody.epoch());
    return kept(leave(said, to, content), shortened);
  }

  @Override
  public boolean hears(Address address) {
    return course.live().room().stream()
        .anyMatch(
            room ->
                address.equals(theirs())
                    || address.equals(room.sid())
                    || course.live().trigger().object("conversation").text("Author").stream()
                        .anyMatch(address.value()::equals));
  }

  @Override
  public Sending say(Effect.Content content, Effect.Byline byline) {
    return leave(inRoom(content, byline), theirs(), content);
  }

  private Effect.Send inRoom(Effect.Content content, Effect.Byline byline) {
    Execution.Room room = course.live().room().orElseThrow();
    Address service = room.service().isBlank() ? ours() : new Address(room.service());
    return new Effect.Send(
        effects.nextId(), service, room.sid(), content, custody.epoch(), Optional.of(byline));
  }

  @Override
  public Sending sayWithShortLinks(Effect.Content content, Effect.Byline byline) {
    if (isHeld(theirs())) {
      return say(content, byline);
    }
    ShortLinks.Shortened shortened = moment.links().shorten(content, effects.nextId());
    return kept(leave(inRoom(shortened.content(), byline), theirs(), content), shortened);
  }

  @Override
  public boolean mayOpenRoom() {
    return course.live().room().isEmpty() && !course.live().trigger().object("request").isEmpty();
  }

  @Override
  public void enterRoom(Execution.Room room) {
    stay(room);
    add(new Effect.NameThread(room.sid()));
  }

  @Override
  public EffectId timer(Duration after, Purpose purpose) {
    return effects.timer(after, purpose);
  }

  @Override
  public void cancel(EffectId timer) {
    add(new Effect.CancelTimer(timer));
  }

  @Override
  public EffectId call(Effect.Request request) {
    EffectId id = effects.nextId();
    add(new Effect.Call(id, request));
    return id;
  }

  @Override
  public EffectId handOver(Values request) {
    return custody.open(request.with("reason", Handoff.BY_WIDGET));
  }

  @Override
  public void takeBack(EffectId handoff, String why) {
    custody.takeBack(handoff, why);
  }

  @Override
  public boolean answersMessage() {
    boolean webhook =
        event instanceof Event.RedirectReturned
            || (event instanceof Event.ReplyReceived reply && !reply.comesOfConversation());
    return webhook && now().isBefore(arrivedAt().plus(Moment.ANSWERED_WITHIN));
  }

  @Override
  public int lot(String widget, int below) {
    String ticket = theirs() + " " + course.live().flow().sid() + " " + widget;
    return new BigInteger(1, Digest.sha256(ticket)).mod(BigInteger.valueOf(below)).intValue();
  }

  @Override
  public void assign(String cohort) {
    Run run = runs.getLast();
    runs =
        Messages.latest(
            runs.subList(0, runs.size() - 1),
            new Run(run.turn(), run.flow(), run.startedAt(), Optional.of(cohort)),
            Conversation.MAX_RUNS);
  }

  @Override
  public void set(String name, Object value) {
    Execution it = course.live();
    course.set(it.withVariables(it.variables().with(name, value)));
  }

  @Override
  public void warn(Warning warning) {
    warnings.add(warning);
  }
}
