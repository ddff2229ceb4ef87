package io.parley.workbench.cases;

import io.parley.engine.Address;
import io.parley.engine.Awaiting;
import io.parley.engine.Conversation;
import io.parley.engine.Digest;
import io.parley.engine.Effect;
import io.parley.engine.Effect.ScheduleTimer;
import io.parley.engine.EffectId;
import io.parley.engine.Engine;
import io.parley.engine.Event;
import io.parley.engine.Execution;
import io.parley.engine.FlowRef;
import io.parley.engine.Handoff;
import io.parley.engine.Hop;
import io.parley.engine.MessageSid;
import io.parley.engine.MessageStatus;
import io.parley.engine.Moment;
import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.Outcomes;
import io.parley.engine.ShortLinks;
import io.parley.engine.Step;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.engine.offers.Withholding;
import io.parley.engine.policy.Policy;
import io.parley.workbench.MadeUpCodes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One conversation with a flow, on the engine that runs it in earnest, and the world around it:
/// Twilio takes what is sent unless told otherwise, requests are answered by rules or by hand, and
/// the clock stands until it is moved. The same deeds give the same play. Confined to one thread.
final class Play {

  private static final Pattern URL = Pattern.compile("https?://[^\\s<>\"]+");

  private final FlowSet flows;
  private final Setting setting;
  private final Surroundings surroundings;
  private final Rules rules;

  private Conversation conversation;
  private ContactFacts contact;
  private final Acquaintance acquaintance;

  /// The text of our last message to the contact.
  private String said = "";

  private Instant now;
  private Standing standing = Standing.BEGINNING;
  private int replies;
  private int orders;

  /// Why the next offer cannot be had, if it cannot.
  private Optional<Withholding> refusal = Optional.empty();

  private final List<Effect.ReserveOffer> wishes = new ArrayList<>();
  private final List<Effect.Send> leaving = new ArrayList<>();
  private final List<Utterance> taken = new ArrayList<>();
  private final List<Asked> pending = new ArrayList<>();
  private final Map<EffectId, ScheduleTimer> timers = new LinkedHashMap<>();
  private final List<Act> acts = new ArrayList<>();

  // of the act in the making
  private final List<Beat> beats = new ArrayList<>();
  private final List<Utterance> utterances = new ArrayList<>();
  private final List<Asked> asked = new ArrayList<>();

  Play(FlowSet flows, Setting setting, Surroundings surroundings) {
    this.flows = flows;
    this.setting = setting;
    this.surroundings = surroundings;
    this.rules = new Rules(setting.answers(), setting.failures());
    this.conversation = Conversation.fresh(setting.thread());
    this.contact = new ContactFacts(setting.block());
    this.acquaintance = new Acquaintance(setting);
    this.now = setting.beginning();
    this.standing = standing(Optional.empty());
  }

  // ---- what is known

  Instant now() {
    return now;
  }

  Setting setting() {
    return setting;
  }

  List<Act> acts() {
    return List.copyOf(acts);
  }

  Standing standing() {
    return standing;
  }

  /// Requests that nobody has answered, oldest first.
  List<Asked> pending() {
    return List.copyOf(pending);
  }

  // ---- what happens

  /// Does it, and all that follows from it by itself.
  Act perform(Deed deed) {
    Instant at = now;
    beats.clear();
    utterances.clear();
    asked.clear();
    Optional<String> obstacle = attempt(deed);
    settle();
    Act act = new Act(deed, at, beats, utterances, asked, standing, obstacle);
    acts.add(act);
    return act;
  }

