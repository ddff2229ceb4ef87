package io.parley.engine;

import io.parley.engine.Conversation.Run;
import io.parley.engine.Conversation.SentMessage;
import io.parley.engine.Effect.ScheduleTimer.Purpose;
import io.parley.engine.Event.SendAccepted;
import io.parley.engine.Execution.Position;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.Reached;
import io.parley.engine.flow.Scene;
import io.parley.engine.flow.Trigger;
import io.parley.engine.flow.Widget;
import io.parley.engine.liquid.Rendered;
import io.parley.engine.liquid.Templates;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A turn in the making: the conversation as it changes, and the effects in their order. Confined
/// to one step.
final class TurnBuilder implements Scene {

  /// Source: Studio FAQ, limits of an execution.
  private static final int MAX_STEPS = 1_000;

  private static final int MAX_STREAK = 10;

  /// Studio nests one level; a flow that runs itself must end all the same.
  private static final int MAX_DEPTH = 20;

  private static final Duration MAX_LIFETIME = Duration.ofDays(30);

  /// Where a widget that handed over keeps a purchase that was made meanwhile.
  private static final String PURCHASE = "purchase";

  private final Conversation before;
  private final Event event;
  private final FlowShelf flows;
  private final Moment moment;

  private final int number;
  private final Effects effects;
  private final Reports reports;
  private final Messages messages;
  private final List<Trace.Station> stations = new ArrayList<>();
  private final List<Warning> warnings = new ArrayList<>();
  private Optional<Execution> execution;
  private Optional<Execution> ended = Optional.empty();
  private Person person;
  private Owner owner;
  private int epoch;
  private List<Run> runs;
  private boolean changed;

  TurnBuilder(Conversation before, Event event, FlowShelf flows, Moment moment) {
    this.before = before;
    this.event = event;
    this.flows = flows;
    this.moment = moment;
    this.number = before.turn() + 1;
    this.effects = new Effects(before.id(), number, moment.now());
    this.reports = new Reports(before, moment.now(), effects, reported(before, event));
    this.execution = before.execution();
    this.person = before.person();
    this.owner = before.owner();
    this.epoch = before.epoch();
    this.messages = new Messages(before.messages());
    this.runs = before.runs();
  }

  /// The contact, or the address behind who wrote in a conversation, which alone names a person.
  private static Address reported(Conversation before, Event event) {
    Address theirs = before.thread().theirs();
    if (!theirs.isConversation()) {
      return theirs;
    }
    Optional<Address> author =
        event instanceof Event.ReplyReceived reply ? reply.author() : Optional.empty();
    return author
        .or(
            () ->
                before
                    .execution()
                    .flatMap(it -> it.trigger().object("conversation").text("Author"))
                    .filter(it -> !it.isBlank())
                    .map(Address::new)
                    .filter(Address::isPersons))
        .orElse(theirs);
  }

  // ---- what a step ends with

  Trace trace() {
    return new Trace(stations, execution.or(() -> ended));
  }

