package io.parley.engine;

import io.parley.engine.Effect.NoteHandoff.Deed;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Who speaks for us in a conversation, as a turn changes it. The epoch rises with each change of
/// hands. Confined to one step.
final class Custody {

  private final TurnBuilder turn;
  private Owner owner;
  private int epoch;
  private Optional<Handoff> handoff;
  private int untagged;

  /// What an end of the handoff is reported with, where a person told of it.
  private Values ending = Values.EMPTY;

  Custody(Conversation before, TurnBuilder turn) {
    this.turn = turn;
    this.owner = before.owner();
    this.epoch = before.epoch();
    this.handoff = before.handoff();
    this.untagged = before.untagged();
  }

  Owner owner() {
    return owner;
  }

  int epoch() {
    return epoch;
  }

  Optional<Handoff> handoff() {
    return handoff;
  }

  int untagged() {
    return untagged;
  }

  /// How many replies in a row have meant nothing, this one included.
  int counted(boolean meansNothing) {
    untagged = meansNothing ? untagged + 1 : 0;
    return untagged;
  }

  /// Whether a person speaks for us, or shall.
  boolean isHandedOver() {
    return owner != Owner.BOT;
  }

  /// Whether a person speaks, and does not only wait to.
  boolean isHeld() {
    return owner == Owner.AGENT || owner == Owner.EXTERNAL;
  }

  boolean isHeldBy(String agent) {
    return owner == Owner.AGENT && handoff.flatMap(Handoff::holder).equals(Optional.of(agent));
  }

  /// Whether somebody has it by now who is not the one who tells of it.
  ///
  /// @param by who tells, and had it then; empty where it does not matter who has it
  boolean isLostTo(Optional<String> by) {
    return by.isPresent() && isHeld() && !handoff.flatMap(Handoff::holder).equals(by);
  }

  boolean isOpen(EffectId id) {
    return handoff.filter(it -> it.id().equals(id)).isPresent();
  }

  /// What was said for an older epoch speaks for nobody any more.
  int rise() {
    epoch++;
    return epoch;
  }

  /// The conversation waits for a person from now on.
  ///
  /// @param request what is said of it, its `reason` with it
  EffectId open(Values request) {
    turn.withdrawSends();
    owner = Owner.QUEUED;
    untagged = 0;
    EffectId id = turn.nextId();
    String reason = request.text("reason").orElse(Handoff.BY_WIDGET);
    handoff = Optional.of(Handoff.opened(id, reason, turn.now()));
    turn.add(new Effect.OpenHandoff(id, request, epoch));
    turn.report(
        Outcomes.HANDOFF_REQUESTED,
        Values.of("handoff", id.toString())
            .with("widget", turn.execution().map(it -> it.position().widget()).orElse(""))
            .with("request", request));
    return id;
  }

  /// An agent speaks from now on. What the queue had to say is not said any more.
  void taken(String agent) {
    Handoff open = handoff.orElseThrow();
    long waited = owner == Owner.QUEUED ? seconds(open.since()) : 0;
    turn.withdrawSends();
    pass(Owner.AGENT, Optional.of(agent), Deed.TAKEN);
    turn.report(
        Outcomes.HANDOFF_ACCEPTED,
        Values.of("handoff", open.id().toString())
            .with("agent", agent)
            .with("waited_seconds", waited));
  }

  void returned() {
    rise();
    pass(Owner.QUEUED, Optional.empty(), Deed.RETURNED);
  }

  /// @param holder `target:reference`
  void placed(String holder) {
    turn.withdrawSends();
    pass(Owner.EXTERNAL, Optional.of(holder), Deed.PLACED);
  }

  private void pass(Owner next, Optional<String> holder, Deed deed) {
    owner = next;
    handoff = handoff.map(it -> it.heldBy(holder, turn.now()));
    note(deed);
    turn.changed();
  }

  private void note(Deed deed) {
    Handoff open = handoff.orElseThrow();
    turn.add(new Effect.NoteHandoff(open.id(), owner, open.holder(), deed));
  }

  /// The contact wrote while a person speaks, or shall.
  void contactWrote() {
    note(Deed.CONTACT_WROTE);
  }

  void agentWrote() {
    handoff = handoff.map(it -> it.repliedAt(turn.now()));
    note(Deed.AGENT_WROTE);
    turn.changed();
  }

  void queueSpoke(String key) {
    handoff = handoff.map(it -> it.telling(key));
    turn.changed();
  }

  void keep(Event event) {
    handoff = handoff.map(it -> it.keeping(event));
  }

  /// A person tells that the handoff is over, which is reported with its end.
  void closing(Event.HandoffClosed closed, After then) {
    ending = Values.of("disposition", closed.disposition()).with("then", then.word());
  }

  /// The handoff is over: the bot speaks again.
  ///
  /// @param why what ended it, where it was not the person; empty text where it was
  void takeBack(EffectId id, String why) {
    Optional<Handoff> over = handoff.filter(it -> it.id().equals(id));
    owner = Owner.BOT;
    handoff = Optional.empty();
    rise();
    turn.changed();
    if (!why.isEmpty()) {
      turn.add(new Effect.CloseHandoff(id, why));
    }
    Values told = Values.of("handoff", id.toString()).with("why", why).with(ending);
    turn.report(Outcomes.HANDOFF_CLOSED, over.map(it -> told.with(figures(it))).orElse(told));
  }

  private Values figures(Handoff over) {
    Values figures = Values.of("seconds", seconds(over.openedAt()));
    Optional<String> agent = over.holder();
    if (agent.isPresent()) {
      figures = figures.with("agent", agent.get());
    }
    Optional<Instant> first = over.firstReplyAt();
    return first.isPresent()
        ? figures.with(
            "first_response_seconds", Duration.between(over.openedAt(), first.get()).toSeconds())
        : figures;
  }

  private long seconds(Instant since) {
    return Duration.between(since, turn.now()).toSeconds();
  }
}