  /// Why it cannot be done, if it cannot.
  private Optional<String> attempt(Deed deed) {
    return switch (deed) {
      case Deed.Requests(var parameters) -> {
        acquaintance.agree(parameters, now);
        yield tell(new Event.Triggered(flows.root(), setting.person(), parameters, now));
      }
      case Deed.Says says -> tell(reply(says));
      case Deed.TimesOut() -> timeOut();
      case Deed.Passes(var duration) -> pass(now.plus(duration));
      case Deed.PassesUntil(var instant) ->
          instant.isBefore(now)
              ? Optional.of("the clock stands at " + now + ", and never goes back")
              : pass(instant);
      case Deed.Answers(var answer) -> answer(answer);
      case Deed.Fails(var rule) -> {
        rules.add(rule);
        yield Optional.empty();
      }
      case Deed.Withholds(var reason) -> {
        refusal = Optional.of(reason);
        yield Optional.empty();
      }
      case Deed.Reports report -> report(report);
      case Deed.Buys(var order, var properties) -> buy(order, properties);
      case Deed.Happens(var name, var properties) ->
          Event.PurchaseSeen.isNamed(name)
              ? buy(properties.text("order_id").orElse(""), properties)
              : tell(new Event.EventSeen(name, properties, now));
      case Deed.Clicks(var url) -> click(url);
      case Deed.Takes(var agent) -> tell(new Event.AgentTook(Optional.empty(), agent, true));
      case Deed.SaysAsAgent(var text, var whenOpen) ->
          conversation
              .handoff()
              .flatMap(it -> it.holder().map(holder -> wrote(it.id(), holder, text, whenOpen)))
              .map(this::tell)
              .orElseGet(
                  () -> Optional.of("no agent holds the conversation: agent_takes is missing"));
      case Deed.Closes(var disposition, var outputs, var then) ->
          handoff()
              .map(it -> tell(new Event.HandoffClosed(it, disposition, outputs, then)))
              .orElseGet(() -> Optional.of("no agent holds the conversation: " + stands()));
      case Deed.LosesHandoff(var reason) ->
          handoff()
              .map(it -> tell(new Event.HandoffFailed(it, reason)))
              .orElseGet(() -> Optional.of("no agent is to take the conversation: " + stands()));
      case Deed.Returns(var parameters) -> tell(new Event.RedirectReturned(parameters));
      case Deed.Ends() ->
          conversation
              .execution()
              .map(it -> tell(new Event.ExecutionStopped(it.id())))
              .orElseGet(() -> Optional.of("no flow runs that could be ended"));
    };
  }

  private Optional<String> tell(Event event) {
    take(event, true);
    return Optional.empty();
  }

  private String stands() {
    return "the conversation stands " + standing.sentence();
  }

  private Event reply(Deed.Says says) {
    replies++;
    MessageSid sid = new MessageSid(Digest.sid("SM", "reply " + replies));
    ThreadId thread = setting.thread();
    Values parameters =
        Values.of("MessageSid", sid.value())
            .with("From", thread.theirs().value())
            .with("To", thread.ours().value())
            .with("Body", says.body())
            .with("NumMedia", String.valueOf(says.media().size()));
    for (int i = 0; i < says.media().size(); i++) {
      parameters =
          parameters
              .with("MediaUrl" + i, says.media().get(i))
              .with("MediaContentType" + i, "image/jpeg");
    }
    parameters = parameters.with(says.parameters());
    Optional<FlowRef> startable = setting.bound() ? Optional.of(flows.root()) : Optional.empty();
    Surroundings.Seen seen =
        surroundings.see(
            new Surroundings.Saying(parameters, contact, conversation, said, startable, flows));
    return new Event.ReplyReceived(sid, parameters, seen.tags(), seen.tagger(), startable);
  }

  private Optional<String> timeOut() {
    Optional<ScheduleTimer> limit =
        awaiting().flatMap(Awaiting::limit).map(timers::get).filter(it -> it != null);
    return limit.isPresent()
        ? pass(limit.get().dueAt())
        : Optional.of("nothing times out: " + stands());
  }

  /// Moves the clock; what is due on the way happens at its time.
  private Optional<String> pass(Instant target) {
    while (true) {
      settle();
      Optional<Instant> leaves =
          nextLeaving().map(this::leavesAt).filter(it -> !it.isAfter(target));
      Optional<ScheduleTimer> due =
          timers.values().stream()
              .filter(it -> !it.dueAt().isAfter(target))
              .min(Comparator.comparing(ScheduleTimer::dueAt));
      if (leaves.isPresent() && due.filter(it -> it.dueAt().isBefore(leaves.get())).isEmpty()) {
        now = leaves.get();
        continue;
      }
      if (due.isEmpty()) {
        now = target.isAfter(now) ? target : now;
        return Optional.empty();
      }
      now = due.get().dueAt().isAfter(now) ? due.get().dueAt() : now;
      timers.remove(due.get().id());
      take(new Event.TimerFired(due.get().id()), true);
    }
  }