  Step taken() {
    List<Hop> path = stations.stream().map(Trace.Station::hop).toList();
    return new Step.Turn(next(), effects.netted(), path, warnings);
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
        owner,
        epoch,
        person,
        execution,
        messages.all(),
        runs);
  }

  // ---- executions

  Optional<Execution> execution() {
    return execution;
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
    Flow running = flow(ref);
    ExecutionId id = ExecutionId.of(before.id(), number);
    EffectId expiry = timer(MAX_LIFETIME, Purpose.EXECUTION_EXPIRY);
    Position position = new Position(running.initialState(), new Awaiting.Nothing());
    execution = Optional.of(Execution.beginning(id, ref, now(), trigger, data, position, expiry));
    Run run = new Run(number, ref, now(), Reports.cohort(data));
    runs = Messages.latest(runs, run, Conversation.MAX_RUNS);
    changed = true;
    roomOfEvent().ifPresent(this::stay);
    reports.attributes(person, Optional.of(ref));
    report(Outcomes.CONVERSATION_STARTED, Values.EMPTY);
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
    execution = Optional.of(live().in(room));
  }

  /// The latest executions that began in this thread.
  List<Run> runs() {
    return runs;
  }

  /// Leaves the trigger by an event and runs until the flow waits or ends.
  void run(String by) {
    depart(by).ifPresent(this::runFrom);
  }

  /// Leaves the trigger that the execution stands at.
  private Optional<String> depart(String by) {
    Widget trigger = widget(live().position().widget());
    Optional<String> next = trigger.next(by);
    hop(trigger.name(), by, next.orElse(""));
    return next.or(this::finish);
  }

  /// Hands the event to the widget that the execution stands at.
  Step resume(Event event) {
    return resumeOr(Reason.UNEXPECTED_EVENT, event);
  }

  Step resumeOr(Reason otherwise, Event event) {
    Position position = live().position();
    Reached reached = widget(position.widget()).resume(this, position.awaiting(), event);
    if (reached instanceof Reached.Unmoved(var reason)) {
      return refused(reason == Reason.UNEXPECTED_EVENT ? otherwise : reason);
    }
    if (position.awaiting() instanceof Awaiting.Closing
        && reached instanceof Reached.Left left
        && hasBought(position.widget())) {
      endBought(position.widget(), left);
      return taken();
    }
    follow(position.widget(), reached);
    return taken();
  }

  /// A purchase while a person speaks does not take the word from that person: it is kept in the
  /// outputs of the widget that handed over, and ends the execution when the handoff is over.
  void endAfterHandoff(Event.PurchaseSeen purchase) {
    write(
        live().position().widget(),
        Values.of(PURCHASE, Values.of("order_id", purchase.orderId()).with(purchase.properties())));
    changed = true;
  }

  private boolean hasBought(String widget) {
    return !live().widgets().object(widget).object(PURCHASE).isEmpty();
  }

  private void endBought(String widget, Reached.Left left) {
    write(widget, left.outputs());
    stand(new Position(widget, new Awaiting.Nothing()));
    hop(widget, left.event(), "");
    String order = live().widgets().object(widget).object(PURCHASE).text("order_id").orElse("");
    end(Result.PURCHASED, "the contact bought while a person spoke: order " + order);
  }

  /// For events that have an effect of their own: the widget hears of them, but need not be moved.
  Step resumeIfConcerned(Event event) {
    if (execution.isPresent()) {
      Position position = live().position();
      Reached reached = widget(position.widget()).resume(this, position.awaiting(), event);
      if (!(reached instanceof Reached.Unmoved)) {
        follow(position.widget(), reached);
      }
    }
    return taken();
  }

  /// For what ends an execution, unless it waits for it.
  boolean resumeWaiting(Event awaited) {
    Position position = live().position();
    if (!(position.awaiting() instanceof Awaiting.Happening)) {
      return false;
    }
    Reached reached = widget(position.widget()).resume(this, position.awaiting(), awaited);
    if (reached instanceof Reached.Unmoved) {
      return false;
    }
    follow(position.widget(), reached);
    return true;
  }

  private void runFrom(String name) {
    Optional<String> next = Optional.of(name);
    while (next.isPresent()) {
      String entered = next.get();
      if (!countStep(entered)) {
        return;
      }
      next = settle(entered, widget(entered).enter(this));
    }
  }

  private void follow(String name, Reached reached) {
    settle(name, reached).ifPresent(this::runFrom);
  }

  /// Applies what a widget reached, and answers the widget to enter next.
  private Optional<String> settle(String name, Reached reached) {
    changed = true;
    switch (reached) {
      case Reached.Left(var by, var next, var outputs) -> {
        write(name, outputs);
        stand(new Position(name, new Awaiting.Nothing()));
        hop(name, by, next.orElse(""));
        return next.or(this::finish);
      }
      case Reached.Calls(var subflow, var revision, var parameters) -> {
        stand(new Position(name, new Awaiting.Nothing()));
        return descend(name, subflow, revision, parameters);
      }
      case Reached.Holds(var awaiting, var outputs) -> {
        write(name, outputs);
        stand(new Position(name, awaiting));
      }
      case Reached.Ends(var result, var explanation) -> {
        hop(name, result.word(), "");
        end(result, explanation);
      }
      case Reached.Unmoved(var reason) ->
          throw new IllegalStateException("widget " + name + " refused to be entered: " + reason);
    }
    return Optional.empty();
  }

  private void hop(String widget, String by, String next) {
    Execution it = live();
    String subflow = it.callers().isEmpty() ? "" : it.flow().name();
    stations.add(new Trace.Station(new Hop(widget, by, next, subflow), it));
  }

  /// A flow has run to its end: the one that waits for it goes on, else the execution is over. What
  /// the subflow has set is the outputs of the widget that ran it.
  private Optional<String> finish() {
    Execution it = live();
    if (it.callers().isEmpty()) {
      end(Result.COMPLETED, "");
      return Optional.empty();
    }
    execution = Optional.of(it.back());
    return leaveSubflow("completed", it.variables());
  }

  private Optional<String> leaveSubflow(String by, Values outputs) {
    String name = live().position().widget();
    return settle(name, new Reached.Left(by, widget(name).next(by), outputs));
  }

  private Optional<String> descend(String name, FlowSid sid, String revision, Values parameters) {
    Execution it = live();
    Optional<FlowRef> ref = pinned(sid).or(() -> flows.find(sid, revision));
    Optional<Flow> subflow = ref.flatMap(flows::flow);
    if (subflow.isEmpty() || it.callers().size() >= MAX_DEPTH) {
      warn(
          new Warning(
              Warning.SUBFLOW,
              "Subflow Error: widget %s cannot run %s in revision %s: %s"
                  .formatted(
                      name,
                      sid,
                      revision,
                      subflow.isEmpty()
                          ? "there is no such flow"
                          : "flows are nested " + MAX_DEPTH + " deep")));
      return leaveSubflow("failed", Values.EMPTY);
    }
    Values parent =
        Values.of("parameters", parameters)
            .with("execution_sid", it.id().value())
            .with("flow_sid", it.flow().sid().value())
            .with("step_sid", it.id().step(it.steps()))
            .with("trigger_type", triggerType(it.trigger()));
    Position position = new Position(subflow.get().initialState(), new Awaiting.Nothing());
    execution = Optional.of(it.into(ref.get(), it.trigger().with("parent", parent), position));
    return depart(Trigger.INCOMING_PARENT);
  }

  /// An execution keeps to the revision of a flow that it has once run.
  private Optional<FlowRef> pinned(FlowSid sid) {
    Execution it = live();
    return Stream.concat(Stream.of(it.root()), it.subflows().stream())
        .filter(ref -> ref.sid().equals(sid))
        .findFirst();
  }

  private static String triggerType(Values trigger) {
    return Stream.of("message", "conversation", "request")
        .filter(kind -> !trigger.object(kind).isEmpty())
        .findFirst()
        .orElse("");
  }

  /// Counts the entry of a widget; false where a limit of Studio's ended the execution instead.
  private boolean countStep(String name) {
    Execution it = live();
    boolean again = it.steps() > 0 && it.position().widget().equals(name);
    int streak = again ? it.streak() + 1 : 1;
    if (it.steps() >= MAX_STEPS) {
      warn(new Warning(Warning.MAX_STEPS, "the execution made " + MAX_STEPS + " steps"));
      end(Result.STEP_LIMIT, "the execution made " + MAX_STEPS + " steps");
      return false;
    }
    if (streak > MAX_STREAK && !flow(it.flow()).allowsLoops()) {
      String message = "widget " + name + " ran " + MAX_STREAK + " times in a row";
      warn(new Warning(Warning.WIDGET_LOOP, message));
      end(Result.WIDGET_LOOP, message);
      return false;
    }
    Position position = new Position(name, it.position().awaiting());
    execution = Optional.of(it.at(position).counting(it.steps() + 1, streak));
    return true;
  }

  /// Ends the execution, if one is alive, and reports how.
  void end(Result result, String explanation) {
    if (execution.isEmpty()) {
      return;
    }
    Execution it = execution.get();
    cancel(it.expiry());
    it.position().awaiting().limit().ifPresent(this::cancel);
    if (it.position().awaiting() instanceof Awaiting.Closing(var handoff, _)
        && owner != Owner.BOT) {
      takeBack(handoff, "the execution ended: " + result.word());
    }
    it.room().filter(Execution.Room::closing).ifPresent(this::close);
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
    execution = Optional.empty();
    ended = Optional.of(it);
    changed = true;
    reports.attributes(person, Optional.empty());
  }

  private void close(Execution.Room room) {
    call(
        new Effect.Request.Conversation(
            Effect.Request.Conversation.Operation.CLOSE,
            Values.of("sid", room.sid().value()).with("service", room.service())));
  }

  /// What still waits to leave speaks for nobody any more.
  void withdrawSends() {
    epoch++;
    add(new Effect.WithdrawSends(epoch));
  }

  private void stand(Position position) {
    execution = Optional.of(live().at(position));
  }

  private void write(String widget, Values outputs) {
    if (!outputs.isEmpty()) {
      Execution it = live();
      Values merged = it.widgets().object(widget).with(outputs);
      execution = Optional.of(it.withWidgets(it.widgets().with(widget, merged)));
    }
  }

  private Execution live() {
    return execution.orElseThrow(() -> new IllegalStateException("no execution is alive"));
  }

  private Widget widget(String name) {
    FlowRef ref = live().flow();
    return flow(ref)
        .widget(name)
        .orElseThrow(
            () ->
                new IllegalStateException(ref.name() + " has no widget " + name + " to stand at"));
  }

  private Flow flow(FlowRef ref) {
    return flows
        .flow(ref)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no flow " + ref.name() + " in revision " + ref.revision() + " is at hand"));
  }

  /// Whether a person speaks for us, or shall.
  boolean isHandedOver() {
    return owner != Owner.BOT;
  }

  boolean isHandedOver(EffectId handoff) {
    return execution.map(it -> it.position().awaiting()).stream()
        .anyMatch(it -> it instanceof Awaiting.Closing(var open, _) && open.equals(handoff));
  }

  // ---- messages

  Messages messages() {
    return messages;
  }

  /// Whether a send that was given up was for the contact, as far as is known: a flow may write to
  /// others, whose addresses say nothing of the contact.
  boolean isToContact(EffectId send) {
    return execution.map(it -> it.position().awaiting()).stream()
        .noneMatch(
            it ->
                it instanceof Awaiting.SendAnswer(var awaited, var to)
                    && awaited.equals(send)
                    && !to.equals(theirs()));
  }

  void sent(SendAccepted accepted) {
    messages.add(accepted);
    changed = true;
    reportOf(
        accepted.effect(),
        Outcomes.MESSAGE_SENT,
        Values.of("message_sid", accepted.sid().value())
            .with("widget", isAwaited(accepted.effect()) ? live().position().widget() : ""));
  }

  private boolean isAwaited(EffectId send) {
    return execution.map(it -> it.position().awaiting()).stream()
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
      reportOf(
          message.effect(), Outcomes.MESSAGE_FAILED, values.with("error_code", report.errorCode()));
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

  /// Reports what came of a send.
  void reportOf(EffectId send, String name, Values properties) {
    reports.ofSend(send, runs, person, name, properties);
  }

  void reportReply(Event.ReplyReceived reply) {
    List<String> tags = reply.tags().stream().map(Tag::name).toList();
    report(
        Outcomes.REPLY,
        Values.of("message_sid", reply.sid().value())
            .with("body", reply.body())
            .with("tags", tags)
            .with("tagger", reply.tagger())
            .with("widget", execution.map(it -> it.position().widget()).orElse("")));
  }

  void reportRefusal(Event.Triggered triggered, Reason reason) {
    reports.ofRefused(triggered, reason);
  }

  void add(Effect effect) {
    effects.add(effect);
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
    Rendered rendered = Templates.render(template, live().scope(before.thread()), now());
    warnings.addAll(rendered.warnings());
    return rendered.text();
  }

  @Override
  public EffectId send(Address from, Address to, Effect.Content content) {
    EffectId id = effects.nextId();
    add(new Effect.Send(id, from, to, content, epoch));
    return id;
  }

  /// What somebody else follows would be told as the contact's click, so their urls stay.
  @Override
  public EffectId sendWithShortLinks(Address from, Address to, Effect.Content content) {
    if (!to.equals(theirs())) {
      return send(from, to, content);
    }
    ShortLinks.Shortened shortened = moment.links().shorten(content, effects.nextId());
    EffectId id = send(from, to, shortened.content());
    shortened.urls().forEach((code, url) -> add(new Effect.KeepLink(code, url, id)));
    return id;
  }

  @Override
  public boolean hears(Address address) {
    return live().room().stream()
        .anyMatch(
            room ->
                address.equals(theirs())
                    || address.equals(room.sid())
                    || live().trigger().object("conversation").text("Author").stream()
                        .anyMatch(address.value()::equals));
  }

  @Override
  public EffectId say(Effect.Content content, Effect.Byline byline) {
    EffectId id = effects.nextId();
    Execution.Room room = live().room().orElseThrow();
    Address service = room.service().isBlank() ? ours() : new Address(room.service());
    add(new Effect.Send(id, service, room.sid(), content, epoch, Optional.of(byline)));
    return id;
  }

  @Override
  public EffectId sayWithShortLinks(Effect.Content content, Effect.Byline byline) {
    ShortLinks.Shortened shortened = moment.links().shorten(content, effects.nextId());
    EffectId id = say(shortened.content(), byline);
    shortened.urls().forEach((code, url) -> add(new Effect.KeepLink(code, url, id)));
    return id;
  }

  @Override
  public boolean mayOpenRoom() {
    return live().room().isEmpty() && !live().trigger().object("request").isEmpty();
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
    withdrawSends();
    owner = Owner.QUEUED;
    EffectId id = effects.nextId();
    add(new Effect.OpenHandoff(id, request, epoch));
    report(
        Outcomes.HANDOFF_REQUESTED,
        Values.of("handoff", id.toString())
            .with("widget", live().position().widget())
            .with("request", request));
    return id;
  }

  @Override
  public void takeBack(EffectId handoff, String why) {
    owner = Owner.BOT;
    epoch++;
    if (!why.isEmpty()) {
      add(new Effect.CloseHandoff(handoff, why));
    }
    report(Outcomes.HANDOFF_CLOSED, Values.of("handoff", handoff.toString()).with("why", why));
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
    String ticket = theirs() + " " + live().flow().sid() + " " + widget;
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
    Execution it = live();
    execution = Optional.of(it.withVariables(it.variables().with(name, value)));
  }

  @Override
  public void warn(Warning warning) {
    warnings.add(warning);
  }
}