  private Optional<String> answer(Answer answer) {
    if (pending.isEmpty()) {
      return Optional.of("no request waits for an answer: " + stands());
    }
    return tell(answer.to(pending.removeFirst().call()));
  }

  private Optional<String> report(Deed.Reports report) {
    int number = report.message().orElse(taken.size());
    if (number < 1 || number > taken.size()) {
      return Optional.of(
          taken.isEmpty()
              ? "no message was sent that could be reported on"
              : "there is no message %d: %d were sent".formatted(number, taken.size()));
    }
    Optional<MessageStatus> status = MessageStatus.parse(report.status());
    if (status.isEmpty()) {
      return Optional.of("Twilio knows no status " + report.status());
    }
    Effect.Send send = taken.get(number - 1).send();
    Values parameters =
        Values.of("MessageSid", sid(send).value())
            .with("MessageStatus", status.get().word())
            .with("From", send.from().value())
            .with("To", send.to().value());
    if (report.code() != 0) {
      parameters = parameters.with("ErrorCode", String.valueOf(report.code()));
    }
    Optional<Surroundings.Meaning> meaning =
        report.code() == 0 ? Optional.empty() : Optional.of(surroundings.meaning(report.code()));
    return tell(
        new Event.DeliveryReported(
            Optional.of(send.id()),
            sid(send),
            status.get(),
            report.code(),
            meaning.map(Surroundings.Meaning::refusal).orElse(""),
            meaning.flatMap(Surroundings.Meaning::block),
            parameters));
  }

  private Optional<String> buy(String order, Values properties) {
    orders++;
    String id = order.isEmpty() ? "order-" + orders : order;
    Event.PurchaseSeen bought = new Event.PurchaseSeen(id, properties, now);
    acquaintance.bought(bought);
    return tell(bought);
  }

  private Optional<String> click(Optional<String> wanted) {
    for (Utterance utterance : taken.reversed()) {
      Matcher url = URL.matcher(utterance.body());
      while (url.find()) {
        if (wanted.isEmpty() || wanted.get().equals(url.group())) {
          return tell(new Event.LinkClicked(utterance.id(), url.group(), Values.EMPTY, now));
        }
      }
    }
    return Optional.of(
        wanted.map(it -> "no message had the link " + it).orElse("no message had a link"));
  }

  private Optional<EffectId> handoff() {
    return conversation.handoff().map(Handoff::id);
  }

  private Event wrote(EffectId handoff, String agent, String text, boolean whenOpen) {
    Effect.Content words = new Effect.Content.Text(text, List.of());
    return new Event.AgentWrote(handoff, agent, "turn " + conversation.turn(), words, whenOpen);
  }

  private Optional<Awaiting> awaiting() {
    return conversation.execution().map(it -> it.position().awaiting());
  }

  // ---- the world around it

  /// Twilio and the systems that are called answer, until nothing is left to answer.
  private void settle() {
    while (true) {
      Optional<Effect.Send> due = nextLeaving().filter(it -> !leavesAt(it).isAfter(now));
      Optional<Answered> answered =
          due.isPresent() || !wishes.isEmpty() ? Optional.empty() : nextAnswer();
      if (due.isPresent()) {
        leaving.remove(due.get());
        send(due.get());
      } else if (!wishes.isEmpty()) {
        reserve(wishes.removeFirst());
      } else if (answered.isPresent()) {
        pending.remove(answered.get().asked());
        take(answered.get().answer().to(answered.get().asked().call()), false);
      } else {
        return;
      }
    }
  }

  /// What leaves next: a notice before all that a flow says, which keeps its order.
  private Optional<Effect.Send> nextLeaving() {
    return leaving.stream()
        .filter(it -> it.purpose() != Effect.Send.Purpose.FLOW)
        .findFirst()
        .or(() -> leaving.stream().findFirst());
  }

  private Instant leavesAt(Effect.Send send) {
    return send.notBefore().filter(now::isBefore).orElse(now);
  }

  private record Answered(Asked asked, Answer answer) {}

  private Optional<Answered> nextAnswer() {
    for (Asked each : pending) {
      Optional<Answer> answer = rules.answer(each).or(() -> twilios(each));
      if (answer.isPresent()) {
        return Optional.of(new Answered(each, answer.get()));
      }
    }
    return Optional.empty();
  }

  /// Twilio does with conversations what it is asked to.
  private static Optional<Answer> twilios(Asked asked) {
    return asked.request() instanceof Effect.Request.Conversation
        ? Optional.of(Answer.json(201, Map.of("sid", Digest.sid("CH", asked.call().toString()))))
        : Optional.empty();
  }

  private void send(Effect.Send send) {
    Utterance utterance = new Utterance(widgetOf(send), send, OptionalInt.empty(), now);
    OptionalInt code = rules.failure(utterance);
    if (code.isPresent()) {
      Surroundings.Meaning meaning = surroundings.meaning(code.getAsInt());
      utterances.add(new Utterance(utterance.widget(), send, code, now));
      take(
          new Event.SendFailed(
              send.id(), code.getAsInt(), meaning.refusal(), meaning.sentence(), meaning.block()),
          false);
    } else {
      utterances.add(utterance);
      taken.add(utterance);
      take(new Event.SendAccepted(send.id(), sid(send), outbound(send)), false);
    }
  }

  private void reserve(Effect.ReserveOffer wish) {
    Event answer =
        refusal
            .<Event>map(reason -> new Event.OfferUnavailable(wish.id(), reason))
            .orElseGet(() -> MadeUpCodes.answer(wish, policy().offers(), now));
    refusal = Optional.empty();
    take(answer, false);
  }

  /// The widget that waits for Twilio to take a message.
  private String widgetOf(Effect.Send send) {
    return conversation
        .execution()
        .map(Execution::position)
        .filter(
            it ->
                it.awaiting() instanceof Awaiting.SendAnswer(var awaited, _)
                    && awaited.equals(send.id()))
        .map(Execution.Position::widget)
        .orElse("");
  }

  private Policy policy() {
    return setting.policy().orElseGet(surroundings::policy);
  }

  private void take(Event event, boolean told) {
    Moment moment = moment();
    Conversation before = conversation;
    Step step = Engine.step(before, event, flows, moment);
    conversation = step.next();
    beats.add(new Beat(event, step, told));
    step.effects().forEach(this::carryOut);
    standing = standing(sight(before, event, moment, step));
  }

  private Moment moment() {
    return new Moment(
        now,
        now,
        contact,
        ShortLinks.NONE,
        Optional.empty(),
        policy(),
        Optional.empty(),
        acquaintance.facts(contact.block()));
  }

  private void carryOut(Effect effect) {
    Address theirs = setting.thread().theirs();
    switch (effect) {
      case Effect.Send send -> {
        leaving.add(send);
        if (send.to().equals(theirs)) {
          said = send.content() instanceof Effect.Content.Text text ? text.body() : "";
        }
      }
      case Effect.Call(var id, var request) -> {
        String widget = conversation.execution().map(it -> it.position().widget()).orElse("");
        Asked made = new Asked(id, widget, request);
        pending.add(made);
        asked.add(made);
      }
      case Effect.ReserveOffer wish -> wishes.add(wish);
      case Effect.WithdrawSends(var epoch) ->
          leaving.removeIf(
              send -> send.purpose() == Effect.Send.Purpose.FLOW && send.epoch() < epoch);
      case Effect.WithdrawAgentSends(var epoch) ->
          leaving.removeIf(
              send -> send.purpose() == Effect.Send.Purpose.AGENT && send.epoch() < epoch);
      case ScheduleTimer timer -> timers.put(timer.id(), timer);
      case Effect.CancelTimer(var timer) -> timers.remove(timer);
      case Effect.BlockContact block when block.contact().equals(theirs) ->
          contact = new ContactFacts(Optional.of(block.block()));
      case Effect.UnblockContact unblock when unblock.contact().equals(theirs) ->
          contact = contact.lifted(unblock.lifts());
      case Effect.RecordConsent(var consent) -> acquaintance.keep(consent);
      case Effect.KeepWindow _,
          Effect.Engage _,
          Effect.TellOptOut _,
          Effect.KeepTrigger _,
          Effect.BlockContact _,
          Effect.UnblockContact _,
          Effect.ReportOutcome _,
          Effect.ReportAttributes _,
          Effect.ReturnOffer _,
          Effect.KeepOffer _,
          Effect.RedeemOffer _,
          Effect.OpenHandoff _,
          Effect.NoteHandoff _,
          Effect.KeepReply _,
          Effect.CloseHandoff _,
          Effect.KeepLink _,
          Effect.NameThread _,
          Effect.CountTrigger _,
          Effect.RecordContact _ -> {}
    }
  }

  /// What is seen of an execution after a turn, or was seen last.
  private Optional<Execution> sight(Conversation before, Event event, Moment moment, Step step) {
    if (conversation.execution().isPresent()) {
      return conversation.execution();
    }
    List<Hop> path = step instanceof Step.Turn turn ? turn.path() : List.of();
    return path.isEmpty()
        ? before.execution()
        : LastSight.of(before, event, flows, moment, path.getLast()).or(before::execution);
  }

  private Standing standing(Optional<Execution> seen) {
    Optional<Execution> live = conversation.execution();
    Optional<Instant> until =
        awaiting().flatMap(Awaiting::limit).map(timers::get).map(ScheduleTimer::dueAt);
    return new Standing(
        live.map(
            it -> (it.callers().isEmpty() ? "" : it.flow().name() + "/") + it.position().widget()),
        live.map(it -> waiting(it.position().awaiting())).orElse(""),
        until,
        live.isPresent() ? Optional.empty() : result(),
        seen.map(Play::rootVariables).orElse(standing.variables()),
        seen.map(Play::rootWidgets).orElse(standing.widgets()),
        contact.block());
  }

  private Optional<String> result() {
    return beats.stream()
        .flatMap(beat -> beat.step().effects().stream())
        .filter(Effect.ReportOutcome.class::isInstance)
        .map(Effect.ReportOutcome.class::cast)
        .filter(it -> it.name().equals(Outcomes.CONVERSATION_ENDED))
        .map(it -> it.properties().text("result").orElse(""))
        .reduce((_, last) -> last)
        .or(standing::result);
  }

  private static Values rootVariables(Execution it) {
    return it.callers().isEmpty() ? it.variables() : it.callers().getFirst().variables();
  }

  private static Values rootWidgets(Execution it) {
    return it.callers().isEmpty() ? it.widgets() : it.callers().getFirst().widgets();
  }

  private static String waiting(Awaiting awaiting) {
    return switch (awaiting) {
      case Awaiting.Nothing _ -> "nothing";
      case Awaiting.SendAnswer _ -> "sending";
      case Awaiting.Reply _ -> "reply";
      case Awaiting.CallAnswer _ -> "answer";
      case Awaiting.OfferAnswer _ -> "offer";
      case Awaiting.Closing _ -> "agent";
      case Awaiting.Return _ -> "return";
      case Awaiting.Time _ -> "time";
      case Awaiting.Happening _ -> "event";
    };
  }

  private static MessageSid sid(Effect.Send send) {
    return new MessageSid(Digest.sid("SM", send.id().toString()));
  }

  private static Values outbound(Effect.Send send) {
    Values outbound =
        Values.of("Sid", sid(send).value())
            .with("Status", "queued")
            .with("From", send.from().value())
            .with("To", send.to().value());
    return send.content() instanceof Effect.Content.Text text
        ? outbound.with("Body", text.body())
        : outbound;
  }
}
